//! What every page carries: the tags of its head, and the place where news of the application is said.

use std::sync::Arc;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use locales::{Lang, Words};

use super::Build;
use crate::request::{Ask, words};

/// The name of a borrower on a device: a page knows by it whose data it finds there.
const DEVICE: &str = "device";

/// The manifest in a language. Browsers fetch it without cookies, so the page says which by the address.
pub const fn manifest_address(lang: Lang) -> &'static str {
    match lang {
        Lang::Ru => "/manifest.webmanifest",
        Lang::En => "/manifest.en.webmanifest",
    }
}

/// The manifest, the colour of the browser's bar, the script.
pub fn head() -> impl IntoView {
    let build = use_context::<Arc<Build>>().unwrap_or_default();
    let manifest = build.installable.then(|| {
        view! {
            <link rel="manifest" href=manifest_address(words().lang)/>
            <link rel="apple-touch-icon" href="/icons/180.png"/>
        }
    });
    let script = (!build.version.is_empty()).then(|| {
        view! { <script r#type="module" r#async=true fetchpriority="low" nonce=use_nonce() src=build.script.clone()></script> }
    });
    view! {
        <meta name="theme-color" content=build.colour.clone()/>
        {manifest}
        {script}
    }
}

/// News of the application: a new version, a form that could not be sent.
#[component]
pub fn Announcer(words: Words, ask: Option<Ask>) -> impl IntoView {
    let build = use_context::<Arc<Build>>().unwrap_or_default();
    let w = words;
    view! {
        <div id="pwa" data-build=build.version.clone() data-holder=ask.as_ref().and_then(holder)
            data-unsent=w.t("pwa-unsent") data-unsent-money=w.t("pwa-unsent-money")>
            <p class="note bad" id="news" role="alert" tabindex="-1" hidden></p>
            <div role="status">
                <div class="toast" id="update" hidden>
                    <p>{w.t("pwa-update")}</p>
                    <button class="link" type="button" id="update-now">{w.t("pwa-update-now")}</button>
                    <button class="link" type="button" id="update-later">{w.t("pwa-update-later")}</button>
                </div>
            </div>
        </div>
    }
}

/// Whose page this is, as a name without meaning anywhere else.
pub(super) fn holder(ask: &Ask) -> Option<String> {
    let borrower = ask.borrower().ok()?;
    let keys = ask.cabinet.keys();
    Some(
        keys.blind_index(DEVICE, &borrower.to_string())
            .chars()
            .take(24)
            .collect(),
    )
}
