//! The ledger of contacts: every message to a borrower, what held it back, what became of it.
//!
//! A message asks the law and its reader's quiet hours at the moment it would go, not when it was
//! written. What may not go waits for the next hour that suits, or falls away when its time is over
//! by then. All of a borrower's messages pass one lock, so two workers can't both be the last
//! lawful one.

use chrono::{DateTime, Duration, Utc};
use lending::contact::{Clocks, contact_allowed, hour_allowed, next_hour};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::choice::{self, Choices};
use super::kinds::{Channel, Class, Event, event_of};
use super::push;
use super::send::may_ring;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::stored::id;
use crate::outbox::Outcome;
use crate::ports::{DeliveryError, SmsReceipt};
use crate::{Cabinet, access, moment, service};

/// What the outbox keeps of a message.
#[derive(Serialize, Deserialize)]
pub(super) struct Message {
    pub text: String,
    /// Of a letter; empty otherwise.
    pub subject: String,
}

/// What a message is, read under the borrower's lock.
struct Asked {
    id: String,
    /// What it is about: of a bought one the loan.
    object: String,
    borrower: BorrowerId,
    channel: Channel,
    event: Event,
    class: Class,
    not_after: i64,
}

/// Whether it goes now.
enum Gate {
    Go(BorrowerId, Channel),
    Later(DateTime<Utc>),
    Over,
}

/// Writes a message into the ledger, in the transaction that puts it into the outbox.
pub(super) async fn ask(
    tx: &Tx,
    cab: &Cabinet,
    notice: &str,
    borrower: BorrowerId,
    not_after: DateTime<Utc>,
) -> Result<()> {
    let statement = "INSERT INTO contact (notice, borrower, asked_at, not_after, limited) \
                     VALUES ($1, $2, $3, $4, 0)";
    let values = vec![
        notice.into(),
        borrower.into(),
        cab.now_ms().into(),
        not_after.timestamp_millis().into(),
    ];
    sql::execute(tx, statement, values).await.map(drop)
}

/// Sends a message, or says when.
pub(crate) async fn deliver(
    cab: &Cabinet,
    notice: &str,
    payload: &serde_json::Value,
) -> Result<Outcome> {
    let message = Message::deserialize(payload).map_err(CabinetError::internal)?;
    let (cabinet, name, text) = (cab.clone(), notice.to_owned(), message.text.clone());
    let gate = cab
        .db()
        .write(move |tx| Box::pin(async move { gate(tx, &cabinet, &name, &text).await }))
        .await?;
    let (borrower, channel) = match gate {
        Gate::Go(borrower, channel) => (borrower, channel),
        Gate::Later(at) => return Ok(Outcome::Later(at)),
        Gate::Over => return Ok(Outcome::Done),
    };
    let sent = match channel {
        Channel::Sms => sms(cab, borrower, notice, &message).await,
        Channel::Mail => mail(cab, borrower, &message).await,
        // Each device is a row of its own in the outbox by now.
        Channel::Push | Channel::InApp => Ok(Vec::new()),
    };
    let (ended, parts) = match &sent {
        Ok(parts) => ("sent", parts.clone()),
        Err(CabinetError::Conflict(_)) => ("refused", Vec::new()),
        Err(_) => return sent.map(|_| Outcome::Done),
    };
    let (cabinet, name) = (cab.clone(), notice.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                for part in parts {
                    let statement = "INSERT INTO sms_part (gateway_id, notice, at) \
                                     VALUES ($1, $2, $3) ON CONFLICT (gateway_id) DO NOTHING";
                    let at = cabinet.now_ms().into();
                    sql::execute(tx, statement, vec![part.into(), name.clone().into(), at]).await?;
                }
                end(tx, &cabinet, &name, ended).await
            })
        })
        .await?;
    sent.map(|_| Outcome::Done)
}

