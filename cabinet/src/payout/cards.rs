//! Cards: bound on the acquirer's page, so that their numbers never reach us.

use chrono::{DateTime, Duration, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use super::drive::{Order, order};
use super::entity::instrument;
use super::{CardStatus, CardView, PayoutKind};
use crate::access::{self, CodeSent, Proof};
use crate::application::{self, ContractStatus};
use crate::db::Tx;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, CodeId, ContractId, InstrumentId, PayoutId};
use crate::loan::stored::{id, ms};
use crate::payment::next_look;
use crate::ports::{AcquirerError, BindingStatus, RemoteBinding};
use crate::{Cabinet, Lang};

/// A binding still unfinished after so many looks (about a day) was given up by the borrower.
const MOST_LOOKS: i64 = 32;

/// How long the request that starts a binding has for it.
const ASKED_MINUTES: i64 = 5;

/// The borrower's cards and other ways to receive money, the newest first; the ones given up are left out.
pub async fn cards(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<CardView>> {
    let rows = instrument::Entity::find()
        .filter(instrument::Column::Borrower.eq(borrower.to_string()))
        .filter(instrument::Column::Status.ne(CardStatus::Inactive))
        .order_by_desc(instrument::Column::CreatedAt)
        .order_by_desc(instrument::Column::Id)
        .all(cab.db().read())
        .await?;
    rows.iter().map(card_view).collect()
}

fn card_view(row: &instrument::Model) -> Result<CardView> {
    Ok(CardView {
        id: id(&row.id)?,
        kind: row.kind,
        title: row
            .last4
            .as_deref()
            .map_or_else(String::new, |last4| format!("•• {last4}")),
        brand: row.brand.clone().unwrap_or_default(),
        status: row.status,
    })
}

/// Starts binding a card and answers the acquirer's page to go to. `return_to` is our path to come
/// back to; the card's id is added to it.
///
/// Errors: `Unavailable("acquirer")` when the acquirer does not answer.
pub async fn start_binding(cab: &Cabinet, borrower: BorrowerId, return_to: &str) -> Result<String> {
    let card = InstrumentId(cab.fresh_id());
    let now = cab.now();
    cab.db()
        .write(move |tx| Box::pin(async move { write_down(tx, card, borrower, now).await }))
        .await?;
    let joint = if return_to.contains('?') { '&' } else { '?' };
    let back = format!("{return_to}{joint}card={card}");
    let Ok(remote) = cab.ports().acquirer.start_binding(card.0, &back).await else {
        // A binding moves no money: one that may or may not exist is simply started anew.
        give_up(cab, card).await?;
        return Err(CabinetError::Unavailable("acquirer"));
    };
    let page = remote.confirmation_url.clone();
    keep(cab, card, remote).await?;
    // Without a page there is nothing to confirm: the card is bound already.
    Ok(page.unwrap_or(back))
}

async fn write_down(
    tx: &Tx,
    card: InstrumentId,
    borrower: BorrowerId,
    now: DateTime<Utc>,
) -> Result<()> {
    instrument::ActiveModel {
        id: Set(card.to_string()),
        borrower: Set(borrower.to_string()),
        remote_id: Set(None),
        status: Set(CardStatus::Pending),
        method: Set(None),
        first6: Set(None),
        last4: Set(None),
        brand: Set(None),
        created_at: Set(ms(now)),
        // Should the process die before the acquirer is asked, the poller gives the row up.
        poll_at: Set(Some(ms(now + Duration::minutes(ASKED_MINUTES)))),
        polls: Set(0),
        kind: Set(PayoutKind::Card),
        expiry: Set(None),
        same_as: Set(None),
        confirmed_at: Set(None),
    }
    .insert(tx)
    .await?;
    Ok(())
}

/// Re-reads the binding when the borrower comes back from the acquirer's page. Answers the card:
/// the one that was bound before when it is the same.
pub async fn finish_binding(
    cab: &Cabinet,
    borrower: BorrowerId,
    card: InstrumentId,
) -> Result<CardView> {
    let row = own(cab.db().read(), borrower, card).await?;
    if row.status == CardStatus::Pending {
        reread(cab, card).await?;
    }
    card_view(&own(cab.db().read(), borrower, card).await?)
}

/// A card of the borrower's; for a binding of a card bound before, that card.
async fn own(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    card: InstrumentId,
) -> Result<instrument::Model> {
    let find = async |id: &str| {
        instrument::Entity::find_by_id(id)
            .filter(instrument::Column::Borrower.eq(borrower.to_string()))
            .one(db)
            .await?
            .ok_or(CabinetError::NotFound)
    };
    let row = find(&card.to_string()).await?;
    match &row.same_as {
        Some(before) => find(before).await,
        None => Ok(row),
    }
}

/// The card that a binding led to; of a stranger's, the id as it was given.
pub(crate) async fn led_to(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    card: InstrumentId,
) -> Result<InstrumentId> {
    match own(db, borrower, card).await {
        Ok(row) => id(&row.id),
        Err(CabinetError::NotFound) => Ok(card),
        Err(error) => Err(error),
    }
}

/// Refuses a card that is not the borrower's own, or can't be charged; answers the card that it is.
pub(crate) async fn chargeable(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    card: InstrumentId,
) -> Result<InstrumentId> {
    let row = own(db, borrower, card).await?;
    if row.kind == PayoutKind::Card && row.status == CardStatus::Active && row.method.is_some() {
        return id(&row.id);
    }
    Err(CabinetError::field("card", "card_not_active"))
}

/// The acquirer's token of a card; none when it can't be charged any more.
pub(crate) async fn token(cab: &Cabinet, card: &str) -> Result<Option<String>> {
    let row = instrument::Entity::find_by_id(card)
        .one(cab.db().read())
        .await?;
    let sealed = row
        .filter(|row| row.kind == PayoutKind::Card && row.status == CardStatus::Active)
        .and_then(|row| row.method);
    sealed
        .map(|sealed| cab.keys().decrypt("instrument", "method", card, &sealed))
        .transpose()
}

/// Asks the acquirer about a binding and keeps the answer; no answer leaves it for the next look.
pub(crate) async fn reread(cab: &Cabinet, card: InstrumentId) -> Result<()> {
    let row = instrument::Entity::find_by_id(card.to_string())
        .one(cab.db().read())
        .await?
        .ok_or(CabinetError::NotFound)?;
    if row.status != CardStatus::Pending {
        return Ok(());
    }
    let Some(remote) = &row.remote_id else {
        return give_up(cab, card).await;
    };
    match cab.ports().acquirer.binding(remote).await {
        Ok(remote) => keep(cab, card, remote).await,
        Err(AcquirerError::Unknown(_)) => look_again(cab, card).await,
        Err(AcquirerError::Refused { .. }) => give_up(cab, card).await,
    }
}

async fn keep(cab: &Cabinet, card: InstrumentId, remote: RemoteBinding) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = pending(tx, card).await?;
                let Some(row) = row else { return Ok(()) };
                let (polls, borrower) = (row.polls, row.borrower.clone());
                let given_up = polls >= MOST_LOOKS;
                let mut update: instrument::ActiveModel = row.into();
                update.remote_id = Set(Some(remote.id));
                update.polls = Set(polls.saturating_add(1));
                match remote.status {
                    BindingStatus::Pending if !given_up => {
                        update.poll_at = Set(Some(next_look(cabinet.now(), polls)));
                    }
                    BindingStatus::Active {
                        method,
                        first6,
                        last4,
                        brand,
                        expiry,
                    } => {
                        let expiry = Some(expiry).filter(|told| !told.is_empty());
                        let digits = (first6.as_str(), last4.as_str());
                        update.poll_at = Set(None);
                        let before = bound_before(tx, &borrower, digits, expiry.as_deref()).await?;
                        if let Some(before) = before {
                            update.status = Set(CardStatus::Inactive);
                            update.same_as = Set(Some(before.id.clone()));
                            renew(tx, &cabinet, before, &method).await?;
                        } else {
                            let token = seal(&cabinet, &card.to_string(), &method)?;
                            update.status = Set(CardStatus::Active);
                            update.method = Set(Some(token));
                            update.first6 = Set(Some(first6));
                            update.last4 = Set(Some(last4));
                            update.brand = Set(Some(brand));
                            update.expiry = Set(expiry);
                            update.confirmed_at = Set(Some(ms(cabinet.now())));
                        }
                    }
                    BindingStatus::Pending | BindingStatus::Inactive => {
                        update.status = Set(CardStatus::Inactive);
                        update.poll_at = Set(None);
                    }
                }
                update.update(tx).await?;
                Ok(())
            })
        })
        .await
}

