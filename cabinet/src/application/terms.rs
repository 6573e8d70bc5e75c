//! The individual terms as the law's table: rows 1 to 16 in its order, none left out (Указание
//! 3240-У).

use chrono::NaiveDate;
use lending::{Product, ProductKind, Quote};
use locales::{Arg, Lang, Words};

use super::TermRow;
use crate::document::phrase;
use crate::lender::Lender;

/// The rows of the table, by the numbers the law gives them.
const ROWS: [&str; 18] = [
    "1", "2", "3", "4", "5", "5.1", "6", "7", "8", "8.1", "9", "10", "11", "12", "13", "14", "15",
    "16",
];

/// What the rows are made of.
pub(crate) struct TermsInput<'a> {
    pub lender: &'a Lender,
    pub product: &'a Product,
    pub quote: &'a Quote,
    /// The borrower's answer about assignment; none while it is not given.
    pub assignment: Option<bool>,
}

/// The contract is a Russian document whatever the language of the pages.
pub(crate) const WORDS: Words = Words::new(Lang::Ru);

/// The table. A row nothing is agreed in says «Отсутствует».
pub(crate) fn rows(input: &TermsInput<'_>) -> Vec<TermRow> {
    ROWS.iter()
        .map(|number| {
            let key = format!("cabinet-terms-row-{}", number.replace('.', "-"));
            TermRow {
                number: (*number).to_owned(),
                title: WORDS.t(&format!("{key}-title")),
                text: text(number, &key, input),
            }
        })
        .collect()
}

fn text(number: &str, key: &str, input: &TermsInput<'_>) -> String {
    let quote = input.quote;
    match number {
        "1" => WORDS.args(
            key,
            &[
                ("amount", quote.amount.to_string().into()),
                ("words", lending::roubles_in_words(quote.amount).into()),
            ],
        ),
        "2" => WORDS.args(
            key,
            &[
                ("due", phrase::full_day(WORDS, quote.due).into()),
                ("start", long(quote.start)),
            ],
        ),
        "4" => rate(key, input),
        "6" => payments(key, input),
        "12" => penalty(key, input),
        "13" => WORDS.t(match input.assignment {
            Some(true) => "cabinet-terms-row-13-yes",
            Some(false) => "cabinet-terms-row-13-no",
            None => "cabinet-terms-row-13-open",
        }),
        "8" | "8.1" | "16" => WORDS.args(key, &[("site", site(input.lender))]),
        "5" | "5.1" | "9" | "10" | "11" | "15" => WORDS.t("cabinet-terms-none"),
        _ => WORDS.t(key),
    }
}

fn long(date: NaiveDate) -> Arg<'static> {
    phrase::full_day(WORDS, date).into()
}

fn site(lender: &Lender) -> Arg<'static> {
    lender.site.clone().into()
}

fn rate(key: &str, input: &TermsInput<'_>) -> String {
    let (product, quote) = (input.product, input.quote);
    if let Some(annual) = product.annual_rate {
        return WORDS.args(
            &format!("{key}-annual"),
            &[("annual", annual.percent_text().into())],
        );
    }
    if product.kind == ProductKind::Special {
        return WORDS.args(
            &format!("{key}-special"),
            &[("payment", quote.overpayment.to_string().into())],
        );
    }
    let after = quote.rate_after_due(product);
    let args = [
        ("annual", quote.rate.annual_percent_text().into()),
        ("daily", quote.rate.percent_text().into()),
        ("annual_after", after.annual_percent_text().into()),
        ("daily_after", after.percent_text().into()),
    ];
    if quote.rate == after {
        return WORDS.args(key, &args);
    }
    WORDS.args(&format!("{key}-promo"), &args)
}

fn penalty(key: &str, input: &TermsInput<'_>) -> String {
    let special = lending::rules::special_limits(input.quote.start)
        .filter(|_| input.product.kind == ProductKind::Special);
    match special {
        Some(limits) => WORDS.args(
            &format!("{key}-special"),
            &[("rate", limits.penalty.percent_text().into())],
        ),
        None => WORDS.args(
            key,
            &[("rate", input.product.penalty_rate.percent_text().into())],
        ),
    }
}

fn payments(key: &str, input: &TermsInput<'_>) -> String {
    let lines = &input.quote.schedule.instalments;
    let Some(first) = lines.first() else {
        return WORDS.t("cabinet-terms-none");
    };
    if lines.len() == 1 {
        return WORDS.args(
            key,
            &[
                ("payment", first.payment.to_string().into()),
                ("principal", first.principal.to_string().into()),
                ("interest", first.interest.to_string().into()),
                ("due", phrase::full_day(WORDS, first.due).into()),
            ],
        );
    }
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let period = match input.product.kind {
        ProductKind::EveryNDays { days } => WORDS.args(
            "cabinet-terms-every-days",
            &[("days", i64::from(days).into())],
        ),
        _ => WORDS.t("cabinet-terms-every-month"),
    };
    WORDS.args(
        &format!("{key}-many"),
        &[
            ("count", count.into()),
            ("period", period.into()),
            ("payment", first.payment.to_string().into()),
            ("total", input.quote.total.to_string().into()),
        ],
    )
}

/// The first-page notice (353-ФЗ, art. 5 p. 24; 151-ФЗ, art. 12.1): how much may ever accrue, and
/// that a penalty runs on overdue principal only. The percentage follows the contract's date.
pub(crate) fn cap_notice(quote: &Quote, contract_date: NaiveDate) -> String {
    let percent = lending::rules::accrual_cap_percent(contract_date).filter(|_| quote.has_cap);
    let penalty = WORDS.t("cabinet-terms-penalty-notice");
    match percent {
        Some(percent) => {
            let cap = WORDS.args(
                "cabinet-terms-cap-notice",
                &[
                    ("percent", percent.to_string().into()),
                    ("cap", quote.cap.to_string().into()),
                ],
            );
            format!("{cap} {penalty}")
        }
        None => penalty,
    }
}
