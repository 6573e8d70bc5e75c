//! What the adapter of OpenID Connect takes and what it refuses: a provider of this test's own that answers honestly,
//! and then forged in one thing at a time. The honest way is walked with real providers by the browser tests.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(
    clippy::disallowed_methods,
    reason = "tokens of the outside world end by the real clock"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cabinet::lender::Lender;
use cabinet::ports::{IdentityError, IdentityProviders, IdentityReturn, IdentityRound};
use chrono::{Duration, Utc};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessToken, Audience, EmptyAdditionalClaims, IssuerUrl, JsonWebKeyId, Nonce,
    PrivateSigningKey as _, StandardClaims, SubjectIdentifier,
};
use serde_json::{Value, json};
use server::gateways::GatewayConfig;
use server::gateways::identity::providers;

const OWN: &str = "http://127.0.0.1:9";

/// What is wrong with the next answer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Forged {
    Nothing,
    Nonce,
    Audience,
    Issuer,
    Ended,
    Key,
    Unsigned,
    OtherAccessToken,
    NoToken,
    OtherSubject,
    NoProfile,
    Code,
    Down,
}

struct Provider {
    issuer: String,
    forged: Mutex<Forged>,
    /// The form of the newest exchange.
    exchanged: Mutex<HashMap<String, String>>,
}

fn key(seed: u8) -> CoreEdDsaPrivateSigningKey {
    let head = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
    let der: Vec<u8> = head.into_iter().chain([seed; 32]).collect();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64.encode(der)
    );
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("one".into())))
        .expect("a key")
}

