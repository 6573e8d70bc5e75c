//! The staff's side of a request: one compares the evidence, another has the last word.

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::phone::{apply, attach};
use super::{COLUMNS, Kind, Request, State, end, locked, note, sealed, tell, tell_owner};
use crate::db::sql;
use crate::diary::Role;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, RequestId, StaffId};
use crate::lender::help::Evidence;
use crate::upload::{self, Owner, UploadView};
use crate::values::Phone;
use crate::{Cabinet, access, moment, person};

/// A request in the staff's queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub id: RequestId,
    /// What is asked for.
    pub kind: Kind,
    /// `Open` or `Checked`.
    pub state: State,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Whether the person behind it is known.
    pub known: bool,
    /// Who compared the evidence: they can't have the last word.
    pub first_by: Option<StaffId>,
}

/// What a request holds, for staff who said why they look.
#[derive(Clone)]
pub struct Details {
    /// What stands in the queue.
    pub waiting: Waiting,
    /// The person behind it.
    pub borrower: Option<BorrowerId>,
    /// The number that is gone, digits.
    pub old_phone: String,
    /// The new number, digits; a code has come back from it.
    pub new_phone: String,
    /// The passport as typed, digits.
    pub passport: String,
    /// The birth date as typed, ISO.
    pub birth: String,
    /// Pictures sent with it.
    pub uploads: Vec<UploadView>,
}

/// Requests that wait for the staff, oldest first.
pub async fn queue(cab: &Cabinet) -> Result<Vec<Waiting>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM change_request WHERE state IN ('open', 'checked') \
         ORDER BY at, id LIMIT 200"
    );
    let rows = sql::all(cab.db().read(), &statement, Vec::new()).await?;
    rows.iter()
        .map(|row| waiting(&Request::from_row(cab, row)?))
        .collect()
}

fn waiting(request: &Request) -> Result<Waiting> {
    Ok(Waiting {
        id: request.id,
        kind: request.kind,
        state: request.state,
        at: moment(request.at)?,
        known: request.borrower.is_some(),
        first_by: request
            .first_by
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(CabinetError::internal)?,
    })
}

/// Everything of a request. The person reads in the diary who looked and why. Refuses with
/// `Fields("why", "required")`.
pub async fn details(cab: &Cabinet, staff: StaffId, why: &str, id: RequestId) -> Result<Details> {
    let why = reason(why)?;
    let cabinet = cab.clone();
    let request = cab.db().write(move |tx| {
        Box::pin(async move {
            let request = locked(tx, &cabinet, id).await?;
            note(tx, &cabinet, &request, Role::Staff(staff), "seen", &why).await?;
            Ok(request)
        })
    });
    let request = request.await?;
    let mut uploads = upload::list(cab, Owner::Request(id)).await?;
    if let Some(borrower) = request.borrower {
        uploads.extend(upload::list(cab, Owner::Borrower(borrower)).await?);
    }
    let waiting = waiting(&request)?;
    Ok(Details {
        waiting,
        borrower: request.borrower,
        old_phone: request.body.old_phone,
        new_phone: request.body.new_phone,
        passport: request.body.passport,
        birth: request.body.birth,
        uploads,
    })
}

fn reason(why: &str) -> Result<String> {
    let why: String = why.trim().chars().take(500).collect();
    if why.is_empty() {
        return Err(CabinetError::field("why", "required"));
    }
    Ok(why)
}

const fn evidence_code(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Passport => "passport",
        Evidence::PreviousPhone => "previous_phone",
        Evidence::VideoCall => "video_call",
    }
}

/// Whether everything that the lender's file asks for was compared. A video call is held sometimes, when
/// the rest leaves doubts.
fn enough(cab: &Cabinet, kind: Kind, compared: &[Evidence]) -> bool {
    let asked = &cab.lender().help.phone_change.evidence;
    kind == Kind::Closing
        || asked
            .iter()
            .all(|it| *it == Evidence::VideoCall || compared.contains(it))
}

