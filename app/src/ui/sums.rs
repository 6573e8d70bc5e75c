//! Lines of a table of sums: what it is, how much.

use lending::Kopecks;
use leptos::prelude::*;

/// A sum with its name, inside `<dl class="sums">` or `<dl class="honest">`.
#[component]
pub fn SumLine(
    /// What the sum is.
    #[prop(into)]
    label: String,
    /// How much.
    sum: Kopecks,
    /// For links and tests.
    #[prop(optional_no_strip, into)]
    id: Option<&'static str>,
) -> impl IntoView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd id=id data-kopecks=sum.get().to_string()>{sum.to_string()}</dd>
        </div>
    }
}

/// The same line when what is said of it is a text.
#[component]
pub fn TextLine(
    /// What it is.
    #[prop(into)]
    label: String,
    /// What is said of it.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <div><dt>{label}</dt><dd>{text}</dd></div> }
}
