//! What was agreed to becomes orders for the lender's bank, and what the bank has sent is written down.

use chrono::{DateTime, NaiveDate, Utc};
use encoding_rs::WINDOWS_1251;
use lending::Kopecks;

use super::{COLUMNS, PayoutStatus, balance, locked, open, payout};
use crate::Cabinet;
use crate::agent::book::{self, LineKind, NewLine};
use crate::application::terms::WORDS;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::AgentPayoutId;
use crate::payout::bank::{self, Order};
use crate::staff::audit::{self, Deed};
use crate::staff::{Action, Staff};
use crate::values::RuDate;

/// Orders for the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// 1С «Клиент-банк» exchange text in windows-1251.
    pub file: Vec<u8>,
    /// How many.
    pub count: usize,
}

/// Writes out orders for the bank of what was agreed to and is not written yet; the moment that names the file.
/// `Conflict("nothing_to_change")` when there is none.
pub async fn write_out(cab: &Cabinet, by: &Staff) -> Result<DateTime<Utc>> {
    by.must(Action::MoveMoney)?;
    let (cabinet, by, now) = (cab.clone(), by.clone(), cab.now());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "UPDATE agent_payout SET written_at = $1 WHERE status = 'approved' AND written_at IS NULL";
                let count = sql::execute(tx, statement, vec![now.timestamp_millis().into()]).await?;
                if count == 0 {
                    return Err(CabinetError::Conflict("nothing_to_change"));
                }
                let why = format!("orders: {count}");
                let deed = Deed::named("bank_orders", "agents").because(&why);
                audit::write(tx, &cabinet, Some(&by), deed).await?;
                Ok(now)
            })
        })
        .await
}

/// The orders that were written out together, in the bank's exchange text.
pub async fn orders(cab: &Cabinet, by: &Staff, written: DateTime<Utc>) -> Result<Written> {
    by.must(Action::MoveMoney)?;
    let statement = format!("SELECT {COLUMNS} WHERE payout.written_at = $1 ORDER BY payout.id");
    let at = written.timestamp_millis();
    let rows = sql::all(cab.db().read(), &statement, vec![at.into()]).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let one = payout(cab, row)?;
        let key = one.id.to_string();
        let to = open(cab, &key, &sql::get::<String>(row, "requisites")?)?;
        lines.push(Order {
            number: one.number.to_string(),
            purpose: WORDS.args(
                "cabinet-agent-order",
                &[("number", one.number.to_string().into())],
            ),
            name: to.name,
            amount: one.amount,
            account: to.account,
            bic: to.bic,
        });
    }
    let text = bank::exchange(cab, &lines);
    Ok(Written {
        file: WINDOWS_1251.encode(&text).0.into_owned(),
        count: lines.len(),
    })
}

/// The bank has sent the money, by this order on this day: a line of the book, and an entry of the journal.
///
/// # Errors
/// `Forbidden("staff_role")`, `Fields`: `order`, `on`; `Conflict("agent_payout_moved")`, `Conflict("agent_short")` when the
/// balance holds less by now, `NotFound`.
pub async fn paid(
    cab: &Cabinet,
    by: &Staff,
    id: AgentPayoutId,
    order: &str,
    on: &str,
) -> Result<()> {
    by.must(Action::MoveMoney)?;
    let order = order.trim().to_owned();
    let mut wrong = Vec::new();
    if order.is_empty() || order.chars().count() > 40 {
        wrong.push(FieldError::new("order", "required"));
    }
    let on = match RuDate::parse(on) {
        Some(RuDate(day)) if day <= cab.today() => day,
        found => {
            let code = found.map_or("day_unreadable", |_| "day_ahead");
            wrong.push(FieldError::new("on", code));
            return Err(CabinetError::Fields(wrong));
        }
    };
    if !wrong.is_empty() {
        return Err(CabinetError::Fields(wrong));
    }
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| Box::pin(async move { settle(tx, &cabinet, &by, id, order, on).await }))
        .await
}

async fn settle(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    id: AgentPayoutId,
    order: String,
    on: NaiveDate,
) -> Result<()> {
    let row = locked(tx, cab, id, PayoutStatus::Approved).await?;
    if balance(tx, row.agent).await? < row.amount {
        return Err(CabinetError::Conflict("agent_short"));
    }
    let line = NewLine {
        agent: row.agent,
        kind: LineKind::Payout,
        client: None,
        loan: None,
        payout: Some(id.to_string()),
        amount: Kopecks::ZERO - row.amount,
        reference: format!("payout:{id}"),
    };
    book::add(tx, cab, line).await?;
    let statement = "UPDATE agent_payout SET status = 'paid', paid_by = $1, paid_at = $2, paid_on = $3, \
                     order_number = $4 WHERE id = $5";
    let values = vec![
        by.id.into(),
        cab.now_ms().into(),
        on.to_string().into(),
        order.clone().into(),
        id.into(),
    ];
    sql::execute(tx, statement, values).await?;
    let why = format!("{order}, {on}");
    let deed = Deed::named("paid_agent", id).because(&why);
    audit::write(tx, cab, Some(by), deed).await
}
