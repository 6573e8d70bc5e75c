//! Payouts: money to the borrower, with a gateway and credentials of their own.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Query as UrlQuery, State as AxumState};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::card::{Behaviour, Card};
use super::methods::{self, Kind};
use super::wire::{self, ApiError, Cancellation, Query, Rub};
use super::{Account, Order, SBP_BANKS, read, webhooks, write};
use crate::clock::Moment;
use crate::faults;
use crate::{App, State};

/// The most one payout may carry.
const LARGEST: Rub = Rub::whole(500_000);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Pending,
    Succeeded,
    Canceled,
}

#[derive(Debug, Clone, Serialize)]
pub struct Payout {
    pub id: String,
    pub amount: Rub,
    pub status: Status,
    pub payout_destination: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub created_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_details: Option<Cancellation>,
    pub metadata: Map<String, Value>,
    pub test: bool,
    /// Decided at creation, told when it settles.
    #[serde(skip)]
    refusal: Option<Cancellation>,
}

/// Where the money goes and why it will not get there, if it will not.
struct Destination {
    view: Value,
    refusal: Option<&'static str>,
    smallest: Rub,
}

fn create(app: &App, state: &mut State, body: &Value) -> Result<Value, ApiError> {
    let amount = Rub::required(body, "amount")?;
    let destination = destination(state, body)?;
    if amount < destination.smallest {
        let description = format!("The smallest payout is {}", destination.smallest);
        return Err(ApiError::invalid("amount.value", description));
    }
    let here = |reason| Cancellation {
        party: "yoo_money",
        reason,
    };
    let refusal = if amount > LARGEST {
        Some(here("one_time_limit_exceeded"))
    } else if amount > state.shop.payout_balance {
        Some(here("insufficient_funds"))
    } else {
        destination.refusal.map(|reason| Cancellation {
            party: "payout_network",
            reason,
        })
    };
    let payout = Payout {
        id: format!("po-{}", wire::new_id()),
        amount,
        status: Status::Pending,
        payout_destination: destination.view,
        description: wire::text(body, "description", 128)?,
        created_at: state.clock.now(),
        succeeded_at: None,
        cancellation_details: None,
        metadata: wire::metadata(body)?,
        test: true,
        refusal,
    };
    let view = json!(payout);
    let id = payout.id.clone();
    if payout.refusal.is_none() {
        state.shop.payout_balance.0 -= amount.0;
    }
    state.shop.payouts.push(payout);
    settle_later(app, state, id);
    Ok(view)
}

fn destination(state: &State, body: &Value) -> Result<Destination, ApiError> {
    let data = &body["payout_destination_data"];
    let token = wire::text(body, "payout_token", 128)?;
    let method = wire::text(body, "payment_method_id", 64)?;
    match (data.is_null(), token, method) {
        (false, None, None) => by_data(state, body, data),
        (true, Some(token), None) => {
            let card = state.shop.payout_tokens.get(&token);
            card.map(to_card)
                .ok_or_else(|| ApiError::invalid("payout_token", "Token doesn't exist"))
        }
        (true, None, Some(id)) => by_method(state, &id),
        _ => Err(ApiError::invalid(
            "payout_destination_data",
            "Exactly one of payout_destination_data, payout_token, payment_method_id",
        )),
    }
}

fn by_method(state: &State, id: &str) -> Result<Destination, ApiError> {
    let wrong = |why| ApiError::invalid("payment_method_id", why);
    let index = methods::find(state, id).map_err(|_| wrong("Payment method doesn't exist"))?;
    let method = &state.shop.methods[index];
    if method.kind != Kind::BankCard || !method.saved || method.status != methods::Status::Active {
        return Err(wrong("The method is not a saved active card"));
    }
    method
        .card
        .as_ref()
        .map(to_card)
        .ok_or_else(|| wrong("The method has no card"))
}

