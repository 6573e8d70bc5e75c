//! One person, one cabinet; another phone; the end of a cabinet; the diary. On SQLite and, when there is
//! one, on Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use std::collections::BTreeMap;

use cabinet::access::{self, Registration, Solved, Verified};
use cabinet::diary::{self, Role};
use cabinet::document::LegalKind;
use cabinet::lender::help::Evidence;
use cabinet::person::{self, Hold};
use cabinet::profile::{self, Step};
use cabinet::request::{self, Asked, State};
use cabinet::staff::{self, Staff};
use cabinet::{BorrowerId, CabinetError, Lang, Origin, RequestId, StaffId};
use lending::Kopecks;
use uuid::Uuid;
use world::{DEMO, World, worlds, worlds_of};

const SMALL: Kopecks = Kopecks::from_roubles(15_000);
const OLD: &str = "+79001234567";
const NEW: &str = "+79007654321";

fn from(device: &str) -> Origin {
    Origin {
        ip: "192.0.2.9".into(),
        user_agent: "test".into(),
        device: Some(format!("a device of these tests {device}")),
    }
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

/// Who somebody says they are.
#[derive(Clone, Copy)]
struct Paper<'a> {
    name: &'a str,
    passport: &'a str,
    inn: &'a str,
}

const MARIA: Paper<'_> = Paper {
    name: "Иванова",
    passport: "4510 123456",
    inn: "500100732259",
};

async fn person(world: &World, who: BorrowerId, paper: Paper<'_>) -> Result<(), CabinetError> {
    let person = [
        ("last_name", paper.name),
        ("first_name", "Мария"),
        ("birth_date", "12.05.1990"),
        ("sex", "female"),
    ];
    let passport = [
        ("passport", paper.passport),
        ("passport_code", "770001"),
        ("passport_issuer", "ОВД района Арбат г. Москвы"),
        ("passport_date", "20.06.2010"),
        ("inn", paper.inn),
        ("public_official", "no"),
    ];
    let save = async |step, pairs: &[(&str, &str)]| {
        profile::save(&world.cab, who, step, values(pairs), world.origin(), SMALL)
            .await
            .map(drop)
    };
    save(Step::Person, &person).await?;
    save(Step::Passport, &passport).await
}

fn sent_to(world: &World, phone: &str) -> Vec<String> {
    let digits = phone.trim_start_matches('+');
    let sent = world.messages.sent.lock().expect("sent");
    sent.iter()
        .filter(|(to, _)| to == digits)
        .map(|(_, text)| text.clone())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_one_cabinet() {
    for world in worlds("one_person").await {
        let first = world.borrower(OLD).await;
        person(&world, first, MARIA).await.expect("the first");
        let second = world.borrower(NEW).await;
        let refused = person(&world, second, MARIA).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Conflict("person_exists"))
        ));
        // What was typed stays, and the page is not done.
        let view = profile::load(&world.cab, second, SMALL)
            .await
            .expect("a view");
        assert!(view.double && view.values["passport"] == "4510 123456");
        assert!(view.steps.contains(&(Step::Passport, false)));
        world.work().await;
        let told = |world: &World| {
            let sent = sent_to(world, OLD);
            sent.iter()
                .filter(|text| text.contains("второй кабинет"))
                .count()
        };
        assert_eq!(told(&world), 1, "the owner is told");
        // The same taxpayer number under another name is the same person, however the name is spelled.
        let married = Paper {
            name: "Петрова",
            passport: "4511 654321",
            ..MARIA
        };
        let refused = person(&world, second, married).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Conflict("person_exists"))
        ));
        world.work().await;
        assert_eq!(told(&world), 1, "once a day");
        // A slip of the finger is corrected, and the way is free.
        let other = Paper {
            name: "Семёнова",
            passport: "4512 111111",
            inn: "500100732001",
        };
        person(&world, second, other).await.expect("somebody else");
        let view = profile::load(&world.cab, second, SMALL)
            .await
            .expect("a view");
        assert!(!view.double);
        assert_eq!(world.count("person_claim").await, 4);
        // What the second one typed by mistake holds nobody.
        let third = world.borrower("+79001112233").await;
        let free = Paper {
            inn: "500100732570",
            ..married
        };
        person(&world, third, free).await.expect("free again");
        // Trying others' data is counted.
        for _ in 0..5 {
            let _ = person(&world, third, MARIA).await;
        }
        let refused = person(&world, third, MARIA).await.expect_err("refused");
        assert_eq!(refused.code(), "person_day");
    }
}

