//! A loan: the debt on any date, its schedule, operations, timeline and documents.

pub(crate) mod entity;
pub(crate) mod history;
pub(crate) mod once;
pub(crate) mod stored;
mod timeline;
mod view;

use chrono::{DateTime, NaiveDate, Utc};
use lending::{Kopecks, LoanState, Part, Path, ProlongationRefusal, Rate, Status, Terms};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::balance::BalanceView;
use crate::ids::{ContractId, LoanId};
use crate::payment::PaymentView;

pub(crate) use view::{found, of_contract};
pub use view::{list, view};

/// A loan in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanCard {
    /// Its id.
    pub id: LoanId,
    /// The contract's number.
    pub number: String,
    /// Active, overdue or closed, as of today.
    pub status: Status,
    /// Anything is late: principal, or interest or a penalty alone.
    pub late: bool,
    /// What closes it today.
    pub payoff: Kopecks,
    /// The next payment's date, or the last day of the loan.
    pub due: NaiveDate,
    /// The product's title.
    pub product_title: String,
}

/// What an operation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// Money given to the borrower.
    Disbursement,
    /// Money taken from the borrower.
    Payment,
    /// A new due date.
    Prolongation,
    /// A surplus given back.
    Refund,
    /// Money put on the balance: it repays nothing by itself.
    TopUp,
    /// Money the balance paid with.
    Debit,
    /// A payment is looked for: the penalty stands still.
    Pause,
    /// The search is over.
    Resume,
    /// A credit holiday.
    Holiday,
    /// Interest given up for bonuses.
    Discount,
    /// Debt that the lender wrote off.
    WriteOff,
    /// The lender lowered the rate.
    RateCut,
}

/// A posted operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The business date it counts for.
    pub on: NaiveDate,
    /// The moment the acquirer (or the signature) gave it.
    pub at: DateTime<Utc>,
    /// What it did.
    pub kind: OperationKind,
    /// How much money moved; zero for a prolongation.
    pub amount: Kopecks,
    /// Where a payment went, in the legal order.
    pub parts: Vec<Part>,
    /// The card it went by, or how long a prolongation is.
    pub title: String,
}

/// A step of the loan's way, past or coming.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// filed, approved, signed, cooled, issued, reported, payment, prolonged, due, overdue, closed, `reported_closed`.
    pub code: &'static str,
    /// The moment, for what has happened at a moment.
    pub at: Option<DateTime<Utc>>,
    /// The date, for what belongs to a date.
    pub on: Option<NaiveDate>,
    /// Whether it has happened.
    pub done: bool,
    /// The money of it, if any.
    pub amount: Option<Kopecks>,
}

/// Whether the loan can be prolonged today, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// It can.
    pub can: bool,
    /// Why not.
    pub reason: Option<ProlongationRefusal>,
    /// The shortest prolongation.
    pub min_days: u32,
    /// The longest.
    pub max_days: u32,
    /// How many are left this year.
    pub left: u32,
    /// The last day of the window; none when it never closes.
    pub until: Option<NaiveDate>,
}

/// A document that can be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLink {
    /// What [`crate::document::view`] takes.
    pub code: String,
    /// The locale key of its title.
    pub title_key: String,
    /// SHA-256 of its exact text.
    pub hash: String,
    /// When it was signed or made.
    pub at: DateTime<Utc>,
}

/// What would close the loan at the end of a day if nothing more were paid before, and what that consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebtOn {
    /// The day.
    pub on: NaiveDate,
    /// Principal.
    pub principal: Kopecks,
    /// Interest.
    pub interest: Kopecks,
    /// Penalty.
    pub penalty: Kopecks,
    /// All of it.
    pub payoff: Kopecks,
}

/// Everything the loan page shows.
#[derive(Debug, Clone)]
pub struct LoanView {
    /// Its id.
    pub id: LoanId,
    /// The contract's number.
    pub number: String,
    /// The product's title.
    pub product_title: String,
    /// Its contract.
    pub contract: ContractId,
    /// The frozen terms.
    pub terms: Terms,
    /// The debt on the asked date.
    pub state: LoanState,
    /// The business date now.
    pub today: NaiveDate,
    /// The debt by days, from the first to a week past the next date, for drawing; empty when closed.
    pub curve: Vec<DebtOn>,
    /// What was posted, oldest first.
    pub operations: Vec<Operation>,
    /// The way so far and to come.
    pub timeline: Vec<Milestone>,
    /// The ways on, compared in money; empty when closed.
    pub paths: Vec<Path>,
    /// The unfinished payment, if any.
    pub open_payment: Option<PaymentView>,
    /// Whether it can be prolonged; none when the product has no prolongation.
    pub prolong: Option<Availability>,
    /// Documents, oldest first.
    pub documents: Vec<DocumentLink>,
    /// What was reported to the credit bureau, with the moment.
    pub reported: Vec<(String, DateTime<Utc>)>,
    /// The refundable surplus.
    pub overpaid: Kopecks,
    /// Money that waits to be used, of a lender whose payments go through a balance.
    pub balance: Option<BalanceView>,
    /// The highest rate that may still run; none of a loan whose price is no rate, and of a closed one.
    pub rate: Option<Rate>,
}
