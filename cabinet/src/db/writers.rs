//! The writers of a Postgres database: a few connections, one use case on each.
//!
//! Every statement is a way to the server and back, and the end of the journal's chain stays locked on the last of them. So
//! a connection that ends one transaction begins the next in the same message when somebody waits, and is handed to them
//! at once; otherwise it rests outside a transaction.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use sea_orm::DbErr;
use sea_orm::sqlx::AssertSqlSafe;
use tokio::sync::{Notify, oneshot};

use super::disk::Disk;
use super::tx::{Address, Conn, Rested, Tx};
use super::{Work, journal, unwritten, watched};
use crate::error::{CabinetError, Result};
use crate::planted::{Sabotage, point, sabotaged};

/// The connections and who waits for them.
struct Writers {
    address: Address,
    /// All places, to know when none is taken.
    #[cfg(feature = "planted")]
    count: usize,
    places: Mutex<Places>,
    /// Rung whenever a place is given back.
    given: Notify,
}

struct Places {
    rested: Vec<Rested>,
    /// So many more may connect.
    unused: usize,
    /// The longest waiting first; only while nothing is free.
    waiting: VecDeque<oneshot::Sender<Place>>,
}

/// A database whose use cases write side by side. Cheap to clone.
#[derive(Clone)]
pub(super) struct Server {
    writers: Arc<Writers>,
    /// Waited for where a commit does not wait itself.
    disk: Option<Disk>,
}

impl Server {
    pub(super) fn new(address: Address, count: usize, disk: Option<Disk>) -> Self {
        let writers = Arc::new(Writers::new(address, count));
        Self { writers, disk }
    }

    /// Runs a use case in a transaction of its own; answers after the disk, and whether the outbox was written.
    pub(super) async fn write<T, F>(&self, f: F) -> Result<(T, bool)>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> Work<'a, T> + Send + 'static,
    {
        let mut place = self.writers.place().await?;
        let tx = place.begin().await.map_err(|error| unwritten(&error))?;
        let (result, wrote_outbox) = watched(f(&tx)).await;
        let settled = match result {
            // The commit would answer for something that Postgres has undone.
            Ok(_) if tx.failed() => Err(CabinetError::internal("a statement failed unnoticed")),
            Ok(result) => journal::settle(&tx).await.map(|words| (result, words)),
            Err(refusal) => Err(refusal),
        };
        let (result, entries) = match settled {
            Ok(settled) => settled,
            Err(refusal) => {
                place.end(tx, End::Rollback, "").await?;
                // It may rest on what another has just committed.
                self.reached().await?;
                return Err(refusal);
            }
        };
        if sabotaged(Sabotage::EarlyAnswer) {
            tokio::spawn(late_commit(place, tx, entries));
            return Ok((result, false));
        }
        point("before a commit").await;
        if let Err(error) = place.end(tx, End::Commit, &entries).await {
            if journal::taken(&error) {
                self.reached().await?;
                return Err(CabinetError::Conflict("already_posted"));
            }
            return Err(unwritten(&error));
        }
        self.reached().await?;
        point("after a commit").await;
        Ok((result, wrote_outbox))
    }

    /// Waits until no use case is writing.
    #[cfg(feature = "planted")]
    pub(super) async fn quiet(&self) {
        self.writers.quiet().await;
    }

    async fn reached(&self) -> Result<()> {
        match &self.disk {
            Some(disk) => disk.reached(self.writers.crowded()).await,
            None => Ok(()),
        }
    }
}

/// The commit that its answer did not wait for.
async fn late_commit(place: Place, tx: Tx, entries: String) {
    point("before a commit").await;
    if let Err(error) = place.end(tx, End::Commit, &entries).await {
        tracing::error!(%error, "a commit after its answer");
    }
}

/// The right to write, given back when dropped.
struct Place {
    of: Arc<Writers>,
    state: State,
}

enum State {
    /// No transaction, and perhaps no connection yet.
    Outside(Option<Rested>),
    /// A transaction has begun.
    Begun(Conn),
}

/// How a transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Commit,
    Rollback,
}

