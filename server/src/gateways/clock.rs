//! The business clock: the machine's, or the sandbox's for tests and demonstrations.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use cabinet::ports::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Client;
use serde::Deserialize;

use super::http;
use super::settings::GatewayError;

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// How often the sandbox is asked by itself.
const PERIOD: Duration = Duration::from_millis(300);
/// A smaller difference is the time of the answer's way, not a moved clock: following it would let
/// the clock jump back and forth by milliseconds.
const JITTER_MS: i64 = 250;

/// The sandbox's clock: the machine's plus a distance, learnt from the sandbox.
#[derive(Debug)]
pub struct SandboxClock {
    http: Client,
    url: String,
    offset_ms: AtomicI64,
}

#[derive(Deserialize)]
struct Reading {
    now: DateTime<Utc>,
}

impl SandboxClock {
    /// Follows the sandbox for as long as somebody holds the clock.
    pub fn start(sandbox_url: &str) -> Result<Arc<Self>, GatewayError> {
        let clock = Arc::new(Self {
            http: http::client(sandbox_url)?,
            url: format!("{}/clock", sandbox_url.trim_end_matches('/')),
            offset_ms: AtomicI64::new(0),
        });
        let follower = Arc::downgrade(&clock);
        tokio::spawn(async move {
            while let Some(clock) = follower.upgrade() {
                clock.refresh().await;
                drop(clock);
                tokio::time::sleep(PERIOD).await;
            }
        });
        Ok(clock)
    }

    /// Asks the sandbox now. When it does not answer the last known distance stays.
    pub async fn refresh(&self) {
        match self.ask().await {
            Ok(offset) => self.learn(offset),
            Err(error) => tracing::debug!(error, "the sandbox clock does not answer"),
        }
    }

    async fn ask(&self) -> Result<i64, String> {
        let answer = self
            .http
            .get(&self.url)
            .send()
            .await
            .map_err(http::trouble)?;
        let reading: Reading = answer.json().await.map_err(http::trouble)?;
        Ok((reading.now - Utc::now()).num_milliseconds())
    }

    fn learn(&self, offset: i64) {
        let known = self.offset_ms.load(Ordering::Acquire);
        if (offset - known).abs() > JITTER_MS {
            self.offset_ms.store(offset, Ordering::Release);
        }
    }
}

impl Clock for SandboxClock {
    fn now(&self) -> DateTime<Utc> {
        let offset = TimeDelta::milliseconds(self.offset_ms.load(Ordering::Acquire));
        Utc::now()
            .checked_add_signed(offset)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
    fn machine(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_clock_is_followed_and_jitter_is_not() {
        let clock = SandboxClock {
            http: http::client("http://127.0.0.1:1").expect("client"),
            url: String::new(),
            offset_ms: AtomicI64::new(0),
        };
        clock.learn(-12);
        assert_eq!(clock.offset_ms.load(Ordering::Acquire), 0);
        clock.learn(86_400_000);
        clock.learn(86_400_009);
        assert_eq!(clock.offset_ms.load(Ordering::Acquire), 86_400_000);
        assert!(clock.now() - Utc::now() > TimeDelta::hours(23));
    }
}
