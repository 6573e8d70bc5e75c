//! `/accessibility`: which standard the pages keep, what was tested, what is not perfect, where to write.

use leptos::prelude::*;
use locales::Words;

use crate::lender::{channel, channels};
use crate::request::Ask;
use crate::ui::page::{Narrow, page};

/// What the browser tests go through.
const TESTED: [&str; 5] = [
    "accessibility-tested-rules",
    "accessibility-tested-keyboard",
    "accessibility-tested-text",
    "accessibility-tested-width",
    "accessibility-tested-scripts",
];

const IMPERFECT: [&str; 3] = [
    "accessibility-known-bank",
    "accessibility-known-reader",
    "accessibility-known-legal",
];

/// The page of the statement.
#[component]
pub fn AccessibilityPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let (w, lender) = (ask.words, ask.cabinet.lender());
        let where_to_write = channels(lender)
            .into_iter()
            .map(|item| channel(w, lender, item))
            .collect_view();
        Ok(view! {
            <Narrow title=w.t("accessibility-title")>
                <p id="standard">{w.t("accessibility-standard")}</p>
                {section(w, "tested", &TESTED)}
                {section(w, "known", &IMPERFECT)}
                <section class="stack tight" id="write">
                    <h2>{w.t("accessibility-write")}</h2>
                    <p>{w.t("accessibility-write-what")}</p>
                    <ul>{where_to_write}</ul>
                </section>
            </Narrow>
        }
        .into_any())
    })
}

fn section(w: Words, id: &'static str, keys: &[&str]) -> AnyView {
    let items: Vec<_> = keys
        .iter()
        .map(|key| view! { <li>{w.t(key)}</li> })
        .collect();
    view! {
        <section class="stack tight" id=id>
            <h2>{w.t(&format!("accessibility-{id}"))}</h2>
            <ul>{items}</ul>
        </section>
    }
    .into_any()
}