fn by_data(state: &State, body: &Value, data: &Value) -> Result<Destination, ApiError> {
    match data["type"].as_str() {
        Some("bank_card") => data["card"]["number"]
            .as_str()
            .and_then(Card::parse)
            .map(|card| to_card(&card))
            .ok_or_else(|| {
                ApiError::invalid("payout_destination_data.card.number", "Wrong card number")
            }),
        Some("sbp") => by_sbp(data, named(state, body)?),
        Some("yoo_money") => {
            let account = data["account_number"].as_str().unwrap_or_default();
            if account.len() < 11 || !account.bytes().all(|b| b.is_ascii_digit()) {
                let parameter = "payout_destination_data.account_number";
                return Err(ApiError::invalid(parameter, "From 11 to 33 digits"));
            }
            let view = json!({ "type": "yoo_money", "account_number": account });
            Ok(Destination {
                view,
                refusal: None,
                smallest: Rub::whole(2),
            })
        }
        _ => Err(ApiError::invalid(
            "payout_destination_data.type",
            "Must be bank_card, sbp or yoo_money",
        )),
    }
}

/// The name to be compared, when one was left.
fn named<'a>(state: &'a State, body: &Value) -> Result<Option<&'a str>, ApiError> {
    let Some(id) = body["personal_data"][0]["id"].as_str() else {
        return Ok(None);
    };
    let wrong = || ApiError::invalid("personal_data.id", "Personal data doesn't exist");
    let name = state.shop.persons.get(id).ok_or_else(wrong)?;
    Ok(Some(name))
}

/// Leaves a name to compare with the account's owner.
fn keep_person(_: &App, state: &mut State, body: &Value) -> Result<Value, ApiError> {
    if body["type"] != "sbp_payout_recipient" {
        return Err(ApiError::invalid("type", "Must be sbp_payout_recipient"));
    }
    let text = |field| {
        let given = wire::text(body, field, 200)?;
        given.ok_or_else(|| ApiError::invalid(field, "Required"))
    };
    let name = format!("{} {}", text("last_name")?, text("first_name")?);
    let id = format!("pd-{}", wire::new_id());
    state.shop.persons.insert(id.clone(), name);
    Ok(json!({
        "id": id,
        "type": "sbp_payout_recipient",
        "status": "active",
        "created_at": state.clock.now(),
    }))
}

/// The bank of a phone ending in 0404 belongs to somebody else than was named.
const SOMEBODY_ELSE: &str = "0404";

fn by_sbp(data: &Value, named: Option<&str>) -> Result<Destination, ApiError> {
    let phone = data["phone"].as_str().unwrap_or_default();
    if phone.len() != 11 || !phone.starts_with('7') || !phone.bytes().all(|b| b.is_ascii_digit()) {
        let parameter = "payout_destination_data.phone";
        return Err(ApiError::invalid(
            parameter,
            "Eleven digits starting with 7",
        ));
    }
    let bank_id = data["bank_id"].as_str().unwrap_or_default();
    if !SBP_BANKS.iter().any(|(id, ..)| *id == bank_id) {
        let parameter = "payout_destination_data.bank_id";
        return Err(ApiError::invalid(
            parameter,
            "Unknown bank, see GET /sbp_banks",
        ));
    }
    let view = json!({
        "type": "sbp",
        "phone": phone,
        "bank_id": bank_id,
        "sbp_operation_id": format!("B{}", wire::digits(31)),
        "recipient_checked": named.is_some(),
    });
    let refusal = match phone {
        phone if phone.ends_with("0005") => Some("recipient_not_found"),
        phone if named.is_some() && phone.ends_with(SOMEBODY_ELSE) => {
            Some("recipient_check_failed")
        }
        _ => None,
    };
    Ok(Destination {
        view,
        refusal,
        smallest: Rub::whole(1),
    })
}

fn to_card(card: &Card) -> Destination {
    let refused = card.behaviour == Behaviour::RefusesPayouts;
    Destination {
        view: json!({
            "type": "bank_card",
            "card": {
                "first6": card.first6,
                "last4": card.last4,
                "card_type": card.card_type,
                "issuer_country": card.issuer_country,
                "issuer_name": card.issuer_name,
            },
        }),
        refusal: refused.then_some("rejected_by_payee"),
        smallest: Rub::whole(5),
    }
}

fn settle_later(app: &App, state: &mut State, id: String) {
    let fault = state.faults.take("settle.payout");
    let mut wait = Duration::from_millis(app.config.payout_delay_ms);
    match fault.map(|fault| (fault.kind, fault)) {
        Some((faults::Kind::Lost, _)) => return,
        Some((_, fault)) => wait = fault.hold(10_000),
        None => {}
    }
    let app = app.clone();
    let epoch = state.epoch;
    tokio::spawn(async move {
        tokio::time::sleep(wait).await;
        let mut state = app.lock();
        if state.epoch == epoch {
            settle(&app, &mut state, &id);
        }
    });
}

