//! The calculator's data, made on the server from the lender's file, the catalogue and the address.

use cabinet::lender::Text;
use cabinet::promotion::Offered;
use chrono::Datelike;
use lending::{Kopecks, Product, PromoAfterDue};
use locales::{Lang, Words, t};

use super::calculator::{CalculatorData, CalculatorWords, Offer, PromoWords};
use super::chosen::{
    amount_step, counts_days, opening, parse_amount, parse_term, snap_amount, snap_term,
};
use super::dial::roubles;
use crate::request::Ask;
use crate::ui::plural::Plural;

/// What an address asks the calculator for; everything in it is somebody's typing.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The product's code.
    pub product: String,
    /// The amount as typed.
    pub amount: String,
    /// The term as typed.
    pub term: String,
    /// The button pressed without scripts: `amount-less`, `term-more`…
    pub step: String,
}

impl Asked {
    /// Reads the query of the page's address.
    pub fn from_query(query: &crate::request::address::Query) -> Self {
        let text = |name: &str| query.get(name).unwrap_or_default();
        Self {
            product: text("product"),
            amount: text("amount"),
            term: text("term"),
            step: text("step"),
        }
    }
}

/// What is chosen, inside the limits, and what had to be moved to get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// The index of the lender's product.
    pub product: usize,
    /// The principal.
    pub amount: Kopecks,
    /// Days or payments.
    pub term: u32,
    /// The amount asked for was moved.
    pub amount_moved: bool,
    /// The term asked for was moved.
    pub term_moved: bool,
}

/// Brings what is asked inside the lender's products.
pub fn settle(products: &[&Product], asked: &Asked, first_loan: bool) -> Option<Settled> {
    let index = products
        .iter()
        .position(|product| product.code == asked.product)
        .unwrap_or(0);
    let product = products.get(index)?;
    let opening = opening(product, first_loan);
    let stepped = |name: &str| match asked.step.strip_prefix(name) {
        Some("-less") => -1_i32,
        Some("-more") => 1,
        _ => 0,
    };
    let wish = parse_amount(&asked.amount).unwrap_or(opening.amount);
    let step = amount_step(product).get() * i64::from(stepped("amount"));
    let near = snap_amount(product, wish);
    let amount = snap_amount(product, Kopecks::new(near.get() + step));
    let term_wish = parse_term(&asked.term).unwrap_or(opening.term);
    let near_term = snap_term(product, term_wish);
    let term = snap_term(product, near_term.saturating_add_signed(stepped("term")));
    Some(Settled {
        product: index,
        amount,
        term,
        amount_moved: !asked.amount.trim().is_empty() && parse_amount(&asked.amount) != Some(near),
        term_moved: !asked.term.trim().is_empty() && parse_term(&asked.term) != Some(near_term),
    })
}

/// The address of the calculator or of the application with this choice.
pub fn address(page: &str, product: &Product, amount: Kopecks, term: u32) -> String {
    let roubles = if amount.get() % 100 == 0 {
        (amount.get() / 100).to_string()
    } else {
        amount.plain()
    };
    format!(
        "{page}?product={}&amount={roubles}&term={term}",
        product.code
    )
}

/// Everything the island needs. `None` only for a lender without products, which can't be loaded.
pub fn calculator_data(
    ask: &Ask,
    asked: &Asked,
    first_loan: bool,
    offered: &[Offered],
) -> Option<CalculatorData> {
    let products: Vec<&Product> = offered.iter().map(|it| &it.product.terms).collect();
    let settled = settle(&products, asked, first_loan)?;
    let words = calculator_words(ask.words);
    let offers = offered.iter().map(|it| offer(ask.words, &words, it));
    Some(CalculatorData {
        offers: offers.collect(),
        start: ask.cabinet.today().num_days_from_ce(),
        first_loan,
        offer: settled.product,
        amount: settled.amount.get() / 100,
        term: i64::from(settled.term),
        amount_moved: settled.amount_moved,
        term_moved: settled.term_moved,
        words,
    })
}

