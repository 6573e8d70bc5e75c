//! Passkeys (WebAuthn): the way in that neither a stolen SIM card nor a look-alike page can take.
//!
//! A ceremony has two halves. The first gives the browser a challenge and a sealed token with what the
//! second half has to know; nothing is stored until the answer comes, so looking at the page of
//! signing in costs no row. The answer spends the token: the same one never counts twice.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::budget::{self, Asker};
use super::notices::{self, Change};
use super::visit::{self, Entering};
use super::ways::{self, NewWay, WayKind};
use super::{Entered, Origin};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, SignInId};

/// A ceremony has to end within so long.
const LIFE_MS: i64 = 5 * 60_000;
/// Passkeys one person may have.
const MOST: usize = 10;
/// Letters of a passkey's name.
const NAME_LENGTH: usize = 40;

/// Who we are to the browsers that keep passkeys: the host of our own address. An address without a
/// name (`127.0.0.1`) can have none, and then there are no passkeys.
#[derive(Clone)]
pub struct RelyingParty(Option<Arc<Webauthn>>);

impl RelyingParty {
    /// `own_url` as browsers reach us; `name` as a person reads it beside the key.
    pub fn new(own_url: &str, name: &str) -> Self {
        let built = Url::parse(own_url).ok().and_then(|url| {
            let host = url.domain()?.to_owned();
            let builder = WebauthnBuilder::new(&host, &url).ok()?;
            builder.rp_name(name).build().ok()
        });
        if built.is_none() {
            tracing::warn!("passkeys are off: they need an address with a host's name");
        }
        Self(built.map(Arc::new))
    }

    /// Nobody: passkeys are not offered.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Whether passkeys can be used here.
    pub const fn is_there(&self) -> bool {
        self.0.is_some()
    }

    fn party(&self) -> Result<&Webauthn> {
        self.0.as_deref().ok_or(CabinetError::NotFound)
    }
}

/// The first half of a ceremony.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// What the browser is asked, as JSON of `PublicKeyCredentialCreationOptions` or
    /// `…RequestOptions` under `publicKey`.
    pub options: String,
    /// Comes back with the answer.
    pub token: String,
}

/// What the second half has to know.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    id: Uuid,
    until: i64,
    state: T,
}

const SIGN_IN: &str = "sign-in";

fn token<T: Serialize>(cab: &Cabinet, purpose: &str, state: T) -> Result<String> {
    let kept = Kept {
        id: cab.fresh_id(),
        until: cab.now_ms() + LIFE_MS,
        state,
    };
    let text = serde_json::to_string(&kept).map_err(CabinetError::internal)?;
    cab.keys().encrypt("passkey", "ceremony", purpose, &text)
}

fn opened<T: DeserializeOwned>(cab: &Cabinet, purpose: &str, token: &str) -> Result<Kept<T>> {
    let late = || CabinetError::Conflict("passkey_late");
    let text = cab.keys().decrypt("passkey", "ceremony", purpose, token);
    let kept: Kept<T> = serde_json::from_str(&text.map_err(|_| late())?).map_err(|_| late())?;
    if kept.until <= cab.now_ms() {
        return Err(late());
    }
    Ok(kept)
}

/// A token counts once, whatever came of it.
async fn spend<T>(tx: &Tx, cab: &Cabinet, kept: &Kept<T>) -> Result<()> {
    let spent = sql::execute(
        tx,
        "INSERT INTO spent_challenge (token_index, expires_at) VALUES ($1, $2) \
         ON CONFLICT (token_index) DO NOTHING",
        vec![
            cab.keys()
                .blind_index("passkey_ceremony", &kept.id.to_string())
                .into(),
            kept.until.into(),
        ],
    )
    .await?;
    if spent == 1 {
        Ok(())
    } else {
        Err(CabinetError::Conflict("passkey_late"))
    }
}

