//! Checks of a person's papers that need no outside source.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::calendar::plus_days;

/// What is wrong with a passport's dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum PassportProblem {
    /// Issued before the holder's fourteenth birthday.
    #[error("issued before the age of 14")]
    TooEarly,
    /// Issued after the day of the check.
    #[error("issued in the future")]
    Future,
    /// Should have been replaced at 20 or 45 and the 90 days for it are over.
    #[error("no longer valid since {since}")]
    Expired {
        /// The first day it was not valid.
        since: NaiveDate,
    },
}

/// Whether a passport of the Russian Federation is still valid on a date: it is given from 14,
/// must be replaced at 20 and at 45, and stays valid for 90 days after those birthdays
/// (Government decision 2267 of 2023-12-23).
pub fn passport_valid(
    birth: NaiveDate,
    issued: NaiveDate,
    on: NaiveDate,
) -> Result<(), PassportProblem> {
    if issued < birthday(birth, 14) {
        return Err(PassportProblem::TooEarly);
    }
    if issued > on {
        return Err(PassportProblem::Future);
    }
    for years in [20, 45] {
        let replace_from = birthday(birth, years);
        let since = plus_days(replace_from, GRACE_DAYS + 1).unwrap_or(NaiveDate::MAX);
        if issued < replace_from && on >= since {
            return Err(PassportProblem::Expired { since });
        }
    }
    Ok(())
}

/// Days a passport stays valid after the birthday on which it must be replaced.
const GRACE_DAYS: u32 = 90;

/// The birthday of an age; 1 March of a common year for somebody born on 29 February.
fn birthday(birth: NaiveDate, years: i32) -> NaiveDate {
    let year = birth.year() + years;
    let same_day = NaiveDate::from_ymd_opt(year, birth.month(), birth.day());
    same_day
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// The eighteenth birthday: the first day a contract may be signed alone (art. 21 ГК).
pub(crate) fn coming_of_age(birth: NaiveDate) -> NaiveDate {
    birthday(birth, 18)
}

/// Whether twelve digits are a person's taxpayer number: both check digits hold
/// (order of the tax service ЕД-7-14/559).
pub fn inn_valid(text: &str) -> bool {
    let digits: Vec<u32> = text
        .chars()
        .filter_map(|symbol| symbol.to_digit(10))
        .collect();
    // The first two digits are a region, and there is no region 00.
    if digits.len() != 12 || text.chars().count() != 12 || digits[..2] == [0, 0] {
        return false;
    }
    let check = |weights: &[u32]| {
        let sum: u32 = weights
            .iter()
            .zip(&digits)
            .map(|(weight, digit)| weight * digit)
            .sum();
        sum % 11 % 10
    };
    check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digits[10]
        && check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digits[11]
}

/// Full years on a date; a birth on 29 February is celebrated on 1 March of a common year. Zero
/// before the birth.
pub fn age(birth: NaiveDate, on: NaiveDate) -> u32 {
    let years = on.year() - birth.year();
    let had_birthday = birthday(birth, years) <= on;
    u32::try_from(if had_birthday { years } else { years - 1 }).unwrap_or(0)
}
