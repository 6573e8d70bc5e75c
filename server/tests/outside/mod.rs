//! A sandbox process of a test's own, the adapters pointed at it, and a browser.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cabinet::ids::PaymentId;
use cabinet::ports::{AcquirerError, BindingStatus, NewPayment, PayMethod, Ports, RemotePayment};
use lending::Kopecks;
use reqwest::{Client, StatusCode, redirect};
use serde_json::{Value, json};
use server::gateways::clock::SandboxClock;
use server::gateways::{GatewayConfig, ports};
use uuid::Uuid;

pub const OWN: &str = "http://127.0.0.1:9";

/// A sandbox of its own for each test, so that faults and clocks do not meet.
pub struct Outside {
    process: Child,
    pub url: String,
    pub browser: Client,
    pub ports: Ports,
    pub clock: Arc<SandboxClock>,
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `KOPECK_SANDBOX_BIN`, or the program built beside this test.
fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("KOPECK_SANDBOX_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().unwrap();
    let beside = test
        .parent()
        .and_then(|deps| deps.parent())
        .unwrap()
        .join("kopeck-sandbox");
    let hint = "build it first: cargo build -p sandbox, or set KOPECK_SANDBOX_BIN";
    assert!(beside.exists(), "no {}; {hint}", beside.display());
    beside
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Outside {
    pub async fn start() -> Self {
        Self::with("yookassa").await
    }

    /// The world of a lender with this acquirer.
    pub async fn with(acquirer: &str) -> Self {
        let (http, smtp) = (free_port(), free_port());
        let url = format!("http://127.0.0.1:{http}");
        let process = Command::new(program())
            .args(["--listen", &format!("127.0.0.1:{http}")])
            .args(["--smtp", &format!("127.0.0.1:{smtp}")])
            .args(["--webhook-url", "", "--payout-delay-ms", "50"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let browser = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let until = Instant::now() + Duration::from_secs(20);
        while browser.get(format!("{url}/health")).send().await.is_err() {
            assert!(Instant::now() < until, "the sandbox does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut config = GatewayConfig::for_sandbox(&url);
        config.smtp_url = Some(format!("smtp://127.0.0.1:{smtp}").into());
        let (ports, clock) = ports(&config, OWN, acquirer).unwrap();
        Self {
            process,
            url,
            browser,
            ports,
            clock: clock.unwrap(),
        }
    }

    pub async fn post(&self, path: &str, body: Value) {
        let answer = self
            .browser
            .post(format!("{}{path}", self.url))
            .json(&body)
            .send()
            .await;
        let status = answer.unwrap().status();
        assert!(status.is_success(), "{path}: {status}");
    }

    pub async fn put(&self, path: &str, body: Value) {
        let answer = self
            .browser
            .put(format!("{}{path}", self.url))
            .json(&body)
            .send()
            .await;
        let status = answer.unwrap().status();
        assert!(status.is_success(), "{path}: {status}");
    }

    pub async fn get(&self, path: &str) -> Value {
        self.browser
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    pub async fn fault(&self, on: &str, kind: &str) {
        self.post("/faults", json!({ "on": on, "kind": kind }))
            .await;
    }

    /// Types a card on the hosted page; where the page sends the browser.
    pub async fn type_card(&self, page: &str, number: &str) -> String {
        let form = [("number", number), ("exp", "12/30"), ("csc", "123")];
        self.submit(page, &form).await
    }

    pub async fn submit(&self, page: &str, form: &[(&str, &str)]) -> String {
        let answer = self.browser.post(page).form(form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    pub async fn pay(&self, amount: i64, number: &str) -> RemotePayment {
        let new = new_payment(amount);
        let created = self
            .ports
            .acquirer
            .create_payment(new.clone())
            .await
            .unwrap();
        self.type_card(created.confirmation_url.as_deref().unwrap(), number)
            .await;
        self.ports.acquirer.payment(&created.id).await.unwrap()
    }

    /// A payment of another program of the shop, made by its own request and paid.
    pub async fn held(&self, body: &Value, number: &str) -> String {
        let asked = self.browser.post(format!("{}/v3/payments", self.url));
        let made = asked
            .basic_auth("sandbox-shop", Some("test_secret"))
            .header("Idempotence-Key", Uuid::new_v4().to_string())
            .json(body)
            .send();
        let made: Value = made.await.unwrap().json().await.unwrap();
        let id = made["id"].as_str().unwrap().to_owned();
        self.type_card(&format!("{}/checkout/{id}", self.url), number)
            .await;
        id
    }

    pub async fn bound_card(&self, number: &str) -> (String, BindingStatus) {
        let acquirer = &self.ports.acquirer;
        let started = acquirer
            .start_binding(Uuid::new_v4(), "/cards?card=1")
            .await
            .unwrap();
        assert_eq!(started.status, BindingStatus::Pending);
        let back = self
            .type_card(started.confirmation_url.as_deref().unwrap(), number)
            .await;
        assert_eq!(back, format!("{OWN}/cards?card=1"));
        (
            started.id.clone(),
            acquirer.binding(&started.id).await.unwrap().status,
        )
    }
}

pub fn new_payment(amount: i64) -> NewPayment {
    let payment = PaymentId(Uuid::new_v4());
    NewPayment {
        key: payment.0,
        amount: Kopecks::new(amount),
        description: "Договор 2026-000001".into(),
        return_url: format!("/payments/{payment}"),
        payment,
        receipt_phone: "79000000001".into(),
        receipt_line: "Погашение займа по договору 2026-000001".into(),
        method: PayMethod::Card,
        save: false,
    }
}

pub fn is_unknown<T: std::fmt::Debug>(result: &Result<T, AcquirerError>) -> bool {
    matches!(result, Err(AcquirerError::Unknown(_)))
}
