//! Yandex SmartCaptcha: its server's half. Source: the service's documentation, "Validating the
//! user's response": `POST /validate` with `secret`, `token`, `ip`, answered by `{"status": "ok"}`.

use std::time::Instant;

use async_trait::async_trait;
use cabinet::ports::{Captcha, PortError};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::http;
use super::settings::{GatewayConfig, GatewayError, SMART_CAPTCHA};

/// The service.
pub struct SmartCaptcha {
    http: Client,
    url: String,
    secret: SecretString,
}

#[derive(Deserialize)]
struct Answer {
    status: String,
}

impl SmartCaptcha {
    /// The service, when its key is given.
    pub fn new(config: &GatewayConfig) -> Result<Option<Self>, GatewayError> {
        let Some(secret) = config.smart_captcha_secret.clone() else {
            return Ok(None);
        };
        let url = config.smart_captcha_url.as_deref().unwrap_or(SMART_CAPTCHA);
        let url = url.trim_end_matches('/').to_owned();
        Ok(Some(Self {
            http: http::client(&url)?,
            url,
            secret,
        }))
    }

    async fn ask(&self, token: &str, ip: &str) -> Result<bool, PortError> {
        let trouble = |error| PortError(http::trouble(error));
        let form = [
            ("secret", self.secret.expose_secret()),
            ("token", token),
            ("ip", ip),
        ];
        let answer = self
            .http
            .post(format!("{}/validate", self.url))
            .form(&form)
            .send()
            .await
            .map_err(trouble)?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(PortError(format!("HTTP {}", answer.status().as_u16())));
        }
        let answer: Answer = answer.json().await.map_err(trouble)?;
        Ok(answer.status == "ok")
    }
}

#[async_trait]
impl Captcha for SmartCaptcha {
    async fn passed(&self, token: &str, ip: &str) -> Result<bool, PortError> {
        let since = Instant::now();
        let result = self.ask(token, ip).await;
        let outcome = if result.is_ok() { "done" } else { "unknown" };
        http::measured("smart_captcha", "validate", outcome, since);
        result
    }

    fn origin(&self) -> Option<String> {
        Some(self.url.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_key_there_is_no_service() {
        let none = GatewayConfig::default();
        assert!(SmartCaptcha::new(&none).expect("fine").is_none());
        let some = GatewayConfig {
            smart_captcha_secret: Some("key".into()),
            ..GatewayConfig::default()
        };
        let service = SmartCaptcha::new(&some).expect("fine").expect("a service");
        assert_eq!(
            service.origin().as_deref(),
            Some("https://smartcaptcha.cloud.yandex.ru")
        );
    }
}
