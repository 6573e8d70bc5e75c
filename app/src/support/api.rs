//! Server functions of what borrowers write to the lender.

// The arguments of a server function are the fields of its form.
#![allow(clippy::too_many_arguments)]

use leptos::prelude::*;

use crate::error::ApiError;

/// Writes an appeal; each kind reads its own fields.
#[server(prefix = "/api/v1", endpoint = "request/appeal")]
pub async fn ask_appeal(
    kind: Option<String>,
    cause: Option<String>,
    loan: Option<String>,
    text: Option<String>,
    amount: Option<String>,
    paid_on: Option<String>,
    months: Option<String>,
    ground: Option<String>,
    two_months: Option<String>,
    twelve_months: Option<String>,
    passport: Option<String>,
    passport_code: Option<String>,
    passport_issuer: Option<String>,
    passport_date: Option<String>,
) -> Result<(), ApiError> {
    let typed = [
        ("kind", kind),
        ("cause", cause),
        ("loan", loan),
        ("text", text),
        ("amount", amount),
        ("paid_on", paid_on),
        ("months", months),
        ("ground", ground),
        ("two_months", two_months),
        ("twelve_months", twelve_months),
        ("passport", passport),
        ("passport_code", passport_code),
        ("passport_issuer", passport_issuer),
        ("passport_date", passport_date),
    ];
    ssr::ask(typed.map(|(name, text)| (name, text.unwrap_or_default()))).await
}

/// Calls one's own appeal off.
#[server(prefix = "/api/v1", endpoint = "request/appeal-cancel")]
pub async fn cancel_appeal(appeal: String) -> Result<(), ApiError> {
    ssr::cancel(&appeal).await
}

/// The question of somebody without a cabinet.
#[server(prefix = "/api/v1", endpoint = "support/question")]
pub async fn ask_question(
    name: Option<String>,
    contact: Option<String>,
    text: Option<String>,
) -> Result<(), ApiError> {
    let typed = [("name", name), ("contact", contact), ("text", text)];
    ssr::question(typed.map(|(name, text)| (name, text.unwrap_or_default()))).await
}

/// Writes a line of the chat; the key makes the same form sent twice one line.
#[server(prefix = "/api/v1", endpoint = "support/chat-say")]
pub async fn say_in_chat(key: String, text: Option<String>) -> Result<(), ApiError> {
    ssr::chat(&key, text.unwrap_or_default()).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::CabinetError;
    use cabinet::ids::AppealId;
    use cabinet::support::{self, Asked, Kind, Outsider};

    use crate::error::ApiError;
    use crate::request::{Ask, go, id};
    use crate::ui::toast::say;

    fn of(typed: &[(&'static str, String)], name: &str) -> String {
        let found = typed.iter().find(|(field, _)| *field == name);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    }

    pub async fn ask(typed: [(&'static str, String); 14]) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let kind = Kind::from_code(&of(&typed, "kind"));
        let kind = kind.ok_or_else(|| ask.error(CabinetError::NotFound))?;
        let field = |name: &str| of(&typed, name);
        let passport = typed
            .iter()
            .filter(|(name, _)| name.starts_with("passport"));
        let asked = Asked {
            cause: field("cause"),
            loan: field("loan"),
            text: field("text"),
            amount: field("amount"),
            paid_on: field("paid_on"),
            months: field("months"),
            ground: field("ground"),
            two_months: field("two_months"),
            twelve_months: field("twelve_months"),
            passport: passport
                .map(|(name, text)| ((*name).to_owned(), text.clone()))
                .collect(),
        };
        let lang = ask.words.lang;
        let written = support::ask(&ask.cabinet, borrower, kind, &asked, lang).await;
        let kept: Vec<(&str, &str)> = typed.iter().map(|(n, text)| (*n, text.as_str())).collect();
        let form = format!("appeal:{}", kind.code());
        let appeal = ask.settle(&form, &kept, written).await?;
        say("appeal-sent");
        go(&format!("/appeals/{appeal}"));
        Ok(())
    }

    pub async fn chat(key: &str, text: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let key = key.parse().map_err(|_| ask.error(CabinetError::NotFound))?;
        let said = support::chat::say(&ask.cabinet, borrower, key, &text).await;
        ask.settle("chat", &[("text", &text)], said).await?;
        go("/chat");
        Ok(())
    }

    pub async fn cancel(appeal: &str) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let appeal: AppealId = id(appeal).map_err(|error| ask.error(error))?;
        let cancelled = support::cancel(&ask.cabinet, borrower, appeal).await;
        ask.settle(&format!("appeal:{appeal}"), &[], cancelled)
            .await?;
        say("appeal-cancelled");
        go(&format!("/appeals/{appeal}"));
        Ok(())
    }

    pub async fn question(typed: [(&'static str, String); 3]) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let asked = Outsider {
            name: of(&typed, "name"),
            contact: of(&typed, "contact"),
            text: of(&typed, "text"),
        };
        let (origin, lang) = (ask.origin.clone(), ask.words.lang);
        let written = support::ask_outside(&ask.cabinet, &asked, &origin, lang).await;
        let kept: Vec<(&str, &str)> = typed.iter().map(|(n, text)| (*n, text.as_str())).collect();
        let appeal = ask.settle("feedback", &kept, written).await?;
        ask.remember(|who| who.appeal = Some(appeal)).await?;
        go("/feedback/sent");
        Ok(())
    }
}
