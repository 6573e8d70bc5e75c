//! The truth about a payment, asked of the acquirer when we do not have it yet.

use std::time::Duration;

use lending::{Kopecks, Part};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::advance::{finished, locked, look};
use super::entity::payment;
use super::start::HOLD;
use super::{PayStatus, PaymentView};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, PaymentId};
use crate::loan::OperationKind;
use crate::loan::entity::{loan, operation};
use crate::loan::stored::{id, moment, ms, read};
use crate::{Cabinet, prolongation};

/// How long a page waits for the acquirer before it shows what is known here.
const PATIENCE: Duration = Duration::from_secs(3);

/// A borrower's own payment, re-read at the acquirer while unfinished; somebody else's is
/// `NotFound`.
pub async fn view(cab: &Cabinet, borrower: BorrowerId, payment: PaymentId) -> Result<PaymentView> {
    let row = own(cab.db().read(), borrower, payment).await?;
    if !finished(row.status) {
        // A slow acquirer or a fault leaves the page with what is known; the poller goes on.
        heard(cab, payment).await;
    }
    let db = cab.db().read();
    stored_view(db, &own(db, borrower, payment).await?).await
}

/// "I did not pay": asks the acquirer once more, and only when it still waits for the payer lets go
/// of the payment, so that another may be started. It stays watched: money taken later is posted,
/// its surplus refundable.
///
/// Errors: `Unavailable("acquirer")` when the acquirer does not answer; the payment stays as it
/// was.
pub async fn not_paid(
    cab: &Cabinet,
    borrower: BorrowerId,
    payment: PaymentId,
) -> Result<PaymentView> {
    let row = own(cab.db().read(), borrower, payment).await?;
    if !finished(row.status) && !heard(cab, payment).await {
        return Err(CabinetError::Unavailable("acquirer"));
    }
    let now = ms(cab.now());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, payment).await?;
                if row.status == PayStatus::Waiting {
                    let mut update: payment::ActiveModel = row.into();
                    update.status = Set(PayStatus::Abandoned);
                    update.changed_at = Set(now);
                    update.update(tx).await?;
                }
                Ok(())
            })
        })
        .await?;
    let db = cab.db().read();
    stored_view(db, &own(db, borrower, payment).await?).await
}

/// Whether the acquirer has answered in time.
async fn heard(cab: &Cabinet, payment: PaymentId) -> bool {
    match tokio::time::timeout(PATIENCE, look(cab, payment)).await {
        Ok(Ok(heard)) => heard,
        Ok(Err(error)) => {
            tracing::error!(%payment, %error, "payment could not be re-read");
            false
        }
        Err(_) => false,
    }
}

/// The same, for a page that shows what is known when nobody answers.
pub(crate) async fn reread(cab: &Cabinet, payment: PaymentId) {
    heard(cab, payment).await;
}

/// A payment that somebody else made by a link.
pub(crate) async fn linked(cab: &Cabinet, payment: PaymentId) -> Result<payment::Model> {
    payment::Entity::find_by_id(payment.to_string())
        .filter(payment::Column::Link.is_not_null())
        .one(cab.db().read())
        .await?
        .ok_or(CabinetError::NotFound)
}

async fn own(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    payment: PaymentId,
) -> Result<payment::Model> {
    payment::Entity::find_by_id(payment.to_string())
        .filter(payment::Column::Borrower.eq(borrower.to_string()))
        .one(db)
        .await?
        .ok_or(CabinetError::NotFound)
}

/// Whether no later operation of that day repaid anything: on the day of closing, the one that closed.
async fn last_of_day(db: &impl ConnectionTrait, row: &operation::Model) -> Result<bool> {
    let later = operation::Entity::find()
        .filter(operation::Column::Loan.eq(&row.loan))
        .filter(operation::Column::OnDate.eq(&row.on_date))
        .filter(operation::Column::Seq.gt(row.seq))
        .filter(operation::Column::Parts.ne("[]"))
        .one(db)
        .await?;
    Ok(later.is_none())
}

/// A payment as it is stored here.
pub(crate) async fn stored_view(
    db: &impl ConnectionTrait,
    row: &payment::Model,
) -> Result<PaymentView> {
    let operation = match &row.remote_id {
        Some(remote) => {
            operation::Entity::find()
                .filter(operation::Column::Loan.eq(&row.loan))
                .filter(operation::Column::Reference.eq(remote))
                .one(db)
                .await?
        }
        None => None,
    };
    let parts: Vec<Part> = operation
        .as_ref()
        .map(|row| read(&row.parts))
        .transpose()?
        .unwrap_or_default();
    let loan = loan::Entity::find_by_id(&row.loan)
        .one(db)
        .await?
        .ok_or(CabinetError::NotFound)?;
    let topped_up = operation
        .as_ref()
        .is_some_and(|row| row.kind == OperationKind::TopUp);
    let closed = match &operation {
        Some(operation) if topped_up => {
            row.assign.as_deref().is_some_and(|assign| assign != HOLD)
                && loan.closed_on.as_ref() == Some(&operation.on_date)
        }
        Some(row) if loan.closed_on.as_ref() == Some(&row.on_date) && !parts.is_empty() => {
            last_of_day(db, row).await?
        }
        _ => false,
    };
    let days = match &row.prolongation {
        Some(of) => prolongation::days_of(db, of).await?,
        None => None,
    };
    let payable = matches!(row.status, PayStatus::Waiting | PayStatus::Abandoned);
    Ok(PaymentView {
        id: id(&row.id)?,
        loan: id(&row.loan)?,
        purpose: row.purpose,
        prolongation: row.prolongation.as_deref().map(id).transpose()?,
        days,
        amount: Kopecks::new(row.amount),
        status: row.status,
        reason: row
            .reason
            .clone()
            .filter(|_| row.status == PayStatus::Failed),
        continue_url: row.confirmation_url.clone().filter(|_| payable),
        topped_up,
        parts,
        overpaid: operation.map_or(Kopecks::ZERO, |row| Kopecks::new(row.overpaid)),
        created_at: moment(row.created_at),
        taken_at: row.taken_at.map(moment),
        closed_loan: closed,
        method: row.method,
        card_title: row.card_title.clone(),
    })
}
