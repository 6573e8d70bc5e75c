//! Technical works: the line above every page, and `/works`: the last known debt, its date and how to pay without
//! the cabinet.

use cabinet::lender::help::Channel;
use cabinet::loan::{self, LoanCard, LoanView};
use cabinet::works::Window;
use lending::Status;
use leptos::prelude::*;
use locales::t;

use crate::lender::{channel, hours, requisites};
use crate::loan::debt::zone;
use crate::payment::transfer::figure;
use crate::request::{Ask, with_request};
use crate::ui::format::{BigMoney, by_weekday, day_month};
use crate::ui::page::{Narrow, Stop, page};
use crate::ui::waiting::clock;

/// The nearest window that is not over; the server puts it into the request's extensions.
#[derive(Debug, Clone)]
pub struct Announced(pub Window);

fn announced() -> Option<Window> {
    with_request(|parts| {
        let Announced(window) = parts.extensions.get::<Announced>()?;
        Some(window.clone())
    })?
}

/// When it opens again, for whoever has just tried to change something.
pub fn closed_until(ask: &Ask, window: &Window) -> String {
    t!(
        ask.words,
        "works-closed",
        until = clock(ask, window.until),
        zone = zone(ask)
    )
}

/// The line above every page while works are announced or under way.
pub fn banner(ask: Option<&Ask>) -> Option<AnyView> {
    let (ask, window) = (ask?, announced()?);
    // There the same stands in its heading.
    with_request(|parts| parts.uri.path() != "/works").filter(|elsewhere| *elsewhere)?;
    let now = window.holds(ask.cabinet.now());
    let (state, text) = if now {
        ("now", closed_until(ask, &window))
    } else {
        ("ahead", planned(ask, &window))
    };
    let more = ask.words.t("works-more");
    Some(
        view! {
            <aside class="works note" id="works" data-works=state>
                <p>{text} " " <a href="/works">{more}</a></p>
            </aside>
        }
        .into_any(),
    )
}

fn planned(ask: &Ask, window: &Window) -> String {
    let from = clock(ask, window.from);
    let cabinet = &ask.cabinet;
    let one_day = cabinet.business_date(window.from) == cabinet.business_date(window.until);
    let until = clock(ask, window.until);
    // «23 ноября, 15:00», or the hour alone when the day has just been named.
    let hour = until.rsplit_once(", ").filter(|_| one_day);
    let until = hour.map_or(until.as_str(), |(_, hour)| hour);
    t!(
        ask.words,
        "works-planned",
        from = from,
        until = until,
        zone = zone(ask)
    )
}

/// What works mean for the person who reads.
#[component]
pub fn WorksPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let Some(window) = announced() else {
            return Err(Stop::Go("/cabinet".into()));
        };
        let w = ask.words;
        let now = window.holds(ask.cabinet.now());
        let lead = if now {
            closed_until(&ask, &window)
        } else {
            planned(&ask, &window)
        };
        let can = if now {
            "works-can-now"
        } else {
            "works-can-ahead"
        };
        let owed = match ask.borrower() {
            Ok(borrower) => {
                let loans = loan::list(&ask.cabinet, borrower).await?;
                let open = loans.into_iter().filter(|it| it.status != Status::Closed);
                let open: Vec<LoanCard> = open.collect();
                let first = match open.first() {
                    Some(card) => Some(loan::view(&ask.cabinet, borrower, card.id, None).await?),
                    None => None,
                };
                first.map(|first| debts(&ask, &first, open.get(1..).unwrap_or_default()))
            }
            Err(_) => Some(stranger(&ask)),
        };
        let title = if now {
            "works-now-title"
        } else {
            "works-ahead-title"
        };
        let contacts = contacts(&ask);
        Ok(view! {
            <Narrow title=w.t(title) lead=lead>
                <p>{w.t(can)}</p>
                {owed}
                {contacts}
            </Narrow>
        }
        .into_any())
    })
}

fn contacts(ask: &Ask) -> AnyView {
    let (w, lender) = (ask.words, ask.cabinet.lender());
    let open = t!(w, "help-hours", hours = hours(w, &lender.help.hours));
    view! {
        <h2>{w.t("help-contacts")}</h2>
        <ul>{channel(w, lender, Channel::Hotline)} {channel(w, lender, Channel::Email)}</ul>
        <p class="quiet">{open}</p>
    }
    .into_any()
}

/// The first loan with all that a transfer needs; of others the sum, the date and where the rest is.
fn debts(ask: &Ask, first: &LoanView, others: &[LoanCard]) -> AnyView {
    let w = ask.words;
    let state = &first.state;
    let at = clock(ask, ask.cabinet.now());
    let next = state
        .next_payment
        .filter(|_| state.schedule.len() > 1)
        .map(|(date, sum)| {
            let date = day_month(w, date);
            view! { <p id="next">{t!(w, "loan-next", sum = sum.to_string(), date = date)}</p> }
        });
    let due = t!(
        w,
        "loan-due",
        date = by_weekday(w, state.due),
        zone = zone(ask)
    );
    let account = requisites(w, ask.cabinet.lender(), Some(first.number.clone()));
    let others = others.iter().map(|loan| {
        let transfer = format!("/loans/{}/transfer", loan.id);
        let due = day_month(w, loan.due);
        let line = t!(
            w,
            "works-other",
            number = &loan.number,
            sum = loan.payoff.to_string(),
            date = due
        );
        view! { <p>{line} " " <a href=transfer>{w.t("works-other-pay")}</a></p> }
    });
    view! {
        <section class="stack tight" id="owed">
            <p class="small">{t!(w, "loan-number", number = &first.number, product = &first.product_title)}</p>
            <h2>{t!(w, "works-debt", at = at)}</h2>
            <BigMoney sum=state.payoff id="debt"/>
            <p data-date=state.due.to_string() id="due">{due}</p>
            {next}
            {others.collect_view()}
        </section>
        <h2>{w.t("works-pay")}</h2>
        <p>{w.t("works-pay-what")}</p>
        {figure(ask, &first.number, state.payoff)}
        {account}
    }
    .into_any()
}

/// Nobody can sign in now: what there is to pay is told by people.
fn stranger(ask: &Ask) -> AnyView {
    let w = ask.words;
    let account = requisites(w, ask.cabinet.lender(), None);
    view! {
        <p id="stranger">{w.t("works-stranger")}</p>
        <h2>{w.t("works-pay")}</h2>
        {account}
    }
    .into_any()
}
