//! `/invite`: the own link and code, and how many friends came. `/i/{code}`: where the link leads.

use axum::http::header::SET_COOKIE;
use cabinet::bonus::{self, InvitationState};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use locales::t;

use crate::request::Ask;
use crate::ui::field::{FormState, TextField};
use crate::ui::page::{Narrow, Stop, page};
use crate::ui::waiting::clock;

/// The cookie that keeps whose code was followed until a cabinet is made: signed, so that it can only come from a
/// link or a form of ours.
pub const COOKIE: &str = "__Host-invite";

/// Inviting.
#[component]
pub fn InvitePage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let invited = bonus::invited(&ask.cabinet, borrower).await?;
        let friends = ask.cabinet.lender().bonus.as_ref();
        let Some(rules) = friends.and_then(|bonus| bonus.friends.clone()) else {
            return Err(cabinet::CabinetError::NotFound.into());
        };
        let w = ask.words;
        let link = format!("{}/i/{}", ask.public_url, invited.code);
        let lead = t!(
            w,
            "invite-lead",
            inviter = rules.inviter().to_string(),
            friend = rules.friend().to_string()
        );
        let rows = invited.friends.iter().map(|(at, state)| {
            let name = match state {
                InvitationState::Waiting => "invite-state-waiting",
                InvitationState::Rewarded => "invite-state-rewarded",
                InvitationState::Refused => "invite-state-refused",
            };
            view! {
                <tr data-state=state.code()><td>{clock(&ask, *at)}</td><td>{w.t(name)}</td></tr>
            }
        });
        let rows = rows.collect_view();
        let came = invited.friends.len();
        let table = (came > 0).then(|| view! { <table><tbody>{rows}</tbody></table> });
        Ok(view! {
            <Narrow title=w.t("invite-title") lead=lead>
                <section class="card stack tight">
                    <h2>{w.t("invite-link")}</h2>
                    <p><a href=link.clone() id="invite-link">{link.clone()}</a></p>
                    <p>{w.t("invite-code")}" "<b id="invite-code">{invited.code.clone()}</b></p>
                </section>
                <section class="card stack tight" id="invited" data-count=came.to_string()>
                    <h2>{t!(w, "invite-came", count = came.to_string())}</h2>
                    {table}
                </section>
                <ul>
                    <li>{w.t("invite-rule-paid")}</li>
                    <li>{w.t("invite-rule-self")}</li>
                    <li>{t!(w, "invite-rule-year", count = rules.per_year)}</li>
                    <li>{w.t("invite-rule-quiet")}</li>
                </ul>
                <p><a href="/bonuses">{w.t("bonus-title")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

/// A friend's link, or the field for a friend's code.
#[component]
pub fn CameByPage() -> impl IntoView {
    let params = use_params_map().read_untracked().get("code");
    let typed = use_query_map().read_untracked().get("code");
    page(move |ask: Ask| async move {
        let w = ask.words;
        let code = params.or(typed).unwrap_or_default();
        let code: String = code.trim().to_lowercase().chars().take(20).collect();
        let mut form = FormState::default();
        if !code.is_empty() {
            if let Some(kept) = bonus::keep_code(&ask.cabinet, &code).await? {
                keep(&kept);
                return Err(Stop::Go("/".to_owned()));
            }
            form.values.insert("code".into(), code);
            form.errors.insert("code".into(), w.t("invite-unknown"));
        }
        Ok(view! {
            <Narrow title=w.t("invite-came-title") lead=w.t("invite-came-lead")>
                <form method="get" action="/i" class="stack tight">
                    <TextField form name="code" label=w.t("invite-code-field")/>
                    <button class="button wide" type="submit" id="keep-code">{w.t("invite-code-keep")}</button>
                </form>
                <p><a href="/">{w.t("back")}</a></p>
            </Narrow>
        }
        .into_any())
    })
}

fn keep(kept: &str) {
    let cookie =
        format!("{COOKIE}={kept}; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax");
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(cookie) = axum::http::HeaderValue::from_str(&cookie)
    {
        response.append_header(SET_COOKIE, cookie);
    }
}
