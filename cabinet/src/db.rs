//! The database and its one way of writing.
//!
//! [`Db::write`] runs one use case in one transaction and answers after the commit. On SQLite a
//! single writer takes waiting use cases together: each in its savepoint, one `COMMIT` (one
//! fsync) for all, then every answer. On Postgres each use case has a transaction of its own, and they
//! wait for the disk together.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr,
    IsolationLevel, TransactionTrait,
};
use tokio::sync::Notify;

use crate::error::{CabinetError, Result};
use crate::planted::{Sabotage, sabotaged};

pub(crate) mod chain;
mod disk;
pub(crate) mod journal;
mod processor;
mod readers;
mod snapshot;
pub mod sql;
mod tx;
mod writer;
mod writers;

pub use tx::Tx;

use tx::Address;

pub use readers::Reads;
pub use snapshot::Snapshot;

use snapshot::OneState;

/// What a use case does inside its transaction.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The oldest SQLite without the WAL-reset race that could corrupt a database with two connections.
const SQLITE_SAFE: (u32, u32, u32) = (3, 51, 3);

/// A connection that has rested for longer is asked whether it still lives before it is used.
const RESTED: Duration = Duration::from_secs(30);

/// Jobs waiting for the writer; beyond it callers wait for room instead of filling memory.
const QUEUE: usize = 1024;

/// Statements that a writer of Postgres keeps prepared. Use cases have more than the driver's hundred.
const STATEMENTS: usize = 1000;

/// Use cases of this process that write on Postgres at once, each on a connection. Measured on two processors, 64 clients
/// post about as fast with three or four.
const WRITERS: usize = 6;

tokio::task_local! {
    /// Present while a use case runs inside [`Db::write`]; true once it wrote the outbox.
    static WROTE_OUTBOX: Cell<bool>;
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: DatabaseConnection,
    reads: Reads,
    backend: DbBackend,
    way: Way,
    bell: Arc<Notify>,
}

/// How use cases write.
#[derive(Clone)]
enum Way {
    /// One after another, many to a commit.
    Together(writer::Queue),
    /// Side by side.
    Apart(writers::Server),
}

impl Db {
    /// Opens a database by its address, `sqlite:path` or `postgres://…`. A SQLite file is created
    /// when it is missing; the schema is not touched.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Self> {
        let bell = Arc::new(Notify::new());
        // Few at once seldom meet, and this fault shows only where many do.
        let crowd = sabotaged(Sabotage::LooseCount);
        let writers = if crowd { 2 * WRITERS } else { WRITERS };
        if url.starts_with("sqlite:") {
            let file = sqlite_options(url)?;
            let address = Address::Sqlite(file.clone());
            let way = if sabotaged(Sabotage::NoLock) {
                Way::Apart(writers::Server::new(address, writers, None))
            } else {
                Way::Together(writer::start(address, Arc::clone(&bell)).await?)
            };
            let readers = readers::Readers::open(file.clone(), max_connections).await?;
            // Only migrations ask it for anything.
            let mut options = sqlite_pool(url, max_connections.max(1), file);
            let pool = Database::connect(options.connect_lazy(true).to_owned()).await?;
            return Ok(Self {
                pool,
                reads: Reads::Sqlite(readers),
                backend: DbBackend::Sqlite,
                way,
                bell,
            });
        }
        if !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
            return Err(CabinetError::internal(
                "only sqlite: and postgres: databases are known",
            ));
        }
        let server = PgConnectOptions::from_str(url).map_err(CabinetError::internal)?;
        let server = server.disable_statement_logging();
        let disk = disk::Disk::connect(Address::Postgres(server.clone())).await?;
        let writing = server
            .options([("synchronous_commit", "off")])
            .statement_cache_capacity(STATEMENTS);
        let pool = Database::connect(postgres_pool(url, max_connections.max(2))).await?;
        Ok(Self {
            reads: Reads::Postgres(pool.clone()),
            pool,
            backend: DbBackend::Postgres,
            way: Way::Apart(writers::Server::new(
                Address::Postgres(writing),
                writers,
                Some(disk),
            )),
            bell,
        })
    }

    /// For reading outside a transaction.
    pub fn read(&self) -> &Reads {
        &self.reads
    }

    /// One state of the database for a page that reads much of it, whatever is written meanwhile, over one
    /// connection; what is asked for at once, in `try_join!`, goes to SQLite as one message. Dropped when read; nothing
    /// can be written through it. Whoever holds one reads everything through it: waiting for a second connection, enough
    /// of them would wait for each other.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        match &self.reads {
            Reads::Sqlite(readers) => Ok(Snapshot::sqlite(readers, OneState::Snapshot).await?),
            Reads::Postgres(pool) => {
                let (level, access) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
                let begun = pool.begin_with_config(Some(level), Some(access)).await?;
                Ok(Snapshot::postgres(begun))
            }
        }
    }

    /// The same for whoever asks for all of it at once, in one `try_join!`: SQLite is sent one message instead of one and the end of its
    /// transaction. There, asking again is refused.
    pub async fn at_once(&self) -> Result<Snapshot> {
        match &self.reads {
            Reads::Sqlite(readers) => Ok(Snapshot::sqlite(readers, OneState::OnlyMessage).await?),
            Reads::Postgres(_) => self.snapshot().await,
        }
    }

    /// The same for reading what need not be of one state, and may be asked for later too. On Postgres without a transaction.
    pub(crate) async fn together(&self) -> Result<Snapshot> {
        match &self.reads {
            Reads::Sqlite(readers) => Ok(Snapshot::sqlite(readers, OneState::Message).await?),
            Reads::Postgres(pool) => Ok(Snapshot::loose(pool.clone())),
        }
    }

    /// Which database it is.
    pub fn backend(&self) -> DbBackend {
        self.backend
    }

    /// One use case in one transaction: committed whole when it answers `Ok`, undone whole
    /// otherwise. The answer comes after the commit. A use case must not write through this again
    /// while it runs; that is refused at once, for on SQLite it would wait for itself.
    ///
    /// The use case runs to its end even when the caller goes away.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> Work<'a, T> + Send + 'static,
    {
        if WROTE_OUTBOX.try_with(|_| ()).is_ok() {
            return Err(CabinetError::internal("a write inside a write"));
        }
        let server = match &self.way {
            Way::Together(writer) => return writer::submit(writer, f).await,
            Way::Apart(server) => server.clone(),
        };
        let bell = Arc::clone(&self.bell);
        // A task of its own: a browser that hangs up must not cut a use case in the middle.
        let task = tokio::spawn(async move {
            let (result, wrote_outbox) = server.write(f).await?;
            if wrote_outbox {
                bell.notify_one();
            }
            Ok(result)
        });
        task.await
            .unwrap_or_else(|error| Err(CabinetError::internal(error)))
    }

    /// What is wrong with the database's own files; nothing when they are whole. Postgres looks after its own.
    ///
    /// # Errors
    /// The file can't be read.
    pub async fn damage(&self) -> Result<Vec<String>> {
        if self.backend() != DbBackend::Sqlite {
            return Ok(Vec::new());
        }
        let rows = sql::all(self.read(), "PRAGMA integrity_check", vec![]).await?;
        let said = rows.iter().map(|row| Ok(row.try_get_by_index(0)?));
        let mut said = said.collect::<Result<Vec<String>>>()?;
        said.retain(|line| line != "ok");
        Ok(said)
    }

    /// Closes the reading connections; what was acknowledged is on the disk already.
    pub async fn close(self) -> Result<()> {
        if let Reads::Sqlite(readers) = &self.reads {
            readers.close().await?;
        }
        self.pool.close().await.map_err(CabinetError::from)
    }

    /// sea-orm's own, for migrations, and for a test that tries what no use case does.
    pub fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    /// Waits until no use case is writing on Postgres, whoever asked for it having gone away.
    #[cfg(feature = "planted")]
    pub async fn written(&self) {
        if let Way::Apart(server) = &self.way {
            server.quiet().await;
        }
    }

    pub(crate) fn bell(&self) -> &Notify {
        &self.bell
    }
}

