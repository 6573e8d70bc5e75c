//! What others tell us, stored before anything is done about it.

use crate::Cabinet;
use crate::db::sql;
use crate::error::Result;

/// Whether a message came for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// For the first time.
    New,
    /// It is already here.
    Seen,
}

/// Stores a message once. Its body is kept sealed as evidence; nobody acts on what it claims, only
/// on what the sender answers when asked.
pub async fn store(
    cab: &Cabinet,
    provider: &str,
    event: &str,
    object_id: &str,
    status: &str,
    body: &str,
) -> Result<Stored> {
    let id = cab.fresh_id().to_string();
    let sealed = cab.keys().encrypt("inbox", "body", &id, body)?;
    let values = vec![
        id.into(),
        provider.into(),
        event.into(),
        object_id.into(),
        status.into(),
        sealed.into(),
        cab.now_ms().into(),
    ];
    let inserted = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                sql::execute(
                    tx,
                    "INSERT INTO inbox (id, provider, event, object_id, status, body, received_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7) \
                     ON CONFLICT (provider, object_id, event) DO NOTHING",
                    values,
                )
                .await
            })
        })
        .await?;
    Ok(if inserted == 1 {
        Stored::New
    } else {
        Stored::Seen
    })
}
