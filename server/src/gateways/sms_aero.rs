//! Text messages by SMS Aero, its HTTP interface of version 2: Basic authorization by e-mail and key, JSON both ways.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use cabinet::ports::{DeliveryError, Sms, SmsReceipt};
use cabinet::values::Phone;
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::http;
use super::settings::{GatewayError, Settings};

/// The signature that every account has.
const SIGN: &str = "SMS Aero";
/// A message's fate is asked about so often, and for so long: later nobody waits for it.
const ASK_EVERY: Duration = Duration::from_secs(20);
const ASK_FOR: Duration = Duration::from_hours(6);
/// Messages asked about in one round.
const ROUND: usize = 20;
/// Messages remembered; the oldest give way.
const REMEMBERED: usize = 5_000;

/// The gateway.
pub struct SmsAero {
    http: Client,
    url: String,
    email: String,
    key: SecretString,
    sign: String,
    ask_every: Duration,
    under_way: Mutex<VecDeque<UnderWay>>,
}

/// A message whose fate is not known yet.
#[derive(Debug, Clone, Copy)]
struct UnderWay {
    id: u64,
    sent: Instant,
    asked: Instant,
}

#[derive(Debug, Deserialize)]
struct Answer {
    success: bool,
    data: Option<Value>,
    message: Option<String>,
}

impl SmsAero {
    /// The gateway of these settings: the login is the account's e-mail, the password its API key.
    pub fn new(settings: &Settings) -> Result<Self, GatewayError> {
        let (email, key) = settings.sms.clone();
        Ok(Self {
            http: http::client(&settings.sms_url)?,
            url: settings.sms_url.clone(),
            email,
            key,
            sign: settings.sms_sender.clone().unwrap_or_else(|| SIGN.into()),
            ask_every: ASK_EVERY,
            under_way: Mutex::default(),
        })
    }

    /// The same, asking about a message's fate so often.
    #[must_use]
    pub fn asking_every(mut self, span: Duration) -> Self {
        self.ask_every = span;
        self
    }

    async fn call(&self, path: &str, body: &Value) -> Result<Value, DeliveryError> {
        let temporary = |text: String| DeliveryError::Temporary(text);
        let answer = self
            .http
            .post(format!("{}/v2/{path}", self.url))
            .basic_auth(&self.email, Some(self.key.expose_secret()))
            .json(body)
            .send()
            .await
            .map_err(|error| temporary(http::trouble(error)))?;
        let status = answer.status().as_u16();
        let body = answer
            .bytes()
            .await
            .map_err(|error| temporary(http::trouble(error)))?;
        read(status, &body)
    }

    async fn post(&self, phone: &Phone, text: &str) -> Result<Vec<String>, DeliveryError> {
        let message = json!({ "number": phone.digits(), "text": text, "sign": self.sign });
        let data = self.call("sms/send", &message).await?;
        // One number is answered with an object, several with a list.
        let one = data
            .as_array()
            .and_then(|list| list.first())
            .unwrap_or(&data);
        let id = one["id"]
            .as_u64()
            .ok_or_else(|| DeliveryError::Temporary("an answer without an id".into()))?;
        self.remember(id);
        Ok(vec![name(id)])
    }

    fn remember(&self, id: u64) {
        let now = Instant::now();
        let mut all = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.push_back(UnderWay {
            id,
            sent: now,
            asked: now,
        });
        while all.len() > REMEMBERED {
            all.pop_front();
        }
    }

    /// Those to ask about now; they go to the end of the line.
    fn due(&self) -> Vec<UnderWay> {
        let now = Instant::now();
        let mut all = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| now.duration_since(one.sent) < ASK_FOR);
        let mut due = Vec::new();
        for _ in 0..all.len().min(ROUND) {
            let Some(mut one) = all.pop_front() else {
                break;
            };
            if now.duration_since(one.asked) < self.ask_every {
                all.push_front(one);
                break;
            }
            one.asked = now;
            due.push(one);
            all.push_back(one);
        }
        due
    }

    async fn fate(&self, id: u64) -> Option<bool> {
        let data = self.call("sms/status", &json!({ "id": id })).await.ok()?;
        arrived(data["status"].as_u64()?)
    }
}

/// What the ledger knows a message by.
fn name(id: u64) -> String {
    format!("smsaero:{id}")
}

/// 1 delivered; 2 not delivered and 6 rejected; 0 in the queue, 3 handed on, 4 waiting, 8 looked at by people.
const fn arrived(status: u64) -> Option<bool> {
    match status {
        1 => Some(true),
        2 | 6 => Some(false),
        _ => None,
    }
}

fn read(status: u16, body: &[u8]) -> Result<Value, DeliveryError> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|_| DeliveryError::Temporary(format!("HTTP {status}, unreadable answer")))?;
    let said = answer.message.unwrap_or_default();
    match (answer.success, answer.data, status) {
        (true, Some(data), 200..=299) => Ok(data),
        // What is wrong with the message itself is wrong the next time as well.
        (false, _, 200 | 400 | 422) => Err(DeliveryError::Permanent(format!("{status} {said}"))),
        // Key, money, too many at once: ours to mend; the message waits.
        _ => {
            tracing::warn!(status, "the SMS gateway refuses");
            Err(DeliveryError::Temporary(format!("HTTP {status} {said}")))
        }
    }
}

#[async_trait]
impl Sms for SmsAero {
    async fn send(&self, phone: &Phone, text: &str, key: Uuid) -> Result<(), DeliveryError> {
        self.send_parts(phone, text, key).await.map(drop)
    }

    /// The interface has no key of repeats: a message whose answer was lost may come twice.
    async fn send_parts(
        &self,
        phone: &Phone,
        text: &str,
        _key: Uuid,
    ) -> Result<Vec<String>, DeliveryError> {
        let since = Instant::now();
        let sent = self.post(phone, text).await;
        http::measured("sms", "send", http::outcome(&sent), since);
        sent
    }

    async fn receipts(&self) -> Vec<SmsReceipt> {
        let mut told = Vec::new();
        for one in self.due() {
            if let Some(arrived) = self.fate(one.id).await {
                let mut all = self
                    .under_way
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                all.retain(|other| other.id != one.id);
                told.push(SmsReceipt {
                    gateway_id: name(one.id),
                    arrived,
                });
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let sent = read(200, br#"{"success":true,"data":{"id":7},"message":null}"#);
        assert_eq!(sent.expect("sent")["id"], 7);
        let number = br#"{"success":false,"data":null,"message":"Validation error."}"#;
        assert!(matches!(
            read(400, number),
            Err(DeliveryError::Permanent(_))
        ));
        let money = br#"{"success":false,"data":null,"message":"Not enough money"}"#;
        for (status, body) in [
            (402, money.as_slice()),
            (
                401,
                br#"{"success":false,"message":"Your request was made with invalid credentials."}"#,
            ),
            (502, b"<html>"),
            (200, b"{}"),
            (200, br#"{"success":true}"#),
        ] {
            assert!(
                matches!(read(status, body), Err(DeliveryError::Temporary(_))),
                "{status}"
            );
        }
    }

    #[test]
    fn only_a_final_status_is_a_receipt() {
        assert_eq!(
            [0, 1, 2, 3, 4, 6, 8].map(arrived),
            [None, Some(true), Some(false), None, None, Some(false), None]
        );
    }
}
