//! Money that came past the acquirer: it repays the loan it names in the legal order, on the day it
//! came.

use chrono::{DateTime, NaiveDate, Utc};
use lending::{Kopecks, Status};

use super::posting::{Receipt, post};
use super::settle::{put_on_balance, snapshot};
use super::told::{Told, announce};
use crate::Cabinet;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::LoanId;
use crate::loan::history;
use crate::loan::stored::date;

/// Money from a statement or a register.
pub(crate) struct Outside {
    pub loan: LoanId,
    /// The day the bank states.
    pub on: NaiveDate,
    pub at: DateTime<Utc>,
    pub amount: Kopecks,
    /// Unique: the same money is not posted twice.
    pub reference: String,
    pub title: String,
}

/// Posts it once; more than is owed becomes a surplus that can be given back.
pub(crate) async fn receive(tx: &Tx, cab: &Cabinet, outside: Outside) -> Result<()> {
    let mut history = history::lock(tx, cab, outside.loan).await?;
    if history.posted(&outside.reference) {
        return Ok(());
    }
    let before = history.row.closed_on.clone();
    let receipt = Receipt {
        on: outside.on.max(date(&history.row.opened_on)?),
        at: outside.at,
        amount: outside.amount,
        fee: Kopecks::ZERO,
        reference: outside.reference.clone(),
        title: outside.title,
        keep: None,
    };
    let posted = if cab.lender().payment.by_balance() || history.on_balance() {
        put_on_balance(tx, cab, &mut history, receipt).await?
    } else {
        post(tx, cab, &mut history, receipt).await?
    };
    let state = snapshot(tx, cab, &history, posted.on, posted.days_overdue_before).await?;
    let told = Told {
        on: posted.on,
        amount: posted.amount,
        overpaid: posted.overpaid,
        state: &state,
        closed: state.status == Status::Closed && before.is_none(),
        moved: false,
        waits: false,
        occasion: &outside.reference,
    };
    announce(tx, cab, &history, &told).await
}
