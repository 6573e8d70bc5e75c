//! Paid services: refusing them, and their place in the full cost.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{date, money};
use lending::{
    Charge, Kopecks, PaidService, ProductKind, ServiceKept, Use, ledger, psk, service_cost,
};

fn once(bought: &str, price: &str, done: Option<&str>) -> PaidService {
    PaidService {
        bought_on: date(bought),
        price: money(price),
        used: Use::Once {
            done_on: done.map(date),
        },
    }
}

fn daily(bought: &str, price: &str, from: &str, to: &str) -> PaidService {
    PaidService {
        bought_on: date(bought),
        price: money(price),
        used: Use::Daily {
            from: date(from),
            to: date(to),
        },
    }
}

#[test]
fn thirty_days_to_refuse_and_seven_working_days_to_pay() {
    let service = once("2026-11-23", "990", None);
    // 30 days end on Wednesday 2026-12-23.
    assert_eq!(service.last_day(), Some(date("2026-12-23")));
    let refund = service.refund(date("2026-11-24")).unwrap();
    assert_eq!((refund.amount, refund.kept), (money("990"), money("0")));
    // Working days after Tuesday the 24th: 25, 26, 27, 30, 1, 2, 3.
    assert_eq!(refund.pay_by, date("2026-12-03"));
    // Days off of January do not count: 24, 25, 28, 29, 30 December, 11 and 12 January.
    let last = service.refund(date("2026-12-23")).unwrap();
    assert_eq!(last.pay_by, date("2027-01-12"));
    let last_day = date("2026-12-23");
    let late = service.refund(date("2026-12-24"));
    assert_eq!(late.unwrap_err(), ServiceKept::Late { last_day });
    let early = service.refund(date("2026-11-22"));
    assert_eq!(early.unwrap_err(), ServiceKept::Early);
    // 30 days after 2026-12-02 are 2027-01-01: the first working day after it.
    assert_eq!(
        once("2026-12-02", "990", None).last_day(),
        Some(date("2027-01-11"))
    );
}

#[test]
fn fourteen_days_before_2024_and_no_right_before_2021() {
    let service = once("2024-01-20", "990", None);
    assert_eq!(service.last_day(), Some(date("2024-02-05")));
    assert_eq!(
        once("2024-01-21", "990", None).last_day(),
        Some(date("2024-02-20"))
    );
    let old = once("2021-12-29", "990", None);
    assert_eq!(
        old.refund(date("2021-12-29")).unwrap_err(),
        ServiceKept::NotInForce
    );
    assert!(
        once("2021-12-30", "990", None)
            .refund(date("2022-01-13"))
            .is_ok()
    );
}

#[test]
fn what_was_rendered_is_kept() {
    // Insurance of 30 days: 10 days before the application, 990 x 10 / 30.
    let service = daily("2026-11-23", "990", "2026-11-24", "2026-12-23");
    let part = service.refund(date("2026-12-04")).unwrap();
    assert_eq!((part.kept, part.amount), (money("330"), money("660")));
    // The day of the application is not used, so the first one costs nothing.
    let whole = service.refund(date("2026-11-24")).unwrap();
    assert_eq!(whole.amount, money("990"));
    // A third of a kopeck goes to the borrower: 100.00 x 1 / 30 = 3.33.
    let thirds = daily("2026-11-23", "100", "2026-11-24", "2026-12-23");
    assert_eq!(
        thirds.refund(date("2026-11-25")).unwrap().kept,
        money("3.33")
    );
    // Used up before it is refused.
    let short = daily("2026-11-23", "990", "2026-11-24", "2026-11-30");
    assert_eq!(
        short.refund(date("2026-11-30")).unwrap().kept,
        money("848.57")
    );
    assert_eq!(
        short.refund(date("2026-12-01")).unwrap_err(),
        ServiceKept::Used
    );
    // It begins later than it is refused.
    let later = daily("2026-11-23", "990", "2026-12-20", "2027-01-20");
    assert_eq!(
        later.refund(date("2026-12-01")).unwrap().amount,
        money("990")
    );
    let done = once("2026-11-23", "990", Some("2026-11-25"));
    assert_eq!(
        done.refund(date("2026-11-25")).unwrap().amount,
        money("990")
    );
    assert_eq!(
        done.refund(date("2026-11-26")).unwrap_err(),
        ServiceKept::Used
    );
}

