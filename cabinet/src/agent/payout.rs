//! Commissions on their way to an agent: asked for, agreed to, paid by an order of the lender's bank.

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};

use super::book::{self, lock};
use super::{own, rules, view};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{AgentId, AgentPayoutId, BorrowerId, StaffId};
use crate::lender::numbers;
use crate::loan::stored::{date, json, read};
use crate::staff::audit::{self, Deed};
use crate::staff::{self, Action, Staff, another};
use crate::{Cabinet, moment};

mod order;

pub use order::{Written, orders, paid, write_out};

/// A request nobody has answered for so long is late.
const LATE_HOURS: i64 = 72;
/// Longer names fit no order.
const NAME: usize = 160;

/// Where a payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayoutStatus {
    /// The agent asked for it.
    Requested,
    /// The staff agreed; its order is to be paid.
    Approved,
    /// The money left.
    Paid,
    /// The staff said no.
    Declined,
}

impl PayoutStatus {
    const ALL: [Self; 4] = [Self::Requested, Self::Approved, Self::Paid, Self::Declined];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Paid => "paid",
            Self::Declined => "declined",
        }
    }

    fn read(code: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|one| one.code() == code)
            .ok_or_else(|| CabinetError::internal(format!("stored payout {code:?}")))
    }
}

/// What an agent typed to be paid.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Roubles.
    pub amount: String,
    /// Whose account it is.
    pub name: String,
    /// Twenty digits.
    pub account: String,
    /// Nine digits.
    pub bic: String,
}

/// Where commissions go; sealed at rest.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Requisites {
    name: String,
    account: String,
    bic: String,
}

/// A payout, as its agent and the staff see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// Which.
    pub id: AgentPayoutId,
    /// Whose.
    pub agent: AgentId,
    /// What the staff call them.
    pub label: String,
    /// The agent's own count of payouts.
    pub number: i64,
    /// How much.
    pub amount: Kopecks,
    /// Where it stands.
    pub status: PayoutStatus,
    /// The end of the account's number.
    pub account_end: String,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// The one of the staff who agreed first.
    pub first: Option<StaffId>,
    /// Two people have to agree.
    pub two: bool,
    /// Why it was declined.
    pub reason: Option<String>,
    /// When its order was written out for the bank.
    pub written: Option<DateTime<Utc>>,
    /// The bank's order and its day.
    pub order: Option<(String, NaiveDate)>,
    /// It waits for too long.
    pub late: bool,
}

const COLUMNS: &str = "payout.id, payout.agent, agent.label, payout.number, payout.amount, payout.status, \
     payout.requisites, payout.requested_at, payout.first_by, payout.reason, payout.written_at, payout.paid_on, \
     payout.order_number FROM agent_payout payout JOIN agent ON agent.id = payout.agent";

fn open(cab: &Cabinet, id: &str, sealed: &str) -> Result<Requisites> {
    read(
        &cab.keys()
            .decrypt("agent_payout", "requisites", id, sealed)?,
    )
}

fn payout(cab: &Cabinet, row: &QueryResult) -> Result<Payout> {
    let text = |column| sql::get::<String>(row, column);
    let key = text("id")?;
    let status = PayoutStatus::read(&text("status")?)?;
    let amount = Kopecks::new(sql::get(row, "amount")?);
    let requested_at = moment(sql::get(row, "requested_at")?)?;
    let requisites = open(cab, &key, &text("requisites")?)?;
    let from = requisites.account.len().saturating_sub(4);
    let first: Option<String> = sql::get(row, "first_by")?;
    let written: Option<i64> = sql::get(row, "written_at")?;
    let paid_on: Option<String> = sql::get(row, "paid_on")?;
    let number: Option<String> = sql::get(row, "order_number")?;
    let paid_on = paid_on.map(|on| date(&on)).transpose()?;
    let waits = matches!(status, PayoutStatus::Requested | PayoutStatus::Approved);
    Ok(Payout {
        id: key.parse().map_err(CabinetError::internal)?,
        agent: text("agent")?.parse().map_err(CabinetError::internal)?,
        label: text("label")?,
        number: sql::get(row, "number")?,
        amount,
        status,
        account_end: requisites
            .account
            .get(from..)
            .unwrap_or_default()
            .to_owned(),
        requested_at,
        first: first
            .map(|id| id.parse().map_err(CabinetError::internal))
            .transpose()?,
        two: amount > rules(cab)?.payout_alone(),
        reason: sql::get(row, "reason")?,
        written: written.map(moment).transpose()?,
        order: number.zip(paid_on),
        late: waits && (cab.now() - requested_at).num_hours() >= LATE_HOURS,
    })
}

