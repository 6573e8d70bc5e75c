//! Small services beside the acquirer: suggestions by DaData's protocol, Yandex SmartCaptcha, a file of places.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[allow(dead_code)]
mod outside;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use cabinet::ports::{Captcha, Places};
use cabinet::suggest::{Suggestions, Wanted};
use serde_json::json;
use server::gateways::dadata::DaData;
use server::gateways::places::PlacesFile;
use server::gateways::smart_captcha::SmartCaptcha;
use server::gateways::{GatewayConfig, has_captcha};

use outside::Outside;

fn street(city: &str) -> Wanted {
    Wanted::Street {
        region: "77".into(),
        city: city.into(),
    }
}

#[tokio::test]
async fn names_and_addresses_are_suggested_as_the_fields_hold_them() {
    let outside = Outside::start().await;
    let service = &outside.ports.suggestions;
    for (wanted, typed, first) in [
        (Wanted::LastName, "тест", "Тестова"),
        (Wanted::FirstName, "Анн", "Анна"),
        (Wanted::MiddleName, "петровн", "Петровна"),
        // Neither «г Москва» nor a town of another region.
        (Wanted::City("77".into()), "мос", "Москва"),
        (Wanted::City(String::new()), "каз", "Казань"),
        (street("Москва"), "арб", "ул Арбат"),
    ] {
        let found = service.suggest(&wanted, typed).await.unwrap();
        assert_eq!(found.first().map(String::as_str), Some(first), "{wanted:?}");
    }
    let elsewhere = Wanted::City("52".into());
    assert!(service.suggest(&elsewhere, "каз").await.unwrap().is_empty());
    assert!(
        service
            .suggest(&street("Казань"), "арб")
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_service_that_is_silent_broken_or_refuses_is_no_answer_and_soon() {
    let outside = Outside::start().await;
    let service = &outside.ports.suggestions;
    for kind in ["hang", "error500", "error429", "garbage"] {
        outside.fault("suggestions.fio", kind).await;
        let since = Instant::now();
        let answer = service.suggest(&Wanted::FirstName, "анн").await;
        assert!(answer.is_err(), "{kind}");
        assert!(since.elapsed() < Duration::from_secs(5), "{kind}");
    }
    assert!(service.suggest(&Wanted::FirstName, "анн").await.is_ok());
    let url = format!("{}/suggestions/api/4_1/rs", outside.url);
    let stranger = DaData::new(&url, "another token".into()).unwrap();
    let refused = stranger.suggest(&Wanted::FirstName, "анн").await;
    assert!(refused.unwrap_err().0.contains("403"));
}

/// What the service was asked, and what it is told to answer next.
type Asked = Arc<Mutex<(Vec<HashMap<String, String>>, &'static str)>>;

async fn validate(
    State(asked): State<Asked>,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let mut asked = asked.lock().unwrap();
    let passed = form
        .get("token")
        .is_some_and(|token| token == "of a person")
        && form
            .get("secret")
            .is_some_and(|secret| secret == "server key");
    asked.0.push(form);
    match asked.1 {
        "down" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "garbage" => "<html>".into_response(),
        _ if passed => {
            Json(json!({ "status": "ok", "message": "", "host": "kopeck.example" })).into_response()
        }
        _ => Json(json!({ "status": "failed", "message": "Token invalid or expired." }))
            .into_response(),
    }
}

#[tokio::test]
async fn smart_captcha_is_asked_in_its_own_words_and_only_ok_passes() {
    let asked: Asked = Arc::new(Mutex::new((Vec::new(), "")));
    let routes = Router::new()
        .route("/validate", post(validate))
        .with_state(asked.clone());
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
        .await
        .unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let config = GatewayConfig {
        smart_captcha_secret: Some("server key".into()),
        smart_captcha_url: Some(url.clone()),
        ..GatewayConfig::default()
    };
    let file = include_str!("../../lenders/demo.toml");
    let file = file.replace(
        "[access]",
        "[access]\nchallenge = \"smart_captcha\"\nsmart_captcha_key = \"of a page\"",
    );
    let lender = cabinet::Lender::parse(&file).unwrap();
    let refused = has_captcha(&GatewayConfig::default(), &lender).unwrap_err();
    assert!(refused.to_string().contains("KOPECK_SMART_CAPTCHA_SECRET"));
    has_captcha(&config, &lender).unwrap();
    let service = SmartCaptcha::new(&config).unwrap().unwrap();
    assert_eq!(service.origin(), Some(url));
    assert!(service.passed("of a person", "203.0.113.7").await.unwrap());
    assert!(!service.passed("of a robot", "203.0.113.7").await.unwrap());
    let first = asked.lock().unwrap().0[0].clone();
    let expected = [
        ("secret", "server key"),
        ("token", "of a person"),
        ("ip", "203.0.113.7"),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(first, HashMap::from(expected));
    // A service that is down lets nobody through by itself: what then is for the caller to say.
    for trouble in ["down", "garbage"] {
        asked.lock().unwrap().1 = trouble;
        assert!(
            service.passed("of a person", "203.0.113.7").await.is_err(),
            "{trouble}"
        );
    }
}

#[test]
fn a_place_is_the_town_or_the_region_with_the_country_and_never_a_guess() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let places = PlacesFile::open(&data.join("places.mmdb")).unwrap();
    for (ip, place) in [
        ("203.0.113.7", Some("Казань, Россия")),
        ("::ffff:203.0.113.7", Some("Казань, Россия")),
        ("203.0.113.200", Some("Moscow Oblast, Россия")),
        ("2001:db8:1::5", Some("Serbia")),
        ("127.0.0.1", None),
        ("192.168.1.5", None),
        ("2001:db8:2::5", None),
        ("", None),
        ("not an address", None),
    ] {
        assert_eq!(places.place(ip).as_deref(), place, "{ip}");
    }
    let text = |name: &str| {
        PlacesFile::open(&data.join(name))
            .err()
            .map(|error| error.to_string())
    };
    assert!(text("networks.mmdb").is_some_and(|text| text.contains("Example-ASN")));
    assert!(text("none.mmdb").is_some_and(|text| text.starts_with("--places-file")));
}
