//! The staff's side of a request: one compares the evidence, another has the last word. Who may do which stands in the
//! staff's table of roles; each step is in the staff's log, and the person's diary shows it.

use chrono::{DateTime, NaiveDate, Utc};

use super::phone::{agreed, attach};
use super::{COLUMNS, Kind, Request, State, end, locked, note, read, sealed, tell, tell_owner};
use crate::db::{Tx, sql};
use crate::diary::Role;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, RequestId, StaffId, UploadId};
use crate::lender::help::Evidence;
use crate::staff::opened::{self, Opened};
use crate::staff::roles::{self, Field, Sight};
use crate::staff::{self, Action, Staff, another};
use crate::support::clock;
use crate::upload::{self, Owner, UploadView};
use crate::values::Phone;
use crate::{Cabinet, access, bonus, moment, person};

/// A request that waits longer than this is late.
pub const LATE_HOURS: i64 = 24;

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
    /// Whether it waits for longer than a day, which the lender promises, or than the law allows.
    pub late: bool,
    /// The last day of the answer by the law.
    pub answer_by: NaiveDate,
    /// Working days left of the law's term; negative once it is over.
    pub days_left: i64,
    /// Ten working days were added.
    pub extended: bool,
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
    /// What of the evidence was compared.
    pub compared: Vec<Evidence>,
    /// Why it was refused; empty otherwise.
    pub answer: String,
    /// The number that is gone: digits, or their mask for whom the roles show no more.
    pub old_phone: String,
    /// The new number, the same way; a code has come back from it.
    pub new_phone: String,
    /// The passport as typed, the same way.
    pub passport: String,
    /// The birth date as typed, ISO; empty for whom the roles don't show it.
    pub birth: String,
    /// Pictures sent with it.
    pub uploads: Vec<UploadView>,
}

/// Requests that wait for the staff, oldest first.
pub async fn queue(cab: &Cabinet, by: &Staff) -> Result<Vec<Waiting>> {
    by.must(Action::ReadRequests)?;
    let statement = format!(
        "SELECT {COLUMNS} FROM change_request WHERE state IN ('open', 'checked') \
         ORDER BY at, id LIMIT 200"
    );
    let rows = sql::all(cab.db().read(), &statement, Vec::new()).await?;
    rows.iter()
        .map(|row| waiting(cab, &Request::from_row(cab, row)?))
        .collect()
}

fn waiting(cab: &Cabinet, request: &Request) -> Result<Waiting> {
    let at = moment(request.at)?;
    let answer_by = request.answer_by(cab)?;
    Ok(Waiting {
        answer_by,
        days_left: clock::working_days_left(cab.today(), answer_by),
        extended: request.extended,
        id: request.id,
        kind: request.kind,
        state: request.state,
        at,
        late: request.state.is_under_way() && (cab.now() - at).num_hours() >= LATE_HOURS,
        known: request.borrower.is_some(),
        first_by: request
            .first_by
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(CabinetError::internal)?,
    })
}

/// Opens a request for a quarter of an hour. The person reads in the diary who looked and why. Refuses with
/// `Fields("why", "staff_reason")`, `Forbidden("staff_role")`, `NotFound`.
pub async fn open(cab: &Cabinet, by: &Staff, why: &str, id: RequestId) -> Result<()> {
    opened::open(cab, by, why, id).await
}

impl Opened for RequestId {
    const LOG: &'static str = "open_request";
    const READ: Action = Action::ReadRequests;
    const OF: &'static str = "SELECT borrower, kind FROM change_request WHERE id = $1";

    fn seen(kind: &str) -> &'static str {
        if kind == Kind::Phone.code() {
            "phone_seen"
        } else {
            "closing_seen"
        }
    }
}

/// A step of a request in the staff's log.
async fn log(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    request: &Request,
    what: &'static str,
    why: &str,
) -> Result<()> {
    opened::step(tx, cab, by, (request.id, request.borrower), (what, why)).await
}

