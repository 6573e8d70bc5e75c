//! `/offer/{id}/way`: other ways than a card to receive the money, by the lender's file.

use crate::request::address::path_part;
use cabinet::ids::{BorrowerId, ContractId};
use cabinet::payout::{self, CardView, PayoutKind};
use cabinet::{CabinetError, access, application, profile};
use leptos::prelude::*;
use locales::{Words, t};

use super::forms::AddToolForm;
use crate::request::{Ask, id};
use crate::ui::field::{FormError, FormState, TextField};
use crate::ui::page::{Narrow, Stop, page};

/// A card or another way in a line: what is chosen from.
pub fn title(w: Words, tool: &CardView) -> String {
    let (card, bank) = (&tool.title, &tool.brand);
    match tool.kind {
        PayoutKind::Card => format!("{bank}\u{a0}{card}"),
        PayoutKind::Account => t!(w, "tool-account", card = card, bank = bank),
        PayoutKind::Sbp => t!(w, "tool-sbp", card = card, bank = bank),
        PayoutKind::Wallet => t!(w, "tool-wallet", card = card, bank = bank),
    }
}

/// The link to this page, where the lender has another way than a card.
pub fn link(ask: &Ask, contract: ContractId) -> Option<AnyView> {
    let ways = &ask.cabinet.lender().payout.ways;
    if ways.iter().all(|way| *way == PayoutKind::Card) {
        return None;
    }
    let href = format!("/offer/{contract}/way");
    let label = ask.words.t("offer-other-way");
    Some(view! { <p><a id="other-way" href=href>{label}</a></p> }.into_any())
}

/// A form for each way.
#[component]
pub fn WaysPage() -> impl IntoView {
    let contract = path_part("id");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let contract: ContractId = id(&contract)?;
        let offer = application::offer(&ask.cabinet, borrower, contract).await?;
        let Some(_) = link(&ask, contract) else {
            return Err(Stop::Go(format!("/offer/{contract}")));
        };
        let w = ask.words;
        let form = ask.form(&format!("tool:{contract}")).await;
        let owner = owner(&ask, borrower, &offer).await?;
        let mut sections = Vec::new();
        for way in ask.cabinet.lender().payout.ways.clone() {
            sections.extend(match way {
                PayoutKind::Card => None,
                PayoutKind::Account => Some(account(w, contract, &form)),
                PayoutKind::Sbp => Some(sbp(&ask, borrower, contract, &form).await?),
                PayoutKind::Wallet => Some(wallet(w, contract, &form)),
            });
        }
        Ok(view! {
            <Narrow title=w.t("tool-title") lead=w.t("tool-lead")>
                <p class="note" id="owner">{owner}</p>
                <FormError form/>
                {sections}
                <p><a href=format!("/offer/{contract}")>{w.t("tool-back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// The name that the receiving bank will compare.
async fn owner(
    ask: &Ask,
    borrower: BorrowerId,
    offer: &application::OfferView,
) -> Result<String, CabinetError> {
    let person = profile::complete(&ask.cabinet, borrower, offer.quote.amount).await?;
    Ok(t!(ask.words, "tool-owner", name = person.full_name()))
}

fn section(
    w: Words,
    contract: ContractId,
    way: &'static str,
    title: String,
    what: String,
    fields: AnyView,
) -> AnyView {
    let contract = contract.to_string();
    view! {
        <section class="stack tight" id=format!("way-{way}")>
            <h2 class="h3">{title}</h2>
            <p>{what}</p>
            <AddToolForm class="stack">
                <input type="hidden" name="contract" value=contract/>
                <input type="hidden" name="way" value=way/>
                {fields}
                <button class="button second wide" type="submit">{w.t("tool-save")}</button>
            </AddToolForm>
        </section>
    }
    .into_any()
}

fn account(w: Words, contract: ContractId, form: &FormState) -> AnyView {
    let fields = view! {
        <TextField form=form.clone() name="account" label=w.t("tool-account-number") mode="numeric"/>
        <TextField form=form.clone() name="bic" label=w.t("tool-bic") mode="numeric"/>
    };
    let (title, what) = (w.t("tool-way-account"), w.t("tool-way-account-what"));
    section(w, contract, "account", title, what, fields.into_any())
}

fn wallet(w: Words, contract: ContractId, form: &FormState) -> AnyView {
    let fields = view! {
        <TextField form=form.clone() name="wallet" label=w.t("tool-wallet-number") mode="numeric"/>
    };
    let (title, what) = (w.t("tool-way-wallet"), w.t("tool-way-wallet-what"));
    section(w, contract, "wallet", title, what, fields.into_any())
}

async fn sbp(
    ask: &Ask,
    borrower: BorrowerId,
    contract: ContractId,
    form: &FormState,
) -> Result<AnyView, CabinetError> {
    let w = ask.words;
    let phone = access::borrower(&ask.cabinet, borrower).await?.phone_masked;
    let (title, what) = (
        w.t("tool-way-sbp"),
        t!(w, "tool-way-sbp-what", phone = phone),
    );
    // The other ways stand even when the list does not come.
    let Ok(banks) = payout::sbp_banks(&ask.cabinet).await else {
        let later = w.t("tool-no-banks");
        return Ok(view! {
            <section class="stack tight" id="way-sbp"><h2 class="h3">{title}</h2><p>{later}</p></section>
        }
        .into_any());
    };
    let error = form.errors.get("bank").cloned();
    let (wrong, kept) = (error.is_some(), form.value("bank"));
    let options = banks.into_iter().map(|bank| {
        view! { <option value=bank.id.clone() selected=bank.id == kept>{bank.name}</option> }
    });
    let fields = view! {
        <div class="field" data-field="bank" data-error=wrong.then_some("")>
            <label for="f-bank">{w.t("tool-bank")}</label>
            <select id="f-bank" name="bank" aria-describedby="f-bank-error" aria-invalid=wrong.then_some("true")>
                <option value="">{w.t("tool-bank-choose")}</option>
                {options.collect_view()}
            </select>
            <p class="error" id="f-bank-error" hidden=!wrong>{error}</p>
        </div>
    };
    Ok(section(w, contract, "sbp", title, what, fields.into_any()))
}
