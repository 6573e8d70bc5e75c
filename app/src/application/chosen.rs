//! What is chosen in the calculator, brought inside the product's limits. One code for the page,
//! the address and the browser, so that all three say the same.

use lending::{Kopecks, Product, ProductKind};

/// An amount and a term that the product lends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The principal.
    pub amount: Kopecks,
    /// Days, or the number of payments.
    pub term: u32,
}

/// Whether the term is counted in days; in payments otherwise.
pub const fn counts_days(product: &Product) -> bool {
    matches!(product.kind, ProductKind::Bullet | ProductKind::Special)
}

/// The step of the amount dial: the product's own, or a rouble where the product has none.
pub fn amount_step(product: &Product) -> Kopecks {
    if product.amount_step.is_positive() {
        product.amount_step
    } else {
        Kopecks::from_roubles(1)
    }
}

/// The nearest amount that is lent and is not above what was asked; never below the smallest.
pub fn snap_amount(product: &Product, amount: Kopecks) -> Kopecks {
    let amount = amount.clamp(product.min_amount, product.max_amount);
    let over = amount.get() - product.min_amount.get();
    Kopecks::new(amount.get() - over % amount_step(product).get())
}

/// The nearest term that is lent.
pub fn snap_term(product: &Product, term: u32) -> u32 {
    term.clamp(product.min_term, product.max_term)
}

/// A typed amount: `15 000 ₽`, `15000`; whatever stands between the digits is forgiven.
pub fn parse_amount(text: &str) -> Option<Kopecks> {
    Kopecks::parse(text)
        .ok()
        .filter(|amount| amount.is_positive())
}

/// A typed term: `20`, `20 дней`.
pub fn parse_term(text: &str) -> Option<u32> {
    let digits: String = text
        .trim_start()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok().filter(|term| *term > 0)
}

/// What the calculator opens with: the reduced rate's own limits, so that the first figure a person
/// sees is the cheapest one that can be had; else a middle amount for a middle term.
pub fn opening(product: &Product, first_loan: bool) -> Chosen {
    let promo = product
        .promo
        .as_ref()
        .filter(|promo| first_loan || !promo.first_loan_only);
    let (amount, term) = promo.map_or_else(
        || {
            let middle = i64::midpoint(product.min_amount.get(), product.max_amount.get());
            (
                Kopecks::new(middle),
                u32::midpoint(product.min_term, product.max_term),
            )
        },
        |promo| (promo.max_amount, promo.max_days),
    );
    Chosen {
        amount: snap_amount(product, amount),
        term: snap_term(product, term),
    }
}

#[cfg(test)]
mod tests {
    use lending::{AnnualRate, DailyRate, Promo};

    use super::*;

    fn product() -> Product {
        Product {
            code: "short".into(),
            kind: ProductKind::Bullet,
            min_amount: Kopecks::from_roubles(1000),
            max_amount: Kopecks::from_roubles(30_000),
            amount_step: Kopecks::from_roubles(500),
            min_term: 7,
            max_term: 45,
            daily_rate: DailyRate::from_ppm(8000),
            annual_rate: None,
            special_price: None,
            promo: Some(Promo {
                daily_rate: DailyRate::from_ppm(0),
                max_amount: Kopecks::from_roubles(15_000),
                max_days: 20,
                first_loan_only: true,
                after_due: lending::PromoAfterDue::Ordinary,
            }),
            penalty_rate: AnnualRate::from_ppm(200_000),
            shift_days_off: true,
        }
    }

    #[test]
    fn amounts_come_inside_the_product() {
        let snap = |roubles| snap_amount(&product(), Kopecks::from_roubles(roubles)).get() / 100;
        assert_eq!(snap(1), 1000);
        assert_eq!(snap(15_250), 15_000);
        assert_eq!(snap(29_999), 29_500);
        assert_eq!(snap(1_000_000), 30_000);
    }

    #[test]
    fn typed_terms() {
        assert_eq!(parse_term("20"), Some(20));
        assert_eq!(parse_term(" 21\u{a0}день"), Some(21));
        for text in ["", "0", "дней", "-3", "99999999999"] {
            assert_eq!(parse_term(text), None, "{text}");
        }
    }

    #[test]
    fn opens_with_the_cheapest() {
        let first = opening(&product(), true);
        assert_eq!((first.amount.get(), first.term), (1_500_000, 20));
        let later = opening(&product(), false);
        assert_eq!((later.amount.get(), later.term), (1_550_000, 26));
    }
}
