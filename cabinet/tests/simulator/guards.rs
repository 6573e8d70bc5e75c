//! Promises that a history can't see, or sees too seldom: the disk, constraints, foreign eyes, counting, locks.

use cabinet::payment::{PayAmount, StartPayment};
use cabinet::ports::PayMethod;
use cabinet::{CabinetError, LoanId, limits, loan, payment, planted};
use chrono::Duration;
use futures::future::join_all;
use lending::Kopecks;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TransactionTrait};
use uuid::Uuid;

use crate::History;
use crate::support::World;
use crate::support::journey::OTHER_PHONE;
use crate::town::{Scene, Town};

type Guarded = Result<(), String>;

/// What may be done to the tables behind the program's back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruin {
    /// The journal's reference is not unique any more.
    NoUnique,
    /// Money is kept as a decimal column is kept by SQLite: as a float.
    RealMoney,
}

pub const RUINS: [Ruin; 2] = [Ruin::NoUnique, Ruin::RealMoney];

pub fn all(town: &Town) -> Guarded {
    let mut history = History::begin(town, Scene::Month, 77);
    history.outside.clock.pass(Duration::days(3));
    guarded(&mut history)
}

fn guarded(history: &mut History) -> Guarded {
    let (borrower, id) = (history.borrower, history.loan.expect("a loan"));
    let run = history.go(|world| async move {
        disk(&world).await?;
        whole_numbers(&world).await?;
        constraints(&world).await?;
        counting(&world).await?;
        foreign_eyes(&world, id).await?;
        locks(&world, borrower, id).await
    });
    run.unwrap_or_else(|| Err("a guard did not end".to_owned()))?;
    history.look()?;
    answers_after_commits(history)
}

/// Whoever was answered before the process died finds what the answer was about.
fn answers_after_commits(history: &mut History) -> Guarded {
    for points in 0..2 {
        let event = format!("answer.{points}");
        let stored = event.clone();
        planted::crash_after(points);
        let answer = history.go(|world| async move {
            cabinet::inbox::store(&world.cab, "yookassa", &stored, "answered", "", "{}").await
        });
        planted::disarm();
        if answer.is_some() {
            history
                .promised
                .push(("inbox", format!("{event} answered")));
        }
        history.look()?;
    }
    Ok(())
}

/// The guards on tables that were ruined.
pub fn ruined(town: &Town, ruin: Ruin) -> Guarded {
    let mut history = History::begin(town, Scene::Month, 78);
    history.outside.clock.pass(Duration::days(3));
    let done = history.go(|world| async move { ruin_tables(&world, ruin).await });
    done.expect("ruined");
    guarded(&mut history)
}

/// SQLite's own way to change a constraint: the text of the table is written anew.
async fn ruin_tables(world: &World, ruin: Ruin) {
    let (table, from, to) = match ruin {
        Ruin::NoUnique => ("operation", "UNIQUE (loan, reference),", ""),
        Ruin::RealMoney => (
            "journal_line",
            "amount INTEGER NOT NULL",
            "amount REAL NOT NULL",
        ),
    };
    let conn = world.cab.db().pool();
    let old = format!("SELECT sql FROM sqlite_master WHERE name = '{table}'");
    let text: String = one(conn, &old).await.try_get("", "sql").unwrap();
    assert!(text.contains(from), "{text}");
    let fresh = text.replace(from, to).replacen(table, "ruin", 1);
    let conn = conn.begin().await.unwrap();
    for sql in [
        "PRAGMA legacy_alter_table = ON",
        &fresh,
        &format!("INSERT INTO ruin SELECT * FROM {table}"),
        &format!("DROP TABLE {table}"),
        &format!("ALTER TABLE ruin RENAME TO {table}"),
    ] {
        conn.execute_unprepared(sql).await.unwrap();
    }
    conn.commit().await.unwrap();
}

async fn one(conn: &impl ConnectionTrait, sql: &str) -> QueryResult {
    let statement = Statement::from_string(conn.get_database_backend(), sql);
    conn.query_one_raw(statement).await.unwrap().expect("a row")
}

