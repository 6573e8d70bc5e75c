//! The borrower's side: writing, attaching a paper, calling it off.

use chrono::{Days, NaiveDate};
use lending::Kopecks;
use locales::Lang;

use super::{Appeal, Body, Cause, Kind, State, clock, effect, locked, note, read, sealed, store};
use crate::access::Origin;
use crate::db::{Tx, sql};
use crate::diary::Role;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{AppealId, BorrowerId, LoanId, UploadId};
use crate::loan::history;
use crate::values::{Email, Phone, RuDate};
use crate::{Cabinet, limits, profile, upload};

/// The shortest and the longest text.
const TEXT: std::ops::RangeInclusive<usize> = 10..=2_000;
/// Appeals of one borrower, and of one address outside, in a day.
const A_DAY: u32 = 10;
const OUTSIDE_A_DAY: u32 = 5;
const DAY_SECONDS: u64 = 86_400;
/// How long ago a payment may be that stops the penalty.
const LOOKED_BACK: u64 = 90;

/// What was typed; each kind reads its own fields.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// A stable name of [`Cause`].
    pub cause: String,
    /// The loan's id.
    pub loan: String,
    /// In the borrower's words.
    pub text: String,
    /// Of the payment that is looked for.
    pub amount: String,
    /// Its day.
    pub paid_on: String,
    /// Of credit holidays.
    pub months: String,
    /// `income_drop` or `emergency`.
    pub ground: String,
    /// The income of the two months before, together.
    pub two_months: String,
    /// The income of the twelve months before, together.
    pub twelve_months: String,
    /// The new passport, by the questionnaire's fields.
    pub passport: profile::Values,
}

/// Somebody without a cabinet.
#[derive(Debug, Clone, Default)]
pub struct Outsider {
    /// How to call them.
    pub name: String,
    /// A phone or an e-mail address.
    pub contact: String,
    /// The question.
    pub text: String,
}

fn cleaned(text: &str) -> String {
    let kept = |c: &char| !c.is_control() || *c == '\n';
    text.trim().chars().filter(kept).collect()
}

/// Collects what is wrong, field by field.
#[derive(Default)]
struct Wrong(Vec<FieldError>);

impl Wrong {
    fn say(&mut self, field: &str, code: &'static str) {
        self.0.push(FieldError::new(field, code));
    }

    fn text(&mut self, typed: &str) -> String {
        let text = cleaned(typed);
        if !TEXT.contains(&text.chars().count()) {
            self.say("text", "appeal_text");
        }
        text
    }

    fn money(&mut self, field: &str, typed: &str) -> i64 {
        Kopecks::parse(typed).map_or_else(
            |_| {
                self.say(field, "appeal_money");
                0
            },
            Kopecks::get,
        )
    }

    fn done(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(CabinetError::Fields(self.0))
    }
}

/// Reads what was typed. Nothing is asked of the database here.
fn body(cab: &Cabinet, kind: Kind, asked: &Asked) -> Result<(Body, Option<Cause>)> {
    let mut wrong = Wrong::default();
    let mut body = Body {
        text: match kind {
            Kind::Passport if asked.text.trim().is_empty() => String::new(),
            _ => wrong.text(&asked.text),
        },
        ..Body::default()
    };
    let cause = Cause::from_code(&asked.cause);
    match kind {
        Kind::Complaint if cause.is_none() => wrong.say("cause", "required"),
        Kind::Payment => {
            body.amount = wrong.money("amount", &asked.amount);
            match RuDate::parse(&asked.paid_on) {
                Some(day) if day.0 > cab.today() => wrong.say("paid_on", "date_future"),
                Some(day) if too_old(cab, day.0) => wrong.say("paid_on", "appeal_long_ago"),
                Some(day) => body.paid_on = day.0.to_string(),
                None => wrong.say("paid_on", "date"),
            }
            if body.amount == 0 && wrong.0.iter().all(|one| one.field != "amount") {
                wrong.say("amount", "appeal_money");
            }
        }
        Kind::Holidays => {
            body.months = asked.months.trim().parse().unwrap_or_default();
            if body.months == 0 {
                wrong.say("months", "appeal_months");
            }
            body.ground.clone_from(&asked.ground);
            match asked.ground.as_str() {
                "income_drop" => {
                    body.two_months = wrong.money("two_months", &asked.two_months);
                    body.twelve_months = wrong.money("twelve_months", &asked.twelve_months);
                }
                "emergency" => {}
                _ => wrong.say("ground", "required"),
            }
        }
        Kind::Passport => {
            body.passport = profile::passport_typed(&asked.passport);
            wrong.0.extend(profile::passport_problems(&body.passport));
        }
        _ => {}
    }
    wrong.done()?;
    Ok((body, cause.filter(|_| kind == Kind::Complaint)))
}

