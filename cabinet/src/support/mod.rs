//! What borrowers write to the lender and what becomes of it: a payment nobody finds, a debt that looks wrong,
//! credit holidays, another passport, a complaint, a question.
//!
//! Each has a state, its papers, somebody who answers it, and a clock of working days that both sides see. An
//! outcome that changes a debt or a person's data needs two of the staff. While a payment is looked for its
//! penalty stands still.

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use locales::{Arg, Lang, Words};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};

use crate::codes::codes;
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::document::phrase;
use crate::error::{CabinetError, Result};
use crate::ids::{AppealId, BorrowerId, LoanId, StaffId};
use crate::loan::stored::{date, id as read_id};
use crate::values::{Email, Phone};
use crate::{Cabinet, access, moment, outbox};

mod ask;
pub mod chat;
pub mod clock;
mod effect;
mod outcome;
mod review;

pub use ask::{Asked, Outsider, ask, ask_outside, attach, cancel};
pub use effect::silent;
pub use outcome::{answer, approve, longer, refuse, send_back, take};
pub use review::{Causes, Details, Waiting, by_cause, one, open, opened, picture, queue};

codes! {
    /// What it is about.
    Kind {
        /// A payment that was made and is not seen.
        Payment = "payment",
        /// The debt looks wrong.
        Debt = "debt",
        /// Credit holidays (353-ФЗ, art. 6.1-2).
        Holidays = "holidays",
        /// Another passport.
        Passport = "passport",
        /// A complaint.
        Complaint = "complaint",
        /// A question, of somebody without a cabinet too.
        Question = "question",
    }
}

codes! {
    /// What a complaint is about; counted in a report.
    Cause {
        /// How the debt, interest or a penalty is counted.
        Charges = "charges",
        /// A payment was not posted, or late.
        Payments = "payments",
        /// Calls and messages.
        Contacts = "contacts",
        /// Paid services.
        Services = "services",
        /// What the credit bureau was told.
        Bureau = "bureau",
        /// Personal data.
        Data = "data",
        /// How staff behaved.
        People = "people",
        /// The cabinet does not work.
        Cabinet = "cabinet",
        /// Anything else.
        Other = "other",
    }
}

codes! {
    /// Where it stands.
    State {
        /// Waits for somebody.
        Open = "open",
        /// Somebody works on it.
        Taken = "taken",
        /// Decided by one, waits for a second.
        Proposed = "proposed",
        /// Answered, and done what was asked.
        Answered = "answered",
        /// Refused, with a reason.
        Refused = "refused",
        /// Called off.
        Cancelled = "cancelled",
    }
}

impl Kind {
    /// Whether an outcome changes a debt or a person's data, which one person alone may not do.
    pub const fn needs_two(self) -> bool {
        matches!(self, Self::Debt | Self::Holidays | Self::Passport)
    }

    /// Whether it is about a loan.
    pub const fn of_loan(self) -> bool {
        matches!(self, Self::Payment | Self::Debt | Self::Holidays)
    }
}

impl State {
    /// Whether something is still to come of it.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Open | Self::Taken | Self::Proposed)
    }
}

/// What is sealed of an appeal.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Body {
    text: String,
    /// Kopecks.
    amount: i64,
    /// ISO date.
    paid_on: String,
    months: u32,
    /// `income_drop` or `emergency`.
    ground: String,
    /// Kopecks.
    two_months: i64,
    /// Kopecks.
    twelve_months: i64,
    /// The new passport, by the questionnaire's fields.
    passport: crate::profile::Values,
    /// Of somebody without a cabinet.
    name: String,
    contact: String,
    /// What of the evidence was compared, by stable names.
    compared: Vec<String>,
    /// Why it takes longer.
    longer: String,
    answer: String,
}

/// A row of the table.
struct Appeal {
    id: AppealId,
    kind: Kind,
    cause: Option<Cause>,
    state: State,
    borrower: Option<BorrowerId>,
    loan: Option<LoanId>,
    body: Body,
    lang: Lang,
    at: i64,
    due_on: NaiveDate,
    extended: bool,
    owner: Option<StaffId>,
    closed_at: Option<i64>,
    paused_from: Option<NaiveDate>,
    resumed_on: Option<NaiveDate>,
}

const COLUMNS: &str = "id, kind, cause, state, borrower, loan, body, lang, at, due_on, \
                       extended_at, owner, closed_at, paused_from, resumed_on";

