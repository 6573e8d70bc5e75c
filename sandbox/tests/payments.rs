//! The life of payments, refunds and saved cards.

#![allow(clippy::unwrap_used)]

mod common;

use common::{SHOP, World, payment, rub, world};
use serde_json::{Value, json};

async fn reason(world: &World, id: &str) -> Value {
    world.read(&format!("payments/{id}")).await["cancellation_details"]["reason"].clone()
}

async fn pending(world: &World, key: &str) -> String {
    let made = world.made("payments", key, &payment("1500.00")).await;
    assert_eq!(made["status"], "pending");
    assert_eq!(made["test"], true);
    let id = made["id"].as_str().unwrap().to_owned();
    let page = format!("{}/checkout/{id}", world.url);
    assert_eq!(made["confirmation"]["confirmation_url"], page);
    id
}

#[tokio::test]
async fn a_card_without_a_code_pays_at_once() {
    let world = world().await;
    let id = pending(&world, "k").await;
    let back = world
        .type_card(&format!("/checkout/{id}"), "5555555555554444")
        .await;
    assert_eq!(
        (back.status(), &back.headers()["location"]),
        (
            303u16.try_into().unwrap(),
            &"http://127.0.0.1:9/back".parse().unwrap()
        )
    );
    let paid = world.read(&format!("payments/{id}")).await;
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(paid["paid"], true);
    assert_eq!(paid["amount"], rub("1500.00"));
    assert_eq!(paid["payment_method"]["card"]["last4"], "4444");
    assert_eq!(paid["payment_method"]["saved"], false);
    assert_eq!(
        paid["authorization_details"]["three_d_secure"]["applied"],
        false
    );
    assert!(paid["confirmation"].is_null());
    assert_eq!(world.hooks.wait(1).await, ["payment.succeeded"]);
}

#[tokio::test]
async fn a_card_with_a_code_asks_for_it_three_times() {
    let world = world().await;
    let good = pending(&world, "good").await;
    let page = format!("/checkout/{good}");
    let to_bank = world.type_card(&page, "4111 1111 1111 1111").await;
    assert_eq!(
        to_bank.headers()["location"],
        format!("{page}/3ds").as_str()
    );
    let wrong = world
        .form(
            &format!("{page}/3ds"),
            &[("action", "confirm"), ("code", "1")],
        )
        .await;
    assert_eq!(wrong.status(), 422);
    assert!(wrong.text().await.unwrap().contains("Осталось две попытки"));
    let right = [("action", "confirm"), ("code", "123456")];
    assert_eq!(
        world.form(&format!("{page}/3ds"), &right).await.status(),
        303
    );
    let paid = world.read(&format!("payments/{good}")).await;
    assert_eq!(
        paid["authorization_details"]["three_d_secure"]["applied"],
        true
    );

    let bad = pending(&world, "bad").await;
    let page = format!("/checkout/{bad}");
    world.type_card(&page, "4111 1111 1111 1111").await;
    for status in [422, 422, 303] {
        let wrong = world
            .form(&format!("{page}/3ds"), &[("action", "confirm")])
            .await;
        assert_eq!(wrong.status(), status);
    }
    assert_eq!(reason(&world, &bad).await, "3d_secure_failed");

    let refused = pending(&world, "refused").await;
    let page = format!("/checkout/{refused}");
    world.type_card(&page, "4111 1111 1111 1111").await;
    assert_eq!(
        world
            .form(&format!("{page}/3ds"), &[("action", "fail")])
            .await
            .status(),
        303
    );
    assert_eq!(reason(&world, &refused).await, "3d_secure_failed");
}

#[tokio::test]
async fn declining_cards_name_their_reason() {
    let world = world().await;
    for (number, why) in [
        ("4000000000000002", "general_decline"),
        ("4000000000009995", "insufficient_funds"),
        ("4000000000000069", "card_expired"),
        ("4000000000000127", "invalid_csc"),
    ] {
        let id = pending(&world, number).await;
        assert_eq!(
            world
                .type_card(&format!("/checkout/{id}"), number)
                .await
                .status(),
            303
        );
        assert_eq!(reason(&world, &id).await, why);
        assert_eq!(
            world.read(&format!("payments/{id}")).await["status"],
            "canceled"
        );
    }
}

