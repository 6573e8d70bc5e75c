//! States that are not the usual one: nothing here yet, being fetched, failed.

use leptos::prelude::*;
use leptos_meta::Title;

/// Which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing here yet, and that is all right.
    Empty,
    /// An answer is waited for.
    Waiting,
    /// Something went wrong.
    Failed,
    /// It is done.
    Done,
}

impl Kind {
    const fn class(self) -> &'static str {
        match self {
            Self::Empty | Self::Done => "state",
            Self::Waiting => "state wait",
            Self::Failed => "state wrong",
        }
    }

    const fn drawing(self) -> &'static str {
        match self {
            Self::Empty => "M4 8h16v11H4zM8 8V5h8v3M9 13h6",
            Self::Waiting => "M12 3a9 9 0 1 0 .01 0M12 7v5l3 2",
            Self::Failed => "M12 3l10 18H2zM12 10v5M12 18h.01",
            Self::Done => "M4 12l5 5L20 6",
        }
    }
}

/// A drawing, the heading, what it means, and what to do about it.
#[component]
pub fn StateOf(
    kind: Kind,
    /// The page's heading.
    #[prop(into)]
    title: String,
    /// What it means.
    #[prop(optional, into)]
    text: String,
    /// What to do about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=kind.class()>
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d=kind.drawing()></path></svg>
            <h1 class="h2">{title}</h1>
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
}

/// A whole page of one state.
pub fn state_page(kind: Kind, title: String, text: String, rest: AnyView) -> AnyView {
    view! {
        <Title text=title.clone()/>
        <div class="page">
            <section class="card stack narrow">
                <StateOf kind title text/>
                {rest}
            </section>
        </div>
    }
    .into_any()
}

/// Waiting whose end nobody knows; the words beside it say for what.
#[component]
pub fn Pending() -> impl IntoView {
    view! { <span class="pending" aria-hidden="true"></span> }
}

/// The place of a figure and its lines while they are on their way.
#[component]
pub fn Skeleton(
    /// What is being fetched.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label=label>
            <span></span><span></span><span></span>
        </div>
    }
}
