//! Requests that take time or people: another phone number, the end of a cabinet.
//!
//! A change of phone begins with the code that came to the new number. From inside it may happen by
//! itself after the lender's waiting time, when the person has a way in that no stolen number opens;
//! otherwise, and for everybody who can't sign in, two of the staff decide: one compares the
//! evidence, another agrees, and it happens once the waiting time since the first one's word is over.
//! The old number is told at once, and again when both have agreed; whoever holds it and the
//! cabinet can call it off. Until the end the cabinet is what the lender's file says.

use chrono::{DateTime, NaiveDate, Utc};
use locales::{Arg, Lang, Words};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};

use crate::db::{Tx, sql};
use crate::document::phrase;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, RequestId};
use crate::support::clock;
use crate::values::{Phone, RuDate};
use crate::{Cabinet, access, moment, outbox, person};

mod closing;
mod letter;
mod phone;
mod review;

pub use closing::{ask_closing, closing_stands_in};
pub use letter::letter_owner;
pub use phone::{Asked, ask, ask_own, can_alone};
pub(crate) use phone::{complete, confirmed, find, move_to};
pub use review::{
    Details, LATE_HOURS, Waiting, approve, check, details, longer, one, open, opened, picture,
    queue, refuse,
};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Another phone number.
    Phone,
    /// The end of the cabinet.
    Closing,
}

impl Kind {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Closing => "closing",
        }
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Typed; the code that begins it has not come back.
    Typed,
    /// Happens by itself when its time comes.
    Waiting,
    /// Waits for the staff.
    Open,
    /// One of the staff has compared the evidence; another has the last word.
    Checked,
    /// Done.
    Done,
    /// Refused, with a reason.
    Refused,
    /// Called off.
    Cancelled,
}

impl State {
    const ALL: [Self; 7] = [
        Self::Typed,
        Self::Waiting,
        Self::Open,
        Self::Checked,
        Self::Done,
        Self::Refused,
        Self::Cancelled,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::Checked => "checked",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }

    fn from_code(code: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or_else(|| CabinetError::internal("an unknown state of a request"))
    }

    /// Whether something is still to come of it.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Waiting | Self::Open | Self::Checked)
    }
}

/// What is sealed of a request.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Body {
    /// Digits.
    old_phone: String,
    /// Digits.
    new_phone: String,
    /// Digits.
    passport: String,
    /// ISO date.
    birth: String,
    /// What of the evidence was compared, by stable names.
    compared: Vec<String>,
    /// What the person is told with a refusal.
    answer: String,
    /// Why it takes ten working days more.
    longer: String,
}

/// A row of the table.
struct Request {
    id: RequestId,
    kind: Kind,
    state: State,
    borrower: Option<BorrowerId>,
    body: Body,
    lang: Lang,
    at: i64,
    due_at: Option<i64>,
    first_by: Option<String>,
    first_at: Option<i64>,
    closed_at: Option<i64>,
    extended: bool,
}

const HOUR_MS: i64 = 3_600_000;

const COLUMNS: &str =
    "id, kind, state, borrower, body, lang, at, due_at, first_by, first_at, closed_at, extended_at";

impl Request {
    fn from_row(cab: &Cabinet, row: &QueryResult) -> Result<Self> {
        let id: String = sql::get(row, "id")?;
        let sealed: String = sql::get(row, "body")?;
        let body = cab.keys().decrypt("change_request", "body", &id, &sealed)?;
        let borrower: Option<String> = sql::get(row, "borrower")?;
        Ok(Self {
            kind: match sql::get::<String>(row, "kind")?.as_str() {
                "phone" => Kind::Phone,
                _ => Kind::Closing,
            },
            state: State::from_code(&sql::get::<String>(row, "state")?)?,
            borrower: borrower
                .map(|id| id.parse())
                .transpose()
                .map_err(CabinetError::internal)?,
            body: serde_json::from_str(&body).map_err(CabinetError::internal)?,
            lang: Lang::from_code(&sql::get::<String>(row, "lang")?),
            at: sql::get(row, "at")?,
            due_at: sql::get(row, "due_at")?,
            first_by: sql::get(row, "first_by")?,
            first_at: sql::get(row, "first_at")?,
            closed_at: sql::get(row, "closed_at")?,
            extended: sql::get::<Option<i64>>(row, "extended_at")?.is_some(),
            id: id.parse().map_err(CabinetError::internal)?,
        })
    }

    fn new_phone(&self) -> Result<Phone> {
        Phone::parse(&self.body.new_phone)
            .ok_or_else(|| CabinetError::internal("a stored phone is no phone"))
    }

    /// The last day of the answer by the law, beside which the lender's own promise is faster.
    fn answer_by(&self, cab: &Cabinet) -> Result<NaiveDate> {
        let asked = cab.business_date(moment(self.at)?);
        let due = clock::of_request(asked);
        Ok(if self.extended {
            clock::longer(due)
        } else {
            due
        })
    }

