//! Threads that take turns, on one processor.
//!
//! The driver runs each statement of SQLite in a thread of the connection's own. Whoever asks waits for it, and it
//! for whoever asks: never do both work. On two processors each of them goes to sleep between two statements, and to
//! wake a sleeping processor takes longer than the statement; on one they only change places.

/// Keeps the calling thread, and each that it starts from now on, on the processor that it runs on. Where the system
/// does not let it, nothing changes.
pub(super) fn stay() {
    #[cfg(target_os = "linux")]
    if let Err(error) = linux::stay() {
        tracing::debug!(%error, "the writer goes on by itself on any processor");
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use rustix::io::Result;
    use rustix::thread::{CpuSet, sched_getcpu, sched_setaffinity};

    pub(super) fn stay() -> Result<()> {
        let mut here = CpuSet::new();
        here.set(sched_getcpu());
        sched_setaffinity(None, &here)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::thread;

    use rustix::thread::sched_getaffinity;

    use super::stay;

    fn processors() -> Option<u32> {
        Some(sched_getaffinity(None).ok()?.count())
    }

    #[test]
    fn a_thread_and_what_it_starts_stay_on_one_and_others_do_not() {
        let before = processors();
        let alone = thread::spawn(|| {
            stay();
            (processors(), thread::spawn(processors).join())
        });
        let (own, started) = alone.join().expect("ended");
        assert_eq!((own, started.expect("ended")), (Some(1), Some(1)));
        assert_eq!(processors(), before);
    }
}
