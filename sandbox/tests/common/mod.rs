//! A sandbox on a free port, a listener for its notifications, and short ways to call it.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use reqwest::{Client, Response};
use sandbox::{App, Config, Sandbox};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub const SHOP: (&str, &str) = ("sandbox-shop", "test_secret");
pub const GATEWAY: (&str, &str) = ("sandbox-gateway", "test_payout_secret");

pub struct World {
    pub app: App,
    pub url: String,
    pub smtp: String,
    pub client: Client,
    pub hooks: Hooks,
}

/// What came to the lender, and what it answers.
#[derive(Clone, Default)]
pub struct Hooks {
    got: Arc<Mutex<Vec<String>>>,
    refuse: Arc<Mutex<u32>>,
}

impl Hooks {
    /// The next `n` notifications are answered with 503.
    pub fn refuse(&self, n: u32) {
        *self.refuse.lock().unwrap() = n;
    }

    pub fn raw(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }

    pub fn events(&self) -> Vec<String> {
        let parsed = |raw: &String| serde_json::from_str::<Value>(raw).ok();
        self.raw()
            .iter()
            .map(|raw| match parsed(raw) {
                Some(body) => body["event"].as_str().unwrap().to_owned(),
                None => "broken".to_owned(),
            })
            .collect()
    }

    pub async fn wait(&self, n: usize) -> Vec<String> {
        for _ in 0..500 {
            if self.raw().len() >= n {
                return self.events();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("waited for {n} notifications, got {:?}", self.events());
    }
}

async fn take(State(hooks): State<Hooks>, body: Bytes) -> StatusCode {
    hooks
        .got
        .lock()
        .unwrap()
        .push(String::from_utf8_lossy(&body).into_owned());
    if serde_json::from_slice::<Value>(&body).is_err() {
        return StatusCode::BAD_REQUEST;
    }
    let mut refuse = hooks.refuse.lock().unwrap();
    if *refuse > 0 {
        *refuse -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    StatusCode::OK
}

pub async fn world() -> World {
    let hooks = Hooks::default();
    let lender = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let lender_url = format!("http://{}/hook", lender.local_addr().unwrap());
    let routes = Router::new()
        .route("/hook", post(take))
        .with_state(hooks.clone());
    tokio::spawn(async move { axum::serve(lender, routes).await });

    let http = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let smtp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", http.local_addr().unwrap());
    let smtp_at = smtp.local_addr().unwrap().to_string();
    let config = Config {
        public_url: url.clone(),
        webhook_url: lender_url,
        webhook_retry_ms: 20,
        webhook_attempts: 4,
        payout_delay_ms: 50,
        ..Config::default()
    };
    let app = Sandbox::new(config).unwrap();
    tokio::spawn(sandbox::serve(app.clone(), http, smtp));
    let client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    World {
        app,
        url,
        smtp: smtp_at,
        client,
        hooks,
    }
}

pub fn rub(value: &str) -> Value {
    json!({ "value": value, "currency": "RUB" })
}

/// A one-stage payment with the hosted page.
pub fn payment(value: &str) -> Value {
    json!({
        "amount": rub(value),
        "capture": true,
        "confirmation": { "type": "redirect", "return_url": "http://127.0.0.1:9/back" },
        "metadata": { "loan": "42" },
    })
}

impl World {
    pub async fn post_as(
        &self,
        who: (&str, &str),
        path: &str,
        key: &str,
        body: &Value,
    ) -> Response {
        self.client
            .post(format!("{}/v3/{path}", self.url))
            .basic_auth(who.0, Some(who.1))
            .header("Idempotence-Key", key)
            .json(body)
            .send()
            .await
            .unwrap()
    }

    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Response {
        self.post_as(SHOP, path, key, body).await
    }

    /// A changing call that must succeed.
    pub async fn made(&self, path: &str, key: &str, body: &Value) -> Value {
        let answer = self.post(path, key, body).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    pub async fn read_as(&self, who: (&str, &str), path: &str) -> Response {
        let url = format!("{}/v3/{path}", self.url);
        self.client
            .get(url)
            .basic_auth(who.0, Some(who.1))
            .send()
            .await
            .unwrap()
    }

    pub async fn read(&self, path: &str) -> Value {
        let answer = self.read_as(SHOP, path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// A control call of the sandbox itself.
    pub async fn control(&self, path: &str, body: &Value) -> Response {
        self.client
            .post(format!("{}{path}", self.url))
            .json(body)
            .send()
            .await
            .unwrap()
    }

    pub async fn put(&self, path: &str, body: &Value) -> Response {
        self.client
            .put(format!("{}{path}", self.url))
            .json(body)
            .send()
            .await
            .unwrap()
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = self
            .client
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.client
            .post(format!("{}{path}", self.url))
            .form(fields)
            .send()
            .await
            .unwrap()
    }

    /// Types a card on a hosted page.
    pub async fn type_card(&self, path: &str, number: &str) -> Response {
        let fields = [
            ("action", "pay"),
            ("number", number),
            ("exp", "12/40"),
            ("csc", "123"),
        ];
        self.form(path, &fields).await
    }

    pub async fn fault(&self, fault: Value) {
        assert_eq!(
            self.control("/faults", &fault).await.status(),
            201,
            "{fault}"
        );
    }

    /// A payment already paid by the card without 3-D Secure.
    pub async fn paid(&self, key: &str, body: &Value) -> String {
        let id = self.made("payments", key, body).await["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let back = self
            .type_card(&format!("/checkout/{id}"), "5555 5555 5555 4444")
            .await;
        assert_eq!(back.status(), 303);
        id
    }
}
