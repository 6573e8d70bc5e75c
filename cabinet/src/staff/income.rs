//! Papers of an income: those that wait to be read, and what a specialist writes down of them.

use chrono::{DateTime, Months, NaiveDate, Utc};
use lending::Kopecks;
use locales::Words;
use sea_orm::Value;

use super::audit::{self, Deed};
use super::underwriting::LATE_HOURS;
use super::{Action, Staff};
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::document::phrase;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, UploadId};
use crate::loan::stored::id;
use crate::notice::{self, Notice};
use crate::profile::{self, IncomePaper, IncomeProof, IncomeSaid, IncomeWord};
use crate::upload::{self, Kind, Owner, UploadView};
use crate::values::RuDate;
use crate::{Cabinet, application, moment};

/// Cases shown at once.
const PAGE: i64 = 200;
/// More a month is a slip of the finger.
const MOST: Kopecks = Kopecks::from_roubles(10_000_000);

/// Pictures that wait to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomeWaiting {
    /// Whose.
    pub borrower: BorrowerId,
    /// How many.
    pub pictures: u32,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether for too long.
    pub late: bool,
}

/// The income of a person, with what it may be proved by.
#[derive(Debug, Clone)]
pub struct IncomeCase {
    /// Whose.
    pub borrower: BorrowerId,
    /// The name to be compared with the paper's.
    pub name: String,
    /// Where the person says they work.
    pub employer: String,
    /// What they say they earn.
    pub said: Kopecks,
    /// What counts today.
    pub holds: Option<IncomeProof>,
    /// Every word so far, the newest first.
    pub words: Vec<IncomeWord>,
    /// Pictures that may prove it.
    pub pictures: Vec<UploadView>,
    /// Since when one of them waits.
    pub since: Option<DateTime<Utc>>,
    /// The last day that may be written down.
    pub last_day: NaiveDate,
}

/// What a specialist types of a paper.
#[derive(Debug, Clone, Default)]
pub struct ProofTyped {
    /// The picture's id.
    pub picture: String,
    /// The code of the paper's kind.
    pub paper: String,
    /// Roubles a month.
    pub amount: String,
    /// The last day.
    pub until: String,
    /// When the newest picture of the page had come, milliseconds: later ones go on waiting.
    pub seen: String,
}

/// People whose pictures wait, the oldest first.
pub async fn incomes(cab: &Cabinet, by: &Staff) -> Result<Vec<IncomeWaiting>> {
    by.must(Action::ProveIncome)?;
    let statement = format!(
        "SELECT borrower, COUNT(*) AS pictures, MIN(at) AS since FROM upload WHERE {} \
         GROUP BY borrower ORDER BY since, borrower LIMIT $1",
        profile::INCOME_UNSEEN
    );
    let rows = sql::all(cab.db().read(), &statement, vec![PAGE.into()]).await?;
    rows.iter()
        .map(|row| {
            let since = moment(sql::get(row, "since")?)?;
            let count: i64 = sql::get(row, "pictures")?;
            Ok(IncomeWaiting {
                borrower: id(&sql::get::<String>(row, "borrower")?)?,
                pictures: u32::try_from(count).map_err(CabinetError::internal)?,
                since,
                late: (cab.now() - since).num_hours() >= LATE_HOURS,
            })
        })
        .collect()
}

/// The income of a person. The look is written down.
pub async fn income(cab: &Cabinet, by: &Staff, borrower: BorrowerId) -> Result<IncomeCase> {
    by.must(Action::ProveIncome)?;
    let case = income_case(cab, borrower).await?;
    by.note(cab, Deed::named("read_income", borrower).about(borrower))
        .await?;
    Ok(case)
}

/// The same without a line of its own: beside an application, whose look is written down.
pub(super) async fn income_case(cab: &Cabinet, borrower: BorrowerId) -> Result<IncomeCase> {
    let answers = profile::answers(cab, borrower).await?;
    if answers.is_empty() {
        return Err(CabinetError::NotFound);
    }
    let db = cab.db().read();
    let text = |field: &str| answers.get(field).map_or("", |text| text.trim());
    let name = ["last_name", "first_name", "middle_name"].map(text);
    let words = profile::income_words(cab, db, borrower).await?;
    Ok(IncomeCase {
        borrower,
        name: name.join(" ").trim().to_owned(),
        employer: text("employer").to_owned(),
        said: profile::income_said(cab, db, borrower).await?.0,
        holds: profile::income_holding(&words, cab.today()),
        words,
        pictures: pictures(cab, borrower).await?,
        since: profile::income_waits(db, borrower).await?,
        last_day: last_day(cab),
    })
}

