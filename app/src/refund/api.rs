//! Server functions of getting money back.

use leptos::prelude::*;

use crate::error::ApiError;

/// Asks for everything beyond the debt of a loan. The same `key` is the same refund, however often it is sent.
#[server(prefix = "/api/v1", endpoint = "refund/ask")]
pub async fn ask_refund(loan: String, key: String) -> Result<(), ApiError> {
    ssr::ask_refund(loan, key).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::ids::LoanId;
    use cabinet::refund;

    use crate::error::{ApiError, Code};
    use crate::request::{Ask, go, id};

    pub async fn ask_refund(loan: String, key: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        // The key is written by the server: only a broken client sends something else.
        let key = key
            .parse()
            .map_err(|_| ApiError::new(Code::BadRequest, "key"))?;
        let asked = refund::ask(&ask.cabinet, borrower, loan, key).await;
        ask.settle(&format!("refund:{loan}"), &[], asked).await?;
        go(&format!("/loans/{loan}/refund"));
        Ok(())
    }
}
