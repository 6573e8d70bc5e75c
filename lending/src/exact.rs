//! Exact sums of interest and penalty before their single rounding.
//!
//! A daily rate divides by a million; an annual one also by 365 or 366. Counted in a unit that
//! all of them divide, every such sum is an integer, and nothing is lost before rounding.

use std::ops::{Add, AddAssign};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::{days_between, days_by_year};
use crate::money::{AnnualRate, DailyRate, Kopecks};

/// 365 × 366: divisible by the days of any year.
const BOTH_YEARS: i128 = 365 * 366;
/// Units in a kopeck.
const UNITS: i128 = BOTH_YEARS * 1_000_000;

/// A sum of money that is not rounded yet; never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Exact(i128);

/// How an exact sum becomes kopecks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// Down, where half-up could pass the legal maximum of the rate.
    Floor,
    /// To the nearest kopeck, halves up.
    HalfUp,
}

/// A rate and the way its days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// Of the principal for each day.
    Daily(DailyRate),
    /// Of the principal for a year: each day counts 1/365 or 1/366 by its own calendar year.
    Annual(AnnualRate),
}

impl Rate {
    /// In millionths, of a day or of a year.
    pub const fn ppm(self) -> u32 {
        match self {
            Self::Daily(rate) => rate.ppm(),
            Self::Annual(rate) => rate.ppm(),
        }
    }

    /// Percent without needless zeros: `0,8`.
    pub fn percent_text(self) -> String {
        match self {
            Self::Daily(rate) => rate.percent_text(),
            Self::Annual(rate) => rate.percent_text(),
        }
    }

    /// Millionths of a typed percent: `0,5`, `16.8 %`; at most four places. None of anything else.
    pub fn parse_percent(text: &str) -> Option<u32> {
        let text = text.trim().trim_end_matches('%').trim_end();
        let (whole, places) = text.split_once([',', '.']).unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = !whole.is_empty() && whole.len() <= 4 && places.len() <= 4;
        if !fits || !digits(whole) || !digits(places) {
            return None;
        }
        format!("{whole}{places:0<4}").parse().ok()
    }

    /// A rate of the same kind.
    #[must_use]
    pub const fn with_ppm(self, ppm: u32) -> Self {
        match self {
            Self::Daily(_) => Self::Daily(DailyRate::from_ppm(ppm)),
            Self::Annual(_) => Self::Annual(AnnualRate::from_ppm(ppm)),
        }
    }

    /// This rate, or a lower one of its kind.
    #[must_use]
    pub(crate) fn at_most(self, limit: Option<Self>) -> Self {
        match limit {
            Some(limit) => self.with_ppm(self.ppm().min(limit.ppm())),
            None => self,
        }
    }

    /// What the base earns in the days `(from, to]`.
    pub(crate) fn earned(self, base: Kopecks, from: NaiveDate, to: NaiveDate) -> Exact {
        let base = i128::from(base.get());
        Exact(match self {
            Self::Daily(rate) => {
                let days = i128::from(days_between(from, to));
                base * i128::from(rate.ppm()) * days * BOTH_YEARS
            }
            Self::Annual(rate) => {
                let (common, leap) = days_by_year(from, to);
                let share = i128::from(common) * 366 + i128::from(leap) * 365;
                base * i128::from(rate.ppm()) * share
            }
        })
    }
}

impl Exact {
    /// The single rounding to whole kopecks.
    ///
    /// # Panics
    /// When the sum leaves the 64-bit range: no loan within a licence comes near.
    pub(crate) fn round(self, rounding: Rounding) -> Kopecks {
        let carried = match rounding {
            Rounding::Floor => self.0,
            Rounding::HalfUp => self.0 + UNITS / 2,
        };
        let Ok(kopecks) = i64::try_from(carried.div_euclid(UNITS)) else {
            panic!("money overflow: {carried} units");
        };
        Kopecks::new(kopecks)
    }
}

impl Add for Exact {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Exact {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}
