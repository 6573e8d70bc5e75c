//! The list in the cabinet: what was told, and what of it was read.

use chrono::{DateTime, Utc};

use super::kinds::{Event, event_of};
use sea_orm::ConnectionTrait;

use crate::db::sql;
use crate::error::Result;
use crate::ids::{BorrowerId, LoanId};
use crate::loan::stored::id;
use crate::{Cabinet, moment};

/// As many of the newest are shown.
const SHOWN: i64 = 60;

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub event: Event,
    /// The words, in the language of that day.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether its reader has said so.
    pub read: bool,
    /// The loan it is about.
    pub loan: Option<LoanId>,
}

/// What a borrower was told in the cabinet, the newest first.
pub async fn list(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Told>> {
    let statement = "SELECT notice.id, notice.kind, notice.body, notice.at, notice.read_at, \
                     loan.id AS loan FROM notice LEFT JOIN loan ON loan.id = notice.object \
                     WHERE notice.borrower = $1 AND notice.channel = 'inapp' \
                     ORDER BY notice.at DESC, notice.id DESC LIMIT $2";
    let rows = sql::all(
        cab.db().read(),
        statement,
        vec![borrower.into(), SHOWN.into()],
    )
    .await?;
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let name: String = sql::get(&row, "id")?;
        let sealed: Option<String> = sql::get(&row, "body")?;
        let text = cab
            .keys()
            .decrypt("notice", "body", &name, &sealed.unwrap_or_default())?;
        let loan: Option<String> = sql::get(&row, "loan")?;
        told.push(Told {
            event: event_of(&sql::get::<String>(&row, "kind")?),
            text,
            at: moment(sql::get(&row, "at")?)?,
            read: sql::get::<Option<i64>>(&row, "read_at")?.is_some(),
            loan: loan.as_deref().map(id).transpose()?,
        });
    }
    Ok(told)
}

/// How many lines wait to be read.
pub async fn unread(cab: &Cabinet, borrower: BorrowerId) -> Result<i64> {
    unread_in(cab.db().read(), borrower).await
}

/// The same among what is read at once.
pub(crate) async fn unread_in(db: &impl ConnectionTrait, borrower: BorrowerId) -> Result<i64> {
    let statement = "SELECT COUNT(*) AS lines FROM notice WHERE borrower = $1 \
                     AND channel = 'inapp' AND read_at IS NULL";
    let row = sql::one(db, statement, vec![borrower.into()]).await?;
    row.map_or(Ok(0), |row| sql::get(&row, "lines"))
}

/// Everything up to a moment has been read: what came after the page was shown has not.
pub async fn read(cab: &Cabinet, borrower: BorrowerId, upto: DateTime<Utc>) -> Result<()> {
    let (now, upto) = (cab.now_ms(), upto.timestamp_millis());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "UPDATE notice SET read_at = $1 WHERE borrower = $2 \
                                 AND channel = 'inapp' AND read_at IS NULL AND at <= $3";
                let values = vec![now.into(), borrower.into(), upto.into()];
                sql::execute(tx, statement, values).await.map(drop)
            })
        })
        .await
}