/// Tells the outcome of a pending payout; a final one stays as it is.
fn settle(app: &App, state: &mut State, id: &str) {
    let now = state.clock.now();
    let found = state.shop.payouts.iter_mut().find(|payout| payout.id == id);
    let Some(payout) = found.filter(|payout| payout.status == Status::Pending) else {
        return;
    };
    let event = if payout.refusal.is_some() {
        payout.status = Status::Canceled;
        payout.cancellation_details = payout.refusal;
        "payout.canceled"
    } else {
        payout.status = Status::Succeeded;
        payout.succeeded_at = Some(now);
        "payout.succeeded"
    };
    let view = json!(payout);
    webhooks::emit(app, state, event, &view);
}

fn list(state: &State, pairs: &[(String, String)]) -> Result<Value, ApiError> {
    let query = Query { pairs };
    let created = query.range("created_at")?;
    let found: Vec<&Payout> = state
        .shop
        .payouts
        .iter()
        .filter(|payout| {
            let kind = &payout.payout_destination["type"];
            query
                .get("status")
                .is_none_or(|status| json!(payout.status) == status)
                && query
                    .get("payout_destination.type")
                    .is_none_or(|wanted| kind == wanted)
                && created(Some(payout.created_at))
        })
        .collect();
    query.page(&found, |payout| &payout.id)
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/payouts", get(get_list).post(post_create))
        .route("/payouts/{id}", get(get_one))
        .route("/personal_data", post(post_person))
}

async fn post_person(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let order = Order {
        account: Account::Gateway,
        operation: "personal_data.create",
        path: "personal_data",
        headers: &headers,
        body: &body,
    };
    write(&app, order, keep_person).await
}

async fn post_create(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let order = Order {
        account: Account::Gateway,
        operation: "payouts.create",
        path: "payouts",
        headers: &headers,
        body: &body,
    };
    write(&app, order, create).await
}

async fn get_list(
    AxumState(app): AxumState<App>,
    UrlQuery(pairs): UrlQuery<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    read(&app, Account::Gateway, "payouts.list", &headers, |state| {
        list(state, &pairs)
    })
    .await
}

async fn get_one(
    AxumState(app): AxumState<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    read(&app, Account::Gateway, "payouts.get", &headers, |state| {
        let found = state.shop.payouts.iter().find(|payout| payout.id == id);
        found
            .map(|payout| json!(payout))
            .ok_or_else(|| ApiError::not_found("Payout"))
    })
    .await
}

/// The card widget, the balance and a stuck payout: no part of the provider's API.
pub fn control() -> Router<App> {
    Router::new()
        .route("/widget/payout_token", post(make_token))
        .route("/payout_balance", put(set_balance))
        .route("/payouts/{id}/settle", post(settle_now))
}

#[derive(Deserialize)]
struct Number {
    number: String,
}

/// Stands in for the payout widget: a card number into a token.
async fn make_token(AxumState(app): AxumState<App>, Json(typed): Json<Number>) -> Response {
    let Some(card) = Card::parse(&typed.number) else {
        return ApiError::invalid("number", "Wrong card number").into_response();
    };
    let token = format!("pt-{}", wire::new_id());
    let body = json!({
        "payout_token": token,
        "first6": card.first6,
        "last4": card.last4,
        "card_type": card.card_type,
    });
    app.lock().shop.payout_tokens.insert(token, card);
    Json(body).into_response()
}

#[derive(Deserialize)]
struct Balance {
    value: String,
}

async fn set_balance(AxumState(app): AxumState<App>, Json(balance): Json<Balance>) -> Response {
    let Some(sum) = Rub::parse(&balance.value) else {
        return ApiError::invalid("value", "Must be a decimal string").into_response();
    };
    app.lock().shop.payout_balance = sum;
    StatusCode::NO_CONTENT.into_response()
}

async fn settle_now(AxumState(app): AxumState<App>, Path(id): Path<String>) -> Response {
    let mut state = app.lock();
    settle(&app, &mut state, &id);
    match state.shop.payouts.iter().find(|payout| payout.id == id) {
        Some(payout) => Json(json!(payout)).into_response(),
        None => ApiError::not_found("Payout").into_response(),
    }
}
