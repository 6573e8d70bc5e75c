//! No order of messages breaks the law of contacts with a debtor, on any calendar one may lay over
//! them; and nothing waits longer than the law wants.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, TimeDelta, TimeZone as _, Utc};
use lending::WorkCalendar;
use lending::contact::{Clocks, ContactRefusal, contact_allowed, hour_allowed, next_hour};
use proptest::prelude::*;

const REGIONS: &[&str] = &[
    "39", "77", "63", "66", "55", "54", "38", "75", "14", "25", "65", "41", "87", "91",
];

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The wall clock so many minutes east.
fn wall(at: DateTime<Utc>, minutes: i32) -> DateTime<FixedOffset> {
    at.with_timezone(&FixedOffset::east_opt(minutes * 60).unwrap())
}

/// The law read naively off a finished list: calendar days, ISO weeks and calendar months of one
/// clock, and the hour of each message on it.
fn breaks(sent: &[DateTime<Utc>], minutes: i32) -> Option<String> {
    let (mut days, mut weeks, mut months) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for at in sent {
        let local = wall(*at, minutes);
        let date = local.date_naive();
        let week = date.iso_week();
        for (count, most) in [
            (days.entry(date).or_insert(0), 2),
            (weeks.entry((week.year(), week.week())).or_insert(0), 4),
            (months.entry((date.year(), date.month())).or_insert(0), 16),
        ] {
            *count += 1;
            if *count > most {
                return Some(format!("{local} is one above {most}"));
            }
        }
        let hour: u32 = local.format("%H").to_string().parse().unwrap();
        let off = WorkCalendar::russia().is_day_off(date);
        let right = if off {
            (9..=19).contains(&hour)
        } else {
            (8..=21).contains(&hour)
        };
        if !right {
            return Some(format!("{local}, a day off: {off}"));
        }
    }
    None
}

proptest! {
    #[test]
    fn whatever_is_wanted_what_goes_is_lawful(
        start in 0_i64..3 * 365 * 24 * 60,
        waits in prop::collection::vec(0_i64..50 * 60, 1..120),
        region in prop::sample::select(REGIONS),
    ) {
        let clocks = Clocks::of_region(region).unwrap();
        let mut at = moment("2025-06-01T00:00:00Z") + TimeDelta::minutes(start);
        let mut sent = Vec::new();
        for wait in waits {
            at += TimeDelta::minutes(wait);
            // What may not go now goes at the next moment that is promised for it.
            let goes = contact_allowed(at, &sent, clocks).is_ok();
            let then = if goes {
                Some(at)
            } else {
                next_hour(at, |then| contact_allowed(then, &sent, clocks).is_ok())
            };
            let then = then.expect("within six weeks there is always an hour");
            sent.push(then);
            at = at.max(then);
        }
        for minutes in [clocks.west, clocks.east] {
            prop_assert_eq!(breaks(&sent, minutes), None, "{} {:?}", region, clocks);
        }
    }

    /// Two programs that know of each other's messages in any order are held the same.
    #[test]
    fn the_order_in_which_messages_are_told_does_not_matter(
        minutes in prop::collection::vec(0_i64..60 * 24 * 40, 0..30),
    ) {
        let at = moment("2026-12-20T10:00:00Z");
        let sent: Vec<_> = minutes.iter().map(|it| at - TimeDelta::minutes(*it)).collect();
        let mut back = sent.clone();
        back.reverse();
        let clocks = Clocks::one(180);
        prop_assert_eq!(
            contact_allowed(at, &sent, clocks),
            contact_allowed(at, &back, clocks)
        );
    }
}