/// What may prove an income: its own pictures and those that a specialist asked for, no passports.
async fn pictures(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<UploadView>> {
    let mut pictures = upload::list(cab, Owner::Borrower(borrower)).await?;
    pictures.retain(|picture| matches!(picture.kind, Kind::Income | Kind::Evidence));
    Ok(pictures)
}

fn last_day(cab: &Cabinet) -> NaiveDate {
    let today = cab.today();
    let months = Months::new(cab.lender().decision.income_months);
    today.checked_add_months(months).unwrap_or(today)
}

/// One of these pictures. `NotFound` for any other.
pub async fn income_picture(
    cab: &Cabinet,
    by: &Staff,
    borrower: BorrowerId,
    picture: UploadId,
) -> Result<Vec<u8>> {
    by.must(Action::ProveIncome)?;
    let known = pictures(cab, borrower).await?;
    if !known.iter().any(|one| one.id == picture) {
        return Err(CabinetError::NotFound);
    }
    upload::read_by_staff(cab, by, &format!("income {borrower}"), picture).await
}

/// Writes down what a paper proves. Whatever waits for a specialist is counted anew with it; the borrower is told.
///
/// # Errors
/// `Fields`: `picture`, `paper`, `amount`, `until`; `NotFound`; `Forbidden("staff_role")`.
pub async fn prove_income(
    cab: &Cabinet,
    by: &Staff,
    borrower: BorrowerId,
    typed: &ProofTyped,
) -> Result<()> {
    by.must(Action::ProveIncome)?;
    let proof = parsed(cab, typed)?;
    let seen = seen(cab, &typed.seen);
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                held(tx, borrower, proof.picture).await?;
                let before = profile::income_words(&cabinet, tx, borrower).await?;
                let newest = before.first().map(|word| &word.said);
                // The form that was sent twice.
                if newest == Some(&IncomeSaid::Proved(proof)) {
                    return Ok(());
                }
                write(tx, &cabinet, &by, borrower, IncomeSaid::Proved(proof), seen).await
            })
        })
        .await
}

/// Says that the pictures prove nothing; the borrower reads why. What was proved before still counts.
///
/// # Errors
/// `Fields`: `why` says nothing; `Conflict("income_read")` when none waits; `Forbidden("staff_role")`.
pub async fn decline_income(
    cab: &Cabinet,
    by: &Staff,
    borrower: BorrowerId,
    why: &str,
    seen_ms: &str,
) -> Result<()> {
    by.must(Action::ProveIncome)?;
    let why = super::reason("why", why)?;
    let seen = seen(cab, seen_ms);
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if profile::income_waits(tx, borrower).await?.is_none() {
                    return Err(CabinetError::Conflict("income_read"));
                }
                write(tx, &cabinet, &by, borrower, IncomeSaid::Declined(why), seen).await
            })
        })
        .await
}

/// Takes back what was proved: a mistake, a paper that turned out false. The borrower reads why.
///
/// # Errors
/// `Fields`: `reason` says nothing; `Conflict("income_none")` when nothing counts; `Forbidden("staff_role")`.
pub async fn withdraw_income(
    cab: &Cabinet,
    by: &Staff,
    borrower: BorrowerId,
    reason: &str,
) -> Result<()> {
    by.must(Action::ProveIncome)?;
    let reason = super::reason("reason", reason)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let words = profile::income_words(&cabinet, tx, borrower).await?;
                if profile::income_holding(&words, cabinet.today()).is_none() {
                    return Err(CabinetError::Conflict("income_none"));
                }
                let said = IncomeSaid::Withdrawn(reason);
                write(tx, &cabinet, &by, borrower, said, 0).await
            })
        })
        .await
}

fn parsed(cab: &Cabinet, typed: &ProofTyped) -> Result<IncomeProof> {
    let mut wrong = Vec::new();
    let picture = typed.picture.parse::<UploadId>().ok();
    if picture.is_none() {
        wrong.push(FieldError::new("picture", "choice"));
    }
    let paper = IncomePaper::from_code(&typed.paper);
    if paper.is_none() {
        wrong.push(FieldError::new("paper", "choice"));
    }
    let amount = amount(&typed.amount).map_err(|code| wrong.push(FieldError::new("amount", code)));
    let until = until(cab, &typed.until).map_err(|error| wrong.push(error));
    match (picture, paper, amount, until) {
        (Some(picture), Some(paper), Ok(amount), Ok(until)) => Ok(IncomeProof {
            amount,
            paper,
            until,
            picture,
        }),
        _ => Err(CabinetError::Fields(wrong)),
    }
}

fn amount(text: &str) -> std::result::Result<Kopecks, &'static str> {
    match Kopecks::parse(text.trim()) {
        _ if text.trim().is_empty() => Err("required"),
        Err(_) => Err("money"),
        Ok(sum) if !sum.is_positive() => Err("money_none"),
        Ok(sum) if sum > MOST => Err("money_large"),
        Ok(sum) => Ok(sum),
    }
}

