//! The acquirer's register against what we posted, movement by movement.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lending::Kopecks;
use sea_orm::entity::prelude::*;

use super::Reconciliation;
use crate::Cabinet;
use crate::error::{CabinetError, Result};
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::stored::ms;
use crate::ports::MovementKind;

/// Operations that move nothing at the acquirer.
const OURS_ALONE: [OperationKind; 2] = [OperationKind::Prolongation, OperationKind::Debit];

/// Compares everything that moved in `[from, to)`: taken counts up, given counts down. Our side are
/// the operations, each written with its journal entry in one transaction.
///
/// Errors: `Unavailable("acquirer")`.
pub async fn reconcile(
    cab: &Cabinet,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Reconciliation> {
    let register = cab.ports().acquirer.movements(from, to).await;
    let register = register.map_err(|_| CabinetError::Unavailable("acquirer"))?;
    let mut theirs: BTreeMap<String, Kopecks> = BTreeMap::new();
    for row in register.into_iter().filter(|row| row.succeeded) {
        let signed = match row.kind {
            MovementKind::Payment => row.amount,
            MovementKind::Payout | MovementKind::Refund => Kopecks::ZERO - row.amount,
        };
        theirs.insert(row.id, signed);
    }
    let rows = operation::Entity::find()
        .filter(operation::Column::At.gte(ms(from)))
        .filter(operation::Column::At.lt(ms(to)))
        .filter(operation::Column::Kind.is_not_in(OURS_ALONE))
        .all(cab.db().read())
        .await?;
    let mut ours: BTreeMap<String, Kopecks> = BTreeMap::new();
    for row in rows {
        let amount = Kopecks::new(row.amount);
        let signed = if matches!(row.kind, OperationKind::Payment | OperationKind::TopUp) {
            amount
        } else {
            Kopecks::ZERO - amount
        };
        ours.insert(row.reference, signed);
    }
    let sum = |side: &BTreeMap<String, Kopecks>| side.values().copied().sum::<Kopecks>();
    let (total_ours, total_theirs) = (sum(&ours), sum(&theirs));
    let mut missing: Vec<String> = theirs
        .iter()
        .filter(|(id, amount)| ours.get(*id) != Some(amount))
        .map(|(id, _)| id.clone())
        .collect();
    missing.extend(ours.keys().filter(|id| !theirs.contains_key(*id)).cloned());
    missing.sort_unstable();
    Ok(Reconciliation {
        ours: total_ours,
        theirs: total_theirs,
        difference: total_theirs - total_ours,
        missing,
    })
}
