//! How a history is read.

use futures::future::try_join_all;
use futures::try_join;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use super::super::OperationKind;
use super::super::entity::{loan, operation};
use super::super::stored::read;
use super::{History, apart, operations_of};
use crate::balance::entity::order;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId};
use crate::planted::{Sabotage, sabotaged};
use crate::{Cabinet, balance};

/// A borrower's own loan; somebody else's is not found.
pub(crate) async fn load(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
    id: LoanId,
) -> Result<History> {
    let (rest, values) = if sabotaged(Sabotage::NoOwner) {
        ("WHERE id = $1", vec![id.into()])
    } else {
        let owned = "WHERE id = $1 AND borrower = $2";
        (owned, vec![id.into(), borrower.into()])
    };
    let found = sql::model::<loan::Entity>(db, rest, values);
    let key = id.to_string();
    // The orders before anybody knows whether there is a balance: a page asks for everything at once.
    let (row, operations, orders) =
        try_join!(found, operations_of(db, &key), balance::orders_of(db, &key))?;
    made(cab, row.ok_or(CabinetError::NotFound)?, operations, orders)
}

/// A loan with its row locked until the transaction ends. SQLite has one writer, which is lock
/// enough.
pub(crate) async fn lock(tx: &Tx, cab: &Cabinet, id: LoanId) -> Result<History> {
    let mut found = loan::Entity::find_by_id(id.to_string());
    if !sabotaged(Sabotage::NoLock) {
        found = found.lock_exclusive();
    }
    let row = found.one(tx).await?.ok_or(CabinetError::NotFound)?;
    of(tx, cab, row).await
}

/// The history of a row already read.
pub(crate) async fn of(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    row: loan::Model,
) -> Result<History> {
    let all = operations_of(db, &row.id).await?;
    let orders = if on_balance(&all) {
        balance::orders_of(db, &row.id).await?
    } else {
        Vec::new()
    };
    made(cab, row, all, orders)
}

/// Whether anything was ever put on the balance.
fn on_balance(all: &[operation::Model]) -> bool {
    all.iter().any(|row| row.kind == OperationKind::TopUp)
}

fn made(
    cab: &Cabinet,
    row: loan::Model,
    all: Vec<operation::Model>,
    orders: Vec<order::Model>,
) -> Result<History> {
    let mut history = History {
        terms: read(&row.terms)?,
        row,
        operations: Vec::new(),
        balance: None,
        today: cab.today(),
    };
    if on_balance(&all) {
        let (stored, given) = apart(all, &orders);
        history.compute(given, stored, orders)?;
    } else {
        history.operations = all;
    }
    Ok(history)
}

/// Every loan that is not closed, whoever's.
pub(crate) async fn open(db: &impl ConnectionTrait, cab: &Cabinet) -> Result<Vec<History>> {
    let rows = loan::Entity::find()
        .filter(loan::Column::ClosedOn.is_null())
        .all(db)
        .await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        list.push(of(db, cab, row).await?);
    }
    Ok(list)
}

/// All loans of a borrower, the newest first.
pub(crate) async fn all(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Vec<History>> {
    let rows = loan::Entity::find()
        .filter(loan::Column::Borrower.eq(borrower.to_string()))
        .order_by_desc(loan::Column::CreatedAt)
        .all(db)
        .await?;
    try_join_all(rows.into_iter().map(|row| of(db, cab, row))).await
}
