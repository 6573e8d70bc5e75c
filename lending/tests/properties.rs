//! What must hold for any loan.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use chrono::{Days, NaiveDate};
use common::{product, quoted, setting};
use lending::{
    AnnualRate, DailyRate, Event, Keep, Kopecks, LoanState, ProductKind, ProlongationPrice,
    ProlongationRules, ProlongationWindow, SpecialPrice, Status, Terms, apply_payment, debts,
    ledger, paths, quote_prolongation, rules, state,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn kinds() -> impl Strategy<Value = ProductKind> {
    prop_oneof![
        2 => Just(ProductKind::Bullet),
        2 => (2_u32..31).prop_map(|days| ProductKind::EveryNDays { days }),
        2 => Just(ProductKind::Monthly),
        1 => Just(ProductKind::Special),
    ]
}

/// Terms of loans of every kind at rates under the law, of before the first cap and after the
/// last, some with dates moved off days off.
fn loans() -> impl Strategy<Value = Terms> {
    loans_of(kinds())
}

fn loans_of(kinds: impl Strategy<Value = ProductKind>) -> impl Strategy<Value = Terms> {
    let start = NaiveDate::from_ymd_opt(2018, 12, 1).unwrap();
    let rate = prop_oneof![Just("0.8"), Just("0.7"), Just("0.1234"), Just("0")];
    let annual = prop_oneof![3 => Just(None), 1 => (0_u32..2_000_000).prop_map(Some)];
    (
        kinds,
        (rate, annual, any::<bool>()),
        100_000_i64..5_000_000,
        1_u32..10,
        0_u64..3600,
        any::<bool>(),
    )
        .prop_filter_map(
            "refused by the law",
            move |(kind, (rate, annual, promo), amount, term, day, shift)| {
                let mut product = product(kind, rate);
                product.shift_days_off = shift;
                product.annual_rate = annual.map(AnnualRate::from_ppm);
                let (mut amount, mut term) = (amount, term);
                match kind {
                    ProductKind::Special => {
                        product.daily_rate = DailyRate::ZERO;
                        product.annual_rate = None;
                        product.special_price = Some(SpecialPrice::Share { ppm: 123_457 });
                        amount = amount.min(1_000_000);
                    }
                    ProductKind::Bullet => {
                        term *= 4;
                        let promo = promo && annual.is_none();
                        product.promo = promo.then_some(common::promo("0.1"));
                    }
                    _ => {}
                }
                let start = start + Days::new(day);
                let quote = quoted(&product, Kopecks::new(amount), term, start).ok()?;
                Some(Terms::from_quote(&product, &quote, start))
            },
        )
}

/// A few happenings on increasing days: a wait, an amount or days, what it is.
fn histories() -> impl Strategy<Value = Vec<(u64, i64, u8)>> {
    prop::collection::vec((0_u64..60, 1_i64..2_000_000, 0_u8..6), 0..6)
}

/// The events of a history that can be: no prolonging of what is closed or of instalments.
fn events(terms: &Terms, history: &[(u64, i64, u8)]) -> Vec<Event> {
    let mut on = terms.schedule.start;
    let mut events = Vec::new();
    for (wait, number, sort) in history {
        on = on + Days::new(*wait);
        let amount = Kopecks::new(*number);
        let days = u32::try_from(number % 30 + 1).unwrap();
        events.push(match sort {
            0 => Event::Prepayment {
                on,
                amount,
                keep: Keep::Term,
            },
            1 => Event::Prepayment {
                on,
                amount,
                keep: Keep::Payment,
            },
            2 => Event::Prolongation { on, days },
            _ => Event::Payment { on, amount },
        });
        if state(terms, &events, on).is_err() {
            events.pop();
        }
    }
    events
}

fn last_day(terms: &Terms, events: &[Event]) -> NaiveDate {
    events.last().map_or(terms.schedule.start, Event::on)
}

fn end(terms: &Terms, events: &[Event], wait: u64) -> LoanState {
    state(terms, events, last_day(terms, events) + Days::new(wait)).unwrap()
}

fn prolonging(price: ProlongationPrice) -> ProlongationRules {
    ProlongationRules {
        price,
        window: ProlongationWindow::OverdueAllowed,
        min_days: 1,
        max_days: 30,
        initial_term: (1, 365),
        per_year: 5,
    }
}

/// The same cases every time, unless the environment asks for others. A failing case is shown
/// whole and becomes a test with a name, so none are kept in files.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: u32::try_from(setting("KOPECK_PROPERTY_RUNS", 5_000)).unwrap(),
        rng_seed: RngSeed::Fixed(setting("KOPECK_PROPERTY_SEED", 353)),
        failure_persistence: None,
        max_local_rejects: u32::MAX,
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
        if now.status == Status::Closed {
            return Ok(());
        }
        let applied = apply_payment(&terms, &events, now.on, now.payoff).unwrap();
        prop_assert_eq!(applied.after.payoff, Kopecks::ZERO);
        prop_assert_eq!(applied.after.status, Status::Closed);
        prop_assert_eq!(applied.overpaid, Kopecks::ZERO);
        let short = now.payoff - Kopecks::new(1);
        if !short.is_positive() {
            return Ok(());
        }
        let almost = apply_payment(&terms, &events, now.on, short).unwrap();
        prop_assert_eq!(almost.after.payoff, Kopecks::new(1));
        prop_assert!(almost.after.status != Status::Closed);
    }

    #[test]
    fn accrued_never_passes_the_cap(
        terms in loans(), history in histories(), wait in 0_u64..400,
    ) {
        let events = events(&terms, &history);
        let far = end(&terms, &events, 20_000);
        let Some(cap) = far.cap else {
            return Ok(());
        };
        let percent = rules::accrual_cap_percent(terms.contract_date).unwrap();
        prop_assert_eq!(cap.get(), terms.amount.get() * i64::from(percent) / 100);
        for event in &events {
            prop_assert!(state(&terms, &events, event.on()).unwrap().accrued <= cap);
        }
        prop_assert!(end(&terms, &events, wait).accrued <= cap);
        // A tenth of the loan at 0.1234 % a day earns more than any cap in fifty years.
        let rate = terms.rate_after_due.ppm().max(terms.rate.ppm());
        let earning = far.principal.get() * 10 >= terms.amount.get() && rate > 1_000
            && terms.product.annual_rate.is_none();
        prop_assert!(far.accrued <= cap && (!earning || far.accrued == cap), "{:?}", far);
    }

    #[test]
    fn the_debts_of_many_days_are_those_of_each(
        terms in loans(),
        history in histories(),
        days in prop::collection::btree_set(0_u64..500, 0..12),
    ) {
        let events = events(&terms, &history);
        let days = days.into_iter().map(|day| terms.schedule.start + Days::new(day)).collect();
        let mut counted = Vec::new();
        for (on, debt) in debts(&terms, &events, &days).unwrap() {
            let state = state(&terms, &events, on).unwrap();
            prop_assert_eq!(
                (debt.principal, debt.interest, debt.penalty, debt.total()),
                (state.principal, state.interest, state.penalty, state.payoff),
                "{}", on,
            );
            counted.push(on);
        }
        prop_assert_eq!(counted, days.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn nothing_falls_between_events(terms in loans(), history in histories()) {
        let events = events(&terms, &history);
        let begin = last_day(&terms, &events);
        let mut before = state(&terms, &events, begin).unwrap();
        for day in 1..120 {
            let now = state(&terms, &events, begin + Days::new(day)).unwrap();
            let sums = |state: &LoanState| [
                state.accrued, state.interest, state.penalty, state.payoff, state.overdue_interest,
                state.overdue_principal, Kopecks::new(i64::from(state.days_overdue)),
            ];
            let pairs = sums(&before).into_iter().zip(sums(&now));
            prop_assert!(pairs.clone().all(|(before, now)| before <= now), "{before:?} {now:?}");
            let kept = |state: &LoanState| {
                (state.principal, state.overpaid, state.paid_total, state.cap, state.due)
            };
            prop_assert_eq!(kept(&before), kept(&now));
            let same = LoanState { on: now.on, ..before.clone() };
            prop_assert!(before.status != Status::Closed || now == same, "a closed loan moves");
            before = now;
        }
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
        let rules = prolonging(ProlongationPrice::ServiceAndInterest { service });
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
        if quote.fee.is_positive() {
            events.push(Event::Service { on, amount: quote.fee });
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
        let rules = prolonging(ProlongationPrice::Interest);
        let paths = paths(&terms, &events, Some(&rules), &[], now.on, 14, 10).unwrap();
        prop_assert_eq!(paths.is_empty(), now.status == Status::Closed);
        if paths.is_empty() {
            return Ok(());
        }
        let (late, others) = paths.split_last().unwrap();
        prop_assert_eq!(late.kind, lending::PathKind::Late { days: 10 });
        prop_assert!(others.windows(2).all(|pair| pair[0].total <= pair[1].total));
        prop_assert!(paths.iter().all(|path| path.total == path.now + path.later));
        let later = state(&terms, &events, late.on).unwrap();
        prop_assert_eq!((late.total, late.penalty), (later.payoff, later.penalty));
        let today = paths.iter().find(|path| path.kind == lending::PathKind::PayToday).unwrap();
        prop_assert_eq!(today.total, now.payoff);
        if let Some(part) = paths.iter().find(|path| path.kind == lending::PathKind::PayPart) {
            prop_assert!(part.now.is_positive() && part.total >= now.payoff);
        }
    }

    #[test]
    fn plain_text_of_money_reads_back(kopecks in 0_i64..100_000_000_000) {
        let amount = Kopecks::new(kopecks);
        prop_assert_eq!(Kopecks::parse(&amount.plain()), Ok(amount));
        prop_assert_eq!(Kopecks::parse(&amount.to_string()), Ok(amount));
    }
}
