//! Pages of proving oneself, and of who is signed in where.

use cabinet::access::{self, SignInView, Way, WayKind};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use locales::{Words, t};

use super::forms::{
    AskConfirmationForm, ConfirmForm, EndForm, EndOthersForm, ProofForm, RemoveWayForm,
};
use super::identity::accounts;
use super::islands::ResendWait;
use super::pages::{in_address, next_field, sandbox_note};
use super::passkey::{Use, passkey_button, passkeys};
use super::password_pages::tail_field;
use super::ways_api::EmailAgain;
use crate::request::Ask;
use crate::ui::field::{FormError, FormState, PasswordField, TextField};
use crate::ui::format;
use crate::ui::page::{Narrow, Stop, in_query, page};

/// `/proof`: what a device never seen before owes besides the code.
#[component]
pub fn ProofPage() -> impl IntoView {
    let (next, by) = (in_address("next"), in_address("by"));
    page(move |ask: Ask| async move {
        let (borrower, sign_in) = ask.member()?;
        if ask.standing() != access::Standing::NeedsProof {
            let next = if next.is_empty() {
                "/cabinet".to_owned()
            } else {
                next
            };
            return Err(Stop::Go(next));
        }
        let proofs = access::proofs(&ask.cabinet, borrower).await?;
        let (form, w) = (ask.form("proof").await, ask.words);
        // Whoever restores a password is not asked for it.
        let forgotten = access::renews_password(&ask.cabinet, sign_in).await?;
        let by_password = proofs.password && !(proofs.tail && (forgotten || by == "passport"));
        let (lead, field) = if by_password {
            let field = view! {
                <PasswordField form=form.clone() name="password" label=w.t("access-password")
                    complete="current-password" focus=true/>
            };
            (w.t("access-proof-lead-password"), field.into_any())
        } else {
            (
                w.t("access-proof-lead"),
                tail_field(w, form.clone()).into_any(),
            )
        };
        let other = (by_password && proofs.tail).then(|| {
            let href = format!("/proof?by=passport&next={}", in_query(&next));
            view! { <p class="small"><a href=href>{w.t("access-proof-forgot")}</a></p> }
        });
        let hotline = format::unbroken(&ask.cabinet.lender().hotline);
        let passkey = if proofs.passkey {
            passkey_button(&ask, Use::Prove, next.clone()).await
        } else {
            None
        };
        Ok(view! {
            <Narrow title=w.t("access-proof-title") lead=lead>
                <ProofForm class="stack">
                    <FormError form=form/>
                    {field}
                    {next_field(next)}
                    <button class="button wide" type="submit">{w.t("access-proof-send")}</button>
                </ProofForm>
                {passkey}
                {other}
                <p class="small">{t!(w, "access-proof-why", hotline = &hotline)}</p>
            </Narrow>
        }
        .into_any())
    })
}

/// `/confirm`: the person shows once more that it is them, before something that matters.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let next = in_address("next");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let next = Some(next)
            .filter(|next| !next.is_empty())
            .or_else(|| ask.who().and_then(|who| who.next.clone()))
            .unwrap_or_default();
        let (form, w) = (ask.form("confirm").await, ask.words);
        let sent = match ask.who().and_then(|who| who.code) {
            Some(code) => access::code_state(&ask.cabinet, code).await.ok(),
            None => None,
        };
        let proofs = access::proofs(&ask.cabinet, borrower).await?;
        let passkey = if proofs.passkey {
            passkey_button(&ask, Use::Confirm, next.clone()).await
        } else {
            None
        };
        let body = if proofs.password {
            view! {
                <ConfirmForm class="stack">
                    <FormError form=form.clone()/>
                    <PasswordField form=form name="password" label=w.t("access-password")
                        complete="current-password" focus=true/>
                    {next_field(next)}
                    <button class="button wide" type="submit">{w.t("access-confirm-send")}</button>
                </ConfirmForm>
            }
            .into_any()
        } else if let Some(sent) = sent {
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
            let again = next.clone();
            view! {
                <ConfirmForm class="stack">
                    <FormError form=form.clone()/>
                    <TextField form=form name="code" label=w.t("access-code") class="code"
                        mode="numeric" complete="one-time-code" max=6 focus=true
                        hint=t!(w, "access-code-hint", left = sent.tries_left)/>
                    {next_field(next)}
                    <button class="button wide" type="submit">{w.t("access-confirm-send")}</button>
                </ConfirmForm>
                <ResendWait seconds=u32::try_from(wait).unwrap_or_default() at=at counting=counting>
                    <AskConfirmationForm>
                        {next_field(again)}
                        <button class="link" type="submit">{w.t("access-resend")}</button>
                    </AskConfirmationForm>
                </ResendWait>
                {sandbox_note(w)}
            }
            .into_any()
        } else {
            view! {
                <AskConfirmationForm class="stack">
                    <FormError form=form/>
                    {next_field(next)}
                    <button class="button wide" type="submit">{w.t("access-send")}</button>
                </AskConfirmationForm>
            }
            .into_any()
        };
        Ok(view! {
            <Narrow title=w.t("access-confirm-title") lead=w.t("access-confirm-lead")>
                {body}
                {passkey}
            </Narrow>
        }
        .into_any())
    })
}

