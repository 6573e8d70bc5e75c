//! The page that a worker shows without a connection. It is the same for everybody: what is a person's own is put in
//! by the script, from the device. It has no nonce and no script of its own text, since it lies in a cache for long.

use cabinet::lender::{Lender, Requisites};
use leptos::prelude::*;
use locales::{Lang, Words};

use super::Build;
use crate::lender::dial;

const LANGUAGES: [Lang; 2] = [Lang::Ru, Lang::En];

/// The whole document; `css` is the address of the stylesheet.
pub fn document(lender: &Lender, build: &Build, css: &str) -> String {
    let name = lender.name.clone();
    let hotline = lender.hotline.clone();
    let brand = lender.brand.clone();
    let page = view! {
        <html lang=Lang::Ru.code() data-offline="">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" content=build.colour.clone()/>
                <meta name="robots" content="noindex"/>
                <title>{name}</title>
                <link rel="stylesheet" href=css.to_owned()/>
                <link rel="stylesheet" href="/brand.css"/>
                <link rel="icon" href="/icon.svg" r#type="image/svg+xml"/>
                <script r#type="module" src=build.script.clone()></script>
            </head>
            <body>
                <header class="bar">
                    <a class="logo" href="/"><span>{brand.logo_main}<b>{brand.logo_accent}</b></span></a>
                    <a class="num phone" href=dial(&hotline)>{hotline.clone()}</a>
                </header>
                <main id="main" tabindex="-1">
                    <div class="page">
                        <div class="stack narrow">
                            <section class="card stack">
                                <h1 class="h2">{both("pwa-gone-title")}</h1>
                                <p class="note" id="unsent" hidden>{both("pwa-gone-unsent")}</p>
                                <p class="note" id="unanswered" hidden>{both("pwa-gone-unanswered")}</p>
                                <p>{both("pwa-gone-what")}</p>
                                <a class="button wide" id="again" href="/cabinet">{both("pwa-gone-again")}</a>
                                <p>{both("pwa-gone-hotline")}" "<a class="num" href=dial(&hotline)>{hotline.clone()}</a></p>
                            </section>
                            <div class="stack" id="snapshot" hidden>
                                <div class="stack" id="snapshot-loans"></div>
                                {requisites(lender)}
                            </div>
                        </div>
                    </div>
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html())
}

/// The text in every language; the script leaves the person's own.
fn both(key: &str) -> impl IntoView + use<> {
    LANGUAGES.map(|lang| {
        let foreign = lang != Lang::default();
        let text = Words::new(lang).t(key);
        view! { <span data-lang=lang.code() lang=lang.code() hidden=foreign>{text}</span> }
    })
}

/// Where a transfer goes when the cabinet can't be reached.
fn requisites(lender: &Lender) -> impl IntoView + use<> {
    let Requisites {
        account,
        bank,
        bic,
        corr,
    } = lender.requisites.clone();
    let rows = [
        ("pwa-requisites-name", lender.legal_name.clone()),
        ("pwa-requisites-inn", lender.inn.clone()),
        ("pwa-requisites-account", account),
        ("pwa-requisites-bank", bank),
        ("pwa-requisites-bic", bic),
        ("pwa-requisites-corr", corr),
    ];
    let rows = rows.map(|(key, value)| view! { <div><dt>{both(key)}</dt><dd>{value}</dd></div> });
    view! {
        <section class="card stack tight" id="requisites">
            <h2>{both("pwa-requisites")}</h2>
            <dl class="sums long">{rows}</dl>
            <p class="small">{both("pwa-requisites-note")}</p>
        </section>
    }
}