#[test]
fn a_refund_and_what_is_kept_are_the_price() {
    let mut numbers = common::Numbers(7);
    for _ in 0..5_000 {
        let bought = date("2026-11-23");
        let from = bought + chrono::Days::new(numbers.between(0, 5));
        let service = PaidService {
            bought_on: bought,
            price: numbers.kopecks(1, 500_000),
            used: Use::Daily {
                from,
                to: from + chrono::Days::new(numbers.between(0, 400)),
            },
        };
        let on = bought + chrono::Days::new(numbers.between(0, 30));
        if let Ok(refund) = service.refund(on) {
            assert_eq!(refund.amount + refund.kept, service.price);
            assert!(refund.amount.is_positive() && refund.pay_by > on);
            let postings = ledger::post_service_refund(refund.amount);
            assert_eq!(postings.len(), 1);
        }
    }
}

#[test]
fn the_full_cost_counts_what_is_sold_with_the_loan() {
    let always = [
        Charge::Interest,
        Charge::LenderFee,
        Charge::PaymentTool,
        Charge::RequiredThirdParty,
        Charge::TiedInsurance,
    ];
    let never = [
        Charge::FreeInsurance,
        Charge::Mandatory,
        Charge::Penalty,
        Charge::ChosenLater,
    ];
    for on in ["2023-12-01", "2026-11-23"].map(date) {
        assert!(always.iter().all(|charge| charge.in_full_cost(on)));
        assert!(!never.iter().any(|charge| charge.in_full_cost(on)));
    }
    assert!(!Charge::SoldWithLoan.in_full_cost(date("2024-01-20")));
    assert!(Charge::SoldWithLoan.in_full_cost(date("2024-01-21")));
}

/// Regulation §1, trap a: at 0.8 % a day any counted service passes the limit.
#[test]
fn a_counted_service_passes_the_limit() {
    let (on, due) = (date("2026-11-23"), date("2026-12-08"));
    let percent = |flows: &[(chrono::NaiveDate, Kopecks)]| {
        let report = psk::psk(flows).unwrap();
        (report.psk.percent_plain(), report.psk.roubles)
    };
    let lent = (on, money("-10000"));
    let paid = (due, money("11200"));
    assert_eq!(percent(&[lent, paid]).0, "292.000");
    let at_once = percent(&[lent, (on, money("600")), paid]);
    assert_eq!(at_once, (String::from("465.957"), money("1800")));
    let at_the_end = percent(&[lent, (due, money("11800"))]);
    assert_eq!(at_the_end.0, "438.000");
}

/// 10 000 for 15 days at 0.8 % with 600 for a service: 465.957 % (the law's formula, worked in docs/lending.md).
#[test]
fn a_service_is_counted_as_paid_on_the_first_day_and_fits_only_under_the_limit() {
    let terms = |rate: &str| {
        let product = common::product(ProductKind::Bullet, rate);
        common::terms(&product, "10000", 15, "2026-11-23")
    };
    let dear = service_cost(&terms("0.8"), money("600")).unwrap();
    assert_eq!(dear.without.thousandths, 292_000);
    assert_eq!(dear.with.thousandths, 465_957);
    assert_eq!(dear.limit.map(|limit| limit.thousandths), Some(292_000));
    assert!(!dear.fits);
    let cheap = service_cost(&terms("0.5"), money("60")).unwrap();
    assert!(cheap.fits, "{cheap:?}");
    let free = service_cost(&terms("0.8"), money("0")).unwrap();
    assert!(free.fits);
    assert_eq!(free.with, free.without);
}
