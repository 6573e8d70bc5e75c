//! `/offers`: what is offered to this person, to everybody now and later, and the status of a repeat client.

use cabinet::ids::BorrowerId;
use cabinet::lender::ClientStatus;
use cabinet::promotion::{self, Fate, OfferCard, PastOffer, StatusView, Use};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::cards::{card, title};
use crate::application::dial::roubles;
use crate::request::Ask;
use crate::ui::format::long_date;
use crate::ui::page::{PageResult, page};

/// The page of offers. A stranger reads what is offered to newcomers.
#[component]
pub fn OffersPage() -> impl IntoView {
    page(|ask: Ask| async move { offers(ask).await })
}

async fn offers(ask: Ask) -> PageResult {
    let borrower = match ask.member() {
        Ok(_) => Some(ask.borrower()?),
        Err(_) => None,
    };
    let offers = promotion::list(&ask.cabinet, borrower).await?;
    let status = match borrower {
        Some(borrower) => promotion::status(&ask.cabinet, borrower).await?,
        None => None,
    };
    let past = match borrower {
        Some(borrower) => promotion::past(&ask.cabinet, borrower).await?,
        None => Vec::new(),
    };
    let w = ask.words;
    let none = offers.personal.is_empty() && offers.current.is_empty() && offers.future.is_empty();
    let none = none.then(|| view! { <p class="card" id="no-offers">{w.t("offers-none")}</p> });
    // Other kinds of what is given to borrowers stand here too, each a section of its own.
    let draws = (!ask.cabinet.lender().draws.is_empty()).then(|| {
        view! { <p><a href="/draws" id="to-draws">{w.t("draws-to")}</a></p> }
    });
    let sections = [
        section(&ask, "personal", &offers.personal),
        section(&ask, "current", &offers.current),
        section(&ask, "future", &offers.future),
        status.map(|status| statuses(w, &status)),
        behind(w, &past),
        borrower.and_then(|_| more(&ask)),
    ];
    Ok(view! {
        <Title text=w.t("offers-title")/>
        <div class="page" id="offers">
            <header class="stack tight">
                <h1>{w.t("offers-title")}</h1>
                <p class="quiet">{w.t("offers-lead")}</p>
            </header>
            {none}
            {sections.into_iter().flatten().collect_view()}
            {draws}
        </div>
    }
    .into_any())
}

fn section(ask: &Ask, name: &'static str, cards: &[OfferCard]) -> Option<AnyView> {
    if cards.is_empty() {
        return None;
    }
    let heading = ask.words.t(&format!("offers-{name}"));
    let cards = cards.iter().map(|it| card(ask, it)).collect_view();
    Some(
        view! {
            <section class="stack" id=name>
                <h2>{heading}</h2>
                <div class="pair">{cards}</div>
            </section>
        }
        .into_any(),
    )
}

