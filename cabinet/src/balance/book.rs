//! The balance as the arithmetic knows it, and its debits as operations.

use chrono::{DateTime, NaiveDate, Utc};
use lending::{
    Balance, BalanceInput, Entry, Event, Keep, Kopecks, Movement, Order, ProlongationRules,
};
use lending::{Terms, TopUp};
use sea_orm::ConnectionTrait;

use super::OrderKind;
use super::entity::order;
use crate::db::sql;
use crate::error::Result;
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::history::{broken, events_of, keep_of};
use crate::loan::stored::{count, date, json, read};

/// A loan's orders in the order they were given, without the cancelled ones.
pub(crate) async fn orders_of(db: &impl ConnectionTrait, loan: &str) -> Result<Vec<order::Model>> {
    let rest = "WHERE loan = $1 AND cancelled_at IS NULL ORDER BY seq";
    sql::models::<order::Entity>(db, rest, vec![loan.into()]).await
}

/// What a balance is computed from, ready for any day.
#[derive(Clone)]
pub(crate) struct Ledger {
    /// What happened to the loan past the balance.
    pub given: Vec<Event>,
    top_ups: Vec<TopUp>,
    orders: Vec<Order>,
    rules: Option<ProlongationRules>,
    past: Vec<(NaiveDate, u32)>,
}

/// The ledger of a loan; none when nothing was ever topped up.
pub(crate) fn ledger(
    given: &[operation::Model],
    orders: &[order::Model],
) -> Result<Option<Ledger>> {
    let (mut top_ups, mut events) = (Vec::new(), Vec::new());
    for row in given {
        if row.kind == OperationKind::TopUp {
            let (on, amount) = (date(&row.on_date)?, Kopecks::new(row.amount));
            top_ups.push(TopUp { on, amount });
        }
        for event in events_of(row)? {
            events.push((event.on(), row.seq, event));
        }
    }
    if top_ups.is_empty() {
        return Ok(None);
    }
    events.sort_by_key(|(on, seq, _)| (*on, *seq));
    let mut ledger = Ledger {
        given: events.into_iter().map(|(_, _, event)| event).collect(),
        top_ups,
        orders: orders.iter().map(wish).collect::<Result<_>>()?,
        rules: None,
        past: Vec::new(),
    };
    // The rules of prolonging are the product's; the last order's are the newest of them.
    if let Some(last) = orders
        .iter()
        .rev()
        .find(|row| row.kind == OrderKind::Prolong)
    {
        ledger.rules = last.rules.as_deref().map(read).transpose()?;
        ledger.past = last
            .past
            .as_deref()
            .map(read)
            .transpose()?
            .unwrap_or_default();
    }
    Ok(Some(ledger))
}

fn wish(row: &order::Model) -> Result<Order> {
    let on = date(&row.on_date)?;
    let amount = row.amount.map(Kopecks::new);
    Ok(match row.kind {
        OrderKind::Repay => Order::Repay {
            on,
            amount,
            keep: keep_of(row.keep.as_deref())?,
        },
        OrderKind::Prolong => Order::Prolong {
            on,
            days: count(row.days.unwrap_or_default())?,
        },
        OrderKind::Return => Order::Return {
            on,
            amount: amount.unwrap_or_default(),
        },
    })
}

impl Ledger {
    /// The balance at the end of a day.
    pub(crate) fn on(&self, terms: &Terms, on: NaiveDate) -> Result<Balance> {
        let input = BalanceInput {
            terms,
            events: &self.given,
            top_ups: &self.top_ups,
            orders: &self.orders,
            prolongation: self.rules.as_ref(),
            past_year: &self.past,
        };
        lending::balance(&input, on).map_err(broken)
    }

    /// All events of the loan, those that debits made among them.
    pub(crate) fn events(&self, book: &Balance) -> Vec<Event> {
        let mut all: Vec<Event> = self.given.iter().chain(&book.events).copied().collect();
        // Stable: a day's given events stay before what the balance did that day.
        all.sort_by_key(Event::on);
        all
    }
}

