//! Giving a permission and taking it back.

use lending::{Kopecks, Status};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use super::entity::{attempt, mandate};
use super::run::{plan, tell_ahead};
use super::{Allowance, MandateStatus, MandateView, TryView, When};
use crate::Cabinet;
use crate::db::Tx;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, LoanId, MandateId};
use crate::loan::history;
use crate::loan::stored::{count, date, id, moment, ms};
use crate::payment::entity::payment;
use crate::payment::{PayStatus, open_of};
use crate::payout;
use crate::payout::entity::instrument;

/// The longest a debit may come before its date.
const MOST_DAYS_BEFORE: u32 = 5;

/// Allows debits for a loan, in place of what was allowed before.
///
/// Errors: fields `consent`, `card`, `days_before`, `month_day`, `hour`, `cap_debit`, `cap_month`;
/// `Conflict("loan_closed")`, `Conflict("pay_outside")`; `NotFound`.
pub async fn agree(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    allowed: Allowance,
) -> Result<MandateId> {
    check(&allowed)?;
    if !cab.lender().payment.in_cabinet() {
        return Err(CabinetError::Conflict("pay_outside"));
    }
    let cabinet = cab.clone();
    let fresh = MandateId(cab.fresh_id());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let history = history::lock(tx, &cabinet, loan).await?;
                if history.row.borrower != borrower.to_string() {
                    return Err(CabinetError::NotFound);
                }
                let today = cabinet.today().max(history.terms.schedule.start);
                if history.state(today)?.status == Status::Closed {
                    return Err(CabinetError::Conflict("loan_closed"));
                }
                let card = payout::chargeable(tx, borrower, allowed.card).await?;
                if let Some(before) = live(tx, loan).await? {
                    set(tx, &cabinet, before, MandateStatus::Revoked).await?;
                }
                let now = ms(cabinet.now());
                let row = mandate::ActiveModel {
                    id: Set(fresh.to_string()),
                    borrower: Set(borrower.to_string()),
                    loan: Set(loan.to_string()),
                    instrument: Set(card.to_string()),
                    days_before: Set(match allowed.when {
                        When::Before(days) => i64::from(days),
                        When::MonthDay(_) => 0,
                    }),
                    month_day: Set(match allowed.when {
                        When::Before(_) => None,
                        When::MonthDay(day) => Some(i64::from(day)),
                    }),
                    hour: Set(i64::from(allowed.hour)),
                    cap_debit: Set(allowed.cap_debit.get()),
                    cap_month: Set(allowed.cap_month.get()),
                    status: Set(MandateStatus::Active),
                    agreed_at: Set(now),
                    changed_at: Set(now),
                }
                .insert(tx)
                .await?;
                tell_ahead(tx, &cabinet, &history, &row).await?;
                Ok(fresh)
            })
        })
        .await
}

fn check(allowed: &Allowance) -> Result<()> {
    let mut wrong = Vec::new();
    let mut must = |right: bool, field: &str, code: &'static str| {
        if !right {
            wrong.push(FieldError::new(field, code));
        }
    };
    must(allowed.consent, "consent", "consent_needed");
    match allowed.when {
        When::Before(days) => must(days <= MOST_DAYS_BEFORE, "days_before", "autopay_days"),
        When::MonthDay(day) => must((1..=31).contains(&day), "month_day", "autopay_month_day"),
    }
    must(allowed.hour < 24, "hour", "autopay_hour");
    must(
        allowed.cap_debit.is_positive(),
        "cap_debit",
        "amount_invalid",
    );
    must(
        allowed.cap_month >= allowed.cap_debit,
        "cap_month",
        "autopay_month",
    );
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(CabinetError::Fields(wrong))
    }
}

/// Stops debits until they are resumed.
///
/// Errors: `NotFound`.
pub async fn pause(cab: &Cabinet, borrower: BorrowerId, loan: LoanId) -> Result<()> {
    change(cab, borrower, loan, MandateStatus::Paused)
        .await
        .map(drop)
}

/// Lets debits happen again.
///
/// Errors: `NotFound`.
pub async fn resume(cab: &Cabinet, borrower: BorrowerId, loan: LoanId) -> Result<()> {
    change(cab, borrower, loan, MandateStatus::Active)
        .await
        .map(drop)
}

