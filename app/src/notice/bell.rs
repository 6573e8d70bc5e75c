//! The bell in the bar: how many notices wait to be read.

use cabinet::notice;
use leptos::prelude::*;
use locales::{Words, t};

use crate::request::Ask;
use crate::ui::page::drawn;

/// As much is counted; more is "99+".
const COUNTED: i64 = 99;

/// The way to the notices, with the number of those unread.
#[component]
pub fn Bell(ask: Ask, current: bool) -> impl IntoView {
    let Ok(borrower) = ask.borrower() else {
        return ().into_any();
    };
    if let Some(unread) = ask.unread() {
        return drawn(bell(ask.words, unread.notices, current)).into_any();
    }
    let counted = async move {
        let counted = notice::unread(&ask.cabinet, borrower).await;
        let unread = counted.unwrap_or_else(|error| {
            tracing::error!(%error, "notices can't be counted");
            0
        });
        bell(ask.words, unread, current)
    };
    Suspend::new(counted).into_any()
}

fn bell(w: Words, unread: i64, current: bool) -> AnyView {
    let label = if unread > 0 {
        t!(w, "notices-bell-unread", count = unread)
    } else {
        w.t("notices-title")
    };
    let shown = if unread > COUNTED {
        format!("{COUNTED}+")
    } else {
        unread.to_string()
    };
    let number = (unread > 0).then(|| {
        view! { <span class="count num" aria-hidden="true">{shown}</span> }
    });
    view! {
        <a class="bell" id="bell" href="/notices" aria-label=label data-unread=unread.to_string()
            aria-current=current.then_some("page")>
            <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4"></path>
            </svg>
            {number}
        </a>
    }
    .into_any()
}
