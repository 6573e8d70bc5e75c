//! Work that nobody waits for: the outbox, the poller, notices by date, tidying up.
//!
//! Nothing depends on a job for being right: debts are computed, payments are found again at the
//! acquirer. A job that fails says so and is tried again; one that panics does not end the others.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use cabinet::error::Result;
use cabinet::ports::SmsReceipt;
use cabinet::{
    Cabinet, access, agent, autopay, balance, bonus, draft, draw, limits, notice, outbox, payment,
    session, support, sweep,
};
use chrono::{NaiveDate, Timelike};
use futures::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::telemetry;

/// Workers of the outbox: one slow neighbour must not hold back the others' messages.
const WORKERS: usize = 2;
/// The outbox is looked at so often even when nobody rings.
const OUTBOX: Duration = Duration::from_secs(1);
/// Unfinished payments, payouts and bindings that are due are asked about so often.
const POLL: Duration = Duration::from_secs(2);
/// The business date is looked at so often: a sandbox clock jumps.
const CALENDAR: Duration = Duration::from_secs(3);
/// Expired rows are removed so often.
const TIDY: Duration = Duration::from_mins(1);
/// Old rows, which are many and not urgent, are removed once in so many rounds of tidying.
const OLD_ROWS: u32 = 60;
/// Delivery receipts are fetched so often.
const RECEIPTS: Duration = Duration::from_secs(2);
/// A receipt of a message that is not known yet is kept for so many rounds.
const RECEIPT_ROUNDS: usize = 30;
/// After a failure, before the next try.
const REST: Duration = Duration::from_secs(1);

/// Starts every job. When `shutdown` turns true each finishes what it has in hand and ends.
pub fn start(cabinet: Cabinet, shutdown: watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
    let mut jobs: Vec<JoinHandle<()>> = (0..WORKERS)
        .map(|_| tokio::spawn(deliver(cabinet.clone(), shutdown.clone())))
        .collect();
    jobs.push(tokio::spawn(poll(cabinet.clone(), shutdown.clone())));
    jobs.push(tokio::spawn(calendar(cabinet.clone(), shutdown.clone())));
    jobs.push(tokio::spawn(receipts(cabinet.clone(), shutdown.clone())));
    jobs.push(tokio::spawn(tidy(cabinet, shutdown)));
    jobs
}

/// Delivers the outbox: rung after a commit, and every second.
async fn deliver(cabinet: Cabinet, mut shutdown: watch::Receiver<bool>) {
    while !*shutdown.borrow() {
        match attempt("outbox", outbox::run_due(&cabinet)).await {
            // There may be more.
            Some(done) if done > 0 => continue,
            Some(_) => {}
            None => pause(REST, &mut shutdown).await,
        }
        tokio::select! {
            () = cabinet.woken() => {}
            () = pause(OUTBOX, &mut shutdown) => {}
        }
    }
}

/// Asks the acquirer about everything unfinished whose time has come.
async fn poll(cabinet: Cabinet, mut shutdown: watch::Receiver<bool>) {
    while !*shutdown.borrow() {
        attempt("poll", payment::poll(&cabinet)).await;
        attempt("chats", support::chat::tell_unseen(&cabinet)).await;
        pause(POLL, &mut shutdown).await;
    }
}

/// Notices by date: once an hour of the business clock. The sweep itself remembers what it has
/// sent.
async fn calendar(cabinet: Cabinet, mut shutdown: watch::Receiver<bool>) {
    let mut swept: Option<(NaiveDate, u32)> = None;
    while !*shutdown.borrow() {
        let hour = Some((cabinet.today(), cabinet.now().hour()));
        if swept != hour
            && attempt("balances", balance::sweep(&cabinet))
                .await
                .is_some()
            && attempt("autopay", autopay::run(&cabinet)).await.is_some()
            && attempt("notices", Box::pin(notice::daily(&cabinet)))
                .await
                .is_some()
            && attempt("bonuses", bonus::daily(&cabinet)).await.is_some()
            && attempt("appeals", support::silent(&cabinet))
                .await
                .is_some()
            && attempt("agents", agent::sweep(&cabinet)).await.is_some()
            && attempt("draws", draw::daily(&cabinet)).await.is_some()
        {
            swept = hour;
        }
        pause(CALENDAR, &mut shutdown).await;
    }
}

