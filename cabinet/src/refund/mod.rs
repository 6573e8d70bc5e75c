//! Money back: what was paid beyond a debt returns by the payment it came with, never more than
//! that payment was and never twice.
//!
//! A borrower asks, and the worker sends it. Above the lender's limit two different members of
//! staff agree first ([`approve`]). The journal is posted when the acquirer says that the money
//! has left; until then the sum is held back from being asked for again.

mod ask;
mod drive;
pub(crate) mod entity;
mod staff;

use chrono::{DateTime, Utc};
use lending::Kopecks;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{BorrowerId, RefundId, StaffId};

pub use ask::{ask, view};
pub use drive::drive;
pub use staff::{approve, decline, waiting};

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// Above the lender's limit: two members of staff have to agree.
    Review,
    /// To be sent, or being sent: the acquirer has not answered.
    Asked,
    /// Accepted by the acquirer, on its way.
    Sent,
    /// The acquirer's answer was lost; asked again with the same key while that lives.
    Unknown,
    /// The money has left for the payer.
    Done,
    /// It has not, for sure: the sum may be asked for again.
    Failed,
    /// A member of staff said no.
    Declined,
}

/// A refund as its receiver sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundView {
    /// Its id.
    pub id: RefundId,
    /// How much.
    pub amount: Kopecks,
    /// Where it stands.
    pub status: RefundStatus,
    /// "•• 4444" of the payment it goes back by; empty when the acquirer did not say.
    pub title: String,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When the acquirer sent it.
    pub done_at: Option<DateTime<Utc>>,
}

/// What can be given back of a loan, and what was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refunds {
    /// What may be asked for now.
    pub refundable: Kopecks,
    /// The part of it that came past the acquirer, so that a person has to send it back.
    pub by_hand: Kopecks,
    /// Whether asking for it waits for two members of staff.
    pub reviewed: bool,
    /// All refunds of the loan, the newest first.
    pub list: Vec<RefundView>,
}

/// Something that waits for members of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The refund.
    pub id: RefundId,
    /// Whose.
    pub borrower: BorrowerId,
    /// The number of the loan's contract.
    pub number: String,
    /// How much.
    pub amount: Kopecks,
    /// Who has agreed already.
    pub first: Option<StaffId>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Whether it waits for too long.
    pub late: bool,
}
