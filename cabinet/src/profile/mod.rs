//! The questionnaire: pages, what was typed on them, what is wrong with it, and the finished
//! person.
//!
//! Everything typed is kept at once, right or wrong, sealed: a person may leave and come back on
//! another device. What counts is checked again whenever it is used.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lending::Kopecks;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::access::Origin;
use crate::db::sql;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::BorrowerId;
use crate::lender::Asked;
use crate::{Cabinet, Lang, moment};

mod check;
mod complete;
mod consents;
mod regions;

pub use complete::{Address, CompleteProfile, Sex};
pub(crate) use consents::put as put_consent;
pub use consents::{Consent, consents};
pub use regions::REGIONS;

/// Values of a form, by field.
pub type Values = BTreeMap<String, String>;

/// The longest answer kept; every field has a smaller limit of its own.
const KEPT: usize = 600;

/// A page of the questionnaire, in the order of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The agreement on the simple electronic signature.
    Agreement,
    /// Name, birth, sex.
    Person,
    /// The passport and the taxpayer number.
    Passport,
    /// Where the person is registered.
    Address,
    /// Work and money.
    Work,
    /// Consents.
    Consents,
}

impl Step {
    /// All pages.
    pub const ALL: [Self; 6] = [
        Self::Agreement,
        Self::Person,
        Self::Passport,
        Self::Address,
        Self::Work,
        Self::Consents,
    ];

    /// The page's name in its address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Person => "person",
            Self::Passport => "passport",
            Self::Address => "address",
            Self::Work => "work",
            Self::Consents => "consents",
        }
    }

    /// The page of a name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.slug() == slug)
    }
}

/// The pages asked for an amount: the simplified set of 115-ФЗ asks for no address.
pub fn steps(full: bool) -> impl Iterator<Item = Step> {
    Step::ALL
        .into_iter()
        .filter(move |step| full || *step != Step::Address)
}

/// Whether an amount needs the full set of 115-ФЗ.
pub fn needs_full(amount: Kopecks) -> bool {
    amount > lending::rules::simplified_identification_limit()
}

/// A field of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name in the form.
    pub name: &'static str,
    /// Whether it must be filled.
    pub required: bool,
}

/// The fields of a page, in order, at a lender who asks for an e-mail in this way.
pub fn fields(step: Step, full: bool, email: Asked) -> Vec<Field> {
    check::FIELDS
        .iter()
        .filter(|(owner, ..)| *owner == step)
        .filter_map(|(_, name, need)| {
            let need = check::need(name, *need, email)?;
            Some(Field {
                name,
                required: need.holds(full),
            })
        })
        .collect()
}

/// The questionnaire as far as it is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileView {
    /// The pages asked, and which are filled rightly.
    pub steps: Vec<(Step, bool)>,
    /// The first page that is not.
    pub next: Option<Step>,
    /// Everything typed, by field.
    pub values: Values,
    /// The newest saving.
    pub saved_at: Option<DateTime<Utc>>,
    /// Whether the full set is asked.
    pub full: bool,
    /// Whether an e-mail is.
    pub email: Asked,
}

/// The questionnaire for an amount.
pub async fn load(cab: &Cabinet, borrower: BorrowerId, amount: Kopecks) -> Result<ProfileView> {
    let saved = saved(cab, cab.db().read(), borrower).await?;
    let full = needs_full(amount);
    let steps = judged(cab, &saved, full);
    let next = steps.iter().find(|(_, done)| !done).map(|(step, _)| *step);
    Ok(ProfileView {
        steps,
        next,
        values: saved.values,
        saved_at: saved.newest,
        full,
        email: cab.lender().questionnaire.email,
    })
}

/// Keeps what was typed on a page, then tells what is wrong with it, or which page is next. Unknown
/// fields are dropped; fields of the page that were not sent count as empty, as unticked boxes are.
pub async fn save(
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    values: Values,
    origin: Origin,
    amount: Kopecks,
) -> Result<Option<Step>> {
    save_in(cab, borrower, step, values, origin, amount, Lang::Ru).await
}

/// The same, naming the language in which agreements were read on this page.
pub async fn save_in(
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    values: Values,
    origin: Origin,
    amount: Kopecks,
    lang: Lang,
) -> Result<Option<Step>> {
    let kept: Values = fields(step, true, cab.lender().questionnaire.email)
        .into_iter()
        .map(|field| {
            let typed = values.get(field.name).map_or("", String::as_str);
            (field.name.to_owned(), cleaned(typed))
        })
        .collect();
    let full = needs_full(amount);
    // A question that this amount does not raise keeps the answer it was given for another.
    let unasked: Vec<&str> = check::FIELDS
        .iter()
        .filter(|(owner, name, need)| {
            *owner == step && *need == check::Need::Full && !full && !values.contains_key(*name)
        })
        .map(|(_, name, _)| *name)
        .collect();
    let cabinet = cab.clone();
    let view = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let mut kept = kept;
                let mut before = saved(&cabinet, tx, borrower).await?.values;
                for name in unasked {
                    if let Some(text) = before.remove(name) {
                        kept.insert(name.to_owned(), text);
                    }
                }
                store(tx, &cabinet, borrower, step, &kept).await?;
                let saved = saved(&cabinet, tx, borrower).await?;
                // A tick is a signature only once there is an agreement that says so.
                let agreed = saved
                    .values
                    .get("agreement_esign")
                    .is_some_and(|text| check::ticked(text));
                if step == Step::Consents && !agreed {
                    return Err(CabinetError::Conflict("agreement_first"));
                }
                let email = cabinet.lender().questionnaire.email;
                let errors = check::problems(step, &saved.values, cabinet.today(), full, email);
                if errors.is_empty() {
                    consents::record(tx, &cabinet, borrower, step, &kept, &origin, lang).await?;
                    complete::index(tx, &cabinet, borrower, step, &saved.values).await?;
                }
                // An `Ok`, so that what was typed stays even when it is wrong.
                Ok((errors, judged(&cabinet, &saved, full)))
            })
        })
        .await?;
    let (errors, steps) = view;
    if !errors.is_empty() {
        return Err(CabinetError::Fields(errors));
    }
    Ok(steps
        .into_iter()
        .find(|(_, done)| !done)
        .map(|(step, _)| step))
}