async fn discovery(State(it): State<Arc<Provider>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", it.issuer);
    Json(json!({
        "issuer": it.issuer,
        "authorization_endpoint": at("/auth"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/me"),
        "jwks_uri": at("/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn jwks() -> Json<Value> {
    Json(json!({ "keys": [serde_json::to_value(key(7).as_verification_key()).unwrap()] }))
}

async fn token(
    State(it): State<Arc<Provider>>,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let forged = *it.forged.lock().unwrap();
    *it.exchanged.lock().unwrap() = form;
    match forged {
        Forged::Code => {
            return (
                StatusCode::BAD_REQUEST,
                Json(json!({ "error": "invalid_grant" })),
            )
                .into_response();
        }
        Forged::Down => return StatusCode::BAD_GATEWAY.into_response(),
        _ => {}
    }
    let issuer = match forged {
        Forged::Issuer => "https://evil.example".to_owned(),
        _ => it.issuer.clone(),
    };
    let audience = if forged == Forged::Audience {
        "another"
    } else {
        "kopeck"
    };
    let ends = Utc::now() + Duration::minutes(if forged == Forged::Ended { -5 } else { 5 });
    let nonce = if forged == Forged::Nonce {
        "another"
    } else {
        "nonce"
    };
    let claims = CoreIdTokenClaims::new(
        IssuerUrl::new(issuer).unwrap(),
        vec![Audience::new(audience.into())],
        ends,
        Utc::now() - Duration::minutes(10),
        StandardClaims::new(SubjectIdentifier::new("anna".into())),
        EmptyAdditionalClaims {},
    )
    .set_nonce(Some(Nonce::new(nonce.into())));
    let bound = if forged == Forged::OtherAccessToken {
        "another"
    } else {
        "access"
    };
    let with = key(if forged == Forged::Key { 9 } else { 7 });
    let bound = AccessToken::new(bound.into());
    let algorithm = CoreJwsSigningAlgorithm::EdDsa;
    let signed = CoreIdToken::new(claims, &with, algorithm, Some(&bound), None).unwrap();
    let mut signed = signed.to_string();
    if forged == Forged::Unsigned {
        let payload = signed.split('.').nth(1).unwrap();
        signed = format!("eyJhbGciOiJub25lIn0.{payload}.");
    }
    let mut answer =
        json!({ "access_token": "access", "token_type": "Bearer", "id_token": signed });
    if forged == Forged::NoToken {
        answer.as_object_mut().unwrap().remove("id_token");
    }
    Json(answer).into_response()
}

async fn profile(State(it): State<Arc<Provider>>) -> Response {
    let forged = *it.forged.lock().unwrap();
    if forged == Forged::NoProfile {
        return StatusCode::FORBIDDEN.into_response();
    }
    let subject = if forged == Forged::OtherSubject {
        "boris"
    } else {
        "anna"
    };
    Json(json!({ "sub": subject, "verified": true, "given_name": "Анна" })).into_response()
}

async fn provider() -> (Arc<Provider>, Arc<dyn IdentityProviders>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let it = Arc::new(Provider {
        issuer: issuer.clone(),
        forged: Mutex::new(Forged::Nothing),
        exchanged: Mutex::default(),
    });
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/jwks", get(jwks))
        .route("/token", post(token))
        .route("/me", get(profile))
        .with_state(Arc::clone(&it));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let table = |name: &str, kind: &str| {
        format!(
            "[{name}]\nkind = \"{kind}\"\nissuer = \"{issuer}\"\nclient_id = \"kopeck\"\n\
             client_secret = \"secret\"\n"
        )
    };
    let text = table("gosuslugi", "oidc") + &table("t_id", "t_id") + &table("vk_id", "vk_id");
    let unique = issuer.rsplit_once(':').unwrap().1;
    let file = std::env::temp_dir().join(format!("kopeck-providers-{unique}.toml"));
    std::fs::write(&file, text).unwrap();
    let config = GatewayConfig {
        identity_file: Some(file.clone()),
        ..GatewayConfig::default()
    };
    let lender = Lender::parse(include_str!("../../lenders/demo.toml")).unwrap();
    let made = providers(&config, OWN, &lender).unwrap();
    std::fs::remove_file(file).unwrap();
    (it, made)
}

fn round() -> IdentityRound {
    IdentityRound {
        state: "state".into(),
        nonce: "nonce".into(),
        verifier: "0".repeat(64),
    }
}

fn back() -> IdentityReturn {
    IdentityReturn {
        code: "code".into(),
        ..IdentityReturn::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_is_sent_with_state_nonce_challenge_and_the_exact_return_address() {
    let (it, made) = provider().await;
    let url = made.start("gosuslugi", &round()).await.unwrap();
    let url = reqwest::Url::parse(&url).unwrap();
    assert!(url.as_str().starts_with(&format!("{}/auth?", it.issuer)));
    let asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let get = |name: &str| asked.get(name).map_or("", String::as_str);
    assert_eq!(
        get("redirect_uri"),
        "http://127.0.0.1:9/identity/gosuslugi/return"
    );
    assert_eq!((get("response_type"), get("client_id")), ("code", "kopeck"));
    assert_eq!((get("state"), get("nonce")), ("state", "nonce"));
    assert_eq!(
        (get("code_challenge_method"), get("code_challenge").len()),
        ("S256", 43)
    );
    assert!(get("scope").contains("openid") && !url.as_str().contains("secret"));
    assert_eq!(made.origins(), std::slice::from_ref(&it.issuer));

    let profile = made.finish("gosuslugi", &round(), &back()).await.unwrap();
    assert!(profile.verified && profile.subject == "anna");
    let exchanged = it.exchanged.lock().unwrap().clone();
    assert_eq!(exchanged["code_verifier"], round().verifier);
    assert_eq!(
        exchanged["redirect_uri"],
        "http://127.0.0.1:9/identity/gosuslugi/return"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_forged_in_one_thing_is_refused() {
    let (it, made) = provider().await;
    for forged in [
        Forged::Nonce,
        Forged::Audience,
        Forged::Issuer,
        Forged::Ended,
        Forged::Key,
        Forged::Unsigned,
        Forged::OtherAccessToken,
        Forged::NoToken,
        Forged::OtherSubject,
        Forged::NoProfile,
        Forged::Code,
    ] {
        *it.forged.lock().unwrap() = forged;
        let refused = made.finish("gosuslugi", &round(), &back()).await;
        assert!(
            matches!(refused, Err(IdentityError::Refused(_))),
            "{forged:?}"
        );
    }
    *it.forged.lock().unwrap() = Forged::Nothing;
    let mut other = back();
    other.issuer = "https://evil.example".into();
    let refused = made.finish("gosuslugi", &round(), &other).await;
    assert!(
        matches!(refused, Err(IdentityError::Refused(_))),
        "another issuer"
    );
    other.issuer.clone_from(&it.issuer);
    assert!(made.finish("gosuslugi", &round(), &other).await.is_ok());
    *it.forged.lock().unwrap() = Forged::Down;
    let down = made.finish("gosuslugi", &round(), &back()).await;
    assert!(matches!(down, Err(IdentityError::Unavailable(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn vk_id_s_answer_without_a_device_or_with_another_state_is_refused() {
    let (_, made) = provider().await;
    let refused = made.finish("vk_id", &round(), &back()).await;
    assert!(
        matches!(refused, Err(IdentityError::Refused(_))),
        "no device"
    );
    let url = made.start("vk_id", &round()).await.unwrap();
    assert!(url.contains("code_challenge_method=S256") && !url.contains("nonce"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_the_lender_offers_and_nobody_has_set_up_stops_the_start() {
    let lender = Lender::parse(include_str!("../../lenders/demo.toml")).unwrap();
    let alone = providers(&GatewayConfig::default(), OWN, &lender);
    let error = alone.err().unwrap().to_string();
    assert!(
        error.contains("--identity-file") && error.contains("[gosuslugi]"),
        "{error}"
    );
    let sandbox = GatewayConfig::for_sandbox("http://127.0.0.1:4010");
    let beside = providers(&sandbox, OWN, &lender).unwrap();
    assert!(!beside.knows("gosuslugi"));
}
