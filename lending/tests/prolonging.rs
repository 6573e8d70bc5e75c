//! Prolongation: price, window, count; the fork on the loan page.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use chrono::NaiveDate;
use common::{bullet, date, money, product};
use lending::{
    Event, Kopecks, LoanError, PathKind, ProductKind, ProlongationPrice, ProlongationQuote,
    ProlongationRefusal, ProlongationRules, ProlongationWindow, Terms, accept_prolongation, paths,
    quote_prolongation, state,
};

fn through_due() -> ProlongationRules {
    ProlongationRules {
        price: ProlongationPrice::Interest,
        window: ProlongationWindow::ThroughDue,
        min_days: 1,
        max_days: 30,
        initial_term: (1, 30),
        per_year: 10,
    }
}

fn ask(
    rules: &ProlongationRules,
    terms: &Terms,
    past: &[(NaiveDate, u32)],
    on: &str,
    days: u32,
) -> Result<ProlongationQuote, ProlongationRefusal> {
    quote_prolongation(rules, terms, &[], past, date(on), days)
}

#[test]
fn prolonging_on_the_due_date() {
    let terms = bullet("15000", 30, "2026-11-23");
    let quote = ask(&through_due(), &terms, &[], "2026-12-23", 14).unwrap();
    assert_eq!(
        (quote.pay_now, quote.due_then),
        (money("3600"), money("16680"))
    );
    assert_eq!(
        (quote.total, quote.pay_today_total),
        (money("20280"), money("18600"))
    );
    assert_eq!((quote.extra, quote.fee), (money("1680"), money("0")));
    assert_eq!(
        (quote.old_due, quote.new_due),
        (date("2026-12-23"), date("2027-01-06"))
    );
    assert_eq!(
        (quote.psk.percent_plain().as_str(), quote.left_this_year),
        ("292.000", 4)
    );
    assert_eq!(quote.schedule.total(), quote.due_then);
}

#[test]
fn a_fee_costs_and_carries_the_full_cost_above_the_limit() {
    let terms = bullet("15000", 30, "2026-11-23");
    let service = money("500");
    let mut rules = through_due();
    rules.price = ProlongationPrice::ServiceAndInterest { service };
    let quote = ask(&rules, &terms, &[], "2026-12-23", 14).unwrap();
    assert_eq!(
        (quote.pay_now, quote.fee, quote.due_then.plain().as_str()),
        (money("4100"), service, "16680.00")
    );
    // 16 680 for 14 500 over 14 days: 2180 / 14500 x 365 / 14.
    assert_eq!(quote.psk.percent_plain(), "391.970");
    rules.price = ProlongationPrice::PerDay {
        per_day: money("10"),
    };
    assert_eq!(
        ask(&rules, &terms, &[], "2026-12-23", 14).unwrap().fee,
        money("140")
    );
}

/// The lender's services count against the accrual cap: no more of a fee than still fits.
#[test]
fn a_fee_is_cut_to_what_the_cap_leaves() {
    let terms = bullet("10000", 30, "2026-11-23");
    let mut rules = through_due();
    rules.price = ProlongationPrice::ServiceAndInterest {
        service: money("9000"),
    };
    let quote = ask(&rules, &terms, &[], "2026-12-23", 14).unwrap();
    // 10 000 of the cap, 2 400 of them accrued.
    assert_eq!((quote.fee, quote.pay_now), (money("7600"), money("10000")));
    // Nothing may accrue after it.
    assert_eq!(quote.due_then, money("10000"));
}

