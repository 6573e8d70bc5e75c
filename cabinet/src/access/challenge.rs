//! Telling people from robots, only where risk asks for it.
//!
//! A challenge names the form and the network it was made for, lives ten minutes and counts once.
//! Its token is sealed, so nothing is stored until it is answered: with a number whose hash together
//! with the token begins with zeros (a browser finds it in about a second), with the digits of a
//! picture, or with the answer to a question in words.

use locales::{Arg, Words};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Origin, picture};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::lender::ChallengeKind;
use crate::{Cabinet, Lang, limits};

const LIFE_MS: i64 = 10 * 60_000;
/// Zero bits a proof of work begins with: 65 000 hashes on average.
const WORK_BITS: u32 = 16;
const HOUR_SECONDS: u64 = 3600;
/// Wrong passwords of one account in an hour before its sign-in is asked.
const FAILURES_OF_ACCOUNT: u32 = 3;

/// The form a challenge stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Asking for a code.
    Code,
    /// Signing in by a password.
    Password,
    /// Registering.
    Register,
    /// Restoring a password.
    Restore,
}

impl Form {
    const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Password => "password",
            Self::Register => "register",
            Self::Restore => "restore",
        }
    }
}

/// What a page asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Goes back with the form.
    pub token: String,
    /// How it is asked.
    pub kind: ChallengeKind,
    /// Zero bits of a proof of work.
    pub bits: u32,
    /// A picture of digits, as a `data:` address.
    pub picture: String,
    /// A question that can be answered instead.
    pub question: String,
}

/// What came back with the form; anything may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Solved {
    /// The token of [`Challenge`].
    pub token: String,
    /// What the browser has found: the number, or a foreign service's token.
    pub proof: String,
    /// What the person has typed.
    pub answer: String,
}

#[derive(Serialize, Deserialize)]
struct Body {
    form: String,
    network: String,
    until: i64,
    digits: String,
    sum: u32,
}

/// A new challenge for a form.
pub fn challenge(cab: &Cabinet, form: Form, origin: &Origin, lang: Lang) -> Result<Challenge> {
    let ids = &cab.ports().ids;
    let digits = ids.digits(5);
    let pair: Vec<u32> = ids
        .digits(2)
        .chars()
        .filter_map(|c| c.to_digit(10))
        .collect();
    let (left, right) = (
        pair.first().unwrap_or(&3) + 1,
        pair.get(1).unwrap_or(&4) + 1,
    );
    let body = Body {
        form: form.name().to_owned(),
        network: super::budget::address_index(cab, origin),
        until: cab.now_ms() + LIFE_MS,
        digits: digits.clone(),
        sum: left + right,
    };
    let text = serde_json::to_string(&body).map_err(CabinetError::internal)?;
    let words = Words::new(lang);
    let number = |n: u32| words.t(&format!("cabinet-access-number-{n}"));
    let (left, right) = (number(left), number(right));
    let args = [("left", Arg::from(&left)), ("right", Arg::from(&right))];
    Ok(Challenge {
        token: cab.keys().encrypt("challenge", "token", "", &text)?,
        kind: cab.lender().access.challenge,
        bits: WORK_BITS,
        picture: picture::draw(&digits, ids.digits(9).parse().unwrap_or(1)),
        question: words.args("cabinet-access-question", &args),
    })
}

/// Whether a form should carry a challenge now, for this network.
pub async fn challenged(cab: &Cabinet, form: Form, origin: &Origin) -> Result<bool> {
    let access = &cab.lender().access;
    if form == Form::Register && access.challenge_at_registration {
        return Ok(true);
    }
    let (conn, address) = (cab.db().read(), super::budget::address_index(cab, origin));
    let hour = HOUR_SECONDS;
    let failures = limits::spent(conn, cab, "failures_address", &address, hour).await?;
    let codes = limits::spent(conn, cab, "code_address_hour", &address, hour).await?;
    let all = limits::spent(conn, cab, "code_total_hour", "all", hour).await?;
    Ok(failures >= access.challenge_after_failures
        || codes >= access.challenge_after_codes
        || all >= access.codes_total_hour.div_ceil(2))
}

