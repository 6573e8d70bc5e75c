//! Pages of signing in.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use locales::{Words, t};

use super::forms::{CodeForm, PhoneForm, ResendForm};
use super::islands::ResendWait;
use crate::request::{AppContext, Ask};
use crate::ui::field::{FormError, FormState, TextField};
use crate::ui::format;
use crate::ui::page::{Narrow, Stop, page};

/// The field of a phone, wherever it is asked for.
pub fn phone_field(w: Words, form: FormState) -> impl IntoView {
    view! {
        <TextField form=form name="phone" label=w.t("access-phone") kind="tel" mode="tel"
            complete="tel" placeholder="+7 900 000-00-00" hint=w.t("access-phone-hint")/>
    }
}

/// `/login`: the phone.
#[component]
pub fn PhonePage() -> impl IntoView {
    let next = use_query_map()
        .read_untracked()
        .get("next")
        .unwrap_or_default();
    page(move |ask: Ask| async move {
        if ask.borrower().is_ok() {
            let next = if next.is_empty() {
                "/cabinet".to_owned()
            } else {
                next
            };
            return Err(Stop::Go(next));
        }
        let form = ask.form("phone").await;
        let w = ask.words;
        // An empty field would overwrite the place that an earlier page remembered.
        let next =
            (!next.is_empty()).then(|| view! { <input type="hidden" name="next" value=next/> });
        Ok(view! {
            <Narrow title=w.t("access-title") lead=w.t("access-lead")>
                <PhoneForm class="stack">
                    <FormError form=form.clone()/>
                    {phone_field(w, form)}
                    {next}
                    <button class="button wide" type="submit">{w.t("access-send")}</button>
                </PhoneForm>
                <p class="small">{w.t("access-no-password")}</p>
            </Narrow>
        }
        .into_any())
    })
}

/// `/login/code`: the code from the SMS.
#[component]
pub fn CodePage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let w = ask.words;
        let Some(code) = ask.who().and_then(|who| who.code) else {
            return Err(Stop::Go("/login".to_owned()));
        };
        let sent = cabinet::access::code_state(&ask.cabinet, code).await?;
        let form = ask.form("code").await;
        let offset = ask.cabinet.lender().clock_offset_minutes;
        let wait = (sent.resend_at - ask.cabinet.now())
            .num_seconds()
            .clamp(0, 3600);
        let at = t!(
            w,
            "access-resend-at",
            at = format::moment(w, sent.resend_at, offset)
        );
        let counting = t!(w, "access-resend-in", left = "{t}");
        // A number is not broken between two lines.
        let phone = sent.phone_masked.replace(' ', "\u{a0}");
        let lead = t!(w, "access-code-lead", phone = phone);
        Ok(view! {
            <Narrow title=w.t("access-code-title") lead=lead>
                <CodeForm class="stack">
                    <FormError form=form.clone()/>
                    <TextField form=form name="code" label=w.t("access-code") class="code"
                        mode="numeric" complete="one-time-code" max=6 focus=true
                        hint=t!(w, "access-code-hint", left = sent.tries_left)/>
                    <button class="button wide" type="submit">{w.t("access-enter")}</button>
                </CodeForm>
                <ResendWait seconds=u32::try_from(wait).unwrap_or_default() at=at counting=counting>
                    <ResendForm>
                        <button class="link" type="submit">{w.t("access-resend")}</button>
                    </ResendForm>
                </ResendWait>
                <p class="small"><a href="/login">{w.t("access-other-phone")}</a></p>
                {sandbox_note(w)}
            </Narrow>
        }
        .into_any())
    })
}

/// Where messages arrive when the sandbox plays the outside world.
pub fn sandbox_note(w: Words) -> Option<AnyView> {
    let url = use_context::<AppContext>()?.sandbox_url?;
    let note = view! {
        <p class="note plain">
            {w.t("access-sandbox")} " "
            <a href=url target="_blank" rel="noopener">{w.t("access-sandbox-inbox")}</a>
        </p>
    };
    Some(note.into_any())
}
