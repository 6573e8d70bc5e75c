//! What a posting means for bonuses: earned by interest paid with money and by a loan repaid on time, given back when
//! news that came late left less interest than was given up. Everything is computed from the loan as it is now, so
//! it does not matter in which order the news came, or how often.

use lending::{Applied, Claim, ClosedBy, Event, Kopecks, LoanState, Part, Posting};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::book::{self, Kind, New};
use super::friends;
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::history::{History, broken};
use crate::loan::stored::{date, id, json, read};
use crate::payment;

/// Whatever was posted on a loan, in its transaction.
pub(crate) async fn settled(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    state: &LoanState,
    worst_delay: i64,
) -> Result<()> {
    shrink(tx, cab, history).await?;
    let Some(rules) = &cab.lender().bonus else {
        return Ok(());
    };
    let (borrower, loan) = (id(&history.row.borrower)?, history.row.id.as_str());
    let paid = interest_paid(history)?;
    let earned = rules.of_interest(paid).less(given(tx, loan).await?);
    if earned.is_positive() {
        let new = New {
            borrower,
            kind: Kind::Interest,
            amount: earned,
            reference: format!("interest:{loan}:{paid}", paid = paid.get()),
            loan: Some(loan),
        };
        book::give(tx, cab, new).await?;
    }
    if paid.is_positive() {
        friends::paid(tx, cab, borrower).await?;
    }
    let lasted = match state.closed_on {
        // A debt that was written off was not repaid.
        Some(on) if state.closed_by == Some(ClosedBy::Paid) => on - date(&history.row.opened_on)?,
        _ => return Ok(()),
    };
    let on_time = worst_delay == 0 && lasted.num_days() >= i64::from(rules.loan_days);
    if on_time && rules.loan_repaid().is_positive() {
        let new = New {
            borrower,
            kind: Kind::Loan,
            amount: rules.loan_repaid(),
            reference: format!("loan:{loan}"),
            loan: Some(loan),
        };
        book::give(tx, cab, new).await?;
    }
    Ok(())
}

/// Interest of a loan paid with money.
pub(super) fn interest_paid(history: &History) -> Result<Kopecks> {
    let mut paid = Kopecks::ZERO;
    for row in &history.operations {
        if matches!(row.kind, OperationKind::Payment | OperationKind::Debit) {
            let parts: Vec<Part> = read(&row.parts)?;
            paid += of_interest(&parts);
        }
    }
    Ok(paid)
}

fn of_interest(parts: &[Part]) -> Kopecks {
    let interest = |part: &&Part| matches!(part.claim, Claim::Interest | Claim::OverdueInterest);
    parts.iter().filter(interest).map(|part| part.amount).sum()
}

/// What was given for the interest of a loan so far.
async fn given(tx: &Tx, loan: &str) -> Result<Kopecks> {
    let row = sql::one(
        tx,
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS given FROM bonus_entry \
         WHERE loan = $1 AND kind = 'interest'",
        vec![loan.into()],
    )
    .await?;
    row.map_or(Ok(0), |row| sql::get(&row, "given"))
        .map(Kopecks::new)
}

/// Money of an earlier day may have paid the interest that bonuses had paid: these come back to their owner, and
/// both journals say so.
async fn shrink(tx: &Tx, cab: &Cabinet, history: &History) -> Result<()> {
    for given in history.given_up(OperationKind::Discount)? {
        let (Event::Discount { on, amount }, row) = (given.event, given.row) else {
            continue;
        };
        let applied = lending::apply_discount(&history.terms, &given.earlier, on, amount);
        let applied = applied.map_err(broken)?;
        if applied.overpaid.is_positive() {
            give_back(tx, cab, history, row, &applied).await?;
        }
    }
    Ok(())
}

async fn give_back(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    row: &operation::Model,
    applied: &Applied,
) -> Result<()> {
    let old = Applied {
        parts: read(&row.parts)?,
        ..applied.clone()
    };
    let reversal = lending::ledger::post_discount(&old).into_iter();
    let mut postings: Vec<Posting> = reversal
        .map(|posting| Posting {
            debit: posting.credit,
            credit: posting.debit,
            ..posting
        })
        .collect();
    postings.extend(lending::ledger::post_discount(applied));
    let left = Kopecks::new(row.amount) - applied.overpaid;
    let reference = format!("reallocation:{}:{}", row.reference, left.get());
    let on = date(&row.on_date)?;
    payment::journal(tx, cab, history, "reallocation", reference, on, postings)?;
    let mut update: operation::ActiveModel = row.clone().into();
    update.amount = Set(left.get());
    update.parts = Set(json(&applied.parts)?);
    update.update(tx).await?;
    let new = New {
        borrower: id(&history.row.borrower)?,
        kind: Kind::Returned,
        amount: applied.overpaid,
        reference: format!("returned:{}:{}", row.id, left.get()),
        loan: Some(&history.row.id),
    };
    book::give(tx, cab, new).await.map(drop)
}
