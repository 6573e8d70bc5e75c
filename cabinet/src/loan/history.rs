//! A loan with what happened to it, ready for the arithmetic.

use chrono::NaiveDate;
use lending::{Event, Kopecks, LoanError, LoanState, Terms};
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect};

use super::OperationKind;
use super::entity::{loan, operation};
use super::stored::{count, date, read};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId};
use crate::planted::{Sabotage, sabotaged};

/// A loan's row, its frozen terms and its operations in the order of posting.
pub(crate) struct History {
    pub row: loan::Model,
    pub terms: Terms,
    pub operations: Vec<operation::Model>,
}

impl History {
    /// The events of the arithmetic, by date and then by order of posting.
    pub(crate) fn events(&self) -> Result<Vec<Event>> {
        let mut dated: Vec<(NaiveDate, i64, Event)> = Vec::new();
        for row in &self.operations {
            for event in events_of(row)? {
                dated.push((event.on(), row.seq, event));
            }
        }
        dated.sort_by_key(|(on, seq, _)| (*on, *seq));
        Ok(dated.into_iter().map(|(_, _, event)| event).collect())
    }

    /// The debt at the end of a day.
    pub(crate) fn state(&self, on: NaiveDate) -> Result<LoanState> {
        lending::state(&self.terms, &self.events()?, on).map_err(broken)
    }

    /// What has been sent back of the surplus.
    pub(crate) fn refunded(&self) -> Kopecks {
        self.operations
            .iter()
            .filter(|row| row.kind == OperationKind::Refund)
            .map(|row| Kopecks::new(row.amount))
            .sum()
    }

    /// The number of the next operation.
    pub(crate) fn next_seq(&self) -> i64 {
        self.operations
            .iter()
            .map(|row| row.seq)
            .max()
            .map_or(0, |last| last.saturating_add(1))
    }

    /// Whether an operation with this reference is posted already.
    pub(crate) fn posted(&self, reference: &str) -> bool {
        self.operations.iter().any(|row| row.reference == reference)
    }
}

/// An operation as events; money given and money sent back are none.
fn events_of(row: &operation::Model) -> Result<Vec<Event>> {
    let on = date(&row.on_date)?;
    Ok(match row.kind {
        OperationKind::Payment => money_events(row, on),
        OperationKind::Prolongation => vec![Event::Prolongation {
            on,
            days: count(row.days.unwrap_or_default())?,
        }],
        OperationKind::Disbursement | OperationKind::Refund => Vec::new(),
    })
}

/// A receipt's part for the debt, and its part for a service, which counts against the cap.
pub(crate) fn money_events(row: &operation::Model, on: NaiveDate) -> Vec<Event> {
    let fee = Kopecks::new(row.fee);
    let amount = Kopecks::new(row.amount).less(fee);
    let payment = Event::Payment { on, amount };
    let service = Event::Service { on, amount: fee };
    let paid = amount.is_positive().then_some(payment);
    let bought = fee.is_positive().then_some(service);
    paid.into_iter().chain(bought).collect()
}

/// A borrower's own loan; somebody else's is not found.
pub(crate) async fn load(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    id: LoanId,
) -> Result<History> {
    let mut found = loan::Entity::find_by_id(id.to_string());
    if !sabotaged(Sabotage::NoOwner) {
        found = found.filter(loan::Column::Borrower.eq(borrower.to_string()));
    }
    let row = found.one(db).await?.ok_or(CabinetError::NotFound)?;
    of(db, row).await
}

/// A loan with its row locked until the transaction ends. SQLite has one writer, which is lock
/// enough.
pub(crate) async fn lock(tx: &DatabaseTransaction, id: LoanId) -> Result<History> {
    let mut found = loan::Entity::find_by_id(id.to_string());
    if !sabotaged(Sabotage::NoLock) {
        found = found.lock_exclusive();
    }
    let row = found.one(tx).await?.ok_or(CabinetError::NotFound)?;
    of(tx, row).await
}

/// The history of a row already read.
pub(crate) async fn of(db: &impl ConnectionTrait, row: loan::Model) -> Result<History> {
    let operations = operation::Entity::find()
        .filter(operation::Column::Loan.eq(&row.id))
        .order_by_asc(operation::Column::Seq)
        .all(db)
        .await?;
    let terms = read(&row.terms)?;
    Ok(History {
        row,
        terms,
        operations,
    })
}

/// All loans of a borrower, the newest first.
pub(crate) async fn all(db: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Vec<History>> {
    let rows = loan::Entity::find()
        .filter(loan::Column::Borrower.eq(borrower.to_string()))
        .order_by_desc(loan::Column::CreatedAt)
        .all(db)
        .await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        list.push(of(db, row).await?);
    }
    Ok(list)
}

/// The stored loan does not compute: ours to repair.
pub(crate) fn broken(error: LoanError) -> CabinetError {
    CabinetError::internal(format!("loan: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(amount: i64, fee: i64) -> operation::Model {
        operation::Model {
            id: "1".to_owned(),
            loan: "2".to_owned(),
            seq: 1,
            kind: OperationKind::Payment,
            on_date: "2026-12-23".to_owned(),
            at: 0,
            amount,
            fee,
            days: None,
            parts: "[]".to_owned(),
            overpaid: 0,
            title: String::new(),
            reference: "r".to_owned(),
        }
    }

    /// The price of a service repays nothing and counts against the accrual cap.
    #[test]
    fn a_receipt_is_its_debt_and_its_service() {
        let on = NaiveDate::from_ymd_opt(2026, 12, 23).expect("a date");
        let payment = |amount| Event::Payment {
            on,
            amount: Kopecks::new(amount),
        };
        let service = |amount| Event::Service {
            on,
            amount: Kopecks::new(amount),
        };
        let events = |amount, fee| events_of(&receipt(amount, fee)).expect("events");
        assert_eq!(events(500, 0), [payment(500)]);
        assert_eq!(events(500, 200), [payment(300), service(200)]);
        assert_eq!(events(200, 200), [service(200)]);
    }
}
