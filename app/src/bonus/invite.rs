//! `/invite`: the own link and code, and how many friends came. `/i/{code}`: where the link leads.

use crate::request::address::{path_part, query};
use axum::http::header::SET_COOKIE;
use cabinet::bonus::{self, InvitationState};
use cabinet::{Lender, agent};
use leptos::prelude::*;
use locales::t;

use crate::agent::note;
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
    let code = match path_part("code") {
        code if code.is_empty() => query().get("code").unwrap_or_default(),
        code => code,
    };
    page(move |ask: Ask| async move {
        let w = ask.words;
        let code = tidy(&code);
        let mut form = FormState::default();
        if !code.is_empty() {
            if let Some(kept) = brought_by(&ask, &code).await? {
                kept.keep();
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

/// A code as it is looked for. What no text column holds is no part of any code.
pub fn tidy(code: &str) -> String {
    let held = |letter: char| if letter.is_control() { '?' } else { letter };
    let code = code.trim().to_lowercase();
    code.chars().map(held).take(20).collect()
}

/// What a browser keeps of the code it came by; nothing where an earlier agent's link stands.
pub struct Kept(Option<String>);

impl Kept {
    /// Leaves it with the browser, until a cabinet is made in it.
    pub fn keep(self) {
        if let Some(cookie) = self.0
            && let Some(response) = use_context::<leptos_axum::ResponseOptions>()
            && let Ok(cookie) = axum::http::HeaderValue::from_str(&cookie)
        {
            response.append_header(SET_COOKIE, cookie);
        }
    }
}

/// Whether somebody may come by a code here.
pub fn by_code(lender: &Lender) -> bool {
    let bonus = lender.bonus.as_ref();
    bonus.is_some_and(|bonus| bonus.friends.is_some()) || lender.agent.is_some()
}

/// The field for a code on a form of registering, folded until it is wanted; nothing where no code brings anything.
pub fn field(ask: &Ask, form: &FormState) -> Option<impl IntoView + use<>> {
    let w = ask.words;
    let open = !form.value(FIELD).is_empty() || form.errors.contains_key(FIELD);
    by_code(ask.cabinet.lender()).then(|| {
        view! {
            <details id="brought-by" open=open>
                <summary>{w.t("invite-brought")}</summary>
                <TextField form=form.clone() name=FIELD label=w.t("invite-brought-field")
                    hint=w.t("invite-brought-hint")/>
            </details>
        }
    })
}

/// The name of that field.
pub const FIELD: &str = "came_by";

/// Whose code it is, a friend's or an agent's. A code that is nobody's brings nothing.
pub async fn brought_by(ask: &Ask, code: &str) -> cabinet::Result<Option<Kept>> {
    let (cab, lender) = (&ask.cabinet, ask.cabinet.lender());
    if !by_code(lender) {
        return Err(cabinet::CabinetError::NotFound);
    }
    if lender.bonus.as_ref().is_some_and(|it| it.friends.is_some())
        && let Some(kept) = bonus::keep_code(cab, code).await?
    {
        let cookie =
            format!("{COOKIE}={kept}; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax");
        return Ok(Some(Kept(Some(cookie))));
    }
    let Some(rules) = &lender.agent else {
        return Ok(None);
    };
    if !agent::works(cab, code).await? {
        return Ok(None);
    }
    let signed_in = ask.member().is_ok();
    let kept = agent::follow(cab, code, ask.agent_click(), signed_in).await?;
    Ok(Some(Kept(
        kept.map(|kept| note::cookie(&kept, rules.window_days)),
    )))
}
