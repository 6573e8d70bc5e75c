//! Offers that are behind: used, ended, taken back.

use chrono::NaiveDate;
use sea_orm::QueryResult;

use super::Source;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::lender::Text;
use crate::{Cabinet, moment};

/// What became of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A contract was signed with it.
    Used {
        /// The contract's number.
        contract: String,
    },
    /// Its last day passed.
    Date,
    /// A payment was late.
    Late,
    /// Another loan was taken without it.
    OtherLoan,
    /// The lender took it back.
    Withdrawn,
}

impl Fate {
    /// The stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Used { .. } => "used",
            Self::Date => "date",
            Self::Late => "late",
            Self::OtherLoan => "other_loan",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn of_end(why: &str) -> Result<Self> {
        match why {
            "date" => Ok(Self::Date),
            "late" => Ok(Self::Late),
            "other_loan" => Ok(Self::OtherLoan),
            "withdrawn" => Ok(Self::Withdrawn),
            other => Err(CabinetError::internal(format!("an offer ended by {other}"))),
        }
    }
}

/// An offer that can't be used any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastOffer {
    /// Its name on that day.
    pub title: Text,
    /// Where it came from.
    pub source: Source,
    /// What became of it.
    pub fate: Fate,
    /// When, by the business clock.
    pub on: NaiveDate,
}

/// What a borrower used and what ended, the newest first.
pub async fn past(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<PastOffer>> {
    let used = "SELECT used.source, used.title_ru, used.title_en, used.done_at AS at, contract.number \
                FROM offer_use used JOIN contract ON contract.application = used.application \
                WHERE used.borrower = $1 AND used.state = 'used' ORDER BY used.done_at, used.id";
    let ended = "SELECT given.title_ru, given.title_en, event.why, event.at FROM personal_offer given \
                 JOIN personal_offer_event event ON event.offer = given.id AND event.state = 'ended' \
                 WHERE given.borrower = $1 AND given.state = 'ended' AND EXISTS (SELECT 1 \
                 FROM personal_offer_event shown WHERE shown.offer = given.id AND shown.state = 'open') \
                 ORDER BY event.at, given.id";
    let conn = cab.db().read();
    let mut all = Vec::new();
    for row in sql::all(conn, used, vec![borrower.into()]).await? {
        let source: String = sql::get(&row, "source")?;
        let contract = sql::get(&row, "number")?;
        let source = match source.as_str() {
            "personal" => Source::Personal,
            "status" => Source::Status,
            _ => Source::Promotion,
        };
        all.push(one(cab, &row, source, Fate::Used { contract })?);
    }
    for row in sql::all(conn, ended, vec![borrower.into()]).await? {
        let fate = Fate::of_end(&sql::get::<String>(&row, "why")?)?;
        all.push(one(cab, &row, Source::Personal, fate)?);
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(all.into_iter().map(|(_, past)| past).collect())
}

fn one(cab: &Cabinet, row: &QueryResult, source: Source, fate: Fate) -> Result<(i64, PastOffer)> {
    let at: i64 = sql::get(row, "at")?;
    let past = PastOffer {
        title: Text {
            ru: sql::get(row, "title_ru")?,
            en: sql::get(row, "title_en")?,
        },
        source,
        fate,
        on: cab.business_date(moment(at)?),
    };
    Ok((at, past))
}
