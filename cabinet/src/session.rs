//! Rows of the web sessions. What is in them is the server's business; here they are sealed and
//! expire.

use sea_orm::ConnectionTrait;

use crate::Cabinet;
use crate::db::sql;
use crate::error::{CabinetError, Result};

/// The cookie's value is never stored: a copy of the table opens nobody's session.
fn index(cab: &Cabinet, id: &str) -> String {
    cab.keys().blind_index("session", id)
}

/// Writes a session, new or changed.
pub async fn save(cab: &Cabinet, id: &str, data: &str, expires_at_ms: i64) -> Result<()> {
    let index = index(cab, id);
    let sealed = cab.keys().encrypt("session", "body", &index, data)?;
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                sql::execute(
                    tx,
                    "INSERT INTO session (id_index, body, expires_at) VALUES ($1, $2, $3) \
                     ON CONFLICT (id_index) DO UPDATE SET body = excluded.body, \
                     expires_at = excluded.expires_at",
                    vec![index.into(), sealed.into(), expires_at_ms.into()],
                )
                .await
                .map(drop)
            })
        })
        .await
}

/// Reads a session with its end in Unix milliseconds. Sessions end by the real clock, which the
/// caller has: the business clock may be moved.
pub async fn load(cab: &Cabinet, id: &str) -> Result<Option<(String, i64)>> {
    load_in(cab.db().read(), cab, id).await
}

/// [`load`] through a connection that reads more.
pub(crate) async fn load_in(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    id: &str,
) -> Result<Option<(String, i64)>> {
    let index = index(cab, id);
    let row = sql::one(
        db,
        "SELECT body, expires_at FROM session WHERE id_index = $1",
        vec![index.clone().into()],
    )
    .await?;
    let Some(row) = row else { return Ok(None) };
    let body: String = sql::get(&row, "body")?;
    cab.keys()
        .decrypt("session", "body", &index, &body)
        .and_then(|body| Ok(Some((body, sql::get(&row, "expires_at")?))))
}

/// Ends a session; ending it twice is no error.
pub async fn delete(cab: &Cabinet, id: &str) -> Result<()> {
    let index = index(cab, id);
    remove(cab, "DELETE FROM session WHERE id_index = $1", index.into())
        .await
        .map(drop)
}

/// Removes what had ended by this moment (Unix milliseconds, real clock); answers how many.
pub async fn delete_expired(cab: &Cabinet, now_ms: i64) -> Result<u64> {
    remove(
        cab,
        "DELETE FROM session WHERE expires_at <= $1",
        now_ms.into(),
    )
    .await
}

async fn remove(cab: &Cabinet, statement: &'static str, value: sea_orm::Value) -> Result<u64> {
    cab.db()
        .write(move |tx| Box::pin(async move { sql::execute(tx, statement, vec![value]).await }))
        .await
        .map_err(|error| match error {
            CabinetError::Internal(text) => CabinetError::Internal(format!("session: {text}")),
            other => other,
        })
}
