//! Inviting a friend: a code, whom it brought, and a reward for both after the friend's first paid interest, unless the
//! two are one.

use chrono::{DateTime, Utc};
use lending::Kopecks;
use sea_orm::ConnectionTrait;

use super::book::{self, Kind, New};
use super::ring;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, StaffId};
use crate::lender::Friends;
use crate::loan::stored::id;
use crate::notice::{self, Notice};
use crate::staff::{Action, Staff};
use crate::{Cabinet, agent, moment};

/// Letters and digits that nobody takes for others.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// How long a code is: 40 bits.
const LENGTH: usize = 8;
const YEAR_MS: i64 = 365 * 86_400_000;

/// Where a reward stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// The friend has not paid interest yet.
    Waiting,
    /// Both have their bonuses.
    Rewarded,
    /// Nobody gets any.
    Refused,
}

impl InvitationState {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Rewarded => "rewarded",
            Self::Refused => "refused",
        }
    }

    fn from_code(code: &str) -> Self {
        match code {
            "rewarded" => Self::Rewarded,
            "refused" => Self::Refused,
            _ => Self::Waiting,
        }
    }
}

/// What an inviter sees: nothing of who the friends are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The own code.
    pub code: String,
    /// When each friend came and where their reward stands, the newest first.
    pub friends: Vec<(DateTime<Utc>, InvitationState)>,
}

pub(super) fn rules(cab: &Cabinet) -> Result<&Friends> {
    let bonus = cab.lender().bonus.as_ref();
    let friends = bonus.and_then(|bonus| bonus.friends.as_ref());
    friends.ok_or(CabinetError::NotFound)
}

/// A borrower's code, made when it is first asked for, and whom it brought. `NotFound` of a lender without invitations.
pub async fn invited(cab: &Cabinet, borrower: BorrowerId) -> Result<Invited> {
    rules(cab)?;
    let cabinet = cab.clone();
    let conn = cab.db().read();
    let known = code_of(conn, borrower).await?;
    let code = match known {
        Some(code) => code,
        None => {
            cab.db()
                .write(move |tx| Box::pin(async move { make(tx, &cabinet, borrower).await }))
                .await?
        }
    };
    let rows = sql::all(
        conn,
        "SELECT at, state FROM invitation WHERE inviter = $1 ORDER BY at DESC",
        vec![borrower.into()],
    )
    .await?;
    let mut friends = Vec::with_capacity(rows.len());
    for row in rows {
        let state: String = sql::get(&row, "state")?;
        let at = moment(sql::get(&row, "at")?)?;
        friends.push((at, InvitationState::from_code(&state)));
    }
    Ok(Invited { code, friends })
}

async fn code_of(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Option<String>> {
    let statement = "SELECT code FROM invitation_code WHERE borrower = $1";
    let row = sql::one(conn, statement, vec![borrower.into()]).await?;
    row.map(|row| sql::get(&row, "code")).transpose()
}

async fn make(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<String> {
    sql::execute(
        tx,
        "INSERT INTO invitation_code (borrower, code, phone_index, at) \
         SELECT id, $2, phone_index, $3 FROM borrower WHERE id = $1 \
         ON CONFLICT (borrower) DO NOTHING",
        vec![borrower.into(), fresh(cab).into(), cab.now_ms().into()],
    )
    .await?;
    let made = code_of(tx, borrower).await?;
    made.ok_or_else(|| CabinetError::internal("a code vanished"))
}

fn fresh(cab: &Cabinet) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(cab.fresh_secret().as_bytes());
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
    digest.iter().take(LENGTH).map(letter).collect()
}

/// Somebody who came by a code has made a cabinet. Answers whether it counts: an unknown code, one's own, a second one,
/// and any code of an agent's client do not: one newcomer is paid for once. Nothing is refused, since nobody's registration may fail for it.
pub async fn came(cab: &Cabinet, friend: BorrowerId, code: &str) -> Result<bool> {
    if rules(cab).is_err() {
        return Ok(false);
    }
    let (cabinet, code) = (cab.clone(), code.trim().to_lowercase());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if agent::brought_in(tx, &friend.to_string()).await?.is_some() {
                    return Ok(false);
                }
                let written = sql::execute(
                    tx,
                    "INSERT INTO invitation (friend, inviter, phone_index, state, at) \
                     SELECT friend.id, code.borrower, friend.phone_index, 'waiting', $3 \
                     FROM invitation_code code JOIN borrower inviter ON inviter.id = code.borrower \
                     JOIN borrower friend ON friend.id = $1 \
                     WHERE code.code = $2 AND code.borrower <> $1 AND inviter.closed_at IS NULL \
                     ON CONFLICT (friend) DO NOTHING",
                    vec![friend.into(), code.into(), cabinet.now_ms().into()],
                )
                .await?;
                Ok(written == 1)
            })
        })
        .await
}

