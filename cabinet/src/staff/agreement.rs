//! What two people have to agree on: one asks with a reason, another approves or refuses. Nobody decides on what
//! they asked for themselves, nor on what is about themselves; the table of the database refuses it as well.

use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};

use super::audit::{self, Deed};
use super::{Action, Role, Staff, another, find, give, reason};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{AgreementId, StaffId};
use crate::{Cabinet, moment};

/// What kinds there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody gains a role.
    GiveRole,
    /// Somebody loses one.
    TakeRole,
    /// Somebody works here no more.
    Leave,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::GiveRole, Self::TakeRole, Self::Leave];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::GiveRole => "give_role",
            Self::TakeRole => "take_role",
            Self::Leave => "leave",
        }
    }

    fn read(code: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or_else(|| CabinetError::internal("an unknown kind of agreement"))
    }

    /// What the second person must be allowed to do.
    const fn second(self) -> Action {
        match self {
            Self::GiveRole | Self::TakeRole | Self::Leave => Action::ApproveStaff,
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Approved,
    /// It was not.
    Refused,
    /// Whoever asked for it thought better of it.
    Withdrawn,
}

impl Outcome {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// Something that waits for the second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// What kind.
    pub kind: Kind,
    /// About whom of the staff.
    pub subject: StaffId,
    /// Their name.
    pub subject_name: String,
    /// The role, when it is about one.
    pub role: Option<Role>,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub asked_by: StaffId,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub asked_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    role: Option<Role>,
}

/// Asks for a change of somebody's roles, or for them to leave (`Kind::Leave`, without a role).
///
/// # Errors
/// `Forbidden("staff_role")`, `NotFound`, `Fields` without a reason, `Conflict("agreement_waits")` when the same
/// is asked for already, `Conflict("nothing_to_change")`.
pub async fn propose_role(
    cab: &Cabinet,
    by: &Staff,
    kind: Kind,
    subject: StaffId,
    role: Option<Role>,
    why: &str,
) -> Result<AgreementId> {
    by.must(Action::ProposeStaff)?;
    let reason = reason("reason", why)?;
    if (kind == Kind::Leave) != role.is_none() {
        return Err(CabinetError::field("role", "required"));
    }
    let known = find::by_id(cab, subject).await?;
    let known = known.ok_or(CabinetError::NotFound)?.staff;
    let holds = role.is_some_and(|role| known.roles.contains(&role));
    if (kind == Kind::GiveRole && holds) || (kind == Kind::TakeRole && !holds) {
        return Err(CabinetError::Conflict("nothing_to_change"));
    }
    let id = AgreementId(cab.fresh_id());
    let object = format!("{subject}:{}", role.map_or("", Role::code));
    let body = serde_json::to_string(&Body { role }).map_err(CabinetError::internal)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let written = sql::execute(
                    tx,
                    "INSERT INTO agreement (id, kind, object, subject, body, reason, asked_by, \
                     asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                    vec![
                        id.into(),
                        kind.code().into(),
                        object.into(),
                        subject.into(),
                        body.into(),
                        reason.clone().into(),
                        by.id.into(),
                        cabinet.now_ms().into(),
                    ],
                )
                .await?;
                if written == 0 {
                    return Err(CabinetError::Conflict("agreement_waits"));
                }
                let deed = Deed::new(Action::ProposeStaff, id).because(&reason);
                audit::write(tx, &cabinet, Some(&by), deed).await?;
                Ok(id)
            })
        })
        .await
}

/// What waits, oldest first.
pub async fn agreements(cab: &Cabinet, by: &Staff) -> Result<Vec<Agreement>> {
    by.must(Action::ReadStaff)?;
    let names = find::names(cab).await?;
    let rows = sql::all(
        cab.db().read(),
        "SELECT * FROM agreement WHERE outcome IS NULL ORDER BY asked_at, id",
        vec![],
    )
    .await?;
    let name = |id: &StaffId| names.get(id).cloned().unwrap_or_default();
    rows.iter()
        .map(|row| {
            let read = Read::of(row)?;
            Ok(Agreement {
                id: read.id,
                kind: read.kind,
                subject: read.subject,
                subject_name: name(&read.subject),
                role: read.role,
                reason: sql::get(row, "reason")?,
                asked_by: read.asked_by,
                asked_by_name: name(&read.asked_by),
                asked_at: moment(sql::get(row, "asked_at")?)?,
            })
        })
        .collect()
}

struct Read {
    id: AgreementId,
    kind: Kind,
    subject: StaffId,
    role: Option<Role>,
    asked_by: StaffId,
}

