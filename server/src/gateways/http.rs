//! The HTTP client of the adapters: short time-outs, no redirects, every call measured.

use std::time::{Duration, Instant};

use cabinet::ports::DeliveryError;
use reqwest::{Client, Url, redirect};

use super::settings::GatewayError;

const CONNECT: Duration = Duration::from_secs(3);
const WHOLE: Duration = Duration::from_secs(10);

/// A client for one service. A service on this machine is reached directly whatever proxy is set.
pub fn client(url: &str) -> Result<Client, GatewayError> {
    let mut builder = Client::builder()
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .redirect(redirect::Policy::none())
        .user_agent(concat!("kopeck/", env!("CARGO_PKG_VERSION")));
    if is_local(url) {
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|error| GatewayError::Client(error.to_string()))
}

fn is_local(url: &str) -> bool {
    let host = Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    matches!(host.as_deref(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// What went wrong on the way, without the address: it may name a person's object.
pub fn trouble(error: reqwest::Error) -> String {
    let kind = match &error {
        error if error.is_timeout() => "time-out",
        error if error.is_connect() => "no connection",
        _ => "broken answer",
    };
    format!("{kind}: {}", error.without_url())
}

/// The outcome of a message for [`measured`].
pub fn outcome<T>(sent: &Result<T, DeliveryError>) -> &'static str {
    match sent {
        Ok(_) => "done",
        Err(DeliveryError::Temporary(_)) => "unknown",
        Err(DeliveryError::Permanent(_)) => "refused",
    }
}

/// Counts and times one call.
pub fn measured(gateway: &'static str, call: &'static str, outcome: &'static str, since: Instant) {
    let labels = [("gateway", gateway), ("call", call), ("outcome", outcome)];
    metrics::histogram!("kopeck_gateway_seconds", &labels).record(since.elapsed().as_secs_f64());
}
