//! What an adjustment does to its loan: an operation, the journal, the snapshot, a word to the borrower; and what
//! becomes of a write-off when money of an earlier day comes later.

use chrono::NaiveDate;
use lending::ledger::post_write_off;
use lending::{
    Applied, Debt, Event, Kopecks, LoanError, LoanState, Part, Posting, Rate, RateCutQuote, Status,
};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::{Adjustment, Change, Effect, Kind};
use crate::db::Tx;
use crate::document::phrase;
use crate::error::{CabinetError, Result};
use crate::ids::LoanId;
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::history::{self, History, YEAR, broken};
use crate::loan::stored::{date, id, json, read};
use crate::notice::{self, Notice, Report};
use crate::{Cabinet, balance, payment};

/// The day of an adjustment: today, and no earlier than what is posted already.
pub(super) fn today(cab: &Cabinet, history: &History) -> Result<NaiveDate> {
    let mut on = cab.today().max(history.terms.schedule.start);
    for row in &history.operations {
        on = on.max(date(&row.on_date)?);
    }
    Ok(on)
}

/// The rate asked for in the measure of the product.
fn rate_of(history: &History, ppm: u32) -> Rate {
    match history.terms.product.annual_rate {
        Some(rate) => Rate::Annual(rate).with_ppm(ppm),
        None => Rate::Daily(history.terms.rate).with_ppm(ppm),
    }
}

/// What a change would do today.
pub(super) fn effect(cab: &Cabinet, history: &History, change: Change) -> Result<Effect> {
    let on = today(cab, history)?;
    let (terms, events) = (&history.terms, history.events()?);
    let state = history.state(on)?;
    if state.status == Status::Closed {
        return Ok(Effect::Refused("loan_closed"));
    }
    let debt = match change {
        Change::WholeDebt => Debt {
            penalty: state.penalty,
            interest: state.interest,
            principal: state.principal,
        },
        Change::Debt(debt) => debt,
        Change::Rate(ppm) => {
            let quote = lending::quote_rate_cut(terms, &events, on, rate_of(history, ppm));
            return match quote {
                Ok(quote) => Ok(Effect::Rate(Box::new(quote))),
                Err(LoanError::Raised) => Ok(Effect::Refused("rate_not_lower")),
                Err(LoanError::Kind) => Ok(Effect::Refused("rate_none")),
                Err(error) => Err(broken(error)),
            };
        }
    };
    match lending::apply_write_off(terms, &events, on, debt) {
        Ok(applied) if applied.overpaid.is_zero() => Ok(Effect::Debt {
            debt,
            after: Box::new(applied.after),
        }),
        Ok(_) => Ok(Effect::Refused("adjustment_above_debt")),
        Err(LoanError::Amount) => Ok(Effect::Refused("adjustment_nothing")),
        Err(error) => Err(broken(error)),
    }
}

/// Does what was agreed; answers the operation's id.
pub(super) async fn carry_out(tx: &Tx, cab: &Cabinet, asked: &Adjustment) -> Result<String> {
    let mut history = history::lock(tx, cab, asked.loan).await?;
    let on = today(cab, &history)?;
    let before = history.state(on)?;
    match effect(cab, &history, asked.change)? {
        Effect::Refused(code) => Err(CabinetError::Conflict(code)),
        Effect::Debt { debt, .. } => write_off(tx, cab, asked, &mut history, &before, debt).await,
        Effect::Rate(quote) => lower(tx, cab, asked, &mut history, &before, *quote).await,
    }
}

fn operation(
    cab: &Cabinet,
    asked: &Adjustment,
    history: &History,
    on: NaiveDate,
) -> operation::ActiveModel {
    let kind = asked.change.kind();
    operation::ActiveModel {
        id: Set(cab.fresh_id().to_string()),
        loan: Set(history.row.id.clone()),
        seq: Set(history.next_seq()),
        kind: Set(match kind {
            Kind::WriteOff => OperationKind::WriteOff,
            Kind::RateCut => OperationKind::RateCut,
        }),
        on_date: Set(on.to_string()),
        at: Set(cab.now_ms()),
        amount: Set(0),
        fee: Set(0),
        days: Set(None),
        parts: Set("[]".to_owned()),
        overpaid: Set(0),
        title: Set(String::new()),
        reference: Set(format!("{}:{}", kind.code(), asked.id)),
        keep: Set(None),
        rate: Set(None),
    }
}