/// Begins signing in, proving or confirming by a passkey: whoever answers says themselves who they
/// are. `NotFound` where there are no passkeys.
pub fn passkey_asked(cab: &Cabinet) -> Result<Ceremony> {
    let party = cab.ports().passkeys.party()?;
    let (options, state) = party
        .start_discoverable_authentication()
        .map_err(CabinetError::internal)?;
    Ok(Ceremony {
        options: serde_json::to_string(&options).map_err(CabinetError::internal)?,
        token: token(cab, SIGN_IN, state)?,
    })
}

/// Whose passkey has answered.
struct Known {
    borrower: BorrowerId,
}

/// Why an answer was not taken; the transaction commits all the same.
type Answered = std::result::Result<Known, CabinetError>;

fn wrong() -> CabinetError {
    CabinetError::Conflict("passkey_wrong")
}

/// Checks an answer and moves the key's counter on.
async fn answered(
    tx: &Tx,
    cab: &Cabinet,
    token: &str,
    credential: &str,
    origin: &Origin,
) -> Result<Answered> {
    let party = cab.ports().passkeys.party()?;
    let kept: Kept<DiscoverableAuthentication> = opened(cab, SIGN_IN, token)?;
    let asker = Asker {
        address: budget::address_index(cab, origin),
        known: false,
    };
    budget::may_guess(tx, cab, &asker).await?;
    spend(tx, cab, &kept).await?;
    let checked = check(tx, cab, party, kept.state, credential).await?;
    if checked.is_err() {
        budget::failed(tx, cab, &asker).await?;
    }
    Ok(checked)
}

async fn check(
    tx: &Tx,
    cab: &Cabinet,
    party: &Webauthn,
    state: DiscoverableAuthentication,
    credential: &str,
) -> Result<Answered> {
    let Ok(credential) = serde_json::from_str::<PublicKeyCredential>(credential) else {
        return Ok(Err(wrong()));
    };
    let Ok((_, id)) = party.identify_discoverable_authentication(&credential) else {
        return Ok(Err(wrong()));
    };
    let Some(mut stored) = stored(tx, cab, id).await? else {
        return Ok(Err(CabinetError::Conflict("passkey_unknown")));
    };
    match party.finish_discoverable_authentication_v2(&credential, state, &stored.passkey) {
        Ok(result) => {
            stored.passkey.update_credential(&result);
            stored.keep(tx, cab).await?;
            Ok(Ok(Known {
                borrower: stored.borrower,
            }))
        }
        Err(WebauthnError::CredentialPossibleCompromise) => {
            tracing::error!("a passkey's counter went back: is there a copy of it?");
            notices::tell(tx, cab, stored.borrower, Change::PasskeyCopied).await?;
            Ok(Err(CabinetError::Conflict("passkey_copied")))
        }
        Err(error) => {
            tracing::warn!(%error, "a passkey's answer is refused");
            Ok(Err(wrong()))
        }
    }
}

/// A passkey as it is stored.
struct Stored {
    way: String,
    borrower: BorrowerId,
    passkey: Passkey,
}

fn id_index(cab: &Cabinet, id: &[u8]) -> String {
    cab.keys().blind_index("passkey", &BASE64.encode(id))
}

async fn stored(tx: &Tx, cab: &Cabinet, id: &[u8]) -> Result<Option<Stored>> {
    let statement = format!(
        "SELECT id, borrower, secret FROM way WHERE kind = 'passkey' AND subject_index = $1 \
         AND removed_at IS NULL{}",
        sql::for_update(tx)
    );
    let Some(row) = sql::one(tx, &statement, vec![id_index(cab, id).into()]).await? else {
        return Ok(None);
    };
    let way: String = sql::get(&row, "id")?;
    let borrower: String = sql::get(&row, "borrower")?;
    let sealed: String = sql::get(&row, "secret")?;
    let text = cab.keys().decrypt("way", "secret", &way, &sealed)?;
    Ok(Some(Stored {
        borrower: borrower.parse().map_err(CabinetError::internal)?,
        passkey: serde_json::from_str(&text).map_err(CabinetError::internal)?,
        way,
    }))
}