/// The same card of the same person, when it is bound already: the digits that may be kept and the
/// last month are what an acquirer tells of any card.
async fn bound_before(
    tx: &Tx,
    borrower: &str,
    (first6, last4): (&str, &str),
    expiry: Option<&str>,
) -> Result<Option<instrument::Model>> {
    let Some(expiry) = expiry else {
        return Ok(None);
    };
    Ok(instrument::Entity::find()
        .filter(instrument::Column::Borrower.eq(borrower))
        .filter(instrument::Column::Kind.eq(PayoutKind::Card))
        .filter(instrument::Column::Status.eq(CardStatus::Active))
        .filter(instrument::Column::First6.eq(first6))
        .filter(instrument::Column::Last4.eq(last4))
        .filter(instrument::Column::Expiry.eq(expiry))
        .lock_exclusive()
        .one(tx)
        .await?)
}

/// The acquirer's newest token of a card takes the place of the one before.
async fn renew(tx: &Tx, cab: &Cabinet, card: instrument::Model, method: &str) -> Result<()> {
    let token = seal(cab, &card.id, method)?;
    let mut update: instrument::ActiveModel = card.into();
    update.method = Set(Some(token));
    update.confirmed_at = Set(Some(ms(cab.now())));
    update.update(tx).await?;
    Ok(())
}

