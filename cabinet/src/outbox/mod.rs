//! What must happen in the outside world because of a commit: written by that commit, done after
//! it, repeated until done.
//!
//! A row is leased to one worker at a time and done outside any transaction. A worker that dies
//! lets its lease run out, and the row is done again; every port therefore takes a key that makes
//! repeats one.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use sea_orm::{DbBackend, QueryResult};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::ports::DeliveryError;
use crate::values::{Email, Phone};
use crate::{Cabinet, access, notice, work};

mod dead;

pub use dead::{Dead, Waiting, dead, measure, retry};

/// How long a worker may hold a row, by the machine's clock: a business clock that is moved must not
/// let two workers hold one row.
const LEASE_MS: i64 = 120_000;
/// How long one row may take; well inside the lease.
const PATIENCE: Duration = Duration::from_secs(45);
/// Rows taken at once, and how many of them go in parallel.
const BATCH: i64 = 32;
const PARALLEL: usize = 8;
/// Seconds to the next attempt: after the first failure, the second… Then the row is given up.
const DELAYS: [i64; 11] = [2, 5, 15, 30, 60, 120, 300, 900, 3600, 4 * 3600, 12 * 3600];

/// A thing to be done.
pub struct Push<'a> {
    /// What: `sms`, `mail`, `decide`, `payout`…
    pub kind: &'a str,
    /// About what; with the kind it names the thing, and a named thing is pushed once for ever.
    pub ref_id: &'a str,
    /// What the worker needs; sealed at rest, erased when done, and a while after it was given up.
    pub payload: Value,
    /// Not before; now, when absent.
    pub due_at: Option<DateTime<Utc>>,
    /// Not after: a code's text is no use once the code has expired.
    pub not_after: Option<DateTime<Utc>>,
}

/// Puts a thing to be done into the commit of this transaction. The same kind and reference again
/// change nothing.
pub async fn push(tx: &Tx, cab: &Cabinet, kind: &str, ref_id: &str, payload: Value) -> Result<()> {
    push_at(
        tx,
        cab,
        Push {
            kind,
            ref_id,
            payload,
            due_at: None,
            not_after: None,
        },
    )
    .await
}

/// The same with a time before or after which it makes no sense.
pub async fn push_at(tx: &Tx, cab: &Cabinet, push: Push<'_>) -> Result<()> {
    let id = cab.fresh_id().to_string();
    let sealed = cab
        .keys()
        .encrypt("outbox", "payload", &id, &push.payload.to_string())?;
    let now = cab.now_ms();
    let due_at = push.due_at.map_or(now, |at| at.timestamp_millis());
    sql::execute(
        tx,
        "INSERT INTO outbox (id, kind, ref_id, dedupe, payload, created_at, due_at, not_after, \
         attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0) ON CONFLICT (dedupe) DO NOTHING",
        vec![
            id.into(),
            push.kind.into(),
            push.ref_id.into(),
            format!("{}:{}", push.kind, push.ref_id).into(),
            sealed.into(),
            now.into(),
            due_at.into(),
            push.not_after.map(|at| at.timestamp_millis()).into(),
        ],
    )
    .await?;
    crate::db::ring_after_commit();
    Ok(())
}

/// Puts a text message into the commit of this transaction.
pub async fn sms(
    tx: &Tx,
    cab: &Cabinet,
    ref_id: &str,
    phone: &Phone,
    text: &str,
    not_after: Option<DateTime<Utc>>,
) -> Result<()> {
    let payload = json!({ "phone": phone.digits(), "text": text });
    push_at(
        tx,
        cab,
        Push {
            kind: "sms",
            ref_id,
            payload,
            due_at: None,
            not_after,
        },
    )
    .await
}

/// Puts a letter into the commit of this transaction.
pub async fn mail(
    tx: &Tx,
    cab: &Cabinet,
    ref_id: &str,
    to: &Email,
    subject: &str,
    text: &str,
) -> Result<()> {
    let payload = json!({ "to": to.as_str(), "subject": subject, "text": text });
    push(tx, cab, "mail", ref_id, payload).await
}

/// How a thing that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// It may not be done before this moment; that was no attempt.
    Later(DateTime<Utc>),
}

/// A leased row.
struct Task {
    id: String,
    kind: String,
    ref_id: String,
    payload: String,
    attempts: i64,
    not_after: Option<i64>,
}

