//! What was given up: the list, another try, and how much waits.

use chrono::{DateTime, Utc};

use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::{Cabinet, moment, notice};

/// A row that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// Which.
    pub id: String,
    /// What it was to do: `sms`, `payout`…
    pub kind: String,
    /// About what.
    pub ref_id: String,
    /// When it was given up.
    pub at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed.
    pub error: String,
    /// Whether it can be tried again: what it needs is still there.
    pub whole: bool,
}

/// What was given up, the newest first.
pub async fn dead(cab: &Cabinet, most: u32) -> Result<Vec<Dead>> {
    let statement = "SELECT id, kind, ref_id, dead_at, attempts, last_error, payload FROM outbox \
                     WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id LIMIT $1";
    let rows = sql::all(cab.db().read(), statement, vec![i64::from(most).into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Dead {
                id: sql::get(row, "id")?,
                kind: sql::get(row, "kind")?,
                ref_id: sql::get(row, "ref_id")?,
                at: moment(sql::get(row, "dead_at")?)?,
                attempts: sql::get(row, "attempts")?,
                error: sql::get::<Option<String>>(row, "last_error")?.unwrap_or_default(),
                whole: !sql::get::<String>(row, "payload")?.is_empty(),
            })
        })
        .collect()
}

/// Puts a row that was given up back, as if it had never been tried. `Conflict("not_dead")` when it
/// was not given up, `Conflict("too_late")` when what it needs is erased.
pub async fn retry(cab: &Cabinet, id: &str) -> Result<()> {
    let (now, id) = (cab.now_ms(), id.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let read = "SELECT kind, ref_id, dead_at, payload FROM outbox WHERE id = $1";
                let row = sql::one(tx, read, vec![id.clone().into()])
                    .await?
                    .ok_or(CabinetError::NotFound)?;
                if sql::get::<Option<i64>>(&row, "dead_at")?.is_none() {
                    return Err(CabinetError::Conflict("not_dead"));
                }
                if sql::get::<String>(&row, "payload")?.is_empty() {
                    return Err(CabinetError::Conflict("too_late"));
                }
                if sql::get::<String>(&row, "kind")? == "notice" {
                    notice::revive(tx, &sql::get::<String>(&row, "ref_id")?).await?;
                }
                let again = "UPDATE outbox SET dead_at = NULL, due_at = $1, attempts = 0, \
                             lease_until = NULL WHERE id = $2 AND dead_at IS NOT NULL";
                sql::execute(tx, again, vec![now.into(), id.into()]).await?;
                crate::db::ring_after_commit();
                Ok(())
            })
        })
        .await
}

/// How much of one kind is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What it is to do.
    pub kind: String,
    /// Rows that wait.
    pub waiting: i64,
    /// Rows that were given up.
    pub dead: i64,
    /// For how many seconds the oldest that is due has waited.
    pub late_seconds: i64,
}

/// Counts what is not done and tells the metrics.
pub async fn measure(cab: &Cabinet) -> Result<Vec<Waiting>> {
    let now = cab.now_ms();
    let statement = "SELECT kind, COUNT(CASE WHEN dead_at IS NULL THEN 1 END) AS waiting, \
                     COUNT(dead_at) AS dead, \
                     MIN(CASE WHEN dead_at IS NULL THEN due_at END) AS due_at \
                     FROM outbox WHERE done_at IS NULL GROUP BY kind";
    let rows = sql::all(cab.db().read(), statement, vec![]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let due: Option<i64> = sql::get(&row, "due_at")?;
        let one = Waiting {
            kind: sql::get(&row, "kind")?,
            waiting: sql::get(&row, "waiting")?,
            dead: sql::get(&row, "dead")?,
            late_seconds: due.map_or(0, |due| (now - due).max(0) / 1000),
        };
        let kind = one.kind.clone();
        gauge("kopeck_outbox_waiting", &kind, one.waiting);
        gauge("kopeck_outbox_dead", &kind, one.dead);
        gauge("kopeck_outbox_late_seconds", &kind, one.late_seconds);
        found.push(one);
    }
    Ok(found)
}

#[allow(clippy::cast_precision_loss)] // A gauge is a float; counts of rows are far below 2⁵³.
fn gauge(name: &'static str, kind: &str, value: i64) {
    metrics::gauge!(name, "kind" => kind.to_owned()).set(value as f64);
}
