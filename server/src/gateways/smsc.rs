//! Text messages by smsc.ru, its HTTP interface (`/sys/send.php`, answers in JSON).

use std::time::Instant;

use async_trait::async_trait;
use cabinet::ports::{DeliveryError, Sms};
use cabinet::values::Phone;
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use uuid::Uuid;

use super::http;
use super::settings::{GatewayError, Settings};

/// The gateway.
pub struct Smsc {
    http: Client,
    url: String,
    login: String,
    password: SecretString,
    sender: Option<String>,
}

/// Either `{"id":1,"cnt":1}` or `{"error":"…","error_code":N}`.
#[derive(Debug, Deserialize)]
struct Answer {
    error: Option<String>,
    error_code: Option<u8>,
    cnt: Option<u32>,
}

impl Smsc {
    /// The gateway of these settings.
    pub fn new(settings: &Settings) -> Result<Self, GatewayError> {
        let (login, password) = settings.sms.clone();
        Ok(Self {
            http: http::client(&settings.sms_url)?,
            url: format!("{}/sys/send.php", settings.sms_url),
            login,
            password,
            sender: settings.sms_sender.clone(),
        })
    }

    async fn post(&self, phone: &Phone, text: &str, key: Uuid) -> Result<(), DeliveryError> {
        let id = message_id(key).to_string();
        let mut form = vec![
            ("login", self.login.as_str()),
            ("psw", self.password.expose_secret()),
            ("phones", phone.digits()),
            ("mes", text),
            // Without it the gateway reads the text as windows-1251.
            ("charset", "utf-8"),
            ("fmt", "3"),
            ("id", &id),
        ];
        if let Some(sender) = &self.sender {
            form.push(("sender", sender));
        }
        let temporary = |text: String| DeliveryError::Temporary(text);
        let answer = self
            .http
            .post(&self.url)
            .form(&form)
            .send()
            .await
            .map_err(|error| temporary(http::trouble(error)))?;
        let status = answer.status();
        let body = answer
            .bytes()
            .await
            .map_err(|error| temporary(http::trouble(error)))?;
        if !status.is_success() {
            return Err(temporary(format!("HTTP {}", status.as_u16())));
        }
        read(&body)
    }
}

/// The gateway's own number for a message of ours, 1 to 2³¹−1: a repeat carries the same one, so
/// the two are seen to be one message in its journal.
fn message_id(key: Uuid) -> u32 {
    let (_, low) = key.as_u64_pair();
    u32::try_from(low & 0x7fff_ffff).unwrap_or_default().max(1)
}

fn read(body: &[u8]) -> Result<(), DeliveryError> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|_| DeliveryError::Temporary("unreadable answer".into()))?;
    let Some(code) = answer.error_code else {
        return match answer.cnt {
            Some(_) => Ok(()),
            None => Err(DeliveryError::Temporary("an answer without a count".into())),
        };
    };
    let text = format!("{code} {}", answer.error.unwrap_or_default());
    match code {
        // Parameters, a forbidden text, a wrong number, an unreachable number: the same next time.
        1 | 6 | 7 | 8 => Err(DeliveryError::Permanent(text)),
        // Login, money, a blocked address, too many at once: ours to mend; the message waits.
        _ => {
            tracing::warn!(code, "the SMS gateway refuses");
            Err(DeliveryError::Temporary(text))
        }
    }
}

#[async_trait]
impl Sms for Smsc {
    async fn send(&self, phone: &Phone, text: &str, key: Uuid) -> Result<(), DeliveryError> {
        let since = Instant::now();
        let sent = self.post(phone, text, key).await;
        http::measured("sms", "send", http::outcome(&sent), since);
        sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        assert!(read(br#"{"id":1,"cnt":2}"#).is_ok());
        let permanent = read(br#"{"error":"invalid number","error_code":7}"#);
        assert!(matches!(permanent, Err(DeliveryError::Permanent(_))));
        for body in [
            br#"{"error":"authorise error","error_code":2}"#.as_slice(),
            br#"{"error":"duplicate request, wait a minute","error_code":9}"#,
            br#"{"id":1,"#,
            b"OK - 1 SMS, ID - 5",
            b"{}",
        ] {
            assert!(matches!(read(body), Err(DeliveryError::Temporary(_))));
        }
    }

    #[test]
    fn a_message_keeps_its_number() {
        let key = Uuid::from_u128(u128::MAX);
        assert_eq!(message_id(key), 0x7fff_ffff);
        assert_eq!(message_id(Uuid::nil()), 1);
    }
}
