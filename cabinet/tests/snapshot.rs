//! What a page reads at once: one state of the database, whatever becomes of those who read it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use std::time::Duration;

use cabinet::db::Snapshot;
use cabinet::{Cabinet, CabinetError, session};
use futures::future::{join_all, try_join_all};
use futures::{join, try_join};
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use world::worlds;

/// As many connections as a world of these tests reads by.
const CONNECTIONS: usize = 8;

async fn write(cab: &Cabinet, name: &str) {
    session::save(cab, name, "{}", 1).await.expect("a row");
}

fn statement(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

async fn number(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<i64, DbErr> {
    let row = db.query_one_raw(statement(db, sql, values)).await?;
    row.expect("a row").try_get("", "number")
}

async fn sessions(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    number(db, "SELECT COUNT(*) AS number FROM session", vec![]).await
}

async fn broken(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    number(db, "SELECT 1 AS number FROM nowhere", vec![]).await
}

async fn snapshot(cab: &Cabinet) -> Snapshot {
    cab.db().snapshot().await.expect("a snapshot")
}

/// Every connection there is sees what was written last, so none is left in a transaction.
async fn all_are_free(cab: &Cabinet) {
    let before = sessions(cab.db().read()).await.unwrap();
    let name = format!("after {before}");
    write(cab, &name).await;
    let held = join_all((0..CONNECTIONS).map(|_| snapshot(cab))).await;
    for db in &held {
        assert_eq!(sessions(db).await.unwrap(), before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_gets_its_own_answer() {
    for world in worlds("snapshot_own").await {
        let db = snapshot(&world.cab).await;
        let echo = "SELECT CAST($2 AS BIGINT) * 10 + CAST($1 AS BIGINT) AS number";
        for _ in 0..3 {
            let readers = (0..20_i64).map(|n| number(&db, echo, vec![n.into(), (n + 1).into()]));
            let read = try_join_all(readers).await.unwrap();
            let meant: Vec<i64> = (0..20).map(|n| (n + 1) * 10 + n).collect();
            assert_eq!(read, meant);
        }
        let many = "SELECT 1 AS number UNION ALL SELECT 2 UNION ALL SELECT 3";
        let (none, rows, one) = join!(
            db.query_all_raw(statement(&db, "SELECT 1 AS number WHERE 1 = 2", vec![])),
            db.query_all_raw(statement(&db, many, vec![])),
            db.query_one_raw(statement(&db, "SELECT 1 AS number WHERE 1 = 2", vec![])),
        );
        assert_eq!((none.unwrap().len(), rows.unwrap().len()), (0, 3));
        assert!(one.unwrap().is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_between_two_reads_is_not_seen() {
    for world in worlds("snapshot_state").await {
        let cab = &world.cab;
        write(cab, "first").await;
        let db = snapshot(cab).await;
        assert_eq!(sessions(&db).await.unwrap(), 1);
        write(cab, "second").await;
        let other = snapshot(cab).await;
        assert_eq!(try_join!(sessions(&db), sessions(&db)).unwrap(), (1, 1));
        assert_eq!(sessions(&other).await.unwrap(), 2, "two pages at once");
        assert_eq!(sessions(&db).await.unwrap(), 1);
        drop((db, other));
        all_are_free(cab).await;
    }
}

/// Counts before and after a statement that lasts, all asked for at once, while others write.
async fn counted_while_written(cab: &Cabinet, db: &Snapshot, round: usize) -> (i64, i64) {
    let long = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) \
                SELECT SUM(i) AS number FROM n";
    let reads = async { try_join!(sessions(db), number(db, long, vec![]), sessions(db)).unwrap() };
    let writes = async {
        for n in 0..20 {
            write(cab, &format!("{round} {n}")).await;
        }
    };
    let ((before, _, after), ()) = join!(reads, writes);
    (before, after)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_at_once_is_of_one_state() {
    for world in worlds("snapshot_at_once").await {
        let cab = &world.cab;
        for round in 0..10 {
            let db = cab.db().at_once().await.expect("a snapshot");
            let (before, after) = counted_while_written(cab, &db, round).await;
            assert_eq!(before, after);
        }
        all_are_free(cab).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_at_once_is_not_asked_for_twice() {
    for world in worlds("snapshot_once").await {
        let cab = &world.cab;
        let sqlite = cab.db().backend() == sea_orm::DbBackend::Sqlite;
        write(cab, "first").await;
        let db = cab.db().at_once().await.expect("a snapshot");
        assert_eq!(try_join!(sessions(&db), sessions(&db)).unwrap(), (1, 1));
        for _ in 0..2 {
            // Another state would be told as the same one.
            let again = join!(sessions(&db), sessions(&db));
            assert_eq!((again.0.is_err(), again.1.is_err()), (sqlite, sqlite));
        }
        drop(db);
        all_are_free(cab).await;
        // A refused statement leaves no transaction either.
        let db = cab.db().at_once().await.expect("a snapshot");
        assert!(try_join!(sessions(&db), broken(&db)).is_err());
        drop(db);
        all_are_free(cab).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_through_a_snapshot() {
    for world in worlds("snapshot_write").await {
        let cab = &world.cab;
        write(cab, "first").await;
        let db = snapshot(cab).await;
        assert!(db.execute_unprepared("DELETE FROM session").await.is_err());
        let delete = statement(&db, "DELETE FROM session", vec![]);
        assert!(db.execute_raw(delete).await.is_err());
        let by_reading = statement(&db, "DELETE FROM session RETURNING id_index", vec![]);
        let _ = db.query_all_raw(by_reading).await;
        drop(db);
        assert_eq!(sessions(cab.db().read()).await.unwrap(), 1);
        all_are_free(cab).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_refused_statement_is_one_reader_s_fault() {
    for world in worlds("snapshot_error").await {
        let cab = &world.cab;
        let postgres = cab.db().backend() == sea_orm::DbBackend::Postgres;
        write(cab, "first").await;
        let db = snapshot(cab).await;
        let (before, refused, after) = join!(sessions(&db), broken(&db), sessions(&db));
        assert_eq!(before.unwrap(), 1);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("nowhere"), "{refused}");
        // A transaction of Postgres does nothing more after a refusal; no page goes on after one either.
        assert_eq!(after.is_ok(), !postgres);
        if !postgres {
            write(cab, "second").await;
            assert_eq!(sessions(&db).await.unwrap(), 1, "still the same state");
        }
        drop(db);
        // The first statement of all, which begins the transaction.
        let db = snapshot(cab).await;
        assert!(try_join!(broken(&db), sessions(&db)).is_err());
        drop(db);
        all_are_free(cab).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_goes_away_leaves_a_free_connection() {
    for world in worlds("snapshot_cut").await {
        let cab = &world.cab;
        write(cab, "first").await;
        // Long enough to be cut in its middle, wherever that is.
        let long = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) \
                    SELECT SUM(i) AS number FROM n";
        for after in [0, 50, 200, 1_000, 3_000, 9_000] {
            let db = snapshot(cab).await;
            let readers = async {
                let _ = try_join!(sessions(&db), number(&db, long, vec![]), sessions(&db));
                sessions(&db).await
            };
            let _ = tokio::time::timeout(Duration::from_micros(after), readers).await;
            drop(db);
            all_are_free(cab).await;
        }
        // One of several goes away, and the others go on.
        let db = snapshot(cab).await;
        let left = tokio::time::timeout(Duration::from_micros(500), number(&db, long, vec![]));
        let (_, stayed) = join!(left, sessions(&db));
        if let Ok(stayed) = stayed {
            write(cab, "meanwhile").await;
            assert_eq!(sessions(&db).await.unwrap(), stayed);
        }
        drop(db);
        all_are_free(cab).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_pages_than_connections_take_turns() {
    for world in worlds("snapshot_turns").await {
        let cab = &world.cab;
        write(cab, "first").await;
        let pages = (0..100).map(|_| async {
            let db = cab.db().snapshot().await?;
            let (a, b) = try_join!(sessions(&db), sessions(&db))?;
            let c = sessions(&db).await?;
            assert_eq!((a, b), (c, c));
            Ok::<(), CabinetError>(())
        });
        let writes = (0..20).map(|n| async move {
            let name = format!("page {n}");
            write(cab, &name).await;
            Ok(())
        });
        let (read, written) = join!(try_join_all(pages), try_join_all(writes));
        let _: (Vec<()>, Vec<()>) = (read.unwrap(), written.map_err(|()| "no").unwrap());
        all_are_free(cab).await;
    }
}
