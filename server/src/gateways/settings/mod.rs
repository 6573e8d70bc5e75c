//! What the adapters are told: what is given, else the sandbox's, else the default.

mod flags;

use std::path::PathBuf;

use reqwest::Url;
use secrecy::SecretString;

pub use flags::{ClockKind, GatewayConfig, SmsGateway};

/// The acquirer's own address, when none is given.
const YOOKASSA: &str = "https://api.yookassa.ru/v3";
/// The second acquirer's own address, when none is given.
const TBANK: &str = "https://securepay.tinkoff.ru";
/// The service of suggestions, when its token is given without an address.
const SUGGESTIONS: &str = "https://suggestions.dadata.ru/suggestions/api/4_1/rs";
pub(super) const SMART_CAPTCHA: &str = "https://smartcaptcha.cloud.yandex.ru";

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
    /// Whom the certificate of an SMPP gateway has to be of; anybody the machine trusts when nothing.
    pub sms_authority: Option<PathBuf>,
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
            sms_authority: self.sms_authority.clone(),
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

/// `smpp://host:port`, or `smpps://host:port` of an encrypted line.
fn smpp_address(text: String) -> Result<String, GatewayError> {
    let url = Url::parse(&text).ok();
    let scheme = url.as_ref().map(Url::scheme);
    let problem = match scheme {
        Some("smpp" | "smpps") if url.as_ref().is_some_and(Url::has_host) => return Ok(text),
        Some("ssmpp") => "SMPP inside TLS is written smpps://host:3550".to_owned(),
        _ => format!(
            "`{text}` is not an address of SMPP; write smpp://host:2775, or smpps://host:3550 inside TLS"
        ),
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
        for right in [
            "smpp://gate.operator.example:2775",
            "smpps://gate.operator.example",
        ] {
            assert_eq!(config(Some(right)).sms_url(sandbox()), Ok(right.to_owned()));
        }
        // The sandbox's address is of another protocol.
        assert!(matches!(
            config(None).sms_url(sandbox()),
            Err(GatewayError::Missing {
                flag: "sms-url",
                ..
            })
        ));
        for (url, word) in [
            ("ssmpp://gate.operator.example", "smpps://host:3550"),
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
