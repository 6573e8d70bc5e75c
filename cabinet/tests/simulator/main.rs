//! Whole histories of a loan through the real use cases, with everything going wrong that can: lost, late,
//! repeated, reordered and forged news, calls that hang or whose answers are lost, two tabs, midnights, and the
//! death of the process at any commit and any call. Everything comes from a seed. After every step: debits
//! equal credits, the acquirer's truth is the journal and what is in transit, the shown debt is the debt counted by
//! another program, nothing acknowledged is lost, the chain is whole.
//!
//! `KOPECK_SIM_RUNS` histories of `KOPECK_SIM_STEPS` steps from `KOPECK_SIM_SEED` on; a tenth of them on Postgres when
//! `KOPECK_TEST_POSTGRES` names a server. A seed that fails is printed with its shortest steps and kept in `seeds.txt`.
//! `KOPECK_SIM_LIVES` lives of each kind are cut short at every point of every step.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::as_conversions,
    reason = "a history that can't go on stops; sizes and addresses come from the machine"
)]

mod chance;
mod guards;
mod history;
#[path = "../../../lending/tests/naive/mod.rs"]
mod naive;
mod owed;
mod steps;
#[path = "../support/mod.rs"]
mod support;
mod town;
mod truth;
mod ways;
mod wire;

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use cabinet::planted::{self, Sabotage};

use history::{Broken, History, Tally, live, story};
use steps::{Act, Step};
use town::{Scene, Town};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/simulator/seeds.txt");

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a whole number"))
}

fn length() -> usize {
    usize::try_from(number("KOPECK_SIM_STEPS", 60)).unwrap()
}

/// The seeds that once failed, with how many steps they had.
fn kept() -> Vec<(u64, usize)> {
    let text = std::fs::read_to_string(SEEDS).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let seed = words.next().expect("a seed").parse().expect("a seed");
            let steps = words.next().expect("steps").parse().expect("steps");
            (seed, steps)
        })
        .collect()
}

/// The fewest steps that still break a promise: one after another is left out.
fn shortest(town: &Town, seed: u64, scene: Scene, mut steps: Vec<Step>, broken: Broken) -> String {
    let mut what = broken.what;
    steps.truncate(broken.step + 1);
    let mut place = steps.len();
    while place > 0 {
        place -= 1;
        let mut fewer = steps.clone();
        fewer.remove(place);
        if let Err(still) = live(town, seed, scene, &fewer) {
            fewer.truncate(still.step + 1);
            steps = fewer;
            what = still.what;
            place = place.min(steps.len());
        }
    }
    let mut text = format!("{what}\n  {scene:?}\n");
    for step in steps {
        let _ = writeln!(text, "  {step:?}");
    }
    text
}

/// One at a time on the server: what others write would carry to its disk what a sabotage leaves behind.
static SERVER: Mutex<()> = Mutex::new(());

/// Lives histories on every processor until one breaks a promise.
fn simulate(town: &Town, name: &str, runs: u64) {
    let first = number("KOPECK_SIM_SEED", 1);
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let kept = kept();
    let total = Mutex::new(Tally::default());
    let began = Instant::now();
    let failure = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, NonZeroUsize::get) {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let old = usize::try_from(number).ok().and_then(|n| kept.get(n));
                    let fresh = || first + number - kept.len() as u64;
                    let (seed, steps) = old.copied().unwrap_or_else(|| (fresh(), length()));
                    if number >= runs + kept.len() as u64 {
                        return;
                    }
                    let (scene, list) = story(seed, steps);
                    match live(town, seed, scene, &list) {
                        Ok(tally) => total.lock().unwrap().add(&tally),
                        Err(broken) => {
                            stop.store(true, Ordering::Relaxed);
                            let text = shortest(town, seed, scene, list, broken);
                            *failure.lock().unwrap() = Some((seed, steps, text));
                        }
                    }
                }
            });
        }
    });
    if let Some((seed, steps, text)) = failure.into_inner().unwrap() {
        keep(seed, steps, &text);
        panic!("{name}: seed {seed} breaks a promise: {text}");
    }
    let tally = total.into_inner().unwrap();
    println!(
        "{name}: {runs} histories in {:.1} s, {} steps, {} deaths, {} calls hung, {} calls struck, \
         {} payments acknowledged",
        began.elapsed().as_secs_f64(),
        tally.steps,
        tally.crashes,
        tally.hangs,
        tally.struck,
        tally.acknowledged
    );
    println!("  {:?}", tally.seen);
    // Histories in which nothing happens would prove nothing.
    if runs >= 500 {
        for what in [
            "paid",
            "signed",
            "surplus",
            "news",
            "payout refused",
            "refund asked",
            "autopay allowed",
            "autopay taken back",
            "autopay debited",
            "saved card",
            "repaid from the balance",
            "promised",
            "statement",
            "assigned",
            "given up",
            "before a commit",
            "after a commit",
            "before a call",
            "after a call",
        ] {
            assert!(tally.seen.contains_key(what), "no history had: {what}");
        }
        assert!(tally.hangs > 0 && tally.struck > 0 && tally.crashes > runs);
    }
}

