//! Words about personal offers: that one is given, and that it ends soon.

use chrono::{Duration, NaiveDate};
use locales::Lang;
use sea_orm::QueryResult;

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::document::phrase;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::stored::{date, id};
use crate::notice::{self, Notice};

/// The end of an offer is told so many days ahead. One given for no longer said it when it was given.
const AHEAD_DAYS: i64 = 3;

/// Tells that an offer can be used from now on.
pub(super) async fn given(tx: &Tx, cab: &Cabinet, offer: &str) -> Result<()> {
    let statement =
        "SELECT id, borrower, title_ru, title_en, until FROM personal_offer WHERE id = $1";
    let row = sql::one(tx, statement, vec![offer.into()]).await?;
    let row = row.ok_or_else(|| CabinetError::internal("an offer vanished"))?;
    say(
        tx,
        cab,
        &row,
        "offer_given",
        cab.today() + Duration::days(AHEAD_DAYS),
    )
    .await
}

/// Tells of offers that end soon, once. Answers of how many.
pub(super) async fn ending(cab: &Cabinet) -> Result<usize> {
    let today = cab.today();
    let horizon = today + Duration::days(AHEAD_DAYS);
    let rows = sql::all(
        cab.db().read(),
        "SELECT id, borrower, title_ru, title_en, until, given_on FROM personal_offer offer \
         WHERE state = 'open' AND until >= $1 AND until <= $2 AND NOT EXISTS (SELECT 1 FROM notice \
         WHERE notice.object = offer.id AND notice.kind = 'offer_ending') ORDER BY id",
        vec![today.to_string().into(), horizon.to_string().into()],
    )
    .await?;
    let mut told = 0;
    for row in rows {
        let given = date(&sql::get::<String>(&row, "given_on")?)?;
        if (until(&row)? - given).num_days() <= AHEAD_DAYS {
            continue;
        }
        let cabinet = cab.clone();
        cab.db()
            .write(move |tx| {
                Box::pin(async move { say(tx, &cabinet, &row, "offer_ending", until(&row)?).await })
            })
            .await?;
        told += 1;
    }
    Ok(told)
}

fn until(row: &QueryResult) -> Result<NaiveDate> {
    date(&sql::get::<String>(row, "until")?)
}

/// Says it; of no use after a day that may not be later than the offer's last one.
async fn say(
    tx: &Tx,
    cab: &Cabinet,
    row: &QueryResult,
    kind: &'static str,
    not_after: NaiveDate,
) -> Result<()> {
    let borrower: BorrowerId = id(&sql::get::<String>(row, "borrower")?)?;
    let words = notice::words_of(tx, cab, borrower).await?;
    let title = match words.lang {
        Lang::Ru => "title_ru",
        Lang::En => "title_en",
    };
    let until = until(row)?;
    let told = Notice {
        borrower,
        object: sql::get(row, "id")?,
        kind,
        occasion: until.to_string(),
        args: vec![
            ("offer", sql::get(row, title)?),
            ("date", phrase::day(words, until)),
        ],
    };
    notice::tell_until(tx, cab, told, notice::end_of(cab, not_after.min(until))).await
}
