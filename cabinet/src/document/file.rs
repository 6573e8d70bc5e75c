//! Documents as files: made once, kept sealed, given out as the same bytes ever after.

use std::sync::LazyLock;

use chrono::NaiveDate;
use locales::Lang;
use sea_orm::QueryResult;
use tokio::sync::Semaphore;

use super::draft::{Draft, Signed};
use super::kind::DocumentKind;
use super::paper::{self, Paper};
use super::{money, source};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{ApplicationId, BorrowerId, DocumentId, LoanId};
use crate::loan::history::{self, History};
use crate::loan::stored::{id, json, ms, read};
use crate::{Cabinet, keys};

/// Papers typeset at once: each takes a processor for tens of milliseconds.
static TYPESETTING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// A document to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// A name for the disk, ASCII, with its ending.
    pub name: String,
    /// PDF/A.
    pub bytes: Vec<u8>,
}

/// What a borrower may ask to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Everything between two days, both included.
    Statement {
        /// The first day.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
    /// What is owed at the end of a day.
    Debt {
        /// The day.
        on: NaiveDate,
    },
}

/// A stored row.
struct Row {
    id: String,
    draft: Draft,
    token: Option<String>,
    signature: Option<String>,
    pdf: Option<String>,
}

/// A borrower's own document as a file. The first time it is made and kept; later the very same
/// bytes are given. `site`: where the cabinet is reached from outside, for the address in a QR code.
///
/// Somebody else's object, and one of another kind, is `NotFound`.
pub async fn file(
    cab: &Cabinet,
    borrower: BorrowerId,
    kind: DocumentKind,
    object: &str,
    site: &str,
) -> Result<File> {
    // Ids come from addresses: what is none is a missing thing.
    uuid::Uuid::parse_str(object).map_err(|_| CabinetError::NotFound)?;
    let name = format!("{}-{}.pdf", kind.code(), object.get(..8).unwrap_or(object));
    let row = if let Some(row) = stored(cab, borrower, kind, object).await? {
        row
    } else {
        let draft = draft(cab, borrower, kind, object).await?;
        if draft.unsigned {
            // It may still change: shown, not kept.
            let bytes = typeset(cab, draft.paper(cab, paper::template(kind), None)).await?;
            return Ok(File { name, bytes });
        }
        keep(cab, borrower, draft).await?;
        stored(cab, borrower, kind, object)
            .await?
            .ok_or_else(|| CabinetError::internal("a document was not kept"))?
    };
    let bytes = bytes_of(cab, kind, row, site).await?;
    Ok(File { name, bytes })
}

async fn bytes_of(cab: &Cabinet, kind: DocumentKind, row: Row, site: &str) -> Result<Vec<u8>> {
    if let Some(pdf) = &row.pdf {
        return cab.keys().decrypt_bytes("document", "pdf", &row.id, pdf);
    }
    let signed = row
        .token
        .zip(row.signature)
        .map(|(token, signature)| Signed {
            key: cab.keys().paper_key(),
            signature,
            url: format!("{site}/verify/{token}"),
        });
    let bytes = typeset(
        cab,
        row.draft.paper(cab, paper::template(kind), signed.as_ref()),
    )
    .await?;
    let sealed = cab
        .keys()
        .encrypt_bytes("document", "pdf", &row.id, &bytes)?;
    let hash = bytes_hash(&bytes);
    let key = row.id.clone();
    let first = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                sql::execute(
                    tx,
                    "UPDATE document SET pdf = $1, pdf_hash = $2 WHERE id = $3 AND pdf IS NULL",
                    vec![sealed.into(), hash.into(), key.into()],
                )
                .await
            })
        })
        .await?;
    if first == 1 {
        return Ok(bytes);
    }
    // Another tab was quicker: its bytes are the document's.
    let statement = "SELECT pdf FROM document WHERE id = $1";
    let kept = sql::one(cab.db().read(), statement, vec![row.id.clone().into()]).await?;
    let kept = kept.ok_or(CabinetError::NotFound)?;
    let pdf: String = sql::get(&kept, "pdf")?;
    cab.keys().decrypt_bytes("document", "pdf", &row.id, &pdf)
}

