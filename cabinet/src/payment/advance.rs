//! Following a payment: created or re-read at the acquirer outside any transaction, the answer kept
//! in one.

use chrono::Duration;
use lending::Kopecks;
use sea_orm::entity::prelude::*;
use sea_orm::{QuerySelect, Set};

use super::entity::payment;
use super::poll::next_look_at;
use super::settle::settle;
use super::{Key, PayStatus, Purpose};
use crate::application::terms::WORDS;
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::ids::PaymentId;
use crate::loan::entity::loan;
use crate::loan::stored::{id, moment, ms};
use crate::ports::{AcquirerError, NewCharge, NewPayment, RemotePayment, RemoteStatus};
use crate::{Cabinet, access, autopay, payout, prolongation};

/// When nobody can be on the acquirer's page any more: as long again as it is open.
const PAGE_LIVES: Duration = Duration::hours(2);

/// Moves a payment on as far as the acquirer knows. Called by the worker, the poller and the
/// webhook as often as needed: a finished payment is left alone, and taken money is posted once.
pub async fn drive(cab: &Cabinet, payment: PaymentId) -> Result<()> {
    look(cab, payment).await.map(|_| ())
}

/// The same; tells whether the acquirer has answered (or had nothing more to say).
pub(crate) async fn look(cab: &Cabinet, payment: PaymentId) -> Result<bool> {
    let Some(row) = begin(cab, payment).await? else {
        return Ok(true);
    };
    let answer = ask(cab, payment, &row).await?;
    keep(cab, payment, answer).await
}

/// What the acquirer says: its payment, or none when it certainly has no such payment.
type Answer = std::result::Result<Option<RemotePayment>, AcquirerError>;

/// Reads the payment, creates it while its key lives, or looks for it.
async fn ask(cab: &Cabinet, payment: PaymentId, row: &payment::Model) -> Result<Answer> {
    let acquirer = &cab.ports().acquirer;
    if let Some(remote) = &row.remote_id {
        return Ok(acquirer.payment(remote).await.map(Some));
    }
    let key = Key::since(row.created_at);
    // A permission that was taken back creates nothing more; an earlier try may have.
    let taken_back = match &row.mandate {
        Some(mandate) if row.polls > 1 => !autopay::stands(cab, mandate).await?,
        _ => false,
    };
    if taken_back || !key.lives(cab.now()) || doubted(row) {
        let found = acquirer.find_payment(payment, key.span()).await;
        return Ok(found.map_err(AcquirerError::doubt));
    }
    let request = request(cab, payment, row).await?;
    let answer = match &row.instrument {
        Some(card) => match payout::token(cab, card).await? {
            Some(token) => acquirer.charge_saved(charge(request, token)).await,
            None => Err(AcquirerError::Refused {
                code: "card_removed".into(),
                description: "the card was taken away".into(),
            }),
        },
        None => acquirer.create_payment(request).await,
    };
    let answer = answer.map(Some);
    if !matches!(answer, Err(AcquirerError::Refused { .. })) || row.polls == 1 {
        return Ok(answer);
    }
    // This try certainly made nothing, an earlier one whose answer was lost may have.
    Ok(match acquirer.find_payment(payment, key.span()).await {
        Ok(None) => answer,
        found => found.map_err(AcquirerError::doubt),
    })
}

/// The same request of a card that is bound already.
fn charge(request: NewPayment, token: String) -> NewCharge {
    NewCharge {
        key: request.key,
        amount: request.amount,
        token,
        description: request.description,
        payment: request.payment,
        receipt_phone: request.receipt_phone,
        receipt_line: request.receipt_line,
    }
}

/// The row of an unfinished payment, with its next look set before the call: whatever happens
/// during the call, the poller comes back to it.
async fn begin(cab: &Cabinet, payment: PaymentId) -> Result<Option<payment::Model>> {
    let (cabinet, now) = (cab.clone(), cab.now());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, payment).await?;
                if finished(row.status) && !doubted(&row) {
                    return Ok(None);
                }
                if row.polls == 0
                    && let Some(mandate) = row.mandate.clone()
                    && !autopay::allowed(tx, &mandate).await?
                {
                    // Taken back before it began.
                    fail(tx, &cabinet, row, "permission_revoked".to_owned()).await?;
                    return Ok(None);
                }
                let (polls, created_at) = (row.polls, row.created_at);
                let mut update: payment::ActiveModel = row.into();
                update.poll_at = Set(Some(next_look_at(now, created_at)));
                update.polls = Set(polls.saturating_add(1));
                Ok(Some(update.update(tx).await?))
            })
        })
        .await
}