/// What stands in the queue of one request, open or not.
pub async fn one(cab: &Cabinet, by: &Staff, id: RequestId) -> Result<Waiting> {
    by.must(Action::ReadRequests)?;
    let request = read(cab.db().read(), cab, id).await?;
    if request.state == State::Typed {
        return Err(CabinetError::NotFound);
    }
    waiting(cab, &request)
}

/// Everything of a request that this one of the staff has opened lately; none when they have not.
pub async fn opened(cab: &Cabinet, by: &Staff, id: RequestId) -> Result<Option<Details>> {
    by.must(Action::ReadRequests)?;
    if opened::reason(cab, by, id).await?.is_none() {
        return Ok(None);
    }
    let request = read(cab.db().read(), cab, id).await?;
    let papers = roles::sight(&by.roles, Field::Passport) >= Sight::OnReason;
    let mut uploads = Vec::new();
    if papers {
        uploads = upload::list(cab, Owner::Request(id)).await?;
        if let Some(borrower) = request.borrower {
            uploads.extend(upload::list(cab, Owner::Borrower(borrower)).await?);
        }
    }
    let show = |field, text: &str| staff::shown(by, field, text).unwrap_or_default();
    Ok(Some(Details {
        waiting: waiting(cab, &request)?,
        borrower: request.borrower,
        compared: request
            .body
            .compared
            .iter()
            .filter_map(|code| Evidence::from_code(code))
            .collect(),
        answer: request.body.answer.clone(),
        old_phone: show(Field::Phone, &request.body.old_phone),
        new_phone: show(Field::Phone, &request.body.new_phone),
        passport: show(Field::Passport, &request.body.passport),
        birth: show(Field::Birth, &request.body.birth),
        uploads,
    }))
}

/// A picture of a request that is open for this one of the staff, read for the reason it was opened with.
/// `NotFound` for a picture of another.
pub async fn picture(
    cab: &Cabinet,
    by: &Staff,
    id: RequestId,
    picture: UploadId,
) -> Result<Vec<u8>> {
    let details = opened(cab, by, id).await?.ok_or(CabinetError::NotFound)?;
    opened::picture(cab, by, (id, &details.uploads), picture).await
}

/// [`open`] and [`opened`] at once.
pub async fn details(cab: &Cabinet, by: &Staff, why: &str, id: RequestId) -> Result<Details> {
    open(cab, by, why, id).await?;
    opened(cab, by, id).await?.ok_or(CabinetError::NotFound)
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
    by: &Staff,
    id: RequestId,
    borrower: Option<BorrowerId>,
    compared: &[Evidence],
) -> Result<()> {
    by.must(Action::LeadRequest)?;
    let (cabinet, by, compared) = (cab.clone(), by.clone(), compared.to_vec());
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
                request.body.compared = compared.iter().map(|it| it.code().to_owned()).collect();
                sql::execute(
                    tx,
                    "UPDATE change_request SET state = 'checked', first_by = $1, first_at = $2, \
                     body = $3 WHERE id = $4",
                    vec![
                        by.id.into(),
                        cabinet.now_ms().into(),
                        sealed(&cabinet, id, &request.body)?.into(),
                        id.into(),
                    ],
                )
                .await?;
                let why = request.body.compared.join(", ");
                note(tx, &cabinet, &request, Role::Staff(by.id), "checked", &why).await?;
                log(
                    tx,
                    &cabinet,
                    &by,
                    &request,
                    Action::LeadRequest.code(),
                    &why,
                )
                .await
            })
        })
        .await
}

