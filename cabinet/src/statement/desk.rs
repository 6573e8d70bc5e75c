//! Money that nobody could match: the queue in which people find whose it is.

use sea_orm::QueryResult;
use sea_orm::entity::prelude::*;

use super::store::{Fate, entry_of, post, source_of};
use super::{Leave, Waiting};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::loan::entity::loan;
use crate::loan::stored::{date, id, moment};
use crate::staff::audit::{self, Deed};
use crate::staff::{self, Action, Staff};

/// Money that waits longer than this is late.
const LATE_HOURS: i64 = 24;

/// Lines that wait for a person, the oldest first. `by` is the member of staff who looks; none at
/// the console of the server.
///
/// Errors: `Forbidden("staff_role")`.
pub async fn unmatched(cab: &Cabinet, by: Option<&Staff>) -> Result<Vec<Waiting>> {
    if let Some(by) = by {
        by.must(Action::ReadMoney)?;
    }
    let rows = sql::all(
        cab.db().read(),
        "SELECT id, source, details, imported_at FROM bank_line WHERE status = 'unmatched' \
         ORDER BY on_date, id",
        vec![],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let since = moment(sql::get(row, "imported_at")?);
            Ok(Waiting {
                id: sql::get(row, "id")?,
                source: source_of(row)?,
                entry: entry_of(cab, row)?,
                since,
                late: (cab.now() - since).num_hours() >= LATE_HOURS,
            })
        })
        .collect()
}

/// Posts a waiting line to the loan of a number: a person has found whose it is. The audit log has
/// who did it.
///
/// Errors: `Forbidden("staff_role")`; field `number` (no such loan, or one given after the money
/// came); `NotFound` (no such line); `Conflict("line_decided")`.
pub async fn assign(cab: &Cabinet, by: Option<&Staff>, line: &str, number: &str) -> Result<()> {
    if let Some(by) = by {
        by.must(Action::MoveMoney)?;
    }
    let (line, number) = (line.to_owned(), number.trim().to_owned());
    let (cabinet, by) = (cab.clone(), by.cloned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (row, key) = waiting(tx, &line).await?;
                let entry = entry_of(&cabinet, &row)?;
                let loan = loan::Entity::find()
                    .filter(loan::Column::Number.eq(&number))
                    .one(tx)
                    .await?
                    .ok_or(CabinetError::field("number", "money_no_loan"))?;
                if entry.on < date(&loan.opened_on)? {
                    return Err(CabinetError::field("number", "money_before_loan"));
                }
                post(tx, &cabinet, source_of(&row)?, &entry, &key, &loan).await?;
                let deed = Deed::named("assign_money", &line).about(id(&loan.borrower)?);
                let why = format!("{number}, {}", entry.amount.plain());
                audit::write(tx, &cabinet, by.as_ref(), deed.because(&why)).await
            })
        })
        .await
}

/// Takes a waiting line off the list, with the reason, which the audit log keeps: it is not about a
/// loan, or the bank sends it back.
///
/// Errors: `Forbidden("staff_role")`; field `reason`; `NotFound`; `Conflict("line_decided")`.
pub async fn dismiss(
    cab: &Cabinet,
    by: Option<&Staff>,
    line: &str,
    how: Leave,
    reason: &str,
) -> Result<()> {
    if let Some(by) = by {
        by.must(Action::MoveMoney)?;
    }
    let reason = staff::reason("reason", reason)?;
    let (line, cabinet, by) = (line.to_owned(), cab.clone(), by.cloned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (row, _) = waiting(tx, &line).await?;
                let fate = match how {
                    Leave::NotOurs => Fate::Dismissed,
                    Leave::Return => Fate::Returned,
                };
                let sql = "UPDATE bank_line SET status = $1 WHERE id = $2";
                let values = vec![fate.code().into(), line.clone().into()];
                sql::execute(tx, sql, values).await?;
                let sum = entry_of(&cabinet, &row)?.amount.plain();
                let why = format!("{}: {sum}, {reason}", fate.code());
                let deed = Deed::named("dismiss_money", &line).because(&why);
                audit::write(tx, &cabinet, by.as_ref(), deed).await
            })
        })
        .await
}

async fn waiting(tx: &Tx, line: &str) -> Result<(QueryResult, String)> {
    let text = format!(
        "SELECT id, source, details, fingerprint, status FROM bank_line WHERE id = $1{}",
        sql::for_update(tx)
    );
    let row = sql::one(tx, &text, vec![line.into()]).await?;
    let row = row.ok_or(CabinetError::NotFound)?;
    let status: String = sql::get(&row, "status")?;
    if status != Fate::Unmatched.code() {
        return Err(CabinetError::Conflict("line_decided"));
    }
    let key = sql::get(&row, "fingerprint")?;
    Ok((row, key))
}
