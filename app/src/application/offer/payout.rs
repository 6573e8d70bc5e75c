//! After signing: the cooling-off hours, the money on its way, a card that did not take it.

use cabinet::application::OfferView;
use cabinet::payout::{PayoutKind, PayoutStatus, PayoutView};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::{signing, terms};
use crate::payout::forms::UseCardForm;
use crate::payout::ways;
use crate::request::Ask;
use crate::ui::countdown::Countdown;
use crate::ui::field::{ChoiceField, FormError};
use crate::ui::format::unbroken;
use crate::ui::page::Narrow;
use crate::ui::waiting::{clock, look_again, waiting_page};

fn name(payout: Option<&PayoutView>) -> &'static str {
    match payout.map(|payout| payout.status) {
        None | Some(PayoutStatus::Held | PayoutStatus::Sending) => "sending",
        Some(PayoutStatus::Waiting) => "waiting",
        Some(PayoutStatus::Unknown) => "unknown",
        Some(PayoutStatus::Succeeded) => "succeeded",
        Some(PayoutStatus::Failed) => "failed",
        Some(PayoutStatus::Cancelled) => "cancelled",
    }
}

/// The money is on its way; the page looks again until it has come or has not.
pub fn under_way(ask: &Ask, offer: &OfferView) -> AnyView {
    let w = ask.words;
    let name = name(offer.payout.as_ref());
    let since = offer
        .payout
        .as_ref()
        .map(|payout| payout.at)
        .or(offer.signed_at);
    let since = since.unwrap_or_else(|| ask.cabinet.now());
    let amount = offer.quote.amount.to_string();
    let title = t!(w, "payout-title", amount = amount);
    let tool = offer
        .cards
        .iter()
        .find(|card| Some(card.id) == offer.chosen_card);
    let by_bank = tool.is_some_and(|tool| tool.kind == PayoutKind::Account);
    let next = if by_bank {
        w.t("payout-account-next")
    } else {
        w.t("payout-next")
    };
    let what = match name {
        "waiting" if by_bank => w.t("payout-account-what"),
        "waiting" | "unknown" | "succeeded" => w.t(&format!("payout-{name}-what")),
        _ => w.t("payout-sending-what"),
    };
    let rest = view! {
        <div id="payout" data-status=name>{terms::honest(w, offer)}</div>
        {signed(ask, offer)}
    };
    waiting_page(ask, title, what, since, next, rest.into_any())
}

/// Signed, and no money leaves yet: a clock and a free way out.
pub async fn cooling(ask: &Ask, offer: &OfferView) -> AnyView {
    let w = ask.words;
    let until = offer.cooling_until.unwrap_or_else(|| ask.cabinet.now());
    let left = (until - ask.cabinet.now()).num_seconds();
    let cancel = signing::cancel(ask, offer, "cooling-cancel").await;
    view! {
        <Title text=w.t("cooling-title")/>
        // Without scripts the clock stands still, so the page itself is fetched anew.
        {look_again(if left > 60 { 30 } else { 3 })}
        <div class="page">
            <section class="card stack narrow" id="payout" data-status="cooling">
                <h1 class="h2">{w.t("cooling-title")}</h1>
                <p class="money" id="cooling-left" data-seconds=left.max(0).to_string()>
                    <Countdown seconds=left reload=true/>
                </p>
                <p>{t!(w, "cooling-what", at = clock(ask, until), amount = offer.quote.amount.to_string())}</p>
                {signed(ask, offer)}
                {terms::honest(w, offer)}
                <p class="quiet">{w.t("cooling-cancel-why")}</p>
                {cancel}
            </section>
        </div>
    }
    .into_any()
}

/// The money did not arrive: what happened, that nothing is lost, another card.
pub async fn failed(ask: &Ask, offer: &OfferView) -> AnyView {
    let w = ask.words;
    let reason = offer
        .payout
        .as_ref()
        .and_then(|payout| payout.failed_reason.clone());
    let mut form = ask.form(&format!("use-card:{}", offer.id)).await;
    let refused = offer.chosen_card.map(|card| card.to_string());
    let mut cards = signing::card_options(w, offer);
    for (id, label) in &mut cards {
        if Some(&*id) == refused.as_ref() {
            *label = t!(w, "payout-refused-card", card = &*label);
        }
    }
    // The card that refused is offered again only when there is no other, and then not first.
    let another = cards.iter().any(|(id, _)| Some(id) != refused.as_ref());
    if let [(only, _)] = cards.as_slice() {
        form.values
            .entry("card".to_owned())
            .or_insert_with(|| only.clone());
    }
    let contract = offer.id.to_string();
    let class = if another {
        "button second wide"
    } else {
        "button wide"
    };
    let add_card = signing::add_card(ask, offer, class, "offer-other-card").await;
    let other_way = ways::link(ask, offer.id);
    let (class, label) = if another {
        ("button wide", "payout-use-card")
    } else {
        ("button second wide", "payout-same-card")
    };
    let help = t!(
        w,
        "payout-failed-help",
        hotline = unbroken(&ask.cabinet.lender().hotline)
    );
    let again = (!cards.is_empty()).then(|| {
        view! {
            <UseCardForm class="stack">
                <FormError form=form.clone()/>
                <input type="hidden" name="contract" value=contract/>
                <ChoiceField form name="card" label=w.t("offer-card") options=cards/>
                <button class=class id="use-card" type="submit">{w.t(label)}</button>
            </UseCardForm>
        }
    });
    let lead = t!(
        w,
        "payout-failed-lead",
        reason = reason_text(w, reason.as_deref())
    );
    view! {
        <Narrow title=w.t("payout-failed-title") lead=lead>
            <p id="payout" data-status="failed">{w.t("payout-failed-what")}</p>
            {if another { (again, add_card).into_any() } else { (add_card, again).into_any() }}
            {other_way}
            <p class="small">{help}</p>
        </Narrow>
    }
    .into_any()
}

fn reason_text(w: Words, reason: Option<&str>) -> String {
    let key = format!(
        "payout-reason-{}",
        reason.unwrap_or("general").replace('_', "-")
    );
    if w.has(&key) {
        w.t(&key)
    } else {
        w.t("payout-reason-general")
    }
}

fn signed(ask: &Ask, offer: &OfferView) -> AnyView {
    let w = ask.words;
    let contract = format!("/documents/{}/contract", offer.id);
    offer
        .signed_at
        .map(|at| {
            let text = t!(
                w,
                "payout-signed",
                number = &offer.number,
                at = clock(ask, at)
            );
            view! { <p class="small">{text}" "<a href=contract>{w.t("payout-contract")}</a></p> }
        })
        .into_any()
}
