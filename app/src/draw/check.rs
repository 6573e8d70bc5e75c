//! Who won, by tickets alone, and what anybody needs to compute it again.

use cabinet::draw::{DrawState, DrawView, PublicWin};
use leptos::prelude::*;
use locales::{Words, t};

use crate::request::Ask;
use crate::ui::waiting::clock;

/// The results, once there are any.
pub fn results(w: Words, one: &DrawView) -> Option<AnyView> {
    if one.state != DrawState::Drawn {
        return None;
    }
    let none = one
        .results
        .is_empty()
        .then(|| view! { <p class="quiet">{w.t("draw-results-none")}</p> });
    let rows = one
        .results
        .iter()
        .map(|win| row(w, one, win))
        .collect_view();
    Some(
        view! {
            <section class="stack tight" data-results=one.results.len().to_string()>
                <h3>{w.t("draw-results")}</h3>
                {none}
                <dl class="sums long">{rows}</dl>
            </section>
        }
        .into_any(),
    )
}

fn row(w: Words, one: &DrawView, win: &PublicWin) -> AnyView {
    let prize = one.terms.prizes.get(win.prize);
    let title = prize.map(|prize| prize.title(w.lang).to_owned());
    let own = |mine: &cabinet::draw::Mine| mine.tickets.iter().any(|it| it.name == win.ticket);
    let own = one.mine.as_ref().is_some_and(own);
    let own = own.then(|| view! { <span class="badge good">{w.t("draw-result-yours")}</span>" " });
    let lapsed = win.lapsed.then(|| {
        view! { " "<span class="quiet">{w.t("draw-result-lapsed")}</span> }
    });
    view! {
        <div>
            <dt>{title}</dt>
            <dd>{own}<span class="hash">{win.ticket.clone()}</span>{lapsed}</dd>
        </div>
    }
    .into_any()
}

/// The promise, the list, the seed, and the file with all of it; nothing of a draw that has not begun.
pub fn how(ask: &Ask, one: &DrawView) -> Option<AnyView> {
    let w = ask.words;
    let commitment = one.commitment.clone()?;
    let published = one
        .opened_at
        .map(|at| t!(w, "draw-published", at = clock(ask, at)));
    let list = one.list_hash.clone().map(|hash| {
        let count = t!(w, "draw-list-count", count = one.tickets.to_string());
        view! {
            <p>{w.t("draw-list-hash")}". "{count}</p>
            <p class="hash" data-list-hash="">{hash}</p>
        }
    });
    let seed = match one.seed.clone() {
        Some(seed) => view! { <p class="hash" data-seed="">{seed}</p> }.into_any(),
        None => view! { <p class="quiet">{w.t("draw-seed-later")}</p> }.into_any(),
    };
    let file = format!("/draws/{}.json", one.code);
    Some(
        view! {
            <details data-check="">
                <summary>{w.t("draw-check")}</summary>
                <div class="stack tight">
                    <p>{w.t("draw-check-lead")}</p>
                    <p>{w.t("draw-commitment")}". "{published}</p>
                    <p class="hash" data-commitment="">{commitment}</p>
                    {list}
                    <p>{w.t("draw-seed")}</p>
                    {seed}
                    <p><a href=file download="" data-file="">{w.t("draw-file")}</a></p>
                    <p class="quiet">{w.t("draw-file-hint")}</p>
                </div>
            </details>
        }
        .into_any(),
    )
}
