//! Posting taken money: by the legal order, on the business date of the moment the acquirer took
//! it, once.

use chrono::{DateTime, NaiveDate, Utc};
use lending::ledger::post_top_up;
use lending::{Keep, Kopecks, LoanState, Status};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::entity::payment;
use super::posting::{Posted, Receipt, on_account, post};
use super::start::{HOLD, PAYOFF, REPAY};
use super::told::{Told, announce};
use super::{PayStatus, quote};
use crate::balance::{self, Wish};
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::ids::ProlongationId;
use crate::ledger::{self, JournalEntry};
use crate::loan::OperationKind;
use crate::loan::entity::{loan, operation};
use crate::loan::history::{self, History, keep_of};
use crate::loan::stored::{date, id, ms};
use crate::prolongation::rules_of;
use crate::prolongation::settle::{
    Judged, accept, accept_quote, effective, judge, others, stale, take_effect,
};
use crate::{Cabinet, adjustment, agent, bonus, service};

/// Posts a payment the acquirer has taken. Its remote id is the unique reference: a second call
/// changes nothing.
pub(crate) async fn settle(
    tx: &Tx,
    cab: &Cabinet,
    row: payment::Model,
    remote_id: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let mut history = history::lock(tx, cab, id(&row.loan)?).await?;
    if !history.posted(remote_id) {
        let before = history.row.closed_on.clone();
        let day = quote::honoured(tx, cab, &row, at).await?;
        let on = day.max(date(&history.row.opened_on)?);
        let receipt = Receipt {
            on,
            at,
            amount: Kopecks::new(row.amount),
            fee: Kopecks::ZERO,
            reference: remote_id.to_owned(),
            title: row.card_title.clone().unwrap_or_default(),
            keep: keep_of(row.keep.as_deref())?,
        };
        let service = service::pays(&row);
        let balance = !service && (cab.lender().payment.by_balance() || history.on_balance());
        let (posted, moved) = if service {
            (buy(tx, cab, &mut history, &row, receipt).await?, false)
        } else if balance {
            top_up(tx, cab, &mut history, &row, receipt).await?
        } else {
            directly(tx, cab, &mut history, &row, receipt).await?
        };
        let state = snapshot(tx, cab, &history, posted.on, posted.days_overdue_before).await?;
        let told = Told {
            on: posted.on,
            amount: posted.amount,
            overpaid: posted.overpaid,
            waits: balance && row.assign.as_deref().is_none_or(|assign| assign == HOLD),
            state: &state,
            closed: state.status == Status::Closed && before.is_none(),
            moved,
            occasion: remote_id,
        };
        if service {
            service::bought(tx, cab, &history, &row, posted.on, at).await?;
        } else {
            announce(tx, cab, &history, &told).await?;
        }
    }
    let mut update: payment::ActiveModel = row.into();
    update.status = Set(PayStatus::Succeeded);
    update.taken_at = Set(Some(ms(at)));
    update.changed_at = Set(ms(cab.now()));
    update.confirmation_url = Set(None);
    update.poll_at = Set(None);
    update.update(tx).await?;
    Ok(())
}

/// The money is the price of a service and repays nothing; in balance mode too it passes the balance by.
async fn buy(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    row: &payment::Model,
    mut receipt: Receipt,
) -> Result<Posted> {
    receipt.fee = Kopecks::new(row.amount);
    post(tx, cab, history, receipt).await
}

/// The money repays at once. Answers also whether it moved the due date.
async fn directly(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    row: &payment::Model,
    mut receipt: Receipt,
) -> Result<(Posted, bool)> {
    let judged = judge(tx, cab, history, row, receipt.on, receipt.amount).await?;
    let at = receipt.at;
    receipt.fee = judged.as_ref().map_or(Kopecks::ZERO, Judged::fee);
    let posted = post(tx, cab, history, receipt).await?;
    let moved = match judged {
        Some(Judged::Effective {
            prolongation, days, ..
        }) => take_effect(tx, cab, history, prolongation, days, posted.on, at).await?,
        Some(Judged::Stale { prolongation }) => {
            stale(tx, prolongation).await?;
            false
        }
        None => false,
    };
    Ok((posted, moved))
}

