//! Technical works: a window told ahead, in which the cabinet is read and not changed.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Cabinet;
use crate::db::sql;
use crate::error::{CabinetError, FieldError, Result};

/// The longest window: whoever needs more announces the next one when it is known.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// One window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its name for the operator.
    pub id: String,
    /// The first moment of it.
    pub from: DateTime<Utc>,
    /// The first moment after it.
    pub until: DateTime<Utc>,
}

impl Window {
    /// Whether it is now.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.from <= now && now < self.until
    }

    /// Whole seconds until its end, at least 1.
    pub fn seconds_left(&self, now: DateTime<Utc>) -> u64 {
        u64::try_from((self.until - now).num_seconds())
            .unwrap_or(0)
            .max(1)
    }
}

/// Announces a window. It may begin in the past: works that could not be told ahead begin at once.
///
/// Errors: field `until`: `works_order` (not after `from`), `works_past`, `works_long` (more than a
/// day); `Conflict("works_overlap")` with another window.
pub async fn announce(cab: &Cabinet, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Window> {
    let now = cab.now();
    let wrong = if until <= from {
        Some("works_order")
    } else if until <= now {
        Some("works_past")
    } else if until - from > LONGEST {
        Some("works_long")
    } else {
        None
    };
    if let Some(code) = wrong {
        return Err(CabinetError::Fields(vec![FieldError::new("until", code)]));
    }
    let id = cab.fresh_id().to_string();
    let window = Window { id, from, until };
    let row = window.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (from, until) = (row.from.timestamp_millis(), row.until.timestamp_millis());
                let other = sql::one(
                    tx,
                    "SELECT id FROM works WHERE called_off_at IS NULL \
                     AND starts_at < $1 AND ends_at > $2",
                    vec![until.into(), from.into()],
                )
                .await?;
                if other.is_some() {
                    return Err(CabinetError::Conflict("works_overlap"));
                }
                sql::execute(
                    tx,
                    "INSERT INTO works (id, starts_at, ends_at, announced_at) \
                     VALUES ($1, $2, $3, $4)",
                    vec![
                        row.id.into(),
                        from.into(),
                        until.into(),
                        now.timestamp_millis().into(),
                    ],
                )
                .await
                .map(drop)
            })
        })
        .await?;
    Ok(window)
}

/// Windows that are not over, the nearest first.
pub async fn ahead(cab: &Cabinet) -> Result<Vec<Window>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT id, starts_at, ends_at FROM works \
         WHERE called_off_at IS NULL AND ends_at > $1 ORDER BY starts_at",
        vec![cab.now().timestamp_millis().into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Window {
                id: sql::get(row, "id")?,
                from: moment(sql::get(row, "starts_at")?)?,
                until: moment(sql::get(row, "ends_at")?)?,
            })
        })
        .collect()
}

/// Calls a window off, or ends the one that is under way.
///
/// Errors: `NotFound`, also when it is over already.
pub async fn call_off(cab: &Cabinet, id: &str) -> Result<()> {
    let (id, now) = (id.to_owned(), cab.now().timestamp_millis());
    let changed = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                sql::execute(
                    tx,
                    "UPDATE works SET called_off_at = $1 \
                     WHERE id = $2 AND called_off_at IS NULL AND ends_at > $1",
                    vec![now.into(), id.into()],
                )
                .await
            })
        })
        .await?;
    if changed == 0 {
        return Err(CabinetError::NotFound);
    }
    Ok(())
}

fn moment(ms: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_millis(ms).ok_or_else(|| CabinetError::internal("a moment of works"))
}
