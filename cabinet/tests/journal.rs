//! The journal's chain and the transactions that write it, on SQLite and, when there is one, on Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use cabinet::ledger::JournalEntry;
use cabinet::{Cabinet, CabinetError, idempotency, ledger};
use futures::future::join_all;
use lending::{Account, Kopecks, Posting};
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;
use world::worlds;

fn entry(reference: &str, amount: i64) -> JournalEntry {
    JournalEntry {
        kind: "disbursement".into(),
        loan: None,
        reference: reference.into(),
        business_date: chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date"),
        postings: vec![Posting {
            debit: Account::Loans,
            credit: Account::PayoutTransit,
            amount: Kopecks::new(amount),
        }],
    }
}

async fn post(cab: &Cabinet, entry: JournalEntry) -> Result<(), CabinetError> {
    let inner = cab.clone();
    cab.db()
        .write(move |tx| Box::pin(async move { ledger::post(tx, &inner, entry) }))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_has_no_gaps_and_tells_who_was_altered() {
    for world in worlds("chain").await {
        let entries: Vec<_> = (1..=40)
            .map(|n| entry(&format!("loan:{n}"), n * 100))
            .collect();
        let posted = join_all(entries.into_iter().map(|entry| post(&world.cab, entry))).await;
        assert!(posted.iter().all(Result::is_ok), "{posted:?}");
        let again = post(&world.cab, entry("loan:7", 100)).await;
        assert!(matches!(
            again,
            Err(CabinetError::Conflict("already_posted"))
        ));
        let whole = ledger::verify(&world.cab).await.expect("walked");
        assert_eq!((whole.rows, whole.first_bad), (40, None));
        assert_eq!(
            (whole.debit, whole.credit),
            (Kopecks::new(82_000), Kopecks::new(82_000))
        );
        let balances = ledger::balances(&world.cab).await.expect("balances");
        assert_eq!(
            balances.first(),
            Some(&("loans".to_owned(), Kopecks::new(82_000)))
        );

        let flips = [
            (
                "journal_line",
                "UPDATE journal_line SET amount = amount + 1 WHERE seq = 17 AND line = 1",
            ),
            (
                "journal",
                "UPDATE journal SET business_date = '2026-11-23' WHERE seq = 9",
            ),
        ];
        for (table, flip) in flips {
            assert!(world.sql(flip).await.is_err(), "history can't be changed");
            let delete = format!("DELETE FROM {table} WHERE seq = 40");
            assert!(
                world.sql(&delete).await.is_err(),
                "history can't be removed"
            );
            let on = if world.postgres() {
                format!(" ON {table}")
            } else {
                String::new()
            };
            world
                .sql(&format!("DROP TRIGGER {table}_no_update{on}"))
                .await
                .expect("dropped");
            assert_eq!(world.sql(flip).await.expect("flipped"), 1);
            let altered = ledger::verify(&world.cab).await.expect("walked");
            assert_eq!(
                altered.first_bad,
                Some(if table == "journal" { 9 } else { 17 })
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_tail_is_noticed() {
    for world in worlds("tail").await {
        for n in 1..=3 {
            post(&world.cab, entry(&format!("loan:{n}"), 100))
                .await
                .expect("posted");
        }
        for table in ["journal_line", "journal"] {
            let on = if world.postgres() {
                format!(" ON {table}")
            } else {
                String::new()
            };
            world
                .sql(&format!("DROP TRIGGER {table}_no_delete{on}"))
                .await
                .expect("dropped");
            world
                .sql(&format!("DELETE FROM {table} WHERE seq = 3"))
                .await
                .expect("cut");
        }
        assert_eq!(
            ledger::verify(&world.cab).await.expect("walked").first_bad,
            Some(3)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_with_one_reference_at_once_one_is_posted_and_no_number_is_lost() {
    for world in worlds("twice").await {
        let twins = (0..40).map(|n| post(&world.cab, entry(&format!("loan:{}", n / 2), 100)));
        let done = join_all(twins).await;
        for pair in done.chunks(2) {
            assert_eq!(pair.iter().filter(|one| one.is_ok()).count(), 1, "{pair:?}");
            assert!(
                pair.iter()
                    .any(|one| matches!(one, Err(CabinetError::Conflict("already_posted")))),
                "{pair:?}"
            );
        }
        let whole = ledger::verify(&world.cab).await.expect("walked");
        assert_eq!((whole.rows, whole.first_bad), (20, None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_use_case_posts_everything_it_entered_in_its_order_or_nothing() {
    for world in worlds("several").await {
        let post = |refuse: bool, name: &'static str| {
            let inner = world.cab.clone();
            world.cab.db().write(move |tx| {
                Box::pin(async move {
                    for n in 1..=3 {
                        ledger::post(tx, &inner, entry(&format!("{name}:{n}"), 100 * n))?;
                    }
                    // The key is claimed after: entries wait for the end.
                    let key = Uuid::from_u128(1);
                    idempotency::claim_for(tx, &inner, name, key, "", "done").await?;
                    if refuse {
                        return Err(CabinetError::Conflict("told_to"));
                    }
                    Ok(())
                })
            })
        };
        let done = tokio::join!(post(false, "one"), post(true, "two"), post(false, "three"));
        assert!(
            matches!(
                done,
                (Ok(()), Err(CabinetError::Conflict("told_to")), Ok(()))
            ),
            "{done:?}"
        );
        for name in ["one", "three"] {
            let in_order = format!(
                "journal AS a JOIN journal AS b ON b.seq = a.seq + 1 \
                 WHERE a.reference IN ('{name}:1', '{name}:2') AND b.reference IN ('{name}:2', '{name}:3')"
            );
            assert_eq!(world.count(&in_order).await, 2, "{name}");
        }
        let whole = ledger::verify(&world.cab).await.expect("walked");
        assert_eq!((whole.rows, whole.first_bad), (6, None));
        assert_eq!(whole.debit, Kopecks::new(1200));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_of_any_signs_is_stored_as_it_is() {
    for world in worlds("signs").await {
        let reference = r#"it's \ "here" $1 :name ? '; DROP TABLE journal; -- é₽"#;
        post(&world.cab, entry(reference, 100))
            .await
            .expect("posted");
        let quoted = reference.replace('\'', "''");
        let same = format!("journal WHERE reference = '{quoted}'");
        assert_eq!(world.count(&same).await, 1);
        let whole = ledger::verify(&world.cab).await.expect("walked");
        assert_eq!((whole.rows, whole.first_bad), (1, None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_without_a_head_of_the_chain_is_refused() {
    for world in worlds("headless").await {
        world.sql("DELETE FROM chain_head").await.expect("cut off");
        let refused = post(&world.cab, entry("loan:1", 100)).await;
        assert!(refused.is_err(), "{refused:?}");
        assert_eq!(world.count("journal").await, 0);
    }
}

/// Postgres undoes a transaction in which a statement failed, and calls its commit a success.
#[tokio::test(flavor = "multi_thread")]
async fn a_use_case_that_overlooks_a_failed_statement_is_not_answered_with_success() {
    for world in worlds("overlooked")
        .await
        .into_iter()
        .filter(world::World::postgres)
    {
        let inner = world.cab.clone();
        let answer = world.cab.db().write(move |tx| {
            Box::pin(async move {
                ledger::post(tx, &inner, entry("loan:1", 100))?;
                let failed = tx.execute_unprepared("SELECT * FROM no_such_table").await;
                assert!(failed.is_err());
                Ok(())
            })
        });
        assert!(matches!(answer.await, Err(CabinetError::Internal(_))));
        assert_eq!(world.count("journal").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn places_of_writers_that_broke_are_given_to_others() {
    for world in worlds("places").await {
        let broken = (0..20).map(|_| {
            world.cab.db().write::<(), _>(|tx| {
                Box::pin(async move {
                    let _ = tx.execute_unprepared("SELECT 1").await;
                    panic!("a use case broke")
                })
            })
        });
        let whole = (0..40).map(|n| post(&world.cab, entry(&format!("loan:{n}"), 100)));
        let (broken, whole) = tokio::join!(join_all(broken), join_all(whole));
        assert!(
            broken
                .iter()
                .all(|one| matches!(one, Err(CabinetError::Internal(_))))
        );
        assert!(whole.iter().all(Result::is_ok), "{whole:?}");
        let walked = ledger::verify(&world.cab).await.expect("walked");
        assert_eq!((walked.rows, walked.first_bad), (40, None));
    }
}