/// The friend has paid interest: both get their bonuses, or the reason why not is written down. Decided once.
pub(super) async fn paid(tx: &Tx, cab: &Cabinet, friend: BorrowerId) -> Result<()> {
    let Ok(rules) = rules(cab) else { return Ok(()) };
    let statement = format!(
        "SELECT inviter FROM invitation WHERE friend = $1 AND state = 'waiting'{}",
        sql::for_update(tx)
    );
    let Some(row) = sql::one(tx, &statement, vec![friend.into()]).await? else {
        return Ok(());
    };
    let inviter: BorrowerId = id(&sql::get::<String>(&row, "inviter")?)?;
    // Two friends at once must not both be the last of the year.
    book::lock(tx, inviter).await?;
    let refused = refusal(tx, cab, rules, inviter, friend).await?;
    let state = refused.as_ref().map_or("rewarded", |_| "refused");
    sql::execute(
        tx,
        "UPDATE invitation SET state = $1, reason = $2, decided_at = $3 WHERE friend = $4",
        vec![
            state.into(),
            refused.clone().into(),
            cab.now_ms().into(),
            friend.into(),
        ],
    )
    .await?;
    if refused.is_some() {
        return Ok(());
    }
    both(tx, cab, inviter, friend).await
}

/// Gives both what the lender's file says.
pub(super) async fn both(
    tx: &Tx,
    cab: &Cabinet,
    inviter: BorrowerId,
    friend: BorrowerId,
) -> Result<()> {
    let rules = rules(cab)?;
    reward(tx, cab, friend, (Kind::Friend, rules.friend()), friend).await?;
    reward(tx, cab, inviter, (Kind::Inviter, rules.inviter()), friend).await
}

async fn refusal(
    tx: &Tx,
    cab: &Cabinet,
    rules: &Friends,
    inviter: BorrowerId,
    friend: BorrowerId,
) -> Result<Option<String>> {
    let closed = sql::one(
        tx,
        "SELECT id FROM borrower WHERE id = $1 AND closed_at IS NOT NULL",
        vec![inviter.into()],
    );
    if closed.await?.is_some() {
        return Ok(Some("closed".into()));
    }
    let double = "SELECT borrower FROM person_double WHERE borrower IN ($1, $2)";
    let pair = vec![inviter.into(), friend.into()];
    if sql::one(tx, double, pair).await?.is_some() {
        return Ok(Some("passport".into()));
    }
    let joined = ring::joined(tx, &inviter.to_string(), &friend.to_string()).await?;
    if joined.is_some() {
        return Ok(joined);
    }
    let row = sql::one(
        tx,
        "SELECT COUNT(*) AS brought FROM invitation WHERE inviter = $1 AND state = 'rewarded' \
         AND decided_at > $2",
        vec![inviter.into(), (cab.now_ms() - YEAR_MS).into()],
    )
    .await?;
    let brought: i64 = row.map_or(Ok(0), |row| sql::get(&row, "brought"))?;
    Ok((brought >= i64::from(rules.per_year)).then(|| "limit".into()))
}

