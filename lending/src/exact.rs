//! Exact sums of interest and penalty before their single rounding.
//!
//! A daily rate divides by a million; an annual one also by 365 or 366. Counted in a unit that
//! all of them divide, every such sum is an integer, and nothing is lost before rounding.

use std::ops::{Add, AddAssign};

use chrono::NaiveDate;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rate {
    /// Of the principal for each day.
    Daily(DailyRate),
    /// Of the principal for a year: each day counts 1/365 or 1/366 by its own calendar year.
    Annual(AnnualRate),
}

impl Rate {
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
