//! Accounts elsewhere on the pages: their buttons, the way back, the first time, linking.

use crate::request::address::path_part;
use cabinet::CabinetError;
use cabinet::access::{self, Arrival, Arrived, Form, Way, WayKind};
use cabinet::lender::{Identity, IdentityOpens};
use cabinet::ports::IdentityReturn;
use leptos::prelude::*;
use locales::{Words, t};

use super::forms::{
    IdentityAddForm, IdentityLinkForm, IdentityPhoneForm, IdentityStartForm, RemoveWayForm,
};
use super::pages::{challenge_field, in_address, next_field, phone_field};
use crate::request::Ask;
use crate::ui::field::{FormError, TickField};
use crate::ui::format;
use crate::ui::page::{Narrow, PageResult, Stop, page};
use crate::ui::toast::say;

/// The buttons of the providers that this lender offers; `registering` leaves out those that only sign
/// in.
pub async fn identity_buttons(ask: &Ask, next: &str, registering: bool) -> Option<AnyView> {
    let offers = access::identity_offers(&ask.cabinet);
    let shown = |offer: &&&Identity| !registering || offer.opens == IdentityOpens::Registration;
    let (first, more): (Vec<_>, Vec<_>) =
        offers.iter().filter(shown).partition(|offer| !offer.more);
    if first.is_empty() && more.is_empty() {
        return None;
    }
    let (form, w) = (ask.form("identity").await, ask.words);
    let draw = |offers: Vec<&&Identity>| {
        let buttons = offers.into_iter().map(|offer| button(w, offer, next));
        buttons.collect_view()
    };
    let rest = (!more.is_empty()).then(|| {
        view! {
            <details>
                <summary>{w.t("identity-more")}</summary>
                <div class="stack tight">{draw(more)}</div>
            </details>
        }
    });
    let lead = w.t(if registering {
        "identity-or-register"
    } else {
        "identity-or-sign-in"
    });
    Some(
        view! {
            <section class="stack tight" id="identity">
                <p class="quiet">{lead}</p>
                <FormError form=form/>
                {draw(first)}
                {rest}
            </section>
        }
        .into_any(),
    )
}

fn button(w: Words, offer: &Identity, next: &str) -> impl IntoView + use<> {
    let (name, next) = (offer.name.of(w.lang).to_owned(), next.to_owned());
    let provider = offer.provider.clone();
    view! {
        <IdentityStartForm>
            <input type="hidden" name="provider" value=provider/>
            {next_field(next)}
            <button class="button second wide" type="submit">{name}</button>
        </IdentityStartForm>
    }
}

fn name_of(ask: &Ask, provider: &str) -> String {
    let access = &ask.cabinet.lender().access;
    let offer = access.identity_of(provider);
    offer.map_or_else(String::new, |offer| {
        offer.name.of(ask.words.lang).to_owned()
    })
}

/// `/identity/{provider}/return`: the provider sends the browser here.
#[component]
pub fn IdentityReturnPage() -> impl IntoView {
    let provider = path_part("provider");
    let [state, code, device_id, issuer, error] =
        ["state", "code", "device_id", "iss", "error"].map(in_address);
    page(move |mut ask: Ask| async move {
        let stopped = |why: &str| {
            Err(Stop::Go(format!(
                "/identity/stopped?why={why}&provider={provider}"
            )))
        };
        if access::identity_offers(&ask.cabinet)
            .iter()
            .all(|offer| offer.provider != provider)
        {
            return Err(CabinetError::NotFound.into());
        }
        if code.is_empty() {
            let said_no = matches!(error.as_str(), "access_denied" | "user_denied");
            return stopped(if said_no { "cancelled" } else { "refused" });
        }
        let Some(visitor) = ask.who().map(|who| who.visitor) else {
            return stopped("late");
        };
        let arrival = Arrival {
            visitor,
            borrower: ask.borrower().ok(),
            state,
            back: IdentityReturn {
                code,
                device_id,
                issuer,
            },
        };
        let (cab, origin, lang) = (&ask.cabinet, &ask.origin, ask.words.lang);
        match access::identity_arrive(cab, &provider, arrival, origin, lang).await {
            Ok(arrived) => arrived_at(&mut ask, arrived).await,
            Err(CabinetError::Conflict(code)) => stopped(code.trim_start_matches("identity_")),
            Err(CabinetError::Unavailable(_)) => stopped("unavailable"),
            Err(other) => Err(other.into()),
        }
    })
}

