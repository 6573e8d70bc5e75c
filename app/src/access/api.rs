//! Server functions of signing in and out.

use leptos::prelude::*;

use crate::error::ApiError;

/// Sends a one-time code to the phone. The answer is the same for a known and an unknown number.
#[server(prefix = "/api/v1", endpoint = "access/request-code")]
pub async fn request_code(phone: String, next: Option<String>) -> Result<(), ApiError> {
    ssr::request_code(phone, next).await
}

/// Sends a new code in place of the last one.
#[server(prefix = "/api/v1", endpoint = "access/resend-code")]
pub async fn resend_code() -> Result<(), ApiError> {
    ssr::resend_code().await
}

/// Checks the code and signs in; a phone seen for the first time becomes a borrower.
#[server(prefix = "/api/v1", endpoint = "access/verify-code")]
pub async fn verify_code(code: String) -> Result<(), ApiError> {
    ssr::verify_code(code).await
}

/// Ends the session.
#[server(prefix = "/api/v1", endpoint = "access/sign-out")]
pub async fn sign_out() -> Result<(), ApiError> {
    ssr::sign_out().await
}

#[cfg(feature = "ssr")]
mod ssr {
    use axum::http::{HeaderName, HeaderValue};
    use cabinet::CabinetError;
    use cabinet::access;
    use leptos::prelude::*;

    use crate::error::ApiError;
    use crate::request::{Ask, go};
    use crate::ui::toast::say;

    pub async fn request_code(phone: String, next: Option<String>) -> Result<(), ApiError> {
        let mut ask = Ask::new().await?;
        let sent = access::request_code(&ask.cabinet, &phone, &ask.origin, ask.words.lang).await;
        let sent = ask.settle("phone", &[("phone", &phone)], sent).await?;
        ask.remember(|who| {
            who.code = Some(sent.code);
            who.next = next.or(who.next.take());
        })
        .await?;
        // What was wrong with an earlier code says nothing about this one.
        ask.settle("code", &[], Ok(())).await?;
        go("/login/code");
        Ok(())
    }

    pub async fn resend_code() -> Result<(), ApiError> {
        let mut ask = Ask::new().await?;
        let code = ask.who().and_then(|who| who.code);
        let sent = match code {
            Some(code) => access::resend(&ask.cabinet, code, &ask.origin, ask.words.lang).await,
            None => Err(CabinetError::NotFound),
        };
        let sent = ask.settle("code", &[], sent).await?;
        ask.remember(|who| who.code = Some(sent.code)).await?;
        go("/login/code");
        Ok(())
    }

    pub async fn verify_code(code: String) -> Result<(), ApiError> {
        let mut ask = Ask::new().await?;
        let sent = ask.who().and_then(|who| who.code);
        let verified = match sent {
            Some(sent) => access::verify(&ask.cabinet, sent, &code, &ask.origin).await,
            None => Err(CabinetError::NotFound),
        };
        // What was typed is not kept: a code is a secret.
        let borrower = ask.settle("code", &[], verified).await?;
        let next = ask.who().and_then(|who| who.next.clone());
        ask.sign_in(borrower).await?;
        ask.remember(|who| who.next = None).await?;
        go(next.as_deref().unwrap_or("/cabinet"));
        Ok(())
    }

    pub async fn sign_out() -> Result<(), ApiError> {
        let mut ask = Ask::new().await?;
        ask.sign_out().await?;
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.insert_header(
                HeaderName::from_static("clear-site-data"),
                HeaderValue::from_static("\"cache\", \"storage\""),
            );
        }
        say("signed-out");
        go("/");
        Ok(())
    }
}
