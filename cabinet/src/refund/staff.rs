//! Four eyes: a large refund leaves after two different people have agreed.

use lending::Kopecks;
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect, Set};

use super::entity::refund;
use super::{RefundStatus, Review};
use crate::Cabinet;
use crate::balance;
use crate::error::{CabinetError, Result};
use crate::ids::{RefundId, StaffId};
use crate::loan::history;
use crate::loan::stored::{id, moment, ms};
use crate::outbox;
use crate::payment::{next_look, snapshot};

/// What waits for members of staff, the oldest first.
pub async fn waiting(cab: &Cabinet) -> Result<Vec<Review>> {
    let rows = refund::Entity::find()
        .filter(refund::Column::Status.eq(RefundStatus::Review))
        .order_by_asc(refund::Column::CreatedAt)
        .all(cab.db().read())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Review {
                id: id(&row.id)?,
                amount: Kopecks::new(row.amount),
                first: row.first_staff.as_deref().map(id).transpose()?,
                asked_at: moment(row.created_at),
            })
        })
        .collect()
}

/// A member of staff agrees. The second one, who must be somebody else, sets the money going;
/// answers whether it goes.
///
/// Errors: `Conflict("refund_not_waiting")`; `Conflict("refund_same_person")`; `NotFound`.
pub async fn approve(cab: &Cabinet, staff: StaffId, refund: RefundId) -> Result<bool> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = in_review(tx, refund).await?;
                let staff = staff.to_string();
                let now = cabinet.now();
                let first = row.first_staff.clone();
                let mut update: refund::ActiveModel = row.into();
                update.changed_at = Set(ms(now));
                match first {
                    None => update.first_staff = Set(Some(staff)),
                    Some(first) if first == staff => {
                        return Err(CabinetError::Conflict("refund_same_person"));
                    }
                    Some(_) => {
                        update.second_staff = Set(Some(staff));
                        update.status = Set(RefundStatus::Asked);
                        update.poll_at = Set(Some(next_look(now, 0)));
                        let payload = serde_json::json!({});
                        outbox::push(tx, &cabinet, "refund", &refund.to_string(), payload).await?;
                    }
                }
                let row = update.update(tx).await?;
                Ok(row.status == RefundStatus::Asked)
            })
        })
        .await
}

/// A member of staff says no, and why; one is enough.
///
/// Errors: field `reason`; `Conflict("refund_not_waiting")`; `NotFound`.
pub async fn decline(cab: &Cabinet, staff: StaffId, refund: RefundId, reason: &str) -> Result<()> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(CabinetError::field("reason", "required"));
    }
    let (cabinet, now) = (cab.clone(), ms(cab.now()));
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let known = refund::Entity::find_by_id(refund.to_string())
                    .one(tx)
                    .await?;
                let known = known.ok_or(CabinetError::NotFound)?;
                let mut history = history::lock(tx, &cabinet, id(&known.loan)?).await?;
                let row = in_review(tx, refund).await?;
                balance::cancel_return(tx, &cabinet, &mut history, &row.id).await?;
                snapshot(tx, &cabinet, &history, cabinet.today(), 0).await?;
                let first = row.first_staff.clone();
                let mut update: refund::ActiveModel = row.into();
                update.status = Set(RefundStatus::Declined);
                update.first_staff = Set(first.or_else(|| Some(staff.to_string())));
                update.reason = Set(Some(reason));
                update.changed_at = Set(now);
                update.update(tx).await?;
                Ok(())
            })
        })
        .await
}

async fn in_review(tx: &DatabaseTransaction, refund: RefundId) -> Result<refund::Model> {
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
