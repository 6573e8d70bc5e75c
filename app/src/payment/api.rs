//! Server functions of paying.

// The arguments of a server function are the fields of its form.
#![allow(clippy::too_many_arguments)]

use leptos::prelude::*;

use crate::error::ApiError;

/// Starts a payment: `what` is `payoff`, `sum`, `early` (with what the new schedule is to `keep`), `top-up` or
/// `promised` (a `quote`). By a saved `card` there is no page of the bank. The same `key` is the same payment, however often it is sent.
#[server(prefix = "/api/v1", endpoint = "payment/start")]
pub async fn start_payment(
    loan: String,
    key: String,
    what: Option<String>,
    amount: Option<String>,
    method: Option<String>,
    keep: Option<String>,
    quote: Option<String>,
    card: Option<String>,
) -> Result<(), ApiError> {
    let typed = ssr::Typed {
        what,
        amount,
        method,
        keep,
        quote,
        card,
    };
    ssr::start_payment(loan, key, typed).await
}

/// Promises the sum that closes a loan on a day.
#[server(prefix = "/api/v1", endpoint = "payment/promise")]
pub async fn promise_payoff(loan: String, on: String) -> Result<(), ApiError> {
    ssr::promise_payoff(loan, on).await
}

/// «Repay» with what is on the balance. The same `key` does it once.
#[server(prefix = "/api/v1", endpoint = "payment/repay")]
pub async fn repay_from_balance(
    loan: String,
    key: String,
    amount: Option<String>,
) -> Result<(), ApiError> {
    ssr::repay_from_balance(loan, key, amount).await
}

/// «I did not pay»: asks the acquirer and frees the way for another payment.
#[server(prefix = "/api/v1", endpoint = "payment/not-paid")]
pub async fn not_paid(payment: String) -> Result<(), ApiError> {
    ssr::not_paid(payment).await
}

#[cfg(feature = "ssr")]
pub use ssr::with_what;

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::balance;
    use cabinet::ids::{InstrumentId, LoanId, PaymentId};
    use cabinet::payment::{self, PayAmount, StartPayment};
    use cabinet::ports::PayMethod;
    use cabinet::values::RuDate;
    use cabinet::{CabinetError, Result as CabinetResult};
    use lending::{Keep, Kopecks};

    use crate::error::{ApiError, Code};
    use crate::request::{Ask, go, go_pay, id};

    /// What a form of paying sends besides its loan and key.
    #[derive(Default)]
    pub struct Typed {
        pub what: Option<String>,
        pub amount: Option<String>,
        pub method: Option<String>,
        pub keep: Option<String>,
        pub quote: Option<String>,
        pub card: Option<String>,
    }

    pub async fn start_payment(loan: String, key: String, typed: Typed) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        // The key is written by the server: only a broken client sends something else.
        let key = key
            .parse()
            .map_err(|_| ApiError::new(Code::BadRequest, "key"))?;
        let text = |typed: &Option<String>| typed.clone().unwrap_or_default();
        let (what, amount) = (text(&typed.what), text(&typed.amount));
        let named = text(&typed.method);
        // A saved card is chosen beside the ways, and means something for a card only.
        let by_card = matches!(named.as_str(), "" | "card");
        let chosen = text(&typed.card);
        let card = saved(if by_card { &chosen } else { "" }).map_err(|error| ask.error(error))?;
        let wished = match what.as_str() {
            "promised" => id(&text(&typed.quote)).map(PayAmount::Promised),
            "early" => early(&amount, &text(&typed.keep)),
            "top-up" => sum(&amount).map(|wish| match wish {
                PayAmount::Sum(sum) => PayAmount::TopUp(sum),
                other => other,
            }),
            _ => how_much(&what, &amount),
        };
        let started = match wished.and_then(|sum| Ok((sum, with_what(&named)?))) {
            Ok((amount, method)) => {
                let wish = StartPayment {
                    loan,
                    amount,
                    method,
                    key,
                };
                match card {
                    Some(card) => payment::start_saved(&ask.cabinet, borrower, wish, card).await,
                    None => payment::start(&ask.cabinet, borrower, wish).await,
                }
            }
            Err(error) => Err(error),
        };
        let values = [
            ("what", what.as_str()),
            ("amount", amount.as_str()),
            ("method", named.as_str()),
            ("card", chosen.as_str()),
        ];
        let started = ask.settle(&format!("pay:{loan}"), &values, started).await?;
        go_pay(&started.next);
        Ok(())
    }

    /// The saved card of a form; another card when none was chosen.
    fn saved(card: &str) -> CabinetResult<Option<InstrumentId>> {
        if card.is_empty() || card == "other" {
            return Ok(None);
        }
        id(card).map(Some)
    }

    fn early(amount: &str, keep: &str) -> CabinetResult<PayAmount> {
        let keep = match keep {
            "term" => Keep::Term,
            _ => Keep::Payment,
        };
        match sum(amount)? {
            PayAmount::Sum(sum) => Ok(PayAmount::Early(sum, keep)),
            other => Ok(other),
        }
    }

    pub async fn promise_payoff(loan: String, on: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        let promised = match RuDate::parse(&on) {
            Some(day) => payment::promise(&ask.cabinet, borrower, loan, day.0).await,
            None => Err(CabinetError::field("on", "date")),
        };
        let quote = ask
            .settle(&format!("early:{loan}"), &[("on", &on)], promised)
            .await?;
        go(&format!("/quotes/{quote}"));
        Ok(())
    }

    pub async fn repay_from_balance(
        loan: String,
        key: String,
        amount: Option<String>,
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        let key = key
            .parse()
            .map_err(|_| ApiError::new(Code::BadRequest, "key"))?;
        let typed = amount.unwrap_or_default();
        let wished = match typed.trim() {
            "" => Ok(None),
            text => sum(text).map(|wish| match wish {
                PayAmount::Sum(sum) => Some(sum),
                _ => None,
            }),
        };
        let done = match wished {
            Ok(amount) => balance::repay(&ask.cabinet, borrower, loan, amount, key).await,
            Err(error) => Err(error),
        };
        ask.settle(&format!("repay:{loan}"), &[("amount", &typed)], done)
            .await?;
        go(&format!("/loans/{loan}"));
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
    pub fn with_what(method: &str) -> CabinetResult<PayMethod> {
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
