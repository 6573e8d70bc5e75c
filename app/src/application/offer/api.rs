//! Server functions of signing an offer.

use leptos::prelude::*;

use crate::error::ApiError;

/// Freezes the text with the borrower's answers and sends a code for exactly that text.
#[server(prefix = "/api/v1", endpoint = "application/prepare")]
pub async fn prepare_offer(
    contract: String,
    assignment: Option<String>,
    card: Option<String>,
) -> Result<(), ApiError> {
    ssr::prepare_offer(contract, assignment, card).await
}

/// Signs the prepared text by its code.
#[server(prefix = "/api/v1", endpoint = "application/sign")]
pub async fn sign_offer(contract: String, code: String) -> Result<(), ApiError> {
    ssr::sign_offer(contract, code).await
}

/// Sends another code for the same text.
#[server(prefix = "/api/v1", endpoint = "application/resend-code")]
pub async fn resend_offer_code(contract: String) -> Result<(), ApiError> {
    ssr::resend_offer_code(contract).await
}

/// Gives the offer up: before signing, or within the cooling-off hours.
#[server(prefix = "/api/v1", endpoint = "application/cancel")]
pub async fn cancel_offer(contract: String) -> Result<(), ApiError> {
    ssr::cancel_offer(contract).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::application;
    use cabinet::ids::{ContractId, InstrumentId};

    use crate::error::ApiError;
    use crate::request::{Ask, go, id};

    fn contract_of(ask: &Ask, text: &str) -> Result<ContractId, ApiError> {
        id(text).map_err(|error| ask.error(error))
    }

    pub async fn prepare_offer(
        contract: String,
        assignment: Option<String>,
        card: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let contract = contract_of(&ask, &contract)?;
        let (assignment, card) = (assignment.unwrap_or_default(), card.unwrap_or_default());
        let answer = match assignment.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        // A card that can't be read is no card: the use case then asks to choose one.
        let chosen = card.parse::<InstrumentId>().ok();
        let cabinet = &ask.cabinet;
        let (origin, lang) = (&ask.origin, ask.words.lang);
        let prepared =
            application::prepare(cabinet, borrower, contract, answer, chosen, origin, lang).await;
        let values = [("assignment", assignment.as_str()), ("card", card.as_str())];
        ask.settle(&format!("offer:{contract}"), &values, prepared)
            .await?;
        // What was wrong with the code of an earlier text says nothing about this one.
        ask.settle(&format!("sign:{contract}"), &[], Ok(())).await?;
        go(&format!("/offer/{contract}"));
        Ok(())
    }

    pub async fn sign_offer(contract: String, code: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let contract = contract_of(&ask, &contract)?;
        let signed = application::sign(&ask.cabinet, borrower, contract, &code, &ask.origin).await;
        // What was typed is not kept: a code is a secret.
        ask.settle(&format!("sign:{contract}"), &[], signed).await?;
        go(&format!("/offer/{contract}"));
        Ok(())
    }

    pub async fn resend_offer_code(contract: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let contract = contract_of(&ask, &contract)?;
        let (origin, lang) = (&ask.origin, ask.words.lang);
        let sent = application::resend_code(&ask.cabinet, borrower, contract, origin, lang).await;
        ask.settle(&format!("sign:{contract}"), &[], sent).await?;
        go(&format!("/offer/{contract}"));
        Ok(())
    }

    pub async fn cancel_offer(contract: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let contract = contract_of(&ask, &contract)?;
        let cancelled = application::cancel(&ask.cabinet, borrower, contract).await;
        ask.settle(&format!("cancel:{contract}"), &[], cancelled)
            .await?;
        go(&format!("/offer/{contract}"));
        Ok(())
    }
}
