//! A payment that is looked for: the penalty stands still from its day to the answer, the rest goes on.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{bullet, date, money};
use lending::{AccrualKind, Event, Kopecks, Status, state};

fn pause(on: &str) -> Event {
    Event::Pause { on: date(on) }
}

fn resume(on: &str) -> Event {
    Event::Resume { on: date(on) }
}

/// 10 000 due on 23 December: a year of 20 % on 365 days is 5.479… a day.
#[test]
fn the_penalty_stands_still_and_the_interest_does_not() {
    let terms = bullet("10000", 30, "2026-11-23");
    let plain = |on: &str| state(&terms, &[], date(on)).unwrap();
    let searched = [pause("2026-12-28"), resume("2027-01-11")];
    let while_searched = |on: &str| state(&terms, &searched[..1], date(on)).unwrap();
    let after = |on: &str| state(&terms, &searched, date(on)).unwrap();

    let claimed = plain("2026-12-28").penalty;
    assert_eq!(claimed, money("27.40"));
    for on in ["2026-12-28", "2026-12-29", "2027-01-05", "2027-03-01"] {
        assert_eq!(while_searched(on).penalty, claimed, "{on}");
        assert_eq!(while_searched(on).interest, plain(on).interest, "{on}");
    }
    assert_eq!(while_searched("2027-01-05").status, Status::Overdue);
    // It runs again from the day after the answer, and the days of the search are nobody's debt.
    assert_eq!(after("2027-01-11").penalty, claimed);
    assert_eq!(after("2027-01-12").penalty, money("32.88"));
    // Ten days more than five: fifteen days of delay, whichever they are.
    assert_eq!(after("2027-01-21").penalty, plain("2027-01-07").penalty);
    assert!(after("2027-01-21").penalty < plain("2027-01-21").penalty);
}

/// The rows a borrower reads are the penalty, and none of them crosses the search.
#[test]
fn the_rows_leave_the_search_out() {
    let terms = bullet("10000", 30, "2026-11-23");
    let events = [pause("2026-12-28"), resume("2027-01-11")];
    let after = state(&terms, &events, date("2027-01-21")).unwrap();
    let of_penalty = after.why.iter();
    let rows: Vec<_> = of_penalty
        .filter(|row| matches!(row.kind, AccrualKind::Penalty { .. }))
        .collect();
    let days: Vec<_> = rows
        .iter()
        .map(|row| (row.from, row.to, row.days))
        .collect();
    assert_eq!(
        days,
        [
            (date("2026-12-24"), date("2026-12-28"), 5),
            (date("2027-01-12"), date("2027-01-21"), 10)
        ]
    );
    let sum: Kopecks = rows.iter().map(|row| row.amount).sum();
    assert_eq!(sum, after.penalty);
}

/// Two searches: the penalty runs again only when both are over. A stray end of none changes nothing.
#[test]
fn two_searches_end_with_the_later_one() {
    let terms = bullet("10000", 30, "2026-11-23");
    let both = [
        pause("2026-12-25"),
        pause("2026-12-28"),
        resume("2026-12-30"),
        resume("2027-01-03"),
    ];
    let one = [pause("2026-12-25"), resume("2027-01-03")];
    let stray = [resume("2026-12-24"), one[0], one[1]];
    for on in ["2026-12-30", "2027-01-02", "2027-01-04", "2027-02-01"] {
        let seen = |events: &[Event]| state(&terms, events, date(on)).unwrap().payoff;
        assert_eq!(seen(&both), seen(&one), "{on}");
        assert_eq!(seen(&stray), seen(&one), "{on}");
    }
}

/// A search that began before the last day keeps a payment in time from being penalised at all.
#[test]
fn a_search_of_a_payment_in_time_begins_before_the_delay() {
    let terms = bullet("10000", 30, "2026-11-23");
    let found = [
        Event::Payment {
            on: date("2026-12-22"),
            amount: money("12320"),
        },
        pause("2026-12-22"),
        resume("2027-01-11"),
    ];
    let searched = state(&terms, &found[1..], date("2027-01-11")).unwrap();
    assert_eq!(searched.penalty, Kopecks::ZERO);
    let closed = state(&terms, &found, date("2027-02-01")).unwrap();
    assert_eq!(
        (closed.status, closed.payoff),
        (Status::Closed, Kopecks::ZERO)
    );
}
