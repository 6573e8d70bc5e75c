//! What an agent reads: how far clients came, and the money.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use lending::Kopecks;
use sea_orm::{ConnectionTrait, QueryResult};

use super::book::{self, month_of};
use super::statement::{self, Line};
use super::{own, policy, rules};
use crate::Cabinet;
use crate::db::sql;
use crate::error::Result;
use crate::ids::{AgentId, BorrowerId};
use crate::loan::stored::date;
use crate::{moment, profile};

/// Clients on one page.
pub const PAGE: i64 = 50;

/// How far a client came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Registered; nothing was filed.
    Came,
    /// An application was filed.
    Applied,
    /// One was approved.
    Approved,
    /// The money arrived.
    Issued,
    /// The loan is repaid.
    Repaid,
}

impl Stage {
    /// All of them, as they follow each other.
    pub const ALL: [Self; 5] = [
        Self::Came,
        Self::Applied,
        Self::Approved,
        Self::Issued,
        Self::Repaid,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::Applied => "applied",
            Self::Approved => "approved",
            Self::Issued => "issued",
            Self::Repaid => "repaid",
        }
    }
}

/// A client, as their agent reads of them. Nothing else of a person gets to an agent's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The agent's own number of the client.
    pub number: i64,
    /// «Мария И.»; empty before an application was filed.
    pub name: String,
    /// How far they came.
    pub stage: Stage,
    /// The day of each stage they came to.
    pub dates: Vec<(Stage, NaiveDate)>,
    /// What the client has earned, less what was taken back.
    pub earned: Kopecks,
}

/// How many came how far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Funnel {
    /// Browsers that came by the link.
    pub clicked: i64,
    /// Clients whose application was filed.
    pub applied: i64,
    /// Approved.
    pub approved: i64,
    /// With a loan.
    pub issued: i64,
    /// Who repaid one.
    pub repaid: i64,
}

/// An agent's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// Earned less taken back less paid.
    pub balance: Kopecks,
    /// Of it what may still be taken back.
    pub held: Kopecks,
    /// Of it what is asked for already.
    pub asked: Kopecks,
    /// What can be asked for now.
    pub available: Kopecks,
}

/// The first page of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// How far clients came.
    pub funnel: Funnel,
    /// The lines of this month, oldest first.
    pub month: Vec<Line>,
    /// The money.
    pub money: Money,
}

/// First moments and days of what clients came to; a refusal and a delay are in none of them.
const CLIENTS: &str = "SELECT client.borrower, client.number, client.at, \
     (SELECT MIN(event.at) FROM application_event event JOIN application ON application.id = event.application \
      WHERE application.borrower = client.borrower AND event.status = 'filed') AS applied, \
     (SELECT MIN(event.at) FROM application_event event JOIN application ON application.id = event.application \
      WHERE application.borrower = client.borrower AND event.status = 'approved') AS approved, \
     (SELECT MIN(opened_on) FROM loan WHERE loan.borrower = client.borrower) AS issued, \
     (SELECT MIN(closed_on) FROM loan WHERE loan.borrower = client.borrower) AS repaid \
     FROM agent_client client WHERE client.agent = $1";

struct Steps {
    borrower: String,
    number: i64,
    dates: Vec<(Stage, NaiveDate)>,
}

impl Steps {
    fn read(cab: &Cabinet, row: &QueryResult) -> Result<Self> {
        let mut dates = Vec::new();
        let at: i64 = sql::get(row, "at")?;
        dates.push((Stage::Came, cab.business_date(moment(at)?)));
        for (stage, column) in [(Stage::Applied, "applied"), (Stage::Approved, "approved")] {
            if let Some(at) = sql::get::<Option<i64>>(row, column)? {
                dates.push((stage, cab.business_date(moment(at)?)));
            }
        }
        for (stage, column) in [(Stage::Issued, "issued"), (Stage::Repaid, "repaid")] {
            if let Some(on) = sql::get::<Option<String>>(row, column)? {
                dates.push((stage, date(&on)?));
            }
        }
        Ok(Self {
            borrower: sql::get(row, "borrower")?,
            number: sql::get(row, "number")?,
            dates,
        })
    }

    fn stage(&self) -> Stage {
        let stages = self.dates.iter().map(|(stage, _)| *stage);
        stages.max().unwrap_or(Stage::Came)
    }
}

/// Clients of an agent, the newest first, [`PAGE`] from `page` on, counted from 0.
pub async fn clients(cab: &Cabinet, borrower: BorrowerId, page: u32) -> Result<Vec<Client>> {
    let agent = own(cab.db().read(), cab, borrower).await?.id;
    let statement = format!("{CLIENTS} ORDER BY client.number DESC LIMIT $2 OFFSET $3");
    let values = vec![agent.into(), PAGE.into(), (i64::from(page) * PAGE).into()];
    let rows = sql::all(cab.db().read(), &statement, values).await?;
    let earned = earned_by_client(cab.db().read(), agent).await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in &rows {
        let steps = Steps::read(cab, row)?;
        let stage = steps.stage();
        list.push(Client {
            number: steps.number,
            name: name(cab, &steps, stage).await?,
            stage,
            earned: earned.get(&steps.number).copied().unwrap_or_default(),
            dates: steps.dates,
        });
    }
    Ok(list)
}