async fn sms(
    cab: &Cabinet,
    borrower: BorrowerId,
    notice: &str,
    message: &Message,
) -> Result<Vec<String>> {
    let to = access::contact(cab, cab.db().read(), borrower).await?.phone;
    let key = Uuid::parse_str(notice).map_err(CabinetError::internal)?;
    let sent = cab.ports().sms.send_parts(&to, &message.text, key).await;
    sent.map_err(undelivered)
}

async fn mail(cab: &Cabinet, borrower: BorrowerId, message: &Message) -> Result<Vec<String>> {
    let to = access::confirmed_email(cab.db().read(), cab, borrower).await?;
    let to = to.ok_or(CabinetError::Conflict("undeliverable"))?;
    let sent = cab.ports().mail.send(&to, &message.subject, &message.text);
    sent.await.map(|()| Vec::new()).map_err(undelivered)
}

fn undelivered(error: DeliveryError) -> CabinetError {
    match error {
        DeliveryError::Temporary(text) => CabinetError::Internal(text),
        DeliveryError::Permanent(_) => CabinetError::Conflict("undeliverable"),
    }
}

async fn gate(tx: &Tx, cab: &Cabinet, notice: &str, text: &str) -> Result<Gate> {
    let Some(asked) = asked(tx, notice).await? else {
        return Ok(Gate::Over);
    };
    let now = cab.now();
    let choices = choice::of(tx, asked.borrower).await?;
    let bought = !asked.event.bought() || service::informs(tx, &asked.object).await?;
    let allowed = bought && may_ring(tx, asked.event, asked.borrower).await?;
    if !allowed || !choices.wants(asked.event, asked.channel) {
        return over(tx, cab, &asked.id, "off").await;
    }
    if now.timestamp_millis() > asked.not_after {
        return over(tx, cab, &asked.id, "stale").await;
    }
    let clocks = choice::clocks(cab, tx, asked.borrower).await?;
    let limited = match asked.class {
        Class::Answer => false,
        Class::Overdue => true,
        Class::Reminder => is_late(tx, cab, asked.borrower).await?,
    };
    let sent = if limited {
        sent_before(tx, &asked, now).await?
    } else {
        Vec::new()
    };
    let suits = |at| suits(at, asked.class, limited, &sent, clocks, &choices);
    let Err(why) = suits(now) else {
        goes(tx, cab, &asked, limited).await?;
        if asked.channel == Channel::Push {
            push::queue(tx, cab, asked.borrower, &asked.id, text).await?;
        }
        return Ok(Gate::Go(asked.borrower, asked.channel));
    };
    let next = next_hour(now, |at| suits(at).is_ok());
    let next = next.filter(|at| at.timestamp_millis() <= asked.not_after);
    let statement = "UPDATE contact SET waits = $1, waits_until = $2 WHERE notice = $3";
    let until = next.map(|at| at.timestamp_millis());
    let values = vec![why.into(), until.into(), asked.id.clone().into()];
    sql::execute(tx, statement, values).await?;
    match next {
        Some(at) => Ok(Gate::Later(at)),
        None => over(tx, cab, &asked.id, "stale").await,
    }
}

/// Whether a message of this class may go at a moment; otherwise what holds it back.
fn suits(
    at: DateTime<Utc>,
    class: Class,
    limited: bool,
    sent: &[DateTime<Utc>],
    clocks: Clocks,
    choices: &Choices,
) -> std::result::Result<(), &'static str> {
    if choices.holds_back(class, at, clocks) {
        return Err("quiet");
    }
    if limited {
        return contact_allowed(at, sent, clocks).map_err(lending::contact::ContactRefusal::code);
    }
    // Nobody wants to be reminded at night, late or not.
    if class != Class::Answer && !hour_allowed(at, clocks) {
        return Err("hour");
    }
    Ok(())
}

