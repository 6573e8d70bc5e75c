//! Asking for an adjustment, and taking it back.

use lending::{Debt, Kopecks};

use super::carry::{effect, today};
use super::read::locked;
use super::{Cause, Change, Effect, Outcome};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{AdjustmentId, BorrowerId, LoanId};
use crate::loan::history::{self, History};
use crate::staff::audit::{self, Deed};
use crate::staff::{self, Action, Staff};

/// The longest note and the longest name of a paper.
const LONGEST: usize = 500;

/// Why something is given up, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// From the list.
    pub cause: Option<Cause>,
    /// In words, ten letters at least.
    pub note: String,
    /// The paper that proves it: its name, number and date.
    pub evidence: String,
}

/// Whether the loan's page offers to ask.
pub fn may_ask(by: &Staff) -> bool {
    by.may(Action::ProposeAdjustment)
}

/// Asks for debt to be written off or for the rate to be lowered. Nothing happens to the loan until somebody else agrees.
///
/// # Errors
/// `Forbidden("staff_role")`, `Forbidden("staff_sum")` of more than the role may ask for; `NotFound`; `Fields`: `cause`, `note`, `evidence`, and of the change `penalty`, `interest`,
/// `principal` (`above_debt`), `rate` (`rate_not_lower`: the law lets a lender lower a rate alone and never raise it);
/// `Conflict("loan_closed")`, `Conflict("rate_none")` of a product without a rate, `Conflict("adjustment_waits")` when
/// the same waits already.
pub async fn propose(
    cab: &Cabinet,
    by: &Staff,
    (borrower, loan): (BorrowerId, LoanId),
    change: Change,
    reason: Reason,
) -> Result<AdjustmentId> {
    by.must(Action::ProposeAdjustment)?;
    let id = AdjustmentId(cab.fresh_id());
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let history = history::load(tx, &cabinet, borrower, loan).await?;
                let cause = checked(&cabinet, &history, change, &reason)?;
                let sum = effect(&cabinet, &history, change)?.sum();
                by.must_reach(Action::ProposeAdjustment, sum)?;
                insert(tx, &cabinet, &by, &history, (id, change, cause), &reason).await?;
                let why = format!(
                    "{}, {}: {}",
                    change.kind().code(),
                    cause.code(),
                    reason.note.trim()
                );
                let deed = Deed::new(Action::ProposeAdjustment, id)
                    .about(borrower)
                    .because(&why);
                audit::write(tx, &cabinet, Some(&by), deed).await?;
                Ok(id)
            })
        })
        .await
}

/// All that is wrong with a request at once; answers its cause.
fn checked(cab: &Cabinet, history: &History, change: Change, reason: &Reason) -> Result<Cause> {
    let mut wrong = Vec::new();
    let cause = reason.cause.filter(|cause| fits(change, *cause));
    if cause.is_none() {
        wrong.push(FieldError::new("cause", "required"));
    }
    match staff::reason("note", &reason.note) {
        Err(CabinetError::Fields(fields)) => wrong.extend(fields),
        other => drop(other?),
    }
    let needed = cause.is_some_and(Cause::needs_evidence);
    if needed && reason.evidence.trim().chars().count() < 5 {
        wrong.push(FieldError::new("evidence", "adjustment_evidence"));
    }
    match effect(cab, history, change)? {
        Effect::Refused("adjustment_above_debt") => wrong.extend(above(cab, history, change)?),
        Effect::Refused(code @ ("rate_not_lower" | "adjustment_nothing")) => {
            let field = if code == "rate_not_lower" {
                "rate"
            } else {
                "penalty"
            };
            wrong.push(FieldError::new(field, code));
        }
        Effect::Refused(code) => return Err(CabinetError::Conflict(code)),
        Effect::Debt { .. } | Effect::Rate(_) => {}
    }
    match cause {
        Some(cause) if wrong.is_empty() => Ok(cause),
        _ => Err(CabinetError::Fields(wrong)),
    }
}

const fn fits(change: Change, cause: Cause) -> bool {
    match change {
        Change::Rate(_) => cause.lowers_rate(),
        Change::WholeDebt | Change::Debt(_) => true,
    }
}

/// The claims of which more is to be written off than is owed.
fn above(cab: &Cabinet, history: &History, change: Change) -> Result<Vec<FieldError>> {
    let Change::Debt(Debt {
        penalty,
        interest,
        principal,
    }) = change
    else {
        return Ok(Vec::new());
    };
    let owed = history.state(today(cab, history)?)?;
    let claims: [(&str, Kopecks, Kopecks); 3] = [
        ("penalty", penalty, owed.penalty),
        ("interest", interest, owed.interest),
        ("principal", principal, owed.principal),
    ];
    let above = claims.into_iter().filter(|(_, asked, owed)| asked > owed);
    let error = |(field, _, owed): (&str, Kopecks, Kopecks)| {
        FieldError::new(field, "above_debt").with("max", owed)
    };
    Ok(above.map(error).collect())
}

async fn insert(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    history: &History,
    (id, change, cause): (AdjustmentId, Change, Cause),
    reason: &Reason,
) -> Result<()> {
    let (whole, debt, rate) = match change {
        Change::WholeDebt => (1_i64, Debt::default(), None),
        Change::Debt(debt) => (0, debt, None),
        Change::Rate(rate) => (0, Debt::default(), Some(i64::from(rate))),
    };
    let seal = |column: &str, text: &str| {
        let text: String = text.trim().chars().take(LONGEST).collect();
        cab.keys()
            .encrypt("adjustment", column, &id.to_string(), &text)
    };
    let row = vec![
        id.into(),
        history.row.id.clone().into(),
        history.row.borrower.clone().into(),
        change.kind().code().into(),
        whole.into(),
        debt.penalty.get().into(),
        debt.interest.get().into(),
        debt.principal.get().into(),
        rate.into(),
        cause.code().into(),
        seal("note", &reason.note)?.into(),
        seal("evidence", &reason.evidence)?.into(),
        by.id.into(),
        cab.now_ms().into(),
    ];
    let written = sql::execute(
        tx,
        "INSERT INTO adjustment (id, loan, borrower, kind, whole, penalty, interest, principal, rate, cause, note, \
         evidence, asked_by, asked_at, answer) VALUES \
         ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '') ON CONFLICT DO NOTHING",
        row,
    )
    .await?;
    if written == 0 {
        return Err(CabinetError::Conflict("adjustment_waits"));
    }
    Ok(())
}

/// Takes back what one asked for.
///
/// # Errors
/// `Forbidden("staff_role")`; `NotFound` of somebody else's; `Conflict("adjustment_over")`.
pub async fn withdraw(cab: &Cabinet, by: &Staff, id: AdjustmentId) -> Result<()> {
    by.must(Action::ProposeAdjustment)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let asked = locked(tx, &cabinet, id).await?;
                if asked.asked_by != by.id {
                    return Err(CabinetError::NotFound);
                }
                super::decide::close(tx, &cabinet, &by, id, (Outcome::Withdrawn, "", None)).await?;
                let deed = Deed::new(Action::ProposeAdjustment, id).about(asked.borrower);
                audit::write(tx, &cabinet, Some(&by), deed.because("withdraw")).await
            })
        })
        .await
}
