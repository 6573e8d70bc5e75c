//! `/help`: contacts with their hours, ways to pay, a changed phone, leaving, questions and answers.

use crate::request::address::query;
use cabinet::Lender;
use cabinet::lender::help::{Channel, Meanwhile};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use crate::lender::{channel, channels, evidence, hours, requisites, ways};
use crate::request::Ask;
use crate::ui::field::{FormState, TextField};
use crate::ui::page::page;

/// The page of help.
#[component]
pub fn HelpPage() -> impl IntoView {
    let query = query().get("q").unwrap_or_default();
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
                {questions(w, lender, query.trim())}
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
    let chat = lender
        .help
        .chat
        .map(|_| view! { <p><a href="/chat" id="to-chat">{w.t("help-chat")}</a></p> });
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
            {chat}
            {debt}
        </section>
    }
    .into_any()
}

/// Words that a question or its answer has to hold, however they end: `платеж` finds `платежи`, `Платёж`.
fn found(query: &str, texts: [&str; 2]) -> bool {
    let plain = |text: &str| text.to_lowercase().replace('ё', "е");
    let texts = texts.map(plain);
    let stem = |word: &str| {
        let length = word.chars().count();
        let kept = if length > 4 { length - 1 } else { length };
        word.chars().take(kept).collect::<String>()
    };
    let query = plain(query);
    let words = query.split(|c: char| !c.is_alphanumeric());
    let mut words = words.filter(|word| !word.is_empty()).map(stem);
    words.all(|word| texts.iter().any(|text| text.contains(&word)))
}

/// Questions and answers; a form of the address finds among them, scripts or not.
fn questions(w: Words, lender: &Lender, query: &str) -> AnyView {
    if lender.help.questions.is_empty() {
        return asking(w);
    }
    let query: String = query.chars().take(100).collect();
    let shown: Vec<_> = lender
        .help
        .questions
        .iter()
        .map(|question| (question.ask.of(w.lang), question.answer.of(w.lang)))
        .filter(|(ask, answer)| found(&query, [ask, answer]))
        .collect();
    let searched = !query.is_empty();
    let none = shown.is_empty().then(|| {
        view! { <p id="nothing-found">{t!(w, "help-search-none", query = &query)}</p> }
    });
    let all =
        searched.then(|| view! { <p><a href="/help#questions">{w.t("help-search-all")}</a></p> });
    let list = shown.into_iter().map(|(ask, answer)| {
        view! {
            <details open=searched><summary>{ask.to_owned()}</summary><p>{answer.to_owned()}</p></details>
        }
    });
    let list = list.collect_view();
    view! {
        <section class="card stack" id="questions">
            <h2>{w.t("help-questions")}</h2>
            <form class="stack tight" method="get" action="/help" role="search" id="search">
                <TextField form=FormState::default() name="q" label=w.t("help-search") value=query.clone()
                    kind="search" complete=Some("off")/>
                <button class="button second" type="submit">{w.t("help-search-go")}</button>
            </form>
            {none}
            {list}
            {all}
            <p><a href="/feedback" id="ask">{w.t("help-ask")}</a></p>
        </section>
    }
    .into_any()
}

fn asking(w: Words) -> AnyView {
    view! { <p><a href="/feedback" id="ask">{w.t("help-ask")}</a></p> }.into_any()
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

#[cfg(test)]
mod tests {
    use super::found;

    #[test]
    fn words_are_found_however_they_end() {
        let texts = [
            "Когда платёж появится в кабинете?",
            "Когда банк пришлёт реестр.",
        ];
        for query in ["", "платеж", "Платёжа кабинет", "реестра", "банк", "когда?"]
        {
            assert!(found(query, texts), "{query}");
        }
        for query in ["продление", "платёж продлить", "zzz"] {
            assert!(!found(query, texts), "{query}");
        }
    }
}
