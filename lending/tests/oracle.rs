//! The engine's closed form against the naive day-by-day loan on random stories: not a kopeck of
//! difference. `KOPECK_ORACLE_RUNS` sets how many loans are played, `KOPECK_ORACLE_SEED` where
//! they begin; a failing story is shortened and printed as input of `kopeck simulate`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod common;
mod naive;
mod oracle_parts;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use common::setting;
use naive::story::Story;
use oracle_parts::generate::story;
use oracle_parts::play::play;

/// How often each thing happened.
type Tally = BTreeMap<String, u64>;

/// What both sides made of a story; the error names the first difference.
fn verdict(story: &Story) -> Result<Vec<String>, String> {
    catch_unwind(AssertUnwindSafe(|| play(story))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
        Err(format!("panicked: {}", text.unwrap_or_default()))
    })
}

/// The same failure with as few events and days as possible.
fn shortened(mut story: Story) -> Story {
    let fails = |story: &Story| verdict(story).is_err();
    let mut changed = true;
    while changed {
        changed = false;
        for index in (0..story.events.len()).rev() {
            let mut shorter = story.clone();
            shorter.events.remove(index);
            if fails(&shorter) {
                (story, changed) = (shorter, true);
            }
        }
        for index in (0..story.on.len()).rev() {
            let mut shorter = story.clone();
            shorter.on.remove(index);
            if fails(&shorter) {
                (story, changed) = (shorter, true);
            }
        }
    }
    story
}

/// What a person needs to see the difference again.
fn report(seed: u64, found: Story) -> String {
    let story = shortened(found);
    let difference = verdict(&story).unwrap_err();
    let beyond = match story.beyond_the_tool().as_slice() {
        [] => String::new(),
        notes => format!("The tool has no words for: {}.\n", notes.join("; ")),
    };
    let json = story.json();
    format!(
        "seed {seed}: {difference}\n\necho '{json}' | kopeck simulate\n{beyond}\
         Again: KOPECK_ORACLE_SEED={seed} KOPECK_ORACLE_RUNS=1\n{story:#?}"
    )
}

/// Plays stories from `first` on until `runs` of them were lawful, on every core.
fn play_all(first: u64, runs: u64) -> (Tally, u64) {
    let (next, done) = (AtomicU64::new(first), AtomicU64::new(0));
    let failure: Mutex<Option<(u64, Story)>> = Mutex::new(None);
    let total: Mutex<Tally> = Mutex::new(Tally::new());
    let work = || {
        let mut tally = Tally::new();
        while done.load(Ordering::Relaxed) < runs && failure.lock().unwrap().is_none() {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let story = story(number);
            match verdict(&story) {
                Ok(corners) => {
                    let lawful = !corners.iter().any(|what| what == "unlawful");
                    done.fetch_add(u64::from(lawful), Ordering::Relaxed);
                    for what in corners {
                        *tally.entry(what).or_default() += 1;
                    }
                }
                Err(_) => *failure.lock().unwrap() = Some((number, story)),
            }
        }
        for (what, times) in tally {
            *total.lock().unwrap().entry(what).or_default() += times;
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(work);
        }
    });
    if let Some((seed, story)) = failure.into_inner().unwrap() {
        panic!("{}", report(seed, story));
    }
    (total.into_inner().unwrap(), next.into_inner() - first)
}

#[test]
fn closed_form_equals_the_day_by_day_oracle() {
    let runs = setting("KOPECK_ORACLE_RUNS", 100_000);
    let (tally, tried) = play_all(setting("KOPECK_ORACLE_SEED", 1), runs);
    eprintln!("{runs} lawful loans of {tried}: {tally:#?}");
    // A generator that never reaches a corner would prove nothing about it.
    let corners = [
        "unlawful",
        "paid",
        "prolonged",
        "prepaid",
        "interest_unpaid",
        "window",
        "count",
        "kind",
        "closed",
        "days",
        "overpaid",
        "overdue",
        "active",
        "repaid",
        "cap reached",
        "penalty taken",
        "written off",
        "rate lowered",
        "no cap",
        "promo",
        "annual",
        "special",
        "every_n_days",
        "monthly",
        "bullet",
        "several a day",
        "on a due date",
        "moved dates",
        "signed earlier",
    ];
    for corner in corners.iter().filter(|_| runs >= 50_000) {
        assert!(tally.contains_key(*corner), "never seen: {corner}");
    }
}

/// The report itself must be right: a story is shortened to what fails and printed for the tool.
#[test]
fn a_story_prints_as_input_of_the_tool() {
    let json = story(1).json();
    let mut keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    keys.sort_unstable();
    assert_eq!(keys, ["events", "loan", "on"]);
    assert!(json["loan"]["amount"].as_str().unwrap().contains('.'));
}