fn promise(kept: bool, what: &str) -> Guarded {
    if kept { Ok(()) } else { Err(what.to_owned()) }
}

/// An answer waits for the disk.
async fn disk(world: &World) -> Guarded {
    match world.cab.db().backend() {
        DbBackend::Sqlite => {
            let asked = world.cab.db().write(|tx| {
                Box::pin(async move {
                    let row = one(tx, "PRAGMA synchronous").await;
                    Ok(row.try_get_by_index::<i64>(0)? == 2)
                })
            });
            let waits = asked.await.map_err(|error| error.to_string())?;
            promise(waits, "a commit does not wait for the disk")
        }
        _ => disk_of_server(world).await,
    }
}

/// The server's log has reached its disk beyond every change that was answered.
async fn disk_of_server(world: &World) -> Guarded {
    for number in 0..50_i32 {
        let asked = world.cab.db().write(move |tx| {
            Box::pin(async move {
                // Any change, and the place in the server's log that its commit is going to be beyond.
                let change = format!(
                    "INSERT INTO limit_counter (kind, subject, started_at, hits) \
                     VALUES ('disk', '{number}', 0, 1)"
                );
                tx.execute_unprepared(&change).await?;
                let asked = "SELECT current_setting('fsync') AS disk, \
                             pg_current_wal_insert_lsn()::text AS place";
                let row = one(tx, asked).await;
                let disk: String = row.try_get("", "disk")?;
                Ok((disk == "on", row.try_get::<String>("", "place")?))
            })
        });
        let (durable, place) = asked.await.map_err(|error| error.to_string())?;
        let beyond = format!("SELECT pg_current_wal_flush_lsn() > '{place}' AS reached");
        let row = one(world.cab.db().read(), &beyond).await;
        let reached = row.try_get::<bool>("", "reached").unwrap();
        promise(durable && reached, "an answer does not wait for the disk")?;
    }
    Ok(())
}

/// The database itself refuses a second row of what happens once, whatever the program forgets.
async fn constraints(world: &World) -> Guarded {
    cabinet::inbox::store(&world.cab, "guard", "guard", "guard", "", "")
        .await
        .map_err(|error| error.to_string())?;
    // Every row once more, with other numbers where a number alone would make it the same.
    let again: [(&str, &[(&str, &str)]); 6] = [
        ("operation", &[("id", "'x' || id"), ("seq", "seq + 100")]),
        ("journal", &[("seq", "seq + 100"), ("hash", "'x' || hash")]),
        ("inbox", &[("id", "'x' || id")]),
        ("outbox", &[("id", "'x' || id")]),
        ("notice", &[("id", "'x' || id")]),
        ("idempotency", &[("input_hash", "'x'")]),
    ];
    let conn = world.cab.db().pool();
    for (table, others) in again {
        let columns = one(conn, &format!("SELECT * FROM {table} LIMIT 1")).await;
        let columns = columns.column_names();
        let value = |column: &String| {
            let other = others.iter().find(|(name, _)| name == column);
            other.map_or_else(|| column.clone(), |(_, value)| (*value).to_owned())
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        let sql = format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table}");
        refused(conn, &sql, "unique").await?;
    }
    refused(conn, "UPDATE journal SET at = at + 1", "append").await?;
    refused(conn, "DELETE FROM journal_line", "append").await
}

/// A statement that the database must refuse, in its own words.
async fn refused(conn: &sea_orm::DatabaseConnection, sql: &str, word: &str) -> Guarded {
    let tx = conn.begin().await.map_err(|error| error.to_string())?;
    let done = tx.execute_unprepared(sql).await;
    tx.rollback().await.map_err(|error| error.to_string())?;
    let said = done.map_or_else(|error| error.to_string(), |_| String::new());
    promise(
        said.to_lowercase().contains(word),
        &format!("the database let through, or refused for another reason ({said}): {sql}"),
    )
}

