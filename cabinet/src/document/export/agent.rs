//! What is kept of somebody as an agent, and of whom an agent brought.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rfc;
use super::table::{Moment, Opened, group, row};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::{Cabinet, agent};

/// The agent that a person is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportAgent {
    /// The code of the link.
    pub code: String,
    /// `invited`, `active` or `stopped`.
    pub status: String,
    /// The rules that were agreed to.
    pub agreement: Option<String>,
    /// When they were.
    pub agreed_at: Option<String>,
    /// Whose account the last payout was asked to.
    pub account_name: String,
    /// Its number.
    pub account: String,
    /// Its bank.
    pub bic: String,
}

/// A line of commission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportCommission {
    /// Its number.
    pub seq: i64,
    /// The day.
    pub on: String,
    /// `issued`, `interest`, `correction`, `clawback` or `payout`.
    pub kind: String,
    /// The agent's number of the client; none of a payout.
    pub client: Option<i64>,
    /// Kopecks; below zero what was taken back or paid.
    pub amount: i64,
}

group! {
    /// An agent's work.
    ExportAgency {
        /// Visits by the link, by day.
        agent_clicks: ExportAgentClick,
        /// When the agent was stopped.
        agent_stops: ExportAgentStop,
        /// Statements of the months.
        agent_statements: ExportAgentStatement,
        /// Payouts that were asked for.
        agent_payouts: ExportAgentPayout,
    }
}

row! {
    /// Visits of a day.
    ExportAgentClick of "agent_click",
    "SELECT seen.day, seen.clicks FROM agent_click seen JOIN agent ON agent.id = seen.agent \
     WHERE agent.borrower = $1 ORDER BY seen.day" {
        /// The day.
        day: String,
        /// How many.
        clicks: i64,
    }
}

row! {
    /// A time of being stopped.
    ExportAgentStop of "agent_stop",
    "SELECT one.from_at, one.until_at FROM agent_stop one JOIN agent ON agent.id = one.agent \
     WHERE agent.borrower = $1 ORDER BY one.from_at" {
        /// From when.
        from_at: Moment,
        /// Until when; nothing while it stands.
        until_at: Option<Moment>,
    }
}

row! {
    /// A statement.
    ExportAgentStatement of "agent_statement",
    "SELECT one.month, one.opening, one.earned, one.taken_back, one.paid, one.closing, one.hash, one.at \
     FROM agent_statement one JOIN agent ON agent.id = one.agent \
     WHERE agent.borrower = $1 ORDER BY one.month" {
        /// The month.
        month: String,
        /// What there was before it, kopecks.
        opening: i64,
        /// Earned, kopecks.
        earned: i64,
        /// Taken back, kopecks.
        taken_back: i64,
        /// Paid out, kopecks.
        paid: i64,
        /// What there was after it, kopecks.
        closing: i64,
        /// Its fingerprint.
        hash: String,
        /// When it was made.
        at: Moment,
    }
}

row! {
    /// A payout.
    ExportAgentPayout of "agent_payout",
    "SELECT one.id, one.number, one.amount, one.status, one.requisites, one.reason, \
     one.requested_at AS at, one.decided_at, one.paid_on, one.order_number \
     FROM agent_payout one JOIN agent ON agent.id = one.agent \
     WHERE agent.borrower = $1 ORDER BY one.number" {
        /// Its number.
        number: i64,
        /// Kopecks.
        amount: i64,
        /// `requested`, `approved`, `paid`, `declined`.
        status: String,
        /// Where to, as JSON.
        requisites: Opened,
        /// Why it was declined.
        reason: Option<String>,
        /// When it was asked for.
        at: Moment,
        /// When it was decided.
        decided_at: Option<Moment>,
        /// The day it was paid.
        paid_on: Option<String>,
        /// The number of the order at the bank.
        order_number: Option<String>,
    }
}

/// Nothing of who is no agent.
fn maybe<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Err(CabinetError::NotFound) => Ok(None),
        found => found.map(Some),
    }
}

/// When the link of the agent who brought somebody was followed.
pub(super) async fn brought_at(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<String>> {
    let at = agent::brought(cab, borrower).await?;
    Ok(at.map(|at| rfc(at.timestamp_millis())))
}

/// The agent that somebody is.
pub(super) async fn own(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<ExportAgent>> {
    let Some(own) = maybe(agent::agent(cab, borrower).await)? else {
        return Ok(None);
    };
    let to = agent::requisites(cab, borrower).await?;
    let agreed = own.agreed_at.map(|at| rfc(at.timestamp_millis()));
    Ok(Some(ExportAgent {
        code: own.code,
        status: own.status.code().to_owned(),
        agreement: agreed.is_some().then_some(own.agreement),
        agreed_at: agreed,
        account_name: to.name,
        account: to.account,
        bic: to.bic,
    }))
}

/// Every line of the agent's book.
pub(super) async fn commissions(
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Vec<ExportCommission>> {
    let lines = maybe(agent::book(cab, borrower).await)?.unwrap_or_default();
    let one = |line: agent::Line| ExportCommission {
        seq: line.seq,
        on: line.on.to_string(),
        kind: line.kind.code().to_owned(),
        client: line.client,
        amount: line.amount.get(),
    };
    Ok(lines.into_iter().map(one).collect())
}
