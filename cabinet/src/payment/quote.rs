//! A sum that closes a loan by a moment, and what paying early means.
//!
//! Whatever is owed only grows with the days, so the sum of a day closes the loan when it is taken
//! on that day or before it; what is beyond the debt of the earlier day comes back as a surplus.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use lending::{Keep, Kopecks, Prepay, Status};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::entity::{payment, payoff_quote};
use crate::Cabinet;
use crate::db::Tx;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, LoanId, QuoteId};
use crate::loan::history::{self, History, broken};
use crate::loan::stored::{date, id, moment, ms};

/// A bank may take the money minutes after the payer has confirmed it: what was confirmed before
/// midnight counts for that day.
const GRACE: Duration = Duration::minutes(30);

/// How far ahead a sum is promised.
const HORIZON_DAYS: i64 = 366;

/// A promise: this sum closes the loan when the acquirer takes it before `until`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoffQuote {
    /// Its id.
    pub id: QuoteId,
    /// The loan.
    pub loan: LoanId,
    /// The last day it is for.
    pub on: NaiveDate,
    /// The sum.
    pub amount: Kopecks,
    /// The end of that day by the business clock, excluded.
    pub until: DateTime<Utc>,
    /// Whether that moment is ahead.
    pub lives: bool,
}

/// What paying early would mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Early {
    /// The day.
    pub on: NaiveDate,
    /// How much is paid.
    pub amount: Kopecks,
    /// The rest of it: payoff, shares, savings, the new schedule and its full cost.
    pub prepay: Prepay,
    /// Whether it closes the loan.
    pub closes: bool,
    /// Whether there is a choice of what the new schedule keeps: more than one payment is left.
    pub choice: bool,
}

/// Promises the sum that closes a borrower's loan on a day from today on. The same day and sum are
/// the same promise.
///
/// Errors: field `on` (`quote_date`); `Conflict("loan_closed")`; `NotFound`.
pub async fn promise(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    on: NaiveDate,
) -> Result<QuoteId> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let history = history::lock(tx, &cabinet, loan).await?;
                if history.row.borrower != borrower.to_string() {
                    return Err(CabinetError::NotFound);
                }
                in_reach(&cabinet, on)?;
                make(tx, &cabinet, &history, on).await
            })
        })
        .await
}

fn in_reach(cab: &Cabinet, on: NaiveDate) -> Result<()> {
    let today = cab.today();
    let last = today + Duration::days(HORIZON_DAYS);
    if (today..=last).contains(&on) {
        return Ok(());
    }
    let error = FieldError::new("on", "quote_date");
    Err(CabinetError::Fields(vec![
        error.with("from", today).with("to", last),
    ]))
}

/// A borrower's own promise; somebody else's is `NotFound`.
pub async fn promised(cab: &Cabinet, borrower: BorrowerId, quote: QuoteId) -> Result<PayoffQuote> {
    let row = payoff_quote::Entity::find_by_id(quote.to_string())
        .filter(payoff_quote::Column::Borrower.eq(borrower.to_string()))
        .one(cab.db().read())
        .await?
        .ok_or(CabinetError::NotFound)?;
    Ok(PayoffQuote {
        id: quote,
        loan: id(&row.loan)?,
        on: date(&row.on_date)?,
        amount: Kopecks::new(row.amount),
        until: moment(row.expires_at),
        lives: ms(cab.now()) < row.expires_at,
    })
}

/// Writes a promise down, or finds it.
pub(super) async fn make(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    on: NaiveDate,
) -> Result<QuoteId> {
    let state = history.state(on.max(history.terms.schedule.start))?;
    if state.status == Status::Closed {
        return Err(CabinetError::Conflict("loan_closed"));
    }
    let amount = state.payoff;
    let known = payoff_quote::Entity::find()
        .filter(payoff_quote::Column::Loan.eq(&history.row.id))
        .filter(payoff_quote::Column::OnDate.eq(on.to_string()))
        .filter(payoff_quote::Column::Amount.eq(amount.get()))
        .one(tx)
        .await?;
    if let Some(known) = known {
        return id(&known.id);
    }
    let quote = QuoteId(cab.fresh_id());
    payoff_quote::ActiveModel {
        id: Set(quote.to_string()),
        loan: Set(history.row.id.clone()),
        borrower: Set(history.row.borrower.clone()),
        on_date: Set(on.to_string()),
        amount: Set(amount.get()),
        expires_at: Set(ms(end_of(cab, on))),
        created_at: Set(ms(cab.now())),
    }
    .insert(tx)
    .await?;
    Ok(quote)
}

/// The first moment after a day by the business clock.
fn end_of(cab: &Cabinet, on: NaiveDate) -> DateTime<Utc> {
    let next = on.succ_opt().unwrap_or(on).and_time(chrono::NaiveTime::MIN);
    let offset = Duration::minutes(i64::from(cab.lender().clock_offset_minutes));
    DateTime::from_naive_utc_and_offset(next - offset, Utc)
}

/// What a payment under a promise is to be: never more than the debt of that day has become.
pub(super) async fn kept(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    quote: QuoteId,
) -> Result<Kopecks> {
    let row = payoff_quote::Entity::find_by_id(quote.to_string())
        .filter(payoff_quote::Column::Loan.eq(&history.row.id))
        .one(tx)
        .await?
        .ok_or(CabinetError::NotFound)?;
    if ms(cab.now()) >= row.expires_at {
        return Err(CabinetError::Conflict("quote_over"));
    }
    let then = history.state(date(&row.on_date)?)?.payoff;
    Ok(then.min(Kopecks::new(row.amount)))
}

/// The day a payment counts for: that of its capture, or the promised one when it was started
/// before the promise's end and taken within minutes after it.
pub(super) async fn honoured(
    tx: &Tx,
    cab: &Cabinet,
    row: &payment::Model,
    at: DateTime<Utc>,
) -> Result<NaiveDate> {
    let day = cab.business_date(at);
    let Some(quote) = row.quote.as_deref() else {
        return Ok(day);
    };
    let quote = payoff_quote::Entity::find_by_id(quote).one(tx).await?;
    let Some(quote) = quote else { return Ok(day) };
    let on = date(&quote.on_date)?;
    let in_time = row.created_at < quote.expires_at && at < moment(quote.expires_at) + GRACE;
    Ok(if day > on && in_time { on } else { day })
}

/// What paying `amount` (all of it without one) on a day would mean.
///
/// Errors: field `on` (`quote_date`), `amount`; `Conflict("loan_closed")`; `NotFound`.
pub async fn early(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    on: NaiveDate,
    amount: Option<Kopecks>,
    keep: Keep,
) -> Result<Early> {
    let history = history::load(cab.db().read(), cab, borrower, loan).await?;
    let now = history.state(cab.today().max(history.terms.schedule.start))?;
    if now.status == Status::Closed {
        return Err(CabinetError::Conflict("loan_closed"));
    }
    in_reach(cab, on)?;
    let on = on.max(history.terms.schedule.start);
    let payoff = history.state(on)?.payoff;
    let amount = match amount {
        None => payoff,
        Some(sum) => super::start::typed(sum, payoff)?,
    };
    let events = history.events()?;
    let prepay = lending::quote_prepayment(&history.terms, &events, on, amount, keep);
    let prepay = prepay.map_err(broken)?;
    let ahead = now
        .schedule
        .iter()
        .filter(|row| row.paid < row.instalment.payment);
    Ok(Early {
        on,
        amount,
        closes: prepay.new_schedule.is_none(),
        choice: ahead.count() > 1,
        prepay,
    })
}
