//! Asking for a surplus back.

use lending::Kopecks;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};
use uuid::Uuid;

use super::entity::refund;
use super::{RefundStatus, RefundView, Refunds};
use crate::Cabinet;
use crate::balance::{self, Wish};
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::idempotency::{self, Claim};
use crate::ids::{BorrowerId, LoanId, RefundId};
use crate::loan::history::{self, History};
use crate::loan::stored::{id, moment, ms};
use crate::outbox;
use crate::payment::entity::payment;
use crate::payment::{PayStatus, Purpose, next_look, snapshot};

/// Refunds whose money is still ours or on its way.
const LIVE: [RefundStatus; 4] = [
    RefundStatus::Review,
    RefundStatus::Asked,
    RefundStatus::Sent,
    RefundStatus::Unknown,
];

/// What a borrower's own loan can give back, and what it gave.
pub async fn view(cab: &Cabinet, borrower: BorrowerId, loan: LoanId) -> Result<Refunds> {
    let db = cab.db().read();
    let history = history::load(db, cab, borrower, loan).await?;
    let rows = of_loan(db, loan).await?;
    let surplus = surplus(cab, &history, &rows)?;
    let sources = sources(db, &history, &rows).await?;
    let there = sources
        .iter()
        .map(|(_, left)| *left)
        .sum::<Kopecks>()
        .min(surplus);
    let list = views(db, &rows).await?;
    Ok(Refunds {
        refundable: there,
        by_hand: surplus.less(there),
        reviewed: above_limit(cab, &rows, there),
        list,
    })
}

/// Asks for the whole surplus back, newest payment first. The same key answers with the first of
/// the same refunds.
///
/// Errors: `Conflict("nothing_to_refund")`; `Conflict("key_reused")`; `NotFound`.
pub async fn ask(cab: &Cabinet, borrower: BorrowerId, loan: LoanId, key: Uuid) -> Result<RefundId> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| Box::pin(async move { place(tx, &cabinet, borrower, loan, key).await }))
        .await
}

async fn place(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    key: Uuid,
) -> Result<RefundId> {
    let mut history = history::lock(tx, cab, loan).await?;
    if history.row.borrower != borrower.to_string() {
        return Err(CabinetError::NotFound);
    }
    let scope = format!("refund:{borrower}");
    let hash = idempotency::input_hash(&[&loan.to_string()]);
    if let Claim::Same(reference) = idempotency::claim(tx, cab, &scope, key, &hash).await? {
        return id(&reference);
    }
    let rows = of_loan(tx, loan).await?;
    let mut left = surplus(cab, &history, &rows)?;
    let sources = sources(tx, &history, &rows).await?;
    let there = sources.iter().map(|(_, sum)| *sum).sum::<Kopecks>();
    let reviewed = above_limit(cab, &rows, left.min(there));
    let mut first = None;
    for (payment, most) in sources {
        let amount = left.min(most);
        if !amount.is_positive() {
            continue;
        }
        left -= amount;
        let refund = RefundId(cab.fresh_id());
        write_down(tx, cab, &history, refund, &payment, amount, reviewed).await?;
        take_off(tx, cab, &mut history, refund, amount).await?;
        first = first.or(Some(refund));
    }
    let first = first.ok_or(CabinetError::Conflict("nothing_to_refund"))?;
    snapshot(tx, cab, &history, cab.today(), 0).await?;
    idempotency::store(tx, &scope, key, &first.to_string()).await?;
    Ok(first)
}

/// Money asked back is off the balance at once: no payment date takes it meanwhile.
async fn take_off(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    refund: RefundId,
    amount: Kopecks,
) -> Result<()> {
    let amount = amount.min(history.left());
    if !amount.is_positive() {
        return Ok(());
    }
    let on = cab.today().max(history.terms.schedule.start);
    let wish = Wish::Return { amount, refund };
    balance::place(tx, cab, history, on, wish).await.map(drop)
}

