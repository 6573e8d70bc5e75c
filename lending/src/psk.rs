//! The full cost of a loan (полная стоимость кредита, ПСК): art. 6 of 353-ФЗ.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::calendar::{days_since, plus_months};
use crate::money::Kopecks;

mod fixed;

/// The full cost: percent a year and roubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Psk {
    /// Thousandths of a percent a year: 292.000 % is 292 000.
    pub thousandths: i64,
    /// All counted payments without the principal.
    pub roubles: Kopecks,
}

impl Psk {
    /// `292,000`: for people.
    pub fn percent_text(self) -> String {
        self.percent_plain().replace('.', ",")
    }

    /// `292.000`: for machines.
    pub fn percent_plain(self) -> String {
        let magnitude = self.thousandths.unsigned_abs();
        let sign = if self.thousandths < 0 { "-" } else { "" };
        format!("{sign}{}.{:03}", magnitude / 1000, magnitude % 1000)
    }
}

/// The base period (art. 6 p. 2): the most frequent interval between flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BasePeriod {
    /// So many days; 365/n of them in a year, not rounded.
    Days(u32),
    /// So many calendar months; all months count as equal.
    Months(u32),
}

impl std::fmt::Display for BasePeriod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days} days"),
            Self::Months(months) => write!(f, "{months} months"),
        }
    }
}

/// The full cost and the period it was computed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PskReport {
    /// The full cost.
    pub psk: Psk,
    /// The base period of the formula.
    pub base_period: BasePeriod,
}

/// Why flows have no full cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum PskError {
    /// Fewer than two dates.
    #[error("at least two dates are needed")]
    TooFew,
    /// A date before the previous one.
    #[error("flow {index}: the date is earlier than the one before")]
    Order {
        /// From 0.
        index: usize,
    },
    /// The first flow, with everything of its date netted, is not money to the borrower.
    #[error("the first flow must be money to the borrower (negative)")]
    FirstNotNegative,
    /// A later flow is not a payment of the borrower.
    #[error("flow {index}: a payment must be positive")]
    NotPositive {
        /// From 0.
        index: usize,
    },
    /// Less is paid than was lent: the equation has no root that is not negative.
    #[error("less is paid than was lent")]
    PaidLess,
    /// The percentage does not fit its type.
    #[error("the percentage is out of range")]
    OutOfRange,
}

/// The full cost of dated flows (art. 6 of 353-ФЗ). The first flow is negative (money to the
/// borrower); flows of that same date are netted with it; all later ones are positive. Several
/// payments of one date are one payment.
///
/// Checks no legal limit. Errors: see [`PskError`].
pub fn psk(flows: &[(NaiveDate, Kopecks)]) -> Result<PskReport, PskError> {
    let flows = merged(flows)?;
    let (start, lent) = flows[0];
    let payments = &flows[1..];
    if !lent.get().is_negative() {
        return Err(PskError::FirstNotNegative);
    }
    if payments.is_empty() {
        return Err(PskError::TooFew);
    }
    let roubles: Kopecks = flows.iter().map(|(_, amount)| *amount).sum();
    if roubles.get().is_negative() {
        return Err(PskError::PaidLess);
    }
    let (base_period, terms) = in_base_periods(start, payments);
    let thousandths = match terms.as_slice() {
        _ if roubles.is_zero() => 0,
        // One payment after one base period is a linear equation: no search is needed.
        [_] => single_payment(lent, roubles, base_period)?,
        _ => match fixed::root(lent, &terms, base_period) {
            Some(root) => root,
            None => Equation {
                lent,
                terms,
                base_period,
            }
            .root()?,
        },
    };
    Ok(PskReport {
        psk: Psk {
            thousandths,
            roubles,
        },
        base_period,
    })
}

