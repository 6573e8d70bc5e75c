//! What is said after a posting: to the borrower, and to the credit bureau.

use chrono::NaiveDate;
use lending::{Kopecks, LoanState, Status};

use super::settle::snapshot;
use crate::db::Tx;
use crate::document::phrase;
use crate::error::Result;
use crate::loan::history::History;
use crate::loan::stored::id;
use crate::notice::{self, Notice, Report};
use crate::{Cabinet, promotion};

/// What there is to say after a posting.
pub(super) struct Told<'a> {
    pub on: NaiveDate,
    pub amount: Kopecks,
    pub overpaid: Kopecks,
    pub state: &'a LoanState,
    pub closed: bool,
    pub moved: bool,
    /// It stands on the balance and repays nothing yet.
    pub waits: bool,
    /// The acquirer's id, or our own of a prolongation without money.
    pub occasion: &'a str,
}

pub(super) async fn announce(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    told: &Told<'_>,
) -> Result<()> {
    let borrower = id(&history.row.borrower)?;
    let loan = id(&history.row.id)?;
    let state = told.state;
    let mut kinds = Vec::new();
    if told.amount.is_positive() && !told.waits {
        kinds.push(("payment", told.amount));
    }
    if told.moved {
        kinds.push(("prolonged", Kopecks::ZERO));
    }
    if told.closed {
        kinds.push(("closed", state.paid_total));
    }
    for (kind, amount) in kinds {
        let occasion = told.occasion.to_owned();
        let debt = state.payoff;
        let report = Report {
            borrower,
            loan,
            kind,
            occasion,
            on: told.on,
            amount,
            debt,
        };
        notice::report(tx, cab, report).await?;
    }
    if told.closed {
        promotion::earned(tx, cab, borrower).await?;
    }
    let words = notice::words_of(tx, cab, borrower).await?;
    let kind = match (told.closed, told.moved, told.overpaid.is_positive()) {
        (true, _, _) => "closed",
        (_, true, _) if told.amount.is_zero() => "prolonged_free",
        (_, true, _) => "prolonged",
        _ if told.waits => "topped_up",
        (_, _, true) => "payment_surplus",
        _ => "payment",
    };
    let next = state.next_payment.map_or(state.due, |next| next.0);
    notice::tell(
        tx,
        cab,
        Notice {
            borrower,
            object: history.row.id.clone(),
            kind,
            occasion: told.occasion.to_owned(),
            args: vec![
                ("amount", told.amount.to_string()),
                ("left", state.payoff.to_string()),
                ("overpaid", told.overpaid.to_string()),
                ("date", phrase::day(words, next)),
            ],
        },
    )
    .await
}

/// The balance paid: the snapshot, and a word about it.
pub(crate) async fn debited(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    amount: Kopecks,
    occasion: &str,
    before: &LoanState,
    after: &LoanState,
) -> Result<()> {
    let on = after.on;
    let state = snapshot(tx, cab, history, on, before.days_overdue).await?;
    let closed = state.status == Status::Closed && before.closed_on.is_none();
    let (loan, borrower) = (id(&history.row.id)?, id(&history.row.borrower)?);
    let mut kinds = vec![("payment", amount)];
    kinds.extend(closed.then_some(("closed", state.paid_total)));
    for (kind, amount) in kinds {
        let report = Report {
            borrower,
            loan,
            kind,
            occasion: occasion.to_owned(),
            on,
            amount,
            debt: state.payoff,
        };
        notice::report(tx, cab, report).await?;
    }
    if closed {
        promotion::earned(tx, cab, borrower).await?;
    }
    let words = notice::words_of(tx, cab, borrower).await?;
    let next = state.next_payment.map_or(state.due, |next| next.0);
    let notice = Notice {
        borrower,
        object: history.row.id.clone(),
        kind: if closed { "closed" } else { "debited" },
        occasion: occasion.to_owned(),
        args: vec![
            ("amount", amount.to_string()),
            ("left", state.payoff.to_string()),
            ("date", phrase::day(words, next)),
        ],
    };
    notice::tell(tx, cab, notice).await
}
