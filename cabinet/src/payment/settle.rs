//! Posting taken money: by the legal order, on the business date of the moment the acquirer took
//! it, once.

use chrono::{DateTime, NaiveDate, Utc};
use lending::{Kopecks, LoanState, Status};
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, Set};

use super::PayStatus;
use super::entity::payment;
use super::posting::{Receipt, post};
use crate::Cabinet;
use crate::document::phrase;
use crate::error::{CabinetError, Result};
use crate::ids::ProlongationId;
use crate::loan::entity::loan;
use crate::loan::history::{self, History};
use crate::loan::stored::{date, id, ms};
use crate::notice::{self, Notice, Report};
use crate::prolongation::settle::{Judged, accept, judge, stale, take_effect};

/// Posts a payment the acquirer has taken. Its remote id is the unique reference: a second call
/// changes nothing.
pub(crate) async fn settle(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    row: payment::Model,
    remote_id: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let mut history = history::lock(tx, id(&row.loan)?).await?;
    if !history.posted(remote_id) {
        let before = history.row.closed_on.clone();
        let on = cab.business_date(at).max(date(&history.row.opened_on)?);
        let judged = judge(tx, cab, &history, &row, on).await?;
        let receipt = Receipt {
            on,
            at,
            amount: Kopecks::new(row.amount),
            fee: judged.as_ref().map_or(Kopecks::ZERO, Judged::fee),
            reference: remote_id.to_owned(),
            title: row.card_title.clone().unwrap_or_default(),
        };
        let posted = post(tx, cab, &mut history, receipt).await?;
        let moved = match judged {
            Some(Judged::Effective {
                prolongation, days, ..
            }) => take_effect(tx, cab, &mut history, prolongation, days, posted.on, at).await?,
            Some(Judged::Stale { prolongation }) => {
                stale(tx, prolongation).await?;
                false
            }
            None => false,
        };
        let state = snapshot(tx, cab, &history, posted.on, posted.days_overdue_before).await?;
        let told = Told {
            on: posted.on,
            amount: posted.amount,
            overpaid: posted.overpaid,
            state: &state,
            closed: state.status == Status::Closed && before.is_none(),
            moved,
            occasion: remote_id,
        };
        announce(tx, cab, &history, &told).await?;
    }
    let mut update: payment::ActiveModel = row.into();
    update.status = Set(PayStatus::Succeeded);
    update.taken_at = Set(Some(ms(at)));
    update.changed_at = Set(ms(cab.now()));
    update.confirmation_url = Set(None);
    update.poll_at = Set(None);
    update.update(tx).await?;
    Ok(())
}

/// A prolongation that costs nothing that day (a first loan at 0 %) takes effect with its
/// signature.
pub(crate) async fn prolong_free(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    mut history: History,
    prolongation: ProlongationId,
    days: u32,
) -> Result<()> {
    let (on, at) = (cab.today(), cab.now());
    accept(tx, cab, &history, on, days).await?;
    take_effect(tx, cab, &mut history, prolongation, days, on, at).await?;
    let state = snapshot(tx, cab, &history, on, 0).await?;
    let occasion = prolongation.to_string();
    let told = Told {
        on,
        amount: Kopecks::ZERO,
        overpaid: Kopecks::ZERO,
        state: &state,
        closed: false,
        moved: true,
        occasion: &occasion,
    };
    announce(tx, cab, &history, &told).await
}

/// Writes the loan's snapshot if nobody has since it was read; the version is the proof.
pub(crate) async fn snapshot(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    history: &History,
    on: NaiveDate,
    days_overdue: u32,
) -> Result<LoanState> {
    let row = &history.row;
    let as_of = cab.today().max(on);
    let state = history.state(as_of)?;
    let status = match state.status {
        Status::Active => "active",
        Status::Overdue => "overdue",
        Status::Closed => "closed",
    };
    let worst = row.max_days_overdue.max(i64::from(days_overdue));
    let closed_at = state
        .closed_on
        .map(|_| row.closed_at.unwrap_or_else(|| cab.now_ms()));
    let overpaid = state.overpaid.less(history.refunded());
    let written = loan::Entity::update_many()
        .col_expr(
            loan::Column::Version,
            Expr::value(row.version.saturating_add(1)),
        )
        .col_expr(loan::Column::Status, Expr::value(status))
        .col_expr(loan::Column::AsOf, Expr::value(as_of.to_string()))
        .col_expr(loan::Column::Principal, Expr::value(state.principal.get()))
        .col_expr(loan::Column::Interest, Expr::value(state.interest.get()))
        .col_expr(loan::Column::Penalty, Expr::value(state.penalty.get()))
        .col_expr(loan::Column::PaidTotal, Expr::value(state.paid_total.get()))
        .col_expr(loan::Column::Overpaid, Expr::value(overpaid.get()))
        .col_expr(loan::Column::MaxDaysOverdue, Expr::value(worst))
        .col_expr(
            loan::Column::NextDue,
            Expr::value(state.next_payment.map(|next| text(next.0))),
        )
        .col_expr(loan::Column::Due, Expr::value(text(state.due)))
        .col_expr(
            loan::Column::ClosedOn,
            Expr::value(state.closed_on.map(text)),
        )
        .col_expr(loan::Column::ClosedAt, Expr::value(closed_at))
        .filter(loan::Column::Id.eq(&row.id))
        .filter(loan::Column::Version.eq(row.version))
        .exec(tx)
        .await?;
    if written.rows_affected != 1 {
        return Err(CabinetError::internal(format!(
            "loan {}: another version",
            row.id
        )));
    }
    Ok(state)
}

fn text(date: NaiveDate) -> String {
    date.to_string()
}

/// What there is to say after a posting.
struct Told<'a> {
    on: NaiveDate,
    amount: Kopecks,
    overpaid: Kopecks,
    state: &'a LoanState,
    closed: bool,
    moved: bool,
    /// The acquirer's id, or our own of a prolongation without money.
    occasion: &'a str,
}

async fn announce(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    history: &History,
    told: &Told<'_>,
) -> Result<()> {
    let borrower = id(&history.row.borrower)?;
    let loan = id(&history.row.id)?;
    let state = told.state;
    let mut kinds = Vec::new();
    if told.amount.is_positive() {
        kinds.push(("payment", told.amount));
    }
    if told.moved {
        kinds.push(("prolonged", Kopecks::ZERO));
    }
    if told.closed {
        kinds.push(("closed", state.paid_total));
    }
    for (kind, amount) in kinds {
        let occasion = told.occasion.to_owned();
        let debt = state.payoff;
        let report = Report {
            borrower,
            loan,
            kind,
            occasion,
            on: told.on,
            amount,
            debt,
        };
        notice::report(tx, cab, report).await?;
    }
    let words = notice::words_of(tx, cab, borrower).await?;
    let kind = match (told.closed, told.moved, told.overpaid.is_positive()) {
        (true, _, _) => "closed",
        (_, true, _) if told.amount.is_zero() => "prolonged_free",
        (_, true, _) => "prolonged",
        (_, _, true) => "payment_surplus",
        _ => "payment",
    };
    let next = state.next_payment.map_or(state.due, |next| next.0);
    notice::tell(
        tx,
        cab,
        Notice {
            borrower,
            object: history.row.id.clone(),
            kind,
            occasion: told.occasion.to_owned(),
            args: vec![
                ("amount", told.amount.to_string()),
                ("left", state.payoff.to_string()),
                ("overpaid", told.overpaid.to_string()),
                ("date", phrase::day(words, next)),
            ],
        },
    )
    .await
}
