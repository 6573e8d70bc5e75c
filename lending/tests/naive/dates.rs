//! When payments are due: the terms' own dates, and moved off days off.

use chrono::{Datelike, Days, NaiveDate};
use lending::WorkCalendar;

use super::story::{Kind, Loan};

/// Payment dates as the terms name them.
pub(super) fn nominal_dates(loan: &Loan) -> Vec<NaiveDate> {
    match loan.kind {
        Kind::Bullet { days } | Kind::Special { days } => {
            vec![loan.issued + Days::new(u64::from(days))]
        }
        Kind::EveryNDays { payments, days } => (1..=payments)
            .map(|number| loan.issued + Days::new(u64::from(number * days)))
            .collect(),
        Kind::Monthly { months } => (1..=months)
            .map(|number| same_day_of_month(loan.issued, number))
            .collect(),
    }
}

/// The day of month of the issue, or the month's last day where there is none.
fn same_day_of_month(issued: NaiveDate, months: u32) -> NaiveDate {
    let index = issued.month0() + months;
    let (years, month) = (i32::try_from(index / 12).unwrap(), index % 12 + 1);
    let day = |day| NaiveDate::from_ymd_opt(issued.year() + years, month, day);
    (1..=issued.day()).rev().find_map(day).unwrap()
}

/// Dates off days off, where the contract moves them; never two on one day.
pub(super) fn moved_dates(loan: &Loan, nominal: &[NaiveDate]) -> Vec<NaiveDate> {
    let mut dates: Vec<NaiveDate> = Vec::new();
    for date in nominal {
        let mut date = *date;
        if loan.shift {
            let earliest = dates.last().copied().unwrap_or(loan.issued) + Days::new(1);
            date = working_day(date.max(earliest));
        }
        dates.push(date);
    }
    dates
}

pub(super) fn working_day(mut date: NaiveDate) -> NaiveDate {
    while WorkCalendar::russia().is_day_off(date) {
        date = date + Days::new(1);
    }
    date
}
