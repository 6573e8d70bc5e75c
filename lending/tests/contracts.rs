//! Contracts: what the law refuses to quote, impossible events, the stored forms.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{bullet, date, money, product, quoted, terms};
use lending::{
    Event, Keep, Kopecks, LoanError, Product, ProductKind, QuoteError, SpecialPrice, Terms,
    apply_payment, debts, quote_prepayment, state,
};

#[test]
fn the_law_refuses_quotes() {
    let refuse = |product: &Product, amount: &str, term: u32, start: &str| {
        quoted(product, money(amount), term, date(start)).unwrap_err()
    };
    let dear = product(ProductKind::Bullet, "0.81");
    let error = refuse(&dear, "10000", 30, "2026-11-23");
    assert!(
        matches!(error, QuoteError::RateAboveLimit { .. }),
        "{error:?}"
    );
    assert!(quoted(&dear, money("10000"), 30, date("2023-06-30")).is_ok());
    let months = product(ProductKind::Monthly, "0.8");
    let error = refuse(&months, "10000", 3, "2026-12-15");
    assert!(matches!(
        error,
        QuoteError::PskAboveLimit {
            limit_thousandths: 292_000,
            ..
        }
    ));
    let bullet = product(ProductKind::Bullet, "0.8");
    let (charges, cap) = (money("10080"), money("10000"));
    let above = QuoteError::ChargesAboveCap { charges, cap };
    assert_eq!(refuse(&bullet, "10000", 126, "2026-04-01"), above);
    assert!(quoted(&bullet, money("10000"), 126, date("2026-03-31")).is_ok());
    let mut annual = product(ProductKind::Monthly, "0");
    annual.annual_rate = Some(lending::AnnualRate::from_ppm(2_920_001));
    let error = refuse(&annual, "10000", 3, "2026-11-23");
    assert!(
        matches!(error, QuoteError::RateAboveLimit { .. }),
        "{error:?}"
    );
    let mut harsh = product(ProductKind::Bullet, "0.8");
    harsh.penalty_rate = lending::AnnualRate::from_ppm(200_001);
    let error = refuse(&harsh, "10000", 30, "2026-11-23");
    assert!(
        matches!(error, QuoteError::PenaltyAboveLimit { .. }),
        "{error:?}"
    );
}

#[test]
fn the_special_product_keeps_its_own_limits() {
    let mut special = product(ProductKind::Special, "0");
    special.special_price = Some(SpecialPrice::Share { ppm: 150_000 });
    let ask = |product: &Product, amount: &str, term, start: &str| {
        quoted(product, money(amount), term, date(start)).map(|quote| quote.total)
    };
    assert_eq!(ask(&special, "10000", 15, "2026-11-23"), Ok(money("11500")));
    assert!(ask(&special, "10000", 16, "2026-11-23").is_err());
    assert!(ask(&special, "10000.01", 15, "2026-11-23").is_err());
    special.special_price = Some(SpecialPrice::Fixed {
        amount: money("1500.01"),
    });
    assert!(ask(&special, "10000", 15, "2026-11-23").is_err());
    assert!(ask(&special, "10000", 15, "2023-06-30").is_ok());
    special.special_price = None;
    assert!(ask(&special, "10000", 15, "2026-11-23").is_err());
}

#[test]
fn limits_of_a_product() {
    let mut bullet = product(ProductKind::Bullet, "0.8");
    (bullet.min_amount, bullet.max_amount) = (money("1000"), money("15000"));
    (bullet.amount_step, bullet.min_term, bullet.max_term) = (money("500"), 7, 30);
    let ask = |amount: &str, term| quoted(&bullet, money(amount), term, date("2026-11-23"));
    assert!(ask("1000", 7).is_ok() && ask("15000", 30).is_ok());
    for amount in ["999.99", "15000.01", "1200", "15500"] {
        assert!(
            matches!(ask(amount, 7), Err(QuoteError::Amount { .. })),
            "{amount}"
        );
    }
    for term in [0, 6, 31] {
        assert!(
            matches!(ask("1000", term), Err(QuoteError::Term { .. })),
            "{term}"
        );
    }
}

#[test]
fn money_that_left_on_another_day() {
    let terms = bullet("15000", 30, "2026-03-31");
    let (later, psk) = terms.reissued(date("2026-04-02")).unwrap();
    assert_eq!(later.schedule.last_due(), date("2026-05-02"));
    assert_eq!(
        (later.contract_date, psk.thousandths),
        (date("2026-03-31"), 292_000)
    );
    // The cap stays that of the contract's day.
    let cap = state(&later, &[], date("2026-04-02")).unwrap().cap;
    assert_eq!(cap, Some(money("19500")));
}

