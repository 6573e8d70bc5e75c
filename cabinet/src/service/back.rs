//! Money back for a refused service: owed by a day, sent by the payment its price came with.

use lending::ServiceRefund;
use lending::ledger::post_service_refund;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::ServiceStatus;
use super::stored::{self, Row};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::RefundId;
use crate::ledger::{self, JournalEntry};
use crate::loan::history::History;
use crate::loan::stored::{id, ms};
use crate::outbox;
use crate::payment::next_look;
use crate::refund::RefundStatus;
use crate::refund::entity::refund;

/// Writes down what is owed and sends it right away: the law's seven working days are for what goes wrong.
pub(super) async fn owe(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    row: &Row,
    owed: &ServiceRefund,
) -> Result<()> {
    let payment = row.payment.clone();
    let payment = payment.ok_or_else(|| CabinetError::internal("a price without a payment"))?;
    let refund = RefundId(cab.fresh_id());
    let now = cab.now();
    refund::ActiveModel {
        id: Set(refund.to_string()),
        loan: Set(row.loan.clone()),
        borrower: Set(row.borrower.clone()),
        payment: Set(payment),
        amount: Set(owed.amount.get()),
        status: Set(RefundStatus::Asked),
        first_staff: Set(None),
        second_staff: Set(None),
        remote_id: Set(None),
        reason: Set(None),
        created_at: Set(ms(now)),
        sent_at: Set(None),
        changed_at: Set(ms(now)),
        done_at: Set(None),
        poll_at: Set(Some(next_look(now, 0))),
        polls: Set(0),
        service: Set(Some(row.id.clone())),
    }
    .insert(tx)
    .await?;
    let statement = "UPDATE service SET status = $1, off_at = $2, refund = $3, refund_sum = $4, kept = $5, \
                     pay_by = $6 WHERE id = $7";
    let values = vec![
        ServiceStatus::Returning.code().into(),
        cab.now_ms().into(),
        refund.into(),
        owed.amount.get().into(),
        owed.kept.get().into(),
        owed.pay_by.to_string().into(),
        row.id.clone().into(),
    ];
    sql::execute(tx, statement, values).await?;
    let entry = JournalEntry {
        kind: "service_refund".to_owned(),
        loan: Some(id(&history.row.id)?),
        reference: format!("service_refund:{}", row.id),
        business_date: cab.today().max(history.terms.schedule.start),
        postings: post_service_refund(owed.amount),
    };
    ledger::post(tx, cab, entry)?;
    let name = refund.to_string();
    outbox::push(tx, cab, "refund", &name, serde_json::json!({})).await
}

/// The acquirer did not send it. The lender owes it all the same: under a name of its own it waits for the staff, who
/// set it going again.
pub(crate) async fn again(tx: &Tx, cab: &Cabinet, failed: &refund::Model) -> Result<()> {
    let next = RefundId(cab.fresh_id());
    let now = ms(cab.now());
    refund::ActiveModel {
        id: Set(next.to_string()),
        status: Set(RefundStatus::Review),
        first_staff: Set(None),
        second_staff: Set(None),
        remote_id: Set(None),
        created_at: Set(now),
        sent_at: Set(None),
        changed_at: Set(now),
        done_at: Set(None),
        poll_at: Set(None),
        polls: Set(0),
        ..refund::ActiveModel::from(failed.clone()).reset_all()
    }
    .insert(tx)
    .await?;
    let statement = "UPDATE service SET refund = $1 WHERE refund = $2";
    let values = vec![next.into(), failed.id.clone().into()];
    sql::execute(tx, statement, values).await.map(drop)
}

/// The money left: the service is done with.
pub(crate) async fn returned(tx: &Tx, refund: &refund::Model) -> Result<()> {
    if stored::by(tx, "refund", &refund.id).await?.is_none() {
        return Err(CabinetError::internal("a refund of no service"));
    }
    let statement = "UPDATE service SET status = $1, done_at = $2 WHERE refund = $3";
    let values = vec![
        ServiceStatus::Returned.code().into(),
        refund.done_at.into(),
        refund.id.clone().into(),
    ];
    sql::execute(tx, statement, values).await.map(drop)
}
