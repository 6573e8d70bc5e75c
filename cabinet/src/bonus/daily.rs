//! The daily sweep: bonuses whose last day is over go, those that end soon are announced. Run as often as liked.

use chrono::Duration;
use lending::Kopecks;

use super::book;
use crate::db::{Tx, sql};
use crate::document::phrase;
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::loan::stored::{date, id};
use crate::notice::{self, Notice};
use crate::{Cabinet, payout};

/// Tells whose bonuses end within the lender's days, once for a last day, and takes those that have ended. Answers how
/// many borrowers it was about.
pub async fn daily(cab: &Cabinet) -> Result<usize> {
    // A friend's reward asks who else has the same account.
    payout::note_purses(cab).await?;
    let days = cab.lender().bonus.as_ref();
    let days = days.map_or(0, |bonus| i64::from(bonus.notice_days));
    let horizon = cab.today() + Duration::days(days);
    let rows = sql::all(
        cab.db().read(),
        "SELECT DISTINCT borrower FROM bonus_lot WHERE amount_left > 0 \
         AND (last_day < $1 OR (last_day <= $2 AND told_at IS NULL))",
        vec![cab.today().to_string().into(), horizon.to_string().into()],
    )
    .await?;
    for row in &rows {
        let borrower: BorrowerId = id(&sql::get::<String>(row, "borrower")?)?;
        let cabinet = cab.clone();
        cab.db()
            .write(move |tx| {
                Box::pin(async move {
                    book::expire(tx, &cabinet, borrower).await?;
                    announce(tx, &cabinet, borrower, &horizon.to_string()).await
                })
            })
            .await?;
    }
    Ok(rows.len())
}

/// One word for each last day that comes near.
async fn announce(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, horizon: &str) -> Result<()> {
    let near = sql::all(
        tx,
        "SELECT last_day, CAST(SUM(amount_left) AS BIGINT) AS ends FROM bonus_lot \
         WHERE borrower = $1 AND amount_left > 0 AND last_day <= $2 AND told_at IS NULL \
         GROUP BY last_day ORDER BY last_day",
        vec![borrower.into(), horizon.into()],
    )
    .await?;
    let words = notice::words_of(tx, cab, borrower).await?;
    for row in near {
        let day: String = sql::get(&row, "last_day")?;
        let ends = Kopecks::new(sql::get(&row, "ends")?);
        let told = Notice {
            borrower,
            object: borrower.to_string(),
            kind: "bonus_ending",
            occasion: day.clone(),
            args: vec![
                ("amount", ends.to_string()),
                ("date", phrase::day(words, date(&day)?)),
            ],
        };
        notice::tell(tx, cab, told).await?;
        let statement = "UPDATE bonus_lot SET told_at = $1 WHERE borrower = $2 AND last_day = $3";
        let values = vec![cab.now_ms().into(), borrower.into(), day.into()];
        sql::execute(tx, statement, values).await?;
    }
    Ok(())
}
