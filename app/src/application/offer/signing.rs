//! What only the borrower can say (assignment, card), and the code that signs it.

use cabinet::access::CodeSent;
use cabinet::application::{OfferView, Prepared};
use cabinet::ids::ContractId;
use cabinet::payout::CardStatus;
use leptos::prelude::*;
use locales::{Words, t};

use super::forms::{CancelForm, PrepareForm, ResendOfferForm, SignForm};
use crate::access::islands::ResendWait;
use crate::access::pages::sandbox_note;
use crate::document::pages::{draft_link, fingerprint, paper as paper_text};
use crate::payout::forms::AddCardForm;
use crate::payout::ways;
use crate::request::Ask;
use crate::ui::dialog::Confirm;
use crate::ui::field::{ChoiceField, FormError, FormState, TextField};
use crate::ui::waiting::clock;

/// The card beside the terms: a card to bind, answers to give, or a code to enter.
pub async fn card(ask: &Ask, offer: &OfferView) -> AnyView {
    let w = ask.words;
    let has_card = offer
        .cards
        .iter()
        .any(|card| card.status == CardStatus::Active);
    let sign = ask.form(&format!("sign:{}", offer.id)).await;
    let body = match &offer.prepared {
        _ if !has_card => view! {
            <p>{w.t("offer-card-why")}</p>
            {add_card(ask, offer, "button wide", "offer-add-card").await}
            {ways::link(ask, offer.id)}
        }
        .into_any(),
        None => answers(ask, offer).await,
        Some(prepared) => view! {
            {code(ask, offer, prepared, &sign)}
            <details open=sign.general.is_some()>
                <summary>{w.t("offer-change")}</summary>
                {answers(ask, offer).await}
            </details>
        }
        .into_any(),
    };
    view! {
        {body}
        <p class="small">{w.t("offer-change-mind")}</p>
        {cancel(ask, offer, "offer-decline").await}
    }
    .into_any()
}

/// To the acquirer's page and back here.
pub async fn add_card(ask: &Ask, offer: &OfferView, class: &'static str, label: &str) -> AnyView {
    let w = ask.words;
    let form = ask.form("add-card").await;
    let to = format!("/offer/{}", offer.id);
    let label = w.t(label);
    view! {
        <AddCardForm class="stack">
            <FormError form/>
            <input type="hidden" name="return_to" value=to/>
            <button class=class id="add-card" type="submit">{label}</button>
            <p class="small">{w.t("offer-card-safe")}</p>
        </AddCardForm>
    }
    .into_any()
}

/// Cards and other ways that can receive money, as choices.
pub fn card_options(w: Words, offer: &OfferView) -> Vec<(String, String)> {
    offer
        .cards
        .iter()
        .filter(|card| card.status == CardStatus::Active)
        .map(|card| (card.id.to_string(), ways::title(w, card)))
        .collect()
}

async fn answers(ask: &Ask, offer: &OfferView) -> AnyView {
    let w = ask.words;
    let mut form = ask.form(&format!("offer:{}", offer.id)).await;
    let cards = card_options(w, offer);
    remember(&mut form, offer, &cards);
    let yes_no = vec![
        ("yes".to_owned(), w.t("offer-assignment-yes")),
        ("no".to_owned(), w.t("offer-assignment-no")),
    ];
    let contract = offer.id.to_string();
    let add_card = add_card(ask, offer, "button second wide", "offer-other-card").await;
    view! {
        <PrepareForm class="stack">
            <FormError form=form.clone()/>
            <input type="hidden" name="contract" value=contract/>
            <ChoiceField form=form.clone() name="card" label=w.t("offer-card") options=cards/>
            <ChoiceField form=form name="assignment" label=w.t("offer-assignment") options=yes_no
                hint=w.t("offer-assignment-hint")/>
            <button class="button wide" id="prepare" type="submit">{w.t("offer-prepare")}</button>
        </PrepareForm>
        {add_card}
        {ways::link(ask, offer.id)}
    }
    .into_any()
}

/// What the borrower has already answered stays answered. Assignment has no answer until there is one; a card
/// is chosen beforehand only when there is nothing to choose from.
fn remember(form: &mut FormState, offer: &OfferView, cards: &[(String, String)]) {
    let answered = offer.assignment.map(|yes| if yes { "yes" } else { "no" });
    if let Some(answer) = answered {
        form.values
            .entry("assignment".to_owned())
            .or_insert_with(|| answer.to_owned());
    }
    let only = match cards {
        [(id, _)] => Some(id.clone()),
        _ => None,
    };
    if let Some(card) = offer.chosen_card.map(|id| id.to_string()).or(only) {
        form.values.entry("card".to_owned()).or_insert(card);
    }
}

