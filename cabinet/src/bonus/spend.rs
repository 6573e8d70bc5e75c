//! Paying interest with bonuses: the lender gives the interest up, on the loan, in the journal of money and in the
//! journal of bonuses by one transaction.

use lending::ledger::post_discount;
use lending::{Kopecks, LoanState, Status};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::Spendable;
use super::book::{self, Kind, New};
use super::earn::interest_paid;
use crate::db::Tx;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, LoanId};
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::history::{History, broken};
use crate::loan::once::once;
use crate::loan::stored::{id, json};
use crate::notice::{self, Notice, Report};
use crate::{Cabinet, balance, payment};

/// Pays interest of a loan with bonuses, today: so much, or as much as there is of both. The same key does it once.
///
/// Errors: field `amount`; `Conflict`: `loan_closed`, `bonus_none`, `bonus_no_interest`, `bonus_share`,
/// `payment_open`, `key_reused`; `NotFound`, also of a lender without bonuses.
pub async fn spend(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    amount: Option<Kopecks>,
    key: Uuid,
) -> Result<()> {
    if cab.lender().bonus.is_none() {
        return Err(CabinetError::NotFound);
    }
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let ours = once(tx, &cabinet, "bonus", (borrower, loan), amount, key).await?;
                let Some((mut history, key)) = ours else {
                    return Ok(());
                };
                let today = cabinet.today().max(history.terms.schedule.start);
                let before = history.state(today)?;
                if before.status == Status::Closed {
                    return Err(CabinetError::Conflict("loan_closed"));
                }
                let there = book::balance_on(tx, borrower, cabinet.today()).await?;
                if there.is_zero() {
                    return Err(CabinetError::Conflict("bonus_none"));
                }
                let offered = offer(tx, &cabinet, &history, &before, there).await?;
                let amount = how_much(&offered, amount)?;
                let done = give_up(tx, &cabinet, &mut history, &before, amount).await?;
                key.done(tx, &done).await
            })
        })
        .await
}

fn how_much(offered: &Spendable, asked: Option<Kopecks>) -> Result<Kopecks> {
    if let Some(code) = offered.refused {
        return Err(CabinetError::Conflict(code));
    }
    match asked {
        None => Ok(offered.most),
        Some(sum) if !sum.is_positive() => Err(CabinetError::field("amount", "amount_invalid")),
        Some(sum) if sum > offered.most => {
            let error = FieldError::new("amount", "amount_above_bonus");
            let error = error.with("max", offered.most);
            Err(CabinetError::Fields(vec![error]))
        }
        Some(sum) => Ok(sum),
    }
}

/// What bonuses pay of a loan that is open. A payment under way names a sum that was promised for it, so it goes
/// first.
pub(super) async fn offer(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    history: &History,
    state: &LoanState,
    there: Kopecks,
) -> Result<Spendable> {
    let loan: LoanId = id(&history.row.id)?;
    let rules = cab.lender().bonus.as_ref();
    let accrued = state.interest + interest_paid(history)? + state.forgiven;
    let share = rules.map_or(Kopecks::ZERO, |rules| rules.payable(accrued));
    let share = share.less(state.forgiven);
    let refused = if under_way(conn, loan).await? {
        Some("payment_open")
    } else if state.interest.is_zero() {
        Some("bonus_no_interest")
    } else if share.is_zero() {
        Some("bonus_share")
    } else {
        None
    };
    Ok(Spendable {
        loan,
        number: history.row.number.clone(),
        interest: state.interest,
        most: there.min(state.interest).min(share),
        refused,
    })
}

async fn under_way(conn: &impl ConnectionTrait, loan: LoanId) -> Result<bool> {
    use payment::PayStatus::{Created, Unknown, Waiting};
    use payment::entity::payment::{Column, Entity};
    let open = Entity::find()
        .filter(Column::Loan.eq(loan.to_string()))
        .filter(Column::Status.is_in([Created, Waiting, Unknown]))
        .one(conn)
        .await?;
    Ok(open.is_some())
}

/// Answers the operation's id.
async fn give_up(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    before: &LoanState,
    amount: Kopecks,
) -> Result<String> {
    let (loan, borrower) = (id(&history.row.id)?, id(&history.row.borrower)?);
    let events = history.events()?;
    let applied = lending::apply_discount(&history.terms, &events, before.on, amount);
    let applied = applied.map_err(broken)?;
    if !applied.overpaid.is_zero() {
        return Err(CabinetError::internal("more given up than is owed"));
    }
    let operation = cab.fresh_id().to_string();
    let new = New {
        borrower,
        kind: Kind::Spent,
        amount,
        reference: format!("spent:{operation}"),
        loan: Some(&history.row.id),
    };
    book::take(tx, cab, new).await?;
    let row = operation::ActiveModel {
        id: Set(operation.clone()),
        loan: Set(history.row.id.clone()),
        seq: Set(history.next_seq()),
        kind: Set(OperationKind::Discount),
        on_date: Set(before.on.to_string()),
        at: Set(cab.now_ms()),
        amount: Set(amount.get()),
        fee: Set(0),
        days: Set(None),
        parts: Set(json(&applied.parts)?),
        overpaid: Set(0),
        title: Set(String::new()),
        reference: Set(format!("discount:{operation}")),
        keep: Set(None),
        rate: Set(None),
    };
    history.push(row.insert(tx).await?)?;
    let (kind, reference) = ("discount", format!("discount:{operation}"));
    let postings = post_discount(&applied);
    payment::journal(tx, cab, history, kind, reference, before.on, postings)?;
    if history.on_balance() {
        balance::sync(tx, cab, history).await?;
    }
    let after = payment::snapshot(tx, cab, history, before.on, before.days_overdue).await?;
    let closed = after.status == Status::Closed;
    if closed {
        let report = Report {
            borrower,
            loan,
            kind: "closed",
            occasion: operation.clone(),
            on: before.on,
            amount: after.paid_total,
            debt: after.payoff,
        };
        notice::report(tx, cab, report).await?;
    }
    let told = Notice {
        borrower,
        object: history.row.id.clone(),
        kind: if closed { "closed" } else { "bonus_spent" },
        occasion: operation.clone(),
        args: vec![
            ("amount", amount.to_string()),
            ("left", after.payoff.to_string()),
        ],
    };
    notice::tell(tx, cab, told).await?;
    Ok(operation)
}
