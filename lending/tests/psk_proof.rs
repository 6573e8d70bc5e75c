//! Proof of the full cost: with whole numbers only, the net present value of the flows changes its
//! sign between the printed percent minus and plus half a unit of its last place.
//! `KOPECK_PSK_RUNS` sets how many random flows are proved.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::cmp::Ordering;

use chrono::{Days, Months, NaiveDate};
use common::{Numbers, setting};
use lending::{BasePeriod, Kopecks, PskReport, psk};

/// A whole number of any size, lowest digits (base 2^32) first.
#[derive(Clone, PartialEq, Eq)]
struct Big(Vec<u32>);

impl Big {
    fn new(value: u64) -> Self {
        Self(vec![1]).times(value)
    }

    fn times(mut self, factor: u64) -> Self {
        let mut carry = 0_u128;
        for digit in &mut self.0 {
            let value = u128::from(*digit) * u128::from(factor) + carry;
            *digit = u32::try_from(value & 0xFFFF_FFFF).unwrap();
            carry = value >> 32;
        }
        while carry > 0 {
            self.0.push(u32::try_from(carry & 0xFFFF_FFFF).unwrap());
            carry >>= 32;
        }
        self.trimmed()
    }

    fn plus(mut self, other: &Self) -> Self {
        let mut carry = 0_u64;
        self.0.resize(self.0.len().max(other.0.len()), 0);
        for (index, digit) in self.0.iter_mut().enumerate() {
            let value = u64::from(*digit) + u64::from(*other.0.get(index).unwrap_or(&0)) + carry;
            *digit = u32::try_from(value & 0xFFFF_FFFF).unwrap();
            carry = value >> 32;
        }
        if carry > 0 {
            self.0.push(u32::try_from(carry).unwrap());
        }
        self
    }

    fn trimmed(mut self) -> Self {
        while self.0.len() > 1 && self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }

