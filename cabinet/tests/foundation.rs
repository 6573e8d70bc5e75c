//! What every use case leans on, on SQLite and, when there is one, on Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use cabinet::access::{leave, session_and_whose, whose};
use cabinet::idempotency::Claim;
use cabinet::{Cabinet, CabinetError, FieldError, draft, idempotency, inbox, outbox, session};
use futures::future::join_all;
use serde_json::json;
use uuid::Uuid;
use world::{World, worlds};

/// Writes one counter row; refuses when told to, after having written.
async fn mark(cab: &Cabinet, key: u128, refuse: bool) -> Result<(), CabinetError> {
    let inner = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let key = Uuid::from_u128(key);
                idempotency::claim(tx, &inner, "mark", key, "").await?;
                if refuse {
                    Err(CabinetError::Conflict("told_to"))
                } else {
                    Ok(())
                }
            })
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_job_does_not_lose_its_neighbours() {
    for world in worlds("group").await {
        let jobs = (0..200_u128).map(|n| mark(&world.cab, n, n % 3 == 0));
        let results = join_all(jobs).await;
        let kept = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(kept, 133);
        assert_eq!(world.count("idempotency").await, 133);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_one_job_s_fault() {
    for world in worlds("panic").await {
        let panicked: Result<(), _> = world
            .cab
            .db()
            .write(|_| Box::pin(async { panic!("a use case broke") }))
            .await;
        assert!(matches!(panicked, Err(CabinetError::Internal(_))));
        mark(&world.cab, 1, false).await.expect("the writer lives");
    }
}

/// Threads of this process that the system knows by the beginning of this name, with the processors they may use.
#[cfg(target_os = "linux")]
fn threads(name: &str) -> Vec<String> {
    let told = |text: &str, key: &str| -> Option<String> {
        let line = text.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.trim().to_owned())
    };
    std::fs::read_dir("/proc/self/task")
        .expect("Linux")
        // A thread of another test may end meanwhile.
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("status")).ok())
        .filter(|status| told(status, "Name:").is_some_and(|own| own.starts_with(name)))
        .filter_map(|status| told(&status, "Cpus_allowed_list:"))
        .collect()
}

