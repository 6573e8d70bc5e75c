//! What is interactive about documents.

use leptos::prelude::*;

/// Opens the browser's printing, which also saves to PDF. Hidden until there is something behind it.
#[island]
pub fn PrintButton(
    /// What the button says.
    label: String,
) -> impl IntoView {
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let print = move |_| {
        if let Some(window) = web_sys::window() {
            let _ = window.print();
        }
    };
    view! {
        <button class="button second no-print" type="button" hidden=move || !alive.get() on:click=print>{label}</button>
    }
}
