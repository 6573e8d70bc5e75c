//! New passwords: after forgetting, at the first use of a temporary one, at will. Every change is
//! told to the phone and to the confirmed address, and ends every other sign-in.

use locales::{Arg, Lang, Words};

use super::budget::address_index;
use super::challenge::{self, Form};
use super::codes::Reason;
use super::link::{self, LinkKind};
use super::sign_in::{send, typed_email, typed_phone};
use super::{CodeSent, Origin, Solved, proof, register, visit, ways};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, SignInId};
use crate::lender::{PasswordFrom, Restore};
use crate::values::Email;
use crate::{Cabinet, limits, outbox, profile};

const HOUR_SECONDS: u64 = 3600;
const DAY_SECONDS: u64 = 86_400;
/// Letters with links one network may ask for in an hour, and one address may get in a day.
const LETTERS_PER_ADDRESS: u32 = 20;
const LETTERS_PER_BOX: u32 = 3;
/// How long a password from an SMS waits for its first use.
const TEMPORARY_MS: i64 = 30 * 86_400_000;

/// Begins restoring a password: by a phone a code goes out and is answered, by an address a letter
/// goes out and the answer is `None`. A known and an unknown login get the same after the same work.
/// Refuses like a code; `Fields("login")` with `restore_way` when the lender does not restore that
/// way, `NotFound` where nobody has a password.
pub async fn restore(
    cab: &Cabinet,
    login: &str,
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<Option<CodeSent>> {
    let ways = &cab.lender().access.restore;
    let by_letter = login.contains('@');
    if ways.is_empty() {
        return Err(CabinetError::NotFound);
    }
    if login.trim().is_empty() {
        return Err(CabinetError::field("login", "required"));
    }
    if by_letter && ways.contains(&Restore::Email) {
        let email = typed_email(login).map_err(|_| CabinetError::field("login", "email"))?;
        by_email(cab, email, origin, lang, solved).await?;
        return Ok(None);
    }
    if by_letter || !ways.contains(&Restore::Sms) {
        return Err(CabinetError::field("login", "restore_way"));
    }
    let phone = typed_phone(login).map_err(|_| CabinetError::field("login", "phone"))?;
    let (reason, form) = (Reason::Restore, Form::Restore);
    send(cab, phone, reason, form, origin, lang, solved)
        .await
        .map(Some)
}

async fn by_email(
    cab: &Cabinet,
    email: Email,
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<()> {
    let form = Form::Restore;
    let challenged = challenge::challenged(cab, form, origin).await?;
    let answered = challenge::check(cab, form, origin, solved).await?;
    let index = ways::email_index(cab, &email);
    let (borrower, _) = ways::account_of_email(cab, &index).await?;
    let (cabinet, address) = (cab.clone(), address_index(cab, origin));
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if challenged || answered.is_some() {
                    challenge::spend(tx, answered.as_ref()).await?;
                }
                let (cab, hour, day) = (&cabinet, HOUR_SECONDS, DAY_SECONDS);
                let max = LETTERS_PER_ADDRESS;
                limits::hit(tx, cab, "link_address_hour", &address, hour, max).await?;
                limits::hit(tx, cab, "link_box_day", &index, day, LETTERS_PER_BOX).await?;
                link::restore_letter(tx, cab, borrower, &email, lang).await
            })
        })
        .await
}

/// What the page of a link asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkState {
    /// Whether the passport's tail is asked for besides.
    pub tail: bool,
}

/// A link that restores a password, while it works; `NotFound` otherwise.
pub async fn link_state(cab: &Cabinet, token: &str) -> Result<LinkState> {
    let conn = cab.db().read();
    let borrower = link::owner(conn, cab, LinkKind::Restore, token).await?;
    let tail = profile::passport_tail(cab, conn, borrower).await?.is_some();
    Ok(LinkState { tail })
}

/// Sets a new password by a link from a letter. A letter alone is not enough where the passport is
/// known. Opens no session: signing in follows. Refuses with `Fields` of `password`, `repeat` and
/// `tail`, `TooMany("proof_day")`, `NotFound`.
pub async fn use_link(
    cab: &Cabinet,
    token: &str,
    tail: &str,
    password: &str,
    repeat: &str,
) -> Result<()> {
    let borrower = link::owner(cab.db().read(), cab, LinkKind::Restore, token).await?;
    let wrong = register::new_password(cab, password, repeat, &own(cab, borrower).await?.parts());
    if !wrong.is_empty() {
        return Err(CabinetError::Fields(wrong));
    }
    if link_state(cab, token).await?.tail {
        proof::right_tail(cab, borrower, tail).await?;
    }
    let hash = cab.hasher().hash(password).await?;
    let (cabinet, token) = (cab.clone(), token.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                link::spend(tx, &cabinet, &token).await?;
                change(tx, &cabinet, borrower, &hash, None).await
            })
        })
        .await
}

