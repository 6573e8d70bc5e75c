//! What the adapters are told, by flags or by the environment.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use reqwest::Url;
use secrecy::SecretString;

/// The acquirer's own address, when none is given.
const YOOKASSA: &str = "https://api.yookassa.ru/v3";
/// The second acquirer's own address, when none is given.
const TBANK: &str = "https://securepay.tinkoff.ru";
/// The SMS gateways' own addresses, when none is given.
const SMSC: &str = "https://smsc.ru";
/// The service of suggestions, when its token is given without an address.
const SUGGESTIONS: &str = "https://suggestions.dadata.ru/suggestions/api/4_1/rs";
const SMS_AERO: &str = "https://gate.smsaero.ru";
pub(super) const SMART_CAPTCHA: &str = "https://smartcaptcha.cloud.yandex.ru";

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
    /// SMPP 3.4, of an operator or an aggregator: `smpp://host:port` as address, `system_id` as login.
    Smpp,
}

impl SmsGateway {
    /// The gateway's own address; of SMPP there is none, every operator has another.
    const fn address(self) -> Option<&'static str> {
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
    pub typesetter: Option<std::path::PathBuf>,
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

/// Why the adapters can't be made. Texts say what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// A setting is not given and has no default.
    #[error(
        "--{flag} (or KOPECK_{env}) is not given; to try the program without the outside world, \
         start kopeck-sandbox and give --sandbox-url http://127.0.0.1:4010"
    )]
    Missing {
        /// The flag without its dashes.
        flag: &'static str,
        /// The variable without its prefix.
        env: String,
    },
    /// A setting can't be used.
    #[error("--{flag}: {problem}")]
    Wrong {
        /// The flag without its dashes.
        flag: &'static str,
        /// What is wrong and what to write.
        problem: String,
    },
    /// The sandbox's clock beside a real acquirer.
    #[error(
        "--clock sandbox works only with --sandbox-url and the sandbox's own acquirer: real money \
         must be dated by the real clock"
    )]
    SandboxClockInProduction,
    /// The machine refused.
    #[error("the HTTP client can't be made: {0}")]
    Client(String),
}

/// Every setting, given or by default.
pub struct Settings {
    /// The acquirer's API, without a trailing slash.
    pub yookassa_url: String,
    /// Whether the acquirer is the real one.
    pub acquirer_is_real: bool,
    /// Takes payments: number and key.
    pub shop: (String, SecretString),
    /// Sends payouts: number and key.
    pub payout: (String, SecretString),
    /// The SMS gateway, without a trailing slash.
    pub sms_url: String,
    /// Login and password at the SMS gateway.
    pub sms: (String, SecretString),
    /// The sender's name.
    pub sms_sender: Option<String>,
    /// The mail host.
    pub smtp_url: SecretString,
    /// The sender of letters.
    pub mail_from: String,
    /// The credit bureau, without a trailing slash.
    pub bureau_url: String,
    /// Its token.
    pub bureau_token: SecretString,
    /// The base of frauds, without a trailing slash.
    pub fraud_url: String,
}

/// How to reach the second acquirer.
pub struct TBankSettings {
    /// Its address, without `/v2`.
    pub url: String,
    /// Whether it is the real one.
    pub is_real: bool,
    /// Takes payments: key and password.
    pub terminal: (String, SecretString),
    /// Sends payouts: key and password.
    pub payout: (String, SecretString),
    /// The tax system on receipts.
    pub taxation: String,
}

impl GatewayConfig {
    /// The second acquirer's settings, asked for only when a lender uses it.
    pub fn tbank(&self) -> Result<TBankSettings, GatewayError> {
        let sandbox = self
            .sandbox_url
            .as_deref()
            .map(Self::for_sandbox)
            .unwrap_or_default();
        let url = self.tbank_url.clone().or(sandbox.tbank_url);
        let url = address("tbank-url", url.unwrap_or_else(|| TBANK.to_owned()))?;
        Ok(TBankSettings {
            is_real: origin(&url) == origin(TBANK),
            url,
            terminal: (
                given(
                    "tbank-terminal-key",
                    self.tbank_terminal_key.as_ref(),
                    sandbox.tbank_terminal_key,
                )?,
                given(
                    "tbank-password",
                    self.tbank_password.as_ref(),
                    sandbox.tbank_password,
                )?,
            ),
            payout: (
                given(
                    "tbank-payout-key",
                    self.tbank_payout_key.as_ref(),
                    sandbox.tbank_payout_key,
                )?,
                given(
                    "tbank-payout-password",
                    self.tbank_payout_password.as_ref(),
                    sandbox.tbank_payout_password,
                )?,
            ),
            taxation: self.tbank_taxation.clone(),
        })
    }

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