#[tokio::test]
async fn mistakes_keep_what_was_typed_but_the_code() {
    let world = world().await;
    let id = pending(&world, "k").await;
    let fields = [
        ("action", "pay"),
        ("number", "5555 5555 5555 4445\"><script>"),
        ("exp", "01/20"),
        ("csc", "987"),
    ];
    let answer = world.form(&format!("/checkout/{id}"), &fields).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains("Номер карты с ошибкой") && page.contains("Срок действия карты истёк"));
    assert!(page.contains("5555 5555 5555 4445&quot;&gt;&lt;script&gt;") && page.contains("01/20"));
    assert!(!page.contains("987"));
    assert_eq!(
        world.read(&format!("payments/{id}")).await["status"],
        "pending"
    );
}

#[tokio::test]
async fn walking_away_leaves_it_pending_until_the_hour_is_over() {
    let world = world().await;
    let id = pending(&world, "k").await;
    let back = world
        .form(&format!("/checkout/{id}"), &[("action", "cancel")])
        .await;
    assert_eq!(back.status(), 303);
    assert_eq!(
        world.read(&format!("payments/{id}")).await["status"],
        "pending"
    );
    world
        .control("/clock", &json!({ "advance_seconds": 3600 }))
        .await;
    assert_eq!(reason(&world, &id).await, "expired_on_confirmation");
    assert_eq!(world.hooks.wait(1).await, ["payment.canceled"]);
}

#[tokio::test]
async fn two_stages_capture_a_part_or_cancel_or_expire() {
    let world = world().await;
    let mut body = payment("1000.00");
    body["capture"] = false.into();

    let id = world.paid("part", &body).await;
    assert_eq!(
        world.read(&format!("payments/{id}")).await["status"],
        "waiting_for_capture"
    );
    let capture = format!("payments/{id}/capture");
    let over = world
        .post(&capture, "c0", &json!({ "amount": rub("1000.01") }))
        .await;
    assert_eq!(over.status(), 400);
    let taken = world
        .made(&capture, "c1", &json!({ "amount": rub("999.00") }))
        .await;
    assert_eq!(
        (&taken["status"], &taken["amount"]),
        (&json!("succeeded"), &rub("999.00"))
    );
    assert_eq!(world.post(&capture, "c2", &json!({})).await.status(), 400);
    assert_eq!(
        world
            .post(&format!("payments/{id}/cancel"), "c3", &json!({}))
            .await
            .status(),
        400
    );

    let id = world.paid("cancel", &body).await;
    let gone = world
        .made(&format!("payments/{id}/cancel"), "c4", &json!({}))
        .await;
    assert_eq!(
        gone["cancellation_details"]["reason"],
        "canceled_by_merchant"
    );

    let id = world.paid("expire", &body).await;
    world.control("/clock", &json!({ "advance_days": 7 })).await;
    assert_eq!(reason(&world, &id).await, "expired_on_capture");

    let id = pending(&world, "early").await;
    assert_eq!(
        world
            .post(&format!("payments/{id}/capture"), "c5", &json!({}))
            .await
            .status(),
        400
    );
}

#[tokio::test]
async fn refunds_never_exceed_the_payment() {
    let world = world().await;
    let id = world.paid("k", &payment("100.00")).await;
    let ask = |sum: &str| json!({ "payment_id": id, "amount": rub(sum) });
    let first = world.made("refunds", "r1", &ask("60.00")).await;
    assert_eq!(first["status"], "succeeded");
    assert_eq!(
        world.post("refunds", "r2", &ask("40.01")).await.status(),
        400
    );
    world.made("refunds", "r3", &ask("40.00")).await;
    let paid = world.read(&format!("payments/{id}")).await;
    assert_eq!(paid["refunded_amount"], rub("100.00"));
    assert_eq!(paid["refundable"], false);
    let list = world.read(&format!("refunds?payment_id={id}")).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let events = world.hooks.wait(3).await;
    assert_eq!(
        events
            .iter()
            .filter(|event| *event == "refund.succeeded")
            .count(),
        2
    );
}

#[tokio::test]
async fn a_saved_card_is_charged_without_the_payer_until_revoked() {
    let world = world().await;
    let mut body = payment("10.00");
    body["save_payment_method"] = true.into();
    let id = world.paid("first", &body).await;
    let method = world.read(&format!("payments/{id}")).await["payment_method"].clone();
    assert_eq!(method["saved"], true);
    let charge =
        json!({ "amount": rub("20.00"), "capture": true, "payment_method_id": method["id"] });
    let again = world.made("payments", "again", &charge).await;
    assert_eq!(again["status"], "succeeded");

    let id = method["id"].as_str().unwrap();
    let outcome = json!({ "outcome": "insufficient_funds" });
    assert_eq!(
        world
            .put(&format!("/methods/{id}/outcome"), &outcome)
            .await
            .status(),
        204
    );
    let poor = world.made("payments", "poor", &charge).await;
    assert_eq!(poor["cancellation_details"]["reason"], "insufficient_funds");
    world
        .control(&format!("/methods/{id}/revoke"), &json!({}))
        .await;
    let revoked = world.made("payments", "revoked", &charge).await;
    assert_eq!(revoked["status"], "canceled");
    assert_eq!(
        revoked["cancellation_details"]["reason"],
        "permission_revoked"
    );

    let unsaved = world.paid("unsaved", &payment("10.00")).await;
    let charge = json!({ "amount": rub("20.00"), "payment_method_id": unsaved });
    assert_eq!(world.post("payments", "no", &charge).await.status(), 400);
}

