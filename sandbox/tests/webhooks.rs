//! Notifications: repeated, lost, multiplied, reordered, cut.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{payment, rub, world};
use serde_json::{Value, json};

#[tokio::test]
async fn a_refused_notification_comes_again_until_accepted() {
    let world = world().await;
    world.hooks.refuse(2);
    let id = world.paid("k", &payment("10.00")).await;
    assert_eq!(world.hooks.wait(3).await, ["payment.succeeded"; 3]);
    let body: Value = serde_json::from_str(&world.hooks.raw()[2]).unwrap();
    assert_eq!(body["type"], "notification");
    assert_eq!(body["object"], world.read(&format!("payments/{id}")).await);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(world.hooks.raw().len(), 3);
    let log = world.get("/webhooks.json").await;
    assert_eq!(
        (&log[0]["fate"], &log[0]["attempts"]),
        (&json!("delivered"), &json!(3))
    );
}

#[tokio::test]
async fn the_number_of_attempts_is_bounded() {
    let world = world().await;
    world.hooks.refuse(100);
    world.paid("k", &payment("10.00")).await;
    world.hooks.wait(4).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(world.hooks.raw().len(), 4);
    assert_eq!(world.get("/webhooks.json").await[0]["fate"], "given_up");
}

#[tokio::test]
async fn a_lost_notification_never_comes_though_the_payment_is_paid() {
    let world = world().await;
    world
        .fault(json!({ "on": "webhook.payment.succeeded", "kind": "lost" }))
        .await;
    let id = world.paid("lost", &payment("10.00")).await;
    world.paid("next", &payment("10.00")).await;
    world.hooks.wait(1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(world.hooks.raw().len(), 1);
    assert_eq!(
        world.read(&format!("payments/{id}")).await["status"],
        "succeeded"
    );
    assert_eq!(world.get("/webhooks.json").await[0]["fate"], "lost");
}

#[tokio::test]
async fn every_third_notification_can_be_lost() {
    let world = world().await;
    world
        .fault(json!({ "on": "webhook", "kind": "lost", "times": 0, "every": 3 }))
        .await;
    for n in 0..9 {
        world.paid(&n.to_string(), &payment("10.00")).await;
    }
    world.hooks.wait(6).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(world.hooks.raw().len(), 6);
}

#[tokio::test]
async fn copies_arrive_all() {
    let world = world().await;
    world
        .fault(json!({ "on": "webhook", "kind": "copies", "copies": 50 }))
        .await;
    world.paid("k", &payment("10.00")).await;
    assert_eq!(world.hooks.wait(50).await.len(), 50);
    let raw = world.hooks.raw();
    assert!(raw.iter().all(|body| *body == raw[0]));
}

#[tokio::test]
async fn shuffled_notifications_arrive_in_reverse() {
    let world = world().await;
    world
        .fault(json!({ "on": "webhook", "kind": "shuffle", "ms": 100, "times": 2 }))
        .await;
    let mut body = payment("10.00");
    body["capture"] = false.into();
    let id = world.paid("k", &body).await;
    world
        .made(&format!("payments/{id}/capture"), "c", &json!({}))
        .await;
    let refund = json!({ "payment_id": id, "amount": rub("10.00") });
    world.made("refunds", "r", &refund).await;
    let order = [
        "refund.succeeded",
        "payment.succeeded",
        "payment.waiting_for_capture",
    ];
    assert_eq!(world.hooks.wait(3).await, order);
}

#[tokio::test]
async fn a_cut_notification_is_sent_again_whole() {
    let world = world().await;
    world
        .fault(json!({ "on": "webhook", "kind": "garbage" }))
        .await;
    world.paid("k", &payment("10.00")).await;
    assert_eq!(world.hooks.wait(2).await, ["broken", "payment.succeeded"]);
}

#[tokio::test]
async fn a_reset_stops_what_was_on_its_way() {
    let world = world().await;
    world
        .fault(json!({ "on": "webhook", "kind": "delay", "ms": 200 }))
        .await;
    world.paid("k", &payment("10.00")).await;
    world.control("/reset", &json!({})).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(world.hooks.raw().is_empty());
    assert_eq!(world.read("payments").await["items"], json!([]));
}

#[tokio::test]
async fn an_impossible_fault_is_refused() {
    let world = world().await;
    for wrong in [
        json!({ "on": "webhook", "kind": "error500" }),
        json!({ "on": "payments.create", "kind": "copies" }),
        json!({ "on": "nothing", "kind": "delay" }),
        json!({ "on": "webhook", "kind": "copies", "copies": 100_000 }),
    ] {
        assert_eq!(
            world.control("/faults", &wrong).await.status(),
            400,
            "{wrong}"
        );
    }
}
