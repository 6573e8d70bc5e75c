//! The adapters against the sandbox process: the same code as in production, other addresses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod outside;

use std::time::{Duration, Instant};

use cabinet::ids::{BorrowerId, PayoutId, RefundId};
use cabinet::ports::{
    AcquirerError, BindingStatus, BureauEvent, BureauQuery, DeliveryError, FraudQuery,
    MovementKind, NewCharge, NewPayment, NewPayout, NewRefund, PayMethod, PayoutTo, Recipient,
    RemoteStatus,
};
use cabinet::values::{Email, Phone};
use chrono::{NaiveDate, TimeDelta, Utc};
use lending::Kopecks;
use serde_json::json;
use uuid::Uuid;

use outside::{OWN, Outside, is_unknown, new_payment};

#[tokio::test]
async fn a_payment_is_created_paid_on_the_page_and_read_back() {
    let outside = Outside::start().await;
    assert_eq!(
        outside.ports.acquirer.origins(),
        std::slice::from_ref(&outside.url)
    );
    let new = new_payment(1_759_296);
    let created = outside
        .ports
        .acquirer
        .create_payment(new.clone())
        .await
        .unwrap();
    assert_eq!(created.status, RemoteStatus::Pending);
    assert_eq!(created.amount, new.amount);
    assert_eq!(created.payment, Some(new.payment));

    let page = created.confirmation_url.unwrap();
    let code = outside.type_card(&page, "4111 1111 1111 1111").await;
    let back = outside
        .submit(&format!("{}{code}", outside.url), &[("code", "123456")])
        .await;
    assert_eq!(back, format!("{OWN}/payments/{}", new.payment));

    let paid = outside.ports.acquirer.payment(&created.id).await.unwrap();
    assert!(matches!(paid.status, RemoteStatus::Succeeded { .. }));
    assert_eq!(paid.title.as_deref(), Some("•• 1111"));
    assert_eq!(paid.payment, Some(new.payment));
    let receipts = outside.get("/receipts.json").await;
    assert_eq!(receipts[0]["receipt"]["customer"]["phone"], "79000000001");
    assert_eq!(receipts[0]["registration"], "succeeded");
}

