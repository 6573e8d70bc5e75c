//! What a person agreed to: each consent with the version and the hash of the text they read, the
//! moment and the place. Rows are only added; taking a consent back is a row too.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::check::ticked;
use super::{Step, Values};
use crate::access::Origin;
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::document::{self, LegalKind};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::{Cabinet, Lang, moment};

/// A consent in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub kind: LegalKind,
    /// The version of the text.
    pub version: String,
    /// The hash of the text.
    pub hash: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A consent as its owner sees it, given or taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// To what.
    pub kind: LegalKind,
    /// Whether it is in force.
    pub given: bool,
    /// The version of the text.
    pub version: String,
    /// The hash of the text.
    pub hash: String,
    /// When it was given, or taken back.
    pub at: DateTime<Utc>,
    /// What stands in the way of taking it back: `loan_open`, `application_open`.
    pub held_by: Option<&'static str>,
}

/// Which box of the questionnaire agrees to which text.
const BOXES: [(Step, &str, LegalKind); 5] = [
    (
        Step::Agreement,
        "agreement_esign",
        LegalKind::EsignAgreement,
    ),
    (
        Step::Consents,
        "consent_personal_data",
        LegalKind::PersonalData,
    ),
    (Step::Consents, "consent_bureau", LegalKind::Bureau),
    (
        Step::Consents,
        "consent_third_parties",
        LegalKind::ThirdParties,
    ),
    (Step::Consents, "consent_marketing", LegalKind::Marketing),
];

