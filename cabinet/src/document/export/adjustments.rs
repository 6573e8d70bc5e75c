//! What the lender's staff asked to give up of a person's loans.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Cabinet;
use crate::adjustment::{self, Adjustment, Change};
use crate::error::Result;
use crate::ids::BorrowerId;

/// Debt to be written off or a rate to be lowered, as two people of the lender decided on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportAdjustment {
    /// The number of the contract.
    pub loan: String,
    /// `write_off` or `rate_cut`.
    pub kind: String,
    /// The sum asked for, kopecks; empty for the whole debt and for a rate.
    pub amount: Option<i64>,
    /// The rate asked for, millionths of a day or, of an annual product, of a year.
    pub rate: Option<u32>,
    /// Why: `death`, `bankruptcy`, `court`, `limitation`, `goodwill`, `our_error`.
    pub cause: String,
    /// The same in words.
    pub note: String,
    /// The paper that proves it; may be empty.
    pub evidence: String,
    /// `approved`, `refused`, `withdrawn`; empty while it waits.
    pub outcome: String,
    /// When it was asked for.
    pub at: String,
}

pub(crate) const COLUMNS: &[&str] = &[
    "loan", "kind", "amount", "rate", "cause", "note", "evidence", "outcome", "at",
];

pub(super) async fn of(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<ExportAdjustment>> {
    let asked = adjustment::of_borrower(cab, borrower).await?;
    let one = |asked: Adjustment| ExportAdjustment {
        loan: asked.number,
        kind: asked.change.kind().code().to_owned(),
        amount: match asked.change {
            Change::Debt(debt) => Some(debt.total().get()),
            _ => None,
        },
        rate: match asked.change {
            Change::Rate(rate) => Some(rate),
            _ => None,
        },
        cause: asked.cause.code().to_owned(),
        note: asked.note,
        evidence: asked.evidence,
        outcome: asked
            .outcome
            .map_or("", adjustment::Outcome::code)
            .to_owned(),
        at: super::rfc(asked.asked_at.timestamp_millis()),
    };
    Ok(asked.into_iter().map(one).collect())
}
