//! Ports of a command that asks nobody outside: any question is an error.

use std::sync::Arc;

use async_trait::async_trait;
use cabinet::ids::BorrowerId;
use cabinet::ports::{
    Acquirer, AcquirerError, Biometrics, Bureau, BureauEvent, BureauQuery, Clock, DeliveryError,
    FraudBase, FraudQuery, Mail, NewPayment, NewPayout, NewRefund, NoCaptcha, NoIdentity, NoPlaces,
    NoPush, NoRenderer, PortError, Ports, RelyingParty, RemoteBinding, RemoteMovement,
    RemotePayment, RemotePayout, RemoteRefund, Sms,
};
use cabinet::suggest::BuiltIn;
use cabinet::values::{Email, Phone};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::ids::RandomIds;

const WHY: &str = "this command is not connected to the outside world";

/// The clock and fresh ids work, nothing else does.
pub fn ports(clock: Arc<dyn Clock>) -> Ports {
    Ports {
        clock,
        ids: Arc::new(RandomIds),
        acquirer: Arc::new(Unplugged),
        sms: Arc::new(Unplugged),
        mail: Arc::new(Unplugged),
        bureau: Arc::new(Unplugged),
        fraud: Arc::new(Unplugged),
        biometrics: Arc::new(Unplugged),
        push: Arc::new(NoPush),
        captcha: Arc::new(NoCaptcha),
        places: Arc::new(NoPlaces),
        suggestions: Arc::new(BuiltIn),
        identity: Arc::new(NoIdentity),
        passkeys: RelyingParty::none(),
        renderer: Arc::new(NoRenderer),
    }
}

struct Unplugged;

fn acquirer<T>() -> Result<T, AcquirerError> {
    Err(AcquirerError::Unknown(WHY.into()))
}

fn port<T>() -> Result<T, PortError> {
    Err(PortError(WHY.into()))
}

#[async_trait]
impl Acquirer for Unplugged {
    async fn create_payment(&self, _: NewPayment) -> Result<RemotePayment, AcquirerError> {
        acquirer()
    }
    async fn payment(&self, _: &str) -> Result<RemotePayment, AcquirerError> {
        acquirer()
    }
    async fn start_binding(&self, _: Uuid, _: &str) -> Result<RemoteBinding, AcquirerError> {
        acquirer()
    }
    async fn binding(&self, _: &str) -> Result<RemoteBinding, AcquirerError> {
        acquirer()
    }
    async fn create_payout(&self, _: NewPayout) -> Result<RemotePayout, AcquirerError> {
        acquirer()
    }
    async fn payout(&self, _: &str) -> Result<RemotePayout, AcquirerError> {
        acquirer()
    }
    async fn create_refund(&self, _: NewRefund) -> Result<RemoteRefund, AcquirerError> {
        acquirer()
    }
    async fn refund(&self, _: &str) -> Result<RemoteRefund, AcquirerError> {
        acquirer()
    }
    async fn movements(
        &self,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> Result<Vec<RemoteMovement>, AcquirerError> {
        acquirer()
    }
    fn origins(&self) -> Vec<String> {
        Vec::new()
    }
}

#[async_trait]
impl Sms for Unplugged {
    async fn send(&self, _: &Phone, _: &str, _: Uuid) -> Result<(), DeliveryError> {
        Err(DeliveryError::Temporary(WHY.into()))
    }
}

#[async_trait]
impl Mail for Unplugged {
    async fn send(&self, _: &Email, _: &str, _: &str) -> Result<(), DeliveryError> {
        Err(DeliveryError::Temporary(WHY.into()))
    }
}

#[async_trait]
impl Bureau for Unplugged {
    async fn report(&self, _: BureauQuery) -> Result<lending::BureauAnswer, PortError> {
        port()
    }
    async fn event(&self, _: BureauEvent) -> Result<(), PortError> {
        port()
    }
}

#[async_trait]
impl FraudBase for Unplugged {
    async fn check(&self, _: FraudQuery) -> Result<bool, PortError> {
        port()
    }
}

#[async_trait]
impl Biometrics for Unplugged {
    async fn confirmed(&self, _: BorrowerId) -> Result<bool, PortError> {
        port()
    }
}
