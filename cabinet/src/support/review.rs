//! What the staff see of appeals: the queue with its clock, one with everything in it after a reason, causes.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use lending::{HolidayQuote, Kopecks};

use super::{Appeal, COLUMNS, Cause, Kind, State, clock, effect, read};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{AppealId, BorrowerId, LoanId, StaffId, UploadId};
use crate::lender::help::Evidence;
use crate::staff::opened::{self, Opened};
use crate::staff::roles::{self, Field, Sight};
use crate::staff::{self, Action, Staff};
use crate::upload::{self, Owner, UploadView};
use crate::{Cabinet, loan, moment};

/// An appeal in the staff's queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub id: AppealId,
    /// What it is about.
    pub kind: Kind,
    /// Of a complaint.
    pub cause: Option<Cause>,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub at: DateTime<Utc>,
    /// The last day of the answer.
    pub due_on: NaiveDate,
    /// Working days left; negative once it is late.
    pub days_left: i64,
    /// Its last day is over and nobody has answered.
    pub late: bool,
    /// Who answers it.
    pub owner: Option<StaffId>,
    /// Whether its writer has a cabinet.
    pub known: bool,
    /// A penalty stands still meanwhile.
    pub paused: bool,
    /// The second person may agree from this moment on; none when at once.
    pub not_before: Option<DateTime<Utc>>,
}

/// Everything in an appeal, for staff who said why they look.
#[derive(Clone)]
pub struct Details {
    /// What stands in the queue.
    pub waiting: Waiting,
    /// Who wrote.
    pub borrower: Option<BorrowerId>,
    /// The loan it is about, with its number.
    pub loan: Option<(LoanId, String)>,
    /// What was written.
    pub text: String,
    /// The payment that is looked for; zero otherwise.
    pub amount: Kopecks,
    /// Its day.
    pub paid_on: Option<NaiveDate>,
    /// What the holiday asked for would mean, or the law's condition that is not met.
    pub holiday: Option<std::result::Result<HolidayQuote, &'static str>>,
    /// The new passport, by the questionnaire's fields; masked or empty for whom the roles don't show it.
    pub passport: BTreeMap<String, String>,
    /// Of somebody without a cabinet.
    pub name: String,
    /// Where to answer them; masked for whom the roles don't show a phone.
    pub contact: String,
    /// What of the evidence was compared.
    pub compared: Vec<Evidence>,
    /// Why ten working days were added; empty otherwise.
    pub longer: String,
    /// What was answered; empty before.
    pub answer: String,
    /// Pictures sent with it.
    pub uploads: Vec<UploadView>,
}

/// Complaints of one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Causes {
    /// The cause.
    pub cause: Cause,
    /// How many came.
    pub came: u32,
    /// How many wait for an answer.
    pub waiting: u32,
    /// How many of those whose last day is over.
    pub late: u32,
    /// How many were done as asked.
    pub satisfied: u32,
}

/// What waits for an answer, the nearest last day first.
pub async fn queue(cab: &Cabinet, by: &Staff) -> Result<Vec<Waiting>> {
    by.must(Action::ReadRequests)?;
    let statement = format!(
        "SELECT {COLUMNS} FROM appeal WHERE closed_at IS NULL ORDER BY due_on, at, id LIMIT 300"
    );
    let rows = sql::all(cab.db().read(), &statement, Vec::new()).await?;
    rows.iter()
        .map(|row| waiting(cab, &Appeal::from_row(cab, row)?))
        .collect()
}

fn waiting(cab: &Cabinet, appeal: &Appeal) -> Result<Waiting> {
    let today = cab.today();
    Ok(Waiting {
        id: appeal.id,
        kind: appeal.kind,
        cause: appeal.cause,
        state: appeal.state,
        at: moment(appeal.at)?,
        due_on: appeal.due_on,
        days_left: clock::working_days_left(today, appeal.due_on),
        late: appeal.state.is_under_way() && today > appeal.due_on,
        owner: appeal.owner,
        known: appeal.borrower.is_some(),
        paused: appeal.paused_from.is_some() && appeal.resumed_on.is_none(),
        not_before: effect::not_before(cab, appeal)
            .filter(|at| *at > cab.now_ms())
            .map(moment)
            .transpose()?,
    })
}

/// What stands in the queue of one, open or not.
pub async fn one(cab: &Cabinet, by: &Staff, id: AppealId) -> Result<Waiting> {
    by.must(Action::ReadRequests)?;
    waiting(cab, &read(cab.db().read(), cab, id).await?)
}

/// Opens one for a quarter of an hour; its writer reads in the diary who looked and why. Refuses with
/// `Fields("why", "staff_reason")`, `Forbidden("staff_role")`, `NotFound`.
pub async fn open(cab: &Cabinet, by: &Staff, why: &str, id: AppealId) -> Result<()> {
    opened::open(cab, by, why, id).await
}

impl Opened for AppealId {
    const LOG: &'static str = "open_appeal";
    const READ: Action = Action::ReadRequests;
    const OF: &'static str = "SELECT borrower, '' AS kind FROM appeal WHERE id = $1";

    fn seen(_: &str) -> &'static str {
        "appeal_seen"
    }
}

/// A step of an appeal in the staff's log.
pub(super) async fn log(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    appeal: &Appeal,
    what: &'static str,
    why: &str,
) -> Result<()> {
    opened::step(tx, cab, by, (appeal.id, appeal.borrower), (what, why)).await
}