#[test]
fn hours_are_the_debtors_own() {
    let moscow = Clocks::of_region("77").unwrap();
    let kamchatka = Clocks::of_region("41").unwrap();
    // Tuesday, 24 November 2026.
    for (text, here, there) in [
        ("2026-11-24T04:59:59Z", false, true),
        ("2026-11-24T05:00:00Z", true, true),
        ("2026-11-24T09:59:59Z", true, true),
        ("2026-11-24T10:00:00Z", true, false),
        ("2026-11-24T18:59:59Z", true, false),
        ("2026-11-24T19:00:00Z", false, false),
        ("2026-11-24T20:00:00Z", false, true),
        // Saturday begins at noon UTC on Friday there: nine in the morning is 21:00 UTC.
        ("2026-11-27T20:00:00Z", false, false),
        ("2026-11-27T21:00:00Z", false, true),
        ("2026-11-28T07:59:59Z", true, true),
        ("2026-11-28T08:00:00Z", true, false),
        ("2026-11-28T16:59:59Z", true, false),
        ("2026-11-28T17:00:00Z", false, false),
    ] {
        assert_eq!(hour_allowed(moment(text), moscow), here, "{text} Moscow");
        assert_eq!(hour_allowed(moment(text), kamchatka), there, "{text} east");
    }
    // A region of several clocks is written to when all of them allow it.
    let yakutia = Clocks::of_region("14").unwrap();
    assert_eq!((yakutia.west, yakutia.east), (540, 660));
    assert!(!hour_allowed(moment("2026-11-23T22:00:00Z"), yakutia));
    assert!(hour_allowed(moment("2026-11-23T23:00:00Z"), yakutia));
    assert!(!hour_allowed(moment("2026-11-24T11:00:00Z"), yakutia));
}

/// 31 December is a day off by decision, a Monday of the holidays too, a moved Saturday is worked.
#[test]
fn days_off_are_those_of_the_production_calendar() {
    let moscow = Clocks::one(180);
    let at = |date: &str, hour: u32| {
        let date: NaiveDate = date.parse().unwrap();
        let local = date.and_hms_opt(hour, 30, 0).unwrap();
        Utc.from_utc_datetime(&(local - TimeDelta::hours(3)))
    };
    for (date, off) in [
        ("2026-12-30", false),
        ("2026-12-31", true),
        ("2027-01-04", true),
        ("2027-02-20", false),
        ("2027-02-22", true),
        ("2027-11-05", true),
    ] {
        assert_eq!(hour_allowed(at(date, 8), moscow), !off, "{date} 8:30");
        assert_eq!(hour_allowed(at(date, 21), moscow), !off, "{date} 21:30");
        assert!(hour_allowed(at(date, 12), moscow), "{date} 12:30");
    }
}

#[test]
fn the_third_of_a_day_the_fifth_of_a_week_the_seventeenth_of_a_month_wait() {
    let moscow = Clocks::one(180);
    let noon = moment("2026-12-14T09:00:00Z");
    let mut sent = vec![noon, noon + TimeDelta::minutes(1)];
    let later = noon + TimeDelta::hours(3);
    let refused = contact_allowed(later, &sent, moscow);
    assert_eq!(refused, Err(ContactRefusal::Day));
    let next = next_hour(later, |at| contact_allowed(at, &sent, moscow).is_ok());
    assert_eq!(next, Some(moment("2026-12-15T09:00:00Z")));
    sent.extend([noon + TimeDelta::days(1), noon + TimeDelta::days(2)]);
    let third = noon + TimeDelta::days(3);
    let refused = contact_allowed(third, &sent, moscow);
    assert_eq!(refused, Err(ContactRefusal::Week));
    let month: Vec<_> = (0..16).map(|n| noon + TimeDelta::hours(n * 45)).collect();
    let after = noon + TimeDelta::days(30);
    let refused = contact_allowed(after, &month, moscow);
    assert_eq!(refused, Err(ContactRefusal::Month));
    // The year's end makes nothing anew.
    let eve = [
        moment("2026-12-31T10:00:00Z"),
        moment("2026-12-31T11:00:00Z"),
    ];
    let refused = contact_allowed(moment("2027-01-01T09:30:00Z"), &eve, moscow);
    assert_eq!(refused, Err(ContactRefusal::Day));
}

#[test]
fn every_region_has_a_clock_and_nonsense_has_none() {
    for code in ["01", "34", "50", "92", "95"] {
        assert_eq!(Clocks::of_region(code), Some(Clocks::one(180)), "{code}");
    }
    for code in ["", "7", "00", "7x", "777"] {
        assert_eq!(Clocks::of_region(code), None, "{code}");
    }
}