    /// Every setting: what is given, else the sandbox's when there is one, else the default.
    /// Credentials of YooKassa are asked for only when the lender's acquirer it is.
    pub fn settled(&self, yookassa: bool) -> Result<Settings, GatewayError> {
        let sandbox = self
            .sandbox_url
            .as_deref()
            .map(Self::for_sandbox)
            .unwrap_or_default();
        // An acquirer that is not used needs no credentials.
        let spare = || (!yookassa).then(String::new);
        let spare_secret = || (!yookassa).then(|| SecretString::from(""));
        let own = |url: Option<String>, default: &str| url.unwrap_or_else(|| default.to_owned());
        let yookassa_url = address(
            "yookassa-url",
            own(self.yookassa_url.clone().or(sandbox.yookassa_url), YOOKASSA),
        )?;
        Ok(Settings {
            acquirer_is_real: origin(&yookassa_url) == origin(YOOKASSA),
            yookassa_url,
            shop: (
                given(
                    "shop-id",
                    self.shop_id.as_ref(),
                    sandbox.shop_id.or_else(spare),
                )?,
                given(
                    "secret-key",
                    self.secret_key.as_ref(),
                    sandbox.secret_key.or_else(spare_secret),
                )?,
            ),
            payout: (
                given(
                    "payout-gateway-id",
                    self.payout_gateway_id.as_ref(),
                    sandbox.payout_gateway_id.or_else(spare),
                )?,
                given(
                    "payout-secret-key",
                    self.payout_secret_key.as_ref(),
                    sandbox.payout_secret_key.or_else(spare_secret),
                )?,
            ),
            sms_url: self.sms_url(sandbox.sms_url)?,
            sms: (
                given("sms-login", self.sms_login.as_ref(), sandbox.sms_login)?,
                given(
                    "sms-password",
                    self.sms_password.as_ref(),
                    sandbox.sms_password,
                )?,
            ),
            sms_sender: self.sms_sender.clone(),
            smtp_url: given("smtp-url", self.smtp_url.as_ref(), sandbox.smtp_url)?,
            mail_from: given("mail-from", self.mail_from.as_ref(), sandbox.mail_from)?,
            bureau_url: address(
                "bureau-url",
                given("bureau-url", self.bureau_url.as_ref(), sandbox.bureau_url)?,
            )?,
            bureau_token: given(
                "bureau-token",
                self.bureau_token.as_ref(),
                sandbox.bureau_token,
            )?,
            fraud_url: address(
                "fraud-url",
                given("fraud-url", self.fraud_url.as_ref(), sandbox.fraud_url)?,
            )?,
        })
    }

    /// Where the chosen SMS gateway is. The sandbox speaks no SMPP, so its address is not offered for it.
    fn sms_url(&self, sandbox: Option<String>) -> Result<String, GatewayError> {
        if self.sms_gateway == SmsGateway::Smpp {
            let url = given("sms-url", self.sms_url.as_ref(), None)?;
            return smpp_address(url);
        }
        let own = self.sms_gateway.address().map(str::to_owned);
        address(
            "sms-url",
            given("sms-url", self.sms_url.as_ref(), sandbox.or(own))?,
        )
    }

    /// Where suggestions are asked for and with which token; nothing when no token is given.
    pub fn suggestions(&self) -> Result<Option<(String, SecretString)>, GatewayError> {
        let sandbox = self
            .sandbox_url
            .as_deref()
            .map(Self::for_sandbox)
            .unwrap_or_default();
        // A real token never goes to the sandbox, nor the sandbox's to the service.
        let (token, url) = match &self.suggestions_token {
            Some(token) => (Some(token.clone()), self.suggestions_url.clone()),
            None => (sandbox.suggestions_token, sandbox.suggestions_url),
        };
        let Some(token) = token else {
            return Ok(None);
        };
        let url = url.unwrap_or_else(|| SUGGESTIONS.to_owned());
        Ok(Some((address("suggestions-url", url)?, token)))
    }

    /// The sandbox whose clock is to be followed, if one is: never beside a real acquirer.
    pub fn sandbox_for_clock(&self) -> Result<Option<String>, GatewayError> {
        if self.clock == ClockKind::System {
            return Ok(None);
        }
        let sandbox = self
            .sandbox_url
            .clone()
            .ok_or(GatewayError::SandboxClockInProduction)?;
        let sandbox = address("sandbox-url", sandbox)?;
        for acquirer in [&self.yookassa_url, &self.tbank_url] {
            let acquirer = acquirer.as_deref().map_or_else(|| origin(&sandbox), origin);
            if acquirer.is_none() || acquirer != origin(&sandbox) {
                return Err(GatewayError::SandboxClockInProduction);
            }
        }
        Ok(Some(sandbox))
    }
}

