//! Notifications of the acquirer.
//!
//! Anybody can send one, so nothing in it is believed: its form and signature are checked by the
//! acquirer's adapter, it is stored as evidence, answered at once,
//! and then the acquirer itself is asked about the object it names. A notification lost in between
//! is no loss: everything unfinished is asked about again and again by the poller.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, State};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use cabinet::Cabinet;
use cabinet::inbox::{self, Stored};
use cabinet::payment;
use cabinet::ports::BadNews;
use tokio::sync::Semaphore;

use crate::gateways::{GatewayConfig, GatewayError};

/// The largest notification in bytes; real ones are a few kilobytes.
const BODY_LIMIT: usize = 64 * 1024;
/// Objects asked about at the same time.
const AT_ONCE: usize = 8;
/// The networks the acquirer has published.
const PUBLISHED: [&str; 7] = [
    "185.71.76.0/27",
    "185.71.77.0/27",
    "77.75.153.0/25",
    "77.75.154.128/25",
    "77.75.156.11/32",
    "77.75.156.35/32",
    "2a02:5180::/32",
];

/// Where notifications may come from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Empty: from anywhere.
    networks: Vec<(IpAddr, u32)>,
    /// Whether the proxy in front tells the true address.
    trust_proxy: bool,
}

impl Sources {
    /// The configured networks.
    pub fn new(config: &GatewayConfig, trust_proxy: bool) -> Result<Self, GatewayError> {
        let mut networks = Vec::new();
        for text in config.webhook_sources.iter().map(|text| text.trim()) {
            let listed: &[&str] = if text == "yookassa" {
                &PUBLISHED
            } else {
                &[text]
            };
            for text in listed {
                networks.push(network(text).ok_or_else(|| GatewayError::Wrong {
                    flag: "webhook-sources",
                    problem: format!("`{text}` is not a network; write 185.71.76.0/27"),
                })?);
            }
        }
        Ok(Self {
            networks,
            trust_proxy,
        })
    }

    fn allow(&self, headers: &HeaderMap, extensions: &Extensions) -> bool {
        self.networks.is_empty()
            || self
                .sender(headers, extensions)
                .is_some_and(|sender| self.networks.iter().any(|net| contains(*net, sender)))
    }

    fn sender(&self, headers: &HeaderMap, extensions: &Extensions) -> Option<IpAddr> {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        if !self.trust_proxy {
            return peer;
        }
        let forwarded = headers
            .get("x-forwarded-for")
            .and_then(|value| value.to_str().ok());
        forwarded.map_or(peer, |list| list.rsplit(',').next()?.trim().parse().ok())
    }
}

fn network(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address.parse::<IpAddr>().ok()?, Some(bits.parse().ok()?)),
        None => (text.parse::<IpAddr>().ok()?, None),
    };
    let width = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(width);
    (bits <= width).then_some((address, bits))
}

