//! The second person's word.

use super::carry::{carry_out, effect};
use super::read::locked;
use super::{Adjustment, Kind, Outcome};
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::ids::AdjustmentId;
use crate::loan::history;
use crate::staff::audit::{self, Deed};
use crate::staff::{self, Action, Staff, another};
use crate::{Cabinet, document};

/// Agrees: it happens in the same transaction, on today's debt.
///
/// # Errors
/// `Forbidden("staff_role")`; `Forbidden("staff_sum")` of more than the role may agree to; `Forbidden("second_person")` for
/// whoever asked; `NotFound`; `Conflict`: `adjustment_over`,
/// `loan_closed`, `adjustment_above_debt` when less is owed by now than was to be written off, `rate_not_lower`.
pub async fn approve(cab: &Cabinet, by: &Staff, id: AdjustmentId) -> Result<()> {
    by.must(Action::ApproveAdjustment)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    let (asked, operation) = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let asked = locked(tx, &cabinet, id).await?;
                another(&by, &asked.asked_by.to_string())?;
                let history = history::load(tx, &cabinet, asked.borrower, asked.loan).await?;
                let sum = effect(&cabinet, &history, asked.change)?.sum();
                by.must_reach(Action::ApproveAdjustment, sum)?;
                let operation = carry_out(tx, &cabinet, &asked).await?;
                let end = (Outcome::Approved, "", Some(operation.clone()));
                end_of(tx, &cabinet, &by, &asked, end, "approve").await?;
                Ok((asked, operation))
            })
        })
        .await?;
    // Agreed to is agreed to: left out here, the paper is made when it is first looked at.
    if asked.change.kind() == Kind::RateCut
        && let Err(error) = document::keep_rate_cut(cab, asked.borrower, &operation).await
    {
        tracing::warn!(%error, "the paper of a lower rate was not kept");
    }
    Ok(())
}

/// Says no, and why.
///
/// # Errors
/// `Forbidden("staff_role")`; `Forbidden("second_person")`, who may withdraw; field `reason`; `NotFound`;
/// `Conflict("adjustment_over")`.
pub async fn refuse(cab: &Cabinet, by: &Staff, id: AdjustmentId, why: &str) -> Result<()> {
    by.must(Action::ApproveAdjustment)?;
    let why = staff::reason("reason", why)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let asked = locked(tx, &cabinet, id).await?;
                another(&by, &asked.asked_by.to_string())?;
                let told = format!("refuse: {why}");
                let end = (Outcome::Refused, why.as_str(), None);
                end_of(tx, &cabinet, &by, &asked, end, &told).await
            })
        })
        .await
}

type End<'a> = (Outcome, &'a str, Option<String>);

async fn end_of(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    asked: &Adjustment,
    end: End<'_>,
    told: &str,
) -> Result<()> {
    close(tx, cab, by, asked.id, end).await?;
    let deed = Deed::new(Action::ApproveAdjustment, asked.id).about(asked.borrower);
    audit::write(tx, cab, Some(by), deed.because(told)).await
}

pub(super) async fn close(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    id: AdjustmentId,
    (outcome, answer, operation): End<'_>,
) -> Result<()> {
    let answer = match answer {
        "" => String::new(),
        text => cab
            .keys()
            .encrypt("adjustment", "answer", &id.to_string(), text)?,
    };
    sql::execute(
        tx,
        "UPDATE adjustment SET decided_by = $1, decided_at = $2, outcome = $3, answer = $4, operation = $5 \
         WHERE id = $6",
        vec![
            by.id.into(),
            cab.now_ms().into(),
            outcome.code().into(),
            answer.into(),
            operation.into(),
            id.into(),
        ],
    )
    .await
    .map(drop)
}
