//! The document around every page.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

use crate::request::{AppContext, with_request, words};
use crate::routes::Pages;
use crate::ui::MANNERS;
use crate::ui::look::theme;

/// Pages that a pointer over their link fetches ahead. Only those that change nothing and ask nobody: a payment's page
/// asks the acquirer, a card's return page finishes the binding.
const FETCH_AHEAD: &str = r#"{"prefetch":[{"where":{"href_matches":["/login","/cabinet","/application","/loans/*","/legal/*"]},"eagerness":"moderate"}]}"#;

/// The stylesheet of the brand; the page of components also wears other lenders' brands.
fn brand_address() -> String {
    let asked = with_request(|parts| {
        let query = parts.uri.query().filter(|_| parts.uri.path() == "/ui")?;
        let code = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("brand="))?;
        let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain.then(|| code.to_owned())
    });
    asked.flatten().map_or_else(
        || "/brand.css".to_owned(),
        |code| format!("/brand.css?lender={code}"),
    )
}

/// The address of [`MANNERS`], which changes with its text.
pub fn manners_address() -> String {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| address("/manners.js", MANNERS));
    ADDRESS.clone()
}

/// The address of a file of our own, which changes with its text.
pub(crate) fn address(path: &str, text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{path}?v={:x}", hasher.finish())
}

/// The whole HTML document.
pub fn shell() -> impl IntoView {
    provide_meta_context();
    let lang = words().lang.code();
    // The landing is a stranger's first page, on a slow connection: what only makes pages nicer is left out of it.
    let landing = with_request(|parts| parts.uri.path() == "/") == Some(true);
    let manners = (!landing).then(|| {
        view! { <script r#type="module" nonce=use_nonce() src=manners_address()></script> }
    });
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
        <html lang=lang data-theme=theme().attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="application-name" content=name/>
                <link rel="preload" href="/fonts/golos-text-cyrillic-wght-normal.woff2" r#as="font"
                    r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=files.css/>
                <link rel="stylesheet" href=brand_address()/>
                <link rel="icon" href="/icon.svg" r#type="image/svg+xml"/>
                {crate::pwa::head()}
                <script r#type="module" nonce=use_nonce()>{script}</script>
                <script r#type="speculationrules" nonce=use_nonce()>{FETCH_AHEAD}</script>
                {manners}
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
