//! The transaction that a use case runs in, on a connection of the writers' own.
//!
//! sea-orm's own takes its connection from a pool, which asks a connection whether it lives each time it is given back
//! and hands it to the next only then, and begins and commits by statements apart. Writers keep their connections and say
//! both in one.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{
    self, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, IntoArguments,
    PgConnection, SqlSafeStr, SqliteConnection,
};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

use super::RESTED;
use super::journal::Entry;
use crate::planted::turn;

/// A database that does not answer for so long can't be reached.
const CONNECTING: Duration = Duration::from_secs(10);

/// Where a connection goes.
#[derive(Debug, Clone)]
pub(super) enum Address {
    Postgres(PgConnectOptions),
    Sqlite(SqliteConnectOptions),
}

/// A connection of either database.
#[derive(Debug)]
pub(super) enum Conn {
    /// And whether what is prepared for entries is prepared.
    Postgres(PgConnection, bool),
    Sqlite(SqliteConnection),
}

/// A connection outside a transaction, and since when.
pub(super) type Rested = (Conn, Instant);

/// A transaction under way. Whoever began it commits it; statements of one transaction run one after another.
#[derive(Debug)]
pub struct Tx {
    backend: DbBackend,
    conn: Mutex<Conn>,
    failed: AtomicBool,
    entries: std::sync::Mutex<Vec<Entry>>,
}

/// The same words for either connection.
macro_rules! either {
    ($conn:expr, $own:ident => $answer:expr) => {
        match &mut *$conn {
            Conn::Postgres($own, _) => $answer,
            Conn::Sqlite($own) => $answer,
        }
    };
}

impl Conn {
    /// Connects to the server, or opens the file by a thread of the driver's that this thread starts.
    ///
    /// Errors: the server can't be reached or does not answer in time; the file can't be opened.
    pub(super) async fn open(address: &Address) -> Result<Self, DbErr> {
        let _turn = turn().await;
        let connected = async {
            Ok(match address {
                Address::Postgres(options) => Self::Postgres(options.connect().await?, false),
                Address::Sqlite(options) => Self::Sqlite(options.connect().await?),
            })
        };
        let late = |_| DbErr::Custom("the database does not answer".to_owned());
        let opened = tokio::time::timeout(CONNECTING, connected).await;
        opened.map_err(late)?.map_err(executing)
    }

    /// One that has rested, unless it has hung up meanwhile; then another.
    ///
    /// Errors: as [`Conn::open`].
    pub(super) async fn living(rested: Option<Rested>, address: &Address) -> Result<Self, DbErr> {
        if let Some((mut conn, since)) = rested
            && (since.elapsed() < RESTED || either!(&mut conn, conn => conn.ping().await.is_ok()))
        {
            return Ok(conn);
        }
        Self::open(address).await
    }

    pub(super) async fn close(self) -> Result<(), DbErr> {
        let closed = match self {
            Self::Postgres(conn, _) => conn.close().await,
            Self::Sqlite(conn) => conn.close().await,
        };
        closed.map_err(executing)
    }

    /// Runs words without values: one or more statements of ours.
    pub(super) async fn say(&mut self, words: impl SqlSafeStr + Send) -> Result<(), DbErr> {
        let _turn = turn().await;
        let said = either!(self, conn => conn.execute(words.into_sql_str()).await.map(drop));
        said.map_err(executing)
    }
}

impl Tx {
    /// Of a connection on which a transaction has begun or is about to.
    pub(super) fn on(conn: Conn) -> Self {
        let backend = match conn {
            Conn::Postgres(..) => DbBackend::Postgres,
            Conn::Sqlite(_) => DbBackend::Sqlite,
        };
        Self {
            backend,
            conn: Mutex::new(conn),
            failed: AtomicBool::new(false),
            entries: std::sync::Mutex::default(),
        }
    }

    /// Whether a statement failed. Postgres then takes nothing more in this transaction, and answers a commit by undoing
    /// everything without calling it an error.
    pub(super) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    pub(super) fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Keeps an entry of the journal for the end of the use case.
    pub(crate) fn enter(&self, entry: Entry) {
        self.entries().push(entry);
    }

    /// What the use case has entered; nothing is left.
    pub(super) fn entered(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.entries())
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prepares the connection of a server for entries, once in its life.
    pub(super) async fn prepared(&self, words: &'static str) -> Result<(), DbErr> {
        let mut conn = self.conn.lock().await;
        if let Conn::Postgres(own, ready) = &mut *conn
            && !*ready
        {
            own.execute(words).await.map_err(executing)?;
            *ready = true;
        }
        Ok(())
    }

    /// As [`Conn::say`], in the middle of the transaction.
    pub(super) async fn say(&self, words: &'static str) -> Result<(), DbErr> {
        self.conn.lock().await.say(words).await
    }

    /// The connection, to end the transaction by.
    pub(super) fn into_conn(self) -> Conn {
        self.conn.into_inner()
    }

    fn noted<T>(
        &self,
        answer: Result<T, sqlx::Error>,
        kind: fn(sqlx::Error) -> DbErr,
    ) -> Result<T, DbErr> {
        answer.map_err(|error| {
            self.failed.store(true, Ordering::Relaxed);
            kind(error)
        })
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut conn = self.conn.lock().await;
        let _turn = turn().await;
        let done =
            either!(conn, conn => query(statement).execute(conn).await.map(ExecResult::from));
        self.noted(done, executing)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut conn = self.conn.lock().await;
        let _turn = turn().await;
        let done =
            either!(conn, conn => conn.execute(AssertSqlSafe(sql)).await.map(ExecResult::from));
        self.noted(done, executing)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut conn = self.conn.lock().await;
        let _turn = turn().await;
        let row = either!(conn, conn => {
            query(statement).fetch_optional(conn).await.map(|row| row.map(QueryResult::from))
        });
        self.noted(row, querying)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut conn = self.conn.lock().await;
        let _turn = turn().await;
        let rows = either!(conn, conn => {
            let rows = query(statement).fetch_all(conn).await;
            rows.map(|rows| rows.into_iter().map(QueryResult::from).collect())
        });
        self.noted(rows, querying)
    }
}

/// A statement with its values, prepared once a connection.
fn query<DB: sqlx::Database>(statement: Statement) -> Query<'static, DB, SqlxValues>
where
    SqlxValues: IntoArguments<DB>,
{
    let values = statement.values.unwrap_or(Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

fn executing(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn querying(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}