impl Stored {
    async fn keep(&self, tx: &Tx, cab: &Cabinet) -> Result<()> {
        let text = serde_json::to_string(&self.passkey).map_err(CabinetError::internal)?;
        let sealed = cab.keys().encrypt("way", "secret", &self.way, &text)?;
        let statement = "UPDATE way SET secret = $1, used_at = $2 WHERE id = $3";
        let values = vec![sealed.into(), cab.now_ms().into(), self.way.clone().into()];
        sql::execute(tx, statement, values).await.map(drop)
    }
}

/// Signs in by a passkey: the device becomes a known one and nothing else is asked. Refuses with
/// `Conflict`: `passkey_late` (too long ago, or answered already), `passkey_unknown`,
/// `passkey_wrong`, `passkey_copied`; with `TooMany` like a code.
pub async fn passkey_sign_in(
    cab: &Cabinet,
    token: &str,
    credential: &str,
    origin: &Origin,
) -> Result<Entered> {
    let (cabinet, origin) = (cab.clone(), origin.clone());
    let (token, credential) = (token.to_owned(), credential.to_owned());
    let entered = cab.db().write(move |tx| {
        Box::pin(async move {
            let known = match answered(tx, &cabinet, &token, &credential, &origin).await? {
                Ok(known) => known,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let how = Entering {
                fresh: false,
                proved: true,
                must_change: false,
            };
            let entered = visit::enter(tx, &cabinet, known.borrower, &origin, how).await?;
            Ok(Ok(entered))
        })
    });
    entered.await?
}

/// Gives the second proof by a passkey of the same person. Refuses like signing in.
pub async fn passkey_prove(
    cab: &Cabinet,
    (borrower, sign_in): (BorrowerId, SignInId),
    token: &str,
    credential: &str,
    origin: &Origin,
) -> Result<()> {
    own(cab, borrower, Some(sign_in), token, credential, origin).await
}

/// Confirms by a passkey that it is the same person. Refuses like signing in.
pub async fn passkey_confirm(
    cab: &Cabinet,
    borrower: BorrowerId,
    token: &str,
    credential: &str,
    origin: &Origin,
) -> Result<()> {
    own(cab, borrower, None, token, credential, origin).await
}

async fn own(
    cab: &Cabinet,
    borrower: BorrowerId,
    proves: Option<SignInId>,
    token: &str,
    credential: &str,
    origin: &Origin,
) -> Result<()> {
    let (cabinet, origin) = (cab.clone(), origin.clone());
    let (token, credential) = (token.to_owned(), credential.to_owned());
    let done = cab.db().write(move |tx| {
        Box::pin(async move {
            let known = match answered(tx, &cabinet, &token, &credential, &origin).await? {
                Ok(known) => known,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if known.borrower != borrower {
                return Ok(Err(CabinetError::Conflict("passkey_unknown")));
            }
            if let Some(sign_in) = proves {
                visit::proved(tx, &cabinet, sign_in, None).await?;
            }
            Ok(Ok(()))
        })
    });
    done.await?
}

/// Begins adding a passkey. `Conflict("passkeys_many")` when there are enough of them, `NotFound`
/// where there are none at all.
pub async fn passkey_new(cab: &Cabinet, borrower: BorrowerId) -> Result<Ceremony> {
    let party = cab.ports().passkeys.party()?;
    let conn = cab.db().read();
    let held = held(cab, borrower).await?;
    if held.len() >= MOST {
        return Err(CabinetError::Conflict("passkeys_many"));
    }
    let phone = super::contact(cab, conn, borrower).await?.phone.masked();
    let (mut options, state) = party
        .start_passkey_registration(borrower.0, &phone, &phone, Some(held))
        .map_err(CabinetError::internal)?;
    // Kept by the authenticator itself, so that signing in asks for no phone first.
    if let Some(selection) = options.public_key.authenticator_selection.as_mut() {
        selection.require_resident_key = true;
    }
    let mut options = serde_json::to_value(&options).map_err(CabinetError::internal)?;
    if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection")
        && let Some(selection) = selection.as_object_mut()
    {
        selection.insert("residentKey".to_owned(), "required".into());
    }
    Ok(Ceremony {
        options: options.to_string(),
        token: token(cab, &adding(borrower), state)?,
    })
}

fn adding(borrower: BorrowerId) -> String {
    format!("add:{borrower}")
}

/// What the borrower's authenticators call their keys, so that none makes a second one.
async fn held(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<CredentialID>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT id, secret FROM way WHERE borrower = $1 AND kind = 'passkey' AND removed_at IS NULL",
        vec![borrower.into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let (id, sealed): (String, String) = (sql::get(row, "id")?, sql::get(row, "secret")?);
            let text = cab.keys().decrypt("way", "secret", &id, &sealed)?;
            let passkey: Passkey = serde_json::from_str(&text).map_err(CabinetError::internal)?;
            Ok(passkey.cred_id().clone())
        })
        .collect()
}

/// Adds a passkey under a name. The owner is told by SMS. Refuses with `Fields("name")`, with
/// `Conflict`: `passkey_late`, `passkey_wrong`, `passkey_taken`, `passkeys_many`.
pub async fn passkey_add(
    cab: &Cabinet,
    borrower: BorrowerId,
    token: &str,
    credential: &str,
    name: &str,
) -> Result<()> {
    let party = cab.ports().passkeys.party()?;
    let name = typed_name(name)?;
    let kept: Kept<PasskeyRegistration> = opened(cab, &adding(borrower), token)?;
    let credential: RegisterPublicKeyCredential =
        serde_json::from_str(credential).map_err(|_| wrong())?;
    let passkey = party.finish_passkey_registration(&credential, &kept.state);
    let passkey = passkey.map_err(|error| {
        tracing::warn!(%error, "a new passkey is refused");
        wrong()
    })?;
    let text = serde_json::to_string(&passkey).map_err(CabinetError::internal)?;
    let index = id_index(cab, passkey.cred_id());
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                spend(tx, &cabinet, &kept).await?;
                ways::lock(tx, borrower).await?;
                if ways::count(tx, borrower, WayKind::Passkey).await? >= MOST {
                    return Err(CabinetError::Conflict("passkeys_many"));
                }
                let new = NewWay {
                    kind: WayKind::Passkey,
                    provider: "",
                    subject_index: &index,
                    subject: &name,
                    secret: &text,
                    expires_at: None,
                    confirmed: true,
                };
                if !ways::add(tx, &cabinet, borrower, new).await? {
                    return Err(CabinetError::Conflict("passkey_taken"));
                }
                notices::tell(tx, &cabinet, borrower, Change::PasskeyAdded).await
            })
        })
        .await
}

