//! The document around every page.

use axum::http::request::Parts;
use leptos::hydration::HydrationScripts;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

use crate::request::AppContext;
use crate::routes::Pages;

/// The whole HTML document.
pub fn shell(options: LeptosOptions) -> impl IntoView {
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
    let css = use_context::<Stylesheet>().map_or_else(String::new, |sheet| sheet.0);
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
                <link rel="stylesheet" href=css/>
                <link rel="stylesheet" href="/brand.css"/>
                <link rel="icon" href="/icon.svg" r#type="image/svg+xml"/>
                <HydrationScripts options islands=true/>
                <MetaTags/>
            </head>
            <body>
                <Pages/>
            </body>
        </html>
    }
}

/// The address of the bundled stylesheet, with its hash.
#[derive(Debug, Clone)]
pub struct Stylesheet(pub String);