/// The message, its borrower locked; none when it is over already.
async fn asked(tx: &Tx, notice: &str) -> Result<Option<Asked>> {
    let read = "SELECT contact.borrower, contact.not_after, notice.channel, notice.kind, notice.object \
                FROM contact JOIN notice ON notice.id = contact.notice \
                WHERE contact.notice = $1 AND contact.ended IS NULL";
    let Some(row) = sql::one(tx, read, vec![notice.into()]).await? else {
        return Ok(None);
    };
    let borrower: String = sql::get(&row, "borrower")?;
    let lock = format!(
        "SELECT id FROM borrower WHERE id = $1{}",
        sql::for_update(tx)
    );
    sql::one(tx, &lock, vec![borrower.clone().into()]).await?;
    let channel: String = sql::get(&row, "channel")?;
    let event = event_of(&sql::get::<String>(&row, "kind")?);
    Ok(Some(Asked {
        id: notice.to_owned(),
        object: sql::get(&row, "object")?,
        borrower: BorrowerId(id(&borrower)?),
        channel: Channel::from_code(&channel)
            .ok_or_else(|| CabinetError::internal("an unknown channel"))?,
        event,
        class: event.class(),
        not_after: sql::get(&row, "not_after")?,
    }))
}

/// Whether any payment of the borrower's is late.
async fn is_late(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<bool> {
    let statement = "SELECT id FROM loan WHERE borrower = $1 AND closed_on IS NULL \
                     AND next_due < $2 LIMIT 1";
    let values = vec![borrower.into(), cab.today().to_string().into()];
    Ok(sql::one(tx, statement, values).await?.is_some())
}

/// When the others went that count against the limits.
async fn sent_before(tx: &Tx, asked: &Asked, now: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>> {
    let statement = "SELECT sent_at FROM contact WHERE borrower = $1 AND limited = 1 \
                     AND sent_at > $2 AND notice <> $3";
    let since = (now - Duration::days(32)).timestamp_millis();
    let values = vec![asked.borrower.into(), since.into(), asked.id.clone().into()];
    let rows = sql::all(tx, statement, values).await?;
    rows.iter()
        .map(|row| moment(sql::get(row, "sent_at")?))
        .collect()
}

/// Counted before it goes: a worker that dies between the two has sent one message less, never more.
async fn goes(tx: &Tx, cab: &Cabinet, asked: &Asked, limited: bool) -> Result<()> {
    let statement = "UPDATE contact SET sent_at = $1, limited = $2, waits = NULL, \
                     waits_until = NULL WHERE notice = $3";
    let values = vec![
        cab.now_ms().into(),
        i64::from(limited).into(),
        asked.id.clone().into(),
    ];
    sql::execute(tx, statement, values).await.map(drop)
}

async fn over(tx: &Tx, cab: &Cabinet, notice: &str, ended: &'static str) -> Result<Gate> {
    end(tx, cab, notice, ended).await?;
    Ok(Gate::Over)
}

async fn end(tx: &Tx, cab: &Cabinet, notice: &str, ended: &'static str) -> Result<()> {
    let statement = "UPDATE contact SET ended = $1, ended_at = $2 \
                     WHERE notice = $3 AND ended IS NULL";
    let values = vec![ended.into(), cab.now_ms().into(), notice.into()];
    sql::execute(tx, statement, values).await?;
    metrics::counter!("kopeck_contact_total", "ended" => ended).increment(1);
    Ok(())
}

/// The outbox gave a message up.
pub(crate) async fn gave_up(tx: &Tx, cab: &Cabinet, notice: &str) -> Result<()> {
    end(tx, cab, notice, "failed").await
}

/// A message that was given up may be tried again.
pub(crate) async fn revive(tx: &Tx, notice: &str) -> Result<()> {
    let statement = "UPDATE contact SET ended = NULL, ended_at = NULL \
                     WHERE notice = $1 AND ended IN ('failed', 'refused')";
    sql::execute(tx, statement, vec![notice.into()])
        .await
        .map(drop)
}

/// Writes down what operators said of messages. Answers those of no message that is known: their
/// message may not be written down yet, so they are worth asking about again.
pub async fn receipts(cab: &Cabinet, came: Vec<SmsReceipt>) -> Result<Vec<SmsReceipt>> {
    let mut unknown = Vec::new();
    for receipt in came {
        let (cabinet, one) = (cab.clone(), receipt.clone());
        let known = cab
            .db()
            .write(move |tx| Box::pin(async move { arrived(tx, &cabinet, &one).await }))
            .await?;
        if !known {
            unknown.push(receipt);
        }
    }
    Ok(unknown)
}

/// A message has arrived when its last part has; it has not when any part has not.
async fn arrived(tx: &Tx, cab: &Cabinet, receipt: &SmsReceipt) -> Result<bool> {
    let statement = "UPDATE sms_part SET arrived = $1 WHERE gateway_id = $2 RETURNING notice";
    let arrived = i64::from(receipt.arrived);
    let values = vec![arrived.into(), receipt.gateway_id.clone().into()];
    let Some(row) = sql::one(tx, statement, values).await? else {
        return Ok(false);
    };
    let notice: String = sql::get(&row, "notice")?;
    // Counted, not summed: a sum is a decimal on Postgres.
    let statement = "SELECT COUNT(*) AS parts, COUNT(arrived) AS told, \
                     COUNT(CASE WHEN arrived = 0 THEN 1 END) AS lost FROM sms_part \
                     WHERE notice = $1";
    let row = sql::one(tx, statement, vec![notice.clone().into()])
        .await?
        .ok_or(CabinetError::NotFound)?;
    let count = |column| sql::get::<i64>(&row, column);
    let ended = match (count("lost")?, count("told")? == count("parts")?) {
        (1.., _) => "undelivered",
        (_, true) => "delivered",
        _ => return Ok(true),
    };
    let statement = "UPDATE contact SET ended = $1, ended_at = $2 \
                     WHERE notice = $3 AND ended IN ('sent', 'delivered')";
    let values = vec![ended.into(), cab.now_ms().into(), notice.into()];
    sql::execute(tx, statement, values).await?;
    metrics::counter!("kopeck_contact_total", "ended" => ended).increment(1);
    Ok(true)
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// What it told of.
    pub event: Event,
    /// By which channel.
    pub channel: Channel,
    /// When it was written.
    pub asked_at: DateTime<Utc>,
    /// Whether it counts against the law's limits.
    pub limited: bool,
    /// When it was given to the gateway last.
    pub sent_at: Option<DateTime<Utc>>,
    /// What it waits for, or waited for: `quiet`, `hour`, `day`, `week`, `month`.
    pub waits: Option<String>,
    /// Until when.
    pub waits_until: Option<DateTime<Utc>>,
    /// `sent`, `delivered`, `undelivered`, `refused`, `failed`, `stale`, `off`; nothing while it is
    /// under way.
    pub ended: Option<String>,
}

/// The newest lines of a borrower's ledger.
pub async fn ledger(cab: &Cabinet, borrower: BorrowerId, most: u32) -> Result<Vec<Contact>> {
    let statement = "SELECT notice.kind, notice.channel, contact.asked_at, contact.limited, \
                     contact.sent_at, contact.waits, contact.waits_until, contact.ended \
                     FROM contact JOIN notice ON notice.id = contact.notice \
                     WHERE contact.borrower = $1 \
                     ORDER BY contact.asked_at DESC, contact.notice DESC LIMIT $2";
    let values = vec![borrower.into(), i64::from(most).into()];
    let rows = sql::all(cab.db().read(), statement, values).await?;
    rows.iter().map(line).collect()
}

fn line(row: &QueryResult) -> Result<Contact> {
    let at = |column| {
        let at: Option<i64> = sql::get(row, column)?;
        at.map(moment).transpose()
    };
    let channel: String = sql::get(row, "channel")?;
    Ok(Contact {
        event: event_of(&sql::get::<String>(row, "kind")?),
        channel: Channel::from_code(&channel)
            .ok_or_else(|| CabinetError::internal("an unknown channel"))?,
        asked_at: moment(sql::get(row, "asked_at")?)?,
        limited: sql::get::<i64>(row, "limited")? == 1,
        sent_at: at("sent_at")?,
        waits: sql::get(row, "waits")?,
        waits_until: at("waits_until")?,
        ended: sql::get(row, "ended")?,
    })
}
