//! Everything the lender keeps of a borrower, for the borrower: one JSON of a published schema, and its tables as CSV.
//!
//! Money is whole kopecks, moments are RFC 3339 in UTC, days are `2026-11-23`.

use std::collections::BTreeMap;

use lending::Part;
use schemars::JsonSchema;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QueryResult};
use serde::{Deserialize, Serialize};

use super::list;
use crate::application::AppStatus;
use crate::application::entity::application;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::history::{self, History};
use crate::loan::stored::{moment, read};
use crate::{Cabinet, access, profile, service};

/// The name of this form of the export.
pub const FORM: &str = "kopeck-export/1";

/// Everything of one borrower.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// The form: `kopeck-export/1`.
    pub form: String,
    /// The lender.
    pub lender: String,
    /// When it was taken.
    pub made_at: String,
    /// The phone, digits.
    pub phone: String,
    /// Answers of the questionnaire, by field.
    pub answers: BTreeMap<String, String>,
    /// Every consent given or taken back, oldest first.
    pub consents: Vec<ExportConsent>,
    /// Every application for a service and every refusal of one, oldest first.
    pub services: Vec<ExportService>,
    /// Applications, oldest first.
    pub applications: Vec<ExportApplication>,
    /// Loans, the newest first.
    pub loans: Vec<ExportLoan>,
    /// Operations of all loans.
    pub operations: Vec<ExportOperation>,
    /// What was signed, by which code, when and from where.
    pub signatures: Vec<ExportSignature>,
    /// Messages that were sent.
    pub messages: Vec<ExportMessage>,
    /// Documents, the newest first.
    pub documents: Vec<ExportDocument>,
}

/// A consent, or its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportConsent {
    /// To what: `personal_data`, `bureau`…
    pub kind: String,
    /// Given, or taken back.
    pub given: bool,
    /// The version of the text.
    pub version: String,
    /// SHA-256 of the words that were shown.
    pub text_hash: String,
    /// When.
    pub at: String,
    /// The network address it came from.
    pub address: String,
}

/// A word about a service: switched on, or off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportService {
    /// The number of the contract it goes with.
    pub loan: String,
    /// The service's stable name.
    pub code: String,
    /// Its title on that day.
    pub title: String,
    /// What it cost, kopecks.
    pub price: i64,
    /// Switched on, or off.
    pub given: bool,
    /// The words of the application.
    pub text: String,
    /// SHA-256 of the words.
    pub text_hash: String,
    /// When.
    pub at: String,
    /// The network address it came from.
    pub address: String,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportApplication {
    /// Its id.
    pub id: String,
    /// The product.
    pub product: String,
    /// The sum asked for, kopecks.
    pub amount: i64,
    /// Days or payments.
    pub term: i64,
    /// Where it stands.
    pub status: String,
    /// When it was begun.
    pub at: String,
}

/// A loan with its debt today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportLoan {
    /// Its id.
    pub id: String,
    /// The contract's number.
    pub number: String,
    /// The product's title.
    pub product: String,
    /// The principal lent, kopecks.
    pub amount: i64,
    /// The day the money left.
    pub opened_on: String,
    /// The last day of the term.
    pub due: String,
    /// The day it was repaid.
    pub closed_on: Option<String>,
    /// Principal owed today, kopecks.
    pub principal: i64,
    /// Interest owed today, kopecks.
    pub interest: i64,
    /// Penalty owed today, kopecks.
    pub penalty: i64,
    /// What closes it today, kopecks.
    pub payoff: i64,
    /// Everything paid, kopecks.
    pub paid_total: i64,
    /// The frozen terms with the schedule, as the arithmetic reads them.
    pub terms: serde_json::Value,
}

/// Money that moved, or a new date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportOperation {
    /// The contract's number.
    pub loan: String,
    /// The order of posting.
    pub seq: i64,
    /// `disbursement`, `payment`, `prolongation`, `refund`, `top_up`, `debit`.
    pub kind: String,
    /// The day it counts for.
    pub on: String,
    /// The moment.
    pub at: String,
    /// Kopecks.
    pub amount: i64,
    /// Days of a prolongation.
    pub days: Option<i64>,
    /// What it repaid, by claim, kopecks.
    pub parts: BTreeMap<String, i64>,
    /// The acquirer's name of it.
    pub reference: String,
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportSignature {
    /// `contract` or `prolongation`.
    pub document: String,
    /// Its id.
    pub object: String,
    /// SHA-256 of the signed text.
    pub hash: String,
    /// When the code was sent.
    pub sent_at: String,
    /// When it was entered.
    pub entered_at: String,
    /// The network address.
    pub address: String,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportMessage {
    /// About what.
    pub kind: String,
    /// How: `sms`, `push`…
    pub channel: String,
    /// When.
    pub at: String,
}

/// A document of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportDocument {
    /// What it is.
    pub kind: String,
    /// What it is about.
    pub object: String,
    /// Its number; may be empty.
    pub number: String,
    /// When it was signed or made.
    pub at: String,
    /// Its path in the cabinet.
    pub path: String,
}

