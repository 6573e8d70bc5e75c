//! The only writer of a SQLite database: many use cases, one fsync.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use futures::FutureExt as _;
use sea_orm::DbErr;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Notify, mpsc, oneshot};

use super::tx::{Address, Conn, Tx};
use super::{QUEUE, Work, chain, check_sqlite, journal, processor, watched};
use crate::error::{CabinetError, Result};
use crate::planted::{Sabotage, point, sabotaged};

/// At most so many use cases share a commit, so that the first of them does not wait for long.
const GROUP: usize = 256;

/// Between tries to connect again.
const RECONNECT: Duration = Duration::from_millis(200);

/// A use case on its way through the writer, its types forgotten.
pub(super) trait Job: Send {
    /// Runs it in its savepoint; answers whether the savepoint stays.
    fn run<'a>(&'a mut self, tx: &'a Tx) -> Running<'a>;
    /// Tells the caller; `lost` when nothing of the group reached the disk.
    fn answer(self: Box<Self>, lost: bool);
}

/// A job at work.
type Running<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// What is left of a use case when it ends.
pub(super) struct Outcome {
    keep: bool,
    wrote_outbox: bool,
}

struct Typed<T, F> {
    work: Option<F>,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for Typed<T, F>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Tx) -> Work<'a, T> + Send + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a Tx) -> Running<'a> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return Outcome {
                    keep: false,
                    wrote_outbox: false,
                };
            };
            // A panic is a fault of one use case; the writer and the others live on.
            let caught = AssertUnwindSafe(async {
                let (result, wrote_outbox) = watched(work(tx)).await;
                match result {
                    Ok(result) => (journal::settle(tx).await.map(|_| result), wrote_outbox),
                    refused => (refused, wrote_outbox),
                }
            })
            .catch_unwind()
            .await;
            let (result, wrote_outbox) = caught
                .unwrap_or_else(|_| (Err(CabinetError::internal("a use case panicked")), false));
            let keep = result.is_ok();
            self.result = Some(result);
            Outcome {
                keep,
                wrote_outbox: keep && wrote_outbox,
            }
        })
    }

    fn answer(self: Box<Self>, lost: bool) {
        let never = || Err(CabinetError::internal("a use case did not run"));
        let result = match (self.result, lost) {
            // A refusal stands whatever became of the commit: it changed nothing.
            (Some(Err(refusal)), _) => Err(refusal),
            (_, true) => Err(CabinetError::Unavailable("storage")),
            (result, false) => result.unwrap_or_else(never),
        };
        // The caller may have gone away; the change stands all the same.
        let _ = self.reply.send(result);
    }
}

/// Hands a use case to the writer and waits for its commit.
pub(super) async fn submit<T, F>(writer: &Queue, work: F) -> Result<T>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Tx) -> Work<'a, T> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let job = Typed {
        work: Some(work),
        result: None,
        reply,
    };
    writer
        .send(Box::new(job))
        .await
        .map_err(|_| CabinetError::Unavailable("writer_stopped"))?;
    answer
        .await
        .map_err(|_| CabinetError::Unavailable("writer_stopped"))?
}

/// Jobs on their way to the writer.
pub(super) type Queue = mpsc::Sender<Box<dyn Job>>;

/// Opens the file for writing and begins the writer's life, in a thread of its own that shares a processor with the
/// driver's. A runtime of one thread keeps everything in that thread.
///
/// Errors: the file can't be opened, and `Internal` for a SQLite that is too old.
pub(super) async fn start(address: Address, bell: Arc<Notify>) -> Result<Queue> {
    let (sender, queue) = mpsc::channel(QUEUE);
    let runtime = Handle::current();
    if runtime.runtime_flavor() == RuntimeFlavor::CurrentThread {
        let conn = open(&address).await?;
        runtime.spawn(run(conn, address, queue, bell));
        return Ok(sender);
    }
    let (opened, told) = oneshot::channel();
    let life = async move {
        match open(&address).await {
            Ok(conn) => {
                let _ = opened.send(Ok(()));
                run(conn, address, queue, bell).await;
            }
            Err(error) => drop(opened.send(Err(error))),
        }
    };
    // The driver's thread is started by this one, here and after each failure, and stays where it stays.
    thread::Builder::new()
        .name("kopeck-writer".to_owned())
        .spawn(move || {
            processor::stay();
            runtime.block_on(life);
        })
        .map_err(CabinetError::internal)?;
    told.await
        .map_err(|_| CabinetError::internal("the writer did not begin"))??;
    Ok(sender)
}