/// Everything that is wrong with the form, at once.
fn checked(cab: &Cabinet, asked: &Asked) -> Result<(Kopecks, Requisites)> {
    let mut wrong = Vec::new();
    let amount = Kopecks::parse(&asked.amount).unwrap_or(Kopecks::ZERO);
    let least = rules(cab)?.payout_from();
    if amount < least {
        wrong.push(FieldError::new("amount", "agent_payout_least").with("sum", least));
    }
    let name: String = asked.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > NAME {
        wrong.push(FieldError::new("name", "required"));
    }
    let digits =
        |text: &str| -> String { text.chars().filter(char::is_ascii_digit).take(40).collect() };
    let (account, bic) = (digits(&asked.account), digits(&asked.bic));
    if !numbers::bic(&bic) {
        wrong.push(FieldError::new("bic", "bic_wrong"));
    }
    if account.len() != 20 {
        wrong.push(FieldError::new("account", "account_wrong"));
    } else if numbers::bic(&bic) && !numbers::account(&bic, &account) {
        wrong.push(FieldError::new("account", "account_not_of_bank"));
    }
    if wrong.is_empty() {
        let requisites = Requisites { name, account, bic };
        Ok((amount, requisites))
    } else {
        Err(CabinetError::Fields(wrong))
    }
}

/// An agent asks to be paid.
///
/// # Errors
/// `Fields`: `amount` below the lender's least or above what is available, `name`, `account`, `bic`;
/// `Conflict("agent_payout_waits")` while another is under way; `NotFound`.
pub async fn ask(cab: &Cabinet, borrower: BorrowerId, asked: Asked) -> Result<AgentPayoutId> {
    let agent = own(cab.db().read(), cab, borrower).await?.id;
    let (amount, requisites) = checked(cab, &asked)?;
    let id = AgentPayoutId(cab.fresh_id());
    let text = json(&requisites)?;
    let sealed = cab
        .keys()
        .encrypt("agent_payout", "requisites", &id.to_string(), &text)?;
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                lock(tx, agent).await?;
                let money = view::money(tx, &cabinet, agent).await?;
                if money.asked.is_positive() {
                    return Err(CabinetError::Conflict("agent_payout_waits"));
                }
                if amount > money.available {
                    let most = FieldError::new("amount", "agent_payout_most");
                    return Err(CabinetError::Fields(vec![
                        most.with("sum", money.available),
                    ]));
                }
                insert(tx, &cabinet, (id, agent), amount, sealed).await?;
                keep(tx, &cabinet, agent, &text).await?;
                Ok(id)
            })
        })
        .await
}

async fn insert(
    tx: &Tx,
    cab: &Cabinet,
    (id, agent): (AgentPayoutId, AgentId),
    amount: Kopecks,
    sealed: String,
) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO agent_payout (id, agent, number, amount, status, requisites, requested_at) \
         SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, 'requested', $4, $5 FROM agent_payout WHERE agent = $2",
        vec![
            id.into(),
            agent.into(),
            amount.get().into(),
            sealed.into(),
            cab.now_ms().into(),
        ],
    )
    .await
    .map(drop)
}

/// Keeps where the money goes, for the next time.
async fn keep(tx: &Tx, cab: &Cabinet, agent: AgentId, text: &str) -> Result<()> {
    let sealed = cab
        .keys()
        .encrypt("agent", "requisites", &agent.to_string(), text)?;
    let statement = "UPDATE agent SET requisites = $1 WHERE id = $2";
    sql::execute(tx, statement, vec![sealed.into(), agent.into()])
        .await
        .map(drop)
}

/// What an agent typed the last time, for the form; empty before the first.
pub async fn requisites(cab: &Cabinet, borrower: BorrowerId) -> Result<Asked> {
    let agent = own(cab.db().read(), cab, borrower).await?;
    let kept: Option<Requisites> = agent
        .requisites
        .map(|sealed| {
            let key = agent.id.to_string();
            read(&cab.keys().decrypt("agent", "requisites", &key, &sealed)?)
        })
        .transpose()?;
    let (name, account, bic) =
        kept.map_or_else(Default::default, |kept| (kept.name, kept.account, kept.bic));
    Ok(Asked {
        amount: String::new(),
        name,
        account,
        bic,
    })
}

