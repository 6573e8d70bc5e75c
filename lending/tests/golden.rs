//! Worked examples as text that a person can read and add to: `golden/*.txt` are little stories of
//! loans (see `golden/README.txt`), `golden/*.csv` are tables. Each has its source or derivation.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;
mod story;

use common::{date, money, product, quoted};
use lending::{Claim, Kopecks, Product, ProductKind, allocate, psk, rules};
use story::check_stories;

/// The stories of a file; its name stands before the line that is wrong.
macro_rules! stories {
    ($file:literal) => {
        if let Err(wrong) = std::panic::catch_unwind(|| check_stories(include_str!($file))) {
            eprintln!("in lending/tests/{}", $file);
            std::panic::resume_unwind(wrong);
        }
    };
}

#[test]
fn worked_examples_of_the_regulation() {
    stories!("golden/regulation.txt");
}

#[test]
fn schedules() {
    stories!("golden/schedules.txt");
}

#[test]
fn holidays() {
    stories!("golden/holidays.txt");
}

#[test]
fn products_in_every_circumstance() {
    stories!("golden/products.txt");
}

#[test]
fn stories_of_loans() {
    stories!("golden/stories.txt");
}

/// The rows of a table, each with its place: no comments, no header.
fn rows(file: &str, text: &'static str) -> Vec<(String, Vec<&'static str>)> {
    let lines = (1..).zip(text.lines());
    let lines = lines.filter(|(_, line)| !line.starts_with('#') && !line.is_empty());
    let rows: Vec<_> = lines
        .skip(1)
        .map(|(number, line)| {
            let place = format!("lending/tests/golden/{file}:{number}");
            (place, line.split(',').collect())
        })
        .collect();
    assert!(!rows.is_empty(), "an empty table proves nothing");
    rows
}

/// One payment at the end: interest and full cost.
#[test]
fn bullet_table() {
    for (place, row) in rows("bullets.csv", include_str!("golden/bullets.csv")) {
        let [amount, start, term, rate, interest, percent] = row.as_slice() else {
            panic!("{place}: {row:?}");
        };
        let loan: Product = product(ProductKind::Bullet, rate);
        let quote = quoted(&loan, money(amount), term.parse().unwrap(), date(start)).unwrap();
        let shown = [quote.overpayment.plain(), quote.psk.percent_plain()];
        assert_eq!(shown, [*interest, *percent], "{place}: {row:?}");
    }
}

/// The full cost of dated flows: `date amount;date amount;…,percent,roubles,base period`.
#[test]
fn psk_table() {
    for (place, row) in rows("psk.csv", include_str!("golden/psk.csv")) {
        let [flows, percent, roubles, base] = row.as_slice() else {
            panic!("{place}: {row:?}");
        };
        let flow = |text: &str| {
            let (day, amount) = text.split_once(' ').unwrap();
            (date(day), money(amount))
        };
        let report = psk::psk(&flows.split(';').map(flow).collect::<Vec<_>>()).unwrap();
        let shown = [report.psk.percent_plain(), report.psk.roubles.plain()];
        assert_eq!(shown, [*percent, *roubles], "{place}: {row:?}");
        assert_eq!(report.base_period.to_string(), *base, "{place}: {row:?}");
    }
}

/// A short payment against the same debts before and after the change of the order of claims.
#[test]
fn order_of_claims_table() {
    for (place, row) in rows("order.csv", include_str!("golden/order.csv")) {
        let [
            on,
            amount,
            overdue_interest,
            overdue_principal,
            interest,
            principal,
            penalty,
            left,
        ] = row.as_slice()
        else {
            panic!("{place}: {row:?}");
        };
        let owed = |claim| {
            money(match claim {
                Claim::OverdueInterest => "300",
                Claim::OverduePrincipal => "2000",
                Claim::Interest => "100",
                Claim::Principal => "1000",
                Claim::Penalty => "50",
                Claim::Other => "0",
            })
        };
        let order = rules::allocation_order(date(on));
        let (parts, rest) = allocate(order, owed, money(amount));
        let got = |claim| {
            let part = parts.iter().find(|part| part.claim == claim);
            part.map_or(Kopecks::ZERO, |part| part.amount)
        };
        let shown = [
            got(Claim::OverdueInterest),
            got(Claim::OverduePrincipal),
            got(Claim::Interest),
            got(Claim::Principal),
            got(Claim::Penalty),
            rest,
        ];
        let expected = [
            overdue_interest,
            overdue_principal,
            interest,
            principal,
            penalty,
            left,
        ];
        assert_eq!(shown, expected.map(|text| money(text)), "{place}: {row:?}");
    }
}

/// At 0.8 % a day every term within a year prints exactly the legal limit.
#[test]
fn every_bullet_term_at_the_legal_rate_costs_292_percent() {
    for term in 1..=365 {
        let loan = product(ProductKind::Bullet, "0.8");
        // Charges of a term above 125 days would pass the cap of 2026, so an earlier contract
        // with the wider cap is asked from day 126 on; above 162 days no lawful quote exists and
        // the flows are asked directly.
        let amount = Kopecks::from_roubles(10_000);
        let start = if term <= 125 {
            date("2026-04-01")
        } else {
            date("2025-01-01")
        };
        let percent = if term <= 162 {
            quoted(&loan, amount, term, start)
                .unwrap()
                .psk
                .percent_plain()
        } else {
            let back = Kopecks::from_roubles(10_000 + i64::from(term) * 80);
            let due = start + chrono::Days::new(u64::from(term));
            let flows = [(start, Kopecks::ZERO - amount), (due, back)];
            psk::psk(&flows).unwrap().psk.percent_plain()
        };
        assert_eq!(percent, "292.000", "{term} days");
    }
}

/// The text of the whole law: a change of it is a reviewed diff of `golden/law.txt`.
#[test]
fn law_as_text() {
    let expected = include_str!("golden/law.txt");
    let actual = rules::law_table_text();
    assert_eq!(
        actual, expected,
        "the law changed; the new text is:\n{actual}"
    );
}
