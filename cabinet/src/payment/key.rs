//! How long an idempotence key makes repeated creations one.

use chrono::{DateTime, Duration, Utc};

use crate::loan::stored::moment;

/// The acquirer forgets a key after 24 hours, and a creation repeated later would move the money a
/// second time. An hour less, for clocks that differ.
const LIFE: Duration = Duration::hours(23);

/// How far the acquirer's clock may be from ours.
const SKEW: Duration = Duration::hours(1);

/// The key of a payment or a payout, by the earliest moment it can have been used.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    since: DateTime<Utc>,
}

impl Key {
    /// A key that was not used before these unix milliseconds.
    pub(crate) fn since(ms: i64) -> Self {
        Self { since: moment(ms) }
    }

    /// Whether the acquirer certainly still knows it; after that nothing may be created under it.
    pub(crate) fn lives(self, now: DateTime<Utc>) -> bool {
        now < self.since + LIFE
    }

    /// From and to when an object made under it can have been created, by the acquirer's clock.
    pub(crate) fn span(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.since - SKEW, self.since + LIFE + SKEW)
    }
}