impl Task {
    fn read(row: &QueryResult) -> Result<Self> {
        Ok(Self {
            id: sql::get(row, "id")?,
            kind: sql::get(row, "kind")?,
            ref_id: sql::get(row, "ref_id")?,
            payload: sql::get(row, "payload")?,
            attempts: sql::get(row, "attempts")?,
            not_after: sql::get(row, "not_after")?,
        })
    }
}

/// Does what is due, a batch of it; answers how many rows were taken. Call again while it is not
/// zero.
pub async fn run_due(cab: &Cabinet) -> Result<usize> {
    let tasks = lease(cab).await?;
    let taken = tasks.len();
    let results: Vec<Result<()>> = futures::stream::iter(tasks)
        .map(|task| async move {
            let outcome = attempt(cab, &task).await;
            settle(cab, task, outcome).await
        })
        .buffer_unordered(PARALLEL)
        .collect()
        .await;
    results.into_iter().collect::<Result<Vec<()>>>()?;
    Ok(taken)
}

async fn lease(cab: &Cabinet) -> Result<Vec<Task>> {
    let now = cab.now_ms();
    let machine = cab.ports().clock.machine().timestamp_millis();
    let skip = match cab.db().backend() {
        DbBackend::Postgres => " FOR UPDATE SKIP LOCKED",
        _ => "",
    };
    // Most wakes find nothing; only a write transaction costs an fsync, so look first.
    let waiting = "SELECT id FROM outbox WHERE done_at IS NULL AND dead_at IS NULL \
                   AND due_at <= $1 AND (lease_until IS NULL OR lease_until <= $2)";
    let look = format!("{waiting} LIMIT 1");
    let values = vec![now.into(), machine.into()];
    if sql::one(cab.db().read(), &look, values).await?.is_none() {
        return Ok(Vec::new());
    }
    let take = format!(
        "UPDATE outbox SET lease_until = $3, attempts = attempts + 1 WHERE id IN \
         ({waiting} ORDER BY due_at, created_at LIMIT {BATCH}{skip}) \
         RETURNING id, kind, ref_id, payload, attempts, not_after"
    );
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let values = vec![now.into(), machine.into(), (machine + LEASE_MS).into()];
                let rows = sql::all(tx, &take, values).await?;
                rows.iter().map(Task::read).collect()
            })
        })
        .await
}

async fn attempt(cab: &Cabinet, task: &Task) -> Result<Outcome> {
    if task
        .not_after
        .is_some_and(|not_after| not_after < cab.now_ms())
    {
        return Err(CabinetError::Conflict("too_late"));
    }
    let text = cab
        .keys()
        .decrypt("outbox", "payload", &task.id, &task.payload)?;
    let payload: Value = serde_json::from_str(&text).map_err(CabinetError::internal)?;
    let work = perform(cab, task, &payload);
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or(Err(CabinetError::Unavailable("slow")))
}

async fn perform(cab: &Cabinet, task: &Task, payload: &Value) -> Result<Outcome> {
    match task.kind.as_str() {
        "notice" => return notice::deliver(cab, &task.ref_id, payload).await,
        "sms" => {
            let message: SmsPayload = read(payload)?;
            let phone = recipient(cab, &message).await?;
            let key = Uuid::parse_str(&task.id).map_err(CabinetError::internal)?;
            delivered(cab.ports().sms.send(&phone, &message.text, key).await)
        }
        "mail" => {
            let letter: MailPayload = read(payload)?;
            let to = Email::parse(&letter.to)
                .ok_or_else(|| CabinetError::internal("an unreadable address"))?;
            delivered(
                cab.ports()
                    .mail
                    .send(&to, &letter.subject, &letter.text)
                    .await,
            )
        }
        kind => work::perform(cab, kind, &task.ref_id, payload).await,
    }
    .map(|()| Outcome::Done)
}

/// A message to a phone, or to whatever phone a borrower has when it is sent.
#[derive(Deserialize)]
struct SmsPayload {
    phone: Option<String>,
    borrower: Option<BorrowerId>,
    text: String,
}

async fn recipient(cab: &Cabinet, message: &SmsPayload) -> Result<Phone> {
    if let Some(borrower) = message.borrower {
        return Ok(access::contact(cab, cab.db().read(), borrower).await?.phone);
    }
    let phone = message.phone.as_deref().and_then(Phone::parse);
    phone.ok_or_else(|| CabinetError::internal("an unreadable phone"))
}

#[derive(Deserialize)]
struct MailPayload {
    to: String,
    subject: String,
    text: String,
}

