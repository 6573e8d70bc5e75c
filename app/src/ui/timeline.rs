//! What has happened and what is to come, one under another.

use leptos::prelude::*;

/// Whether a step has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// It has.
    Done,
    /// It is to come.
    Ahead,
    /// It has, and it is trouble.
    Trouble,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// When, as far as that matters.
    pub tense: Tense,
    /// A stable name, for tests.
    pub code: Option<&'static str>,
    /// What happens.
    pub text: String,
    /// The moment, the date or the sum beside it.
    pub beside: String,
}

/// The steps in their order.
#[component]
pub fn Timeline(steps: Vec<Step>) -> impl IntoView {
    let steps = steps
        .into_iter()
        .map(|step| {
            let class = match step.tense {
                Tense::Done => "done",
                Tense::Ahead => "wait",
                Tense::Trouble => "done bad",
            };
            // What nobody can date yet is said more quietly.
            let quiet = (step.tense == Tense::Ahead && step.beside.is_empty()).then_some("quiet");
            view! {
                <li class=class data-step=step.code>
                    <span class=quiet>{step.text}</span>
                    <span class="small num">{step.beside}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="line">{steps}</ol> }
}