/// The first of the staff has compared the evidence. `borrower` names the person where the program found
/// none. Refuses with `Fields("evidence", "evidence_missing")` unless all that the lender asks for was
/// compared, `Fields("borrower", "required")` without a person, `Conflict("request_state")` for a
/// request that is not open, `Conflict("request_open")` for a person with another one.
pub async fn check(
    cab: &Cabinet,
    staff: StaffId,
    id: RequestId,
    borrower: Option<BorrowerId>,
    compared: &[Evidence],
) -> Result<()> {
    let (cabinet, compared) = (cab.clone(), compared.to_vec());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut request = locked(tx, &cabinet, id).await?;
                if request.state != State::Open {
                    return Err(CabinetError::Conflict("request_state"));
                }
                if !enough(&cabinet, request.kind, &compared) {
                    return Err(CabinetError::field("evidence", "evidence_missing"));
                }
                name_person(tx, &cabinet, &mut request, borrower).await?;
                request.body.compared = compared
                    .iter()
                    .map(|it| evidence_code(*it).to_owned())
                    .collect();
                sql::execute(
                    tx,
                    "UPDATE change_request SET state = 'checked', first_by = $1, first_at = $2, \
                     body = $3 WHERE id = $4",
                    vec![
                        staff.to_string().into(),
                        cabinet.now_ms().into(),
                        sealed(&cabinet, id, &request.body)?.into(),
                        id.into(),
                    ],
                )
                .await?;
                let why = request.body.compared.join(", ");
                note(tx, &cabinet, &request, Role::Staff(staff), "checked", &why).await
            })
        })
        .await
}

async fn name_person(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    request: &mut Request,
    borrower: Option<BorrowerId>,
) -> Result<()> {
    if request.borrower.is_some() {
        return Ok(());
    }
    let borrower = borrower.ok_or(CabinetError::field("borrower", "required"))?;
    access::contact(cab, tx, borrower).await?;
    attach(tx, request, borrower).await?;
    let meanwhile = cab.lender().help.phone_change.meanwhile;
    person::put_hold(tx, borrower, Some(meanwhile)).await?;
    tell_owner(tx, cab, request, "asked").await
}

/// The second of the staff lets it happen. Refuses with `Forbidden("second_person")` for whoever compared
/// the evidence, `Conflict("request_state")` before that, `Conflict("phone_taken")`,
/// `Conflict("loan_open")`.
pub async fn approve(cab: &Cabinet, staff: StaffId, id: RequestId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let request = locked(tx, &cabinet, id).await?;
                if request.state != State::Checked {
                    return Err(CabinetError::Conflict("request_state"));
                }
                if request.first_by.as_deref() == Some(&*staff.to_string()) {
                    return Err(CabinetError::Forbidden("second_person"));
                }
                let statement = "UPDATE change_request SET second_by = $1 WHERE id = $2";
                let values = vec![staff.to_string().into(), id.into()];
                sql::execute(tx, statement, values).await?;
                match request.kind {
                    Kind::Phone => apply(tx, &cabinet, &request, Role::Staff(staff)).await,
                    Kind::Closing => close(tx, &cabinet, &request, staff).await,
                }
            })
        })
        .await
}

async fn close(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    request: &Request,
    staff: StaffId,
) -> Result<()> {
    let borrower = request.borrower.ok_or(CabinetError::NotFound)?;
    let statement = "SELECT id FROM loan WHERE borrower = $1 AND closed_on IS NULL LIMIT 1";
    if sql::one(tx, statement, vec![borrower.into()])
        .await?
        .is_some()
    {
        return Err(CabinetError::Conflict("loan_open"));
    }
    let statement = "UPDATE borrower SET closed_at = $1 WHERE id = $2";
    sql::execute(tx, statement, vec![cab.now_ms().into(), borrower.into()]).await?;
    access::end_all(tx, cab, borrower).await?;
    end(tx, cab, request, State::Done).await?;
    tell_owner(tx, cab, request, "closing-done").await?;
    note(tx, cab, request, Role::Staff(staff), "done", "").await
}

/// One of the staff refuses; the person is told why, and the cabinet is given back. Refuses with
/// `Fields("why", "required")`, `Conflict("request_state")`.
pub async fn refuse(cab: &Cabinet, staff: StaffId, id: RequestId, why: &str) -> Result<()> {
    let (cabinet, why) = (cab.clone(), reason(why)?);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut request = locked(tx, &cabinet, id).await?;
                if !matches!(request.state, State::Open | State::Checked) {
                    return Err(CabinetError::Conflict("request_state"));
                }
                request.body.answer.clone_from(&why);
                end(tx, &cabinet, &request, State::Refused).await?;
                // A stranger's refusal goes to the number they asked from, and to nobody else.
                match Phone::parse(&request.body.new_phone) {
                    Some(phone) => {
                        let to = (&phone, request.lang);
                        tell(tx, &cabinet, &request, to, "refused").await?;
                    }
                    None => tell_owner(tx, &cabinet, &request, "refused").await?,
                }
                note(tx, &cabinet, &request, Role::Staff(staff), "refused", &why).await
            })
        })
        .await
}
