//! When a debtor may be written to (230-ФЗ art. 7): how many messages, at which hours of which
//! clock.
//!
//! A day, a week and a month are counted as the last 24 hours, 7 and 31 times as many: whatever
//! calendar a court would lay over the same messages, and whatever clock the debtor lives by, no
//! calendar day, week or month then holds more than the law allows.

use chrono::{DateTime, DurationRound as _, TimeDelta, Timelike as _, Utc};

use crate::calendar::{WorkCalendar, business_date};
use crate::rules::{self, ContactRule};

/// A place's distance from UTC in minutes; a region of several clocks has its westernmost and its
/// easternmost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// The westernmost clock.
    pub west: i32,
    /// The easternmost clock.
    pub east: i32,
}

impl Clocks {
    /// A place with one clock, so many minutes east of Greenwich.
    pub const fn one(minutes: i32) -> Self {
        Self {
            west: minutes,
            east: minutes,
        }
    }

    /// The clocks of a region by its two-digit code; none of an unknown code. No region of Russia
    /// has summer time.
    pub fn of_region(code: &str) -> Option<Self> {
        let (west, east) = match code {
            "39" => (2, 2),
            "30" | "18" | "63" | "64" | "73" => (4, 4),
            "02" | "45" | "56" | "59" | "66" | "72" | "74" | "86" | "89" => (5, 5),
            "55" => (6, 6),
            "04" | "17" | "19" | "22" | "24" | "42" | "54" | "70" => (7, 7),
            "03" | "38" => (8, 8),
            "28" | "75" => (9, 9),
            "14" => (9, 11),
            "25" | "27" | "79" => (10, 10),
            "49" | "65" => (11, 11),
            "41" | "87" => (12, 12),
            _ => {
                let known = code.len() == 2 && code.parse::<u8>().is_ok_and(|it| it > 0);
                return known.then(|| Self::one(180));
            }
        };
        Some(Self {
            west: west * 60,
            east: east * 60,
        })
    }
}

/// Why a message may not go at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactRefusal {
    /// It is early or late where the debtor lives.
    Hour,
    /// The day has its messages.
    Day,
    /// The week has its messages.
    Week,
    /// The month has its messages.
    Month,
}

impl ContactRefusal {
    /// A stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// Whether a message may go at a moment by the hours alone. Before the law any hour is right.
pub fn hour_allowed(at: DateTime<Utc>, clocks: Clocks) -> bool {
    [clocks.west, clocks.east].iter().all(|minutes| {
        let date = business_date(at, *minutes);
        let Some(rule) = rules::contact_rule(date) else {
            return true;
        };
        let off = WorkCalendar::russia().is_day_off(date);
        let (from, until) = if off { rule.days_off } else { rule.working };
        let local = at
            .checked_add_signed(TimeDelta::minutes(i64::from(*minutes)))
            .unwrap_or(at);
        (from..until).contains(&local.hour())
    })
}

/// Whether one more message about an overdue debt may go at a moment; `sent` are the moments of
/// those before, in any order.
pub fn contact_allowed(
    at: DateTime<Utc>,
    sent: &[DateTime<Utc>],
    clocks: Clocks,
) -> Result<(), ContactRefusal> {
    if !hour_allowed(at, clocks) {
        return Err(ContactRefusal::Hour);
    }
    let Some(rule) = rules::contact_rule(business_date(at, clocks.east)) else {
        return Ok(());
    };
    counted(at, sent, &rule)
}

fn counted(
    at: DateTime<Utc>,
    sent: &[DateTime<Utc>],
    rule: &ContactRule,
) -> Result<(), ContactRefusal> {
    for (days, most, refusal) in [
        (31, rule.a_month, ContactRefusal::Month),
        (7, rule.a_week, ContactRefusal::Week),
        (1, rule.a_day, ContactRefusal::Day),
    ] {
        let within = |one: &&DateTime<Utc>| (at - **one).abs() < TimeDelta::days(days);
        if sent.iter().filter(within).count() >= most {
            return Err(refusal);
        }
    }
    Ok(())
}

/// The next moment after `at` that suits: the beginnings of hours are asked, six weeks of them.
/// Clocks differ from UTC by whole hours, so an hour begins everywhere at once.
pub fn next_hour(
    at: DateTime<Utc>,
    suits: impl Fn(DateTime<Utc>) -> bool,
) -> Option<DateTime<Utc>> {
    let hour = TimeDelta::hours(1);
    let first = at.duration_trunc(hour).ok()?.checked_add_signed(hour)?;
    (0..42 * 24)
        .map(|hours| first + TimeDelta::hours(hours))
        .find(|moment| suits(*moment))
}