fn offer(w: Words, words: &CalculatorWords, offered: &Offered) -> Offer {
    let product = &offered.product.terms;
    let title = offered.product.title.of(w.lang).to_owned();
    let step = roubles(amount_step(product));
    let counted = |term: u32| {
        if counts_days(product) {
            words.days.of(term)
        } else {
            words.payments.of(term)
        }
    };
    let (least, greatest) = (roubles(product.min_amount), roubles(product.max_amount));
    let (shortest, longest) = (counted(product.min_term), counted(product.max_term));
    let amount_note = t!(
        w,
        "calc-amount-note",
        min = &least,
        max = &greatest,
        step = &step,
        value = "{v}"
    );
    // Bare numbers: after «от» and «до» the words would need another case.
    let (min, max) = (product.min_term.to_string(), product.max_term.to_string());
    let term_note = t!(w, "calc-term-note", min = min, max = max, value = "{v}");
    let (time_less, time_more) = if counts_days(product) {
        ("calc-less-day", "calc-more-day")
    } else {
        ("calc-less-payment", "calc-more-payment")
    };
    Offer {
        promo: promo(w, words, product, offered.rate.as_ref()),
        title,
        amount_note,
        term_note,
        ends: [least, greatest, shortest, longest],
        steps: [
            t!(w, "calc-less-money", step = &step),
            t!(w, "calc-more-money", step = &step),
            w.t(time_less),
            w.t(time_more),
        ],
        product: product.clone(),
    }
}

/// The reduced rate: the product's own, or an offer's by its name.
fn promo(
    w: Words,
    words: &CalculatorWords,
    product: &Product,
    name: Option<&Text>,
) -> Option<PromoWords> {
    let promo = product.promo.as_ref()?;
    let (sum, days) = (roubles(promo.max_amount), words.days.of(promo.max_days));
    let free = promo.daily_rate.ppm() == 0;
    let rate = promo.daily_rate.percent_text();
    let offer = match (name, free) {
        (None, true) => t!(w, "calc-promo-free", sum = &sum, days = &days),
        (None, false) => t!(
            w,
            "calc-promo-cheap",
            sum = &sum,
            days = &days,
            rate = &rate
        ),
        (Some(name), free) => {
            let key = if free {
                "calc-offer-free"
            } else {
                "calc-offer-cheap"
            };
            let name = name.of(w.lang);
            t!(w, key, name = name, sum = &sum, days = &days, rate = &rate)
        }
    };
    let late = match promo.after_due {
        PromoAfterDue::Ordinary => {
            let rate = product.daily_rate.percent_text();
            t!(w, "calc-promo-late", rate = rate)
        }
        PromoAfterDue::Promo => w.t("calc-promo-kept"),
    };
    Some(PromoWords {
        granted: format!("{offer} {late}"),
        amount_above: format!("{offer} {}", w.t("calc-promo-amount-above")),
        term_above: format!("{offer} {}", w.t("calc-promo-term-above")),
        set: t!(w, "calc-promo-set", sum = &sum, days = &days, rate = &rate),
        href: address(
            "/",
            product,
            snap_amount(product, promo.max_amount),
            snap_term(product, promo.max_days),
        ),
    })
}

/// A counted word of the catalogue as patterns for the browser.
fn plural(w: Words, key: &str) -> Plural {
    let form = |count: u32| {
        let text = t!(w, key, count = count);
        text.replacen(&count.to_string(), "{n}", 1)
            .replace(' ', "\u{a0}")
    };
    Plural {
        forms: [form(1), form(3), form(5)],
        slavic: w.lang == Lang::Ru,
    }
}