impl Read {
    fn of(row: &QueryResult) -> Result<Self> {
        let id = |column: &str| sql::get::<String>(row, column);
        let body: Body = serde_json::from_str(&id("body")?).map_err(CabinetError::internal)?;
        Ok(Self {
            id: id("id")?.parse().map_err(CabinetError::internal)?,
            kind: Kind::read(&id("kind")?)?,
            subject: id("subject")?.parse().map_err(CabinetError::internal)?,
            role: body.role,
            asked_by: id("asked_by")?.parse().map_err(CabinetError::internal)?,
        })
    }
}

async fn waiting(tx: &Tx, id: AgreementId) -> Result<Read> {
    let statement = format!(
        "SELECT * FROM agreement WHERE id = $1 AND outcome IS NULL{}",
        sql::for_update(tx)
    );
    let row = sql::one(tx, &statement, vec![id.into()]).await?;
    Read::of(&row.ok_or(CabinetError::NotFound)?)
}

/// The second person's word; what was asked for happens in the same transaction.
///
/// # Errors
/// `Forbidden("second_person")` for whoever asked for it and for whom it is about, `Forbidden("staff_role")`,
/// `NotFound` when it waits no more, `Conflict("last_chief")` when nobody would be left to agree on anything.
pub async fn decide(cab: &Cabinet, by: &Staff, id: AgreementId, approve: bool) -> Result<()> {
    by.must(Action::ApproveStaff)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let read = waiting(tx, id).await?;
                by.must(read.kind.second())?;
                another(&by, &read.asked_by.to_string())?;
                another(&by, &read.subject.to_string())?;
                let outcome = if approve {
                    carry_out(tx, &cabinet, &read).await?;
                    Outcome::Approved
                } else {
                    Outcome::Refused
                };
                close(tx, &cabinet, id, &by, outcome).await?;
                let deed = Deed::new(read.kind.second(), id).because(outcome.code());
                audit::write(tx, &cabinet, Some(&by), deed).await
            })
        })
        .await
}

/// Takes back what one asked for.
pub async fn withdraw(cab: &Cabinet, by: &Staff, id: AgreementId) -> Result<()> {
    by.must(Action::ProposeStaff)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if waiting(tx, id).await?.asked_by != by.id {
                    return Err(CabinetError::NotFound);
                }
                close(tx, &cabinet, id, &by, Outcome::Withdrawn).await?;
                let deed = Deed::new(Action::ProposeStaff, id).because(Outcome::Withdrawn.code());
                audit::write(tx, &cabinet, Some(&by), deed).await
            })
        })
        .await
}

async fn close(
    tx: &Tx,
    cab: &Cabinet,
    id: AgreementId,
    by: &Staff,
    outcome: Outcome,
) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE agreement SET decided_by = $1, decided_at = $2, outcome = $3 WHERE id = $4",
        vec![
            by.id.into(),
            cab.now_ms().into(),
            outcome.code().into(),
            id.into(),
        ],
    )
    .await
    .map(drop)
}

async fn carry_out(tx: &Tx, cab: &Cabinet, read: &Read) -> Result<()> {
    let subject = read.subject;
    match (read.kind, read.role) {
        (Kind::GiveRole, Some(role)) => {
            give(tx, cab, subject, role, &read.id.to_string()).await?;
        }
        (Kind::TakeRole, Some(role)) => {
            let take = "DELETE FROM staff_role WHERE staff = $1 AND role = $2";
            sql::execute(tx, take, vec![subject.into(), role.code().into()]).await?;
        }
        (Kind::Leave, _) => {
            let leave = "UPDATE staff SET left_at = $1 WHERE id = $2 AND left_at IS NULL";
            sql::execute(tx, leave, vec![cab.now_ms().into(), subject.into()]).await?;
            let end = "UPDATE staff_session SET ended_at = used_at \
                 WHERE staff = $1 AND ended_at IS NULL";
            sql::execute(tx, end, vec![subject.into()]).await?;
        }
        _ => return Err(CabinetError::internal("an agreement without its role")),
    }
    let chiefs = sql::one(
        tx,
        "SELECT COUNT(*) AS chiefs FROM staff_role JOIN staff ON staff.id = staff_role.staff \
         WHERE role = 'chief' AND left_at IS NULL",
        vec![],
    )
    .await?;
    // Two people are needed to agree on anything, the next chief included.
    match chiefs
        .map(|row| sql::get::<i64>(&row, "chiefs"))
        .transpose()?
    {
        Some(chiefs) if chiefs >= 2 || read.kind == Kind::GiveRole => Ok(()),
        _ => Err(CabinetError::Conflict("last_chief")),
    }
}
