//! What must hold for any loan.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use chrono::{Days, NaiveDate};
use common::{product, quoted};
use lending::{
    Event, Keep, Kopecks, LoanState, ProductKind, ProlongationPrice, ProlongationRules,
    ProlongationWindow, Status, Terms, apply_payment, ledger, paths, quote_prolongation, state,
};
use proptest::prelude::*;

fn kinds() -> impl Strategy<Value = ProductKind> {
    prop_oneof![
        Just(ProductKind::Bullet),
        (2_u32..31).prop_map(|days| ProductKind::EveryNDays { days }),
        Just(ProductKind::Monthly),
    ]
}

/// Terms of loans at rates under the law, some with dates moved off days off.
fn loans() -> impl Strategy<Value = Terms> {
    loans_of(kinds())
}

fn loans_of(kinds: impl Strategy<Value = ProductKind>) -> impl Strategy<Value = Terms> {
    let start = NaiveDate::from_ymd_opt(2023, 7, 1).unwrap();
    let rate = prop_oneof![Just("0.8"), Just("0.7"), Just("0.1234"), Just("0")];
    (
        kinds,
        rate,
        100_000_i64..5_000_000,
        1_u32..10,
        0_u64..1500,
        any::<bool>(),
    )
        .prop_filter_map(
            "refused by the law",
            move |(kind, rate, amount, term, day, shift)| {
                let mut product = product(kind, rate);
                product.shift_days_off = shift;
                let term = if kind == ProductKind::Bullet {
                    term * 4
                } else {
                    term
                };
                let start = start + Days::new(day);
                let quote = quoted(&product, Kopecks::new(amount), term, start).ok()?;
                Some(Terms::from_quote(&product, &quote, start))
            },
        )
}

/// A few payments on increasing days.
fn histories() -> impl Strategy<Value = Vec<(u64, i64)>> {
    prop::collection::vec((0_u64..60, 1_i64..2_000_000), 0..6)
}

fn events(terms: &Terms, history: &[(u64, i64)]) -> Vec<Event> {
    let mut on = terms.schedule.start;
    let mut events = Vec::new();
    for (index, (wait, amount)) in history.iter().enumerate() {
        on = on + Days::new(*wait);
        let amount = Kopecks::new(*amount);
        events.push(if index % 3 == 2 {
            Event::Prepayment {
                on,
                amount,
                keep: Keep::Term,
            }
        } else {
            Event::Payment { on, amount }
        });
    }
    events
}

fn last_day(terms: &Terms, events: &[Event]) -> NaiveDate {
    events.last().map_or(terms.schedule.start, Event::on)
}

fn end(terms: &Terms, events: &[Event], wait: u64) -> LoanState {
    state(terms, events, last_day(terms, events) + Days::new(wait)).unwrap()
}

fn rules(price: ProlongationPrice) -> ProlongationRules {
    ProlongationRules {
        price,
        window: ProlongationWindow::OverdueAllowed,
        min_days: 1,
        max_days: 30,
        initial_term: (1, 365),
        per_year: 5,
    }
}

