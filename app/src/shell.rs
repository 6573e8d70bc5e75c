//! The document around every page.

use axum::http::request::Parts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

use crate::request::AppContext;
use crate::routes::Pages;

/// The whole HTML document.
pub fn shell() -> impl IntoView {
    provide_meta_context();
    let english = use_context::<Parts>().is_some_and(|parts| {
        let cookies = parts
            .headers
            .get("cookie")
            .and_then(|value| value.to_str().ok());
        cookies.is_some_and(|cookies| cookies.contains("__Host-lang=en"))
    });
    let lang = if english { "en" } else { "ru" };
    let name = use_context::<AppContext>()
        .map(|c| c.cabinet.lender().name.clone())
        .unwrap_or_default();
    let files = use_context::<SiteFiles>().unwrap_or_default();
    let script = format!(
        "{}(\"{}\", \"{}\")",
        include_str!("islands.js").trim_end(),
        files.js,
        files.wasm
    );
    // Outside of islands nothing is told to the browser for waking up.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    view! {
        <!DOCTYPE html>
        <html lang=lang>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="application-name" content=name/>
                <link rel="preload" href="/fonts/golos-text-cyrillic-wght-normal.woff2" r#as="font"
                    r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=files.css/>
                <link rel="stylesheet" href="/brand.css"/>
                <link rel="icon" href="/icon.svg" r#type="image/svg+xml"/>
                {crate::pwa::head()}
                <script r#type="module" nonce=use_nonce()>{script}</script>
                <MetaTags/>
            </head>
            <body>
                <Pages/>
            </body>
        </html>
    }
}

/// The addresses of the built files, with their hashes.
#[derive(Debug, Clone, Default)]
pub struct SiteFiles {
    /// The bundled stylesheet.
    pub css: String,
    /// The module that loads the WebAssembly.
    pub js: String,
    /// The WebAssembly of the islands.
    pub wasm: String,
    /// Whether the names carry the hash of the content.
    pub hashed: bool,
}
