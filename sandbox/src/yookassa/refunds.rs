//! Refunds: back to the payer, never more than was paid.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query as UrlQuery, State as AxumState};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::wire::{self, ApiError, Query, Rub};
use super::{Account, Order, payments, read, receipts, webhooks, write};
use crate::clock::Moment;
use crate::{App, State};

#[derive(Debug, Clone, Serialize)]
pub struct Refund {
    pub id: String,
    pub payment_id: String,
    pub status: &'static str,
    pub created_at: Moment,
    pub amount: Rub,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub metadata: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_registration: Option<&'static str>,
    #[serde(skip)]
    pub receipt: Option<Value>,
}

fn create(app: &App, state: &mut State, body: &Value) -> Result<Value, ApiError> {
    let amount = Rub::required(body, "amount")?;
    let payment_id = wire::text(body, "payment_id", 64)?
        .ok_or_else(|| ApiError::invalid("payment_id", "Required parameter is missing"))?;
    let description = wire::text(body, "description", 250)?;
    let metadata = wire::metadata(body)?;
    let receipt = receipts::check(body, amount)?;
    let index = payments::find(state, &payment_id)
        .map_err(|_| ApiError::invalid("payment_id", "Payment doesn't exist"))?;
    let now = state.clock.now();
    let payment = &mut state.shop.payments[index];
    if payment.status != payments::Status::Succeeded {
        return Err(ApiError::invalid(
            "payment_id",
            "Payment is not in the succeeded status",
        ));
    }
    let left = payment.left_to_refund();
    if amount > left {
        let description = format!("Only {left} is left to refund");
        return Err(ApiError::invalid("amount.value", description));
    }
    let refunded = Rub(payment.refunded_amount.unwrap_or_default().0 + amount.0);
    payment.refunded_amount = Some(refunded);
    payment.refundable = refunded < payment.amount;
    let refund = Refund {
        id: wire::new_id(),
        payment_id,
        status: "succeeded",
        created_at: now,
        amount,
        description,
        metadata,
        receipt_registration: receipt.is_some().then_some("succeeded"),
        receipt,
    };
    let view = json!(refund);
    state.shop.refunds.push(refund);
    webhooks::emit(app, state, "refund.succeeded", &view);
    Ok(view)
}

fn list(state: &State, pairs: &[(String, String)]) -> Result<Value, ApiError> {
    let query = Query { pairs };
    let created = query.range("created_at")?;
    let found: Vec<&Refund> = state
        .shop
        .refunds
        .iter()
        .filter(|refund| {
            query
                .get("status")
                .is_none_or(|status| refund.status == status)
                && query
                    .get("payment_id")
                    .is_none_or(|id| refund.payment_id == id)
                && created(Some(refund.created_at))
        })
        .collect();
    query.page(&found, |refund| &refund.id)
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/refunds", get(get_list).post(post_create))
        .route("/refunds/{id}", get(get_one))
}

async fn post_create(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let order = Order {
        account: Account::Shop,
        operation: "refunds.create",
        path: "refunds",
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
    read(&app, Account::Shop, "refunds.list", &headers, |state| {
        list(state, &pairs)
    })
    .await
}

async fn get_one(
    AxumState(app): AxumState<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    read(&app, Account::Shop, "refunds.get", &headers, |state| {
        let found = state.shop.refunds.iter().find(|refund| refund.id == id);
        found
            .map(|refund| json!(refund))
            .ok_or_else(|| ApiError::not_found("Refund"))
    })
    .await
}
