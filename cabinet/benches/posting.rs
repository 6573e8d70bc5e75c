//! Durable postings a second: an idempotency key, a journal entry of two sides chained by its hash, and the answer after
//! the disk. By the cabinet's own writer at 1, 8 and 64 clients, beside the same statements with a commit each and with a
//! hundred in a commit, in one run. `KOPECK_BENCH_SECONDS` for each, on SQLite and on the server of
//! `KOPECK_TEST_POSTGRES`; docs/operations.md tells how to read it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a measurement that can't go on stops; sizes and addresses come from the machine"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use cabinet::ledger::{self, JournalEntry};
use cabinet::{Cabinet, idempotency};
use lending::{Account, Kopecks, Posting};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
    TransactionTrait,
};
use support::World;
use uuid::Uuid;

const CLIENTS: [u64; 3] = [1, 8, 64];
const ROUNDS: usize = 3;

fn seconds() -> Duration {
    let given = std::env::var("KOPECK_BENCH_SECONDS").ok();
    Duration::from_secs_f64(given.map_or(2.0, |text| text.parse().expect("seconds")))
}

/// One posting by the cabinet's own means.
async fn post(cab: &Cabinet) {
    let (cabinet, key) = (cab.clone(), Uuid::now_v7());
    let work = cab.db().write(move |tx| {
        Box::pin(async move {
            idempotency::claim_for(tx, &cabinet, "bench", key, "hash", "done").await?;
            let posting = Posting {
                debit: Account::Acquirer,
                credit: Account::Loans,
                amount: Kopecks::new(12_345),
            };
            let entry = JournalEntry {
                kind: "payment".to_owned(),
                loan: None,
                reference: format!("bench:{key}"),
                business_date: cabinet.today(),
                postings: vec![posting],
            };
            ledger::post(tx, &cabinet, entry)
        })
    });
    work.await.unwrap();
}

/// Postings a second by so many clients.
async fn clients(world: &World, count: u64) -> f64 {
    let (began, until) = (Instant::now(), seconds());
    // A task each, as requests have.
    let one = |cab: Cabinet| async move {
        let mut done = 0;
        while began.elapsed() < until {
            post(&cab).await;
            done += 1;
        }
        done
    };
    let all = (0..count).map(|_| tokio::spawn(one(world.cab.clone())));
    let done = futures::future::join_all(all.collect::<Vec<_>>()).await;
    rate(done.into_iter().map(|done| done.unwrap()).sum(), began)
}

#[allow(clippy::cast_precision_loss, clippy::as_conversions)]
fn rate(done: u64, began: Instant) -> f64 {
    done as f64 / began.elapsed().as_secs_f64()
}

/// The same statements by hand, so many in a commit, on one connection.
async fn raw(conn: &DatabaseConnection, in_commit: u64) -> f64 {
    let (mut done, began) = (0, Instant::now());
    while began.elapsed() < seconds() {
        let tx = conn.begin().await.unwrap();
        for _ in 0..in_commit {
            statements(&tx).await;
        }
        tx.commit().await.unwrap();
        done += in_commit;
    }
    rate(done, began)
}

static NUMBER: AtomicI64 = AtomicI64::new(1_000_000_000);

async fn statements(tx: &impl ConnectionTrait) {
    let (key, seq) = (Uuid::now_v7(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let run = |sql: &'static str, values: Vec<sea_orm::Value>| async move {
        let backend = tx.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values);
        tx.execute_raw(statement).await.unwrap();
    };
    let text = || key.to_string().into();
    run(
        "INSERT INTO idempotency (scope, key, input_hash, created_at) VALUES ('raw', $1, 'hash', 0)",
        vec![text()],
    )
    .await;
    let backend = tx.get_database_backend();
    let head = Statement::from_string(backend, "SELECT seq, hash FROM chain_head WHERE id = 1");
    tx.query_one_raw(head).await.unwrap();
    run(
        "INSERT INTO journal (seq, kind, loan, reference, business_date, at, previous_hash, hash) \
         VALUES ($1, 'payment', NULL, $2, '2026-11-23', 0, '', $2)",
        vec![seq.into(), text()],
    )
    .await;
    for (line, side) in [(1_i64, "debit"), (2, "credit")] {
        run(
            "INSERT INTO journal_line (seq, line, account, side, amount) VALUES ($1, $2, 'loans', $3, 12345)",
            vec![seq.into(), line.into(), side.into()],
        )
        .await;
    }
    run(
        "UPDATE idempotency SET result_ref = 'done' WHERE scope = 'raw' AND key = $1",
        vec![text()],
    )
    .await;
}

