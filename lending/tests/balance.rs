//! Balance mode: what is debited when, and what lies idle.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;

use chrono::Days;
use common::{Numbers, bullet, date, money, product, terms};
use lending::{
    Account, Balance, BalanceInput, Event, HolidayBasis, Keep, Kopecks, LoanError, Movement, Order,
    OrderRefusal, Posting, ProductKind, ProlongationPrice, ProlongationRefusal, ProlongationRules,
    ProlongationWindow, Status, Terms, TopUp, balance, ledger, state,
};

fn top_up(on: &str, amount: &str) -> TopUp {
    let (on, amount) = (date(on), money(amount));
    TopUp { on, amount }
}

fn repay(on: &str, amount: Option<&str>) -> Order {
    Order::Repay {
        on: date(on),
        amount: amount.map(money),
        keep: None,
    }
}

fn prolongation() -> ProlongationRules {
    ProlongationRules {
        price: ProlongationPrice::Interest,
        window: ProlongationWindow::ThroughDue,
        min_days: 1,
        max_days: 30,
        initial_term: (1, 45),
        per_year: 5,
    }
}

fn at(terms: &Terms, top_ups: &[TopUp], orders: &[Order], on: &str) -> Balance {
    let rules = prolongation();
    let input = BalanceInput {
        terms,
        events: &[],
        top_ups,
        orders,
        prolongation: Some(&rules),
        past_year: &[],
    };
    balance(&input, date(on)).unwrap()
}

/// `2026-12-23 due 18600.00 left 0.00`.
fn told(balance: &Balance) -> Vec<String> {
    let line = |entry: &lending::Entry| {
        let movement = match entry.movement {
            Movement::TopUp => "top-up",
            Movement::Due => "due",
            Movement::Repaid { .. } => "repaid",
            Movement::Service { .. } => "service",
            Movement::Returned { .. } => "returned",
        };
        let (amount, left) = (entry.amount.plain(), entry.left.plain());
        format!("{} {movement} {amount} left {left}", entry.on)
    };
    balance.entries.iter().map(line).collect()
}

#[test]
fn idle_money_stops_no_interest_and_is_debited_on_the_due_date() {
    let terms = bullet("15000", 30, "2026-11-23");
    let money_early = [top_up("2026-12-01", "20000")];
    let waiting = at(&terms, &money_early, &[], "2026-12-10");
    // 17 days of interest, as without a kopeck on the balance.
    assert_eq!(
        waiting.loan,
        state(&terms, &[], date("2026-12-10")).unwrap()
    );
    assert_eq!(waiting.loan.interest, money("2040"));
    assert_eq!(waiting.left, money("20000"));
    // Assigned today it would save the 13 days that are left: 13 x 120.
    assert_eq!(waiting.idle_saves, money("1560"));
    assert!(waiting.events.is_empty());
    let due = at(&terms, &money_early, &[], "2026-12-23");
    let lines = [
        "2026-12-01 top-up 20000.00 left 20000.00",
        "2026-12-23 due 18600.00 left 1400.00",
    ];
    assert_eq!(told(&due), lines);
    assert_eq!(
        (due.loan.status, due.loan.overpaid),
        (Status::Closed, money("0"))
    );
    assert_eq!((due.left, due.idle_saves), (money("1400"), money("0")));
    let on = date("2026-12-23");
    let amount = money("18600");
    assert_eq!(due.events, [Event::Payment { on, amount }]);
}

#[test]
fn repaying_on_request_counts_that_day() {
    let terms = bullet("15000", 30, "2026-11-23");
    let came = [top_up("2026-12-01", "20000")];
    let closed = at(&terms, &came, &[repay("2026-12-10", None)], "2026-12-10");
    // 15 000 and 17 days of 120.
    assert_eq!(told(&closed)[1], "2026-12-10 repaid 17040.00 left 2960.00");
    assert_eq!(closed.loan.status, Status::Closed);
    let part = at(
        &terms,
        &came,
        &[repay("2026-12-10", Some("5000"))],
        "2026-12-10",
    );
    assert_eq!(part.loan.principal, money("12040"));
    assert_eq!(part.left, money("15000"));
}

#[test]
fn an_order_waits_for_money_and_counts_from_its_arrival() {
    let terms = bullet("15000", 30, "2026-11-23");
    let orders = [repay("2026-12-01", Some("5000"))];
    let none = at(&terms, &[], &orders, "2026-12-01");
    assert_eq!(none.waiting, [(0, money("5000"))]);
    let came = [top_up("2026-12-03", "3000"), top_up("2026-12-05", "9000")];
    let done = at(&terms, &came, &orders, "2026-12-05");
    let lines = [
        "2026-12-03 top-up 3000.00 left 3000.00",
        "2026-12-03 repaid 3000.00 left 0.00",
        "2026-12-05 top-up 9000.00 left 9000.00",
        "2026-12-05 repaid 2000.00 left 7000.00",
    ];
    assert_eq!(told(&done), lines);
    assert!(done.waiting.is_empty());
}

