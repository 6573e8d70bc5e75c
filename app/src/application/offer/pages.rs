//! `/offer/{id}`: from reading the terms to the money on its way.

use crate::request::address::{path_part, query};
use cabinet::application::{self, ContractStatus, OfferView};
use cabinet::ids::{ContractId, InstrumentId};
use cabinet::promotion::UsedOffer;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::t;

use super::{payout, signing, terms};
use crate::application::status::burden;
use crate::payout::pages::return_address;
use crate::request::{Ask, id};
use crate::ui::format::{day_month, days};
use crate::ui::page::{Narrow, Stop, page};

/// The offer, or what became of it.
#[component]
pub fn OfferPage() -> impl IntoView {
    let contract = path_part("id");
    // The acquirer's page sends back here with the card it has just bound.
    let bound = query().get("card");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let contract: ContractId = id(&contract)?;
        if let Some(card) = bound.and_then(|card| card.parse::<InstrumentId>().ok()) {
            let to = format!("/offer/{contract}");
            return Err(Stop::Go(return_address(card, &to, ask.cabinet.now())));
        }
        let offer = application::offer(&ask.cabinet, borrower, contract).await?;
        if let Some(loan) = offer.loan {
            return Err(Stop::Go(format!("/loans/{loan}")));
        }
        Ok(match offer.status {
            ContractStatus::Offered => open(&ask, offer).await,
            ContractStatus::Signed | ContractStatus::PayingOut | ContractStatus::Issued => {
                payout::under_way(&ask, &offer)
            }
            ContractStatus::Cooling => payout::cooling(&ask, &offer).await,
            ContractStatus::PayoutFailed => payout::failed(&ask, &offer).await,
            ContractStatus::Cancelled => over(&ask, "offer-cancelled"),
            ContractStatus::Expired => over(&ask, "offer-expired"),
        })
    })
}

/// An offer to be read and signed.
async fn open(ask: &Ask, offer: OfferView) -> AnyView {
    let w = ask.words;
    let title = t!(w, "offer-title", number = &offer.number);
    let left = (offer.expires_on - ask.cabinet.today()).num_days();
    let until = t!(w, "offer-until", date = day_month(w, offer.expires_on));
    let left = u32::try_from(left)
        .ok()
        .filter(|left| *left > 0)
        .map_or_else(
            || w.t("offer-last-day"),
            |left| t!(w, "offer-left", days = days(w, left)),
        );
    let signing = signing::card(ask, &offer).await;
    let signed_text = offer
        .prepared
        .as_ref()
        .map(|prepared| signing::paper(ask, offer.id, prepared));
    view! {
        <Title text=title.clone()/>
        <div class="page two" id="offer" data-status="offered">
            <section class="card stack">
                <div class="pair">
                    <div class="stack tight">
                        <h1 class="h2">{title}</h1>
                        <p class="quiet" id="expires" data-date=offer.expires_on.to_string()>{until}" "{left}</p>
                        <p class="only-narrow"><a id="to-answer" href="#answer">{w.t("offer-to-answer")}</a></p>
                    </div>
                    {terms::psk_frames(w, &offer)}
                </div>
                {(!offer.cap_notice.is_empty()).then(|| terms::cap_notice(&offer))}
                {terms::table(w, &offer.rows)}
                {terms::schedule(w, &offer.quote.schedule)}
                {signed_text}
            </section>
            <aside class="card stack sticky" id="answer">
                <h2>{w.t("offer-short")}</h2>
                {specials(ask, &offer.offers)}
                {terms::honest(w, &offer)}
                {offer.pdn.map(|pdn| burden(ask, pdn))}
                {signing}
            </aside>
        </div>
    }
    .into_any()
}

/// What makes these terms better than the ordinary ones, and what no longer does.
fn specials(ask: &Ask, offers: &[UsedOffer]) -> AnyView {
    let w = ask.words;
    let lines = offers.iter().map(|one| {
        let name = one.title.of(w.lang);
        let (class, text) = if one.holds {
            ("note good", t!(w, "offer-special", name = name))
        } else {
            let why = match one.why.as_deref() {
                Some("late") => "offer-special-late",
                _ => "offer-special-ended",
            };
            ("note", t!(w, why, name = name))
        };
        view! { <p class=class data-special=if one.holds { "holds" } else { "ended" }>{text}</p> }
    });
    lines.collect_view().into_any()
}

/// An offer that is no more.
fn over(ask: &Ask, key: &str) -> AnyView {
    let w = ask.words;
    let status = key.trim_start_matches("offer-").to_owned();
    view! {
        <Narrow title=w.t(&format!("{key}-title")) lead=w.t(&format!("{key}-what"))>
            <p id="offer" data-status=status>
                <a class="button wide" href="/">{w.t("status-again")}</a>
            </p>
        </Narrow>
    }
    .into_any()
}
