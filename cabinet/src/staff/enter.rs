//! How the staff come in: a login, a password and a code of an authenticator (RFC 6238); a session that ends
//! when nobody works in it, and at the end of a day's work.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use totp_rs::{Algorithm, Secret, TOTP};

use super::audit::{self, Deed};
use super::{Joined, Staff, find};
use crate::access::password_complaint;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::StaffId;
use crate::keys::hex;
use crate::{Cabinet, limits};

/// A session without a request for so long is over.
const IDLE_SECONDS: i64 = 20 * 60;
/// However busy: the next day begins with a password.
const WHOLE_SECONDS: i64 = 10 * 3600;
/// Wrong attempts of one login within the hour.
const TRIES_AN_HOUR: u32 = 10;
/// Of one address; a whole office comes in from one in the morning.
const TRIES_OF_AN_ADDRESS: u32 = 300;
const HOUR: u64 = 3600;
/// Between the password and the code.
const HALF_SECONDS: i64 = 5 * 60;
/// A step of an authenticator, and how many neighbours are taken for a clock that is off.
const STEP_SECONDS: u64 = 30;
const NEIGHBOURS: u8 = 1;

/// What somebody of the staff typed.
#[derive(Clone)]
pub struct Typed {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
    /// Six digits of the authenticator.
    pub code: String,
}

fn authenticator(secret: &str, login: &str, lender: &str) -> Result<TOTP> {
    let secret = Secret::Encoded(secret.to_owned())
        .to_bytes()
        .map_err(|_| CabinetError::internal("a stored authenticator secret is none"))?;
    // The issuer and the account stand before a colon in the link of RFC 6238's usual form.
    let plain = |text: &str| text.replace(':', " ");
    TOTP::new(
        Algorithm::SHA1,
        6,
        NEIGHBOURS,
        STEP_SECONDS,
        secret,
        Some(plain(lender)),
        plain(login),
    )
    .map_err(CabinetError::internal)
}

/// A new secret of an authenticator, base32, and the link that apps read.
pub(super) fn new_authenticator(cab: &Cabinet, login: &str) -> Result<(String, String)> {
    // 160 bits as RFC 4226 asks, from the same source as every other secret.
    let random = [cab.fresh_secret(), cab.fresh_secret()].concat();
    let bytes = Sha256::digest(random.as_bytes())[..20].to_vec();
    let secret = Secret::Raw(bytes).to_encoded().to_string();
    let link = authenticator(&secret, login, &cab.lender().name)?.get_url();
    Ok((secret, link))
}

/// The password was right; the code is still to come. Good for five minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Half(pub String);

/// What an authenticator app has to be told before the first code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The login the app will show.
    pub login: String,
    /// The secret to type, base32.
    pub secret: String,
    /// The link of the QR code.
    pub link: String,
}

#[derive(Serialize, Deserialize)]
struct HalfBody {
    staff: StaffId,
    until: i64,
    password: String,
}

/// The first half of coming in. A wrong login and a wrong password are one refusal, after the same work.
///
/// # Errors
/// `Forbidden("staff_refused")`, `TooMany("staff_tries")`, `Fields` when something is missing.
pub async fn password(
    cab: &Cabinet,
    login: &str,
    password: &str,
    ip: &str,
    now: i64,
) -> Result<Half> {
    require(&[("login", login), ("password", password)])?;
    let login = login.trim().to_lowercase();
    count(cab, "staff_tries", &login, ip).await?;
    let found = find::by_login(cab, &login).await?;
    let hash = found.as_ref().map(|one| one.password.as_str());
    let same = cab.hasher().matches(password, hash).await?;
    let joined = found.filter(|_| same);
    let joined = joined.ok_or(CabinetError::Forbidden("staff_refused"))?;
    let body = HalfBody {
        staff: joined.staff.id,
        until: now + HALF_SECONDS,
        password: digest(&joined.password),
    };
    let body = serde_json::to_string(&body).map_err(CabinetError::internal)?;
    let sealed = cab.keys().encrypt("staff", "half", "half", &body)?;
    Ok(Half(sealed))
}

/// A password's hash, told in a few letters: a half dies with its password.
fn digest(hash: &str) -> String {
    hex(&Sha256::digest(hash.as_bytes())[..8])
}

/// Who stands at the door. `Forbidden("staff_half")` when it is too late or was never so.
async fn half(cab: &Cabinet, half: &Half, now: i64) -> Result<Joined> {
    let over = || CabinetError::Forbidden("staff_half");
    let body = cab.keys().decrypt("staff", "half", "half", &half.0);
    let body: HalfBody =
        serde_json::from_str(&body.map_err(|_| over())?).map_err(CabinetError::internal)?;
    let joined = find::by_id(cab, body.staff).await?.ok_or_else(over)?;
    if body.until < now || body.password != digest(&joined.password) {
        return Err(over());
    }
    Ok(joined)
}

