//! The rows of a questionnaire: a sealed page each, and what was filled in beforehand.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::{Step, Values, fields};
use crate::db::{Tx, sql};
use crate::diary::{self, Change, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::{Cabinet, moment, person};

/// The longest answer kept; every field has a smaller limit of its own.
const KEPT: usize = 600;

/// Everything stored of a borrower's questionnaire.
pub(super) struct Saved {
    pub(super) values: Values,
    pub(super) steps: Vec<Step>,
    pub(super) newest: Option<DateTime<Utc>>,
    pub(super) double: bool,
}

pub(super) async fn saved(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Saved> {
    // What was filled in beforehand comes first: a page that was sent has the last word.
    let statement = "SELECT step, body, saved_at FROM answer WHERE borrower = $1 \
                     ORDER BY CASE step WHEN 'prefill' THEN 0 ELSE 1 END";
    let rows = sql::all(conn, statement, vec![borrower.into()]).await?;
    let mut saved = Saved {
        values: Values::new(),
        steps: Vec::new(),
        newest: None,
        double: person::is_double(conn, borrower).await?,
    };
    for row in rows {
        let slug: String = sql::get(&row, "step")?;
        let sealed: String = sql::get(&row, "body")?;
        let text = cab
            .keys()
            .decrypt("answer", "body", &row_id(borrower, &slug), &sealed)?;
        let values: Values = serde_json::from_str(&text).map_err(CabinetError::internal)?;
        saved.values.extend(values);
        saved.steps.extend(Step::from_slug(&slug));
        saved.newest = saved.newest.max(Some(moment(sql::get(&row, "saved_at")?)?));
    }
    Ok(saved)
}

pub(super) async fn store(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    values: &Values,
) -> Result<()> {
    put_row(tx, cab, borrower, step.slug(), values).await
}

async fn put_row(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    slug: &str,
    values: &Values,
) -> Result<()> {
    let body = serde_json::to_string(values).map_err(CabinetError::internal)?;
    let sealed = cab
        .keys()
        .encrypt("answer", "body", &row_id(borrower, slug), &body)?;
    sql::execute(
        tx,
        "INSERT INTO answer (borrower, step, body, saved_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (borrower, step) DO UPDATE SET body = excluded.body, \
         saved_at = excluded.saved_at",
        vec![
            borrower.into(),
            slug.into(),
            sealed.into(),
            cab.now_ms().into(),
        ],
    )
    .await
    .map(drop)
}

/// Unticks a box of a page that was sent.
pub(super) async fn untick(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    field: &str,
) -> Result<()> {
    let saved = saved(cab, tx, borrower).await?;
    if !saved.steps.contains(&step) {
        return Ok(());
    }
    let page = fields(step, true, cab.lender().questionnaire).into_iter();
    let page: Values = page
        .map(|other| {
            let text = saved.values.get(other.name).cloned().unwrap_or_default();
            let text = if other.name == field {
                String::new()
            } else {
                text
            };
            (other.name.to_owned(), text)
        })
        .collect();
    store(tx, cab, borrower, step, &page).await
}

/// Empties the e-mail address, on its page and among what was filled in beforehand.
pub(crate) async fn forget_email(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
    let before = saved(cab, tx, borrower).await?;
    if before.values.get("email").is_none_or(String::is_empty) {
        return Ok(());
    }
    let mut beforehand = prefilled(tx, cab, borrower).await?;
    if beforehand.remove("email").is_some() {
        prefill(tx, cab, borrower, &beforehand).await?;
    }
    untick(tx, cab, borrower, Step::Work, "email").await?;
    let after = saved(cab, tx, borrower).await?.values;
    note(tx, cab, borrower, Step::Work, &before, &after).await
}

/// What was filled in beforehand.
async fn prefilled(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Values> {
    let statement = "SELECT body FROM answer WHERE borrower = $1 AND step = 'prefill'";
    let Some(row) = sql::one(conn, statement, vec![borrower.into()]).await? else {
        return Ok(Values::new());
    };
    let sealed: String = sql::get(&row, "body")?;
    let id = row_id(borrower, "prefill");
    let text = cab.keys().decrypt("answer", "body", &id, &sealed)?;
    serde_json::from_str(&text).map_err(CabinetError::internal)
}

/// Puts values into fields of pages that were not sent yet.
pub(crate) async fn prefill(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    values: &Values,
) -> Result<()> {
    put_row(tx, cab, borrower, "prefill", values).await
}

/// Writes into the diary what a page changed; the same page again changes nothing.
pub(super) async fn note(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    before: &Saved,
    after: &Values,
) -> Result<()> {
    note_by(tx, cab, borrower, (Role::Own, step), before, after).await
}

/// The same in somebody else's place.
pub(super) async fn note_by(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    (role, step): (Role, Step),
    before: &Saved,
    after: &Values,
) -> Result<()> {
    let first = !before.steps.contains(&step);
    let old = |field: &str| before.values.get(field).cloned().unwrap_or_default();
    let fields: BTreeMap<String, Change> = after
        .iter()
        .filter(|(field, text)| old(field) != **text)
        .map(|(field, text)| {
            let (before, after) = (old(field), text.clone());
            (field.clone(), Change { before, after })
        })
        .collect();
    if fields.is_empty() && !first {
        return Ok(());
    }
    let what = if first { "filled" } else { "edited" };
    let entry = Entry {
        fields,
        ..Entry::new(role, what)
    };
    diary::write(tx, cab, borrower, entry).await
}

fn row_id(borrower: BorrowerId, slug: &str) -> String {
    format!("{borrower}/{slug}")
}

/// What was typed without the spaces around and without control characters, which no field may have
/// and which Postgres would refuse.
pub(super) fn cleaned(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(KEPT)
        .collect()
}
