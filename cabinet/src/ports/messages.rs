//! Text messages, letters and notices to devices.

use async_trait::async_trait;
use uuid::Uuid;

use crate::values::{Email, Phone};

/// Why a message did not go.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DeliveryError {
    /// May succeed later.
    #[error("delivery failed: {0}")]
    Temporary(String),
    /// Will never succeed: no such number or box.
    #[error("delivery refused: {0}")]
    Permanent(String),
}

/// Text messages.
#[async_trait]
pub trait Sms: Send + Sync {
    /// Sends a text; the key makes repeats one message where the gateway supports it.
    async fn send(&self, phone: &Phone, text: &str, key: Uuid) -> Result<(), DeliveryError>;
    /// The same, answering what the operator calls its parts; nothing where there are no delivery
    /// receipts.
    async fn send_parts(
        &self,
        phone: &Phone,
        text: &str,
        key: Uuid,
    ) -> Result<Vec<String>, DeliveryError> {
        self.send(phone, text, key).await.map(|()| Vec::new())
    }
    /// Delivery receipts that have come since this was asked last.
    async fn receipts(&self) -> Vec<SmsReceipt> {
        Vec::new()
    }
}

/// What became of a part of a text message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsReceipt {
    /// What the operator called the part.
    pub gateway_id: String,
    /// Whether it reached the phone; otherwise it never will.
    pub arrived: bool,
}

/// Letters.
#[async_trait]
pub trait Mail: Send + Sync {
    /// Sends a plain text letter.
    async fn send(&self, to: &Email, subject: &str, text: &str) -> Result<(), DeliveryError>;
}

/// A notice to one device.
#[derive(Clone)]
pub struct PushMessage {
    /// The device.
    pub to: crate::notice::push::Subscription,
    /// What the service worker reads: JSON with title, body, tag and url, under 3 KB.
    pub text: String,
    /// What it is about: a later notice with the same topic takes the place of one that waits.
    pub topic: Uuid,
    /// How long the push service may keep it for a device that is off.
    pub lasts: std::time::Duration,
}

/// Notices to devices.
#[async_trait]
pub trait Push: Send + Sync {
    /// Our public key, base64url without padding, for the browser that subscribes; none when
    /// notices can't be sent.
    fn key(&self) -> Option<String> {
        None
    }
    /// Whether an address is of a push service that we write to. Addresses come from browsers: an
    /// unknown one would make us call whomever somebody likes.
    fn serves(&self, endpoint: &str) -> bool;
    /// Sends a notice; `Permanent` when the device is gone.
    async fn send(&self, message: &PushMessage) -> Result<(), DeliveryError>;
}

/// No notices to devices: for an installation without a key.
pub struct NoPush;

#[async_trait]
impl Push for NoPush {
    fn serves(&self, _: &str) -> bool {
        false
    }
    async fn send(&self, _: &PushMessage) -> Result<(), DeliveryError> {
        Err(DeliveryError::Temporary("there is no push key".into()))
    }
}
