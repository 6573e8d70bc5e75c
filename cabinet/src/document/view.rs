//! Signed documents, exactly as they were signed.

use lending::{ProlongationQuote, Psk, Quote};
use sea_orm::entity::prelude::*;

use super::{DocumentOf, DocumentView};
use crate::application::Signing;
use crate::application::entity::contract;
use crate::application::terms::WORDS;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::history::{self, History};
use crate::loan::stored::{moment, read};
use crate::loan::{DocumentLink, found, of_contract};
use crate::prolongation::ProlongationStatus;
use crate::prolongation::entity::prolongation;
use crate::{Cabinet, application};

/// A borrower's own document by its code: `contract`, `schedule`, `prolongation-1`… Somebody
/// else's, and a code the loan does not have, is `NotFound`.
pub async fn view(
    cab: &Cabinet,
    borrower: BorrowerId,
    of: impl Into<DocumentOf>,
    code: &str,
) -> Result<DocumentView> {
    let db = cab.db().read();
    let (contract, history) = match of.into() {
        DocumentOf::Contract(id) => {
            let row = application::own(db, borrower, id).await?;
            let history = of_contract(db, cab, borrower, &row.id).await?;
            (row, history)
        }
        DocumentOf::Loan(id) => {
            let history = history::load(db, cab, borrower, id).await?;
            let row = contract::Entity::find_by_id(&history.row.contract)
                .one(db)
                .await?;
            (found(row)?, Some(history))
        }
    };
    match (code, history) {
        ("contract", _) => contract_view(cab, &contract),
        ("schedule", Some(history)) => schedule_view(cab, &history),
        (code, Some(history)) => {
            let number = code
                .strip_prefix("prolongation-")
                .and_then(|text| text.parse().ok());
            agreement_view(cab, &history, found(number)?).await
        }
        (_, None) => Err(CabinetError::NotFound),
    }
}

fn contract_view(cab: &Cabinet, row: &contract::Model) -> Result<DocumentView> {
    // A text that was frozen and not signed is no document yet.
    let signed = found(row.signed_at)?;
    let quote: Quote = read(row.quote.as_deref().unwrap_or_default())?;
    Ok(DocumentView {
        title: WORDS.t("cabinet-document-contract"),
        number: row.number.clone(),
        text: cab
            .keys()
            .decrypt("contract", "text", &row.id, found(row.text.as_deref())?)?,
        hash: row.text_hash.clone().unwrap_or_default(),
        signed_at: Some(moment(signed)),
        psk: Some(quote.psk),
        file: format!("contract/{}", row.id),
    })
}

fn schedule_view(cab: &Cabinet, history: &History) -> Result<DocumentView> {
    let row = &history.row;
    let text = found(row.schedule_text.as_deref())?;
    Ok(DocumentView {
        title: WORDS.t("cabinet-document-schedule"),
        number: row.number.clone(),
        text: cab.keys().decrypt("loan", "schedule_text", &row.id, text)?,
        hash: row.schedule_hash.clone().unwrap_or_default(),
        signed_at: None,
        psk: schedule_psk(history),
        file: format!("schedule/{}", row.id),
    })
}

fn schedule_psk(history: &History) -> Option<Psk> {
    lending::psk(&history.terms.schedule.flows())
        .ok()
        .map(|report| report.psk)
}

async fn agreement_view(cab: &Cabinet, history: &History, number: usize) -> Result<DocumentView> {
    let signed = agreements(cab.db().read(), &history.row.id).await?;
    let row = found(number.checked_sub(1).and_then(|index| signed.get(index)))?;
    let quote: ProlongationQuote = read(&row.quote)?;
    Ok(DocumentView {
        title: WORDS.t("cabinet-document-prolongation"),
        number: history.row.number.clone(),
        text: cab
            .keys()
            .decrypt("prolongation", "text", &row.id, &row.text)?,
        hash: row.text_hash.clone(),
        signed_at: row.signed_at.map(moment),
        psk: Some(quote.psk),
        file: format!("prolongation/{}", row.id),
    })
}

/// The signed prolongation agreements, oldest first; one whose money never came is not in force and
/// not listed.
pub(crate) async fn agreements(
    db: &impl ConnectionTrait,
    loan: &str,
) -> Result<Vec<prolongation::Model>> {
    let rest = "WHERE loan = $1 AND status IN ($2, $3) ORDER BY signed_at, id";
    let signed = [ProlongationStatus::Effective, ProlongationStatus::Stale];
    let values = [loan.into()].into_iter().chain(signed.map(Into::into));
    sql::models::<prolongation::Entity>(db, rest, values.collect()).await
}

/// What can be opened for a loan, oldest first. The certificate has a page of its own.
pub(crate) fn links(
    history: &History,
    signing: &Signing,
    agreements: Vec<prolongation::Model>,
) -> Vec<DocumentLink> {
    let row = &history.row;
    let mut list = vec![DocumentLink {
        code: "contract".to_owned(),
        title_key: "cabinet-document-contract".to_owned(),
        hash: signing.text_hash.clone().unwrap_or_default(),
        at: moment(signing.signed_at.unwrap_or_default()),
    }];
    if let Some(hash) = &row.schedule_hash {
        list.push(DocumentLink {
            code: "schedule".to_owned(),
            title_key: "cabinet-document-schedule".to_owned(),
            hash: hash.clone(),
            at: moment(row.created_at),
        });
    }
    for (index, row) in agreements.into_iter().enumerate() {
        list.push(DocumentLink {
            code: format!("prolongation-{}", index + 1),
            title_key: "cabinet-document-prolongation".to_owned(),
            hash: row.text_hash,
            at: moment(row.signed_at.unwrap_or_default()),
        });
    }
    list
}
