//! `/`: the landing with its calculator.

use std::sync::LazyLock;

use askama::Template;
use axum::extract::Query;
use axum::response::Html;
use chrono::{Datelike, NaiveDate};
use lending::{Kopecks, LoanRequest, Product, PromoState, Quote};
use serde::Deserialize;

const DATA: &str = include_str!("../taken/data.json");
static TAKEN: LazyLock<Taken> = LazyLock::new(|| serde_json::from_str(DATA).expect("what take.mjs wrote"));
/// The same without spaces, for the browser.
static COMPACT: LazyLock<String> = LazyLock::new(|| {
    let data: serde_json::Value = serde_json::from_str(DATA).expect("what take.mjs wrote");
    data.to_string().replace("</", "<\\/")
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
    offers: Vec<Offer>,
    start: i32,
    first_loan: bool,
    amount: i64,
    term: u32,
    words: Words,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    product: TakenProduct,
    title: String,
    ends: [String; 4],
    steps: [String; 4],
    promo: Option<Promo>,
}

#[derive(Deserialize)]
struct Promo {
    granted: String,
    amount: String,
    term: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TakenProduct {
    code: String,
    kind: String,
    min_amount: i64,
    max_amount: i64,
    amount_step: i64,
    min_term: u32,
    max_term: u32,
    daily_rate: u32,
    promo: Option<TakenPromo>,
    penalty_rate: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TakenPromo {
    daily_rate: u32,
    max_amount: i64,
    max_days: u32,
    first_loan_only: bool,
    /// The reduced rate keeps running after the due date.
    lasting: bool,
}

#[derive(Deserialize)]
struct Words {
    kind: String,
    amount: String,
    days_label: String,
    days: Plural,
    count: String,
    date: String,
    weekdays: Vec<String>,
    months: Vec<String>,
    due: String,
    on_card: String,
    each: String,
    overpayment: String,
    overpayment_days: String,
    services: String,
    services_none: String,
    rate: String,
    rate_day: String,
    psk: String,
    psk_year: String,
    psk_roubles: String,
    apply: String,
    cap: String,
}

#[derive(Deserialize)]
struct Plural {
    forms: [String; 3],
}

impl Plural {
    fn of(&self, count: u32) -> String {
        let form = match (count % 10, count % 100) {
            (_, 11..=14) => 2,
            (1, _) => 0,
            (2..=4, _) => 1,
            _ => 2,
        };
        self.forms[form].replace("{n}", &count.to_string())
    }
}

struct Dial<'a> {
    name: &'static str,
    label: &'a str,
    steps: &'a [String],
    ends: &'a [String],
    printed: String,
    limits: [i64; 3],
    value: i64,
}

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing<'a> {
    words: &'a Words,
    offers: &'a [Offer],
    index: usize,
    dials: [Dial<'a>; 2],
    granted: bool,
    promo: &'a str,
    quote: Quote,
    due: String,
    overpayment_label: String,
    rate: String,
    apply: String,
    small: String,
    data: &'a str,
}

#[derive(Deserialize)]
pub struct Asked {
    amount: Option<String>,
    term: Option<String>,
}

fn product(taken: &TakenProduct) -> Product {
    Product {
        code: taken.code.clone(),
        kind: lending::ProductKind::Bullet,
        min_amount: Kopecks::new(taken.min_amount),
        max_amount: Kopecks::new(taken.max_amount),
        amount_step: Kopecks::new(taken.amount_step),
        min_term: taken.min_term,
        max_term: taken.max_term,
        daily_rate: lending::DailyRate::from_ppm(taken.daily_rate),
        annual_rate: None,
        special_price: None,
        promo: taken.promo.as_ref().map(|promo| lending::Promo {
            daily_rate: lending::DailyRate::from_ppm(promo.daily_rate),
            max_amount: Kopecks::new(promo.max_amount),
            max_days: promo.max_days,
            first_loan_only: promo.first_loan_only,
            after_due: if promo.lasting {
                lending::PromoAfterDue::Promo
            } else {
                lending::PromoAfterDue::Ordinary
            },
        }),
        penalty_rate: lending::AnnualRate::from_ppm(taken.penalty_rate),
        shift_days_off: false,
    }
}

fn number(text: Option<&String>) -> Option<i64> {
    let digits: String = text?.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn roubles(sum: Kopecks) -> String {
    format!("{}\u{a0}₽", sum.roubles_part())
}

/// The first product, which is repaid at once; without scripts the others are not offered here.
pub async fn landing(Query(asked): Query<Asked>) -> Html<String> {
    let taken = &*TAKEN;
    let (words, offer) = (&taken.words, &taken.offers[0]);
    assert_eq!(offer.product.kind, "bullet", "the lender's first product");
    let product = product(&offer.product);
    let (least, greatest, step) = (
        product.min_amount.get() / 100,
        product.max_amount.get() / 100,
        product.amount_step.get() / 100,
    );
    let amount = number(asked.amount.as_ref()).unwrap_or(taken.amount).clamp(least, greatest);
    let amount = amount - (amount - least) % step;
    let term = number(asked.term.as_ref()).and_then(|term| u32::try_from(term).ok()).unwrap_or(taken.term);
    let term = term.clamp(product.min_term, product.max_term);
    let request = LoanRequest {
        amount: Kopecks::from_roubles(amount),
        term,
        start: NaiveDate::from_num_days_from_ce_opt(taken.start).expect("a day"),
        first_loan: taken.first_loan,
    };
    let quote = lending::quote(&product, &request).expect("inside the product's limits");
    let date = words
        .date
        .replace("{w}", &words.weekdays[quote.due.weekday().num_days_from_monday() as usize])
        .replace("{d}", &quote.due.day().to_string())
        .replace("{m}", &words.months[quote.due.month0() as usize]);
    let promo = offer.promo.as_ref().map(|promo| match quote.promo {
        PromoState::Granted => promo.granted.as_str(),
        PromoState::AmountAbove { .. } => promo.amount.as_str(),
        PromoState::TermAbove { .. } => promo.term.as_str(),
        _ => "",
    });
    let overpayment_label = if quote.daily_cost.is_positive() {
        let days = words.overpayment_days.replace("{n}", &words.days.of(term));
        days.replace("{sum}", &roubles(quote.daily_cost))
    } else {
        words.overpayment.clone()
    };
    let dials = [
        Dial {
            name: "amount",
            label: &words.amount,
            steps: &offer.steps[..2],
            ends: &offer.ends[..2],
            printed: roubles(quote.amount),
            limits: [least, greatest, step],
            value: amount,
        },
        Dial {
            name: "term",
            label: &words.days_label,
            steps: &offer.steps[2..],
            ends: &offer.ends[2..],
            printed: words.days.of(term),
            limits: [product.min_term.into(), product.max_term.into(), 1],
            value: term.into(),
        },
    ];
    let page = Landing {
        words,
        offers: &taken.offers,
        index: 0,
        dials,
        granted: quote.promo == PromoState::Granted,
        promo: promo.unwrap_or_default(),
        due: words.due.replace("{date}", &date),
        overpayment_label,
        rate: words.rate_day.replace("{p}", &quote.rate.percent_text()),
        apply: words.apply.replace("{sum}", &roubles(quote.amount)),
        small: words.cap.replace("{sum}", &roubles(quote.amount + quote.cap)),
        quote,
        data: &COMPACT,
    };
    Html(page.render().expect("a template without filters that fail"))
}