#[test]
fn windows_of_prolonging() {
    let terms = bullet("15000", 30, "2026-11-23");
    let window = |window, on: &str| {
        let rules = ProlongationRules {
            window,
            ..through_due()
        };
        ask(&rules, &terms, &[], on, 14).map(|quote| quote.new_due)
    };
    let new_due = Ok(date("2027-01-06"));
    let before = ProlongationWindow::LastDays { days: 3 };
    let (opens, closes) = (Some(date("2026-12-20")), Some(date("2026-12-23")));
    assert_eq!(
        window(before, "2026-12-19"),
        Err(ProlongationRefusal::Window { opens, closes })
    );
    assert_eq!(window(before, "2026-12-20"), new_due);
    assert_eq!(
        window(before, "2026-12-24"),
        Err(ProlongationRefusal::Window { opens, closes })
    );
    let late = ProlongationRefusal::Window {
        opens: None,
        closes,
    };
    assert_eq!(
        window(ProlongationWindow::ThroughDue, "2026-12-24"),
        Err(late)
    );
    let grace = ProlongationWindow::Grace { days: 5 };
    assert_eq!(window(grace, "2026-12-28"), new_due);
    let strict = ProlongationWindow::BeforeDue;
    assert_eq!(window(strict, "2026-12-22"), new_due);
    let closes = Some(date("2026-12-22"));
    let late = ProlongationRefusal::Window {
        opens: None,
        closes,
    };
    assert_eq!(window(strict, "2026-12-23"), Err(late));
    let closes = Some(date("2026-12-28"));
    let late = ProlongationRefusal::Window {
        opens: None,
        closes,
    };
    assert_eq!(window(grace, "2026-12-29"), Err(late));
    assert_eq!(
        window(ProlongationWindow::OverdueAllowed, "2027-01-05"),
        new_due
    );
    let days = ProlongationRefusal::Days { min: 1, max: 30 };
    assert_eq!(
        window(ProlongationWindow::OverdueAllowed, "2027-01-06"),
        Err(days)
    );
}

#[test]
fn refusals_of_prolonging() {
    let terms = bullet("15000", 30, "2026-11-23");
    let rules = through_due();
    let days = ProlongationRefusal::Days { min: 1, max: 30 };
    assert_eq!(ask(&rules, &terms, &[], "2026-12-23", 31), Err(days));
    assert_eq!(ask(&rules, &terms, &[], "2026-12-23", 0), Err(days));
    let long = bullet("15000", 31, "2026-11-23");
    let term = ProlongationRefusal::InitialTerm { min: 1, max: 30 };
    assert_eq!(ask(&rules, &long, &[], "2026-12-23", 14), Err(term));
    let monthly = common::terms(
        &product(ProductKind::Monthly, "0.5"),
        "15000",
        3,
        "2026-11-23",
    );
    assert_eq!(
        ask(&rules, &monthly, &[], "2026-12-23", 14),
        Err(ProlongationRefusal::Kind)
    );
    let on = date("2026-12-01");
    let closed = [Event::Payment {
        on,
        amount: money("20000"),
    }];
    assert_eq!(
        quote_prolongation(&rules, &terms, &closed, &[], on, 14),
        Err(ProlongationRefusal::Closed)
    );
    let prolong = [closed[0], Event::Prolongation { on, days: 5 }];
    assert_eq!(state(&terms, &prolong, on), Err(LoanError::Closed));
}

#[test]
fn five_prolongations_a_year() {
    let terms = bullet("15000", 30, "2026-11-23");
    let rules = through_due();
    let first = date("2025-12-24");
    let mut past: Vec<(NaiveDate, u32)> = (0..5)
        .map(|number| (first + chrono::Days::new(number * 60), 14))
        .collect();
    let available_from = date("2026-12-24");
    let refused = Err(ProlongationRefusal::Count { available_from });
    assert_eq!(ask(&rules, &terms, &past, "2026-12-23", 14), refused);
    // The standard does not count prolongations of one or two days.
    assert!(ask(&rules, &terms, &past, "2026-12-23", 2).is_ok());
    past[4].1 = 2;
    assert_eq!(
        ask(&rules, &terms, &past, "2026-12-23", 14)
            .unwrap()
            .left_this_year,
        0
    );
    past[4].1 = 14;
    past[0].0 = date("2025-12-23");
    assert_eq!(
        ask(&rules, &terms, &past, "2026-12-23", 14)
            .unwrap()
            .left_this_year,
        0
    );
    // The standard's limit is for loans of at most 30 days; the lender's own acts on all.
    let long = bullet("15000", 31, "2026-11-23");
    let own = ProlongationRules {
        initial_term: (1, 60),
        ..through_due()
    };
    past[0].0 = first;
    assert_eq!(
        ask(&own, &long, &past, "2026-12-23", 14)
            .unwrap()
            .left_this_year,
        4
    );
}

