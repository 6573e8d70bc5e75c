//! A later due date: preview, agreement signed by a code, effective once its price has come.

pub(crate) mod entity;
mod prepare;
pub(crate) mod settle;
mod sign;
mod text;

use lending::ProlongationQuote;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::access::CodeSent;
use crate::ids::{LoanId, PaymentId, ProlongationId};

pub(crate) use prepare::{availability, days_of, past_year, rules_of};
pub use prepare::{prepare, preview, resend_code, view};
pub use sign::sign;

/// Where a prolongation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ProlongationStatus {
    /// The text is frozen and its code sent.
    Prepared,
    /// Signed; waiting for its price.
    Signed,
    /// Its price came; the due date moved.
    Effective,
    /// Its money came on a day when it no longer covered the price; it counted as a payment.
    Stale,
    /// Not signed or not paid.
    Expired,
}

/// What to do after signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedProlongation {
    /// The payment of the price; none when there was nothing to pay and it took effect at once.
    pub payment: Option<PaymentId>,
    /// The acquirer's page, our `/payments/{id}`, or the loan's page.
    pub next: String,
}

/// A prolongation as the borrower sees it.
#[derive(Debug, Clone)]
pub struct ProlongationView {
    /// Its id.
    pub id: ProlongationId,
    /// The loan it moves.
    pub loan: LoanId,
    /// The price and the new dates.
    pub quote: ProlongationQuote,
    /// The exact text to be signed.
    pub text: String,
    /// SHA-256 of the text.
    pub hash: String,
    /// The code bound to the hash.
    pub code: CodeSent,
    /// Where it stands.
    pub status: ProlongationStatus,
    /// The payment of its price, once signed.
    pub payment: Option<PaymentId>,
}
