//! The dates and figures of the regulation's table of switches, typed in again.

use chrono::NaiveDate;

/// First days of the rows a loan's arithmetic depends on.
pub const SWITCHES: [NaiveDate; 6] = [
    day(2019, 1, 28),
    day(2019, 7, 1),
    day(2020, 1, 1),
    day(2023, 7, 1),
    day(2024, 7, 1),
    day(2026, 4, 1),
];

pub const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Millionths of the principal a day.
pub fn highest_daily_rate(contract: NaiveDate) -> Option<u32> {
    if contract >= day(2023, 7, 1) {
        Some(8_000)
    } else if contract >= day(2019, 7, 1) {
        Some(10_000)
    } else if contract >= day(2019, 1, 28) {
        Some(15_000)
    } else {
        None
    }
}

/// The most that may accrue, percent of the amount.
pub fn cap_percent(contract: NaiveDate) -> Option<i64> {
    if contract >= day(2026, 4, 1) {
        Some(100)
    } else if contract >= day(2023, 7, 1) {
        Some(130)
    } else if contract >= day(2020, 1, 1) {
        Some(150)
    } else if contract >= day(2019, 7, 1) {
        Some(200)
    } else if contract >= day(2019, 1, 28) {
        Some(250)
    } else {
        None
    }
}

/// Thousandths of a percent a year: a daily rate of 1 %, later 0.8 %.
pub fn highest_full_cost(contract: NaiveDate) -> Option<u64> {
    if contract >= day(2023, 7, 1) {
        Some(292_000)
    } else if contract >= day(2019, 7, 1) {
        Some(365_000)
    } else {
        None
    }
}

/// The special product: at most 15 days and 10 000 roubles; the fixed payment in percent.
pub fn special_percent(contract: NaiveDate) -> Option<i64> {
    if contract >= day(2023, 7, 1) {
        Some(15)
    } else if contract >= day(2019, 1, 28) {
        Some(30)
    } else {
        None
    }
}

/// Whether a penalty waits for interest and principal.
pub fn penalty_is_last(payment: NaiveDate) -> bool {
    payment >= day(2024, 7, 1)
}

/// Prolongations of loans up to 30 days in 365 days, those of more than two days.
pub fn most_prolongations(on: NaiveDate) -> usize {
    if on >= day(2019, 1, 1) { 5 } else { usize::MAX }
}