#[tokio::test]
async fn a_fast_payment_is_paid_by_a_button() {
    let world = world().await;
    let mut body = payment("250.50");
    body["payment_method_data"] = json!({ "type": "sbp" });
    let made = world.made("payments", "k", &body).await;
    let path = format!("/checkout/{}", made["id"].as_str().unwrap());
    assert_eq!(
        world.form(&path, &[("action", "sbp-pay")]).await.status(),
        303
    );
    let paid = world
        .read(&format!("payments/{}", made["id"].as_str().unwrap()))
        .await;
    assert_eq!(
        (&paid["status"], &paid["payment_method"]["type"]),
        (&json!("succeeded"), &json!("sbp"))
    );
    body["capture"] = false.into();
    assert_eq!(world.post("payments", "two", &body).await.status(), 400);
}

#[tokio::test]
async fn lists_filter_and_turn_pages() {
    let world = world().await;
    for n in 0..5 {
        world
            .made("payments", &n.to_string(), &payment("10.00"))
            .await;
    }
    world.paid("paid", &payment("10.00")).await;
    let mut seen = Vec::new();
    let mut path = "payments?limit=4".to_owned();
    loop {
        let page = world.read(&path).await;
        assert_eq!(page["type"], "list");
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].clone()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("payments?limit=4&cursor={cursor}");
    }
    assert_eq!(seen.len(), 6);
    let some = |page: &Value| page["items"].as_array().unwrap().len();
    assert_eq!(some(&world.read("payments?status=succeeded").await), 1);
    assert_eq!(
        some(
            &world
                .read("payments?created_at.gte=2100-01-01T00:00:00.000Z")
                .await
        ),
        0
    );
    assert_eq!(
        some(
            &world
                .read("payments?created_at.lt=2100-01-01T00:00:00.000Z")
                .await
        ),
        6
    );
    assert_eq!(world.read_as(SHOP, "payments?limit=0").await.status(), 400);
}

#[tokio::test]
async fn wrong_requests_name_the_parameter() {
    let world = world().await;
    let cases = [
        ("/amount/value", json!("10,00"), "amount.value"),
        ("/amount/value", json!(10), "amount.value"),
        ("/amount/currency", json!("USD"), "amount.currency"),
        (
            "/confirmation/return_url",
            json!("javascript:alert(1)"),
            "confirmation.return_url",
        ),
        ("/metadata", json!({ "k": "v".repeat(513) }), "metadata"),
    ];
    for (place, value, parameter) in cases {
        let mut body = payment("10.00");
        *body.pointer_mut(place).unwrap() = value;
        let answer = world.post("payments", "k", &body).await;
        assert_eq!(answer.status(), 400, "{place}");
        assert_eq!(
            answer.json::<Value>().await.unwrap()["parameter"],
            parameter
        );
    }
    let mut body = payment("10.00");
    body["description"] = "я".repeat(129).into();
    assert_eq!(world.post("payments", "k", &body).await.status(), 400);
}

#[tokio::test]
async fn a_receipt_must_add_up_to_the_amount() {
    let world = world().await;
    let item = |sum: &str| {
        json!({
            "description": "Погашение займа",
            "amount": rub(sum),
            "quantity": "2.0",
            "vat_code": 1,
            "payment_mode": "credit_payment",
            "payment_subject": "payment",
        })
    };
    let mut body = payment("10.00");
    body["receipt"] = json!({ "customer": { "phone": "79990000001" }, "items": [item("4.99")] });
    assert_eq!(world.post("payments", "k1", &body).await.status(), 400);
    body["receipt"]["items"] = json!([item("5.00")]);
    let id = world.paid("k2", &body).await;
    let paid = world.read(&format!("payments/{id}")).await;
    assert_eq!(paid["receipt_registration"], "succeeded");
    assert_eq!(
        world.get("/receipts.json").await[0]["payment_id"],
        id.as_str()
    );
}
