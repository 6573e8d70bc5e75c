//! Money to the borrower: cards and other ways to receive it, and the payout itself.

pub(crate) mod bank;
mod cards;
mod drive;
pub(crate) mod entity;
mod issue;
mod purse;
mod tools;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::InstrumentId;

pub use bank::{Awaited, Orders, Which, at_bank, orders, refuse};
pub(crate) use bank::{awaited, left};
pub use cards::{ask_card_code, cards, confirm_card, finish_binding, start_binding, use_card};
pub(crate) use cards::{chargeable, led_to, reread, token, unconfirmed};
pub use drive::drive;
pub(crate) use drive::{Order, cancel_held, last_view, order};
pub(crate) use purse::note_all as note_purses;
pub use tools::{NewTool, add_tool, sbp_banks};

/// A way to receive money.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    JsonSchema,
    EnumIter,
    DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PayoutKind {
    /// A card bound on the acquirer's page; it can also be charged.
    Card,
    /// A card's account by its details: an order for the lender's own bank, 2–3 working days.
    Account,
    /// The fast payment system (СБП), by the phone of the cabinet; the receiving bank compares the name. Not with `tbank`.
    Sbp,
    /// A `YooMoney` wallet; not with `tbank`.
    Wallet,
}

/// Whether a card can receive money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum CardStatus {
    /// The acquirer has not said yet.
    Pending,
    /// It can.
    Active,
    /// The binding was given up or refused.
    Inactive,
}

/// A card, or another way to receive money, as its owner sees it. A card's number never reaches us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    /// Its id.
    pub id: InstrumentId,
    /// Which way.
    pub kind: PayoutKind,
    /// "•• 4444".
    pub title: String,
    /// "MIR", "Visa" …, as the acquirer names it; of another way its bank.
    pub brand: String,
    /// Whether it can receive money.
    pub status: CardStatus,
}

/// Where a payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// Waiting for the cooling-off hours to pass.
    Held,
    /// To be sent, or being sent: the acquirer has not answered.
    Sending,
    /// Accepted by the acquirer, on its way.
    Waiting,
    /// The acquirer's answer was lost; asked again with the same key.
    Unknown,
    /// The money arrived.
    Succeeded,
    /// It did not, for sure.
    Failed,
    /// Cancelled within the cooling-off hours.
    Cancelled,
}

/// A payout as the borrower sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutView {
    /// Where it stands.
    pub status: PayoutStatus,
    /// The acquirer's reason, when it failed.
    pub failed_reason: Option<String>,
    /// When it came to this status.
    pub at: DateTime<Utc>,
}