/// Flows with one entry for each date, checked.
fn merged(flows: &[(NaiveDate, Kopecks)]) -> Result<Vec<(NaiveDate, Kopecks)>, PskError> {
    if flows.len() < 2 {
        return Err(PskError::TooFew);
    }
    let mut merged: Vec<(NaiveDate, Kopecks)> = Vec::with_capacity(flows.len());
    for (index, (date, amount)) in flows.iter().enumerate() {
        if index == 0 && !amount.get().is_negative() {
            return Err(PskError::FirstNotNegative);
        }
        if index > 0 && !amount.is_positive() {
            return Err(PskError::NotPositive { index });
        }
        match merged.last_mut() {
            Some((previous, _)) if *previous > *date => return Err(PskError::Order { index }),
            Some((previous, sum)) if *previous == *date => {
                *sum = sum.checked_add(*amount).ok_or(PskError::OutOfRange)?;
            }
            _ => merged.push((*date, *amount)),
        }
    }
    Ok(merged)
}

/// A payment placed in base periods from the start: `whole` of them and `rest` of the next, the
/// base period being `base` long in the same unit.
struct Term {
    whole: u32,
    rest: u32,
    base: u32,
    amount: Kopecks,
}

/// The base period and the payments placed in it.
fn in_base_periods(start: NaiveDate, payments: &[(NaiveDate, Kopecks)]) -> (BasePeriod, Vec<Term>) {
    let months = months_from(start, payments);
    let in_months = months.is_some();
    let in_days = || {
        let days = payments.iter().map(|(date, _)| days_since(start, *date));
        days.collect()
    };
    let offsets: Vec<u32> = months.unwrap_or_else(in_days);
    let base = base_interval(&offsets);
    let place = |(offset, (_, amount)): (&u32, &(NaiveDate, Kopecks))| Term {
        whole: offset / base,
        rest: offset % base,
        base,
        amount: *amount,
    };
    let terms = offsets.iter().zip(payments).map(place).collect();
    let period = if in_months {
        BasePeriod::Months(base)
    } else {
        BasePeriod::Days(base)
    };
    (period, terms)
}

/// Whole months to each payment, when there are several and all of them fall on the start's day
/// of month or, in shorter months, on the last day.
fn months_from(start: NaiveDate, payments: &[(NaiveDate, Kopecks)]) -> Option<Vec<u32>> {
    if payments.len() < 2 {
        return None;
    }
    let whole_months = |(date, _): &(NaiveDate, Kopecks)| {
        let years = u32::try_from(date.year() - start.year()).ok()?;
        let months = (years * 12 + date.month()).checked_sub(start.month())?;
        (plus_months(start, months) == Some(*date)).then_some(months)
    };
    payments.iter().map(whole_months).collect()
}

/// The most frequent interval between neighbours; of equally frequent ones the smallest; when
/// none of several repeats, their mean rounded half-up (art. 6 p. 2).
fn base_interval(offsets: &[u32]) -> u32 {
    let first = offsets.first().copied().unwrap_or(1);
    if offsets.windows(2).all(|pair| pair[1] - pair[0] == first) {
        return first;
    }
    let mut previous = 0;
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for offset in offsets {
        *counts.entry(offset - previous).or_default() += 1;
        previous = *offset;
    }
    let most = counts.values().copied().max().unwrap_or(1);
    if most == 1 {
        let number = u32::try_from(counts.len()).unwrap_or(u32::MAX);
        return (2 * previous + number) / (2 * number);
    }
    let frequent = counts.iter().find(|(_, count)| **count == most);
    frequent.map_or(1, |(interval, _)| *interval)
}

/// `rate in a base period = thousandths × length / this`: 365 days or 12 months a year, and
/// 100 000 thousandths of a percent in one.
fn scale(base_period: BasePeriod) -> (i64, i64) {
    match base_period {
        BasePeriod::Days(days) => (i64::from(days), 36_500_000),
        BasePeriod::Months(months) => (i64::from(months), 1_200_000),
    }
}

/// The root for one payment, exact, half-up.
fn single_payment(lent: Kopecks, extra: Kopecks, base: BasePeriod) -> Result<i64, PskError> {
    let (length, scale) = scale(base);
    let divisor = i128::from(-lent.get()) * i128::from(length);
    let doubled = 2 * i128::from(extra.get()) * i128::from(scale) + divisor;
    i64::try_from(doubled.div_euclid(2 * divisor)).map_err(|_| PskError::OutOfRange)
}

