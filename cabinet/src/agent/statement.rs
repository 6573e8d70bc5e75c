//! A month of commissions that is over, for good: its lines, its sums and a hash over both and over the statement before.

use std::fmt::Write as _;

use chrono::NaiveDate;
use lending::Kopecks;
use sea_orm::{ConnectionTrait, QueryResult};
use sha2::{Digest as _, Sha256};

use super::book::{LineKind, lock, month_of};
use super::own;
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{AgentId, BorrowerId};
use crate::keys::hex;
use crate::loan::stored::date;

/// A line of commission, as its agent reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the agent's book; there are no gaps.
    pub seq: i64,
    /// The day it was written.
    pub on: NaiveDate,
    /// What it is.
    pub kind: LineKind,
    /// The agent's number of the client; none of a payout.
    pub client: Option<i64>,
    /// Above zero what was earned, below what was taken back or paid.
    pub amount: Kopecks,
}

/// A month that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// «2026-11».
    pub month: String,
    /// The balance before it.
    pub opening: Kopecks,
    /// Earned in it.
    pub earned: Kopecks,
    /// Taken back in it.
    pub taken_back: Kopecks,
    /// Paid out in it.
    pub paid: Kopecks,
    /// The balance after it.
    pub closing: Kopecks,
    /// SHA-256 over its lines, its sums and the statement before.
    pub hash: String,
    /// Whether the lines still are what the hash was made of.
    pub whole: bool,
    /// Its lines, oldest first.
    pub lines: Vec<Line>,
}

/// Sums of a month and the lines behind them.
struct Month {
    name: String,
    opening: Kopecks,
    lines: Vec<Line>,
}

impl Month {
    fn sum(&self, of: impl Fn(&Line) -> bool) -> Kopecks {
        let found = self.lines.iter().filter(|line| of(line));
        found.map(|line| line.amount).sum()
    }

    fn earned(&self) -> Kopecks {
        self.sum(|line| matches!(line.kind, LineKind::Issued | LineKind::Interest))
    }

    fn taken_back(&self) -> Kopecks {
        Kopecks::ZERO
            - self.sum(|line| matches!(line.kind, LineKind::Clawback | LineKind::Correction))
    }

    fn paid(&self) -> Kopecks {
        Kopecks::ZERO - self.sum(|line| line.kind == LineKind::Payout)
    }

    fn closing(&self) -> Kopecks {
        self.opening + self.sum(|_| true)
    }

    /// Changing this breaks every stored statement.
    fn hash(&self, agent: &str, previous: &str) -> String {
        let mut text = format!(
            "kopeck-agent-1\n{previous}\n{agent}\n{}\n{}\n{}\n",
            self.name,
            self.opening.get(),
            self.closing().get()
        );
        for line in &self.lines {
            // Writing to a string never fails.
            let _ = writeln!(
                text,
                "{} {} {} {} {}",
                line.seq,
                line.on,
                line.kind.code(),
                line.client.unwrap_or_default(),
                line.amount.get()
            );
        }
        hex(&Sha256::digest(text.as_bytes()))
    }
}

const LINES: &str = "SELECT seq, on_date, kind, client, amount FROM agent_line WHERE agent = $1";

fn line(row: &QueryResult) -> Result<Line> {
    Ok(Line {
        seq: sql::get(row, "seq")?,
        on: date(&sql::get::<String>(row, "on_date")?)?,
        kind: LineKind::read(&sql::get::<String>(row, "kind")?)?,
        client: sql::get(row, "client")?,
        amount: Kopecks::new(sql::get(row, "amount")?),
    })
}

/// Lines of a month, oldest first.
pub(super) async fn lines(
    conn: &impl ConnectionTrait,
    agent: AgentId,
    month: &str,
) -> Result<Vec<Line>> {
    let statement = format!("{LINES} AND month = $2 ORDER BY seq");
    let rows = sql::all(conn, &statement, vec![agent.into(), month.into()]).await?;
    rows.iter().map(line).collect()
}

