//! Suggestions of names and addresses by DaData's protocol (API 4.1, `/suggest/fio` and `/suggest/address`); other
//! services and installations of one's own speak it too. Source: dadata.ru/api/suggest.
//!
//! Only the text of one field leaves the house, with the region and the town that narrow it: never a phone, a
//! passport or who asks.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use cabinet::ports::PortError;
use cabinet::suggest::{MOST, Suggestions, Wanted};
use reqwest::{Client, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::http;
use super::settings::GatewayError;

/// Somebody is typing: what comes later is of no use.
const PATIENCE: Duration = Duration::from_millis(1_200);

/// The service.
pub struct DaData {
    http: Client,
    url: String,
    token: SecretString,
}

#[derive(Deserialize)]
struct Answer {
    suggestions: Vec<Suggestion>,
}

#[derive(Deserialize)]
struct Suggestion {
    value: String,
    #[serde(default)]
    data: Data,
}

/// The parts of an address that a field of ours holds; a name has none.
#[derive(Default, Deserialize)]
struct Data {
    city: Option<String>,
    settlement: Option<String>,
    street_with_type: Option<String>,
}

impl DaData {
    /// The service at this address (`https://suggestions.dadata.ru/suggestions/api/4_1/rs`).
    pub fn new(url: &str, token: SecretString) -> Result<Self, GatewayError> {
        Ok(Self {
            http: http::client(url)?,
            url: url.trim_end_matches('/').to_owned(),
            token,
        })
    }

    async fn ask(&self, wanted: &Wanted, typed: &str) -> Result<Vec<String>, PortError> {
        let trouble = |error| PortError(http::trouble(error));
        let (method, body) = question(wanted, typed);
        let answer = self
            .http
            .post(format!("{}/suggest/{method}", self.url))
            .header(
                header::AUTHORIZATION,
                format!("Token {}", self.token.expose_secret()),
            )
            .header(header::ACCEPT, "application/json")
            .timeout(PATIENCE)
            .json(&body)
            .send()
            .await
            .map_err(trouble)?;
        if answer.status() != reqwest::StatusCode::OK {
            return Err(PortError(format!("HTTP {}", answer.status().as_u16())));
        }
        let answer: Answer = answer.json().await.map_err(trouble)?;
        let mut found: Vec<String> = Vec::new();
        for suggestion in answer.suggestions {
            let text = fitting(wanted, suggestion);
            found.extend(text.filter(|text| !found.contains(text)));
        }
        Ok(found)
    }
}

/// The method and its question.
fn question(wanted: &Wanted, typed: &str) -> (&'static str, Value) {
    let name = |part: &str| json!({ "query": typed, "count": MOST, "parts": [part] });
    let within = |bound: [&str; 2], location: Value| {
        let mut body = json!({
            "query": typed,
            "count": MOST,
            "from_bound": { "value": bound[0] },
            "to_bound": { "value": bound[1] },
            "restrict_value": true,
        });
        if location.as_object().is_some_and(|map| !map.is_empty()) {
            body["locations"] = json!([location]);
        }
        body
    };
    match wanted {
        Wanted::LastName => ("fio", name("SURNAME")),
        Wanted::FirstName => ("fio", name("NAME")),
        Wanted::MiddleName => ("fio", name("PATRONYMIC")),
        Wanted::City(region) => {
            let place = if region.is_empty() {
                json!({})
            } else {
                json!({ "kladr_id": region })
            };
            ("address", within(["city", "settlement"], place))
        }
        Wanted::Street { region, city } => {
            let mut place = json!({ "city": city });
            if !region.is_empty() {
                place["kladr_id"] = json!(region);
            }
            ("address", within(["street", "street"], place))
        }
    }
}

/// What the field holds: «Казань», not «г Казань».
fn fitting(wanted: &Wanted, suggestion: Suggestion) -> Option<String> {
    let data = suggestion.data;
    let text = match wanted {
        Wanted::City(_) => data.settlement.or(data.city)?,
        Wanted::Street { .. } => data.street_with_type?,
        _ => suggestion.value,
    };
    let short = !text.is_empty() && text.chars().count() <= 200;
    short.then_some(text)
}

#[async_trait]
impl Suggestions for DaData {
    async fn suggest(&self, wanted: &Wanted, typed: &str) -> Result<Vec<String>, PortError> {
        let since = Instant::now();
        let result = self.ask(wanted, typed).await;
        let outcome = if result.is_ok() { "done" } else { "unknown" };
        http::measured("suggestions", "suggest", outcome, since);
        result
    }
}