fn too_old(cab: &Cabinet, day: NaiveDate) -> bool {
    let earliest = cab.today().checked_sub_days(Days::new(LOOKED_BACK));
    earliest.is_some_and(|earliest| day < earliest)
}

/// Writes to the lender. Refuses with `Fields`; `NotFound` for a loan of somebody else's;
/// `Conflict("appeal_open")` while the same is looked into; a `Conflict` that names why the law gives no
/// holiday; `TooMany("appeal_day")`.
pub async fn ask(
    cab: &Cabinet,
    borrower: BorrowerId,
    kind: Kind,
    asked: &Asked,
    lang: Lang,
) -> Result<AppealId> {
    let (body, cause) = body(cab, kind, asked)?;
    let loan: Option<LoanId> = if kind.of_loan() {
        let unknown = |_| CabinetError::field("loan", "required");
        Some(asked.loan.parse().map_err(unknown)?)
    } else {
        None
    };
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let subject = cabinet.keys().blind_index("appeal", &borrower.to_string());
                limits::hit(tx, &cabinet, "appeal_day", &subject, DAY_SECONDS, A_DAY).await?;
                if let Some(loan) = loan {
                    history::load(tx, &cabinet, borrower, loan).await?;
                }
                if under_way(tx, borrower, kind, loan).await? {
                    return Err(CabinetError::Conflict("appeal_open"));
                }
                let appeal = fresh(&cabinet, kind, cause, Some(borrower), loan, body, lang);
                if kind == Kind::Holidays {
                    effect::holiday(tx, &cabinet, &appeal).await?;
                }
                insert(tx, &cabinet, &appeal).await?;
                if kind == Kind::Passport {
                    effect::guard(tx, &cabinet, &appeal).await?;
                }
                note(tx, &cabinet, &appeal, Role::Own, "appeal_asked", "").await?;
                Ok(appeal.id)
            })
        })
        .await
}

/// The question of somebody without a cabinet. Refuses with `Fields`, `TooMany("appeal_day")`.
pub async fn ask_outside(
    cab: &Cabinet,
    asked: &Outsider,
    origin: &Origin,
    lang: Lang,
) -> Result<AppealId> {
    let mut wrong = Wrong::default();
    let body = Body {
        text: wrong.text(&asked.text),
        name: cleaned(&asked.name).chars().take(100).collect(),
        contact: asked.contact.trim().to_owned(),
        ..Body::default()
    };
    if body.name.is_empty() {
        wrong.say("name", "required");
    }
    if Phone::parse(&body.contact).is_none() && Email::parse(&body.contact).is_none() {
        wrong.say("contact", "appeal_contact");
    }
    wrong.done()?;
    let subject = cab.keys().blind_index("appeal", &origin.ip);
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (kind, most) = ("appeal_day", OUTSIDE_A_DAY);
                limits::hit(tx, &cabinet, kind, &subject, DAY_SECONDS, most).await?;
                let appeal = fresh(&cabinet, Kind::Question, None, None, None, body, lang);
                insert(tx, &cabinet, &appeal).await?;
                Ok(appeal.id)
            })
        })
        .await
}

