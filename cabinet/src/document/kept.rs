//! The words of legal texts that somebody has agreed to, kept for as long as there are consents: the lender's next
//! version must not take them away.

use sea_orm::ConnectionTrait;

use super::{LegalKind, LegalText, legal};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::loan::stored::{json, read};
use crate::{Cabinet, Lang};

/// Keeps the words of a text, once for each version.
pub(crate) async fn keep(tx: &Tx, text: &LegalText) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO legal_text (hash, kind, version, title, body) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (hash) DO NOTHING",
        vec![
            text.hash.as_str().into(),
            text.kind.code().into(),
            text.version.as_str().into(),
            text.title.as_str().into(),
            json(&text.body)?.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The text of a hash: kept, or the lender's present one when it has the same words.
pub(super) async fn text(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    kind: LegalKind,
    lang: Lang,
    hash: &str,
) -> Result<LegalText> {
    let row = sql::one(
        conn,
        "SELECT version, title, body FROM legal_text WHERE hash = $1",
        vec![hash.into()],
    )
    .await?;
    if let Some(row) = row {
        return Ok(LegalText {
            kind,
            version: sql::get(&row, "version")?,
            title: sql::get(&row, "title")?,
            body: read(&sql::get::<String>(&row, "body")?)?,
            hash: hash.to_owned(),
        });
    }
    let present = legal(cab, kind, lang);
    if present.hash == hash {
        return Ok(present);
    }
    Err(CabinetError::NotFound)
}
