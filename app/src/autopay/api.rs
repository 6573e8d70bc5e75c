//! Server functions of autopay.
// The arguments of a server function are the fields of its form.
#![allow(clippy::too_many_arguments)]

use leptos::prelude::*;

use crate::error::ApiError;

/// Allows debits of a saved card for a loan, in place of what was allowed before. `rule` is `month`
/// for a day of the month, anything else goes by the payment date.
#[server(prefix = "/api/v1", endpoint = "autopay/agree")]
pub async fn agree_autopay(
    loan: String,
    card: Option<String>,
    days_before: Option<String>,
    hour: Option<String>,
    cap_debit: Option<String>,
    cap_month: Option<String>,
    consent: Option<String>,
    rule: Option<String>,
    month_day: Option<String>,
) -> Result<(), ApiError> {
    let text = Option::unwrap_or_default;
    let typed = [
        ("card", text(card)),
        ("days_before", text(days_before)),
        ("hour", text(hour)),
        ("cap_debit", text(cap_debit)),
        ("cap_month", text(cap_month)),
        ("consent", text(consent)),
        ("rule", text(rule)),
        ("month_day", text(month_day)),
    ];
    ssr::agree_autopay(loan, typed).await
}

/// `what` is `pause`, `resume` or `revoke`; it acts at once.
#[server(prefix = "/api/v1", endpoint = "autopay/change")]
pub async fn change_autopay(loan: String, what: String) -> Result<(), ApiError> {
    ssr::change_autopay(loan, what).await
}

#[cfg(feature = "ssr")]
mod ssr {
    use cabinet::autopay::{self, Allowance, When};
    use cabinet::ids::LoanId;
    use cabinet::{CabinetError, Result as CabinetResult};
    use lending::Kopecks;

    use crate::error::{ApiError, Code};
    use crate::request::{Ask, go, id};

    pub async fn agree_autopay(
        loan: String,
        typed: [(&'static str, String); 8],
    ) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.confirmed_borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        let agreed = match allowance(&typed) {
            Ok(allowed) => autopay::agree(&ask.cabinet, borrower, loan, allowed).await,
            Err(error) => Err(error),
        };
        // A permission is given each time anew: its box is never ticked from a draft.
        let kept: Vec<(&str, &str)> = typed
            .iter()
            .filter(|(name, _)| *name != "consent")
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        ask.settle(&format!("autopay:{loan}"), &kept, agreed)
            .await?;
        go(&format!("/loans/{loan}/autopay"));
        Ok(())
    }

    fn allowance(typed: &[(&'static str, String); 8]) -> CabinetResult<Allowance> {
        let [card, days, hour, debit, month, consent, rule, month_day] = typed;
        let count = |(field, text): &(&'static str, String), code| {
            let number = text.trim().parse::<u32>();
            number.map_err(|_| CabinetError::field(field, code))
        };
        let money = |(field, text): &(&'static str, String)| {
            let sum = Kopecks::parse(text).ok().filter(|sum| sum.is_positive());
            sum.ok_or_else(|| CabinetError::field(field, "amount_invalid"))
        };
        let chosen = card.1.parse();
        Ok(Allowance {
            card: chosen.map_err(|_| CabinetError::field("card", "card_needed"))?,
            when: if rule.1 == "month" {
                When::MonthDay(count(month_day, "autopay_month_day")?)
            } else {
                When::Before(count(days, "autopay_days")?)
            },
            hour: count(hour, "autopay_hour")?,
            cap_debit: money(debit)?,
            cap_month: money(month)?,
            consent: consent.1 == "yes",
        })
    }

    pub async fn change_autopay(loan: String, what: String) -> Result<(), ApiError> {
        let mut ask = Ask::new()?;
        let borrower = ask.borrower()?;
        let loan: LoanId = id(&loan).map_err(|error| ask.error(error))?;
        let changed = match what.as_str() {
            "pause" => autopay::pause(&ask.cabinet, borrower, loan).await,
            "resume" => autopay::resume(&ask.cabinet, borrower, loan).await,
            "revoke" => {
                let revoked = autopay::revoke(&ask.cabinet, borrower, loan).await;
                revoked.map(drop)
            }
            _ => return Err(ApiError::new(Code::BadRequest, "what")),
        };
        ask.settle(&format!("autopay:{loan}"), &[], changed).await?;
        go(&format!("/loans/{loan}/autopay"));
        Ok(())
    }
}
