//! The world outside a microlender, runnable: a payment provider speaking `YooKassa` v3, another
//! speaking Т-Касса v2, an SMS gateway, a mail receiver, a credit bureau, a fraud database and one clock for all of them.
//!
//! Everything lives in memory behind one lock, so each request is one atomic step.
//! Control endpoints carry no authorisation: listen on the loopback address only.

pub mod bureau;
pub mod clock;
pub mod faults;
pub mod inbox;
pub mod mail;
pub mod pages;
pub mod register;
pub mod sms;
pub mod smtp;
pub mod suggestions;
pub mod tbank;
pub mod yookassa;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State as AxumState};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

/// What the sandbox is started with.
#[derive(Debug, Clone)]
pub struct Config {
    pub public_url: String,
    pub webhook_url: String,
    pub webhook_retry_ms: u64,
    pub webhook_retry_cap_ms: u64,
    pub webhook_attempts: u32,
    pub payout_delay_ms: u64,
    pub shop_id: String,
    pub shop_secret: String,
    pub gateway_id: String,
    pub gateway_secret: String,
    pub shop_name: String,
    /// The second provider's terminals: one takes payments, the other pays out.
    pub terminal_key: String,
    pub terminal_password: String,
    pub e2c_key: String,
    pub e2c_password: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:4010".into(),
            webhook_url: String::new(),
            webhook_retry_ms: 1000,
            webhook_retry_cap_ms: 60_000,
            webhook_attempts: 12,
            payout_delay_ms: 1500,
            shop_id: "sandbox-shop".into(),
            shop_secret: "test_secret".into(),
            gateway_id: "sandbox-gateway".into(),
            gateway_secret: "test_payout_secret".into(),
            shop_name: "Копейка, учебный магазин".into(),
            terminal_key: "SandboxTerminal".into(),
            terminal_password: "sandbox-password".into(),
            e2c_key: "SandboxTerminalE2C".into(),
            e2c_password: "sandbox-e2c-password".into(),
        }
    }
}

/// Everything the sandbox remembers.
#[derive(Default)]
pub struct State {
    pub clock: clock::Clock,
    pub faults: faults::Faults,
    pub inbox: inbox::Inbox,
    pub bureau: bureau::Bureau,
    pub shop: yookassa::Shop,
    pub tbank: tbank::Terminal,
    pub webhooks: yookassa::webhooks::Log,
    /// Grows on every reset, so that work started before it finds out and stops.
    pub epoch: u64,
}

pub struct Sandbox {
    pub config: Config,
    pub http: reqwest::Client,
    state: Mutex<State>,
}

/// The handle every handler and background task holds.
pub type App = Arc<Sandbox>;

impl Sandbox {
    /// # Errors
    /// When the client for outgoing notifications cannot be built.
    pub fn new(config: Config) -> Result<App, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        let state = Mutex::new(State::fresh(&config, 0));
        Ok(Arc::new(Self {
            config,
            http,
            state,
        }))
    }

    /// A panic in one request must not take the sandbox away from the rest.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fresh(config: &Config, epoch: u64) -> Self {
        let mut state = Self {
            epoch,
            ..Self::default()
        };
        state.webhooks.url.clone_from(&config.webhook_url);
        state
    }
}

/// The whole HTTP side.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/health", get(|| async { "ok\n" }))
        .route("/reset", post(reset))
        .merge(pages::router())
        .merge(clock::router())
        .merge(faults::router())
        .merge(inbox::router())
        .merge(sms::router())
        .merge(bureau::router())
        .merge(register::router())
        .merge(suggestions::router())
        .merge(yookassa::router())
        .merge(tbank::router())
        .layer(DefaultBodyLimit::max(512 * 1024))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

/// Serves both sides until the process ends.
///
/// # Errors
/// When a listener breaks.
pub async fn serve(app: App, http: TcpListener, smtp: TcpListener) -> io::Result<()> {
    tokio::spawn(smtp::serve(app.clone(), smtp));
    tokio::spawn(tick(app.clone()));
    axum::serve(http, router(app)).await
}

/// Expires what nobody confirmed in time, by the sandbox clock.
async fn tick(app: App) {
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let mut state = app.lock();
        yookassa::sweep(&app, &mut state);
        tbank::payments::expire(&app, &mut state);
    }
}

async fn reset(AxumState(app): AxumState<App>) -> axum::Json<Value> {
    let mut state = app.lock();
    *state = State::fresh(&app.config, state.epoch + 1);
    axum::Json(json!({ "reset": true }))
}
