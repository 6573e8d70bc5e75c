//! Four eyes: a large refund leaves after two different people have agreed.

use lending::Kopecks;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use super::entity::refund;
use super::{RefundStatus, Review};
use crate::Cabinet;
use crate::balance;
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::ids::RefundId;
use crate::loan::entity::loan;
use crate::loan::history;
use crate::loan::stored::{id, moment, ms};
use crate::outbox;
use crate::payment::{next_look, snapshot};
use crate::staff::audit::{self, Deed};
use crate::staff::{self, Action, Staff, another};

/// A refund that waits longer than this is late.
const LATE_HOURS: i64 = 24;

/// What waits for members of staff, the oldest first.
pub async fn waiting(cab: &Cabinet, by: &Staff) -> Result<Vec<Review>> {
    by.must(Action::ReadMoney)?;
    let rows = refund::Entity::find()
        .filter(refund::Column::Status.eq(RefundStatus::Review))
        .order_by_asc(refund::Column::CreatedAt)
        .all(cab.db().read())
        .await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        let loan = loan::Entity::find_by_id(&row.loan)
            .one(cab.db().read())
            .await?;
        list.push(Review {
            id: id(&row.id)?,
            borrower: id(&row.borrower)?,
            number: loan.map(|loan| loan.number).unwrap_or_default(),
            amount: Kopecks::new(row.amount),
            first: row.first_staff.as_deref().map(id).transpose()?,
            asked_at: moment(row.created_at),
            late: (cab.now() - moment(row.created_at)).num_hours() >= LATE_HOURS,
        });
    }
    Ok(list)
}

/// A member of staff agrees. The second one, who must be somebody else, sets the money going;
/// answers whether it goes.
///
/// Errors: `Forbidden("staff_role")`; `Forbidden("second_person")`; `Conflict("refund_not_waiting")`; `NotFound`.
pub async fn approve(cab: &Cabinet, by: &Staff, refund: RefundId) -> Result<bool> {
    by.must(Action::ApproveMoney)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = in_review(tx, refund).await?;
                let now = cabinet.now();
                let first = row.first_staff.clone();
                let borrower = id(&row.borrower)?;
                let action = if first.is_none() {
                    Action::MoveMoney
                } else {
                    Action::ApproveMoney
                };
                by.must(action)?;
                let mut update: refund::ActiveModel = row.into();
                update.changed_at = Set(ms(now));
                match first {
                    None => update.first_staff = Set(Some(by.id.to_string())),
                    Some(first) => {
                        another(&by, &first)?;
                        update.second_staff = Set(Some(by.id.to_string()));
                        update.status = Set(RefundStatus::Asked);
                        update.poll_at = Set(Some(next_look(now, 0)));
                        let payload = serde_json::json!({});
                        outbox::push(tx, &cabinet, "refund", &refund.to_string(), payload).await?;
                    }
                }
                let row = update.update(tx).await?;
                let deed = Deed::new(action, refund).about(borrower);
                audit::write(tx, &cabinet, Some(&by), deed.because("approve")).await?;
                Ok(row.status == RefundStatus::Asked)
            })
        })
        .await
}

/// A member of staff says no, and why; one is enough.
///
/// Errors: `Forbidden("staff_role")`; field `reason`; `Conflict("refund_not_waiting")`; `Conflict("refund_owed")` of the
/// price of a service, which the law gives back; `NotFound`.
pub async fn decline(cab: &Cabinet, by: &Staff, refund: RefundId, reason: &str) -> Result<()> {
    by.must(Action::ApproveMoney)?;
    let reason = staff::reason("reason", reason)?;
    let (cabinet, by, now) = (cab.clone(), by.clone(), ms(cab.now()));
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let known = refund::Entity::find_by_id(refund.to_string())
                    .one(tx)
                    .await?;
                let known = known.ok_or(CabinetError::NotFound)?;
                let mut history = history::lock(tx, &cabinet, id(&known.loan)?).await?;
                let row = in_review(tx, refund).await?;
                if row.service.is_some() {
                    return Err(CabinetError::Conflict("refund_owed"));
                }
                balance::cancel_return(tx, &cabinet, &mut history, &row.id).await?;
                snapshot(tx, &cabinet, &history, cabinet.today(), 0).await?;
                let first = row.first_staff.clone();
                let mut update: refund::ActiveModel = row.into();
                update.status = Set(RefundStatus::Declined);
                update.first_staff = Set(first.or_else(|| Some(by.id.to_string())));
                let why = format!("decline: {reason}");
                update.reason = Set(Some(reason));
                update.changed_at = Set(now);
                update.update(tx).await?;
                let deed = Deed::new(Action::ApproveMoney, refund).about(id(&known.borrower)?);
                audit::write(tx, &cabinet, Some(&by), deed.because(&why)).await
            })
        })
        .await
}

async fn in_review(tx: &Tx, refund: RefundId) -> Result<refund::Model> {
    let row = refund::Entity::find_by_id(refund.to_string())
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(CabinetError::NotFound)?;
    if row.status == RefundStatus::Review {
        Ok(row)
    } else {
        Err(CabinetError::Conflict("refund_not_waiting"))
    }
}
