use super::*;
use lending::Kopecks;

fn raw(status: u16, body: &str) -> Raw {
    Raw {
        status,
        body: body.as_bytes().to_vec(),
    }
}

/// A payment as the acquirer's documentation shows it.
const SUCCEEDED: &str = r#"{
  "id": "22e12f66-000f-5000-8000-18db351245c7", "status": "succeeded", "paid": true,
  "amount": { "value": "17592.96", "currency": "RUB" },
  "income_amount": { "value": "17100.36", "currency": "RUB" },
  "authorization_details": { "rrn": "10000000000", "auth_code": "000000",
    "three_d_secure": { "applied": true } },
  "captured_at": "2026-11-23T12:30:45.321Z", "created_at": "2026-11-23T12:29:00.000Z",
  "description": "Договор 2026-000001",
  "metadata": { "payment": "00000000-0000-0000-0000-000000000007" },
  "payment_method": { "type": "bank_card", "id": "22e12f66-000f-5000-8000-18db351245c7",
    "saved": false, "title": "Bank card *4444",
    "card": { "first6": "555555", "last4": "4444", "expiry_month": "07", "expiry_year": "2030",
      "card_type": "MasterCard", "issuer_country": "RU", "issuer_name": "Sberbank" } },
  "recipient": { "account_id": "100500", "gateway_id": "100700" },
  "refundable": true, "refunded_amount": { "value": "0.00", "currency": "RUB" },
  "receipt_registration": "succeeded", "test": false
}"#;

const PENDING: &str = r#"{
  "id": "23d93cac-000f-5000-8000-126628f15141", "status": "pending", "paid": false,
  "amount": { "value": "2.00", "currency": "RUB" },
  "confirmation": { "type": "redirect",
    "confirmation_url": "https://yoomoney.ru/api-pages/v2/payment-confirm/epl?orderId=23d9" },
  "created_at": "2026-11-23T10:53:29.072Z", "metadata": {}, "refundable": false, "test": false,
  "recipient": { "account_id": "100500", "gateway_id": "100700" }
}"#;

#[test]
fn a_taken_payment_is_read_with_its_moment() {
    let payment: Payment = created(raw(200, SUCCEEDED)).expect("parsed");
    let told = payment.told();
    assert_eq!(told.amount, Kopecks::new(1_759_296));
    assert_eq!(told.title.as_deref(), Some("•• 4444"));
    assert_eq!(told.payment.map(|id| id.0.as_u128()), Some(7));
    let RemoteStatus::Succeeded { at } = told.status else {
        panic!("{:?}", told.status)
    };
    assert_eq!(at.to_rfc3339(), "2026-11-23T12:30:45.321+00:00");
    assert_eq!(told.confirmation_url, None);
}

#[test]
fn a_waiting_payment_has_a_page() {
    let told = read::<Payment>(raw(200, PENDING))
        .map(Payment::told)
        .expect("told");
    assert_eq!(told.status, RemoteStatus::Pending);
    assert!(
        told.confirmation_url
            .is_some_and(|url| url.starts_with("https://yoomoney.ru/"))
    );
    assert_eq!((told.payment, told.title), (None, None));
}

#[test]
fn a_cancelled_payment_says_why() {
    let body = PENDING.replace("\"pending\"", "\"canceled\"").replace(
        "\"metadata\": {}",
        r#""cancellation_details": {"party":"payment_network","reason":"insufficient_funds"}"#,
    );
    let told = read::<Payment>(raw(200, &body))
        .map(Payment::told)
        .expect("told");
    assert_eq!(
        told.status,
        RemoteStatus::Canceled {
            reason: "insufficient_funds".into()
        }
    );
}

const ERROR: &str = r#"{"type":"error","id":"ab5a11cd-13cc-4e33-af8b-75a74e18dd09",
    "code":"invalid_request","description":"Payment method is not available",
    "parameter":"payment_method_id"}"#;