/// A failing case is shown whole and becomes a test with a name, so none are kept in files.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn schedule_sums_are_exact(terms in loans()) {
        let lines = &terms.schedule.instalments;
        prop_assert_eq!(terms.schedule.principal(), terms.amount);
        let mut left = terms.amount;
        let mut previous = terms.schedule.start;
        for line in lines {
            left -= line.principal;
            prop_assert_eq!(line.payment, line.principal + line.interest);
            prop_assert_eq!(line.principal_left, left);
            prop_assert!(line.due > previous);
            previous = line.due;
        }
        prop_assert_eq!(left, Kopecks::ZERO);
        prop_assert_eq!(terms.schedule.total(), terms.amount + terms.schedule.interest());
    }

    #[test]
    fn keeping_to_the_schedule_closes_the_loan(terms in loans()) {
        let mut events = Vec::new();
        for line in &terms.schedule.instalments {
            let before = state(&terms, &events, line.due).unwrap();
            prop_assert_eq!(before.next_payment, Some((line.due, line.payment)));
            events.push(Event::Payment { on: line.due, amount: line.payment });
        }
        let after = end(&terms, &events, 0);
        prop_assert_eq!(after.status, Status::Closed);
        prop_assert_eq!((after.payoff, after.overpaid), (Kopecks::ZERO, Kopecks::ZERO));
        prop_assert_eq!(after.paid_total, terms.schedule.total());
    }

    #[test]
    fn paying_the_payoff_closes_at_zero(
        terms in loans(), history in histories(), wait in 0_u64..400,
    ) {
        let events = events(&terms, &history);
        let now = end(&terms, &events, wait);
        prop_assume!(now.status != Status::Closed);
        let applied = apply_payment(&terms, &events, now.on, now.payoff).unwrap();
        prop_assert_eq!(applied.after.payoff, Kopecks::ZERO);
        prop_assert_eq!(applied.after.status, Status::Closed);
        prop_assert_eq!(applied.overpaid, Kopecks::ZERO);
        let short = now.payoff - Kopecks::new(1);
        prop_assume!(short.is_positive());
        let almost = apply_payment(&terms, &events, now.on, short).unwrap();
        prop_assert_eq!(almost.after.payoff, Kopecks::new(1));
        prop_assert!(almost.after.status != Status::Closed);
    }

    #[test]
    fn accrued_never_passes_the_cap_and_never_falls(
        terms in loans(), history in histories(), wait in 0_u64..400,
    ) {
        let events = events(&terms, &history);
        let (now, later) = (end(&terms, &events, wait), end(&terms, &events, wait + 17));
        let cap = now.cap.unwrap();
        prop_assert!(now.accrued <= cap && later.accrued <= cap);
        prop_assert!(later.accrued >= now.accrued && later.payoff >= now.payoff);
        let far = end(&terms, &events, 20_000);
        // A tenth of the loan at 0.1234 % a day earns more than any cap in fifty years.
        let earning = far.principal.get() * 10 >= terms.amount.get() && terms.rate.ppm() > 0;
        prop_assert!(!earning || far.accrued == cap);
    }

    #[test]
    fn allocation_conserves_money(
        terms in loans(), history in histories(), wait in 0_u64..200, amount in 1_i64..9_000_000,
    ) {
        let events = events(&terms, &history);
        let before = end(&terms, &events, wait);
        let amount = Kopecks::new(amount);
        let applied = apply_payment(&terms, &events, before.on, amount).unwrap();
        let parts: Kopecks = applied.parts.iter().map(|part| part.amount).sum();
        prop_assert!(applied.parts.iter().all(|part| part.amount.is_positive()));
        prop_assert_eq!(parts + applied.overpaid, amount);
        prop_assert_eq!(before.payoff - parts, applied.after.payoff);
        prop_assert!(applied.overpaid.is_zero() || applied.after.payoff.is_zero());
        let received: Kopecks = ledger::post_payment(&applied).iter()
            .filter(|posting| posting.debit == lending::Account::Acquirer)
            .map(|posting| posting.amount).sum();
        prop_assert_eq!(received, amount);
    }

    #[test]
    fn two_payments_of_a_day_are_one(
        terms in loans(), history in histories(), wait in 0_u64..120,
        first in 1_i64..2_000_000, second in 1_i64..2_000_000,
    ) {
        let mut apart = events(&terms, &history);
        let on = last_day(&terms, &apart) + Days::new(wait);
        let mut together = apart.clone();
        apart.push(Event::Payment { on, amount: Kopecks::new(first) });
        apart.push(Event::Payment { on, amount: Kopecks::new(second) });
        together.push(Event::Payment { on, amount: Kopecks::new(first + second) });
        let later = on + Days::new(40);
        prop_assert_eq!(
            state(&terms, &apart, later).unwrap(),
            state(&terms, &together, later).unwrap()
        );
    }

    #[test]
    fn prolonging_never_lowers_what_is_owed(
        terms in loans_of(Just(ProductKind::Bullet)),
        day in 0_u64..60, days in 1_u32..31, service in 0_i64..100_000,
    ) {
        let on = terms.schedule.start + Days::new(day);
        let service = Kopecks::new(service);
        let rules = rules(ProlongationPrice::ServiceAndInterest { service });
        let Ok(quote) = quote_prolongation(&rules, &terms, &[], &[], on, days) else {
            return Ok(());
        };
        prop_assert!(quote.total >= quote.pay_today_total);
        prop_assert_eq!(quote.total, quote.pay_now + quote.due_then);
        prop_assert_eq!(quote.extra, quote.total - quote.pay_today_total);
        let mut events = Vec::new();
        let paid = quote.pay_now - quote.fee;
        if paid.is_positive() {
            events.push(Event::Payment { on, amount: paid });
        }
        let without = state(&terms, &events, on).unwrap();
        events.push(Event::Prolongation { on, days });
        let with = state(&terms, &events, on).unwrap();
        prop_assert_eq!(with.payoff, without.payoff);
        let then = state(&terms, &events, quote.new_due).unwrap();
        prop_assert_eq!((then.payoff, then.due), (quote.due_then, quote.new_due));
        prop_assert!(then.status == Status::Active || then.status == Status::Closed);
    }

    #[test]
    fn paths_are_sorted_and_true(terms in loans(), history in histories(), wait in 0_u64..60) {
        let events = events(&terms, &history);
        let now = end(&terms, &events, wait);
        let rules = rules(ProlongationPrice::Interest);
        let paths = paths(&terms, &events, Some(&rules), &[], now.on, 14, 10).unwrap();
        prop_assert_eq!(paths.is_empty(), now.status == Status::Closed);
        prop_assume!(!paths.is_empty());
        let (late, others) = paths.split_last().unwrap();
        prop_assert_eq!(late.kind, lending::PathKind::Late { days: 10 });
        prop_assert!(others.windows(2).all(|pair| pair[0].total <= pair[1].total));
        prop_assert!(paths.iter().all(|path| path.total == path.now + path.later));
        let later = state(&terms, &events, late.on).unwrap();
        prop_assert_eq!((late.total, late.penalty), (later.payoff, later.penalty));
        let today = paths.iter().find(|path| path.kind == lending::PathKind::PayToday).unwrap();
        prop_assert_eq!(today.total, now.payoff);
    }

    #[test]
    fn plain_text_of_money_reads_back(kopecks in 0_i64..100_000_000_000) {
        let amount = Kopecks::new(kopecks);
        prop_assert_eq!(Kopecks::parse(&amount.plain()), Ok(amount));
        prop_assert_eq!(Kopecks::parse(&amount.to_string()), Ok(amount));
    }
}
