//! Autopay: a saved card is debited for each payment date, inside what its owner allowed.
//!
//! One permission a loan: which card, how long before the date or on which day of the month, from
//! which hour, how much at once and in a month. It can be paused and revoked at once: no debit begins after that. A date is
//! debited once; a refused card is tried again on the next days, three times in all. Nothing is
//! debited in slices: a sum above a cap is not debited, and its owner is told.

mod agree;
mod day;
pub(crate) mod entity;
mod run;

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{InstrumentId, MandateId};
use crate::payment::PayStatus;

pub use agree::{agree, pause, resume, revoke, view};
pub use run::{MOST_TRIES, run};
pub(crate) use run::{allowed, stands};

/// Where a permission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum MandateStatus {
    /// Debits happen.
    Active,
    /// None happens until its owner resumes it.
    Paused,
    /// None ever happens again.
    Revoked,
}

/// The day of a debit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// So many days before each payment date, at most five.
    Before(u32),
    /// On this day of the month, 1 to 31, the last before the payment date; in a shorter month its
    /// last day.
    MonthDay(u32),
}

/// What a borrower allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Which card.
    pub card: InstrumentId,
    /// On which day.
    pub when: When,
    /// From which hour by the lender's clock.
    pub hour: u32,
    /// The most at once.
    pub cap_debit: Kopecks,
    /// The most in a calendar month.
    pub cap_month: Kopecks,
    /// The box beside the text, which is never ticked beforehand.
    pub consent: bool,
}

/// A permission as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateView {
    /// Its id.
    pub id: MandateId,
    /// "•• 4444".
    pub card: String,
    /// What is allowed.
    pub allowance: Allowance,
    /// Where it stands.
    pub status: MandateStatus,
    /// The next debit: its day and sum; none when nothing is ahead, the date was debited or tried
    /// as often as it may be, or debits are stopped.
    pub next: Option<(NaiveDate, Kopecks)>,
    /// Everything that was tried, the newest first.
    pub tries: Vec<TryView>,
}

/// A try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TryView {
    /// The payment date it was for.
    pub due_on: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// How much.
    pub amount: Kopecks,
    /// What came of it; none when a cap forbade it.
    pub status: Option<PayStatus>,
    /// Why not: the acquirer's reason, `above_debit` or `above_month`.
    pub reason: Option<String>,
}
