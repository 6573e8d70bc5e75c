//! The debits themselves.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};
use lending::{Kopecks, Status};
use sea_orm::entity::prelude::*;
use sea_orm::{QuerySelect, Set};

use super::agree::live;
use super::entity::{attempt, mandate};
use super::{MandateStatus, day};
use crate::Cabinet;
use crate::db::Tx;
use crate::document::phrase;
use crate::error::Result;
use crate::ids::{InstrumentId, LoanId, MandateId, PaymentId};
use crate::loan::history::{self, History};
use crate::loan::stored::{date, id, ms};
use crate::notice::{self, DebitAhead, Notice};
use crate::payment::entity::payment;
use crate::payment::{How, LEAST, NewRow, PayStatus, Purpose, drive, open_of};
use crate::ports::PayMethod;

/// How often a card is tried for one payment date, on different days.
pub const MOST_TRIES: i64 = 3;

/// What is debited next.
pub(super) struct Plan {
    /// The payment date it is for; of a delay, the date that was missed.
    pub due_on: NaiveDate,
    /// The moment from which it may run; its business day is the day of the debit.
    pub at: DateTime<Utc>,
    pub day: NaiveDate,
    pub amount: Kopecks,
    /// How often it was tried before.
    number: i64,
    /// Its owner has not been told of a debit on that day.
    untold: bool,
}

/// What a permission debits next; none when nothing is owed, the balance has it, the date was
/// debited already, or was tried as often as it may be.
pub(super) async fn plan(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    history: &History,
    row: &mandate::Model,
) -> Result<Option<Plan>> {
    let today = cab.today().max(history.terms.schedule.start);
    let state = history.state(today)?;
    let Some((next, _)) = state.next_payment else {
        return Ok(None);
    };
    let due_on = state.late_since.unwrap_or(next);
    let before = tried(db, &row.loan, due_on).await?;
    let number = i64::try_from(before.len()).unwrap_or(i64::MAX);
    if state.status == Status::Closed || number >= MOST_TRIES || !all_failed(db, &before).await? {
        return Ok(None);
    }
    let mut day = day::of(cab, history, row, due_on, state.due)?.max(today);
    let today_text = today.to_string();
    if before.iter().any(|one| one.on_date == today_text) {
        day = day.max(today + Duration::days(1));
    }
    let told = told_of(db, cab, &row.loan, day).await?;
    if told.is_none() && day == today && today < due_on {
        // Nobody was told the day before, and there is time to.
        day = today + Duration::days(1);
    }
    let then = history.state(day)?;
    let sum = then.next_payment.map_or(Kopecks::ZERO, |next| next.1);
    let mut amount = sum.less(history.left_on(day)?);
    if !day::waits(cab, history) {
        // It repays at once: never more than closes the loan on that very day. Money on a balance
        // waits for the date, and its sum is needed whole.
        amount = amount.min(then.payoff);
    }
    if !amount.is_positive() {
        return Ok(None);
    }
    Ok(Some(Plan {
        due_on,
        at: when(cab, day, row.hour, told),
        day,
        amount: amount.max(LEAST),
        number,
        untold: told.is_none(),
    }))
}

/// The moment of a debit on a day: the allowed hour, and never before what its owner was told. On the date itself or
/// after it a wait of a day would cost the borrower a delay: who was not told before is told now, and the card is
/// debited at the next full hour, so that it is still that day.
fn when(cab: &Cabinet, day: NaiveDate, hour: i64, told: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let allowed = day::moment(cab, day, hour);
    match told {
        Some(told) => allowed.max(told),
        None if day > cab.today() => allowed,
        None => allowed.max(day::next_hour(cab)),
    }
}

/// The earliest moment of a debit on that day of which a loan's owner was told.
async fn told_of(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    loan: &str,
    day: NaiveDate,
) -> Result<Option<DateTime<Utc>>> {
    let told = notice::told_of_debits(db, loan).await?;
    let on_day = |at: &DateTime<Utc>| day::date_of(cab, *at) == day;
    Ok(told.into_iter().filter(on_day).min())
}

