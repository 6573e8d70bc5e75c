//! Faults planted on purpose, and points at which the process may be made to die: how the tests prove that they
//! would notice. Compiled only with the feature `planted`, which tests of this crate turn on and no program may
//! (`scripts/arrows.mjs` looks); without it every question here is a constant and every point is nothing.

/// A promise that can be broken on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "planted"), allow(dead_code))]
pub enum Sabotage {
    /// A loan is read without its lock; on SQLite several connections write at will.
    NoLock,
    /// The answer is given before the commit.
    EarlyAnswer,
    /// `synchronous=OFF`: a commit does not wait for the disk.
    NoSync,
    /// Anybody may look at a loan.
    NoOwner,
    /// Tries of a code are checked first and counted later.
    LooseCount,
}

#[cfg(not(feature = "planted"))]
pub(crate) use nothing::{point, sabotaged, turn};
#[cfg(feature = "planted")]
pub use real::{
    crash_after, crashed, disarm, has_crashed, in_turn, plant, point, points, sabotaged, turn,
};

#[cfg(not(feature = "planted"))]
mod nothing {
    use std::future::{Ready, ready};

    pub(crate) const fn sabotaged(_: super::Sabotage) -> bool {
        false
    }

    pub(crate) fn point(_: &'static str) -> Ready<()> {
        ready(())
    }

    pub(crate) struct Turn;

    pub(crate) fn turn() -> Ready<Turn> {
        ready(Turn)
    }
}

#[cfg(feature = "planted")]
mod real {
    use std::cell::{Cell, RefCell};
    use std::sync::Arc;

    use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

    use super::Sabotage;

    // Of a thread, so that tests beside each other break nothing for one another; a test's process is a runtime of
    // one thread.
    thread_local! {
        static PLANTED: Cell<Option<Sabotage>> = const { Cell::new(None) };
        static LEFT: Cell<Option<u64>> = const { Cell::new(None) };
        static PASSED: Cell<u64> = const { Cell::new(0) };
        static CRASHED: Cell<Option<&'static str>> = const { Cell::new(None) };
        static TURN: RefCell<Option<Arc<Mutex<()>>>> = const { RefCell::new(None) };
        static BELL: RefCell<Arc<Notify>> = RefCell::new(Arc::new(Notify::new()));
    }

    /// Breaks a promise for this thread, or mends it again.
    pub fn plant(sabotage: Option<Sabotage>) {
        PLANTED.set(sabotage);
    }

    /// Whether a promise is broken.
    pub fn sabotaged(sabotage: Sabotage) -> bool {
        PLANTED.get() == Some(sabotage)
    }

    /// From now on connections of this thread are used one at a time, in the order of asking. The driver has a thread for
    /// each; left alone, which of two answers first is for the machine to say and not for the seed.
    pub fn in_turn(on: bool) {
        TURN.replace(on.then(Arc::default));
    }

    /// Waits for the connection's turn, which lasts until the answer is dropped.
    pub async fn turn() -> Option<OwnedMutexGuard<()>> {
        let turn = TURN.with_borrow(Option::clone);
        match turn {
            Some(turn) => Some(turn.lock_owned().await),
            None => None,
        }
    }

    /// Lets the process die at a point: so many more are passed first.
    pub fn crash_after(points: u64) {
        LEFT.set(Some(points));
    }

    /// The process lives again, and no crash is ahead.
    pub fn disarm() {
        LEFT.set(None);
        CRASHED.set(None);
        BELL.replace(Arc::new(Notify::new()));
    }

    /// How many points this thread has passed.
    pub fn points() -> u64 {
        PASSED.get()
    }

    /// The point at which the process died.
    pub fn has_crashed() -> Option<&'static str> {
        CRASHED.get()
    }

    /// Waits for the death of the process.
    pub async fn crashed() {
        let bell = BELL.with_borrow(Arc::clone);
        let rung = bell.notified();
        if CRASHED.get().is_none() {
            rung.await;
        }
    }

    /// A point at which a process may die: then nothing after it ever happens, there or at any later point.
    pub async fn point(name: &'static str) {
        PASSED.set(PASSED.get() + 1);
        if CRASHED.get().is_none() {
            match LEFT.get() {
                None => return,
                Some(0) => {
                    CRASHED.set(Some(name));
                    BELL.with_borrow(|bell| bell.notify_one());
                }
                Some(left) => {
                    LEFT.set(Some(left - 1));
                    return;
                }
            }
        }
        std::future::pending::<()>().await;
    }
}
