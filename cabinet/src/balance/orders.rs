//! What a borrower asks to do with the balance.

use lending::{Keep, Kopecks, ProlongationRules, Status};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::OrderKind;
use super::book::keep_name;
use super::entity::order;
use super::sync::sync;
use crate::Cabinet;
use crate::db::Tx;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, LoanId, ProlongationId, RefundId};
use crate::loan::history::History;
use crate::loan::once::once;
use crate::loan::stored::{json, ms};
use crate::payment;

/// An order to be written.
pub(crate) enum Wish {
    /// Repay; all of the debt without an amount.
    Repay {
        amount: Option<Kopecks>,
        keep: Option<Keep>,
    },
    /// Pay the price of an agreement and move the due date.
    Prolong {
        days: u32,
        rules: ProlongationRules,
        past: Vec<(chrono::NaiveDate, u32)>,
        prolongation: ProlongationId,
    },
    /// Send back to the owner.
    Return { amount: Kopecks, refund: RefundId },
}

/// «Погасить»: repays with what is on the balance, today: `amount` of it, or all that is owed and
/// there. The same key does it once.
///
/// Errors: field `amount`; `Conflict("loan_closed")`, `Conflict("balance_empty")`,
/// `Conflict("key_reused")`; `NotFound`.
pub async fn repay(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    amount: Option<Kopecks>,
    key: Uuid,
) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let ours = once(tx, &cabinet, "balance", (borrower, loan), amount, key).await?;
                let Some((mut history, key)) = ours else {
                    return Ok(());
                };
                let today = cabinet.today().max(history.terms.schedule.start);
                let before = history.state(today)?;
                let amount = how_much(&history, before.payoff, before.status, amount)?;
                let wish = Wish::Repay { amount, keep: None };
                let order = place(tx, &cabinet, &mut history, today, wish).await?;
                let all = history.state(today)?;
                let told = amount.unwrap_or(before.payoff);
                payment::debited(tx, &cabinet, &history, told, &order, &before, &all).await?;
                key.done(tx, &order).await
            })
        })
        .await
}

/// What to debit: nothing named closes the loan when there is enough, and takes all there is
/// otherwise.
fn how_much(
    history: &History,
    payoff: Kopecks,
    status: Status,
    amount: Option<Kopecks>,
) -> Result<Option<Kopecks>> {
    let left = history.left();
    if status == Status::Closed {
        return Err(CabinetError::Conflict("loan_closed"));
    }
    if !left.is_positive() {
        return Err(CabinetError::Conflict("balance_empty"));
    }
    match amount {
        None => Ok((left < payoff).then_some(left)),
        Some(sum) if !sum.is_positive() => Err(CabinetError::field("amount", "amount_invalid")),
        Some(sum) if sum > left.min(payoff) => {
            let error = FieldError::new("amount", "amount_above_balance");
            let error = error.with("max", left.min(payoff));
            Err(CabinetError::Fields(vec![error]))
        }
        Some(sum) => Ok(Some(sum)),
    }
}

/// What the balance has paid on a day because it was due stays paid: an order of its own stands for it, ahead of one
/// that moves the date, after which nothing would have been due that day.
pub(crate) async fn keep_due(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    on: chrono::NaiveDate,
) -> Result<()> {
    let entries = history.book().into_iter().flat_map(|book| &book.entries);
    let due = entries.filter(|entry| entry.on == on && entry.movement == lending::Movement::Due);
    let paid: Kopecks = due.map(|entry| entry.amount).sum();
    if paid.is_positive() {
        let wish = Wish::Repay {
            amount: Some(paid),
            keep: None,
        };
        place(tx, cab, history, on, wish).await?;
    }
    Ok(())
}

/// Writes an order down and carries out what the money reaches for; answers the order's id.
pub(crate) async fn place(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    on: chrono::NaiveDate,
    wish: Wish,
) -> Result<String> {
    let seq = order::Entity::find()
        .filter(order::Column::Loan.eq(&history.row.id))
        .count(tx)
        .await?;
    let mut row = order::Model {
        id: cab.fresh_id().to_string(),
        loan: history.row.id.clone(),
        seq: i64::try_from(seq).map_err(CabinetError::internal)?,
        kind: OrderKind::Repay,
        on_date: on.to_string(),
        at: ms(cab.now()),
        amount: None,
        keep: None,
        days: None,
        rules: None,
        past: None,
        prolongation: None,
        refund: None,
        cancelled_at: None,
    };
    match wish {
        Wish::Repay { amount, keep } => {
            row.amount = amount.map(Kopecks::get);
            row.keep = keep.map(|keep| keep_name(keep).to_owned());
        }
        Wish::Prolong {
            days,
            rules,
            past,
            prolongation,
        } => {
            row.kind = OrderKind::Prolong;
            row.days = Some(i64::from(days));
            row.rules = Some(json(&rules)?);
            row.past = Some(json(&past)?);
            row.prolongation = Some(prolongation.to_string());
        }
        Wish::Return { amount, refund } => {
            row.kind = OrderKind::Return;
            row.amount = Some(amount.get());
            row.refund = Some(refund.to_string());
        }
    }
    let id = row.id.clone();
    order::ActiveModel::from(row.clone())
        .reset_all()
        .insert(tx)
        .await?;
    history.order(row)?;
    sync(tx, cab, history).await?;
    Ok(id)
}

/// The refund of a return came to nothing: its money is on the balance again.
pub(crate) async fn cancel_return(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    refund: &str,
) -> Result<()> {
    let found = order::Entity::find()
        .filter(order::Column::Refund.eq(refund))
        .filter(order::Column::CancelledAt.is_null())
        .one(tx)
        .await?;
    let Some(row) = found else { return Ok(()) };
    let id = row.id.clone();
    let mut update: order::ActiveModel = row.into();
    update.cancelled_at = Set(Some(ms(cab.now())));
    update.update(tx).await?;
    history.without_order(&id)?;
    sync(tx, cab, history).await
}