async fn write_off(
    tx: &Tx,
    cab: &Cabinet,
    asked: &Adjustment,
    history: &mut History,
    before: &LoanState,
    debt: Debt,
) -> Result<String> {
    let events = history.events()?;
    let applied = lending::apply_write_off(&history.terms, &events, before.on, debt);
    let applied = applied.map_err(broken)?;
    let mut row = operation(cab, asked, history, before.on);
    row.amount = Set(debt.total().get());
    row.parts = Set(json(&applied.parts)?);
    let row = row.insert(tx).await?;
    let (operation, reference) = (row.id.clone(), row.reference.clone());
    history.push(row)?;
    let postings = post_write_off(&applied);
    payment::journal(
        tx,
        cab,
        history,
        "write_off",
        reference,
        before.on,
        postings,
    )?;
    let after = settle(tx, cab, history, before).await?;
    let closed = after.status == Status::Closed;
    let loan: LoanId = id(&history.row.id)?;
    let mut reports = vec![("written_off", debt.total())];
    reports.extend(closed.then_some(("closed", after.paid_total)));
    for (kind, amount) in reports {
        let report = Report {
            borrower: asked.borrower,
            loan,
            kind,
            occasion: operation.clone(),
            on: before.on,
            amount,
            debt: after.payoff,
        };
        notice::report(tx, cab, report).await?;
    }
    let told = Notice {
        borrower: asked.borrower,
        object: history.row.id.clone(),
        kind: if closed { "forgiven" } else { "written_off" },
        occasion: operation.clone(),
        args: vec![
            ("amount", debt.total().to_string()),
            ("left", after.payoff.to_string()),
        ],
    };
    notice::tell(tx, cab, told).await?;
    Ok(operation)
}

async fn lower(
    tx: &Tx,
    cab: &Cabinet,
    asked: &Adjustment,
    history: &mut History,
    before: &LoanState,
    quote: RateCutQuote,
) -> Result<String> {
    let mut row = operation(cab, asked, history, before.on);
    row.rate = Set(Some(i64::from(quote.after.ppm())));
    row.days = Set(Some(match quote.after {
        Rate::Daily(_) => 1,
        Rate::Annual(_) => YEAR,
    }));
    let row = row.insert(tx).await?;
    let operation = row.id.clone();
    history.push(row)?;
    settle(tx, cab, history, before).await?;
    let words = notice::words_of(tx, cab, asked.borrower).await?;
    let told = Notice {
        borrower: asked.borrower,
        object: history.row.id.clone(),
        kind: "rate_lowered",
        occasion: operation.clone(),
        args: vec![
            ("rate", phrase::rate(words, quote.after)),
            ("before", phrase::rate(words, quote.before)),
            ("date", phrase::day(words, quote.from)),
            ("saved", quote.saved.to_string()),
        ],
    };
    notice::tell(tx, cab, told).await?;
    Ok(operation)
}

/// The balance and the snapshot after it.
async fn settle(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    before: &LoanState,
) -> Result<LoanState> {
    if history.on_balance() {
        balance::sync(tx, cab, history).await?;
    }
    payment::snapshot(tx, cab, history, before.on, before.days_overdue).await
}

/// Whatever was posted on a loan, in its transaction: money of an earlier day may have paid what was written off since.
/// Then less is written off, and the journal says so.
pub(crate) async fn settled(tx: &Tx, cab: &Cabinet, history: &History) -> Result<()> {
    for given in history.given_up(OperationKind::WriteOff)? {
        let (Event::WriteOff { on, debt }, row) = (given.event, given.row) else {
            continue;
        };
        let applied = lending::apply_write_off(&history.terms, &given.earlier, on, debt);
        let applied = applied.map_err(broken)?;
        let known: Vec<Part> = read(&row.parts)?;
        if known != applied.parts {
            shrink(tx, cab, history, row, known, &applied).await?;
        }
    }
    Ok(())
}

async fn shrink(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    row: &operation::Model,
    known: Vec<Part>,
    applied: &Applied,
) -> Result<()> {
    let left = Debt::of(&applied.parts).total();
    if left != Kopecks::new(row.amount) {
        let old = Applied {
            parts: known,
            ..applied.clone()
        };
        let reversal = post_write_off(&old).into_iter();
        let mut postings: Vec<Posting> = reversal
            .map(|posting| Posting {
                debit: posting.credit,
                credit: posting.debit,
                ..posting
            })
            .collect();
        postings.extend(post_write_off(applied));
        let reference = format!("reallocation:{}:{}", row.reference, left.get());
        let on = date(&row.on_date)?;
        payment::journal(tx, cab, history, "reallocation", reference, on, postings)?;
    }
    let mut update: operation::ActiveModel = row.clone().into();
    update.amount = Set(left.get());
    update.parts = Set(json(&applied.parts)?);
    update.update(tx).await.map(drop)?;
    Ok(())
}
