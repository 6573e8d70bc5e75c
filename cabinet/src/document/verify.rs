//! Whether a paper is ours: by the address in its QR code, by a file, or by the fingerprint it prints. Nothing personal
//! is told, whoever asks.

use chrono::{DateTime, Utc};
use sea_orm::QueryResult;

use super::draft::message;
use super::kind::DocumentKind;
use crate::Cabinet;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::loan::stored::moment;

/// A paper that the lender has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it is.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Whether the lender's signature fits what is stored.
    pub signature_holds: bool,
    /// SHA-256 of the file given out; none while nobody has taken it.
    file: Option<String>,
    /// SHA-256 of the canonical text.
    text: String,
}

impl Verified {
    /// Whether a fingerprint is this paper's: of the whole file, or the one printed in it.
    pub fn is(&self, hash: &str) -> bool {
        self.file.as_deref() == Some(hash) || self.text == hash
    }
}

const COLUMNS: &str = "SELECT kind, number, made_at, text_hash, pdf_hash, signature FROM document \
                       WHERE token IS NOT NULL AND signature IS NOT NULL";

/// The paper of a public name; none when there is no such paper.
pub async fn verify(cab: &Cabinet, token: &str) -> Result<Option<Verified>> {
    let statement = format!("{COLUMNS} AND token = $1");
    let row = sql::one(cab.db().read(), &statement, vec![token.into()]).await?;
    row.map(|row| verified(cab, &row)).transpose()
}

/// The paper of a fingerprint, of the file or of the text; none when there is no such paper.
pub async fn verify_hash(cab: &Cabinet, hash: &str) -> Result<Option<Verified>> {
    let Some(hash) = cleaned(hash) else {
        return Ok(None);
    };
    for column in ["pdf_hash", "text_hash"] {
        let statement = format!("{COLUMNS} AND {column} = $1");
        let row = sql::one(cab.db().read(), &statement, vec![hash.as_str().into()]).await?;
        if let Some(row) = row {
            return verified(cab, &row).map(Some);
        }
    }
    Ok(None)
}

/// A fingerprint as people copy it: with spaces and in either case; none when it is not one.
pub fn cleaned(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let whole = digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit());
    whole.then(|| digits.to_ascii_lowercase())
}

fn verified(cab: &Cabinet, row: &QueryResult) -> Result<Verified> {
    let code: String = sql::get(row, "kind")?;
    let kind = DocumentKind::from_code(&code)
        .ok_or_else(|| CabinetError::internal("a document of an unknown kind"))?;
    let number: String = sql::get(row, "number")?;
    let (made_at, text) = (
        moment(sql::get(row, "made_at")?),
        sql::get::<String>(row, "text_hash")?,
    );
    let signature: String = sql::get(row, "signature")?;
    let signature_holds = cab
        .keys()
        .paper_signed(&message(&code, &number, made_at, &text), &signature);
    Ok(Verified {
        kind,
        number,
        made_at,
        signature_holds,
        file: sql::get(row, "pdf_hash")?,
        text,
    })
}