/// The net present value of the flows as a function of the rate: falling, with one root. Found
/// in decimals where fixed point can't tell a sign: a root on the border of two printed values.
struct Equation {
    lent: Kopecks,
    terms: Vec<Term>,
    base_period: BasePeriod,
}

impl Equation {
    /// The root in thousandths of a percent, half-up. The search is over printed values: the
    /// answer is the largest one whose lower half-unit boundary does not lie beyond the root.
    fn root(&self) -> Result<i64, PskError> {
        let mut low = 0_i64;
        let mut low_value = self.value_below(0).ok_or(PskError::OutOfRange)?;
        let mut high = 300_000_i64;
        let mut high_value = self.value_below(high).ok_or(PskError::OutOfRange)?;
        while !high_value.is_sign_negative() {
            (low, low_value) = (high, high_value);
            high *= 2;
            if high > 1_000_000_000_000_000 {
                return Err(PskError::OutOfRange);
            }
            high_value = self.value_below(high).ok_or(PskError::OutOfRange)?;
        }
        self.narrow(low, low_value, high, high_value)
            .ok_or(PskError::OutOfRange)
    }

    /// False position with halving of the side that stays (the Illinois rule): integers in,
    /// integers out, so it ends exactly.
    fn narrow(
        &self,
        mut low: i64,
        mut low_value: Decimal,
        mut high: i64,
        mut high_value: Decimal,
    ) -> Option<i64> {
        while high - low > 1 {
            let width = Decimal::from(high - low);
            let share = low_value.checked_div(low_value.checked_sub(high_value)?)?;
            let step = share.checked_mul(width)?.trunc().to_i64()?;
            let middle = (low + step).clamp(low + 1, high - 1);
            let value = self.value_below(middle)?;
            if value.is_sign_negative() {
                (high, high_value) = (middle, value);
                low_value /= Decimal::TWO;
            } else {
                (low, low_value) = (middle, value);
                high_value /= Decimal::TWO;
            }
        }
        Some(low)
    }

    /// The net present value half a unit below a printed value (at zero: at zero). A value
    /// within the error of the arithmetic counts as the root itself, so a half goes up.
    fn value_below(&self, thousandths: i64) -> Option<Decimal> {
        let (length, scale) = scale(self.base_period);
        let halves = (2 * thousandths - 1).max(0);
        let rate = Decimal::from(halves)
            .checked_mul(Decimal::from(length))?
            .checked_div(Decimal::from(2 * scale))?;
        let discount = Decimal::ONE.checked_div(Decimal::ONE + rate)?;
        let mut value = Decimal::from(self.lent.get());
        let (mut power, mut whole) = (Decimal::ONE, 0);
        for term in &self.terms {
            power = power.checked_mul(raised(discount, term.whole - whole)?)?;
            whole = term.whole;
            let mut part = Decimal::from(term.amount.get()).checked_mul(power)?;
            if term.rest > 0 {
                let share = Decimal::from(term.rest).checked_mul(rate)?;
                let growth = share.checked_div(Decimal::from(term.base))?;
                part = part.checked_div(Decimal::ONE + growth)?;
            }
            value = value.checked_add(part)?;
        }
        // Of what was lent: a fixed part of a kopeck would hide the sign of a few dear kopecks.
        let noise = Decimal::new(1, 18).checked_mul(Decimal::from(self.lent.get()).abs())?;
        Some(if value.abs() < noise {
            Decimal::ZERO
        } else {
            value
        })
    }
}

/// A power by repeated squaring.
fn raised(base: Decimal, exponent: u32) -> Option<Decimal> {
    let (mut result, mut square, mut left) = (Decimal::ONE, base, exponent);
    while left > 0 {
        if left % 2 == 1 {
            result = result.checked_mul(square)?;
        }
        left /= 2;
        if left > 0 {
            square = square.checked_mul(square)?;
        }
    }
    Some(result)
}