/// The same for an account: several wrong passwords are reason enough.
pub(super) async fn account_challenged(cab: &Cabinet, login_index: &str) -> Result<bool> {
    let kind = "failures_account";
    limits::spent(cab.db().read(), cab, kind, login_index, HOUR_SECONDS)
        .await
        .map(|failures| failures >= FAILURES_OF_ACCOUNT)
}

/// An answered challenge, to be spent in the transaction of what it was asked for.
pub(super) struct Answered {
    token_index: String,
    until: i64,
}

/// Checks an answer; `None` when it is not the right one. May ask a foreign service, so it is called
/// outside of any transaction.
pub(super) async fn check(
    cab: &Cabinet,
    form: Form,
    origin: &Origin,
    solved: &Solved,
) -> Result<Option<Answered>> {
    let kind = cab.lender().access.challenge;
    if kind == ChallengeKind::SmartCaptcha && !solved.proof.is_empty() {
        let passed = cab.ports().captcha.passed(&solved.proof, &origin.ip).await;
        // When the service does not answer, people are let through: limits still hold.
        let passed = passed.unwrap_or_else(|error| {
            tracing::warn!(%error, "the captcha service does not answer");
            true
        });
        let until = cab.now_ms() + LIFE_MS;
        return Ok(passed.then(|| Answered {
            token_index: cab.keys().blind_index("challenge", &solved.proof),
            until,
        }));
    }
    let Ok(text) = cab.keys().decrypt("challenge", "token", "", &solved.token) else {
        return Ok(None);
    };
    let body: Body = serde_json::from_str(&text).map_err(CabinetError::internal)?;
    let typed = solved.answer.trim();
    let right = typed == body.digits
        || typed.parse() == Ok(body.sum)
        || (kind == ChallengeKind::ProofOfWork && works(&solved.token, &solved.proof));
    let own = body.form == form.name()
        && body.network == super::budget::address_index(cab, origin)
        && body.until > cab.now_ms();
    Ok((right && own).then(|| Answered {
        token_index: cab.keys().blind_index("challenge", &solved.token),
        until: body.until,
    }))
}

/// Letters of the token's end that are worked on: with the number they fill one block of the hash.
const WORKED: usize = 32;

/// Whether the hash of the token's end and the number begins with enough zeros.
fn works(token: &str, proof: &str) -> bool {
    let digits = proof.bytes().all(|byte| byte.is_ascii_digit());
    let end = token
        .len()
        .checked_sub(WORKED)
        .and_then(|at| token.get(at..));
    let Some(end) = end.filter(|_| digits && (1..=20).contains(&proof.len())) else {
        return false;
    };
    let hash: [u8; 32] = Sha256::digest(format!("{end}.{proof}")).into();
    let [a, b, c, d, ..] = hash;
    u32::from_be_bytes([a, b, c, d]).leading_zeros() >= WORK_BITS
}

/// The number a browser finds for a token, found here: for tests and for clients without a browser.
pub fn solve(token: &str) -> String {
    (0..u64::from(u32::MAX))
        .map(|number| number.to_string())
        .find(|number| works(token, number))
        .unwrap_or_default()
}

/// Spends an answer; the second use of one is refused like none at all.
pub(super) async fn spend(tx: &Tx, answered: Option<&Answered>) -> Result<()> {
    let Some(answered) = answered else {
        return Err(CabinetError::Forbidden("challenge"));
    };
    let spent = sql::execute(
        tx,
        "INSERT INTO spent_challenge (token_index, expires_at) VALUES ($1, $2) \
         ON CONFLICT (token_index) DO NOTHING",
        vec![answered.token_index.clone().into(), answered.until.into()],
    )
    .await?;
    if spent == 1 {
        Ok(())
    } else {
        Err(CabinetError::Forbidden("challenge"))
    }
}
