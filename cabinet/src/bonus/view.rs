//! What a borrower sees of their bonuses.

use lending::{Kopecks, Status};
use sea_orm::ConnectionTrait;

use super::book::{Kind, balance_on};
use super::spend::offer;
use super::{BonusView, EntryView, Spendable};
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::history;
use crate::loan::stored::date;
use crate::{Cabinet, moment};

/// The balance, what ends first, the history and what can be paid; nothing of a lender who gives no bonuses.
pub async fn view(cab: &Cabinet, borrower: BorrowerId) -> Result<BonusView> {
    if cab.lender().bonus.is_none() {
        return Err(CabinetError::NotFound);
    }
    let conn = cab.db().read();
    let balance = balance_on(conn, borrower, cab.today()).await?;
    let ends = sql::one(
        conn,
        "SELECT last_day, CAST(SUM(amount_left) AS BIGINT) AS ends FROM bonus_lot \
         WHERE borrower = $1 AND amount_left > 0 AND last_day >= $2 \
         GROUP BY last_day ORDER BY last_day LIMIT 1",
        vec![borrower.into(), cab.today().to_string().into()],
    )
    .await?;
    let ends = ends
        .map(|row| -> Result<_> {
            let day = date(&sql::get::<String>(&row, "last_day")?)?;
            Ok((day, Kopecks::new(sql::get(&row, "ends")?)))
        })
        .transpose()?;
    Ok(BonusView {
        balance,
        ends,
        entries: entries(conn, borrower).await?,
        loans: loans(cab, borrower, balance).await?,
    })
}

/// What closing the cabinet would cost: nothing of a lender without bonuses.
pub async fn at_stake(cab: &Cabinet, borrower: BorrowerId) -> Result<Kopecks> {
    balance_on(cab.db().read(), borrower, cab.today()).await
}

/// Everything that happened, the newest first, also of a lender who gives no bonuses any more.
pub async fn history(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<EntryView>> {
    entries(cab.db().read(), borrower).await
}

async fn entries(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Vec<EntryView>> {
    let rows = sql::all(
        conn,
        "SELECT entry.kind, entry.amount, entry.at, loan.number, lot.last_day \
         FROM bonus_entry entry LEFT JOIN loan ON loan.id = entry.loan \
         LEFT JOIN bonus_lot lot ON lot.entry = entry.id \
         WHERE entry.borrower = $1 ORDER BY entry.seq DESC",
        vec![borrower.into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let kind: String = sql::get(row, "kind")?;
            let day: Option<String> = sql::get(row, "last_day")?;
            Ok(EntryView {
                kind: Kind::from_code(&kind).ok_or_else(|| CabinetError::internal(kind))?,
                amount: Kopecks::new(sql::get(row, "amount")?),
                number: sql::get(row, "number")?,
                at: moment(sql::get(row, "at")?)?,
                last_day: day.as_deref().map(date).transpose()?,
            })
        })
        .collect()
}

async fn loans(cab: &Cabinet, borrower: BorrowerId, there: Kopecks) -> Result<Vec<Spendable>> {
    let conn = cab.db().read();
    let mut list = Vec::new();
    for history in history::all(conn, cab, borrower).await? {
        let state = history.state(cab.today().max(history.terms.schedule.start))?;
        if state.status != Status::Closed {
            list.push(offer(conn, cab, &history, &state, there).await?);
        }
    }
    Ok(list)
}
