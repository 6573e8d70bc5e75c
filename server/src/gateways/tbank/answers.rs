//! What the acquirer answers, and what it means for us.

use cabinet::ports::{AcquirerError, BindingStatus, News, RemoteStatus};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// `Init` of an order that was made already.
pub const ORDER_EXISTS: &str = "8";
/// `CheckOrder` of an order that never was.
pub const NO_ORDER: &str = "335";
/// `GetState` of a payment that never was.
pub const NO_PAYMENT: &str = "255";
/// The acquirer's own faults: whether the call was done is not known.
const OWN_FAULTS: [&str; 4] = ["99", "999", "9999", "1030"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Verdict {
    success: bool,
    #[serde(deserialize_with = "text")]
    error_code: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    details: Option<String>,
}

/// A payment or a payout. Ids travel as texts in answers and as numbers elsewhere.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the acquirer's own names")]
pub struct Payment {
    #[serde(deserialize_with = "text")]
    pub payment_id: String,
    #[serde(default)]
    pub order_id: String,
    pub amount: i64,
    pub status: String,
    #[serde(default = "no_error", deserialize_with = "text")]
    pub error_code: String,
    #[serde(rename = "PaymentURL")]
    pub payment_url: Option<String>,
}

fn no_error() -> String {
    "0".to_owned()
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("neither a text nor a number")),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Order {
    payments: Vec<Payment>,
}

impl Order {
    /// The order's payment: the one that took money, else the last.
    pub fn last(self, order: &str) -> Option<Payment> {
        let taken = self.payments.iter().position(|one| !unpaid(&one.status));
        let mut payments = self.payments;
        let mut found = match taken {
            Some(index) => payments.swap_remove(index),
            None => payments.pop()?,
        };
        order.clone_into(&mut found.order_id);
        Some(found)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Qr {
    pub data: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Binding {
    pub request_key: String,
    pub customer_key: Option<String>,
    pub status: Option<String>,
    pub card_id: Option<String>,
    #[serde(rename = "PaymentURL")]
    pub payment_url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the acquirer's own names")]
pub struct Card {
    pub card_id: String,
    pan: String,
    exp_date: Option<String>,
    rebill_id: Option<String>,
}

impl Card {
    fn last4(&self) -> String {
        self.pan
            .get(self.pan.len().saturating_sub(4)..)
            .unwrap_or_default()
            .to_owned()
    }

    /// Told as `1230`, the month first: `2030-12`; empty when it is not told.
    fn expiry(&self) -> String {
        let told = self.exp_date.as_deref().unwrap_or_default();
        match (told.get(..2), told.get(2..)) {
            (Some(month), Some(year)) if year.len() == 2 => format!("20{year}-{month}"),
            _ => String::new(),
        }
    }

    /// `•• 4444`.
    pub fn title(&self) -> String {
        format!("•• {}", self.last4())
    }

    /// What a payout and a charge need, in one text.
    pub fn token(&self) -> String {
        format!(
            "{}:{}",
            self.card_id,
            self.rebill_id.as_deref().unwrap_or_default()
        )
    }

    pub fn bound(self) -> BindingStatus {
        let brand = match self.pan.as_bytes().first() {
            Some(b'2') => "Mir",
            Some(b'4') => "Visa",
            Some(b'5') => "MasterCard",
            _ => "",
        };
        BindingStatus::Active {
            method: self.token(),
            first6: self.pan.get(..6).unwrap_or_default().to_owned(),
            last4: self.last4(),
            brand: brand.to_owned(),
            expiry: self.expiry(),
        }
    }
}

/// The answer of a call: done, certainly refused, or not known.
pub fn told<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, AcquirerError> {
    let unknown = |why: String| AcquirerError::Unknown(why);
    if status != 200 {
        return Err(match status {
            400..=407 | 409..=428 | 430..=499 => refused(&format!("http_{status}"), ""),
            _ => unknown(format!("HTTP {status}")),
        });
    }
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| unknown(format!("unreadable answer: {error}")))?;
    // A list of cards is a bare array: there is nothing to refuse by.
    if value.is_object() {
        let verdict: Verdict = serde_json::from_value(value.clone())
            .map_err(|error| unknown(format!("unreadable answer: {error}")))?;
        if !verdict.success || verdict.error_code != "0" {
            let code = verdict.error_code;
            if OWN_FAULTS.contains(&code.as_str()) {
                return Err(unknown(format!("error {code}")));
            }
            let words = [verdict.message, verdict.details];
            let words: Vec<String> = words.into_iter().flatten().collect();
            return Err(refused(&code, &words.join(" ")));
        }
    }
    serde_json::from_value(value).map_err(|error| unknown(format!("unreadable answer: {error}")))
}

fn refused(code: &str, description: &str) -> AcquirerError {
    AcquirerError::Refused {
        code: code.into(),
        description: description.into(),
    }
}

/// What is asked for by another's name is the same as what is not there.
pub fn absent() -> AcquirerError {
    refused("not_found", "no such payment")
}

pub fn unsupported(what: &str) -> AcquirerError {
    refused("not_supported", &format!("this acquirer has no {what}"))
}

/// Whether no money was taken, and may still be.
pub fn unpaid(status: &str) -> bool {
    matches!(status, "NEW" | "FORM_SHOWED" | "AUTHORIZED")
}

/// The reason in the words of the port.
fn reason(code: &str) -> &'static str {
    match code {
        "101" | "106" => "3d_secure_failed",
        "1051" | "116" => "insufficient_funds",
        "1054" => "card_expired",
        "1082" => "invalid_csc",
        _ => "general_decline",
    }
}

pub fn status(status: &str, code: &str, now: DateTime<Utc>) -> Result<RemoteStatus, AcquirerError> {
    let canceled = |reason: &str| RemoteStatus::Canceled {
        reason: reason.to_owned(),
    };
    Ok(match status {
        "NEW" | "FORM_SHOWED" | "AUTHORIZING" | "3DS_CHECKING" | "3DS_CHECKED" | "CONFIRMING"
        | "PAY_CHECKING" | "CONFIRM_CHECKING" | "REVERSING" => RemoteStatus::Pending,
        // In one stage it is confirmed in the same moment.
        "AUTHORIZED" => RemoteStatus::WaitingForCapture,
        "CONFIRMED" | "REFUNDING" | "ASYNC_REFUNDING" | "PARTIAL_REFUNDED" | "REFUNDED" => {
            RemoteStatus::Succeeded { at: now }
        }
        "REJECTED" | "AUTH_FAIL" | "ATTEMPTS_EXPIRED" => canceled(reason(code)),
        "DEADLINE_EXPIRED" => canceled("expired_on_confirmation"),
        "CANCELED" | "REVERSED" | "PARTIAL_REVERSED" => canceled("canceled_by_merchant"),
        other => return Err(AcquirerError::Unknown(format!("status {other}"))),
    })
}

pub fn payout_status(
    status: &str,
    code: &str,
    now: DateTime<Utc>,
) -> Result<RemoteStatus, AcquirerError> {
    Ok(match status {
        "NEW" | "CHECKING" | "CHECKED" | "COMPLETING" | "PROCESSING" | "CREDIT_CHECKING" => {
            RemoteStatus::Pending
        }
        "COMPLETED" => RemoteStatus::Succeeded { at: now },
        "REJECTED" => RemoteStatus::Canceled {
            reason: match code {
                "1051" => "insufficient_funds",
                _ => "rejected_by_payee",
            }
            .to_owned(),
        },
        other => return Err(AcquirerError::Unknown(format!("status {other}"))),
    })
}

pub fn refund_status(status: &str, now: DateTime<Utc>) -> RemoteStatus {
    match status {
        "REFUNDED" | "PARTIAL_REFUNDED" | "REVERSED" | "PARTIAL_REVERSED" => {
            RemoteStatus::Succeeded { at: now }
        }
        _ => RemoteStatus::Pending,
    }
}

/// A refused question says nothing about the object.
pub trait Doubt {
    /// The same error as no answer.
    fn doubtful(self) -> Self;
}

impl Doubt for AcquirerError {
    fn doubtful(self) -> Self {
        Self::Unknown(self.to_string())
    }
}

/// What a notification, already known to be signed, is about.
pub fn news(body: &Map<String, Value>) -> Option<News> {
    let status = body.get("Status")?.as_str()?;
    let object = match body.get("PaymentId")? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let plain = |text: &str, longest: usize| {
        let known = |c: char| c.is_ascii_alphanumeric() || c == '_';
        (1..=longest).contains(&text.len()) && text.chars().all(known)
    };
    (plain(status, 32) && plain(&object, 20)).then(|| News {
        event: format!("payment.{status}"),
        object,
        status: status.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_done_refused_or_not_known() {
        let done = br#"{"Success":true,"ErrorCode":"0","Status":"NEW","PaymentId":"12","OrderId":"7","Amount":100,"PaymentURL":"https://x"}"#;
        let payment: Payment = told(200, done).expect("done");
        assert_eq!((payment.payment_id.as_str(), payment.amount), ("12", 100));
        let refusals: [(u16, &[u8]); 2] = [
            (200, br#"{"Success":false,"ErrorCode":"8","Message":"x"}"#),
            (403, b""),
        ];
        for (status, body) in refusals {
            let refused = told::<Payment>(status, body);
            assert!(
                matches!(refused, Err(AcquirerError::Refused { .. })),
                "{refused:?}"
            );
        }
        let unknowns: [(u16, &[u8]); 5] = [
            (200, br#"{"Success":false,"ErrorCode":"9999"}"#),
            (200, br#"{"Success":true,"Err"#),
            (429, b""),
            (500, b""),
            (202, b""),
        ];
        for (status, body) in unknowns {
            let unknown = told::<Payment>(status, body);
            assert!(
                matches!(unknown, Err(AcquirerError::Unknown(_))),
                "{unknown:?}"
            );
        }
    }

    #[test]
    fn a_status_that_nobody_told_us_of_is_not_guessed() {
        let now = DateTime::UNIX_EPOCH;
        assert!(status("SOMETHING_NEW", "0", now).is_err());
        assert_eq!(
            status("REJECTED", "1051", now).ok(),
            Some(RemoteStatus::Canceled {
                reason: "insufficient_funds".into()
            })
        );
        assert_eq!(
            status("AUTHORIZED", "0", now).ok(),
            Some(RemoteStatus::WaitingForCapture)
        );
        assert!(payout_status("AUTHORIZED", "0", now).is_err());
    }
}
