//! Reports over all loans: sums and counts, nobody's data.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use lending::{Kopecks, Pdn, rules};

use super::{Action, Staff};
use crate::Cabinet;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::loan::history;
use crate::loan::stored::{date, read};
use crate::reconcile::{self, DayReport};

/// Loans of one span of days late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// `0`, `1-30`, `31-60`, `61-90`, `91+`.
    pub code: &'static str,
    /// How many loans.
    pub loans: u32,
    /// Their principal.
    pub principal: Kopecks,
    /// What closes them today.
    pub debt: Kopecks,
}

/// The money of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub on: NaiveDate,
    /// Loans issued.
    pub loans: u32,
    /// Their sum.
    pub issued: Kopecks,
    /// What borrowers paid.
    pub repaid: Kopecks,
}

/// What was lent in a quarter at one span of debt burden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burden {
    /// `0-50`, `50-80`, `80+`: percent.
    pub code: &'static str,
    /// How many loans.
    pub loans: u32,
    /// Their sum.
    pub issued: Kopecks,
    /// Their share of all that was lent in the quarter, tenths of a percent.
    pub share_tenths: u32,
    /// The most the Bank of Russia allows, tenths of a percent; none without a limit.
    pub limit_tenths: Option<u32>,
}

/// A quarter with its shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarter {
    /// Its first day.
    pub from: NaiveDate,
    /// The shares.
    pub burdens: Vec<Burden>,
    /// The quarter whose limits stand beside them: the last published one.
    pub limits_of: Option<NaiveDate>,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Reports {
    /// Open loans by days late.
    pub portfolio: Vec<Bucket>,
    /// The last days, oldest first, each there.
    pub days: Vec<Day>,
    /// This quarter.
    pub quarter: Quarter,
}

const BUCKETS: [(&str, u32); 5] = [
    ("0", 0),
    ("1-30", 30),
    ("31-60", 60),
    ("61-90", 90),
    ("91+", u32::MAX),
];
/// Upper ends in tenths of a percent.
const BURDENS: [(&str, u32); 3] = [("0-50", 500), ("50-80", 800), ("80+", u32::MAX)];
/// Days of the table of money.
const DAYS: u64 = 30;

/// The reports as of today.
///
/// # Errors
/// `Forbidden("staff_role")`.
pub async fn reports(cab: &Cabinet, by: &Staff) -> Result<Reports> {
    by.must(Action::ReadReports)?;
    Ok(Reports {
        portfolio: portfolio(cab).await?,
        days: days(cab).await?,
        quarter: quarter(cab).await?,
    })
}

async fn portfolio(cab: &Cabinet) -> Result<Vec<Bucket>> {
    let today = cab.today();
    let mut buckets = BUCKETS.map(|(code, _)| Bucket {
        code,
        loans: 0,
        principal: Kopecks::ZERO,
        debt: Kopecks::ZERO,
    });
    for loan in history::open(cab.db().read(), cab).await? {
        let state = loan.state(today.max(loan.terms.schedule.start))?;
        // A date missed by interest or a penalty alone is late too.
        let late = state
            .late_since
            .map_or(0, |since| (today - since).num_days().max(1));
        let late = u32::try_from(late).unwrap_or(u32::MAX);
        let place = BUCKETS.iter().position(|(_, most)| late <= *most);
        if let Some(bucket) = place.and_then(|place| buckets.get_mut(place)) {
            bucket.loans += 1;
            bucket.principal += state.principal;
            bucket.debt += state.payoff;
        }
    }
    Ok(buckets.to_vec())
}