/// A name is shown once its owner has applied: before that they agreed to nothing.
async fn name(cab: &Cabinet, steps: &Steps, stage: Stage) -> Result<String> {
    if stage < Stage::Applied {
        return Ok(String::new());
    }
    let borrower: BorrowerId = crate::loan::stored::id(&steps.borrower)?;
    let answers = profile::answers(cab, borrower).await?;
    Ok(policy::client_name(&answers))
}

async fn earned_by_client(
    conn: &impl ConnectionTrait,
    agent: AgentId,
) -> Result<BTreeMap<i64, Kopecks>> {
    let rows = sql::all(
        conn,
        "SELECT client, CAST(SUM(amount) AS BIGINT) AS sum FROM agent_line \
         WHERE agent = $1 AND client IS NOT NULL GROUP BY client",
        vec![agent.into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            Ok((
                sql::get(row, "client")?,
                Kopecks::new(sql::get(row, "sum")?),
            ))
        })
        .collect()
}

/// How far the clients of an agent came.
pub(super) async fn funnel(cab: &Cabinet, agent: AgentId) -> Result<Funnel> {
    let conn = cab.db().read();
    let clicks = sql::one(
        conn,
        "SELECT CAST(COALESCE(SUM(clicks), 0) AS BIGINT) AS clicks FROM agent_click WHERE agent = $1",
        vec![agent.into()],
    )
    .await?;
    let mut funnel = Funnel {
        clicked: clicks.map_or(Ok(0), |row| sql::get(&row, "clicks"))?,
        ..Funnel::default()
    };
    for row in &sql::all(conn, CLIENTS, vec![agent.into()]).await? {
        let stage = Steps::read(cab, row)?.stage();
        funnel.applied += i64::from(stage >= Stage::Applied);
        funnel.approved += i64::from(stage >= Stage::Approved);
        funnel.issued += i64::from(stage >= Stage::Issued);
        funnel.repaid += i64::from(stage >= Stage::Repaid);
    }
    Ok(funnel)
}

/// What of an agent's money may still be taken back: of issued loans that nothing was paid for yet, or that may still be
/// given back in the first days.
async fn held(conn: &impl ConnectionTrait, cab: &Cabinet, agent: AgentId) -> Result<Kopecks> {
    let clawback = rules(cab)?.clawback;
    let rows = sql::all(
        conn,
        "SELECT CAST(SUM(line.amount) AS BIGINT) AS sum, loan.opened_on, loan.paid_total FROM agent_line line \
         JOIN loan ON loan.id = line.loan WHERE line.agent = $1 AND line.kind IN ('issued', 'clawback') \
         AND loan.closed_on IS NULL GROUP BY loan.id, loan.opened_on, loan.paid_total",
        vec![agent.into()],
    )
    .await?;
    let mut held = Kopecks::ZERO;
    for row in &rows {
        let opened = date(&sql::get::<String>(row, "opened_on")?)?;
        let unpaid = clawback.unpaid_days.is_some() && sql::get::<i64>(row, "paid_total")? == 0;
        let may_return = clawback.returned_within_days.is_some_and(|days| {
            let last = opened.checked_add_days(Days::new(u64::from(days)));
            last.is_some_and(|last| cab.today() <= last)
        });
        if unpaid || may_return {
            held += Kopecks::new(sql::get(row, "sum")?);
        }
    }
    Ok(held)
}

/// An agent's money as it stands.
pub(super) async fn money(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    agent: AgentId,
) -> Result<Money> {
    let balance = book::sum(conn, agent, "", vec![]).await?;
    let held = held(conn, cab, agent).await?;
    let row = sql::one(
        conn,
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS asked FROM agent_payout \
         WHERE agent = $1 AND status IN ('requested', 'approved')",
        vec![agent.into()],
    )
    .await?;
    let asked = Kopecks::new(row.map_or(Ok(0), |row| sql::get(&row, "asked"))?);
    Ok(Money {
        balance,
        held,
        asked,
        available: balance.less(held).less(asked),
    })
}

/// The first page of an agent.
pub async fn overview(cab: &Cabinet, borrower: BorrowerId) -> Result<Overview> {
    let conn = cab.db().read();
    let agent = own(conn, cab, borrower).await?.id;
    Ok(Overview {
        funnel: funnel(cab, agent).await?,
        month: statement::lines(conn, agent, &month_of(cab.today())).await?,
        money: money(conn, cab, agent).await?,
    })
}
