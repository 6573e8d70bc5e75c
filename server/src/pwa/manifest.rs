//! `/manifest.webmanifest`, and one for each other language: how the installed cabinet is called and looks (W3C Web Application Manifest).

use app::pwa::Build;
use cabinet::lender::Lender;
use locales::{Lang, Words};
use serde_json::{Value, json};

/// The ground of a page in the light theme, `--ground` of `style/tokens.css`: what is seen before the first page.
const GROUND: &str = "#f4f5f2";

/// The manifest's text in a language. Its `id` is the same in each: an installed cabinet stays one when the language changes.
pub fn text(lender: &Lender, build: &Build, lang: Lang) -> String {
    let words = Words::new(lang);
    let shortcut = |key: &str, url: &str| -> Value {
        json!({
            "name": words.t(key),
            "url": url,
            "icons": [{ "src": "/icons/192.png", "sizes": "192x192", "type": "image/png" }],
        })
    };
    let icon = |src: &str, sizes: &str, kind: &str, purpose: &str| -> Value {
        json!({ "src": src, "sizes": sizes, "type": kind, "purpose": purpose })
    };
    json!({
        "id": "/",
        "name": lender.name,
        "short_name": lender.name,
        "description": words.t("pwa-manifest-description"),
        "lang": words.lang.code(),
        "dir": "ltr",
        "start_url": "/cabinet",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": build.colour,
        "categories": ["finance"],
        "icons": [
            icon("/icons/192.png", "192x192", "image/png", "any"),
            icon("/icons/512.png", "512x512", "image/png", "any"),
            icon("/icon.svg", "any", "image/svg+xml", "any"),
            icon("/icons/maskable-192.png", "192x192", "image/png", "maskable"),
            icon("/icons/maskable-512.png", "512x512", "image/png", "maskable"),
            icon("/icons/maskable.svg", "any", "image/svg+xml", "maskable"),
        ],
        "shortcuts": [
            shortcut("pwa-manifest-pay", "/go/pay"),
            shortcut("pwa-manifest-debt", "/go/debt"),
        ],
    })
    .to_string()
}