/// Sets a new password from inside. `current` is asked for unless this sign-in has to change it
/// anyway. Refuses with `Fields` of `password`, `repeat` and `current`; `NotFound` where nobody has
/// a password.
pub async fn set_password(
    cab: &Cabinet,
    borrower: BorrowerId,
    sign_in: SignInId,
    current: &str,
    password: &str,
    repeat: &str,
) -> Result<()> {
    if !cab.lender().access.method.has_password() {
        return Err(CabinetError::NotFound);
    }
    let wrong = register::new_password(cab, password, repeat, &own(cab, borrower).await?.parts());
    if !wrong.is_empty() {
        return Err(CabinetError::Fields(wrong));
    }
    if !must_change(cab, sign_in).await? {
        let right = proof::right_password(cab, borrower, current).await;
        right.map_err(|error| match error {
            CabinetError::Fields(_) if current.is_empty() => {
                CabinetError::field("current", "required")
            }
            CabinetError::Fields(_) => CabinetError::field("current", "password_wrong"),
            other => other,
        })?;
    }
    let old = ways::password(cab.db().read(), cab, borrower).await?;
    if let Some(old) = &old
        && old.temporary
        && cab.hasher().matches(password, Some(&old.hash)).await?
    {
        return Err(CabinetError::field("password", "password_same"));
    }
    let hash = cab.hasher().hash(password).await?;
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                change(tx, &cabinet, borrower, &hash, Some(sign_in)).await?;
                visit::proved(tx, &cabinet, sign_in, Some(false)).await
            })
        })
        .await
}

async fn must_change(cab: &Cabinet, sign_in: SignInId) -> Result<bool> {
    let statement = "SELECT must_change FROM sign_in WHERE id = $1 AND ended_at IS NULL";
    let row = sql::one(cab.db().read(), statement, vec![sign_in.into()]).await?;
    let row = row.ok_or(CabinetError::Unauthenticated)?;
    Ok(sql::get::<i64>(&row, "must_change")? == 1)
}

/// What a password may not hold.
struct Own {
    phone: String,
    email: String,
}

impl Own {
    fn parts(&self) -> [&str; 2] {
        [&self.phone, &self.email]
    }
}

async fn own(cab: &Cabinet, borrower: BorrowerId) -> Result<Own> {
    let conn = cab.db().read();
    let phone = super::contact(cab, conn, borrower).await?.phone;
    let email = ways::email(conn, cab, borrower).await?;
    Ok(Own {
        phone: phone.digits().to_owned(),
        email: email.map_or_else(String::new, |email| email.as_str().to_owned()),
    })
}

/// Puts the new password, ends the other sign-ins and tells the owner, if there was an old one.
async fn change(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    hash: &str,
    but: Option<SignInId>,
) -> Result<()> {
    let had = ways::password(tx, cab, borrower).await?.is_some();
    ways::put_password(tx, cab, borrower, hash, None).await?;
    visit::others_end(tx, cab, borrower, but).await?;
    if had {
        tell(tx, cab, borrower).await?;
    }
    Ok(())
}

/// Tells a change of the password to every contact there was before it.
async fn tell(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
    let contact = super::contact(cab, tx, borrower).await?;
    let lender = cab.lender();
    let args = [
        ("lender", Arg::from(&lender.name)),
        ("hotline", Arg::from(&lender.hotline)),
    ];
    let words = Words::new(contact.lang);
    let text = words.args("cabinet-access-sms-password-changed", &args);
    let id = cab.fresh_id().to_string();
    outbox::sms(tx, cab, &id, &contact.phone, &text, None).await?;
    if let Some(email) = ways::email(tx, cab, borrower).await? {
        let subject = words.args("cabinet-access-mail-password-changed-subject", &args);
        outbox::mail(tx, cab, &id, &email, &subject, &text).await?;
    }
    Ok(())
}

/// The password that comes with the approval, where the lender gives it so: made, hashed and sent
/// once. Somebody who has a password keeps it. Called by the worker, outside of any transaction.
pub async fn first_password(cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
    if cab.lender().access.password_from != Some(PasswordFrom::Approval)
        || ways::password(cab.db().read(), cab, borrower)
            .await?
            .is_some()
    {
        return Ok(());
    }
    let password = legible(&cab.ports().ids.secret());
    let hash = cab.hasher().hash(&password).await?;
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if ways::password(tx, &cabinet, borrower).await?.is_some() {
                    return Ok(());
                }
                let expires_at = Some(cabinet.now_ms() + TEMPORARY_MS);
                ways::put_password(tx, &cabinet, borrower, &hash, expires_at).await?;
                let contact = super::contact(&cabinet, tx, borrower).await?;
                let args = [
                    ("lender", Arg::from(&cabinet.lender().name)),
                    ("password", Arg::from(&password)),
                ];
                let words = Words::new(contact.lang);
                let text = words.args("cabinet-access-sms-first-password", &args);
                let id = cabinet.fresh_id().to_string();
                outbox::sms(tx, &cabinet, &id, &contact.phone, &text, None).await
            })
        })
        .await
}

/// Ten letters that nobody takes for one another, from a secret's digits: 45 bits, for an account
/// that allows ten wrong passwords a day and asks a new device for a code besides.
fn legible(secret: &str) -> String {
    const LETTERS: [u8; 24] = *b"abcdefghkmnpqrstuvwxyz34";
    let digits: Vec<usize> = secret
        .chars()
        .filter_map(|c| c.to_digit(10))
        .filter_map(|digit| usize::try_from(digit).ok())
        .collect();
    // Three digits a letter: the remainder's bias is under three in a hundred.
    digits
        .chunks_exact(3)
        .take(10)
        .map(|three| three.iter().fold(0, |sum, digit| sum * 10 + digit) % LETTERS.len())
        .filter_map(|index| LETTERS.get(index))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::legible;

    #[test]
    fn a_password_from_an_sms_is_ten_plain_letters() {
        let password = legible("123456789012345678901234567890123456789012");
        assert_eq!(password.len(), 10);
        assert!(
            password
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        );
        assert_ne!(
            password,
            legible("023456789012345678901234567890123456789012")
        );
    }
}
