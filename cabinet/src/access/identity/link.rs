//! Linking an account to a cabinet.

use super::{claim, subject_index};
use crate::access::notices::{self, Change};
use crate::access::ways::{self, NewWay, WayKind};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, VisitorId};
use crate::ports::IdentityProfile;
use crate::values::{Inn, Phone, RuDate};
use crate::{Cabinet, profile};

/// Whose cabinet an account opens.
pub(super) async fn owner(
    tx: &Tx,
    cab: &Cabinet,
    provider: &str,
    profile: &IdentityProfile,
) -> Result<Option<BorrowerId>> {
    let row = sql::one(
        tx,
        "SELECT borrower FROM way WHERE kind = 'identity' AND provider = $1 \
         AND subject_index = $2 AND removed_at IS NULL",
        vec![
            provider.into(),
            subject_index(cab, provider, &profile.subject).into(),
        ],
    )
    .await?;
    row.map(|row| {
        let id: String = sql::get(&row, "borrower")?;
        id.parse().map_err(CabinetError::internal)
    })
    .transpose()
}

/// Links an account; the owner is told by SMS. Linking what is linked already changes nothing.
/// Refuses with `Conflict`: `identity_taken` (another cabinet has it), `identity_second` (another
/// account of the same provider is linked), `identity_other_person`.
pub(super) async fn link(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    provider: &str,
    profile: &IdentityProfile,
) -> Result<()> {
    ways::lock(tx, borrower).await?;
    match owner(tx, cab, provider, profile).await? {
        Some(owner) if owner == borrower => {
            return claim::keep(tx, cab, borrower, provider, profile).await;
        }
        Some(_) => return Err(CabinetError::Conflict("identity_taken")),
        None => {}
    }
    if has_other(tx, borrower, provider).await? {
        return Err(CabinetError::Conflict("identity_second"));
    }
    if !same_person(tx, cab, borrower, profile).await? {
        return Err(CabinetError::Conflict("identity_other_person"));
    }
    let new = NewWay {
        kind: WayKind::Identity,
        provider,
        subject_index: &subject_index(cab, provider, &profile.subject),
        subject: &label(profile),
        secret: "",
        expires_at: None,
        confirmed: true,
    };
    if !ways::add(tx, cab, borrower, new).await? {
        return Err(CabinetError::Conflict("identity_taken"));
    }
    claim::keep(tx, cab, borrower, provider, profile).await?;
    notices::tell(tx, cab, borrower, Change::IdentityLinked(provider)).await
}

async fn has_other(tx: &Tx, borrower: BorrowerId, provider: &str) -> Result<bool> {
    let statement = "SELECT id FROM way WHERE borrower = $1 AND kind = 'identity' \
                     AND provider = $2 AND removed_at IS NULL";
    let values = vec![borrower.into(), provider.into()];
    Ok(sql::one(tx, statement, values).await?.is_some())
}

/// Whether the provider's person can be the cabinet's. What never changes in a life is compared, as
/// far as both know it.
async fn same_person(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    profile: &IdentityProfile,
) -> Result<bool> {
    let answers = &profile.answers;
    let text = |field: &str| answers.get(field).map_or("", String::as_str);
    let known = profile::unchanging(cab, tx, borrower).await?;
    let differ = |one: Option<String>, other: Option<String>| match (one, other) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    };
    let birth = RuDate::parse(text("birth_date")).map(RuDate::text);
    let inn = Inn::parse(text("inn")).map(|inn| inn.digits().to_owned());
    Ok(!differ(birth, known.birth) && !differ(inn, known.inn))
}

/// What the owner knows the account by: «Анна Т.», or the phone.
fn label(profile: &IdentityProfile) -> String {
    let text = |field: &str| profile.answers.get(field).map_or("", String::as_str);
    let initial = text("last_name").chars().next();
    match (text("first_name"), initial) {
        ("", _) => Phone::parse(&profile.phone).map_or_else(String::new, |phone| phone.masked()),
        (first, Some(initial)) => format!("{first} {initial}."),
        (first, None) => first.to_owned(),
    }
}

/// Links the account that waits in this browser to the cabinet whose phone it named: the owner is in
/// and has proved themselves. `NotFound` when nothing waits for them; refuses besides as [`link`].
pub async fn identity_link(cab: &Cabinet, borrower: BorrowerId, visitor: VisitorId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = claim::waiting(tx, &cabinet, visitor).await?;
                let row = row.filter(|row| row.candidate == Some(borrower));
                let row = row.ok_or(CabinetError::NotFound)?;
                claim::remove(tx, &row.id).await?;
                link(tx, &cabinet, borrower, &row.provider, &row.profile).await
            })
        })
        .await
}

/// Forgets what waits in this browser.
pub async fn identity_unsay(cab: &Cabinet, visitor: VisitorId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                match claim::waiting(tx, &cabinet, visitor).await? {
                    Some(row) => claim::remove(tx, &row.id).await,
                    None => Ok(()),
                }
            })
        })
        .await
}
