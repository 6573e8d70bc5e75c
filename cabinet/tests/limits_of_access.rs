//! What an attack by messages costs (G13), what a spray of guesses ends in, and who is asked whether they are a robot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(
    clippy::disallowed_methods,
    reason = "how long to attack is said by the environment"
)]

mod world;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cabinet::access::{self, Form, Solved};
use cabinet::{Lang, Origin};
use world::{DEMO, worlds_of};

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

/// The global budget: when everybody together fails too often, unknown devices wait and known ones do not.
#[tokio::test(flavor = "multi_thread")]
async fn a_spray_closes_the_door_for_unknown_devices_only() {
    let file = DEMO.replace("[access]", "[access]\nfailures_total_hour = 20");
    for world in worlds_of("spray", &file).await {
        let home = world.origin();
        world.entered("+79001234567", &home).await;
        world.clock.pass(61);
        for n in 0..7_u32 {
            let (phone, thief) = (
                format!("+7911{n}000000"),
                from(format!("10.1.{n}.1"), "of a thief"),
            );
            let sent = access::request_code(&world.cab, &phone, &thief, Lang::Ru, &NOTHING).await;
            let sent = sent.expect("a code");
            for guess in ["999990", "999991", "999992"] {
                let _ = access::verify(&world.cab, sent.code, guess, &thief).await;
            }
        }
        // The others' messages first: the newest one is looked for below.
        world.work().await;
        let away = from("192.0.2.200".into(), "away");
        let sent =
            access::request_code(&world.cab, "+79001234567", &away, Lang::Ru, &NOTHING).await;
        let (sent, digits) = (sent.expect("a code"), world.last_digits().await);
        let late = access::verify(&world.cab, sent.code, &digits, &away).await;
        assert_eq!(
            late.expect_err("an unknown device").code(),
            "failures_total_hour"
        );
        access::verify(&world.cab, sent.code, &digits, &home)
            .await
            .expect("a known one");
    }
}

/// Networks that robots come from.
const SOURCES: u32 = 10_000;
/// How often the alarm of spending has sounded.
static ALARMS: AtomicU64 = AtomicU64::new(0);

/// Hears one counter of the program's metrics.
struct Alarm;

struct Bell;

impl metrics::CounterFn for Bell {
    fn increment(&self, value: u64) {
        ALARMS.fetch_add(value, Ordering::SeqCst);
    }

    fn absolute(&self, _: u64) {}
}

impl metrics::Recorder for Alarm {
    fn describe_counter(
        &self,
        _: metrics::KeyName,
        _: Option<metrics::Unit>,
        _: metrics::SharedString,
    ) {
    }

    fn describe_gauge(
        &self,
        _: metrics::KeyName,
        _: Option<metrics::Unit>,
        _: metrics::SharedString,
    ) {
    }

    fn describe_histogram(
        &self,
        _: metrics::KeyName,
        _: Option<metrics::Unit>,
        _: metrics::SharedString,
    ) {
    }

