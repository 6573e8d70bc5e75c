//! Payment methods: saved by a payment or bound for nothing, charged later without the payer.

use axum::body::Bytes;
use axum::extract::{Path, State as AxumState};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::card::{Behaviour, Card};
use super::wire::{self, ApiError, Cancellation};
use super::{Account, Order, read, webhooks, write};
use crate::clock::Moment;
use crate::{App, Config, State};

/// How long the payer has to bind a card.
const BINDING_TIME: TimeDelta = TimeDelta::hours(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    BankCard,
    Sbp,
    YooMoney,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Pending,
    Active,
    Inactive,
}

#[derive(Debug, Clone)]
pub struct Method {
    pub id: String,
    pub kind: Kind,
    pub saved: bool,
    pub status: Status,
    pub card: Option<Card>,
    /// Ordered by the tester: every later charge is declined for this reason.
    pub declines: Option<&'static str>,
    holder: Value,
    metadata: Map<String, Value>,
    /// Set for a method bound without a payment.
    pub binding: Option<Binding>,
}

#[derive(Debug, Clone)]
pub struct Binding {
    pub page: String,
    pub return_url: String,
    created_at: Moment,
    /// A card waiting for the bank's code, and how many wrong codes were typed.
    pub asked: Option<(Card, u8)>,
}

impl Method {
    fn new(id: String, kind: Kind, config: &Config) -> Self {
        Self {
            id,
            kind,
            saved: false,
            status: Status::Active,
            card: None,
            declines: None,
            holder: json!({ "account_id": config.shop_id, "gateway_id": config.gateway_id }),
            metadata: Map::new(),
            binding: None,
        }
    }

    pub fn of_card(id: String, config: &Config, card: Card) -> Self {
        Self {
            card: Some(card),
            ..Self::new(id, Kind::BankCard, config)
        }
    }

    pub fn of_sbp(id: String, config: &Config) -> Self {
        Self::new(id, Kind::Sbp, config)
    }

    pub fn of_wallet(id: String, config: &Config) -> Self {
        Self::new(id, Kind::YooMoney, config)
    }

    /// How the method is written inside a payment.
    pub fn view(&self) -> Value {
        let mut view = json!({ "type": self.kind, "id": self.id, "saved": self.saved });
        if self.saved {
            view["status"] = json!(self.status);
        }
        match &self.card {
            Some(card) => {
                view["title"] = card.title().into();
                view["card"] = json!(card);
            }
            None if self.kind == Kind::Sbp => {
                let (bank_id, _, bic) = super::SBP_BANKS[0];
                view["title"] = "SBP".into();
                view["payer_bank_details"] = json!({ "bank_id": bank_id, "bic": bic });
                view["sbp_operation_id"] = format!("A{}", self.id.replace('-', "")).into();
            }
            None => {
                view["title"] = "YooMoney wallet *0003".into();
                view["account_number"] = "410011758831136".into();
            }
        }
        view
    }

    /// How the method is written on its own.
    fn resource(&self) -> Value {
        let mut view = self.view();
        view["status"] = json!(self.status);
        view["holder"] = self.holder.clone();
        view["metadata"] = json!(self.metadata);
        if let (Status::Pending, Some(binding)) = (self.status, &self.binding) {
            view["confirmation"] = json!({
                "type": "redirect",
                "return_url": binding.return_url,
                "confirmation_url": binding.page,
            });
        }
        view
    }

    /// Why a charge without the payer is declined now, if it is.
    pub fn refusal(&self) -> Option<Cancellation> {
        if self.status != Status::Active {
            return Some(Cancellation {
                party: "yoo_money",
                reason: "permission_revoked",
            });
        }
        let by_card = match self.card.as_ref().map(|card| card.behaviour) {
            Some(Behaviour::Declines(reason) | Behaviour::DeclinesLater(reason)) => Some(reason),
            _ => None,
        };
        let reason = self.declines.or(by_card)?;
        Some(Cancellation {
            party: "payment_network",
            reason,
        })
    }
}

