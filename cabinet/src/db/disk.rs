//! Postgres' disk, waited for by many at once.
//!
//! A commit that waits for the disk holds its row locks meanwhile, and every posting locks the end of
//! the journal's chain: postings would reach the disk one by one. So the connections commit with
//! `synchronous_commit = off`, which lets the locks go at once, and each use case then waits here
//! before its answer. The server's log is one sequence: when a commit of this connection has reached
//! the disk, so has everything committed before it. What others may read a moment before it is on the
//! disk is lost only together with all that was built on it.

use std::time::{Duration, Instant};

use sea_orm::DbErr;
use tokio::sync::{mpsc, oneshot};

use super::tx::{Address, Conn, Rested};
use super::{QUEUE, unwritten};
use crate::error::{CabinetError, Result};
use crate::planted::{Sabotage, sabotaged};

/// Writes a few bytes into the log, so that its commit waits for the disk.
const MARK: &str = "SELECT pg_logical_emit_message(true, 'kopeck', '')";

/// Use cases that share a mark without waiting for more to come.
const ENOUGH: usize = 8;

/// The longest that a mark waits for more to come.
const GATHERING: Duration = Duration::from_millis(2);

/// Who waits for the disk.
struct Waiting {
    /// Told whether it was reached.
    told: oneshot::Sender<bool>,
    /// Whether others are about to come: a mark takes the server as long as a posting.
    more: bool,
}

/// The way to the disk. Cheap to clone.
#[derive(Clone)]
pub(super) struct Disk(mpsc::Sender<Waiting>);

impl Disk {
    /// A connection of its own, whose commits wait unless the address itself says otherwise.
    pub(super) async fn connect(address: Address) -> Result<Self> {
        let conn = Conn::open(&address).await?;
        let (sender, queue) = mpsc::channel(QUEUE);
        tokio::spawn(run(address, conn, queue));
        Ok(Self(sender))
    }

    /// Waits until everything committed before this call is on the disk; a little longer when `more` tells that others
    /// will soon wait too.
    ///
    /// Errors: `Unavailable("storage")`: it may or may not be.
    pub(super) async fn reached(&self, more: bool) -> Result<()> {
        if sabotaged(Sabotage::NoSync) {
            return Ok(());
        }
        let (told, answer) = oneshot::channel();
        let asked = self.0.send(Waiting { told, more }).await.is_ok();
        if asked && answer.await.unwrap_or_default() {
            Ok(())
        } else {
            Err(CabinetError::Unavailable("storage"))
        }
    }
}

/// Until the last handle of the database is dropped: all that wait share one commit.
async fn run(address: Address, conn: Conn, mut queue: mpsc::Receiver<Waiting>) {
    let (mut rested, mut waiting) = (Some((conn, Instant::now())), Vec::new());
    while gathered(&mut queue, &mut waiting).await {
        let reached = match mark(&address, rested.take()).await {
            Ok(conn) => {
                rested = Some((conn, Instant::now()));
                true
            }
            Err(error) => {
                unwritten(&error);
                false
            }
        };
        for one in waiting.drain(..) {
            // The caller may have gone away.
            let _ = one.told.send(reached);
        }
    }
    if let Some((conn, _)) = rested
        && let Err(error) = conn.close().await
    {
        tracing::warn!(%error, "closing the connection to the disk");
    }
}

/// Who shares the next mark; false when nobody will come any more.
async fn gathered(queue: &mut mpsc::Receiver<Waiting>, waiting: &mut Vec<Waiting>) -> bool {
    if queue.recv_many(waiting, QUEUE).await == 0 {
        return false;
    }
    let until = Instant::now() + GATHERING;
    while waiting.len() < ENOUGH && waiting.last().is_some_and(|last| last.more) {
        let late = tokio::time::sleep_until(until.into());
        tokio::select! {
            biased;
            came = queue.recv_many(waiting, QUEUE) => if came == 0 { break },
            () = late => break,
        }
    }
    true
}

/// Commits a mark, on another connection where the last one failed or has hung up.
async fn mark(address: &Address, rested: Option<Rested>) -> std::result::Result<Conn, DbErr> {
    let mut conn = Conn::living(rested, address).await?;
    conn.say(MARK).await?;
    Ok(conn)
}
