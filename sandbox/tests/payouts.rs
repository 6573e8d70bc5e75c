//! Cards bound for nothing, and money sent to them.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{GATEWAY, World, rub, world};
use serde_json::{Value, json};

async fn bound(world: &World, number: &str) -> String {
    let body = json!({
        "type": "bank_card",
        "confirmation": { "type": "redirect", "return_url": "http://127.0.0.1:9/cards" },
    });
    let made = world.made("payment_methods", number, &body).await;
    assert_eq!(made["status"], "pending");
    let page = made["confirmation"]["confirmation_url"].as_str().unwrap();
    let path = page.strip_prefix(&world.url).unwrap();
    let html = world
        .client
        .get(page)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(html.contains("Привязать карту") && html.contains("card-number"));
    assert_eq!(world.type_card(path, number).await.status(), 303);
    made["id"].as_str().unwrap().to_owned()
}

async fn settled(world: &World, id: &Value) -> Value {
    for _ in 0..200 {
        let path = format!("payouts/{}", id.as_str().unwrap());
        let payout: Value = world.read_as(GATEWAY, &path).await.json().await.unwrap();
        if payout["status"] != "pending" {
            return payout;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the payout did not settle");
}

#[tokio::test]
async fn a_bound_card_takes_payouts_and_payments() {
    let world = world().await;
    let id = bound(&world, "5555555555554444").await;
    let method = world.read(&format!("payment_methods/{id}")).await;
    assert_eq!(
        (&method["status"], &method["saved"]),
        (&json!("active"), &json!(true))
    );
    assert_eq!(world.hooks.wait(1).await, ["payment_method.active"]);

    let order = json!({ "amount": rub("30000.00"), "payment_method_id": id });
    let payout = world.post_as(GATEWAY, "payouts", "p1", &order).await;
    let payout: Value = payout.json().await.unwrap();
    assert_eq!(payout["status"], "pending");
    let done = settled(&world, &payout["id"]).await;
    assert_eq!(done["status"], "succeeded");
    assert_eq!(done["payout_destination"]["card"]["last4"], "4444");
    assert_eq!(world.hooks.wait(2).await[1], "payout.succeeded");
    let me: Value = world.read_as(GATEWAY, "me").await.json().await.unwrap();
    assert_eq!(me["payout_balance"], rub("9970000.00"));

    let charge = json!({ "amount": rub("100.00"), "capture": true, "payment_method_id": id });
    assert_eq!(
        world.made("payments", "pay", &charge).await["status"],
        "succeeded"
    );
}

#[tokio::test]
async fn payouts_are_refused_for_the_named_reasons() {
    let world = world().await;
    let refusing = bound(&world, "2200000900000005").await;
    let sbp = json!({ "type": "sbp", "phone": "79990000005", "bank_id": "100000000004" });
    let card = json!({ "type": "bank_card", "card": { "number": "5555555555554444" } });
    for (order, why) in [
        (
            json!({ "amount": rub("100.00"), "payment_method_id": refusing }),
            "rejected_by_payee",
        ),
        (
            json!({ "amount": rub("1.00"), "payout_destination_data": sbp }),
            "recipient_not_found",
        ),
        (
            json!({ "amount": rub("500000.01"), "payout_destination_data": card }),
            "one_time_limit_exceeded",
        ),
    ] {
        let payout: Value = world
            .post_as(GATEWAY, "payouts", why, &order)
            .await
            .json()
            .await
            .unwrap();
        let done = settled(&world, &payout["id"]).await;
        assert_eq!(done["status"], "canceled");
        assert_eq!(done["cancellation_details"]["reason"], why);
    }
    world
        .put("/payout_balance", &json!({ "value": "10.00" }))
        .await;
    let token = world
        .control(
            "/widget/payout_token",
            &json!({ "number": "5555555555554444" }),
        )
        .await;
    let token: Value = token.json().await.unwrap();
    let order = json!({ "amount": rub("10.01"), "payout_token": token["payout_token"] });
    let payout: Value = world
        .post_as(GATEWAY, "payouts", "b", &order)
        .await
        .json()
        .await
        .unwrap();
    let done = settled(&world, &payout["id"]).await;
    assert_eq!(done["cancellation_details"]["reason"], "insufficient_funds");

    let both = json!({ "amount": rub("10.00"), "payout_token": "x", "payment_method_id": "y" });
    assert_eq!(
        world.post_as(GATEWAY, "payouts", "c", &both).await.status(),
        400
    );
}

#[tokio::test]
async fn a_declined_binding_is_inactive() {
    let world = world().await;
    let id = bound(&world, "4000000000000002").await;
    assert_eq!(
        world.read(&format!("payment_methods/{id}")).await["status"],
        "inactive"
    );
    let order = json!({ "amount": rub("100.00"), "payment_method_id": id });
    assert_eq!(
        world
            .post_as(GATEWAY, "payouts", "p", &order)
            .await
            .status(),
        400
    );
}