#[tokio::test]
async fn a_declined_card_cancels_with_the_reason() {
    let outside = Outside::start().await;
    let declined = outside.pay(10_000, "4000000000009995").await;
    let reason = "insufficient_funds".to_owned();
    assert_eq!(declined.status, RemoteStatus::Canceled { reason });
    let absent = outside
        .ports
        .acquirer
        .payment("22e12f66-000f-5000-8000-18db351245c7")
        .await;
    assert!(matches!(absent, Err(AcquirerError::Refused { code, .. }) if code == "not_found"));
    let forged = outside.ports.acquirer.payment("../me").await;
    assert!(matches!(forged, Err(AcquirerError::Refused { .. })));
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_same_key_finds_the_same_payment() {
    let outside = Outside::start().await;
    for kind in ["error500_after_success", "accepted202", "garbage"] {
        outside.fault("payments.create", kind).await;
        let new = new_payment(50_000);
        let lost = outside.ports.acquirer.create_payment(new.clone()).await;
        assert!(is_unknown(&lost), "{kind}: {lost:?}");
        let again = outside
            .ports
            .acquirer
            .create_payment(new.clone())
            .await
            .unwrap();
        let third = outside.ports.acquirer.create_payment(new).await.unwrap();
        assert_eq!(again.id, third.id);
    }
    let register = outside.get("/register.json").await;
    assert_eq!(register["payments"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn nothing_done_and_too_many_are_unknown_too() {
    let outside = Outside::start().await;
    for kind in ["error500", "error429"] {
        outside.fault("payments", kind).await;
        let lost = outside
            .ports
            .acquirer
            .create_payment(new_payment(100))
            .await;
        assert!(is_unknown(&lost), "{kind}: {lost:?}");
    }
    let new = new_payment(100);
    let created = outside
        .ports
        .acquirer
        .create_payment(new.clone())
        .await
        .unwrap();
    outside.fault("payments.get", "error500").await;
    assert!(is_unknown(
        &outside.ports.acquirer.payment(&created.id).await
    ));
    // The key already made something: "refused" would be a lie.
    let other = NewPayment {
        amount: Kopecks::new(200),
        ..new
    };
    assert!(is_unknown(
        &outside.ports.acquirer.create_payment(other).await
    ));
}

#[tokio::test]
async fn a_bound_card_takes_a_payout() {
    let outside = Outside::start().await;
    let (id, status) = outside.bound_card("5555 5555 5555 4444").await;
    let BindingStatus::Active {
        method,
        first6,
        last4,
        brand,
        expiry,
    } = status
    else {
        panic!()
    };
    assert_eq!(method, id);
    assert_eq!((first6.as_str(), last4.as_str()), ("555555", "4444"));
    assert_eq!(brand, "MasterCard");
    assert_eq!(expiry.len(), "2030-12".len());

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
        .fault("payouts.create", "error500_after_success")
        .await;
    assert!(is_unknown(
        &outside.ports.acquirer.create_payout(new.clone()).await
    ));
    let created = outside
        .ports
        .acquirer
        .create_payout(new.clone())
        .await
        .unwrap();
    let mut status = created.status;
    let until = Instant::now() + Duration::from_secs(10);
    while status == RemoteStatus::Pending && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(30)).await;
        status = outside
            .ports
            .acquirer
            .payout(&created.id)
            .await
            .unwrap()
            .status;
    }
    assert!(
        matches!(status, RemoteStatus::Succeeded { .. }),
        "{status:?}"
    );
    let wrong = NewPayout {
        key: Uuid::new_v4(),
        to: PayoutTo::Card {
            token: "nonsense".into(),
        },
        ..new
    };
    let refused = outside.ports.acquirer.create_payout(wrong).await;
    assert!(
        matches!(refused, Err(AcquirerError::Refused { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_declined_binding_is_inactive() {
    let outside = Outside::start().await;
    let (_, status) = outside.bound_card("4000000000000002").await;
    assert_eq!(status, BindingStatus::Inactive);
}

#[tokio::test]
async fn the_register_lists_everything_that_moved_page_by_page() {
    let outside = Outside::start().await;
    let from = Utc::now() - TimeDelta::minutes(5);
    let mut paid = Vec::new();
    for _ in 0..3 {
        paid.push(outside.pay(30_000, "5555555555554444").await.id);
    }
    outside.pay(70_000, "4000000000000002").await;
    // More than one page.
    for _ in 0..101 {
        outside.pay(100, "5555555555554444").await;
    }
    let refund = NewRefund {
        key: Uuid::new_v4(),
        payment_id: paid[0].clone(),
        amount: Kopecks::new(12_345),
        receipt_phone: "79000000001".into(),
        receipt_line: "Возврат по договору 2026-000001".into(),
        refund: RefundId(Uuid::new_v4()),
    };
    let refunded = outside
        .ports
        .acquirer
        .create_refund(refund.clone())
        .await
        .unwrap();
    assert!(matches!(refunded.status, RemoteStatus::Succeeded { .. }));
    let acquirer = &outside.ports.acquirer;
    let again = acquirer.create_refund(refund.clone()).await.unwrap();
    assert_eq!(again.id, refunded.id);
    assert_eq!(acquirer.refund(&again.id).await.unwrap(), refunded);
    assert_eq!(refunded.amount, Kopecks::new(12_345));
    let found = acquirer.find_refund(refund.refund, &paid[0]).await.unwrap();
    assert_eq!(found, Some(refunded));
    let other = RefundId(Uuid::new_v4());
    assert_eq!(acquirer.find_refund(other, &paid[0]).await.unwrap(), None);

    let to = Utc::now() + TimeDelta::minutes(5);
    let moved = outside.ports.acquirer.movements(from, to).await.unwrap();
    let of = |kind| moved.iter().filter(move |movement| movement.kind == kind);
    assert_eq!(of(MovementKind::Payment).count(), 104);
    let taken: Kopecks = of(MovementKind::Payment)
        .map(|movement| movement.amount)
        .sum();
    assert_eq!(taken, Kopecks::new(3 * 30_000 + 101 * 100));
    let back: Vec<_> = of(MovementKind::Refund).collect();
    assert_eq!((back.len(), back[0].amount), (1, Kopecks::new(12_345)));
    let earlier = outside
        .ports
        .acquirer
        .movements(from - TimeDelta::days(1), from)
        .await
        .unwrap();
    assert!(earlier.is_empty());
}

#[tokio::test]
async fn a_text_and_a_letter_arrive_as_written() {
    let outside = Outside::start().await;
    let phone = Phone::parse("+7 900 000-00-01").unwrap();
    let text = "Код 123456 — никому не говорите\n@kopeck.example #123456";
    outside
        .ports
        .sms
        .send(&phone, text, Uuid::new_v4())
        .await
        .unwrap();
    let inbox = outside.get("/inbox.json?to=79000000001").await;
    assert_eq!(inbox[0]["text"], text);
    outside.fault("sms.send", "error500").await;
    let failed = outside.ports.sms.send(&phone, text, Uuid::new_v4()).await;
    assert!(
        matches!(failed, Err(DeliveryError::Temporary(_))),
        "{failed:?}"
    );

    let to = Email::parse("borrower@example.ru").unwrap();
    let letter = "Заём закрыт.\nСпасибо, что вернули вовремя: 17 592,96 ₽.";
    outside
        .ports
        .mail
        .send(&to, "Справка о закрытии", letter)
        .await
        .unwrap();
    let inbox = outside.get("/inbox.json?to=borrower@example.ru").await;
    assert_eq!(inbox[0]["subject"], "Справка о закрытии");
    assert_eq!(inbox[0]["text"], letter);
    outside.fault("mail", "error500").await;
    let failed = outside.ports.mail.send(&to, "Справка", letter).await;
    assert!(failed.is_err());
}

#[tokio::test]
async fn the_bureau_and_the_base_of_frauds_answer() {
    let outside = Outside::start().await;
    let query = BureauQuery {
        borrower: BorrowerId(Uuid::new_v4()),
        full_name: "Иванов Иван Иванович".into(),
        birth: NaiveDate::from_ymd_opt(1990, 5, 12).unwrap(),
        passport: "4510123456".into(),
        inn: "500100732259".into(),
        phone: "79000000001".into(),
    };
    let clean = outside.ports.bureau.report(query.clone()).await.unwrap();
    assert_eq!(
        (clean.self_ban, clean.score, clean.open_loans.len()),
        (false, 720, 0)
    );
    let loan = json!({ "psk": "292.000", "amount": "10000.00", "monthly_payment": "10000.00" });
    let person = json!({ "self_ban": true, "score": 410, "open_loans": [loan] });
    outside.put("/bureau/people/500100732259", person).await;
    let banned = outside.ports.bureau.report(query.clone()).await.unwrap();
    assert!(banned.self_ban);
    assert_eq!(banned.open_loans[0].psk_thousandths, 292_000);
    outside.fault("bureau.report", "garbage").await;
    assert!(outside.ports.bureau.report(query.clone()).await.is_err());

    let event = BureauEvent {
        key: Uuid::new_v4(),
        kind: "loan_issued".into(),
        borrower: query.borrower,
        loan: None,
        on: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        amount: Kopecks::from_roubles(15_000),
        debt: Kopecks::from_roubles(15_000),
    };
    outside.ports.bureau.event(event).await.unwrap();
    let events = outside.get("/bureau/events.json").await;
    assert_eq!(events[0]["event"]["amount"], "15000.00");

    let suspect = FraudQuery {
        passport: query.passport,
        inn: query.inn,
        phone: "79000000001".into(),
    };
    assert!(!outside.ports.fraud.check(suspect.clone()).await.unwrap());
    let hash = server::gateways::wire::sha256("4510123456");
    outside
        .put(&format!("/fraud/matches/{hash}"), json!(null))
        .await;
    assert!(outside.ports.fraud.check(suspect).await.unwrap());
}

#[tokio::test]
async fn a_moved_clock_acts_at_once() {
    let outside = Outside::start().await;
    let before = outside.ports.clock.now();
    assert!((before - Utc::now()).num_seconds().abs() < 30);
    outside.post("/clock", json!({ "advance_days": 30 })).await;
    outside.clock.refresh().await;
    // Each reading is known to within its round trip, which a busy machine makes long.
    let slack = TimeDelta::seconds(30);
    let moved = outside.ports.clock.now() - before - TimeDelta::days(30);
    assert!(moved.abs() < slack, "{moved}");
    // Whoever does not ask still learns of it soon.
    outside.post("/clock", json!({ "advance_days": 1 })).await;
    let until = Instant::now() + Duration::from_secs(20);
    while outside.ports.clock.now() - before < TimeDelta::days(31) - slack {
        assert!(Instant::now() < until, "the clock is not followed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_fast_payment_and_a_wallet_are_paid_and_a_kept_method_is_charged_again() {
    let outside = Outside::start().await;
    let acquirer = &outside.ports.acquirer;
    for (method, action) in [
        (PayMethod::Sbp, "sbp-pay"),
        (PayMethod::Wallet, "wallet-pay"),
    ] {
        let new = NewPayment {
            method,
            save: true,
            ..new_payment(43_210)
        };
        let created = acquirer.create_payment(new.clone()).await.unwrap();
        let link = created.confirmation_url.unwrap();
        let back = outside.submit(&link, &[("action", action)]).await;
        assert_eq!(back, format!("{OWN}/payments/{}", new.payment));
        let paid = acquirer.payment(&created.id).await.unwrap();
        assert!(matches!(paid.status, RemoteStatus::Succeeded { .. }));

        let again = new_payment(5_000);
        let charge = NewCharge {
            key: again.key,
            amount: again.amount,
            token: paid.saved.unwrap(),
            description: again.description,
            payment: again.payment,
            receipt_phone: again.receipt_phone,
            receipt_line: again.receipt_line,
        };
        let charged = acquirer.charge_saved(charge.clone()).await.unwrap();
        assert!(matches!(charged.status, RemoteStatus::Succeeded { .. }));
        assert_eq!(charged.payment, Some(again.payment));
        assert_eq!(acquirer.charge_saved(charge).await.unwrap().id, charged.id);
    }
    let receipts = outside.get("/receipts.json").await;
    assert_eq!(receipts.as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn a_payout_by_phone_compares_the_name_and_one_to_an_account_is_refused() {
    let outside = Outside::start().await;
    let acquirer = &outside.ports.acquirer;
    let bank = acquirer.sbp_banks().await.unwrap().swap_remove(0).id;
    let new = |to: PayoutTo| {
        let payout = PayoutId(Uuid::new_v4());
        NewPayout {
            key: payout.0,
            amount: Kopecks::from_roubles(7_000),
            to,
            recipient: Some(Recipient {
                last: "Иванова".into(),
                first: "Анна".into(),
                middle: None,
            }),
            description: "Договор 2026-000001".into(),
            payout,
        }
    };
    let by_phone = |phone: &str| PayoutTo::Sbp {
        phone: phone.into(),
        bank: bank.clone(),
    };
    let wallet = PayoutTo::Wallet {
        number: "410011758831136".into(),
    };
    let failed = |reason: &str| RemoteStatus::Canceled {
        reason: reason.into(),
    };
    for (to, expected) in [
        (by_phone("79000000001"), None),
        (
            by_phone("79000000404"),
            Some(failed("recipient_check_failed")),
        ),
        (by_phone("79000000005"), Some(failed("recipient_not_found"))),
        (wallet, None),
    ] {
        let created = acquirer.create_payout(new(to.clone())).await.unwrap();
        let mut status = created.status;
        let until = Instant::now() + Duration::from_secs(10);
        while status == RemoteStatus::Pending && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(30)).await;
            status = acquirer.payout(&created.id).await.unwrap().status;
        }
        match expected {
            Some(expected) => assert_eq!(status, expected, "{to:?}"),
            None => assert!(matches!(status, RemoteStatus::Succeeded { .. }), "{to:?}"),
        }
    }
    let account = PayoutTo::Account {
        account: "40817810500000000001".into(),
        bic: "044500001".into(),
    };
    let refused = acquirer.create_payout(new(account)).await;
    assert!(matches!(refused, Err(AcquirerError::Refused { code, .. }) if code == "not_supported"));
}

#[tokio::test]
async fn a_held_payment_is_called_off_and_taken_money_is_not() {
    let outside = Outside::start().await;
    let acquirer = &outside.ports.acquirer;
    // Somebody else's program on the same shop holds money in two stages; ours may let it go.
    let new = new_payment(70_000);
    let body = json!({
        "amount": { "value": "700.00", "currency": "RUB" }, "capture": false,
        "confirmation": { "type": "redirect", "return_url": format!("{OWN}/back") },
        "metadata": { "payment": new.payment.to_string() },
    });
    let held = outside.held(&body, "5555555555554444").await;
    let seen = acquirer.payment(&held).await.unwrap();
    assert_eq!(seen.status, RemoteStatus::WaitingForCapture);
    let key = Uuid::new_v4();
    for _ in 0..2 {
        let gone = acquirer.cancel(&held, key).await.unwrap();
        assert!(matches!(gone.status, RemoteStatus::Canceled { .. }));
    }
    assert!(matches!(
        acquirer.payment(&held).await.unwrap().status,
        RemoteStatus::Canceled { .. }
    ));
    // What was taken stays taken: only a refund gives it back.
    let paid = outside.pay(10_000, "5555555555554444").await;
    let refused = acquirer.cancel(&paid.id, Uuid::new_v4()).await;
    assert!(matches!(refused, Err(AcquirerError::Refused { .. })));
    let still = acquirer.payment(&paid.id).await.unwrap();
    assert!(matches!(still.status, RemoteStatus::Succeeded { .. }));
    // An answer that was lost is unknown, and the same key finds what it did.
    let again = outside.held(&body, "5555555555554444").await;
    outside
        .fault("payments.cancel", "error500_after_success")
        .await;
    let key = Uuid::new_v4();
    assert!(is_unknown(&acquirer.cancel(&again, key).await));
    let found = acquirer.cancel(&again, key).await.unwrap();
    assert!(matches!(found.status, RemoteStatus::Canceled { .. }));
}