/// The money is put on the balance, and used for what its owner said it was for.
async fn top_up(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    row: &payment::Model,
    receipt: Receipt,
) -> Result<(Posted, bool)> {
    let (on, amount) = (receipt.on, receipt.amount);
    let today = cab.today().max(on);
    let days_overdue_before = history.state(on)?.days_overdue;
    let there = history.left_on(on)? + amount;
    let judged = judge(tx, cab, history, row, on, there).await?;
    let keep = receipt.keep;
    if matches!(judged, Some(Judged::Effective { .. })) {
        balance::keep_due(tx, cab, history, on).await?;
    }
    insert_top_up(tx, cab, history, receipt).await?;
    let wish = match &judged {
        Some(Judged::Effective {
            prolongation, days, ..
        }) => Some(prolonging(tx, cab, history, *prolongation, *days).await?),
        Some(Judged::Stale { prolongation }) => {
            stale(tx, *prolongation).await?;
            None
        }
        None => repaying(history, row, on, keep)?,
    };
    match wish {
        Some(wish) => balance::place(tx, cab, history, on, wish).await.map(drop)?,
        None => balance::sync(tx, cab, history).await?,
    }
    let moved = matches!(judged, Some(Judged::Effective { .. }));
    if let Some(Judged::Effective { prolongation, .. }) = judged {
        effective(tx, prolongation, on).await?;
    }
    let state = history.state(today)?;
    let posted = Posted {
        on,
        amount,
        overpaid: history.surplus(&state),
        days_overdue_before,
    };
    Ok((posted, moved))
}

/// Money that names a loan and came past the acquirer: put on the balance and used to repay at once,
/// because its sender wrote what it is for.
pub(super) async fn put_on_balance(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    receipt: Receipt,
) -> Result<Posted> {
    let (on, amount) = (receipt.on, receipt.amount);
    let days_overdue_before = history.state(on)?.days_overdue;
    insert_top_up(tx, cab, history, receipt).await?;
    let (payoff, left) = (history.state(on)?.payoff, history.left_on(on)?);
    if payoff.is_positive() && left.is_positive() {
        let sum = (amount < payoff || left < payoff).then_some(amount.min(left));
        let wish = Wish::Repay {
            amount: sum,
            keep: None,
        };
        balance::place(tx, cab, history, on, wish).await.map(drop)?;
    } else {
        balance::sync(tx, cab, history).await?;
    }
    let state = history.state(cab.today().max(on))?;
    Ok(Posted {
        on,
        amount,
        overpaid: history.surplus(&state),
        days_overdue_before,
    })
}

async fn insert_top_up(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    receipt: Receipt,
) -> Result<()> {
    let operation = operation::ActiveModel {
        id: Set(cab.fresh_id().to_string()),
        loan: Set(history.row.id.clone()),
        seq: Set(history.next_seq()),
        kind: Set(OperationKind::TopUp),
        on_date: Set(receipt.on.to_string()),
        at: Set(ms(receipt.at)),
        amount: Set(receipt.amount.get()),
        fee: Set(0),
        days: Set(None),
        parts: Set("[]".to_owned()),
        overpaid: Set(0),
        title: Set(receipt.title),
        reference: Set(receipt.reference.clone()),
        keep: Set(None),
        rate: Set(None),
    };
    history.push(operation.insert(tx).await?)?;
    let entry = JournalEntry {
        kind: "top_up".to_owned(),
        loan: Some(id(&history.row.id)?),
        reference: format!("payment:{}", receipt.reference),
        business_date: receipt.on,
        postings: on_account(post_top_up(receipt.amount), &receipt.reference),
    };
    ledger::post(tx, cab, entry)
}

/// What a payment that tops the balance up is for.
fn repaying(
    history: &History,
    row: &payment::Model,
    on: NaiveDate,
    keep: Option<Keep>,
) -> Result<Option<Wish>> {
    let (payoff, left) = (history.state(on)?.payoff, history.left_on(on)?);
    if !payoff.is_positive() || !left.is_positive() {
        return Ok(None);
    }
    let asked = match row.assign.as_deref() {
        Some(PAYOFF) => payoff,
        Some(REPAY) => Kopecks::new(row.assign_sum.unwrap_or(row.amount)),
        _ => return Ok(None),
    };
    // Never an order that waits for money nobody has promised.
    let amount = (asked < payoff || left < payoff).then_some(asked.min(left));
    Ok(Some(Wish::Repay { amount, keep }))
}

/// The order of an agreement whose price is on the balance.
async fn prolonging(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    prolongation: ProlongationId,
    days: u32,
) -> Result<Wish> {
    let rules = rules_of(cab, history).ok_or(CabinetError::Conflict("no_prolongation"))?;
    let past = others(tx, history).await?;
    Ok(Wish::Prolong {
        days,
        rules,
        past,
        prolongation,
    })
}