impl Appeal {
    fn from_row(cab: &Cabinet, row: &QueryResult) -> Result<Self> {
        let get = |column: &str| sql::get::<String>(row, column);
        let maybe = |column: &str| sql::get::<Option<String>>(row, column);
        let known = || CabinetError::internal("an unknown word in an appeal");
        let day = |column: &str| maybe(column)?.map(|text| date(&text)).transpose();
        let id = get("id")?;
        let body = cab.keys().decrypt("appeal", "body", &id, &get("body")?)?;
        Ok(Self {
            kind: Kind::from_code(&get("kind")?).ok_or_else(known)?,
            cause: maybe("cause")?.and_then(|code| Cause::from_code(&code)),
            state: State::from_code(&get("state")?).ok_or_else(known)?,
            borrower: maybe("borrower")?.map(|id| read_id(&id)).transpose()?,
            loan: maybe("loan")?.map(|id| read_id(&id)).transpose()?,
            body: serde_json::from_str(&body).map_err(CabinetError::internal)?,
            lang: Lang::from_code(&get("lang")?),
            at: sql::get(row, "at")?,
            due_on: date(&get("due_on")?)?,
            extended: sql::get::<Option<i64>>(row, "extended_at")?.is_some(),
            owner: maybe("owner")?.map(|id| read_id(&id)).transpose()?,
            closed_at: sql::get(row, "closed_at")?,
            paused_from: day("paused_from")?,
            resumed_on: day("resumed_on")?,
            id: read_id(&id)?,
        })
    }

    fn view(&self, ahead: i64) -> Result<AppealView> {
        Ok(AppealView {
            id: self.id,
            kind: self.kind,
            cause: self.cause,
            state: self.state,
            loan: self.loan,
            text: self.body.text.clone(),
            amount: Kopecks::new(self.body.amount),
            paid_on: self.body.paid_on.parse().ok(),
            at: moment(self.at)?,
            due_on: self.due_on,
            longer: self.extended.then(|| self.body.longer.clone()),
            taken: self.owner.is_some(),
            paused_from: self.paused_from,
            resumed_on: self.resumed_on,
            closed_at: self.closed_at.map(moment).transpose()?,
            answer: self.body.answer.clone(),
            ahead,
        })
    }
}

/// An appeal as whoever wrote it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppealView {
    /// Which.
    pub id: AppealId,
    /// What it is about.
    pub kind: Kind,
    /// Of a complaint.
    pub cause: Option<Cause>,
    /// Where it stands.
    pub state: State,
    /// The loan it is about.
    pub loan: Option<LoanId>,
    /// What was written.
    pub text: String,
    /// The payment that is looked for; zero otherwise.
    pub amount: Kopecks,
    /// Its day.
    pub paid_on: Option<NaiveDate>,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// The last day of the answer.
    pub due_on: NaiveDate,
    /// Why ten working days were added.
    pub longer: Option<String>,
    /// Somebody works on it.
    pub taken: bool,
    /// No penalty grows for the days after this one.
    pub paused_from: Option<NaiveDate>,
    /// The last of those days.
    pub resumed_on: Option<NaiveDate>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// What was answered.
    pub answer: String,
    /// How many wait before it.
    pub ahead: i64,
}

/// A borrower's own, newest first.
pub async fn list(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<AppealView>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM appeal WHERE borrower = $1 ORDER BY at DESC, id DESC LIMIT 100"
    );
    let rows = sql::all(cab.db().read(), &statement, vec![borrower.into()]).await?;
    rows.iter()
        .map(|row| Appeal::from_row(cab, row)?.view(0))
        .collect()
}

/// A borrower's own appeal; somebody else's is not found.
pub async fn view(cab: &Cabinet, borrower: BorrowerId, id: AppealId) -> Result<AppealView> {
    let db = cab.db().read();
    let appeal = read(db, cab, id).await?;
    if appeal.borrower != Some(borrower) {
        return Err(CabinetError::NotFound);
    }
    let ahead = ahead(db, &appeal).await?;
    appeal.view(ahead)
}

/// Of somebody without a cabinet: only the session that wrote it knows the id.
pub async fn view_outside(cab: &Cabinet, id: AppealId) -> Result<AppealView> {
    let db = cab.db().read();
    let appeal = read(db, cab, id).await?;
    if appeal.borrower.is_some() {
        return Err(CabinetError::NotFound);
    }
    let ahead = ahead(db, &appeal).await?;
    appeal.view(ahead)
}

