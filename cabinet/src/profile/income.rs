//! An income that a paper proves: what a specialist wrote down of it, and until which day it counts.
//!
//! A word is a row that is only added: what was proved before stays to be read, and of the words about the sum the
//! newest counts. What is typed into the questionnaire proves nothing.

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use sea_orm::{ConnectionTrait, QueryResult};

use super::{check, complete, stored};
use crate::codes::codes;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, StaffId, UploadId};
use crate::loan::stored::{date, id};
use crate::{Cabinet, moment};

codes! {
    /// A paper that officially proves an income.
    IncomePaper {
        /// The employer's certificate of income and tax withheld (КНД 1175018).
        Certificate = "certificate",
        /// The extract of the Social Fund from the person's account.
        Fund = "fund",
        /// A certificate of a pension or another regular payment.
        Pension = "pension",
        /// A bank's statement with wages on it.
        Statement = "statement",
        /// A tax return that the tax service has accepted.
        TaxReturn = "tax_return",
        /// The certificate of a payer of the professional income tax (КНД 1122036).
        SelfEmployed = "self_employed",
    }
}

/// What was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncomeProof {
    /// A month, on the average.
    pub amount: Kopecks,
    /// By which paper.
    pub paper: IncomePaper,
    /// The last day on which it counts.
    pub until: NaiveDate,
    /// The picture of the paper.
    pub picture: UploadId,
}

/// What a specialist says of an income.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IncomeSaid {
    /// It is proved.
    Proved(IncomeProof),
    /// The pictures prove nothing; why, in words for the borrower. What was proved before still counts.
    Declined(String),
    /// What was proved counts no more; why, in words for the borrower.
    Withdrawn(String),
}

/// A word of a specialist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomeWord {
    /// What is said.
    pub said: IncomeSaid,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where the proof of an income stands, as its person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomeView {
    /// What counts today.
    pub holds: Option<IncomeProof>,
    /// A picture waits for a specialist.
    pub waits: bool,
    /// Why the last pictures proved nothing, or why what was proved counts no more; none once others wait.
    pub refused: Option<String>,
    /// The last day of what was proved and has run out.
    pub ran_out: Option<NaiveDate>,
}

/// Where the proof of a borrower's income stands.
pub async fn income(cab: &Cabinet, borrower: BorrowerId) -> Result<IncomeView> {
    let db = cab.db().read();
    let words = income_words(cab, db, borrower).await?;
    let waits = income_waits(db, borrower).await?.is_some();
    let holds = income_holding(&words, cab.today());
    let refused = match words.first().map(|word| &word.said) {
        Some(IncomeSaid::Declined(why) | IncomeSaid::Withdrawn(why)) if !waits => Some(why.clone()),
        _ => None,
    };
    let last = standing(&words).map(|proof| proof.until);
    Ok(IncomeView {
        ran_out: last.filter(|_| holds.is_none()),
        holds,
        waits,
        refused,
    })
}

