//! The posting of one receipt: its shares, its operation, its journal entry. News may come out of
//! order: money taken earlier than what is already posted is put in its own place, and the later
//! shares are taken apart anew.

use chrono::{DateTime, NaiveDate, Utc};
use lending::ledger::{post_payment, post_service};
use lending::{Account, Applied, Event, Keep, Kopecks, LoanError, Part, Posting, Terms};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::Cabinet;
use crate::balance::keep_name;
use crate::db::Tx;
use crate::error::Result;
use crate::ledger::{self, JournalEntry};
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::history::{History, broken, events_of, keep_of, money_events};
use crate::loan::stored::{date, id, json, ms, read};
use crate::statement::outside;

/// Money that came.
pub(crate) struct Receipt {
    pub on: NaiveDate,
    pub at: DateTime<Utc>,
    pub amount: Kopecks,
    /// The share that buys a service and repays no debt.
    pub fee: Kopecks,
    /// The acquirer's id.
    pub reference: String,
    /// The card.
    pub title: String,
    /// What it keeps of the schedule, when a new one was asked for.
    pub keep: Option<Keep>,
}

/// What became of it.
pub(crate) struct Posted {
    pub on: NaiveDate,
    pub amount: Kopecks,
    pub overpaid: Kopecks,
    pub days_overdue_before: u32,
}

/// Posts a receipt: operation, journal, and the history in memory brought up to it.
pub(crate) async fn post(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    receipt: Receipt,
) -> Result<Posted> {
    let money = receipt.amount.less(receipt.fee);
    let placed = placed(history, receipt.on, money, receipt.keep)?;
    for redone in placed.redone {
        redo(tx, cab, history, redone, &receipt.reference).await?;
    }
    let (on, applied) = (placed.on, placed.applied);
    let row = operation::ActiveModel {
        id: Set(cab.fresh_id().to_string()),
        loan: Set(history.row.id.clone()),
        seq: Set(history.next_seq()),
        kind: Set(OperationKind::Payment),
        on_date: Set(on.to_string()),
        at: Set(ms(receipt.at)),
        amount: Set(receipt.amount.get()),
        fee: Set(receipt.fee.get()),
        days: Set(None),
        parts: Set(json(&applied.parts)?),
        overpaid: Set(applied.overpaid.get()),
        title: Set(receipt.title),
        reference: Set(receipt.reference.clone()),
        keep: Set(receipt.keep.map(|keep| keep_name(keep).to_owned())),
        rate: Set(None),
    }
    .insert(tx)
    .await?;
    history.push(row)?;
    let mut postings = post_payment(&applied);
    postings.extend(post_service(receipt.fee));
    let postings = on_account(postings, &receipt.reference);
    journal(
        tx,
        cab,
        history,
        "payment",
        format!("payment:{}", receipt.reference),
        on,
        postings,
    )?;
    Ok(Posted {
        on,
        amount: receipt.amount,
        overpaid: applied.overpaid,
        days_overdue_before: placed.days_overdue_before,
    })
}

/// Where a receipt stands among the events, and the shares of it and of the later ones.
struct Placed {
    on: NaiveDate,
    applied: Applied,
    redone: Vec<Redone>,
    days_overdue_before: u32,
}

/// A later payment whose shares changed.
struct Redone {
    index: usize,
    applied: Applied,
}

fn placed(history: &History, on: NaiveDate, money: Kopecks, keep: Option<Keep>) -> Result<Placed> {
    let events = history.events()?;
    let last = events.iter().map(Event::on).max().unwrap_or(on);
    let place = |on: NaiveDate| -> std::result::Result<Placed, LoanError> {
        let earlier: Vec<Event> = events
            .iter()
            .copied()
            .filter(|event| event.on() <= on)
            .collect();
        let before = lending::state(&history.terms, &earlier, on)?;
        let applied = if money.is_positive() {
            applied(&history.terms, &earlier, on, money, keep)?
        } else {
            // A receipt that only buys a service repays nothing.
            Applied {
                parts: Vec::new(),
                overpaid: Kopecks::ZERO,
                after: before.clone(),
            }
        };
        let redone = later(history, earlier, on, money, keep)?;
        Ok(Placed {
            on,
            applied,
            redone,
            days_overdue_before: before.days_overdue,
        })
    };
    match place(on) {
        Ok(placed) => Ok(placed),
        // In its own place it would undo something later (a prolongation of a loan it had closed):
        // it counts for the day of the last event instead, which is never worse for what was agreed
        // since.
        Err(_) if last > on => place(last).map_err(broken),
        Err(error) => Err(broken(error)),
    }
}

