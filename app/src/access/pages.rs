//! Pages of signing in.

use crate::request::address::query;
use cabinet::access::{Challenge, Form};
use cabinet::lender::onboarding::Flow;
use cabinet::lender::{AccessMethod, ChallengeKind, Restore};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use locales::{Words, t};

use super::forms::{CodeForm, PasswordForm, PhoneForm, ResendForm};
use super::identity::identity_buttons;
use super::islands::ResendWait;
use super::passkey::{Use, passkey_button};
use crate::application::pages::needed;
use crate::bonus::invite;
use crate::request::{AppContext, Ask};
use crate::ui::field::{FormError, FormState, PasswordField, TextField, access_script};
use crate::ui::format;
use crate::ui::page::{Narrow, Stop, page};

/// The field of a phone, wherever it is asked for.
pub fn phone_field(w: Words, form: FormState) -> impl IntoView {
    view! {
        <TextField form=form name="phone" label=w.t("access-phone") kind="tel" mode="tel"
            complete="tel" placeholder="+7 900 000-00-00" hint=w.t("access-phone-hint")/>
    }
}

/// The field of an e-mail address.
pub fn email_field(w: Words, form: FormState) -> impl IntoView {
    view! {
        <TextField form=form name="email" label=w.t("access-email") kind="email" mode="email"
            complete="email"/>
    }
}

/// Something of the page's address, such as `next`.
pub(super) fn in_address(name: &str) -> String {
    query().get(name).unwrap_or_default()
}

/// Where to go after the form. An empty field would overwrite the place that an earlier page remembered.
pub(super) fn next_field(next: String) -> Option<impl IntoView> {
    (!next.is_empty()).then(|| view! { <input type="hidden" name="next" value=next/> })
}

/// What shows that a person is no robot: computed by the browser itself, or read in a picture.
///
/// `form` is the last try: where it was refused for this, the field says so itself.
pub(crate) fn challenge_field(
    w: Words,
    challenge: Option<Challenge>,
    form: &FormState,
) -> Option<AnyView> {
    let challenge = challenge?;
    let refused = form.general.as_deref() == Some(w.t("error-challenge").as_str());
    let by_hand = by_hand(w, &challenge, refused);
    let hidden = view! {
        <input type="hidden" name="challenge" value=challenge.token.clone()/>
        <input type="hidden" name="proof"/>
    };
    let field = match challenge.kind {
        ChallengeKind::Picture => {
            view! { <div class="stack tight">{hidden}{by_hand}</div> }.into_any()
        }
        ChallengeKind::ProofOfWork => view! {
            <div class="stack tight" data-work=challenge.token data-bits=challenge.bits.to_string()>
                {hidden}
                <p class="small" role="status" data-busy=w.t("access-work-busy")
                    data-done=w.t("access-work-done")></p>
                <noscript>{by_hand}</noscript>
                {access_script()}
            </div>
        }
        .into_any(),
        ChallengeKind::SmartCaptcha => match smart_captcha() {
            // Where the service's script does not come, or there is none, people answer by hand.
            Some(service) => view! {
                <div class="stack tight">
                    {hidden}
                    {service}
                    <details>
                        <summary>{w.t("access-by-hand")}</summary>
                        {by_hand}
                    </details>
                    {access_script()}
                </div>
            }
            .into_any(),
            None => view! { <div class="stack tight">{hidden}{by_hand}</div> }.into_any(),
        },
    };
    Some(field)
}

fn by_hand(w: Words, challenge: &Challenge, refused: bool) -> impl IntoView + use<> {
    let error = refused.then(|| w.t("access-answer-again"));
    view! {
        <div class="field short" data-field="answer" data-error=refused.then_some("")>
            <label for="f-answer">{w.t("access-answer")}</label>
            <img src=challenge.picture.clone() alt=w.t("access-picture") width="200" height="72"/>
            <p class="hint" id="f-answer-hint">{challenge.question.clone()}</p>
            <input id="f-answer" name="answer" inputmode="numeric" autocomplete="off" maxlength="8"
                aria-describedby="f-answer-error f-answer-hint" aria-invalid=refused.then_some("true")/>
            <p class="error" id="f-answer-error" hidden=!refused>{error}</p>
        </div>
    }
}

fn smart_captcha() -> Option<impl IntoView> {
    let cabinet = use_context::<AppContext>()?.cabinet;
    let key = cabinet.lender().access.smart_captcha_key.clone()?;
    let script = format!("{}/captcha.js", cabinet.ports().captcha.origin()?);
    Some(view! {
        <div class="smart-captcha" data-sitekey=key></div>
        <script nonce=use_nonce() src=script defer=""></script>
    })
}