/// What the app has to be told, until a code of it was taken for the first time; never again.
///
/// # Errors
/// `Forbidden("staff_half")`.
pub async fn enrolment(cab: &Cabinet, typed: &Half, now: i64) -> Result<Option<Enrolment>> {
    let joined = half(cab, typed, now).await?;
    if joined.totp_step > 0 {
        return Ok(None);
    }
    let login = joined.staff.login;
    let link = authenticator(&joined.totp, &login, &cab.lender().name)?.get_url();
    Ok(Some(Enrolment {
        login,
        secret: joined.totp,
        link,
    }))
}

/// The second half: opens a session and answers its token for the cookie.
///
/// # Errors
/// `Forbidden("staff_half")`, `TooMany("staff_codes")`, `Fields("code")`: `required`, `staff_code`.
pub async fn code(cab: &Cabinet, typed: &Half, code: &str, ip: &str, now: i64) -> Result<String> {
    require(&[("code", code)])?;
    let joined = half(cab, typed, now).await?;
    let login = joined.staff.login.clone();
    count(cab, "staff_codes", &login, ip).await?;
    let wrong = || CabinetError::field("code", "staff_code");
    let step = step_of(&joined, &login, code, now)?.ok_or_else(wrong)?;
    let token = cab.fresh_secret();
    let index = index(cab, &token);
    let (cabinet, subject) = (cab.clone(), cab.keys().blind_index("staff", &login));
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                // Two people with one code: the second finds its step taken.
                let take_step = "UPDATE staff SET totp_step = $1 WHERE id = $2 AND totp_step < $1";
                let values = vec![step.into(), joined.staff.id.into()];
                if sql::execute(tx, take_step, values).await? == 0 {
                    return Err(CabinetError::field("code", "staff_code"));
                }
                let open = "INSERT INTO staff_session (token_index, staff, at, used_at) \
                     VALUES ($1, $2, $3, $3)";
                let values = vec![index.into(), joined.staff.id.into(), now.into()];
                sql::execute(tx, open, values).await?;
                limits::forget(tx, "staff_tries", &subject).await?;
                limits::forget(tx, "staff_codes", &subject).await?;
                let deed = Deed::named("staff_enter", joined.staff.id);
                audit::write(tx, &cabinet, Some(&joined.staff), deed).await?;
                Ok(token)
            })
        })
        .await
}

/// Both halves at once. `now` is of the real clock, unix seconds: apps and people keep real time.
///
/// # Errors
/// Those of [`password`]; a wrong code is `Forbidden("staff_refused")` as well.
pub async fn enter(cab: &Cabinet, typed: Typed, ip: &str, now: i64) -> Result<String> {
    require(&[
        ("login", &typed.login),
        ("password", &typed.password),
        ("code", &typed.code),
    ])?;
    let half = password(cab, &typed.login, &typed.password, ip, now).await?;
    match code(cab, &half, &typed.code, ip, now).await {
        Err(CabinetError::Fields(_)) => Err(CabinetError::Forbidden("staff_refused")),
        done => done,
    }
}

fn require(fields: &[(&str, &str)]) -> Result<()> {
    let missing: Vec<_> = fields
        .iter()
        .filter(|(_, value)| value.trim().is_empty())
        .map(|(name, _)| crate::FieldError::new(name, "required"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(CabinetError::Fields(missing))
}

async fn count(cab: &Cabinet, what: &'static str, login: &str, ip: &str) -> Result<()> {
    let subject = cab.keys().blind_index("staff", login);
    let address = cab.keys().blind_index("staff_address", ip);
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let of_address = "staff_tries_of_address";
                limits::hit(
                    tx,
                    &cabinet,
                    of_address,
                    &address,
                    HOUR,
                    TRIES_OF_AN_ADDRESS,
                )
                .await?;
                limits::hit(tx, &cabinet, what, &subject, HOUR, TRIES_AN_HOUR)
                    .await
                    .map(drop)
            })
        })
        .await
}

