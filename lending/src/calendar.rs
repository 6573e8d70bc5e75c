//! Days: the business date of a moment, months, years and the production calendar.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};
use holidays_ru::{Federal, Resolved};

/// The date on the wall of the lender's office. `offset_minutes` east of Greenwich: 180 is Moscow.
pub fn business_date(moment: DateTime<Utc>, offset_minutes: i32) -> NaiveDate {
    let local = moment.checked_add_signed(TimeDelta::minutes(i64::from(offset_minutes)));
    local.unwrap_or(moment).date_naive()
}

/// A production calendar: which days are off.
///
/// The days are those of the crate `holidays-ru`, which carries the Government's yearly decisions
/// (moved days off, working Saturdays) of every year that has one.
#[derive(Debug, Clone, Copy, Default)]
pub struct WorkCalendar(());

impl WorkCalendar {
    /// Russia, five working days a week.
    pub const fn russia() -> Self {
        Self(())
    }

    /// Whether nobody works on that day. A year without a decision yet follows the labour code
    /// alone (art. 112): weekends, holidays, and the next working day for a holiday that falls
    /// on a weekend outside January. Where the January weekends go is for the decision to say,
    /// so until then they go nowhere.
    pub fn is_day_off(&self, date: NaiveDate) -> bool {
        match holidays_ru::flags::<Federal, _>(date) {
            Some(Resolved::Fact(day)) => day.is_day_off(),
            Some(Resolved::Predict(day)) => {
                day.is_day_off() && !(day.is_transferred() && date.month() == 1)
            }
            None => matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The day itself when it is a working one, otherwise the first working day after it
    /// (art. 193 ГК).
    pub fn next_working_day(&self, date: NaiveDate) -> NaiveDate {
        let mut candidate = date;
        while self.is_day_off(candidate) {
            match candidate.succ_opt() {
                Some(next) => candidate = next,
                None => break,
            }
        }
        candidate
    }

    /// The `count`-th working day after the date; the date itself for zero.
    pub fn add_working_days(&self, date: NaiveDate, count: u32) -> NaiveDate {
        let mut candidate = date;
        for _ in 0..count {
            match candidate.succ_opt() {
                Some(next) => candidate = self.next_working_day(next),
                None => break,
            }
        }
        candidate
    }
}

/// Whether the year has 366 days.
pub(crate) fn is_leap(year: i32) -> bool {
    NaiveDate::from_ymd_opt(year, 2, 29).is_some()
}

/// So many days later; `None` beyond the calendar.
pub(crate) fn plus_days(date: NaiveDate, days: u32) -> Option<NaiveDate> {
    date.checked_add_days(Days::new(u64::from(days)))
}

/// The same day of month so many months later, or that month's last day.
pub(crate) fn plus_months(date: NaiveDate, months: u32) -> Option<NaiveDate> {
    date.checked_add_months(Months::new(months))
}

/// Days from one date to another; negative when `to` is earlier.
pub(crate) fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// Days from one date to another, zero when `to` is not later.
pub(crate) fn days_since(from: NaiveDate, to: NaiveDate) -> u32 {
    u32::try_from(days_between(from, to)).unwrap_or(0)
}

/// Days in `(from, to]` that fall into common years and into leap years.
pub(crate) fn days_by_year(from: NaiveDate, to: NaiveDate) -> (i64, i64) {
    let leap_days = |date: NaiveDate| {
        // Days of leap years up to and including the date, counted from year 1.
        let before = i64::from(date.year() - 1);
        let leap_years = before / 4 - before / 100 + before / 400;
        let now = if is_leap(date.year()) {
            i64::from(date.ordinal())
        } else {
            0
        };
        leap_years * 366 + now
    };
    let leap = leap_days(to) - leap_days(from);
    (days_between(from, to) - leap, leap)
}
