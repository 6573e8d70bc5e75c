//! What is told to an acquirer and what it tells: payments, payouts, bindings, refunds.

use chrono::{DateTime, Utc};
use lending::Kopecks;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{PaymentId, PayoutId, RefundId};

/// Why the acquirer did not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AcquirerError {
    /// Nobody knows whether it happened (timeout, 5xx, 202): repeat with the same key while the
    /// acquirer remembers it, or read.
    #[error("unknown: {0}")]
    Unknown(String),
    /// It certainly did not happen (4xx).
    #[error("refused: {code}: {description}")]
    Refused {
        /// The acquirer's code.
        code: String,
        /// The acquirer's words, for logs.
        description: String,
    },
}

impl AcquirerError {
    /// The error of a search: a refused question says nothing about the object asked for.
    pub(crate) fn doubt(self) -> Self {
        Self::Unknown(self.to_string())
    }
}

/// The state of a remote object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteStatus {
    /// Not finished.
    Pending,
    /// Money is held, not taken.
    WaitingForCapture,
    /// Finished; the money moved at that moment.
    Succeeded {
        /// When.
        at: DateTime<Utc>,
    },
    /// Finished; no money moved.
    Canceled {
        /// The acquirer's reason code.
        reason: String,
    },
}

/// With what a payer pays.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PayMethod {
    /// A card, on the acquirer's page.
    #[default]
    Card,
    /// The fast payment system: its link is opened in the bank's application, or drawn as a QR.
    Sbp,
    /// An electronic wallet, on its own page.
    Wallet,
}

impl PayMethod {
    /// A stable latin name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Sbp => "sbp",
            Self::Wallet => "wallet",
        }
    }
}

/// A payment to be created.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// The idempotence key.
    pub key: Uuid,
    /// The sum.
    pub amount: Kopecks,
    /// What the payer reads at the acquirer.
    pub description: String,
    /// Where the browser comes back.
    pub return_url: String,
    /// Our payment, carried as metadata.
    pub payment: PaymentId,
    /// The phone for the receipt, digits.
    pub receipt_phone: String,
    /// The line of the receipt.
    pub receipt_line: String,
    /// With what it is paid.
    pub method: PayMethod,
    /// Whether the payer lets the acquirer keep the method for [`Acquirer::charge_saved`].
    pub save: bool,
}

/// A charge of a method kept earlier, without its owner.
#[derive(Debug, Clone)]
pub struct NewCharge {
    /// The idempotence key.
    pub key: Uuid,
    /// The sum.
    pub amount: Kopecks,
    /// The acquirer's token: of a payment that saved its method, or of a bound card.
    pub token: String,
    /// What the payer reads in the bank's message.
    pub description: String,
    /// Our payment, carried as metadata.
    pub payment: PaymentId,
    /// The phone for the receipt, digits.
    pub receipt_phone: String,
    /// The line of the receipt.
    pub receipt_line: String,
}

/// A payment as the acquirer knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePayment {
    /// The acquirer's id.
    pub id: String,
    /// Its state.
    pub status: RemoteStatus,
    /// The sum.
    pub amount: Kopecks,
    /// The hosted page, or the link of the fast payment system, while there is something to
    /// confirm; an acquirer may tell it at creation only.
    pub confirmation_url: Option<String>,
    /// Our payment, from the metadata.
    pub payment: Option<PaymentId>,
    /// The card, as a person may see it.
    pub title: Option<String>,
    /// The token to charge it again, when the payer let the acquirer keep the method.
    pub saved: Option<String>,
}

/// The state of a card binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BindingStatus {
    /// Not finished.
    Pending,
    /// The card may be used.
    Active {
        /// The acquirer's token of the card.
        method: String,
        /// The first six digits.
        first6: String,
        /// The last four digits.
        last4: String,
        /// The payment system.
        brand: String,
        /// The last month of the card, `2030-12`; empty when the acquirer does not say. With the
        /// digits it tells one card from another.
        expiry: String,
    },
    /// The card may not be used.
    Inactive,
}

/// A card binding as the acquirer knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteBinding {
    /// The acquirer's id.
    pub id: String,
    /// Its state.
    pub status: BindingStatus,
    /// The hosted page, while there is something to confirm.
    pub confirmation_url: Option<String>,
}

/// Where a payout goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PayoutTo {
    /// A bound card, by the acquirer's token.
    Card {
        /// The token.
        token: String,
    },
    /// By a phone through the fast payment system.
    Sbp {
        /// Eleven digits.
        phone: String,
        /// The bank's number in the system, of [`Acquirer::sbp_banks`].
        bank: String,
    },
    /// A card's account, by its details; takes days.
    Account {
        /// Twenty digits.
        account: String,
        /// The bank's code (БИК), nine digits.
        bic: String,
    },
    /// An electronic wallet.
    Wallet {
        /// Its number.
        number: String,
    },
}

/// Whose the money must become: the receiving bank compares the name, where the way lets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Surname.
    pub last: String,
    /// Name.
    pub first: String,
    /// Patronymic.
    pub middle: Option<String>,
}

/// A bank of the fast payment system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SbpBank {
    /// Its number in the system.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What a notification is about, once its form and signature are right. Nothing else in it is
/// believed: the object is read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// `payment…`, `payout…`, `refund…` or `payment_method…`.
    pub event: String,
    /// The acquirer's id of the object.
    pub object: String,
    /// The status it tells of, for the record.
    pub status: String,
}

/// Why a notification is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNews {
    /// It can't be read.
    #[error("the notification can't be read")]
    Malformed,
    /// Its signature is not the acquirer's.
    #[error("the notification is not signed by the acquirer")]
    Forged,
}

/// A payout to be created.
#[derive(Debug, Clone)]
pub struct NewPayout {
    /// The idempotence key.
    pub key: Uuid,
    /// The sum.
    pub amount: Kopecks,
    /// Where it goes.
    pub to: PayoutTo,
    /// Whose account it must be.
    pub recipient: Option<Recipient>,
    /// What stands in the statement.
    pub description: String,
    /// Our payout, carried as metadata.
    pub payout: PayoutId,
}

/// A payout as the acquirer knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePayout {
    /// The acquirer's id.
    pub id: String,
    /// Its state.
    pub status: RemoteStatus,
    /// The sum.
    pub amount: Kopecks,
    /// Our payout, from the metadata.
    pub payout: Option<PayoutId>,
}

/// A refund to be created.
#[derive(Debug, Clone)]
pub struct NewRefund {
    /// The idempotence key.
    pub key: Uuid,
    /// The acquirer's payment that is given back.
    pub payment_id: String,
    /// The sum.
    pub amount: Kopecks,
    /// The phone for the receipt, digits.
    pub receipt_phone: String,
    /// The line of the receipt.
    pub receipt_line: String,
    /// Our refund, carried as metadata.
    pub refund: RefundId,
}

/// A refund as the acquirer knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteRefund {
    /// The acquirer's id.
    pub id: String,
    /// Its state.
    pub status: RemoteStatus,
    /// The sum.
    pub amount: Kopecks,
    /// Our refund, from the metadata.
    pub refund: Option<RefundId>,
}

/// What kind of money movement a register row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MovementKind {
    /// From the borrower.
    Payment,
    /// To the borrower.
    Payout,
    /// Back to the borrower.
    Refund,
}

/// A row of the acquirer's register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteMovement {
    /// The acquirer's id.
    pub id: String,
    /// The kind.
    pub kind: MovementKind,
    /// The sum, positive.
    pub amount: Kopecks,
    /// Whether the money moved.
    pub succeeded: bool,
    /// When.
    pub at: DateTime<Utc>,
}