impl End {
    /// The words for it, with those that begin the next one.
    fn words(self, next: bool) -> &'static str {
        match (self, next) {
            (Self::Commit, false) => "COMMIT",
            (Self::Commit, true) => "COMMIT; BEGIN",
            (Self::Rollback, false) => "ROLLBACK",
            (Self::Rollback, true) => "ROLLBACK; BEGIN",
        }
    }
}

impl Writers {
    fn new(address: Address, count: usize) -> Self {
        Self {
            address,
            #[cfg(feature = "planted")]
            count,
            places: Mutex::new(Places {
                rested: Vec::new(),
                unused: count,
                waiting: VecDeque::new(),
            }),
            given: Notify::new(),
        }
    }

    /// Waits for a place, in the order of asking.
    async fn place(self: &Arc<Self>) -> Result<Place> {
        let state = match self.ask() {
            Ok(state) => state,
            Err(handed) => return handed.await.map_err(CabinetError::internal),
        };
        Ok(Place {
            of: Arc::clone(self),
            state,
        })
    }

    /// What is free, or where it will be handed over.
    fn ask(&self) -> std::result::Result<State, oneshot::Receiver<Place>> {
        let mut places = self.places();
        if let Some(rested) = places.rested.pop() {
            return Ok(State::Outside(Some(rested)));
        }
        if places.unused > 0 {
            places.unused -= 1;
            return Ok(State::Outside(None));
        }
        let (sender, handed) = oneshot::channel();
        places.waiting.push_back(sender);
        Err(handed)
    }

    /// Waits until no use case is writing.
    #[cfg(feature = "planted")]
    async fn quiet(&self) {
        loop {
            let given = self.given.notified();
            let free = {
                let places = self.places();
                places.rested.len() + places.unused
            };
            if free == self.count {
                return;
            }
            given.await;
        }
    }

    /// Whether somebody waits.
    fn crowded(&self) -> bool {
        !self.places().waiting.is_empty()
    }

    /// Who waits the longest and will take what becomes free.
    fn next(&self) -> Option<oneshot::Sender<Place>> {
        let mut places = self.places();
        while let Some(next) = places.waiting.pop_front() {
            if !next.is_closed() {
                return Some(next);
            }
        }
        None
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Begins a transaction, connecting first where that is needed.
    async fn begin(&mut self) -> std::result::Result<Tx, DbErr> {
        let rested = match std::mem::replace(&mut self.state, State::Outside(None)) {
            State::Begun(conn) => return Ok(Tx::on(conn)),
            State::Outside(rested) => rested,
        };
        let mut conn = Conn::living(rested, &self.of.address).await?;
        conn.say("BEGIN").await?;
        Ok(Tx::on(conn))
    }

    /// Ends the transaction, with the journal's entries in the same message, and gives the place to the next. A connection
    /// that could not is let go.
    async fn end(mut self, tx: Tx, how: End, entries: &str) -> std::result::Result<(), DbErr> {
        let (mut conn, next) = (tx.into_conn(), self.of.next());
        let words = format!("{entries}{}", how.words(next.is_some()));
        let said = conn.say(AssertSqlSafe(words)).await;
        if said.is_ok() {
            self.state = match next {
                Some(_) => State::Begun(conn),
                None => State::Outside(Some((conn, Instant::now()))),
            };
        }
        if let Some(next) = next {
            // Where they have gone away meanwhile, the place comes back here and is dropped.
            drop(next.send(self));
        }
        said
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let state = std::mem::replace(&mut self.state, State::Outside(None));
        let of = Arc::clone(&self.of);
        if let Some(next) = of.next() {
            let place = Self {
                of: Arc::clone(&of),
                state,
            };
            drop(next.send(place));
            return;
        }
        let mut places = of.places();
        match state {
            State::Outside(Some(rested)) => places.rested.push(rested),
            // A transaction that nobody wants ends with its connection.
            State::Begun(_) | State::Outside(None) => places.unused += 1,
        }
        drop(places);
        of.given.notify_waiters();
    }
}