/// The card that its owner has to confirm by a code: none when one of the cards was confirmed not
/// before `since`, or there is none to confirm.
pub(crate) async fn unconfirmed(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    since: i64,
) -> Result<Option<CardView>> {
    let rows = instrument::Entity::find()
        .filter(instrument::Column::Borrower.eq(borrower.to_string()))
        .filter(instrument::Column::Kind.eq(PayoutKind::Card))
        .filter(instrument::Column::Status.eq(CardStatus::Active))
        .order_by_desc(instrument::Column::CreatedAt)
        .all(db)
        .await?;
    let fresh = |row: &instrument::Model| row.confirmed_at.is_some_and(|at| at >= since);
    if rows.iter().any(fresh) {
        return Ok(None);
    }
    rows.first().map(card_view).transpose()
}

/// Sends a code that confirms a linked card.
///
/// Errors: `NotFound`; field `card` for one that is not linked any more; those of any code.
pub async fn ask_card_code(
    cab: &Cabinet,
    borrower: BorrowerId,
    card: InstrumentId,
    lang: Lang,
) -> Result<CodeSent> {
    chargeable(cab.db().read(), borrower, card).await?;
    access::ask_confirmation(cab, borrower, lang).await
}

/// Confirms a linked card by the code that was sent for it.
///
/// Errors: as [`ask_card_code`], and field `code`.
pub async fn confirm_card(
    cab: &Cabinet,
    borrower: BorrowerId,
    card: InstrumentId,
    (code, digits): (CodeId, &str),
) -> Result<()> {
    chargeable(cab.db().read(), borrower, card).await?;
    access::confirm(cab, borrower, Some(code), Proof::Tail(digits)).await?;
    let now = ms(cab.now());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = own(tx, borrower, card).await?;
                let mut update: instrument::ActiveModel = row.into();
                update.confirmed_at = Set(Some(now));
                update.update(tx).await?;
                Ok(())
            })
        })
        .await
}

fn seal(cab: &Cabinet, card: &str, method: &str) -> Result<String> {
    cab.keys().encrypt("instrument", "method", card, method)
}

async fn pending(tx: &Tx, card: InstrumentId) -> Result<Option<instrument::Model>> {
    Ok(instrument::Entity::find_by_id(card.to_string())
        .filter(instrument::Column::Status.eq(CardStatus::Pending))
        .one(tx)
        .await?)
}

async fn look_again(cab: &Cabinet, card: InstrumentId) -> Result<()> {
    let now = cab.now();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if let Some(row) = pending(tx, card).await? {
                    let polls = row.polls;
                    let mut update: instrument::ActiveModel = row.into();
                    update.poll_at = Set(Some(next_look(now, polls)));
                    update.polls = Set(polls.saturating_add(1));
                    update.update(tx).await?;
                }
                Ok(())
            })
        })
        .await
}

async fn give_up(cab: &Cabinet, card: InstrumentId) -> Result<()> {
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if let Some(row) = pending(tx, card).await? {
                    let mut update: instrument::ActiveModel = row.into();
                    update.status = Set(CardStatus::Inactive);
                    update.poll_at = Set(None);
                    update.update(tx).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Sends the money to another card after it failed to arrive.
///
/// Errors: field `card`; `Conflict("payout_not_failed")`.
pub async fn use_card(
    cab: &Cabinet,
    borrower: BorrowerId,
    contract: ContractId,
    card: InstrumentId,
) -> Result<()> {
    application::own(cab.db().read(), borrower, contract).await?;
    let chosen = own(cab.db().read(), borrower, card).await?;
    if chosen.status != CardStatus::Active {
        return Err(CabinetError::Fields(vec![FieldError::new(
            "card",
            "card_not_active",
        )]));
    }
    let (cabinet, chosen) = (cab.clone(), id::<InstrumentId>(&chosen.id)?);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = application::locked(tx, contract).await?;
                if row.status != ContractStatus::PayoutFailed {
                    return Err(CabinetError::Conflict("payout_not_failed"));
                }
                let amount = lending::Kopecks::new(row.amount);
                let mut update: application::entity::contract::ActiveModel = row.into();
                update.status = Set(ContractStatus::PayingOut);
                update.card = Set(Some(chosen.to_string()));
                update.update(tx).await?;
                let payout = PayoutId(cabinet.fresh_id());
                let after = cabinet.now();
                order(
                    tx,
                    &cabinet,
                    Order {
                        payout,
                        contract,
                        borrower,
                        card: chosen,
                        amount,
                        after,
                    },
                )
                .await
            })
        })
        .await
}
