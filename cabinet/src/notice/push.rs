//! Notices to a borrower's devices (RFC 8030): which devices asked for them, and sending them.
//!
//! A device is told besides the text message, never in its place: a push service promises nothing.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::outbox::{self, Push as Task};
use crate::ports::{DeliveryError, PushMessage};

/// Devices of one borrower; the oldest gives way.
const DEVICES: usize = 10;
/// No push service has a longer address.
const LONGEST: usize = 1000;
/// A reminder that comes a day later is none.
const LASTS: Duration = Duration::from_hours(12);
/// Where a press on a notice leads.
const PLACE: &str = "/go/debt";

/// How a device is reached, as its browser says it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The address at the push service.
    pub endpoint: String,
    /// The device's public key, an uncompressed point of P-256 in base64url without padding.
    pub p256dh: String,
    /// The shared secret, 16 bytes in base64url without padding.
    pub auth: String,
}

impl Subscription {
    /// Whether it can be written to: keys of the right shape at a service that we write to.
    fn check(&self, cab: &Cabinet) -> Result<()> {
        let bytes = |text: &str| {
            BASE64
                .decode(text.trim_end_matches('='))
                .unwrap_or_default()
        };
        let point = bytes(&self.p256dh);
        let whole = self.endpoint.len() <= LONGEST
            && point.len() == 65
            && point.first() == Some(&4)
            && bytes(&self.auth).len() == 16;
        if whole && cab.ports().push.serves(&self.endpoint) {
            Ok(())
        } else {
            Err(CabinetError::field("endpoint", "push_invalid"))
        }
    }
}

fn index(cab: &Cabinet, endpoint: &str) -> String {
    cab.keys().blind_index("push_endpoint", endpoint)
}

/// From now on this device gets the borrower's notices; nobody else's, if it got them before.
pub async fn subscribe(
    cab: &Cabinet,
    borrower: BorrowerId,
    subscription: Subscription,
) -> Result<()> {
    subscription.check(cab)?;
    let row = cab.fresh_id().to_string();
    let index = index(cab, &subscription.endpoint);
    let body = serde_json::to_string(&subscription).map_err(CabinetError::internal)?;
    let sealed = cab
        .keys()
        .encrypt("push_subscription", "body", &row, &body)?;
    let now = cab.now_ms();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                forget(tx, &index).await?;
                sql::execute(
                    tx,
                    "INSERT INTO push_subscription (id, borrower, endpoint_index, body, \
                     created_at) VALUES ($1, $2, $3, $4, $5)",
                    vec![
                        row.into(),
                        borrower.into(),
                        index.into(),
                        sealed.into(),
                        now.into(),
                    ],
                )
                .await?;
                keep_newest(tx, borrower).await
            })
        })
        .await
}

async fn forget(tx: &Tx, index: &str) -> Result<()> {
    let statement = "DELETE FROM push_subscription WHERE endpoint_index = $1";
    sql::execute(tx, statement, vec![index.into()])
        .await
        .map(drop)
}

async fn keep_newest(tx: &Tx, borrower: BorrowerId) -> Result<()> {
    for row in of(tx, borrower).await?.into_iter().skip(DEVICES) {
        let id: String = sql::get(&row, "id")?;
        let statement = "DELETE FROM push_subscription WHERE id = $1";
        sql::execute(tx, statement, vec![id.into()]).await?;
    }
    Ok(())
}

/// The rows of a borrower, the newest first.
async fn of(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Vec<QueryResult>> {
    let statement = "SELECT id FROM push_subscription WHERE borrower = $1 \
                     ORDER BY created_at DESC, id DESC";
    sql::all(conn, statement, vec![borrower.into()]).await
}

/// This device gets no more notices. Only its owner can say so; for anybody else nothing changes.
pub async fn unsubscribe(cab: &Cabinet, borrower: BorrowerId, endpoint: &str) -> Result<()> {
    let index = index(cab, endpoint);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement =
                    "DELETE FROM push_subscription WHERE endpoint_index = $1 AND borrower = $2";
                sql::execute(tx, statement, vec![index.into(), borrower.into()])
                    .await
                    .map(drop)
            })
        })
        .await
}

/// Whether any device of the borrower's asked for notices.
pub(super) async fn any(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<bool> {
    Ok(!of(conn, borrower).await?.is_empty())
}

/// Puts a notice to each of the borrower's devices into the commit of this transaction. `ref_id`
/// names what is told, so that a device is told once.
pub(super) async fn queue(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    ref_id: &str,
    text: &str,
) -> Result<()> {
    let not_after = cab.now() + chrono::Duration::from_std(LASTS).unwrap_or_default();
    for row in of(tx, borrower).await? {
        let device: String = sql::get(&row, "id")?;
        let payload = json!({ "device": device, "text": text, "about": ref_id });
        queue_one(tx, cab, &format!("{ref_id}:{device}"), payload, not_after).await?;
    }
    Ok(())
}

async fn queue_one(
    tx: &Tx,
    cab: &Cabinet,
    ref_id: &str,
    payload: Value,
    not_after: DateTime<Utc>,
) -> Result<()> {
    let task = Task {
        kind: "push",
        ref_id,
        payload,
        due_at: None,
        not_after: Some(not_after),
    };
    outbox::push_at(tx, cab, task).await
}

#[derive(Deserialize)]
struct Told {
    device: String,
    text: String,
    about: String,
}

/// Sends one notice to one device. A device that is gone is forgotten.
pub(crate) async fn deliver(cab: &Cabinet, payload: &Value) -> Result<()> {
    let told = Told::deserialize(payload).map_err(CabinetError::internal)?;
    let statement = "SELECT endpoint_index, body FROM push_subscription WHERE id = $1";
    let values = vec![told.device.clone().into()];
    let Some(row) = sql::one(cab.db().read(), statement, values).await? else {
        // Switched off since.
        return Ok(());
    };
    let sealed: String = sql::get(&row, "body")?;
    let body = cab
        .keys()
        .decrypt("push_subscription", "body", &told.device, &sealed)?;
    let to: Subscription = serde_json::from_str(&body).map_err(CabinetError::internal)?;
    let text = json!({
        "title": cab.lender().name,
        "body": told.text,
        "tag": told.about,
        "url": PLACE,
    });
    let message = PushMessage {
        to,
        text: text.to_string(),
        topic: Uuid::parse_str(&told.about).unwrap_or_default(),
        lasts: LASTS,
    };
    match cab.ports().push.send(&message).await {
        Ok(()) => Ok(()),
        Err(DeliveryError::Temporary(text)) => Err(CabinetError::Internal(text)),
        Err(DeliveryError::Permanent(_)) => {
            let index: String = sql::get(&row, "endpoint_index")?;
            cab.db()
                .write(move |tx| Box::pin(async move { forget(tx, &index).await }))
                .await
        }
    }
}
