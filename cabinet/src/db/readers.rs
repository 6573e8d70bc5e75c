//! SQLite's reading connections.
//!
//! A pool of our own: sqlx's asks a connection whether it lives when it is given back, which costs the driver's
//! thread another message for every statement, and a file does not hang up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{FutureExt, StreamExt};
use sea_orm::sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, ConnectOptions as _, Connection as _, Either, Executor};
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    RuntimeErr, Statement, Value, Values,
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{CabinetError, Result};
use crate::planted::turn;

/// Whoever waits longer for a connection is told that there is none.
const PATIENCE: Duration = Duration::from_secs(30);

/// Rows that the driver's thread may be ahead of their reader. It wakes the reader for the first of them; with
/// room for less than a page's rows the two would take turns.
const ROWS_AHEAD: usize = 512;

/// Where single statements are read.
#[derive(Clone)]
pub enum Reads {
    /// By connections of our own.
    Sqlite(Readers),
    /// By sea-orm's pool.
    Postgres(DatabaseConnection),
}

impl Reads {
    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> std::result::Result<(), DbErr> {
        match self {
            Self::Sqlite(readers) => {
                let mut lent = readers.lend().await?;
                let _turn = turn().await;
                let ping = lent.conn()?.ping().await;
                ping.map_err(|error| lent.failed(error))
            }
            Self::Postgres(pool) => pool.ping().await,
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reads {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(readers) => {
                let mut lent = readers.lend().await?;
                let _turn = turn().await;
                let done = lent.conn()?.execute(query(statement)).await;
                done.map(ExecResult::from)
                    .map_err(|error| lent.failed(error))
            }
            Self::Postgres(pool) => pool.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> std::result::Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(readers) => {
                let mut lent = readers.lend().await?;
                let _turn = turn().await;
                let text = AssertSqlSafe(sql.to_owned());
                let done = lent.conn()?.execute(sqlx::raw_sql(text)).await;
                done.map(ExecResult::from)
                    .map_err(|error| lent.failed(error))
            }
            Self::Postgres(pool) => pool.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(
        &self,
        statement: Statement,
    ) -> std::result::Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(readers) => {
                let mut lent = readers.lend().await?;
                let _turn = turn().await;
                let row = lent.conn()?.fetch_optional(query(statement)).await;
                row.map(|row| row.map(QueryResult::from))
                    .map_err(|error| lent.failed(error))
            }
            Self::Postgres(pool) => pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(
        &self,
        statement: Statement,
    ) -> std::result::Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(readers) => {
                let mut lent = readers.lend().await?;
                let _turn = turn().await;
                let rows = lent.conn()?.fetch_all(query(statement)).await;
                rows.map(|rows| rows.into_iter().map(QueryResult::from).collect())
                    .map_err(|error| lent.failed(error))
            }
            Self::Postgres(pool) => pool.query_all_raw(statement).await,
        }
    }
}

/// The connections. Cheap to clone.
#[derive(Clone)]
pub struct Readers(Arc<Shared>);

struct Shared {
    options: SqliteConnectOptions,
    idle: Mutex<Vec<SqliteConnection>>,
    room: Arc<Semaphore>,
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, Vec<SqliteConnection>> {
        // A list of connections is whole whatever became of the thread that held it.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Readers {
    /// Opens the first connection; the others when they are needed. `most` of them are used at once.
    pub(super) async fn open(file: SqliteConnectOptions, most: u32) -> Result<Self> {
        let options = file.row_buffer_size(ROWS_AHEAD);
        let first = options.connect().await.map_err(CabinetError::internal)?;
        Ok(Self(Arc::new(Shared {
            options,
            idle: Mutex::new(vec![first]),
            room: Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(1).max(1))),
        })))
    }

    /// A connection for one reader, given back when it is dropped.
    pub(super) async fn lend(&self) -> std::result::Result<Lent, DbErr> {
        let room = if let Ok(room) = Arc::clone(&self.0.room).try_acquire_owned() {
            room
        } else {
            let waited = Arc::clone(&self.0.room).acquire_owned();
            tokio::time::timeout(PATIENCE, waited)
                .await
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?
        };
        let idle = self.0.idle().pop();
        let conn = if let Some(conn) = idle {
            conn
        } else {
            let _turn = turn().await;
            self.0.options.connect().await.map_err(query_error)?
        };
        Ok(Lent {
            conn: Some(conn),
            home: Arc::clone(&self.0),
            begun: false,
            _room: room,
        })
    }

