//! Ordered trouble: what goes wrong, on which call, how many times.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::State as AxumState;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::App;
use crate::yookassa::wire::ApiError;

/// The longest a `hang` or a `delay` holds an answer.
const LONGEST_HOLD_MS: u64 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The work is done, the answer comes `ms` later.
    Delay,
    /// The work is done, the answer is held (60 s unless `ms` says less), then it is a 500.
    Hang,
    /// Nothing is done, the answer is 500.
    Error500,
    /// The work is done, the answer is 500.
    Error500AfterSuccess,
    /// Nothing is done, the answer is 429.
    Error429,
    /// The work is done, the answer is 202 "processing".
    Accepted202,
    /// The message is accepted and never sent on (notifications, SMS, mail, payout settlement).
    Lost,
    /// The notification is sent `copies` times at once.
    Copies,
    /// The notification is held back so that later ones overtake it.
    Shuffle,
    /// The work is done, the answer (or the first notification) is cut in the middle.
    Garbage,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    #[serde(default, skip_deserializing)]
    pub id: u64,
    /// The call: `payments.create`, or a whole group by its first part (`payments`, `webhook`).
    pub on: String,
    pub kind: Kind,
    #[serde(default)]
    pub ms: Option<u64>,
    #[serde(default)]
    pub copies: Option<u32>,
    /// How many calls it strikes; 0 means until it is deleted.
    #[serde(default = "once")]
    pub times: u32,
    /// Strikes each n-th matching call only.
    #[serde(default = "once")]
    pub every: u32,
    #[serde(default, skip_deserializing)]
    pub struck: u32,
    #[serde(default, skip_deserializing)]
    seen: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    fn matches(&self, operation: &str) -> bool {
        operation
            .strip_prefix(self.on.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    fn spent(&self) -> bool {
        self.times != 0 && self.struck >= self.times
    }

    /// How many strikes are left after this one.
    pub fn left(&self) -> u32 {
        self.times.saturating_sub(self.struck)
    }

    pub fn hold(&self, default_ms: u64) -> Duration {
        Duration::from_millis(self.ms.unwrap_or(default_ms).min(LONGEST_HOLD_MS))
    }

    fn check(&self) -> Result<(), String> {
        let group = self.on.split('.').next().unwrap_or_default();
        if !GROUPS.contains(&group) {
            return Err(format!("`on` starts with one of: {}", GROUPS.join(", ")));
        }
        let allowed: &[Kind] = match group {
            "webhook" => &[
                Kind::Delay,
                Kind::Lost,
                Kind::Copies,
                Kind::Shuffle,
                Kind::Garbage,
            ],
            "mail" => &[Kind::Delay, Kind::Lost, Kind::Error500],
            "settle" => &[Kind::Delay, Kind::Lost],
            "sms" => &[
                Kind::Delay,
                Kind::Hang,
                Kind::Error500,
                Kind::Error500AfterSuccess,
                Kind::Lost,
                Kind::Garbage,
            ],
            _ => &[
                Kind::Delay,
                Kind::Hang,
                Kind::Error500,
                Kind::Error500AfterSuccess,
                Kind::Error429,
                Kind::Accepted202,
                Kind::Garbage,
            ],
        };
        if !allowed.contains(&self.kind) {
            return Err(format!("this kind does not apply to `{}`", self.on));
        }
        if self.every == 0 || self.copies.is_some_and(|n| n == 0 || n > 500) {
            return Err("`every` is at least 1, `copies` is 1 to 500".into());
        }
        Ok(())
    }
}

/// First parts of operation names.
const GROUPS: [&str; 15] = [
    "payments",
    "refunds",
    "payouts",
    "payment_methods",
    "personal_data",
    "tbank",
    "sbp_banks",
    "me",
    "sms",
    "mail",
    "bureau",
    "fraud",
    "suggestions",
    "webhook",
    "settle",
];

#[derive(Debug, Default)]
pub struct Faults {
    list: Vec<Fault>,
    last_id: u64,
}

impl Faults {
    /// Takes the first ordered fault that strikes this call.
    pub fn take(&mut self, operation: &str) -> Option<Fault> {
        for fault in &mut self.list {
            if fault.spent() || !fault.matches(operation) {
                continue;
            }
            fault.seen += 1;
            if fault.seen.is_multiple_of(fault.every) {
                fault.struck += 1;
                tracing::info!(operation, kind = ?fault.kind, "ordered fault");
                return Some(fault.clone());
            }
        }
        None
    }
}

/// Runs one call of the outside world under whatever was ordered for it.
pub async fn around<F>(app: &App, operation: &str, work: F) -> Response
where
    F: FnOnce(Option<&Fault>) -> Response,
{
    let Some(fault) = app.lock().faults.take(operation) else {
        return work(None);
    };
    match fault.kind {
        Kind::Error500 => ApiError::internal().into_response(),
        Kind::Error429 => ApiError::too_many().into_response(),
        Kind::Error500AfterSuccess => replace_success(work(Some(&fault)), ApiError::internal()),
        Kind::Accepted202 => {
            let answer = work(Some(&fault));
            if answer.status().is_success() {
                processing()
            } else {
                answer
            }
        }
        Kind::Delay => {
            let answer = work(Some(&fault));
            tokio::time::sleep(fault.hold(1000)).await;
            answer
        }
        Kind::Hang => {
            let answer = work(Some(&fault));
            tokio::time::sleep(fault.hold(LONGEST_HOLD_MS)).await;
            replace_success(answer, ApiError::internal())
        }
        Kind::Garbage => cut(work(Some(&fault))).await,
        Kind::Lost | Kind::Copies | Kind::Shuffle => work(Some(&fault)),
    }
}

fn replace_success(answer: Response, error: ApiError) -> Response {
    if answer.status().is_success() {
        error.into_response()
    } else {
        answer
    }
}

fn processing() -> Response {
    let body = json!({
        "type": "processing",
        "description": "Request accepted, but not processed yet",
        "retry_after": 1800,
    });
    (StatusCode::ACCEPTED, Json(body)).into_response()
}

async fn cut(answer: Response) -> Response {
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), 1024 * 1024)
        .await
        .unwrap_or_default();
    let half = bytes.slice(..bytes.len() / 2);
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        Body::from(half),
    )
        .into_response()
}

pub fn router() -> Router<App> {
    Router::new().route("/faults", get(list).post(order).delete(clear))
}

async fn list(AxumState(app): AxumState<App>) -> Json<Value> {
    Json(json!(app.lock().faults.list))
}

async fn order(AxumState(app): AxumState<App>, Json(mut fault): Json<Fault>) -> Response {
    if let Err(description) = fault.check() {
        return (
            StatusCode::BAD_REQUEST,
            Json(json!({ "error": description })),
        )
            .into_response();
    }
    let mut state = app.lock();
    state.faults.last_id += 1;
    fault.id = state.faults.last_id;
    state.faults.list.push(fault.clone());
    (StatusCode::CREATED, Json(json!(fault))).into_response()
}

async fn clear(AxumState(app): AxumState<App>) -> StatusCode {
    app.lock().faults.list.clear();
    StatusCode::NO_CONTENT
}
