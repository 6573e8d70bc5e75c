//! The flags and variables of the outside world.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use reqwest::Url;
use secrecy::SecretString;

/// The SMS gateways' own addresses, when none is given.
const SMSC: &str = "https://smsc.ru";
const SMS_AERO: &str = "https://gate.smsaero.ru";

/// Whose clock is the business clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ClockKind {
    /// The machine's.
    #[default]
    System,
    /// The sandbox's, which people can move forward. Only with the sandbox's acquirer.
    Sandbox,
}

/// Who carries text messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum SmsGateway {
    /// smsc.ru over HTTP: login and password.
    #[default]
    Smsc,
    /// SMS Aero over HTTP: the account's e-mail as login, its API key as password.
    SmsAero,
    /// SMPP 3.4, of an operator or an aggregator: `smpp://host:port` or, inside TLS, `smpps://host:port` as address, `system_id` as login.
    Smpp,
}

impl SmsGateway {
    /// The gateway's own address; of SMPP there is none, every operator has another.
    pub(super) const fn address(self) -> Option<&'static str> {
        match self {
            Self::Smsc => Some(SMSC),
            Self::SmsAero => Some(SMS_AERO),
            Self::Smpp => None,
        }
    }
}

/// How to reach the outside world. Secrets are better given by the environment than by flags,
/// which other users of the machine can read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Outside world")]
pub struct GatewayConfig {
    /// The program that makes PDF of documents; `kopeck-typeset` beside this one when left out.
    #[arg(long, env = "KOPECK_TYPESETTER", value_name = "FILE")]
    pub typesetter: Option<PathBuf>,
    /// The acquirer's API; `https://api.yookassa.ru/v3` when left out.
    #[arg(long, env = "KOPECK_YOOKASSA_URL", value_name = "URL")]
    pub yookassa_url: Option<String>,
    /// The shop's number at the acquirer: takes payments.
    #[arg(long, env = "KOPECK_SHOP_ID", value_name = "ID")]
    pub shop_id: Option<String>,
    /// The shop's secret key.
    #[arg(
        long,
        env = "KOPECK_SECRET_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    #[arg(value_parser = secret)]
    pub secret_key: Option<SecretString>,
    /// The payout gateway's number at the acquirer: sends loans to cards.
    #[arg(long, env = "KOPECK_PAYOUT_GATEWAY_ID", value_name = "ID")]
    pub payout_gateway_id: Option<String>,
    /// The payout gateway's secret key.
    #[arg(
        long,
        env = "KOPECK_PAYOUT_SECRET_KEY",
        hide_env_values = true,
        value_name = "KEY"
    )]
    #[arg(value_parser = secret)]
    pub payout_secret_key: Option<SecretString>,
    /// T-Bank's acquiring, for a lender whose file says `acquirer = "tbank"`; `https://securepay.tinkoff.ru` when left out.
    #[arg(long, env = "KOPECK_TBANK_URL", value_name = "URL")]
    pub tbank_url: Option<String>,
    /// The key of the terminal that takes payments.
    #[arg(long, env = "KOPECK_TBANK_TERMINAL_KEY", value_name = "KEY")]
    pub tbank_terminal_key: Option<String>,
    /// The password of that terminal.
    #[arg(
        long,
        env = "KOPECK_TBANK_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    #[arg(value_parser = secret)]
    pub tbank_password: Option<SecretString>,
    /// The key of the terminal that pays out (E2C).
    #[arg(long, env = "KOPECK_TBANK_PAYOUT_KEY", value_name = "KEY")]
    pub tbank_payout_key: Option<String>,
    /// The password of that terminal.
    #[arg(
        long,
        env = "KOPECK_TBANK_PAYOUT_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    #[arg(value_parser = secret)]
    pub tbank_payout_password: Option<SecretString>,
    /// The tax system written on T-Bank's receipts: `osn`, `usn_income`, `usn_income_outcome`.
    #[arg(
        long,
        env = "KOPECK_TBANK_TAXATION",
        default_value = "osn",
        value_name = "SYSTEM"
    )]
    pub tbank_taxation: String,
    /// Who carries text messages.
    #[arg(long, env = "KOPECK_SMS_GATEWAY", value_enum, default_value_t)]
    pub sms_gateway: SmsGateway,
    /// The SMS gateway's address; the chosen gateway's own when left out.
    #[arg(long, env = "KOPECK_SMS_URL", value_name = "URL")]
    pub sms_url: Option<String>,
    /// The login at the SMS gateway.
    #[arg(long, env = "KOPECK_SMS_LOGIN", value_name = "LOGIN")]
    pub sms_login: Option<String>,
    /// The password at the SMS gateway.
    #[arg(
        long,
        env = "KOPECK_SMS_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    #[arg(value_parser = secret)]
    pub sms_password: Option<SecretString>,
    /// The registered sender's name of our messages; the gateway's default when left out.
    #[arg(long, env = "KOPECK_SMS_SENDER", value_name = "NAME")]
    pub sms_sender: Option<String>,
    /// A PEM file with the authority that signed the certificate of an `smpps://` gateway; whom this machine trusts when left out.
    #[arg(long, env = "KOPECK_SMS_AUTHORITY", value_name = "FILE")]
    pub sms_authority: Option<PathBuf>,
    /// The mail host: `smtps://user:password@host`, or `smtp://host:port` without encryption.
    #[arg(
        long,
        env = "KOPECK_SMTP_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    #[arg(value_parser = secret)]
    pub smtp_url: Option<SecretString>,
    /// From whom letters come: `Name <box@host>`.
    #[arg(long, env = "KOPECK_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// The credit bureau.
    #[arg(long, env = "KOPECK_BUREAU_URL", value_name = "URL")]
    pub bureau_url: Option<String>,
    /// The token of the credit bureau.
    #[arg(
        long,
        env = "KOPECK_BUREAU_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    #[arg(value_parser = secret)]
    pub bureau_token: Option<SecretString>,
    /// The base of known frauds.
    #[arg(long, env = "KOPECK_FRAUD_URL", value_name = "URL")]
    pub fraud_url: Option<String>,
    /// The server key of Yandex SmartCaptcha, for a lender whose file says `smart_captcha`.
    #[arg(
        long,
        env = "KOPECK_SMART_CAPTCHA_SECRET",
        hide_env_values = true,
        value_name = "KEY"
    )]
    #[arg(value_parser = secret)]
    pub smart_captcha_secret: Option<SecretString>,
    /// Where Yandex SmartCaptcha is; its own address when left out.
    #[arg(long, env = "KOPECK_SMART_CAPTCHA_URL", value_name = "URL")]
    pub smart_captcha_url: Option<String>,
    /// The token of DaData: names and addresses are suggested while they are typed. Without it, from a short list of
    /// our own.
    #[arg(
        long,
        env = "KOPECK_SUGGESTIONS_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    #[arg(value_parser = secret)]
    pub suggestions_token: Option<SecretString>,
    /// Where suggestions are asked for by DaData's protocol; its own address when left out.
    #[arg(long, env = "KOPECK_SUGGESTIONS_URL", value_name = "URL")]
    pub suggestions_url: Option<String>,
    /// A file of the MaxMind DB format (`GeoLite2-City.mmdb`, DB-IP City Lite): the list of devices then says where each was
    /// used. Nobody is asked over the network.
    #[arg(long, env = "KOPECK_PLACES_FILE", value_name = "FILE")]
    pub places_file: Option<PathBuf>,
    /// The file of identity providers, a table for each that the lender's file offers (docs/operations.md).
    #[arg(long, env = "KOPECK_IDENTITY_FILE", value_name = "FILE")]
    pub identity_file: Option<PathBuf>,
    /// Whose clock is the business clock.
    #[arg(long, env = "KOPECK_CLOCK", value_enum, default_value_t)]
    pub clock: ClockKind,
    /// The sandbox: stands in for everything above that is not given.
    #[arg(long, env = "KOPECK_SANDBOX_URL", value_name = "URL")]
    pub sandbox_url: Option<String>,
    /// Networks the acquirer's notifications may come from, `address/bits` each; `yookassa` means
    /// the published ones. Any when left out: a notification is only a hint to ask the acquirer.
    #[arg(
        long,
        env = "KOPECK_WEBHOOK_SOURCES",
        value_delimiter = ',',
        value_name = "NETWORK"
    )]
    pub webhook_sources: Vec<String>,
    /// Push services besides those of the known browsers, as origins: `https://push.example`, `https://*.push.example`.
    #[arg(
        long,
        env = "KOPECK_PUSH_SERVICES",
        value_delimiter = ',',
        value_name = "ORIGIN"
    )]
    pub push_services: Vec<String>,
}

