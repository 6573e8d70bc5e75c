//! Accounts elsewhere (OpenID Connect, OAuth): Gosuslugi, banks, social networks.
//!
//! A journey to a provider is a row that only the same browser can bring back, once. What comes back
//! opens a cabinet only when its owner has linked that account; a phone that a provider claims opens
//! nothing: it is confirmed by a code, an existing cabinet by its own proof, and the linking by a
//! press.

use locales::Lang;

use super::budget::{self, Asker};
use super::codes::{Reason, create};
use super::sign_in::new_code;
use super::visit::{self, Entering};
use super::{CodeSent, Entered, Origin};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, VisitorId};
use crate::lender::{Identity, IdentityOpens};
use crate::limits;
use crate::ports::{IdentityError, IdentityProfile, IdentityReturn, IdentityRound};

mod claim;
mod first;
mod link;

pub use claim::{Claim, claim, identity_answers};
pub(super) use claim::{forget, move_to};
pub(super) use first::finish;
pub use first::identity_phone;
pub use link::{identity_link, identity_unsay};

/// A journey has to end within so long.
const LIFE_MS: i64 = 15 * 60_000;
/// Journeys one network may begin in an hour.
const ROUNDS_PER_ADDRESS: u32 = 100;
const HOUR_SECONDS: u64 = 3600;

/// How a journey ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrived {
    /// Somebody whose account is linked came in.
    In(Entered),
    /// The same on a new device: a code has gone to the owner's phone.
    Code(CodeSent),
    /// Nobody has linked this account yet: the phone is asked for.
    Phone,
    /// The account is linked to the cabinet it was brought to.
    Linked,
}

/// The providers that this lender offers and this installation can reach, in the order of the file.
pub fn identity_offers(cab: &Cabinet) -> Vec<&Identity> {
    let offers = cab.lender().access.identity.iter();
    offers
        .filter(|offer| cab.ports().identity.knows(&offer.provider))
        .collect()
}

fn offer<'a>(cab: &'a Cabinet, provider: &str) -> Result<&'a Identity> {
    identity_offers(cab)
        .into_iter()
        .find(|offer| offer.provider == provider)
        .ok_or(CabinetError::NotFound)
}

fn visitor_index(cab: &Cabinet, visitor: VisitorId) -> String {
    cab.keys()
        .blind_index("identity_visitor", &visitor.to_string())
}

fn subject_index(cab: &Cabinet, provider: &str, subject: &str) -> String {
    cab.keys()
        .blind_index("identity", &format!("{provider}\u{1f}{subject}"))
}

fn asker(cab: &Cabinet, origin: &Origin) -> Asker {
    Asker {
        address: budget::address_index(cab, origin),
        known: false,
    }
}

/// Begins a journey to a provider; answers where the browser goes. `borrower` links the account to
/// their cabinet, nobody signs in by it. `NotFound` for a provider that is not offered,
/// `TooMany("identity_address_hour")`, `Unavailable("identity")`.
pub async fn identity_start(
    cab: &Cabinet,
    provider: &str,
    visitor: VisitorId,
    borrower: Option<BorrowerId>,
    origin: &Origin,
) -> Result<String> {
    let provider = offer(cab, provider)?.provider.clone();
    let ids = &cab.ports().ids;
    let round = IdentityRound {
        state: ids.secret(),
        nonce: ids.secret(),
        verifier: ids.secret() + &ids.secret(),
    };
    let (cabinet, address) = (cab.clone(), budget::address_index(cab, origin));
    let (kept, name) = (round.clone(), provider.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (kind, most) = ("identity_address_hour", ROUNDS_PER_ADDRESS);
                limits::hit(tx, &cabinet, kind, &address, HOUR_SECONDS, most).await?;
                keep(tx, &cabinet, &kept, &name, visitor, borrower).await
            })
        })
        .await?;
    let started = cab.ports().identity.start(&provider, &round).await;
    started.map_err(|error| {
        tracing::warn!(%provider, %error, "a journey to a provider can't begin");
        CabinetError::Unavailable("identity")
    })
}

async fn keep(
    tx: &Tx,
    cab: &Cabinet,
    round: &IdentityRound,
    provider: &str,
    visitor: VisitorId,
    borrower: Option<BorrowerId>,
) -> Result<()> {
    let index = cab.keys().blind_index("identity_state", &round.state);
    let text = serde_json::to_string(round).map_err(CabinetError::internal)?;
    let sealed = cab
        .keys()
        .encrypt("identity_round", "secrets", &index, &text)?;
    sql::execute(
        tx,
        "INSERT INTO identity_round (state_index, visitor_index, provider, borrower, secrets, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            index.into(),
            visitor_index(cab, visitor).into(),
            provider.into(),
            borrower.map(|borrower| borrower.to_string()).into(),
            sealed.into(),
            (cab.now_ms() + LIFE_MS).into(),
        ],
    )
    .await
    .map(drop)
}

/// A journey that has come back.
struct Back {
    round: IdentityRound,
    borrower: Option<BorrowerId>,
}

