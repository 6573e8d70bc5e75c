//! Fiscal receipts inside payments and refunds.

use axum::extract::State as AxumState;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::wire::{ApiError, Rub};
use crate::App;

/// Checks the receipt of a request against the sum it is for.
pub fn check(body: &Value, total: Rub) -> Result<Option<Value>, ApiError> {
    let receipt = &body["receipt"];
    if receipt.is_null() {
        return Ok(None);
    }
    let customer = &receipt["customer"];
    let reachable = ["email", "phone"].iter().any(|field| {
        [customer, receipt]
            .iter()
            .any(|at| at[*field].as_str().is_some_and(|v| !v.is_empty()))
    });
    if !reachable {
        return Err(ApiError::invalid(
            "receipt.customer",
            "An email or a phone is required",
        ));
    }
    let items = match receipt["items"].as_array() {
        Some(items) if (1..=100).contains(&items.len()) => items,
        _ => return Err(ApiError::invalid("receipt.items", "From 1 to 100 items")),
    };
    let mut sum = 0;
    for item in items {
        sum += item_total(item)?;
    }
    if Rub(sum) != total {
        let description = format!("The items make {}, the amount is {total}", Rub(sum));
        return Err(ApiError::invalid("receipt.items.amount", description));
    }
    Ok(Some(receipt.clone()))
}

fn item_total(item: &Value) -> Result<i64, ApiError> {
    let described = item["description"]
        .as_str()
        .is_some_and(|v| (1..=128).contains(&v.chars().count()));
    if !described {
        return Err(ApiError::invalid(
            "receipt.items.description",
            "From 1 to 128 characters",
        ));
    }
    if !item["vat_code"]
        .as_i64()
        .is_some_and(|code| (1..=12).contains(&code))
    {
        return Err(ApiError::invalid("receipt.items.vat_code", "From 1 to 12"));
    }
    let price = Rub::required(item, "amount")
        .map_err(|_| ApiError::invalid("receipt.items.amount", "Wrong sum"))?;
    let quantity = match &item["quantity"] {
        Value::Number(number) => thousandths(&number.to_string()),
        Value::String(text) => thousandths(text),
        _ => None,
    };
    quantity
        .and_then(|quantity| price.0.checked_mul(quantity))
        .map(|total| (total + 500) / 1000)
        .ok_or_else(|| ApiError::invalid("receipt.items.quantity", "Wrong quantity"))
}

/// Reads a positive quantity with up to three digits after the dot.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if whole.len() > 6 || fraction.is_empty() || fraction.len() > 3 {
        return None;
    }
    let padded = format!("{whole}{fraction:0<3}");
    if whole.is_empty() || !padded.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    padded.parse().ok().filter(|quantity| *quantity > 0)
}

pub fn router() -> Router<App> {
    Router::new().route("/receipts.json", get(list))
}

/// Every receipt accepted so far, for a tester to look at.
async fn list(AxumState(app): AxumState<App>) -> Json<Value> {
    let state = app.lock();
    let payments = state.shop.payments.iter().filter_map(|payment| {
        let receipt = payment.receipt.as_ref()?;
        Some(json!({
            "payment_id": payment.id,
            "registration": payment.receipt_registration,
            "receipt": receipt,
        }))
    });
    let refunds = state.shop.refunds.iter().filter_map(|refund| {
        let receipt = refund.receipt.as_ref()?;
        Some(json!({
            "refund_id": refund.id,
            "registration": refund.receipt_registration,
            "receipt": receipt,
        }))
    });
    Json(payments.chain(refunds).collect())
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn quantities_are_exact() {
        assert_eq!(thousandths("1"), Some(1000));
        assert_eq!(thousandths("1.0"), Some(1000));
        assert_eq!(thousandths("2.5"), Some(2500));
        for wrong in ["0", "", ".5", "-1", "1.0001", "x"] {
            assert_eq!(thousandths(wrong), None, "{wrong}");
        }
    }
}
