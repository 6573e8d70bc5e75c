//! Proof of the full cost, not a second solver: with whole numbers of any size the net present
//! value of the flows changes its sign between the printed percent minus and plus half a unit of
//! its last place. Base period and roubles are derived again too. `KOPECK_PSK_RUNS` sets how many
//! random schedules are proved, `KOPECK_PSK_SEED` where they begin.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod common;
mod naive;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::thread;

use chrono::{Datelike, Days, Months, NaiveDate};
use common::{Numbers, setting};
use lending::{Kopecks, psk};
use naive::full_cost::FullCost;
use naive::law::day;

type Flows = Vec<(NaiveDate, i64)>;

/// A random schedule and the name of its sort.
fn random_flows(numbers: &mut Numbers) -> (&'static str, Flows) {
    let start = day(2018, 6, 1) + Days::new(numbers.between(0, 3800));
    match numbers.between(0, 10) {
        0 => ("one payment", one_payment(numbers, start)),
        1..=2 => ("months", months(numbers, start)),
        3 => ("months with gaps", months_with_gaps(numbers, start)),
        4 => ("no interval repeats", all_different(numbers, start)),
        5 => ("two intervals as frequent", as_frequent(numbers, start)),
        6 => ("the root is an exact half", exact_half(numbers, start)),
        7 => ("netted", netted(numbers, start)),
        8 => ("kopecks, very dear", very_dear(numbers, start)),
        _ => ("days, some late", days(numbers, start)),
    }
}

fn lent(numbers: &mut Numbers) -> u64 {
    let largest = [1_000_000, 10_000_000, 100_000_000];
    let largest = largest[usize::try_from(numbers.between(0, 2)).unwrap()];
    numbers.between(10_000, largest)
}

/// Shares of what was lent on the dates, dearer or cheaper.
fn shares(numbers: &mut Numbers, start: NaiveDate, dates: &[NaiveDate]) -> Flows {
    let lent = lent(numbers);
    let count = u64::try_from(dates.len()).unwrap();
    let dear = [3, 60, 900, 20_000][usize::try_from(numbers.between(0, 3)).unwrap()];
    let dear = numbers.between(0, dear);
    let mut flows = vec![(start, -i64::try_from(lent).unwrap())];
    for date in dates {
        let share = lent * (1000 + numbers.between(dear / 2, dear)) / 1000 / count;
        flows.push((*date, i64::try_from(share + 1).unwrap()));
    }
    flows
}

fn one_payment(numbers: &mut Numbers, start: NaiveDate) -> Flows {
    let date = start + Days::new(numbers.between(1, 400));
    shares(numbers, start, &[date])
}

fn months(numbers: &mut Numbers, start: NaiveDate) -> Flows {
    let months = (1..=numbers.days(2, 36)).map(|number| start + Months::new(number));
    let dates: Vec<NaiveDate> = months.collect();
    shares(numbers, start, &dates)
}

/// From a month's last days, so that the day of month is now and then missing.
fn months_with_gaps(numbers: &mut Numbers, start: NaiveDate) -> Flows {
    let start = month_end(start) - Days::new(numbers.between(0, 3));
    let mut passed = 0;
    let dates = (0..numbers.between(2, 20)).map(|_| {
        passed += numbers.days(1, 4);
        start + Months::new(passed)
    });
    let dates: Vec<NaiveDate> = dates.collect();
    shares(numbers, start, &dates)
}

fn month_end(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap() + Months::new(1) - Days::new(1)
}

fn after(start: NaiveDate, intervals: &[u64]) -> Vec<NaiveDate> {
    let mut date = start;
    let dates = intervals.iter().map(|days| {
        date = date + Days::new(*days);
        date
    });
    dates.collect()
}

/// The base period is the mean of the intervals.
fn all_different(numbers: &mut Numbers, start: NaiveDate) -> Flows {
    let mut intervals: Vec<u64> = (1..=50).collect();
    let count = usize::try_from(numbers.between(2, 8)).unwrap();
    for index in 0..count {
        let other = numbers.between(u64::try_from(index).unwrap(), 49);
        intervals.swap(index, usize::try_from(other).unwrap());
    }
    shares(numbers, start, &after(start, &intervals[..count]))
}

/// Two intervals equally often, mixed: the smaller is the base period.
fn as_frequent(numbers: &mut Numbers, start: NaiveDate) -> Flows {
    let (one, other) = (numbers.between(1, 20), numbers.between(21, 45));
    let mut intervals = Vec::new();
    for _ in 0..numbers.between(2, 6) {
        let first = numbers.percent(50);
        intervals.extend(if first { [one, other] } else { [other, one] });
    }
    shares(numbers, start, &after(start, &intervals))
}

/// Every so many days, some payments a few days late.
fn days(numbers: &mut Numbers, start: NaiveDate) -> Flows {
    let step = [1, 7, 14, 14, 30, 31][usize::try_from(numbers.between(0, 5)).unwrap()];
    let intervals = (0..numbers.between(1, 52)).map(|_| {
        let late = if numbers.percent(15) {
            numbers.between(1, 5)
        } else {
            0
        };
        step + late
    });
    let intervals: Vec<u64> = intervals.collect();
    shares(numbers, start, &after(start, &intervals))
}

/// A few kopecks for thousands of times as much: near and past the end of the fixed point.
fn very_dear(numbers: &mut Numbers, start: NaiveDate) -> Flows {
    let lent = numbers.kopecks(1, 20).get();
    let mut flows = vec![(start, -lent)];
    let mut date = start;
    for _ in 0..numbers.between(2, 4) {
        date = date + Days::new(numbers.between(1, 3));
        flows.push((date, lent * numbers.kopecks(500, 5_000).get()));
    }
    flows
}

