//! `/draws`: what is drawn, who may take part, and the results. `home_card`: the cabinet's first page.

use cabinet::draw::{self, Brief, DrawState, DrawView};
use cabinet::ids::BorrowerId;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::{check, mine};
use crate::application::dial::roubles;
use crate::request::Ask;
use crate::ui::field::FormError;
use crate::ui::format::long_date;
use crate::ui::page::{PageResult, page};

/// The page of draws, open to everybody.
#[component]
pub fn DrawsPage() -> impl IntoView {
    page(|ask: Ask| async move { draws(ask).await })
}

async fn draws(ask: Ask) -> PageResult {
    let borrower = match ask.member() {
        Ok(_) => Some(ask.borrower()?),
        Err(_) => None,
    };
    let w = ask.words;
    let all = draw::list(&ask.cabinet, borrower, w.lang).await?;
    let none = all
        .is_empty()
        .then(|| view! { <p class="card" id="no-draws">{w.t("draws-none")}</p> });
    let form = ask.form("draw:").await;
    let mut cards = Vec::new();
    for one in &all {
        cards.push(card(&ask, one).await);
    }
    Ok(view! {
        <Title text=w.t("draws-title")/>
        <div class="page" id="draws">
            <header class="stack tight">
                <h1>{w.t("draws-title")}</h1>
                <p class="quiet">{w.t("draws-lead")}</p>
            </header>
            <FormError form/>
            {none}
            {cards}
        </div>
    }
    .into_any())
}

async fn card(ask: &Ask, one: &DrawView) -> AnyView {
    let w = ask.words;
    let form = ask.form(&format!("draw:{}", one.code)).await;
    let terms = &one.terms;
    let ended = matches!(one.state, DrawState::Closed | DrawState::Drawn);
    let period = t!(
        w,
        if ended {
            "draw-period-over"
        } else {
            "draw-period"
        },
        from = long_date(w, terms.from),
        until = long_date(w, terms.until)
    );
    let when = if one.state == DrawState::Drawn {
        "draw-was"
    } else {
        "draw-when"
    };
    let when = t!(w, when, at = moment(ask, one));
    let good = one.state == DrawState::Open;
    let badge = if good { "badge good" } else { "badge" };
    let state = w.t(&format!("draw-state-{}", one.state.code()));
    let joined = one.mine.as_ref().is_some_and(|mine| mine.joined);
    view! {
        <article class="card stack" id=one.code.clone() data-draw=one.code.clone()
            data-state=one.state.code() data-joined=joined.to_string()>
            <header class="stack tight">
                <div class="row"><h2>{terms.title().of(w.lang).to_owned()}</h2><span class=badge>{state}</span></div>
                <p>{terms.about().of(w.lang).to_owned()}</p>
                <p class="quiet">{period}" "{when}</p>
            </header>
            <FormError form/>
            {mine::won(ask, one)}
            <section class="stack tight"><h3>{w.t("draw-prizes")}</h3>{prizes(w, one)}</section>
            {check::results(w, one)}
            {rules(w, one, !joined)}
            {mine::part(ask, one)}
            {check::how(ask, one)}
        </article>
    }
    .into_any()
}

/// The day and the hour of the drawing.
fn moment(ask: &Ask, one: &DrawView) -> String {
    let minutes = ask.cabinet.lender().clock_offset_minutes;
    let local = one.terms.draws_at + chrono::Duration::minutes(minutes.into());
    let day = long_date(ask.words, local.date_naive());
    format!("{day}, {}", local.format("%H:%M"))
}

fn prizes(w: Words, one: &DrawView) -> impl IntoView + use<> {
    let kinds = one.terms.kinds().into_iter();
    let lines = kinds.filter_map(|(index, count)| {
        let prize = one.terms.prizes.get(index)?;
        let (title, value) = (prize.title(w.lang), roubles(prize.value));
        let line = if count == 1 {
            t!(w, "draw-prize-line", title = title, value = value)
        } else {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            t!(
                w,
                "draw-prize-lines",
                title = title,
                value = value,
                count = count
            )
        };
        Some(view! { <li>{line}</li> })
    });
    view! { <ul>{lines.collect_view()}</ul> }
}

/// The rules: unfolded for whoever may press the button below them.
fn rules(w: Words, one: &DrawView, unjoined: bool) -> impl IntoView + use<> {
    let open = one.joinable && unjoined;
    let lines = one.rules.lines().map(str::to_owned);
    let lines = lines.map(|line| view! { <p>{line}</p> }).collect_view();
    view! {
        <details open=open data-rules=one.rules_hash.clone()>
            <summary>{w.t("draw-rules")}</summary>
            <div class="stack tight small">{lines}</div>
        </details>
    }
}

/// The card of the cabinet's first page. None where there is nothing to say.
pub async fn home_card(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<AnyView>> {
    let Some(brief) = draw::brief(&ask.cabinet, borrower).await? else {
        return Ok(None);
    };
    let w = ask.words;
    let day = |day| long_date(w, day);
    let (title, line) = match &brief {
        Brief::Join(title, until) => (
            title.of(w.lang).to_owned(),
            t!(w, "draws-card-join", until = day(*until)),
        ),
        Brief::Joined(title, on) => (
            title.of(w.lang).to_owned(),
            t!(w, "draws-card-joined", date = day(*on)),
        ),
        Brief::Won(prize, until) => (
            w.t("draws-title"),
            t!(
                w,
                "draws-card-won",
                prize = prize.title(w.lang),
                date = day(*until)
            ),
        ),
    };
    Ok(Some(
        view! {
            <section class="card stack tight" id="draws-card">
                <h2>{title}</h2>
                <p>{line}</p>
                <p><a href="/draws" id="to-draws">{w.t("draws-to")}</a></p>
            </section>
        }
        .into_any(),
    ))
}