/// Takes the row of a journey: it comes back once, in time, to the browser and the provider it
/// began with.
async fn take(
    tx: &Tx,
    cab: &Cabinet,
    provider: &str,
    visitor: VisitorId,
    state: &str,
) -> Result<Option<Back>> {
    let index = cab.keys().blind_index("identity_state", state);
    let row = sql::one(
        tx,
        "DELETE FROM identity_round WHERE state_index = $1 AND visitor_index = $2 \
         AND provider = $3 AND expires_at > $4 RETURNING borrower, secrets",
        vec![
            index.clone().into(),
            visitor_index(cab, visitor).into(),
            provider.into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed: String = sql::get(&row, "secrets")?;
    let text = cab
        .keys()
        .decrypt("identity_round", "secrets", &index, &sealed)?;
    let borrower: Option<String> = sql::get(&row, "borrower")?;
    Ok(Some(Back {
        round: serde_json::from_str(&text).map_err(CabinetError::internal)?,
        borrower: borrower
            .map(|id| id.parse())
            .transpose()
            .map_err(CabinetError::internal)?,
    }))
}

/// Who has come back, and with what.
pub struct Arrival {
    /// The browser's visitor.
    pub visitor: VisitorId,
    /// Who is signed in there.
    pub borrower: Option<BorrowerId>,
    /// The state of the journey.
    pub state: String,
    /// The rest of what the provider gave.
    pub back: IdentityReturn,
}

/// Ends a journey. Refuses with `Conflict`: `identity_late` (not this browser's, too long ago, or a
/// second time), `identity_refused`, `identity_unverified`, `identity_not_linked`, and as linking
/// does; with `Unavailable("identity")`, with `TooMany` like a code.
pub async fn identity_arrive(
    cab: &Cabinet,
    provider: &str,
    arrival: Arrival,
    origin: &Origin,
    lang: Lang,
) -> Result<Arrived> {
    let offer = offer(cab, provider)?.clone();
    let back = returned(cab, provider, &arrival, origin).await?;
    if back.borrower.is_some() && back.borrower != arrival.borrower {
        return Err(CabinetError::Conflict("identity_late"));
    }
    let profile = profile(cab, provider, &back.round, &arrival.back, origin).await?;
    if offer.verified && !profile.verified {
        return Err(CabinetError::Conflict("identity_unverified"));
    }
    let (cabinet, origin) = (cab.clone(), origin.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let cab = &cabinet;
                if let Some(borrower) = back.borrower {
                    link::link(tx, cab, borrower, &offer.provider, &profile).await?;
                    return Ok(Arrived::Linked);
                }
                match link::owner(tx, cab, &offer.provider, &profile).await? {
                    Some(owner) => again(tx, cab, &offer, owner, &origin, lang).await,
                    None if offer.opens == IdentityOpens::Linked => {
                        Err(CabinetError::Conflict("identity_not_linked"))
                    }
                    None => {
                        let provider = &offer.provider;
                        claim::wait(tx, cab, arrival.visitor, provider, &profile).await?;
                        Ok(Arrived::Phone)
                    }
                }
            })
        })
        .await
}

async fn returned(
    cab: &Cabinet,
    provider: &str,
    arrival: &Arrival,
    origin: &Origin,
) -> Result<Back> {
    let (cabinet, asker) = (cab.clone(), asker(cab, origin));
    let (provider, state) = (provider.to_owned(), arrival.state.clone());
    let visitor = arrival.visitor;
    let taken = cab.db().write(move |tx| {
        Box::pin(async move {
            budget::may_guess(tx, &cabinet, &asker).await?;
            let back = take(tx, &cabinet, &provider, visitor, &state).await?;
            if back.is_none() {
                budget::failed(tx, &cabinet, &asker).await?;
            }
            Ok(back)
        })
    });
    taken.await?.ok_or(CabinetError::Conflict("identity_late"))
}

async fn profile(
    cab: &Cabinet,
    provider: &str,
    round: &IdentityRound,
    back: &IdentityReturn,
    origin: &Origin,
) -> Result<IdentityProfile> {
    let error = match cab.ports().identity.finish(provider, round, back).await {
        Ok(profile) if !profile.subject.is_empty() => return Ok(profile),
        Ok(_) => IdentityError::Refused("a person without a name".into()),
        Err(error) => error,
    };
    tracing::warn!(provider, %error, "a provider's answer is not taken");
    let IdentityError::Refused(_) = error else {
        return Err(CabinetError::Unavailable("identity"));
    };
    let (cabinet, asker) = (cab.clone(), asker(cab, origin));
    cab.db()
        .write(move |tx| Box::pin(async move { budget::failed(tx, &cabinet, &asker).await }))
        .await?;
    Err(CabinetError::Conflict("identity_refused"))
}

/// Somebody whose account is linked: in from a known device, a code for a new one.
async fn again(
    tx: &Tx,
    cab: &Cabinet,
    offer: &Identity,
    owner: BorrowerId,
    origin: &Origin,
    lang: Lang,
) -> Result<Arrived> {
    if visit::trusted(tx, cab, Some(owner), origin).await? {
        let how = entering(offer.proves);
        let entered = visit::enter(tx, cab, owner, origin, how).await?;
        return Ok(Arrived::In(entered));
    }
    let phone = super::contact(cab, tx, owner).await?.phone;
    let mut new = new_code(Some(owner), &phone, Reason::Account, lang);
    new.object_hash = &offer.provider;
    create(tx, cab, new).await.map(Arrived::Code)
}

/// How somebody comes in by an account elsewhere and the code: a provider who has seen the passport is a
/// second proof, another is not.
pub(super) fn by_account(cab: &Cabinet, provider: &str) -> Entering {
    let offer = cab.lender().access.identity_of(provider);
    entering(offer.is_some_and(|offer| offer.proves))
}

const fn entering(proved: bool) -> Entering {
    Entering {
        fresh: false,
        proved,
        must_change: false,
    }
}
