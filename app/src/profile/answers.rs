//! The questionnaire read back, each page with the way to correct it.

use cabinet::profile::{self, ProfileView, Step};
use leptos::prelude::*;
use locales::{Words, t};

use super::pages::step_page;
use super::widgets::{Shape, key, shape};

/// Everything typed.
#[component]
pub fn Answers(
    words: Words,
    view: ProfileView,
    /// The page that changes a part of it.
    #[prop(default = step_page)]
    to: fn(Step) -> String,
) -> impl IntoView {
    let pages = view
        .steps
        .iter()
        .map(|(step, _)| answers(words, *step, &view, to(*step)).into_any());
    pages.collect_view()
}

fn answers(w: Words, step: Step, view: &ProfileView, to: String) -> impl IntoView {
    let rows = profile::fields(step, view.full, view.asks)
        .into_iter()
        .filter_map(|field| {
            let text = view
                .values
                .get(field.name)
                .map(String::as_str)
                .unwrap_or_default();
            let answer = said(w, field.name, text)?;
            Some(view! { <div><dt>{w.t(&key(field.name))}</dt><dd>{answer}</dd></div> })
        });
    let title = w.t(&format!("profile-{}-title", step.slug()));
    let change = t!(w, "review-change-label", title = title.clone());
    view! {
        <section class="stack tight">
            <div class="row one">
                <h2>{title}</h2>
                <a href=to aria-label=change>{w.t("review-change")}</a>
            </div>
            <dl class="answers">{rows.collect_view()}</dl>
        </section>
    }
}

/// An answer in words; nothing for a question left open.
fn said(w: Words, name: &str, text: &str) -> Option<String> {
    match shape(name) {
        Shape::Tick(_) => {
            let ticked = !text.is_empty() && text != "no";
            Some(w.t(if ticked {
                "review-agreed"
            } else {
                "review-not-agreed"
            }))
        }
        _ if text.is_empty() => None,
        Shape::Choice(_) => Some(w.t(&format!("{}-{text}", key(name)))),
        Shape::Region => Some(w.t(&format!("cabinet-region-{text}"))),
        Shape::Line { .. } => Some(text.to_owned()),
    }
}
