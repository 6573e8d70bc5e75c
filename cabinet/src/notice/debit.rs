//! A word before a card is debited by itself.

use chrono::{DateTime, Duration, Utc};
use lending::Kopecks;
use sea_orm::entity::prelude::*;

use super::entity::notice;
use super::send::{Notice, tell_until, words_of};
use crate::Cabinet;
use crate::db::Tx;
use crate::document::phrase;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId};

/// A debit that is going to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DebitAhead {
    /// Whose card.
    pub borrower: BorrowerId,
    /// For which loan.
    pub loan: LoanId,
    /// How much.
    pub amount: Kopecks,
    /// When; a text that could not go before is of no use.
    pub at: DateTime<Utc>,
}

/// Tells that a card will be debited, with the day and the hour by the lender's clock. Once for a loan and
/// a moment, however often it is called.
pub async fn debit_ahead(cab: &Cabinet, ahead: DebitAhead) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| Box::pin(async move { tell_of_debit(tx, &cabinet, ahead).await }))
        .await
}

/// The same, inside the transaction that found the debit out.
pub(crate) async fn tell_of_debit(tx: &Tx, cab: &Cabinet, ahead: DebitAhead) -> Result<()> {
    let offset = Duration::minutes(i64::from(cab.lender().clock_offset_minutes));
    let local = ahead.at + offset;
    let words = words_of(tx, cab, ahead.borrower).await?;
    let notice = Notice {
        borrower: ahead.borrower,
        object: ahead.loan.to_string(),
        kind: "debit",
        occasion: ahead.at.to_rfc3339(),
        args: vec![
            ("amount", ahead.amount.to_string()),
            ("date", phrase::day(words, local.date_naive())),
            ("time", local.format("%H:%M").to_string()),
        ],
    };
    tell_until(tx, cab, notice, ahead.at).await
}

/// The moments of a loan's debits that were told of.
pub(crate) async fn told_of_debits(
    db: &impl ConnectionTrait,
    loan: &str,
) -> Result<Vec<DateTime<Utc>>> {
    let rows = notice::Entity::find()
        .filter(notice::Column::Object.eq(loan))
        .filter(notice::Column::Kind.eq("debit"))
        .all(db)
        .await?;
    let moment = |row: notice::Model| {
        let at = DateTime::parse_from_rfc3339(&row.occasion);
        at.map(|at| at.to_utc()).map_err(CabinetError::internal)
    };
    rows.into_iter().map(moment).collect()
}