/// Each writer has one processor, and a connection's thread has the same.
#[cfg(target_os = "linux")]
fn together(writers: &[String], connections: &[String]) -> bool {
    let one = |writer: &String| writer.parse::<usize>().is_ok() && connections.contains(writer);
    !writers.is_empty() && writers.iter().all(one)
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_writer_and_the_thread_of_its_connection_share_a_processor() {
    for world in worlds("processor").await {
        mark(&world.cab, 1, false).await.expect("written");
        if world.cab.db().backend() != sea_orm::DbBackend::Sqlite {
            continue;
        }
        // Tests beside this one are starting and ending writers of their own.
        let mut found = (Vec::new(), Vec::new());
        for _ in 0..200 {
            found = (threads("kopeck-writer"), threads("sqlx-sqlite"));
            if together(&found.0, &found.1) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(together(&found.0, &found.1), "{found:?}");
    }
}

/// As an error of the disk does it: the database ends the transaction, and nobody tells the driver.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_commit_no_answer_comes_before_the_disk() {
    use sea_orm::ConnectionTrait as _;
    for world in worlds("lost").await {
        for round in 0..3_u128 {
            let lost = world.cab.db().write(|tx| {
                Box::pin(async move {
                    tx.execute_unprepared("ROLLBACK").await?;
                    Ok(())
                })
            });
            // Postgres answers a commit of nothing with a warning; what counts is what comes after.
            let _ = lost.await;
            let kept = mark(&world.cab, round, false).await;
            kept.expect("the writer recovers by itself");
            let rows = i64::try_from(round).unwrap() + 1;
            assert_eq!(
                world.count("idempotency").await,
                rows,
                "an answer without a commit"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_inside_a_write_is_refused() {
    for world in worlds("nested").await {
        let inner = world.cab.clone();
        let nested = world
            .cab
            .db()
            .write(move |_| Box::pin(async move { mark(&inner, 1, false).await }))
            .await;
        assert!(matches!(nested, Err(CabinetError::Internal(_))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_has_one_effect() {
    async fn once(cab: &Cabinet, input: &'static str) -> Result<Claim, CabinetError> {
        let inner = cab.clone();
        cab.db()
            .write(move |tx| {
                Box::pin(async move {
                    let key = Uuid::from_u128(7);
                    let claim = idempotency::claim(tx, &inner, "pay", key, input).await?;
                    if claim == Claim::New {
                        idempotency::store(tx, "pay", key, "payment-1").await?;
                    }
                    Ok(claim)
                })
            })
            .await
    }
    for world in worlds("idempotency").await {
        let claims = join_all((0..20).map(|_| once(&world.cab, "a"))).await;
        let new = claims
            .iter()
            .filter(|claim| matches!(claim, Ok(Claim::New)))
            .count();
        let same = claims
            .iter()
            .filter(|c| matches!(c, Ok(Claim::Same(r)) if r == "payment-1"));
        assert_eq!((new, same.count()), (1, 19));
        let other = once(&world.cab, "b").await;
        assert!(matches!(other, Err(CabinetError::Conflict("key_reused"))));
    }
}

async fn push(world: &World, ref_id: &'static str) {
    let cab = world.cab.clone();
    let phone = json!({ "phone": "79001234567", "text": "привет" });
    let pushed = world.cab.db().write(move |tx| {
        Box::pin(async move { outbox::push(tx, &cab, "sms", ref_id, phone).await })
    });
    pushed.await.expect("pushed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outbox_repeats_until_it_is_done() {
    for world in worlds("outbox").await {
        world.messages.failures.store(2, Ordering::SeqCst);
        push(&world, "a").await;
        push(&world, "a").await;
        world.cab.woken().await;
        assert_eq!(world.count("outbox").await, 1, "a thing is pushed once");
        assert_eq!(outbox::run_due(&world.cab).await.expect("ran"), 1);
        assert_eq!(
            outbox::run_due(&world.cab).await.expect("ran"),
            0,
            "not due yet"
        );
        world.clock.pass(2);
        assert_eq!(outbox::run_due(&world.cab).await.expect("ran"), 1);
        world.clock.pass(4);
        assert_eq!(
            outbox::run_due(&world.cab).await.expect("ran"),
            0,
            "delays grow"
        );
        world.clock.pass(1);
        assert_eq!(outbox::run_due(&world.cab).await.expect("ran"), 1);
        world.clock.pass(100_000);
        assert_eq!(
            outbox::run_due(&world.cab).await.expect("ran"),
            0,
            "done is done"
        );
        assert_eq!(world.messages.sent.lock().expect("sent").len(), 1);
        let keys = world.messages.keys.lock().expect("keys").clone();
        assert!(
            keys.len() == 3 && keys.iter().all(|key| Some(key) == keys.first()),
            "one key"
        );
        assert_eq!(
            world.count("outbox WHERE payload = ''").await,
            1,
            "done leaves no personal data"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outbox_gives_up_in_the_end_and_workers_do_not_share_rows() {
    for world in worlds("dead").await {
        for ref_id in ["a", "b", "c", "d"] {
            push(&world, ref_id).await;
        }
        let taken = join_all((0..4).map(|_| outbox::run_due(&world.cab))).await;
        let taken: usize = taken.into_iter().map(|n| n.expect("ran")).sum();
        assert_eq!(
            (taken, world.messages.sent.lock().expect("sent").len()),
            (4, 4)
        );
        world.messages.failures.store(usize::MAX, Ordering::SeqCst);
        push(&world, "e").await;
        for _ in 0..20 {
            outbox::run_due(&world.cab).await.expect("ran");
            world.clock.pass(86_400);
        }
        assert_eq!(
            world
                .count("outbox WHERE dead_at IS NOT NULL AND attempts = 12")
                .await,
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_sealed_and_last_a_day() {
    for world in worlds("draft").await {
        let values = BTreeMap::from([("passport".to_owned(), "4510 123456".to_owned())]);
        let errors = [FieldError::new("code", "code_wrong").with("left", 2)];
        draft::put(&world.cab, "visitor", "passport", &values, &errors)
            .await
            .expect("kept");
        let stored = world.rows("SELECT body FROM draft").await;
        let body: String = stored
            .first()
            .expect("a row")
            .try_get("", "body")
            .expect("a body");
        assert!(body.starts_with("k1:") && !body.contains("4510"));
        let draft = draft::peek(&world.cab, "visitor", "passport")
            .await
            .expect("read")
            .expect("kept");
        assert_eq!(
            (draft.values, draft.errors.as_slice()),
            (values.clone(), errors.as_slice())
        );
        assert!(
            draft::peek(&world.cab, "another", "passport")
                .await
                .expect("read")
                .is_none()
        );
        assert!(
            draft::take(&world.cab, "visitor", "passport")
                .await
                .expect("read")
                .is_some()
        );
        assert!(
            draft::take(&world.cab, "visitor", "passport")
                .await
                .expect("read")
                .is_none()
        );
        draft::put(&world.cab, "visitor", "passport", &values, &[])
            .await
            .expect("kept");
        world.clock.pass(86_401);
        assert!(
            draft::peek(&world.cab, "visitor", "passport")
                .await
                .expect("read")
                .is_none()
        );
        assert_eq!(draft::delete_expired(&world.cab).await.expect("swept"), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_sealed_and_expire() {
    for world in worlds("session").await {
        let soon = world.cab.now().timestamp_millis() + 10_000;
        session::save(&world.cab, "secret-cookie", "{}", soon)
            .await
            .expect("saved");
        session::save(&world.cab, "secret-cookie", "{\"a\":1}", soon)
            .await
            .expect("saved");
        let loaded = session::load(&world.cab, "secret-cookie")
            .await
            .expect("loaded");
        assert_eq!(loaded, Some(("{\"a\":1}".to_owned(), soon)));
        let stored = world.rows("SELECT id_index FROM session").await;
        let index: String = stored
            .first()
            .expect("a row")
            .try_get("", "id_index")
            .expect("an index");
        assert!(!index.contains("secret"));
        let swept = async |now| {
            session::delete_expired(&world.cab, now)
                .await
                .expect("swept")
        };
        assert_eq!((swept(soon - 1).await, swept(soon).await), (0, 1));
        let loaded = session::load(&world.cab, "secret-cookie").await;
        assert_eq!(loaded.expect("loaded"), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_session_stands_whose_it_was_taken_for() {
    for world in worlds("beside").await {
        let cab = &world.cab;
        let mine = world.entered("+79161230001", &world.origin()).await;
        let other = world.entered("+79161230002", &world.origin()).await;
        let soon = cab.now().timestamp_millis() + 10_000;
        session::save(cab, "cookie", "{}", soon).await.unwrap();
        let beside = async |borrower, sign_in| {
            let read = session_and_whose(cab, "cookie", (borrower, sign_in), true).await;
            let (row, read) = read.unwrap();
            assert_eq!(row, Some(("{}".to_owned(), soon)));
            assert!(read.is_of(borrower, sign_in, true));
            assert!(!read.is_of(borrower, sign_in, false));
            read
        };
        let read = beside(mine.borrower, mine.sign_in).await;
        assert!(!read.is_of(other.borrower, other.sign_in, true));
        let told = read.judged(cab).await.unwrap().expect("signed in");
        let alone = whose(cab, mine.borrower, mine.sign_in, true).await.unwrap();
        let alone = alone.expect("signed in");
        assert_eq!(
            (told.standing, told.hold, told.agent, told.unread),
            (alone.standing, alone.hold, alone.agent, alone.unread)
        );
        assert!(told.unread.is_some());
        // Somebody else's sign-in is nobody's.
        let read = beside(mine.borrower, other.sign_in).await;
        assert!(read.judged(cab).await.unwrap().is_none());
        leave(cab, mine.borrower, mine.sign_in).await.unwrap();
        let read = beside(mine.borrower, mine.sign_in).await;
        assert!(read.judged(cab).await.unwrap().is_none());
        let of = (other.borrower, other.sign_in);
        let (row, _) = session_and_whose(cab, "another", of, true).await.unwrap();
        assert_eq!(row, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_stored_once() {
    for world in worlds("inbox").await {
        let store = || {
            inbox::store(
                &world.cab,
                "yookassa",
                "payment.succeeded",
                "p-1",
                "new",
                "{}",
            )
        };
        let stored = join_all((0..50).map(|_| store())).await;
        let new = stored
            .iter()
            .filter(|stored| matches!(stored, Ok(inbox::Stored::New)))
            .count();
        assert_eq!((new, world.count("inbox").await), (1, 1));
    }
}
