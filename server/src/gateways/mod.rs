//! The outside world: adapters for the cabinet's ports, and what they are configured with.

pub mod biometrics;
pub mod bureau;
pub mod clock;
pub mod dadata;
pub mod fraud;
pub mod http;
pub mod identity;
pub mod ids;
pub mod mail;
pub mod papers;
pub mod places;
pub mod settings;
pub mod smart_captcha;
pub mod smpp;
pub mod sms_aero;
pub mod smsc;
pub mod tbank;
pub mod unplugged;
pub mod webpush;
pub mod wire;
pub mod yookassa;

use std::sync::Arc;

use cabinet::Lender;
use cabinet::lender::ChallengeKind;
use cabinet::ports::{
    Acquirer, Biometrics, Captcha, Clock, NoCaptcha, NoIdentity, NoPlaces, NoPush, Places, Ports,
    Push, RelyingParty, Sms,
};
use cabinet::suggest::{BuiltIn, Suggestions};

pub use settings::{ClockKind, GatewayConfig, GatewayError, SmsGateway};

use biometrics::{NobodyConfirmed, SandboxBiometrics};
use bureau::HttpBureau;
use clock::{SandboxClock, SystemClock};
use dadata::DaData;
use fraud::HttpFraudBase;
use ids::RandomIds;
use mail::Smtp;
use papers::Typesetter;
use places::PlacesFile;
use smart_captcha::SmartCaptcha;
use smpp::Smpp;
use sms_aero::SmsAero;
use smsc::Smsc;
use tbank::TBank;
use webpush::WebPush;
use yookassa::YooKassa;

/// Adapters for every port. `own_url` is how browsers reach us: the acquirer sends them back
/// there; `acquirer` is the one that the lender's file names. With the sandbox's clock the second value is set; it keeps itself fresh, and a caller
/// that needs the moment exact asks it to refresh. Needs a running runtime.
pub fn ports(
    config: &GatewayConfig,
    own_url: &str,
    acquirer: &str,
) -> Result<(Ports, Option<Arc<SandboxClock>>), GatewayError> {
    let (clock, sandbox_clock) = clock(config)?;
    let settings = config.settled(acquirer == "yookassa")?;
    let acquirer: Arc<dyn Acquirer> = match acquirer {
        "tbank" => Arc::new(TBank::new(config.tbank()?, own_url, clock.clone())?),
        _ => Arc::new(YooKassa::new(&settings, own_url)?),
    };
    let ports = Ports {
        clock,
        ids: Arc::new(RandomIds),
        acquirer,
        sms: sms(config, &settings)?,
        mail: Arc::new(Smtp::new(&settings)?),
        bureau: Arc::new(HttpBureau::new(&settings)?),
        fraud: Arc::new(HttpFraudBase::new(&settings)?),
        biometrics: biometrics(config),
        push: Arc::new(NoPush),
        captcha: captcha(config)?,
        places: places(config)?,
        suggestions: suggestions(config)?,
        identity: Arc::new(NoIdentity),
        passkeys: RelyingParty::none(),
        renderer: Arc::new(Typesetter::new(config.typesetter.clone())),
    };
    Ok((ports, sandbox_clock))
}

/// Text messages, by the gateway that was chosen.
fn sms(
    config: &GatewayConfig,
    settings: &settings::Settings,
) -> Result<Arc<dyn Sms>, GatewayError> {
    Ok(match config.sms_gateway {
        SmsGateway::Smsc => Arc::new(Smsc::new(settings)?),
        SmsGateway::SmsAero => Arc::new(SmsAero::new(settings)?),
        SmsGateway::Smpp => Arc::new(Smpp::new(settings)?),
    })
}

/// Whether the outside world of a lender with this acquirer can be reached at all: what is missing or can't be used is
/// named. Nobody is called.
pub fn check(config: &GatewayConfig, lender: &Lender) -> Result<(), GatewayError> {
    config.sandbox_for_clock()?;
    let acquirer = lender.payment.acquirer.as_str();
    let settings = config.settled(acquirer == "yookassa")?;
    if acquirer == "tbank" {
        config.tbank()?;
    }
    sms(config, &settings)?;
    Smtp::new(&settings)?;
    has_captcha(config, lender)?;
    places(config)?;
    suggestions(config)?;
    Ok(())
}

/// Notices to devices, when the keys file has a key for them. `mail`: whom a push service may write to.
pub fn push(
    config: &GatewayConfig,
    key: Option<&[u8; 32]>,
    mail: &str,
) -> Result<Arc<dyn Push>, GatewayError> {
    Ok(match key {
        Some(key) => Arc::new(WebPush::new(key, mail, &config.push_services)?),
        None => Arc::new(NoPush),
    })
}

/// Only the clock and fresh ids; every other port refuses. For commands that ask nobody outside.
pub fn offline(config: &GatewayConfig) -> Result<(Ports, Option<Arc<SandboxClock>>), GatewayError> {
    let (clock, sandbox_clock) = clock(config)?;
    Ok((unplugged::ports(clock), sandbox_clock))
}

type Clocks = (Arc<dyn Clock>, Option<Arc<SandboxClock>>);

fn clock(config: &GatewayConfig) -> Result<Clocks, GatewayError> {
    match config.sandbox_for_clock()? {
        None => Ok((Arc::new(SystemClock), None)),
        Some(url) => {
            let clock = SandboxClock::start(&url)?;
            Ok((clock.clone(), Some(clock)))
        }
    }
}

/// No provider of biometrics is connected yet: the sandbox confirms everybody, production nobody.
fn biometrics(config: &GatewayConfig) -> Arc<dyn Biometrics> {
    if config.sandbox_url.is_some() {
        Arc::new(SandboxBiometrics)
    } else {
        Arc::new(NobodyConfirmed)
    }
}

/// A file of places, when one is given.
fn places(config: &GatewayConfig) -> Result<Arc<dyn Places>, GatewayError> {
    Ok(match &config.places_file {
        Some(path) => Arc::new(PlacesFile::open(path)?),
        None => Arc::new(NoPlaces),
    })
}

/// A service of suggestions when its token is given, else our own short list.
fn suggestions(config: &GatewayConfig) -> Result<Arc<dyn Suggestions>, GatewayError> {
    Ok(match config.suggestions()? {
        Some((url, token)) => Arc::new(DaData::new(&url, token)?),
        None => Arc::new(BuiltIn),
    })
}

/// A lender whose file names a foreign captcha has its key: nobody could pass without.
pub fn has_captcha(config: &GatewayConfig, lender: &Lender) -> Result<(), GatewayError> {
    if lender.access.challenge == ChallengeKind::SmartCaptcha
        && SmartCaptcha::new(config)?.is_none()
    {
        return Err(GatewayError::Missing {
            flag: "smart-captcha-secret",
            env: "SMART_CAPTCHA_SECRET".to_owned(),
        });
    }
    Ok(())
}

/// Yandex SmartCaptcha, when its key is given.
fn captcha(config: &GatewayConfig) -> Result<Arc<dyn Captcha>, GatewayError> {
    Ok(match SmartCaptcha::new(config)? {
        Some(service) => Arc::new(service),
        None => Arc::new(NoCaptcha),
    })
}
