//! ПСК solves a second on the random schedules that `scripts/psk_peer.py` also gives to `PyPI`'s
//! pyxirr, in the same run. `psk_peer into DIR` writes for each sort of schedules `SORT.csv` (a line a
//! schedule: `days from the first flow:kopecks` pairs, then the printed thousandths) and prints
//! `SORT solves-a-second` lines. Without these words it does nothing.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{Days, Months, NaiveDate};
use lending::{Kopecks, psk};

type Flows = Vec<(NaiveDate, Kopecks)>;

/// How many schedules of each sort.
const SCHEDULES: u64 = 2_000;

/// How payments follow one another.
#[derive(Clone, Copy)]
enum Step {
    Days(u64),
    Month,
    /// Every fourteen days, each fifth payment a day or two later.
    Moved,
}

const SORTS: [(&str, u32, Step); 6] = [
    ("1x30d", 1, Step::Days(30)),
    ("12x14d", 12, Step::Days(14)),
    ("12x1m", 12, Step::Month),
    ("26x14d", 26, Step::Days(14)),
    ("52x7d", 52, Step::Days(7)),
    ("12x14d-moved", 12, Step::Moved),
];

fn main() {
    let Some(folder) = std::env::args()
        .nth(1)
        .filter(|word| !word.starts_with('-'))
    else {
        return;
    };
    for (sort, payments, step) in SORTS {
        let schedules: Vec<Flows> = (0..SCHEDULES)
            .map(|seed| schedule(seed, payments, step))
            .collect();
        let lines: String = schedules.iter().map(line).collect();
        fs::write(format!("{folder}/{sort}.csv"), lines).unwrap();
        println!("{sort} {}", solves_a_second(&schedules));
    }
}

/// In processor time where the system tells it: another busy process must not count.
fn solves_a_second(schedules: &[Flows]) -> u128 {
    let (began, before, mut solves) = (Instant::now(), processor_time(), 0_u128);
    while began.elapsed() < Duration::from_millis(300) {
        for flows in schedules {
            black_box(psk(black_box(flows)).unwrap());
            solves += 1;
        }
    }
    let spent = before
        .zip(processor_time())
        .map(|(before, now)| now - before);
    solves * 1_000_000_000 / spent.unwrap_or(began.elapsed().as_nanos()).max(1)
}

/// Nanoseconds this program has run, on Linux.
fn processor_time() -> Option<u128> {
    let text = fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn line(flows: &Flows) -> String {
    let mut text = String::new();
    for (date, amount) in flows {
        let days = (*date - flows[0].0).num_days();
        write!(text, "{days}:{} ", amount.get()).unwrap();
    }
    writeln!(text, "{}", psk(flows).unwrap().psk.thousandths).unwrap();
    text
}

/// Repeatable numbers (splitmix64).
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A debt of 1 000 to 100 000 roubles and almost equal payments, from nearly free to very dear.
fn schedule(seed: u64, payments: u32, step: Step) -> Flows {
    let start = NaiveDate::from_ymd_opt(2026, 1, 10).unwrap() + Days::new(mixed(seed) % 365);
    let lent = 100_000 + mixed(seed + 1) % 9_900_000;
    let dear = 1 + mixed(seed + 2) % 900;
    let mut date = start;
    let mut flows = vec![(start, Kopecks::new(-i64::try_from(lent).unwrap()))];
    for number in 1..=payments {
        let late = match (step, mixed(seed + 100 + u64::from(number)) % 5) {
            (Step::Moved, 0) => 1 + mixed(seed + 200) % 2,
            _ => 0,
        };
        date = match step {
            Step::Days(days) => date + Days::new(days),
            Step::Month => start + Months::new(number),
            Step::Moved => start + Days::new(14 * u64::from(number) + late),
        };
        let noise = mixed(seed + 300 + u64::from(number)) % 20;
        let amount = lent * (1_000 + dear + noise) / 1_000 / u64::from(payments);
        flows.push((date, Kopecks::new(i64::try_from(amount).unwrap() + 1)));
    }
    flows
}
