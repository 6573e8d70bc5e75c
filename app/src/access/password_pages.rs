//! Pages of registering with a password, of restoring it and of setting a new one.

use cabinet::access::{Form, Standing};
use cabinet::lender::Asked;
use cabinet::profile;
use leptos::prelude::*;
use locales::{Words, t};

use super::forms::{EmailForm, LinkForm, NewPasswordForm, RegisterForm, RestoreForm};
use super::identity::identity_buttons;
use super::pages::{
    challenge_field, email_field, in_address, next_field, phone_field, restore_ways,
};
use crate::application::pages::needed;
use crate::bonus::invite;
use crate::profile::widgets::draw;
use crate::request::Ask;
use crate::ui::field::{FormError, FormState, PasswordField, TextField, TickField};
use crate::ui::format::unbroken;
use crate::ui::page::{Narrow, Stop, page};

/// `/register`: what the lender asks for before the code: the phone, a password or a person, the consent.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let next = in_address("next");
    page(move |ask: Ask| async move {
        if !ask.cabinet.lender().has_registration() {
            return Err(Stop::Go("/login".to_owned()));
        }
        if ask.member().is_ok() {
            return Err(Stop::Go("/cabinet".to_owned()));
        }
        let form = ask.form("register").await;
        let challenge = challenge_field(ask.words, ask.challenge(Form::Register).await, &form);
        let (w, twice) = (ask.words, ask.cabinet.lender().access.password_twice);
        let lender = ask.cabinet.lender();
        let needed = needed(&ask, lender.largest_amount());
        let identity = identity_buttons(&ask, "", true).await;
        let or = identity
            .is_some()
            .then(|| view! { <p class="quiet">{w.t("identity-or-form")}</p> });
        let email =
            (lender.questionnaire.email != Asked::Off).then(|| email_field(w, form.clone()));
        let person = profile::before_code(lender)
            .into_iter()
            .map(|field| draw(w, &form, field.name, field.required, false))
            .collect_view();
        let password = lender
            .registers_with_password()
            .then(|| new_password(w, &form, twice));
        let lead = w.t(if password.is_some() {
            "access-register-lead"
        } else {
            "access-register-lead-person"
        });
        Ok(view! {
            <Narrow title=w.t("access-register-title") lead=lead>
                {needed}
                {identity}
                {or}
                <RegisterForm class="stack">
                    <FormError form=form.clone()/>
                    {person}
                    {phone_field(w, form.clone())}
                    {email}
                    {password}
                    {invite::field(&ask, &form)}
                    <TickField form=form name="consent">
                        {w.t("access-consent")} " "
                        <a href="/legal/personal_data">{w.t("access-consent-text")}</a>
                    </TickField>
                    {challenge}
                    {next_field(next)}
                    <button class="button wide" type="submit">{w.t("access-register-send")}</button>
                </RegisterForm>
                <p class="small"><a href="/login">{w.t("access-have-cabinet")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// A new password, and once more where the lender asks for it.
fn new_password(w: Words, form: &FormState, twice: bool) -> impl IntoView + use<> {
    let again = twice.then(|| {
        view! {
            <PasswordField form=form.clone() name="repeat" label=w.t("access-password-repeat")
                complete="new-password"/>
        }
    });
    view! {
        <PasswordField form=form.clone() name="password" label=w.t("access-password-new")
            hint=w.t("access-password-hint") complete="new-password"/>
        {again}
    }
}

/// A page of one sentence and a few links.
fn told(key: &'static str, links: &'static [(&'static str, &'static str)]) -> impl IntoView {
    page(move |ask: Ask| async move {
        let w = ask.words;
        let links = links.iter().map(|(href, text)| {
            view! { <p><a href=*href>{w.t(text)}</a></p> }
        });
        let links = links.collect_view();
        Ok(view! {
            <Narrow title=w.t(&format!("{key}-title")) lead=w.t(&format!("{key}-lead"))>{links}</Narrow>
        }
        .into_any())
    })
}

/// `/register/in-use`: said to whoever has typed the code of the number.
#[component]
pub fn InUsePage() -> impl IntoView {
    const LINKS: &[(&str, &str)] = &[
        ("/password/forgot", "access-forgot-offer"),
        ("/login", "access-have-cabinet"),
    ];
    told("access-in-use", LINKS)
}

/// `/register/exists`: the person has a cabinet already; nothing is said of it.
#[component]
pub fn PersonExistsPage() -> impl IntoView {
    const LINKS: &[(&str, &str)] = &[
        ("/login", "access-have-cabinet"),
        ("/phone-change", "access-phone-changed"),
    ];
    told("access-exists", LINKS)
}

/// `/password/no-cabinet`: the number has none, so there is nothing to restore.
#[component]
pub fn NoCabinetPage() -> impl IntoView {
    told("access-no-cabinet", &[("/", "access-no-cabinet-begin")])
}

/// `/password/sent`: a letter is on its way, if there is whom to write to.
#[component]
pub fn SentPage() -> impl IntoView {
    told("access-sent", &[("/login", "access-back")])
}

/// `/email/confirmed`.
#[component]
pub fn EmailConfirmedPage() -> impl IntoView {
    told("access-email-confirmed", &[("/cabinet", "page-home")])
}

/// `/password/forgot`: a phone or an e-mail address.
#[component]
pub fn ForgotPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        if ask.cabinet.lender().access.restore.is_empty() {
            return Err(Stop::Go("/login".to_owned()));
        }
        let form = ask.form("restore").await;
        let challenge = challenge_field(ask.words, ask.challenge(Form::Restore).await, &form);
        let w = ask.words;
        let lender = ask.cabinet.lender();
        let lost = t!(
            w,
            "access-lost-all",
            hotline = unbroken(&lender.hotline),
            hours = crate::lender::hours(w, &lender.help.hours)
        );
        Ok(view! {
            <Narrow title=w.t("access-forgot-title") lead=restore_ways(&ask)>
                <RestoreForm class="stack">
                    <FormError form=form.clone()/>
                    <TextField form=form name="login" label=w.t("access-login")
                        complete="username" focus=true/>
                    {challenge}
                    <button class="button wide" type="submit">{w.t("access-forgot-send")}</button>
                </RestoreForm>
                <p class="small">{lost}</p>
            </Narrow>
        }
        .into_any())
    })
}

/// `/password/new`: owed at the first sign-in or after forgetting, or changed at will.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    let next = in_address("next");
    page(move |ask: Ask| async move {
        ask.member()?;
        if ask.standing() == Standing::NeedsProof {
            ask.borrower()?;
        }
        if !ask.cabinet.lender().access.method.has_password() {
            return Err(Stop::Go("/security".to_owned()));
        }
        let form = ask.form("new-password").await;
        let (w, twice) = (ask.words, ask.cabinet.lender().access.password_twice);
        let owed = ask.standing() == Standing::NeedsPassword;
        let current = (!owed).then(|| {
            view! {
                <PasswordField form=form.clone() name="current" label=w.t("access-password-current")
                    complete="current-password"/>
            }
        });
        let lead = w.t(if owed {
            "access-new-lead-owed"
        } else {
            "access-new-lead"
        });
        Ok(view! {
            <Narrow title=w.t("access-new-title") lead=lead>
                <NewPasswordForm class="stack">
                    <FormError form=form.clone()/>
                    {current}
                    {new_password(w, &form, twice)}
                    {next_field(next)}
                    <button class="button wide" type="submit">{w.t("access-new-save")}</button>
                </NewPasswordForm>
            </Narrow>
        }
        .into_any())
    })
}

/// `/password/link`: the link of a letter. Looking at it changes nothing: mail hosts look too.
#[component]
pub fn PasswordLinkPage() -> impl IntoView {
    let token = in_address("token");
    page(move |ask: Ask| async move {
        let w = ask.words;
        let Ok(state) = cabinet::access::link_state(&ask.cabinet, &token).await else {
            return Ok(view! {
                <Narrow title=w.t("access-link-title") lead=w.t("access-link-old")>
                    <p><a class="button" href="/password/forgot">{w.t("access-link-again")}</a></p>
                </Narrow>
            }
            .into_any());
        };
        let form = ask.form("link").await;
        let twice = ask.cabinet.lender().access.password_twice;
        let tail = state.tail.then(|| tail_field(w, form.clone()));
        Ok(view! {
            <Narrow title=w.t("access-link-title") lead=w.t("access-link-lead")>
                <LinkForm class="stack">
                    <FormError form=form.clone()/>
                    <input type="hidden" name="token" value=token/>
                    {tail}
                    {new_password(w, &form, twice)}
                    <button class="button wide" type="submit">{w.t("access-new-save")}</button>
                </LinkForm>
            </Narrow>
        }
        .into_any())
    })
}

/// The last digits of the passport's number.
pub(super) fn tail_field(w: Words, form: FormState) -> impl IntoView {
    view! {
        <TextField form=form name="tail" label=w.t("access-tail") mode="numeric" max=5
            class="short" complete="off" hint=w.t("access-tail-hint")/>
    }
}

/// `/email/link`: the link that confirms an address; looking at it changes nothing.
#[component]
pub fn EmailLinkPage() -> impl IntoView {
    let token = in_address("token");
    page(move |ask: Ask| async move {
        let (form, w) = (ask.form("email").await, ask.words);
        Ok(view! {
            <Narrow title=w.t("access-email-title") lead=w.t("access-email-lead")>
                <EmailForm class="stack">
                    <FormError form=form/>
                    <input type="hidden" name="token" value=token/>
                    <button class="button wide" type="submit">{w.t("access-email-confirm")}</button>
                </EmailForm>
            </Narrow>
        }
        .into_any())
    })
}