#[test]
fn money_that_comes_late_pays_what_was_missed_the_same_day() {
    let terms = bullet("15000", 30, "2026-04-10");
    let came = [top_up("2026-05-08", "600"), top_up("2026-05-20", "30000")];
    let paid = at(&terms, &came, &[], "2026-05-20");
    let lines = [
        "2026-05-08 top-up 600.00 left 600.00",
        "2026-05-10 due 600.00 left 0.00",
        "2026-05-20 top-up 30000.00 left 30000.00",
        // 18 600 and 1 200 and 82.19, less the 600.
        "2026-05-20 due 19282.19 left 10717.81",
    ];
    assert_eq!(told(&paid), lines);
}

#[test]
fn prolonging_from_the_balance() {
    let terms = bullet("15000", 30, "2026-11-23");
    let order = Order::Prolong {
        on: date("2026-12-20"),
        days: 14,
    };
    // The price of the 20th is 3 240, of the 22nd 3 480: the day the money is there decides.
    let came = [top_up("2026-12-20", "1000"), top_up("2026-12-22", "3000")];
    let first = at(&terms, &came, &[order], "2026-12-20");
    assert_eq!(first.waiting, [(0, money("2240"))]);
    let done = at(&terms, &came, &[order], "2026-12-22");
    assert_eq!(done.loan.due, date("2027-01-06"));
    assert_eq!(told(&done)[2], "2026-12-22 repaid 3480.00 left 520.00");
    // Money that comes after the window closed prolongs nothing: it pays what is late.
    let late = [top_up("2026-12-25", "4000")];
    let refused = at(&terms, &late, &[order], "2026-12-25");
    let why = ProlongationRefusal::Window {
        opens: None,
        closes: Some(date("2026-12-23")),
    };
    assert_eq!(refused.refused, [(0, OrderRefusal::Prolongation { why })]);
    assert_eq!(told(&refused)[1], "2026-12-25 due 4000.00 left 0.00");
}

#[test]
fn a_paid_prolongation_takes_its_service_from_the_balance() {
    let terms = bullet("15000", 30, "2026-11-23");
    let mut rules = prolongation();
    let service = money("300");
    rules.price = ProlongationPrice::ServiceAndInterest { service };
    let came = [top_up("2026-12-23", "5000")];
    let on = date("2026-12-23");
    let orders = [Order::Prolong { on, days: 7 }];
    let input = BalanceInput {
        terms: &terms,
        events: &[],
        top_ups: &came,
        orders: &orders,
        prolongation: Some(&rules),
        past_year: &[],
    };
    let done = balance(&input, on).unwrap();
    assert_eq!(
        told(&done)[1..],
        [
            "2026-12-23 repaid 3600.00 left 1400.00",
            "2026-12-23 service 300.00 left 1100.00",
        ]
    );
    assert_eq!(done.loan.services, service);
    let none = BalanceInput {
        prolongation: None,
        ..input
    };
    let refused = balance(&none, on).unwrap().refused;
    assert_eq!(refused, [(0, OrderRefusal::NoProlongation)]);
}

#[test]
fn money_goes_back_and_orders_are_refused() {
    let terms = bullet("15000", 30, "2026-11-23");
    let back = |on: &str, amount: &str| Order::Return {
        on: date(on),
        amount: money(amount),
    };
    let came = [top_up("2026-12-01", "20000")];
    let orders = [
        back("2026-12-02", "20000.01"),
        back("2026-12-02", "0"),
        repay("2026-12-02", Some("0")),
        back("2026-12-03", "2000"),
        repay("2026-12-04", None),
        repay("2026-12-05", Some("1")),
    ];
    let done = at(&terms, &came, &orders, "2026-12-31");
    let left = money("20000");
    let refused = [
        (0, OrderRefusal::Balance { left }),
        (1, OrderRefusal::Amount),
        (2, OrderRefusal::Amount),
        (5, OrderRefusal::Closed),
    ];
    assert_eq!(done.refused, refused);
    // 20 000 - 2 000 - (15 000 + 11 x 120).
    assert_eq!(done.left, money("1680"));
    // After the loan is closed the rest is the borrower's.
    let orders = [repay("2026-12-04", None), back("2026-12-31", "3680")];
    assert_eq!(at(&terms, &came, &orders, "2026-12-31").left, money("0"));
    let input = BalanceInput {
        terms: &terms,
        events: &[],
        top_ups: &[top_up("2026-12-01", "0")],
        orders: &[],
        prolongation: None,
        past_year: &[],
    };
    let nothing = balance(&input, date("2026-12-01"));
    assert_eq!(nothing.unwrap_err(), LoanError::Amount);
    let on = date("2026-11-22");
    let before = LoanError::BeforeStart { on };
    assert_eq!(balance(&input, on).unwrap_err(), before);
}