/// The step a code belongs to; none when it belongs to none, or to one already taken.
fn step_of(joined: &Joined, login: &str, code: &str, now: i64) -> Result<Option<i64>> {
    let totp = authenticator(&joined.totp, login, "")?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let now = u64::try_from(now).map_err(CabinetError::internal)?;
    let current = now / STEP_SECONDS;
    let neighbours = u64::from(NEIGHBOURS);
    let step = (current.saturating_sub(neighbours)..=current + neighbours).find(|step| {
        let right = totp.generate(step * STEP_SECONDS);
        crate::keys::same_secret(&right, &digits)
    });
    let step = step.and_then(|step| i64::try_from(step).ok());
    Ok(step.filter(|step| *step > joined.totp_step))
}

fn index(cab: &Cabinet, token: &str) -> String {
    cab.keys().blind_index("staff_session", token)
}

/// Who works in this session; none when it is over. Notes that it is in use, once a minute.
pub async fn session(cab: &Cabinet, token: &str, now: i64) -> Result<Option<Staff>> {
    let Some((staff, used)) = sitting(cab, token, now).await? else {
        return Ok(None);
    };
    let index = index(cab, token);
    if now - used >= 60 {
        cab.db()
            .write(move |tx| {
                Box::pin(async move {
                    let note = "UPDATE staff_session SET used_at = $1 WHERE token_index = $2";
                    sql::execute(tx, note, vec![now.into(), index.into()])
                        .await
                        .map(drop)
                })
            })
            .await?;
    }
    Ok(Some(staff))
}

/// The same for something that goes on by itself: it is no use of the session, which still ends by idling.
pub async fn watching(cab: &Cabinet, token: &str, now: i64) -> Result<Option<Staff>> {
    Ok(sitting(cab, token, now).await?.map(|(staff, _)| staff))
}

/// Who works in a session, and when it was last used.
async fn sitting(cab: &Cabinet, token: &str, now: i64) -> Result<Option<(Staff, i64)>> {
    let index = index(cab, token);
    let row = sql::one(
        cab.db().read(),
        "SELECT staff, at, used_at FROM staff_session WHERE token_index = $1 AND ended_at IS NULL",
        vec![index.into()],
    )
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (at, used): (i64, i64) = (sql::get(&row, "at")?, sql::get(&row, "used_at")?);
    if now - used > IDLE_SECONDS || now - at > WHOLE_SECONDS {
        return Ok(None);
    }
    let id: String = sql::get(&row, "staff")?;
    let id: StaffId = id.parse().map_err(CabinetError::internal)?;
    let Some(joined) = find::by_id(cab, id).await? else {
        return Ok(None);
    };
    Ok(Some((joined.staff, used)))
}

/// Ends the session.
pub async fn leave(cab: &Cabinet, token: &str, now: i64) -> Result<()> {
    let index = index(cab, token);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let end = "UPDATE staff_session SET ended_at = $1 \
                     WHERE token_index = $2 AND ended_at IS NULL";
                sql::execute(tx, end, vec![now.into(), index.into()])
                    .await
                    .map(drop)
            })
        })
        .await
}

/// Replaces the password; every session but this one ends.
///
/// # Errors
/// `Fields`: `current` is wrong, `password` is short, common or the same.
pub async fn change_password(
    cab: &Cabinet,
    by: &Staff,
    token: &str,
    current: String,
    password: String,
    now: i64,
) -> Result<()> {
    require(&[("current", &current), ("password", &password)])?;
    let joined = find::by_id(cab, by.id)
        .await?
        .ok_or(CabinetError::Unauthenticated)?;
    count(cab, "staff_tries", &by.login, &by.id.to_string()).await?;
    if !cab
        .hasher()
        .matches(&current, Some(&joined.password))
        .await?
    {
        return Err(CabinetError::field("current", "password_wrong"));
    }
    if current == password {
        return Err(CabinetError::field("password", "password_same"));
    }
    if let Some(complaint) = password_complaint(&password, &[&by.login]) {
        return Err(CabinetError::Fields(vec![complaint]));
    }
    let hash = cab.hasher().hash(&password).await?;
    let sealed = cab
        .keys()
        .encrypt("staff", "password", &by.id.to_string(), &hash)?;
    let (cabinet, by, own) = (cab.clone(), by.clone(), index(cab, token));
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let set = "UPDATE staff SET password = $1, must_change = 0 WHERE id = $2";
                sql::execute(tx, set, vec![sealed.into(), by.id.into()]).await?;
                let end = "UPDATE staff_session SET ended_at = $1 \
                     WHERE staff = $2 AND token_index <> $3 AND ended_at IS NULL";
                sql::execute(tx, end, vec![now.into(), by.id.into(), own.into()]).await?;
                let deed = Deed::named("staff_password", by.id);
                audit::write(tx, &cabinet, Some(&by), deed).await
            })
        })
        .await
}
