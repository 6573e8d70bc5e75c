//! The daily sweep: who pays soon, who pays today, who is late since yesterday. Run as often as
//! liked.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use lending::{LoanState, Status};
use sea_orm::entity::prelude::*;

use super::send::{Notice, Report, report, tell, tell_until, words_of};
use crate::document::phrase;
use crate::error::Result;
use crate::ids::LoanId;
use crate::loan::entity::loan;
use crate::loan::history::{self, History, lock};
use crate::loan::stored::id;
use crate::{Cabinet, application, promotion, service};

/// The furthest reminder, of those who ordered it.
pub(crate) const FURTHEST_DAYS: i64 = 7;

/// An overdue notice is owed within seven days of the delay's start (353-ФЗ, art. 10 p. 4); a sweep
/// that missed the first day still catches up.
const OVERDUE_CATCH_UP_DAYS: u32 = 7;

/// Tells borrowers about payments seven days ahead where that was ordered, three days and one day ahead, on the day, and on the first day of
/// delay; writes down offers that are over. Idempotent per loan, kind and date. Answers how many loans
/// were near a date.
pub async fn daily(cab: &Cabinet) -> Result<usize> {
    application::expire_offers(cab).await?;
    promotion::daily(cab).await?;
    let today = cab.today();
    let horizon = today + Duration::days(FURTHEST_DAYS);
    let near = loan::Entity::find()
        .filter(loan::Column::ClosedOn.is_null())
        .filter(loan::Column::NextDue.lte(horizon.to_string()))
        .all(cab.db().read())
        .await?;
    let mut told = 0;
    for row in near {
        let (cabinet, loan) = (cab.clone(), id::<LoanId>(&row.id)?);
        // Most loans near a date have nothing to hear today; only a write costs an fsync.
        let known = history::of(cab.db().read(), cab, row).await?;
        let Some(kind) = kind(&known.state(today)?, today) else {
            continue;
        };
        if kind == "due_7" && !service::informs(cab.db().read(), &known.row.id).await? {
            continue;
        }
        told += cab
            .db()
            .write(move |tx| {
                Box::pin(async move {
                    let history = lock(tx, &cabinet, loan).await?;
                    sweep(tx, &cabinet, &history, today).await
                })
            })
            .await?;
    }
    Ok(told)
}

async fn sweep(
    tx: &crate::db::Tx,
    cab: &Cabinet,
    history: &History,
    today: NaiveDate,
) -> Result<usize> {
    let state = history.state(today)?;
    let (Some(kind), Some((due, amount))) = (kind(&state, today), state.next_payment) else {
        return Ok(0);
    };
    if kind == "due_7" && !service::informs(tx, &history.row.id).await? {
        return Ok(0);
    }
    let borrower = id(&history.row.borrower)?;
    // A delay is named by the date that was missed, so that it is told of once.
    let missed = missed(&state, today);
    let occasion = missed.unwrap_or(due);
    let words = words_of(tx, cab, borrower).await?;
    let notice = Notice {
        borrower,
        object: history.row.id.clone(),
        kind,
        occasion: occasion.to_string(),
        args: vec![
            ("amount", amount.to_string()),
            ("date", phrase::day(words, occasion)),
            ("zone", words.zone(cab.lender().clock_offset_minutes)),
            ("payoff", state.payoff.to_string()),
        ],
    };
    match kind {
        // "Today" and "tomorrow" are wrong once the day is over.
        "due_0" | "due_1" => tell_until(tx, cab, notice, end_of(cab, today)).await?,
        _ => tell(tx, cab, notice).await?,
    }
    if let Some(missed) = missed {
        report(
            tx,
            cab,
            Report {
                borrower,
                loan: id(&history.row.id)?,
                kind: "overdue",
                occasion: missed.to_string(),
                on: today,
                amount: state.overdue_principal + state.overdue_interest,
                debt: state.payoff,
            },
        )
        .await?;
    }
    Ok(1)
}

/// The last moment of a business day.
pub(crate) fn end_of(cab: &Cabinet, day: NaiveDate) -> DateTime<Utc> {
    let midnight = (day + Duration::days(1)).and_time(NaiveTime::MIN).and_utc();
    let offset = Duration::minutes(i64::from(cab.lender().clock_offset_minutes));
    midnight - offset - Duration::milliseconds(1)
}

/// The date that was missed, be it by interest alone; the days of a holiday do not count.
fn missed(state: &LoanState, today: NaiveDate) -> Option<NaiveDate> {
    match state.status {
        Status::Overdue => Some(today - Duration::days(i64::from(state.days_overdue))),
        _ => state.late_since,
    }
}

fn kind(state: &LoanState, today: NaiveDate) -> Option<&'static str> {
    if let Some(missed) = missed(state, today) {
        let caught_up = Duration::days(i64::from(OVERDUE_CATCH_UP_DAYS));
        return (today - missed <= caught_up).then_some("overdue");
    }
    let (due, _) = state.next_payment?;
    match (due - today).num_days() {
        FURTHEST_DAYS => Some("due_7"),
        3 => Some("due_3"),
        1 => Some("due_1"),
        0 => Some("due_0"),
        _ => None,
    }
}
