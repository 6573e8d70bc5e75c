//! The addresses of payments.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query as UrlQuery, State as AxumState};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

use super::payments::{cancel, capture, create, find, held, list};
use super::wire::Cancellation;
use super::{Account, Order, read, write};
use crate::App;

pub fn router() -> Router<App> {
    Router::new()
        .route("/payments", get(get_list).post(post_create))
        .route("/payments/{id}", get(get_one))
        .route("/payments/{id}/capture", post(post_capture))
        .route("/payments/{id}/cancel", post(post_cancel))
}

async fn post_create(AxumState(app): AxumState<App>, headers: HeaderMap, body: Bytes) -> Response {
    let order = Order {
        account: Account::Shop,
        operation: "payments.create",
        path: "payments",
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
    read(&app, Account::Shop, "payments.list", &headers, |state| {
        list(state, &pairs)
    })
    .await
}

async fn get_one(
    AxumState(app): AxumState<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    read(&app, Account::Shop, "payments.get", &headers, |state| {
        Ok(json!(state.shop.payments[find(state, &id)?]))
    })
    .await
}

async fn post_capture(
    AxumState(app): AxumState<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let order = Order {
        account: Account::Shop,
        operation: "payments.capture",
        path: &format!("payments/{id}/capture"),
        headers: &headers,
        body: &body,
    };
    write(&app, order, |app, state, body| {
        capture(app, state, &id, body)
    })
    .await
}

async fn post_cancel(
    AxumState(app): AxumState<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let order = Order {
        account: Account::Shop,
        operation: "payments.cancel",
        path: &format!("payments/{id}/cancel"),
        headers: &headers,
        body: &body,
    };
    write(&app, order, |app, state, _| {
        let index = held(state, &id)?;
        let why = Cancellation {
            party: "merchant",
            reason: "canceled_by_merchant",
        };
        cancel(app, state, index, why);
        Ok(json!(state.shop.payments[index]))
    })
    .await
}
