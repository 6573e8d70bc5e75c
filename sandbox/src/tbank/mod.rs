//! A second payment provider: the acquiring of T-Bank (Т-Касса), version 2 of its wire format, with
//! its hosted page, its signed notifications and the terminal that pays out.
//!
//! A request and a notification carry `Token`; an answer is HTTP 200 even when it refuses, and says
//! so by `Success` and `ErrorCode`. Sums are whole kopecks.

pub mod cards;
pub mod checkout;
pub mod notify;
pub mod payments;
pub mod payouts;
pub mod token;

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::{Path, State as AxumState};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::{App, State, faults};
use cards::{Binding, KeptCard};
use payments::Payment;

/// What the provider knows. Vectors keep the order of creation.
#[derive(Default)]
pub struct Terminal {
    pub payments: Vec<Payment>,
    pub payouts: Vec<Payment>,
    pub bindings: Vec<Binding>,
    pub cards: Vec<KeptCard>,
    pub customers: BTreeSet<String>,
    last_id: u64,
}

impl Terminal {
    /// Numbers are the provider's own: ten digits, growing.
    fn number(&mut self) -> String {
        self.last_id += 1;
        (1_000_000_000 + self.last_id).to_string()
    }
}

/// A refusal: the provider's code and its words.
pub struct Refusal(pub &'static str, pub &'static str);

/// The answer to a call, before the terminal's name is added.
pub type Answer = Result<Value, Refusal>;

pub const WRONG_STATE: Refusal = Refusal("7", "Неверный статус транзакции");
pub const NO_PAYMENT: Refusal = Refusal("255", "Платёж не найден");
const WRONG_TOKEN: Refusal = Refusal(
    "204",
    "Неверный токен. Проверьте пару TerminalKey/SecretKey.",
);
const WRONG_TERMINAL: Refusal = Refusal("205", "Терминал не найден.");

pub fn wrong(what: &'static str) -> Refusal {
    Refusal("9", what)
}

/// A field that must be there, as a text whatever it is written as.
pub fn text(body: &Map<String, Value>, field: &str) -> Option<String> {
    match body.get(field) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

pub fn amount(body: &Map<String, Value>) -> Option<i64> {
    body.get("Amount").and_then(Value::as_i64)
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/tbank/v2/{method}", post(acquiring))
        .route("/tbank/e2c/v2/{method}", post(paying_out))
        .route("/tbank/register.json", get(register))
        .merge(checkout::router())
}

/// Everything that moved, for a test to compare books with: no part of the provider's API.
async fn register(AxumState(app): AxumState<App>) -> Json<Value> {
    let mut state = app.lock();
    payments::expire(&app, &mut state);
    let view = |list: &[Payment]| -> Vec<Value> { list.iter().map(Payment::row).collect() };
    Json(json!({
        "payments": view(&state.tbank.payments),
        "payouts": view(&state.tbank.payouts),
    }))
}

async fn acquiring(
    AxumState(app): AxumState<App>,
    Path(method): Path<String>,
    body: Bytes,
) -> Response {
    let (key, password) = (&app.config.terminal_key, &app.config.terminal_password);
    call(
        &app,
        "tbank",
        &method,
        (key, password),
        &body,
        |state, body| match method.as_str() {
            "Init" => payments::init(&app, state, body),
            "GetState" => payments::get_state(&state.tbank.payments, body),
            "CheckOrder" => payments::check_order(&state.tbank.payments, body),
            "Confirm" => payments::confirm(&app, state, body),
            "Cancel" => payments::cancel(&app, state, body),
            "Charge" => payments::charge(&app, state, body),
            "GetQr" => payments::get_qr(&app, state, body),
            "QrMembersList" => Ok(payments::members()),
            "AddCustomer" => cards::add_customer(state, body),
            "GetCustomer" => cards::get_customer(state, body),
            "AddCard" => cards::add_card(&app, state, body),
            "GetAddCardState" => cards::get_state(state, body),
            "GetCardList" => cards::list(state, body),
            "RemoveCard" => cards::remove(state, body),
            _ => Err(wrong("Метод не найден")),
        },
    )
    .await
}

async fn paying_out(
    AxumState(app): AxumState<App>,
    Path(method): Path<String>,
    body: Bytes,
) -> Response {
    let (key, password) = (&app.config.e2c_key, &app.config.e2c_password);
    call(
        &app,
        "tbank.e2c",
        &method,
        (key, password),
        &body,
        |state, body| match method.as_str() {
            "Init" => payouts::init(state, body),
            "Payment" => payouts::pay(&app, state, body),
            "GetState" => payments::get_state(&state.tbank.payouts, body),
            "CheckOrder" => payments::check_order(&state.tbank.payouts, body),
            _ => Err(wrong("Метод не найден")),
        },
    )
    .await
}

/// One call: its terminal and token are checked, then it happens under the faults ordered for it.
async fn call<F>(
    app: &App,
    group: &str,
    method: &str,
    (key, password): (&str, &str),
    body: &Bytes,
    work: F,
) -> Response
where
    F: FnOnce(&mut State, &Map<String, Value>) -> Answer + Send,
{
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
        return told(key, Err(wrong("Неверный формат запроса")));
    };
    if body.get("TerminalKey").and_then(Value::as_str) != Some(key) {
        return told(key, Err(WRONG_TERMINAL));
    }
    if body.get("Token").and_then(Value::as_str) != Some(token::of(&body, password).as_str()) {
        return told(key, Err(WRONG_TOKEN));
    }
    faults::around(app, &format!("{group}.{method}"), |_| {
        let mut state = app.lock();
        payments::expire(app, &mut state);
        told(key, work(&mut state, &body))
    })
    .await
}

fn told(key: &str, answer: Answer) -> Response {
    let mut body = match answer {
        // The list of cards is a bare array.
        Ok(Value::Array(list)) => return Json(Value::Array(list)).into_response(),
        Ok(body) => body,
        Err(Refusal(code, message)) => {
            json!({ "Success": false, "ErrorCode": code, "Message": message })
        }
    };
    if body.get("Success").is_none() {
        body["Success"] = true.into();
        body["ErrorCode"] = "0".into();
    }
    body["TerminalKey"] = key.into();
    Json(body).into_response()
}
