//! The use cases of a borrower's cabinet, one module per capability.
//!
//! A use case takes the [`Cabinet`] and plain arguments, does its whole change in one transaction
//! of
//! [`Db::write`] and refuses with a [`CabinetError`]. Nothing here talks to the network inside a
//! transaction: what must happen outside is a row of the [`outbox`], written by the same commit.
#![warn(missing_docs)]

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::broadcast;

pub mod access;
pub mod adjustment;
pub mod agent;
pub mod application;
pub mod autopay;
pub mod balance;
pub mod bonus;
mod codes;
pub mod db;
pub mod diary;
pub mod document;
pub mod draft;
pub mod draw;
pub mod error;
pub mod idempotency;
pub mod ids;
pub mod inbox;
pub mod keys;
pub mod ledger;
pub mod lender;
pub mod limits;
pub mod loan;
pub mod notice;
pub mod outbox;
pub mod paylink;
pub mod payment;
pub mod payout;
pub mod person;
#[cfg(feature = "planted")]
pub mod planted;
#[cfg(not(feature = "planted"))]
mod planted;
pub mod ports;
pub mod profile;
pub mod prolongation;
pub mod promotion;
pub mod reconcile;
pub mod refund;
pub mod request;
pub mod service;
pub mod session;
pub mod staff;
pub mod statement;
pub mod suggest;
pub mod support;
pub mod sweep;
pub mod transfer;
pub mod upload;
pub mod values;
mod work;
pub mod works;

pub use access::Origin;
pub use db::Db;
pub use error::{CabinetError, FieldError, Result};
pub use ids::{
    AdjustmentId, AgentId, AgentPayoutId, AppealId, ApplicationId, BorrowerId, ChatId, CodeId,
    ContractId, InstrumentId, LoanId, MandateId, PaymentId, PayoutId, ProlongationId, QuoteId,
    RefundId, RequestId, SignInId, StaffId, UploadId, VisitorId,
};
pub use keys::Keys;
pub use lender::{Lender, LenderError, LenderErrors, LenderProduct};
pub use locales::Lang;
pub use ports::Ports;

/// The whole cabinet of one lender. Cheap to clone.
#[derive(Clone)]
pub struct Cabinet(Arc<Inner>);

struct Inner {
    db: Db,
    lender: Lender,
    ports: Ports,
    keys: Keys,
    hasher: access::Hasher,
    talk: broadcast::Sender<BorrowerId>,
}

/// Chats that have something new and were not heard of yet; whoever lags behind looks at once.
const TALK: usize = 256;

impl Cabinet {
    /// Puts a cabinet together.
    pub fn new(db: Db, lender: Lender, ports: Ports, keys: Keys) -> Self {
        Self(Arc::new(Inner {
            db,
            lender,
            ports,
            keys,
            hasher: access::Hasher::default(),
            talk: broadcast::Sender::new(TALK),
        }))
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The lender.
    pub fn lender(&self) -> &Lender {
        &self.0.lender
    }

    /// The outside world.
    pub fn ports(&self) -> &Ports {
        &self.0.ports
    }

    /// The keys of encrypted columns.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// What hashes passwords.
    pub fn hasher(&self) -> &access::Hasher {
        &self.0.hasher
    }

    /// The moment by the business clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.ports.clock.now()
    }

    /// The business date now.
    pub fn today(&self) -> NaiveDate {
        self.business_date(self.now())
    }

    /// The business date of a moment: the calendar day where the lender is.
    pub fn business_date(&self, at: DateTime<Utc>) -> NaiveDate {
        lending::business_date(at, self.0.lender.clock_offset_minutes)
    }

    /// Calls the worker at once, as a commit that wrote the outbox does by itself.
    pub fn wake(&self) {
        self.0.db.bell().notify_one();
    }

    /// Waits until something was put into the outbox. A ring while nobody waits is kept.
    pub async fn woken(&self) {
        self.0.db.bell().notified().await;
    }

    /// Hears of chats that have something new, in this process alone: who listens looks into the database
    /// now and then as well.
    pub fn listen(&self) -> broadcast::Receiver<BorrowerId> {
        self.0.talk.subscribe()
    }

    /// Tells that a chat has something new, after its commit.
    pub(crate) fn talked(&self, borrower: BorrowerId) {
        // Nobody may be listening.
        let _ = self.0.talk.send(borrower);
    }

    /// A new identifier.
    pub(crate) fn fresh_id(&self) -> uuid::Uuid {
        self.0.ports.ids.uuid()
    }

    /// A new secret that nobody can guess.
    pub(crate) fn fresh_secret(&self) -> String {
        self.0.ports.ids.secret()
    }

    /// The moment in unix milliseconds, as columns keep it.
    pub(crate) fn now_ms(&self) -> i64 {
        self.now().timestamp_millis()
    }
}

/// A moment read from a column of unix milliseconds.
pub(crate) fn moment(ms: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_millis(ms)
        .ok_or_else(|| CabinetError::internal(format!("moment out of range: {ms}")))
}