    fn register_counter(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Counter {
        if key.name() == "kopeck_codes_alarm_total" {
            metrics::Counter::from_arc(Arc::new(Bell))
        } else {
            metrics::Counter::noop()
        }
    }

    fn register_gauge(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Gauge {
        metrics::Gauge::noop()
    }

    fn register_histogram(
        &self,
        _: &metrics::Key,
        _: &metrics::Metadata<'_>,
    ) -> metrics::Histogram {
        metrics::Histogram::noop()
    }
}

/// G13. Robots from thousands of networks, to numbers one after another and far apart, get no more messages than the
/// budgets say, an alarm is raised, and the ordinary people among them get theirs.
#[tokio::test(flavor = "multi_thread")]
async fn an_attack_by_messages_costs_what_the_budget_says() {
    let requests: u32 = std::env::var("KOPECK_SOAK_REQUESTS")
        .map_or(4_000, |n| n.parse().expect("a number of requests"));
    let file = DEMO.replace("[access]", "[access]\ncodes_total_hour = 400");
    let _ = metrics::set_global_recorder(Alarm);
    for world in worlds_of("pumping", &file).await {
        // Sixty people who have been here before, and sixty new ones.
        let mut known = Vec::new();
        for n in 0..60_u32 {
            let home = from(format!("172.16.0.{n}"), &format!("of number {n}"));
            world.entered(&format!("+79{n:02}5550001"), &home).await;
            known.push(home);
        }
        world.clock.pass(3601);
        let before = world.count("code").await;
        let (mut served, mut asked, mut people) = (0, 0, 0);
        let (mut networks, alarms) = (BTreeSet::new(), ALARMS.load(Ordering::SeqCst));
        for n in 0..requests {
            // Ten thousand networks, and each is one of them.
            let place = n % SOURCES;
            let address = format!("10.{}.{}.1", place / 250, place % 250);
            networks.insert(address.clone());
            let robot = from(address, &format!("robot {n}"));
            let phone = if n % 2 == 0 {
                format!("+7912000{:04}", n % 10_000)
            } else {
                format!("+79{:02}{:07}", n % 89, (n * 7919) % 10_000_000)
            };
            let none = &NOTHING;
            let _ = access::request_code(&world.cab, &phone, &robot, Lang::Ru, none).await;
            if n % (requests / 60) != requests / 120 {
                continue;
            }
            let who = n / (requests / 60);
            if who >= 60 {
                break;
            }
            asked += 2;
            let at = usize::try_from(who).expect("an index").min(59);
            let phone = format!("+79{at:02}5550001");
            let home = &known[at];
            served += u32::from(
                access::request_code(&world.cab, &phone, home, Lang::Ru, none)
                    .await
                    .is_ok(),
            );
            // A new one whose browser computes for a moment when it is asked to.
            let new = from(format!("172.17.0.{at}"), &format!("new {at}"));
            let solved = if access::challenged(&world.cab, Form::Code, &new)
                .await
                .expect("known")
            {
                let asked = access::challenge(&world.cab, Form::Code, &new, Lang::Ru).expect("one");
                Solved {
                    proof: access::solve(&asked.token),
                    token: asked.token,
                    ..Solved::default()
                }
            } else {
                Solved::default()
            };
            let phone = format!("+79{at:02}7770001");
            let answer = access::request_code(&world.cab, &phone, &new, Lang::Ru, &solved).await;
            served += u32::from(answer.is_ok());
            people += 1;
        }
        let sent = world.count("code").await - before;
        let budget = i64::from(world.cab.lender().access.codes_total_hour);
        println!(
            "{requests} requests: {sent} messages, the budget is {budget}; {served} of {asked} people served"
        );
        assert!(
            sent <= budget + i64::from(people),
            "{sent} messages within the hour"
        );
        assert!(people >= 50, "{people}");
        assert!(
            f64::from(served) >= f64::from(asked) * 0.99,
            "{served} of {asked} people"
        );
        let sources = usize::try_from(requests.min(SOURCES)).expect("a number");
        assert!(
            networks.len() + 60 >= sources,
            "{} networks",
            networks.len()
        );
        // No range of a hundred numbers got more than its share.
        let counted = "limit_counter WHERE kind = 'code_range_hour' AND hits > 30";
        assert_eq!(world.count(counted).await, 0);
        let alarmed = "limit_counter WHERE kind = 'code_total_hour' AND hits >= 200";
        assert_eq!(
            world.count(alarmed).await,
            1,
            "half of the budget is gone: the alarm's line"
        );
        assert!(
            ALARMS.load(Ordering::SeqCst) > alarms,
            "the alarm has sounded"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_captcha_is_believed_once_and_shuts_nobody_out() {
    let file = DEMO.replace(
        "[access]",
        "[access]\nchallenge = \"smart_captcha\"\nsmart_captcha_key = \"of a page\"\nchallenge_after_codes = 1",
    );
    for world in worlds_of("captcha", &file).await {
        let here = from("192.0.2.60".into(), "here");
        let ask = async |phone: &str, solved: &Solved| {
            let sent = access::request_code(&world.cab, phone, &here, Lang::Ru, solved).await;
            sent.map(drop).map_err(|error| error.code())
        };
        let proof = |proof: &str| Solved {
            proof: proof.into(),
            ..Solved::default()
        };
        ask("+79001120001", &NOTHING).await.expect("not asked yet");
        for refused in [NOTHING.clone(), proof("robot")] {
            assert_eq!(ask("+79001120002", &refused).await, Err("challenge"));
        }
        ask("+79001120002", &proof("person 1"))
            .await
            .expect("passed");
        assert_eq!(
            ask("+79001120003", &proof("person 1")).await,
            Err("challenge"),
            "a replay"
        );
        ask("+79001120003", &proof("ill"))
            .await
            .expect("the service is ill, people are not");
        // Its script was blocked: the picture is there all the same, and no proof of work stands for it.
        let token = access::challenge(&world.cab, Form::Code, &here, Lang::Ru)
            .expect("one")
            .token;
        let work = Solved {
            proof: access::solve(&token),
            token,
            ..Solved::default()
        };
        assert_eq!(ask("+79001120004", &work).await, Err("challenge"));
        let asked = access::challenge(&world.cab, Form::Code, &here, Lang::Ru).expect("one");
        let answered = Solved {
            answer: sum_of(&asked.question),
            token: asked.token,
            ..Solved::default()
        };
        ask("+79001120004", &answered)
            .await
            .expect("answered by hand");
    }
}

/// The answer to a question in words.
fn sum_of(question: &str) -> String {
    let words = locales::Words::new(Lang::Ru);
    let said = |n: &usize| words.t(&format!("cabinet-access-number-{n}"));
    let value = |word: &str| (1..=10_usize).find(|n| said(n) == word);
    let sum: usize = question.split([' ', '?']).filter_map(value).sum();
    sum.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_solved_challenge_counts_once_for_one_form_and_one_network() {
    let file = DEMO.replace("[access]", "[access]\nchallenge_after_codes = 1");
    for world in worlds_of("challenge", &file).await {
        let here = from("192.0.2.50".into(), "here");
        let ask = async |phone: &str, origin: &Origin, solved: &Solved| {
            let sent = access::request_code(&world.cab, phone, origin, Lang::Ru, solved).await;
            sent.map(drop).map_err(|error| error.code())
        };
        ask("+79001110001", &here, &NOTHING)
            .await
            .expect("the first is not asked");
        assert_eq!(ask("+79001110002", &here, &NOTHING).await, Err("challenge"));
        let new = |form, origin: &Origin| {
            access::challenge(&world.cab, form, origin, Lang::Ru).expect("one")
        };
        let work = |form, origin: &Origin| {
            let token = new(form, origin).token;
            Solved {
                proof: access::solve(&token),
                token,
                ..Solved::default()
            }
        };
        let solved = work(Form::Code, &here);
        let lazy = Solved {
            proof: "1".into(),
            ..solved.clone()
        };
        assert_eq!(ask("+79001110002", &here, &lazy).await, Err("challenge"));
        ask("+79001110002", &here, &solved).await.expect("solved");
        for n in 3..103 {
            let phone = format!("+7900111{n:04}");
            assert_eq!(
                ask(&phone, &here, &solved).await,
                Err("challenge"),
                "a replay"
            );
        }
        let there = from("192.0.2.51".into(), "there");
        for foreign in [work(Form::Register, &here), work(Form::Code, &there)] {
            assert_eq!(ask("+79001119999", &here, &foreign).await, Err("challenge"));
        }
        let late = work(Form::Code, &here);
        world.clock.pass(601);
        assert_eq!(ask("+79001119999", &here, &late).await, Err("challenge"));
        // Without scripts: the sum of two words.
        let asked = new(Form::Code, &here);
        assert!(asked.picture.starts_with("data:image/png;base64,"));
        let wrong = Solved {
            token: asked.token.clone(),
            answer: "0".into(),
            ..Solved::default()
        };
        assert_eq!(ask("+79001119999", &here, &wrong).await, Err("challenge"));
        let answered = Solved {
            answer: sum_of(&asked.question),
            token: asked.token,
            ..Solved::default()
        };
        ask("+79001119999", &here, &answered)
            .await
            .expect("answered");
    }
}