/// Writes what operators say of text messages into the ledger of contacts. A receipt can overtake the
/// commit that writes its message down, so one that is not known is asked about for a while.
async fn receipts(cabinet: Cabinet, mut shutdown: watch::Receiver<bool>) {
    let mut waiting: Vec<(SmsReceipt, usize)> = Vec::new();
    while !*shutdown.borrow() {
        let fresh = cabinet.ports().sms.receipts().await;
        waiting.extend(fresh.into_iter().map(|receipt| (receipt, RECEIPT_ROUNDS)));
        let came = waiting.iter().map(|(receipt, _)| receipt.clone()).collect();
        if let Some(unknown) = attempt("receipts", notice::receipts(&cabinet, came)).await {
            waiting.retain_mut(|(receipt, rounds)| {
                *rounds = rounds.saturating_sub(1);
                *rounds > 0 && unknown.contains(receipt)
            });
        }
        pause(RECEIPTS, &mut shutdown).await;
    }
}

/// Removes what has expired.
async fn tidy(cabinet: Cabinet, mut shutdown: watch::Receiver<bool>) {
    let mut round: u32 = 0;
    while !*shutdown.borrow() {
        attempt(
            "sessions",
            session::delete_expired(&cabinet, chrono::Utc::now().timestamp_millis()),
        )
        .await;
        attempt("drafts", draft::delete_expired(&cabinet)).await;
        attempt("limits", limits::sweep(&cabinet)).await;
        attempt("access", access::sweep(&cabinet)).await;
        attempt("outbox counts", outbox::measure(&cabinet)).await;
        if round.is_multiple_of(OLD_ROWS) {
            attempt("old rows", sweep::old_rows(&cabinet)).await;
        }
        round = round.wrapping_add(1);
        if let Some(metrics) = telemetry::prometheus() {
            metrics.run_upkeep();
        }
        pause(TIDY, &mut shutdown).await;
    }
}

/// Waits, but not past the shutdown.
async fn pause(time: Duration, shutdown: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        // An error means that nobody can ask to stop any more: the same as having been asked.
        _ = shutdown.wait_for(|stop| *stop) => {}
    }
}

/// One piece of work; what it answered, or nothing when it failed or panicked.
async fn attempt<T>(job: &'static str, work: impl Future<Output = Result<T>>) -> Option<T> {
    let failure = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(done)) => return Some(done),
        Ok(Err(error)) => error.to_string(),
        Err(panic) => format!("panic: {}", words(panic.as_ref())),
    };
    metrics::counter!("kopeck_job_failures_total", "job" => job).increment(1);
    tracing::error!(job, failure, "a job failed and will be tried again");
    None
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without words")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cabinet::error::CabinetError;

    #[tokio::test]
    async fn a_panicking_job_is_only_a_failed_one() {
        assert_eq!(attempt("test", async { Ok(7) }).await, Some(7));
        let failed: Option<()> = attempt("test", async { Err(CabinetError::NotFound) }).await;
        assert_eq!(failed, None);
        let panicked: Option<()> = attempt("test", async { panic!("on purpose") }).await;
        assert_eq!(panicked, None);
    }

    #[tokio::test]
    async fn a_pause_ends_at_shutdown() {
        let (stop, mut stopped) = watch::channel(false);
        let waiting =
            tokio::spawn(async move { pause(Duration::from_mins(1), &mut stopped).await });
        stop.send(true).expect("listening");
        tokio::time::timeout(Duration::from_secs(5), waiting)
            .await
            .expect("ended")
            .expect("joined");
    }
}
