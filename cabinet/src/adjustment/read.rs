//! Reading adjustments: the queue, one of them with its loan, those of a person.

use lending::{Debt, Kopecks, LoanError, Rate};
use sea_orm::{ConnectionTrait, QueryResult};

use super::carry::{effect, today};
use super::{Adjustment, Cause, Change, Kind, Outcome, Seen};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{AdjustmentId, BorrowerId};
use crate::loan::history;
use crate::staff::{Action, Staff};
use crate::{Cabinet, moment};

/// One that waits longer than this is late.
const LATE_HOURS: i64 = 24;

const SELECT: &str = "SELECT adjustment.*, loan.number FROM adjustment \
                      JOIN loan ON loan.id = adjustment.loan";

fn stored<T: std::str::FromStr>(row: &QueryResult, column: &str) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    let text: String = sql::get(row, column)?;
    text.parse()
        .map_err(|error: T::Err| CabinetError::internal(error.to_string()))
}

fn from_row(cab: &Cabinet, row: &QueryResult) -> Result<Adjustment> {
    let id: AdjustmentId = stored(row, "id")?;
    let text = |column: &str| sql::get::<String>(row, column);
    let opened = |column: &str| {
        cab.keys()
            .decrypt("adjustment", column, &id.to_string(), &text(column)?)
    };
    let sum = |column: &str| sql::get::<i64>(row, column).map(Kopecks::new);
    let change = match sql::get::<Option<i64>>(row, "rate")? {
        Some(rate) => Change::Rate(u32::try_from(rate).map_err(CabinetError::internal)?),
        None if sql::get::<i64>(row, "whole")? == 1 => Change::WholeDebt,
        None => Change::Debt(Debt {
            penalty: sum("penalty")?,
            interest: sum("interest")?,
            principal: sum("principal")?,
        }),
    };
    let outcome = sql::get::<Option<String>>(row, "outcome")?;
    let decided = match sql::get::<Option<i64>>(row, "decided_at")? {
        Some(at) => Some((stored(row, "decided_by")?, moment(at)?)),
        None => None,
    };
    let asked_at = moment(sql::get(row, "asked_at")?)?;
    let answer = text("answer")?;
    Ok(Adjustment {
        id,
        loan: stored(row, "loan")?,
        number: text("number")?,
        borrower: stored(row, "borrower")?,
        change,
        cause: Cause::from_code(&text("cause")?)
            .ok_or_else(|| CabinetError::internal("an unknown cause of an adjustment"))?,
        note: opened("note")?,
        evidence: opened("evidence")?,
        asked_by: stored(row, "asked_by")?,
        asked_at,
        decided,
        outcome: outcome.and_then(|code| Outcome::from_code(&code)),
        answer: if answer.is_empty() {
            answer
        } else {
            opened("answer")?
        },
        late: decided.is_none() && (cab.now() - asked_at).num_hours() >= LATE_HOURS,
    })
}

/// What waits for the second person, oldest first; of one kind or of both.
///
/// # Errors
/// `Forbidden("staff_role")`.
pub async fn waiting(cab: &Cabinet, by: &Staff, kind: Option<Kind>) -> Result<Vec<Adjustment>> {
    by.must(Action::ReadMoney)?;
    let select = format!("{SELECT} WHERE outcome IS NULL ORDER BY asked_at, adjustment.id");
    let rows = sql::all(cab.db().read(), &select, vec![]).await?;
    let all = rows.iter().map(|row| from_row(cab, row));
    let wanted = |one: &Result<Adjustment>| {
        one.as_ref().map_or(true, |one| {
            kind.is_none_or(|kind| one.change.kind() == kind)
        })
    };
    all.filter(wanted).collect()
}

/// One with its loan and with what agreeing would do today.
///
/// # Errors
/// `Forbidden("staff_role")`; `NotFound`.
pub async fn one(cab: &Cabinet, by: &Staff, id: AdjustmentId) -> Result<Seen> {
    by.must(Action::ReadMoney)?;
    let db = cab.db().read();
    let adjustment = found(db, cab, id, "").await?;
    let history = history::load(db, cab, adjustment.borrower, adjustment.loan).await?;
    let on = today(cab, &history)?;
    let effect = match adjustment.outcome {
        None => Some(effect(cab, &history, adjustment.change)?),
        Some(_) => None,
    };
    Ok(Seen {
        state: history.state(on)?,
        rate: running(&history, on)?,
        adjustment,
        effect,
    })
}

/// The highest rate that may still run.
fn running(history: &history::History, on: chrono::NaiveDate) -> Result<Option<Rate>> {
    match lending::running_rate_on(&history.terms, &history.events()?, on) {
        Ok(rate) => Ok(Some(rate)),
        Err(LoanError::Kind) => Ok(None),
        Err(error) => Err(history::broken(error)),
    }
}

async fn found(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    id: AdjustmentId,
    lock: &str,
) -> Result<Adjustment> {
    let select = format!("{SELECT} WHERE adjustment.id = $1{lock}");
    let row = sql::one(conn, &select, vec![id.into()]).await?;
    from_row(cab, &row.ok_or(CabinetError::NotFound)?)
}

/// One that waits, locked until the commit.
pub(super) async fn locked(tx: &Tx, cab: &Cabinet, id: AdjustmentId) -> Result<Adjustment> {
    let asked = found(tx, cab, id, sql::for_update(tx)).await?;
    if asked.outcome.is_some() {
        return Err(CabinetError::Conflict("adjustment_over"));
    }
    Ok(asked)
}

/// All of a person, oldest first.
pub(crate) async fn of_borrower(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Adjustment>> {
    let select =
        format!("{SELECT} WHERE adjustment.borrower = $1 ORDER BY asked_at, adjustment.id");
    let rows = sql::all(cab.db().read(), &select, vec![borrower.into()]).await?;
    rows.iter().map(|row| from_row(cab, row)).collect()
}