fn contains((network, bits): (IpAddr, u32), sender: IpAddr) -> bool {
    // An IPv4 sender on an IPv6 socket is still an IPv4 sender.
    match (network, sender.to_canonical()) {
        (IpAddr::V4(network), IpAddr::V4(sender)) => {
            let differ = network.to_bits() ^ sender.to_bits();
            differ.checked_shr(32 - bits).unwrap_or(0) == 0
        }
        (IpAddr::V6(network), IpAddr::V6(sender)) => {
            let differ = network.to_bits() ^ sender.to_bits();
            differ.checked_shr(128 - bits).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[derive(Clone)]
struct Hooks {
    cabinet: Cabinet,
    sources: Arc<Sources>,
    at_once: Arc<Semaphore>,
}

/// `POST /webhooks/{provider}` of the acquirer there is, from the allowed sources.
pub fn router(cabinet: Cabinet, sources: Sources) -> Router {
    let hooks = Hooks {
        cabinet,
        sources: Arc::new(sources),
        at_once: Arc::new(Semaphore::new(AT_ONCE)),
    };
    Router::new()
        .route("/webhooks/{provider}", post(receive))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(hooks)
}

async fn receive(
    State(hooks): State<Hooks>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    extensions: Extensions,
    body: Bytes,
) -> Response {
    if !hooks.sources.allow(&headers, &extensions) {
        count("forbidden");
        return StatusCode::FORBIDDEN.into_response();
    }
    let acquirer = hooks.cabinet.ports().acquirer.clone();
    if acquirer.name() != provider {
        count("stranger");
        return StatusCode::NOT_FOUND.into_response();
    }
    let news = match acquirer.parse_webhook(&body) {
        Ok(news) => news,
        Err(BadNews::Forged) => {
            count("forged");
            return StatusCode::FORBIDDEN.into_response();
        }
        Err(BadNews::Malformed) => {
            count("malformed");
            return StatusCode::BAD_REQUEST.into_response();
        }
    };
    let Ok(text) = std::str::from_utf8(&body) else {
        count("malformed");
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (event, object) = (news.event, news.object);
    let stored = inbox::store(
        &hooks.cabinet,
        acquirer.name(),
        &event,
        &object,
        &news.status,
        text,
    )
    .await;
    match stored {
        Ok(Stored::New) => {
            count("new");
            tokio::spawn(act(hooks, event, object));
            // T-Bank wants exactly this text, YooKassa only the status.
            "OK".into_response()
        }
        Ok(Stored::Seen) => {
            count("seen");
            "OK".into_response()
        }
        Err(error) => {
            // Not stored, so not answered 200: the acquirer will send it again.
            tracing::error!(%error, event, "a notification was not stored");
            count("failed");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn act(hooks: Hooks, event: String, id: String) {
    let Ok(_slot) = hooks.at_once.acquire().await else {
        return;
    };
    if let Err(error) = payment::handle_webhook(&hooks.cabinet, &event, &id).await {
        // The poller asks again.
        tracing::warn!(%error, event, id, "a notification was not acted upon");
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("kopeck_webhooks_total", "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(networks: &[&str]) -> Sources {
        let config = GatewayConfig {
            webhook_sources: networks.iter().map(|&text| text.to_owned()).collect(),
            ..GatewayConfig::default()
        };
        Sources::new(&config, false).expect("networks")
    }

    fn allowed(sources: &Sources, sender: &str) -> bool {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(
            sender.parse().expect("address"),
            1,
        )));
        sources.allow(&HeaderMap::new(), &extensions)
    }

    #[test]
    fn only_the_published_networks_pass() {
        let published = sources(&["yookassa"]);
        for sender in [
            "185.71.76.1",
            "185.71.77.31",
            "77.75.156.35",
            "2a02:5180:0:1509::1",
            "::ffff:77.75.153.5",
        ] {
            assert!(allowed(&published, sender), "{sender}");
        }
        for sender in ["185.71.76.32", "77.75.154.127", "127.0.0.1", "2a02:5181::1"] {
            assert!(!allowed(&published, sender), "{sender}");
        }
        assert!(allowed(&sources(&[]), "127.0.0.1"));
        assert!(allowed(&sources(&["0.0.0.0/0"]), "8.8.8.8"));
        assert!(!published.allow(&HeaderMap::new(), &Extensions::new()));
    }

    #[test]
    fn a_wrong_network_is_refused_at_start() {
        for text in ["nowhere", "1.2.3.4/33", "1.2.3.4/x", ""] {
            let config = GatewayConfig {
                webhook_sources: vec![text.into()],
                ..Default::default()
            };
            assert!(Sources::new(&config, false).is_err(), "{text}");
        }
    }

    #[test]
    fn behind_a_trusted_proxy_the_last_forwarded_address_counts() {
        let mut sources = sources(&["185.71.76.0/27"]);
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "185.71.76.1, 8.8.8.8".parse().expect("header"),
        );
        assert!(!sources.allow(&headers, &Extensions::new()));
        sources.trust_proxy = true;
        assert!(!sources.allow(&headers, &Extensions::new()));
        headers.insert(
            "x-forwarded-for",
            "8.8.8.8, 185.71.76.1".parse().expect("header"),
        );
        assert!(sources.allow(&headers, &Extensions::new()));
    }
}
