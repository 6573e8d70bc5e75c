//! An e-mail address as a contact: it counts once its owner has clicked the link that came to it, and only
//! then takes the place of the one before it.
//!
//! Whoever types an address has not got it: until the click it stands under its cabinet's own name
//! ([`waiting_index`]), so that any number of cabinets may wait for one address and none keeps its owner out.
//! Confirmed, it is one cabinet's.

use locales::Lang;
use sea_orm::ConnectionTrait;

use super::link::{self, LinkKind};
use super::notices::{self, Change};
use super::ways::{self, NewWay, Way, WayKind};
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::values::Email;
use crate::{Cabinet, limits};

/// Letters of confirmation one cabinet may cause in a day: nobody's mail box is filled by us.
pub const EMAIL_LETTERS_A_DAY: u32 = 5;
const DAY_SECONDS: u64 = 86_400;

/// Whether the address is this cabinet's already, confirmed or waiting.
fn same(way: &Way, email: &Email) -> bool {
    way.kind == WayKind::Email && way.subject.eq_ignore_ascii_case(email.as_str())
}

/// What an address that waits is found by: nobody else's, whoever waits for the same one.
fn waiting_index(cab: &Cabinet, borrower: BorrowerId, email: &Email) -> String {
    format!("{}:{borrower}", ways::email_index(cab, email))
}

/// Whom the letter's link works for: nobody, where another cabinet has shown that the address is its own.
async fn may_confirm(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
    email: &Email,
) -> Result<Option<BorrowerId>> {
    let owner = ways::email_owner(conn, &ways::email_index(cab, email)).await?;
    Ok(owner
        .is_none_or(|owner| owner == borrower)
        .then_some(borrower))
}

/// Keeps an address and sends the link that confirms it; the confirmed one stays until the click. An
/// address that somebody else has confirmed is left to them: it waits here as any other does, and the letter
/// tells its owner and confirms nothing. An address that is this cabinet's already changes nothing. Above [`EMAIL_LETTERS_A_DAY`] it is kept without a letter, which
/// [`again`] sends another day.
pub(crate) async fn offer(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    email: &Email,
    lang: Lang,
) -> Result<()> {
    ways::lock(tx, borrower).await?;
    let own = ways::list(tx, cab, borrower).await?;
    let known = own.iter().find(|way| same(way, email));
    if known.is_some_and(|way| !way.confirmed) {
        return Ok(());
    }
    // A link of an address that is wanted no more must not confirm another, and whoever goes back to the
    // confirmed address has thought better of it.
    ways::retire(tx, cab, borrower, "kind = 'email' AND confirmed_at IS NULL").await?;
    link::void(tx, cab, LinkKind::Email, borrower).await?;
    if known.is_some() {
        return Ok(());
    }
    let new = NewWay {
        kind: WayKind::Email,
        provider: "",
        subject_index: &waiting_index(cab, borrower, email),
        subject: email.as_str(),
        secret: "",
        expires_at: None,
        confirmed: false,
    };
    ways::add(tx, cab, borrower, new).await?;
    let whose = may_confirm(tx, cab, borrower, email).await?;
    match counted(tx, cab, borrower).await {
        Err(CabinetError::TooMany { .. }) => Ok(()),
        counted => {
            counted?;
            link::confirm_letter(tx, cab, whose, email, lang).await
        }
    }
}

async fn counted(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
    let subject = borrower.to_string();
    let most = EMAIL_LETTERS_A_DAY;
    limits::hit(tx, cab, "email_letters", &subject, DAY_SECONDS, most)
        .await
        .map(drop)
}

/// Sends the link once more. Refuses with `TooMany("email_letters")`; `NotFound` when no address waits.
pub async fn again(cab: &Cabinet, borrower: BorrowerId, lang: Lang) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let ways = ways::list(tx, &cabinet, borrower).await?;
                let waits = ways
                    .iter()
                    .find(|way| way.kind == WayKind::Email && !way.confirmed)
                    .and_then(|way| Email::parse(&way.subject))
                    .ok_or(CabinetError::NotFound)?;
                counted(tx, &cabinet, borrower).await?;
                let whose = may_confirm(tx, &cabinet, borrower, &waits).await?;
                link::confirm_letter(tx, &cabinet, whose, &waits, lang).await
            })
        })
        .await
}

/// Confirms an address by the link that came to it, in place of the one before it, whose owner is told;
/// `NotFound` when the link no longer works.
pub async fn confirm_email(cab: &Cabinet, token: &str) -> Result<()> {
    let (cabinet, token) = (cab.clone(), token.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let borrower = link::owner(tx, &cabinet, LinkKind::Email, &token).await?;
                ways::lock(tx, borrower).await?;
                link::spend(tx, &cabinet, &token).await?;
                let ways = ways::list(tx, &cabinet, borrower).await?;
                let email = |way: &&Way, confirmed| {
                    way.kind == WayKind::Email && way.confirmed == confirmed
                };
                let Some(waits) = ways.iter().find(|way| email(way, false)) else {
                    return Ok(());
                };
                if ways.iter().any(|way| email(&way, true)) {
                    notices::tell(tx, &cabinet, borrower, Change::EmailChanged).await?;
                    let old = "kind = 'email' AND confirmed_at IS NOT NULL";
                    ways::retire(tx, &cabinet, borrower, old).await?;
                }
                confirm(tx, &cabinet, borrower, &waits.subject).await
            })
        })
        .await
}

/// The address that waits becomes the cabinet's, under the name that only one may have; `NotFound`, which undoes
/// everything, when another cabinet was faster.
async fn confirm(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, subject: &str) -> Result<()> {
    let email = Email::parse(subject).ok_or_else(|| CabinetError::internal("no address"))?;
    ways::retire(tx, cab, borrower, "kind = 'email' AND confirmed_at IS NULL").await?;
    let new = NewWay {
        kind: WayKind::Email,
        provider: "",
        subject_index: &ways::email_index(cab, &email),
        subject: email.as_str(),
        secret: "",
        expires_at: None,
        confirmed: true,
    };
    if ways::add(tx, cab, borrower, new).await? {
        Ok(())
    } else {
        Err(CabinetError::NotFound)
    }
}

/// Whether typing this address changes where letters go: it is not this cabinet's, and another is, or the
/// person has answered without one (`answered`).
pub async fn is_other(
    cab: &Cabinet,
    borrower: BorrowerId,
    typed: &str,
    answered: bool,
) -> Result<bool> {
    let Some(email) = Email::parse(typed) else {
        return Ok(false);
    };
    let ways = ways::ways(cab, borrower).await?;
    let had = ways.iter().any(|way| way.kind == WayKind::Email);
    Ok((had || answered) && !ways.iter().any(|way| same(way, &email)))
}
