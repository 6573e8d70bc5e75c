//! What a borrower's export says of prize draws.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rfc;
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::{Cabinet, draw};

/// A word about taking part in a draw, a ticket, or a prize.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportDraw {
    /// The draw's stable name.
    pub draw: String,
    /// `joined`, `left`, `ticket`, `prize`; `barred`, a mark that the cabinet is of one of the lender's people.
    pub kind: String,
    /// Of a word the SHA-256 of the rules, of a ticket its name, of a prize what it is, its ticket and where it
    /// stands, of a mark the reason.
    pub value: String,
    /// When; none of a ticket.
    pub at: Option<String>,
    /// The network address a word came from.
    pub address: Option<String>,
}

pub(crate) const COLUMNS: &[&str] = &["draw", "kind", "value", "at", "address"];

pub(super) async fn of(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<ExportDraw>> {
    let one = |record: draw::Record| ExportDraw {
        draw: record.draw,
        kind: record.kind.to_owned(),
        value: record.value,
        at: record.at.map(|at| rfc(at.timestamp_millis())),
        address: record.address,
    };
    let records = draw::records(cab, borrower).await?;
    Ok(records.into_iter().map(one).collect())
}
