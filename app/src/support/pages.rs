//! `/help`: contacts with their hours, ways to pay, a changed phone, leaving, questions and answers.

use cabinet::Lender;
use cabinet::lender::help::{Channel, Meanwhile};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use crate::lender::{channel, channels, evidence, hours, requisites, ways};
use crate::request::Ask;
use crate::ui::page::page;

/// The page of help.
#[component]
pub fn HelpPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let (w, lender) = (ask.words, ask.cabinet.lender());
        let promise = lender.help.data_promise.as_ref();
        let promise = promise.map(|text| {
            let text = text.of(w.lang).to_owned();
            view! {
                <section class="card stack" id="data-promise">
                    <h2>{w.t("help-data")}</h2>
                    <p>{text}</p>
                </section>
            }
        });
        Ok(view! {
            <Title text=w.t("help-title")/>
            <div class="page">
                <h1>{w.t("help-title")}</h1>
                {contacts(w, lender)}
                {questions(w, lender)}
                {paying(w, lender)}
                <div class="pair">
                    {phone_change(w, lender)}
                    {closing(w, lender)}
                </div>
                {promise}
            </div>
        }
        .into_any())
    })
}

fn list(w: Words, lender: &Lender, list: &[Channel]) -> AnyView {
    let items = list.iter().map(|item| channel(w, lender, *item));
    view! { <ul>{items.collect_view()}</ul> }.into_any()
}

fn contacts(w: Words, lender: &Lender) -> AnyView {
    let open = t!(w, "help-hours", hours = hours(w, &lender.help.hours));
    let debt = (!lender.help.debt.is_empty()).then(|| {
        view! {
            <div class="stack tight" id="debt-elsewhere">
                <p>{w.t("help-debt")}</p>
                {list(w, lender, &lender.help.debt)}
            </div>
        }
    });
    view! {
        <section class="card stack" id="contacts">
            <h2>{w.t("help-contacts")}</h2>
            {list(w, lender, &channels(lender))}
            <p id="hours">{open}</p>
            {debt}
        </section>
    }
    .into_any()
}

fn questions(w: Words, lender: &Lender) -> AnyView {
    if lender.help.questions.is_empty() {
        return ().into_any();
    }
    let all = lender.help.questions.iter().map(|question| {
        let (ask, answer) = (question.ask.of(w.lang), question.answer.of(w.lang));
        view! { <details><summary>{ask.to_owned()}</summary><p>{answer.to_owned()}</p></details> }
    });
    view! {
        <section class="card stack" id="questions">
            <h2>{w.t("help-questions")}</h2>
            {all.collect_view()}
        </section>
    }
    .into_any()
}

fn paying(w: Words, lender: &Lender) -> AnyView {
    let outside =
        (!lender.payment.in_cabinet()).then(|| view! { <p>{w.t("help-pay-outside")}</p> });
    let by_account = lender
        .payment
        .ways
        .iter()
        .any(|way| way.kind.method().is_none());
    let account = by_account.then(|| {
        view! {
            <details>
                <summary>{w.t("help-requisites")}</summary>
                {requisites(w, lender, None)}
            </details>
        }
    });
    view! {
        <section class="card stack" id="paying">
            <h2>{w.t("help-pay")}</h2>
            {outside}
            {ways(w, lender)}
            {account}
        </section>
    }
    .into_any()
}

fn phone_change(w: Words, lender: &Lender) -> AnyView {
    let rules = &lender.help.phone_change;
    let papers = (!rules.evidence.is_empty()).then(|| {
        let list = evidence(w, &rules.evidence);
        view! { <p>{t!(w, "help-phone-evidence", list = list)}</p> }
    });
    let meanwhile = match rules.meanwhile {
        Meanwhile::ReadAndPay => "help-phone-meanwhile",
        Meanwhile::Closed => "help-phone-closed",
    };
    view! {
        <section class="card stack" id="phone-change">
            <h2>{w.t("help-phone")}</h2>
            <p>{w.t("help-phone-what")}</p>
            {list(w, lender, &rules.channels)}
            {papers}
            <p>{w.t(meanwhile)}</p>
            <p><a href="/phone-change">{w.t("help-phone-ask")}</a></p>
        </section>
    }
    .into_any()
}

fn closing(w: Words, lender: &Lender) -> AnyView {
    let rules = &lender.help.closing;
    let costs = rules.costs.as_ref().map(|text| {
        let text = text.of(w.lang).to_owned();
        view! { <p class="note" id="closing-costs">{text}</p> }
    });
    view! {
        <section class="card stack" id="closing">
            <h2>{w.t("help-closing")}</h2>
            <p>{w.t("help-closing-what")}</p>
            {list(w, lender, &rules.channels)}
            {costs}
        </section>
    }
    .into_any()
}