#[test]
fn the_price_is_paid_before_the_agreement() {
    let terms = bullet("15000", 30, "2026-11-23");
    let rules = through_due();
    let on = date("2026-12-23");
    let accept = |events: &[Event]| accept_prolongation(&rules, &terms, events, &[], on, 14);
    let owed = money("3600");
    assert_eq!(
        accept(&[]),
        Err(ProlongationRefusal::InterestUnpaid { owed })
    );
    let short = [Event::Payment {
        on,
        amount: money("3599.99"),
    }];
    let owed = money("0.01");
    assert_eq!(
        accept(&short),
        Err(ProlongationRefusal::InterestUnpaid { owed })
    );
    let paid = [Event::Payment {
        on,
        amount: money("3600"),
    }];
    assert_eq!(accept(&paid), Ok(date("2027-01-06")));
}

#[test]
fn a_late_prolongation_asks_for_the_interest_of_that_day() {
    let terms = bullet("15000", 30, "2026-11-23");
    let rules = ProlongationRules {
        window: ProlongationWindow::OverdueAllowed,
        ..through_due()
    };
    let on = date("2026-12-28");
    let quote = quote_prolongation(&rules, &terms, &[], &[], on, 14).unwrap();
    // 35 days of interest; the penalty of 5 days stays owed, it comes after principal.
    assert_eq!(
        (quote.pay_now, quote.penalty),
        (money("4200"), money("41.10"))
    );
    let mut events = vec![Event::Payment {
        on,
        amount: quote.pay_now,
    }];
    let new_due = accept_prolongation(&rules, &terms, &events, &[], on, 14);
    assert_eq!(new_due, Ok(quote.new_due));
    events.push(Event::Prolongation { on, days: 14 });
    let after = state(&terms, &events, on).unwrap();
    assert_eq!(
        (after.days_overdue, after.overdue_principal),
        (0, Kopecks::ZERO)
    );
    assert_eq!(
        state(&terms, &events, quote.new_due).unwrap().payoff,
        quote.due_then
    );
    let short = [Event::Payment {
        on,
        amount: money("4199"),
    }];
    let owed = money("1");
    assert_eq!(
        accept_prolongation(&rules, &terms, &short, &[], on, 14),
        Err(ProlongationRefusal::InterestUnpaid { owed })
    );
}

#[test]
fn the_fork_on_the_loan_page() {
    let terms = bullet("15000", 30, "2026-11-23");
    let on = date("2026-12-13");
    let paths = paths(&terms, &[], Some(&through_due()), &[], on, 14, 10).unwrap();
    let shown: Vec<_> = paths
        .iter()
        .map(|path| {
            (
                path.kind,
                path.on.to_string(),
                path.now.plain(),
                path.total.plain(),
            )
        })
        .collect();
    let row = |kind, on: &str, now: &str, total: &str| {
        (kind, on.to_owned(), now.to_owned(), total.to_owned())
    };
    assert_eq!(
        shown,
        [
            row(PathKind::PayToday, "2026-12-13", "17400.00", "17400.00"),
            row(PathKind::PayPart, "2026-12-23", "8700.00", "18096.00"),
            row(PathKind::PayOnDue, "2026-12-23", "0.00", "18600.00"),
            row(
                PathKind::Prolong { days: 14 },
                "2027-01-06",
                "2400.00",
                "20280.00"
            ),
            row(
                PathKind::Late { days: 10 },
                "2027-01-02",
                "0.00",
                "19882.19"
            ),
        ]
    );
    assert_eq!(paths[4].penalty, money("82.19"));
}
