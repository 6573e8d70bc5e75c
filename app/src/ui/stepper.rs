//! How far a form of several pages has come.

use leptos::prelude::*;

/// A stripe per page: done, here, to come. The label says the same in words.
#[component]
pub fn Stepper(
    /// Whether each page is done.
    done: Vec<bool>,
    /// Which page this is, from zero.
    current: usize,
    /// «Шаг 2 из 6».
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let items = done
        .into_iter()
        .enumerate()
        .map(|(index, done)| {
            let here = (index == current).then_some("step");
            view! { <li class:done=done && index != current aria-current=here></li> }
        })
        .collect_view();
    view! { <ol class="steps" aria-label=label>{items}</ol> }
}
