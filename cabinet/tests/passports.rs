//! Another passport: who may put it in, as the lender's file says; and what one person is known by.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use std::collections::BTreeMap;

use cabinet::application::{self, AppStatus, ApplicationView, Choice};
use cabinet::profile::{self, Step};
use cabinet::{BorrowerId, CabinetError, Lender};
use chrono::Duration;
use support::journey::{OTHER_PHONE, PHONE, roubles};
use support::{World, on_both};
use uuid::Uuid;

const DEMO: &str = include_str!("../../lenders/demo.toml");

fn lender(from: &str, to: &str) -> Lender {
    assert!(DEMO.contains(from));
    Lender::parse(&DEMO.replacen(from, to, 1)).unwrap()
}

fn changes(how: &str) -> Lender {
    let to = format!("[questionnaire]\npassport_change = \"{how}\"");
    lender("[questionnaire]", &to)
}

async fn passport(world: &World, who: BorrowerId, number: &str) -> Result<(), CabinetError> {
    world.clock.pass(Duration::minutes(1));
    let values = [
        ("passport", number),
        ("passport_code", "770-001"),
        ("passport_issuer", "ОВД района Арбат города Москвы"),
        ("passport_date", "20.06.2010"),
        ("birth_place", "город Москва"),
        ("citizenship", "Россия"),
        ("public_official", "no"),
        ("inn", "500100732259"),
    ];
    let values: BTreeMap<String, String> = values
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    let origin = support::journey::origin();
    profile::save(
        &world.cab,
        who,
        Step::Passport,
        values,
        origin,
        roubles(10_000),
    )
    .await
    .map(drop)
}

async fn applied(world: &World, who: BorrowerId) -> ApplicationView {
    world.clock.pass(Duration::hours(1));
    let choice = Choice {
        product: "short".into(),
        amount: roubles(10_000),
        term: 15,
    };
    application::choose(&world.cab, who, choice).await.unwrap();
    application::submit(&world.cab, who, Uuid::now_v7())
        .await
        .unwrap();
    world.work().await;
    application::latest(&world.cab, who).await.unwrap().unwrap()
}

/// Applies, is approved, and gives the offer up: the passport is one that an application was filed with.
async fn once(world: &World, who: BorrowerId) {
    let view = applied(world, who).await;
    assert_eq!(view.status, AppStatus::Approved);
    application::cancel(&world.cab, who, view.contract.unwrap())
        .await
        .unwrap();
}

#[test]
fn where_the_staff_change_a_passport_the_questionnaire_does_not() {
    on_both(|world| async move {
        let world = world.of(changes("staff"));
        let who = world.borrower(PHONE, roubles(10_000)).await;
        // Before anything is filed a slip of the finger is corrected.
        passport(&world, who, "4510 123457").await.unwrap();
        assert!(!profile::passport_by_request(&world.cab, who).await.unwrap());
        once(&world, who).await;
        assert!(profile::passport_by_request(&world.cab, who).await.unwrap());
        let refused = passport(&world, who, "4511 777777").await;
        assert!(matches!(
            refused,
            Err(CabinetError::Conflict("passport_by_request"))
        ));
        // The same one, written another way, is no change.
        passport(&world, who, "45 10 123457").await.unwrap();
        assert_eq!(applied(&world, who).await.status, AppStatus::Approved);
    });
}

#[test]
fn a_changed_passport_waits_for_a_specialist_where_the_lender_says_so() {
    on_both(|world| async move {
        let world = world.of(changes("self_then_review"));
        let who = world.borrower(PHONE, roubles(10_000)).await;
        once(&world, who).await;
        passport(&world, who, "4511 777777").await.unwrap();
        let view = applied(&world, who).await;
        assert_eq!(view.status, AppStatus::Specialist);
        application::resolve(&world.cab, view.id, true, "паспорт сверен".into())
            .await
            .unwrap();
        let view = application::latest(&world.cab, who).await.unwrap().unwrap();
        assert_eq!(view.status, AppStatus::Approved);
        application::cancel(&world.cab, who, view.contract.unwrap())
            .await
            .unwrap();
        // Once somebody has looked, it is a passport like any other.
        assert_eq!(applied(&world, who).await.status, AppStatus::Approved);
    });
}

#[test]
fn by_default_the_borrower_changes_the_passport_alone() {
    on_both(|world| async move {
        let who = world.borrower(PHONE, roubles(10_000)).await;
        once(&world, who).await;
        passport(&world, who, "4511 777777").await.unwrap();
        assert_eq!(applied(&world, who).await.status, AppStatus::Approved);
    });
}

#[test]
fn a_second_cabinet_is_found_by_what_the_lenders_file_names() {
    on_both(|world| async move {
        let keys = |keys: &str| {
            let to = format!("[onboarding]\ndedupe_keys = [{keys}]\n\n[questionnaire]");
            lender("[questionnaire]", &to)
        };
        let first = world.borrower(PHONE, roubles(10_000)).await;
        let second = world.borrower(OTHER_PHONE, roubles(10_000)).await;
        once(&world, first).await;
        // The taxpayer number of the first one, with a passport of one's own.
        let refused = passport(&world, second, "4511 654321").await;
        assert!(matches!(
            refused,
            Err(CabinetError::Conflict("person_exists"))
        ));
        let by_person = world.of(keys("\"person\""));
        passport(&by_person, second, "4511 654321").await.unwrap();
        let by_inn = world.of(keys("\"inn\""));
        let refused = passport(&by_inn, second, "4511 654321").await;
        assert!(matches!(
            refused,
            Err(CabinetError::Conflict("person_exists"))
        ));
    });
}