/// `/security`: who is signed in where, and the password.
#[component]
pub fn SecurityPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let (_, own) = ask.member()?;
        let (form, w) = (ask.form("security").await, ask.words);
        let offset = ask.cabinet.lender().clock_offset_minutes;
        let visits = access::sign_ins(&ask.cabinet, borrower).await?;
        let several = visits.len() > 1;
        let rows = visits
            .into_iter()
            .map(|visit| row(w, &visit, visit.id == own, offset))
            .collect_view();
        let password = ask.cabinet.lender().access.method.has_password().then(|| {
            view! { <p><a href="/password/new">{w.t("access-change-password")}</a></p> }
        });
        let others = several.then(|| {
            view! {
                <EndOthersForm>
                    <button class="button second wide" type="submit">{w.t("access-end-others")}</button>
                </EndOthersForm>
            }
        });
        let ways = access::ways(&ask.cabinet, borrower).await?;
        let passkeys = passkeys(&ask, &ways, device(w, &ask.origin.user_agent)).await;
        let accounts = accounts(&ask, &ways);
        let needed = ask.cabinet.lender().questionnaire.email.is_required();
        let addresses = addresses(w, &ways, needed, ask.form("email-again").await);
        Ok(view! {
            <Narrow title=w.t("access-security-title") lead=w.t("access-security-lead")>
                <FormError form=form/>
                <ul class="plain stack" id="sessions">{rows}</ul>
                {others}
                {password}
                {passkeys}
                {addresses}
                {accounts}
            </Narrow>
        }
        .into_any())
    })
}

/// The e-mail addresses: the one in use, and one that waits for its click. Where the lender has to have one
/// (`needed`), the one in use is replaced in the questionnaire and not removed.
fn addresses(
    w: Words,
    ways: &[Way],
    needed: bool,
    form: FormState,
) -> Option<impl IntoView + use<>> {
    let rows: Vec<_> = ways
        .iter()
        .filter(|way| way.kind == WayKind::Email)
        .map(|way| address(w, way, needed))
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="stack">
                <h2 class="h3">{w.t("access-email-addresses")}</h2>
                <FormError form/>
                <ul class="plain stack" id="emails">{rows}</ul>
            </section>
        }
    })
}

fn address(w: Words, way: &Way, needed: bool) -> impl IntoView + use<> {
    let (state, again) = if way.confirmed {
        ("access-email-is-confirmed", None)
    } else {
        let again = view! {
            <form method="post" action=EmailAgain::url() id="email-again">
                <button class="link" type="submit">{w.t("access-email-again")}</button>
            </form>
        };
        ("access-email-waits", Some(again))
    };
    let stays = needed && way.confirmed;
    let remove = (!stays).then(|| {
        let (label, id) = (t!(w, "access-way-remove-label", name = &way.subject), way.id.clone());
        view! {
            <RemoveWayForm>
                <input type="hidden" name="way" value=id/>
                <button class="link" type="submit" aria-label=label>{w.t("access-email-remove")}</button>
            </RemoveWayForm>
        }
    });
    let replaced = stays.then(|| {
        view! { <span class="small"><a href="/profile/work">{w.t("access-email-replace")}</a></span> }
    });
    view! {
        <li class="stack tight" data-confirmed=way.confirmed.to_string()>
            <b>{way.subject.clone()}</b>
            <span class="small">{w.t(state)}</span>
            {again}
            {remove}
            {replaced}
        </li>
    }
}

fn row(w: Words, visit: &SignInView, own: bool, offset: i32) -> impl IntoView + use<> {
    let place = visit.place.clone();
    let place = place.unwrap_or_else(|| w.t("access-place-unknown"));
    let used = format::moment(w, visit.used_at, offset);
    let used = t!(w, "access-session-used", place = place, at = used);
    let end = if own {
        view! { <span class="small">{w.t("access-session-own")}</span> }.into_any()
    } else {
        let id = visit.id.to_string();
        view! {
            <EndForm>
                <input type="hidden" name="session" value=id/>
                <button class="link" type="submit">{w.t("access-session-end")}</button>
            </EndForm>
        }
        .into_any()
    };
    view! {
        <li class="stack tight">
            <b>{device(w, &visit.agent)}</b>
            <span class="small">{used}</span>
            {end}
        </li>
    }
}

/// «Chrome, Android»: what a browser says of itself, in two words that people know.
fn device(w: Words, agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(sign, _)| agent.contains(sign));
        found.map(|(_, name)| *name)
    };
    // The order matters: each of them also calls itself by the names of those after it.
    let browser = known(&[
        ("YaBrowser", "Яндекс Браузер"),
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = known(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => w.t("access-device-unknown"),
    }
}

#[cfg(test)]
mod tests {
    use locales::Words;

    use super::device;

    #[test]
    fn a_browser_is_named_as_people_know_it() {
        let name = |agent| device(Words::default(), agent);
        let phone = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/126.0.0.0 YaBrowser/24.6.0 Mobile Safari/537.36";
        assert_eq!(name(phone), "Яндекс Браузер, Android");
        let apple = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
        assert_eq!(name(apple), "Safari, iPhone");
        assert_eq!(name("curl/8"), "Неизвестное устройство");
    }
}