#[test]
fn instalments_are_debited_one_by_one_and_a_holiday_debits_none() {
    let loan = product(ProductKind::EveryNDays { days: 14 }, "0.5");
    let terms = terms(&loan, "20000", 4, "2026-11-23");
    let came = [top_up("2026-11-25", "30000")];
    let paid = at(&terms, &came, &[], "2027-01-18");
    assert_eq!(
        told(&paid)[1..],
        [
            "2026-12-07 due 5904.56 left 24095.44",
            "2026-12-21 due 5904.56 left 18190.88",
            "2027-01-04 due 5904.56 left 12286.32",
            "2027-01-18 due 5904.57 left 6381.75",
        ]
    );
    let events = [Event::Holiday {
        on: date("2026-12-10"),
        months: 1,
        basis: HolidayBasis::Emergency,
    }];
    let input = BalanceInput {
        terms: &terms,
        events: &events,
        top_ups: &came,
        orders: &[],
        prolongation: None,
        past_year: &[],
    };
    let held = balance(&input, date("2027-01-20")).unwrap();
    assert_eq!(told(&held).len(), 2);
    let resumed = balance(&input, date("2027-01-21")).unwrap();
    assert!(told(&resumed)[2].starts_with("2027-01-21 due "));
}

#[test]
fn part_early_from_the_balance_makes_a_new_schedule() {
    let loan = product(ProductKind::EveryNDays { days: 14 }, "0.5");
    let terms = terms(&loan, "20000", 4, "2026-11-23");
    let came = [top_up("2026-12-01", "10000")];
    let on = date("2026-12-01");
    let orders = [Order::Repay {
        on,
        amount: Some(money("10000")),
        keep: Some(Keep::Term),
    }];
    let done = at(&terms, &came, &orders, "2026-12-01");
    let (amount, keep) = (money("10000"), Keep::Term);
    assert_eq!(done.events, [Event::Prepayment { on, amount, keep }]);
    assert_eq!(done.loan.schedule.len(), 5);
}

/// What the journal says about an account: debits less credits.
fn accounts(postings: &[Posting]) -> BTreeMap<Account, i64> {
    let mut sums = BTreeMap::new();
    for posting in postings {
        assert!(posting.amount.is_positive() && posting.debit != posting.credit);
        *sums.entry(posting.debit).or_default() += posting.amount.get();
        *sums.entry(posting.credit).or_default() -= posting.amount.get();
    }
    sums
}

/// Random top-ups and orders: no kopeck is lost, the loan's events replay to the same loan, and the
/// books agree with both.
#[test]
fn no_kopeck_of_a_balance_is_lost() {
    let mut numbers = Numbers(57);
    let mut closed = 0;
    for _ in 0..2_000 {
        let start = date("2026-11-23");
        let kind = if numbers.percent(50) {
            ProductKind::Bullet
        } else {
            ProductKind::EveryNDays { days: 14 }
        };
        let count = if kind == ProductKind::Bullet { 30 } else { 4 };
        let terms = terms(&product(kind, "0.5"), "20000", count, "2026-11-23");
        let day = |numbers: &mut Numbers| start + Days::new(numbers.between(0, 90));
        let top_ups: Vec<TopUp> = (0..numbers.between(1, 5))
            .map(|_| TopUp {
                on: day(&mut numbers),
                amount: numbers.kopecks(1, 1_500_000),
            })
            .collect();
        let orders: Vec<Order> = (0..numbers.between(0, 5))
            .map(|_| {
                let on = day(&mut numbers);
                let amount = numbers.kopecks(1, 1_000_000);
                match numbers.between(0, 4) {
                    0 => Order::Return { on, amount },
                    1 => Order::Prolong { on, days: 7 },
                    2 => Order::Repay {
                        on,
                        amount: None,
                        keep: None,
                    },
                    _ => Order::Repay {
                        on,
                        amount: Some(amount),
                        keep: numbers.percent(30).then_some(Keep::Payment),
                    },
                }
            })
            .collect();
        let done = at(&terms, &top_ups, &orders, "2027-03-01");
        let sum = |counted: fn(Movement) -> bool| -> Kopecks {
            let entries = done.entries.iter().filter(|entry| counted(entry.movement));
            entries.map(|entry| entry.amount).sum()
        };
        let came = sum(|movement| movement == Movement::TopUp);
        let back = sum(|movement| matches!(movement, Movement::Returned { .. }));
        assert_eq!(came, done.loan.paid_total + back + done.left);
        assert_eq!(done.loan.overpaid, Kopecks::ZERO);
        assert!(!done.left.get().is_negative());
        let replayed = state(&terms, &done.events, done.on).unwrap();
        assert_eq!(replayed, done.loan);
        let mut postings = ledger::post_disbursement(terms.amount);
        postings.extend(done.entries.iter().flat_map(ledger::post_balance));
        let books = accounts(&postings);
        let book = |account| books.get(&account).copied().unwrap_or_default();
        assert_eq!(book(Account::Loans), done.loan.principal.get());
        assert_eq!(book(Account::BorrowerBalance), -done.left.get());
        assert_eq!(book(Account::Acquirer), (came - back).get());
        assert_eq!(books.values().sum::<i64>(), 0);
        closed += u32::from(done.loan.status == Status::Closed);
    }
    assert!(closed > 500, "{closed} loans closed: too few to mean much");
}