/// Every line of an agent, oldest first.
pub async fn book(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Line>> {
    let agent = own(cab.db().read(), cab, borrower).await?.id;
    let statement = format!("{LINES} ORDER BY seq");
    let rows = sql::all(cab.db().read(), &statement, vec![agent.into()]).await?;
    rows.iter().map(line).collect()
}

/// Makes the statements of an agent's months that are over and have none.
async fn close(tx: &Tx, cab: &Cabinet, agent: AgentId) -> Result<()> {
    lock(tx, agent).await?;
    let current = month_of(cab.today());
    let rows = sql::all(
        tx,
        "SELECT DISTINCT month FROM agent_line WHERE agent = $1 AND month < $2 AND month NOT IN \
         (SELECT month FROM agent_statement WHERE agent = $1) ORDER BY month",
        vec![agent.into(), current.into()],
    )
    .await?;
    for row in &rows {
        let month: String = sql::get(row, "month")?;
        let last = sql::one(
            tx,
            "SELECT closing, hash FROM agent_statement WHERE agent = $1 ORDER BY month DESC LIMIT 1",
            vec![agent.into()],
        )
        .await?;
        let (opening, previous): (i64, String) = match last {
            Some(row) => (sql::get(&row, "closing")?, sql::get(&row, "hash")?),
            None => (0, String::new()),
        };
        let done = Month {
            lines: lines(tx, agent, &month).await?,
            opening: Kopecks::new(opening),
            name: month,
        };
        write(tx, cab, agent, &done, previous).await?;
    }
    Ok(())
}

async fn write(
    tx: &Tx,
    cab: &Cabinet,
    agent: AgentId,
    done: &Month,
    previous: String,
) -> Result<()> {
    let hash = done.hash(&agent.to_string(), &previous);
    sql::execute(
        tx,
        "INSERT INTO agent_statement (agent, month, opening, earned, taken_back, paid, closing, previous_hash, \
         hash, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            agent.into(),
            done.name.clone().into(),
            done.opening.get().into(),
            done.earned().get().into(),
            done.taken_back().get().into(),
            done.paid().get().into(),
            done.closing().get().into(),
            previous.into(),
            hash.into(),
            cab.now_ms().into(),
        ],
    )
    .await
    .map(drop)
}

/// Agents with a month that is over and has no statement: of all, or whether this one is among them.
async fn behind(cab: &Cabinet, agent: Option<AgentId>) -> Result<Vec<AgentId>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT DISTINCT agent FROM agent_line WHERE month < $1 AND ($2 = '' OR agent = $2) \
         AND NOT EXISTS (SELECT 1 FROM agent_statement WHERE agent_statement.agent = agent_line.agent \
         AND agent_statement.month = agent_line.month)",
        vec![
            month_of(cab.today()).into(),
            agent.map_or_else(String::new, |id| id.to_string()).into(),
        ],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let id: String = sql::get(row, "agent")?;
            id.parse().map_err(CabinetError::internal)
        })
        .collect()
}

/// Makes the statements of every agent's months that are over.
pub(super) async fn close_all(cab: &Cabinet) -> Result<()> {
    for agent in behind(cab, None).await? {
        ended(cab, agent).await?;
    }
    Ok(())
}

async fn ended(cab: &Cabinet, agent: AgentId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| Box::pin(async move { close(tx, &cabinet, agent).await }))
        .await
}

/// The statements of an agent, the newest first.
pub async fn statements(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Statement>> {
    let agent = own(cab.db().read(), cab, borrower).await?.id;
    // The sweep of the hour may not have come yet.
    for agent in behind(cab, Some(agent)).await? {
        ended(cab, agent).await?;
    }
    let rows = sql::all(
        cab.db().read(),
        "SELECT month, opening, earned, taken_back, paid, closing, previous_hash, hash FROM agent_statement \
         WHERE agent = $1 ORDER BY month DESC",
        vec![agent.into()],
    )
    .await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in &rows {
        let sum = |column: &str| sql::get(row, column).map(Kopecks::new);
        let month: String = sql::get(row, "month")?;
        let previous: String = sql::get(row, "previous_hash")?;
        let stored = Month {
            lines: lines(cab.db().read(), agent, &month).await?,
            opening: sum("opening")?,
            name: month.clone(),
        };
        let hash: String = sql::get(row, "hash")?;
        list.push(Statement {
            opening: stored.opening,
            earned: sum("earned")?,
            taken_back: sum("taken_back")?,
            paid: sum("paid")?,
            closing: sum("closing")?,
            whole: stored.hash(&agent.to_string(), &previous) == hash
                && stored.closing() == sum("closing")?,
            lines: stored.lines,
            month,
            hash,
        });
    }
    Ok(list)
}

/// One of them by its month; `NotFound` of a month without one.
pub async fn statement(cab: &Cabinet, borrower: BorrowerId, month: &str) -> Result<Statement> {
    let all = statements(cab, borrower).await?;
    let found = all.into_iter().find(|one| one.month == month);
    found.ok_or(CabinetError::NotFound)
}
