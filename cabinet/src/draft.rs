//! What was typed into a form that was refused, for people whose browser runs no scripts: the next
//! page renders the form again from here, with the errors beside the fields. Sealed, kept for a
//! day.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Cabinet;
use crate::db::sql;
use crate::error::{CabinetError, FieldError, Result, StoredFieldError};
use crate::moment;

/// How long a draft is kept, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// A form as it was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What was typed, by field.
    pub values: BTreeMap<String, String>,
    /// What was wrong.
    pub errors: Vec<FieldError>,
    /// When.
    pub saved_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Body<'a> {
    values: &'a BTreeMap<String, String>,
    errors: &'a [FieldError],
}

#[derive(Deserialize)]
struct StoredBody {
    values: BTreeMap<String, String>,
    errors: Vec<StoredFieldError>,
}

/// Keeps a refused form; the owner is a visitor's or a borrower's id. The newest one of a form
/// counts.
pub async fn put(
    cab: &Cabinet,
    owner: &str,
    form: &str,
    values: &BTreeMap<String, String>,
    errors: &[FieldError],
) -> Result<()> {
    let body = serde_json::to_string(&Body { values, errors }).map_err(CabinetError::internal)?;
    let sealed = cab
        .keys()
        .encrypt("draft", "body", &row_id(owner, form), &body)?;
    let now = cab.now_ms();
    let row = vec![
        owner.into(),
        form.into(),
        sealed.into(),
        now.into(),
        (now + DAY_MS).into(),
    ];
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                sql::execute(
                    tx,
                    "INSERT INTO draft (owner, form, body, saved_at, expires_at) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (owner, form) DO UPDATE SET \
                     body = excluded.body, saved_at = excluded.saved_at, \
                     expires_at = excluded.expires_at",
                    row,
                )
                .await
                .map(drop)
            })
        })
        .await
}

/// Reads a form's draft and leaves it there.
pub async fn peek(cab: &Cabinet, owner: &str, form: &str) -> Result<Option<Draft>> {
    let row = sql::one(
        cab.db().read(),
        "SELECT body, saved_at FROM draft WHERE owner = $1 AND form = $2 AND expires_at > $3",
        vec![owner.into(), form.into(), cab.now_ms().into()],
    )
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed: String = sql::get(&row, "body")?;
    let text = cab
        .keys()
        .decrypt("draft", "body", &row_id(owner, form), &sealed)?;
    let body: StoredBody = serde_json::from_str(&text).map_err(CabinetError::internal)?;
    Ok(Some(Draft {
        values: body.values,
        errors: body.errors.into_iter().map(FieldError::from).collect(),
        saved_at: moment(sql::get(&row, "saved_at")?)?,
    }))
}

/// Reads a form's draft and removes it.
pub async fn take(cab: &Cabinet, owner: &str, form: &str) -> Result<Option<Draft>> {
    let draft = peek(cab, owner, form).await?;
    if draft.is_some() {
        clear(cab, owner, form).await?;
    }
    Ok(draft)
}

/// Removes a form's draft.
pub async fn clear(cab: &Cabinet, owner: &str, form: &str) -> Result<()> {
    let values = vec![owner.into(), form.into()];
    let statement = "DELETE FROM draft WHERE owner = $1 AND form = $2";
    cab.db()
        .write(move |tx| {
            Box::pin(async move { sql::execute(tx, statement, values).await.map(drop) })
        })
        .await
}

/// Removes drafts older than a day; answers how many.
pub async fn delete_expired(cab: &Cabinet) -> Result<u64> {
    let now = cab.now_ms();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let old = "DELETE FROM draft WHERE expires_at <= $1";
                sql::execute(tx, old, vec![now.into()]).await
            })
        })
        .await
}

fn row_id(owner: &str, form: &str) -> String {
    format!("{owner}/{form}")
}
