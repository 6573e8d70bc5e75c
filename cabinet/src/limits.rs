//! How often something may happen, counted in the database so that every node counts together.

use sea_orm::ConnectionTrait;

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::planted::{Sabotage, sabotaged};

/// Counts one more event of a kind for a subject (give a keyed hash, never a phone or an address).
/// The window opens with its first event and closes `window_seconds` later; above `max` events in
/// it the answer is `TooMany` with the kind as its code, and the refused event is not counted.
/// Answers how many events the window holds now.
pub async fn hit(
    tx: &Tx,
    cab: &Cabinet,
    kind: &'static str,
    subject_hash: &str,
    window_seconds: u64,
    max: u32,
) -> Result<u32> {
    let mut max = max;
    if sabotaged(Sabotage::LooseCount) {
        let before = spent(cab.db().read(), cab, kind, subject_hash, window_seconds).await?;
        max = if before < max { u32::MAX } else { 0 };
    }
    let now = cab.now_ms();
    let window = i64::try_from(window_seconds).map_err(CabinetError::internal)? * 1000;
    let row = sql::one(
        tx,
        "INSERT INTO limit_counter (kind, subject, started_at, hits) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (kind, subject) DO UPDATE SET \
         hits = CASE WHEN limit_counter.started_at <= $4 THEN 1 ELSE limit_counter.hits + 1 END, \
         started_at = CASE WHEN limit_counter.started_at <= $4 THEN $3 \
         ELSE limit_counter.started_at END \
         RETURNING started_at, hits",
        vec![
            kind.into(),
            subject_hash.into(),
            now.into(),
            (now - window).into(),
        ],
    )
    .await?
    .ok_or_else(|| CabinetError::internal("a counter vanished"))?;
    let (started_at, hits): (i64, i64) = (sql::get(&row, "started_at")?, sql::get(&row, "hits")?);
    if hits <= i64::from(max) {
        return Ok(u32::try_from(hits).unwrap_or(u32::MAX));
    }
    let left = (started_at + window - now + 999) / 1000;
    Err(CabinetError::TooMany {
        code: kind,
        retry_after_seconds: u64::try_from(left).unwrap_or(1).max(1),
    })
}

/// How many events of a kind the present window of a subject holds; nothing is counted.
pub async fn spent(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    kind: &'static str,
    subject_hash: &str,
    window_seconds: u64,
) -> Result<u32> {
    let window = i64::try_from(window_seconds).map_err(CabinetError::internal)? * 1000;
    let row = sql::one(
        conn,
        "SELECT hits FROM limit_counter WHERE kind = $1 AND subject = $2 AND started_at > $3",
        vec![
            kind.into(),
            subject_hash.into(),
            (cab.now_ms() - window).into(),
        ],
    )
    .await?;
    let hits: i64 = row.map_or(Ok(0), |row| sql::get(&row, "hits"))?;
    Ok(u32::try_from(hits).unwrap_or(u32::MAX))
}

/// Takes an event back that was counted before it was known to be harmless.
pub async fn give_back(tx: &Tx, kind: &'static str, subject_hash: &str) -> Result<()> {
    let statement = "UPDATE limit_counter SET hits = hits - 1 \
                     WHERE kind = $1 AND subject = $2 AND hits > 0";
    sql::execute(tx, statement, vec![kind.into(), subject_hash.into()])
        .await
        .map(drop)
}

/// Starts a subject's window anew: what was counted has been answered for.
pub async fn forget(tx: &Tx, kind: &'static str, subject_hash: &str) -> Result<()> {
    let statement = "DELETE FROM limit_counter WHERE kind = $1 AND subject = $2";
    sql::execute(tx, statement, vec![kind.into(), subject_hash.into()])
        .await
        .map(drop)
}

/// Forgets counters untouched for a week; answers how many.
pub async fn sweep(cab: &Cabinet) -> Result<u64> {
    let week_ago = cab.now_ms() - 7 * 86_400_000;
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let old = "DELETE FROM limit_counter WHERE started_at < $1";
                sql::execute(tx, old, vec![week_ago.into()]).await
            })
        })
        .await
}
