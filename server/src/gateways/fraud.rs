//! The base of known frauds by HTTP. Only hashes leave the house.

use std::time::Instant;

use async_trait::async_trait;
use cabinet::ports::{FraudBase, FraudQuery, PortError};
use reqwest::Client;
use serde::Deserialize;
use serde_json::json;

use super::settings::{GatewayError, Settings};
use super::{http, wire};

/// The base.
pub struct HttpFraudBase {
    http: Client,
    url: String,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "match")]
    matched: bool,
}

impl HttpFraudBase {
    /// The base of these settings.
    pub fn new(settings: &Settings) -> Result<Self, GatewayError> {
        Ok(Self {
            http: http::client(&settings.fraud_url)?,
            url: format!("{}/fraud/v1/check", settings.fraud_url),
        })
    }

    async fn ask(&self, query: &FraudQuery) -> Result<bool, PortError> {
        let trouble = |error| PortError(http::trouble(error));
        let answer = self
            .http
            .post(&self.url)
            .json(&json!({
                "passport_hash": wire::sha256(&query.passport),
                "phone_hash": wire::sha256(&query.phone),
            }))
            .send()
            .await
            .map_err(trouble)?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(PortError(format!("HTTP {}", answer.status().as_u16())));
        }
        answer
            .json::<Answer>()
            .await
            .map(|answer| answer.matched)
            .map_err(trouble)
    }
}

#[async_trait]
impl FraudBase for HttpFraudBase {
    async fn check(&self, query: FraudQuery) -> Result<bool, PortError> {
        let since = Instant::now();
        let result = self.ask(&query).await;
        http::measured(
            "fraud",
            "check",
            if result.is_ok() { "done" } else { "unknown" },
            since,
        );
        result
    }
}
