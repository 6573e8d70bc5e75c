//! A borrower's documents in one list.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QueryResult};

use super::kind::DocumentKind;
use super::{LegalKind, money};
use crate::application::AppStatus;
use crate::application::entity::{application, contract};
use crate::db::sql;
use crate::error::Result;
use crate::ids::{BorrowerId, LoanId};
use crate::loan::OperationKind;
use crate::loan::history;
use crate::loan::stored::{id, moment};
use crate::prolongation::ProlongationStatus;
use crate::prolongation::entity::prolongation;
use crate::refund::RefundStatus;
use crate::refund::entity::refund;
use crate::support::State;
use crate::{Cabinet, service};

/// A document in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What it is.
    pub kind: DocumentKind,
    /// What it is about: with the kind, what [`super::file()`] takes.
    pub object: String,
    /// Its number, or the loan's; may be empty.
    pub number: String,
    /// The text agreed to, of a consent.
    pub legal: Option<LegalKind>,
    /// The loan it belongs to.
    pub loan: Option<LoanId>,
    /// When it was signed, filed, given or made.
    pub at: DateTime<Utc>,
}

/// Every document of a borrower, the newest first.
pub async fn list(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Listed>> {
    let mut list = consents(cab, borrower).await?;
    list.extend(applications(cab, borrower).await?);
    list.extend(contracts(cab, borrower).await?);
    for history in history::all(cab.db().read(), cab, borrower).await? {
        list.extend(of_loan(cab, &history).await?);
    }
    list.extend(issued(cab, borrower).await?);
    list.extend(services(cab, borrower).await?);
    list.extend(letters(cab, borrower).await?);
    list.sort_by_key(|document| std::cmp::Reverse(document.at));
    Ok(list)
}

fn listed(kind: DocumentKind, object: &str, number: &str, at: i64) -> Listed {
    Listed {
        kind,
        object: object.to_owned(),
        number: number.to_owned(),
        legal: None,
        loan: None,
        at: moment(at),
    }
}

async fn consents(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Listed>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT id, kind, at FROM consent WHERE borrower = $1 AND given = 1",
        vec![borrower.into()],
    )
    .await?;
    let one = |row: &QueryResult| -> Result<Listed> {
        let legal = LegalKind::from_code(&sql::get::<String>(row, "kind")?);
        let kind = match legal {
            Some(LegalKind::EsignAgreement) => DocumentKind::Agreement,
            _ => DocumentKind::Consent,
        };
        let object: String = sql::get(row, "id")?;
        let mut document = listed(kind, &object, "", sql::get(row, "at")?);
        document.legal = legal;
        Ok(document)
    };
    rows.iter().map(one).collect()
}

