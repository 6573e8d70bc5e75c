//! The full cost of a loan again, from the words of art. 6 p. 2: its base period, and a proof of
//! a printed percent instead of a second solver. Whole numbers only.

use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate};

use super::big::Big;

/// Flows with their base period chosen.
#[derive(Debug)]
pub struct FullCost {
    /// `14 days`, `1 months`.
    pub base_period: String,
    /// All that is paid without what was lent.
    pub roubles: i64,
    lent: u64,
    payments: Vec<Payment>,
    base: u64,
    /// Base periods in a year are `year / base`: 365 days or 12 months.
    year: u64,
}

/// A payment after so many whole base periods and a rest of the next.
#[derive(Debug)]
struct Payment {
    whole: u64,
    rest: u64,
    amount: u64,
}

impl FullCost {
    /// Of flows in date order: money to the borrower is negative, later ones are positive.
    pub fn of(flows: &[(NaiveDate, i64)]) -> Self {
        let flows = netted(flows);
        let (start, lent) = flows[0];
        let dates: Vec<NaiveDate> = flows[1..].iter().map(|flow| flow.0).collect();
        let months = in_months(start, &dates);
        let unit = if months.is_some() { "months" } else { "days" };
        let year = if months.is_some() { 12 } else { 365 };
        let offsets = months.unwrap_or_else(|| in_days(start, &dates));
        let base = base_interval(&offsets);
        let payments = offsets
            .iter()
            .zip(&flows[1..])
            .map(|(offset, flow)| Payment {
                whole: offset / base,
                rest: offset % base,
                amount: positive(flow.1),
            });
        Self {
            base_period: format!("{base} {unit}"),
            roubles: flows.iter().map(|flow| flow.1).sum(),
            lent: positive(-lent),
            payments: payments.collect(),
            base,
            year,
        }
    }

    /// Whether the percent is the root rounded half-up: the net present value changes its sign
    /// between half a unit of the last place below and half a unit above.
    pub fn rounds_to(&self, thousandths: i64) -> bool {
        let printed = positive(thousandths);
        let from_below = printed == 0 || self.at(2 * printed - 1) != Ordering::Less;
        let zero_cost = self.roubles == 0 && printed == 0;
        from_below && (zero_cost || self.at(2 * printed + 1) == Ordering::Less)
    }

    /// The net present value at so many half-thousandths of a percent a year, compared with zero.
    ///
    /// The rate of a base period is `top / bottom`. From the last payment to the first, the value
    /// of what is still to come is kept as one fraction `value / scale`.
    pub fn at(&self, halves: u64) -> Ordering {
        let (top, bottom) = reduced(halves * self.base, 2 * 100_000 * self.year);
        let (mut value, mut scale) = (Big::new(0), Big::new(1));
        let mut later = self.payments.last().map_or(0, |payment| payment.whole);
        for payment in self.payments.iter().rev() {
            let periods = later - payment.whole;
            later = payment.whole;
            value = value.times_power(bottom, periods);
            scale = scale.times_power(bottom + top, periods);
            // amount / (1 + rest/base × top/bottom)
            let (share, whole) = reduced(payment.rest * top, self.base * bottom);
            let amount = scale.clone().times(payment.amount).times(whole);
            value = value.times(whole + share).plus(&amount);
            scale = scale.times(whole + share);
        }
        value = value.times_power(bottom, later);
        scale = scale.times_power(bottom + top, later).times(self.lent);
        value.cmp(&scale)
    }
}

fn positive(amount: i64) -> u64 {
    u64::try_from(amount).unwrap_or_else(|_| panic!("not positive: {amount}"))
}

fn reduced(top: u64, bottom: u64) -> (u64, u64) {
    let (mut one, mut other) = (top, bottom);
    while other > 0 {
        (one, other) = (other, one % other);
    }
    (top / one, bottom / one)
}

/// One flow for each date.
fn netted(flows: &[(NaiveDate, i64)]) -> Vec<(NaiveDate, i64)> {
    let mut netted: Vec<(NaiveDate, i64)> = Vec::new();
    for (date, amount) in flows {
        match netted.iter_mut().find(|flow| flow.0 == *date) {
            Some(flow) => flow.1 += amount,
            None => netted.push((*date, *amount)),
        }
    }
    netted
}

fn in_days(start: NaiveDate, dates: &[NaiveDate]) -> Vec<u64> {
    let days = dates.iter().map(|date| (*date - start).num_days());
    days.map(positive).collect()
}

/// Whole months, when there are several payments and all fall on the first date's day of month or
/// on the end of a month that has no such day.
fn in_months(start: NaiveDate, dates: &[NaiveDate]) -> Option<Vec<u64>> {
    let count = |date: &NaiveDate| {
        let ends = date.succ_opt()?.month() != date.month();
        let fits = date.day() == start.day() || (ends && date.day() < start.day());
        let index = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month());
        let months = index(*date) - index(start);
        (fits && months > 0).then(|| positive(months))
    };
    let months: Option<Vec<u64>> = dates.iter().map(count).collect();
    months.filter(|_| dates.len() > 1)
}

/// The most frequent interval; of equally frequent ones the smallest; when none of several
/// repeats, their mean, half-up.
fn base_interval(offsets: &[u64]) -> u64 {
    let mut intervals: Vec<u64> = vec![offsets[0]];
    intervals.extend(offsets.windows(2).map(|pair| pair[1] - pair[0]));
    intervals.sort_unstable();
    let times = |interval: u64| intervals.iter().filter(|other| **other == interval).count();
    let most = intervals.iter().map(|interval| times(*interval)).max();
    if most == Some(1) {
        let (sum, count) = (intervals.iter().sum::<u64>(), intervals.len());
        let count = u64::try_from(count).unwrap();
        return (2 * sum + count) / (2 * count);
    }
    let frequent = |interval: &u64| Some(times(*interval)) == most;
    intervals.iter().copied().find(frequent).unwrap()
}