fn create(app: &App, state: &mut State, body: &Value) -> Result<Value, ApiError> {
    if body["type"] != "bank_card" {
        return Err(ApiError::invalid("type", "Only bank_card can be bound"));
    }
    if !body["card"].is_null() {
        return Err(ApiError::forbidden(
            "Card data is accepted on the payment page only",
        ));
    }
    let confirmation = &body["confirmation"];
    if confirmation["type"] != "redirect" {
        return Err(ApiError::invalid("confirmation.type", "Must be redirect"));
    }
    let mut method = Method::new(wire::new_id(), Kind::BankCard, &app.config);
    method.status = Status::Pending;
    method.metadata = wire::metadata(body)?;
    method.binding = Some(Binding {
        page: format!("{}/checkout/binding/{}", app.config.public_url, method.id),
        return_url: wire::return_url(confirmation)?,
        created_at: state.clock.now(),
        asked: None,
    });
    let view = method.resource();
    state.shop.methods.push(method);
    Ok(view)
}

/// What the payer's bank decides about a card typed on the binding page.
pub fn bind(app: &App, state: &mut State, index: usize, card: Card) {
    let method = &mut state.shop.methods[index];
    if let Some(binding) = &mut method.binding {
        binding.asked = None;
    }
    let declined = matches!(card.behaviour, Behaviour::Declines(_));
    method.card = Some(card);
    if declined {
        method.status = Status::Inactive;
        return;
    }
    method.status = Status::Active;
    method.saved = true;
    let view = method.resource();
    webhooks::emit(app, state, "payment_method.active", &view);
}

/// The bank did not recognise the payer.
pub fn reject(state: &mut State, index: usize) {
    let method = &mut state.shop.methods[index];
    method.status = Status::Inactive;
    if let Some(binding) = &mut method.binding {
        binding.asked = None;
    }
}

/// Closes bindings nobody finished.
pub fn expire(state: &mut State) {
    let now = state.clock.now();
    for method in &mut state.shop.methods {
        let started = method.binding.as_ref().map(|binding| binding.created_at);
        if method.status == Status::Pending
            && started.is_some_and(|at| at.plus(BINDING_TIME) <= now)
        {
            method.status = Status::Inactive;
        }
    }
}

pub fn find(state: &State, id: &str) -> Result<usize, ApiError> {
    let found = state.shop.methods.iter().position(|method| method.id == id);
    found.ok_or_else(|| ApiError::not_found("Payment method"))
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/payment_methods", post(post_create))
        .route("/payment_methods/{id}", get(get_one))
}

async fn post_create(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let order = Order {
        account: Account::Any,
        operation: "payment_methods.create",
        path: "payment_methods",
        headers: &headers,
        body: &body,
    };
    write(&app, order, create).await
}

async fn get_one(
    AxumState(app): AxumState<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    read(
        &app,
        Account::Any,
        "payment_methods.get",
        &headers,
        |state| Ok(state.shop.methods[find(state, &id)?].resource()),
    )
    .await
}

/// What the payer does behind the shop's back: no part of the provider's API.
pub fn control() -> Router<App> {
    Router::new()
        .route("/methods/{id}/revoke", post(revoke))
        .route("/methods/{id}/outcome", put(set_outcome))
}

async fn revoke(AxumState(app): AxumState<App>, Path(id): Path<String>) -> Response {
    let mut state = app.lock();
    match find(&state, &id) {
        Ok(index) => {
            state.shop.methods[index].status = Status::Inactive;
            Json(state.shop.methods[index].resource()).into_response()
        }
        Err(error) => error.into_response(),
    }
}

#[derive(Deserialize)]
struct Outcome {
    /// `success`, or the reason every later charge is declined for.
    outcome: String,
}

const REASONS: [&str; 8] = [
    "insufficient_funds",
    "card_expired",
    "general_decline",
    "fraud_suspected",
    "issuer_unavailable",
    "payment_method_limit_exceeded",
    "payment_method_restricted",
    "call_issuer",
];

async fn set_outcome(
    AxumState(app): AxumState<App>,
    Path(id): Path<String>,
    Json(order): Json<Outcome>,
) -> Response {
    let known = REASONS.into_iter().find(|reason| *reason == order.outcome);
    if known.is_none() && order.outcome != "success" {
        let why = format!("`outcome` is success or one of: {}", REASONS.join(", "));
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response();
    }
    let mut state = app.lock();
    match find(&state, &id) {
        Ok(index) => {
            state.shop.methods[index].declines = known;
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => error.into_response(),
    }
}