fn fresh(
    cab: &Cabinet,
    kind: Kind,
    cause: Option<Cause>,
    borrower: Option<BorrowerId>,
    loan: Option<LoanId>,
    body: Body,
    lang: Lang,
) -> Appeal {
    Appeal {
        id: AppealId(cab.fresh_id()),
        kind,
        cause,
        state: State::Open,
        borrower,
        loan,
        body,
        lang,
        at: cab.now_ms(),
        due_on: clock::due(kind, cab.today()),
        extended: false,
        owner: None,
        closed_at: None,
        paused_from: None,
        resumed_on: None,
    }
}

async fn insert(tx: &Tx, cab: &Cabinet, new: &Appeal) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO appeal (id, kind, cause, state, borrower, loan, body, lang, at, due_on) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            new.id.into(),
            new.kind.code().into(),
            new.cause.map(Cause::code).into(),
            new.state.code().into(),
            new.borrower.map(|id| id.to_string()).into(),
            new.loan.map(|id| id.to_string()).into(),
            sealed(cab, new.id, &new.body)?.into(),
            new.lang.code().into(),
            new.at.into(),
            new.due_on.to_string().into(),
        ],
    )
    .await
    .map(drop)
}

async fn under_way(
    tx: &Tx,
    borrower: BorrowerId,
    kind: Kind,
    loan: Option<LoanId>,
) -> Result<bool> {
    // Complaints and questions may be many; the rest is one thing, asked once.
    if matches!(kind, Kind::Complaint | Kind::Question) {
        return Ok(false);
    }
    let row = sql::one(
        tx,
        "SELECT id FROM appeal WHERE borrower = $1 AND kind = $2 AND closed_at IS NULL \
         AND COALESCE(loan, '') = $3",
        vec![
            borrower.into(),
            kind.code().into(),
            loan.map_or_else(String::new, |id| id.to_string()).into(),
        ],
    )
    .await?;
    Ok(row.is_some())
}

/// Attaches a picture of one's own. The receipt of a payment that is looked for stops its penalty. Refuses with
/// `NotFound`, `Conflict("appeal_state")`.
pub async fn attach(
    cab: &Cabinet,
    borrower: BorrowerId,
    id: AppealId,
    picture: UploadId,
) -> Result<()> {
    let mine = upload::list(cab, upload::Owner::Borrower(borrower)).await?;
    if !mine.iter().any(|one| one.id == picture) {
        return Err(CabinetError::NotFound);
    }
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut appeal = own(tx, &cabinet, borrower, id).await?;
                sql::execute(
                    tx,
                    "INSERT INTO appeal_paper (appeal, upload) VALUES ($1, $2) \
                     ON CONFLICT DO NOTHING",
                    vec![id.into(), picture.into()],
                )
                .await?;
                effect::pause(tx, &cabinet, &mut appeal).await?;
                store(tx, &cabinet, &appeal).await
            })
        })
        .await
}

/// One's own that is still under way, locked.
async fn own(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, id: AppealId) -> Result<Appeal> {
    let appeal = locked(tx, cab, id).await?;
    if appeal.borrower != Some(borrower) {
        return Err(CabinetError::NotFound);
    }
    if !appeal.state.is_under_way() {
        return Err(CabinetError::Conflict("appeal_state"));
    }
    Ok(appeal)
}

/// Calls one's own off. Refuses with `NotFound`, `Conflict("appeal_state")`.
pub async fn cancel(cab: &Cabinet, borrower: BorrowerId, id: AppealId) -> Result<()> {
    // Whose it is comes first: a stranger's lock would be felt.
    if read(cab.db().read(), cab, id).await?.borrower != Some(borrower) {
        return Err(CabinetError::NotFound);
    }
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let mut appeal = own(tx, &cabinet, borrower, id).await?;
                effect::resume(tx, &cabinet, &mut appeal).await?;
                appeal.state = State::Cancelled;
                store(tx, &cabinet, &appeal).await?;
                effect::release(tx, &appeal).await?;
                note(tx, &cabinet, &appeal, Role::Own, "appeal_cancelled", "").await
            })
        })
        .await
}