/// `pgbench` itself at 64 clients, with a script of one statement: the key, the entry and both its lines, committed
/// before the answer. None where it is not on PATH.
fn pgbench(url: &str) -> Option<f64> {
    let script = std::env::temp_dir().join(format!("kopeck-pgbench-{}.sql", Uuid::now_v7()));
    std::fs::write(&script, ONE_STATEMENT).unwrap();
    let span = seconds().as_secs().max(1).to_string();
    let ran = std::process::Command::new("pgbench")
        .args([
            "--no-vacuum",
            "--protocol=prepared",
            "--client=64",
            "--jobs=2",
            "--time",
            &span,
            "--file",
        ])
        .arg(&script)
        .arg(url)
        .output();
    std::fs::remove_file(&script).unwrap();
    let said = String::from_utf8(ran.ok()?.stdout).unwrap();
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
    let rate = rate.and_then(|rate| rate.split(' ').next());
    Some(rate.expect("pgbench tells its rate").parse().unwrap())
}

const ONE_STATEMENT: &str = "\
    WITH key AS (INSERT INTO idempotency (scope, key, input_hash, result_ref, created_at) \
        VALUES ('pgbench', gen_random_uuid()::text, 'hash', 'done', 0) RETURNING key), \
    entry AS (INSERT INTO journal (seq, kind, loan, reference, business_date, at, previous_hash, hash) \
        SELECT nextval('pgbench_seq'), 'payment', NULL, key, '2026-11-23', 0, '', key FROM key RETURNING seq) \
    INSERT INTO journal_line (seq, line, account, side, amount) \
        SELECT seq, 1, 'acquirer', 'debit', 12345 FROM entry \
        UNION ALL SELECT seq, 2, 'loans', 'credit', 12345 FROM entry;\n";

async fn plain(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).max_connections(1);
    let conn = Database::connect(options).await.unwrap();
    if conn.get_database_backend() == DbBackend::Sqlite {
        for pragma in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"] {
            conn.execute_unprepared(pragma).await.unwrap();
        }
    }
    conn
}

fn median(mut list: Vec<f64>) -> f64 {
    list.sort_by(f64::total_cmp);
    list.get(list.len() / 2).copied().unwrap_or_default()
}

async fn measure(name: &str, url: &str) {
    let world = World::new(url).await;
    let conn = plain(url).await;
    let names = [
        "1 client",
        "8 clients",
        "64 clients",
        "raw, one a commit",
        "raw, 100 a commit",
        "pgbench, 64 clients",
    ];
    let mut all: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    let server = conn.get_database_backend() == DbBackend::Postgres;
    if server {
        conn.execute_unprepared("CREATE SEQUENCE pgbench_seq START 2000000000")
            .await
            .unwrap();
    }
    // In turns, so that whatever else the machine does strikes all alike.
    for _ in 0..ROUNDS {
        for (place, count) in CLIENTS.into_iter().enumerate() {
            all[place].push(clients(&world, count).await);
        }
        all[3].push(raw(&conn, 1).await);
        all[4].push(raw(&conn, 100).await);
        if server {
            all[5].extend(pgbench(url));
        }
    }
    let medians: Vec<f64> = all.into_iter().map(median).collect();
    println!("{name}: postings a second, median of {ROUNDS} rounds, and beside one a commit");
    for (what, rate) in names.iter().zip(&medians).filter(|(_, rate)| **rate > 0.0) {
        println!("  {what:<26} {rate:>9.0} {:>7.2}", rate / medians[3]);
    }
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let path = std::env::temp_dir().join(format!("kopeck-bench-{}.sqlite", Uuid::now_v7()));
        measure("SQLite", &format!("sqlite:{}", path.display())).await;
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
        }
        if let Ok(server) = std::env::var("KOPECK_TEST_POSTGRES") {
            let name = format!("kopeck_bench_{}", Uuid::now_v7().simple());
            let admin = plain(&server).await;
            admin
                .execute_unprepared(&format!("CREATE DATABASE {name}"))
                .await
                .unwrap();
            let root = server
                .rsplit_once('/')
                .map_or(server.as_str(), |(root, _)| root);
            measure("Postgres", &format!("{root}/{name}")).await;
            admin
                .execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)"))
                .await
                .unwrap();
        }
    });
}
