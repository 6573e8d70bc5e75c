//! What an appeal does to a loan: the penalty that stands still, the holiday that is given.

use chrono::NaiveDate;
use lending::{
    HolidayGround, HolidayQuote, HolidayRefusal, HolidayRequest, Kopecks, Status, quote_holiday,
};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::{Appeal, COLUMNS, Kind, State, locked, note, store, tell};
use crate::db::{Tx, sql};
use crate::diary::Role;
use crate::error::{CabinetError, Result};
use crate::ids::AppealId;
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::history::{self, History};
use crate::loan::stored::date;
use crate::payment::snapshot;
use crate::{Cabinet, balance, person};

/// The penalty of the loan stands still from the day the payment is said to have been made, while it is looked
/// for. Not before the last operation: what is posted stays as it was counted. A loan whose earlier search
/// found nothing gets no second pause.
pub(super) async fn pause(tx: &Tx, cab: &Cabinet, appeal: &mut Appeal) -> Result<()> {
    let (Kind::Payment, None, Some(loan)) = (appeal.kind, appeal.paused_from, appeal.loan) else {
        return Ok(());
    };
    let in_vain = "SELECT id FROM appeal WHERE loan = $1 AND kind = 'payment' \
                   AND paused_from IS NOT NULL AND state IN ('refused', 'cancelled')";
    if sql::one(tx, in_vain, vec![loan.into()]).await?.is_some() {
        return Ok(());
    }
    let mut history = history::lock(tx, cab, loan).await?;
    if history.state(now(cab, &history))?.status == Status::Closed {
        return Ok(());
    }
    let claimed = date(&appeal.body.paid_on)?;
    let on = last_day(&history)?.max(claimed);
    let row = operation(cab, appeal, &history, OperationKind::Pause, on);
    happen(tx, cab, &mut history, row).await?;
    appeal.paused_from = Some(on);
    Ok(())
}

/// The penalty runs again from tomorrow; what was not charged stays so.
pub(super) async fn resume(tx: &Tx, cab: &Cabinet, appeal: &mut Appeal) -> Result<()> {
    let (Some(from), None, Some(loan)) = (appeal.paused_from, appeal.resumed_on, appeal.loan)
    else {
        return Ok(());
    };
    let mut history = history::lock(tx, cab, loan).await?;
    let on = now(cab, &history).max(from).max(last_day(&history)?);
    let row = operation(cab, appeal, &history, OperationKind::Resume, on);
    happen(tx, cab, &mut history, row).await?;
    appeal.resumed_on = Some(on);
    Ok(())
}

fn now(cab: &Cabinet, history: &History) -> NaiveDate {
    cab.today().max(history.terms.schedule.start)
}

fn last_day(history: &History) -> Result<NaiveDate> {
    let mut last = history.terms.schedule.start;
    for row in &history.operations {
        last = last.max(date(&row.on_date)?);
    }
    Ok(last)
}

fn operation(
    cab: &Cabinet,
    appeal: &Appeal,
    history: &History,
    kind: OperationKind,
    on: NaiveDate,
) -> operation::ActiveModel {
    let name = match kind {
        OperationKind::Pause => "pause",
        OperationKind::Resume => "resume",
        _ => "holiday",
    };
    operation::ActiveModel {
        id: Set(cab.fresh_id().to_string()),
        loan: Set(history.row.id.clone()),
        seq: Set(history.next_seq()),
        kind: Set(kind),
        on_date: Set(on.to_string()),
        at: Set(cab.now_ms()),
        amount: Set(0),
        fee: Set(0),
        days: Set(None),
        parts: Set("[]".to_owned()),
        overpaid: Set(0),
        title: Set(String::new()),
        reference: Set(format!("{name}:{}", appeal.id)),
        keep: Set(None),
        rate: Set(None),
    }
}

/// Writes an operation that moves no money, and what follows from it.
async fn happen(
    tx: &Tx,
    cab: &Cabinet,
    history: &mut History,
    row: operation::ActiveModel,
) -> Result<()> {
    let row = row.insert(tx).await?;
    history.push(row)?;
    if history.on_balance() {
        balance::sync(tx, cab, history).await?;
    }
    snapshot(tx, cab, history, cab.today(), 0).await.map(drop)
}

/// What the holiday asked for would mean; refuses with a `Conflict` that names the article's condition that is
/// not met.
pub(super) async fn holiday(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    appeal: &Appeal,
) -> Result<HolidayQuote> {
    let (Some(borrower), Some(loan)) = (appeal.borrower, appeal.loan) else {
        return Err(CabinetError::NotFound);
    };
    let history = history::load(conn, cab, borrower, loan).await?;
    quoted(cab, appeal, &history)
}

