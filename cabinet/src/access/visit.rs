//! Devices and sign-ins: who came in from where, what they have proved, and how it ends.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};

use super::{Origin, device_index, proof, ways};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, SignInId};
use crate::lender::{AccessMethod, PasswordFrom};
use crate::{Cabinet, moment};

/// The latest use is written down so often, not at every request.
const USED_MS: i64 = 10 * 60_000;
/// A sign-in that ended is forgotten after so long.
const KEPT_MS: i64 = 90 * 86_400_000;

/// Somebody who came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Who.
    pub borrower: BorrowerId,
    /// The sign-in, for the session to name.
    pub sign_in: SignInId,
    /// The device's cookie: the one that came, or a new one.
    pub device: String,
    /// Whether the cabinet was made just now.
    pub fresh: bool,
}

/// What a sign-in may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything.
    Full,
    /// Nothing until a second proof is given.
    NeedsProof,
    /// Nothing until a new password is set.
    NeedsPassword,
    /// It was ended, here or from another device.
    Ended,
}

/// How somebody comes in.
pub(super) struct Entering {
    /// The cabinet was made just now.
    pub(super) fresh: bool,
    /// Besides the code something else was shown: the password, or a device that was proved before.
    pub(super) proved: bool,
    /// The password has to be changed, or made.
    pub(super) must_change: bool,
}

/// Writes a sign-in down; a device without a cookie gets one.
pub(super) async fn enter(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    origin: &Origin,
    how: Entering,
) -> Result<Entered> {
    let usable = |token: &&String| (20..=80).contains(&token.len());
    let came = origin.device.as_ref().filter(usable).cloned();
    let device = came.unwrap_or_else(|| cab.ports().ids.secret());
    let index = cab.keys().blind_index("device", &device);
    let now = cab.now_ms();
    let row = sql::one(
        tx,
        "INSERT INTO device (device_index, borrower, first_at, last_at, trusted_at) \
         VALUES ($1, $2, $3, $3, $4) ON CONFLICT (device_index, borrower) DO UPDATE SET \
         last_at = excluded.last_at, trusted_at = COALESCE(device.trusted_at, excluded.trusted_at) \
         RETURNING trusted_at",
        vec![
            index.clone().into(),
            borrower.into(),
            now.into(),
            (how.fresh || how.proved).then_some(now).into(),
        ],
    )
    .await?
    .ok_or_else(|| CabinetError::internal("a device vanished"))?;
    let trusted = sql::get::<Option<i64>>(&row, "trusted_at")?.is_some();
    // Where the password is asked for each time, a known device does not stand for it.
    let each_time = cab.lender().access.method == AccessMethod::PhoneThenPassword
        && ways::password(tx, cab, borrower).await?.is_some();
    let proved = how.fresh || how.proved || (trusted && !each_time);
    let id = SignInId(cab.fresh_id());
    let seal =
        |column: &str, text: &str| cab.keys().encrypt("sign_in", column, &id.to_string(), text);
    let place = cab.ports().places.place(&origin.ip).unwrap_or_default();
    sql::execute(
        tx,
        "INSERT INTO sign_in (id, borrower, device_index, agent, place, at, used_at, proved_at, \
         must_change) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)",
        vec![
            id.into(),
            borrower.into(),
            index.into(),
            seal("agent", &origin.user_agent)?.into(),
            seal("place", &place)?.into(),
            now.into(),
            proved.then_some(now).into(),
            i64::from(how.must_change).into(),
        ],
    )
    .await?;
    Ok(Entered {
        borrower,
        sign_in: id,
        device,
        fresh: how.fresh,
    })
}

