//! The outside world as the cabinet needs it. Adapters live in the server; test doubles in tests.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::access::RelyingParty;
use crate::ids::{BorrowerId, LoanId, PaymentId, PayoutId, RefundId};
use crate::values::{Email, Phone};

/// Everything the cabinet asks of the world. Cheap to clone.
#[derive(Clone)]
pub struct Ports {
    /// The business clock.
    pub clock: Arc<dyn Clock>,
    /// Identifiers and code digits.
    pub ids: Arc<dyn Ids>,
    /// Cards: payments, payouts, bindings.
    pub acquirer: Arc<dyn Acquirer>,
    /// Text messages.
    pub sms: Arc<dyn Sms>,
    /// Letters.
    pub mail: Arc<dyn Mail>,
    /// Notices to devices.
    pub push: Arc<dyn Push>,
    /// The credit bureau.
    pub bureau: Arc<dyn Bureau>,
    /// The base of known frauds.
    pub fraud: Arc<dyn FraudBase>,
    /// Biometric confirmation of a person.
    pub biometrics: Arc<dyn Biometrics>,
    /// A foreign service that tells people from robots, where the lender's file names one.
    pub captcha: Arc<dyn Captcha>,
    /// Where an address is, roughly.
    pub places: Arc<dyn Places>,
    /// Names and addresses while they are typed.
    pub suggestions: Arc<dyn crate::suggest::Suggestions>,
    /// Accounts elsewhere: Gosuslugi, banks, social networks.
    pub identity: Arc<dyn IdentityProviders>,
    /// Who we are to passkeys.
    pub passkeys: RelyingParty,
    /// Papers as PDF.
    pub renderer: Arc<dyn Renderer>,
}

/// What one journey to a provider keeps secret until it comes back.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct IdentityRound {
    /// Goes there and comes back: the answer belongs to this browser's question.
    pub state: String,
    /// Stands in the signed token.
    pub nonce: String,
    /// The verifier of PKCE (RFC 7636), 43–128 letters.
    pub verifier: String,
}

/// What a browser brings back from a provider.
#[derive(Clone, Default)]
pub struct IdentityReturn {
    /// The code that is exchanged for the profile.
    pub code: String,
    /// VK ID's name of the device, which its exchange asks for.
    pub device_id: String,
    /// Who says that it answers (RFC 9207); empty when it does not say.
    pub issuer: String,
}

/// A person as a provider knows them. Whatever it does not say is empty. Has no debug output: it
/// is all personal.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct IdentityProfile {
    /// The provider's own name of the person, never used again for another.
    pub subject: String,
    /// Whether the provider has verified the person by a document.
    pub verified: bool,
    /// The phone, as the provider writes it.
    pub phone: String,
    /// Answers for the questionnaire, by its fields and in its writing: `birth_date` as
    /// `12.05.1990`, `sex` as `female`, `passport` as ten digits.
    pub answers: std::collections::BTreeMap<String, String>,
}

/// Why a provider did not say who it is.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IdentityError {
    /// It does not answer, or not in its own language.
    #[error("identity provider: {0}")]
    Unavailable(String),
    /// The answer is not one to be trusted: a wrong code, signature, issuer, audience or nonce, a
    /// token that has ended.
    #[error("identity refused: {0}")]
    Refused(String),
}

/// Accounts elsewhere, by the names that the lender's file gives them.
#[async_trait]
pub trait IdentityProviders: Send + Sync {
    /// Whether this installation can reach a provider.
    fn knows(&self, provider: &str) -> bool;
    /// Origins of the providers' pages, for the form-action line of the security policy.
    fn origins(&self) -> Vec<String> {
        Vec::new()
    }
    /// Where the browser goes to be asked who it is.
    async fn start(&self, provider: &str, round: &IdentityRound) -> Result<String, IdentityError>;
    /// Exchanges what came back for the profile; every check of the protocol is done here.
    async fn finish(
        &self,
        provider: &str,
        round: &IdentityRound,
        back: &IdentityReturn,
    ) -> Result<IdentityProfile, IdentityError>;
}

/// No providers at all.
#[derive(Debug, Clone, Copy)]
pub struct NoIdentity;

#[async_trait]
impl IdentityProviders for NoIdentity {
    fn knows(&self, _: &str) -> bool {
        false
    }
    async fn start(&self, _: &str, _: &IdentityRound) -> Result<String, IdentityError> {
        Err(IdentityError::Unavailable("there are no providers".into()))
    }
    async fn finish(
        &self,
        _: &str,
        _: &IdentityRound,
        _: &IdentityReturn,
    ) -> Result<IdentityProfile, IdentityError> {
        Err(IdentityError::Unavailable("there are no providers".into()))
    }
}

/// A service that tells people from robots.
#[async_trait]
pub trait Captcha: Send + Sync {
    /// Whether the token from the browser was given to a person at this address.
    async fn passed(&self, token: &str, ip: &str) -> Result<bool, PortError>;
    /// Where its script and frame come from, for the security policy; nothing when it is not used.
    fn origin(&self) -> Option<String> {
        None
    }
}

/// Where a network address is.
pub trait Places: Send + Sync {
    /// The town or the region, as a person may read it; `None` when it is not known.
    fn place(&self, ip: &str) -> Option<String>;
}

/// No base of addresses: every place is unknown.
#[derive(Debug, Clone, Copy)]
pub struct NoPlaces;

impl Places for NoPlaces {
    fn place(&self, _: &str) -> Option<String> {
        None
    }
}

/// No service: nobody has passed it.
#[derive(Debug, Clone, Copy)]
pub struct NoCaptcha;

#[async_trait]
impl Captcha for NoCaptcha {
    async fn passed(&self, _: &str, _: &str) -> Result<bool, PortError> {
        Ok(false)
    }
}

/// The business clock: the only source of "now" in the program.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
    /// The moment by the machine, for what must not be moved with the business clock: how long a
    /// worker holds a row.
    fn machine(&self) -> DateTime<Utc> {
        self.now()
    }
}

/// Fresh identifiers and secret digits.
pub trait Ids: Send + Sync {
    /// A new identifier, never repeated.
    fn uuid(&self) -> Uuid;
    /// `n` decimal digits from a cryptographic generator.
    fn digits(&self, n: u32) -> String;
    /// A secret nobody can guess, 140 bits in decimal digits: a device's cookie, a letter's link.
    fn secret(&self) -> String {
        (0..7).map(|_| self.digits(6)).collect()
    }
}

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

/// What makes files of papers.
pub trait Renderer: Send + Sync {
    /// The paper as PDF: the same bytes for the same paper. Works on the calling thread, for tens of
    /// milliseconds.
    fn pdf(&self, paper: &crate::document::Paper) -> Result<Vec<u8>, PortError>;
}

/// No papers: for commands that print none.
pub struct NoRenderer;

impl Renderer for NoRenderer {
    fn pdf(&self, _: &crate::document::Paper) -> Result<Vec<u8>, PortError> {
        Err(PortError("papers are not printed here".into()))
    }
}

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