fn calculator_words(w: Words) -> CalculatorWords {
    let with_sum = |key: &str| t!(w, key, sum = "{sum}");
    CalculatorWords {
        kind: w.t("calc-kind"),
        amount: w.t("calc-amount"),
        days_label: w.t("calc-days-label"),
        payments_label: w.t("calc-payments-label"),
        days: plural(w, "days"),
        payments: plural(w, "count-payments"),
        count: w.t("calc-count"),
        date: t!(w, "date-by", weekday = "{w}", day = "{d}", month = "{m}"),
        weekdays: (1..=7)
            .map(|day| w.t(&format!("weekday-by-{day}")))
            .collect(),
        months: (1..=12)
            .map(|month| w.t(&format!("month-{month}")))
            .collect(),
        due: t!(w, "calc-due", date = "{date}"),
        due_parts: t!(w, "calc-due-parts", date = "{date}"),
        on_card: w.t("calc-on-card"),
        each: w.t("calc-each"),
        overpayment: w.t("calc-overpayment"),
        overpayment_days: t!(w, "calc-overpayment-days", days = "{n}", sum = "{sum}"),
        services: w.t("calc-services"),
        services_none: w.t("calc-services-none"),
        rate: w.t("calc-rate"),
        rate_day: t!(w, "calc-rate-day", percent = "{p}"),
        rate_year: t!(w, "calc-rate-year", percent = "{p}"),
        rate_fixed: w.t("calc-rate-fixed"),
        psk: w.t("calc-psk"),
        psk_year: w.t("calc-psk-year"),
        psk_roubles: w.t("calc-psk-roubles"),
        apply: with_sum("calc-apply"),
        earlier: with_sum("calc-earlier"),
        cap: with_sum("calc-cap"),
        refused: w.t("calc-refused"),
    }
}

#[cfg(test)]
mod tests {
    use lending::{AnnualRate, DailyRate, ProductKind};

    use super::*;

    fn product(code: &str, min: i64, max: i64) -> Product {
        Product {
            code: code.into(),
            kind: ProductKind::Bullet,
            min_amount: Kopecks::from_roubles(min),
            max_amount: Kopecks::from_roubles(max),
            amount_step: Kopecks::from_roubles(500),
            min_term: 7,
            max_term: 45,
            daily_rate: DailyRate::from_ppm(8000),
            annual_rate: None,
            special_price: None,
            promo: None,
            penalty_rate: AnnualRate::from_ppm(200_000),
            shift_days_off: true,
        }
    }

    fn asked(product: &str, amount: &str, term: &str, step: &str) -> Asked {
        Asked {
            product: product.into(),
            amount: amount.into(),
            term: term.into(),
            step: step.into(),
        }
    }

    #[test]
    fn an_address_is_brought_inside_the_products() {
        let (short, long) = (
            product("short", 1000, 30_000),
            product("long", 30_000, 100_000),
        );
        let products = [&short, &long];
        let of = |asked: Asked| settle(&products, &asked, true).expect("products");
        let settled = of(asked("short", "15 000 ₽", "20 дней", ""));
        assert_eq!((settled.amount.get(), settled.term), (1_500_000, 20));
        assert!(!settled.amount_moved && !settled.term_moved);
        let settled = of(asked("long", "15000", "1", ""));
        assert_eq!(
            (settled.product, settled.amount.get(), settled.term),
            (1, 3_000_000, 7)
        );
        assert!(settled.amount_moved && settled.term_moved);
        let settled = of(asked("<b>", "' OR 1=1", "😀", "x"));
        assert_eq!(settled.product, 0);
        assert!(settled.amount_moved);
    }

    #[test]
    fn buttons_step_without_scripts() {
        let short = product("short", 1000, 30_000);
        let of = |asked: Asked| settle(&[&short], &asked, true).expect("products");
        assert_eq!(
            of(asked("short", "15000", "20", "amount-less"))
                .amount
                .get(),
            1_450_000
        );
        assert_eq!(
            of(asked("short", "30000", "20", "amount-more"))
                .amount
                .get(),
            3_000_000
        );
        assert_eq!(of(asked("short", "15000", "20", "term-more")).term, 21);
        assert_eq!(of(asked("short", "15000", "7", "term-less")).term, 7);
    }
}
