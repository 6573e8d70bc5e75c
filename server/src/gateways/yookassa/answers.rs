//! What the acquirer answers, and what it means for us.

use std::collections::BTreeMap;

use cabinet::ids::{PayoutId, RefundId};
use cabinet::ports::{
    AcquirerError, BindingStatus, MovementKind, RemoteBinding, RemoteMovement, RemotePayment,
    RemotePayout, RemoteRefund, RemoteStatus,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Raw, refused};
use crate::gateways::wire::Rub;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Pending,
    WaitingForCapture,
    Succeeded,
    Canceled,
}

#[derive(Debug, Deserialize)]
struct Cancellation {
    reason: String,
}

#[derive(Debug, Deserialize)]
struct Confirmation {
    confirmation_url: Option<String>,
    /// The link of the fast payment system.
    confirmation_data: Option<String>,
}

impl Confirmation {
    fn link(self) -> Option<String> {
        self.confirmation_url.or(self.confirmation_data)
    }
}

#[derive(Debug, Deserialize)]
struct Card {
    first6: Option<String>,
    last4: Option<String>,
    expiry_year: Option<String>,
    expiry_month: Option<String>,
    #[serde(rename = "card_type")]
    brand: Option<String>,
}

impl Card {
    /// `2030-12`; empty when it is not told.
    fn expiry(&self) -> String {
        match (&self.expiry_year, &self.expiry_month) {
            (Some(year), Some(month)) => format!("{year}-{month}"),
            _ => String::new(),
        }
    }
}

/// A payment method inside a payment: any kind, so nothing is required.
#[derive(Debug, Deserialize)]
struct PaidBy {
    id: Option<String>,
    #[serde(default)]
    saved: bool,
    title: Option<String>,
    card: Option<Card>,
}

#[derive(Debug, Deserialize)]
pub struct Payment {
    id: String,
    status: Status,
    amount: Rub,
    created_at: DateTime<Utc>,
    captured_at: Option<DateTime<Utc>>,
    confirmation: Option<Confirmation>,
    #[serde(rename = "payment_method")]
    paid_by: Option<PaidBy>,
    cancellation_details: Option<Cancellation>,
    #[serde(default)]
    metadata: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
pub struct Payout {
    id: String,
    status: Status,
    amount: Rub,
    created_at: DateTime<Utc>,
    succeeded_at: Option<DateTime<Utc>>,
    cancellation_details: Option<Cancellation>,
    #[serde(default)]
    metadata: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
pub struct Refund {
    id: String,
    status: Status,
    amount: Rub,
    created_at: DateTime<Utc>,
    cancellation_details: Option<Cancellation>,
    #[serde(default)]
    metadata: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MethodStatus {
    Pending,
    Active,
    Inactive,
}

/// A payment method on its own: a card binding.
#[derive(Debug, Deserialize)]
pub struct Method {
    id: String,
    status: MethodStatus,
    card: Option<Card>,
    confirmation: Option<Confirmation>,
}

/// A person whose name is compared.
#[derive(Debug, Deserialize)]
pub struct Person {
    pub id: String,
}

/// A bank of the fast payment system.
#[derive(Debug, Deserialize)]
pub struct Bank {
    pub bank_id: String,
    pub name: String,
}

/// A page of a register.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Complaint {
    code: String,
    description: String,
    parameter: String,
}

/// The answer to a changing call.
pub fn created<T: DeserializeOwned>(raw: Raw) -> Result<T, AcquirerError> {
    let complaint = match raw.status {
        200 | 201 => return parsed(&raw),
        // 408 and 429 were not looked at: the same call, later. Any other 4xx is final.
        400..=407 | 409..=428 | 430..=499 => complaint(&raw),
        _ => return Err(unknown(&raw)),
    };
    // The key was used for another body: whatever the first call made may well exist.
    if complaint.parameter.eq_ignore_ascii_case("idempotence-key") {
        return Err(unknown(&raw));
    }
    Err(refused(
        &complaint.code,
        &format!("{} {}", complaint.description, complaint.parameter),
    ))
}

/// The answer to a question. Being refused an answer says nothing about the object; only its
/// absence is an answer.
pub fn read<T: DeserializeOwned>(raw: Raw) -> Result<T, AcquirerError> {
    match raw.status {
        200 => parsed(&raw),
        404 | 410 => Err(refused("not_found", &complaint(&raw).description)),
        _ => Err(unknown(&raw)),
    }
}

fn parsed<T: DeserializeOwned>(raw: &Raw) -> Result<T, AcquirerError> {
    serde_json::from_slice(&raw.body)
        .map_err(|error| AcquirerError::Unknown(format!("unreadable answer: {error}")))
}

fn complaint(raw: &Raw) -> Complaint {
    let mut complaint: Complaint = serde_json::from_slice(&raw.body).unwrap_or_default();
    if complaint.code.is_empty() {
        complaint.code = format!("http_{}", raw.status);
    }
    complaint
}

fn unknown(raw: &Raw) -> AcquirerError {
    AcquirerError::Unknown(format!("HTTP {} {}", raw.status, complaint(raw).code))
}

fn status(
    status: Status,
    finished_at: DateTime<Utc>,
    cancellation: Option<Cancellation>,
) -> RemoteStatus {
    match status {
        Status::Pending => RemoteStatus::Pending,
        Status::WaitingForCapture => RemoteStatus::WaitingForCapture,
        Status::Succeeded => RemoteStatus::Succeeded { at: finished_at },
        Status::Canceled => RemoteStatus::Canceled {
            reason: cancellation.map_or_else(|| "unknown".into(), |details| details.reason),
        },
    }
}

fn movement(
    kind: MovementKind,
    (id, state, amount): (String, Status, Rub),
    at: DateTime<Utc>,
) -> Option<RemoteMovement> {
    let succeeded = state == Status::Succeeded;
    succeeded.then_some(RemoteMovement {
        id,
        kind,
        amount: amount.0,
        succeeded,
        at,
    })
}

impl Payment {
    fn taken_at(&self) -> DateTime<Utc> {
        self.captured_at.unwrap_or(self.created_at)
    }