async fn arrived_at(ask: &mut Ask, arrived: Arrived) -> PageResult {
    let next = match arrived {
        Arrived::In(entered) => {
            let next = ask.who().and_then(|who| who.next.clone());
            ask.sign_in(entered).await?;
            ask.remember(|who| who.next = None).await?;
            next.unwrap_or_else(|| "/cabinet".to_owned())
        }
        Arrived::Code(sent) => {
            ask.remember(|who| who.code = Some(sent.code)).await?;
            "/login/code".to_owned()
        }
        Arrived::Phone => "/identity/phone".to_owned(),
        Arrived::Linked => {
            say("identity-linked");
            "/security".to_owned()
        }
    };
    Err(Stop::Go(next))
}

/// Why a journey to a provider ended without coming in, and what to do.
const WHY: [&str; 10] = [
    "late",
    "refused",
    "unverified",
    "not_linked",
    "taken",
    "second",
    "other_person",
    "has_cabinet",
    "unavailable",
    "cancelled",
];

/// `/identity/stopped`.
#[component]
pub fn IdentityStoppedPage() -> impl IntoView {
    let (why, provider) = (in_address("why"), in_address("provider"));
    page(move |ask: Ask| async move {
        if !WHY.contains(&why.as_str()) {
            return Err(CabinetError::NotFound.into());
        }
        let w = ask.words;
        let name = name_of(&ask, &provider);
        let key = format!("identity-stopped-{}", why.replace('_', "-"));
        let own = format!("{key}-{}", provider.replace('_', "-"));
        let key = if w.has(&own) { own } else { key };
        let title = w.t(if why == "unverified" {
            "identity-stopped-title-unverified"
        } else {
            "identity-stopped-title"
        });
        let (back, label) = if ask.borrower().is_ok() {
            ("/security", w.t("identity-back-security"))
        } else {
            ("/login", w.t("access-back"))
        };
        Ok(view! {
            <Narrow title=title lead=t!(w, &key, provider = name)>
                <p><a class="button second" href=back>{label}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// `/identity/phone`: the first time, the phone beside the account.
#[component]
pub fn IdentityPhonePage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let claim = match ask.who() {
            Some(who) => access::claim(&ask.cabinet, who.visitor).await?,
            None => None,
        };
        let Some(claim) = claim else {
            return Err(Stop::Go("/login".to_owned()));
        };
        let mut form = ask.form("identity-phone").await;
        if let Some(phone) = &claim.phone {
            let shown = format!("+{}", phone.digits());
            form.values.entry("phone".to_owned()).or_insert(shown);
        }
        let challenge = challenge_field(ask.words, ask.challenge(Form::Code).await, &form);
        let w = ask.words;
        let name = name_of(&ask, &claim.provider);
        let said = |field: &str| claim.answers.get(field).cloned();
        let person = ["last_name", "first_name", "middle_name"].map(said);
        let person: Vec<String> = person.into_iter().flatten().collect();
        let rows = [
            ("identity-person", Some(person.join(" "))),
            ("identity-birth", said("birth_date")),
            (
                "identity-passport",
                said("passport").map(|text| masked(&text)),
            ),
        ];
        let rows = rows
            .into_iter()
            .filter_map(|(key, text)| Some((key, text.filter(|text| !text.is_empty())?)))
            .map(|(key, text)| view! { <div><dt>{w.t(key)}</dt><dd>{text}</dd></div> })
            .collect_view();
        let lead = t!(w, "identity-phone-lead", provider = &name);
        Ok(view! {
            <Narrow title=w.t("identity-phone-title") lead=lead>
                <section class="stack tight" id="claimed">
                    <h2 class="h3">{t!(w, "identity-claimed", provider = &name)}</h2>
                    <dl class="answers">{rows}</dl>
                    <p class="small">{w.t("identity-claimed-note")}</p>
                </section>
                <IdentityPhoneForm class="stack">
                    <FormError form=form.clone()/>
                    {phone_field(w, form.clone())}
                    <TickField form=form name="consent">
                        {w.t("access-consent")} " "
                        <a href="/legal/personal_data">{w.t("access-consent-text")}</a>
                    </TickField>
                    {challenge}
                    <button class="button wide" type="submit">{w.t("access-send")}</button>
                </IdentityPhoneForm>
            </Narrow>
        }
        .into_any())
    })
}

/// «•••• ••3456»: whose passport it is can be seen, what it is can't.
fn masked(passport: &str) -> String {
    let tail: Vec<char> = passport.chars().rev().take(4).collect();
    let tail: String = tail.into_iter().rev().collect();
    format!("•••• ••{tail}")
}

/// `/identity/link`: the owner of the cabinet has come in and decides whether the account opens it.
#[component]
pub fn IdentityLinkPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let claim = match ask.who() {
            Some(who) => access::claim(&ask.cabinet, who.visitor).await?,
            None => None,
        };
        let Some(claim) = claim.filter(|claim| claim.candidate == Some(borrower)) else {
            return Err(Stop::Go("/cabinet".to_owned()));
        };
        let (form, w) = (ask.form("identity-link").await, ask.words);
        let name = name_of(&ask, &claim.provider);
        let title = t!(w, "identity-link-title", provider = &name);
        let lead = t!(w, "identity-link-lead", provider = &name);
        Ok(view! {
            <Narrow title=title lead=lead>
                <IdentityLinkForm class="stack tight">
                    <FormError form=form/>
                    <input type="hidden" name="answer" value="yes"/>
                    <button class="button wide" type="submit">{w.t("identity-link-yes")}</button>
                </IdentityLinkForm>
                <IdentityLinkForm>
                    <input type="hidden" name="answer" value="no"/>
                    <button class="button second wide" type="submit">{w.t("identity-link-no")}</button>
                </IdentityLinkForm>
            </Narrow>
        }
        .into_any())
    })
}