    /// Closes what nobody uses; nothing more is lent.
    pub(super) async fn close(&self) -> std::result::Result<(), DbErr> {
        self.0.room.close();
        let idle = std::mem::take(&mut *self.0.idle());
        for conn in idle {
            conn.close().await.map_err(query_error)?;
        }
        Ok(())
    }
}

/// A connection in use.
pub(super) struct Lent {
    /// None once it can't be used any more.
    conn: Option<SqliteConnection>,
    home: Arc<Shared>,
    /// A transaction was begun on it, or is about to be.
    begun: bool,
    /// Given back after the connection.
    _room: OwnedSemaphorePermit,
}

impl Lent {
    fn conn(&mut self) -> std::result::Result<&mut SqliteConnection, DbErr> {
        let gone = || DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        self.conn.as_mut().ok_or_else(gone)
    }

    /// Runs one text of several statements as one message to the driver's thread. `each` gets every row with the
    /// number of its statement, and nothing instead of a row when the statement has ended.
    pub(super) async fn run(
        &mut self,
        text: String,
        values: Values,
        mut each: impl FnMut(usize, Option<QueryResult>),
    ) -> std::result::Result<(), DbErr> {
        let query = sqlx::query_with(AssertSqlSafe(text), SqlxValues(values));
        let _turn = turn().await;
        let mut number = 0;
        let conn = self.conn()?;
        let mut found = conn.fetch_many(query);
        let error = loop {
            match found.next().await {
                None => return Ok(()),
                Some(Ok(Either::Right(row))) => each(number, Some(row.into())),
                Some(Ok(Either::Left(_))) => {
                    each(number, None);
                    number += 1;
                }
                Some(Err(error)) => break error,
            }
        };
        drop(found);
        Err(self.failed(error))
    }

    /// From here on there is a transaction to end. False where there was one already.
    pub(super) const fn begins(&mut self) -> bool {
        !std::mem::replace(&mut self.begun, true)
    }

    /// What was asked last has ended the transaction.
    pub(super) const fn ended(&mut self) {
        self.begun = false;
    }

    /// Keeps it from being lent again.
    pub(super) fn spoil(&mut self) {
        self.conn = None;
    }

    /// The error, as sea-orm tells it. Of a refused statement the connection knows nothing any more; after anything else
    /// nobody knows what state it is in.
    fn failed(&mut self, error: sqlx::Error) -> DbErr {
        if !matches!(error, sqlx::Error::Database(_)) {
            self.spoil();
        }
        query_error(error)
    }
}

impl Drop for Lent {
    /// Ends the transaction without waiting: what the next one asks of this connection stands behind it in the
    /// same queue. So does the end behind what a reader who went away had asked.
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else {
            return;
        };
        if self.begun {
            // Asked once, it stands in the queue, where there is room for fifty.
            let mut ended = conn.fetch_many(sqlx::query::<Sqlite>("ROLLBACK"));
            let _ = ended.next().now_or_never();
        }
        if !self.home.room.is_closed() {
            self.home.idle().push(conn);
        }
    }
}

/// With the number of a `LIMIT ?` in the text. SQLite plans by that number, so as a value it has the statement parsed and
/// planned anew each time it is run.
pub(super) fn limited(mut statement: Statement) -> Statement {
    if let Some(head) = statement.sql.strip_suffix("LIMIT ?")
        && let Some(Values(values)) = &mut statement.values
        && let Some(Value::BigUnsigned(Some(limit))) = values.last()
    {
        statement.sql = format!("{head}LIMIT {limit}");
        values.pop();
    }
    statement
}

fn query(statement: Statement) -> sqlx::query::Query<'static, Sqlite, SqlxValues> {
    let statement = limited(statement);
    let values = statement.values.unwrap_or_else(|| Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}
