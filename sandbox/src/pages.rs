//! Shared HTML and the index page.

use axum::Router;
use axum::extract::State as AxumState;
use axum::response::Html;
use axum::routing::get;

use crate::App;
use crate::yookassa::checkout_pages::magic_table;

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;\
--main:#1a5fb4;--bad:#b3261e;--note:#fff4d6}\
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--paper:#14181d;\
--line:#3a424c;--main:#7db4ff;--bad:#ff8a80;--note:#3a3212}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;\
overflow-wrap:anywhere}\
main{max-width:34rem;margin:0 auto;padding:1rem}\
main.wide{max-width:60rem}\
h1{font-size:1.5rem;margin:.5rem 0}\
h2{font-size:1.2rem;margin:1.5rem 0 .5rem}\
p{margin:.5rem 0}\
.sum{font-size:1.75rem;font-weight:700}\
.muted,small{color:var(--soft)}\
.notice{background:var(--note);padding:.75rem;border-radius:.5rem}\
.error,.alert{color:var(--bad);font-weight:600}\
.alert{border:2px solid var(--bad);border-radius:.5rem;padding:.5rem .75rem}\
label{display:block;margin-top:.75rem;font-weight:600}\
input{width:100%;min-height:44px;padding:.5rem .75rem;font:inherit;color:inherit;\
background:var(--paper);border:1px solid var(--soft);border-radius:.5rem}\
input[aria-invalid=true]{border:2px solid var(--bad)}\
button{width:100%;min-height:44px;margin-top:.75rem;padding:.5rem 1rem;font:inherit;\
font-weight:600;color:var(--paper);background:var(--main);border:2px solid var(--main);\
border-radius:.5rem;cursor:pointer}\
button.quiet{color:var(--main);background:transparent}\
:focus-visible{outline:3px solid var(--main);outline-offset:2px}\
.pair,.row{display:grid;grid-template-columns:1fr 1fr;gap:0 1rem}\
.row{grid-template-columns:repeat(3,1fr)}\
table{width:100%;border-collapse:collapse;font-size:.9rem}\
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem .35rem 0;\
border-bottom:1px solid var(--line)}\
pre{white-space:pre-wrap;font:inherit;margin:.25rem 0}\
td code{white-space:nowrap}\
article{border:1px solid var(--line);border-radius:.5rem;padding:.75rem;margin:.75rem 0}\
a{color:var(--main)}";

/// A whole page. `head` goes into its head as it is.
pub fn layout(title: &str, body: &str, head: &str) -> String {
    framed(title, body, head, "")
}

/// A whole page with room for tables.
pub fn wide(title: &str, body: &str, head: &str) -> String {
    framed(title, body, head, " class=\"wide\"")
}

fn framed(title: &str, body: &str, head: &str, class: &str) -> String {
    format!(
        "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><link rel=\"icon\" href=\"data:,\">{head}\
         <title>{title} — песочница</title><style>{STYLE}</style></head>\
         <body><main{class}>{body}</main></body></html>"
    )
}

/// An error a screen reader announces.
pub fn alert(text: &str) -> String {
    format!("<p class=\"alert\" role=\"alert\">{text}</p>")
}

/// Text safe inside elements and quoted attributes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

pub fn router() -> Router<App> {
    Router::new().route("/", get(index))
}

async fn index(AxumState(app): AxumState<App>) -> Html<String> {
    let config = &app.config;
    let body = INDEX
        .replace("{cards}", &magic_table())
        .replace("{shop_id}", &escape(&config.shop_id))
        .replace("{gateway_id}", &escape(&config.gateway_id))
        .replace("{webhook_url}", &escape(&app.lock().webhooks.url));
    Html(wide("Внешний мир", &body, ""))
}

const INDEX: &str = include_str!("index.html");
