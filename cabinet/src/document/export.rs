//! Everything the lender keeps of a borrower, for the borrower: one JSON of a published schema, and its tables as CSV.
//!
//! Money is whole kopecks, moments are RFC 3339 in UTC, days are `2026-11-23`.

use std::collections::BTreeMap;

use lending::Part;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QueryResult};
use serde::Serialize;

use super::list;
use crate::application::AppStatus;
use crate::application::entity::application;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::history::{self, History};
use crate::loan::stored::{moment, read};
use crate::{Cabinet, access, profile, service, support};

mod adjustments;
mod agent;
mod bonuses;
mod draws;
mod form;
mod money;
mod offers;
mod person;
mod stored;
mod table;

pub use agent::{ExportAgency, ExportAgent, ExportCommission};
pub use bonuses::ExportBonus;
pub use draws::ExportDraw;
pub use form::{
    Export, ExportAppeal, ExportApplication, ExportConsent, ExportDocument, ExportLine, ExportLoan,
    ExportMessage, ExportOperation, ExportService, ExportSignature, FORM,
};
pub use money::ExportMoney;
pub use offers::ExportOffers;
pub use person::ExportCabinet;
pub use stored::{LEFT_OUT, exported};

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
        bonuses: bonuses::of(cab, borrower).await?,
        draws: draws::of(cab, borrower).await?,
        applications: applications(db, borrower).await?,
        loans,
        operations,
        adjustments: adjustments::of(cab, borrower).await?,
        signatures: signatures(db, borrower).await?,
        appeals: appeals(cab, borrower).await?,
        chat: chat(cab, borrower).await?,
        messages: messages(cab, db, borrower).await?,
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
        brought_by_agent_at: agent::brought_at(cab, borrower).await?,
        agent: agent::own(cab, borrower).await?,
        commissions: agent::commissions(cab, borrower).await?,
        agency: ExportAgency::of(cab, borrower).await?,
        offers: ExportOffers::of(cab, borrower).await?,
        money: ExportMoney::of(cab, borrower).await?,
        access: ExportCabinet::of(cab, borrower).await?,
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
            rate: row.rate,
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

async fn messages(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Vec<ExportMessage>> {
    let statement = "SELECT id, kind, channel, body, at, read_at FROM notice WHERE borrower = $1 \
                     ORDER BY at, id";
    let one = |row: &QueryResult| -> Result<ExportMessage> {
        let id: String = sql::get(row, "id")?;
        let body = sql::get::<Option<String>>(row, "body")?;
        let open = |sealed: String| cab.keys().decrypt("notice", "body", &id, &sealed);
        Ok(ExportMessage {
            text: body.map(open).transpose()?,
            kind: sql::get(row, "kind")?,
            channel: sql::get(row, "channel")?,
            at: rfc(sql::get(row, "at")?),
            read_at: sql::get::<Option<i64>>(row, "read_at")?.map(rfc),
            id,
        })
    };
    let rows = sql::all(conn, statement, vec![borrower.into()]).await?;
    rows.iter().map(one).collect()
}

async fn appeals(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<ExportAppeal>> {
    let mut written = support::list(cab, borrower).await?;
    written.reverse();
    let one = |appeal: support::AppealView| ExportAppeal {
        kind: appeal.kind.code().to_owned(),
        state: appeal.state.code().to_owned(),
        text: appeal.text,
        answer: appeal.answer,
        at: rfc(appeal.at.timestamp_millis()),
        due: appeal.due_on.to_string(),
    };
    Ok(written.into_iter().map(one).collect())
}

async fn chat(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<ExportLine>> {
    let said = support::chat::all(cab, borrower).await?;
    let one = |line: support::chat::Line| ExportLine {
        seq: line.seq,
        author: line.author.code().to_owned(),
        text: line.note.map_or(line.text, |note| note.code().to_owned()),
        picture: line.picture.map(|id| id.to_string()),
        at: rfc(line.at.timestamp_millis()),
    };
    Ok(said.into_iter().map(one).collect())
}
