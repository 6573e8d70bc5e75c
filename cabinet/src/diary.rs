//! The diary of a person's data: who saw or changed what, when and why. Rows are only added, and their
//! owner reads all of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};

use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, StaffId};
use crate::{Cabinet, moment};

/// In whose place somebody looked or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The person.
    Own,
    /// Somebody of the lender's staff.
    Staff(StaffId),
    /// The program by itself, as a decision does.
    Program,
    /// The credit bureau, which was asked about the person.
    Bureau,
}

impl Role {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Staff(_) => "staff",
            Self::Program => "program",
            Self::Bureau => "bureau",
        }
    }

    fn actor(self) -> String {
        match self {
            Self::Staff(id) => id.to_string(),
            _ => String::new(),
        }
    }

    fn read(code: &str, actor: &str) -> Result<Self> {
        Ok(match code {
            "own" => Self::Own,
            "program" => Self::Program,
            "bureau" => Self::Bureau,
            "staff" => Self::Staff(actor.parse().map_err(CabinetError::internal)?),
            _ => return Err(CabinetError::internal("an unknown role in a diary")),
        })
    }
}

/// A field before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What stood there.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// What happened to a person's data.
#[derive(Debug, Clone)]
pub struct Entry {
    /// In whose place.
    pub role: Role,
    /// A stable code; the text is the locale message `diary-what-{code}`.
    pub what: &'static str,
    /// Fields that changed, by name.
    pub fields: BTreeMap<String, Change>,
    /// Why, in the words of whoever did it; may be empty.
    pub why: String,
}

impl Entry {
    /// Something that changed no field.
    pub fn new(role: Role, what: &'static str) -> Self {
        Self {
            role,
            what,
            fields: BTreeMap::new(),
            why: String::new(),
        }
    }

    /// The same with a reason.
    #[must_use]
    pub fn because(mut self, why: &str) -> Self {
        why.clone_into(&mut self.why);
        self
    }
}

/// A line as its owner reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// In whose place.
    pub role: Role,
    /// What happened, a stable code.
    pub what: String,
    /// Fields that changed, by name.
    pub fields: BTreeMap<String, Change>,
    /// Why; may be empty.
    pub why: String,
}

#[derive(Serialize, Deserialize)]
struct Body {
    fields: BTreeMap<String, Change>,
    why: String,
}

/// Lines a page shows.
pub const PAGE: i64 = 100;

/// Writes a line.
pub(crate) async fn write(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    entry: Entry,
) -> Result<()> {
    let id = cab.fresh_id().to_string();
    let (role, actor) = (entry.role.code(), entry.role.actor());
    let body = Body {
        fields: entry.fields,
        why: entry.why,
    };
    let body = serde_json::to_string(&body).map_err(CabinetError::internal)?;
    let sealed = cab.keys().encrypt("diary", "body", &id, &body)?;
    sql::execute(
        tx,
        "INSERT INTO diary (id, borrower, at, role, actor, what, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            id.into(),
            borrower.into(),
            cab.now_ms().into(),
            role.into(),
            actor.into(),
            entry.what.into(),
            sealed.into(),
        ],
    )
    .await
    .map(drop)
}

/// The newest lines of a person, [`PAGE`] at most.
pub async fn lines(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Line>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT id, at, role, actor, what, body FROM diary WHERE borrower = $1 \
         ORDER BY at DESC, id DESC LIMIT $2",
        vec![borrower.into(), PAGE.into()],
    )
    .await?;
    rows.iter().map(|row| line(cab, row)).collect()
}

fn line(cab: &Cabinet, row: &QueryResult) -> Result<Line> {
    let id: String = sql::get(row, "id")?;
    let sealed: String = sql::get(row, "body")?;
    let body = cab.keys().decrypt("diary", "body", &id, &sealed)?;
    let body: Body = serde_json::from_str(&body).map_err(CabinetError::internal)?;
    let (role, actor): (String, String) = (sql::get(row, "role")?, sql::get(row, "actor")?);
    Ok(Line {
        at: moment(sql::get(row, "at")?)?,
        role: Role::read(&role, &actor)?,
        what: sql::get(row, "what")?,
        fields: body.fields,
        why: body.why,
    })
}