fn read<T: for<'de> Deserialize<'de>>(payload: &Value) -> Result<T> {
    T::deserialize(payload).map_err(CabinetError::internal)
}

fn delivered(result: std::result::Result<(), DeliveryError>) -> Result<()> {
    result.map_err(|error| match error {
        DeliveryError::Temporary(text) => CabinetError::Internal(text),
        DeliveryError::Permanent(_) => CabinetError::Conflict("undeliverable"),
    })
}

/// Whether another attempt can change anything.
fn worth_repeating(error: &CabinetError) -> bool {
    matches!(
        error,
        CabinetError::Internal(_) | CabinetError::Unavailable(_) | CabinetError::TooMany { .. }
    )
}

fn is_message(kind: &str) -> bool {
    matches!(kind, "sms" | "mail" | "push" | "notice")
}

/// A message that comes days late helps nobody; a decision, money and the bureau's record are owed until
/// they are done, so they go on at the last delay.
fn lasting(kind: &str) -> Option<&'static i64> {
    if is_message(kind) {
        None
    } else {
        DELAYS.last()
    }
}

/// Writes down how an attempt ended.
async fn settle(cab: &Cabinet, task: Task, outcome: Result<Outcome>) -> Result<()> {
    let now = cab.now_ms();
    let next = usize::try_from(task.attempts - 1)
        .ok()
        .and_then(|n| DELAYS.get(n).or_else(|| lasting(&task.kind)));
    let mut dead = false;
    let (statement, mut values) = match (&outcome, next) {
        (Ok(Outcome::Done), _) => (
            "UPDATE outbox SET done_at = $1, payload = '', lease_until = NULL, last_error = NULL \
             WHERE id = $2 AND done_at IS NULL",
            vec![now.into()],
        ),
        (Ok(Outcome::Later(at)), _) => (
            "UPDATE outbox SET due_at = $1, lease_until = NULL, attempts = attempts - 1 \
             WHERE id = $2 AND done_at IS NULL",
            vec![at.timestamp_millis().into()],
        ),
        (Err(error), Some(delay)) if worth_repeating(error) => (
            "UPDATE outbox SET due_at = $1, lease_until = NULL, last_error = $3 \
             WHERE id = $2 AND done_at IS NULL",
            vec![(now + delay * 1000).into()],
        ),
        (Err(_), _) => {
            dead = true;
            (
                // What had a time has no other one: its payload, a code's text, goes at once.
                "UPDATE outbox SET dead_at = $1, lease_until = NULL, last_error = $3, \
                 payload = CASE WHEN not_after IS NULL THEN payload ELSE '' END \
                 WHERE id = $2 AND done_at IS NULL",
                vec![now.into()],
            )
        }
    };
    values.push(task.id.clone().into());
    let result = match &outcome {
        Ok(Outcome::Done) => "done",
        Ok(Outcome::Later(_)) => "held",
        Err(_) => "failed",
    };
    metrics::counter!("kopeck_outbox_total", "kind" => task.kind.clone(), "result" => result)
        .increment(1);
    if let Err(error) = &outcome {
        values.push(error.to_string().into());
        report(&task, error, dead);
    }
    let lost = (dead && task.kind == "notice").then(|| task.ref_id.clone());
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                sql::execute(tx, statement, values).await?;
                match lost {
                    Some(notice) => notice::gave_up(tx, &cabinet, &notice).await,
                    None => Ok(()),
                }
            })
        })
        .await
}

fn report(task: &Task, error: &CabinetError, dead: bool) {
    let (kind, id, attempt) = (&task.kind, &task.id, task.attempts);
    if dead {
        metrics::counter!("kopeck_outbox_dead_total", "kind" => kind.clone()).increment(1);
        tracing::error!(kind, id, attempt, %error, "an outbox row was given up");
    } else {
        tracing::warn!(kind, id, attempt, %error, "an outbox row will be tried again");
    }
}

/// When the next waiting row falls due, so that a worker knows how long it may sleep.
pub async fn next_due(cab: &Cabinet) -> Result<Option<DateTime<Utc>>> {
    let row = sql::one(
        cab.db().read(),
        "SELECT MIN(due_at) AS due_at FROM outbox WHERE done_at IS NULL AND dead_at IS NULL",
        vec![],
    )
    .await?;
    let due_at: Option<i64> = row
        .map(|row| sql::get(&row, "due_at"))
        .transpose()?
        .flatten();
    due_at.map(crate::moment).transpose()
}