/// Tells of a debit that comes today or tomorrow, unless that was told.
pub(super) async fn tell_ahead(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    row: &mandate::Model,
) -> Result<()> {
    match plan(tx, cab, history, row).await? {
        Some(plan) => announce(tx, cab, history, &plan).await,
        None => Ok(()),
    }
}

/// The tries for a payment date.
async fn tried(
    db: &impl ConnectionTrait,
    loan: &str,
    due_on: NaiveDate,
) -> Result<Vec<attempt::Model>> {
    Ok(attempt::Entity::find()
        .filter(attempt::Column::Loan.eq(loan))
        .filter(attempt::Column::DueOn.eq(due_on.to_string()))
        .all(db)
        .await?)
}

/// Debits what is due now under all permissions, and tells of tomorrow's debits. Run as often as
/// liked. Answers how many debits were begun.
pub async fn run(cab: &Cabinet) -> Result<usize> {
    let rows = mandate::Entity::find()
        .filter(mandate::Column::Status.eq(MandateStatus::Active))
        .all(cab.db().read())
        .await?;
    let mut begun = 0;
    for row in rows {
        let loan: LoanId = id(&row.loan)?;
        match one(cab, loan).await {
            Ok(Some(payment)) => {
                begun += 1;
                if let Err(error) = drive(cab, payment).await {
                    // It is written down and will be driven on.
                    tracing::error!(%payment, %error, "a debit could not be asked for now");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%loan, %error, "autopay failed for a loan"),
        }
    }
    Ok(begun)
}

async fn one(cab: &Cabinet, loan: LoanId) -> Result<Option<PaymentId>> {
    let cabinet = cab.clone();
    let fresh = PaymentId(cab.fresh_id());
    cab.db()
        .write(move |tx| Box::pin(async move { place(tx, &cabinet, loan, fresh).await }))
        .await
}

async fn place(
    tx: &Tx,
    cab: &Cabinet,
    loan: LoanId,
    fresh: PaymentId,
) -> Result<Option<PaymentId>> {
    let history = history::lock(tx, cab, loan).await?;
    let row = live(tx, loan).await?;
    let Some(row) = row.filter(|row| row.status == MandateStatus::Active) else {
        return Ok(None);
    };
    let Some(plan) = plan(tx, cab, &history, &row).await? else {
        return Ok(None);
    };
    let today = cab.today();
    announce(tx, cab, &history, &plan).await?;
    if plan.at > cab.now() || open_of(tx, loan, Purpose::Debt).await?.is_some() {
        return Ok(None);
    }
    let refused = above(tx, &row, &plan, today).await?;
    if refused.is_none() {
        debit(tx, cab, &row, &plan, fresh).await?;
    }
    attempt::ActiveModel {
        id: Set(cab.fresh_id().to_string()),
        mandate: Set(row.id.clone()),
        loan: Set(row.loan.clone()),
        due_on: Set(plan.due_on.to_string()),
        number: Set(plan.number.saturating_add(1)),
        on_date: Set(today.to_string()),
        at: Set(ms(cab.now())),
        amount: Set(plan.amount.get()),
        payment: Set(refused.is_none().then(|| fresh.to_string())),
        refused: Set(refused.map(str::to_owned)),
    }
    .insert(tx)
    .await?;
    if refused.is_some() {
        tell_above(tx, cab, &history, &plan).await?;
        return Ok(None);
    }
    Ok(Some(fresh))
}

/// Whether no earlier try for the date took money or still may.
async fn all_failed(db: &impl ConnectionTrait, before: &[attempt::Model]) -> Result<bool> {
    for one in before {
        let Some(payment) = &one.payment else {
            continue;
        };
        let row = payment::Entity::find_by_id(payment).one(db).await?;
        // A refused one that is still watched may yet turn out to have taken money.
        if row.is_some_and(|row| row.status != PayStatus::Failed || row.poll_at.is_some()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Which cap the sum is above. It is then not debited at all: nobody wants a card emptied in slices.
async fn above(
    tx: &Tx,
    row: &mandate::Model,
    plan: &Plan,
    today: NaiveDate,
) -> Result<Option<&'static str>> {
    if plan.amount.get() > row.cap_debit {
        return Ok(Some("above_debit"));
    }
    let mut spent = Kopecks::ZERO;
    let all = attempt::Entity::find()
        .filter(attempt::Column::Loan.eq(&row.loan))
        .all(tx)
        .await?;
    for one in all {
        let on = date(&one.on_date)?;
        let Some(payment) = one.payment else { continue };
        let payment = payment::Entity::find_by_id(payment).one(tx).await?;
        let taken = payment.is_some_and(|row| row.status != PayStatus::Failed);
        if taken && (on.year(), on.month()) == (today.year(), today.month()) {
            spent += Kopecks::new(one.amount);
        }
    }
    let over = (spent + plan.amount).get() > row.cap_month;
    Ok(over.then_some("above_month"))
}

async fn debit(
    tx: &Tx,
    cab: &Cabinet,
    row: &mandate::Model,
    plan: &Plan,
    fresh: PaymentId,
) -> Result<()> {
    let (card, mandate): (InstrumentId, MandateId) = (id(&row.instrument)?, id(&row.id)?);
    let new = NewRow {
        payment: fresh,
        loan: id(&row.loan)?,
        borrower: id(&row.borrower)?,
        purpose: Purpose::Debt,
        prolongation: None,
        amount: plan.amount,
        method: PayMethod::Card,
        link: None,
        how: How {
            card: Some(card),
            mandate: Some(mandate),
            ..How::default()
        },
    };
    crate::payment::place(tx, cab, new).await
}

/// Whether a debit under a permission may begin: locked, so that a revocation is before it or after
/// it and never beside it.
pub(crate) async fn allowed(tx: &Tx, mandate: &str) -> Result<bool> {
    let row = mandate::Entity::find_by_id(mandate)
        .lock_exclusive()
        .one(tx)
        .await?;
    Ok(row.is_some_and(|row| row.status == MandateStatus::Active))
}

/// Whether a permission stands now.
pub(crate) async fn stands(cab: &Cabinet, mandate: &str) -> Result<bool> {
    let row = mandate::Entity::find_by_id(mandate)
        .one(cab.db().read())
        .await?;
    Ok(row.is_some_and(|row| row.status == MandateStatus::Active))
}

/// Tells the day before that the card will be debited, with the hour; of a debit of this very day when that was not
/// done. Of tomorrow it is told again when the hour has changed.
async fn announce(tx: &Tx, cab: &Cabinet, history: &History, plan: &Plan) -> Result<()> {
    let today = cab.today();
    let due = plan.day == today + Duration::days(1) || plan.day <= today && plan.untold;
    if !due {
        return Ok(());
    }
    let ahead = DebitAhead {
        borrower: id(&history.row.borrower)?,
        loan: id(&history.row.id)?,
        amount: plan.amount,
        at: plan.at,
    };
    notice::tell_of_debit(tx, cab, ahead).await
}

async fn tell_above(tx: &Tx, cab: &Cabinet, history: &History, plan: &Plan) -> Result<()> {
    let borrower = id(&history.row.borrower)?;
    let words = notice::words_of(tx, cab, borrower).await?;
    let notice = Notice {
        borrower,
        object: history.row.id.clone(),
        kind: "autopay_above",
        occasion: plan.due_on.to_string(),
        args: vec![
            ("amount", plan.amount.to_string()),
            ("date", phrase::day(words, plan.day)),
        ],
    };
    notice::tell(tx, cab, notice).await
}
