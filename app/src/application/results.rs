//! What the chosen loan costs: the figures of one quote.

use lending::{Kopecks, Product, ProductKind, Quote, QuoteError};
use leptos::either::Either;
use leptos::prelude::*;

use super::calculator::{CalculatorWords, Dials, by_date, count_term, iso_date};
use super::chosen::counts_days;
use super::dial::roubles;

/// Every text and figure of the card, computed from a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Figures {
    due: String,
    due_iso: String,
    total: Kopecks,
    amount: Kopecks,
    each: Option<Kopecks>,
    overpayment_label: String,
    overpayment: Kopecks,
    rate: String,
    psk_percent: String,
    psk_roubles: Kopecks,
    apply: String,
    small: String,
}

fn figures(words: &CalculatorWords, product: &Product, quote: &Quote) -> Figures {
    let one = counts_days(product);
    let due = if one { &words.due } else { &words.due_parts };
    let by_days = product.kind == ProductKind::Bullet && quote.daily_cost.is_positive();
    let overpayment_label = if by_days {
        let days = count_term(words, product, i64::from(quote.term));
        words
            .overpayment_days
            .replace("{n}", &days)
            .replace("{sum}", &roubles(quote.daily_cost))
    } else {
        words.overpayment.clone()
    };
    let mut small = String::new();
    if by_days {
        small.push_str(&words.earlier.replace("{sum}", &roubles(quote.daily_cost)));
        small.push(' ');
    }
    if quote.has_cap {
        small.push_str(
            &words
                .cap
                .replace("{sum}", &roubles(quote.amount + quote.cap)),
        );
    }
    Figures {
        due: due.replace("{date}", &by_date(words, quote.due)),
        due_iso: iso_date(quote.due),
        total: quote.total,
        amount: quote.amount,
        each: (!one)
            .then(|| quote.schedule.instalments.first().map(|line| line.payment))
            .flatten(),
        overpayment_label,
        overpayment: quote.overpayment,
        rate: rate(words, product, quote),
        psk_percent: quote.psk.percent_text() + "\u{a0}%",
        psk_roubles: quote.psk.roubles,
        apply: words.apply.replace("{sum}", &roubles(quote.amount)),
        small,
    }
}

fn rate(words: &CalculatorWords, product: &Product, quote: &Quote) -> String {
    match (product.kind, product.annual_rate) {
        (ProductKind::Special, _) => words.rate_fixed.clone(),
        (_, Some(annual)) => words.rate_year.replace("{p}", &annual.percent_text()),
        _ => words.rate_day.replace("{p}", &quote.rate.percent_text()),
    }
}

/// The card with the figures and the way on.
#[component]
pub fn Results(dials: Dials, quote: Memo<Result<Quote, QuoteError>>) -> impl IntoView {
    let shown = move || {
        let words = dials.data.with_value(|data| data.words.clone());
        let found = quote.with(|quote| {
            let quote = quote.as_ref().ok()?;
            dials.read(|words, offer| figures(words, &offer.product, quote))
        });
        match found {
            Some(figures) => Either::Left(card(words, figures)),
            None => Either::Right(view! { <p class="note">{words.refused}</p> }),
        }
    };
    view! { <div class="card stack sticky results">{shown}</div> }
}

fn card(words: CalculatorWords, figures: Figures) -> impl IntoView {
    let kopecks = |sum: Kopecks| sum.get().to_string();
    let cents = [",", &figures.total.kopecks_part(), "\u{a0}₽"].concat();
    let each = figures.each.map(|each| {
        let text = each.to_string();
        view! { <div><dt>{words.each}</dt><dd data-kopecks=kopecks(each)>{text}</dd></div> }
    });
    view! {
        <div class="stack tight" aria-live="polite" aria-atomic="true">
            <p class="quiet" id="due" data-date=figures.due_iso>{figures.due}</p>
            <p class="money" id="total" data-kopecks=kopecks(figures.total)>
                {figures.total.roubles_part()}<small>{cents}</small>
            </p>
        </div>
        <dl class="sums">
            <div>
                <dt>{words.on_card}</dt>
                <dd data-kopecks=kopecks(figures.amount)>{figures.amount.to_string()}</dd>
            </div>
            {each}
            <div>
                <dt>{figures.overpayment_label}</dt>
                <dd id="overpayment" data-kopecks=kopecks(figures.overpayment)>
                    {figures.overpayment.to_string()}
                </dd>
            </div>
            <div><dt>{words.services}</dt><dd>{words.services_none}</dd></div>
            <div><dt>{words.rate}</dt><dd class="num" id="rate">{figures.rate}</dd></div>
        </dl>
        <div class="psk">
            <div>
                {words.psk.clone()}<b id="psk-percent">{figures.psk_percent}</b>{words.psk_year}
            </div>
            <div>
                {words.psk}
                <b id="psk-roubles" data-kopecks=kopecks(figures.psk_roubles)>
                    {figures.psk_roubles.to_string()}
                </b>
                {words.psk_roubles}
            </div>
        </div>
        <button class="button wide" type="submit" id="apply" formaction="/apply">
            {figures.apply}
        </button>
        <p class="small">{figures.small}</p>
    }
}