/// The consents in force, oldest first.
pub async fn consents(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Consent>> {
    let newest = newest(cab.db().read(), borrower).await?;
    let given = newest.into_iter().filter(|(given, _)| *given);
    Ok(given.map(|(_, consent)| consent).collect())
}

/// The box of a text that is asked for at registration too.
pub(super) const AT_REGISTRATION: &str = "consent_personal_data";

/// Whether the very text of [`AT_REGISTRATION`] is agreed to: nobody is asked for that twice.
pub(super) async fn agreed(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
    lang: Lang,
) -> Result<bool> {
    let kind = LegalKind::PersonalData;
    let hash = document::legal(cab, kind, lang).hash;
    let newest = newest(conn, borrower).await?;
    Ok(newest
        .iter()
        .any(|(given, consent)| *given && consent.kind == kind && consent.hash == hash))
}

/// The newest word on every text, oldest first, and whether it is a yes.
async fn newest(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Vec<(bool, Consent)>> {
    let rows = sql::all(
        conn,
        "SELECT kind, given, version, text_hash, at FROM consent AS newest WHERE borrower = $1 \
         AND number = (SELECT MAX(number) FROM consent AS every \
         WHERE every.borrower = newest.borrower AND every.kind = newest.kind) \
         ORDER BY at, kind",
        vec![borrower.into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let kind = LegalKind::from_code(&sql::get::<String>(row, "kind")?)
                .ok_or_else(|| CabinetError::internal("a consent to an unknown text"))?;
            let consent = Consent {
                kind,
                version: sql::get(row, "version")?,
                hash: sql::get(row, "text_hash")?,
                at: moment(sql::get(row, "at")?)?,
            };
            Ok((sql::get::<i64>(row, "given")? == 1, consent))
        })
        .collect()
}

/// Whether advertising may be sent: the newest word on it is a yes.
pub(crate) async fn advertising(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<bool> {
    let newest = newest(conn, borrower).await?;
    let marketing =
        |(given, consent): &(bool, Consent)| *given && consent.kind == LegalKind::Marketing;
    Ok(newest.iter().any(marketing))
}

/// The newest word on every text a person was asked about, oldest first.
pub async fn given(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Given>> {
    let conn = cab.db().read();
    let mut list = Vec::new();
    for (given, consent) in newest(conn, borrower).await? {
        list.push(Given {
            kind: consent.kind,
            given,
            version: consent.version,
            hash: consent.hash,
            at: consent.at,
            held_by: held_by(conn, borrower, consent.kind).await?,
        });
    }
    Ok(list)
}

/// What stands in the way of taking a consent back. Advertising and third persons can be refused on any
/// day (38-ФЗ art. 18, 230-ФЗ art. 4); the consent to personal data too (152-ФЗ art. 9 p. 2), but a
/// decision under way can't be made without it; a contract in force was signed by the agreement, and its
/// reports go to the bureau until it ends (218-ФЗ art. 6).
async fn held_by(
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
    kind: LegalKind,
) -> Result<Option<&'static str>> {
    let loan = "SELECT id FROM loan WHERE borrower = $1 AND closed_on IS NULL LIMIT 1";
    let application = "SELECT id FROM application WHERE borrower = $1 AND is_open = 1 LIMIT 1";
    let asked: &[(&str, &'static str)] = match kind {
        LegalKind::ThirdParties | LegalKind::Marketing => &[],
        LegalKind::PersonalData => &[(application, "application_open")],
        _ => &[(loan, "loan_open"), (application, "application_open")],
    };
    for (statement, code) in asked {
        let row = sql::one(conn, statement, vec![borrower.into()]).await?;
        if row.is_some() {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// Takes a consent back, at once. Its box in the questionnaire is unticked with it. Refuses with
/// `Conflict`: `loan_open`, `application_open`; `NotFound` for one that is not in force.
pub async fn revoke(
    cab: &Cabinet,
    borrower: BorrowerId,
    kind: LegalKind,
    origin: Origin,
    lang: Lang,
) -> Result<()> {
    let (step, field) = BOXES
        .into_iter()
        .find(|(.., text)| *text == kind)
        .map(|(step, field, _)| (step, field))
        .ok_or(CabinetError::NotFound)?;
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if let Some(code) = held_by(tx, borrower, kind).await? {
                    return Err(CabinetError::Conflict(code));
                }
                if !put(tx, &cabinet, borrower, (kind, false), &origin, lang).await? {
                    return Err(CabinetError::NotFound);
                }
                super::stored::untick(tx, &cabinet, borrower, step, field).await?;
                let entry = Entry::new(Role::Own, "consent_revoked").because(kind.code());
                diary::write(tx, &cabinet, borrower, entry).await
            })
        })
        .await
}

/// Writes down what the boxes of a page changed. The same box with the same text again changes
/// nothing.
pub(super) async fn record(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    values: &Values,
    origin: &Origin,
    lang: Lang,
) -> Result<()> {
    for (_, field, kind) in BOXES.into_iter().filter(|(owner, ..)| *owner == step) {
        let given = values.get(field).is_some_and(|text| ticked(text));
        put(tx, cab, borrower, (kind, given), origin, lang).await?;
    }
    Ok(())
}

/// Writes down one consent, given or taken back, unless it stands so already; answers whether it did not.
pub(crate) async fn put(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    (kind, given): (LegalKind, bool),
    origin: &Origin,
    lang: Lang,
) -> Result<bool> {
    let text = document::legal(cab, kind, lang);
    let last = sql::one(
        tx,
        "SELECT given, text_hash, number FROM consent WHERE borrower = $1 AND kind = $2 \
         ORDER BY number DESC LIMIT 1",
        vec![borrower.into(), kind.code().into()],
    )
    .await?;
    let (was_given, hash, number) = match &last {
        Some(row) => (
            sql::get::<i64>(row, "given")? == 1,
            sql::get::<String>(row, "text_hash")?,
            sql::get::<i64>(row, "number")?,
        ),
        None => (false, String::new(), 0),
    };
    if given == was_given && (!given || hash == text.hash) {
        return Ok(false);
    }
    document::keep_legal(tx, &text).await?;
    let id = cab.fresh_id().to_string();
    let seal = |column: &str, value: &str| cab.keys().encrypt("consent", column, &id, value);
    sql::execute(
        tx,
        "INSERT INTO consent (id, borrower, kind, given, version, text_hash, lang, at, number, \
         address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vec![
            id.clone().into(),
            borrower.into(),
            kind.code().into(),
            i64::from(given).into(),
            text.version.into(),
            text.hash.into(),
            lang.code().into(),
            cab.now_ms().into(),
            (number + 1).into(),
            seal("address", &origin.ip)?.into(),
            seal("agent", &origin.user_agent)?.into(),
        ],
    )
    .await
    .map(|_| true)
}