/// The accounts of the borrower on `/security`: linked ones and those that can be.
pub fn accounts(ask: &Ask, ways: &[Way]) -> Option<AnyView> {
    let offers = access::identity_offers(&ask.cabinet);
    let linked = |provider: &str| {
        let of = |way: &&Way| way.kind == WayKind::Identity && way.provider == provider;
        ways.iter().find(of)
    };
    // An account stays the borrower's to unlink when the lender offers its provider no more.
    let old = ways.iter().filter(|way| {
        way.kind == WayKind::Identity && offers.iter().all(|offer| offer.provider != way.provider)
    });
    let w = ask.words;
    let offset = ask.cabinet.lender().clock_offset_minutes;
    let mut rows: Vec<AnyView> = offers
        .iter()
        .map(|offer| match linked(&offer.provider) {
            Some(way) => linked_row(w, offer.name.of(w.lang), way, offset).into_any(),
            None => free_row(w, offer).into_any(),
        })
        .collect();
    rows.extend(old.map(|way| linked_row(w, &way.provider, way, offset).into_any()));
    if rows.is_empty() {
        return None;
    }
    Some(
        view! {
            <section class="stack">
                <div class="stack tight">
                    <h2 class="h3">{w.t("identity-accounts")}</h2>
                    <p class="quiet">{w.t("identity-accounts-lead")}</p>
                </div>
                <ul class="plain stack" id="accounts">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn linked_row(w: Words, name: &str, way: &Way, offset: i32) -> impl IntoView + use<> {
    let since = format::moment(w, way.created_at, offset);
    let label = t!(w, "access-way-remove-label", name = name);
    let person =
        (!way.subject.is_empty()).then(|| format!("{}. ", way.subject.trim_end_matches('.')));
    let (name, id) = (name.to_owned(), way.id.clone());
    view! {
        <li class="stack tight" data-linked="">
            <b>{name}</b>
            <span class="small">{person}{t!(w, "access-way-since", at = since)}</span>
            <RemoveWayForm>
                <input type="hidden" name="way" value=id/>
                <button class="link" type="submit" aria-label=label>{w.t("identity-unlink")}</button>
            </RemoveWayForm>
        </li>
    }
}

fn free_row(w: Words, offer: &Identity) -> impl IntoView + use<> {
    let name = offer.name.of(w.lang).to_owned();
    let label = t!(w, "identity-add-label", provider = &name);
    let provider = offer.provider.clone();
    view! {
        <li class="stack tight">
            <b>{name}</b>
            <IdentityAddForm>
                <input type="hidden" name="provider" value=provider/>
                <button class="link" type="submit" aria-label=label>{w.t("identity-add")}</button>
            </IdentityAddForm>
        </li>
    }
}
