//! The outside world as the cabinet needs it. Adapters live in the server; test doubles in tests.

mod acquirer;
mod acquirer_calls;
mod identity;
mod machine;
mod messages;
mod papers;
mod people;
mod robots;

use std::sync::Arc;

pub use crate::access::RelyingParty;
pub use acquirer::{
    AcquirerError, BadNews, BindingStatus, MovementKind, NewCharge, NewPayment, NewPayout,
    NewRefund, News, PayMethod, PayoutTo, Recipient, RemoteBinding, RemoteMovement, RemotePayment,
    RemotePayout, RemoteRefund, RemoteStatus, SbpBank,
};
pub use acquirer_calls::Acquirer;
pub use identity::{
    IdentityError, IdentityProfile, IdentityProviders, IdentityReturn, IdentityRound, NoIdentity,
};
pub use machine::{Clock, Ids};
pub use messages::{DeliveryError, Mail, NoPush, Push, PushMessage, Sms, SmsReceipt};
pub use papers::{NoRenderer, Renderer};
pub use people::{Biometrics, Bureau, BureauEvent, BureauQuery, FraudBase, FraudQuery, PortError};
pub use robots::{Captcha, NoCaptcha, NoPlaces, Places};

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
