//! «Why this sum»: rows that add up to the figure, exactly.

use chrono::NaiveDate;
use lending::{AccrualKind, AccrualRow, Kopecks, LoanState};
use leptos::prelude::*;
use locales::{Words, t};

use crate::ui::format::{day_month, days};

/// What a row of the explanation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// The money that was lent.
    Lent,
    /// Days that added something.
    Accrued(AccrualRow),
    /// What has been paid.
    Paid,
    /// Interest given up for bonuses.
    Forgiven,
    /// Debt that the lender wrote off.
    WrittenOff,
}

/// Lent, plus everything that ever accrued, minus everything paid or given up: that is the debt. No row is rounded for
/// show, so the sum of the rows is the figure above them.
fn rows(lent: Kopecks, state: &LoanState) -> Vec<(Reason, Kopecks)> {
    let accrued = state
        .why
        .iter()
        .map(|row| (Reason::Accrued(*row), row.amount));
    let paid = state.paid_total.is_positive();
    let forgiven = state.forgiven.is_positive();
    let written_off = state.written_off.is_positive();
    std::iter::once((Reason::Lent, lent))
        .chain(accrued)
        .chain(paid.then(|| (Reason::Paid, Kopecks::ZERO - state.paid_total)))
        .chain(forgiven.then(|| (Reason::Forgiven, Kopecks::ZERO - state.forgiven)))
        .chain(written_off.then(|| (Reason::WrittenOff, Kopecks::ZERO - state.written_off)))
        .collect()
}

/// The explanation, opened in place.
pub fn details(w: Words, lent: Kopecks, lent_on: NaiveDate, state: &LoanState) -> AnyView {
    let body = rows(lent, state)
        .into_iter()
        .map(|(reason, amount)| {
            let (text, when) = words(w, reason, lent_on);
            view! {
                <tr>
                    <td>{text}{(!when.is_empty()).then(|| view! { <br/><span class="small">{when}</span> })}</td>
                    <td data-kopecks=amount.get().to_string()>{amount.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    let penalty = state.penalty.is_zero().then(|| {
        view! { <tr><td>{w.t("loan-why-no-penalty")}</td><td data-kopecks="0">{Kopecks::ZERO.to_string()}</td></tr> }
    });
    view! {
        <details id="why">
            <summary>{w.t("loan-why")}</summary>
            <table>
                <tbody>{body}{penalty}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{w.t("loan-why-total")}</th>
                        <td data-total=state.payoff.get().to_string()><b>{state.payoff.to_string()}</b></td>
                    </tr>
                </tfoot>
            </table>
        </details>
    }
    .into_any()
}

/// The row's words: `15 000,00 ₽ × 0,8 % × 18 дней` and the days meant.
fn words(w: Words, reason: Reason, lent_on: NaiveDate) -> (String, String) {
    let row = match reason {
        Reason::Lent => return (w.t("loan-why-lent"), day_month(w, lent_on)),
        Reason::Paid => return (w.t("loan-why-paid"), String::new()),
        Reason::Forgiven => return (w.t("loan-why-forgiven"), String::new()),
        Reason::WrittenOff => return (w.t("loan-why-written-off"), String::new()),
        Reason::Accrued(row) => row,
    };
    let (base, length) = (row.base.to_string(), days(w, row.days));
    let text = match row.kind {
        AccrualKind::Interest { rate } => {
            t!(
                w,
                "loan-why-interest",
                base = base,
                rate = rate.percent_text(),
                days = length
            )
        }
        AccrualKind::AnnualInterest { rate } => {
            t!(
                w,
                "loan-why-annual",
                base = base,
                rate = rate.percent_text(),
                days = length
            )
        }
        AccrualKind::Penalty { rate } => {
            t!(
                w,
                "loan-why-penalty",
                base = base,
                rate = rate.percent_text(),
                days = length
            )
        }
        AccrualKind::DailyPenalty { rate } => {
            t!(
                w,
                "loan-why-daily-penalty",
                base = base,
                rate = rate.percent_text(),
                days = length
            )
        }
        AccrualKind::FixedPayment => w.t("loan-why-fixed"),
    };
    let when = if row.from == row.to {
        day_month(w, row.from)
    } else {
        format!("{} — {}", day_month(w, row.from), day_month(w, row.to))
    };
    (text, when)
}

#[cfg(test)]
mod tests {
    use lending::{
        AnnualRate, DailyRate, Event, LoanRequest, Product, ProductKind, Terms, quote, state,
    };

    use super::*;

    fn terms() -> Terms {
        let product = Product {
            code: "short".to_owned(),
            kind: ProductKind::Bullet,
            min_amount: Kopecks::from_roubles(1_000),
            max_amount: Kopecks::from_roubles(30_000),
            amount_step: Kopecks::from_roubles(500),
            min_term: 7,
            max_term: 45,
            daily_rate: DailyRate::from_ppm(8_000),
            annual_rate: None,
            special_price: None,
            promo: None,
            penalty_rate: AnnualRate::from_ppm(200_000),
            shift_days_off: false,
        };
        let start = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
        let request = LoanRequest {
            amount: Kopecks::from_roubles(15_000),
            term: 30,
            start,
            first_loan: false,
        };
        let quote = quote(&product, &request).expect("a quote");
        Terms::from_quote(&product, &quote, start)
    }

    #[test]
    fn the_rows_add_up_to_the_figure_on_every_day() {
        let terms = terms();
        let paid_on = NaiveDate::from_ymd_opt(2026, 12, 5).expect("a date");
        let events = [Event::Payment {
            on: paid_on,
            amount: Kopecks::new(123_457),
        }];
        for day in 0..200 {
            let on = terms.schedule.start + chrono::TimeDelta::days(day);
            let state = state(&terms, &events, on).expect("a state");
            let sum: Kopecks = rows(terms.amount, &state)
                .iter()
                .map(|(_, amount)| *amount)
                .sum();
            assert_eq!(sum, state.payoff, "{on}");
        }
    }
}
