//! The document around every page.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock};

use leptos::either::Either;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

use crate::request::{AppContext, with_request, words};
use crate::routes::Page;
use crate::ui::MANNERS;
use crate::ui::look::theme;
use crate::ui::page::drawn;

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

/// The whole HTML document around a page.
pub fn shell(view: fn() -> AnyView) -> impl Fn() -> AnyView + Clone {
    move || document(view).into_any()
}

fn document(view: fn() -> AnyView) -> impl IntoView {
    provide_meta_context();
    // Outside of islands nothing is told to the browser for waking up.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    view! {
        <!DOCTYPE html>
        <html lang=words().lang.code() data-theme=theme().attribute()>
            <head>
                {drawn(head())}
                <MetaTags/>
            </head>
            <body>
                <Page view/>
            </body>
        </html>
    }
}

/// What stands in the head of every page.
fn head() -> impl IntoView {
    // The landing is a stranger's first page, on a slow connection: it asks for no script apart, and what only makes pages nicer is
    // left out of it. Everybody else has both scripts since the first page.
    let landing = with_request(|parts| parts.uri.path() == "/") == Some(true);
    let name = use_context::<AppContext>()
        .map(|c| c.cabinet.lender().name.clone())
        .unwrap_or_default();
    let files = use_context::<Arc<SiteFiles>>().unwrap_or_default();
    let scripts = if landing {
        let islands = files.islands.clone();
        Either::Left(view! { <script r#type="module" nonce=use_nonce()>{islands}</script> })
    } else {
        Either::Right(view! {
            <script r#type="module" nonce=use_nonce() src=files.islands_address.clone()></script>
            <script r#type="module" nonce=use_nonce() src=manners_address()></script>
        })
    };
    view! {
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="application-name" content=name/>
        <link rel="preload" href="/fonts/golos-text-cyrillic-wght-normal.woff2" r#as="font"
            r#type="font/woff2" crossorigin="anonymous"/>
        <link rel="stylesheet" href=files.css.clone()/>
        <link rel="stylesheet" href=brand_address()/>
        <link rel="icon" href="/icon.svg" r#type="image/svg+xml"/>
        {crate::pwa::head()}
        {scripts}
        <script r#type="speculationrules" nonce=use_nonce()>{FETCH_AHEAD}</script>
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
    /// The script that wakes a page's islands.
    pub islands: String,
    /// Its address, which changes with its text.
    islands_address: String,
}

impl SiteFiles {
    /// What the shell tells of these files.
    pub fn new(css: String, js: String, wasm: String, hashed: bool) -> Self {
        let islands = format!("{}(\"{js}\", \"{wasm}\")", *ISLANDS);
        Self {
            css,
            js,
            wasm,
            hashed,
            islands_address: address("/islands.js", &islands),
            islands,
        }
    }
}

/// Its comments and the room before its lines are for whoever reads the file.
static ISLANDS: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("islands.js").lines().map(str::trim);
    let code: Vec<&str> = lines.filter(|line| !line.starts_with("//")).collect();
    code.join("\n")
});
