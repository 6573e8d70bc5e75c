//! The loan's way: what has happened with its moment, what is coming with its date.

use chrono::{DateTime, Utc};
use lending::{Kopecks, LoanState, Status};

use super::history::History;
use super::stored::{date, moment};
use super::{Milestone, OperationKind};
use crate::application::{AppStatus, Signing};
use crate::error::Result;

pub(super) fn timeline(
    history: &History,
    way: Vec<(AppStatus, DateTime<Utc>)>,
    signing: &Signing,
    now: &LoanState,
    reported: &[(String, DateTime<Utc>)],
) -> Result<Vec<Milestone>> {
    let mut steps = Vec::new();
    for (status, at) in way {
        let code = match status {
            AppStatus::Filed => "filed",
            AppStatus::Approved => "approved",
            _ => continue,
        };
        steps.push(happened(code, at));
    }
    if let Some(signed) = signing.signed_at {
        steps.push(happened("signed", moment(signed)));
    }
    // The contract could be given up until then, and the money waited for it.
    if let Some(cooled) = signing.cooled_at {
        steps.push(happened("cooled", moment(cooled)));
    }
    for row in &history.operations {
        let code = match row.kind {
            OperationKind::Disbursement => "issued",
            OperationKind::Payment => "payment",
            OperationKind::Prolongation => "prolonged",
            OperationKind::TopUp => "topped_up",
            OperationKind::Debit => "debited",
            OperationKind::Holiday => "holiday",
            OperationKind::WriteOff => "written_off",
            OperationKind::RateCut => "rate_cut",
            OperationKind::Refund
            | OperationKind::Pause
            | OperationKind::Resume
            | OperationKind::Discount => continue,
        };
        let amount = Kopecks::new(row.amount);
        steps.push(Milestone {
            code,
            at: Some(moment(row.at)),
            on: Some(date(&row.on_date)?),
            done: true,
            amount: amount.is_positive().then_some(amount),
        });
    }
    let told = |kind: &str| reported.iter().find(|(told, _)| told == kind);
    if let Some((_, at)) = told("loan_issued") {
        // The acquirer tells by its own clock when the money left; nothing is reported before that.
        let issued = steps.iter().find(|step| step.code == "issued");
        let at = issued
            .and_then(|step| step.at)
            .map_or(*at, |issued| issued.max(*at));
        steps.push(happened("reported", at));
    }
    steps.sort_by_key(|step| step.at);
    steps.push(ahead(history, now));
    if let Some((_, at)) = told("closed").filter(|_| now.status == Status::Closed) {
        steps.push(happened("reported_closed", *at));
    }
    Ok(steps)
}

/// What is past and has a moment alone.
const fn happened(code: &'static str, at: DateTime<Utc>) -> Milestone {
    Milestone {
        code,
        at: Some(at),
        on: None,
        done: true,
        amount: None,
    }
}

/// The last step: closed, late, or the next date to pay.
fn ahead(history: &History, now: &LoanState) -> Milestone {
    match now.status {
        Status::Closed => Milestone {
            code: "closed",
            at: history.row.closed_at.map(moment),
            on: now.closed_on,
            done: true,
            amount: None,
        },
        Status::Overdue => Milestone {
            code: "overdue",
            at: None,
            on: now
                .on
                .checked_sub_days(chrono::Days::new(u64::from(now.days_overdue))),
            done: true,
            amount: now.next_payment.map(|next| next.1),
        },
        Status::Active => Milestone {
            code: "due",
            at: None,
            on: Some(now.next_payment.map_or(now.due, |next| next.0)),
            done: false,
            amount: now.next_payment.map(|next| next.1),
        },
    }
}