/// Whether somebody who comes in by a code has to make up a password first.
pub(super) async fn lacks_password(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<bool> {
    let asked = cab.lender().access.password_from == Some(PasswordFrom::Registration);
    Ok(asked && ways::password(conn, cab, borrower).await?.is_none())
}

/// What a sign-in may do now. Also notes, at times, that it is in use.
pub async fn standing(cab: &Cabinet, borrower: BorrowerId, sign_in: SignInId) -> Result<Standing> {
    match row_of(cab.db().read(), borrower, sign_in).await? {
        Some(row) => standing_by(cab, borrower, sign_in, &row).await,
        None => Ok(Standing::Ended),
    }
}

/// The row of a sign-in that was not ended, for [`standing_by`].
pub(super) async fn row_of(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    sign_in: SignInId,
) -> Result<Option<QueryResult>> {
    let statement = "SELECT proved_at, must_change, used_at FROM sign_in \
                     WHERE id = $1 AND borrower = $2 AND ended_at IS NULL";
    sql::one(db, statement, vec![sign_in.into(), borrower.into()]).await
}

/// What a sign-in may do by its row. Notes that it was used.
pub(super) async fn standing_by(
    cab: &Cabinet,
    borrower: BorrowerId,
    sign_in: SignInId,
    row: &QueryResult,
) -> Result<Standing> {
    let now = cab.now_ms();
    if now - sql::get::<i64>(row, "used_at")? >= USED_MS {
        note_use(cab, sign_in, now).await?;
    }
    let proved = sql::get::<Option<i64>>(row, "proved_at")?.is_some();
    let must_change = sql::get::<i64>(row, "must_change")? == 1;
    if !proved {
        let proofs = proof::proofs(cab, borrower).await?;
        // A password that is about to be replaced may be a forgotten one.
        if proofs.tail || (proofs.password && !must_change) {
            return Ok(Standing::NeedsProof);
        }
    }
    Ok(if must_change {
        Standing::NeedsPassword
    } else {
        Standing::Full
    })
}

/// Whether this sign-in has to make a new password: its owner may have forgotten the present one.
pub async fn renews_password(cab: &Cabinet, sign_in: SignInId) -> Result<bool> {
    let statement = "SELECT must_change FROM sign_in WHERE id = $1 AND ended_at IS NULL";
    let row = sql::one(cab.db().read(), statement, vec![sign_in.into()]).await?;
    row.map_or(Ok(false), |row| {
        Ok(sql::get::<i64>(&row, "must_change")? == 1)
    })
}

async fn note_use(cab: &Cabinet, sign_in: SignInId, now: i64) -> Result<()> {
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "UPDATE sign_in SET used_at = $1 WHERE id = $2";
                sql::execute(tx, statement, vec![now.into(), sign_in.into()])
                    .await
                    .map(drop)
            })
        })
        .await
}

/// Notes a second proof: for this sign-in, and for its device from now on.
pub(super) async fn proved(
    tx: &Tx,
    cab: &Cabinet,
    sign_in: SignInId,
    must_change: Option<bool>,
) -> Result<()> {
    let now = cab.now_ms();
    sql::execute(
        tx,
        "UPDATE sign_in SET proved_at = $1, must_change = COALESCE($2, must_change) \
         WHERE id = $3 AND ended_at IS NULL",
        vec![
            now.into(),
            must_change.map(i64::from).into(),
            sign_in.into(),
        ],
    )
    .await?;
    sql::execute(
        tx,
        "UPDATE device SET trusted_at = COALESCE(trusted_at, $1) WHERE EXISTS (SELECT 1 FROM sign_in \
         WHERE sign_in.id = $2 AND sign_in.device_index = device.device_index \
         AND sign_in.borrower = device.borrower)",
        vec![now.into(), sign_in.into()],
    )
    .await
    .map(drop)
}

/// Who is about to write their own passport down needs no other proof that they know it. To be
/// called before the answers are stored, of a sign-in whose standing is full.
pub async fn prove_by_answers(cab: &Cabinet, sign_in: SignInId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| Box::pin(async move { proved(tx, &cabinet, sign_in, None).await }))
        .await
}

/// A sign-in as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInView {
    /// Which.
    pub id: SignInId,
    /// The browser, as it names itself.
    pub agent: String,
    /// Where, roughly; nothing when it is not known.
    pub place: Option<String>,
    /// When it began.
    pub at: DateTime<Utc>,
    /// When it was used last, to within ten minutes.
    pub used_at: DateTime<Utc>,
}

/// The sign-ins that have not ended, the latest used first.
pub async fn sign_ins(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<SignInView>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT id, agent, place, at, used_at FROM sign_in \
         WHERE borrower = $1 AND ended_at IS NULL ORDER BY used_at DESC, at DESC LIMIT 50",
        vec![borrower.into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let id: String = sql::get(row, "id")?;
            let open = |column: &str| {
                let sealed: String = sql::get(row, column)?;
                cab.keys().decrypt("sign_in", column, &id, &sealed)
            };
            Ok(SignInView {
                agent: open("agent")?,
                place: Some(open("place")?).filter(|place| !place.is_empty()),
                at: moment(sql::get(row, "at")?)?,
                used_at: moment(sql::get(row, "used_at")?)?,
                id: id.parse().map_err(CabinetError::internal)?,
            })
        })
        .collect()
}