/// Beside the others, unless it is there: a mended fault stays mended.
fn keep(seed: u64, steps: usize, text: &str) {
    if kept().contains(&(seed, steps)) {
        return;
    }
    let what = text.lines().next().unwrap_or_default();
    let mut all = std::fs::read_to_string(SEEDS).unwrap();
    let _ = writeln!(all, "{seed} {steps} # {what}");
    std::fs::write(SEEDS, all).unwrap();
}

#[test]
fn no_history_breaks_a_promise_on_sqlite() {
    simulate(
        &Town::on_sqlite(),
        "SQLite",
        number("KOPECK_SIM_RUNS", 1_000),
    );
}

#[test]
fn no_history_breaks_a_promise_on_postgres() {
    if let Ok(server) = std::env::var("KOPECK_TEST_POSTGRES") {
        let _alone = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = number("KOPECK_SIM_RUNS", 1_000).div_ceil(10);
        simulate(&Town::on_quick_postgres(&server), "Postgres", runs);
    }
}

#[test]
fn one_seed_is_one_history() {
    let town = Town::on_sqlite();
    for seed in 900_001..900_006 {
        let (scene, steps) = story(seed, 40);
        let [first, second] = [(); 2].map(|()| live(&town, seed, scene, &steps).unwrap().end);
        assert_eq!(first, second, "seed {seed}");
    }
}

/// A step in which nothing goes wrong by itself.
fn calm(act: Act, luck: u64) -> Step {
    Step {
        act,
        luck,
        trouble: 0,
        crash: None,
    }
}

/// A life that is cut short at every point: where it begins, what happens, and what it must have seen to be whole.
struct Way {
    scene: Scene,
    acts: &'static [Act],
    seen: &'static [&'static str],
}

/// From the signature, or the money, through a payment and a prolongation.
const PROLONGED: [Act; 19] = [
    Act::Work,
    Act::Poll,
    Act::FindLoan,
    Act::Start,
    Act::Pay,
    Act::News,
    Act::Pass,
    Act::Prepare,
    Act::Sign,
    Act::Pay,
    Act::News,
    Act::News,
    Act::TwoTabs,
    Act::NotPaid,
    Act::Pay,
    Act::Pass,
    Act::Poll,
    Act::Look,
    Act::Daily,
];

/// Autopay on the payment date, a promised sum, and what was paid beyond it back.
const DEBITED: [Act; 16] = [
    Act::Allow,
    Act::Saved,
    Act::Due,
    Act::Autopay,
    Act::Due,
    Act::Autopay,
    Act::Poll,
    Act::Promise,
    Act::Keep,
    Act::Start,
    Act::Pay,
    Act::News,
    Act::Statement,
    Act::Refund,
    Act::Refund,
    Act::Work,
];

/// Money on a balance, a transfer, and what the lender gives up.
const BALANCED: [Act; 15] = [
    Act::TopUp,
    Act::Pay,
    Act::News,
    Act::Repay,
    Act::Statement,
    Act::Assign,
    Act::Pass,
    Act::Prepare,
    Act::Sign,
    Act::Pay,
    Act::Poll,
    Act::GiveUp,
    Act::Agree,
    Act::Refund,
    Act::Daily,
];

const WAYS: [Way; 4] = [
    Way {
        scene: Scene::Signed,
        acts: &PROLONGED,
        seen: &["signed", "news", "paid"],
    },
    Way {
        scene: Scene::Month,
        acts: &PROLONGED,
        seen: &["signed", "news", "paid"],
    },
    Way {
        scene: Scene::Month,
        acts: &DEBITED,
        seen: &["autopay debited", "saved card", "refund asked"],
    },
    Way {
        scene: Scene::Balance,
        acts: &BALANCED,
        seen: &["repaid from the balance", "statement", "signed", "given up"],
    },
];

