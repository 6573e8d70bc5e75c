//! How likely a guess is (G12): the chance computed from the limiter's own numbers, and the real limiter raced.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(
    clippy::disallowed_methods,
    reason = "how long to race is said by the environment"
)]

mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use cabinet::access::{self, Proof, Purpose, Solved, codes};
use cabinet::profile::{self, Step};
use cabinet::{CabinetError, Lang, Lender, Origin};
use futures::future::join_all;
use lending::Kopecks;
use world::{DEMO, World, worlds, worlds_of};

/// The lenders' files: the law of guesses is theirs too.
const PRESETS: [&str; 6] = [
    DEMO,
    include_str!("../../lenders/usoseda.toml"),
    include_str!("../../lenders/smsfinance.toml"),
    include_str!("../../lenders/creditplus.toml"),
    include_str!("../../lenders/metrocredit.toml"),
    include_str!("../../lenders/credit911.toml"),
];

static NOTHING: Solved = Solved {
    token: String::new(),
    proof: String::new(),
    answer: String::new(),
};

fn from(ip: String, device: &str) -> Origin {
    Origin {
        ip,
        user_agent: "test".into(),
        device: Some(format!("a device of these tests {device}")),
    }
}

/// A pattern of what an attacker did in a day of 24 hours, whatever windows the limits have.
#[derive(Default)]
struct Tried {
    codes: u32,
    guesses: u32,
}

/// Asks for codes as often as they are given and guesses as often as guesses are compared, for two days, from a
/// network of its own each time; answers the most compared guesses of any 24 hours.
async fn greedy(world: &World, phone: &str) -> (u32, u32) {
    let step = 600;
    let mut hours: Vec<Tried> = Vec::new();
    for n in 0..(2 * 86_400 / step) {
        let thief = from(format!("10.{}.{}.1", n / 250, n % 250), "of a thief");
        let mut tried = Tried::default();
        if let Ok(sent) = access::request_code(&world.cab, phone, &thief, Lang::Ru, &NOTHING).await
        {
            tried.codes += 1;
            let right = world.last_digits().await;
            for guess in ["000000", "000001", "000002", "000003"] {
                assert_ne!(guess, right);
                let answer = access::verify(&world.cab, sent.code, guess, &thief).await;
                let Err(CabinetError::Fields(errors)) = answer else {
                    panic!("{answer:?}");
                };
                // Only a compared guess tells how many are left.
                tried.guesses += u32::from(!errors[0].args.is_empty());
            }
        }
        hours.push(tried);
        world.clock.pass(step);
    }
    let day = usize::try_from(86_400 / step).expect("steps");
    let most = |count: fn(&Tried) -> u32| {
        let sums = hours
            .windows(day)
            .map(|window| window.iter().map(count).sum::<u32>());
        sums.max().unwrap_or(0)
    };
    (most(|tried| tried.codes), most(|tried| tried.guesses))
}

/// Tails of a passport compared in the worst 24 hours.
async fn greedy_tails(world: &World, entered: &access::Entered) -> u32 {
    let step = 600;
    let mut compared = Vec::new();
    for n in 0..(2 * 86_400 / step) {
        let tail = format!("{:04}", n % 1000);
        let proof = Proof::Tail(&tail);
        let answer = access::prove(&world.cab, entered.borrower, entered.sign_in, proof).await;
        compared.push(u32::from(matches!(answer, Err(CabinetError::Fields(_)))));
        world.clock.pass(step);
    }
    let day = usize::try_from(86_400 / step).expect("steps");
    compared
        .windows(day)
        .map(|window| window.iter().sum())
        .max()
        .unwrap_or(0)
}

async fn passport(world: &World, entered: &access::Entered) {
    access::prove_by_answers(&world.cab, entered.sign_in)
        .await
        .expect("proved");
    let values = [("passport".to_owned(), "4510 129876".to_owned())];
    let (step, amount) = (Step::Passport, Kopecks::from_roubles(10_000));
    let origin = world.origin();
    // Not a whole page, but what was typed is kept.
    let _ = profile::save(
        &world.cab,
        entered.borrower,
        step,
        values.into(),
        origin,
        amount,
    )
    .await;
}