#[test]
fn only_a_refusal_means_that_it_did_not_happen() {
    for status in [400, 401, 403, 404, 405, 415] {
        let error = created::<Payment>(raw(status, ERROR)).expect_err("refused");
        assert!(matches!(error, AcquirerError::Refused { .. }), "{status}");
    }
    for status in [202, 302, 408, 429, 500, 502, 503, 504] {
        let error = created::<Payment>(raw(status, ERROR)).expect_err("unknown");
        assert!(matches!(error, AcquirerError::Unknown(_)), "{status}");
    }
    let cut = created::<Payment>(raw(200, &SUCCEEDED[..300])).expect_err("cut");
    assert!(matches!(cut, AcquirerError::Unknown(_)));
}

#[test]
fn a_key_used_for_another_body_is_no_proof_that_nothing_happened() {
    let body = ERROR.replace("payment_method_id", "Idempotence-Key");
    let error = created::<Payment>(raw(400, &body)).expect_err("unknown");
    assert!(matches!(error, AcquirerError::Unknown(_)));
}

#[test]
fn an_unreadable_question_says_nothing_about_the_object() {
    for status in [400, 401, 403, 429, 500] {
        let error = read::<Payment>(raw(status, ERROR)).expect_err("unknown");
        assert!(matches!(error, AcquirerError::Unknown(_)), "{status}");
    }
    let error = read::<Payment>(raw(404, ERROR)).expect_err("absent");
    let AcquirerError::Refused { code, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(code, "not_found");
}

#[test]
fn an_unknown_status_is_not_guessed() {
    let body = PENDING.replace("\"pending\"", "\"frozen\"");
    let error = read::<Payment>(raw(200, &body)).expect_err("unknown");
    assert!(matches!(error, AcquirerError::Unknown(_)));
}

#[test]
fn a_binding_gives_the_token_of_its_card() {
    let body = r#"{"id":"2e0c2b0a-000f-5000-8000-1b7d1e3a1f00","type":"bank_card","saved":true,
        "status":"active","title":"Bank card *4477","card":{"first6":"220220","last4":"4477",
        "expiry_year":"2030","expiry_month":"12","card_type":"Mir"},
        "holder":{"account_id":"100500","gateway_id":"100700"}}"#;
    let told = read::<Method>(raw(200, body))
        .and_then(Method::told)
        .expect("told");
    let BindingStatus::Active {
        method,
        last4,
        brand,
        expiry,
        ..
    } = told.status
    else {
        panic!()
    };
    assert_eq!(method, "2e0c2b0a-000f-5000-8000-1b7d1e3a1f00");
    assert_eq!((last4.as_str(), brand.as_str()), ("4477", "Mir"));
    assert_eq!(expiry, "2030-12");
}

#[test]
fn a_payout_moves_when_it_succeeded_and_not_before() {
    let body = r#"{"id":"po-285e5ee7-0022-5000-8000-01516a44b147",
        "amount":{"value":"15000.00","currency":"RUB"},"status":"succeeded",
        "payout_destination":{"type":"bank_card","card":{"first6":"555555","last4":"4477",
        "card_type":"MasterCard"}},"description":"Договор 2026-000001",
        "created_at":"2026-11-22T23:59:59.831Z","succeeded_at":"2026-11-23T00:00:02.100Z",
        "metadata":{},"test":false}"#;
    let payout: Payout = read(raw(200, body)).expect("parsed");
    let movement = payout.movement().expect("moved");
    assert_eq!(movement.kind, MovementKind::Payout);
    assert_eq!(movement.amount, Kopecks::from_roubles(15_000));
    assert_eq!(movement.at.to_rfc3339(), "2026-11-23T00:00:02.100+00:00");
    let waiting: Payout =
        read(raw(200, &body.replace("\"succeeded\"", "\"pending\""))).expect("parsed");
    assert!(waiting.movement().is_none());
}
