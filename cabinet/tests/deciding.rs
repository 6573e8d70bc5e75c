//! Filing and deciding: who may file, what silence and refusals of the outside world do. Each story
//! runs on SQLite and, when `KOPECK_TEST_POSTGRES` names a server, on Postgres.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::application::{self, AppStatus, Choice};
use cabinet::{BorrowerId, CabinetError};
use chrono::Duration;
use futures::future::join_all;
use support::journey::{PHONE, roubles};
use support::{World, on_both};
use uuid::Uuid;

/// A borrower known and 10 000 for 15 days chosen: nothing is filed yet.
async fn chosen(world: &World) -> BorrowerId {
    let borrower = world.borrower(PHONE, roubles(10_000)).await;
    let choice = Choice {
        product: "short".into(),
        amount: roubles(10_000),
        term: 15,
    };
    application::choose(&world.cab, borrower, choice)
        .await
        .unwrap();
    borrower
}

#[test]
fn a_silent_bureau_delays_and_a_self_ban_refuses() {
    on_both(|world| async move {
        let cab = &world.cab;
        let borrower = chosen(&world).await;
        *world.bureau.silent.lock().unwrap() = true;
        let id = application::submit(cab, borrower, Uuid::now_v7())
            .await
            .unwrap();
        world.work().await;
        let view = application::latest(cab, borrower).await.unwrap().unwrap();
        assert_eq!(view.status, AppStatus::Checking);
        let again = application::submit(cab, borrower, Uuid::now_v7()).await;
        assert!(matches!(
            again,
            Err(CabinetError::Conflict("application_open"))
        ));
        *world.bureau.silent.lock().unwrap() = false;
        *world.bureau.self_ban.lock().unwrap() = true;
        application::decide(cab, id).await.unwrap();
        let view = application::latest(cab, borrower).await.unwrap().unwrap();
        assert_eq!(view.status, AppStatus::Refused);
        assert_eq!(view.refusal[0].code, "self_ban");
        assert!(!view.refusal[0].reference.is_empty());
    });
}

#[test]
fn a_passport_that_ran_out_while_the_bureau_was_silent_refuses() {
    on_both(|world| async move {
        let cab = &world.cab;
        let borrower = chosen(&world).await;
        *world.bureau.silent.lock().unwrap() = true;
        let id = application::submit(cab, borrower, Uuid::now_v7())
            .await
            .unwrap();
        world.work().await;
        *world.bureau.silent.lock().unwrap() = false;
        // Past the forty-fifth birthday and the days that the law gives for a new passport.
        world.clock.pass(Duration::days(20 * 365));
        application::decide(cab, id).await.unwrap();
        let view = application::latest(cab, borrower).await.unwrap().unwrap();
        assert_eq!(view.status, AppStatus::Refused);
        let codes: Vec<_> = view.refusal.iter().map(|rule| rule.code.as_str()).collect();
        assert_eq!(codes, ["passport"]);
    });
}

#[test]
fn two_tabs_file_one_application() {
    on_both(|world| async move {
        let cab = &world.cab;
        let borrower = chosen(&world).await;
        let file = || application::submit(cab, borrower, Uuid::now_v7());
        let filed = join_all((0..8).map(|_| file())).await;
        let (went, refused): (Vec<_>, Vec<_>) = filed.into_iter().partition(Result::is_ok);
        assert_eq!(went.len(), 1);
        for answer in refused {
            let Err(CabinetError::Conflict(code)) = answer else {
                panic!("{answer:?}");
            };
            assert_eq!(code, "application_open");
        }
        let view = application::latest(cab, borrower).await.unwrap().unwrap();
        let times = view
            .events
            .iter()
            .filter(|(status, _)| *status == AppStatus::Filed);
        assert_eq!(times.count(), 1);
    });
}

#[test]
fn a_specialist_has_the_last_word() {
    on_both(|world| async move {
        let cab = &world.cab;
        let borrower = chosen(&world).await;
        *world.bureau.score.lock().unwrap() = 350;
        let id = application::submit(cab, borrower, Uuid::now_v7())
            .await
            .unwrap();
        world.work().await;
        let view = application::latest(cab, borrower).await.unwrap().unwrap();
        assert_eq!(view.status, AppStatus::Specialist);
        application::resolve(cab, id, true, "documents seen".into())
            .await
            .unwrap();
        let view = application::latest(cab, borrower).await.unwrap().unwrap();
        assert_eq!(view.status, AppStatus::Approved);
        assert!(view.contract.is_some());
    });
}