    fn compare(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

/// A payment placed in base periods by the test itself: whole ones and the rest.
fn place(report: &PskReport, start: NaiveDate, date: NaiveDate) -> (u64, u64, u64) {
    let (offset, base) = match report.base_period {
        BasePeriod::Days(base) => ((date - start).num_days(), base),
        BasePeriod::Months(base) => {
            let months = (0..500)
                .find(|months| start + Months::new(*months) == date)
                .unwrap();
            (i64::from(months), base)
        }
    };
    let (offset, base) = (u64::try_from(offset).unwrap(), u64::from(base));
    (offset / base, offset % base, base)
}

/// The net present value at `halves` half-thousandths of a percent, compared with zero. The rate
/// of a base period is `top / bottom`; everything is multiplied by all denominators at once.
fn sign(report: &PskReport, flows: &[(NaiveDate, Kopecks)], halves: u64) -> Ordering {
    let (top, bottom) = match report.base_period {
        BasePeriod::Days(base) => (halves * u64::from(base), 2 * 36_500_000),
        BasePeriod::Months(base) => (halves * u64::from(base), 2 * 1_200_000),
    };
    let start = flows[0].0;
    let placed: Vec<_> = flows[1..]
        .iter()
        .map(|flow| place(report, start, flow.0))
        .collect();
    let most = placed.iter().map(|place| place.0).max().unwrap();
    // 1 / (1 + rest/base × rate) = base × bottom / (base × bottom + rest × top)
    let partial = |(_, rest, base): &(u64, u64, u64)| base * bottom + rest * top;
    let all = |mut value: Big, skip: Option<usize>| {
        for (index, place) in placed.iter().enumerate().filter(|(_, place)| place.1 > 0) {
            if Some(index) != skip {
                value = value.times(partial(place));
            }
        }
        value
    };
    let power = |mut value: Big, factor: u64, times: u64| {
        for _ in 0..times {
            value = value.times(factor);
        }
        value
    };
    let lent = u64::try_from(-flows[0].1.get()).unwrap();
    let lent = all(power(Big::new(lent), bottom + top, most), None);
    let mut paid = Big::new(0);
    for (index, (place, flow)) in placed.iter().zip(&flows[1..]).enumerate() {
        let amount = Big::new(u64::try_from(flow.1.get()).unwrap());
        let amount = power(power(amount, bottom, place.0), bottom + top, most - place.0);
        let amount = if place.1 > 0 {
            all(amount.times(place.2).times(bottom), Some(index))
        } else {
            all(amount, None)
        };
        paid = paid.plus(&amount);
    }
    paid.compare(&lent)
}

fn random_flows(numbers: &mut Numbers) -> Vec<(NaiveDate, Kopecks)> {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let start = first + Days::new(numbers.between(0, 1500));
    let lent = numbers.between(100_000, 10_000_000);
    let count = numbers.days(1, 26);
    let step = [0, 1, 7, 14, 14, 30][usize::try_from(numbers.between(0, 5)).unwrap()];
    let dear = numbers.between(1, 900);
    let mut flows = vec![(start, Kopecks::new(-i64::try_from(lent).unwrap()))];
    let mut day = start;
    for number in 1..=count {
        let jitter = if numbers.percent(15) {
            numbers.between(1, 5)
        } else {
            0
        };
        day = if step == 0 {
            start + Months::new(number)
        } else {
            day + Days::new(step + jitter)
        };
        let share = lent * (1000 + numbers.between(dear / 2, dear)) / 1000 / u64::from(count);
        flows.push((day, Kopecks::new(i64::try_from(share + 1).unwrap())));
    }
    flows
}

#[test]
fn net_present_value_changes_sign_around_the_printed_percent() {
    let runs = setting("KOPECK_PSK_RUNS", 2000);
    let mut numbers = Numbers(353);
    let mut months = 0;
    for _ in 0..runs {
        let flows = random_flows(&mut numbers);
        let report = psk::psk(&flows).unwrap();
        let printed = u64::try_from(report.psk.thousandths).unwrap();
        if printed > 0 {
            let below = sign(&report, &flows, 2 * printed - 1);
            assert_ne!(below, Ordering::Less, "{report:?} {flows:?}");
        }
        let above = sign(&report, &flows, 2 * printed + 1);
        assert_eq!(above, Ordering::Less, "{report:?} {flows:?}");
        months += u32::from(matches!(report.base_period, BasePeriod::Months(_)));
    }
    assert!(months > 0, "both kinds of base periods are drawn");
}

#[test]
fn flows_without_a_full_cost_are_refused() {
    use lending::PskError;
    let day = |number| NaiveDate::from_ymd_opt(2026, 11, number).unwrap();
    let kopecks = Kopecks::new;
    let cases = [
        (vec![(day(1), kopecks(-100))], PskError::TooFew),
        (
            vec![(day(1), kopecks(100)), (day(2), kopecks(100))],
            PskError::FirstNotNegative,
        ),
        (
            vec![(day(1), kopecks(-100)), (day(1), kopecks(50))],
            PskError::TooFew,
        ),
        (
            vec![(day(1), kopecks(-100)), (day(1), kopecks(100))],
            PskError::FirstNotNegative,
        ),
        (
            vec![(day(2), kopecks(-100)), (day(1), kopecks(100))],
            PskError::Order { index: 1 },
        ),
        (
            vec![(day(1), kopecks(-100)), (day(2), kopecks(0))],
            PskError::NotPositive { index: 1 },
        ),
        (
            vec![(day(1), kopecks(-100)), (day(2), kopecks(99))],
            PskError::PaidLess,
        ),
    ];
    for (flows, error) in cases {
        assert_eq!(psk::psk(&flows), Err(error), "{flows:?}");
    }
    // A fee paid on the first day is netted: 100 lent, 5 back at once, 100 after 10 days.
    let netted = [
        (day(1), kopecks(-100)),
        (day(1), kopecks(5)),
        (day(11), kopecks(100)),
    ];
    assert_eq!(psk::psk(&netted).unwrap().psk.percent_plain(), "192.105");
}
