//! Building schedules: payment dates, the equal payment, principal and interest of each line.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::calendar::{WorkCalendar, days_since, plus_days, plus_months};
use crate::exact::{Exact, Rate, Rounding};
use crate::money::Kopecks;
use crate::product::{Instalment, Product, ProductKind, Schedule, SpecialPrice};
use crate::rules;

/// Payment `number` (from 1) of a kind of schedule; a bullet has its whole `term` in one payment.
fn nominal_date(kind: ProductKind, term: u32, number: u32, start: NaiveDate) -> Option<NaiveDate> {
    match kind {
        ProductKind::Bullet | ProductKind::Special => plus_days(start, term.checked_mul(number)?),
        ProductKind::EveryNDays { days } => plus_days(start, days.checked_mul(number)?),
        ProductKind::Monthly => plus_months(start, number),
    }
}

/// How many payments a term makes.
fn payments(kind: ProductKind, term: u32) -> u32 {
    match kind {
        ProductKind::Bullet | ProductKind::Special => 1,
        ProductKind::EveryNDays { .. } | ProductKind::Monthly => term,
    }
}

/// Whether a term is within a year, so that the accrual cap acts (art. 5 p. 24 of 353-ФЗ).
pub(crate) fn within_a_year(kind: ProductKind, term: u32, start: NaiveDate) -> bool {
    let last = nominal_date(kind, term, payments(kind, term), start);
    match (last, plus_months(start, 12)) {
        (Some(last), Some(year)) => last <= year,
        _ => false,
    }
}

/// All payment dates, strictly later one after another.
pub(crate) fn dates(product: &Product, term: u32, start: NaiveDate) -> Option<Vec<NaiveDate>> {
    let calendar = WorkCalendar::russia();
    let mut dates: Vec<NaiveDate> = Vec::new();
    let mut previous = start;
    for number in 1..=payments(product.kind, term) {
        let mut due = nominal_date(product.kind, term, number, start)?;
        if product.shift_days_off {
            // Payments every day or two may fall on one working day: the later one moves on.
            due = calendar.next_working_day(due.max(previous.succ_opt()?));
        }
        if due <= previous {
            return None;
        }
        dates.push(due);
        previous = due;
    }
    if dates.is_empty() { None } else { Some(dates) }
}

/// Floor where the daily rate sits on the legal maximum of the contract's day: half-up could
/// carry the full cost above its limit. Half-up otherwise.
pub(crate) fn rounding(rate: Rate, contract_date: NaiveDate) -> Rounding {
    match rate {
        Rate::Daily(daily) if rules::max_daily_rate(contract_date) == Some(daily) => {
            Rounding::Floor
        }
        _ => Rounding::HalfUp,
    }
}

/// The fixed payment of the special product for an amount; 0.00 for the other products.
pub(crate) fn fixed_payment(product: &Product, amount: Kopecks) -> Kopecks {
    match (product.kind, product.special_price) {
        (ProductKind::Special, Some(SpecialPrice::Fixed { amount })) => amount,
        (ProductKind::Special, Some(SpecialPrice::Share { ppm })) => share(amount, ppm),
        _ => Kopecks::ZERO,
    }
}

/// Millionths of an amount, rounded down.
pub(crate) fn share(amount: Kopecks, ppm: u32) -> Kopecks {
    let part = i128::from(amount.get()) * i128::from(ppm) / 1_000_000;
    Kopecks::new(i64::try_from(part).unwrap_or(i64::MAX))
}

/// A debt to spread over dates.
pub(crate) struct Spread<'a> {
    /// The principal to repay.
    pub(crate) balance: Kopecks,
    /// Interest runs from the day after.
    pub(crate) from: NaiveDate,
    /// At least one date after `from`.
    pub(crate) dates: &'a [NaiveDate],
    pub(crate) kind: ProductKind,
    pub(crate) rate: Rate,
    pub(crate) rounding: Rounding,
    /// Exact interest of the first period before `from`.
    pub(crate) carried: Exact,
    /// What was already paid of the first period's interest.
    pub(crate) already: Kopecks,
}

impl Spread<'_> {
    /// The equal payment, half-up to the kopeck; `None` when it can't be computed.
    ///
    /// Annual rate: the annuity of `rate/12` a month (or of the days between payments over 365).
    /// Daily rate: the payment that brings the principal to zero over the actual days.
    pub(crate) fn level(&self) -> Option<Kopecks> {
        let mut discount = Decimal::ONE;
        let mut sum = Decimal::ZERO;
        let mut previous = self.from;
        for date in self.dates {
            let growth = match (self.rate, self.kind) {
                (Rate::Daily(rate), _) => {
                    let days = Decimal::from(days_since(previous, *date));
                    Decimal::new(i64::from(rate.ppm()), 6).checked_mul(days)?
                }
                (Rate::Annual(rate), ProductKind::EveryNDays { days }) => {
                    let yearly = Decimal::new(i64::from(rate.ppm()), 6);
                    yearly
                        .checked_mul(Decimal::from(days))?
                        .checked_div(Decimal::from(365))?
                }
                (Rate::Annual(rate), _) => {
                    Decimal::new(i64::from(rate.ppm()), 6).checked_div(Decimal::from(12))?
                }
            };
            discount = discount.checked_div(Decimal::ONE.checked_add(growth)?)?;
            sum = sum.checked_add(discount)?;
            previous = *date;
        }
        let payment = Decimal::from(self.balance.get()).checked_div(sum)?;
        // A discount such as 1/1.112 has no last digit: an exact half arrives here a hair below
        // itself and still goes up.
        let half = Decimal::new(5, 1) + Decimal::new(1, 12);
        payment
            .checked_add(half)?
            .floor()
            .to_i64()
            .map(Kopecks::new)
    }

    /// The lines, numbered from 1. The last one absorbs the rounding; with a payment that repays
    /// the debt earlier, there are fewer lines than dates.
    pub(crate) fn lines(&self, level: Kopecks) -> Vec<Instalment> {
        let mut lines = Vec::with_capacity(self.dates.len());
        let mut left = self.balance;
        let mut previous = self.from;
        for (index, (number, date)) in (1_u32..).zip(self.dates).enumerate() {
            let earned = self.rate.earned(left, previous, *date);
            let interest = if index == 0 {
                (self.carried + earned)
                    .round(self.rounding)
                    .less(self.already)
            } else {
                earned.round(self.rounding)
            };
            let last = index + 1 == self.dates.len();
            let principal = if last {
                left
            } else {
                level.less(interest).min(left)
            };
            left -= principal;
            lines.push(Instalment {
                number,
                due: *date,
                payment: principal + interest,
                principal,
                interest,
                principal_left: left,
            });
            if left.is_zero() {
                break;
            }
            previous = *date;
        }
        lines
    }
}

/// The schedule of a new loan; `None` when dates leave the calendar or sums their range.
pub(crate) fn build(
    product: &Product,
    rate: Rate,
    rounding: Rounding,
    amount: Kopecks,
    term: u32,
    start: NaiveDate,
) -> Option<Schedule> {
    let dates = dates(product, term, start)?;
    let spread = Spread {
        balance: amount,
        from: start,
        dates: &dates,
        kind: product.kind,
        rate,
        rounding,
        carried: Exact::default(),
        already: Kopecks::ZERO,
    };
    let mut instalments = spread.lines(spread.level()?);
    if let (ProductKind::Special, [line]) = (product.kind, instalments.as_mut_slice()) {
        line.interest = fixed_payment(product, amount);
        line.payment = line.principal.checked_add(line.interest)?;
    }
    Some(Schedule { start, instalments })
}