/// How many that nobody has taken came before it.
async fn ahead(conn: &impl ConnectionTrait, appeal: &Appeal) -> Result<i64> {
    if appeal.state != State::Open {
        return Ok(0);
    }
    let row = sql::one(
        conn,
        "SELECT COUNT(*) AS many FROM appeal WHERE state = 'open' AND (at < $1 OR (at = $1 AND id < $2))",
        vec![appeal.at.into(), appeal.id.into()],
    )
    .await?;
    row.map_or(Ok(0), |row| sql::get(&row, "many"))
}

async fn read(conn: &impl ConnectionTrait, cab: &Cabinet, id: AppealId) -> Result<Appeal> {
    let statement = format!("SELECT {COLUMNS} FROM appeal WHERE id = $1");
    let row = sql::one(conn, &statement, vec![id.into()]).await?;
    Appeal::from_row(cab, &row.ok_or(CabinetError::NotFound)?)
}

async fn locked(tx: &Tx, cab: &Cabinet, id: AppealId) -> Result<Appeal> {
    let end = sql::for_update(tx);
    let statement = format!("SELECT {COLUMNS} FROM appeal WHERE id = $1{end}");
    let row = sql::one(tx, &statement, vec![id.into()]).await?;
    Appeal::from_row(cab, &row.ok_or(CabinetError::NotFound)?)
}

fn sealed(cab: &Cabinet, id: AppealId, body: &Body) -> Result<String> {
    let text = serde_json::to_string(body).map_err(CabinetError::internal)?;
    cab.keys().encrypt("appeal", "body", &id.to_string(), &text)
}

/// Writes down where an appeal stands now.
async fn store(tx: &Tx, cab: &Cabinet, appeal: &Appeal) -> Result<()> {
    let closed = (!appeal.state.is_under_way()).then(|| cab.now_ms());
    let text = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    sql::execute(
        tx,
        "UPDATE appeal SET state = $1, body = $2, due_on = $3, owner = $4, closed_at = $5, \
         paused_from = $6, resumed_on = $7 WHERE id = $8",
        vec![
            appeal.state.code().into(),
            sealed(cab, appeal.id, &appeal.body)?.into(),
            appeal.due_on.to_string().into(),
            appeal.owner.map(|id| id.to_string()).into(),
            closed.into(),
            text(appeal.paused_from).into(),
            text(appeal.resumed_on).into(),
            appeal.id.into(),
        ],
    )
    .await
    .map(drop)
}

/// Writes a step into the diary of whoever wrote, when they have one.
async fn note(
    tx: &Tx,
    cab: &Cabinet,
    appeal: &Appeal,
    role: Role,
    what: &'static str,
    why: &str,
) -> Result<()> {
    match appeal.borrower {
        Some(borrower) => {
            diary::write(tx, cab, borrower, Entry::new(role, what).because(why)).await
        }
        None => Ok(()),
    }
}

/// Tells whoever wrote: a borrower by a text to come and read, somebody without a cabinet the answer itself.
async fn tell(tx: &Tx, cab: &Cabinet, appeal: &Appeal, key: &str) -> Result<()> {
    let lender = cab.lender();
    let said = |lang: Lang, key: &str| {
        let args = [
            ("lender", Arg::from(&lender.name)),
            ("hotline", Arg::from(&lender.hotline)),
            ("answer", Arg::from(&appeal.body.answer)),
            (
                "hours",
                Arg::from(i64::from(lender.help.phone_change.wait_hours)),
            ),
            (
                "date",
                Arg::from(phrase::full_day(Words::new(lang), appeal.due_on)),
            ),
        ];
        Words::new(lang).args(&format!("cabinet-appeal-{key}"), &args)
    };
    let once = format!("appeal:{}:{key}", appeal.id);
    if let Some(borrower) = appeal.borrower {
        let to = access::contact(cab, tx, borrower).await?;
        let text = said(to.lang, &format!("sms-{key}"));
        return outbox::sms(tx, cab, &once, &to.phone, &text, None).await;
    }
    let text = said(appeal.lang, &format!("outside-{key}"));
    if let Some(phone) = Phone::parse(&appeal.body.contact) {
        return outbox::sms(tx, cab, &once, &phone, &text, None).await;
    }
    match Email::parse(&appeal.body.contact) {
        Some(to) => {
            let subject = said(appeal.lang, "outside-subject");
            outbox::mail(tx, cab, &once, &to, &subject, &text).await
        }
        None => Ok(()),
    }
}
