//! What the staff do with agents: grant, stop, let go on, and read what they cost. Nothing of a client is here.

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use sea_orm::QueryResult;

use super::view::{Funnel, Money};
use super::{AgentStatus, COLUMNS, Row, attribute, row_by, rules, view};
use crate::application::terms::WORDS;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{AgentId, BorrowerId};
use crate::staff::audit::{self, Deed};
use crate::staff::{self, Action, Staff};
use crate::values::Phone;
use crate::{Cabinet, Lang, access, moment, outbox};

/// A label that says something.
const LABEL: std::ops::RangeInclusive<usize> = 2..=60;
/// Codes tried before giving up: one in a million is taken.
const TRIES: usize = 5;

/// An agent as the staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub id: AgentId,
    /// What the staff call them.
    pub label: String,
    /// The code of the link.
    pub code: String,
    /// Where it stands.
    pub status: AgentStatus,
    /// Since when.
    pub granted_at: DateTime<Utc>,
    /// How far their clients came.
    pub funnel: Funnel,
    /// Their money.
    pub money: Money,
}

/// What an agent cost in a span of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// Who.
    pub agent: AgentId,
    /// What the staff call them.
    pub label: String,
    /// Loans of their clients that earned a commission for issuing.
    pub loans: i64,
    /// Earned.
    pub earned: Kopecks,
    /// Taken back.
    pub taken_back: Kopecks,
    /// Paid out.
    pub paid: Kopecks,
}

/// Makes an agent of the cabinet of a phone, and the cabinet when there is none: its owner comes in as anybody does and agrees
/// to the rules. The answer does not tell whether the phone was known.
///
/// # Errors
/// `Fields`: `phone`, `label`, `reason`; `Conflict("agent_known")`, `Forbidden("staff_role")`, `NotFound` where there
/// are no agents.
pub async fn grant(
    cab: &Cabinet,
    by: &Staff,
    phone: &str,
    label: &str,
    why: &str,
) -> Result<AgentId> {
    by.must(Action::ManagePromotions)?;
    rules(cab)?;
    let phone = Phone::parse(phone).ok_or_else(|| CabinetError::field("phone", "phone_invalid"))?;
    let label = label.trim().to_owned();
    if !LABEL.contains(&label.chars().count()) {
        return Err(CabinetError::field("label", "agent_label"));
    }
    let why = staff::reason("reason", why)?;
    let id = AgentId(cab.fresh_id());
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let borrower = access::cabinet_of_phone(tx, &cabinet, &phone, Lang::Ru).await?;
                insert(tx, &cabinet, &by, (id, borrower), &label).await?;
                let name = &cabinet.lender().name;
                let text = WORDS.args("cabinet-agent-sms-invited", &[("lender", name.into())]);
                outbox::sms(tx, &cabinet, &id.to_string(), &phone, &text, None).await?;
                let deed = Deed::named("grant_agent", id).about(borrower).because(&why);
                audit::write(tx, &cabinet, Some(&by), deed).await?;
                Ok(id)
            })
        })
        .await
}

async fn insert(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    (id, borrower): (AgentId, BorrowerId),
    label: &str,
) -> Result<()> {
    if row_by(tx, "borrower", &borrower.to_string(), false)
        .await?
        .is_some()
    {
        return Err(CabinetError::Conflict("agent_known"));
    }
    for _ in 0..TRIES {
        let code = cab.ports().ids.digits(attribute::CODE_DIGITS);
        if row_by(tx, "code", &code, false).await?.is_some() {
            continue;
        }
        let statement = "INSERT INTO agent (id, borrower, code, label, status, granted_by, granted_at) \
                         VALUES ($1, $2, $3, $4, 'invited', $5, $6)";
        let values = vec![
            id.into(),
            borrower.into(),
            code.into(),
            label.into(),
            by.id.into(),
            cab.now_ms().into(),
        ];
        return sql::execute(tx, statement, values).await.map(drop);
    }
    Err(CabinetError::internal("no code is free"))
}

/// New clients and new loans of an agent earn nothing from now on; what is earned stays, and is paid.
///
/// # Errors
/// `Fields("reason")`, `Conflict("agent_stopped")`, `Forbidden("staff_role")`, `NotFound`.
pub async fn stop(cab: &Cabinet, by: &Staff, id: AgentId, why: &str) -> Result<()> {
    let changes = [
        "UPDATE agent SET status = 'stopped', stopped_at = $1 WHERE id = $2 AND status <> 'stopped'",
        "INSERT INTO agent_stop (agent, from_at) VALUES ($2, $1)",
    ];
    switch(cab, by, id, why, ("stop_agent", changes, "agent_stopped")).await
}