fn quoted(cab: &Cabinet, appeal: &Appeal, history: &History) -> Result<HolidayQuote> {
    let ground = match appeal.body.ground.as_str() {
        "income_drop" => HolidayGround::IncomeDrop {
            two_months: Kopecks::new(appeal.body.two_months),
            twelve_months: Kopecks::new(appeal.body.twelve_months),
        },
        _ => HolidayGround::Emergency,
    };
    let asked = cab.business_date(crate::moment(appeal.at)?);
    let request = HolidayRequest {
        on: asked.max(last_day(history)?),
        months: appeal.body.months,
        ground,
        // What only papers show: the staff look at them.
        other_law: false,
        bankrupt: false,
        judged: false,
    };
    quote_holiday(&history.terms, &history.events()?, &request).map_err(refusal)
}

fn refusal(refusal: HolidayRefusal) -> CabinetError {
    CabinetError::Conflict(match refusal {
        HolidayRefusal::NotInForce | HolidayRefusal::Kind => "holiday_kind",
        HolidayRefusal::Closed => "holiday_closed",
        HolidayRefusal::Amount { .. } => "holiday_amount",
        HolidayRefusal::Months { .. } => "holiday_months",
        HolidayRefusal::Income { .. } => "holiday_income",
        HolidayRefusal::Once | HolidayRefusal::Running { .. } => "holiday_once",
        HolidayRefusal::OtherLaw | HolidayRefusal::Bankrupt | HolidayRefusal::Judged => {
            "holiday_other"
        }
        HolidayRefusal::Loan => return CabinetError::internal("a holiday can't be computed"),
    })
}

/// Gives the holiday that was asked for.
pub(super) async fn give_holiday(tx: &Tx, cab: &Cabinet, appeal: &Appeal) -> Result<()> {
    let loan = appeal.loan.ok_or(CabinetError::NotFound)?;
    let mut history = history::lock(tx, cab, loan).await?;
    let quote = quoted(cab, appeal, &history)?;
    let mut row = operation(cab, appeal, &history, OperationKind::Holiday, quote.on);
    row.days = Set(Some(i64::from(quote.months)));
    row.title = Set(appeal.body.ground.clone());
    happen(tx, cab, &mut history, row).await
}

/// Credit holidays that nobody answered are given (353-ФЗ, art. 6.1-2): silence is consent. Answers how many.
pub async fn silent(cab: &Cabinet) -> Result<usize> {
    let statement = format!(
        "SELECT {COLUMNS} FROM appeal WHERE kind = 'holidays' AND closed_at IS NULL ORDER BY at"
    );
    let rows = sql::all(cab.db().read(), &statement, Vec::new()).await?;
    let mut given = 0;
    for row in rows {
        let appeal = Appeal::from_row(cab, &row)?;
        let on = cab.business_date(crate::moment(appeal.at)?);
        let days = lending::rules::holiday_rule(on).map(|rule| u64::from(rule.silence_days));
        let last = days.and_then(|days| on.checked_add_days(chrono::Days::new(days)));
        if last.is_none_or(|last| cab.today() <= last) {
            continue;
        }
        match by_silence(cab, appeal.id).await {
            Ok(()) => given += 1,
            // A payment since then may have closed the loan: the staff answer.
            Err(CabinetError::Conflict(code)) => {
                tracing::warn!(appeal = %appeal.id, code, "a holiday can't be given by silence");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(given)
}

async fn by_silence(cab: &Cabinet, id: AppealId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut appeal = locked(tx, &cabinet, id).await?;
                if !appeal.state.is_under_way() {
                    return Ok(());
                }
                give_holiday(tx, &cabinet, &appeal).await?;
                appeal.state = State::Answered;
                store(tx, &cabinet, &appeal).await?;
                tell(tx, &cabinet, &appeal, "answered").await?;
                let role = Role::Program;
                note(tx, &cabinet, &appeal, role, "appeal_answered", "").await
            })
        })
        .await
}

/// A passport that is asked to change: its owner hears of it at the number of the cabinet, and until the end the
/// cabinet is what the lender's file says of such requests.
pub(super) async fn guard(tx: &Tx, cab: &Cabinet, appeal: &Appeal) -> Result<()> {
    let Some(borrower) = appeal.borrower else {
        return Ok(());
    };
    let meanwhile = cab.lender().help.phone_change.meanwhile;
    person::put_hold(tx, borrower, Some(meanwhile)).await?;
    tell(tx, cab, appeal, "passport").await
}

/// The end of that.
pub(super) async fn release(tx: &Tx, appeal: &Appeal) -> Result<()> {
    match appeal.borrower {
        Some(borrower) if appeal.kind == Kind::Passport && !appeal.state.is_under_way() => {
            person::free(tx, borrower).await
        }
        _ => Ok(()),
    }
}

/// Before this moment another passport does not take effect, whoever agrees: its owner has time to object.
pub(super) fn not_before(cab: &Cabinet, appeal: &Appeal) -> Option<i64> {
    let hours = i64::from(cab.lender().help.phone_change.wait_hours);
    (appeal.kind == Kind::Passport).then(|| appeal.at + hours * 3_600_000)
}