fn until(cab: &Cabinet, text: &str) -> std::result::Result<NaiveDate, FieldError> {
    let error = |code| FieldError::new("until", code);
    let last = last_day(cab);
    match RuDate::parse(text) {
        None if text.trim().is_empty() => Err(error("required")),
        None => Err(error("date")),
        Some(RuDate(day)) if day < cab.today() => Err(error("date_past")),
        Some(RuDate(day)) if day > last => Err(error("date_far").with("last", RuDate(last).text())),
        Some(RuDate(day)) => Ok(day),
    }
}

/// When the newest picture that was looked at had come; never later than now.
fn seen(cab: &Cabinet, text: &str) -> i64 {
    text.parse::<i64>().unwrap_or(0).clamp(0, cab.now_ms())
}

/// The picture is this borrower's and is there; locked, so that it is not removed meanwhile.
async fn held(tx: &Tx, borrower: BorrowerId, picture: UploadId) -> Result<()> {
    let statement = format!(
        "SELECT id FROM upload WHERE id = $1 AND borrower = $2 AND kind = 'evidence' \
         AND removed_at IS NULL{}",
        sql::for_update(tx)
    );
    let values = vec![picture.into(), borrower.into()];
    match sql::one(tx, &statement, values).await? {
        Some(_) => Ok(()),
        None => Err(CabinetError::field("picture", "choice")),
    }
}

/// Adds the word, its lines in the log and the diary, the message; counts anew what waits.
async fn write(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    borrower: BorrowerId,
    said: IncomeSaid,
    seen: i64,
) -> Result<()> {
    let row = cab.fresh_id().to_string();
    let (code, line, kind, why) = match &said {
        IncomeSaid::Proved(proof) => ("proved", "income_proved", "income_proved", told(proof)),
        IncomeSaid::Declined(why) => (
            "declined",
            "income_declined",
            "income_declined",
            why.clone(),
        ),
        IncomeSaid::Withdrawn(why) => (
            "withdrawn",
            "income_withdrawn",
            "income_withdrawn",
            why.clone(),
        ),
    };
    let proof = match &said {
        IncomeSaid::Proved(proof) => Some(*proof),
        _ => None,
    };
    let sealed = match &said {
        IncomeSaid::Proved(_) => None,
        _ => Some(cab.keys().encrypt("income_word", "why", &row, &why)?),
    };
    let text = |text: Option<String>| Value::from(text);
    sql::execute(
        tx,
        "INSERT INTO income_word (id, borrower, staff, word, picture, paper, amount, holds_until, why, seen, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vec![
            row.clone().into(),
            borrower.into(),
            by.id.into(),
            code.into(),
            text(proof.map(|proof| proof.picture.to_string())),
            text(proof.map(|proof| proof.paper.code().to_owned())),
            Value::from(proof.map(|proof| proof.amount.get())),
            text(proof.map(|proof| proof.until.to_string())),
            text(sealed),
            seen.into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    let entry = Entry::new(Role::Staff(by.id), line).because(&why);
    diary::write(tx, cab, borrower, entry).await?;
    let deed = Deed::new(Action::ProveIncome, borrower)
        .about(borrower)
        .because(&format!("{code}: {why}"));
    audit::write(tx, cab, Some(by), deed).await?;
    application::recount(tx, cab, borrower).await?;
    let words = notice::words_of(tx, cab, borrower).await?;
    let notice = Notice {
        borrower,
        object: borrower.to_string(),
        kind,
        occasion: row,
        args: args(words, proof),
    };
    notice::tell(tx, cab, notice).await
}

fn args(words: Words, proof: Option<IncomeProof>) -> Vec<(&'static str, String)> {
    let Some(proof) = proof else {
        return Vec::new();
    };
    vec![
        ("amount", proof.amount.to_string()),
        ("date", phrase::full_day(words, proof.until)),
    ]
}

/// «80 000,00 ₽ – 23.05.2027», as the diary and the log say it.
fn told(proof: &IncomeProof) -> String {
    let until = RuDate(proof.until).text();
    format!("{} – {until}", proof.amount)
}

#[cfg(test)]
mod tests {
    use super::super::roles::{self, Field, Sight};
    use super::*;

    /// Nobody writes down an income who does not see it: the two tables of roles agree.
    #[test]
    fn whoever_proves_an_income_sees_it() {
        for role in roles::Role::ALL {
            let sees = roles::sight(&[*role], Field::Income) == Sight::Open
                && roles::sight(&[*role], Field::Name) == Sight::Open
                && roles::sight(&[*role], Field::Passport) >= Sight::OnReason;
            let reads = roles::may(&[*role], Action::OpenPerson);
            let proves = roles::may(&[*role], Action::ProveIncome);
            assert!(!proves || (sees && reads), "{role:?}");
        }
        assert!(roles::may(&[roles::Role::Underwriter], Action::ProveIncome));
    }
}