/// Money comes back as it was written, to the last of nineteen digits.
async fn whole_numbers(world: &World) -> Guarded {
    let large = 9_007_199_254_740_993_i64; // The first that a float of 64 bits can't hold.
    let read = world.cab.db().write(move |tx| {
        Box::pin(async move {
            let head = one(tx, "SELECT MAX(seq) AS seq FROM journal").await;
            let seq: i64 = head.try_get("", "seq")?;
            let sql = format!(
                "INSERT INTO journal_line (seq, line, account, side, amount) \
                 VALUES ({seq}, 99, 'loans', 'debit', {large})"
            );
            tx.execute_unprepared(&sql).await?;
            let row = one(tx, "SELECT amount FROM journal_line WHERE line = 99").await;
            let amount: i64 = row.try_get("", "amount")?;
            // Refused, so that nothing of it stays.
            Err::<(), _>(if amount == large {
                CabinetError::Conflict("whole")
            } else {
                CabinetError::Conflict("rounded")
            })
        })
    });
    let outcome = read.await;
    promise(
        matches!(outcome, Err(CabinetError::Conflict("whole"))),
        &format!("money is not kept whole: {outcome:?}"),
    )
}

/// Of many at once no more pass than may, however often they try: two must meet for more.
async fn counting(world: &World) -> Guarded {
    for round in 0..20 {
        let hits = (0..24).map(|_| {
            let cab = world.cab.clone();
            async move {
                let (cabinet, subject) = (cab.clone(), round.to_string());
                cab.db()
                    .write(move |tx| {
                        Box::pin(async move {
                            limits::hit(tx, &cabinet, "guard", &subject, 60, 3).await
                        })
                    })
                    .await
            }
        });
        let passed = join_all(hits).await.into_iter().flatten().count();
        promise(passed == 3, &format!("{passed} passed where 3 may"))?;
    }
    Ok(())
}

/// Another borrower does not see the loan.
async fn foreign_eyes(world: &World, id: LoanId) -> Guarded {
    let other = world
        .borrower(OTHER_PHONE, Kopecks::from_roubles(5_000))
        .await;
    let seen = loan::view(&world.cab, other, id, None).await;
    promise(
        matches!(seen, Err(CabinetError::NotFound)),
        "another borrower sees the loan",
    )
}

/// Many do many things to one loan at once: refusals are answers, faults are not, and nothing is doubled.
async fn locks(world: &World, borrower: cabinet::BorrowerId, id: LoanId) -> Guarded {
    for round in 0..4 {
        let mut taken = Vec::new();
        for sum in 1..=3 {
            let wish = StartPayment {
                loan: id,
                amount: PayAmount::Sum(Kopecks::new(10_000 * (sum + round))),
                method: PayMethod::Card,
                key: Uuid::now_v7(),
            };
            let started = payment::start(&world.cab, borrower, wish).await;
            let started = started.map_err(|error| format!("no payment: {error}"))?;
            let let_go = payment::not_paid(&world.cab, borrower, started.payment).await;
            let_go.map_err(|error| format!("not let go: {error}"))?;
            taken.push(format!("pay-{}", started.payment));
        }
        for id in &taken {
            world.acquirer.pay(id);
        }
        let news = taken
            .iter()
            .flat_map(|id| [id; 4])
            .map(|id| async { payment::handle_webhook(&world.cab, "payment.succeeded", id).await });
        let tabs = (0..6).map(|_| {
            let wish = StartPayment {
                loan: id,
                amount: PayAmount::Sum(Kopecks::new(500)),
                method: PayMethod::Card,
                key: Uuid::now_v7(),
            };
            payment::start(&world.cab, borrower, wish)
        });
        let (news, tabs) = futures::future::join(join_all(news), join_all(tabs)).await;
        let mut payments = Vec::new();
        for tab in tabs {
            match tab {
                Ok(started) => payments.push(started.payment),
                Err(error) => return Err(format!("a tab: {error}")),
            }
        }
        payments.dedup();
        promise(payments.len() == 1, "tabs got several payments")?;
        for told in news {
            told.map_err(|error| format!("news: {error}"))?;
        }
        world.acquirer.pay(&format!("pay-{}", payments[0]));
        payment::handle_webhook(
            &world.cab,
            "payment.succeeded",
            &format!("pay-{}", payments[0]),
        )
        .await
        .map_err(|error| format!("news: {error}"))?;
    }
    Ok(())
}