/// Lives of a kind with such luck that they go all the way.
fn whole_lives(town: &Town, way: &Way, count: usize) -> Vec<(u64, Vec<Step>)> {
    let lives = (1..3_000).map(|luck| -> (u64, Vec<Step>) {
        let each = (1..).zip(way.acts);
        let steps = each.map(|(place, act)| calm(*act, luck * 1_000 + place));
        (luck, steps.collect())
    });
    let whole = lives.filter(|(seed, steps)| {
        let seen = live(town, *seed, way.scene, steps).unwrap().seen;
        way.seen.iter().all(|what| seen.contains_key(what))
    });
    let found: Vec<_> = whole.take(count).collect();
    assert_eq!(found.len(), count, "some luck is good: {:?}", way.scene);
    found
}

#[test]
fn the_process_may_die_at_any_point() {
    let town = Town::on_sqlite();
    let count = usize::try_from(number("KOPECK_SIM_LIVES", 1)).unwrap();
    let mut deaths = Tally::default();
    for way in &WAYS {
        for (seed, steps) in whole_lives(&town, way, count) {
            for step in 0..steps.len() {
                die_in_step(&town, (way.scene, seed), &steps, step, &mut deaths);
            }
        }
    }
    println!("the process died at {} points", deaths.crashes);
    assert!(deaths.crashes > 150, "only {} points", deaths.crashes);
}

/// The process dies at the first, the second, every point of a step, as many as it has.
fn die_in_step(
    town: &Town,
    (scene, seed): (Scene, u64),
    steps: &[Step],
    step: usize,
    deaths: &mut Tally,
) {
    for point in 0..80 {
        let mut steps = steps.to_vec();
        steps[step].crash = Some(point);
        let lived = live(town, seed, scene, &steps);
        let lived = lived.unwrap_or_else(|broken| {
            panic!("{scene:?}, dead at point {point} of step {step}: {broken:?}")
        });
        deaths.add(&lived);
        if lived.crashes == 0 {
            break;
        }
    }
}

/// Whether the histories or the guards notice a broken promise.
fn noticed(town: &Town, sabotage: Sabotage) -> Option<String> {
    planted::plant(Some(sabotage));
    // A step of a guard that can't go on panics, which is a notice too.
    let found = catch_unwind(AssertUnwindSafe(|| suite(town, 40)));
    planted::plant(None);
    match found {
        Ok(found) => found.err(),
        Err(panic) => Some(format!("panic: {:?}", panic.downcast_ref::<&str>())),
    }
}

/// Guards first, for they are quick; then histories.
fn suite(town: &Town, runs: u64) -> Result<(), String> {
    guards::all(town)?;
    for seed in 0..runs {
        let (scene, steps) = story(seed, 60);
        live(town, seed, scene, &steps).map_err(|broken| broken.what)?;
    }
    Ok(())
}

fn every_sabotage_is_noticed(town: &Town) {
    guards::all(town).unwrap();
    for sabotage in [
        Sabotage::NoLock,
        Sabotage::EarlyAnswer,
        Sabotage::NoSync,
        Sabotage::NoOwner,
        Sabotage::LooseCount,
    ] {
        let found = noticed(town, sabotage);
        println!("{sabotage:?}: {found:?}");
        assert!(found.is_some(), "{sabotage:?} goes unnoticed");
    }
}

#[test]
fn without_sabotage_the_guards_pass_and_with_any_they_do_not_on_sqlite() {
    let town = Town::on_sqlite();
    every_sabotage_is_noticed(&town);
    for ruin in guards::RUINS {
        let found = guards::ruined(&town, ruin);
        println!("{ruin:?}: {found:?}");
        assert!(found.is_err(), "{ruin:?} goes unnoticed");
    }
}

#[test]
fn without_sabotage_the_guards_pass_and_with_any_they_do_not_on_postgres() {
    if let Ok(server) = std::env::var("KOPECK_TEST_POSTGRES") {
        let _alone = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
        every_sabotage_is_noticed(&Town::on_postgres(&server));
    }
}
