//! When an answer is due: working days by the production calendar.

use chrono::NaiveDate;
use lending::WorkCalendar;

use super::Kind;

/// A substantive answer to a borrower (the Bank of Russia's basic standard).
const ANSWER_DAYS: u32 = 15;
/// More of them when documents have to be asked for; the borrower is told.
const LONGER_DAYS: u32 = 10;

/// The last day of an answer to what came on a day. Credit holidays have a shorter term of their own (353-ФЗ,
/// art. 6.1-2).
pub fn due(kind: Kind, on: NaiveDate) -> NaiveDate {
    let holidays = lending::rules::holiday_rule(on).map(|rule| rule.answer_working_days);
    let days = match kind {
        Kind::Holidays => holidays.unwrap_or(ANSWER_DAYS),
        _ => ANSWER_DAYS,
    };
    WorkCalendar::russia().add_working_days(on, days)
}

/// The last day of an answer to a request that came on a day.
pub fn of_request(on: NaiveDate) -> NaiveDate {
    WorkCalendar::russia().add_working_days(on, ANSWER_DAYS)
}

/// The same once ten working days were added.
pub fn longer(due: NaiveDate) -> NaiveDate {
    WorkCalendar::russia().add_working_days(due, LONGER_DAYS)
}

/// Working days from one day to another: negative once the day is over.
pub fn working_days_left(today: NaiveDate, due: NaiveDate) -> i64 {
    let calendar = WorkCalendar::russia();
    let between = |from: NaiveDate, to: NaiveDate| {
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        let working = days.filter(|day| !calendar.is_day_off(*day)).count();
        i64::try_from(working).unwrap_or(i64::MAX)
    };
    if today <= due {
        between(today, due)
    } else {
        -between(due, today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn fifteen_and_ten_working_days_leave_the_new_year_out() {
        // Monday; by the production calendar 31 December to 11 January are off.
        let first = due(Kind::Complaint, day("2026-12-21"));
        let calendar = WorkCalendar::russia();
        assert!(calendar.is_day_off(day("2027-01-08")));
        assert_eq!(working_days_left(day("2026-12-21"), first), 15);
        assert!(first > day("2027-01-15"), "{first}");
        assert_eq!(working_days_left(first, longer(first)), 10);
        // An ordinary November: three weeks.
        assert_eq!(due(Kind::Debt, day("2026-11-09")), day("2026-11-30"));
        assert_eq!(longer(day("2026-11-30")), day("2026-12-14"));
    }

    #[test]
    fn credit_holidays_are_answered_in_five() {
        assert_eq!(due(Kind::Holidays, day("2026-12-10")), day("2026-12-17"));
    }

    #[test]
    fn what_is_over_counts_backwards() {
        assert_eq!(working_days_left(day("2026-11-30"), day("2026-11-30")), 0);
        assert_eq!(working_days_left(day("2026-12-01"), day("2026-11-30")), -1);
        // A weekend is no delay of working days.
        assert_eq!(working_days_left(day("2026-11-29"), day("2026-11-27")), 0);
    }
}
