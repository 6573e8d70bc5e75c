//! Paying early: art. 11 of 353-ФЗ.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::{WorkCalendar, plus_days};
use crate::loan::{Event, Keep, LoanError, Part, Terms};
use crate::money::Kopecks;
use crate::product::{ProductKind, Schedule};
use crate::psk::{Psk, psk};
use crate::rules;
use crate::run::Run;
use crate::view::replay_all;

/// What paying early would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepay {
    /// What closes the loan that day.
    pub payoff: Kopecks,
    /// What the amount repays, in the legal order.
    pub parts: Vec<Part>,
    /// What is beyond the debt.
    pub overpaid: Kopecks,
    /// How much less is paid in all, compared with keeping to the schedule.
    pub saved_against_schedule: Kopecks,
    /// The payments left; `None` when the loan closes.
    pub new_schedule: Option<Schedule>,
    /// The full cost of what is left; `None` when the loan closes.
    pub new_psk: Option<Psk>,
}

/// What paying `amount` early on the day `on` would mean.
pub fn quote_prepayment(
    terms: &Terms,
    events: &[Event],
    on: NaiveDate,
    amount: Kopecks,
    keep: Keep,
) -> Result<Prepay, LoanError> {
    let before = replay_all(terms, events, on)?;
    if before.closed_on.is_some() {
        return Err(LoanError::Closed);
    }
    let mut after = before.clone();
    let (parts, overpaid) = after.act(&Event::Prepayment { on, amount, keep })?;
    let total = |flows: Vec<(NaiveDate, Kopecks)>| -> Kopecks {
        flows.into_iter().map(|(_, amount)| amount).sum()
    };
    let repaid: Kopecks = parts.iter().map(|part| part.amount).sum();
    let saved_against_schedule = total(before.follow()).less(repaid + total(after.follow()));
    let schedule = after.schedule_ahead();
    let left = after.closed_on.is_none() && !schedule.instalments.is_empty();
    let new_schedule = left.then_some(schedule);
    Ok(Prepay {
        payoff: before.payoff(),
        parts,
        overpaid,
        saved_against_schedule,
        new_psk: new_schedule
            .as_ref()
            .and_then(|schedule| full_cost(schedule, owed_already(&after))),
        new_schedule,
    })
}

/// Interest of the past that the first line of the new schedule asks for. The special product's
/// fixed payment is the price of the whole term, not of its past.
fn owed_already(run: &Run<'_>) -> Kopecks {
    match run.terms.product.kind {
        ProductKind::Special => Kopecks::ZERO,
        _ => run.carried_interest(),
    }
}

/// What is left of a loan is treated as lent today, with the interest already owed. Late parts
/// are not in the schedule, and a loan without a root (nothing to pay for) has no full cost.
fn full_cost(schedule: &Schedule, owed: Kopecks) -> Option<Psk> {
    let mut flows = schedule.flows();
    if let Some((_, lent)) = flows.first_mut() {
        *lent -= owed;
    }
    psk(&flows).ok().map(|report| report.psk)
}

/// Giving the money back in the first days, without notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// What closes the loan that day: principal and interest for the actual days.
    pub pay: Kopecks,
    /// The interest inside `pay`. 0.00 on the day the money was lent.
    pub interest: Kopecks,
    /// The last day of the right; one that falls on a day off moves to the next working day
    /// (art. 193 ГК).
    pub last_day: NaiveDate,
}

/// What giving the whole loan back on the day `on` takes, while the right of art. 11 p. 2 lasts;
/// `None` once it is over, or when the contract is older than it. Paying it is a payment like any
/// other. Paying early later is possible too, without the word of the law for it.
pub fn quote_withdrawal(
    terms: &Terms,
    events: &[Event],
    on: NaiveDate,
) -> Result<Option<Withdrawal>, LoanError> {
    let run = replay_all(terms, events, on)?;
    if run.closed_on.is_some() {
        return Err(LoanError::Closed);
    }
    let days = rules::withdrawal_days(terms.contract_date);
    let last = days.and_then(|days| plus_days(terms.schedule.start, days));
    let last_day = last.map(|day| WorkCalendar::russia().next_working_day(day));
    Ok(last_day
        .filter(|last_day| on <= *last_day)
        .map(|last_day| Withdrawal {
            pay: run.payoff(),
            interest: run.interest(),
            last_day,
        }))
}