fn given<T: Clone>(
    flag: &'static str,
    own: Option<&T>,
    sandbox: Option<T>,
) -> Result<T, GatewayError> {
    own.cloned()
        .or(sandbox)
        .ok_or_else(|| GatewayError::Missing {
            flag,
            env: flag.replace('-', "_").to_uppercase(),
        })
}

/// An `http(s)://` address without a trailing slash.
fn address(flag: &'static str, text: String) -> Result<String, GatewayError> {
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err(GatewayError::Wrong {
            flag,
            problem: format!("`{text}` is not an address; write https://host/path"),
        }),
    }
}

/// `smpp://host:port`. Encrypted lines end in a tunnel before us.
fn smpp_address(text: String) -> Result<String, GatewayError> {
    let url = Url::parse(&text).ok();
    let scheme = url.as_ref().map(Url::scheme);
    let problem = match scheme {
        Some("smpp") if url.as_ref().is_some_and(Url::has_host) => return Ok(text),
        Some("smpps" | "ssmpp") => {
            "SMPP over TLS is not spoken here; set up a tunnel (stunnel) to the gateway and write \
             smpp://127.0.0.1:2775"
                .to_owned()
        }
        _ => format!("`{text}` is not an address of SMPP; write smpp://host:2775"),
    };
    Err(GatewayError::Wrong {
        flag: "sms-url",
        problem,
    })
}

/// Scheme, host and port: `https://yookassa.ru`.
pub fn origin(url: &str) -> Option<String> {
    let origin = Url::parse(url).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_fills_what_is_not_given() {
        let config = GatewayConfig {
            sandbox_url: Some("http://127.0.0.1:4010/".into()),
            mail_from: Some("a@b.example".into()),
            ..GatewayConfig::default()
        };
        let settings = config.settled(true).expect("settled");
        assert_eq!(settings.yookassa_url, "http://127.0.0.1:4010/v3");
        assert_eq!(settings.mail_from, "a@b.example");
        assert!(!settings.acquirer_is_real);
    }

    #[test]
    fn without_a_sandbox_every_credential_is_asked_for_by_its_flag() {
        let error = GatewayConfig::default()
            .settled(true)
            .err()
            .expect("refused");
        assert!(
            error
                .to_string()
                .starts_with("--shop-id (or KOPECK_SHOP_ID) is not given")
        );
        let wrong = GatewayConfig {
            yookassa_url: Some("nonsense".into()),
            ..Default::default()
        };
        assert!(matches!(
            wrong.settled(true),
            Err(GatewayError::Wrong {
                flag: "yookassa-url",
                ..
            })
        ));
    }

    #[test]
    fn smpp_is_given_its_own_address() {
        let config = |url: Option<&str>| GatewayConfig {
            sms_gateway: SmsGateway::Smpp,
            sms_url: url.map(str::to_owned),
            ..GatewayConfig::default()
        };
        let sandbox = || Some("http://127.0.0.1:4010".to_owned());
        let right = "smpp://gate.operator.example:2775";
        assert_eq!(config(Some(right)).sms_url(sandbox()), Ok(right.to_owned()));
        // The sandbox's address is of another protocol.
        assert!(matches!(
            config(None).sms_url(sandbox()),
            Err(GatewayError::Missing {
                flag: "sms-url",
                ..
            })
        ));
        for (url, word) in [
            ("smpps://gate.operator.example", "stunnel"),
            ("http://gate.operator.example", "smpp://host:2775"),
            ("gate.operator.example", "smpp://host:2775"),
        ] {
            let refused = config(Some(url)).sms_url(None).expect_err(url);
            assert!(refused.to_string().contains(word), "{refused}");
        }
    }

    #[test]
    fn the_sandbox_clock_is_refused_beside_a_real_acquirer() {
        let mut config = GatewayConfig::for_sandbox("http://127.0.0.1:4010");
        assert_eq!(
            config.sandbox_for_clock(),
            Ok(Some("http://127.0.0.1:4010".to_owned()))
        );
        config.yookassa_url = Some(YOOKASSA.into());
        assert_eq!(
            config.sandbox_for_clock(),
            Err(GatewayError::SandboxClockInProduction)
        );
        let alone = GatewayConfig {
            clock: ClockKind::Sandbox,
            ..GatewayConfig::default()
        };
        assert_eq!(
            alone.sandbox_for_clock(),
            Err(GatewayError::SandboxClockInProduction)
        );
        assert_eq!(GatewayConfig::default().sandbox_for_clock(), Ok(None));
    }

    #[test]
    fn secrets_stay_out_of_debug_output() {
        let text = format!("{:?}", GatewayConfig::for_sandbox("http://127.0.0.1:4010"));
        assert!(
            !text.contains("test_secret") && !text.contains("sandbox-bureau"),
            "{text}"
        );
    }
}