fn code(ask: &Ask, offer: &OfferView, prepared: &Prepared, form: &FormState) -> AnyView {
    let w = ask.words;
    let form = form.clone();
    let hint = t!(
        w,
        "sign-hint",
        hash = short(&prepared.hash),
        left = prepared.code.tries_left
    );
    let label = t!(w, "sign-code", phone = &prepared.code.phone_masked);
    let contract = offer.id.to_string();
    let resent = contract.clone();
    let wait = Wait::of(ask, &prepared.code);
    // The table above is long: whoever has a code that works is brought to where it is typed.
    let works = prepared.code.tries_left > 0 && prepared.code.expires_at > ask.cabinet.now();
    view! {
        {code_over(ask, &prepared.code)}
        <SignForm class="stack">
            <FormError form=form.clone()/>
            <input type="hidden" name="contract" value=contract.clone()/>
            <TextField form=form name="code" label=label class="code" mode="numeric"
                complete="one-time-code" max=6 hint=hint focus=works/>
            <button class="button wide" id="sign" type="submit">{w.t("offer-sign")}</button>
        </SignForm>
        <ResendWait seconds=wait.seconds at=wait.at counting=wait.counting>
            <ResendOfferForm>
                <input type="hidden" name="contract" value=resent/>
                <button class="link" id="resend" type="submit">{w.t("sign-resend")}</button>
            </ResendOfferForm>
        </ResendWait>
        {sandbox_note(w)}
    }
    .into_any()
}

/// Says that a code is too old or was tried too often, before somebody types it in vain.
pub fn code_over(ask: &Ask, code: &CodeSent) -> AnyView {
    let over = code.tries_left == 0 || code.expires_at <= ask.cabinet.now();
    let text = ask.words.t("sign-over");
    over.then(|| view! { <p class="note" id="code-over">{text}</p> })
        .into_any()
}

/// How long until a new code may be asked for, as [`ResendWait`] needs it.
pub struct Wait {
    /// Seconds from now.
    pub seconds: u32,
    /// The moment, for a browser without scripts.
    pub at: String,
    /// The sentence with a place for the clock.
    pub counting: String,
}

impl Wait {
    /// The wait after this code.
    pub fn of(ask: &Ask, code: &CodeSent) -> Self {
        let seconds = (code.resend_at - ask.cabinet.now())
            .num_seconds()
            .clamp(0, 3600);
        Self {
            seconds: u32::try_from(seconds).unwrap_or_default(),
            at: t!(
                ask.words,
                "access-resend-at",
                at = clock(ask, code.resend_at)
            ),
            counting: t!(ask.words, "access-resend-in", left = "{t}"),
        }
    }
}

/// The ends of a fingerprint: enough to compare by eye.
pub fn short(hash: &str) -> String {
    match (hash.get(..4), hash.get(hash.len().saturating_sub(4)..)) {
        (Some(head), Some(tail)) if hash.len() > 8 => format!("{head}…{tail}"),
        _ => hash.to_owned(),
    }
}

/// The exact text to be signed and its fingerprint.
pub fn paper(ask: &Ask, contract: ContractId, prepared: &Prepared) -> AnyView {
    let w = ask.words;
    view! {
        <details id="signed-text">
            <summary>{w.t("sign-text")}</summary>
            {paper_text(&prepared.text)}
        </details>
        {draft_link(w, &format!("contract/{contract}"))}
        {fingerprint(w, &prepared.hash)}
    }
    .into_any()
}

/// «I changed my mind», before signing or while cooling off.
pub async fn cancel(ask: &Ask, offer: &OfferView, label: &str) -> AnyView {
    let w = ask.words;
    let form = ask.form(&format!("cancel:{}", offer.id)).await;
    let (contract, label) = (offer.id.to_string(), w.t(label));
    let again = label.clone();
    let failed = form
        .general
        .clone()
        .map(|_| view! { <FormError form=form.clone()/> });
    view! {
        {failed}
        <Confirm id="cancel-dialog" open=label title=w.t("cancel-title") text=w.t("cancel-what") cancel=w.t("dialog-cancel")>
            <CancelForm class="stack tight">
                <FormError form/>
                <input type="hidden" name="contract" value=contract/>
                <button class="button danger wide" id="cancel" type="submit">{again}</button>
            </CancelForm>
        </Confirm>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_fingerprint_is_shortened_to_its_ends() {
        assert_eq!(short("9c41aaaaaaaaaaaa00e7"), "9c41…00e7");
        assert_eq!(short(""), "");
    }
}
