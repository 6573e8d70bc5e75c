//! The credit bureau and the database of fraudsters.

use std::collections::{HashMap, HashSet};

use axum::body::Bytes;
use axum::extract::{Path, State as AxumState};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{App, faults};

const TOKEN: &str = "Bearer sandbox-bureau";

#[derive(Debug, Default)]
pub struct Bureau {
    people: HashMap<String, History>,
    events: Vec<Value>,
    fraud: HashSet<String>,
}

/// What the bureau answers about a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    #[serde(default)]
    self_ban: bool,
    #[serde(default = "good_score")]
    score: u16,
    #[serde(default)]
    open_loans: Vec<Loan>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Loan {
    /// Full cost of credit, per cent a year, three digits after the dot.
    psk: String,
    amount: String,
    monthly_payment: String,
    #[serde(default)]
    overdue_days: u32,
    #[serde(default)]
    repaid_on: Option<String>,
}

fn good_score() -> u16 {
    720
}

impl Default for History {
    fn default() -> Self {
        Self {
            self_ban: false,
            score: good_score(),
            open_loans: Vec::new(),
        }
    }
}

impl Loan {
    fn check(&self) -> bool {
        [&self.psk, &self.amount, &self.monthly_payment]
            .into_iter()
            .all(|text| decimal(text))
            && self
                .repaid_on
                .as_deref()
                .is_none_or(|date| date.parse::<chrono::NaiveDate>().is_ok())
    }
}

fn decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction)
}

fn person_number(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/bureau/v1/report", post(report))
        .route("/bureau/v1/events", post(accept_events))
        .route("/bureau/events.json", get(list_events))
        .route(
            "/bureau/people/{inn}",
            put(set_person).delete(forget_person),
        )
        .route("/fraud/v1/check", post(fraud_check))
        .route("/fraud/matches/{hash}", put(add_match).delete(remove_match))
}

fn refuse(status: StatusCode, description: &str) -> Response {
    (status, Json(json!({ "error": description }))).into_response()
}

fn known(headers: &HeaderMap) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value == TOKEN)
}

fn read(headers: &HeaderMap, body: &Bytes) -> Result<Value, Box<Response>> {
    if !known(headers) {
        return Err(Box::new(refuse(
            StatusCode::UNAUTHORIZED,
            "wrong bearer token",
        )));
    }
    serde_json::from_slice(body).map_err(|_| Box::new(refuse(StatusCode::BAD_REQUEST, "not JSON")))
}

async fn report(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let request = match read(&headers, &body) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let named = ["last_name", "first_name", "birth_date", "passport_hash"]
        .iter()
        .all(|field| {
            request[*field]
                .as_str()
                .is_some_and(|value| !value.is_empty())
        });
    let inn = request["inn"].as_str().unwrap_or_default();
    if !named || !person_number(inn) {
        let why = "inn (12 digits), last_name, first_name, birth_date, passport_hash are required";
        return refuse(StatusCode::BAD_REQUEST, why);
    }
    faults::around(&app, "bureau.report", |_| {
        let history = app
            .lock()
            .bureau
            .people
            .get(inn)
            .cloned()
            .unwrap_or_default();
        Json(json!(history)).into_response()
    })
    .await
}

/// Takes one event or an array of them.
async fn accept_events(
    AxumState(app): AxumState<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let events = match read(&headers, &body) {
        Ok(Value::Array(events)) => events,
        Ok(event) => vec![event],
        Err(refusal) => return *refusal,
    };
    if events.is_empty() || !events.iter().all(Value::is_object) {
        return refuse(StatusCode::BAD_REQUEST, "an event is an object");
    }
    faults::around(&app, "bureau.events", |_| {
        let mut state = app.lock();
        let at = state.clock.now();
        let accepted = events.len();
        for event in events {
            let id = state.bureau.events.len() + 1;
            state
                .bureau
                .events
                .push(json!({ "id": id, "received_at": at, "event": event }));
        }
        Json(json!({ "accepted": accepted })).into_response()
    })
    .await
}

async fn list_events(AxumState(app): AxumState<App>) -> Json<Value> {
    Json(json!(app.lock().bureau.events))
}

async fn set_person(
    AxumState(app): AxumState<App>,
    Path(inn): Path<String>,
    Json(history): Json<History>,
) -> Response {
    if !person_number(&inn) || !history.open_loans.iter().all(Loan::check) {
        let why = "inn is 12 digits, sums and psk are decimal strings, repaid_on is a date";
        return refuse(StatusCode::BAD_REQUEST, why);
    }
    app.lock().bureau.people.insert(inn, history.clone());
    Json(json!(history)).into_response()
}

async fn forget_person(AxumState(app): AxumState<App>, Path(inn): Path<String>) -> StatusCode {
    app.lock().bureau.people.remove(&inn);
    StatusCode::NO_CONTENT
}

async fn fraud_check(AxumState(app): AxumState<App>, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        return refuse(StatusCode::BAD_REQUEST, "not JSON");
    };
    let hashes: Vec<&str> = ["passport_hash", "phone_hash", "card_hash"]
        .iter()
        .filter_map(|field| request[*field].as_str())
        .collect();
    if hashes.is_empty() {
        let why = "one of passport_hash, phone_hash, card_hash is required";
        return refuse(StatusCode::BAD_REQUEST, why);
    }
    faults::around(&app, "fraud.check", |_| {
        let state = app.lock();
        let matched = hashes.iter().any(|hash| state.bureau.fraud.contains(*hash));
        Json(json!({ "match": matched })).into_response()
    })
    .await
}

async fn add_match(AxumState(app): AxumState<App>, Path(hash): Path<String>) -> StatusCode {
    app.lock().bureau.fraud.insert(hash);
    StatusCode::NO_CONTENT
}

async fn remove_match(AxumState(app): AxumState<App>, Path(hash): Path<String>) -> StatusCode {
    app.lock().bureau.fraud.remove(&hash);
    StatusCode::NO_CONTENT
}