/// Both arrive at once: the table's key lets one in, whichever it is.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_one_is_first() {
    for world in worlds("at_once").await {
        for round in 0..12_u32 {
            let paper = format!("4510 2{round:05}");
            let name = ["Иванова", "ИВАНОВА"];
            let mut who = Vec::new();
            for place in 0..2_u32 {
                let phone = format!("+7900{:07}", round * 10 + place);
                who.push(world.borrower(&phone).await);
                world.clock.pass(3600);
            }
            let one = Paper {
                name: name[0],
                passport: &paper,
                inn: "",
            };
            let other = Paper {
                name: name[1],
                ..one
            };
            // Without the taxpayer number the page is not done, so the claim is made by the first page alone.
            let save = async |who: BorrowerId, paper: Paper<'_>| {
                let _ = person(&world, who, Paper { inn: "", ..paper }).await;
                let all = [
                    ("last_name", paper.name),
                    ("first_name", "Мария"),
                    ("birth_date", "12.05.1990"),
                    ("sex", "female"),
                ];
                profile::save(
                    &world.cab,
                    who,
                    Step::Person,
                    values(&all),
                    world.origin(),
                    SMALL,
                )
                .await
            };
            let (left, right) = tokio::join!(save(who[0], one), save(who[1], other));
            assert!(left.is_ok() && right.is_ok(), "{left:?} {right:?}");
            let mut doubles = 0;
            for who in who {
                let view = profile::load(&world.cab, who, SMALL).await.expect("a view");
                doubles += u32::from(view.double);
            }
            assert_eq!(doubles, 1, "round {round}");
        }
        assert_eq!(world.count("person_claim").await, 12);
    }
}

fn registering() -> String {
    format!(
        "{}\n[onboarding]\nbefore_code = [\"person\", \"passport\"]\n",
        DEMO.replace(
            "method = \"phone_code\"",
            "method = \"phone_password\"\npassword_from = \"registration\"\nrestore = [\"sms\"]",
        )
    )
}

