//! Forms: what was typed is kept when it is refused, and a refusal is said in the person's language.

use std::collections::BTreeMap;

use cabinet::CabinetError;
use locales::{Arg, Words};

use super::Ask;
use crate::error::{ApiError, Code, FieldText};
use crate::ui::field::FormState;

impl Ask {
    /// What was typed into a form last time, with the errors it was refused for.
    pub async fn form(&self, name: &str) -> FormState {
        let Some(owner) = self.owner() else {
            return FormState::default();
        };
        let draft = match cabinet::draft::peek(&self.cabinet, &owner, name).await {
            Ok(Some(draft)) => draft,
            Ok(None) => return FormState::default(),
            Err(error) => {
                tracing::error!(%error, "a draft can't be read");
                return FormState::default();
            }
        };
        let (general, errors): (Vec<_>, Vec<_>) = self
            .field_texts(&draft.errors)
            .into_iter()
            .partition(|item| item.field.is_empty());
        // A refusal of the whole form is news for minutes: what stood in its way may be gone by then.
        let fresh = (self.cabinet.now() - draft.saved_at).num_minutes() < 10;
        FormState {
            values: draft.values,
            errors: errors
                .into_iter()
                .map(|item| (item.field, item.text))
                .collect(),
            general: general
                .into_iter()
                .next()
                .filter(|_| fresh)
                .map(|item| item.text),
            origins: BTreeMap::new(),
        }
    }

    /// Ends a form: forgets its draft when the use case went well, else keeps what was typed and the errors.
    pub async fn settle<T>(
        &mut self,
        form: &str,
        values: &[(&str, &str)],
        result: cabinet::Result<T>,
    ) -> Result<T, ApiError> {
        match result {
            Ok(value) => {
                if let Some(owner) = self.owner()
                    && let Err(error) = cabinet::draft::clear(&self.cabinet, &owner, form).await
                {
                    tracing::warn!(%error, "a draft can't be cleared");
                }
                Ok(value)
            }
            Err(refusal) => {
                self.keep(form, values, &refusal).await;
                Err(self.error(refusal))
            }
        }
    }

    async fn keep(&mut self, form: &str, values: &[(&str, &str)], refusal: &CabinetError) {
        if self.who.is_none() && self.remember(|_| {}).await.is_err() {
            return;
        }
        let Some(owner) = self.owner() else { return };
        let kept: BTreeMap<String, String> = values
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ((*name).to_owned(), (*value).chars().take(3_000).collect()))
            .collect();
        let errors = match refusal {
            CabinetError::Fields(fields) => fields.clone(),
            other => vec![cabinet::FieldError::new("", other.code())],
        };
        if let Err(error) = cabinet::draft::put(&self.cabinet, &owner, form, &kept, &errors).await {
            tracing::warn!(%error, "a draft can't be kept");
        }
    }

    /// Field errors in the person's language.
    pub fn field_texts(&self, fields: &[cabinet::FieldError]) -> Vec<FieldText> {
        field_texts(self.words, fields)
    }

    /// A use case's refusal as the wire error, in the person's language; internals go to the log only.
    pub fn error(&self, refusal: CabinetError) -> ApiError {
        error_of(self.words, refusal)
    }
}

/// Field errors in a language.
pub fn field_texts(words: Words, fields: &[cabinet::FieldError]) -> Vec<FieldText> {
    fields
        .iter()
        .map(|error| {
            let args: Vec<(&str, Arg<'_>)> = error
                .args
                .iter()
                .map(|(name, value)| (&**name, number_or_text(value)))
                .collect();
            let text = if error.field.is_empty() {
                error_text(words, error.code)
            } else {
                words.args(&format!("field-{}", error.code), &args)
            };
            FieldText {
                field: error.field.clone(),
                text,
            }
        })
        .collect()
}

/// A use case's refusal as the wire error, in a language; internals go to the log only.
pub fn error_of(words: Words, refusal: CabinetError) -> ApiError {
    let reason = refusal.code().to_owned();
    let mut error = match refusal {
        CabinetError::Fields(fields) => {
            let mut error = ApiError::new(Code::Fields, "fields");
            error.fields = field_texts(words, &fields);
            error
        }
        CabinetError::NotFound => ApiError::new(Code::NotFound, "not_found"),
        CabinetError::Unauthenticated => ApiError::new(Code::Unauthenticated, "unauthenticated"),
        CabinetError::Forbidden(_) => ApiError::new(Code::Forbidden, &reason),
        CabinetError::Conflict(_) => ApiError::new(Code::Conflict, &reason),
        CabinetError::TooMany {
            retry_after_seconds,
            ..
        } => {
            let mut error = ApiError::new(Code::TooMany, &reason);
            error.retry_after = Some(retry_after_seconds);
            error
        }
        CabinetError::Unavailable(_) => ApiError::new(Code::Unavailable, &reason),
        CabinetError::Internal(text) => {
            tracing::error!(%text, "internal error");
            ApiError::new(Code::Internal, "internal")
        }
    };
    error.text = error_text(words, &error.reason);
    error
}

fn error_text(words: Words, reason: &str) -> String {
    let key = format!("error-{}", reason.replace('_', "-"));
    if words.has(&key) {
        words.t(&key)
    } else {
        words.t("error-internal")
    }
}

fn number_or_text(value: &str) -> Arg<'_> {
    value
        .parse::<i64>()
        .map_or_else(|_| Arg::from(value), Arg::from)
}
