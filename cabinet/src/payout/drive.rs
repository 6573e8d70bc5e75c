//! The payout: one key for all attempts and none after the key has died, every answer kept, and
//! "unknown" never taken for "failed".

use chrono::{DateTime, Utc};
use lending::Kopecks;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use super::entity::{instrument, payout};
use super::issue::issue;
use super::{PayoutKind, PayoutStatus, PayoutView, bank};
use crate::application::entity::contract;
use crate::application::{self, ContractStatus};
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, ContractId, InstrumentId, PayoutId};
use crate::loan::stored::{id, moment, ms, read};
use crate::notice::{self, Notice};
use crate::outbox;
use crate::payment::{Key, next_look};
use crate::ports::{AcquirerError, NewPayout, PayoutTo, Recipient, RemotePayout, RemoteStatus};
use crate::profile::CompleteProfile;
use crate::values::PersonName;
use crate::{Cabinet, profile};

/// A payout to be set going.
pub(crate) struct Order {
    pub payout: PayoutId,
    pub contract: ContractId,
    pub borrower: BorrowerId,
    pub card: InstrumentId,
    pub amount: Kopecks,
    /// No money leaves before this moment.
    pub after: DateTime<Utc>,
}

/// Writes a payout down: sent by the worker now, or when the cooling-off hours have passed.
pub(crate) async fn order(tx: &Tx, cab: &Cabinet, order: Order) -> Result<()> {
    let now = cab.now();
    let held = order.after > now;
    payout::ActiveModel {
        id: Set(order.payout.to_string()),
        contract: Set(order.contract.to_string()),
        borrower: Set(order.borrower.to_string()),
        instrument: Set(order.card.to_string()),
        amount: Set(order.amount.get()),
        status: Set(if held {
            PayoutStatus::Held
        } else {
            PayoutStatus::Sending
        }),
        remote_id: Set(None),
        reason: Set(None),
        not_before: Set(ms(order.after)),
        created_at: Set(ms(now)),
        changed_at: Set(ms(now)),
        succeeded_at: Set(None),
        // The poller sends a held payout when its hour comes, and any other whose outbox row was
        // lost.
        poll_at: Set(Some(if held {
            ms(order.after)
        } else {
            next_look(now, 0)
        })),
        polls: Set(0),
        ordered_at: Set(None),
    }
    .insert(tx)
    .await?;
    if !held {
        outbox::push(
            tx,
            cab,
            "payout",
            &order.payout.to_string(),
            serde_json::json!({}),
        )
        .await?;
    }
    Ok(())
}

/// Takes back a payout that is still held.
pub(crate) async fn cancel_held(tx: &Tx, cab: &Cabinet, contract: ContractId) -> Result<()> {
    let row = payout::Entity::find()
        .filter(payout::Column::Contract.eq(contract.to_string()))
        .filter(payout::Column::Status.eq(PayoutStatus::Held))
        .lock_exclusive()
        .one(tx)
        .await?
        // It left between the borrower's look and the press.
        .ok_or(CabinetError::Conflict("cooling_over"))?;
    let mut update: payout::ActiveModel = row.into();
    update.status = Set(PayoutStatus::Cancelled);
    update.changed_at = Set(ms(cab.now()));
    update.poll_at = Set(None);
    update.update(tx).await?;
    Ok(())
}

/// The last payout of a contract, as its borrower sees it.
pub(crate) async fn last_view(
    db: &impl ConnectionTrait,
    contract: &str,
) -> Result<Option<PayoutView>> {
    let row = payout::Entity::find()
        .filter(payout::Column::Contract.eq(contract))
        .order_by_desc(payout::Column::CreatedAt)
        .order_by_desc(payout::Column::Id)
        .one(db)
        .await?;
    Ok(row.map(|row| PayoutView {
        status: row.status,
        failed_reason: row.reason.filter(|_| row.status == PayoutStatus::Failed),
        at: moment(row.changed_at),
    }))
}

/// Moves a payout on: sends it, or re-reads it, and keeps what the acquirer says. Called by the
/// worker and the poller as often as needed; a finished or still held one is left alone.
pub async fn drive(cab: &Cabinet, payout: PayoutId) -> Result<()> {
    let Some(row) = begin(cab, payout).await? else {
        return Ok(());
    };
    let tool = tool(cab, &row).await?;
    if tool.kind == PayoutKind::Account {
        // Our own bank sends it: it waits for the order to be written out, and for the statement.
        return bank::wait(cab, payout).await;
    }
    let answer = ask(cab, payout, &row, &tool).await?;
    keep(cab, payout, row.polls, answer).await
}

/// What the acquirer says: its payout, or none when it certainly has no such payout.
type Answer = std::result::Result<Option<RemotePayout>, AcquirerError>;

