//! What a provider said of a person: waiting for the phone's code, then filling the questionnaire.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, QueryResult};

use super::{subject_index, visitor_index};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, CodeId, VisitorId};
use crate::ports::IdentityProfile;
use crate::values::Phone;

/// How long a claim waits for the phone and the proof of the cabinet.
const WAITS_MS: i64 = 60 * 60_000;

/// What waits, as the pages show it. Has no debug output: it is all personal.
#[derive(Clone)]
pub struct Claim {
    /// The provider, by its name in the lender's file.
    pub provider: String,
    /// The phone as the provider gave it, when it is one.
    pub phone: Option<Phone>,
    /// Answers for the questionnaire, by its fields.
    pub answers: BTreeMap<String, String>,
    /// The cabinet that has the phone: the account is linked to it when its owner says so.
    pub candidate: Option<BorrowerId>,
}

/// A row of the table.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) provider: String,
    pub(super) candidate: Option<BorrowerId>,
    pub(super) profile: IdentityProfile,
}

const COLUMNS: &str = "id, provider, candidate, body";

fn row(cab: &Cabinet, row: &QueryResult) -> Result<Row> {
    let (id, sealed): (String, String) = (sql::get(row, "id")?, sql::get(row, "body")?);
    let text = cab.keys().decrypt("identity_claim", "body", &id, &sealed)?;
    let candidate: Option<String> = sql::get(row, "candidate")?;
    Ok(Row {
        provider: sql::get(row, "provider")?,
        candidate: candidate
            .map(|id| id.parse())
            .transpose()
            .map_err(CabinetError::internal)?,
        profile: serde_json::from_str(&text).map_err(CabinetError::internal)?,
        id,
    })
}

/// The claim that waits in a visitor's browser.
pub async fn claim(cab: &Cabinet, visitor: VisitorId) -> Result<Option<Claim>> {
    let found = waiting(cab.db().read(), cab, visitor).await?;
    Ok(found.map(|row| Claim {
        provider: row.provider,
        phone: Phone::parse(&row.profile.phone),
        answers: row.profile.answers,
        candidate: row.candidate,
    }))
}

pub(super) async fn waiting(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    visitor: VisitorId,
) -> Result<Option<Row>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM identity_claim WHERE visitor_index = $1 AND expires_at > $2{}",
        sql::for_update(conn)
    );
    let values = vec![visitor_index(cab, visitor).into(), cab.now_ms().into()];
    let found = sql::one(conn, &statement, values).await?;
    found.map(|found| row(cab, &found)).transpose()
}

/// The claim that waits for a code, when the consent was ticked.
pub(super) async fn of_code(tx: &Tx, cab: &Cabinet, code: CodeId) -> Result<Option<Row>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM identity_claim WHERE code = $1 AND expires_at > $2 \
         AND consented_at IS NOT NULL{}",
        sql::for_update(tx)
    );
    let values = vec![code.into(), cab.now_ms().into()];
    let found = sql::one(tx, &statement, values).await?;
    found.map(|found| row(cab, &found)).transpose()
}

/// Keeps a claim in a visitor's browser; the one before it is forgotten.
pub(super) async fn wait(
    tx: &Tx,
    cab: &Cabinet,
    visitor: VisitorId,
    provider: &str,
    profile: &IdentityProfile,
) -> Result<()> {
    let index = visitor_index(cab, visitor);
    let gone = "DELETE FROM identity_claim WHERE visitor_index = $1";
    sql::execute(tx, gone, vec![index.clone().into()]).await?;
    let until = cab.now_ms() + WAITS_MS;
    insert(tx, cab, provider, profile, (Some(index), None, Some(until))).await
}

/// Keeps a claim for its borrower's questionnaire in place of an older one of the same provider.
pub(super) async fn keep(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    provider: &str,
    profile: &IdentityProfile,
) -> Result<()> {
    forget(tx, borrower, provider).await?;
    insert(tx, cab, provider, profile, (None, Some(borrower), None)).await
}

async fn insert(
    tx: &Tx,
    cab: &Cabinet,
    provider: &str,
    profile: &IdentityProfile,
    (visitor, borrower, until): (Option<String>, Option<BorrowerId>, Option<i64>),
) -> Result<()> {
    let id = cab.fresh_id().to_string();
    let text = serde_json::to_string(profile).map_err(CabinetError::internal)?;
    sql::execute(
        tx,
        "INSERT INTO identity_claim (id, provider, subject_index, visitor_index, borrower, body, \
         at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vec![
            id.clone().into(),
            provider.into(),
            subject_index(cab, provider, &profile.subject).into(),
            visitor.into(),
            borrower.map(|borrower| borrower.to_string()).into(),
            cab.keys()
                .encrypt("identity_claim", "body", &id, &text)?
                .into(),
            cab.now_ms().into(),
            until.into(),
        ],
    )
    .await
    .map(drop)
}

/// Forgets a claim that waited.
pub(super) async fn remove(tx: &Tx, id: &str) -> Result<()> {
    let statement = "DELETE FROM identity_claim WHERE id = $1";
    sql::execute(tx, statement, vec![id.into()]).await.map(drop)
}

/// Forgets what a provider said of a borrower.
pub(in crate::access) async fn forget(tx: &Tx, borrower: BorrowerId, provider: &str) -> Result<()> {
    let statement = "DELETE FROM identity_claim WHERE borrower = $1 AND provider = $2";
    let values = vec![borrower.into(), provider.into()];
    sql::execute(tx, statement, values).await.map(drop)
}

/// A fresh code takes the place of the old one.
pub(in crate::access) async fn move_to(tx: &Tx, from: CodeId, to: CodeId) -> Result<()> {
    let statement = "UPDATE identity_claim SET code = $1 WHERE code = $2";
    sql::execute(tx, statement, vec![to.into(), from.into()])
        .await
        .map(drop)
}

/// What the newest linked provider said for the questionnaire: the provider's name in the lender's
/// file, and answers by field.
pub async fn identity_answers(
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Option<(String, BTreeMap<String, String>)>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM identity_claim WHERE borrower = $1 ORDER BY at DESC, id DESC LIMIT 1"
    );
    let found = sql::one(cab.db().read(), &statement, vec![borrower.into()]).await?;
    let found = found.map(|found| row(cab, &found)).transpose()?;
    Ok(found.map(|row| (row.provider, row.profile.answers)))
}