/// The debits of a balance and the prolongations it paid for as operations, in the order they happened: those stored
/// already keep their row, the others have no id yet.
pub(crate) fn debits(
    loan: &str,
    book: &Balance,
    orders: &[order::Model],
    stored: &[operation::Model],
    first_seq: i64,
) -> Result<Vec<operation::Model>> {
    let mut rows: Vec<operation::Model> = Vec::new();
    let mut seq = first_seq;
    let off =
        |entry: &&Entry| !matches!(entry.movement, Movement::TopUp | Movement::Returned { .. });
    let mut entries = book.entries.iter().filter(off);
    let mut agreed = orders.iter().filter(|row| row.kind == OrderKind::Prolong);
    for event in &book.events {
        let fresh = match event {
            Event::Prolongation { on, days } => {
                agreed.next().map(|order| moved(loan, order, *on, *days))
            }
            // Every other event of a balance is money off it.
            _ => match entries.next() {
                Some(entry) => Some(debited(loan, entry, orders)?),
                None => None,
            },
        };
        if let Some(fresh) = fresh {
            let row = operation::Model { seq, ..fresh };
            seq = taken(&mut rows, stored, row, seq);
        }
    }
    Ok(rows)
}

/// Money off the balance.
fn debited(loan: &str, entry: &Entry, orders: &[order::Model]) -> Result<operation::Model> {
    let (reference, of) = match entry.movement {
        Movement::Repaid { order } => named("order", orders.get(order), entry.on),
        Movement::Service { order } => named("service", orders.get(order), entry.on),
        Movement::TopUp | Movement::Returned { .. } | Movement::Due => {
            (format!("due:{}", entry.on), None)
        }
    };
    let service = matches!(entry.movement, Movement::Service { .. });
    Ok(operation::Model {
        id: String::new(),
        loan: loan.to_owned(),
        seq: 0,
        kind: OperationKind::Debit,
        on_date: entry.on.to_string(),
        at: of.map_or_else(|| morning(entry.on), |order| order.at),
        amount: entry.amount.get(),
        fee: if service { entry.amount.get() } else { 0 },
        days: None,
        parts: json(&entry.parts)?,
        overpaid: 0,
        title: String::new(),
        reference,
        keep: of.and_then(|order| order.keep.clone()),
        rate: None,
    })
}

/// A later date that the balance has paid for.
fn moved(loan: &str, order: &order::Model, on: NaiveDate, days: u32) -> operation::Model {
    operation::Model {
        id: String::new(),
        loan: loan.to_owned(),
        seq: 0,
        kind: OperationKind::Prolongation,
        on_date: on.to_string(),
        at: order.at,
        amount: 0,
        fee: 0,
        days: Some(i64::from(days)),
        parts: "[]".to_owned(),
        overpaid: 0,
        title: String::new(),
        reference: format!(
            "prolongation:{}",
            order.prolongation.clone().unwrap_or_default()
        ),
        keep: None,
        rate: None,
    }
}

/// Adds a row, with the id, number and moment it is stored under; answers the next free number.
fn taken(
    rows: &mut Vec<operation::Model>,
    stored: &[operation::Model],
    fresh: operation::Model,
    seq: i64,
) -> i64 {
    let known = stored.iter().find(|row| row.reference == fresh.reference);
    if let Some(known) = known {
        rows.push(operation::Model {
            id: known.id.clone(),
            seq: known.seq,
            at: known.at,
            ..fresh
        });
        return seq;
    }
    rows.push(fresh);
    seq.saturating_add(1)
}

fn named<'a>(
    what: &str,
    order: Option<&'a order::Model>,
    on: NaiveDate,
) -> (String, Option<&'a order::Model>) {
    let id = order.map(|order| order.id.as_str()).unwrap_or_default();
    (format!("{what}:{id}:{on}"), order)
}

/// A debit of a date has no moment of its own: noon by the universal clock is the same day for
/// every lender.
fn morning(on: NaiveDate) -> i64 {
    let noon = on.and_hms_opt(9, 0, 0).unwrap_or_default();
    DateTime::<Utc>::from_naive_utc_and_offset(noon, Utc).timestamp_millis()
}

/// What a prepayment keeps, as columns have it.
pub(crate) const fn keep_name(keep: Keep) -> &'static str {
    match keep {
        Keep::Term => "term",
        Keep::Payment => "payment",
    }
}
