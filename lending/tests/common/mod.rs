//! What the test files share: short ways to write products, dates and amounts.
#![allow(dead_code, reason = "each test file uses its own part")]

use chrono::NaiveDate;
use lending::{
    AnnualRate, DailyRate, Kopecks, LoanRequest, Product, ProductKind, Promo, PromoAfterDue, Quote,
    QuoteError, Terms, quote,
};

/// The size of a long test, from the environment: nothing is skipped, only shorter by default.
#[allow(
    clippy::disallowed_methods,
    reason = "a test has no configuration to be handed"
)]
pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is not a number"))
    })
}

/// `2026-12-01`.
pub fn date(text: &str) -> NaiveDate {
    text.parse()
        .unwrap_or_else(|_| panic!("not a date: {text}"))
}

/// `1234.50`, `-15000.00`.
pub fn money(text: &str) -> Kopecks {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let amount = Kopecks::parse(digits).unwrap_or_else(|_| panic!("not an amount: {text}"));
    if negative {
        Kopecks::ZERO - amount
    } else {
        amount
    }
}

/// Percent with at most four places as millionths: `0.8` is 8000.
pub fn ppm(text: &str) -> u32 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<4}")
        .parse()
        .unwrap_or_else(|_| panic!("not a percentage: {text}"))
}

/// A product without limits of its own, so that only the law refuses.
pub fn product(kind: ProductKind, daily_percent: &str) -> Product {
    Product {
        code: String::from("test"),
        kind,
        min_amount: Kopecks::new(1),
        max_amount: Kopecks::from_roubles(1_000_000),
        amount_step: Kopecks::ZERO,
        min_term: 1,
        max_term: 1000,
        daily_rate: DailyRate::from_ppm(ppm(daily_percent)),
        annual_rate: None,
        special_price: None,
        promo: None,
        penalty_rate: AnnualRate::from_ppm(200_000),
        shift_days_off: false,
    }
}

/// A promo for loans up to 15 000 roubles and 20 days; the ordinary rate runs after it.
pub fn promo(daily_percent: &str) -> Promo {
    Promo {
        daily_rate: DailyRate::from_ppm(ppm(daily_percent)),
        max_amount: Kopecks::from_roubles(15_000),
        max_days: 20,
        first_loan_only: false,
        after_due: PromoAfterDue::Ordinary,
    }
}

/// The quote of a first loan.
pub fn quoted(
    product: &Product,
    amount: Kopecks,
    term: u32,
    start: NaiveDate,
) -> Result<Quote, QuoteError> {
    quote(
        product,
        &LoanRequest {
            amount,
            term,
            start,
            first_loan: true,
        },
    )
}

/// The terms of a loan signed and paid out on one day.
pub fn terms(product: &Product, amount: &str, term: u32, start: &str) -> Terms {
    let start = date(start);
    let quote = quoted(product, money(amount), term, start);
    let quote = quote.unwrap_or_else(|error| panic!("no quote: {error:?}"));
    Terms::from_quote(product, &quote, start)
}

/// A bullet loan at 0.8 % a day.
pub fn bullet(amount: &str, term: u32, start: &str) -> Terms {
    terms(&product(ProductKind::Bullet, "0.8"), amount, term, start)
}

/// A small generator of repeatable numbers (splitmix64): tests need no randomness of the outside
/// world.
pub struct Numbers(pub u64);

impl Numbers {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` through `high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// The same as a day count.
    pub fn days(&mut self, low: u32, high: u32) -> u32 {
        u32::try_from(self.between(u64::from(low), u64::from(high))).unwrap_or(high)
    }

    /// An amount from `low` through `high` kopecks.
    pub fn kopecks(&mut self, low: u64, high: u64) -> Kopecks {
        Kopecks::new(i64::try_from(self.between(low, high)).unwrap_or(1))
    }

    /// True in so many of a hundred.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.next() % 100 < chance
    }
}
