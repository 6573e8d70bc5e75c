//! On which day a permission debits.

use chrono::{DateTime, Datelike as _, Days, Duration, NaiveDate, NaiveTime, Timelike as _, Utc};

use super::entity::mandate;
use crate::Cabinet;
use crate::error::Result;
use crate::loan::history::History;
use crate::loan::stored::moment as at;

/// The day of the debit for a payment date: so many days before it, or the chosen day of the month
/// that comes last before it. A chosen day that was over when the permission was given, or belongs
/// to an earlier payment, gives way to the date itself.
///
/// Where a payment repays at once, only what ends the loan is debited ahead: interest of the days
/// until an earlier date would be left to pay on it.
pub(super) fn of(
    cab: &Cabinet,
    history: &History,
    row: &mandate::Model,
    due_on: NaiveDate,
    last: NaiveDate,
) -> Result<NaiveDate> {
    if !waits(cab, history) && due_on < last {
        return Ok(due_on);
    }
    let Some(chosen) = row.month_day else {
        let before = Days::new(u64::try_from(row.days_before).unwrap_or_default());
        return Ok(due_on.checked_sub_days(before).unwrap_or(due_on));
    };
    let Some(day) = last_before(due_on, chosen) else {
        return Ok(due_on);
    };
    let state = history.state(cab.today().max(history.terms.schedule.start))?;
    let earlier = state.schedule.iter().map(|line| line.instalment.due);
    let earlier = earlier.filter(|date| *date < due_on).max();
    let after = earlier.unwrap_or(history.terms.schedule.start);
    let agreed = local(cab, at(row.agreed_at)).date_naive();
    Ok(if day > after && day >= agreed {
        day
    } else {
        due_on
    })
}

/// Whether money paid waits on a balance for its date.
pub(super) fn waits(cab: &Cabinet, history: &History) -> bool {
    cab.lender().payment.by_balance() || history.on_balance()
}

/// The last day of that number not after the date; in a shorter month its last day.
fn last_before(date: NaiveDate, number: i64) -> Option<NaiveDate> {
    let number = u32::try_from(number).ok()?;
    let this = in_month(date, number)?;
    if this <= date {
        return Some(this);
    }
    in_month(date.with_day(1)?.pred_opt()?, number)
}

/// The day of that number in the month of the date.
fn in_month(date: NaiveDate, number: u32) -> Option<NaiveDate> {
    (28..=31)
        .rev()
        .chain([number])
        .filter(|day| *day <= number.max(1))
        .find_map(|day| date.with_day(day))
}

/// An hour of a business day as a moment.
pub(super) fn moment(cab: &Cabinet, day: NaiveDate, hour: i64) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    midnight - offset(cab) + Duration::hours(hour)
}

/// The next full hour of the business clock; in a day's last hour that hour's beginning, for the next one is another day.
pub(super) fn next_hour(cab: &Cabinet) -> DateTime<Utc> {
    let now = local(cab, cab.now());
    moment(cab, now.date_naive(), i64::from(now.hour() + 1).min(23))
}

/// The business date of a moment.
pub(super) fn date_of(cab: &Cabinet, at: DateTime<Utc>) -> NaiveDate {
    local(cab, at).date_naive()
}

fn local(cab: &Cabinet, at: DateTime<Utc>) -> DateTime<Utc> {
    at + offset(cab)
}

fn offset(cab: &Cabinet) -> Duration {
    Duration::minutes(i64::from(cab.lender().clock_offset_minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_the_month_is_met_in_every_month() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (date, number, met) in [
            ("2026-12-25", 20, "2026-12-20"),
            ("2026-12-25", 25, "2026-12-25"),
            ("2026-12-15", 20, "2026-11-20"),
            ("2027-01-10", 31, "2026-12-31"),
            ("2027-02-28", 31, "2027-02-28"),
            ("2028-03-01", 30, "2028-02-29"),
            ("2027-03-01", 1, "2027-03-01"),
        ] {
            assert_eq!(last_before(day(date), number), Some(day(met)), "{date}");
        }
    }
}