async fn days(cab: &Cabinet) -> Result<Vec<Day>> {
    let today = cab.today();
    let from = today - Days::new(DAYS - 1);
    let mut days: BTreeMap<NaiveDate, Day> = from
        .iter_days()
        .take_while(|on| *on <= today)
        .map(|on| {
            let day = Day {
                on,
                loans: 0,
                issued: Kopecks::ZERO,
                repaid: Kopecks::ZERO,
            };
            (on, day)
        })
        .collect();
    let rows = sql::all(
        cab.db().read(),
        "SELECT on_date, kind, COUNT(*) AS count, CAST(SUM(amount) AS BIGINT) AS sum FROM operation \
         WHERE on_date >= $1 AND kind IN ('disbursement', 'payment', 'top_up') GROUP BY on_date, kind",
        vec![from.to_string().into()],
    )
    .await?;
    for row in &rows {
        let on = date(&sql::get::<String>(row, "on_date")?)?;
        let Some(day) = days.get_mut(&on) else {
            continue;
        };
        let sum = Kopecks::new(sql::get(row, "sum")?);
        if sql::get::<String>(row, "kind")? == "disbursement" {
            let count: i64 = sql::get(row, "count")?;
            day.loans = u32::try_from(count).map_err(CabinetError::internal)?;
            day.issued = sum;
        } else {
            day.repaid += sum;
        }
    }
    Ok(days.into_values().collect())
}

fn quarter_of(on: NaiveDate) -> NaiveDate {
    let month = (on.month0() / 3) * 3 + 1;
    NaiveDate::from_ymd_opt(on.year(), month, 1).unwrap_or(on)
}

async fn quarter(cab: &Cabinet) -> Result<Quarter> {
    let from = quarter_of(cab.today());
    let rows = sql::all(
        cab.db().read(),
        "SELECT contract.amount AS amount, application.pdn AS pdn FROM loan \
         JOIN contract ON contract.id = loan.contract \
         JOIN application ON application.id = contract.application WHERE loan.opened_on >= $1",
        vec![from.to_string().into()],
    )
    .await?;
    let mut found = BURDENS.map(|(code, _)| (code, 0_u32, Kopecks::ZERO));
    for row in &rows {
        let pdn: Option<String> = sql::get(row, "pdn")?;
        let Some(pdn) = pdn.as_deref().map(read::<Pdn>).transpose()? else {
            continue;
        };
        let place = BURDENS
            .iter()
            .position(|(_, most)| pdn.percent_tenths <= *most);
        if let Some(burden) = place.and_then(|place| found.get_mut(place)) {
            burden.1 += 1;
            burden.2 += Kopecks::new(sql::get(row, "amount")?);
        }
    }
    let all: i64 = found.iter().map(|burden| burden.2.get()).sum();
    let limits = rules::burden_limits(from);
    let limits_of = limits.map(|(quarter, _)| quarter);
    let limits = limits.map(|(_, limits)| limits);
    let limits = [
        None,
        limits.map(|limits| limits.above_50),
        limits.map(|limits| limits.above_80),
    ];
    let burdens = found
        .into_iter()
        .zip(limits)
        .map(|((code, loans, issued), limit_tenths)| Burden {
            code,
            loans,
            issued,
            share_tenths: share(issued, all),
            limit_tenths,
        })
        .collect();
    Ok(Quarter {
        from,
        burdens,
        limits_of,
    })
}

/// Tenths of a percent, half-up; nothing of nothing is none.
fn share(part: Kopecks, all: i64) -> u32 {
    if all == 0 {
        return 0;
    }
    let tenths = (i128::from(part.get()) * 2_000 / i128::from(all) + 1) / 2;
    u32::try_from(tenths).unwrap_or(1_000)
}

/// One day's money against the acquirer, the bank's statement and the registers.
///
/// # Errors
/// `Forbidden("staff_role")`, `Unavailable("acquirer")`.
pub async fn reconciled(cab: &Cabinet, by: &Staff, on: NaiveDate) -> Result<DayReport> {
    by.must(Action::ReadReports)?;
    reconcile::day(cab, on).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_begin_on_their_first_day_and_shares_are_rounded_to_a_tenth() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
        assert_eq!(quarter_of(day(11, 22)), day(10, 1));
        assert_eq!(quarter_of(day(3, 31)), day(1, 1));
        assert_eq!(share(Kopecks::new(1), 3), 333);
        assert_eq!(share(Kopecks::new(2), 3), 667);
        assert_eq!(share(Kopecks::ZERO, 0), 0);
    }
}
