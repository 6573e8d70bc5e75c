//! Server functions of bonuses.

use leptos::prelude::*;

use crate::error::ApiError;

/// Pays interest of a loan with bonuses: an `amount`, or all that is possible. The same `key` does it once. `back`
/// is the page to return to: `pay`, `prolong`, otherwise the bonuses.
#[server(prefix = "/api/v1", endpoint = "bonus/spend")]
pub async fn spend_bonuses(
    loan: String,
    key: String,
    amount: Option<String>,
    back: Option<String>,
) -> Result<(), ApiError> {
    ssr::spend(loan, key, amount, back).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::ids::LoanId;
    use cabinet::{CabinetError, Result as CabinetResult, bonus, loan};
    use lending::{Kopecks, Status};

    use crate::error::{ApiError, Code};
    use crate::request::{Ask, go, id};

    pub async fn spend(
        loan: String,
        key: String,
        amount: Option<String>,
        back: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        // The key is written by the server: only a broken client sends something else.
        let key = key
            .parse()
            .map_err(|_| ApiError::new(Code::BadRequest, "key"))?;
        let amount = amount.unwrap_or_default();
        let spent = match sum(&amount) {
            Ok(sum) => bonus::spend(&ask.cabinet, borrower, loan, sum, key).await,
            Err(error) => Err(error),
        };
        let values = [("amount", amount.as_str())];
        ask.settle(&format!("bonus:{loan}"), &values, spent).await?;
        // Nothing is left to pay or to prolong of a loan that this has closed.
        let view = loan::view(&ask.cabinet, borrower, loan, None).await;
        let open = view.is_ok_and(|view| view.state.status != Status::Closed);
        match back.as_deref() {
            Some("pay" | "prolong") if !open => go(&format!("/loans/{loan}")),
            Some("pay") => go(&format!("/loans/{loan}/pay")),
            Some("prolong") => go(&format!("/loans/{loan}/prolong")),
            _ => go("/bonuses"),
        }
        Ok(())
    }

    /// Nothing typed is all that is possible.
    fn sum(amount: &str) -> CabinetResult<Option<Kopecks>> {
        if amount.trim().is_empty() {
            return Ok(None);
        }
        let sum = Kopecks::parse(amount).ok().filter(|sum| sum.is_positive());
        sum.map(Some)
            .ok_or_else(|| CabinetError::field("amount", "amount_invalid"))
    }
}
