//! G14: how long a door takes tells nothing of whose number it is. A clock can't be compared byte by byte, so it is asked
//! what an attacker asks: given a time of a known number and one of an unknown, how often is the known one's longer? Half of
//! the time is no knowledge at all. Both are asked in turn, so whatever else this machine does falls on both.
//!
//! `KOPECK_TIMING` is how often each is asked (2 000 for the goal of 0.45 to 0.55; few by default, which finds a hash or a
//! message that one of them does not cost).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test reads the real clock and its own size"
)]

mod world;

use std::time::Instant;

use cabinet::access::{self, Solved};
use cabinet::{Lang, Origin};
use world::{DEMO, World, worlds_of};

const KNOWN: &str = "+79001234567";
const UNKNOWN: &str = "+79007654321";
/// A day and a bit: every count of the day begins anew.
const DAY: i64 = 86_461;

#[derive(Debug, Clone, Copy)]
enum Door {
    Password,
    Restore,
    Code,
}

fn from(n: usize) -> Origin {
    Origin {
        ip: format!("10.{}.{}.{}", n / 60_000, n / 250 % 250, n % 250),
        user_agent: "test".into(),
        device: None,
    }
}

/// Knocks once; nanoseconds.
async fn knock(world: &World, door: Door, phone: &str, n: usize) -> u128 {
    let (cab, origin, nothing) = (&world.cab, from(n), Solved::default());
    let begun = Instant::now();
    let answer = match door {
        Door::Password => {
            let typed = "девять сосен";
            let done = access::by_password(cab, phone, typed, &origin, Lang::Ru, &nothing).await;
            done.map(drop).is_err()
        }
        Door::Restore => access::restore(cab, phone, &origin, Lang::Ru, &nothing)
            .await
            .is_ok(),
        Door::Code => access::request_code(cab, phone, &origin, Lang::Ru, &nothing)
            .await
            .is_ok(),
    };
    let took = begun.elapsed().as_nanos();
    assert!(answer, "{door:?} {phone} {n}");
    took
}

/// How often of a thousand pairs the first's time is the longer one; a tie is a half.
fn longer_of_a_thousand(first: &[u128], second: &mut [u128]) -> usize {
    second.sort_unstable();
    let halves: usize = first
        .iter()
        .map(|time| {
            let below = second.partition_point(|other| other < time);
            let to = second.partition_point(|other| other <= time);
            below + to
        })
        .sum();
    halves * 1_000 / (2 * first.len() * second.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_an_answer_tells_nothing_of_a_number() {
    let rounds: usize = std::env::var("KOPECK_TIMING").map_or(30, |text| text.parse().unwrap());
    // Five standard deviations of chance at this size, and never less than the goal's own 0.05.
    let aside = (5 * (1_000_000 / (6 * rounds)).isqrt()).max(50);
    let file = DEMO.replace(
        "method = \"phone_code\"",
        "method = \"phone_password\"\npassword_from = \"registration\"\nrestore = [\"sms\", \"email\"]",
    );
    for world in worlds_of("timing", &file).await {
        world.borrower(KNOWN).await;
        for door in [Door::Password, Door::Restore, Door::Code] {
            let (mut known, mut unknown) = (Vec::new(), Vec::new());
            for n in 0..rounds + 5 {
                world.clock.pass(DAY);
                let known_first = n % 2 == 0;
                let mut pair = [(KNOWN, &mut known), (UNKNOWN, &mut unknown)];
                if !known_first {
                    pair.reverse();
                }
                for (turn, (phone, times)) in pair.into_iter().enumerate() {
                    let took = knock(&world, door, phone, 2 * n + turn).await;
                    // The first few warm everything up.
                    if n >= 5 {
                        times.push(took);
                    }
                }
            }
            let longer = longer_of_a_thousand(&known, &mut unknown);
            println!("{door:?}: {longer} of 1000 over {rounds} rounds");
            assert!(
                longer.abs_diff(500) <= aside,
                "{door:?}: the known number's answer is the longer one in {longer} of 1000 pairs"
            );
        }
    }
}
