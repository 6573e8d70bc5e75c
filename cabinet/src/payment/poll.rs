//! News by webhook and by asking: a lost webhook only makes it later, never lost.

use std::str::FromStr;

use chrono::{DateTime, Duration, Utc};
use futures::StreamExt as _;
use futures::future::join4;
use futures::stream;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::advance::drive;
use super::entity::payment;
use crate::Cabinet;
use crate::error::{CabinetError, Result};
use crate::ids::{InstrumentId, PaymentId, PayoutId, RefundId};
use crate::loan::stored::{id, ms};
use crate::payout::entity::{instrument, payout as payouts};
use crate::ports::AcquirerError;
use crate::refund::entity::refund as refunds;
use crate::{payout, refund};

/// Seconds to the next look after so many looks; the last one repeats.
const LOOKS: [i64; 8] = [5, 10, 20, 60, 300, 900, 1800, 3600];

/// How many of a kind one sweep takes, the longest waiting first.
const BATCH: u64 = 100;

/// How many of a kind are asked about at once: a slow answer must not hold back the others' money.
const AT_ONCE: usize = 8;

/// When to look again after so many looks, as columns keep it.
pub(crate) fn next_look(now: DateTime<Utc>, polls: i64) -> i64 {
    let place = usize::try_from(polls).unwrap_or(0).min(LOOKS.len() - 1);
    ms(now + Duration::seconds(LOOKS[place]))
}

/// When to look at a payment again: by its age, not by the looks so far, because the payer's own page looks
/// too, and refreshing it must not put the poller off.
pub(crate) fn next_look_at(now: DateTime<Utc>, created_at: i64) -> i64 {
    let half_of_age = (ms(now) - created_at) / 2000;
    ms(now + Duration::seconds(half_of_age.clamp(LOOKS[0], LOOKS[LOOKS.len() - 1])))
}

/// Re-reads everything unfinished whose time has come: payments (the abandoned ones too), payouts,
/// refunds, card bindings. Answers how many were looked at. One that fails is logged and waits for its next
/// look.
pub async fn poll(cab: &Cabinet) -> Result<usize> {
    let (db, now) = (cab.db().read(), ms(cab.now()));
    let payments = payment::Entity::find()
        .filter(payment::Column::PollAt.lte(now))
        .order_by_asc(payment::Column::PollAt)
        .limit(BATCH)
        .all(db)
        .await?;
    let payouts = payouts::Entity::find()
        .filter(payouts::Column::PollAt.lte(now))
        .order_by_asc(payouts::Column::PollAt)
        .limit(BATCH)
        .all(db)
        .await?;
    let cards = instrument::Entity::find()
        .filter(instrument::Column::PollAt.lte(now))
        .order_by_asc(instrument::Column::PollAt)
        .limit(BATCH)
        .all(db)
        .await?;
    let backs = refunds::Entity::find()
        .filter(refunds::Column::PollAt.lte(now))
        .order_by_asc(refunds::Column::PollAt)
        .limit(BATCH)
        .all(db)
        .await?;
    let looked = payments.len() + payouts.len() + cards.len() + backs.len();
    let backs = backs.into_iter().map(|row| row.id).collect();
    let payments = payments.into_iter().map(|row| row.id).collect();
    let payouts = payouts.into_iter().map(|row| row.id).collect();
    let cards = cards.into_iter().map(|row| row.id).collect();
    join4(
        each("payment", payments, |payment| drive(cab, payment)),
        each("payout", payouts, |payout| payout::drive(cab, payout)),
        each("card", cards, |card| payout::reread(cab, card)),
        each("refund", backs, |back| refund::drive(cab, back)),
    )
    .await;
    Ok(looked)
}

async fn each<T: FromStr, F: Future<Output = Result<()>>>(
    what: &str,
    ids: Vec<String>,
    look: impl Fn(T) -> F,
) {
    let looks = ids.into_iter().map(|text| (id(&text).map(&look), text));
    stream::iter(looks)
        .for_each_concurrent(AT_ONCE, |(started, text)| async move {
            let result = match started {
                Ok(looking) => looking.await,
                Err(error) => Err(error),
            };
            if let Err(error) = result {
                tracing::error!(what, id = text, %error, "a look at the acquirer failed");
            }
        })
        .await;
}

/// Takes a webhook's news: the object is read at the acquirer, for the body proves nothing. News
/// about something that is not ours, or of a kind we have no use for, is quietly over.
pub async fn handle_webhook(cab: &Cabinet, event: &str, object_id: &str) -> Result<()> {
    match event.split('.').next().unwrap_or_default() {
        "payment" => match payment_of(cab, object_id).await? {
            Some(payment) => drive(cab, payment).await,
            None => Ok(()),
        },
        "payout" => match payout_of(cab, object_id).await? {
            Some(payout) => payout::drive(cab, payout).await,
            None => Ok(()),
        },
        "refund" => match refund_of(cab, object_id).await? {
            Some(refund) => refund::drive(cab, refund).await,
            None => Ok(()),
        },
        "payment_method" => match card_of(cab, object_id).await? {
            Some(card) => payout::reread(cab, card).await,
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

async fn payment_of(cab: &Cabinet, remote_id: &str) -> Result<Option<PaymentId>> {
    let db = cab.db().read();
    let known = payment::Entity::find()
        .filter(payment::Column::RemoteId.eq(remote_id))
        .one(db)
        .await?;
    if let Some(row) = known {
        return Ok(Some(id(&row.id)?));
    }
    // Our answer to its creation was lost: the acquirer's copy names our payment.
    match cab.ports().acquirer.payment(remote_id).await {
        Ok(remote) => {
            let Some(payment) = remote.payment else {
                return Ok(None);
            };
            let row = payment::Entity::find_by_id(payment.to_string())
                .one(db)
                .await?;
            Ok(row.map(|_| payment))
        }
        Err(AcquirerError::Unknown(_)) => Err(CabinetError::Unavailable("acquirer")),
        Err(AcquirerError::Refused { .. }) => Ok(None),
    }
}

async fn payout_of(cab: &Cabinet, remote_id: &str) -> Result<Option<PayoutId>> {
    let row = payouts::Entity::find()
        .filter(payouts::Column::RemoteId.eq(remote_id))
        .one(cab.db().read())
        .await?;
    row.map(|row| id(&row.id)).transpose()
}

async fn refund_of(cab: &Cabinet, remote_id: &str) -> Result<Option<RefundId>> {
    let row = refunds::Entity::find()
        .filter(refunds::Column::RemoteId.eq(remote_id))
        .one(cab.db().read())
        .await?;
    row.map(|row| id(&row.id)).transpose()
}

async fn card_of(cab: &Cabinet, remote_id: &str) -> Result<Option<InstrumentId>> {
    let row = instrument::Entity::find()
        .filter(instrument::Column::RemoteId.eq(remote_id))
        .one(cab.db().read())
        .await?;
    row.map(|row| id(&row.id)).transpose()
}