/// Fees on the first day, and dates that come twice.
fn netted(numbers: &mut Numbers, start: NaiveDate) -> Flows {
    let mut flows = days(numbers, start);
    let last = *flows.last().unwrap();
    let fee = -flows[0].1 / numbers.kopecks(5, 200).get();
    flows.insert(1, (start, fee));
    flows.insert(1, (start, 1));
    flows.push((last.0, numbers.kopecks(1, 100).get()));
    flows
}

/// The rate of a base period is exactly an odd number of half-thousandths of a percent a year, so
/// the root lies on the border between two printed values and must go up.
///
/// A month: halves / 2 400 000 with halves = 9375 × odd is odd / 256; a day: halves / 73 000 000
/// with halves = 1 140 625 × odd is odd / 64. Each payment is the interest of its period and
/// whole 256ths (64ths) of the debt, so every division is even.
fn exact_half(numbers: &mut Numbers, start: NaiveDate) -> Flows {
    let monthly = numbers.percent(60);
    let parts = if monthly { 256 } else { 64 };
    let odd = 2 * numbers.kopecks(0, 20).get() + 1;
    let count = numbers.days(1, 24);
    let mut left = numbers.kopecks(1_000, 400_000).get() * parts;
    let mut flows = vec![(start, -left)];
    for number in 1..=count {
        let interest = left / parts * odd;
        let repaid = if number == count {
            left
        } else {
            left / parts / i64::from(count) * parts
        };
        left -= repaid;
        let date = if monthly {
            start + Months::new(number)
        } else {
            start + Days::new(u64::from(number))
        };
        flows.push((date, interest + repaid));
    }
    flows
}

/// Proves the schedules of some seeds; answers how many there were of each sort.
fn prove(seeds: std::ops::Range<u64>) -> BTreeMap<String, u64> {
    let mut tally = BTreeMap::new();
    for seed in seeds {
        let mut numbers = Numbers(seed.wrapping_mul(0x9FB2_1C65_1E98_DF25));
        let (sort, flows) = random_flows(&mut numbers);
        let story = || {
            let line = |(date, amount): &(NaiveDate, i64)| {
                let sign = if *amount < 0 { "-" } else { "" };
                let amount = amount.unsigned_abs();
                format!("{date},{sign}{}.{:02}\n", amount / 100, amount % 100)
            };
            let lines: String = flows.iter().map(line).collect();
            format!("seed {seed} ({sort}); input of kopeck psk:\n{lines}")
        };
        let typed: Vec<_> = flows
            .iter()
            .map(|flow| (flow.0, Kopecks::new(flow.1)))
            .collect();
        let report = psk::psk(&typed).unwrap_or_else(|error| panic!("{error}: {}", story()));
        let proof = FullCost::of(&flows);
        assert_eq!(
            report.base_period.to_string(),
            proof.base_period,
            "{}",
            story()
        );
        assert_eq!(report.psk.roubles.get(), proof.roubles, "{}", story());
        let printed = report.psk.thousandths;
        assert!(
            proof.rounds_to(printed),
            "not {printed} thousandths; {}",
            story()
        );
        let unit = proof.base_period.split(' ').nth(1).unwrap().to_owned();
        *tally.entry(unit).or_default() += 1;
        *tally.entry(sort.to_owned()).or_default() += 1;
        let tie =
            printed > 0 && proof.at(2 * u64::try_from(printed).unwrap() - 1) == Ordering::Equal;
        *tally.entry(String::from("on the border")).or_default() += u64::from(tie);
    }
    tally
}

#[test]
fn net_present_value_changes_sign_around_the_printed_percent() {
    let runs = setting("KOPECK_PSK_RUNS", 100_000);
    let first = setting("KOPECK_PSK_SEED", 1);
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let mut total: BTreeMap<String, u64> = BTreeMap::new();
    thread::scope(|scope| {
        let border = |core: u64| first + runs * core / cores;
        let parts: Vec<_> = (0..cores)
            .map(|core| scope.spawn(move || prove(border(core)..border(core + 1))))
            .collect();
        for part in parts {
            let part = part
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            for (what, times) in part {
                *total.entry(what).or_default() += times;
            }
        }
    });
    eprintln!("{runs} schedules proved: {total:#?}");
    let sorts = [
        "one payment",
        "months",
        "months with gaps",
        "no interval repeats",
        "two intervals as frequent",
        "the root is an exact half",
        "netted",
        "kopecks, very dear",
        "days, some late",
        "days",
        "on the border",
    ];
    for sort in sorts.iter().filter(|_| runs >= 1_000) {
        assert!(total.get(*sort) > Some(&0), "never proved: {sort}");
    }
}

/// The proof itself can fail: a thousandth more or less is not the root.
#[test]
fn the_proof_refuses_a_neighbour() {
    let flows = [
        (day(2026, 11, 23), -1_500_000),
        (day(2026, 12, 23), 1_860_000),
    ];
    let proof = FullCost::of(&flows);
    let around = [291_998, 291_999, 292_000, 292_001].map(|printed| proof.rounds_to(printed));
    assert_eq!(around, [false, false, true, false]);
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
        (
            vec![(day(1), kopecks(-1)), (day(2), kopecks(i64::MAX / 2))],
            PskError::OutOfRange,
        ),
        (
            vec![
                (day(1), kopecks(-1)),
                (day(2), kopecks(1_000_000_000_000)),
                (day(3), kopecks(1_000_000_000_000)),
            ],
            PskError::OutOfRange,
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
    assert_eq!(psk::psk(&netted).unwrap().psk.percent_text(), "192,105");
}