/// The most events that fit into any 24 hours under a limit of `most` for a window that opens with its first event:
/// every way to spend two days is walked through, an hour at a time, by the counter's own rule.
fn most_in_a_day(most: u32) -> u32 {
    const DAY: usize = 24;
    // Every state that a counter can be in: (hours since its window opened, events in it).
    let mut reached: BTreeSet<(usize, u32)> = BTreeSet::from([(DAY, 0)]);
    loop {
        let before = reached.len();
        for (age, hits) in reached.clone() {
            let (age, hits) = if age >= DAY { (DAY, 0) } else { (age, hits) };
            for now in 0..=(most - hits) {
                let opened = if hits == 0 && now > 0 { 0 } else { age };
                reached.insert(((opened + 1).min(DAY), hits + now));
            }
        }
        if reached.len() == before {
            break;
        }
    }
    // From each of them the best 24 hours, backwards: the value of a state at hour h.
    let mut best: BTreeMap<(usize, u32), u32> = BTreeMap::new();
    for _ in 0..DAY {
        let mut now_best = BTreeMap::new();
        for &(age, hits) in &reached {
            let (age, held) = if age >= DAY { (DAY, 0) } else { (age, hits) };
            let value = (0..=(most - held)).map(|now| {
                let opened = if held == 0 && now > 0 { 0 } else { age };
                let next = ((opened + 1).min(DAY), held + now);
                now + best.get(&next).copied().unwrap_or(0)
            });
            now_best.insert((age, hits), value.max().unwrap_or(0));
        }
        best = now_best;
    }
    best.values().copied().max().unwrap_or(0)
}

/// What guessing can reach at a lender in the worst 24 hours, by the limiter's own numbers.
struct Worst {
    guesses: u32,
    tails: u32,
    passwords: u32,
}

impl Worst {
    fn of(lender: &Lender) -> Self {
        let tries = u32::try_from(codes::TRIES).expect("tries");
        Self {
            guesses: most_in_a_day(lender.access.codes_per_phone_day) * tries,
            tails: most_in_a_day(access::TAIL_TRIES_A_DAY),
            passwords: most_in_a_day(access::PASSWORD_FAILURES_A_DAY),
        }
    }

    fn code(guesses: f64) -> f64 {
        guesses / 10_f64.powf(codes::DIGITS.into())
    }

    /// The second proof on a device never seen before: the likelier of the two. A password that passes the list of
    /// known ones is at least as rare as one in ten thousand.
    fn proof(&self) -> f64 {
        let tail = f64::from(self.tails) / 10_f64.powf(access::TAIL_DIGITS.into());
        tail.max(f64::from(self.passwords) * 1e-4)
    }
}

#[test]
fn the_model_of_a_counter_knows_that_two_windows_touch_one_day() {
    // A window opened just before the day, its last events inside, and a whole window after it.
    assert_eq!([1, 2, 3, 5].map(most_in_a_day), [1, 3, 5, 9]);
}

/// G12, computed: the chance to get at somebody's money or passport on a device never seen before is the chance to
/// guess the code times the chance to guess the second proof, for whatever schedule the limiter's numbers allow.
#[test]
fn whatever_the_schedule_a_guess_succeeds_once_in_a_million_accounts_and_days() {
    for file in PRESETS {
        let lender = Lender::parse(file).expect("a lender");
        let worst = Worst::of(&lender);
        let (code, proof) = (Worst::code(worst.guesses.into()), worst.proof());
        println!("{}: code {code:e}, second proof {proof:e}", lender.code);
        let chance = code * proof;
        assert!(
            chance <= 1e-6,
            "{}: {chance:e} for an account and a day",
            lender.code
        );
        // A spray over a hundred thousand accounts is bounded by everybody's failures as well.
        // Twenty-five windows of an hour touch a day.
        let all = f64::from(lender.access.failures_total_hour) * 25.0;
        let spray = Worst::code(all.min(1e5 * f64::from(worst.guesses))) * proof;
        assert!(
            spray <= 1e-3,
            "{}: {spray:e} hits of a spray in a day",
            lender.code
        );
    }
}

/// G12: the real limiter compares no more than the model of it says.
#[tokio::test(flavor = "multi_thread")]
async fn the_limiter_compares_no_more_guesses_than_its_model() {
    for world in worlds("guess").await {
        let owner = world.entered("+79001234567", &world.origin()).await;
        passport(&world, &owner).await;
        world.clock.pass(86_400);
        let worst = Worst::of(world.cab.lender());
        let (codes_a_day, guesses) = greedy(&world, "+79001234567").await;
        let most = most_in_a_day(world.cab.lender().access.codes_per_phone_day);
        assert!(codes_a_day <= most, "{codes_a_day} codes");
        assert!((1..=worst.guesses).contains(&guesses), "{guesses} guesses");
        world.clock.pass(86_400);
        let thief = world
            .entered("+79001234567", &from("192.0.2.9".into(), "of a thief"))
            .await;
        let tails = greedy_tails(&world, &thief).await;
        assert!((1..=worst.tails).contains(&tails), "{tails} tails");
    }
}

/// G12, the race: of hundreds of guesses at once, with the right one among the last, no more are compared than a
/// code allows, and the right one comes too late. Round after round.
#[tokio::test(flavor = "multi_thread")]
async fn of_hundreds_of_guesses_at_once_three_are_compared() {
    let rounds: u32 =
        std::env::var("KOPECK_RACE_ROUNDS").map_or(40, |n| n.parse().expect("a number of rounds"));
    let file = DEMO.replace("[access]", "[access]\nfailures_total_hour = 100000000");
    for world in worlds_of("race", &file).await {
        for round in 0..rounds {
            // Every twentieth is a crowd, the others are many.
            let crowd = if round % 20 == 0 { 500 } else { 24 };
            race(&world, round, crowd).await;
            world.clock.pass(60);
        }
    }
}