async fn request(cab: &Cabinet, payment: PaymentId, row: &payment::Model) -> Result<NewPayment> {
    let db = cab.db().read();
    let loan = loan::Entity::find_by_id(&row.loan)
        .one(db)
        .await?
        .ok_or(CabinetError::NotFound)?;
    let contact = access::contact(cab, db, id(&row.borrower)?).await?;
    let number = [("number", loan.number.as_str().into())];
    Ok(NewPayment {
        key: payment.0,
        amount: Kopecks::new(row.amount),
        description: WORDS.args(
            match row.purpose {
                Purpose::Service => "cabinet-payment-service-description",
                Purpose::Debt | Purpose::Prolongation => "cabinet-payment-description",
            },
            &number,
        ),
        return_url: match row.link {
            Some(_) => format!("/payer/{payment}"),
            None => format!("/payments/{payment}"),
        },
        payment,
        receipt_phone: contact.phone.digits().to_owned(),
        receipt_line: WORDS.args(
            match row.purpose {
                Purpose::Service => "cabinet-payment-service-description",
                Purpose::Debt | Purpose::Prolongation => "cabinet-payment-receipt-line",
            },
            &number,
        ),
        method: row.method,
        save: false,
    })
}

async fn keep(cab: &Cabinet, payment: PaymentId, answer: Answer) -> Result<bool> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, payment).await?;
                if doubted(&row) {
                    return appeared(tx, &cabinet, row, answer).await;
                }
                if finished(row.status) {
                    return Ok(true);
                }
                match answer {
                    Ok(Some(remote)) => heard(tx, &cabinet, row, remote).await.map(|()| true),
                    Ok(None) => absent(tx, &cabinet, row).await.map(|()| true),
                    Err(AcquirerError::Unknown(_)) => {
                        unanswered(tx, &cabinet, row).await.map(|()| false)
                    }
                    Err(AcquirerError::Refused { code, .. }) => {
                        refused(tx, &cabinet, row, code).await
                    }
                }
            })
        })
        .await
}

async fn heard(tx: &Tx, cab: &Cabinet, row: payment::Model, remote: RemotePayment) -> Result<()> {
    let another = remote
        .payment
        .is_some_and(|payment| payment.to_string() != row.id);
    if another || remote.amount.get() != row.amount {
        // Somebody else's object or another sum: nothing is believed, and an operator hears of it.
        return Err(CabinetError::internal(format!(
            "payment {}: acquirer's object differs",
            row.id
        )));
    }
    let abandoned = row.status == PayStatus::Abandoned;
    let mut update: payment::ActiveModel = row.into();
    update.remote_id = Set(Some(remote.id.clone()));
    // An acquirer may tell where to pay at creation only: what was told stays while it waits.
    if remote.confirmation_url.is_some() || remote.status != RemoteStatus::Pending {
        update.confirmation_url = Set(remote.confirmation_url.clone());
    }
    if remote.title.is_some() {
        update.card_title = Set(remote.title.clone());
    }
    if !abandoned {
        update.status = Set(PayStatus::Waiting);
    }
    update.changed_at = Set(ms(cab.now()));
    let row = update.update(tx).await?;
    match remote.status {
        // The adapter captures at once; a held sum is on its way to being taken or let go.
        RemoteStatus::Pending | RemoteStatus::WaitingForCapture => Ok(()),
        RemoteStatus::Succeeded { at } => settle(tx, cab, row, &remote.id, at).await,
        RemoteStatus::Canceled { reason } => fail(tx, cab, row, reason).await,
    }
}

/// The answer was lost. A payment the acquirer is known to have stays what it was; one that may or
/// may not exist there is unknown, and nobody is invited to pay again.
async fn unanswered(tx: &Tx, cab: &Cabinet, row: payment::Model) -> Result<()> {
    if row.remote_id.is_some() || row.status != PayStatus::Created {
        return Ok(());
    }
    let mut update: payment::ActiveModel = row.into();
    update.status = Set(PayStatus::Unknown);
    update.changed_at = Set(ms(cab.now()));
    update.update(tx).await?;
    Ok(())
}

