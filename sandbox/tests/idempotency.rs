//! The same key means the same operation, whatever happens to the answers.

#![allow(clippy::unwrap_used)]

mod common;

use common::{GATEWAY, SHOP, payment, world};
use serde_json::{Value, json};

async fn count(world: &common::World) -> usize {
    world.read("payments?limit=100").await["items"]
        .as_array()
        .unwrap()
        .len()
}

#[tokio::test]
async fn the_same_key_and_body_give_the_first_answer() {
    let world = world().await;
    let first = world.made("payments", "k1", &payment("100.00")).await;
    let second = world.made("payments", "k1", &payment("100.00")).await;
    assert_eq!(first, second);
    assert_eq!(count(&world).await, 1);
}

#[tokio::test]
async fn the_same_key_with_another_body_or_address_is_refused() {
    let world = world().await;
    world.made("payments", "k1", &payment("100.00")).await;
    for (path, body) in [
        ("payments", payment("100.01")),
        ("refunds", payment("100.00")),
    ] {
        let answer = world.post(path, "k1", &body).await;
        assert_eq!(answer.status(), 400);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["type"], "error");
        assert_eq!(body["code"], "invalid_request");
        assert_eq!(body["parameter"], "Idempotence-Key");
        assert!(body["id"].is_string() && body["description"].is_string());
    }
    assert_eq!(count(&world).await, 1);
}

#[tokio::test]
async fn fifty_parallel_calls_with_one_key_make_one_payment() {
    let world = world().await;
    let body = payment("100.00");
    let mut ids: Vec<Value> = Vec::new();
    let world = std::sync::Arc::new(world);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (world, body) = (world.clone(), body.clone());
        calls.spawn(async move { world.made("payments", "k1", &body).await["id"].clone() });
    }
    while let Some(id) = calls.join_next().await {
        ids.push(id.unwrap());
    }
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(count(&world).await, 1);
}

#[tokio::test]
async fn the_key_is_required_and_bounded() {
    let world = world().await;
    for key in ["", &"x".repeat(65)] {
        assert_eq!(
            world.post("payments", key, &payment("1.00")).await.status(),
            400
        );
    }
    assert_eq!(
        world
            .post("payments", &"x".repeat(64), &payment("1.00"))
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn a_refused_request_does_not_use_the_key_up() {
    let world = world().await;
    assert_eq!(
        world
            .post("payments", "k1", &payment("0.00"))
            .await
            .status(),
        400
    );
    world.made("payments", "k1", &payment("1.00")).await;
}

#[tokio::test]
async fn an_error_after_success_is_answered_truly_on_repeat() {
    let world = world().await;
    for (n, kind) in ["error500_after_success", "accepted202", "garbage"]
        .iter()
        .enumerate()
    {
        world
            .fault(json!({ "on": "payments.create", "kind": kind }))
            .await;
        let answer = world.post("payments", kind, &payment("5.00")).await;
        match *kind {
            "error500_after_success" => assert_eq!(answer.status(), 500),
            "accepted202" => {
                assert_eq!(answer.status(), 202);
                assert_eq!(answer.json::<Value>().await.unwrap()["type"], "processing");
            }
            _ => assert!(answer.json::<Value>().await.is_err()),
        }
        assert_eq!(count(&world).await, n + 1, "{kind}: the work was done");
        let repeated = world.made("payments", kind, &payment("5.00")).await;
        assert_eq!(repeated["status"], "pending");
        assert_eq!(count(&world).await, n + 1, "{kind}: the repeat did nothing");
    }
}

#[tokio::test]
async fn a_plain_error_does_nothing_and_times_are_counted() {
    let world = world().await;
    world
        .fault(json!({ "on": "payments", "kind": "error500", "times": 2 }))
        .await;
    for _ in 0..2 {
        assert_eq!(
            world
                .post("payments", "k1", &payment("5.00"))
                .await
                .status(),
            500
        );
    }
    assert_eq!(count(&world).await, 0);
    world.made("payments", "k1", &payment("5.00")).await;
    assert_eq!(world.get("/faults").await[0]["struck"], 2);
}

#[tokio::test]
async fn a_dropped_hanging_call_was_still_done() {
    let world = world().await;
    world
        .fault(json!({ "on": "payments.create", "kind": "hang" }))
        .await;
    let body = payment("5.00");
    let call = world.post("payments", "k1", &body);
    let gave_up = tokio::time::timeout(std::time::Duration::from_millis(200), call).await;
    assert!(gave_up.is_err());
    assert_eq!(count(&world).await, 1);
    world.made("payments", "k1", &payment("5.00")).await;
    assert_eq!(count(&world).await, 1);
}

#[tokio::test]
async fn the_key_is_forgotten_after_a_day() {
    let world = world().await;
    let first = world.made("payments", "k1", &payment("5.00")).await;
    world
        .control(
            "/clock",
            &json!({ "advance_days": 1, "advance_seconds": 1 }),
        )
        .await;
    let second = world.made("payments", "k1", &payment("5.00")).await;
    assert_ne!(first["id"], second["id"]);
}

#[tokio::test]
async fn credentials_are_checked_and_kept_apart() {
    let world = world().await;
    let wrong = world
        .post_as(("sandbox-shop", "nope"), "payments", "k", &payment("1.00"))
        .await;
    assert_eq!(wrong.status(), 401);
    assert_eq!(
        wrong.json::<Value>().await.unwrap()["code"],
        "invalid_credentials"
    );
    assert_eq!(
        world
            .post_as(GATEWAY, "payments", "k", &payment("1.00"))
            .await
            .status(),
        403
    );
    assert_eq!(
        world
            .post_as(SHOP, "payouts", "k", &json!({}))
            .await
            .status(),
        403
    );
    let absent = world.read_as(SHOP, "payments/nothing").await;
    assert_eq!(absent.status(), 404);
    assert_eq!(absent.json::<Value>().await.unwrap()["code"], "not_found");
    assert_eq!(world.read_as(SHOP, "nowhere").await.status(), 404);
    assert_eq!(
        world.post("payments/x", "k", &json!({})).await.status(),
        405
    );
}