async fn race(world: &World, round: u32, crowd: u32) {
    let phone = format!("+79{:02}{:07}", round % 100, 1_000_000 + round);
    let home = from(
        format!("10.8.{}.{}", round / 250, round % 250),
        "of an owner",
    );
    let sent = access::request_code(&world.cab, &phone, &home, Lang::Ru, &NOTHING)
        .await
        .expect("a code");
    let right = world.last_digits().await;
    let compared = AtomicU32::new(0);
    let guesses = (0..crowd).map(|n| {
        let (cab, compared) = (&world.cab, &compared);
        let last = n >= crowd - crowd / 5;
        let number: u32 = right.parse().expect("digits");
        let wrong = format!("{:06}", (number + 1 + n) % 1_000_000);
        let guess = if last { right.clone() } else { wrong };
        async move {
            // Each from a network of its own.
            let place = (round % 200) * 600 + n;
            let (a, b) = (place / 250 % 250, place % 250);
            let origin = from(format!("10.{}.{a}.{b}", 100 + place / 62_500), "of a thief");
            while last && compared.load(Ordering::SeqCst) < 3 {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            let answer = access::verify(cab, sent.code, &guess, &origin).await;
            let told = matches!(&answer, Err(CabinetError::Fields(e)) if !e[0].args.is_empty());
            compared.fetch_add(u32::from(told || answer.is_ok()), Ordering::SeqCst);
            answer.is_ok()
        }
    });
    let opened = join_all(guesses).await;
    assert!(!opened.contains(&true), "round {round}: a guess came in");
    assert_eq!(compared.load(Ordering::SeqCst), 3, "round {round}");
}

/// Passwords sent at once share the day's tries as well: no more are hashed than are counted.
#[tokio::test(flavor = "multi_thread")]
async fn passwords_sent_at_once_share_the_tries_of_a_day() {
    let file = DEMO.replace(
        "method = \"phone_code\"",
        "method = \"phone_password\"\npassword_from = \"registration\"\nrestore = [\"sms\"]\n\
         challenge_after_failures = 1000",
    );
    for world in worlds_of("many_passwords", &file).await {
        let before = world.cab.hasher().hashes();
        let tries = (0..40_u32).map(|n| {
            let cab = &world.cab;
            let thief = from(format!("10.7.{n}.1"), "of a thief");
            async move {
                let guess = format!("девять сосен {n}");
                let phone = "+79001234567";
                let tried = access::by_password(cab, phone, &guess, &thief, Lang::Ru, &NOTHING);
                tried.await.expect_err("wrong").code()
            }
        });
        let told = join_all(tries).await;
        let most = access::PASSWORD_FAILURES_A_DAY;
        let compared = world.cab.hasher().hashes() - before;
        assert!(
            (3..=u64::from(most)).contains(&compared),
            "{compared}: {told:?}"
        );
        let waits = |code: &&&str| matches!(**code, "password_day" | "challenge");
        assert_eq!(
            told.iter().filter(waits).count(),
            40 - usize::try_from(compared).unwrap()
        );
    }
}

/// A stranger who uses up the codes to come in with leaves the owner those to sign with, and both together are what
/// a phone gets in a day.
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_gets_its_codes_to_come_in_and_as_many_to_sign_with_and_no_more() {
    for world in worlds("sum").await {
        let cab = &world.cab;
        let owner = world.entered("+79001234567", &world.origin()).await;
        let per_day = cab.lender().access.codes_per_phone_day;
        let mut sent = 1;
        for n in 0..40 {
            world.clock.pass(61);
            let thief = from(format!("10.6.{n}.1"), "of a thief");
            let asked = access::request_code(cab, "+79001234567", &thief, Lang::Ru, &NOTHING).await;
            sent += u32::from(asked.is_ok());
        }
        assert_eq!(sent, per_day);
        let mut signed = 0;
        for n in 0..40 {
            world.clock.pass(61);
            let purpose = [Purpose::Contract, Purpose::Prolongation][n % 2];
            let cabinet = cab.clone();
            let issued = cab.db().write(move |tx| {
                Box::pin(async move {
                    let (who, object) = (owner.borrower, format!("object {n}"));
                    codes::issue(tx, &cabinet, who, purpose, &object, "hash", Lang::Ru).await
                })
            });
            signed += u32::from(issued.await.is_ok());
        }
        assert_eq!(signed, per_day, "signatures of every kind share theirs");
        assert_eq!(world.count("code").await, i64::from(2 * per_day));
    }
}
