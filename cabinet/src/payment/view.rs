//! The truth about a payment, asked of the acquirer when we do not have it yet.

use std::time::Duration;

use lending::{Kopecks, Part};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::advance::{finished, locked, look};
use super::entity::payment;
use super::start::HOLD;
use super::{PayStatus, PaymentView};
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId, PaymentId};
use crate::loan::OperationKind;
use crate::loan::entity::{loan, operation};
use crate::loan::stored::{count, id, moment, ms, read};
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
async fn stored_view(db: &impl ConnectionTrait, row: &payment::Model) -> Result<PaymentView> {
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
    let loan = loan::Entity::find_by_id(&row.loan)
        .one(db)
        .await?
        .ok_or(CabinetError::NotFound)?;
    let last = match &operation {
        Some(row) if loan.closed_on.as_ref() == Some(&row.on_date) => last_of_day(db, row).await?,
        _ => false,
    };
    let days = match &row.prolongation {
        Some(of) => prolongation::days_of(db, of).await?,
        None => None,
    };
    told(row, operation.as_ref(), last, days, &loan)
}

/// The loan's payment that keeps another from being started; the debt's before the prolongation's. With the days of the
/// prolongation that it is for.
pub(crate) async fn open_row(
    db: &impl ConnectionTrait,
    loan: LoanId,
) -> Result<Option<(payment::Model, Option<u32>)>> {
    let days = "(SELECT days FROM prolongation WHERE id = payment.prolongation) AS days";
    let rest = "WHERE loan = $1 AND status IN ($2, $3, $4) ORDER BY purpose LIMIT 1";
    let open = [PayStatus::Created, PayStatus::Waiting, PayStatus::Unknown];
    let values = [loan.into()].into_iter().chain(open.map(Into::into));
    let found = sql::model_and::<payment::Entity>(db, days, rest, values.collect()).await?;
    let Some((payment, row)) = found else {
        return Ok(None);
    };
    let days: Option<i64> = sql::get(&row, "days")?;
    Ok(Some((payment, days.map(count).transpose()?)))
}

/// The view of an open payment of a loan whose operations are all here. What closed the loan is of a payment that ended.
pub(crate) fn open_view(
    (row, days): (payment::Model, Option<u32>),
    loan: &loan::Model,
    operations: &[operation::Model],
) -> Result<PaymentView> {
    let posted = row.remote_id.as_ref().and_then(|remote| {
        let mut operations = operations.iter();
        operations.find(|operation| operation.reference == *remote)
    });
    told(&row, posted, false, days, loan)
}

/// A payment with the operation that posted it, whether that was the last of its day to repay anything, and the days of the
/// prolongation that it is for.
fn told(
    row: &payment::Model,
    operation: Option<&operation::Model>,
    last: bool,
    days: Option<u32>,
    loan: &loan::Model,
) -> Result<PaymentView> {
    let parts: Vec<Part> = operation
        .map(|row| read(&row.parts))
        .transpose()?
        .unwrap_or_default();
    let topped_up = operation.is_some_and(|row| row.kind == OperationKind::TopUp);
    let closed = match operation {
        Some(operation) if topped_up => {
            row.assign.as_deref().is_some_and(|assign| assign != HOLD)
                && loan.closed_on.as_ref() == Some(&operation.on_date)
        }
        Some(row) if loan.closed_on.as_ref() == Some(&row.on_date) => last && !parts.is_empty(),
        _ => false,
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