/// The published schema of the export.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Export).to_value()
}

/// Everything of a borrower.
pub async fn export(cab: &Cabinet, borrower: BorrowerId) -> Result<Export> {
    let db = cab.db().read();
    let histories = history::all(db, cab, borrower).await?;
    let mut loans = Vec::new();
    let mut operations = Vec::new();
    for history in &histories {
        loans.push(loan(cab, history)?);
        operations.extend(moved(history)?);
    }
    let documents = list(cab, borrower).await?;
    Ok(Export {
        form: FORM.to_owned(),
        lender: cab.lender().legal_name.clone(),
        made_at: rfc(cab.now_ms()),
        phone: access::contact(cab, db, borrower)
            .await?
            .phone
            .digits()
            .to_owned(),
        answers: profile::answers(cab, borrower).await?,
        consents: consents(cab, db, borrower).await?,
        services: services(cab, borrower).await?,
        applications: applications(db, borrower).await?,
        loans,
        operations,
        signatures: signatures(db, borrower).await?,
        messages: messages(db, borrower).await?,
        documents: documents
            .into_iter()
            .map(|document| ExportDocument {
                kind: document.kind.code().to_owned(),
                path: format!("/files/{}/{}", document.kind.code(), document.object),
                object: document.object,
                number: document.number,
                at: rfc(document.at.timestamp_millis()),
            })
            .collect(),
    })
}

fn rfc(ms: i64) -> String {
    moment(ms).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

fn loan(cab: &Cabinet, history: &History) -> Result<ExportLoan> {
    let row = &history.row;
    let state = history.state(cab.today().max(history.terms.schedule.start))?;
    Ok(ExportLoan {
        id: row.id.clone(),
        number: row.number.clone(),
        product: row.product_title.clone(),
        amount: history.terms.amount.get(),
        opened_on: row.opened_on.clone(),
        due: state.due.to_string(),
        closed_on: state.closed_on.map(|on| on.to_string()),
        principal: state.principal.get(),
        interest: state.interest.get(),
        penalty: state.penalty.get(),
        payoff: state.payoff.get(),
        paid_total: state.paid_total.get(),
        terms: serde_json::to_value(&history.terms).map_err(CabinetError::internal)?,
    })
}

fn moved(history: &History) -> Result<Vec<ExportOperation>> {
    let one = |row: &crate::loan::entity::operation::Model| -> Result<ExportOperation> {
        let mut parts: BTreeMap<String, i64> = BTreeMap::new();
        for part in read::<Vec<Part>>(&row.parts)? {
            *parts.entry(name(&part.claim)?).or_default() += part.amount.get();
        }
        Ok(ExportOperation {
            loan: history.row.number.clone(),
            seq: row.seq,
            kind: name(&row.kind)?,
            on: row.on_date.clone(),
            at: rfc(row.at),
            amount: row.amount,
            days: row.days,
            parts,
            reference: row.reference.clone(),
        })
    };
    history.operations.iter().map(one).collect()
}

/// The stable name of a unit variant.
fn name<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        _ => Err(CabinetError::internal("a name that is not one")),
    }
}