/// Typesets beside the asynchronous threads, a few papers at a time.
pub(super) async fn typeset(cab: &Cabinet, paper: Paper) -> Result<Vec<u8>> {
    let _room = TYPESETTING
        .acquire()
        .await
        .map_err(CabinetError::internal)?;
    let renderer = cab.ports().renderer.clone();
    tokio::task::spawn_blocking(move || renderer.pdf(&paper))
        .await
        .map_err(CabinetError::internal)?
        .map_err(|error| {
            tracing::error!(%error, "a document can't be typeset");
            CabinetError::Unavailable("document")
        })
}

/// SHA-256 of a file, hexadecimal.
pub fn bytes_hash(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    keys::hex(&Sha256::digest(bytes))
}

async fn draft(
    cab: &Cabinet,
    borrower: BorrowerId,
    kind: DocumentKind,
    object: &str,
) -> Result<Draft> {
    match kind {
        DocumentKind::Application => source::filed(cab, borrower, object).await,
        DocumentKind::Consent | DocumentKind::Agreement => {
            source::consent(cab, borrower, kind, object).await
        }
        DocumentKind::Contract => source::contract(cab, borrower, object).await,
        DocumentKind::Schedule => source::schedule(cab, borrower, object).await,
        DocumentKind::RateCut => super::lowered::draft(cab, borrower, object).await,
        DocumentKind::Prolongation => source::prolonged(cab, borrower, object).await,
        DocumentKind::Receipt => money::receipt(cab, borrower, object).await,
        DocumentKind::Certificate => super::certificate::draft(cab, borrower, object).await,
        DocumentKind::Refusal => source::refused(cab, borrower, object).await,
        DocumentKind::Refund => money::refunded(cab, borrower, object).await,
        DocumentKind::Service | DocumentKind::ServiceRefusal => {
            source::service(cab, borrower, kind, object).await
        }
        DocumentKind::Letter => super::letter::draft(cab, borrower, object).await,
        // These are written when they are asked for.
        DocumentKind::Statement | DocumentKind::Debt => Err(CabinetError::NotFound),
    }
}

/// Writes a statement or a debt certificate and signs it; answers its id, the object of [`file`].
///
/// Errors: fields `from`, `to`, `on`: `day_ahead`, `dates_order`, `date_before_loan`.
pub async fn issue(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    asked: Asked,
) -> Result<DocumentId> {
    let cabinet = cab.clone();
    history::load(cab.db().read(), cab, borrower, loan).await?;
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                // The loan's lock gives numbers one after another.
                let history = history::lock(tx, &cabinet, loan).await?;
                write_asked(tx, &cabinet, borrower, &history, asked).await
            })
        })
        .await
}

async fn write_asked(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    history: &History,
    asked: Asked,
) -> Result<DocumentId> {
    let document = DocumentId(cab.fresh_id());
    let (kind, letter) = match asked {
        Asked::Statement { .. } => (DocumentKind::Statement, "В"),
        Asked::Debt { .. } => (DocumentKind::Debt, "Д"),
    };
    let before = sql::one(
        tx,
        "SELECT COUNT(*) AS many FROM document WHERE loan = $1 AND kind = $2",
        vec![history.row.id.as_str().into(), kind.code().into()],
    )
    .await?;
    let before: i64 = before.map_or(Ok(0), |row| sql::get(&row, "many"))?;
    let number = format!("{}/{letter}{}", history.row.number, before + 1);
    let (start, today) = (history.terms.schedule.start, cab.today());
    let within = |field: &str, on: NaiveDate| {
        if on > today {
            return Err(CabinetError::field(field, "day_ahead"));
        }
        if on < start {
            return Err(CabinetError::field(field, "date_before_loan"));
        }
        Ok(())
    };
    let (title, text) = match asked {
        Asked::Statement { from, to } => {
            within("to", to)?;
            if from > to {
                return Err(CabinetError::field("from", "dates_order"));
            }
            money::statement(cab, tx, history, &number, from.max(start), to).await?
        }
        Asked::Debt { on } => {
            within("on", on)?;
            money::debt(cab, tx, history, &number, on).await?
        }
    };
    let mut draft = Draft::new(kind, &document.to_string(), title, text);
    draft.loan = Some(history.row.id.clone());
    draft.number = number;
    draft.made_at = ms(cab.now());
    insert(tx, cab, borrower, document, &draft, true).await?;
    Ok(document)
}