async fn write_down(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    refund: RefundId,
    payment: &str,
    amount: Kopecks,
    reviewed: bool,
) -> Result<()> {
    let now = cab.now();
    let status = if reviewed {
        RefundStatus::Review
    } else {
        RefundStatus::Asked
    };
    refund::ActiveModel {
        id: Set(refund.to_string()),
        loan: Set(history.row.id.clone()),
        borrower: Set(history.row.borrower.clone()),
        payment: Set(payment.to_owned()),
        amount: Set(amount.get()),
        status: Set(status),
        first_staff: Set(None),
        second_staff: Set(None),
        remote_id: Set(None),
        reason: Set(None),
        created_at: Set(ms(now)),
        sent_at: Set(None),
        changed_at: Set(ms(now)),
        done_at: Set(None),
        poll_at: Set((!reviewed).then(|| next_look(now, 0))),
        polls: Set(0),
        service: Set(None),
    }
    .insert(tx)
    .await?;
    if reviewed {
        return Ok(());
    }
    outbox::push(
        tx,
        cab,
        "refund",
        &refund.to_string(),
        serde_json::json!({}),
    )
    .await
}

/// What of a loan's surplus is neither sent back nor on its way.
fn surplus(cab: &Cabinet, history: &History, rows: &[refund::Model]) -> Result<Kopecks> {
    let today = cab.today().max(history.terms.schedule.start);
    let over = history.state(today)?.overpaid;
    let gone = history.refunded() + on_the_way(rows);
    Ok(history.left() + over.less(gone.less(history.returned())))
}

/// What is asked for and not posted yet.
fn on_the_way(rows: &[refund::Model]) -> Kopecks {
    let live = rows.iter().filter(|row| LIVE.contains(&row.status));
    live.map(|row| Kopecks::new(row.amount)).sum()
}

/// Whether the lender wants two people to look. What was asked for before counts too: a large sum
/// does not become small by being asked for in parts.
fn above_limit(cab: &Cabinet, rows: &[refund::Model], asked: Kopecks) -> bool {
    let gone =
        |row: &&refund::Model| !matches!(row.status, RefundStatus::Failed | RefundStatus::Declined);
    let before: Kopecks = rows
        .iter()
        .filter(gone)
        .map(|row| Kopecks::new(row.amount))
        .sum();
    before + asked > cab.lender().payment.refund_alone_up_to()
}

async fn of_loan(db: &impl ConnectionTrait, loan: LoanId) -> Result<Vec<refund::Model>> {
    Ok(refund::Entity::find()
        .filter(refund::Column::Loan.eq(loan.to_string()))
        // What goes back for a refused service is no surplus of the loan.
        .filter(refund::Column::Service.is_null())
        .order_by_desc(refund::Column::CreatedAt)
        .order_by_desc(refund::Column::Id)
        .all(db)
        .await?)
}

/// The loan's payments through the acquirer, newest first, with what each may still give back. One
/// with a refund under way waits for its end.
async fn sources(
    db: &impl ConnectionTrait,
    history: &History,
    rows: &[refund::Model],
) -> Result<Vec<(String, Kopecks)>> {
    let payments = payment::Entity::find()
        .filter(payment::Column::Loan.eq(&history.row.id))
        .filter(payment::Column::Status.eq(PayStatus::Succeeded))
        .filter(payment::Column::Purpose.ne(Purpose::Service))
        .order_by_desc(payment::Column::TakenAt)
        .order_by_desc(payment::Column::Id)
        .all(db)
        .await?;
    let left = |payment: &payment::Model| {
        let mine = || rows.iter().filter(|row| row.payment == payment.id);
        if mine().any(|row| LIVE.contains(&row.status)) {
            return Kopecks::ZERO;
        }
        let done = mine().filter(|row| row.status == RefundStatus::Done);
        let gone: Kopecks = done.map(|row| Kopecks::new(row.amount)).sum();
        Kopecks::new(payment.amount).less(gone)
    };
    let posted = payments.into_iter().filter(|row| {
        let remote = row.remote_id.as_deref();
        remote.is_some_and(|remote| history.posted(remote))
    });
    Ok(posted
        .map(|row| {
            let left = left(&row);
            (row.id, left)
        })
        .filter(|(_, left)| left.is_positive())
        .collect())
}

async fn views(db: &impl ConnectionTrait, rows: &[refund::Model]) -> Result<Vec<RefundView>> {
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        let payment = payment::Entity::find_by_id(&row.payment).one(db).await?;
        list.push(RefundView {
            id: id(&row.id)?,
            amount: Kopecks::new(row.amount),
            status: row.status,
            title: payment.and_then(|row| row.card_title).unwrap_or_default(),
            asked_at: moment(row.created_at),
            done_at: row.done_at.map(moment),
        });
    }
    Ok(list)
}
