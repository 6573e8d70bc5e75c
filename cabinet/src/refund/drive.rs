//! Following a refund: one key for all attempts and none after the key has died; "unknown" is
//! never taken for "failed".

use chrono::{DateTime, Utc};
use lending::Kopecks;
use lending::ledger::post_refund;
use sea_orm::entity::prelude::*;
use sea_orm::{QuerySelect, Set};

use super::RefundStatus;
use super::entity::refund;
use crate::application::terms::WORDS;
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::ids::RefundId;
use crate::ledger::{self, JournalEntry};
use crate::loan::OperationKind;
use crate::loan::entity::{loan, operation};
use crate::loan::history::{self, History};
use crate::loan::stored::{id, ms};
use crate::notice::{self, Notice};
use crate::payment::entity::payment;
use crate::payment::{Key, next_look, snapshot};
use crate::ports::{AcquirerError, NewRefund, RemoteRefund, RemoteStatus};
use crate::{Cabinet, access, balance, service};

/// Moves a refund on as far as the acquirer knows. Called by the worker, the poller and the webhook
/// as often as needed; a finished or still reviewed one is left alone.
pub async fn drive(cab: &Cabinet, refund: RefundId) -> Result<()> {
    let Some((row, payment_id)) = begin(cab, refund).await? else {
        return Ok(());
    };
    let new = request(cab, refund, &row, payment_id).await?;
    let answer = ask(cab, refund, &row, new).await;
    keep(cab, refund, row.polls, answer).await
}

async fn request(
    cab: &Cabinet,
    refund: RefundId,
    row: &refund::Model,
    payment_id: String,
) -> Result<NewRefund> {
    let db = cab.db().read();
    let loan = loan::Entity::find_by_id(&row.loan).one(db).await?;
    let number = loan.ok_or(CabinetError::NotFound)?.number;
    let contact = access::contact(cab, db, id(&row.borrower)?).await?;
    Ok(NewRefund {
        key: refund.0,
        payment_id,
        amount: Kopecks::new(row.amount),
        receipt_phone: contact.phone.digits().to_owned(),
        receipt_line: WORDS.args("cabinet-refund-receipt-line", &[("number", number.into())]),
        refund,
    })
}

/// What the acquirer says: its refund, or none when it certainly has no such refund.
type Answer = std::result::Result<Option<RemoteRefund>, AcquirerError>;

/// Reads the refund, creates it while its key lives, or looks for it.
async fn ask(cab: &Cabinet, refund: RefundId, row: &refund::Model, new: NewRefund) -> Answer {
    let payment_id = new.payment_id.clone();
    let acquirer = &cab.ports().acquirer;
    if let Some(remote) = &row.remote_id {
        return acquirer.refund(remote).await.map(Some);
    }
    let find = || async {
        let found = acquirer.find_refund(refund, &payment_id).await;
        found.map_err(AcquirerError::doubt)
    };
    if !Key::since(row.sent_at.unwrap_or(row.created_at)).lives(cab.now()) {
        return find().await;
    }
    let answer = acquirer.create_refund(new).await.map(Some);
    if !matches!(answer, Err(AcquirerError::Refused { .. })) || row.polls == 1 {
        return answer;
    }
    // This try certainly sent nothing, an earlier one whose answer was lost may have.
    match find().await {
        Ok(None) => answer,
        found => found,
    }
}

/// The row with its next look set before the call, and the acquirer's id of its payment.
async fn begin(cab: &Cabinet, refund: RefundId) -> Result<Option<(refund::Model, String)>> {
    let now = cab.now();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, refund).await?;
                if finished(row.status) || row.status == RefundStatus::Review {
                    return Ok(None);
                }
                let payment = payment::Entity::find_by_id(&row.payment).one(tx).await?;
                let remote = payment.and_then(|row| row.remote_id);
                let remote = remote.ok_or(CabinetError::internal("a refund of no payment"))?;
                let (polls, sent) = (row.polls, row.sent_at);
                let mut update: refund::ActiveModel = row.into();
                update.poll_at = Set(Some(next_look(now, polls)));
                update.polls = Set(polls.saturating_add(1));
                update.sent_at = Set(sent.or(Some(ms(now))));
                Ok(Some((update.update(tx).await?, remote)))
            })
        })
        .await
}

async fn keep(cab: &Cabinet, refund: RefundId, asked: i64, answer: Answer) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                // The loan first, as everywhere: locks taken in one order never wait in a ring.
                let known = refund::Entity::find_by_id(refund.to_string())
                    .one(tx)
                    .await?
                    .ok_or(CabinetError::NotFound)?;
                let history = history::lock(tx, &cabinet, id(&known.loan)?).await?;
                let row = locked(tx, refund).await?;
                if finished(row.status) {
                    return Ok(());
                }
                // Not a refused reading, and not while another try is under way.
                let certain = row.remote_id.is_none() && row.polls == asked;
                match answer {
                    Ok(Some(remote)) => heard(tx, &cabinet, history, row, remote).await,
                    Err(AcquirerError::Refused { code, .. }) if certain => {
                        failed(tx, &cabinet, history, row, code).await
                    }
                    Ok(None) => {
                        // Not found is no proof for money that leaves: a person has to look.
                        tracing::error!(refund = %row.id, "the acquirer has no such refund");
                        unanswered(tx, &cabinet, row).await
                    }
                    Err(error) => {
                        tracing::warn!(refund = %row.id, %error, "a refund is not known for sure");
                        unanswered(tx, &cabinet, row).await
                    }
                }
            })
        })
        .await
}

