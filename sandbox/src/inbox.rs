//! What the borrower received: SMS and mail, on one page.

use axum::extract::{Query, State as AxumState};
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::App;
use crate::clock::Moment;
use crate::pages::{escape, wide};

/// The oldest messages go when there are more than this.
const KEPT: usize = 10_000;
/// How many the page shows.
const SHOWN: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Sms,
    Email,
}

#[derive(Debug, Clone, Serialize)]
pub struct Message {
    pub id: u64,
    pub channel: Channel,
    pub to: String,
    pub text: String,
    pub subject: Option<String>,
    pub at: Moment,
}

#[derive(Debug, Default)]
pub struct Inbox {
    messages: Vec<Message>,
    last_id: u64,
}

impl Inbox {
    pub fn add(
        &mut self,
        channel: Channel,
        to: String,
        subject: Option<String>,
        text: String,
        at: Moment,
    ) -> u64 {
        if self.messages.len() >= KEPT {
            self.messages.drain(..KEPT / 10);
        }
        self.last_id += 1;
        self.messages.push(Message {
            id: self.last_id,
            channel,
            to,
            text,
            subject,
            at,
        });
        self.last_id
    }

    fn find(&self, filter: &Filter) -> Vec<&Message> {
        let wanted = address(&filter.to);
        self.messages
            .iter()
            .filter(|message| message.id > filter.after)
            .filter(|message| wanted.is_empty() || address(&message.to) == wanted)
            .collect()
    }
}

/// One form for each address: lower-case mail, eleven digits starting with 7 for phones.
pub fn address(text: &str) -> String {
    if text.contains('@') {
        return text.trim().to_lowercase();
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('8') {
        Some(rest) if digits.len() == 11 => format!("7{rest}"),
        _ => digits,
    }
}

#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    to: String,
    /// Only messages with a greater id.
    #[serde(default)]
    after: u64,
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/inbox", get(page))
        .route("/inbox.json", get(list))
}

async fn list(AxumState(app): AxumState<App>, Query(filter): Query<Filter>) -> Json<Value> {
    Json(json!(app.lock().inbox.find(&filter)))
}

async fn page(AxumState(app): AxumState<App>, Query(filter): Query<Filter>) -> Html<String> {
    let state = app.lock();
    let found = state.inbox.find(&filter);
    let list: String = found
        .iter()
        .rev()
        .take(SHOWN)
        .map(|message| article(message))
        .collect();
    let empty = if found.is_empty() {
        "<p class=\"muted\">Пока ничего нет.</p>"
    } else {
        ""
    };
    let to = escape(&filter.to);
    let body = format!(
        "<h1>Входящие</h1>\
         <form method=\"get\" action=\"/inbox\"><label for=\"inbox-to\">Телефон или e-mail</label>\
         <input id=\"inbox-to\" name=\"to\" value=\"{to}\"><button>Показать</button></form>\
         <p class=\"muted\">Страница обновляется сама каждые 5 секунд.</p>\
         <section id=\"inbox-list\">{empty}{list}</section>"
    );
    Html(wide(
        "Входящие",
        &body,
        "<meta http-equiv=\"refresh\" content=\"5\">",
    ))
}

fn article(message: &Message) -> String {
    let kind = match message.channel {
        Channel::Sms => "СМС",
        Channel::Email => "Письмо",
    };
    let subject = message
        .subject
        .as_deref()
        .map(|subject| format!("<p><strong>{}</strong></p>", escape(subject)))
        .unwrap_or_default();
    format!(
        "<article data-id=\"{}\"><p><strong>{kind}</strong> {} <small>{}</small></p>{subject}\
         <pre>{}</pre></article>",
        message.id,
        escape(&message.to),
        message.at,
        escape(&message.text)
    )
}