/// The key is dead and the acquirer has nothing: it is not created a second time, and no longer
/// stands in the way of another payment. Only a webhook could bring it back.
async fn absent(tx: &Tx, cab: &Cabinet, row: payment::Model) -> Result<()> {
    if row.remote_id.is_some() {
        return Ok(());
    }
    tracing::error!(payment = %row.id, "a payment never came to the acquirer");
    let mut update: payment::ActiveModel = row.into();
    update.status = Set(PayStatus::Abandoned);
    update.poll_at = Set(None);
    update.changed_at = Set(ms(cab.now()));
    update.update(tx).await?;
    Ok(())
}

/// Failed by a refusal while another try, whose answer is not known, could still make it at the acquirer.
fn doubted(row: &payment::Model) -> bool {
    row.status == PayStatus::Failed && row.remote_id.is_none() && row.poll_at.is_some()
}

/// Looked for until its key is dead. One that the acquirer has after all is followed like one that was let go of: it
/// may stand beside another payment by now.
async fn appeared(tx: &Tx, cab: &Cabinet, row: payment::Model, answer: Answer) -> Result<bool> {
    let dead = !Key::since(row.created_at).lives(cab.now());
    let mut update: payment::ActiveModel = row.into();
    match answer {
        Ok(Some(remote)) => {
            update.status = Set(PayStatus::Abandoned);
            update.reason = Set(None);
            let row = update.update(tx).await?;
            heard(tx, cab, row, remote).await?;
        }
        Ok(None) if dead => {
            update.poll_at = Set(None);
            update.update(tx).await?;
        }
        Ok(None) | Err(_) => return Ok(false),
    }
    Ok(true)
}

/// A refused creation certainly took no money, an earlier or a simultaneous one whose answer was lost may. A refused
/// reading says nothing about the money.
async fn refused(tx: &Tx, cab: &Cabinet, row: payment::Model, code: String) -> Result<bool> {
    if row.remote_id.is_some() {
        tracing::error!(payment = %row.id, %code, "the acquirer refuses to show a payment");
        return lost(tx, cab, row, &code).await;
    }
    let watched = row.poll_at.filter(|_| row.polls > 1);
    let key = row.id.clone();
    fail(tx, cab, row, code).await?;
    if watched.is_some() {
        payment::Entity::update_many()
            .col_expr(payment::Column::PollAt, Expr::value(watched))
            .filter(payment::Column::Id.eq(key))
            .exec(tx)
            .await?;
    }
    Ok(true)
}

/// A payment that the acquirer has made and does not know any more. Once nobody can be on its page,
/// it no longer stands in the way of another; it stays watched.
async fn lost(tx: &Tx, cab: &Cabinet, row: payment::Model, code: &str) -> Result<bool> {
    let page_is_over = cab.now() > moment(row.created_at) + PAGE_LIVES;
    if code != "not_found" || !page_is_over {
        return Ok(false);
    }
    if row.status != PayStatus::Abandoned {
        let mut update: payment::ActiveModel = row.into();
        update.status = Set(PayStatus::Abandoned);
        update.confirmation_url = Set(None);
        update.changed_at = Set(ms(cab.now()));
        update.update(tx).await?;
    }
    Ok(true)
}

async fn fail(tx: &Tx, cab: &Cabinet, row: payment::Model, reason: String) -> Result<()> {
    let of = row.prolongation.as_deref().map(id).transpose()?;
    let mut update: payment::ActiveModel = row.into();
    update.status = Set(PayStatus::Failed);
    update.reason = Set(Some(reason));
    update.confirmation_url = Set(None);
    update.poll_at = Set(None);
    update.changed_at = Set(ms(cab.now()));
    update.update(tx).await?;
    match of {
        Some(of) => prolongation::settle::unpaid(tx, of).await,
        None => Ok(()),
    }
}

pub(crate) const fn finished(status: PayStatus) -> bool {
    matches!(status, PayStatus::Succeeded | PayStatus::Failed)
}

pub(crate) async fn locked(tx: &Tx, payment: PaymentId) -> Result<payment::Model> {
    payment::Entity::find_by_id(payment.to_string())
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(CabinetError::NotFound)
}