async fn applications(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Listed>> {
    let rows = application::Entity::find()
        .filter(application::Column::Borrower.eq(borrower.to_string()))
        .filter(application::Column::Status.ne(AppStatus::Draft))
        .all(cab.db().read())
        .await?;
    let mut list = Vec::new();
    for row in rows {
        list.push(listed(
            DocumentKind::Application,
            &row.id,
            "",
            row.created_at,
        ));
        if row.status == AppStatus::Refused {
            list.push(listed(DocumentKind::Refusal, &row.id, "", row.updated_at));
        }
    }
    Ok(list)
}

async fn contracts(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Listed>> {
    let rows = contract::Entity::find()
        .filter(contract::Column::Borrower.eq(borrower.to_string()))
        .filter(contract::Column::SignedAt.is_not_null())
        .all(cab.db().read())
        .await?;
    let signed = |row: contract::Model| {
        let at = row.signed_at.unwrap_or_default();
        listed(DocumentKind::Contract, &row.id, &row.number, at)
    };
    Ok(rows.into_iter().map(signed).collect())
}

async fn of_loan(cab: &Cabinet, history: &history::History) -> Result<Vec<Listed>> {
    let (db, row) = (cab.db().read(), &history.row);
    let loan: LoanId = id(&row.id)?;
    let number = row.number.as_str();
    let mut list = vec![listed(
        DocumentKind::Schedule,
        &row.id,
        number,
        row.created_at,
    )];
    for operation in &history.operations {
        if operation.kind == OperationKind::RateCut {
            let (kind, at) = (DocumentKind::RateCut, operation.at);
            list.push(listed(kind, &operation.id, number, at));
        }
        if matches!(
            operation.kind,
            OperationKind::Payment | OperationKind::TopUp
        ) {
            let number = money::receipt_number(history, operation);
            list.push(listed(
                DocumentKind::Receipt,
                &operation.id,
                &number,
                operation.at,
            ));
        }
    }
    let agreements = prolongation::Entity::find()
        .filter(prolongation::Column::Loan.eq(&row.id))
        .filter(
            prolongation::Column::Status
                .is_in([ProlongationStatus::Effective, ProlongationStatus::Stale]),
        )
        .filter(prolongation::Column::SignedAt.is_not_null())
        .order_by_asc(prolongation::Column::SignedAt)
        .all(db)
        .await?;
    for signed in agreements {
        let at = signed.signed_at.unwrap_or_default();
        list.push(listed(DocumentKind::Prolongation, &signed.id, number, at));
    }
    let refunds = refund::Entity::find()
        .filter(refund::Column::Loan.eq(&row.id))
        .filter(refund::Column::Status.eq(RefundStatus::Done))
        .all(db)
        .await?;
    for sent in refunds {
        let at = sent.done_at.unwrap_or(sent.changed_at);
        list.push(listed(DocumentKind::Refund, &sent.id, number, at));
    }
    if let Some(closed) = row.closed_at {
        list.push(listed(DocumentKind::Certificate, &row.id, number, closed));
    }
    for document in &mut list {
        document.loan = Some(loan);
    }
    Ok(list)
}

/// Applications for services and against them.
async fn services(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Listed>> {
    let words = service::words(cab, borrower).await?;
    let one = |word: service::Word| Listed {
        kind: if word.given {
            DocumentKind::Service
        } else {
            DocumentKind::ServiceRefusal
        },
        object: word.id,
        number: word.number,
        legal: None,
        loan: Some(word.loan),
        at: word.at,
    };
    Ok(words.into_iter().map(one).collect())
}

/// Letters with answers.
async fn letters(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Listed>> {
    let requests = crate::request::all_answered(cab, borrower).await?;
    let requests = requests.into_iter().filter_map(|one| {
        let (object, at) = (one.id.to_string(), one.closed_at?.timestamp_millis());
        let number = super::letter::number(&object);
        Some(listed(DocumentKind::Letter, &object, &number, at))
    });
    let appeals = crate::support::list(cab, borrower).await?.into_iter();
    let answered = appeals.filter(|one| matches!(one.state, State::Answered | State::Refused));
    Ok(answered
        .filter_map(|one| {
            let (object, at) = (one.id.to_string(), one.closed_at?.timestamp_millis());
            let number = super::letter::number(&object);
            let mut letter = listed(DocumentKind::Letter, &object, &number, at);
            letter.loan = one.loan;
            Some(letter)
        })
        .chain(requests)
        .collect())
}

/// Statements and debt certificates.
async fn issued(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Listed>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT kind, object, number, loan, made_at FROM document \
         WHERE borrower = $1 AND kind IN ('statement', 'debt')",
        vec![borrower.into()],
    )
    .await?;
    let one = |row: &QueryResult| -> Result<Listed> {
        let kind = match sql::get::<String>(row, "kind")?.as_str() {
            "debt" => DocumentKind::Debt,
            _ => DocumentKind::Statement,
        };
        let (object, number) = (
            sql::get::<String>(row, "object")?,
            sql::get::<String>(row, "number")?,
        );
        let mut document = listed(kind, &object, &number, sql::get(row, "made_at")?);
        let loan: Option<String> = sql::get(row, "loan")?;
        document.loan = loan.map(|loan| id(&loan)).transpose()?;
        Ok(document)
    };
    rows.iter().map(one).collect()
}