async fn open(address: &Address) -> Result<Conn> {
    let tx = Tx::on(Conn::open(address).await?);
    check_sqlite(&tx).await?;
    Ok(tx.into_conn())
}

/// The writer's life: until the last handle of the database is dropped.
async fn run(
    mut conn: Conn,
    again: Address,
    mut queue: mpsc::Receiver<Box<dyn Job>>,
    bell: Arc<Notify>,
) {
    while let Some(first) = queue.recv().await {
        let (tx, mut done) = (Tx::on(conn), Vec::new());
        let outcome = group(&tx, first, &mut queue, &mut done).await;
        conn = match &outcome {
            Ok(_) => tx.into_conn(),
            Err(error) => {
                tracing::error!(jobs = done.len(), %error, "a group of writes was lost");
                fresh(tx.into_conn(), &again).await
            }
        };
        for job in done {
            job.answer(outcome.is_err());
        }
        if outcome.is_ok_and(|wrote_outbox| wrote_outbox) {
            bell.notify_one();
        }
    }
    if let Err(error) = conn.close().await {
        tracing::warn!(%error, "closing the writer's connection");
    }
}

/// Another connection after a failure: the broken one may still hold a transaction, or have lost it halfway.
async fn fresh(broken: Conn, again: &Address) -> Conn {
    if let Err(error) = broken.close().await {
        tracing::warn!(%error, "closing a writer's connection that failed");
    }
    loop {
        match Conn::open(again).await {
            Ok(conn) => return conn,
            Err(error) => {
                tracing::error!(%error, "the writer can't connect again");
                tokio::time::sleep(RECONNECT).await;
            }
        }
    }
}

/// One transaction with everything that waits; answers whether the outbox was written.
async fn group(
    tx: &Tx,
    first: Box<dyn Job>,
    queue: &mut mpsc::Receiver<Box<dyn Job>>,
    done: &mut Vec<Box<dyn Job>>,
) -> std::result::Result<bool, DbErr> {
    let wrote_outbox = chain::shared(together(tx, first, queue, done)).await?;
    if sabotaged(Sabotage::EarlyAnswer) {
        for job in done.drain(..) {
            job.answer(false);
        }
    }
    point("before a commit").await;
    tx.say("COMMIT").await?;
    point("after a commit").await;
    Ok(wrote_outbox)
}

/// Everything that waits, one after another, each in its savepoint. The first is opened in the same words that begin the
/// transaction, each of the others in those that let go of the one before, and the last is let go by the commit itself:
/// each statement is a way to the driver's thread and back.
async fn together(
    tx: &Tx,
    first: Box<dyn Job>,
    queue: &mut mpsc::Receiver<Box<dyn Job>>,
    done: &mut Vec<Box<dyn Job>>,
) -> std::result::Result<bool, DbErr> {
    let mut wrote_outbox = false;
    let (mut next, mut open) = (Some(first), "BEGIN IMMEDIATE; SAVEPOINT one");
    while let Some(mut job) = next.take() {
        let ran = savepoint(tx, open, job.as_mut()).await;
        done.push(job);
        wrote_outbox |= ran?;
        open = "RELEASE one; SAVEPOINT one";
        if done.len() < GROUP {
            next = queue.try_recv().ok();
        }
    }
    let lost = |error: CabinetError| DbErr::Custom(error.to_string());
    chain::write(tx).await.map_err(lost)?;
    Ok(wrote_outbox)
}

/// One use case in its savepoint, which is undone when the use case refuses.
async fn savepoint(
    tx: &Tx,
    open: &'static str,
    job: &mut dyn Job,
) -> std::result::Result<bool, DbErr> {
    tx.say(open).await?;
    let before = chain::before();
    let outcome = job.run(tx).await;
    if !outcome.keep {
        tx.say("ROLLBACK TO one").await?;
        drop(tx.entered());
        chain::back(before);
    }
    Ok(outcome.wrote_outbox)
}