/// Ends one sign-in of a borrower and takes its device's trust away: whoever holds it has to prove
/// themselves again. `NotFound` for another person's.
pub async fn end_sign_in(cab: &Cabinet, borrower: BorrowerId, sign_in: SignInId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                sql::execute(
                    tx,
                    "UPDATE device SET trusted_at = NULL WHERE borrower = $1 AND device_index = \
                     (SELECT device_index FROM sign_in WHERE id = $2 AND borrower = $1)",
                    vec![borrower.into(), sign_in.into()],
                )
                .await?;
                let ended = end(tx, &cabinet, borrower, "id = $3", sign_in).await?;
                if ended == 0 {
                    return Err(CabinetError::NotFound);
                }
                Ok(())
            })
        })
        .await
}

/// Leaving: ends the sign-in and keeps the device's trust.
pub async fn leave(cab: &Cabinet, borrower: BorrowerId, sign_in: SignInId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                end(tx, &cabinet, borrower, "id = $3", sign_in)
                    .await
                    .map(drop)
            })
        })
        .await
}

/// Ends every other sign-in of a borrower, and the trust in every other device.
pub async fn end_others(cab: &Cabinet, borrower: BorrowerId, but: SignInId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move { others_end(tx, &cabinet, borrower, Some(but)).await })
        })
        .await
}

/// The same inside a transaction; without an exception every sign-in ends.
pub(super) async fn others_end(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    but: Option<SignInId>,
) -> Result<()> {
    let but = but.unwrap_or(SignInId(uuid::Uuid::nil()));
    sql::execute(
        tx,
        "UPDATE device SET trusted_at = NULL WHERE borrower = $1 AND device_index NOT IN \
         (SELECT device_index FROM sign_in WHERE id = $2 AND borrower = $1)",
        vec![borrower.into(), but.into()],
    )
    .await?;
    end(tx, cab, borrower, "id <> $3", but).await.map(drop)
}

/// Ends every sign-in of a borrower and trusts none of their devices: the number behind them changes.
pub(crate) async fn end_all(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
    others_end(tx, cab, borrower, None).await
}

async fn end(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    which: &str,
    sign_in: SignInId,
) -> Result<u64> {
    let statement = format!(
        "UPDATE sign_in SET ended_at = $1 WHERE borrower = $2 AND ended_at IS NULL AND {which}"
    );
    let values = vec![cab.now_ms().into(), borrower.into(), sign_in.into()];
    sql::execute(tx, &statement, values).await
}

/// Forgets what has expired: spent challenges, links, registrations nobody finished, old sign-ins.
pub async fn sweep(cab: &Cabinet) -> Result<u64> {
    let now = cab.now_ms();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut swept = 0;
                for (statement, before) in [
                    ("DELETE FROM spent_challenge WHERE expires_at < $1", now),
                    ("DELETE FROM access_link WHERE expires_at < $1", now),
                    ("DELETE FROM registration WHERE expires_at < $1", now),
                    ("DELETE FROM registration_answer WHERE expires_at < $1", now),
                    ("DELETE FROM identity_round WHERE expires_at < $1", now),
                    ("DELETE FROM identity_claim WHERE expires_at < $1", now),
                    ("DELETE FROM sign_in WHERE ended_at < $1", now - KEPT_MS),
                ] {
                    swept += sql::execute(tx, statement, vec![before.into()]).await?;
                }
                Ok(swept)
            })
        })
        .await
}

/// Whether this device is one the borrower has proved themselves on. Asked of nobody as well, so
/// that the work is the same.
pub(super) async fn trusted(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: Option<BorrowerId>,
    origin: &Origin,
) -> Result<bool> {
    let row = sql::one(
        conn,
        "SELECT trusted_at FROM device WHERE device_index = $1 AND borrower = $2 \
         AND trusted_at IS NOT NULL",
        vec![
            device_index(cab, origin).into(),
            borrower
                .map_or_else(String::new, |id| id.to_string())
                .into(),
        ],
    )
    .await?;
    Ok(row.is_some())
}