/// Keeps an application's words at the moment of filing: the answers behind them may change.
pub(crate) async fn keep_application(
    cab: &Cabinet,
    borrower: BorrowerId,
    application: ApplicationId,
) -> Result<()> {
    let object = application.to_string();
    let draft = draft(cab, borrower, DocumentKind::Application, &object).await?;
    keep(cab, borrower, draft).await
}

/// Keeps the paper of a lower rate on its own day: money of an earlier day may still come.
pub(crate) async fn keep_rate_cut(
    cab: &Cabinet,
    borrower: BorrowerId,
    operation: &str,
) -> Result<()> {
    let draft = draft(cab, borrower, DocumentKind::RateCut, operation).await?;
    keep(cab, borrower, draft).await
}

async fn keep(cab: &Cabinet, borrower: BorrowerId, draft: Draft) -> Result<()> {
    let document = DocumentId(cab.fresh_id());
    let sealed = DocumentKind::from_code(&draft.kind).is_some_and(DocumentKind::sealed);
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move { insert(tx, &cabinet, borrower, document, &draft, sealed).await })
        })
        .await
}

/// Writes a document down unless it is there; one that the lender seals gets its signature and its
/// public name.
async fn insert(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    document: DocumentId,
    draft: &Draft,
    sealed: bool,
) -> Result<()> {
    let row = document.to_string();
    let body = cab
        .keys()
        .encrypt("document", "body", &row, &json(draft)?)?;
    let signature = sealed.then(|| cab.keys().sign_paper(&draft.message()));
    let token = sealed.then(|| cab.fresh_secret());
    sql::execute(
        tx,
        "INSERT INTO document (id, borrower, loan, kind, object, number, body, text_hash, made_at, \
         token, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (kind, object) DO NOTHING",
        vec![
            row.into(),
            borrower.into(),
            draft.loan.clone().into(),
            draft.kind.as_str().into(),
            draft.object.as_str().into(),
            draft.number.as_str().into(),
            body.into(),
            draft.hash().into(),
            draft.made_at.into(),
            token.into(),
            signature.into(),
        ],
    )
    .await?;
    Ok(())
}

async fn stored(
    cab: &Cabinet,
    borrower: BorrowerId,
    kind: DocumentKind,
    object: &str,
) -> Result<Option<Row>> {
    let row = sql::one(
        cab.db().read(),
        "SELECT id, body, token, signature, pdf FROM document \
         WHERE borrower = $1 AND kind = $2 AND object = $3",
        vec![borrower.into(), kind.code().into(), object.into()],
    )
    .await?;
    row.map(|row| opened(cab, &row)).transpose()
}

fn opened(cab: &Cabinet, row: &QueryResult) -> Result<Row> {
    let key: String = sql::get(row, "id")?;
    let body: String = sql::get(row, "body")?;
    Ok(Row {
        draft: read(&cab.keys().decrypt("document", "body", &key, &body)?)?,
        token: sql::get(row, "token")?,
        signature: sql::get(row, "signature")?,
        pdf: sql::get(row, "pdf")?,
        id: key,
    })
}

/// The canonical text of a borrower's stored document, if it is stored.
pub(super) async fn stored_text(
    cab: &Cabinet,
    borrower: BorrowerId,
    kind: DocumentKind,
    object: &str,
) -> Result<Option<(String, NaiveDate, Lang)>> {
    let row = stored(cab, borrower, kind, object).await?;
    Ok(row.map(|row| {
        let made = cab.business_date(crate::loan::stored::moment(row.draft.made_at));
        (row.draft.text, made, Lang::from_code(&row.draft.lang))
    }))
}

/// Ids come from addresses: one that is none is a missing thing.
pub(super) fn loan_id(text: &str) -> Result<LoanId> {
    id(text).map_err(|_| CabinetError::NotFound)
}