/// Payouts of an agent, the newest first.
pub async fn payouts(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Payout>> {
    let agent = own(cab.db().read(), cab, borrower).await?.id;
    let statement = format!("SELECT {COLUMNS} WHERE payout.agent = $1 ORDER BY payout.number DESC");
    let rows = sql::all(cab.db().read(), &statement, vec![agent.into()]).await?;
    rows.iter().map(|row| payout(cab, row)).collect()
}

/// Payouts that wait for the staff or for the bank, the oldest first.
pub async fn waiting(cab: &Cabinet, by: &Staff) -> Result<Vec<Payout>> {
    by.must(Action::ReadAgents)?;
    let statement = format!(
        "SELECT {COLUMNS} WHERE payout.status IN ('requested', 'approved') ORDER BY payout.requested_at, payout.id"
    );
    let rows = sql::all(cab.db().read(), &statement, vec![]).await?;
    rows.iter().map(|row| payout(cab, row)).collect()
}

/// The payout with its agent's row and the journal's end locked, in the status it has to be in.
async fn locked(tx: &Tx, cab: &Cabinet, id: AgentPayoutId, status: PayoutStatus) -> Result<Payout> {
    let statement = format!("SELECT {COLUMNS} WHERE payout.id = $1");
    let find = || sql::one(tx, &statement, vec![id.into()]);
    let found = find().await?.ok_or(CabinetError::NotFound)?;
    lock(tx, payout(cab, &found)?.agent).await?;
    let row = find().await?.ok_or(CabinetError::NotFound)?;
    let row = payout(cab, &row)?;
    if row.status == status {
        Ok(row)
    } else {
        Err(CabinetError::Conflict("agent_payout_moved"))
    }
}

/// One of the staff agrees; above the lender's limit a second, somebody else, has to. Answers whether it may be paid now.
///
/// # Errors
/// `Forbidden("staff_role")`, `Forbidden("second_person")`, `Conflict("agent_payout_moved")`, `NotFound`.
pub async fn approve(cab: &Cabinet, by: &Staff, id: AgentPayoutId) -> Result<bool> {
    by.must(Action::PayAgents)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, &cabinet, id, PayoutStatus::Requested).await?;
                let column = match row.first {
                    Some(first) => {
                        another(&by, &first.to_string())?;
                        "second_by"
                    }
                    None => "first_by",
                };
                let goes = !row.two || row.first.is_some();
                let status = if goes {
                    PayoutStatus::Approved
                } else {
                    PayoutStatus::Requested
                };
                let statement = format!(
                    "UPDATE agent_payout SET {column} = $1, status = $2, decided_at = $3 WHERE id = $4"
                );
                let values = vec![
                    by.id.into(),
                    status.code().into(),
                    cabinet.now_ms().into(),
                    id.into(),
                ];
                sql::execute(tx, &statement, values).await?;
                let deed = Deed::new(Action::PayAgents, id).because("approve");
                audit::write(tx, &cabinet, Some(&by), deed).await?;
                Ok(goes)
            })
        })
        .await
}

/// One of the staff says no, and why; the agent reads it. Also of what was agreed to and not paid, when its order failed.
///
/// # Errors
/// `Forbidden("staff_role")`, `Fields("reason")`, `Conflict("agent_payout_moved")`, `NotFound`.
pub async fn decline(cab: &Cabinet, by: &Staff, id: AgentPayoutId, reason: &str) -> Result<()> {
    by.must(Action::PayAgents)?;
    let reason = staff::reason("reason", reason)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let waits = match locked(tx, &cabinet, id, PayoutStatus::Requested).await {
                    Err(CabinetError::Conflict(_)) => {
                        locked(tx, &cabinet, id, PayoutStatus::Approved).await
                    }
                    found => found,
                };
                waits?;
                let statement = "UPDATE agent_payout SET status = 'declined', reason = $1, decided_at = $2, \
                                 first_by = COALESCE(first_by, $3) WHERE id = $4";
                let values = vec![
                    reason.clone().into(),
                    cabinet.now_ms().into(),
                    by.id.into(),
                    id.into(),
                ];
                sql::execute(tx, statement, values).await?;
                let why = format!("decline: {reason}");
                let deed = Deed::new(Action::PayAgents, id).because(&why);
                audit::write(tx, &cabinet, Some(&by), deed).await
            })
        })
        .await
}

async fn balance(conn: &impl ConnectionTrait, agent: AgentId) -> Result<Kopecks> {
    book::sum(conn, agent, "", vec![]).await
}
