//! Whether the law of a date allows a lender's products: asked of the code that quotes loans.

use chrono::NaiveDate;
use lending::rules::{self, PskCategory};
use lending::{
    LoanRequest, Product, ProductKind, ProlongationRules, QuoteError, Terms, quote,
    quote_prolongation,
};

use super::check::{Checked, Complaint, Complaints, must};
use super::{Lender, services};

/// Everything the law of a date says about the products, asked of the same code that quotes loans.
pub(super) fn check(lender: &Lender, on: NaiveDate, say: &mut Complaints) {
    for product in &lender.products {
        let table = format!("products.{}", product.terms.code);
        let lawful = terms(&table, &product.terms, on);
        let whole = lawful.is_ok();
        say.hear(lawful);
        if let Some(rules) = product.prolongation.as_ref().filter(|_| whole) {
            say.hear(prolongation_cost(&table, &product.terms, rules, on));
        }
    }
    services::lawful(lender, on, say);
}

fn terms(table: &str, terms: &Product, on: NaiveDate) -> Checked {
    for request in corners(terms, on) {
        quote(terms, &request).map_err(|error| unlawful(table, terms, &request, error))?;
    }
    long_months(table, terms, on)
}

/// Months count as twelfths of a year in the full cost, while interest runs by days: in a month of
/// 31 days a rate that is lawful by the day may not be by the year. Some start date meets such
/// months.
fn long_months(table: &str, terms: &Product, on: NaiveDate) -> Checked {
    let Some(limit) = rules::max_psk(on, PskCategory::Unsecured) else {
        return Ok(());
    };
    if terms.kind != ProductKind::Monthly || terms.annual_rate.is_some() {
        return Ok(());
    }
    let psk = i64::from(terms.daily_rate.ppm()) * 31 * 12 / 10;
    let problem = format!(
        "makes the full cost {} % a year in long months",
        percent(psk)
    );
    // Millionths, four places of a percent.
    let highest = limit.thousandths * 10 / (31 * 12);
    let instead = format!(
        "write at most \"{}.{:04}\"",
        highest / 10_000,
        highest % 10_000
    );
    must(
        psk <= limit.thousandths,
        table,
        "daily_rate",
        &problem,
        &instead,
    )
}

/// The ends of the product, of the promo too, where a rule is broken first.
fn corners(terms: &Product, on: NaiveDate) -> Vec<LoanRequest> {
    let mut corners = Vec::new();
    for amount in [terms.min_amount, terms.max_amount] {
        for term in [terms.min_term, terms.max_term] {
            for first_loan in [false, true] {
                corners.push(LoanRequest {
                    amount,
                    term,
                    start: on,
                    first_loan,
                });
            }
        }
    }
    corners
}

fn unlawful(table: &str, terms: &Product, request: &LoanRequest, error: QuoteError) -> Complaint {
    let asked = format!(
        " ({} for {}, {})",
        request.amount.plain(),
        request.term,
        request.start
    );
    let (key, problem, instead) = match error {
        QuoteError::RateAboveLimit { limit, .. } => (
            "daily_rate",
            "is above the legal daily rate".to_owned(),
            format!("at most \"{}\"", limit.percent_text()),
        ),
        QuoteError::PskAboveLimit {
            psk_thousandths,
            limit_thousandths,
        } => (
            if terms.annual_rate.is_some() {
                "annual_rate"
            } else {
                "daily_rate"
            },
            format!("makes the full cost {} % a year", percent(psk_thousandths)),
            format!(
                "the limit is {} %, lower the rate",
                percent(limit_thousandths)
            ),
        ),
        QuoteError::ChargesAboveCap { charges, cap } => (
            "max_term",
            format!("lets charges reach {}", charges.plain()),
            format!(
                "the cap is {}: shorten the term or lower the rate",
                cap.plain()
            ),
        ),
        QuoteError::PenaltyAboveLimit { limit } => (
            "penalty_rate",
            "is above the legal penalty".to_owned(),
            format!("at most \"{}\"", limit.percent_text()),
        ),
        QuoteError::Special {
            max_amount,
            max_days,
            max_payment,
        } => (
            "kind",
            "leaves the limits of the special product".to_owned(),
            format!(
                "at most {}, {max_days} days, payment {}",
                max_amount.plain(),
                max_payment.plain()
            ),
        ),
        other => (
            "kind",
            other.to_string(),
            "make the product's limits agree".to_owned(),
        ),
    };
    Complaint::new(table, key, &(problem + &asked), &instead)
}

fn percent(thousandths: i64) -> String {
    format!("{},{:03}", thousandths / 1000, thousandths % 1000)
}

/// A fee is part of the full cost: the dearest case is the smallest loan prolonged for the shortest
/// time.
fn prolongation_cost(
    table: &str,
    terms: &Product,
    rules: &ProlongationRules,
    on: NaiveDate,
) -> Checked {
    let term = rules.initial_term.0.max(terms.min_term);
    let request = LoanRequest {
        amount: terms.min_amount,
        term,
        start: on,
        first_loan: false,
    };
    let fault = |problem: &str| {
        let table = format!("{table}.prolongation");
        Complaint::new(
            &table,
            "max_days",
            problem,
            "make the prolongation possible on the due date",
        )
    };
    let quoted = quote(terms, &request).map_err(|error| unlawful(table, terms, &request, error))?;
    let frozen = Terms::from_quote(terms, &quoted, on);
    // The later the day, the fewer days a fee is spread over; after the due date penalty would be in the way.
    let last = rules.window.days(quoted.due).1.unwrap_or(quoted.due);
    let day = last.min(quoted.due).max(on);
    let prolonged = quote_prolongation(rules, &frozen, &[], &[], day, rules.min_days)
        .map_err(|refusal| fault(&refusal.to_string()))?;
    match rules::max_psk(on, PskCategory::Unsecured) {
        Some(limit) if prolonged.psk.thousandths > limit.thousandths => {
            let problem = format!(
                "makes the full cost {} % a year ({} prolonged for {} days)",
                percent(prolonged.psk.thousandths),
                terms.min_amount.plain(),
                rules.min_days
            );
            let instead = format!(
                "the limit is {} %, lower the fee",
                percent(limit.thousandths)
            );
            Err(Complaint::new(
                &format!("{table}.prolongation"),
                "fee",
                &problem,
                &instead,
            ))
        }
        _ => Ok(()),
    }
}
