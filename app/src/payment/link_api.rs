//! Server functions of links for somebody else's payment.

use leptos::prelude::*;

use crate::error::ApiError;

/// Makes a link; no sum asks for all that is owed on the day.
#[server(prefix = "/api/v1", endpoint = "payment/make-link")]
pub async fn make_link(loan: String, amount: Option<String>) -> Result<(), ApiError> {
    ssr::make(loan, amount.unwrap_or_default()).await
}

/// Takes a link back.
#[server(prefix = "/api/v1", endpoint = "payment/take-link-back")]
pub async fn take_link_back(link: String, loan: String) -> Result<(), ApiError> {
    ssr::take_back(link, loan).await
}

/// Pays by a link, without signing in; `shown` is the sum the page showed, in kopecks.
#[server(prefix = "/api/v1", endpoint = "payment/by-link")]
pub async fn pay_by_link(
    token: String,
    key: String,
    shown: String,
    method: Option<String>,
) -> Result<(), ApiError> {
    ssr::pay(token, key, shown, method.unwrap_or_default()).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::ids::LoanId;
    use cabinet::{CabinetError, paylink};
    use lending::Kopecks;

    use crate::error::{ApiError, Code};
    use crate::payment::api::with_what;
    use crate::request::{Ask, go, go_pay, id};

    pub async fn make(loan: String, amount: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        let sum = match amount.trim() {
            "" => Ok(None),
            text => Kopecks::parse(text)
                .map(Some)
                .map_err(|_| CabinetError::field("amount", "amount_invalid")),
        };
        let made = match sum {
            Ok(sum) => paylink::create(&ask.cabinet, borrower, loan, sum).await,
            Err(error) => Err(error),
        };
        ask.settle(&format!("link:{loan}"), &[("amount", &amount)], made)
            .await?;
        go(&format!("/loans/{loan}/link"));
        Ok(())
    }

    pub async fn take_back(link: String, loan: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        let link = id(&link).map_err(|error| ask.error(error))?;
        let done = paylink::revoke(&ask.cabinet, borrower, link).await;
        ask.settle(&format!("link:{loan}"), &[], done).await?;
        go(&format!("/loans/{loan}/link"));
        Ok(())
    }

    pub async fn pay(
        token: String,
        key: String,
        shown: String,
        method: String,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let key = key
            .parse()
            .map_err(|_| ApiError::new(Code::BadRequest, "key"))?;
        let shown: i64 = shown
            .parse()
            .map_err(|_| ApiError::new(Code::BadRequest, "shown"))?;
        let started = match with_what(&method) {
            Ok(method) => {
                paylink::start(&ask.cabinet, &token, key, method, Kopecks::new(shown)).await
            }
            Err(error) => Err(error),
        };
        let kept = format!("pay-link:{token}");
        let started = ask.settle(&kept, &[("method", &method)], started).await?;
        go_pay(&started.next);
        Ok(())
    }
}