/// Marks the running use case as one the outbox worker should hear of once it is committed.
pub(crate) fn ring_after_commit() {
    // Outside a write there is no commit to wait for, and the worker's own timer finds the row.
    let _ = WROTE_OUTBOX.try_with(|wrote| wrote.set(true));
}

/// Runs a use case and tells whether it wrote the outbox.
async fn watched<T>(work: Work<'_, T>) -> (Result<T>, bool) {
    WROTE_OUTBOX
        .scope(Cell::new(false), async move {
            let result = work.await;
            (result, WROTE_OUTBOX.with(Cell::get))
        })
        .await
}

/// The disk or the server did not take it: nothing happened, and the same may be tried again later.
fn unwritten(error: &DbErr) -> CabinetError {
    tracing::error!(%error, "a write was lost");
    CabinetError::Unavailable("storage")
}

/// Statements carry personal data, so the driver logs none of them.
fn quiet(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false);
    options
}

fn postgres_pool(url: &str, connections: u32) -> ConnectOptions {
    let mut options = quiet(url);
    options
        .max_connections(connections)
        .test_before_acquire_if_idle_for(RESTED)
        .acquire_timeout(Duration::from_secs(10));
    options
}

fn sqlite_pool(url: &str, connections: u32, file: SqliteConnectOptions) -> ConnectOptions {
    let mut options = quiet(url);
    options
        .max_connections(connections)
        // A file does not hang up: asking before each statement would only double the way to the driver's thread.
        .test_before_acquire(false)
        // A closed connection would lose its page cache.
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .map_sqlx_sqlite_opts(move |_| file.clone());
    options
}

/// How the file is opened, by the writer and by those who read.
fn sqlite_options(url: &str) -> Result<SqliteConnectOptions> {
    let synchronous = if sabotaged(Sabotage::NoSync) {
        "OFF"
    } else {
        "FULL"
    };
    let options = SqliteConnectOptions::from_str(url).map_err(CabinetError::internal)?;
    Ok(options
        .disable_statement_logging()
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("journal_mode", "WAL")
        // An acknowledged payment survives a power cut only with FULL.
        .pragma("synchronous", synchronous)
        .pragma("temp_store", "MEMORY"))
}

async fn check_sqlite(conn: &impl ConnectionTrait) -> Result<()> {
    let row = sql::one(conn, "SELECT sqlite_version() AS version", vec![]).await?;
    let version: String = match row {
        Some(row) => row.try_get("", "version")?,
        None => return Err(CabinetError::internal("SQLite does not tell its version")),
    };
    let mut parts = version
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < SQLITE_SAFE {
        return Err(CabinetError::internal(format!(
            "SQLite {version} may corrupt a database in WAL mode; 3.51.3 or newer is needed"
        )));
    }
    Ok(())
}