/// `/login`: what the lender's file says people begin with.
#[component]
pub fn PhonePage() -> impl IntoView {
    let (next, by) = (in_address("next"), in_address("by"));
    page(move |ask: Ask| async move {
        if ask.member().is_ok() {
            let next = if next.is_empty() {
                "/cabinet".to_owned()
            } else {
                next
            };
            return Err(Stop::Go(next));
        }
        let method = ask.cabinet.lender().access.method;
        let by_phone = by == "phone" && method == AccessMethod::EmailPassword;
        match method {
            AccessMethod::PhoneCode | AccessMethod::PhoneThenPassword => phone(ask, next).await,
            AccessMethod::EmailPassword if by_phone => phone(ask, next).await,
            AccessMethod::PhonePassword | AccessMethod::EmailPassword => password(ask, next).await,
        }
    })
}

async fn phone(ask: Ask, next: String) -> Result<AnyView, Stop> {
    let form = ask.form("phone").await;
    let challenge = challenge_field(ask.words, ask.challenge(Form::Code).await, &form);
    let w = ask.words;
    let method = ask.cabinet.lender().access.method;
    let lender = ask.cabinet.lender();
    // Where registering comes first and has no form of its own, this is the first form.
    let first = lender.onboarding.flow == Flow::RegistrationFirst && !lender.has_registration();
    let needed = first.then(|| needed(&ask, lender.largest_amount()));
    let (lead, below) = match method {
        AccessMethod::PhoneThenPassword => (w.t("access-lead-then"), links(&ask).into_any()),
        AccessMethod::EmailPassword => (w.t("access-lead-phone"), links(&ask).into_any()),
        _ => {
            let note = view! {
                <p class="small">{w.t("access-no-password")}</p>
                {links(&ask)}
            };
            (w.t("access-lead"), note.into_any())
        }
    };
    let passkey = passkey_button(&ask, Use::SignIn, next.clone()).await;
    let identity = identity_buttons(&ask, &next, false).await;
    let send = lender.wording.send_code.as_ref();
    let send = send.map_or_else(|| w.t("access-send"), |text| text.of(w.lang).to_owned());
    Ok(view! {
        <Narrow title=w.t("access-title") lead=lead>
            {needed}
            <PhoneForm class="stack">
                <FormError form=form.clone()/>
                {phone_field(w, form)}
                {challenge}
                {next_field(next)}
                <button class="button wide" type="submit">{send}</button>
            </PhoneForm>
            {passkey}
            {identity}
            {below}
        </Narrow>
    }
    .into_any())
}

async fn password(ask: Ask, next: String) -> Result<AnyView, Stop> {
    let form = ask.form("password").await;
    let challenge = challenge_field(ask.words, ask.challenge(Form::Password).await, &form);
    let w = ask.words;
    let by_email = ask.cabinet.lender().access.method == AccessMethod::EmailPassword;
    let login = if by_email {
        email_field(w, form.clone()).into_any()
    } else {
        phone_field(w, form.clone()).into_any()
    };
    let by_phone = by_email.then(|| {
        view! { <p class="small"><a href="/login?by=phone">{w.t("access-by-phone")}</a></p> }
    });
    let passkey = passkey_button(&ask, Use::SignIn, next.clone()).await;
    let identity = identity_buttons(&ask, &next, false).await;
    Ok(view! {
        <Narrow title=w.t("access-title") lead=w.t("access-lead-password")>
            <PasswordForm class="stack">
                <FormError form=form.clone()/>
                {login}
                <PasswordField form=form name="password" label=w.t("access-password")
                    complete="current-password"/>
                {challenge}
                {next_field(next)}
                <button class="button wide" type="submit">{w.t("access-enter")}</button>
            </PasswordForm>
            {passkey}
            {identity}
            {by_phone}
            {links(&ask)}
        </Narrow>
    }
    .into_any())
}

/// What stands under a form with a password.
pub(super) fn links(ask: &Ask) -> impl IntoView + use<> {
    let (w, access) = (ask.words, &ask.cabinet.lender().access);
    let forgotten = (!access.restore.is_empty()).then(|| {
        view! { <p class="small"><a href="/password/forgot">{w.t("access-forgot")}</a></p> }
    });
    let register = ask.cabinet.lender().has_registration().then(|| {
        view! { <p class="small"><a href="/register">{w.t("access-register")}</a></p> }
    });
    let invited = invite::by_code(ask.cabinet.lender()).then(|| {
        view! { <p class="small"><a href="/i" id="have-code">{w.t("invite-have-code")}</a></p> }
    });
    let changed = view! {
        <p class="small"><a href="/phone-change" id="phone-changed">{w.t("access-phone-changed")}</a></p>
    };
    view! { <div class="stack tight">{forgotten}{register}{invited}{changed}</div> }
}

/// How a password is restored here, in words.
pub(super) fn restore_ways(ask: &Ask) -> String {
    let ways = &ask.cabinet.lender().access.restore;
    let key = match (ways.contains(&Restore::Sms), ways.contains(&Restore::Email)) {
        (true, true) => "access-restore-both",
        (false, true) => "access-restore-email",
        _ => "access-restore-sms",
    };
    ask.words.t(key)
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
