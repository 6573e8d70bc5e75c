//! The document around every page of the workplace, and what becomes of a refusal.

use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use cabinet::staff::{Action, Role, Staff};
use cabinet::{CabinetError, Lender, Result};
use leptos::nonce::{Nonce, use_nonce};
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use locales::Words;

use super::Desk;
use super::routes::{Done, FilePage, Form, Needs, Page, Sheet, Show};
use crate::error::Code;
use crate::request::{error_of, field_texts};
use crate::shell::{SiteFiles, address};
use crate::ui::field::FormState;
use crate::ui::look::{cookie, theme};
use crate::ui::state::{Kind, StateOf};
use crate::ui::switch::LookSwitch;
use crate::ui::tabs::{Tab, Tabs};

const SAID: &str = "__Host-staff-said";
/// Cookies of the workplace never travel with a request from elsewhere.
const KEPT: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";

/// Only a lender with a chat has this place.
const CHATS: &str = "/staff/chats";
/// Only a lender with agents has this one.
const AGENTS: &str = "/staff/agents";

/// The places of the workplace: who may, the address, the message.
const PLACES: [(Option<Action>, &str, &str); 17] = [
    (None, "/staff", "staff-nav-home"),
    (
        Some(Action::ReadApplications),
        "/staff/applications",
        "staff-nav-applications",
    ),
    (
        Some(Action::ProveIncome),
        "/staff/incomes",
        "staff-nav-incomes",
    ),
    (
        Some(Action::ReadRequests),
        "/staff/requests",
        "staff-nav-requests",
    ),
    (
        Some(Action::ReadRequests),
        "/staff/appeals",
        "staff-nav-appeals",
    ),
    (Some(Action::ReadChats), CHATS, "staff-nav-chats"),
    (
        Some(Action::ReadMoney),
        "/staff/refunds",
        "staff-nav-refunds",
    ),
    (
        Some(Action::ReadMoney),
        "/staff/adjustments",
        "staff-nav-adjustments",
    ),
    (Some(Action::ReadMoney), "/staff/money", "staff-nav-money"),
    (Some(Action::ReadMoney), "/staff/orders", "staff-nav-orders"),
    (Some(Action::ReadAgents), AGENTS, "staff-nav-agents"),
    (
        Some(Action::FindPerson),
        "/staff/people",
        "staff-nav-people",
    ),
    (
        Some(Action::ReadStaff),
        "/staff/agreements",
        "staff-nav-agreements",
    ),
    (
        Some(Action::ReadReports),
        "/staff/promotions",
        "staff-nav-promotions",
    ),
    (Some(Action::ReadReports), "/staff/draws", "staff-nav-draws"),
    (Some(Action::ReadAudit), "/staff/audit", "staff-nav-audit"),
    (
        Some(Action::ReadReports),
        "/staff/reports",
        "staff-nav-reports",
    ),
];

/// Why whoever asks may not, as the answer they get; none when they may.
fn barred(desk: &Desk, needs: Needs) -> Option<CabinetError> {
    match (needs, &desk.staff) {
        (Needs::Nobody, _) | (Needs::Colleague, Some(_)) => None,
        (_, None) => Some(CabinetError::Unauthenticated),
        (Needs::May(_), Some(staff)) if staff.must_change => {
            Some(CabinetError::Forbidden("staff_password_needed"))
        }
        (Needs::May(action), Some(staff)) => {
            (!staff.may(action)).then_some(CabinetError::Forbidden("staff_role"))
        }
    }
}

/// Answers with a page.
pub async fn show(desk: Desk, page: &'static Page, request: &Parts, files: &SiteFiles) -> Response {
    if let Some(refusal) = barred(&desk, page.needs) {
        return refused(&desk, refusal, request, files).await;
    }
    draw(desk, page.show, StatusCode::OK, request, files).await
}

/// Answers a form: goes on, or draws its page again with what was typed.
pub async fn act(
    mut desk: Desk,
    page: &'static Page,
    form: &'static Form,
    request: &Parts,
    files: &SiteFiles,
) -> Response {
    for needs in [page.needs, form.needs] {
        if let Some(refusal) = barred(&desk, needs) {
            return refused(&desk, refusal, request, files).await;
        }
    }
    let refusal = match (form.act)(&desk).await {
        Ok(done) => return go_on(done),
        Err(refusal) => refusal,
    };
    if matches!(
        refusal,
        CabinetError::NotFound | CabinetError::Unauthenticated | CabinetError::Internal(_)
    ) || refusal.code() == "staff_half"
    {
        return refused(&desk, refusal, request, files).await;
    }
    let status = keep(&mut desk, refusal);
    draw(desk, page.show, status, request, files).await
}

