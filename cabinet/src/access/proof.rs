//! Second proofs on a device never seen before, and confirming oneself before what matters.
//!
//! Whoever has the phone's number (a thief of it, or the operator's next customer) has the codes; the
//! password or the tail of the passport's number they have not.

use locales::Lang;

use super::codes::{NewCode, Reason, Try, create, read, take_try, typed_digits};
use super::sign_in::new_code;
use super::{CodeSent, budget, passkey, visit, ways};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, CodeId, SignInId};
use crate::keys::same_secret;
use crate::lender::AccessMethod;
use crate::{Cabinet, limits, profile};

/// Digits of the passport's tail.
pub const TAIL_DIGITS: u32 = 4;
/// Tails that may be tried for one person in a day.
pub const TAIL_TRIES_A_DAY: u32 = 3;
const DAY_SECONDS: u64 = 86_400;

/// Which proofs a person can give.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Proofs {
    /// The password.
    pub password: bool,
    /// The last digits of the passport's number.
    pub tail: bool,
    /// A passkey. It is never asked for alone: who loses it has another proof, or nothing yet to
    /// protect.
    pub passkey: bool,
}

/// A proof as it was typed.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// The password.
    Password(&'a str),
    /// The last digits of the passport's number.
    Tail(&'a str),
}

/// The proofs a borrower can give: nothing for somebody of whom nothing is known yet.
pub async fn proofs(cab: &Cabinet, borrower: BorrowerId) -> Result<Proofs> {
    let conn = cab.db().read();
    let password = ways::password(conn, cab, borrower).await?;
    Ok(Proofs {
        password: password.is_some_and(|password| password.lives(cab)),
        tail: profile::passport_tail(cab, conn, borrower).await?.is_some(),
        passkey: cab.ports().passkeys.is_there() && passkey::has_any(conn, borrower).await?,
    })
}

/// Gives a second proof. Refuses with `Fields` of `password` or `tail` (`required`, `proof_wrong`
/// with `left`) and with `TooMany`: `proof_day`, `password_day`.
pub async fn prove(
    cab: &Cabinet,
    borrower: BorrowerId,
    sign_in: SignInId,
    proof: Proof<'_>,
) -> Result<()> {
    match proof {
        Proof::Password(password) => {
            let temporary = right_password(cab, borrower, password).await?;
            give(cab, sign_in, temporary.then_some(true)).await
        }
        Proof::Tail(tail) => {
            right_tail(cab, borrower, tail).await?;
            // Where the password is what opens the cabinet, somebody without it makes a new one.
            let asked = matches!(
                cab.lender().access.method,
                AccessMethod::PhonePassword | AccessMethod::PhoneThenPassword
            );
            give(cab, sign_in, asked.then_some(true)).await
        }
    }
}

async fn give(cab: &Cabinet, sign_in: SignInId, must_change: Option<bool>) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move { visit::proved(tx, &cabinet, sign_in, must_change).await })
        })
        .await
}

/// Compares a password with the borrower's own; a wrong one is counted. Answers whether the right
/// one is temporary.
pub(super) async fn right_password(
    cab: &Cabinet,
    borrower: BorrowerId,
    password: &str,
) -> Result<bool> {
    if password.is_empty() {
        return Err(CabinetError::field("password", "required"));
    }
    let subject = cab.keys().blind_index("borrower", &borrower.to_string());
    budget::may_try_password(cab.db().read(), cab, &subject).await?;
    budget::take_password_try(cab, &subject).await?;
    let stored = ways::password(cab.db().read(), cab, borrower).await?;
    let stored = stored.filter(|stored| stored.lives(cab));
    let hash = stored.as_ref().map(|stored| &*stored.hash);
    let right = password.chars().count() <= super::password::LONGEST
        && cab.hasher().matches(password, hash).await?;
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if right {
                    return budget::right_password(tx, &subject).await;
                }
                budget::wrong_password(tx, &cabinet, &subject).await
            })
        })
        .await?;
    if right {
        Ok(stored.is_some_and(|stored| stored.temporary))
    } else {
        Err(CabinetError::field("password", "password_wrong"))
    }
}

/// Compares the passport's tail; the try is taken before comparing, and given back for a right one.
pub(super) async fn right_tail(cab: &Cabinet, borrower: BorrowerId, typed: &str) -> Result<()> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return Err(CabinetError::field("tail", "required"));
    }
    if digits.len() != 4 {
        return Err(CabinetError::field("tail", "tail_format"));
    }
    let subject = cab.keys().blind_index("borrower", &borrower.to_string());
    let cabinet = cab.clone();
    let compared = cab.db().write(move |tx| {
        Box::pin(async move {
            let max = TAIL_TRIES_A_DAY;
            let tries = limits::hit(tx, &cabinet, "proof_day", &subject, DAY_SECONDS, max).await?;
            let tail = profile::passport_tail(&cabinet, tx, borrower).await?;
            if tail.is_some_and(|tail| same_secret(&tail, &digits)) {
                limits::forget(tx, "proof_day", &subject).await?;
                return Ok(Ok(()));
            }
            metrics::counter!("kopeck_access_failures_total").increment(1);
            Ok(Err(max.saturating_sub(tries)))
        })
    });
    compared.await?.map_err(|left| {
        let error = crate::FieldError::new("tail", "proof_wrong").with("left", left);
        CabinetError::Fields(vec![error])
    })
}

/// Sends the code that confirms somebody signed in for long. Refuses like any code.
pub async fn ask_confirmation(cab: &Cabinet, borrower: BorrowerId, lang: Lang) -> Result<CodeSent> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let phone = super::contact(&cabinet, tx, borrower).await?.phone;
                let new = new_code(Some(borrower), &phone, Reason::Confirm, lang);
                create(tx, &cabinet, NewCode { ..new }).await
            })
        })
        .await
}

/// Confirms by the code, or by the password. Refuses like both.
pub async fn confirm(
    cab: &Cabinet,
    borrower: BorrowerId,
    code: Option<CodeId>,
    proof: Proof<'_>,
) -> Result<()> {
    match (proof, code) {
        (Proof::Password(password), _) => right_password(cab, borrower, password).await.map(drop),
        (Proof::Tail(_), None) => Err(CabinetError::NotFound),
        (Proof::Tail(typed), Some(code)) => confirm_code(cab, borrower, code, typed).await,
    }
}

async fn confirm_code(
    cab: &Cabinet,
    borrower: BorrowerId,
    code: CodeId,
    typed: &str,
) -> Result<()> {
    let digits = typed_digits(typed)?;
    let cabinet = cab.clone();
    let tried = cab.db().write(move |tx| {
        Box::pin(async move {
            let found = read(tx, code).await?.ok_or(CabinetError::NotFound)?;
            if found.reason() != Some(Reason::Confirm) || found.borrower != Some(borrower) {
                return Err(CabinetError::NotFound);
            }
            match take_try(tx, &cabinet, &found, &digits).await? {
                Try::Wrong(error) => Ok(Err(error)),
                Try::Right => used(tx, &cabinet, code).await.map(Ok),
            }
        })
    });
    tried
        .await?
        .map_err(|error| CabinetError::Fields(vec![error]))
}

async fn used(tx: &Tx, cab: &Cabinet, code: CodeId) -> Result<()> {
    let statement = "UPDATE code SET used_at = $1 WHERE id = $2 AND used_at IS NULL";
    sql::execute(tx, statement, vec![cab.now_ms().into(), code.into()])
        .await
        .map(drop)
}
