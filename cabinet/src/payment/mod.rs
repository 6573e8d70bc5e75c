//! Money from the borrower: starting a payment, following it to its end, posting it, reconciling.

mod advance;
pub(crate) mod entity;
mod key;
mod outside;
mod poll;
mod posting;
mod quote;
mod reconcile;
mod settle;
mod start;
mod told;
mod view;

use chrono::{DateTime, Utc};
use lending::{Keep, Kopecks, Part};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{LoanId, PaymentId, ProlongationId, QuoteId};
use crate::ports::PayMethod;

pub use advance::drive;
pub(crate) use key::Key;
pub(crate) use outside::{Outside, receive};
pub(crate) use poll::next_look;
pub use poll::{handle_webhook, poll};
pub(crate) use posting::{journal, on_account};
pub use quote::{Early, PayoffQuote, early, promise, promised};
pub use reconcile::reconcile;
pub(crate) use reconcile::{Book, differing, posted, register};
pub(crate) use settle::{prolong_free, prolong_from_balance, snapshot};
pub(crate) use start::{How, LEAST, NewRow, follow, next_of, open_of, place, repay_by};
pub use start::{start, start_saved};
pub(crate) use told::debited;
pub(crate) use view::{linked, open_row, open_view, reread};
pub use view::{not_paid, view};

/// How much is being paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PayAmount {
    /// Whatever closes the loan today.
    Payoff,
    /// This much.
    Sum(Kopecks),
    /// This much, with a new schedule.
    Early(Kopecks, Keep),
    /// A promised sum.
    Promised(QuoteId),
    /// This much onto the balance, and no further until it is asked for or due.
    TopUp(Kopecks),
}

/// A borrower's wish to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartPayment {
    /// Which loan.
    pub loan: LoanId,
    /// How much.
    pub amount: PayAmount,
    /// With what.
    pub method: PayMethod,
    /// The key the form was rendered with.
    pub key: Uuid,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The payment: the new one, or the unfinished one that stands in its way.
    pub payment: PaymentId,
    /// The acquirer's page, or our own `/payments/{id}`.
    pub next: String,
}

/// What a payment is for. At most one unfinished payment per loan and purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The debt.
    Debt,
    /// The price of a signed prolongation.
    Prolongation,
    /// The price of a service.
    Service,
}

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PayStatus {
    /// Written down here; the acquirer has not answered yet.
    Created,
    /// The acquirer waits for the payer.
    Waiting,
    /// The money was taken and posted.
    Succeeded,
    /// It was not, for sure.
    Failed,
    /// The acquirer's answer was lost; asked again with the same key while that lives.
    Unknown,
    /// The payer says "I did not pay", or the creation was lost for good, and the acquirer has
    /// nothing yet; still watched.
    Abandoned,
}

/// A payment as its payer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentView {
    /// Its id.
    pub id: PaymentId,
    /// The loan it is for.
    pub loan: LoanId,
    /// What it is for.
    pub purpose: Purpose,
    /// The prolongation it pays for.
    pub prolongation: Option<ProlongationId>,
    /// The days of that prolongation.
    pub days: Option<u32>,
    /// How much.
    pub amount: Kopecks,
    /// Where it stands.
    pub status: PayStatus,
    /// The acquirer's reason, when it failed.
    pub reason: Option<String>,
    /// The acquirer's page, while it can still be paid there.
    pub continue_url: Option<String>,
    /// Whether it went onto the balance, from which debits are made.
    pub topped_up: bool,
    /// Where the money went, in the legal order.
    pub parts: Vec<Part>,
    /// What was more than owed and can be given back.
    pub overpaid: Kopecks,
    /// When it was started.
    pub created_at: DateTime<Utc>,
    /// When the acquirer took the money.
    pub taken_at: Option<DateTime<Utc>>,
    /// Whether it closed the loan.
    pub closed_loan: bool,
    /// With what it is paid.
    pub method: PayMethod,
    /// "•• 4444", when the acquirer said.
    pub card_title: Option<String>,
}

/// How long acquirers let their page, or the code of the fast payment system, be paid by at the least.
pub const PAGE_IS_OPEN: chrono::Duration = chrono::Duration::hours(1);

/// The acquirer's register against our journal, for a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Taken minus given, as we posted it.
    pub ours: Kopecks,
    /// Taken minus given, as the acquirer says.
    pub theirs: Kopecks,
    /// Theirs minus ours; 0.00 when all is well.
    pub difference: Kopecks,
    /// Remote ids that one side has and the other has not, or has with another sum.
    pub missing: Vec<String>,
}