async fn reward(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    (kind, amount): (Kind, Kopecks),
    friend: BorrowerId,
) -> Result<()> {
    if !amount.is_positive() {
        return Ok(());
    }
    let new = New {
        borrower,
        kind,
        amount,
        reference: format!("{}:{friend}", kind.code()),
        loan: None,
    };
    book::give(tx, cab, new).await?;
    let told = Notice {
        borrower,
        object: borrower.to_string(),
        kind: "bonus_friend",
        occasion: friend.to_string(),
        args: vec![("amount", amount.to_string())],
    };
    notice::tell(tx, cab, told).await
}

/// A refused reward, for the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedInvitation {
    /// Who invited.
    pub inviter: BorrowerId,
    /// Who came.
    pub friend: BorrowerId,
    /// The number of the inviter's last contract.
    pub inviter_contract: Option<String>,
    /// The number of the friend's.
    pub friend_contract: Option<String>,
    /// `passport`, `device`, `card`, `purse`, `phone`, the same after `ring:` through other cabinets, `limit`, `closed`.
    pub reason: String,
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// Who asks for it to be paid all the same, why, and since when; none while nobody does.
    pub asked: Option<(StaffId, String, DateTime<Utc>)>,
}

/// The last refused rewards: those that wait for a second person first, then the newest. People are named by their contracts' numbers.
///
/// # Errors
/// `Forbidden("staff_role")`.
pub async fn refusals(cab: &Cabinet, by: &Staff) -> Result<Vec<RefusedInvitation>> {
    by.must(Action::ReadReports)?;
    let rows = sql::all(
        cab.db().read(),
        "SELECT one.inviter, one.friend, one.reason, one.decided_at, one.asked_by, one.asked_why, one.asked_at, \
         (SELECT MAX(number) FROM contract WHERE borrower = one.inviter) AS inviter_contract, \
         (SELECT MAX(number) FROM contract WHERE borrower = one.friend) AS friend_contract \
         FROM invitation one WHERE one.state = 'refused' \
         ORDER BY CASE WHEN one.asked_by IS NULL THEN 1 ELSE 0 END, one.decided_at DESC, one.friend \
         LIMIT 200",
        vec![],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let friend: String = sql::get(row, "friend")?;
            let by: Option<String> = sql::get(row, "asked_by")?;
            let why: Option<String> = sql::get(row, "asked_why")?;
            let asked = match by.zip(why) {
                Some((by, why)) => {
                    let why = cab
                        .keys()
                        .decrypt("invitation", "asked_why", &friend, &why)?;
                    Some((id(&by)?, why, moment(sql::get(row, "asked_at")?)?))
                }
                None => None,
            };
            Ok(RefusedInvitation {
                inviter: id(&sql::get::<String>(row, "inviter")?)?,
                friend: id(&friend)?,
                asked,
                inviter_contract: sql::get(row, "inviter_contract")?,
                friend_contract: sql::get(row, "friend_contract")?,
                reason: sql::get(row, "reason")?,
                at: moment(sql::get(row, "decided_at")?)?,
            })
        })
        .collect()
}

/// What a browser keeps of a code it came by, signed; nothing for a code that nobody has. `NotFound` of a lender
/// without invitations.
pub async fn keep_code(cab: &Cabinet, code: &str) -> Result<Option<String>> {
    rules(cab)?;
    let statement = "SELECT borrower FROM invitation_code WHERE code = $1";
    let found = sql::one(cab.db().read(), statement, vec![code.into()]).await?;
    Ok(found.map(|_| format!("{code}.{}", signature(cab, code))))
}

/// The code of what a browser kept; nothing when it was not signed here.
pub fn kept_code(cab: &Cabinet, kept: &str) -> Option<String> {
    let (code, signed) = kept.split_once('.')?;
    (signature(cab, code) == signed).then(|| code.to_owned())
}

fn signature(cab: &Cabinet, code: &str) -> String {
    cab.keys().blind_index("invitation", code)
}
