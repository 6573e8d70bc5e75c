//! What the staff do with an appeal, step by step. Each is in their log and in the diary of whoever wrote.

use super::review::log;
use super::{Appeal, Kind, State, clock, effect, locked, note, store, tell};
use crate::db::{Tx, sql};
use crate::diary::Role;
use crate::error::{CabinetError, Result};
use crate::ids::{AppealId, StaffId};
use crate::lender::help::Evidence;
use crate::staff::{self, Action, Staff, another};
use crate::{Cabinet, profile};

/// A step: what it does to the row, and how it is written down.
struct Step {
    what: &'static str,
    why: String,
    told: Option<&'static str>,
}

impl Step {
    fn quiet(what: &'static str, why: &str) -> Self {
        Self {
            what,
            why: why.to_owned(),
            told: None,
        }
    }

    fn told(what: &'static str, why: &str, told: &'static str) -> Self {
        Self {
            told: Some(told),
            ..Self::quiet(what, why)
        }
    }
}

async fn wrote(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    action: Action,
    (appeal, step): (&Appeal, Step),
) -> Result<()> {
    store(tx, cab, appeal).await?;
    effect::release(tx, appeal).await?;
    if let Some(key) = step.told {
        tell(tx, cab, appeal, key).await?;
    }
    note(tx, cab, appeal, Role::Staff(by.id), step.what, &step.why).await?;
    let said = format!("{}: {}", step.what, step.why);
    log(tx, cab, by, appeal, action.code(), &said).await
}

/// Somebody of the staff takes it, from a colleague too. Refuses with `Conflict("appeal_state")`.
pub async fn take(cab: &Cabinet, by: &Staff, id: AppealId) -> Result<()> {
    by.must(Action::LeadRequest)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut appeal = locked(tx, &cabinet, id).await?;
                if !matches!(appeal.state, State::Open | State::Taken) {
                    return Err(CabinetError::Conflict("appeal_state"));
                }
                (appeal.owner, appeal.state) = (Some(by.id), State::Taken);
                let step = Step::quiet("appeal_taken", "");
                wrote(tx, &cabinet, &by, Action::LeadRequest, (&appeal, step)).await
            })
        })
        .await
}

/// One that this person has taken.
async fn mine(tx: &Tx, cab: &Cabinet, by: StaffId, id: AppealId) -> Result<Appeal> {
    let appeal = locked(tx, cab, id).await?;
    if appeal.state != State::Taken {
        return Err(CabinetError::Conflict("appeal_state"));
    }
    if appeal.owner != Some(by) {
        return Err(CabinetError::Conflict("appeal_owner"));
    }
    Ok(appeal)
}

/// Adds ten working days, once, and tells why. Refuses with `Fields("longer", "staff_reason")`,
/// `Conflict("appeal_extended")`: once, and never of credit holidays, whose term is the law's;
/// `Conflict("appeal_state")`, `Conflict("appeal_owner")`.
pub async fn longer(cab: &Cabinet, by: &Staff, id: AppealId, why: &str) -> Result<()> {
    by.must(Action::LeadRequest)?;
    let (cabinet, by, why) = (cab.clone(), by.clone(), staff::reason("longer", why)?);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut appeal = mine(tx, &cabinet, by.id, id).await?;
                if appeal.extended || appeal.kind == Kind::Holidays {
                    return Err(CabinetError::Conflict("appeal_extended"));
                }
                appeal.due_on = clock::longer(appeal.due_on);
                appeal.body.longer.clone_from(&why);
                let mark = "UPDATE appeal SET extended_at = $1 WHERE id = $2";
                sql::execute(tx, mark, vec![cabinet.now_ms().into(), id.into()]).await?;
                let step = Step::told("appeal_longer", &why, "longer");
                wrote(tx, &cabinet, &by, Action::LeadRequest, (&appeal, step)).await
            })
        })
        .await
}

/// What the lender's file asks for before a passport is changed. A video call is held sometimes.
fn enough(cab: &Cabinet, kind: Kind, compared: &[Evidence]) -> bool {
    let asked = &cab.lender().help.phone_change.evidence;
    let needed = asked.iter().filter(|it| **it == Evidence::Passport);
    kind != Kind::Passport || needed.clone().all(|it| compared.contains(it))
}