async fn name_person(
    tx: &Tx,
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

/// Adds ten working days of the law's term, once, and tells why. Refuses with `Fields("longer", "staff_reason")`,
/// `Conflict("appeal_extended")` the second time, `Conflict("request_state")`.
pub async fn longer(cab: &Cabinet, by: &Staff, id: RequestId, why: &str) -> Result<()> {
    by.must(Action::LeadRequest)?;
    let (cabinet, by, why) = (cab.clone(), by.clone(), staff::reason("longer", why)?);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut request = locked(tx, &cabinet, id).await?;
                if !matches!(request.state, State::Open | State::Checked) {
                    return Err(CabinetError::Conflict("request_state"));
                }
                if request.extended {
                    return Err(CabinetError::Conflict("appeal_extended"));
                }
                request.extended = true;
                request.body.longer.clone_from(&why);
                let statement =
                    "UPDATE change_request SET extended_at = $1, body = $2 WHERE id = $3";
                let body = sealed(&cabinet, id, &request.body)?;
                let values = vec![cabinet.now_ms().into(), body.into(), id.into()];
                sql::execute(tx, statement, values).await?;
                tell_asker(tx, &cabinet, &request, "longer").await?;
                note(tx, &cabinet, &request, Role::Staff(by.id), "longer", &why).await?;
                let (what, said) = (Action::LeadRequest.code(), format!("longer: {why}"));
                log(tx, &cabinet, &by, &request, what, &said).await
            })
        })
        .await
}

/// Whoever asked from outside hears at the number they asked from, and nobody else does.
async fn tell_asker(tx: &Tx, cab: &Cabinet, request: &Request, key: &str) -> Result<()> {
    match Phone::parse(&request.body.new_phone) {
        Some(phone) => tell(tx, cab, request, (&phone, request.lang), key).await,
        None => tell_owner(tx, cab, request, key).await,
    }
}

/// The second of the staff agrees: a cabinet is closed, another number waits for the rest of its time. Refuses with `Forbidden("second_person")` for whoever compared
/// the evidence, `Conflict("request_state")` before that, `Conflict("phone_taken")`,
/// `Conflict("loan_open")`.
pub async fn approve(cab: &Cabinet, by: &Staff, id: RequestId) -> Result<()> {
    by.must(Action::ApproveRequest)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut request = locked(tx, &cabinet, id).await?;
                if request.state != State::Checked {
                    return Err(CabinetError::Conflict("request_state"));
                }
                another(&by, request.first_by.as_deref().unwrap_or_default())?;
                let statement = "UPDATE change_request SET second_by = $1 WHERE id = $2";
                let values = vec![by.id.into(), id.into()];
                sql::execute(tx, statement, values).await?;
                match request.kind {
                    Kind::Phone => agreed(tx, &cabinet, &mut request, by.id).await?,
                    Kind::Closing => close(tx, &cabinet, &request, by.id).await?,
                }
                let what = Action::ApproveRequest.code();
                log(tx, &cabinet, &by, &request, what, "approve").await
            })
        })
        .await
}

async fn close(tx: &Tx, cab: &Cabinet, request: &Request, staff: StaffId) -> Result<()> {
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
    bonus::forfeit(tx, cab, borrower).await?;
    end(tx, cab, request, State::Done).await?;
    tell_owner(tx, cab, request, "closing-done").await?;
    note(tx, cab, request, Role::Staff(staff), "done", "").await
}

/// One of the staff refuses; the person is told why, and the cabinet is given back. Refuses with
/// `Fields("why", "staff_reason")`, `Conflict("request_state")`.
pub async fn refuse(cab: &Cabinet, by: &Staff, id: RequestId, why: &str) -> Result<()> {
    by.must(Action::ApproveRequest)?;
    let (cabinet, by, why) = (cab.clone(), by.clone(), staff::reason("why", why)?);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut request = locked(tx, &cabinet, id).await?;
                if !matches!(request.state, State::Open | State::Checked) {
                    return Err(CabinetError::Conflict("request_state"));
                }
                request.body.answer.clone_from(&why);
                end(tx, &cabinet, &request, State::Refused).await?;
                tell_asker(tx, &cabinet, &request, "refused").await?;
                note(tx, &cabinet, &request, Role::Staff(by.id), "refused", &why).await?;
                let said = format!("refuse: {why}");
                let what = Action::ApproveRequest.code();
                log(tx, &cabinet, &by, &request, what, &said).await
            })
        })
        .await
}
