//! The calls of an acquirer.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    AcquirerError, BadNews, NewCharge, NewPayment, NewPayout, NewRefund, News, RemoteBinding,
    RemoteMovement, RemotePayment, RemotePayout, RemoteRefund, SbpBank,
};
use crate::ids::{PaymentId, PayoutId, RefundId};

fn unsupported(call: &str) -> AcquirerError {
    AcquirerError::Refused {
        code: "not_supported".into(),
        description: format!("this acquirer has no {call}"),
    }
}

/// Cards: the acquirer takes payments, pays out and keeps card numbers away from us.
#[async_trait]
pub trait Acquirer: Send + Sync {
    /// Its latin name: of its adapter, and of the path its notifications come to.
    fn name(&self) -> &'static str {
        "acquirer"
    }
    /// Creates a payment with a hosted page.
    async fn create_payment(&self, new: NewPayment) -> Result<RemotePayment, AcquirerError>;
    /// Reads a payment.
    async fn payment(&self, id: &str) -> Result<RemotePayment, AcquirerError>;
    /// Looks for our payment by its metadata among those created in the span: its id was never
    /// learned and its key may be forgotten. `None` is a certain absence; an acquirer that can't
    /// be searched answers `Unknown`, and a person has to look.
    async fn find_payment(
        &self,
        _payment: PaymentId,
        _created: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayment>, AcquirerError> {
        Err(AcquirerError::Unknown("payments can't be searched".into()))
    }
    /// Charges a kept method without its owner; the answer may be final at once.
    async fn charge_saved(&self, _new: NewCharge) -> Result<RemotePayment, AcquirerError> {
        Err(unsupported("charge_saved"))
    }
    /// Calls off a payment that nobody has paid, or lets held money go.
    async fn cancel(&self, _id: &str, _key: Uuid) -> Result<RemotePayment, AcquirerError> {
        Err(unsupported("cancel"))
    }
    /// Starts binding a card on a hosted page.
    async fn start_binding(
        &self,
        key: Uuid,
        return_url: &str,
    ) -> Result<RemoteBinding, AcquirerError>;
    /// Reads a binding.
    async fn binding(&self, id: &str) -> Result<RemoteBinding, AcquirerError>;
    /// Banks that take payouts by phone.
    async fn sbp_banks(&self) -> Result<Vec<SbpBank>, AcquirerError> {
        Err(unsupported("sbp_banks"))
    }
    /// Sends money to a borrower.
    async fn create_payout(&self, new: NewPayout) -> Result<RemotePayout, AcquirerError>;
    /// Reads a payout.
    async fn payout(&self, id: &str) -> Result<RemotePayout, AcquirerError>;
    /// Looks for our payout as [`Acquirer::find_payment`] does for a payment.
    async fn find_payout(
        &self,
        _payout: PayoutId,
        _created: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Option<RemotePayout>, AcquirerError> {
        Err(AcquirerError::Unknown("payouts can't be searched".into()))
    }
    /// Gives a payment back, wholly or in part.
    async fn create_refund(&self, new: NewRefund) -> Result<RemoteRefund, AcquirerError>;
    /// Reads a refund.
    async fn refund(&self, _id: &str) -> Result<RemoteRefund, AcquirerError> {
        Err(AcquirerError::Unknown("refunds can't be read".into()))
    }
    /// Reads a notification: its form, and its signature where the acquirer signs.
    fn parse_webhook(&self, _body: &[u8]) -> Result<News, BadNews> {
        Err(BadNews::Malformed)
    }
    /// Whether [`Acquirer::movements`] can list what we don't know of. Without a register each of
    /// our own objects is read instead.
    fn has_register(&self) -> bool {
        true
    }
    /// Looks for our refund among those of the acquirer's payment, as [`Acquirer::find_payment`]
    /// does for a payment.
    async fn find_refund(
        &self,
        _refund: RefundId,
        _payment_id: &str,
    ) -> Result<Option<RemoteRefund>, AcquirerError> {
        Err(AcquirerError::Unknown("refunds can't be searched".into()))
    }
    /// The register of everything that moved in `[from, to)`.
    async fn movements(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<RemoteMovement>, AcquirerError>;
    /// Origins of the hosted pages, for the form-action line of the security policy.
    fn origins(&self) -> Vec<String>;
}