/// A stopped agent goes on; without an agreement it is invited anew.
///
/// # Errors
/// `Fields("reason")`, `Conflict("agent_active")`, `Forbidden("staff_role")`, `NotFound`.
pub async fn resume(cab: &Cabinet, by: &Staff, id: AgentId, why: &str) -> Result<()> {
    // The moment is named in each, so that all changes take the same values.
    let changes = [
        "UPDATE agent SET status = CASE WHEN agreed_at IS NULL THEN 'invited' ELSE 'active' END, \
         stopped_at = NULL WHERE $1 > 0 AND id = $2 AND status = 'stopped'",
        "UPDATE agent_stop SET until_at = $1 WHERE agent = $2 AND until_at IS NULL",
    ];
    switch(cab, by, id, why, ("resume_agent", changes, "agent_active")).await
}

async fn switch(
    cab: &Cabinet,
    by: &Staff,
    id: AgentId,
    why: &str,
    (deed, [change, period], unchanged): (&'static str, [&'static str; 2], &'static str),
) -> Result<()> {
    by.must(Action::ManagePromotions)?;
    let why = staff::reason("reason", why)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = row_by(tx, "id", &id.to_string(), true).await?;
                let row = row.ok_or(CabinetError::NotFound)?;
                let values = vec![cabinet.now_ms().into(), id.into()];
                if sql::execute(tx, change, values.clone()).await? == 0 {
                    return Err(CabinetError::Conflict(unchanged));
                }
                sql::execute(tx, period, values).await?;
                let deed = Deed::named(deed, id).about(row.borrower).because(&why);
                audit::write(tx, &cabinet, Some(&by), deed).await
            })
        })
        .await
}

async fn seen(cab: &Cabinet, row: Row) -> Result<Known> {
    Ok(Known {
        funnel: view::funnel(cab, row.id).await?,
        money: view::money(cab.db().read(), cab, row.id).await?,
        id: row.id,
        label: row.label,
        code: row.code,
        status: row.status,
        granted_at: moment(row.granted_at)?,
    })
}

/// All agents, the newest first.
pub async fn known(cab: &Cabinet, by: &Staff) -> Result<Vec<Known>> {
    by.must(Action::ReadAgents)?;
    rules(cab)?;
    let statement =
        format!("SELECT {COLUMNS} FROM agent ORDER BY granted_at DESC, id DESC LIMIT 300");
    let rows = sql::all(cab.db().read(), &statement, vec![]).await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in &rows {
        list.push(seen(cab, Row::read(row)?).await?);
    }
    Ok(list)
}

/// One of them.
pub async fn one(cab: &Cabinet, by: &Staff, id: AgentId) -> Result<Known> {
    by.must(Action::ReadAgents)?;
    let row = row_by(cab.db().read(), "id", &id.to_string(), false).await?;
    seen(cab, row.ok_or(CabinetError::NotFound)?).await
}

/// What agents cost from one day to another, both counted; the dearest first.
///
/// # Errors
/// `Forbidden("staff_role")`.
pub async fn costs(cab: &Cabinet, by: &Staff, from: NaiveDate, to: NaiveDate) -> Result<Vec<Cost>> {
    by.must(Action::ReadReports)?;
    let rows = sql::all(
        cab.db().read(),
        "SELECT agent.id, agent.label, line.kind, COUNT(*) AS lines, CAST(SUM(line.amount) AS BIGINT) AS sum \
         FROM agent_line line JOIN agent ON agent.id = line.agent \
         WHERE line.on_date >= $1 AND line.on_date <= $2 GROUP BY agent.id, agent.label, line.kind ORDER BY agent.id",
        vec![from.to_string().into(), to.to_string().into()],
    )
    .await?;
    let mut list: Vec<Cost> = Vec::new();
    for row in &rows {
        let id: String = sql::get(row, "id")?;
        let agent: AgentId = id.parse().map_err(CabinetError::internal)?;
        if list.last().is_none_or(|last| last.agent != agent) {
            list.push(Cost {
                agent,
                label: sql::get(row, "label")?,
                loans: 0,
                earned: Kopecks::ZERO,
                taken_back: Kopecks::ZERO,
                paid: Kopecks::ZERO,
            });
        }
        if let Some(cost) = list.last_mut() {
            count(cost, row)?;
        }
    }
    list.sort_by_key(|cost| (Kopecks::ZERO - cost.earned, cost.agent));
    Ok(list)
}

fn count(cost: &mut Cost, row: &QueryResult) -> Result<()> {
    let sum = Kopecks::new(sql::get(row, "sum")?);
    match sql::get::<String>(row, "kind")?.as_str() {
        "issued" => {
            cost.loans = sql::get(row, "lines")?;
            cost.earned += sum;
        }
        "interest" => cost.earned += sum,
        "payout" => cost.paid -= sum,
        _ => cost.taken_back -= sum,
    }
    Ok(())
}
