//! An e-mail address as a contact: it counts once its owner has clicked the link that came to it, and only
//! then takes the place of the one before it.

use locales::Lang;
use sea_orm::DatabaseTransaction;

use super::link::{self, LinkKind};
use super::notices::{self, Change};
use super::ways::{self, NewWay, Way, WayKind};
use crate::db::sql;
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

/// Keeps an address and sends the link that confirms it; the confirmed one stays until the click. An
/// address that somebody else has is left to them: the letter tells its owner. An address that is this
/// cabinet's already changes nothing. Above [`EMAIL_LETTERS_A_DAY`] it is kept without a letter, which
/// [`again`] sends another day.
pub(crate) async fn offer(
    tx: &DatabaseTransaction,
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
        subject_index: &ways::email_index(cab, email),
        subject: email.as_str(),
        secret: "",
        expires_at: None,
        confirmed: false,
    };
    let added = ways::add(tx, cab, borrower, new).await?;
    match counted(tx, cab, borrower).await {
        Err(CabinetError::TooMany { .. }) => Ok(()),
        counted => {
            counted?;
            link::confirm_letter(tx, cab, added.then_some(borrower), email, lang).await
        }
    }
}

async fn counted(tx: &DatabaseTransaction, cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
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
                link::confirm_letter(tx, &cabinet, Some(borrower), &waits, lang).await
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
                if !ways.iter().any(|way| email(&way, false)) {
                    return Ok(());
                }
                if ways.iter().any(|way| email(&way, true)) {
                    notices::tell(tx, &cabinet, borrower, Change::EmailChanged).await?;
                    let old = "kind = 'email' AND confirmed_at IS NOT NULL";
                    ways::retire(tx, &cabinet, borrower, old).await?;
                }
                sql::execute(
                    tx,
                    "UPDATE way SET confirmed_at = $1 WHERE borrower = $2 AND kind = 'email' \
                     AND removed_at IS NULL AND confirmed_at IS NULL",
                    vec![cabinet.now_ms().into(), borrower.into()],
                )
                .await
                .map(drop)
            })
        })
        .await
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
