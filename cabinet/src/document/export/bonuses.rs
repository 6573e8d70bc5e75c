//! The bonuses of a borrower's export.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rfc;
use crate::Cabinet;
use crate::bonus::{self, EntryView};
use crate::error::Result;
use crate::ids::BorrowerId;

/// Bonuses that were given or taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportBonus {
    /// `loan`, `interest`, `inviter`, `friend`, `prize`, `returned`: given; `spent`, `expired`, `forfeited`: taken.
    pub kind: String,
    /// How much, kopecks.
    pub amount: i64,
    /// The number of the contract it belongs to.
    pub loan: Option<String>,
    /// When.
    pub at: String,
    /// The last day, of what was given.
    pub last_day: Option<String>,
}

pub(crate) const COLUMNS: &[&str] = &["kind", "amount", "loan", "at", "last_day"];

pub(super) async fn of(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<ExportBonus>> {
    let mut entries = bonus::history(cab, borrower).await?;
    entries.reverse();
    let one = |entry: EntryView| ExportBonus {
        kind: entry.kind.code().to_owned(),
        amount: entry.amount.get(),
        loan: entry.number,
        at: rfc(entry.at.timestamp_millis()),
        last_day: entry.last_day.map(|day| day.to_string()),
    };
    Ok(entries.into_iter().map(one).collect())
}