    /// Hours until it happens by itself, begun ones whole; the lender's waiting time before that is known.
    fn hours_left(&self, cab: &Cabinet) -> i64 {
        match self.due_at {
            Some(due) => (due - cab.now_ms() + HOUR_MS - 1)
                .max(0)
                .div_euclid(HOUR_MS),
            None => i64::from(cab.lender().help.phone_change.wait_hours),
        }
    }

    fn view(&self, cab: &Cabinet) -> Result<RequestView> {
        Ok(RequestView {
            id: self.id,
            kind: self.kind,
            state: self.state,
            new_phone_masked: Phone::parse(&self.body.new_phone).map(|phone| phone.masked()),
            at: moment(self.at)?,
            due_at: self.due_at.map(moment).transpose()?,
            closed_at: self.closed_at.map(moment).transpose()?,
            answer: self.body.answer.clone(),
            answer_by: self.answer_by(cab)?,
            longer: self.extended.then(|| self.body.longer.clone()),
            letter: letter::address(cab, self),
        })
    }
}

/// A request as whoever asked sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestView {
    /// Which.
    pub id: RequestId,
    /// What is asked for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// The new number, as a page may show it.
    pub new_phone_masked: Option<String>,
    /// When it was asked.
    pub at: DateTime<Utc>,
    /// When it happens by itself.
    pub due_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was refused; empty otherwise.
    pub answer: String,
    /// The last day of the answer by the law.
    pub answer_by: NaiveDate,
    /// Why ten working days were added.
    pub longer: Option<String>,
    /// Of the end of a cabinet: where its letter is read without a cabinet, after `/letters/`.
    pub letter: Option<String>,
}

/// A request by its id; `NotFound` for one that never began. Only a session that confirmed it knows ids.
pub async fn view(cab: &Cabinet, id: RequestId) -> Result<RequestView> {
    let request = read(cab.db().read(), cab, id).await?;
    if request.state == State::Typed {
        return Err(CabinetError::NotFound);
    }
    request.view(cab)
}

/// The newest request of a borrower that has begun.
pub async fn latest(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<RequestView>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM change_request WHERE borrower = $1 AND state <> 'typed' \
         ORDER BY at DESC, id DESC LIMIT 1"
    );
    let row = sql::one(cab.db().read(), &statement, vec![borrower.into()]).await?;
    row.map(|row| Request::from_row(cab, &row)?.view(cab))
        .transpose()
}

/// One's own that ended with an answer; `NotFound` otherwise.
pub async fn answered(cab: &Cabinet, borrower: BorrowerId, id: RequestId) -> Result<RequestView> {
    let request = read(cab.db().read(), cab, id).await?;
    let ended = matches!(request.state, State::Done | State::Refused);
    if request.borrower != Some(borrower) || !ended {
        return Err(CabinetError::NotFound);
    }
    request.view(cab)
}

/// All of one's own that ended with an answer, the newest first.
pub async fn all_answered(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<RequestView>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM change_request WHERE borrower = $1 \
         AND state IN ('done', 'refused') ORDER BY at DESC, id DESC LIMIT 100"
    );
    let rows = sql::all(cab.db().read(), &statement, vec![borrower.into()]).await?;
    rows.iter()
        .map(|row| Request::from_row(cab, row)?.view(cab))
        .collect()
}

/// Calls a request of one's own off. `NotFound` for anybody else's and for one that has ended.
pub async fn cancel(cab: &Cabinet, borrower: BorrowerId, id: RequestId) -> Result<()> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let request = locked(tx, &cabinet, id).await?;
                if request.borrower != Some(borrower) || !request.state.is_under_way() {
                    return Err(CabinetError::NotFound);
                }
                end(tx, &cabinet, &request, State::Cancelled).await?;
                note(
                    tx,
                    &cabinet,
                    &request,
                    crate::diary::Role::Own,
                    "cancelled",
                    "",
                )
                .await
            })
        })
        .await
}

async fn read(conn: &impl ConnectionTrait, cab: &Cabinet, id: RequestId) -> Result<Request> {
    let statement = format!("SELECT {COLUMNS} FROM change_request WHERE id = $1");
    let row = sql::one(conn, &statement, vec![id.into()]).await?;
    Request::from_row(cab, &row.ok_or(CabinetError::NotFound)?)
}

async fn locked(tx: &Tx, cab: &Cabinet, id: RequestId) -> Result<Request> {
    let statement = format!(
        "SELECT {COLUMNS} FROM change_request WHERE id = $1{}",
        sql::for_update(tx)
    );
    let row = sql::one(tx, &statement, vec![id.into()]).await?;
    Request::from_row(cab, &row.ok_or(CabinetError::NotFound)?)
}

/// Two requests at once would each see no other.
async fn lock_borrower(tx: &Tx, borrower: BorrowerId) -> Result<()> {
    let statement = format!(
        "SELECT id FROM borrower WHERE id = $1{}",
        sql::for_update(tx)
    );
    sql::one(tx, &statement, vec![borrower.into()])
        .await
        .map(drop)
}