    pub fn told(self) -> RemotePayment {
        let at = self.taken_at();
        let ours = self.metadata.get("payment").and_then(Value::as_str);
        RemotePayment {
            payment: ours.and_then(|text| text.parse().ok()),
            title: self.paid_by.as_ref().and_then(PaidBy::title),
            status: status(self.status, at, self.cancellation_details),
            amount: self.amount.0,
            confirmation_url: self.confirmation.and_then(Confirmation::link),
            saved: self.paid_by.filter(|by| by.saved).and_then(|by| by.id),
            id: self.id,
        }
    }

    pub fn movement(self) -> Option<RemoteMovement> {
        let at = self.taken_at();
        movement(
            MovementKind::Payment,
            (self.id, self.status, self.amount),
            at,
        )
    }
}

impl PaidBy {
    /// `•• 4444`, or the acquirer's own words for what is not a card.
    fn title(&self) -> Option<String> {
        let last4 = self.card.as_ref().and_then(|card| card.last4.as_deref());
        last4
            .map(|digits| format!("•• {digits}"))
            .or_else(|| self.title.clone())
    }
}

impl Payout {
    fn ours(&self) -> Option<PayoutId> {
        let ours = self.metadata.get("payout").and_then(Value::as_str);
        ours.and_then(|text| text.parse().ok())
    }

    /// Whether it was made for this payout of ours.
    pub fn carries(&self, payout: PayoutId) -> bool {
        self.ours() == Some(payout)
    }

    fn sent_at(&self) -> DateTime<Utc> {
        self.succeeded_at.unwrap_or(self.created_at)
    }

    pub fn told(self) -> RemotePayout {
        let at = self.sent_at();
        RemotePayout {
            payout: self.ours(),
            amount: self.amount.0,
            status: status(self.status, at, self.cancellation_details),
            id: self.id,
        }
    }

    pub fn movement(self) -> Option<RemoteMovement> {
        let at = self.sent_at();
        movement(
            MovementKind::Payout,
            (self.id, self.status, self.amount),
            at,
        )
    }
}

impl Refund {
    pub fn told(self) -> RemoteRefund {
        let ours = self.metadata.get("refund").and_then(Value::as_str);
        let refund: Option<RefundId> = ours.and_then(|text| text.parse().ok());
        let status = status(self.status, self.created_at, self.cancellation_details);
        RemoteRefund {
            status,
            refund,
            amount: self.amount.0,
            id: self.id,
        }
    }

    pub fn movement(self) -> Option<RemoteMovement> {
        movement(
            MovementKind::Refund,
            (self.id, self.status, self.amount),
            self.created_at,
        )
    }
}

impl Method {
    pub fn told(self) -> Result<RemoteBinding, AcquirerError> {
        let status = match (self.status, self.card) {
            (MethodStatus::Pending, _) => BindingStatus::Pending,
            (MethodStatus::Inactive, _) => BindingStatus::Inactive,
            (MethodStatus::Active, Some(card)) => BindingStatus::Active {
                method: self.id.clone(),
                expiry: card.expiry(),
                first6: card.first6.unwrap_or_default(),
                last4: card.last4.unwrap_or_default(),
                brand: card.brand.unwrap_or_default(),
            },
            (MethodStatus::Active, None) => {
                return Err(AcquirerError::Unknown(
                    "an active binding without a card".into(),
                ));
            }
        };
        let confirmation_url = self.confirmation.and_then(Confirmation::link);
        Ok(RemoteBinding {
            id: self.id,
            status,
            confirmation_url,
        })
    }
}

#[cfg(test)]
mod tests;
