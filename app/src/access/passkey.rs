//! Passkeys on the pages: a button that the page's script brings to life, and the list of keys.
//!
//! Without scripts there are no passkeys, so their forms are hidden until the script shows them.

use cabinet::access::{Way, WayKind};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use locales::{Words, t};

use super::forms::{PasskeyRenameForm, RemoveWayForm};
use super::pages::next_field;
use super::ways_api::{
    PasskeyAdd, PasskeyAsked, PasskeyConfirm, PasskeyNew, PasskeyProve, PasskeySignIn,
};
use crate::request::Ask;
use crate::ui::field::{FormError, TextField, access_script};
use crate::ui::format;

/// What a passkey is asked for.
#[derive(Clone, Copy)]
pub enum Use {
    /// Signing in; the browser may offer it in the fields of the page too.
    SignIn,
    /// The second proof.
    Prove,
    /// Confirming that it is the same person.
    Confirm,
}

/// The button, where passkeys can be used.
pub async fn passkey_button(ask: &Ask, how: Use, next: String) -> Option<AnyView> {
    if !ask.cabinet.ports().passkeys.is_there() {
        return None;
    }
    let (form, w) = (ask.form("passkey").await, ask.words);
    let (action, label) = match how {
        Use::SignIn => (PasskeySignIn::url(), w.t("access-passkey-sign-in")),
        Use::Prove => (PasskeyProve::url(), w.t("access-passkey-prove")),
        Use::Confirm => (PasskeyConfirm::url(), w.t("access-passkey-confirm")),
    };
    let offered = matches!(how, Use::SignIn).then_some("");
    Some(
        view! {
            <form class="stack tight" id="passkey" method="post" action=action hidden
                data-passkey="get" data-ask=PasskeyAsked::url() data-offered=offered>
                <FormError form=form/>
                <input type="hidden" name="token"/>
                <input type="hidden" name="credential"/>
                {next_field(next)}
                <button class="button second wide" type="submit">{label}</button>
                <p class="small" role="status" hidden data-failed=w.t("access-passkey-failed")></p>
                {access_script()}
            </form>
        }
        .into_any(),
    )
}

/// The keys of the borrower and the form that adds one.
pub async fn passkeys(ask: &Ask, ways: &[Way], device: String) -> Option<AnyView> {
    if !ask.cabinet.ports().passkeys.is_there() {
        return None;
    }
    let (form, w) = (ask.form("passkey-add").await, ask.words);
    let offset = ask.cabinet.lender().clock_offset_minutes;
    let keys: Vec<_> = ways
        .iter()
        .filter(|way| way.kind == WayKind::Passkey)
        .map(|way| row(w, way, offset))
        .collect();
    let list = (!keys.is_empty()).then(|| {
        view! { <ul class="plain stack" id="passkeys">{keys}</ul> }
    });
    Some(
        view! {
            <section class="stack">
                <div class="stack tight">
                    <h2 class="h3">{w.t("access-passkeys")}</h2>
                    <p class="quiet">{w.t("access-passkeys-lead")}</p>
                </div>
                {list}
                <form class="stack" id="passkey-add" method="post" action=PasskeyAdd::url() hidden
                    data-passkey="create" data-ask=PasskeyNew::url()>
                    <FormError form=form.clone()/>
                    <input type="hidden" name="token"/>
                    <input type="hidden" name="credential"/>
                    <TextField form name="name" label=w.t("access-passkey-name") max=40 value=device
                        complete="off"/>
                    <button class="button second wide" type="submit">{w.t("access-passkey-add")}</button>
                    <p class="small" role="status" hidden data-failed=w.t("access-passkey-failed")></p>
                    {access_script()}
                </form>
                <noscript><p class="small">{w.t("access-passkey-noscript")}</p></noscript>
            </section>
        }
        .into_any(),
    )
}

fn row(w: Words, way: &Way, offset: i32) -> impl IntoView + use<> {
    let since = format::moment(w, way.created_at, offset);
    let (id, name) = (way.id.clone(), way.subject.clone());
    let (same, shown, field) = (id.clone(), name.clone(), format!("f-name-{id}"));
    let label = t!(w, "access-passkey-rename-label", name = &name);
    let remove = t!(w, "access-way-remove-label", name = &name);
    view! {
        <li class="stack tight">
            <b>{shown}</b>
            <span class="small">{t!(w, "access-way-since", at = since)}</span>
            <details>
                <summary class="small">{w.t("access-passkey-change")}</summary>
                <div class="stack">
                    <PasskeyRenameForm class="stack tight">
                        <input type="hidden" name="way" value=same/>
                        <div class="field">
                            <label for=field.clone()>{w.t("access-passkey-name")}</label>
                            <input id=field name="name" value=name maxlength="40" aria-label=label
                                autocomplete="off"/>
                        </div>
                        <button class="button second" type="submit">{w.t("access-passkey-rename")}</button>
                    </PasskeyRenameForm>
                    <RemoveWayForm>
                        <input type="hidden" name="way" value=id/>
                        <button class="link" type="submit" aria-label=remove>{w.t("access-way-remove")}</button>
                    </RemoveWayForm>
                </div>
            </details>
        </li>
    }
}