/// A payment's shares, or those of one that asks for a new schedule.
fn applied(
    terms: &Terms,
    events: &[Event],
    on: NaiveDate,
    amount: Kopecks,
    keep: Option<Keep>,
) -> std::result::Result<Applied, LoanError> {
    match keep {
        Some(keep) => lending::apply_prepayment(terms, events, on, amount, keep),
        None => lending::apply_payment(terms, events, on, amount),
    }
}

/// The later payments whose shares are others once `money` stands on `on`.
fn later(
    history: &History,
    mut events: Vec<Event>,
    on: NaiveDate,
    money: Kopecks,
    keep: Option<Keep>,
) -> std::result::Result<Vec<Redone>, LoanError> {
    let damaged = |_| LoanError::Terms;
    if money.is_positive() {
        events.push(match keep {
            Some(keep) => Event::Prepayment {
                on,
                amount: money,
                keep,
            },
            None => Event::Payment { on, amount: money },
        });
    }
    let mut rows: Vec<(NaiveDate, i64, usize)> = Vec::new();
    for (index, row) in history.operations.iter().enumerate() {
        let day = date(&row.on_date).map_err(damaged)?;
        if day > on {
            rows.push((day, row.seq, index));
        }
    }
    rows.sort_unstable();
    let mut redone = Vec::new();
    for (day, _, index) in rows {
        let Some(row) = history.operations.get(index) else {
            continue;
        };
        match row.kind {
            OperationKind::Payment => {
                let amount = Kopecks::new(row.amount).less(Kopecks::new(row.fee));
                if amount.is_positive() {
                    let keep = keep_of(row.keep.as_deref()).map_err(damaged)?;
                    let applied = applied(&history.terms, &events, day, amount, keep)?;
                    let known: Vec<Part> = read(&row.parts).map_err(damaged)?;
                    if known != applied.parts {
                        redone.push(Redone { index, applied });
                    }
                }
                events.extend(money_events(row, day).map_err(damaged)?);
            }
            OperationKind::Prolongation => {
                let days =
                    u32::try_from(row.days.unwrap_or_default()).map_err(|_| LoanError::Days)?;
                events.push(Event::Prolongation { on: day, days });
                lending::state(&history.terms, &events, day)?;
            }
            OperationKind::Pause
            | OperationKind::Resume
            | OperationKind::Holiday
            | OperationKind::Discount
            | OperationKind::WriteOff
            | OperationKind::RateCut => {
                events.extend(events_of(row).map_err(damaged)?);
                lending::state(&history.terms, &events, day)?;
            }
            OperationKind::Disbursement
            | OperationKind::Refund
            | OperationKind::TopUp
            | OperationKind::Debit => {}
        }
    }
    Ok(redone)
}

/// Takes a posted payment apart anew: the journal keeps the old entry and gets its reversal with
/// the new one.
async fn redo(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    redone: Redone,
    because: &str,
) -> Result<()> {
    let Some(row) = history.operations.get(redone.index).cloned() else {
        return Ok(());
    };
    let old = Applied {
        parts: read(&row.parts)?,
        overpaid: Kopecks::new(row.overpaid),
        after: redone.applied.after.clone(),
    };
    let mut postings: Vec<Posting> = post_payment(&old)
        .into_iter()
        .map(|posting| Posting {
            debit: posting.credit,
            credit: posting.debit,
            ..posting
        })
        .collect();
    postings.extend(post_payment(&redone.applied));
    let reference = format!("reallocation:{}:{because}", row.reference);
    let postings = on_account(postings, &row.reference);
    let on = date(&row.on_date)?;
    let mut update: operation::ActiveModel = row.into();
    update.parts = Set(json(&redone.applied.parts)?);
    update.overpaid = Set(redone.applied.overpaid.get());
    let row = update.update(tx).await?;
    if let Some(place) = history.operations.get_mut(redone.index) {
        *place = row;
    }
    journal(tx, cab, history, "reallocation", reference, on, postings)
}

/// Money that came past the acquirer stands on the lender's own account.
pub(crate) fn on_account(postings: Vec<Posting>, reference: &str) -> Vec<Posting> {
    if !outside(reference) {
        return postings;
    }
    let moved = |account| match account {
        Account::Acquirer => Account::Bank,
        other => other,
    };
    postings
        .into_iter()
        .map(|posting| Posting {
            debit: moved(posting.debit),
            credit: moved(posting.credit),
            ..posting
        })
        .collect()
}

pub(crate) fn journal(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    kind: &str,
    reference: String,
    business_date: NaiveDate,
    postings: Vec<Posting>,
) -> Result<()> {
    let loan = Some(id(&history.row.id)?);
    let kind = kind.to_owned();
    ledger::post(
        tx,
        cab,
        JournalEntry {
            kind,
            loan,
            reference,
            business_date,
            postings,
        },
    )?;
    Ok(())
}