/// Whether a borrower has a request of a kind under way.
async fn under_way(conn: &impl ConnectionTrait, borrower: BorrowerId, kind: Kind) -> Result<bool> {
    let row = sql::one(
        conn,
        "SELECT id FROM change_request WHERE borrower = $1 AND kind = $2 \
         AND state IN ('waiting', 'open', 'checked')",
        vec![borrower.into(), kind.code().into()],
    )
    .await?;
    Ok(row.is_some())
}

/// A request about to be written.
struct NewRequest<'a> {
    kind: Kind,
    state: State,
    borrower: Option<BorrowerId>,
    code: Option<String>,
    new_phone_index: &'a str,
    body: &'a Body,
    lang: Lang,
}

async fn insert(tx: &Tx, cab: &Cabinet, new: NewRequest<'_>) -> Result<RequestId> {
    let id = RequestId(cab.fresh_id());
    sql::execute(
        tx,
        "INSERT INTO change_request (id, kind, state, borrower, code, new_phone_index, body, lang, \
         at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            id.into(),
            new.kind.code().into(),
            new.state.code().into(),
            new.borrower.map(|borrower| borrower.to_string()).into(),
            new.code.into(),
            new.new_phone_index.into(),
            sealed(cab, id, new.body)?.into(),
            new.lang.code().into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    Ok(id)
}

fn sealed(cab: &Cabinet, id: RequestId, body: &Body) -> Result<String> {
    let text = serde_json::to_string(body).map_err(CabinetError::internal)?;
    cab.keys()
        .encrypt("change_request", "body", &id.to_string(), &text)
}

/// Ends a request and gives the cabinet back, unless another request still holds it.
async fn end(tx: &Tx, cab: &Cabinet, request: &Request, state: State) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE change_request SET state = $1, closed_at = $2, body = $3 WHERE id = $4",
        vec![
            state.code().into(),
            cab.now_ms().into(),
            sealed(cab, request.id, &request.body)?.into(),
            request.id.into(),
        ],
    )
    .await?;
    match request.borrower {
        Some(borrower) if request.kind == Kind::Phone => person::free(tx, borrower).await,
        _ => Ok(()),
    }
}

/// Writes what became of a request into its borrower's diary, when there is one.
async fn note(
    tx: &Tx,
    cab: &Cabinet,
    request: &Request,
    role: crate::diary::Role,
    what: &str,
    why: &str,
) -> Result<()> {
    let Some(borrower) = request.borrower else {
        return Ok(());
    };
    let what = match (request.kind, what) {
        (Kind::Phone, "asked") => "phone_asked",
        (Kind::Phone, "cancelled") => "phone_cancelled",
        (Kind::Phone, "checked") => "phone_checked",
        (Kind::Phone, "longer") => "phone_longer",
        (Kind::Phone, "agreed") => "phone_agreed",
        (Kind::Phone, "refused") => "phone_refused",
        (Kind::Phone, _) => "phone_done",
        (Kind::Closing, "asked") => "closing_asked",
        (Kind::Closing, "cancelled") => "closing_cancelled",
        (Kind::Closing, "checked") => "closing_checked",
        (Kind::Closing, "longer") => "closing_longer",
        (Kind::Closing, "refused") => "closing_refused",
        (Kind::Closing, _) => "closing_done",
    };
    let entry = crate::diary::Entry::new(role, what).because(why);
    crate::diary::write(tx, cab, borrower, entry).await
}

/// Sends a text about a request to a number.
async fn tell(
    tx: &Tx,
    cab: &Cabinet,
    request: &Request,
    (phone, lang): (&Phone, Lang),
    key: &str,
) -> Result<()> {
    let args = [
        ("lender", Arg::from(&cab.lender().name)),
        ("hotline", Arg::from(&cab.lender().hotline)),
        ("hours", Arg::from(request.hours_left(cab))),
        ("answer", Arg::from(&request.body.answer)),
        (
            "date",
            Arg::from(phrase::full_day(Words::new(lang), request.answer_by(cab)?)),
        ),
    ];
    let text = Words::new(lang).args(&format!("cabinet-request-sms-{key}"), &args);
    let once = format!("request:{}:{key}:{}", request.id, phone.masked());
    outbox::sms(tx, cab, &once, phone, &text, None).await
}

/// The same to the borrower's present number.
async fn tell_owner(tx: &Tx, cab: &Cabinet, request: &Request, key: &str) -> Result<()> {
    let Some(borrower) = request.borrower else {
        return Ok(());
    };
    let contact = access::contact(cab, tx, borrower).await?;
    tell(tx, cab, request, (&contact.phone, contact.lang), key).await
}

/// A birth date of a form, as it is compared.
fn birth_text(typed: &str) -> Option<String> {
    RuDate::parse(typed).map(|date| date.0.to_string())
}
