//! Agents: they bring clients by a link and earn a commission by the lender's file.
//!
//! An agent is a cabinet like any other, with more in its menu: the staff grant it, its owner agrees to the rules. A client
//! belongs to the first agent whose link was followed, if they register in time; the price of a loan does not depend on
//! it. What an agent reads of a client is written in [`policy`], field by field.
//!
//! Commissions are lines that are only added ([`book`]), each with its entry in the journal, in the transaction of what
//! earned it. A month that is over becomes a statement with a hash ([`statement`]). What may still be taken back is
//! not paid out, so no clawback leaves a balance below zero.

mod attribute;
mod book;
mod commission;
mod payout;
pub mod policy;
mod statement;
mod text;
mod view;
mod workplace;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};

use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::{AgentId, BorrowerId};
use crate::lender::AgentRules;
use crate::{Cabinet, moment};

pub(crate) use attribute::brought_in;
pub use attribute::{attribute, brought, clicked, follow, works};
pub use book::LineKind;
pub use commission::sweep;
pub(crate) use commission::{followed, issued};
pub use payout::{
    Asked, Payout, PayoutStatus, Written, approve, ask, decline, orders, paid, payouts, requisites,
    waiting, write_out,
};
pub use statement::{Line, Statement, book, statement, statements};
pub use view::{Client, Funnel, Money, Overview, PAGE, Stage, clients, overview};
pub use workplace::{Cost, Known, costs, grant, known, one, resume, stop};

/// Where an agent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentStatus {
    /// Granted by the staff; the rules are not agreed to yet.
    Invited,
    /// The link works.
    Active,
    /// New clients and new loans earn nothing.
    Stopped,
}

impl AgentStatus {
    const ALL: [Self; 3] = [Self::Invited, Self::Active, Self::Stopped];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Stopped => "stopped",
        }
    }

    fn read(code: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|one| one.code() == code)
            .ok_or_else(|| CabinetError::internal(format!("stored agent {code:?}")))
    }
}

/// An agent, as its owner's pages begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Who.
    pub id: AgentId,
    /// Where it stands.
    pub status: AgentStatus,
    /// The code of the link.
    pub code: String,
    /// The words that were agreed to, or wait to be.
    pub agreement: String,
    /// When they were.
    pub agreed_at: Option<DateTime<Utc>>,
}

/// The lender's rules, or `NotFound` where there are no agents.
fn rules(cab: &Cabinet) -> Result<&AgentRules> {
    cab.lender().agent.as_ref().ok_or(CabinetError::NotFound)
}

/// A row of an agent.
struct Row {
    id: AgentId,
    borrower: BorrowerId,
    code: String,
    label: String,
    status: AgentStatus,
    granted_at: i64,
    agreement: Option<String>,
    agreed_at: Option<i64>,
    requisites: Option<String>,
}

const COLUMNS: &str =
    "id, borrower, code, label, status, granted_at, agreement, agreed_at, requisites";

impl Row {
    fn read(row: &QueryResult) -> Result<Self> {
        let text = |column| sql::get::<String>(row, column);
        Ok(Self {
            id: text("id")?.parse().map_err(CabinetError::internal)?,
            borrower: text("borrower")?.parse().map_err(CabinetError::internal)?,
            code: text("code")?,
            label: text("label")?,
            status: AgentStatus::read(&text("status")?)?,
            granted_at: sql::get(row, "granted_at")?,
            agreement: sql::get(row, "agreement")?,
            agreed_at: sql::get(row, "agreed_at")?,
            requisites: sql::get(row, "requisites")?,
        })
    }
}

/// The agent of a column's value; locked for a change when `lock`.
async fn row_by(
    conn: &impl ConnectionTrait,
    column: &'static str,
    value: &str,
    lock: bool,
) -> Result<Option<Row>> {
    let end = if lock { sql::for_update(conn) } else { "" };
    let statement = format!("SELECT {COLUMNS} FROM agent WHERE {column} = $1{end}");
    let row = sql::one(conn, &statement, vec![value.into()]).await?;
    row.as_ref().map(Row::read).transpose()
}

/// The agent that a cabinet is; `NotFound` for everybody else.
async fn own(conn: &impl ConnectionTrait, cab: &Cabinet, borrower: BorrowerId) -> Result<Row> {
    rules(cab)?;
    row_by(conn, "borrower", &borrower.to_string(), false)
        .await?
        .ok_or(CabinetError::NotFound)
}

/// Whether a cabinet has the places of an agent in its menu.
pub async fn is_agent(cab: &Cabinet, borrower: BorrowerId) -> Result<bool> {
    is_agent_in(cab.db().read(), cab, borrower).await
}

/// The same among what is read at once.
pub(crate) async fn is_agent_in(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<bool> {
    if cab.lender().agent.is_none() {
        return Ok(false);
    }
    let statement = "SELECT id FROM agent WHERE borrower = $1";
    let row = sql::one(db, statement, vec![borrower.into()]).await?;
    Ok(row.is_some())
}

/// The agent that a cabinet is; `NotFound` for everybody else.
pub async fn agent(cab: &Cabinet, borrower: BorrowerId) -> Result<Agent> {
    let row = own(cab.db().read(), cab, borrower).await?;
    let agreement = match row.agreement {
        Some(agreed) => agreed,
        None => text::agreement(cab, rules(cab)?),
    };
    Ok(Agent {
        id: row.id,
        status: row.status,
        code: row.code,
        agreement,
        agreed_at: row.agreed_at.map(moment).transpose()?,
    })
}

/// The owner agrees to the rules as they stand today; the link works from now on. Agreed twice is once.
///
/// # Errors
/// `Fields("agree", "consent_required")` without the tick, `NotFound` for who is no agent.
pub async fn agree(
    cab: &Cabinet,
    borrower: BorrowerId,
    ticked: bool,
    origin: &crate::Origin,
) -> Result<()> {
    let agreement = text::agreement(cab, rules(cab)?);
    own(cab.db().read(), cab, borrower).await?;
    if !ticked {
        return Err(CabinetError::field("agree", "consent_required"));
    }
    let hash = crate::document::text_hash(&agreement);
    let (now, from) = (cab.now_ms(), origin.ip.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "UPDATE agent SET status = 'active', agreement = $1, agreement_hash = $2, \
                                 agreed_at = $3, agreed_from = $4 WHERE borrower = $5 AND status = 'invited'";
                let values = vec![
                    agreement.into(),
                    hash.into(),
                    now.into(),
                    from.into(),
                    borrower.into(),
                ];
                sql::execute(tx, statement, values).await.map(drop)
            })
        })
        .await
}