/// Reads the payout, sends it while its key lives, or looks for it.
async fn ask(
    cab: &Cabinet,
    payout: PayoutId,
    row: &payout::Model,
    tool: &instrument::Model,
) -> Result<Answer> {
    let acquirer = &cab.ports().acquirer;
    if let Some(remote) = &row.remote_id {
        return Ok(acquirer.payout(remote).await.map(Some));
    }
    let key = Key::since(row.created_at.max(row.not_before));
    if !key.lives(cab.now()) {
        let found = acquirer.find_payout(payout, key.span()).await;
        return Ok(found.map_err(AcquirerError::doubt));
    }
    let request = request(cab, payout, row, tool).await?;
    let answer = acquirer.create_payout(request).await.map(Some);
    if !matches!(answer, Err(AcquirerError::Refused { .. })) || row.polls == 1 {
        return Ok(answer);
    }
    // This try certainly sent nothing, an earlier one whose answer was lost may have.
    Ok(match acquirer.find_payout(payout, key.span()).await {
        Ok(None) => answer,
        found => found.map_err(AcquirerError::doubt),
    })
}

/// The payout's row when there is something to do, with its next look set before the call: a crash
/// during the call leaves it to the poller.
async fn begin(cab: &Cabinet, payout: PayoutId) -> Result<Option<payout::Model>> {
    let now = cab.now();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, payout).await?;
                let held = row.status == PayoutStatus::Held;
                if finished(row.status) || (held && ms(now) < row.not_before) {
                    return Ok(None);
                }
                let (polls, contract) = (row.polls, id(&row.contract)?);
                let mut update: payout::ActiveModel = row.into();
                if held {
                    update.status = Set(PayoutStatus::Sending);
                    update.changed_at = Set(ms(now));
                    set_contract(tx, contract, ContractStatus::PayingOut).await?;
                }
                update.poll_at = Set(Some(next_look(now, polls)));
                update.polls = Set(polls.saturating_add(1));
                Ok(Some(update.update(tx).await?))
            })
        })
        .await
}

/// Where the money goes.
async fn tool(cab: &Cabinet, row: &payout::Model) -> Result<instrument::Model> {
    instrument::Entity::find_by_id(&row.instrument)
        .one(cab.db().read())
        .await?
        .ok_or(CabinetError::NotFound)
}

async fn request(
    cab: &Cabinet,
    payout: PayoutId,
    row: &payout::Model,
    tool: &instrument::Model,
) -> Result<NewPayout> {
    let db = cab.db().read();
    let to = destination(cab, tool)?;
    let recipient = match to {
        PayoutTo::Sbp { .. } => {
            let person = profile::complete(cab, id(&row.borrower)?, Kopecks::new(row.amount));
            Some(recipient(&person.await?))
        }
        _ => None,
    };
    let contract = contract::Entity::find_by_id(&row.contract)
        .one(db)
        .await?
        .ok_or(CabinetError::NotFound)?;
    Ok(NewPayout {
        key: payout.0,
        amount: Kopecks::new(row.amount),
        to,
        recipient,
        description: application::terms::WORDS.args(
            "cabinet-application-payout-line",
            &[("number", contract.number.into())],
        ),
        payout,
    })
}

/// A card by its token; another way by the details it was written down with.
pub(super) fn destination(cab: &Cabinet, tool: &instrument::Model) -> Result<PayoutTo> {
    let sealed = tool.method.as_deref().ok_or(CabinetError::NotFound)?;
    let opened = cab
        .keys()
        .decrypt("instrument", "method", &tool.id, sealed)?;
    match tool.kind {
        PayoutKind::Card => Ok(PayoutTo::Card { token: opened }),
        PayoutKind::Account | PayoutKind::Sbp | PayoutKind::Wallet => read(&opened),
    }
}

/// The name that the receiving bank compares with the account's.
fn recipient(person: &CompleteProfile) -> Recipient {
    let text = |name: &PersonName| name.as_str().to_owned();
    Recipient {
        last: text(&person.last_name),
        first: text(&person.first_name),
        middle: person.middle_name.as_ref().map(text),
    }
}

async fn keep(cab: &Cabinet, payout: PayoutId, asked: i64, answer: Answer) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, payout).await?;
                if finished(row.status) {
                    return Ok(());
                }
                match answer {
                    Ok(Some(remote)) => heard(tx, &cabinet, row, remote).await,
                    Err(AcquirerError::Refused { code, .. }) if certain(&row, asked) => {
                        failed(tx, &cabinet, row, code).await
                    }
                    Ok(None) => {
                        // Not found is no proof for money that leaves: a person has to look.
                        tracing::error!(payout = %row.id, "the acquirer has no such payout");
                        unanswered(tx, &cabinet, row).await
                    }
                    Err(error) => {
                        tracing::warn!(payout = %row.id, %error, "a payout is not known for sure");
                        unanswered(tx, &cabinet, row).await
                    }
                }
            })
        })
        .await
}

