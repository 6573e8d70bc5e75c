//! What is kept of somebody as an agent, and of whom an agent brought.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rfc;
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