/// Ends the permission: after the answer no debit begins. Answers whether one is under way already.
///
/// Errors: `NotFound`.
pub async fn revoke(cab: &Cabinet, borrower: BorrowerId, loan: LoanId) -> Result<bool> {
    change(cab, borrower, loan, MandateStatus::Revoked).await
}

async fn change(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    status: MandateStatus,
) -> Result<bool> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = live(tx, loan).await?;
                let row = row.filter(|row| row.borrower == borrower.to_string());
                let row = row.ok_or(CabinetError::NotFound)?;
                let mandate = row.id.clone();
                set(tx, &cabinet, row, status).await?;
                under_way(tx, &mandate).await
            })
        })
        .await
}

/// Whether the acquirer has been asked for a debit whose end is not known.
async fn under_way(tx: &Tx, mandate: &str) -> Result<bool> {
    let asked = payment::Entity::find()
        .filter(payment::Column::Mandate.eq(mandate))
        .filter(payment::Column::Polls.gt(0))
        .filter(payment::Column::Status.is_in([
            PayStatus::Created,
            PayStatus::Waiting,
            PayStatus::Unknown,
        ]))
        .one(tx)
        .await?;
    Ok(asked.is_some())
}

async fn set(tx: &Tx, cab: &Cabinet, row: mandate::Model, status: MandateStatus) -> Result<()> {
    let mut update: mandate::ActiveModel = row.into();
    update.status = Set(status);
    update.changed_at = Set(ms(cab.now()));
    update.update(tx).await?;
    Ok(())
}

/// A loan's permission that is not revoked, locked.
pub(super) async fn live(tx: &Tx, loan: LoanId) -> Result<Option<mandate::Model>> {
    Ok(mandate::Entity::find()
        .filter(mandate::Column::Loan.eq(loan.to_string()))
        .filter(mandate::Column::Status.ne(MandateStatus::Revoked))
        .lock_exclusive()
        .one(tx)
        .await?)
}

/// A borrower's permission for a loan, the last one; none when there never was one.
pub async fn view(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
) -> Result<Option<MandateView>> {
    let db = cab.db().read();
    let history = history::load(db, cab, borrower, loan).await?;
    let row = mandate::Entity::find()
        .filter(mandate::Column::Loan.eq(loan.to_string()))
        .order_by_desc(mandate::Column::AgreedAt)
        .order_by_desc(mandate::Column::Id)
        .one(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let card = instrument::Entity::find_by_id(&row.instrument)
        .one(db)
        .await?;
    let last4 = card.and_then(|card| card.last4).unwrap_or_default();
    let busy = open_of(db, loan, crate::payment::Purpose::Debt).await?;
    let next = if row.status == MandateStatus::Active && busy.is_none() {
        let plan = plan(db, cab, &history, &row).await?;
        plan.map(|plan| (plan.day, plan.amount))
    } else {
        None
    };
    Ok(Some(MandateView {
        id: id(&row.id)?,
        card: format!("•• {last4}"),
        allowance: Allowance {
            card: id(&row.instrument)?,
            when: match row.month_day {
                Some(day) => When::MonthDay(count(day)?),
                None => When::Before(count(row.days_before)?),
            },
            hour: count(row.hour)?,
            cap_debit: Kopecks::new(row.cap_debit),
            cap_month: Kopecks::new(row.cap_month),
            consent: true,
        },
        status: row.status,
        next,
        tries: tries(db, loan).await?,
    }))
}

async fn tries(db: &impl ConnectionTrait, loan: LoanId) -> Result<Vec<TryView>> {
    let rows = attempt::Entity::find()
        .filter(attempt::Column::Loan.eq(loan.to_string()))
        .order_by_desc(attempt::Column::At)
        .all(db)
        .await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        let payment = match &row.payment {
            Some(payment) => payment::Entity::find_by_id(payment).one(db).await?,
            None => None,
        };
        list.push(TryView {
            due_on: date(&row.due_on)?,
            at: moment(row.at),
            amount: Kopecks::new(row.amount),
            status: payment.as_ref().map(|payment| payment.status),
            reason: payment.and_then(|payment| payment.reason).or(row.refused),
        });
    }
    Ok(list)
}
