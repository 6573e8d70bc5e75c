//! How fast a loan is computed: the full cost, a schedule, the state after many payments.
//!
//! The peer of each state is the same loan without payments, in the same run: the ratio shows the cost of history.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::{Days, NaiveDate};
use divan::{Bencher, black_box};
use lending::{
    AnnualRate, DailyRate, Event, Kopecks, LoanRequest, Product, ProductKind, Terms, psk, quote,
    state,
};

fn main() {
    divan::main();
}

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date")
}

fn product(kind: ProductKind, max_term: u32, daily_rate: u32) -> Product {
    Product {
        code: "bench".into(),
        kind,
        min_amount: Kopecks::from_roubles(1_000),
        max_amount: Kopecks::from_roubles(100_000),
        amount_step: Kopecks::from_roubles(500),
        min_term: 1,
        max_term,
        daily_rate: DailyRate::from_ppm(daily_rate),
        annual_rate: None,
        special_price: None,
        promo: None,
        penalty_rate: AnnualRate::from_ppm(200_000),
        shift_days_off: false,
    }
}

fn request(term: u32) -> LoanRequest {
    LoanRequest {
        amount: Kopecks::from_roubles(30_000),
        term,
        start: start(),
        first_loan: false,
    }
}

/// The full cost of a loan with so many payments every two weeks.
#[divan::bench(args = [1, 12, 26, 52])]
fn full_cost(bencher: Bencher<'_, '_>, payments: u32) {
    let instalments = product(ProductKind::EveryNDays { days: 14 }, 52, 2_000);
    let schedule = quote(&instalments, &request(payments))
        .expect("a quote")
        .schedule;
    let mut flows = vec![(start(), Kopecks::from_roubles(-30_000))];
    flows.extend(
        schedule
            .instalments
            .iter()
            .map(|payment| (payment.due, payment.payment)),
    );
    bencher.bench(|| psk(black_box(&flows)).expect("a full cost"));
}

/// A whole quote: schedule, full cost and the checks of the law.
#[divan::bench(args = [1, 12, 26, 52])]
fn whole_quote(bencher: Bencher<'_, '_>, payments: u32) {
    let instalments = product(ProductKind::EveryNDays { days: 14 }, 52, 2_000);
    bencher.bench(|| quote(black_box(&instalments), &request(payments)).expect("a quote"));
}

/// The debt on the last day, after so many payments of one rouble.
#[divan::bench(args = [0, 1, 10, 100])]
fn debt_after_payments(bencher: Bencher<'_, '_>, payments: u64) {
    let bullet = product(ProductKind::Bullet, 120, 8_000);
    let quote = quote(&bullet, &request(101)).expect("a quote");
    let terms = Terms::from_quote(&bullet, &quote, start());
    let events: Vec<Event> = (1..=payments)
        .map(|day| Event::Payment {
            on: start() + Days::new(day),
            amount: Kopecks::new(100),
        })
        .collect();
    bencher.bench(|| state(black_box(&terms), &events, quote.due).expect("a state"));
}