/// Any text is a secret.
#[allow(clippy::unnecessary_wraps)] // The shape of a value parser.
fn secret(text: &str) -> Result<SecretString, std::convert::Infallible> {
    Ok(SecretString::from(text))
}

impl GatewayConfig {
    /// Everything pointed at one sandbox process and its standing credentials. Its mail receiver
    /// is on the same host, port 2525.
    pub fn for_sandbox(url: &str) -> Self {
        let url = url.trim_end_matches('/');
        let host = Url::parse(url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let host = host.unwrap_or_else(|| "127.0.0.1".to_owned());
        Self {
            typesetter: None,
            yookassa_url: Some(format!("{url}/v3")),
            shop_id: Some("sandbox-shop".into()),
            secret_key: Some("test_secret".into()),
            payout_gateway_id: Some("sandbox-gateway".into()),
            payout_secret_key: Some("test_payout_secret".into()),
            tbank_url: Some(format!("{url}/tbank")),
            tbank_terminal_key: Some("SandboxTerminal".into()),
            tbank_password: Some("sandbox-password".into()),
            tbank_payout_key: Some("SandboxTerminalE2C".into()),
            tbank_payout_password: Some("sandbox-e2c-password".into()),
            tbank_taxation: "osn".into(),
            sms_gateway: SmsGateway::Smsc,
            sms_url: Some(url.to_owned()),
            sms_login: Some("kopeck".into()),
            sms_password: Some("sandbox".into()),
            sms_sender: None,
            sms_authority: None,
            smtp_url: Some(format!("smtp://{host}:2525").into()),
            mail_from: Some("Kopeck <cabinet@kopeck.example>".into()),
            bureau_url: Some(url.to_owned()),
            bureau_token: Some("sandbox-bureau".into()),
            fraud_url: Some(url.to_owned()),
            smart_captcha_secret: None,
            smart_captcha_url: None,
            suggestions_token: Some("sandbox-suggestions".into()),
            suggestions_url: Some(format!("{url}/suggestions/api/4_1/rs")),
            places_file: None,
            identity_file: None,
            clock: ClockKind::Sandbox,
            sandbox_url: Some(url.to_owned()),
            webhook_sources: Vec::new(),
            push_services: Vec::new(),
        }
    }
}
