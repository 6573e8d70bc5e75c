//! The book of commissions: lines that are only added, each once by its reference, each with an entry in the journal.

use chrono::{Datelike, Months, NaiveDate};
use lending::Kopecks;
use lending::ledger::{post_commission, post_commission_back, post_commission_paid};
use sea_orm::ConnectionTrait;

use super::row_by;
use crate::Cabinet;
use crate::db::{Tx, chain, sql};
use crate::error::{CabinetError, Result};
use crate::ids::AgentId;
use crate::ledger::{self, JournalEntry};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A loan was issued.
    Issued,
    /// Interest was paid.
    Interest,
    /// Paid interest turned out to be less.
    Correction,
    /// What issuing earned is taken back.
    Clawback,
    /// Paid to the agent.
    Payout,
}

impl LineKind {
    const ALL: [Self; 5] = [
        Self::Issued,
        Self::Interest,
        Self::Correction,
        Self::Clawback,
        Self::Payout,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Interest => "interest",
            Self::Correction => "correction",
            Self::Clawback => "clawback",
            Self::Payout => "payout",
        }
    }

    pub(super) fn read(code: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|one| one.code() == code)
            .ok_or_else(|| CabinetError::internal(format!("stored line {code:?}")))
    }
}

/// A line to be added.
pub(super) struct NewLine {
    pub(super) agent: AgentId,
    pub(super) kind: LineKind,
    pub(super) client: Option<i64>,
    pub(super) loan: Option<String>,
    pub(super) payout: Option<String>,
    /// Above zero what is earned, below what is taken back or paid.
    pub(super) amount: Kopecks,
    pub(super) reference: String,
}

/// «2026-11».
pub(super) fn month_of(on: NaiveDate) -> String {
    format!("{:04}-{:02}", on.year(), on.month())
}

/// Locks the journal's end and then the agent: in this order everywhere, since a payment has the end already.
pub(super) async fn lock(tx: &Tx, agent: AgentId) -> Result<super::Row> {
    chain::end(tx).await?;
    row_by(tx, "id", &agent.to_string(), true)
        .await?
        .ok_or(CabinetError::NotFound)
}

/// Adds a line, or does nothing when its reference is there; answers whether it was added. A line stands on the day it is
/// written, whatever day it is about, so that a month that is over never changes.
pub(super) async fn add(tx: &Tx, cab: &Cabinet, line: NewLine) -> Result<bool> {
    lock(tx, line.agent).await?;
    let on = open_day(tx, cab, line.agent).await?;
    let written = sql::execute(
        tx,
        "INSERT INTO agent_line (agent, seq, kind, client, loan, payout, amount, on_date, month, at, reference) \
         SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM agent_line \
         WHERE agent = $1 ON CONFLICT (reference) DO NOTHING",
        vec![
            line.agent.into(),
            line.kind.code().into(),
            line.client.into(),
            line.loan.into(),
            line.payout.into(),
            line.amount.get().into(),
            on.to_string().into(),
            month_of(on).into(),
            cab.now_ms().into(),
            line.reference.clone().into(),
        ],
    )
    .await?;
    if written == 0 {
        return Ok(false);
    }
    let size = Kopecks::new(line.amount.get().abs());
    let postings = match line.kind {
        LineKind::Payout => post_commission_paid(size),
        _ if line.amount.is_positive() => post_commission(size),
        _ => post_commission_back(size),
    };
    let entry = JournalEntry {
        kind: format!("agent_{}", line.kind.code()),
        loan: None,
        reference: format!("agent:{}", line.reference),
        business_date: on,
        postings,
    };
    ledger::post(tx, cab, entry)?;
    Ok(true)
}

/// Today; or the first day after the last statement, should a clock have gone back.
async fn open_day(tx: &Tx, cab: &Cabinet, agent: AgentId) -> Result<NaiveDate> {
    let statement = "SELECT MAX(month) AS month FROM agent_statement WHERE agent = $1";
    let row = sql::one(tx, statement, vec![agent.into()]).await?;
    let last: Option<String> = row.map_or(Ok(None), |row| sql::get(&row, "month"))?;
    let first = last.and_then(|last| format!("{last}-01").parse::<NaiveDate>().ok());
    let after = first.and_then(|first| first.checked_add_months(Months::new(1)));
    Ok(after.map_or(cab.today(), |after| after.max(cab.today())))
}

/// A sum of an agent's lines; `only` is a condition after `WHERE agent = $1`.
pub(super) async fn sum(
    conn: &impl ConnectionTrait,
    agent: AgentId,
    only: &str,
    values: Vec<sea_orm::Value>,
) -> Result<Kopecks> {
    // Postgres sums BIGINT into NUMERIC.
    let statement = format!(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS sum FROM agent_line WHERE agent = $1{only}"
    );
    let mut all = vec![agent.into()];
    all.extend(values);
    let row = sql::one(conn, &statement, all).await?;
    let sum = row.map_or(Ok(0), |row| sql::get(&row, "sum"))?;
    Ok(Kopecks::new(sum))
}