/// Whether a refusal means that no money left: not a refused reading, and not while another try is
/// under way.
fn certain(row: &payout::Model, asked: i64) -> bool {
    row.remote_id.is_none() && row.polls == asked
}

/// One the acquirer is known to have stays what it was; another may or may not exist there.
async fn unanswered(tx: &Tx, cab: &Cabinet, row: payout::Model) -> Result<()> {
    if row.remote_id.is_none() {
        mark(tx, cab, row, PayoutStatus::Unknown, None).await?;
    }
    Ok(())
}

async fn heard(tx: &Tx, cab: &Cabinet, mut row: payout::Model, remote: RemotePayout) -> Result<()> {
    let another = remote
        .payout
        .is_some_and(|payout| payout.to_string() != row.id);
    if another || remote.amount.get() != row.amount {
        // Somebody else's object or another sum: nothing is believed, and an operator hears of it.
        return Err(CabinetError::internal(format!(
            "payout {}: acquirer's object differs",
            row.id
        )));
    }
    if row.remote_id.is_none() {
        let mut update: payout::ActiveModel = row.into();
        update.remote_id = Set(Some(remote.id.clone()));
        row = update.update(tx).await?;
    }
    match remote.status {
        RemoteStatus::Pending | RemoteStatus::WaitingForCapture => {
            mark(tx, cab, row, PayoutStatus::Waiting, None).await?;
            Ok(())
        }
        RemoteStatus::Succeeded { at } => succeeded(tx, cab, row, &remote.id, at).await,
        RemoteStatus::Canceled { reason } => failed(tx, cab, row, reason).await,
    }
}

/// The money has left for good, and the loan begins.
pub(super) async fn succeeded(
    tx: &Tx,
    cab: &Cabinet,
    row: payout::Model,
    reference: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let mut update: payout::ActiveModel = row.into();
    update.status = Set(PayoutStatus::Succeeded);
    update.succeeded_at = Set(Some(ms(at)));
    update.changed_at = Set(ms(cab.now()));
    update.poll_at = Set(None);
    let row = update.update(tx).await?;
    if !issue(tx, cab, &row, reference, at).await? {
        let mut update: payout::ActiveModel = row.into();
        update.reason = Set(Some("not_reissued".to_owned()));
        update.update(tx).await?;
    }
    Ok(())
}

pub(super) async fn failed(
    tx: &Tx,
    cab: &Cabinet,
    row: payout::Model,
    reason: String,
) -> Result<()> {
    let row = mark(tx, cab, row, PayoutStatus::Failed, Some(reason)).await?;
    set_contract(tx, id(&row.contract)?, ContractStatus::PayoutFailed).await?;
    notice::tell(
        tx,
        cab,
        Notice {
            borrower: id(&row.borrower)?,
            object: row.contract.clone(),
            kind: "payout_failed",
            occasion: row.id.clone(),
            args: Vec::new(),
        },
    )
    .await
}

pub(super) async fn mark(
    tx: &Tx,
    cab: &Cabinet,
    row: payout::Model,
    status: PayoutStatus,
    reason: Option<String>,
) -> Result<payout::Model> {
    let changed = row.status != status;
    let mut update: payout::ActiveModel = row.into();
    update.status = Set(status);
    update.reason = Set(reason);
    if changed {
        update.changed_at = Set(ms(cab.now()));
    }
    if finished(status) {
        update.poll_at = Set(None);
    }
    Ok(update.update(tx).await?)
}

async fn set_contract(tx: &Tx, contract: ContractId, status: ContractStatus) -> Result<()> {
    let row = application::locked(tx, contract).await?;
    let mut update: contract::ActiveModel = row.into();
    update.status = Set(status);
    update.update(tx).await?;
    Ok(())
}

pub(super) const fn finished(status: PayoutStatus) -> bool {
    matches!(
        status,
        PayoutStatus::Succeeded | PayoutStatus::Failed | PayoutStatus::Cancelled
    )
}

/// The payout's row, locked after its contract: cancelling locks in that order too, and locks taken
/// in one order never wait in a ring.
pub(super) async fn locked(tx: &Tx, payout: PayoutId) -> Result<payout::Model> {
    let known = payout::Entity::find_by_id(payout.to_string())
        .one(tx)
        .await?;
    let known = known.ok_or(CabinetError::NotFound)?;
    application::locked(tx, id(&known.contract)?).await?;
    payout::Entity::find_by_id(payout.to_string())
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(CabinetError::NotFound)
}
