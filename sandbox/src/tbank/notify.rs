//! Signed notifications to the address that `Init` named.

use serde_json::{Map, Value, json};

use super::payments::Payment;
use super::token;
use crate::yookassa::webhooks;
use crate::{App, State};

/// Queues a notification about the present status of a payment.
pub fn emit(app: &App, state: &mut State, payment: &Payment, event: &'static str, status: &str) {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("TerminalKey", app.config.terminal_key.clone().into());
    put("OrderId", payment.order.clone().into());
    put("Success", (status != "REJECTED").into());
    put("Status", status.into());
    put("PaymentId", number(&payment.id));
    put("ErrorCode", payment.error.clone().into());
    put("Amount", payment.amount.into());
    if let Some(card) = &payment.card {
        put("Pan", format!("{}******{}", card.first6, card.last4).into());
        put("ExpDate", "1230".into());
    }
    if let Some(kept) = &payment.kept {
        put("CardId", number(&kept.card_id));
        put("RebillId", number(&kept.rebill_id));
    }
    let signed = token::of(&body, &app.config.terminal_password);
    body.insert("Token".to_owned(), signed.into());
    let (url, id) = (payment.notification_url.clone(), payment.id.clone());
    webhooks::queue(app, state, event, id, url, Value::Object(body).to_string());
}

/// Numbers travel as numbers in notifications.
fn number(text: &str) -> Value {
    text.parse::<u64>()
        .map_or_else(|_| json!(text), Value::from)
}
