//! The acquirer's register against what we posted, movement by movement.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lending::Kopecks;
use sea_orm::ExprTrait;
use sea_orm::entity::prelude::*;

use super::Reconciliation;
use super::entity::payment;
use crate::Cabinet;
use crate::error::{CabinetError, Result};
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::stored::ms;
use crate::payout::entity::payout;
use crate::ports::{AcquirerError, MovementKind, RemoteStatus};
use crate::statement::outside;

/// Signed sums by reference: taken counts up, given counts down.
pub(crate) type Book = BTreeMap<String, Kopecks>;

/// Operations that move nothing at the acquirer.
const OURS_ALONE: [OperationKind; 8] = [
    OperationKind::Discount,
    OperationKind::WriteOff,
    OperationKind::RateCut,
    OperationKind::Prolongation,
    OperationKind::Debit,
    OperationKind::Pause,
    OperationKind::Resume,
    OperationKind::Holiday,
];

/// Compares everything that moved in `[from, to)`: taken counts up, given counts down. Our side are
/// the operations, each written with its journal entry in one transaction; money that came past the
/// acquirer is left out.
///
/// Errors: `Unavailable("acquirer")`.
pub async fn reconcile(
    cab: &Cabinet,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Reconciliation> {
    let (ours, theirs) = (posted(cab, from, to).await?, register(cab, from, to).await?);
    let (total_ours, total_theirs) = (ours.values().copied().sum(), theirs.values().copied().sum());
    Ok(Reconciliation {
        ours: total_ours,
        theirs: total_theirs,
        difference: total_theirs - total_ours,
        missing: differing(&ours, &theirs),
    })
}

/// References that one side has and the other has not, or has with another sum.
pub(crate) fn differing(ours: &Book, theirs: &Book) -> Vec<String> {
    let mut all: Vec<&String> = ours.keys().chain(theirs.keys()).collect();
    all.sort_unstable();
    all.dedup();
    all.retain(|reference| ours.get(*reference) != theirs.get(*reference));
    all.into_iter().cloned().collect()
}

/// What we posted of the acquirer's money.
pub(crate) async fn posted(cab: &Cabinet, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Book> {
    let rows = operation::Entity::find()
        .filter(operation::Column::At.gte(ms(from)))
        .filter(operation::Column::At.lt(ms(to)))
        .filter(operation::Column::Kind.is_not_in(OURS_ALONE))
        .all(cab.db().read())
        .await?;
    let mut ours = Book::new();
    for row in rows.into_iter().filter(|row| !outside(&row.reference)) {
        let amount = Kopecks::new(row.amount);
        let signed = match row.kind {
            OperationKind::Payment | OperationKind::TopUp => amount,
            _ => Kopecks::ZERO - amount,
        };
        ours.insert(row.reference, signed);
    }
    Ok(ours)
}

/// What the acquirer says has moved.
pub(crate) async fn register(
    cab: &Cabinet,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Book> {
    let acquirer = &cab.ports().acquirer;
    if !acquirer.has_register() {
        return reread(cab, from, to).await;
    }
    let register = acquirer.movements(from, to).await;
    let register = register.map_err(|_| CabinetError::Unavailable("acquirer"))?;
    let moved = register.into_iter().filter(|row| row.succeeded);
    Ok(moved
        .map(|row| match row.kind {
            MovementKind::Payment => (row.id, row.amount),
            MovementKind::Payout | MovementKind::Refund => (row.id, Kopecks::ZERO - row.amount),
        })
        .collect())
}

/// Without a register everything of ours that moved, or that may have moved, is read at the
/// acquirer one by one. Nothing is made there but by us, so nothing else can be there.
async fn reread(cab: &Cabinet, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Book> {
    let (db, acquirer) = (cab.db().read(), &cab.ports().acquirer);
    let mut theirs = Book::new();
    let payments = payment::Entity::find()
        .filter(payment::Column::RemoteId.is_not_null())
        .filter(within(
            payment::Column::TakenAt,
            payment::Column::CreatedAt,
            from,
            to,
        ))
        .all(db)
        .await?;
    for row in payments {
        let remote = row.remote_id.unwrap_or_default();
        let read = acquirer.payment(&remote).await;
        if let Some(found) = known(read)?
            && matches!(found.status, RemoteStatus::Succeeded { .. })
        {
            theirs.insert(remote, found.amount);
        }
    }
    let payouts = payout::Entity::find()
        .filter(payout::Column::RemoteId.is_not_null())
        .filter(within(
            payout::Column::SucceededAt,
            payout::Column::CreatedAt,
            from,
            to,
        ))
        .all(db)
        .await?;
    for row in payouts {
        let remote = row.remote_id.unwrap_or_default();
        let read = acquirer.payout(&remote).await;
        if let Some(found) = known(read)?
            && matches!(found.status, RemoteStatus::Succeeded { .. })
        {
            theirs.insert(remote, Kopecks::ZERO - Kopecks::new(row.amount));
        }
    }
    let refunds = operation::Entity::find()
        .filter(operation::Column::Kind.eq(OperationKind::Refund))
        .filter(operation::Column::At.gte(ms(from)))
        .filter(operation::Column::At.lt(ms(to)))
        .all(db)
        .await?;
    for row in refunds {
        let read = acquirer.refund(&row.reference).await;
        if let Some(found) = known(read)?
            && matches!(found.status, RemoteStatus::Succeeded { .. })
        {
            theirs.insert(row.reference, Kopecks::ZERO - Kopecks::new(row.amount));
        }
    }
    Ok(theirs)
}

/// Finished in the span, or made in it and not finished here: it may be finished there.
fn within<C: ColumnTrait>(
    finished: C,
    made: C,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> sea_orm::Condition {
    let inside = |column: C| column.gte(ms(from)).and(column.lt(ms(to)));
    sea_orm::Condition::any()
        .add(inside(finished))
        .add(finished.is_null().and(inside(made)))
}

/// What is read, none of what is not there; no answer is no comparison.
fn known<T>(read: std::result::Result<T, AcquirerError>) -> Result<Option<T>> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(AcquirerError::Refused { .. }) => Ok(None),
        Err(AcquirerError::Unknown(_)) => Err(CabinetError::Unavailable("acquirer")),
    }
}
