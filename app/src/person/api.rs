//! Server functions of another phone, consents and the end of a cabinet.

// The arguments of a server function are the fields of its form.
#![allow(clippy::too_many_arguments)]

use leptos::prelude::*;

use crate::error::ApiError;

/// Asks for another number from outside; a code goes to the new one. The answer is the same whoever the old one is.
#[server(prefix = "/api/v1", endpoint = "request/phone")]
pub async fn ask_phone(
    old_phone: Option<String>,
    phone: Option<String>,
    passport: Option<String>,
    birth_date: Option<String>,
    challenge: Option<String>,
    proof: Option<String>,
    answer: Option<String>,
) -> Result<(), ApiError> {
    let typed = [old_phone, phone, passport, birth_date].map(Option::unwrap_or_default);
    ssr::ask_phone(typed, ssr::solved(challenge, proof, answer)).await
}

/// Asks for another number from inside; a code goes to the new one.
#[server(prefix = "/api/v1", endpoint = "request/own-phone")]
pub async fn ask_own_phone(
    phone: Option<String>,
    challenge: Option<String>,
    proof: Option<String>,
    answer: Option<String>,
) -> Result<(), ApiError> {
    let solved = ssr::solved(challenge, proof, answer);
    ssr::ask_own_phone(phone.unwrap_or_default(), solved).await
}

/// Calls one's own request off.
#[server(prefix = "/api/v1", endpoint = "request/cancel")]
pub async fn cancel_request() -> Result<(), ApiError> {
    ssr::cancel().await
}

/// Asks for the end of the cabinet, after reading what it costs.
#[server(prefix = "/api/v1", endpoint = "request/closing")]
pub async fn ask_closing(understood: Option<String>) -> Result<(), ApiError> {
    ssr::ask_closing(understood.is_some()).await
}

/// Takes a consent back.
#[server(prefix = "/api/v1", endpoint = "profile/revoke")]
pub async fn revoke(consent: Option<String>) -> Result<(), ApiError> {
    ssr::revoke(&consent.unwrap_or_default()).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::CabinetError;
    use cabinet::access::{CodeSent, Solved};
    use cabinet::document::LegalKind;
    use cabinet::{profile, request};

    use crate::error::ApiError;
    pub use crate::request::solved;
    use crate::request::{Ask, go};
    use crate::ui::toast::say;

    pub async fn ask_phone(typed: [String; 4], solved: Solved) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let [old_phone, new_phone, passport, birth_date] = &typed;
        let asked = request::Asked {
            old_phone,
            new_phone,
            passport,
            birth_date,
        };
        let (origin, lang) = (&ask.origin, ask.words.lang);
        let sent = request::ask(&ask.cabinet, asked, origin, lang, &solved).await;
        let kept = [
            ("old_phone", old_phone.as_str()),
            ("phone", new_phone),
            ("passport", passport),
            ("birth_date", birth_date),
        ];
        let sent = ask.settle_challenged("phone-change", &kept, sent).await?;
        await_code(&mut ask, &sent).await
    }

    async fn await_code(ask: &mut Ask, sent: &CodeSent) -> Result<(), ApiError> {
        ask.remember(|who| who.code = Some(sent.code)).await?;
        ask.settle("code", &[], Ok(())).await?;
        go("/login/code");
        Ok(())
    }

    pub async fn ask_own_phone(phone: String, solved: Solved) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let (origin, lang) = (&ask.origin, ask.words.lang);
        let sent = request::ask_own(&ask.cabinet, borrower, &phone, origin, lang, &solved).await;
        let kept = [("phone", phone.as_str())];
        let sent = ask.settle_challenged("own-phone", &kept, sent).await?;
        await_code(&mut ask, &sent).await
    }

    pub async fn cancel() -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let cancelled = match request::latest(&ask.cabinet, borrower).await {
            Ok(Some(view)) => request::cancel(&ask.cabinet, borrower, view.id).await,
            Ok(None) => Err(CabinetError::NotFound),
            Err(error) => Err(error),
        };
        ask.settle("request", &[], cancelled).await?;
        say("request-cancelled");
        go("/profile");
        Ok(())
    }

    pub async fn ask_closing(understood: bool) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let lang = ask.words.lang;
        let asked = request::ask_closing(&ask.cabinet, borrower, understood, lang).await;
        ask.settle("closing", &[], asked).await?;
        go("/closing");
        Ok(())
    }

    pub async fn revoke(consent: &str) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let (origin, lang) = (ask.origin.clone(), ask.words.lang);
        let revoked = match LegalKind::from_code(consent) {
            Some(kind) => profile::revoke(&ask.cabinet, borrower, kind, origin, lang).await,
            None => Err(CabinetError::NotFound),
        };
        ask.settle("consents", &[], revoked).await?;
        say("saved");
        go("/consents");
        Ok(())
    }
}