/// Everything of one that this person has opened lately; none when they have not.
pub async fn opened(cab: &Cabinet, by: &Staff, id: AppealId) -> Result<Option<Details>> {
    by.must(Action::ReadRequests)?;
    if opened::reason(cab, by, id).await?.is_none() {
        return Ok(None);
    }
    let appeal = read(cab.db().read(), cab, id).await?;
    let show = |field, text: &str| staff::shown(by, field, text).unwrap_or_default();
    let passport = appeal.body.passport.iter();
    let passport = passport.map(|(name, text)| (name.clone(), show(Field::Passport, text)));
    Ok(Some(Details {
        waiting: waiting(cab, &appeal)?,
        borrower: appeal.borrower,
        loan: loan_of(cab, &appeal).await?,
        text: appeal.body.text.clone(),
        amount: Kopecks::new(appeal.body.amount),
        paid_on: appeal.body.paid_on.parse().ok(),
        holiday: holiday_of(cab, &appeal).await?,
        passport: passport.collect(),
        name: show(Field::Name, &appeal.body.name),
        contact: show(contact_field(&appeal.body.contact), &appeal.body.contact),
        compared: appeal
            .body
            .compared
            .iter()
            .filter_map(|code| Evidence::from_code(code))
            .collect(),
        longer: appeal.body.longer.clone(),
        answer: appeal.body.answer.clone(),
        uploads: papers(cab, by, &appeal).await?,
    }))
}

fn contact_field(contact: &str) -> Field {
    if contact.contains('@') {
        Field::Email
    } else {
        Field::Phone
    }
}

async fn loan_of(cab: &Cabinet, appeal: &Appeal) -> Result<Option<(LoanId, String)>> {
    let (Some(borrower), Some(loan)) = (appeal.borrower, appeal.loan) else {
        return Ok(None);
    };
    let view = loan::view(cab, borrower, loan, None).await?;
    Ok(Some((loan, view.number)))
}

async fn holiday_of(
    cab: &Cabinet,
    appeal: &Appeal,
) -> Result<Option<std::result::Result<HolidayQuote, &'static str>>> {
    if appeal.kind != Kind::Holidays || !appeal.state.is_under_way() {
        return Ok(None);
    }
    match effect::holiday(cab.db().read(), cab, appeal).await {
        Ok(quote) => Ok(Some(Ok(quote))),
        Err(CabinetError::Conflict(code)) => Ok(Some(Err(code))),
        Err(error) => Err(error),
    }
}

/// Pictures attached to it, for whose roles a passport opens on a reason: any picture may show one.
async fn papers(cab: &Cabinet, by: &Staff, appeal: &Appeal) -> Result<Vec<UploadView>> {
    let (Some(borrower), true) = (
        appeal.borrower,
        roles::sight(&by.roles, Field::Passport) >= Sight::OnReason,
    ) else {
        return Ok(Vec::new());
    };
    let attached = sql::all(
        cab.db().read(),
        "SELECT upload FROM appeal_paper WHERE appeal = $1",
        vec![appeal.id.into()],
    )
    .await?;
    let attached: Vec<String> = attached
        .iter()
        .map(|row| sql::get(row, "upload"))
        .collect::<Result<_>>()?;
    let all = upload::list(cab, Owner::Borrower(borrower)).await?;
    // Whoever changes a passport has sent its pages before: they belong to the request as well.
    let wanted =
        |one: &UploadView| appeal.kind == Kind::Passport || attached.contains(&one.id.to_string());
    Ok(all.into_iter().filter(wanted).collect())
}

/// A picture of one that is open for this person, read for the reason it was opened with.
pub async fn picture(
    cab: &Cabinet,
    by: &Staff,
    id: AppealId,
    picture: UploadId,
) -> Result<Vec<u8>> {
    let details = opened(cab, by, id).await?.ok_or(CabinetError::NotFound)?;
    opened::picture(cab, by, (id, &details.uploads), picture).await
}

/// Complaints that came since a day, by cause; each cause is there.
pub async fn by_cause(cab: &Cabinet, by: &Staff, since: DateTime<Utc>) -> Result<Vec<Causes>> {
    by.must(Action::ReadReports)?;
    let rows = sql::all(
        cab.db().read(),
        "SELECT cause, state, due_on FROM appeal WHERE kind = 'complaint' AND at >= $1",
        vec![since.timestamp_millis().into()],
    )
    .await?;
    let mut counted: Vec<Causes> = Cause::ALL
        .iter()
        .map(|cause| Causes {
            cause: *cause,
            came: 0,
            waiting: 0,
            late: 0,
            satisfied: 0,
        })
        .collect();
    let today = cab.today().to_string();
    for row in rows {
        let cause = Cause::from_code(&sql::get::<String>(&row, "cause")?);
        let Some(one) = counted.iter_mut().find(|one| Some(one.cause) == cause) else {
            continue;
        };
        let state = State::from_code(&sql::get::<String>(&row, "state")?);
        let waits = state.is_some_and(State::is_under_way);
        one.came += 1;
        one.waiting += u32::from(waits);
        // ISO dates are in the order of their letters.
        one.late += u32::from(waits && sql::get::<String>(&row, "due_on")? < today);
        one.satisfied += u32::from(state == Some(State::Answered));
    }
    Ok(counted)
}
