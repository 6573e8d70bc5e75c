//! What proves one's income, until which day, and how to send a paper.

use cabinet::profile::IncomeView;
use lending::Kopecks;
use leptos::prelude::*;
use locales::{Words, t};

use crate::ui::format::long_date;

/// The part of `/profile` about it. `said`: what the answers name.
pub fn income_card(w: Words, view: &IncomeView, said: Option<Kopecks>) -> AnyView {
    let holds = view.holds.map(|proof| {
        let paper = format!("income-paper-{}", proof.paper.code().replace('_', "-"));
        let text = t!(
            w,
            "person-income-holds",
            amount = proof.amount.to_string(),
            date = long_date(w, proof.until),
            paper = w.t(&paper)
        );
        let less = said.is_some_and(|said| said < proof.amount);
        view! {
            <p id="income-holds" data-until=proof.until.to_string()>{text}</p>
            {less.then(|| view! { <p class="small">{w.t("person-income-less")}</p> })}
        }
    });
    let ran_out = view.ran_out.map(|until| {
        let text = t!(w, "person-income-ran-out", date = long_date(w, until));
        view! { <p id="income-ran-out">{text}</p> }
    });
    let refused = view.refused.as_ref().map(|why| {
        view! { <p class="note plain" id="income-refused">{t!(w, "person-income-refused", why = why)}</p> }
    });
    let waits = view.waits.then(
        || view! { <p class="note plain" id="income-waits">{w.t("person-income-waits")}</p> },
    );
    let why = (view.holds.is_none() && view.ran_out.is_none())
        .then(|| view! { <p class="small">{w.t("person-income-why")}</p> });
    view! {
        <section class="card stack tight" id="income">
            <h2>{w.t("person-income")}</h2>
            {holds}
            {ran_out}
            {refused}
            {waits}
            {why}
            <p><a href="/papers?kind=income">{w.t("person-income-send")}</a></p>
        </section>
    }
    .into_any()
}