/// What was typed and what is wrong with it, for the page that is drawn again.
fn keep(desk: &mut Desk, refusal: CabinetError) -> StatusCode {
    let secret = ["password", "current", "code"];
    desk.form.values = desk
        .typed
        .iter()
        .filter(|(name, value)| !value.is_empty() && !secret.contains(&name.as_str()))
        .cloned()
        .collect();
    if let CabinetError::Fields(fields) = &refusal {
        for item in field_texts(desk.words, fields) {
            desk.form.errors.insert(item.field, item.text);
        }
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    let error = error_of(desk.words, refusal);
    desk.form.general = Some(error.text.clone());
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Answers with a file.
pub async fn file(
    desk: Desk,
    page: &'static FilePage,
    request: &Parts,
    files: &SiteFiles,
) -> Response {
    let made = match barred(&desk, page.needs) {
        Some(refusal) => Err(refusal),
        None => (page.make)(&desk).await,
    };
    let made = match made {
        Ok(made) => made,
        Err(refusal) => return refused(&desk, refusal, request, files).await,
    };
    let mut response = made.bytes.into_response();
    let disposition = made.name.map_or_else(
        || "inline; filename=\"document.jpg\"".to_owned(),
        |name| format!("attachment; filename=\"{name}\""),
    );
    // Bytes have a kind of their own, which this one replaces.
    response.headers_mut().remove(header::CONTENT_TYPE);
    set(&mut response, header::CONTENT_TYPE, made.kind);
    set(&mut response, header::CONTENT_DISPOSITION, &disposition);
    let own = HeaderName::from_static("cross-origin-resource-policy");
    set(&mut response, own, "same-origin");
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(name, value);
    }
}

fn go(to: &str, cookies: &[String]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    set(&mut response, header::LOCATION, to);
    for cookie in cookies {
        set(&mut response, header::SET_COOKIE, cookie);
    }
    response
}

fn go_on(done: Done) -> Response {
    let dead = |name: &str| format!("{name}=; Max-Age=0; {KEPT}");
    match done {
        Done::Go(to, "") => go(&to, &[]),
        Done::Go(to, said) => go(&to, &[format!("{SAID}={said}; Max-Age=20; {KEPT}")]),
        Done::Half(half) => go(
            "/staff/code",
            &[format!("__Host-staff-half={}; Max-Age=300; {KEPT}", half.0)],
        ),
        Done::Entered(token) => {
            let open = format!("__Host-staff={token}; {KEPT}");
            go("/staff", &[open, dead("__Host-staff-half")])
        }
        Done::Left => {
            let mut response = go("/staff/enter", &[dead("__Host-staff")]);
            let clear = HeaderName::from_static("clear-site-data");
            set(&mut response, clear, "\"cache\"");
            response
        }
    }
}

/// A refusal of the whole page. Whoever is not signed in goes to the door, and whoever owes a password to its page.
async fn refused(
    desk: &Desk,
    refusal: CabinetError,
    request: &Parts,
    files: &SiteFiles,
) -> Response {
    match refusal.code() {
        "unauthenticated" | "staff_half" => return go("/staff/enter", &[]),
        "staff_password_needed" => return go("/staff/password", &[]),
        _ => {}
    }
    let error = error_of(desk.words, refusal);
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut desk = desk.clone();
    desk.form = FormState::default();
    // The text of a missing thing speaks of the borrower's own cabinet.
    desk.form.general = (error.code != Code::NotFound).then_some(error.text);
    drawn(
        &desk,
        |desk| Box::pin(stopped(desk)),
        status,
        request,
        files,
    )
    .await
    .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn stopped(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let (kind, title, text) = match &desk.form.general {
        Some(text) => (Kind::Failed, w.t("staff-failed-title"), text.clone()),
        None => (Kind::Empty, w.t("staff-none-title"), w.t("staff-none")),
    };
    let body = view! {
        <div class="page">
            <section class="card stack narrow">
                <StateOf kind title=title.clone() text/>
                <a class="button wide" href="/staff">{w.t("staff-to-home")}</a>
            </section>
        </div>
    };
    Ok(Sheet {
        title,
        body: body.into_any(),
    })
}

async fn draw(
    desk: Desk,
    show: Show,
    status: StatusCode,
    request: &Parts,
    files: &SiteFiles,
) -> Response {
    match drawn(&desk, show, status, request, files).await {
        Ok(response) => response,
        Err(refusal) => refused(&desk, refusal, request, files).await,
    }
}

/// Draws a page into its document.
async fn drawn(
    desk: &Desk,
    show: Show,
    status: StatusCode,
    request: &Parts,
    files: &SiteFiles,
) -> Result<Response> {
    let owner = Owner::new_root(None);
    let sheet = owner.with(|| {
        provide_context(request.clone());
        if let Some(nonce) = request.extensions.get::<Nonce>() {
            provide_context(nonce.clone());
        }
        ScopedFuture::new(show(desk))
    });
    let sheet = sheet.await?;
    let said = said(request, desk.words);
    let html = owner.with(|| document(desk, sheet, said.as_deref(), files).to_html());
    let mut response = (status, Body::from(html)).into_response();
    set(
        &mut response,
        header::CONTENT_TYPE,
        "text/html; charset=utf-8",
    );
    if said.is_some() {
        let cookie = format!("{SAID}=; Max-Age=0; {KEPT}");
        set(&mut response, header::SET_COOKIE, &cookie);
    }
    Ok(response)
}

/// What the form before asked to say.
fn said(request: &Parts, words: Words) -> Option<String> {
    let key = cookie(request, SAID)?;
    let ours = key.starts_with("staff-done-") && words.has(&key);
    ours.then(|| words.t(&key))
}

fn document(
    desk: &Desk,
    sheet: Sheet,
    said: Option<&str>,
    files: &SiteFiles,
) -> impl IntoView + use<> {
    let w = desk.words;
    let lender = desk.cabinet.lender();
    let title = format!("{} · {}", sheet.title, w.t("staff-workplace"));
    let toast = said.map(|text| view! { <p class="toast" role="status">{text.to_owned()}</p> });
    let keys = desk.staff.as_ref().map(|_| {
        view! { <script r#type="module" nonce=use_nonce() src=address("/staff/keys.js", super::KEYS)></script> }
    });
    view! {
        <!DOCTYPE html>
        <html lang=w.lang.code() data-theme=theme().attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <title>{title}</title>
                <link rel="stylesheet" href=files.css.clone()/>
                <link rel="stylesheet" href=address("/staff/style.css", super::STYLE)/>
                <link rel="stylesheet" href="/brand.css"/>
                <link rel="icon" href="/icon.svg" r#type="image/svg+xml"/>
                {keys}
            </head>
            <body class="staff">
                <a class="skip" href="#main">{w.t("skip-to-content")}</a>
                <header class="bar">
                    <a class="logo" href="/staff">
                        <span>{lender.brand.logo_main.clone()}<b>{lender.brand.logo_accent.clone()}</b></span>
                        <span class="small workplace">{w.t("staff-workplace")}</span>
                    </a>
                    {desk.staff.as_ref().map(|staff| sitting(w, staff))}
                </header>
                {desk.staff.as_ref().map(|staff| menu(w, staff, &desk.path, lender))}
                <main id="main" tabindex="-1">{sheet.body}</main>
                {toast}
                <footer class="foot"><div><LookSwitch words=w/></div></footer>
            </body>
        </html>
    }
}

/// Who sits here, and the way out.
fn sitting(w: Words, staff: &Staff) -> impl IntoView + use<> {
    let roles = role_names(w, &staff.roles);
    view! {
        <p class="who" id="who"><b>{staff.name.clone()}</b>" "<span class="small">{roles}</span></p>
        <form method="post" action="/staff/leave">
            <button class="button second" type="submit" id="leave">{w.t("nav-leave")}</button>
        </form>
    }
}

/// «поддержка, платежи».
pub(super) fn role_names(w: Words, roles: &[Role]) -> String {
    let names: Vec<String> = roles
        .iter()
        .map(|role| w.t(&format!("staff-role-{}", role.code())))
        .collect();
    names.join(", ")
}

/// The places that the roles open, of what this lender has.
fn menu(w: Words, staff: &Staff, path: &str, lender: &Lender) -> AnyView {
    if staff.must_change {
        return ().into_any();
    }
    let tabs: Vec<Tab> = PLACES
        .iter()
        .filter(|(_, place, _)| *place != CHATS || lender.help.chat.is_some())
        .filter(|(needs, ..)| needs.is_none_or(|action| staff.may(action)))
        .filter(|(_, place, _)| *place != AGENTS || lender.agent.is_some())
        .map(|(_, place, key)| Tab {
            href: (*place).to_owned(),
            title: w.t(key),
            current: path == *place
                || (*place != "/staff" && path.starts_with(&format!("{place}/"))),
        })
        .collect();
    // On a phone so many places side by side would fill the screen: there they open under one line, which names the
    // place where one is. Either of the two is hidden by the stylesheet, for everybody.
    let here = tabs.iter().find(|tab| tab.current);
    let here = here.map(|tab| view! { <b>{tab.title.clone()}</b> });
    let folded = tabs.clone();
    view! {
        <div class="menu"><Tabs label=w.t("nav-label") tabs/></div>
        <details class="menu folded">
            <summary>{w.t("staff-menu")}{here}</summary>
            <Tabs label=w.t("nav-label") tabs=folded/>
        </details>
    }
    .into_any()
}
