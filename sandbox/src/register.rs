//! The provider's register of operations, to reconcile the books against.

use axum::extract::{Query, State as AxumState};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::App;
use crate::clock::Moment;
use crate::yookassa::wire::Rub;
use crate::yookassa::{payments, payouts};

#[derive(Deserialize)]
struct Period {
    from: Option<String>,
    to: Option<String>,
}

pub fn router() -> Router<App> {
    Router::new().route("/register.json", get(register))
}

/// Operations created from `from` (included) to `to` (left out); a missing bound is open.
async fn register(AxumState(app): AxumState<App>, Query(period): Query<Period>) -> Response {
    let Some((from, to)) = bounds(&period) else {
        let body = json!({ "error": "`from` and `to` are ISO 8601 times or dates" });
        return (StatusCode::BAD_REQUEST, Json(body)).into_response();
    };
    let within = |at: Moment| from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to);
    let state = app.lock();
    let mut totals = Totals::default();

    let payments: Vec<Value> = state
        .shop
        .payments
        .iter()
        .filter(|payment| within(payment.created_at))
        .map(|payment| {
            let succeeded = payment.status == payments::Status::Succeeded;
            totals.payments.add(payment.amount, succeeded);
            json!({
                "id": payment.id,
                "status": payment.status,
                "amount": payment.amount,
                "refunded_amount": payment.refunded_amount.unwrap_or_default(),
                "created_at": payment.created_at,
                "captured_at": payment.captured_at,
                "metadata": payment.metadata,
            })
        })
        .collect();
    let refunds: Vec<Value> = state
        .shop
        .refunds
        .iter()
        .filter(|refund| within(refund.created_at))
        .map(|refund| {
            totals
                .refunds
                .add(refund.amount, refund.status == "succeeded");
            json!({
                "id": refund.id,
                "payment_id": refund.payment_id,
                "status": refund.status,
                "amount": refund.amount,
                "created_at": refund.created_at,
                "metadata": refund.metadata,
            })
        })
        .collect();
    let payouts: Vec<Value> = state
        .shop
        .payouts
        .iter()
        .filter(|payout| within(payout.created_at))
        .map(|payout| {
            totals
                .payouts
                .add(payout.amount, payout.status == payouts::Status::Succeeded);
            json!({
                "id": payout.id,
                "status": payout.status,
                "amount": payout.amount,
                "created_at": payout.created_at,
                "succeeded_at": payout.succeeded_at,
                "metadata": payout.metadata,
            })
        })
        .collect();

    Json(json!({
        "from": from,
        "to": to,
        "payments": payments,
        "refunds": refunds,
        "payouts": payouts,
        "totals": {
            "payments": totals.payments.view(),
            "refunds": totals.refunds.view(),
            "payouts": totals.payouts.view(),
        },
    }))
    .into_response()
}

/// `None` when a given bound cannot be read.
fn bounds(period: &Period) -> Option<(Option<Moment>, Option<Moment>)> {
    let read = |text: &Option<String>| match text.as_deref() {
        None | Some("") => Some(None),
        // A plus sign of a zone arrives as a space when it was not escaped.
        Some(text) => Moment::parse(&text.replace(' ', "+")).map(Some),
    };
    Some((read(&period.from)?, read(&period.to)?))
}

#[derive(Default)]
struct Totals {
    payments: Total,
    refunds: Total,
    payouts: Total,
}

#[derive(Default)]
struct Total {
    count: usize,
    succeeded: usize,
    sum: Rub,
}

impl Total {
    fn add(&mut self, amount: Rub, succeeded: bool) {
        self.count += 1;
        if succeeded {
            self.succeeded += 1;
            self.sum.0 += amount.0;
        }
    }

    fn view(&self) -> Value {
        json!({
            "count": self.count,
            "succeeded_count": self.succeeded,
            "succeeded_amount": self.sum,
        })
    }
}
