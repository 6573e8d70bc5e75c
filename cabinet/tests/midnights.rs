//! Midnights of the eleven zones: what was taken before one belongs to the day before, and the debt with it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

#[path = "../../lending/tests/naive/mod.rs"]
mod naive;
mod support;

use cabinet::loan::{self, OperationKind};
use cabinet::payment::PayAmount;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use lending::Kopecks;
use naive::Naive;
use naive::story::{Action, Kind, Loan, Window};
use support::journey::{PHONE, roubles};
use support::{World, demo, on_both};

const ZONES: [(&str, i64); 11] = [
    ("Europe/Kaliningrad", 2),
    ("Europe/Moscow", 3),
    ("Europe/Samara", 4),
    ("Asia/Yekaterinburg", 5),
    ("Asia/Omsk", 6),
    ("Asia/Novosibirsk", 7),
    ("Asia/Irkutsk", 8),
    ("Asia/Yakutsk", 9),
    ("Asia/Vladivostok", 10),
    ("Asia/Magadan", 11),
    ("Asia/Kamchatka", 12),
];

/// Days that begin at the midnights looked at: a payment date's day after, a year, the day that only leap years have,
/// and the one after it.
const MORNINGS: [(i32, u32, u32); 4] = [(2026, 12, 24), (2027, 1, 1), (2028, 2, 29), (2028, 3, 1)];

fn day((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Two seconds and a millisecond before, the very moment, two seconds after, with the date it is there.
fn moments(offset: i64) -> Vec<(DateTime<Utc>, NaiveDate)> {
    let around = MORNINGS.iter().flat_map(|morning| {
        let morning = day(*morning);
        let midnight = morning.and_time(NaiveTime::MIN).and_utc() - Duration::hours(offset);
        let eve = morning.pred_opt().unwrap();
        [(-2_000, eve), (-1, eve), (0, morning), (2_000, morning)]
            .map(|(by, date)| (midnight + Duration::milliseconds(by), date))
    });
    around.collect()
}

/// 20 000 for 30 days at 0.8 %, by the loop over days.
fn by_the_day_loop(paid: &[(NaiveDate, i64)], on: NaiveDate, shift: bool) -> i64 {
    let start = day((2026, 11, 23));
    let loan = Loan {
        kind: Kind::Bullet { days: 30 },
        amount: 2_000_000,
        contract: start,
        issued: start,
        daily: 8_000,
        annual: None,
        fixed: 0,
        promo: None,
        penalty: 200_000,
        shift,
    };
    let mut naive = Naive::new(&loan, Window::Unchecked);
    for (on, sum) in paid {
        naive = naive.after_days(*on);
        naive.take(Action::Pay(*sum)).unwrap();
    }
    naive.after_days(on).payoff()
}

async fn around_midnights(world: &World, zone: &str, offset: i64) {
    let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
    let zoned = format!("time_zone = \"{zone}\"");
    let world = world.of(demo(&[("time_zone = \"Europe/Moscow\"", &zoned)]));
    let mut paid = Vec::new();
    for (at, date) in moments(offset) {
        world.clock.set(at);
        let sum = PayAmount::Sum(roubles(1));
        let started = world.start(borrower, id, sum).await;
        world.acquirer.pay(&format!("pay-{}", started.payment));
        // The news come when it is another day everywhere.
        world.clock.pass(Duration::milliseconds(1));
        cabinet::payment::drive(&world.cab, started.payment)
            .await
            .unwrap();
        paid.push((date, 100));
        let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
        let posted = view.operations.iter().rev();
        let posted = posted.filter(|one| one.kind == OperationKind::Payment);
        let counted = posted.map(|one| one.on).next();
        assert_eq!(counted, Some(date), "{zone}, taken at {at}");
        let owed = by_the_day_loop(&paid, view.today, view.terms.product.shift_days_off);
        assert_eq!(view.state.payoff, Kopecks::new(owed), "{zone} at {at}");
    }
}

/// One zone after another over fresh books would take its time: each file of a test has a few of them.
fn zones(places: std::ops::Range<usize>) {
    for (zone, offset) in &ZONES[places] {
        on_both(|world| async move { around_midnights(&world, zone, *offset).await });
    }
}

#[test]
fn money_counts_for_the_day_it_was_taken_on_from_kaliningrad_to_the_urals() {
    zones(0..4);
}

#[test]
fn money_counts_for_the_day_it_was_taken_on_from_omsk_to_yakutsk() {
    zones(4..8);
}

#[test]
fn money_counts_for_the_day_it_was_taken_on_from_vladivostok_to_kamchatka() {
    zones(8..11);
}