/// What is wrong with a page as it is stored; nothing for a page never sent.
pub async fn problems(
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    amount: Kopecks,
) -> Result<Vec<FieldError>> {
    let saved = saved(cab, cab.db().read(), borrower).await?;
    if !saved.steps.contains(&step) {
        return Ok(Vec::new());
    }
    Ok(check::problems(
        step,
        &saved.values,
        cab.today(),
        needs_full(amount),
        cab.lender().questionnaire.email,
    ))
}

/// The finished person, or `Conflict("profile_incomplete")`.
pub async fn complete(
    cab: &Cabinet,
    borrower: BorrowerId,
    amount: Kopecks,
) -> Result<CompleteProfile> {
    let saved = saved(cab, cab.db().read(), borrower).await?;
    let full = needs_full(amount);
    if judged(cab, &saved, full).iter().any(|(_, done)| !done) {
        return Err(CabinetError::Conflict("profile_incomplete"));
    }
    let consents = consents(cab, borrower).await?;
    CompleteProfile::build(&saved.values, consents, full)
        .ok_or(CabinetError::Conflict("profile_incomplete"))
}

/// Name and patronymic as typed, once both parts of the name are right.
pub(crate) async fn known_name(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<String>> {
    let saved = saved(cab, cab.db().read(), borrower).await?;
    let part = |field: &str| {
        saved
            .values
            .get(field)
            .and_then(|text| crate::values::PersonName::parse(text))
    };
    Ok(part("first_name").map(|first| match part("middle_name") {
        Some(middle) => format!("{} {}", first.as_str(), middle.as_str()),
        None => first.as_str().to_owned(),
    }))
}

/// Everything a borrower has answered, by field; empty before the first page.
pub(crate) async fn answers(cab: &Cabinet, borrower: BorrowerId) -> Result<Values> {
    Ok(saved(cab, cab.db().read(), borrower).await?.values)
}

/// The last four digits of the passport's number, once it is a number.
pub(crate) async fn passport_tail(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Option<String>> {
    let values = saved(cab, conn, borrower).await?.values;
    let passport = values
        .get("passport")
        .and_then(|text| crate::values::PassportNumber::parse(text));
    Ok(passport.and_then(|passport| passport.digits().get(6..).map(str::to_owned)))
}

/// Everything stored of a borrower's questionnaire.
struct Saved {
    values: Values,
    steps: Vec<Step>,
    newest: Option<DateTime<Utc>>,
}

async fn saved(cab: &Cabinet, conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Saved> {
    let statement = "SELECT step, body, saved_at FROM answer WHERE borrower = $1";
    let rows = sql::all(conn, statement, vec![borrower.into()]).await?;
    let mut saved = Saved {
        values: Values::new(),
        steps: Vec::new(),
        newest: None,
    };
    for row in rows {
        let slug: String = sql::get(&row, "step")?;
        let sealed: String = sql::get(&row, "body")?;
        let text = cab
            .keys()
            .decrypt("answer", "body", &row_id(borrower, &slug), &sealed)?;
        let values: Values = serde_json::from_str(&text).map_err(CabinetError::internal)?;
        saved.values.extend(values);
        saved.steps.extend(Step::from_slug(&slug));
        saved.newest = saved.newest.max(Some(moment(sql::get(&row, "saved_at")?)?));
    }
    Ok(saved)
}

/// The pages asked, and whether each was sent and is right as of today.
fn judged(cab: &Cabinet, saved: &Saved, full: bool) -> Vec<(Step, bool)> {
    let email = cab.lender().questionnaire.email;
    let done = |step: Step| {
        saved.steps.contains(&step)
            && check::problems(step, &saved.values, cab.today(), full, email).is_empty()
    };
    steps(full).map(|step| (step, done(step))).collect()
}

async fn store(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    values: &Values,
) -> Result<()> {
    let body = serde_json::to_string(values).map_err(CabinetError::internal)?;
    let sealed = cab
        .keys()
        .encrypt("answer", "body", &row_id(borrower, step.slug()), &body)?;
    sql::execute(
        tx,
        "INSERT INTO answer (borrower, step, body, saved_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (borrower, step) DO UPDATE SET body = excluded.body, \
         saved_at = excluded.saved_at",
        vec![
            borrower.into(),
            step.slug().into(),
            sealed.into(),
            cab.now_ms().into(),
        ],
    )
    .await
    .map(drop)
}

fn row_id(borrower: BorrowerId, slug: &str) -> String {
    format!("{borrower}/{slug}")
}

/// What was typed without the spaces around and without control characters, which no field may have
/// and which Postgres would refuse.
fn cleaned(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(KEPT)
        .collect()
}
