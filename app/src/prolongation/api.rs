//! Server functions of prolonging.

use leptos::prelude::*;

use crate::error::ApiError;

/// Freezes the agreement and sends a code for exactly that text.
#[server(prefix = "/api/v1", endpoint = "prolongation/prepare")]
pub async fn prepare_prolongation(loan: String, days: String) -> Result<(), ApiError> {
    ssr::prepare_prolongation(loan, days).await
}

/// Signs the agreement and goes on to pay its price.
#[server(prefix = "/api/v1", endpoint = "prolongation/sign")]
pub async fn sign_prolongation(prolongation: String, code: String) -> Result<(), ApiError> {
    ssr::sign_prolongation(prolongation, code).await
}

/// Sends another code for the same text.
#[server(prefix = "/api/v1", endpoint = "prolongation/resend-code")]
pub async fn resend_prolongation_code(prolongation: String) -> Result<(), ApiError> {
    ssr::resend_prolongation_code(prolongation).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::ids::{LoanId, ProlongationId};
    use cabinet::prolongation;

    use crate::error::{ApiError, Code};
    use crate::request::{Ask, go, go_pay, id};

    pub async fn prepare_prolongation(loan: String, days: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        let (origin, lang) = (&ask.origin, ask.words.lang);
        // The days are those of the preview, written by the server: only a broken client sends something else.
        let days: u32 = days
            .parse()
            .map_err(|_| ApiError::new(Code::BadRequest, "days"))?;
        let cabinet = &ask.cabinet;
        let prepared = prolongation::prepare(cabinet, borrower, loan, days, origin, lang).await;
        let kept = days.to_string();
        let prepared = ask
            .settle(&format!("prolong:{loan}"), &[("days", &kept)], prepared)
            .await?;
        go(&format!("/prolongations/{prepared}"));
        Ok(())
    }

    pub async fn sign_prolongation(prolongation: String, code: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let this: ProlongationId = id(&prolongation).map_err(|error| ask.error(error))?;
        let signed = prolongation::sign(&ask.cabinet, borrower, this, &code, &ask.origin).await;
        // What was typed is not kept: a code is a secret.
        let started = ask.settle(&format!("sign:{this}"), &[], signed).await?;
        go_pay(&started.next);
        Ok(())
    }

    pub async fn resend_prolongation_code(prolongation: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let this: ProlongationId = id(&prolongation).map_err(|error| ask.error(error))?;
        let (origin, lang) = (&ask.origin, ask.words.lang);
        let sent = prolongation::resend_code(&ask.cabinet, borrower, this, origin, lang).await;
        ask.settle(&format!("sign:{this}"), &[], sent).await?;
        go(&format!("/prolongations/{this}"));
        Ok(())
    }
}
