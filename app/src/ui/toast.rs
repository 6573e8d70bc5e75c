//! A short word on the next page about what has just been done. It travels in a cookie of seconds, so it works without
//! scripts and leaves no trace in the address.

use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use locales::Words;

use super::look::cookie;
use crate::request::with_request;

const COOKIE: &str = "__Host-said";

/// What can be said, and the message that says it.
const WORDS: [(&str, &str); 10] = [
    ("signed-out", "toast-signed-out"),
    ("card-added", "toast-card-added"),
    ("tool-added", "toast-tool-added"),
    ("saved", "toast-saved"),
    ("request-cancelled", "toast-request-cancelled"),
    ("identity-linked", "toast-identity-linked"),
    ("passkey-added", "toast-passkey-added"),
    ("email-sent", "toast-email-sent"),
    ("appeal-sent", "appeals-sent"),
    ("appeal-cancelled", "appeals-called-off"),
];

/// Has the next page say it.
pub fn say(what: &str) {
    set(&format!(
        "{COOKIE}={what}; Path=/; Max-Age=20; Secure; HttpOnly; SameSite=Lax"
    ));
}

fn set(cookie: &str) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(cookie),
    ) {
        response.append_header(SET_COOKIE, value);
    }
}

/// What the page before asked to say; said once.
pub fn said(words: Words) -> Option<impl IntoView> {
    let what = with_request(|parts| cookie(parts, COOKIE))??;
    set(&format!(
        "{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"
    ));
    let (_, key) = WORDS.iter().find(|(known, _)| *known == what)?;
    Some(view! { <Toast text=words.t(key)/> })
}

/// The word itself.
#[component]
pub fn Toast(
    /// What is said.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <p class="toast" role="status">{text}</p> }
}
