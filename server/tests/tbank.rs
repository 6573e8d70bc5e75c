//! The second acquirer's adapter against its sandbox.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[allow(dead_code, reason = "each file uses a part")]
mod outside;

use std::time::{Duration, Instant};

use cabinet::ids::{PayoutId, RefundId};
use cabinet::ports::{
    AcquirerError, BadNews, BindingStatus, NewCharge, NewPayment, NewPayout, NewRefund, PayMethod,
    PayoutTo, RemoteStatus,
};
use lending::Kopecks;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use outside::{OWN, Outside, is_unknown, new_payment};

fn charge(token: &str, amount: i64) -> NewCharge {
    let new = new_payment(amount);
    NewCharge {
        key: new.key,
        amount: new.amount,
        token: token.to_owned(),
        description: new.description,
        payment: new.payment,
        receipt_phone: new.receipt_phone,
        receipt_line: new.receipt_line,
    }
}

#[tokio::test]
async fn a_payment_is_taken_kept_charged_again_and_given_back() {
    let outside = Outside::with("tbank").await;
    let acquirer = &outside.ports.acquirer;
    assert_eq!(acquirer.name(), "tbank");
    let new = NewPayment {
        save: true,
        ..new_payment(1_759_296)
    };
    let created = acquirer.create_payment(new.clone()).await.unwrap();
    assert_eq!(created.status, RemoteStatus::Pending);
    let page = created.confirmation_url.clone().unwrap();
    let code = outside.type_card(&page, "4111 1111 1111 1111").await;
    let back = outside
        .submit(&format!("{}{code}", outside.url), &[("code", "123456")])
        .await;
    assert_eq!(back, format!("{OWN}/payments/{}", new.payment));
    let paid = acquirer.payment(&created.id).await.unwrap();
    assert!(matches!(paid.status, RemoteStatus::Succeeded { .. }));
    assert_eq!(paid.title.as_deref(), Some("•• 1111"));
    assert_eq!((paid.payment, paid.amount), (Some(new.payment), new.amount));

    let token = paid.saved.unwrap();
    let again = charge(&token, 5_000);
    let charged = acquirer.charge_saved(again.clone()).await.unwrap();
    assert!(matches!(charged.status, RemoteStatus::Succeeded { .. }));
    assert_eq!(acquirer.charge_saved(again).await.unwrap().id, charged.id);
    let forged = acquirer.charge_saved(charge("1:999", 5_000)).await;
    assert!(
        matches!(forged, Err(AcquirerError::Refused { .. })),
        "{forged:?}"
    );

    let refund = NewRefund {
        key: Uuid::new_v4(),
        payment_id: created.id.clone(),
        amount: Kopecks::new(12_345),
        receipt_phone: "79000000001".into(),
        receipt_line: "Возврат по договору 2026-000001".into(),
        refund: RefundId(Uuid::new_v4()),
    };
    let (paid, name) = (created.id.as_str(), refund.refund);
    assert_eq!(acquirer.find_refund(name, paid).await.unwrap(), None);
    outside
        .fault("tbank.Cancel", "error500_after_success")
        .await;
    assert!(is_unknown(&acquirer.create_refund(refund.clone()).await));
    // Something went back, and whose it was is not said there: never "no such refund".
    assert!(is_unknown(&acquirer.find_refund(name, paid).await));
    let refunded = acquirer.create_refund(refund).await.unwrap();
    assert!(matches!(refunded.status, RemoteStatus::Succeeded { .. }));
    let read = acquirer.refund(&refunded.id).await.unwrap();
    assert!(matches!(read.status, RemoteStatus::Succeeded { .. }));
    assert_eq!(
        (read.amount, read.refund),
        (refunded.amount, refunded.refund)
    );
    let register = outside.get("/tbank/register.json").await;
    let first = &register["payments"][0];
    assert_eq!(
        first["Refunded"], 12_345,
        "the lost answer's refund was not made twice"
    );
    assert_eq!(
        first["Receipt"]["Items"][0]["PaymentMethod"],
        "credit_payment"
    );
    assert_eq!(register["payments"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_order_is_found_again() {
    let outside = Outside::with("tbank").await;
    let acquirer = &outside.ports.acquirer;
    for kind in [
        "error500_after_success",
        "accepted202",
        "garbage",
        "error500",
        "error429",
    ] {
        outside.fault("tbank.Init", kind).await;
        let new = new_payment(50_000);
        let lost = acquirer.create_payment(new.clone()).await;
        assert!(is_unknown(&lost), "{kind}: {lost:?}");
        let again = acquirer.create_payment(new.clone()).await.unwrap();
        let third = acquirer.create_payment(new.clone()).await.unwrap();
        assert_eq!(again.id, third.id);
        let span = (chrono::Utc::now(), chrono::Utc::now());
        let found = acquirer.find_payment(new.payment, span).await.unwrap();
        assert_eq!(found.map(|found| found.id), Some(again.id));
    }
    let absent = new_payment(1).payment;
    let span = (chrono::Utc::now(), chrono::Utc::now());
    assert_eq!(acquirer.find_payment(absent, span).await.unwrap(), None);
    let register = outside.get("/tbank/register.json").await;
    assert_eq!(register["payments"].as_array().map(Vec::len), Some(5));
    outside.fault("tbank.GetState", "error500").await;
    assert!(is_unknown(&acquirer.payment("1000000001").await));
    for forged in ["", "../me", "999"] {
        let absent = acquirer.payment(forged).await;
        assert!(matches!(absent, Err(AcquirerError::Refused { code, .. }) if code == "not_found"));
    }
}

#[tokio::test]
async fn a_refusal_says_why_and_an_open_payment_is_called_off() {
    let outside = Outside::with("tbank").await;
    let acquirer = &outside.ports.acquirer;
    let declined = outside.pay(10_000, "4000000000009995").await;
    let reason = "insufficient_funds".to_owned();
    assert_eq!(declined.status, RemoteStatus::Canceled { reason });
    let open = acquirer.create_payment(new_payment(10_000)).await.unwrap();
    let canceled = acquirer.cancel(&open.id, Uuid::new_v4()).await.unwrap();
    assert!(matches!(canceled.status, RemoteStatus::Canceled { .. }));
    let paid = outside.pay(10_000, "5555555555554444").await;
    let kept = acquirer.cancel(&paid.id, Uuid::new_v4()).await.unwrap();
    assert!(
        matches!(kept.status, RemoteStatus::Succeeded { .. }),
        "taken money stays"
    );
    let wallet = NewPayment {
        method: PayMethod::Wallet,
        ..new_payment(10_000)
    };
    assert!(matches!(
        acquirer.create_payment(wallet).await,
        Err(AcquirerError::Refused { .. })
    ));
}

#[tokio::test]
async fn a_fast_payment_has_a_link() {
    let outside = Outside::with("tbank").await;
    let acquirer = &outside.ports.acquirer;
    let new = NewPayment {
        method: PayMethod::Sbp,
        ..new_payment(10_000)
    };
    let created = acquirer.create_payment(new.clone()).await.unwrap();
    let link = created.confirmation_url.unwrap();
    // Asked again after a lost answer, it still knows where to pay.
    let again = acquirer.create_payment(new).await.unwrap();
    assert_eq!(again.confirmation_url.as_deref(), Some(link.as_str()));
    outside.submit(&link, &[("action", "sbp-pay")]).await;
    let paid = acquirer.payment(&created.id).await.unwrap();
    assert!(matches!(paid.status, RemoteStatus::Succeeded { .. }));
}

#[tokio::test]
async fn a_bound_card_takes_a_payout_once() {
    let outside = Outside::with("tbank").await;
    let acquirer = &outside.ports.acquirer;
    for (number, arrives) in [("5555555555554444", true), ("2200000900000005", false)] {
        let (id, status) = outside.bound_card(number).await;
        let BindingStatus::Active { method, last4, .. } = status else {
            panic!("{status:?}")
        };
        assert_eq!(last4, number[12..]);
        assert!(matches!(
            acquirer.binding(&id).await.unwrap().status,
            BindingStatus::Active { .. }
        ));
        let payout = PayoutId(Uuid::new_v4());
        let new = NewPayout {
            key: payout.0,
            amount: Kopecks::from_roubles(15_000),
            to: PayoutTo::Card { token: method },
            recipient: None,
            description: "Договор 2026-000001".into(),
            payout,
        };
        outside
            .fault("tbank.e2c.Payment", "error500_after_success")
            .await;
        assert!(is_unknown(&acquirer.create_payout(new.clone()).await));
        let created = acquirer.create_payout(new.clone()).await.unwrap();
        let mut status = created.status;
        let until = Instant::now() + Duration::from_secs(10);
        while status == RemoteStatus::Pending && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(30)).await;
            status = acquirer.payout(&created.id).await.unwrap().status;
        }
        assert_eq!(
            matches!(status, RemoteStatus::Succeeded { .. }),
            arrives,
            "{status:?}"
        );
        assert_eq!(matches!(status, RemoteStatus::Canceled { .. }), !arrives);
    }
    let (_, declined) = outside.bound_card("4000000000000002").await;
    assert_eq!(declined, BindingStatus::Inactive);
    let register = outside.get("/tbank/register.json").await;
    assert_eq!(register["payouts"].as_array().map(Vec::len), Some(2));
}

/// The sandbox's own words, so that the signature of one side is checked by the other.
#[tokio::test]
async fn only_a_signed_notification_is_news() {
    let outside = Outside::with("tbank").await;
    let acquirer = &outside.ports.acquirer;
    let mut body: Map<String, Value> = serde_json::from_value(json!({
        "TerminalKey": "SandboxTerminal", "OrderId": "7", "Success": true,
        "Status": "CONFIRMED", "PaymentId": 1_000_000_001_u64, "ErrorCode": "0",
        "Amount": 100, "Pan": "555555******4444",
    }))
    .unwrap();
    let text = |body: &Map<String, Value>| serde_json::to_vec(body).unwrap();
    assert_eq!(acquirer.parse_webhook(&text(&body)), Err(BadNews::Forged));
    let token = server::gateways::tbank::token_of(&body, "sandbox-password");
    body.insert("Token".into(), token.into());
    let news = acquirer.parse_webhook(&text(&body)).unwrap();
    assert_eq!(
        (news.event.as_str(), news.object.as_str()),
        ("payment.CONFIRMED", "1000000001")
    );
    body.insert("Amount".into(), 1.into());
    assert_eq!(acquirer.parse_webhook(&text(&body)), Err(BadNews::Forged));
    assert_eq!(acquirer.parse_webhook(b"{"), Err(BadNews::Malformed));
}

/// The acquirer's own documented example, and every way to change it: another value of each field, a field more, a field
/// less, another bit of every letter of the signature, and somebody else's password.
#[tokio::test]
async fn a_notification_changed_anywhere_is_forged() {
    let outside = Outside::with("tbank").await;
    let acquirer = &outside.ports.acquirer;
    let text = |body: &Map<String, Value>| serde_json::to_vec(body).unwrap();
    let mut whole: Map<String, Value> = serde_json::from_value(json!({
        "TerminalKey": "SandboxTerminal", "OrderId": "7", "Success": true,
        "Status": "CONFIRMED", "PaymentId": 1_000_000_001_u64, "ErrorCode": "0",
        "Amount": 100, "CardId": 12, "Pan": "555555******4444", "ExpDate": "1230", "RebillId": 5,
    }))
    .unwrap();
    let right = server::gateways::tbank::token_of(&whole, "sandbox-password");
    whole.insert("Token".into(), right.clone().into());
    assert!(acquirer.parse_webhook(&text(&whole)).is_ok());

    let forged = |body: &Map<String, Value>, how: &str| {
        let told = acquirer.parse_webhook(&text(body));
        assert_eq!(told, Err(BadNews::Forged), "{how}");
    };
    let names: Vec<String> = whole
        .keys()
        .filter(|name| *name != "Token")
        .cloned()
        .collect();
    assert_eq!(names.len(), 11);
    for name in &names {
        let mut other = whole.clone();
        let changed = match &whole[name] {
            Value::Bool(flag) => Value::Bool(!flag),
            Value::Number(number) => (number.as_u64().unwrap() + 1).into(),
            value => format!("{}1", value.as_str().unwrap()).into(),
        };
        other.insert(name.clone(), changed);
        forged(&other, name);
        other.remove(name);
        forged(&other, &format!("without {name}"));
    }
    let mut more = whole.clone();
    more.insert("Refunded".into(), "1".into());
    forged(&more, "a field more");
    for place in 0..right.len() {
        for bit in 0..7 {
            let mut bytes = right.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            // A signature is hexadecimal; either case of its letters is the same number.
            let changed = String::from_utf8(bytes).unwrap();
            let mut other = whole.clone();
            other.insert("Token".into(), changed.into());
            let told = acquirer.parse_webhook(&text(&other));
            assert!(told.is_err(), "bit {bit} of letter {place}");
        }
    }
    let strange = server::gateways::tbank::token_of(&whole, "another-password");
    whole.insert("Token".into(), strange.into());
    forged(&whole, "another password");
}