/// Every word on a borrower's income, the newest first.
pub(crate) async fn income_words(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Vec<IncomeWord>> {
    let rows = sql::all(
        conn,
        "SELECT id, word, staff, picture, paper, amount, holds_until, why, at FROM income_word \
         WHERE borrower = $1 ORDER BY at DESC, id DESC",
        vec![borrower.into()],
    )
    .await?;
    rows.iter().map(|row| word(cab, row)).collect()
}

fn word(cab: &Cabinet, row: &QueryResult) -> Result<IncomeWord> {
    let text = |column: &str| sql::get::<String>(row, column);
    let why = || {
        cab.keys()
            .decrypt("income_word", "why", &text("id")?, &text("why")?)
    };
    let said = match text("word")?.as_str() {
        "proved" => IncomeSaid::Proved(IncomeProof {
            amount: Kopecks::new(sql::get(row, "amount")?),
            paper: IncomePaper::from_code(&text("paper")?)
                .ok_or_else(|| CabinetError::internal("an unknown paper of an income"))?,
            until: date(&text("holds_until")?)?,
            picture: id(&text("picture")?)?,
        }),
        "declined" => IncomeSaid::Declined(why()?),
        _ => IncomeSaid::Withdrawn(why()?),
    };
    Ok(IncomeWord {
        said,
        by: id(&text("staff")?)?,
        at: moment(sql::get(row, "at")?)?,
    })
}

/// The newest word about the sum, when it is a sum: pictures that proved nothing take nothing away.
fn standing(words: &[IncomeWord]) -> Option<IncomeProof> {
    let about = words
        .iter()
        .find(|word| !matches!(word.said, IncomeSaid::Declined(_)));
    match about?.said {
        IncomeSaid::Proved(proof) => Some(proof),
        IncomeSaid::Declined(_) | IncomeSaid::Withdrawn(_) => None,
    }
}

/// What counts on a day of the lender's clock; the last day is one of them.
pub(crate) fn income_holding(words: &[IncomeWord], on: NaiveDate) -> Option<IncomeProof> {
    standing(words).filter(|proof| on <= proof.until)
}

/// Pictures of an income that no specialist has seen, beside the table `upload`. Pictures of the chat are its lines.
pub(crate) const UNSEEN: &str = "upload.proves = 'income' AND upload.removed_at IS NULL \
    AND upload.borrower IS NOT NULL \
    AND upload.at > COALESCE((SELECT MAX(word.seen) FROM income_word word WHERE word.borrower = upload.borrower), 0) \
    AND upload.id NOT IN (SELECT line.upload FROM chat_line line WHERE line.upload IS NOT NULL)";

/// Since when a borrower's picture waits for a specialist.
pub(crate) async fn income_waits(
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Option<DateTime<Utc>>> {
    let statement = format!("SELECT MIN(at) AS since FROM upload WHERE borrower = $1 AND {UNSEEN}");
    let row = sql::one(conn, &statement, vec![borrower.into()]).await?;
    let since = row.map(|row| sql::get::<Option<i64>>(&row, "since"));
    since.transpose()?.flatten().map(moment).transpose()
}

/// What a borrower says of their income, and the region's code, as they stand in the questionnaire.
pub(crate) async fn income_said(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<(Kopecks, String)> {
    let values = stored::saved(cab, conn, borrower).await?.values;
    let said = values
        .get("income")
        .and_then(|text| check::money(text.trim()).ok());
    let region = complete::address(&values).map(|address| address.region);
    Ok((said.unwrap_or_default(), region.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a date")
    }

    fn said(said: IncomeSaid) -> IncomeWord {
        IncomeWord {
            said,
            by: uuid::Uuid::nil().into(),
            at: DateTime::UNIX_EPOCH,
        }
    }

    fn proved(roubles: i64, until: NaiveDate) -> IncomeWord {
        said(IncomeSaid::Proved(IncomeProof {
            amount: Kopecks::from_roubles(roubles),
            paper: IncomePaper::Certificate,
            until,
            picture: uuid::Uuid::nil().into(),
        }))
    }

    #[test]
    fn the_newest_sum_counts_through_its_last_day() {
        let words = [proved(90_000, day(20)), proved(50_000, day(30))];
        let sum = |on| income_holding(&words, on).map(|proof| proof.amount);
        assert_eq!(sum(day(20)), Some(Kopecks::from_roubles(90_000)));
        assert_eq!(sum(day(21)), None, "an older paper does not come back");
        assert_eq!(income_holding(&[], day(1)), None);
    }

    #[test]
    fn pictures_that_prove_nothing_take_nothing_away_and_a_word_taken_back_does() {
        let why = || "другой человек".to_owned();
        let declined = [said(IncomeSaid::Declined(why())), proved(50_000, day(30))];
        assert!(income_holding(&declined, day(1)).is_some());
        let withdrawn = [said(IncomeSaid::Withdrawn(why())), proved(50_000, day(30))];
        assert!(income_holding(&withdrawn, day(1)).is_none());
    }
}