/// Gives a passkey another name. `NotFound` for another person's.
pub async fn passkey_rename(
    cab: &Cabinet,
    borrower: BorrowerId,
    way: &str,
    name: &str,
) -> Result<()> {
    let (name, way) = (typed_name(name)?, ways::named(way)?);
    let sealed = cab.keys().encrypt("way", "subject", &way, &name)?;
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let renamed = sql::execute(
                    tx,
                    "UPDATE way SET subject = $1 WHERE id = $2 AND borrower = $3 \
                     AND kind = 'passkey' AND removed_at IS NULL",
                    vec![sealed.into(), way.into(), borrower.into()],
                )
                .await?;
                if renamed == 1 {
                    Ok(())
                } else {
                    Err(CabinetError::NotFound)
                }
            })
        })
        .await
}

fn typed_name(typed: &str) -> Result<String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(CabinetError::field("name", "required"));
    }
    if name.chars().count() > NAME_LENGTH || name.chars().any(char::is_control) {
        return Err(CabinetError::field("name", "passkey_name"));
    }
    Ok(name)
}

/// Whether a person has a passkey.
pub(super) async fn has_any(
    conn: &impl sea_orm::ConnectionTrait,
    borrower: BorrowerId,
) -> Result<bool> {
    Ok(ways::count(conn, borrower, WayKind::Passkey).await? > 0)
}