/// An agreement whose price the balance has already: it takes effect with its signature.
pub(crate) async fn prolong_from_balance(
    tx: &Tx,
    cab: &Cabinet,
    mut history: History,
    prolongation: ProlongationId,
    days: u32,
) -> Result<()> {
    let on = cab.today();
    balance::keep_due(tx, cab, &mut history, on).await?;
    accept_quote(tx, cab, &history, on, days).await?;
    let wish = prolonging(tx, cab, &history, prolongation, days).await?;
    balance::place(tx, cab, &mut history, on, wish).await?;
    effective(tx, prolongation, on).await?;
    prolonged_without_money(tx, cab, &history, prolongation, on).await
}

/// A prolongation that costs nothing that day (a first loan at 0 %) takes effect with its
/// signature.
pub(crate) async fn prolong_free(
    tx: &Tx,
    cab: &Cabinet,
    mut history: History,
    prolongation: ProlongationId,
    days: u32,
) -> Result<()> {
    let (on, at) = (cab.today(), cab.now());
    accept(tx, cab, &history, on, days).await?;
    take_effect(tx, cab, &mut history, prolongation, days, on, at).await?;
    prolonged_without_money(tx, cab, &history, prolongation, on).await
}

/// The end of a prolongation that no payment came with: the snapshot, and a word to the borrower.
async fn prolonged_without_money(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    prolongation: ProlongationId,
    on: NaiveDate,
) -> Result<()> {
    let state = snapshot(tx, cab, history, on, 0).await?;
    let told = Told {
        on,
        amount: Kopecks::ZERO,
        overpaid: Kopecks::ZERO,
        waits: false,
        state: &state,
        closed: false,
        moved: true,
        occasion: &prolongation.to_string(),
    };
    announce(tx, cab, history, &told).await
}

/// Writes the loan's snapshot if nobody has since it was read; the version is the proof.
pub(crate) async fn snapshot(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    on: NaiveDate,
    days_overdue: u32,
) -> Result<LoanState> {
    let row = &history.row;
    let as_of = cab.today().max(on);
    let state = history.state(as_of)?;
    agent::followed(tx, cab, history, &state).await?;
    let status = match state.status {
        Status::Active => "active",
        Status::Overdue => "overdue",
        Status::Closed => "closed",
    };
    let worst = row.max_days_overdue.max(i64::from(days_overdue));
    let closed_at = state
        .closed_on
        .map(|_| row.closed_at.unwrap_or_else(|| cab.now_ms()));
    let overpaid = history.surplus(&state);
    let written = loan::Entity::update_many()
        .col_expr(
            loan::Column::Version,
            Expr::value(row.version.saturating_add(1)),
        )
        .col_expr(loan::Column::Status, Expr::value(status))
        .col_expr(loan::Column::AsOf, Expr::value(as_of.to_string()))
        .col_expr(loan::Column::Principal, Expr::value(state.principal.get()))
        .col_expr(loan::Column::Interest, Expr::value(state.interest.get()))
        .col_expr(loan::Column::Penalty, Expr::value(state.penalty.get()))
        .col_expr(loan::Column::PaidTotal, Expr::value(state.paid_total.get()))
        .col_expr(loan::Column::Overpaid, Expr::value(overpaid.get()))
        .col_expr(loan::Column::MaxDaysOverdue, Expr::value(worst))
        .col_expr(
            loan::Column::NextDue,
            Expr::value(state.next_payment.map(|next| text(next.0))),
        )
        .col_expr(loan::Column::Due, Expr::value(text(state.due)))
        .col_expr(
            loan::Column::ClosedOn,
            Expr::value(state.closed_on.map(text)),
        )
        .col_expr(loan::Column::ClosedAt, Expr::value(closed_at))
        .filter(loan::Column::Id.eq(&row.id))
        .filter(loan::Column::Version.eq(row.version))
        .exec(tx)
        .await?;
    if written.rows_affected != 1 {
        return Err(CabinetError::internal(format!(
            "loan {}: another version",
            row.id
        )));
    }
    adjustment::settled(tx, cab, history).await?;
    bonus::settled(tx, cab, history, &state, worst).await?;
    Ok(state)
}

fn text(date: NaiveDate) -> String {
    date.to_string()
}
