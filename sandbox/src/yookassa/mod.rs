//! The payment provider: `YooKassa` API v3 and its hosted pages.

pub mod card;
pub mod checkout;
pub mod checkout_pages;
pub mod methods;
pub mod payment_routes;
pub mod payments;
pub mod payouts;
pub mod receipts;
pub mod refunds;
pub mod webhooks;
pub mod wire;

use std::collections::HashMap;
use std::fmt::Write as _;

use axum::body::Bytes;
use axum::extract::State as AxumState;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::clock::Moment;
use crate::{App, Config, State, faults};
use methods::Method;
use payments::Payment;
use payouts::Payout;
use refunds::Refund;
use wire::{ApiError, Rub};

/// How long an idempotence key is remembered, by the sandbox clock.
const KEY_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// What the provider knows. Vectors keep the order of creation.
pub struct Shop {
    pub payments: Vec<Payment>,
    pub refunds: Vec<Refund>,
    pub payouts: Vec<Payout>,
    pub methods: Vec<Method>,
    pub payout_tokens: HashMap<String, card::Card>,
    pub payout_balance: Rub,
    /// Names left for comparison before a payout: id to «surname name».
    pub persons: HashMap<String, String>,
    keys: HashMap<(Account, String), FirstResult>,
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            payments: Vec::new(),
            refunds: Vec::new(),
            payouts: Vec::new(),
            methods: Vec::new(),
            payout_tokens: HashMap::new(),
            persons: HashMap::new(),
            payout_balance: Rub::whole(10_000_000),
            keys: HashMap::new(),
        }
    }
}

/// What the first call with an idempotence key asked for and got.
struct FirstResult {
    asked: String,
    answer: Value,
    at: Moment,
}

/// Whose credentials a call needs: payments and payouts have separate ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Account {
    Shop,
    Gateway,
    Any,
}

/// Finds out who is calling.
fn caller(config: &Config, headers: &HeaderMap) -> Option<Account> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let pair = String::from_utf8(decoded).ok()?;
    let (id, secret) = pair.split_once(':')?;
    if id == config.shop_id && secret == config.shop_secret {
        Some(Account::Shop)
    } else if id == config.gateway_id && secret == config.gateway_secret {
        Some(Account::Gateway)
    } else {
        None
    }
}

fn authorise(app: &App, needed: Account, headers: &HeaderMap) -> Result<Account, ApiError> {
    let account = caller(&app.config, headers).ok_or_else(ApiError::credentials)?;
    if needed == Account::Any || needed == account {
        Ok(account)
    } else {
        Err(ApiError::forbidden(
            "These credentials have no right to this operation",
        ))
    }
}

fn answer(result: Result<Value, ApiError>) -> Response {
    match result {
        Ok(body) => Json(body).into_response(),
        Err(error) => error.into_response(),
    }
}

/// One reading call under the faults ordered for `operation`.
pub async fn read<F>(
    app: &App,
    account: Account,
    operation: &str,
    headers: &HeaderMap,
    work: F,
) -> Response
where
    F: FnOnce(&State) -> Result<Value, ApiError> + Send,
{
    if let Err(error) = authorise(app, account, headers) {
        return error.into_response();
    }
    faults::around(app, operation, |_| {
        let mut state = app.lock();
        sweep(app, &mut state);
        answer(work(&state))
    })
    .await
}

/// A changing call: what was sent, apart from the credentials.
pub struct Order<'a> {
    pub account: Account,
    pub operation: &'a str,
    /// Tells calls with the same body apart: the path of the resource.
    pub path: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a Bytes,
}