async fn consents(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Vec<ExportConsent>> {
    let statement = "SELECT id, kind, given, version, text_hash, at, address FROM consent \
                     WHERE borrower = $1 ORDER BY at, kind, number";
    let one = |row: &QueryResult| -> Result<ExportConsent> {
        let (key, address) = (
            sql::get::<String>(row, "id")?,
            sql::get::<String>(row, "address")?,
        );
        Ok(ExportConsent {
            kind: sql::get(row, "kind")?,
            given: sql::get::<i64>(row, "given")? == 1,
            version: sql::get(row, "version")?,
            text_hash: sql::get(row, "text_hash")?,
            at: rfc(sql::get(row, "at")?),
            address: cab.keys().decrypt("consent", "address", &key, &address)?,
        })
    };
    let rows = sql::all(conn, statement, vec![borrower.into()]).await?;
    rows.iter().map(one).collect()
}

async fn services(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<ExportService>> {
    let words = service::words(cab, borrower).await?;
    let one = |word: service::Word| ExportService {
        loan: word.number,
        code: word.code,
        title: word.title,
        price: word.price.get(),
        given: word.given,
        text: word.text,
        text_hash: word.hash,
        at: rfc(word.at.timestamp_millis()),
        address: word.address,
    };
    Ok(words.into_iter().map(one).collect())
}

async fn applications(
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Vec<ExportApplication>> {
    let rows = application::Entity::find()
        .filter(application::Column::Borrower.eq(borrower.to_string()))
        .filter(application::Column::Status.ne(AppStatus::Draft))
        .order_by_asc(application::Column::CreatedAt)
        .all(conn)
        .await?;
    let one = |row: application::Model| -> Result<ExportApplication> {
        Ok(ExportApplication {
            status: name(&row.status)?,
            at: rfc(row.created_at),
            id: row.id,
            product: row.product,
            amount: row.amount,
            term: row.term,
        })
    };
    rows.into_iter().map(one).collect()
}

async fn signatures(
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Vec<ExportSignature>> {
    let statement = "SELECT document, object, hash, sent_at, entered_at, ip FROM signature \
                     WHERE borrower = $1 ORDER BY entered_at";
    let one = |row: &QueryResult| -> Result<ExportSignature> {
        Ok(ExportSignature {
            document: sql::get(row, "document")?,
            object: sql::get(row, "object")?,
            hash: sql::get(row, "hash")?,
            sent_at: rfc(sql::get(row, "sent_at")?),
            entered_at: rfc(sql::get(row, "entered_at")?),
            address: sql::get(row, "ip")?,
        })
    };
    let rows = sql::all(conn, statement, vec![borrower.into()]).await?;
    rows.iter().map(one).collect()
}

async fn messages(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Vec<ExportMessage>> {
    let statement = "SELECT kind, channel, at FROM notice WHERE borrower = $1 ORDER BY at, id";
    let one = |row: &QueryResult| -> Result<ExportMessage> {
        Ok(ExportMessage {
            kind: sql::get(row, "kind")?,
            channel: sql::get(row, "channel")?,
            at: rfc(sql::get(row, "at")?),
        })
    };
    let rows = sql::all(conn, statement, vec![borrower.into()]).await?;
    rows.iter().map(one).collect()
}

impl Export {
    /// Tables that can be had as CSV.
    pub const TABLES: [&str; 8] = [
        "consents",
        "services",
        "applications",
        "loans",
        "operations",
        "signatures",
        "messages",
        "documents",
    ];

    /// A table as CSV (RFC 4180): the columns are the fields of the schema, what has parts of its own
    /// is JSON in its cell. `NotFound` for a table that is none.
    pub fn csv(&self, table: &str) -> Result<String> {
        match table {
            "consents" => csv(
                &self.consents,
                &["kind", "given", "version", "text_hash", "at", "address"],
            ),
            "services" => csv(
                &self.services,
                &[
                    "loan",
                    "code",
                    "title",
                    "price",
                    "given",
                    "text",
                    "text_hash",
                    "at",
                    "address",
                ],
            ),
            "applications" => csv(
                &self.applications,
                &["id", "product", "amount", "term", "status", "at"],
            ),
            "loans" => csv(
                &self.loans,
                &[
                    "id",
                    "number",
                    "product",
                    "amount",
                    "opened_on",
                    "due",
                    "closed_on",
                    "principal",
                    "interest",
                    "penalty",
                    "payoff",
                    "paid_total",
                    "terms",
                ],
            ),
            "operations" => csv(
                &self.operations,
                &[
                    "loan",
                    "seq",
                    "kind",
                    "on",
                    "at",
                    "amount",
                    "days",
                    "parts",
                    "reference",
                ],
            ),
            "signatures" => csv(
                &self.signatures,
                &[
                    "document",
                    "object",
                    "hash",
                    "sent_at",
                    "entered_at",
                    "address",
                ],
            ),
            "messages" => csv(&self.messages, &["kind", "channel", "at"]),
            "documents" => csv(&self.documents, &["kind", "object", "number", "at", "path"]),
            _ => Err(CabinetError::NotFound),
        }
    }
}

fn csv<T: Serialize>(rows: &[T], columns: &[&str]) -> Result<String> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    out.write_record(columns).map_err(CabinetError::internal)?;
    for row in rows {
        let row = serde_json::to_value(row).map_err(CabinetError::internal)?;
        let cells = columns.iter().map(|column| cell(&row[*column]));
        out.write_record(cells).map_err(CabinetError::internal)?;
    }
    let bytes = out.into_inner().map_err(CabinetError::internal)?;
    String::from_utf8(bytes).map_err(CabinetError::internal)
}

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