async fn unanswered(tx: &Tx, cab: &Cabinet, row: refund::Model) -> Result<()> {
    if row.remote_id.is_none() && row.status != RefundStatus::Unknown {
        mark(tx, cab, row, RefundStatus::Unknown, None).await?;
    }
    Ok(())
}

async fn heard(
    tx: &Tx,
    cab: &Cabinet,
    history: History,
    row: refund::Model,
    remote: RemoteRefund,
) -> Result<()> {
    let another = remote.refund.is_some_and(|one| one.to_string() != row.id);
    if another || remote.amount.get() != row.amount {
        // Another sum or somebody else's object: nothing is believed, and an operator hears of it.
        let text = format!("refund {}: acquirer's object differs", row.id);
        return Err(CabinetError::internal(text));
    }
    let mut update: refund::ActiveModel = row.into();
    update.remote_id = Set(Some(remote.id.clone()));
    let row = update.update(tx).await?;
    match remote.status {
        RemoteStatus::Pending | RemoteStatus::WaitingForCapture => {
            mark(tx, cab, row, RefundStatus::Sent, None).await?;
            Ok(())
        }
        RemoteStatus::Succeeded { at } => {
            post(tx, cab, history, &row, &remote.id, at).await?;
            let mut update: refund::ActiveModel = row.into();
            update.done_at = Set(Some(ms(at)));
            let row = update.update(tx).await?;
            if row.service.is_some() {
                service::returned(tx, &row).await?;
            }
            mark(tx, cab, row, RefundStatus::Done, None).await?;
            Ok(())
        }
        RemoteStatus::Canceled { reason } => failed(tx, cab, history, row, reason).await,
    }
}

/// The surplus left: an operation, its journal entry and a word to the borrower, once.
async fn post(
    tx: &Tx,
    cab: &Cabinet,
    mut history: History,
    row: &refund::Model,
    remote_id: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    if history.posted(remote_id) {
        return Ok(());
    }
    let on = cab.business_date(at).max(history.terms.schedule.start);
    let payment = payment::Entity::find_by_id(&row.payment).one(tx).await?;
    let operation = operation::ActiveModel {
        id: Set(cab.fresh_id().to_string()),
        loan: Set(row.loan.clone()),
        seq: Set(history.next_seq()),
        kind: Set(OperationKind::Refund),
        on_date: Set(on.to_string()),
        at: Set(ms(at)),
        amount: Set(row.amount),
        // The share that is for a service is no part of the loan's surplus.
        fee: Set(if row.service.is_some() { row.amount } else { 0 }),
        days: Set(None),
        parts: Set("[]".to_owned()),
        overpaid: Set(0),
        title: Set(payment.and_then(|row| row.card_title).unwrap_or_default()),
        reference: Set(remote_id.to_owned()),
        keep: Set(None),
        rate: Set(None),
    }
    .insert(tx)
    .await?;
    history.push(operation)?;
    let amount = Kopecks::new(row.amount);
    let entry = JournalEntry {
        kind: "refund".to_owned(),
        loan: Some(id(&row.loan)?),
        reference: format!("refund:{remote_id}"),
        business_date: on,
        postings: post_refund(amount),
    };
    ledger::post(tx, cab, entry)?;
    snapshot(tx, cab, &history, on, 0).await?;
    tell(tx, cab, row, "refunded", amount).await
}

async fn failed(
    tx: &Tx,
    cab: &Cabinet,
    mut history: History,
    row: refund::Model,
    reason: String,
) -> Result<()> {
    tracing::error!(refund = %row.id, reason, "a refund failed");
    let row = mark(tx, cab, row, RefundStatus::Failed, Some(reason)).await?;
    if row.service.is_some() {
        service::again(tx, cab, &row).await?;
        return tell(tx, cab, &row, "refund_failed", Kopecks::new(row.amount)).await;
    }
    balance::cancel_return(tx, cab, &mut history, &row.id).await?;
    snapshot(tx, cab, &history, cab.today(), 0).await?;
    tell(tx, cab, &row, "refund_failed", Kopecks::new(row.amount)).await
}

async fn tell(
    tx: &Tx,
    cab: &Cabinet,
    row: &refund::Model,
    kind: &'static str,
    amount: Kopecks,
) -> Result<()> {
    let notice = Notice {
        borrower: id(&row.borrower)?,
        object: row.loan.clone(),
        kind,
        occasion: row.id.clone(),
        args: vec![("amount", amount.to_string())],
    };
    notice::tell(tx, cab, notice).await
}

async fn mark(
    tx: &Tx,
    cab: &Cabinet,
    row: refund::Model,
    status: RefundStatus,
    reason: Option<String>,
) -> Result<refund::Model> {
    let mut update: refund::ActiveModel = row.into();
    update.status = Set(status);
    update.reason = Set(reason);
    update.changed_at = Set(ms(cab.now()));
    if finished(status) {
        update.poll_at = Set(None);
    }
    Ok(update.update(tx).await?)
}

const fn finished(status: RefundStatus) -> bool {
    matches!(
        status,
        RefundStatus::Done | RefundStatus::Failed | RefundStatus::Declined
    )
}

async fn locked(tx: &Tx, refund: RefundId) -> Result<refund::Model> {
    refund::Entity::find_by_id(refund.to_string())
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(CabinetError::NotFound)
}
