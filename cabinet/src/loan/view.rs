//! The loan page: the debt in closed form from the frozen terms and the operations, on any date.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};
use futures::try_join;
use lending::{Event, Kopecks, LoanError, LoanState, Path, Rate, Status};
use locales::{Lang, Words};
use sea_orm::entity::prelude::*;

use super::entity::operation;
use super::history::{self, History, broken, rate_of};
use super::stored::{date, id, moment, read};
use super::timeline::timeline;
use super::{DebtOn, LoanCard, LoanView, Operation, OperationKind};
use crate::balance::BalanceView;
use crate::document::phrase;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId};
use crate::{Cabinet, application, document, notice, payment, prolongation};

/// For the comparison of ways on: a month's prolongation and a month's delay.
const COMPARED_DAYS: u32 = 30;

/// The drawing of the debt goes so many days past the next date: what being late costs is seen.
const DRAWN_AFTER_DAYS: i64 = 7;

/// About how many days it is drawn from.
const DRAWN_POINTS: i64 = 30;

/// How far ahead the debt can be asked about.
const HORIZON_DAYS: i64 = 3_660;

/// The borrower's loans, the newest first, with what closes each today.
pub async fn list(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<LoanCard>> {
    let today = cab.today();
    let mut cards = Vec::new();
    let db = cab.db().snapshot().await?;
    for loan in history::all(&db, cab, borrower).await? {
        let state = loan.state(today.max(loan.terms.schedule.start))?;
        cards.push(LoanCard {
            id: id(&loan.row.id)?,
            number: loan.row.number.clone(),
            status: state.status,
            late: state.late_since.is_some(),
            payoff: state.payoff,
            due: state.next_payment.map_or(state.due, |next| next.0),
            product_title: loan.row.product_title.clone(),
        });
    }
    Ok(cards)
}

/// A borrower's own loan on a date (today without one). A date before the money left is read as
/// that day; a date in the past shows what was owed then.
pub async fn view(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    on: Option<NaiveDate>,
) -> Result<LoanView> {
    // One state: a payment that comes meanwhile is either in all of the page or in none of it.
    let db = &cab.db().at_once().await?;
    let key = loan.to_string();
    // Nothing here needs another's answer, so all of it goes to the database at once.
    let read = async {
        try_join!(
            history::load(db, cab, borrower, loan),
            prolongation::past_year(db, borrower),
            application::signing_of(db, loan),
            application::way_to(db, loan),
            notice::reported(db, &key),
            document::agreements(db, &key),
            payment::open_row(db, loan),
        )
    };
    // Seven readers side by side would make whatever awaits this page large.
    let (history, past, signing, way, reported, agreements, open) = Box::pin(read).await?;
    let today = cab.today();
    let start = history.terms.schedule.start;
    // Nobody asks about the debt further than this, and the calendar ends somewhere.
    let horizon = today.max(start) + Duration::days(HORIZON_DAYS);
    let on = on.unwrap_or(today).clamp(start, horizon);
    let state = history.state(on)?;
    let now = if on == today.max(start) {
        state.clone()
    } else {
        history.state(today.max(start))?
    };
    let events = history.events()?;
    let rules = prolongation::rules_of(cab, &history);
    let prolong = if now.status == Status::Closed {
        None
    } else {
        prolongation::availability(rules.as_ref(), &history, &events, &past, today)
    };
    Ok(LoanView {
        id: loan,
        number: history.row.number.clone(),
        product_title: history.row.product_title.clone(),
        contract: id(&history.row.contract)?,
        curve: curve(&history, &events, &now)?,
        operations: operations(&history.operations, signing.lang)?,
        timeline: timeline(&history, way, &signing, &now, &reported)?,
        paths: ways(&history, &events, rules.as_ref(), &past, &now)?,
        open_payment: open
            .map(|open| payment::open_view(open, &history.row, &history.operations))
            .transpose()?,
        prolong,
        documents: document::links(&history, &signing, agreements),
        reported,
        overpaid: history.surplus(&now),
        balance: balance_view(cab, &history, &now),
        rate: rate(&history, &events, &now)?,
        terms: history.terms,
        state,
        today,
    })
}

/// The highest rate that may still run.
fn rate(history: &History, events: &[Event], now: &LoanState) -> Result<Option<Rate>> {
    if now.status == Status::Closed {
        return Ok(None);
    }
    let upto: Vec<Event> = events
        .iter()
        .copied()
        .filter(|event| event.on() <= now.on)
        .collect();
    match lending::running_rate_on(&history.terms, &upto, now.on) {
        Ok(rate) => Ok(Some(rate)),
        Err(LoanError::Kind) => Ok(None),
        Err(error) => Err(broken(error)),
    }
}

/// The balance, of a lender who has one or a loan that had.
fn balance_view(cab: &Cabinet, history: &History, now: &LoanState) -> Option<BalanceView> {
    let book = history.book();
    if book.is_none() && !cab.lender().payment.by_balance() {
        return None;
    }
    Some(BalanceView {
        left: history.left(),
        idle_saves: book.map_or(Kopecks::ZERO, |book| book.idle_saves),
        next_debit: now.next_payment,
    })
}

/// The debt on about thirty days: the first, the last, today, the next date, the days of payments with the days
/// before them, and evenly between. Between two neighbours it grows in a straight line.
fn curve(history: &History, events: &[Event], now: &LoanState) -> Result<Vec<DebtOn>> {
    if now.status == Status::Closed {
        return Ok(Vec::new());
    }
    let start = history.terms.schedule.start;
    let next = now.next_payment.map_or(now.due, |(on, _)| on);
    let end = next.max(now.on) + Duration::days(DRAWN_AFTER_DAYS);
    let length = (end - start).num_days();
    let step = (length / DRAWN_POINTS).max(1);
    let mut days: BTreeSet<NaiveDate> = (0..=length / step)
        .map(|index| start + Duration::days(index * step))
        .collect();
    let before = |day: NaiveDate| day.pred_opt().unwrap_or(day);
    for event in events {
        days.extend([before(event.on()), event.on()]);
    }
    days.extend([end, now.on, next, next + Duration::days(1)]);
    days.retain(|day| (start..=end).contains(day));
    let debts = lending::debts(&history.terms, events, &days).map_err(broken)?;
    Ok(debts
        .into_iter()
        .map(|(on, debt)| DebtOn {
            on,
            principal: debt.principal,
            interest: debt.interest,
            penalty: debt.penalty,
            payoff: debt.total(),
        })
        .collect())
}

fn ways(
    history: &History,
    events: &[Event],
    rules: Option<&lending::ProlongationRules>,
    past: &[(NaiveDate, u32)],
    now: &LoanState,
) -> Result<Vec<Path>> {
    if now.status == Status::Closed {
        return Ok(Vec::new());
    }
    let days = rules.map_or(COMPARED_DAYS, |rules| {
        COMPARED_DAYS.clamp(rules.min_days, rules.max_days)
    });
    lending::paths(
        &history.terms,
        events,
        rules,
        past,
        now.on,
        days,
        COMPARED_DAYS,
    )
    .map_err(broken)
}

fn operations(rows: &[operation::Model], lang: Lang) -> Result<Vec<Operation>> {
    let mut list = rows
        .iter()
        .map(|row| shown(row, lang))
        .collect::<Result<Vec<_>>>()?;
    // News may come out of order; the list is read by date.
    list.sort_by_key(|operation| operation.on);
    Ok(list)
}

fn shown(row: &operation::Model, lang: Lang) -> Result<Operation> {
    let title = match row.kind {
        OperationKind::Prolongation => Words::new(lang).args(
            "cabinet-loan-operation-prolongation",
            &[("days", row.days.unwrap_or_default().into())],
        ),
        OperationKind::Holiday => Words::new(lang).args(
            "cabinet-loan-operation-holiday",
            &[("months", row.days.unwrap_or_default().into())],
        ),
        OperationKind::RateCut => phrase::rate(Words::new(lang), rate_of(row)?),
        _ => row.title.clone(),
    };
    Ok(Operation {
        on: date(&row.on_date)?,
        at: moment(row.at),
        kind: row.kind,
        amount: Kopecks::new(row.amount),
        parts: read(&row.parts)?,
        title,
    })
}

/// A loan of a contract, if the contract became one.
pub(crate) async fn of_contract(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
    contract: &str,
) -> Result<Option<History>> {
    let row = super::entity::loan::Entity::find()
        .filter(super::entity::loan::Column::Contract.eq(contract))
        .filter(super::entity::loan::Column::Borrower.eq(borrower.to_string()))
        .one(db)
        .await?;
    match row {
        Some(row) => history::of(db, cab, row).await.map(Some),
        None => Ok(None),
    }
}

/// A loan or the refusal of an id that is not the borrower's.
pub(crate) fn found<T>(row: Option<T>) -> Result<T> {
    row.ok_or(CabinetError::NotFound)
}
