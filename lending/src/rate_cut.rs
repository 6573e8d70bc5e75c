//! Lowering the rate of a loan, which the lender may do alone and nobody may undo: art. 5 p. 16 of
//! 353-ФЗ.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::plus_days;
use crate::exact::Rate;
use crate::loan::{Event, LoanError, Terms};
use crate::money::Kopecks;
use crate::product::{ProductKind, Schedule};
use crate::view::replay_all;

/// What a lower rate would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateCutQuote {
    /// The highest rate that would still run without it.
    pub before: Rate,
    /// The most that runs with it.
    pub after: Rate,
    /// The first day at it.
    pub from: NaiveDate,
    /// How much less is paid in all when the schedule is kept to.
    pub saved: Kopecks,
    /// The payments left, of the day of the agreement.
    pub schedule: Schedule,
}

/// The highest rate that may still run after the day `on`, by the contract and what it was lowered to.
///
/// Errors: `Kind` for a product whose price is no rate, and those of the loan itself.
pub fn running_rate_on(terms: &Terms, events: &[Event], on: NaiveDate) -> Result<Rate, LoanError> {
    match terms.product.kind {
        ProductKind::Special => Err(LoanError::Kind),
        _ => Ok(replay_all(terms, events, on)?.dearest_rate()),
    }
}

/// What lowering the rate on the day `on` would mean. Nothing ever grows by it: neither what is owed
/// on any day, nor any payment of the schedule.
///
/// Errors: `Raised` when the rate is not below the one that runs (a rate is never raised), `Kind` for
/// a product whose price is no rate, `Closed`, and those of the loan itself.
pub fn quote_rate_cut(
    terms: &Terms,
    events: &[Event],
    on: NaiveDate,
    rate: Rate,
) -> Result<RateCutQuote, LoanError> {
    let run = replay_all(terms, events, on)?;
    if terms.product.kind == ProductKind::Special {
        return Err(LoanError::Kind);
    }
    if run.closed_on.is_some() {
        return Err(LoanError::Closed);
    }
    let before = run.dearest_rate();
    if rate.ppm() >= before.ppm() {
        return Err(LoanError::Raised);
    }
    let mut after = run.clone();
    after.act(&Event::RateCut { on, rate })?;
    let total = |flows: Vec<(NaiveDate, Kopecks)>| -> Kopecks {
        flows.into_iter().map(|(_, amount)| amount).sum()
    };
    Ok(RateCutQuote {
        before,
        after: after.dearest_rate(),
        from: plus_days(on, 1).ok_or(LoanError::Terms)?,
        saved: total(run.follow()).less(total(after.follow())),
        schedule: after.payments_ahead(),
    })
}
