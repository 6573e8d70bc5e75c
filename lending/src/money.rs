//! Money in whole kopecks and rates in whole millionths: integers at rest and on the wire.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The space that never breaks a line: inside a printed amount, between groups and before ₽.
const NBSP: char = '\u{a0}';
/// A proper minus sign; a hyphen may break a line.
const MINUS: char = '\u{2212}';

/// An amount of money in kopecks (1/100 of a rouble); may be negative in a cash flow.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Kopecks(i64);

/// Why a typed amount is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum MoneyParseError {
    /// Nothing but spaces or a currency sign.
    #[error("the amount is empty")]
    Empty,
    /// A character which is not part of an amount.
    #[error("the amount is not a number")]
    NotANumber,
    /// Below zero.
    #[error("the amount is negative")]
    Negative,
    /// More than two digits after the separator.
    #[error("the amount has fractions of a kopeck")]
    TooPrecise,
    /// Above one trillion roubles: certainly a slip of the finger.
    #[error("the amount is too large")]
    TooLarge,
}

impl Kopecks {
    /// 0.00.
    pub const ZERO: Self = Self(0);

    /// From a number of kopecks.
    pub const fn new(kopecks: i64) -> Self {
        Self(kopecks)
    }

    /// From whole roubles.
    ///
    /// # Panics
    /// When the product leaves the 64-bit range.
    pub const fn from_roubles(roubles: i64) -> Self {
        Self(roubles * 100)
    }

    /// The number of kopecks.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, or `None` outside the 64-bit range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` outside the 64-bit range.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The difference, but never below zero.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        (self - other).max(Self::ZERO)
    }

    /// Whether it is exactly 0.00.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is more than 0.00.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Reads what people type: `1 234,5`, `1234.50`, `15 000 ₽`, with ordinary, no-break or thin
    /// spaces. At most two places, never negative.
    pub fn parse(text: &str) -> Result<Self, MoneyParseError> {
        let trimmed = text.trim();
        let body = ["₽", "руб.", "руб", "р."]
            .iter()
            .find_map(|sign| trimmed.strip_suffix(sign))
            .unwrap_or(trimmed);
        let digits: String = body.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.is_empty() {
            return Err(MoneyParseError::Empty);
        }
        if digits.starts_with(['-', MINUS]) {
            return Err(MoneyParseError::Negative);
        }
        let (whole, fraction) = digits.split_once([',', '.']).unwrap_or((&digits, "00"));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(MoneyParseError::NotANumber);
        }
        if fraction.len() > 2 {
            return Err(MoneyParseError::TooPrecise);
        }
        if whole.trim_start_matches('0').len() > 12 {
            return Err(MoneyParseError::TooLarge);
        }
        let number = format!("{whole}{fraction:0<2}");
        number
            .parse()
            .map(Self)
            .map_err(|_| MoneyParseError::TooLarge)
    }

    /// `1234.50`, `-0.05`: the form for the wire and for machines.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
    }

    /// Whole roubles for people: `17 160` with no-break spaces, a true minus sign in front.
    pub fn roubles_part(self) -> String {
        let sign = if self.0 < 0 {
            String::from(MINUS)
        } else {
            String::new()
        };
        sign + &grouped(self.0.unsigned_abs() / 100)
    }

    /// The two digits after the comma.
    pub fn kopecks_part(self) -> String {
        format!("{:02}", self.0.unsigned_abs() % 100)
    }
}

/// Digits in groups of three, joined by no-break spaces.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(NBSP);
        }
        text.push(digit);
    }
    text
}

impl fmt::Display for Kopecks {
    /// `17 160,00 ₽`, with no-break spaces throughout.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}{NBSP}₽", self.roubles_part(), self.kopecks_part())
    }
}

// Amounts are bounded by a licence (at most a million roubles a borrower), so leaving the 64-bit
// range means corrupted data: stopping is better than a wrong debt.
impl Add for Kopecks {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        match self.checked_add(other) {
            Some(sum) => sum,
            None => panic!("money overflow: {} + {} kopecks", self.0, other.0),
        }
    }
}

impl Sub for Kopecks {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        match self.checked_sub(other) {
            Some(difference) => difference,
            None => panic!("money overflow: {} - {} kopecks", self.0, other.0),
        }
    }
}

impl AddAssign for Kopecks {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Kopecks {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Kopecks {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// A rate for one day in millionths of the principal: 0.8 % a day is 8000.
///
/// The daily rate is the source and the annual one is derived from it (×365): the other way
/// round, 292 % a year over 366 days is not 0.8 % a day.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct DailyRate(u32);

impl DailyRate {
    /// No interest at all.
    pub const ZERO: Self = Self(0);

    /// From millionths of the principal a day.
    pub const fn from_ppm(ppm: u32) -> Self {
        Self(ppm)
    }

    /// Millionths of the principal a day.
    pub const fn ppm(self) -> u32 {
        self.0
    }

    /// Percent a year: the daily rate times 365, whatever the year.
    pub fn annual_percent(self) -> Decimal {
        Decimal::new(i64::from(self.0) * 365, 4)
    }

    /// Percent a day without needless zeros: `0,8`.
    pub fn percent_text(self) -> String {
        trimmed_percent(self.0)
    }

    /// Percent a year with three places: `292,000`; a fourth place is rounded half-up.
    pub fn annual_percent_text(self) -> String {
        let thousandths = (u64::from(self.0) * 365 + 5) / 10;
        format!("{},{:03}", thousandths / 1000, thousandths % 1000)
    }
}

/// A rate for a year in millionths of the principal: 20 % a year is 200 000.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct AnnualRate(u32);

impl AnnualRate {
    /// From millionths of the principal a year.
    pub const fn from_ppm(ppm: u32) -> Self {
        Self(ppm)
    }

    /// Millionths of the principal a year.
    pub const fn ppm(self) -> u32 {
        self.0
    }

    /// Percent a year without needless zeros: `20`, `16,8`.
    pub fn percent_text(self) -> String {
        trimmed_percent(self.0)
    }
}

/// Millionths as a percentage with a comma and without trailing zeros.
fn trimmed_percent(ppm: u32) -> String {
    let fraction = format!("{:04}", ppm % 10_000);
    match fraction.trim_end_matches('0') {
        "" => (ppm / 10_000).to_string(),
        places => format!("{},{places}", ppm / 10_000),
    }
}