/// What was used and what ended.
fn behind(w: Words, past: &[PastOffer]) -> Option<AnyView> {
    if past.is_empty() {
        return None;
    }
    let rows = past.iter().map(|one| {
        let fate = match &one.fate {
            Fate::Used { contract } => t!(w, "offers-past-used", contract = contract),
            Fate::Date => w.t("offers-past-date"),
            Fate::Late => w.t("offers-past-late"),
            Fate::OtherLoan => w.t("offers-past-other"),
            Fate::Withdrawn => w.t("offers-past-withdrawn"),
        };
        let title = one.title.of(w.lang).to_owned();
        view! {
            <li class="stack tight" data-fate=one.fate.code()>
                <b>{title}</b>
                <span>{fate}</span>
                <span class="small">{long_date(w, one.on)}</span>
            </li>
        }
    });
    Some(
        view! {
            <section class="card stack" id="past">
                <h2>{w.t("offers-past")}</h2>
                <ul class="plain stack">{rows.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}

/// Other kinds of what is given to borrowers.
fn more(ask: &Ask) -> Option<AnyView> {
    let (w, bonus) = (ask.words, ask.cabinet.lender().bonus.as_ref()?);
    let friends = bonus.friends.is_some().then(|| {
        view! { <li><a href="/invite" id="to-invite">{w.t("invite-title")}</a></li> }
    });
    Some(
        view! {
            <section class="card stack tight" id="more-offers">
                <h2>{w.t("offers-more")}</h2>
                <ul class="plain stack tight">
                    <li><a href="/bonuses" id="to-bonuses">{w.t("bonus-title")}</a></li>
                    {friends}
                </ul>
            </section>
        }
        .into_any(),
    )
}

/// The rules of the statuses, and which one is held.
fn statuses(w: Words, view: &StatusView) -> AnyView {
    let held = view.held.and_then(|held| view.all.get(held));
    let stands = match held {
        Some(held) => t!(w, "client-status-held", title = held.title.of(w.lang)),
        None => w.t("client-status-held-none"),
    };
    let done = t!(w, "client-status-done", count = view.repaid_on_time);
    let next = view
        .held
        .map_or_else(|| view.all.first(), |held| view.all.get(held + 1));
    let next = next.zip(view.missing).map(|(next, missing)| {
        let title = next.title.of(w.lang);
        t!(w, "client-status-next", title = title, count = missing)
    });
    let late = view
        .late
        .then(|| view! { <p class="note" id="status-late">{w.t("client-status-late")}</p> });
    let rows = view
        .all
        .iter()
        .enumerate()
        .map(|(index, one)| rule(w, one, view.held == Some(index)))
        .collect_view();
    view! {
        <section class="card stack" id="status" data-status=held.map(|it| it.code.clone())
            data-repaid=view.repaid_on_time.to_string()>
            <h2>{w.t("client-status-title")}</h2>
            <p><b>{stands}</b>" "{done}" "{next}</p>
            {late}
            <ul class="trio plain">{rows}</ul>
            <p class="small">{w.t("client-status-how")}</p>
        </section>
    }
    .into_any()
}

fn rule(w: Words, one: &ClientStatus, held: bool) -> AnyView {
    let gives = one.terms.as_ref().map(|terms| {
        let effect = terms.effect();
        let rate = effect.rate.map(|promo| {
            let rate = promo.daily_rate.percent_text();
            let sum = roubles(promo.max_amount);
            let days = promo.max_days.to_string();
            t!(w, "client-status-rate", rate = rate, sum = sum, days = days)
        });
        let limit = effect
            .raised_limit
            .map(|limit| t!(w, "client-status-limit", sum = roubles(limit)));
        rate.into_iter()
            .chain(limit)
            .map(|line| view! { <span>{line}</span> })
            .collect_view()
    });
    let mine = held.then(|| view! { <span class="quiet">{w.t("client-status-yours")}</span> });
    view! {
        <li class="stack tight" data-rule=one.code.clone() aria-current=held.then_some("true")>
            <b>{one.title.of(w.lang).to_owned()}</b>
            {mine}
            <span>{t!(w, "client-status-after", count = one.after_loans)}</span>
            <span>{one.about.of(w.lang).to_owned()}</span>
            {gives}
        </li>
    }
    .into_any()
}

/// The card of the cabinet's first page: the best of what is offered, and where the rest is. None where the lender
/// offers nothing.
pub async fn home_card(ask: &Ask, borrower: BorrowerId) -> cabinet::Result<Option<AnyView>> {
    let lender = ask.cabinet.lender();
    if !lender.has_offers() {
        return Ok(None);
    }
    let w = ask.words;
    let offers = promotion::list(&ask.cabinet, borrower.into()).await?;
    let all = offers.personal.iter().chain(&offers.current);
    let best = all.into_iter().find(|it| it.usable == Use::Now).map(|it| {
        let name = title(w, it);
        let line = match it.until {
            Some(until) => t!(
                w,
                "offers-card-until",
                title = name,
                until = long_date(w, until)
            ),
            None => t!(w, "offers-card", title = name),
        };
        view! { <p>{line}</p> }
    });
    Ok(Some(
        view! {
            <section class="card stack tight" id="offers-card">
                <h2>{w.t("offers-title")}</h2>
                {best}
                <p><a href="/offers" id="to-offers">{w.t("offers-all")}</a></p>
            </section>
        }
        .into_any(),
    ))
}
