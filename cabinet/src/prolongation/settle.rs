//! A prolongation's money came: it takes effect if the price of that day was covered, and is stale
//! otherwise.

use chrono::{DateTime, NaiveDate, Utc};
use lending::{Event, Kopecks};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::ProlongationStatus;
use super::entity::prolongation;
use super::prepare::{agreed, locked, past_year, refusal, rules_of};
use crate::Cabinet;
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::ids::ProlongationId;
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::history::History;
use crate::loan::stored::{count, date, id, ms};
use crate::payment::entity::payment;

/// What a payment means for the prolongation it pays for.
pub(crate) enum Judged {
    /// It covers the price of its day.
    Effective {
        prolongation: ProlongationId,
        days: u32,
        fee: Kopecks,
    },
    /// It does not, or the window closed: the money counts as a plain payment.
    Stale { prolongation: ProlongationId },
}

impl Judged {
    /// The share that buys the service.
    pub(crate) fn fee(&self) -> Kopecks {
        match self {
            Self::Effective { fee, .. } => *fee,
            Self::Stale { .. } => Kopecks::ZERO,
        }
    }
}

/// Judges a payment by the price on the day it was taken; none for a payment of the debt. `there`
/// is what the price can be paid with: the payment, and what was on the balance.
pub(crate) async fn judge(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    row: &payment::Model,
    on: NaiveDate,
    there: Kopecks,
) -> Result<Option<Judged>> {
    let Some(prolongation) = row.prolongation.as_deref() else {
        return Ok(None);
    };
    let prolongation: ProlongationId = id(prolongation)?;
    let stale = Ok(Some(Judged::Stale { prolongation }));
    let signed = locked(tx, prolongation).await?;
    let Some(rules) = rules_of(cab, history) else {
        return stale;
    };
    let events = history.events()?;
    if events.iter().any(|event| event.on() > on) {
        // Something was posted for a later day meanwhile: the agreement is about a debt that is no
        // more.
        return stale;
    }
    let past = past_year(tx, id(&row.borrower)?).await?;
    let days = count(signed.days)?;
    let terms = &history.terms;
    let Ok(quote) = lending::quote_prolongation(&rules, terms, &events, &past, on, days) else {
        return stale;
    };
    // Another prolongation came between: the signed text names a due date that would not come.
    if quote.pay_now > there || quote.new_due != agreed(&signed)?.new_due {
        return stale;
    }
    let mut paid = events;
    // What is beyond the price stays on a balance; taken directly, it repays.
    let amount = if row.amount == there.get() {
        there
    } else {
        quote.pay_now
    };
    let money = amount.less(quote.fee);
    if money.is_positive() {
        paid.push(Event::Payment { on, amount: money });
    }
    Ok(
        match lending::accept_prolongation(&rules, terms, &paid, &past, on, days) {
            Ok(_) => Some(Judged::Effective {
                prolongation,
                days,
                fee: quote.fee,
            }),
            Err(_) => Some(Judged::Stale { prolongation }),
        },
    )
}

/// Refuses what can't take effect on a date without money.
pub(crate) async fn accept(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    on: NaiveDate,
    days: u32,
) -> Result<()> {
    let rules = rules_of(cab, history).ok_or(CabinetError::Conflict("no_prolongation"))?;
    let past = past_year(tx, id(&history.row.borrower)?).await?;
    lending::accept_prolongation(&rules, &history.terms, &history.events()?, &past, on, days)
        .map(|_| ())
        .map_err(refusal)
}

/// Moves the due date. Answers that it did.
pub(crate) async fn take_effect(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    prolongation: ProlongationId,
    days: u32,
    on: NaiveDate,
    at: DateTime<Utc>,
) -> Result<bool> {
    let row = operation::ActiveModel {
        id: Set(cab.fresh_id().to_string()),
        loan: Set(history.row.id.clone()),
        seq: Set(history.next_seq()),
        kind: Set(OperationKind::Prolongation),
        on_date: Set(on.to_string()),
        at: Set(ms(at)),
        amount: Set(0),
        fee: Set(0),
        days: Set(Some(i64::from(days))),
        parts: Set("[]".to_owned()),
        overpaid: Set(0),
        title: Set(String::new()),
        reference: Set(format!("prolongation:{prolongation}")),
        keep: Set(None),
        rate: Set(None),
    }
    .insert(tx)
    .await?;
    history.push(row)?;
    effective(tx, prolongation, on).await?;
    Ok(true)
}

/// Marks it effective.
pub(crate) async fn effective(tx: &Tx, prolongation: ProlongationId, on: NaiveDate) -> Result<()> {
    let row = locked(tx, prolongation).await?;
    let mut update: prolongation::ActiveModel = row.into();
    update.status = Set(ProlongationStatus::Effective);
    update.effective_on = Set(Some(on.to_string()));
    update.update(tx).await?;
    Ok(())
}

/// Refuses what the balance can't pay for on a date.
pub(crate) async fn accept_quote(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    on: NaiveDate,
    days: u32,
) -> Result<()> {
    let rules = rules_of(cab, history).ok_or(CabinetError::Conflict("no_prolongation"))?;
    let past = past_year(tx, id(&history.row.borrower)?).await?;
    let (terms, events) = (&history.terms, history.events()?);
    let quote = lending::quote_prolongation(&rules, terms, &events, &past, on, days);
    let quote = quote.map_err(refusal)?;
    if quote.pay_now > history.left() {
        return Err(CabinetError::Conflict("prolongation_stale"));
    }
    Ok(())
}

/// Prolongations of the borrower's other loans, with their days.
pub(crate) async fn others(tx: &Tx, history: &History) -> Result<Vec<(NaiveDate, u32)>> {
    let rows = prolongation::Entity::find()
        .filter(prolongation::Column::Borrower.eq(&history.row.borrower))
        .filter(prolongation::Column::Loan.ne(&history.row.id))
        .filter(prolongation::Column::Status.eq(ProlongationStatus::Effective))
        .all(tx)
        .await?;
    let mut past = Vec::with_capacity(rows.len());
    for row in rows {
        let on = row.effective_on.as_deref().unwrap_or(&row.on_date);
        past.push((date(on)?, count(row.days)?));
    }
    past.sort_unstable();
    Ok(past)
}

/// Marks it stale.
pub(crate) async fn stale(tx: &Tx, prolongation: ProlongationId) -> Result<()> {
    set(tx, prolongation, ProlongationStatus::Stale).await
}

/// Its payment failed: there is nothing left to wait for.
pub(crate) async fn unpaid(tx: &Tx, prolongation: ProlongationId) -> Result<()> {
    set(tx, prolongation, ProlongationStatus::Expired).await
}

async fn set(tx: &Tx, prolongation: ProlongationId, status: ProlongationStatus) -> Result<()> {
    let row = locked(tx, prolongation).await?;
    if row.status != ProlongationStatus::Signed {
        return Ok(());
    }
    let mut update: prolongation::ActiveModel = row.into();
    update.status = Set(status);
    update.update(tx).await?;
    Ok(())
}
