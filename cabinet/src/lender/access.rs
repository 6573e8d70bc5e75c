//! How people sign in: the section `[access]` of a lender's file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::{Checked, must};
use super::identity::Identity;

/// How people sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessMethod {
    /// By a code sent to the phone; there is no password.
    PhoneCode,
    /// By a phone and a password; a new device gets a code besides.
    PhonePassword,
    /// The phone is confirmed by a code, then the password is asked for.
    PhoneThenPassword,
    /// By an e-mail address and a password (a new device gets a code besides); by a code when only
    /// the phone is known.
    EmailPassword,
}

impl AccessMethod {
    /// Whether people here have passwords.
    pub const fn has_password(self) -> bool {
        !matches!(self, Self::PhoneCode)
    }
}

/// Where a password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasswordFrom {
    /// The person makes it up at registration.
    Registration,
    /// It comes by SMS with the approval and is changed at its first use.
    Approval,
}

/// How a forgotten password is restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Restore {
    /// By a code to the phone.
    Sms,
    /// By a link to the e-mail address.
    Email,
}

/// How a person shows not to be a robot, where risk asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChallengeKind {
    /// The browser computes for a second by itself; without scripts, a picture or a question.
    #[default]
    ProofOfWork,
    /// Digits in a picture, or a question in words.
    Picture,
    /// Yandex SmartCaptcha: needs `smart_captcha_key` and the server's own key in its environment.
    SmartCaptcha,
}

/// How people sign in, and how often a code may be asked for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// The method: `phone_code`, `phone_password`, `phone_then_password` or `email_password`.
    pub method: AccessMethod,
    /// Where the password comes from: `registration` or `approval`. Needed by every method with a
    /// password, refused by `phone_code`.
    #[serde(default)]
    pub password_from: Option<PasswordFrom>,
    /// Whether a new password is typed twice.
    #[serde(default)]
    pub password_twice: bool,
    /// How a forgotten password is restored: any of `sms` and `email`. Needed with a password,
    /// refused without one.
    #[serde(default)]
    pub restore: Vec<Restore>,
    /// What a suspicious request is asked: `proof_of_work` (default), `picture`, `smart_captcha`.
    #[serde(default)]
    pub challenge: ChallengeKind,
    /// The public key of Yandex SmartCaptcha.
    #[serde(default)]
    pub smart_captcha_key: Option<String>,
    /// Whether everybody who registers is asked, not only the suspicious.
    #[serde(default)]
    pub challenge_at_registration: bool,
    /// Failures (wrong codes and passwords) of one network address in an hour before it is asked.
    #[serde(default = "default_challenge_after_failures")]
    pub challenge_after_failures: u32,
    /// Codes one network address gets in an hour before it is asked.
    #[serde(default = "default_challenge_after_codes")]
    pub challenge_after_codes: u32,
    /// Codes a phone may get in a day to come in with. As many again its owner may cause from inside, for signatures:
    /// a stranger who uses the first ones up does not keep the owner from signing.
    #[serde(default = "default_codes_per_phone")]
    pub codes_per_phone_day: u32,
    /// Codes one network address may ask for in an hour.
    #[serde(default = "default_codes_per_address")]
    pub codes_per_address_hour: u32,
    /// Codes a hundred neighbouring numbers (equal but for the last two digits) may get in an hour:
    /// those who earn on messages send to whole ranges.
    #[serde(default = "default_codes_per_range")]
    pub codes_per_range_hour: u32,
    /// Codes everybody together may ask for in an hour: the most an SMS attack can cost. From half
    /// of it on, unknown devices are asked to show that they are no robots, and an alarm sounds.
    #[serde(default = "default_codes_in_all")]
    pub codes_total_hour: u32,
    /// Failures of everybody together in an hour; above it unknown devices do not get in.
    #[serde(default = "default_failures_in_all")]
    pub failures_total_hour: u32,
    /// Accounts elsewhere that open the cabinet, in the order of their buttons.
    #[serde(default)]
    pub identity: Vec<Identity>,
}

fn default_codes_per_phone() -> u32 {
    5
}

fn default_codes_per_address() -> u32 {
    30
}

fn default_codes_per_range() -> u32 {
    30
}

fn default_codes_in_all() -> u32 {
    3000
}

fn default_failures_in_all() -> u32 {
    2000
}

fn default_challenge_after_failures() -> u32 {
    10
}

fn default_challenge_after_codes() -> u32 {
    20
}

/// Whether the section agrees with itself.
pub(super) fn check(access: &Access) -> Checked {
    for (key, value) in [
        ("codes_per_phone_day", access.codes_per_phone_day),
        ("codes_per_address_hour", access.codes_per_address_hour),
        ("codes_per_range_hour", access.codes_per_range_hour),
        ("codes_total_hour", access.codes_total_hour),
        ("failures_total_hour", access.failures_total_hour),
        ("challenge_after_failures", access.challenge_after_failures),
        ("challenge_after_codes", access.challenge_after_codes),
    ] {
        must(
            value > 0,
            "access",
            key,
            "lets nobody in",
            "write at least 1",
        )?;
    }
    passwords(access)?;
    must(
        (access.challenge == ChallengeKind::SmartCaptcha) == access.smart_captcha_key.is_some(),
        "access",
        "smart_captcha_key",
        "belongs to challenge = \"smart_captcha\" and is needed there",
        "keep both or neither",
    )
}

/// A password that is asked for and never checked, or checked and never given, is a contradiction.
fn passwords(access: &Access) -> Checked {
    let has = access.method.has_password();
    must(
        has == access.password_from.is_some(),
        "access",
        "password_from",
        "does not agree with method: a password must be both given and checked",
        "write password_from = \"registration\" or \"approval\", or method = \"phone_code\" without it",
    )?;
    must(
        has != access.restore.is_empty(),
        "access",
        "restore",
        "does not agree with method: what can be forgotten is restored, and nothing else",
        "write restore = [\"sms\"], or remove it with method = \"phone_code\"",
    )?;
    must(
        has || !access.password_twice,
        "access",
        "password_twice",
        "asks for a password that is never checked",
        "remove it",
    )
}