/// Answers, and does what was asked; what changes a debt or a person's data waits for a second person. Refuses
/// with `Fields`: `answer`, `staff_reason`; `evidence`, `evidence_missing`; `Conflict("appeal_state")`,
/// `Conflict("appeal_owner")`.
pub async fn answer(
    cab: &Cabinet,
    by: &Staff,
    id: AppealId,
    text: &str,
    compared: &[Evidence],
) -> Result<()> {
    by.must(Action::LeadRequest)?;
    let (cabinet, by, text) = (cab.clone(), by.clone(), said(text)?);
    let compared = compared.to_vec();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut appeal = mine(tx, &cabinet, by.id, id).await?;
                if !enough(&cabinet, appeal.kind, &compared) {
                    return Err(CabinetError::field("evidence", "evidence_missing"));
                }
                appeal.body.compared = compared.iter().map(|it| it.code().to_owned()).collect();
                appeal.body.answer = text;
                let step = if appeal.kind.needs_two() {
                    appeal.state = State::Proposed;
                    Step::quiet("appeal_proposed", &appeal.body.compared.join(", "))
                } else {
                    effect::resume(tx, &cabinet, &mut appeal).await?;
                    appeal.state = State::Answered;
                    Step::told("appeal_answered", "", "answered")
                };
                wrote(tx, &cabinet, &by, Action::LeadRequest, (&appeal, step)).await
            })
        })
        .await
}

/// An answer is read by the borrower and printed in a letter: longer than a reason.
fn said(text: &str) -> Result<String> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().count() < 10 {
        return Err(CabinetError::field("answer", "appeal_answer"));
    }
    Ok(text.chars().take(3_000).collect())
}

/// The second person lets it happen; another passport not before its owner had time to object. Refuses with `Forbidden("second_person")` for whoever answered,
/// `Conflict("appeal_state")`; `Conflict("appeal_wait")`; a `Conflict` of the law's conditions of holidays; `Conflict("person_exists")`.
pub async fn approve(cab: &Cabinet, by: &Staff, id: AppealId) -> Result<()> {
    by.must(Action::ApproveRequest)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut appeal = proposed(tx, &cabinet, &by, id).await?;
                if effect::not_before(&cabinet, &appeal).is_some_and(|at| at > cabinet.now_ms()) {
                    return Err(CabinetError::Conflict("appeal_wait"));
                }
                match (appeal.kind, appeal.borrower) {
                    (Kind::Holidays, _) => effect::give_holiday(tx, &cabinet, &appeal).await?,
                    (Kind::Passport, Some(borrower)) => {
                        let values = &appeal.body.passport;
                        profile::replace_passport(tx, &cabinet, borrower, values, by.id).await?;
                    }
                    _ => {}
                }
                let second = "UPDATE appeal SET second_by = $1 WHERE id = $2";
                sql::execute(tx, second, vec![by.id.into(), id.into()]).await?;
                appeal.state = State::Answered;
                let step = Step::told("appeal_answered", "", "answered");
                wrote(tx, &cabinet, &by, Action::ApproveRequest, (&appeal, step)).await
            })
        })
        .await
}

async fn proposed(tx: &Tx, cab: &Cabinet, by: &Staff, id: AppealId) -> Result<Appeal> {
    let appeal = locked(tx, cab, id).await?;
    if appeal.state != State::Proposed {
        return Err(CabinetError::Conflict("appeal_state"));
    }
    another(
        by,
        &appeal.owner.map_or_else(String::new, |id| id.to_string()),
    )?;
    Ok(appeal)
}

/// The second person sends it back to whoever answered. Refuses like [`approve`], and with
/// `Fields("back", "staff_reason")`.
pub async fn send_back(cab: &Cabinet, by: &Staff, id: AppealId, why: &str) -> Result<()> {
    by.must(Action::ApproveRequest)?;
    let (cabinet, by, why) = (cab.clone(), by.clone(), staff::reason("back", why)?);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut appeal = proposed(tx, &cabinet, &by, id).await?;
                appeal.state = State::Taken;
                appeal.body.answer.clear();
                let step = Step::quiet("appeal_returned", &why);
                wrote(tx, &cabinet, &by, Action::ApproveRequest, (&appeal, step)).await
            })
        })
        .await
}

/// Says no, and why; a penalty that stood still runs again from tomorrow. Refuses with
/// `Fields("why", "appeal_answer")`, `Conflict("appeal_state")`, `Conflict("appeal_owner")`.
pub async fn refuse(cab: &Cabinet, by: &Staff, id: AppealId, why: &str) -> Result<()> {
    by.must(Action::LeadRequest)?;
    let why = said(why).map_err(|_| CabinetError::field("why", "appeal_answer"))?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut appeal = mine(tx, &cabinet, by.id, id).await?;
                effect::resume(tx, &cabinet, &mut appeal).await?;
                appeal.body.answer.clone_from(&why);
                appeal.state = State::Refused;
                let step = Step::told("appeal_refused", "", "refused");
                wrote(tx, &cabinet, &by, Action::LeadRequest, (&appeal, step)).await
            })
        })
        .await
}
