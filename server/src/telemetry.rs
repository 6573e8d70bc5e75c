//! What the program says about itself: log lines on standard error and metrics for Prometheus.

use std::net::SocketAddr;
use std::sync::OnceLock;

use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What is logged when `RUST_LOG` says nothing. Libraries that log requests whole stay quiet:
/// their lines would carry personal data.
const DEFAULT: &str = "info,sqlx=warn,sea_orm=warn,hyper=warn,reqwest=warn,lettre=warn";

/// Starts the log: `RUST_LOG` filters, `KOPECK_LOG=json` writes a JSON object a line. Calling it
/// twice changes nothing.
pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT));
    let json = std::env::var("KOPECK_LOG").is_ok_and(|kind| kind == "json");
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let started = if json {
        registry.with(lines.json()).try_init()
    } else {
        registry.with(lines).try_init()
    };
    if let Err(error) = started {
        tracing::debug!(%error, "the log is already started");
    }
    prometheus();
}

/// The metrics so far; the first call starts counting.
pub fn prometheus() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| match PrometheusBuilder::new().install_recorder() {
            Ok(handle) => Some(handle),
            Err(error) => {
                tracing::warn!(%error, "metrics are not counted");
                None
            }
        })
        .as_ref()
}

/// The page of metrics.
pub fn render() -> String {
    prometheus()
        .map(PrometheusHandle::render)
        .unwrap_or_default()
}

/// Serves `/metrics` on an address of its own, which stays out of the public network.
pub fn serve_metrics(address: SocketAddr) {
    tokio::spawn(async move {
        let router = Router::new().route("/metrics", get(|| async { render() }));
        let served = match TcpListener::bind(address).await {
            Ok(listener) => axum::serve(listener, router).await,
            Err(error) => Err(error),
        };
        if let Err(error) = served {
            tracing::error!(%address, %error, "metrics are not served");
        }
    });
}