#[test]
fn events_that_cannot_be() {
    let terms = bullet("15000", 30, "2026-11-23");
    let on = date("2026-12-01");
    let paid = [Event::Payment {
        on,
        amount: money("100"),
    }];
    let before = date("2026-11-22");
    assert_eq!(
        state(&terms, &[], before),
        Err(LoanError::BeforeStart { on: before })
    );
    assert_eq!(
        debts(&terms, &[], &[before, on].into()),
        Err(LoanError::BeforeStart { on: before })
    );
    let earlier = apply_payment(&terms, &paid, date("2026-11-30"), money("1"));
    assert_eq!(earlier.unwrap_err(), LoanError::Order { index: 0 });
    let none = apply_payment(&terms, &paid, on, Kopecks::ZERO);
    assert_eq!(none.unwrap_err(), LoanError::Amount);
    let unordered = [
        paid[0],
        Event::Payment {
            on: date("2026-11-30"),
            amount: money("1"),
        },
    ];
    assert_eq!(
        state(&terms, &unordered, on),
        Err(LoanError::Order { index: 1 })
    );
    // A prolongation moves the due date.
    let nowhere = [Event::Prolongation { on, days: 0 }];
    assert_eq!(state(&terms, &nowhere, on), Err(LoanError::Days));
    // Later events are ignored.
    assert_eq!(
        state(&terms, &paid, date("2026-11-30")),
        state(&terms, &[], date("2026-11-30"))
    );
}

/// What is late stays out of the new schedule, which counts the rest down to nothing.
#[test]
fn a_schedule_after_a_late_prepayment() {
    let every14 = product(ProductKind::EveryNDays { days: 14 }, "0.5");
    let terms = terms(&every14, "20000", 4, "2026-11-23");
    let on = date("2026-12-10");
    let quote = quote_prepayment(&terms, &[], on, money("3000"), Keep::Payment).unwrap();
    // 1 400.00 of interest, then 1 600.00 of the 4 504.56 due on 2026-12-07.
    let [interest, principal] = quote.parts.as_slice() else {
        panic!("{:?}", quote.parts);
    };
    assert_eq!(
        (interest.amount, principal.amount),
        (money("1400"), money("1600"))
    );
    let lines = quote.new_schedule.unwrap().instalments;
    let mut left = money("20000") - money("4504.56");
    for line in &lines {
        left -= line.principal;
        assert_eq!(line.principal_left, left, "line {}", line.number);
    }
    assert!(left.is_zero());
}

#[test]
fn stored_forms_stay_readable() {
    let on = date("2026-12-01");
    let events = [
        (
            Event::Payment {
                on,
                amount: money("1"),
            },
            r#"{"kind":"payment","on":"2026-12-01","amount":100}"#,
        ),
        (
            Event::Prolongation { on, days: 7 },
            r#"{"kind":"prolongation","on":"2026-12-01","days":7}"#,
        ),
        (
            Event::Prepayment {
                on,
                amount: money("2"),
                keep: lending::Keep::Term,
            },
            r#"{"kind":"prepayment","on":"2026-12-01","amount":200,"keep":"term"}"#,
        ),
        (
            Event::Holiday {
                on,
                months: 6,
                basis: lending::HolidayBasis::IncomeDrop,
            },
            r#"{"kind":"holiday","on":"2026-12-01","months":6,"basis":"income_drop"}"#,
        ),
        (
            Event::Service {
                on,
                amount: money("3"),
            },
            r#"{"kind":"service","on":"2026-12-01","amount":300}"#,
        ),
    ];
    for (event, json) in events {
        assert_eq!(serde_json::to_string(&event).unwrap(), json);
        assert_eq!(serde_json::from_str::<Event>(json).unwrap(), event);
    }
    let terms = terms(
        &product(ProductKind::EveryNDays { days: 14 }, "0.8"),
        "1000",
        1,
        "2026-12-01",
    );
    let json = serde_json::to_string(&terms).unwrap();
    assert_eq!(json, include_str!("golden/terms.json").trim_end());
    assert_eq!(serde_json::from_str::<Terms>(&json).unwrap(), terms);
}

/// Terms stored before the promo said what becomes of it after the due date.
#[test]
fn terms_of_older_days_still_read() {
    let old = r#"{"daily_rate":0,"max_amount":1500000,"max_days":20,"first_loan_only":true}"#;
    let promo: lending::Promo = serde_json::from_str(old).unwrap();
    assert_eq!(promo.after_due, lending::PromoAfterDue::Ordinary);
    let mut loan = product(ProductKind::Bullet, "0.8");
    loan.promo = Some(promo);
    let mut stored = terms(&loan, "15000", 20, "2026-11-23");
    assert_eq!(stored.rate_after_due.ppm(), 8_000);
    stored.product.promo = Some(lending::Promo {
        after_due: lending::PromoAfterDue::Promo,
        ..promo
    });
    // Frozen terms keep the rate that was signed, whatever their product says.
    let late = state(&stored, &[], date("2026-12-14")).unwrap();
    assert_eq!(late.interest, money("120"));
    let json = serde_json::to_string(&stored.product.promo).unwrap();
    assert!(json.ends_with(r#""after_due":"promo"}"#), "{json}");
}
