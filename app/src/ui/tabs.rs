//! Places side by side. Each is an address of its own, so a tab can be kept, sent and gone back from.

use leptos::prelude::*;

/// One place.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Its address.
    pub href: String,
    /// Its name.
    pub title: String,
    /// The person is there.
    pub current: bool,
}

/// The places; the one where the person is has `aria-current`.
#[component]
pub fn Tabs(
    /// What these places are of, for those who don't see them.
    #[prop(into)]
    label: String,
    tabs: Vec<Tab>,
) -> impl IntoView {
    let tabs = tabs
        .into_iter()
        .map(|tab| {
            let current = tab.current.then_some("page");
            view! { <a href=tab.href aria-current=current>{tab.title}</a> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=label>{tabs}</nav> }
}
