//! Notifications to the lender: sent, sent again, lost, multiplied or reordered.

use std::time::Duration;

use axum::extract::State as AxumState;
use axum::http::{StatusCode, header};
use axum::routing::{get, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::{Fault, Kind};
use crate::{App, State};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fate {
    Pending,
    Delivered,
    /// An ordered fault swallowed it.
    Lost,
    /// Every attempt was answered wrong.
    GivenUp,
    /// There was no address to send it to.
    Unsent,
}

#[derive(Debug, Serialize)]
struct Delivery {
    id: usize,
    event: &'static str,
    object_id: String,
    fate: Fate,
    attempts: u32,
    last_status: Option<u16>,
    at: String,
}

/// Everything that was to be sent, and where to.
#[derive(Debug, Default)]
pub struct Log {
    pub url: String,
    deliveries: Vec<Delivery>,
}

/// How one copy of a notification goes out.
struct Parcel {
    id: usize,
    epoch: u64,
    url: String,
    body: String,
    wait: Duration,
    /// The first attempt carries half of the body.
    cut: bool,
}

/// Queues one notification about `object`.
pub fn emit(app: &App, state: &mut State, event: &'static str, object: &impl Serialize) {
    let object = json!(object);
    let url = state.webhooks.url.clone();
    let id = object["id"].as_str().unwrap_or_default().to_owned();
    let body = json!({ "type": "notification", "event": event, "object": object }).to_string();
    queue(app, state, event, id, url, body);
}

/// Queues one notification for an address; empty sends none.
pub fn queue(
    app: &App,
    state: &mut State,
    event: &'static str,
    object_id: String,
    url: String,
    body: String,
) {
    let fault = state.faults.take(&format!("webhook.{event}"));
    let lost = fault.as_ref().is_some_and(|fault| fault.kind == Kind::Lost);
    let fate = match () {
        () if lost => Fate::Lost,
        () if url.is_empty() => Fate::Unsent,
        () => Fate::Pending,
    };
    let id = state.webhooks.deliveries.len();
    state.webhooks.deliveries.push(Delivery {
        id,
        event,
        object_id,
        fate,
        attempts: 0,
        last_status: None,
        at: state.clock.now().to_string(),
    });
    if fate != Fate::Pending {
        return;
    }
    let (wait, copies, cut) = plan(fault.as_ref());
    for _ in 0..copies {
        let parcel = Parcel {
            id,
            epoch: state.epoch,
            url: url.clone(),
            body: body.clone(),
            wait,
            cut,
        };
        tokio::spawn(deliver(app.clone(), parcel));
    }
}

/// The pause before sending, the number of copies, and whether the first attempt is cut.
fn plan(fault: Option<&Fault>) -> (Duration, u32, bool) {
    let at_once = Duration::ZERO;
    match fault.map(|fault| (fault.kind, fault)) {
        Some((Kind::Delay, fault)) => (fault.hold(1000), 1, false),
        // The earlier of several shuffled notifications waits longer, so they arrive reversed.
        Some((Kind::Shuffle, fault)) => (fault.hold(1000) * (fault.left() + 1), 1, false),
        Some((Kind::Copies, fault)) => (at_once, fault.copies.unwrap_or(50), false),
        Some((Kind::Garbage, _)) => (at_once, 1, true),
        _ => (at_once, 1, false),
    }
}

async fn deliver(app: App, parcel: Parcel) {
    let mut pause = Duration::from_millis(app.config.webhook_retry_ms);
    let cap = Duration::from_millis(app.config.webhook_retry_cap_ms);
    tokio::time::sleep(parcel.wait).await;
    for attempt in 1..=app.config.webhook_attempts {
        if app.lock().epoch != parcel.epoch {
            return;
        }
        let cut = parcel.cut && attempt == 1;
        let body = if cut {
            half(&parcel.body)
        } else {
            parcel.body.clone()
        };
        let sent = app
            .http
            .post(&parcel.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "kopeck-sandbox")
            .body(body)
            .send()
            .await;
        let status = sent.ok().map(|answer| answer.status());
        let last = attempt == app.config.webhook_attempts;
        if note(&app, &parcel, status, last) {
            return;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(cap);
    }
}

/// Writes down the outcome of one attempt; true when there is nothing left to do.
fn note(app: &App, parcel: &Parcel, status: Option<reqwest::StatusCode>, last: bool) -> bool {
    let mut state = app.lock();
    if state.epoch != parcel.epoch {
        return true;
    }
    let Some(delivery) = state.webhooks.deliveries.get_mut(parcel.id) else {
        return true;
    };
    delivery.attempts += 1;
    delivery.last_status = status.map(|status| status.as_u16());
    let delivered = status == Some(reqwest::StatusCode::OK);
    if delivered {
        delivery.fate = Fate::Delivered;
    } else if last && delivery.fate == Fate::Pending {
        delivery.fate = Fate::GivenUp;
    }
    tracing::debug!(event = delivery.event, status = ?delivery.last_status, "notification sent");
    delivered
}

fn half(body: &str) -> String {
    body.chars().take(body.chars().count() / 2).collect()
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/webhooks.json", get(list))
        .route("/webhooks/url", put(set_url))
}

async fn list(AxumState(app): AxumState<App>) -> Json<Value> {
    Json(json!(app.lock().webhooks.deliveries))
}

#[derive(Deserialize)]
struct Address {
    url: String,
}

/// Sends later notifications elsewhere, until the next reset.
async fn set_url(AxumState(app): AxumState<App>, Json(to): Json<Address>) -> StatusCode {
    app.lock().webhooks.url = to.url;
    StatusCode::NO_CONTENT
}