/// One changing call: idempotent by its key, under the faults ordered for it.
/// Looking the key up, acting and remembering the result are one step under one lock.
pub async fn write<F>(app: &App, order: Order<'_>, work: F) -> Response
where
    F: FnOnce(&App, &mut State, &Value) -> Result<Value, ApiError> + Send,
{
    let checked = authorise(app, order.account, order.headers)
        .and_then(|account| Ok((account, idempotence_key(order.headers)?, parse(&order)?)));
    let (account, key, body) = match checked {
        Ok(checked) => checked,
        Err(error) => return error.into_response(),
    };
    faults::around(app, order.operation, |_| {
        let mut state = app.lock();
        sweep(app, &mut state);
        answer(once(
            app,
            &mut state,
            (account, key),
            order.path,
            &body,
            work,
        ))
    })
    .await
}

fn once<F>(
    app: &App,
    state: &mut State,
    key: (Account, String),
    path: &str,
    body: &Value,
    work: F,
) -> Result<Value, ApiError>
where
    F: FnOnce(&App, &mut State, &Value) -> Result<Value, ApiError>,
{
    let now = state.clock.now();
    let asked = format!("{path} {body}");
    if let Some(first) = state.shop.keys.get(&key)
        && first.at.plus(KEY_LIFETIME) > now
    {
        if first.asked == asked {
            return Ok(first.answer.clone());
        }
        let description = "Idempotence key duplicated: the request differs from the first one";
        return Err(ApiError::invalid("Idempotence-Key", description));
    }
    let result = work(app, state, body)?;
    let first = FirstResult {
        asked,
        answer: result.clone(),
        at: now,
    };
    state.shop.keys.insert(key, first);
    Ok(result)
}

fn idempotence_key(headers: &HeaderMap) -> Result<String, ApiError> {
    let key = headers
        .get("Idempotence-Key")
        .and_then(|value| value.to_str().ok());
    match key {
        Some(key) if !key.is_empty() && key.len() <= 64 => Ok(key.to_owned()),
        _ => Err(ApiError::invalid(
            "Idempotence-Key",
            "Required header, 1 to 64 characters",
        )),
    }
}

fn parse(order: &Order<'_>) -> Result<Value, ApiError> {
    if order.body.is_empty() {
        return Ok(json!({}));
    }
    let kind = order
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let json = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    if !json.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
        return Err(ApiError::media_type());
    }
    match serde_json::from_slice(order.body) {
        Ok(body @ Value::Object(_)) => Ok(body),
        _ => Err(ApiError::refused("The body is not a JSON object")),
    }
}

/// Ends what nobody confirmed in time, by the sandbox clock.
pub fn sweep(app: &App, state: &mut State) {
    payments::expire(app, state);
    methods::expire(state);
}

pub fn router() -> Router<App> {
    let api = Router::new()
        .route("/me", get(me))
        .route("/sbp_banks", get(sbp_banks))
        .merge(payment_routes::router())
        .merge(refunds::router())
        .merge(payouts::router())
        .merge(methods::router())
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .fallback(|| async { ApiError::not_found("Resource") });
    Router::new()
        .nest("/v3", api)
        .merge(methods::control())
        .merge(payouts::control())
        .merge(receipts::router())
        .merge(checkout::router())
        .merge(webhooks::router())
}

async fn me(AxumState(app): AxumState<App>, headers: HeaderMap) -> Response {
    let account = caller(&app.config, &headers);
    read(&app, Account::Any, "me", &headers, |state| {
        Ok(if account == Some(Account::Gateway) {
            json!({
                "account_id": app.config.gateway_id,
                "status": "enabled",
                "test": true,
                "name": app.config.shop_name,
                "payout_methods": ["bank_card", "sbp", "yoo_money"],
                "payout_balance": state.shop.payout_balance,
            })
        } else {
            json!({
                "account_id": app.config.shop_id,
                "status": "enabled",
                "test": true,
                "name": app.config.shop_name,
                "fiscalization": { "enabled": true, "provider": "atol" },
                "fiscalization_enabled": true,
                "payment_methods": ["bank_card", "sbp", "yoo_money"],
                "itn": "7700000000",
            })
        })
    })
    .await
}

/// Members of the fast payment system the sandbox knows: identifier, name, BIC.
pub const SBP_BANKS: [(&str, &str, &str); 5] = [
    ("100000000111", "Сбербанк", "044525225"),
    ("100000000004", "Т-Банк", "044525974"),
    ("100000000008", "Альфа-Банк", "044525593"),
    ("100000000005", "Банк ВТБ", "044525187"),
    ("100000000007", "Райффайзен Банк", "044525700"),
];

async fn sbp_banks(AxumState(app): AxumState<App>, headers: HeaderMap) -> Response {
    read(&app, Account::Any, "sbp_banks", &headers, |_| {
        let items: Vec<Value> = SBP_BANKS
            .iter()
            .map(|(id, name, bic)| json!({ "bank_id": id, "name": name, "bic": bic }))
            .collect();
        Ok(json!({ "type": "list", "items": items }))
    })
    .await
}

/// Thousands apart, kopecks after a comma: how a sum is shown to a payer.
pub fn roubles(sum: Rub) -> String {
    let whole = (sum.0 / 100).to_string();
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    // Writing to a string does not fail.
    let _ = write!(text, ",{:02}\u{a0}₽", sum.0 % 100);
    text
}
