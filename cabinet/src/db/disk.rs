//! Postgres' disk, waited for by many at once.
//!
//! A commit that waits for the disk holds its row locks meanwhile, and every posting locks the end of
//! the journal's chain: postings would reach the disk one by one. So the connections commit with
//! `synchronous_commit = off`, which lets the locks go at once, and each use case then waits here
//! before its answer. The server's log is one sequence: when a commit of this connection has reached
//! the disk, so has everything committed before it. What others may read a moment before it is on the
//! disk is lost only together with all that was built on it.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use tokio::sync::{mpsc, oneshot};

use super::{QUEUE, unwritten};
use crate::error::{CabinetError, Result};
use crate::planted::{Sabotage, sabotaged};

/// Writes a few bytes into the log, so that its commit waits for the disk.
const MARK: &str = "SELECT pg_logical_emit_message(true, 'kopeck', '')";

/// Told whether the disk was reached.
type Waiting = oneshot::Sender<bool>;

/// The way to the disk. Cheap to clone.
#[derive(Clone)]
pub(super) struct Disk(mpsc::Sender<Waiting>);

impl Disk {
    /// A connection of its own, whose commits wait unless the address itself says otherwise.
    pub(super) async fn connect(mut options: ConnectOptions) -> Result<Self> {
        options.max_connections(1);
        let conn = Database::connect(options).await?;
        let (sender, queue) = mpsc::channel(QUEUE);
        tokio::spawn(run(conn, queue));
        Ok(Self(sender))
    }

    /// Waits until everything committed before this call is on the disk.
    ///
    /// Errors: `Unavailable("storage")`: it may or may not be.
    pub(super) async fn reached(&self) -> Result<()> {
        if sabotaged(Sabotage::NoSync) {
            return Ok(());
        }
        let (sender, told) = oneshot::channel();
        let asked = self.0.send(sender).await.is_ok();
        if asked && told.await.unwrap_or_default() {
            Ok(())
        } else {
            Err(CabinetError::Unavailable("storage"))
        }
    }
}

/// Until the last handle of the database is dropped: all that wait share one commit.
async fn run(conn: DatabaseConnection, mut queue: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::new();
    while queue.recv_many(&mut waiting, QUEUE).await > 0 {
        let reached = conn.execute_unprepared(MARK).await;
        if let Err(error) = &reached {
            unwritten(error);
        }
        for one in waiting.drain(..) {
            // The caller may have gone away.
            let _ = one.send(reached.is_ok());
        }
    }
    if let Err(error) = conn.close().await {
        tracing::warn!(%error, "closing the connection to the disk");
    }
}
