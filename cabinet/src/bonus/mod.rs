//! Bonuses: earned by paying well, spent on interest, gone after their last day. One bonus is one rouble; sums are
//! kopecks.
//!
//! The bonuses have a double-entry journal of their own ([`book`]), for they are no money: nobody paid for them and
//! nothing pays them out. Spending them is the lender giving up interest (`lending`'s `Discount`): the loan and
//! the journal of money know it as that, and what the one journal calls spent the other calls discounts.

mod anyway;
mod book;
mod daily;
mod earn;
mod friends;
mod ring;
mod spend;
mod view;

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;

use crate::Cabinet;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::BorrowerId;

pub use anyway::{ask_anyway, decide_anyway, may_be_two};
pub(crate) use book::forfeit;
pub use book::{Books, Kind, books, costs};
pub use daily::daily;
pub(crate) use earn::settled;
pub use friends::{
    InvitationState, Invited, RefusedInvitation, came, invited, keep_code, kept_code, refusals,
};
pub use spend::spend;
pub use view::{at_stake, history, view};

/// A prize of a draw that is bonuses, in the transaction that accepts it. The same prize again changes nothing.
pub(crate) async fn prize(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    amount: Kopecks,
    prize: &str,
) -> Result<()> {
    let new = book::New {
        borrower,
        kind: Kind::Prize,
        amount,
        reference: format!("prize:{prize}"),
        loan: None,
    };
    book::give(tx, cab, new).await.map(drop)
}

/// What a borrower has, and what became of what they had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BonusView {
    /// What can be spent today.
    pub balance: Kopecks,
    /// What ends first, with its last day.
    pub ends: Option<(NaiveDate, Kopecks)>,
    /// Everything that happened, the newest first.
    pub entries: Vec<EntryView>,
    /// Loans whose interest can be paid with bonuses.
    pub loans: Vec<Spendable>,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryView {
    /// What it was.
    pub kind: Kind,
    /// How much, above zero.
    pub amount: Kopecks,
    /// The contract's number of the loan it belongs to.
    pub number: Option<String>,
    /// When it was booked.
    pub at: DateTime<Utc>,
    /// The last day, of bonuses that were given.
    pub last_day: Option<NaiveDate>,
}

/// An open loan of somebody with bonuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spendable {
    /// The loan.
    pub loan: crate::LoanId,
    /// Its contract's number.
    pub number: String,
    /// Its unpaid interest today.
    pub interest: Kopecks,
    /// The most that bonuses pay of it today.
    pub most: Kopecks,
    /// Why nothing can be spent: `bonus_no_interest`, `bonus_share`, `payment_open`.
    pub refused: Option<&'static str>,
}
