//! What others know of a person: the credit bureau, the base of frauds, biometrics.

use async_trait::async_trait;
use chrono::NaiveDate;
use lending::Kopecks;
use uuid::Uuid;

use crate::ids::{BorrowerId, LoanId};

/// Why another service did not answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("port: {0}")]
pub struct PortError(pub String);

/// Whom we ask the credit bureau about.
#[derive(Clone)]
pub struct BureauQuery {
    /// The borrower, for correlation.
    pub borrower: BorrowerId,
    /// Surname, name and patronymic.
    pub full_name: String,
    /// Birth date.
    pub birth: NaiveDate,
    /// Series and number, ten digits.
    pub passport: String,
    /// The person's taxpayer number, twelve digits.
    pub inn: String,
    /// The phone, digits.
    pub phone: String,
}

/// What we report to the credit bureau.
#[derive(Debug, Clone)]
pub struct BureauEvent {
    /// The idempotence key: one event is reported once.
    pub key: Uuid,
    /// What happened: `loan_issued`, `payment`, `overdue`, `prolonged`, `closed`…
    pub kind: String,
    /// The borrower.
    pub borrower: BorrowerId,
    /// The loan.
    pub loan: Option<LoanId>,
    /// The business date of the event.
    pub on: NaiveDate,
    /// The sum the event is about.
    pub amount: Kopecks,
    /// What is owed after it.
    pub debt: Kopecks,
}

/// The credit bureau.
#[async_trait]
pub trait Bureau: Send + Sync {
    /// The credit history and the self-ban mark.
    async fn report(&self, query: BureauQuery) -> Result<lending::BureauAnswer, PortError>;
    /// Reports an event.
    async fn event(&self, event: BureauEvent) -> Result<(), PortError>;
}

/// Whom we look for in the base of frauds.
#[derive(Clone)]
pub struct FraudQuery {
    /// Series and number, ten digits.
    pub passport: String,
    /// The person's taxpayer number.
    pub inn: String,
    /// The phone, digits.
    pub phone: String,
}

/// The base of known frauds.
#[async_trait]
pub trait FraudBase: Send + Sync {
    /// Whether the person, or the way to reach them, is there.
    async fn check(&self, query: FraudQuery) -> Result<bool, PortError>;
}

/// Biometric confirmation.
#[async_trait]
pub trait Biometrics: Send + Sync {
    /// Whether this person has confirmed themselves.
    async fn confirmed(&self, borrower: BorrowerId) -> Result<bool, PortError>;
}