async fn register(world: &World, phone: &str, last: &str) -> Result<Verified, CabinetError> {
    let answers = values(&[
        ("last_name", last),
        ("first_name", "Фёдор"),
        ("birth_date", "12.05.1990"),
        ("sex", "male"),
        ("passport", "4510 123456"),
        ("employer", "не спрашивали"),
    ]);
    let typed = Registration {
        phone,
        email: "",
        password: "восемь сосен",
        repeat: "восемь сосен",
        consent: true,
        answers: &answers,
    };
    let origin = from("at home");
    let sent = access::register(&world.cab, typed, &origin, Lang::Ru, &Solved::default()).await?;
    let digits = world.last_digits().await;
    access::verify(&world.cab, sent.code, &digits, &origin).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_registration_ends_without_a_cabinet() {
    for world in worlds_of("second", &registering()).await {
        let wrong = register(&world, OLD, "Ivanov").await;
        assert!(
            matches!(wrong, Err(CabinetError::Fields(errors)) if errors[0].field == "last_name")
        );
        let Ok(Verified::In(entered)) = register(&world, OLD, "Иванов").await else {
            panic!("no cabinet");
        };
        // Nobody types a thing twice.
        let view = profile::load(&world.cab, entered.borrower, SMALL)
            .await
            .expect("a view");
        assert!(view.steps.contains(&(Step::Person, true)));
        assert!(view.steps.contains(&(Step::Passport, false)));
        assert_eq!(view.values["passport"], "4510 123456");
        assert!(!view.values.contains_key("employer"));
        let before = world.count("borrower").await;
        let second = register(&world, NEW, "ИВАНОВ").await.expect("an answer");
        assert_eq!(second, Verified::PersonExists);
        assert_eq!(world.count("borrower").await, before, "no account");
        world.work().await;
        let told = sent_to(&world, OLD);
        assert!(told.iter().any(|text| text.contains("второй кабинет")));
        // The same number again is a number in use; of the person nothing is said.
        let same = register(&world, OLD, "Иванов").await.expect("an answer");
        assert_eq!(same, Verified::InUse);
    }
}

const STAFF: [StaffId; 2] = [StaffId(Uuid::from_u128(1)), StaffId(Uuid::from_u128(2))];

/// The one who compares and the one who has the last word.
fn staff() -> [Staff; 2] {
    STAFF.map(|id| Staff {
        id,
        login: "colleague".into(),
        name: "Коллега".into(),
        roles: vec![staff::Role::Support],
        must_change: false,
    })
}

async fn asked_outside(world: &World, birth: &str) -> RequestId {
    let asked = Asked {
        old_phone: OLD,
        new_phone: NEW,
        passport: "4510 123456",
        birth_date: birth,
    };
    let origin = from("a new phone");
    let sent = request::ask(&world.cab, asked, &origin, Lang::Ru, &Solved::default())
        .await
        .expect("a code");
    let digits = world.last_digits().await;
    let begun = access::verify(&world.cab, sent.code, &digits, &origin).await;
    let Ok(Verified::Requested(id)) = begun else {
        panic!("{begun:?}");
    };
    world.work().await;
    id
}

/// Two have agreed an hour after the first one's word: the owner has the rest of the day to object, and the cabinet is
/// as the lender's file says meanwhile.
async fn waited(world: &World, who: BorrowerId, id: RequestId) {
    let cab = &world.cab;
    let waits = request::view(cab, id).await.expect("a view");
    assert_eq!(waits.state, State::Waiting);
    assert_eq!(person::hold(cab, who).await.expect("a hold"), Hold::Closed);
    assert!(
        request::queue(cab, &staff()[0])
            .await
            .expect("a queue")
            .is_empty()
    );
    for phone in [OLD, NEW] {
        let told = sent_to(world, phone);
        let last = told.last().expect("a text");
        assert!(last.contains("23 ч"), "{last}");
    }
    world.clock.pass(22 * 3_600);
    world.work().await;
    assert_eq!(
        request::view(cab, id).await.expect("a view").state,
        State::Waiting
    );
    world.clock.pass(3_600);
    world.work().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_the_staff_change_a_number_whose_owner_can_not_sign_in() {
    let closed = DEMO.replace("meanwhile = \"read_and_pay\"", "meanwhile = \"closed\"");
    for world in worlds_of("outside", &closed.replace("self_service = true", "")).await {
        let who = world.borrower(OLD).await;
        person(&world, who, MARIA).await.expect("right");
        let id = asked_outside(&world, "12.05.1990").await;
        assert_eq!(
            person::hold(&world.cab, who).await.expect("a hold"),
            Hold::Closed
        );
        assert!(
            sent_to(&world, OLD)
                .iter()
                .any(|text| text.contains("сменить номер"))
        );
        let queue = request::queue(&world.cab, &staff()[0])
            .await
            .expect("a queue");
        assert!(queue.len() == 1 && queue[0].known && queue[0].state == State::Open);
        // Whoever looks says why, and the owner reads it.
        let cab = &world.cab;
        assert!(request::details(cab, &staff()[0], " ", id).await.is_err());
        let details = request::details(cab, &staff()[0], "звонок клиента", id)
            .await
            .expect("details");
        assert_eq!(
            (details.new_phone.as_str(), details.borrower),
            ("79007654321", Some(who))
        );
        let early = request::approve(cab, &staff()[1], id)
            .await
            .expect_err("nothing compared");
        assert_eq!(early.code(), "request_state");
        let half = request::check(cab, &staff()[0], id, None, &[Evidence::Passport]).await;
        assert!(
            matches!(half, Err(CabinetError::Fields(errors)) if errors[0].code == "evidence_missing")
        );
        let all = [Evidence::Passport, Evidence::PreviousPhone];
        request::check(cab, &staff()[0], id, None, &all)
            .await
            .expect("compared");
        let alone = request::approve(cab, &staff()[0], id)
            .await
            .expect_err("the same person");
        assert_eq!(alone.code(), "second_person");
        world.clock.pass(3_600);
        request::approve(cab, &staff()[1], id)
            .await
            .expect("agreed");
        world.work().await;
        waited(&world, who, id).await;
        assert_eq!(person::hold(cab, who).await.expect("a hold"), Hold::Free);
        assert_eq!(
            request::view(cab, id).await.expect("a view").state,
            State::Done
        );
        assert!(
            sent_to(&world, OLD)
                .iter()
                .any(|text| text.contains("к другому номеру"))
        );
        assert!(
            sent_to(&world, NEW)
                .iter()
                .any(|text| text.contains("к этому номеру"))
        );
        world.clock.pass(120);
        let entered = world.entered(NEW, &from("a new phone")).await;
        assert_eq!(entered.borrower, who, "the cabinet is the same");
        let lines = diary::lines(cab, who).await.expect("a diary");
        let said: Vec<(Role, &str)> = lines
            .iter()
            .map(|line| (line.role, line.what.as_str()))
            .collect();
        for line in [
            (Role::Staff(STAFF[0]), "phone_seen"),
            (Role::Staff(STAFF[0]), "phone_checked"),
            (Role::Staff(STAFF[1]), "phone_agreed"),
            (Role::Program, "phone_done"),
            (Role::Own, "phone_asked"),
        ] {
            assert!(said.contains(&line), "{line:?} in {said:?}");
        }
        let seen = lines
            .iter()
            .find(|line| line.what == "phone_seen")
            .expect("seen");
        assert_eq!(seen.why, "звонок клиента");
    }
}

/// What two of the staff have agreed to is called off by whoever still holds the old number and the cabinet.
#[tokio::test(flavor = "multi_thread")]
async fn the_old_number_calls_off_what_two_of_the_staff_agreed_to() {
    for world in worlds("called_off").await {
        let who = world.borrower(OLD).await;
        person(&world, who, MARIA).await.expect("right");
        let id = asked_outside(&world, "12.05.1990").await;
        let cab = &world.cab;
        let all = [Evidence::Passport, Evidence::PreviousPhone];
        request::check(cab, &staff()[0], id, None, &all)
            .await
            .expect("compared");
        request::approve(cab, &staff()[1], id)
            .await
            .expect("agreed");
        world.clock.pass(120);
        let back = world.entered(OLD, &from("the old phone")).await;
        assert_eq!(back.borrower, who);
        let seen = request::latest(cab, who).await.expect("read").expect("one");
        assert_eq!((seen.id, seen.state), (id, State::Waiting));
        request::cancel(cab, who, id).await.expect("called off");
        world.clock.pass(25 * 3_600);
        world.work().await;
        let seen = request::view(cab, id).await.expect("a view");
        assert_eq!(seen.state, State::Cancelled);
        assert_eq!(person::hold(cab, who).await.expect("a hold"), Hold::Free);
        let entered = world.entered(NEW, &from("a new phone")).await;
        assert_ne!(entered.borrower, who, "the number did not move");
        // A day after the evidence was compared nothing is left to wait for.
        let id = asked_outside(&world, "12.05.1990").await;
        request::check(cab, &staff()[0], id, None, &all)
            .await
            .expect("compared");
        world.clock.pass(24 * 3_600);
        request::approve(cab, &staff()[1], id).await.expect("done");
        let seen = request::view(cab, id).await.expect("a view");
        assert_eq!(seen.state, State::Done);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_paper_holds_nobody_and_the_staff_may_refuse() {
    for world in worlds("wrong_paper").await {
        let who = world.borrower(OLD).await;
        person(&world, who, MARIA).await.expect("right");
        let id = asked_outside(&world, "13.05.1990").await;
        let cab = &world.cab;
        assert_eq!(person::hold(cab, who).await.expect("a hold"), Hold::Free);
        assert!(
            !sent_to(&world, OLD)
                .iter()
                .any(|text| text.contains("сменить номер"))
        );
        let all = [Evidence::Passport, Evidence::PreviousPhone];
        let nobody = request::check(cab, &staff()[0], id, None, &all).await;
        assert!(
            matches!(nobody, Err(CabinetError::Fields(errors)) if errors[0].field == "borrower")
        );
        request::check(cab, &staff()[0], id, Some(who), &all)
            .await
            .expect("named");
        assert_eq!(
            person::hold(cab, who).await.expect("a hold"),
            Hold::ReadAndPay
        );
        request::refuse(cab, &staff()[1], id, "Паспорт не ваш.")
            .await
            .expect("refused");
        world.work().await;
        assert_eq!(person::hold(cab, who).await.expect("a hold"), Hold::Free);
        let view = request::view(cab, id).await.expect("a view");
        assert_eq!(
            (view.state, view.answer.as_str()),
            (State::Refused, "Паспорт не ваш.")
        );
        assert!(
            sent_to(&world, NEW)
                .iter()
                .any(|text| text.contains("Паспорт не ваш."))
        );
        // The same may be asked again.
        world.clock.pass(120);
        let again = asked_outside(&world, "12.05.1990").await;
        assert_ne!(again, id);
        // The owner, who still has the number, calls it off.
        request::cancel(cab, who, again).await.expect("called off");
        assert_eq!(person::hold(cab, who).await.expect("a hold"), Hold::Free);
        let stranger = world.borrower("+79001112233").await;
        let foreign = request::cancel(cab, stranger, again)
            .await
            .expect_err("not theirs");
        assert_eq!(foreign.code(), "not_found");
    }
}

async fn ask_own(world: &World, who: BorrowerId) -> Result<RequestId, CabinetError> {
    let origin = from("at home");
    let none = Solved::default();
    let sent = request::ask_own(&world.cab, who, NEW, &origin, Lang::Ru, &none).await?;
    let digits = world.last_digits().await;
    match access::verify(&world.cab, sent.code, &digits, &origin).await? {
        Verified::Requested(id) => Ok(id),
        other => panic!("{other:?}"),
    }
}

/// A passkey's row; how one is made is the story of `passkeys.rs`.
async fn passkey(world: &World, who: BorrowerId) {
    let id = uuid::Uuid::from_u128(1).to_string();
    let keys = world.cab.keys();
    let subject = keys
        .encrypt("way", "subject", &id, "Телефон")
        .expect("sealed");
    let row = format!(
        "INSERT INTO way (id, borrower, kind, provider, subject_index, subject, secret, temporary, created_at, \
         confirmed_at) VALUES ('{id}', '{who}', 'passkey', '', '{id}', '{subject}', '', 0, 0, 0)"
    );
    world.sql(&row).await.expect("a row");
}

#[tokio::test(flavor = "multi_thread")]
async fn by_oneself_after_the_waiting_time() {
    for world in worlds_of("alone", &registering()).await {
        let Ok(Verified::In(entered)) = register(&world, OLD, "Иванов").await else {
            panic!("no cabinet");
        };
        let (who, cab) = (entered.borrower, &world.cab);
        let none = Solved::default();
        let same = request::ask_own(cab, who, OLD, &from("at home"), Lang::Ru, &none).await;
        assert!(
            matches!(same, Err(CabinetError::Fields(errors)) if errors[0].code == "phone_same")
        );
        // The password is no help: whoever has the number restores it. The staff decide.
        let id = ask_own(&world, who).await.expect("asked");
        let view = request::view(cab, id).await.expect("a view");
        assert_eq!(view.state, State::Open);
        request::cancel(cab, who, id).await.expect("called off");
        passkey(&world, who).await;
        world.clock.pass(120);
        let id = ask_own(&world, who).await.expect("asked");
        let view = request::latest(cab, who)
            .await
            .expect("read")
            .expect("a request");
        assert_eq!((view.id, view.state), (id, State::Waiting));
        assert_eq!(
            person::hold(cab, who).await.expect("a hold"),
            Hold::ReadAndPay
        );
        world.work().await;
        assert!(
            sent_to(&world, OLD)
                .iter()
                .any(|text| text.contains("через 24 ч"))
        );
        let twice = ask_own(&world, who).await.expect_err("one at a time");
        assert_eq!(twice.code(), "request_open");
        world.clock.pass(23 * 3600);
        world.work().await;
        assert_eq!(
            request::view(cab, id).await.expect("a view").state,
            State::Waiting
        );
        world.clock.pass(3601);
        world.work().await;
        assert_eq!(
            request::view(cab, id).await.expect("a view").state,
            State::Done
        );
        // Every sign-in has ended, and the old number opens a cabinet of its own.
        let standing = access::standing(cab, who, entered.sign_in)
            .await
            .expect("a standing");
        assert_eq!(standing, access::Standing::Ended);
        let entered = world.entered(NEW, &from("a new phone")).await;
        assert_eq!(entered.borrower, who);
        world.clock.pass(120);
        assert_ne!(world.entered(OLD, &from("elsewhere")).await.borrower, who);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_another_way_in_the_staff_decide_and_a_number_with_a_history_stays() {
    for world in worlds("staff_decides").await {
        let who = world.borrower(OLD).await;
        // Somebody began at the new number, and has nothing there but typed answers.
        let blank = world.borrower(NEW).await;
        person(&world, blank, MARIA).await.expect("typed");
        world.clock.pass(120);
        let id = ask_own(&world, who).await.expect("asked");
        let cab = &world.cab;
        assert_eq!(
            request::view(cab, id).await.expect("a view").state,
            State::Open
        );
        let all = [Evidence::Passport, Evidence::PreviousPhone];
        request::check(cab, &staff()[0], id, None, &all)
            .await
            .expect("compared");
        // The blank cabinet applies meanwhile: now it has a history, and the number is its own.
        let (table, values) = (
            "application (id, borrower, product, amount, term, status, is_open, created_at, updated_at)",
            format!("('a1', '{blank}', 'short', 1000000, 30, 'filed', 1, 0, 0)"),
        );
        world
            .sql(&format!("INSERT INTO {table} VALUES {values}"))
            .await
            .expect("a row");
        let taken = request::approve(cab, &staff()[1], id)
            .await
            .expect_err("taken");
        assert_eq!(taken.code(), "phone_taken");
        world.sql("DELETE FROM application").await.expect("no row");
        request::approve(cab, &staff()[1], id)
            .await
            .expect("agreed");
        world.clock.pass(25 * 3_600);
        world.work().await;
        assert_eq!(world.entered(NEW, &from("a new phone")).await.borrower, who);
        assert_eq!(
            world.count("person_claim").await,
            0,
            "the blank one holds nobody"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cabinet_is_closed_by_request_and_says_what_stands_in_the_way() {
    for world in worlds("closing").await {
        let (who, cab) = (world.borrower(OLD).await, &world.cab);
        let unread = request::ask_closing(cab, who, false, Lang::Ru).await;
        assert!(matches!(unread, Err(CabinetError::Fields(_))));
        let id = request::ask_closing(cab, who, true, Lang::Ru)
            .await
            .expect("asked");
        let twice = request::ask_closing(cab, who, true, Lang::Ru)
            .await
            .expect_err("twice");
        assert_eq!(twice.code(), "request_open");
        let seen = request::latest(cab, who).await.expect("read").expect("one");
        let address = seen.letter.expect("told before the end");
        let (_, key) = address.split_once('/').expect("the request and the key");
        assert!(
            request::letter_owner(cab, id, key).await.is_err(),
            "no answer yet"
        );
        assert_eq!(person::hold(cab, who).await.expect("a hold"), Hold::Free);
        request::check(cab, &staff()[0], id, None, &[])
            .await
            .expect("looked at");
        assert!(request::approve(cab, &staff()[0], id).await.is_err());
        request::approve(cab, &staff()[1], id)
            .await
            .expect("closed");
        assert!(matches!(person::hold(cab, who).await, Ok(Hold::Ended(_))));
        // The letter is read without the cabinet, by whoever has the address, for 90 days.
        assert_eq!(
            request::letter_owner(cab, id, key).await.expect("open"),
            who
        );
        let bent = format!("{}0", &key[..key.len() - 1]);
        for wrong in [bent.as_str(), "", &key[..32]] {
            let refused = request::letter_owner(cab, id, wrong).await;
            let bent_is_right = wrong == key;
            assert!(bent_is_right || matches!(refused, Err(CabinetError::NotFound)));
        }
        world.work().await;
        assert!(
            sent_to(&world, OLD)
                .iter()
                .any(|text| text.contains("кабинет закрыт"))
        );
        world.clock.pass(91 * 86_400);
        let late = request::letter_owner(cab, id, key).await;
        assert!(matches!(late, Err(CabinetError::NotFound)));
        assert!(
            world.sql("DELETE FROM diary").await.is_err(),
            "the diary is only added to"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_are_kept_with_who_and_when_and_consents_can_be_taken_back() {
    for world in worlds("edits").await {
        let (who, cab) = (world.borrower(OLD).await, &world.cab);
        person(&world, who, MARIA).await.expect("right");
        world.clock.pass(60);
        let new = Paper {
            passport: "4599 000001",
            ..MARIA
        };
        person(&world, who, new).await.expect("a new passport");
        let lines = diary::lines(cab, who).await.expect("a diary");
        let edited = lines.first().expect("a line");
        assert_eq!((edited.what.as_str(), edited.role), ("edited", Role::Own));
        let fields: Vec<&String> = edited.fields.keys().collect();
        assert_eq!(fields, ["passport"]);
        assert_eq!(edited.fields["passport"].before, "4510 123456");
        for row in world.rows("SELECT body FROM diary").await {
            let body: String = row.try_get("", "body").expect("a body");
            assert!(body.starts_with("k1:") && !body.contains("4510"));
        }
        let save = async |step, pairs: &[(&str, &str)]| {
            profile::save(cab, who, step, values(pairs), world.origin(), SMALL).await
        };
        save(Step::Agreement, &[("agreement_esign", "on")])
            .await
            .expect("right");
        let boxes = [
            ("consent_personal_data", "on"),
            ("consent_bureau", "on"),
            ("consent_marketing", "on"),
        ];
        save(Step::Consents, &boxes).await.expect("right");
        let origin = world.origin();
        profile::revoke(cab, who, LegalKind::Marketing, origin.clone(), Lang::Ru)
            .await
            .expect("taken back");
        let again = profile::revoke(cab, who, LegalKind::Marketing, origin.clone(), Lang::Ru).await;
        assert!(matches!(again, Err(CabinetError::NotFound)));
        profile::revoke(cab, who, LegalKind::Bureau, origin, Lang::Ru)
            .await
            .expect("taken back");
        let given = profile::given(cab, who).await.expect("consents");
        let state: Vec<(LegalKind, bool)> = given.iter().map(|it| (it.kind, it.given)).collect();
        assert!(state.contains(&(LegalKind::Marketing, false)));
        assert!(state.contains(&(LegalKind::PersonalData, true)));
        // The box of what the law needs is open again: nothing is filed without it.
        let view = profile::load(cab, who, SMALL).await.expect("a view");
        assert!(view.steps.contains(&(Step::Consents, false)));
        let what: Vec<String> = diary::lines(cab, who)
            .await
            .expect("a diary")
            .into_iter()
            .map(|it| it.what)
            .collect();
        assert_eq!(
            what.iter()
                .filter(|what| *what == "consent_revoked")
                .count(),
            2
        );
    }
}
