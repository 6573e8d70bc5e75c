//! One refusal type for every use case.
//!
//! Capabilities refuse in the same few ways, so the wire maps this enum once. Codes are stable:
//! texts, tests and other people's scripts hold on to them. No refusal carries personal data.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use locales::{Arg, Lang, Words};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use crate::document::phrase;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, CabinetError>;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CabinetError {
    /// Something typed is wrong; each error names its form field (422).
    #[error("fields: {}", join(.0))]
    Fields(Vec<FieldError>),
    /// No such thing, or it belongs to somebody else: the two are deliberately the same (404).
    #[error("not found")]
    NotFound,
    /// Nobody is signed in (401).
    #[error("unauthenticated")]
    Unauthenticated,
    /// Signed in, but not allowed; the code says what (403).
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// The state of things does not allow it now (409).
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// Too often (429).
    #[error("too many: {code}, retry after {retry_after_seconds} s")]
    TooMany {
        /// Which limit was met.
        code: &'static str,
        /// Whole seconds until the limit opens again, at least 1.
        retry_after_seconds: u64,
    },
    /// Somebody we depend on does not answer (503).
    #[error("unavailable: {0}")]
    Unavailable(&'static str),
    /// A fault of ours; the text goes to logs only (500).
    #[error("internal: {0}")]
    Internal(String),
}

impl CabinetError {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fields(_) => "fields",
            Self::NotFound => "not_found",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden(code)
            | Self::Conflict(code)
            | Self::Unavailable(code)
            | Self::TooMany { code, .. } => code,
            Self::Internal(_) => "internal",
        }
    }

    /// One wrong field.
    pub fn field(field: &str, code: &'static str) -> Self {
        Self::Fields(vec![FieldError::new(field, code)])
    }

    /// A fault of ours, described for the log.
    pub fn internal(text: impl std::fmt::Display) -> Self {
        Self::Internal(text.to_string())
    }
}

impl From<DbErr> for CabinetError {
    fn from(error: DbErr) -> Self {
        Self::Internal(format!("database: {error}"))
    }
}

fn join(errors: &[FieldError]) -> String {
    let list: Vec<String> = errors
        .iter()
        .map(|e| format!("{}={}", e.field, e.code))
        .collect();
    list.join(", ")
}

/// What is wrong with one field of a form. The text is the locale message `field-{code}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The form field's name.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// Arguments of the text.
    pub args: Vec<(&'static str, String)>,
}

impl FieldError {
    /// An error without arguments.
    pub fn new(field: &str, code: &'static str) -> Self {
        Self {
            field: field.to_owned(),
            code,
            args: Vec::new(),
        }
    }

    /// The same error with one more argument for its text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// What to show beside the field. Arguments that are whole numbers choose plural forms, dates are written as
    /// people say them.
    pub fn text(&self, lang: Lang) -> String {
        let words = Words::new(lang);
        let args: Vec<(&str, Arg<'_>)> = self
            .args
            .iter()
            .map(|(name, value)| {
                let day = value.parse::<NaiveDate>();
                let said = match (value.parse::<i64>(), day) {
                    (Ok(count), _) => Arg::from(count),
                    (_, Ok(day)) => Arg::from(phrase::full_day(words, day)),
                    _ => Arg::from(value),
                };
                (*name, said)
            })
            .collect();
        words.args(&format!("field-{}", self.code), &args)
    }
}

/// A field error as stored in a draft.
#[derive(Deserialize)]
pub(crate) struct StoredFieldError {
    field: String,
    code: String,
    args: Vec<(String, String)>,
}

impl From<StoredFieldError> for FieldError {
    fn from(stored: StoredFieldError) -> Self {
        Self {
            field: stored.field,
            code: intern(&stored.code),
            args: stored
                .args
                .into_iter()
                .map(|(name, value)| (intern(&name), value))
                .collect(),
        }
    }
}

/// A code read back from our own encrypted rows, as the static text it was written from. Only codes
/// of this program are ever stored there, so the set stops growing after a handful.
fn intern(text: &str) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(text) {
        return found;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.insert(kept);
    kept
}
