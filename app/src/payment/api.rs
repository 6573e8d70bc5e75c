//! Server functions of paying.

use leptos::prelude::*;

use crate::error::ApiError;

/// Starts a payment: `what` is `payoff` or `sum`. The same `key` is the same payment, however often it is sent.
#[server(prefix = "/api/v1", endpoint = "payment/start")]
pub async fn start_payment(
    loan: String,
    key: String,
    what: Option<String>,
    amount: Option<String>,
    method: Option<String>,
) -> Result<(), ApiError> {
    ssr::start_payment(loan, key, what, amount, method).await
}

/// «I did not pay»: asks the acquirer and frees the way for another payment.
#[server(prefix = "/api/v1", endpoint = "payment/not-paid")]
pub async fn not_paid(payment: String) -> Result<(), ApiError> {
    ssr::not_paid(payment).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::ids::{LoanId, PaymentId};
    use cabinet::payment::{self, PayAmount, StartPayment};
    use cabinet::ports::PayMethod;
    use cabinet::{CabinetError, Result as CabinetResult};
    use lending::Kopecks;

    use crate::error::{ApiError, Code};
    use crate::request::{Ask, go, go_pay, id};

    pub async fn start_payment(
        loan: String,
        key: String,
        what: Option<String>,
        amount: Option<String>,
        method: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        // The key is written by the server: only a broken client sends something else.
        let key = key
            .parse()
            .map_err(|_| ApiError::new(Code::BadRequest, "key"))?;
        let (what, amount) = (what.unwrap_or_default(), amount.unwrap_or_default());
        let named = method.unwrap_or_default();
        let started = match how_much(&what, &amount).and_then(|sum| Ok((sum, with_what(&named)?))) {
            Ok((amount, method)) => {
                let wish = StartPayment {
                    loan,
                    amount,
                    method,
                    key,
                };
                payment::start(&ask.cabinet, borrower, wish).await
            }
            Err(error) => Err(error),
        };
        let values = [
            ("what", what.as_str()),
            ("amount", amount.as_str()),
            ("method", named.as_str()),
        ];
        let started = ask.settle(&format!("pay:{loan}"), &values, started).await?;
        go_pay(&started.next);
        Ok(())
    }

    /// A typed sum without a choice is a sum: nobody types it for nothing.
    fn how_much(what: &str, amount: &str) -> CabinetResult<PayAmount> {
        match what {
            "payoff" => Ok(PayAmount::Payoff),
            "sum" => sum(amount),
            _ if !amount.trim().is_empty() => sum(amount),
            _ => Err(CabinetError::field("what", "choose_one")),
        }
    }

    /// A card when nothing was said: with one way there is nothing to choose.
    fn with_what(method: &str) -> CabinetResult<PayMethod> {
        match method {
            "" | "card" => Ok(PayMethod::Card),
            "sbp" => Ok(PayMethod::Sbp),
            "wallet" => Ok(PayMethod::Wallet),
            _ => Err(CabinetError::field("method", "choose_one")),
        }
    }

    fn sum(amount: &str) -> CabinetResult<PayAmount> {
        let sum = Kopecks::parse(amount).ok().filter(|sum| sum.is_positive());
        sum.map(PayAmount::Sum)
            .ok_or_else(|| CabinetError::field("amount", "amount_invalid"))
    }

    pub async fn not_paid(payment: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let payment: PaymentId = id(&payment).map_err(|error| ask.error(error))?;
        let seen = payment::not_paid(&ask.cabinet, borrower, payment).await;
        ask.settle(&format!("not-paid:{payment}"), &[], seen)
            .await?;
        go(&format!("/payments/{payment}"));
        Ok(())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn reads_what_people_choose_and_type() {
            let sum = |kopecks| Some(PayAmount::Sum(Kopecks::new(kopecks)));
            assert_eq!(how_much("payoff", "100").ok(), Some(PayAmount::Payoff));
            assert_eq!(how_much("sum", "1 234,5").ok(), sum(123_450));
            assert_eq!(how_much("", "100").ok(), sum(10_000));
            for (what, amount) in [
                ("", " "),
                ("sum", ""),
                ("sum", "0"),
                ("sum", "-5"),
                ("sum", "1e9"),
            ] {
                assert!(how_much(what, amount).is_err(), "{what} {amount}");
            }
        }
    }
}
