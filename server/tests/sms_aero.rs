//! The adapter of SMS Aero against a small server that speaks its wire format.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use cabinet::ports::{DeliveryError, Sms as _, SmsReceipt};
use cabinet::values::Phone;
use serde_json::{Value, json};
use server::gateways::sms_aero::SmsAero;
use server::gateways::{GatewayConfig, SmsGateway};
use uuid::Uuid;

type Came = Arc<Mutex<Vec<Value>>>;

/// What the gateway answers, as its documentation shows it.
async fn send(
    State(came): State<Came>,
    headers: HeaderMap,
    Json(message): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let token = base64::engine::general_purpose::STANDARD.encode("box@lender.example:secret key");
    if headers["authorization"] != format!("Basic {token}") {
        let refusal = json!({ "success": false, "message": "Your request was made with invalid credentials." });
        return (StatusCode::UNAUTHORIZED, Json(refusal));
    }
    if message["number"] == "79000000000" {
        let refusal = json!({ "success": false, "data": { "number": ["Not valid"] }, "message": "Validation error." });
        return (StatusCode::BAD_REQUEST, Json(refusal));
    }
    let mut all = came.lock().unwrap();
    all.push(message.clone());
    let answer = json!({
        "success": true,
        "data": {
            "id": all.len(), "from": message["sign"], "number": message["number"], "text": message["text"],
            "status": 0, "extendStatus": "queue", "channel": "FREE SIGN", "cost": "5.49",
            "dateCreate": 1_795_338_000, "dateSend": 1_795_338_000,
        },
        "message": null,
    });
    (StatusCode::OK, Json(answer))
}

/// The first message arrived, the second did not, the third is on its way.
async fn status(Json(asked): Json<Value>) -> Json<Value> {
    let status = match asked["id"].as_u64() {
        Some(1) => 1,
        Some(2) => 2,
        _ => 3,
    };
    Json(
        json!({ "success": true, "data": { "id": asked["id"], "status": status }, "message": null }),
    )
}

async fn gateway(key: &str) -> (SmsAero, Came) {
    let came = Came::default();
    let app = Router::new()
        .route("/v2/sms/send", post(send))
        .route("/v2/sms/status", post(status))
        .with_state(Arc::clone(&came));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let config = GatewayConfig {
        sms_gateway: SmsGateway::SmsAero,
        sms_url: Some(url),
        sms_login: Some("box@lender.example".into()),
        sms_password: Some(key.to_owned().into()),
        ..GatewayConfig::for_sandbox("http://127.0.0.1:9")
    };
    let adapter = SmsAero::new(&config.settled(true).unwrap()).unwrap();
    (adapter.asking_every(Duration::ZERO), came)
}

#[tokio::test]
async fn a_message_is_taken_and_its_fate_is_told_once() {
    let (gateway, came) = gateway("secret key").await;
    let phone = Phone::parse("+7 900 123-45-67").unwrap();
    for number in 1..=3 {
        let parts = gateway.send_parts(&phone, "Займ закрыт — спасибо", Uuid::nil());
        assert_eq!(parts.await.unwrap(), [format!("smsaero:{number}")]);
    }
    let message = came.lock().unwrap()[0].clone();
    assert_eq!(message["number"], "79001234567");
    assert_eq!(message["text"], "Займ закрыт — спасибо");
    assert_eq!(message["sign"], "SMS Aero");
    let fate = |number: u32, arrived| SmsReceipt {
        gateway_id: format!("smsaero:{number}"),
        arrived,
    };
    assert_eq!(gateway.receipts().await, [fate(1, true), fate(2, false)]);
    assert!(gateway.receipts().await.is_empty());
}

#[tokio::test]
async fn a_wrong_number_is_final_and_a_wrong_key_is_not() {
    let (right, _) = gateway("secret key").await;
    let nobody = Phone::parse("+7 900 000-00-00").unwrap();
    let refused = right.send(&nobody, "текст", Uuid::nil()).await;
    assert!(
        matches!(refused, Err(DeliveryError::Permanent(_))),
        "{refused:?}"
    );
    let (wrong, came) = gateway("another").await;
    let phone = Phone::parse("+7 900 123-45-67").unwrap();
    let refused = wrong.send(&phone, "текст", Uuid::nil()).await;
    assert!(
        matches!(refused, Err(DeliveryError::Temporary(_))),
        "{refused:?}"
    );
    assert!(came.lock().unwrap().is_empty());
}
