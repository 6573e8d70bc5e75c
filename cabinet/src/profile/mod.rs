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
use crate::diary::{self, Change, Entry, Role};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::BorrowerId;
use crate::lender::onboarding::{BeforeCode, Page};
use crate::lender::{Asked, Lender};
use crate::{Cabinet, Lang, moment, person};

mod check;
mod complete;
mod consents;
mod regions;

pub use complete::{Address, CompleteProfile, Sex};
pub(crate) use consents::put as put_consent;
pub use consents::{Consent, Given, consents, given, revoke};
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

impl From<Page> for Step {
    fn from(page: Page) -> Self {
        match page {
            Page::Agreement => Self::Agreement,
            Page::Person => Self::Person,
            Page::Passport => Self::Passport,
            Page::Address => Self::Address,
            Page::Work => Self::Work,
            Page::Consents => Self::Consents,
        }
    }
}

/// The pages asked for an amount, in the lender's order: the simplified set of 115-ФЗ asks for no
/// address.
pub fn steps(lender: &Lender, full: bool) -> impl Iterator<Item = Step> + '_ {
    let pages = lender.onboarding.pages.iter();
    pages
        .map(|page| Step::from(*page))
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
    /// Whether another cabinet holds the same person: nothing can be applied for here.
    pub double: bool,
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
        double: saved.double,
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
                let before = saved(&cabinet, tx, borrower).await?;
                for name in unasked {
                    if let Some(text) = before.values.get(name) {
                        kept.insert(name.to_owned(), text.clone());
                    }
                }
                store(tx, &cabinet, borrower, step, &kept).await?;
                note(tx, &cabinet, borrower, step, &before, &kept).await?;
                let mut saved = saved(&cabinet, tx, borrower).await?;
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
                    if matches!(step, Step::Person | Step::Passport) {
                        let own = person::claim(tx, &cabinet, borrower, &saved.values).await?;
                        saved.double = !own;
                    }
                }
                // An `Ok`, so that what was typed stays even when it is wrong.
                Ok((errors, saved.double, judged(&cabinet, &saved, full)))
            })
        })
        .await?;
    let (errors, double, steps) = view;
    if !errors.is_empty() {
        return Err(CabinetError::Fields(errors));
    }
    // The page with the passport is where it is said, whichever of the two has to be corrected.
    if double && step == Step::Passport {
        return Err(CabinetError::Conflict("person_exists"));
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

/// What never changes in a person's life, as far as it is written rightly.
pub(crate) struct Unchanging {
    /// The birth date, as `12.05.1990`.
    pub birth: Option<String>,
    /// The taxpayer number, digits.
    pub inn: Option<String>,
}

/// The same of a borrower.
pub(crate) async fn unchanging(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Unchanging> {
    let values = saved(cab, conn, borrower).await?.values;
    let text = |field: &str| values.get(field).map_or("", String::as_str);
    Ok(Unchanging {
        birth: crate::values::RuDate::parse(text("birth_date")).map(crate::values::RuDate::text),
        inn: crate::values::Inn::parse(text("inn")).map(|inn| inn.digits().to_owned()),
    })
}

/// Everything stored of a borrower's questionnaire.
struct Saved {
    values: Values,
    steps: Vec<Step>,
    newest: Option<DateTime<Utc>>,
    double: bool,
}

async fn saved(cab: &Cabinet, conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Saved> {
    // What was filled in beforehand comes first: a page that was sent has the last word.
    let statement = "SELECT step, body, saved_at FROM answer WHERE borrower = $1 \
                     ORDER BY CASE step WHEN 'prefill' THEN 0 ELSE 1 END";
    let rows = sql::all(conn, statement, vec![borrower.into()]).await?;
    let mut saved = Saved {
        values: Values::new(),
        steps: Vec::new(),
        newest: None,
        double: person::is_double(conn, borrower).await?,
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
            && !(saved.double && step == Step::Passport)
            && check::problems(step, &saved.values, cab.today(), full, email).is_empty()
    };
    steps(cab.lender(), full)
        .map(|step| (step, done(step)))
        .collect()
}

async fn store(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    values: &Values,
) -> Result<()> {
    put_row(tx, cab, borrower, step.slug(), values).await
}

async fn put_row(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    borrower: BorrowerId,
    slug: &str,
    values: &Values,
) -> Result<()> {
    let body = serde_json::to_string(values).map_err(CabinetError::internal)?;
    let sealed = cab
        .keys()
        .encrypt("answer", "body", &row_id(borrower, slug), &body)?;
    sql::execute(
        tx,
        "INSERT INTO answer (borrower, step, body, saved_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (borrower, step) DO UPDATE SET body = excluded.body, \
         saved_at = excluded.saved_at",
        vec![
            borrower.into(),
            slug.into(),
            sealed.into(),
            cab.now_ms().into(),
        ],
    )
    .await
    .map(drop)
}

/// What the form of registration asks for beside the phone, with whether it must be filled.
pub fn before_code(lender: &Lender) -> Vec<Field> {
    let asked = |step: Step, name: &str| match step {
        Step::Person => lender.onboarding.before_code.contains(&BeforeCode::Person),
        _ => {
            name == "passport"
                && lender
                    .onboarding
                    .before_code
                    .contains(&BeforeCode::Passport)
        }
    };
    check::FIELDS
        .iter()
        .filter(|(step, name, _)| asked(*step, name))
        .map(|(_, name, need)| Field {
            name,
            required: need.holds(true),
        })
        .collect()
}

/// What is wrong with that part of a form of registration.
pub(crate) fn before_code_problems(cab: &Cabinet, values: &Values) -> Vec<FieldError> {
    let asked = before_code(cab.lender());
    let email = cab.lender().questionnaire.email;
    [Step::Person, Step::Passport]
        .into_iter()
        .flat_map(|step| check::problems(step, values, cab.today(), true, email))
        .filter(|error| asked.iter().any(|field| field.name == error.field))
        .collect()
}

/// Only what the form of registration asks for, as it is kept.
pub(crate) fn before_code_kept(lender: &Lender, values: &Values) -> Values {
    before_code(lender)
        .into_iter()
        .filter_map(|field| {
            let text = cleaned(values.get(field.name)?);
            (!text.is_empty()).then(|| (field.name.to_owned(), text))
        })
        .collect()
}

/// Fills a new cabinet's questionnaire with what was typed before its code: whole pages are done, the
/// rest stands in its fields. Refuses with `Conflict("person_exists")`, which undoes the cabinet.
pub(crate) async fn begin_with(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    borrower: BorrowerId,
    values: &Values,
) -> Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    let email = cab.lender().questionnaire.email;
    let person = check::problems(Step::Person, values, cab.today(), true, email);
    if person.is_empty() {
        let page = fields(Step::Person, true, email).into_iter();
        let page: Values = page
            .map(|field| {
                let text = values.get(field.name).cloned().unwrap_or_default();
                (field.name.to_owned(), text)
            })
            .collect();
        let nothing = saved(cab, tx, borrower).await?;
        store(tx, cab, borrower, Step::Person, &page).await?;
        note(tx, cab, borrower, Step::Person, &nothing, &page).await?;
    }
    prefill(tx, cab, borrower, values).await?;
    if person::claim(tx, cab, borrower, values).await? {
        Ok(())
    } else {
        Err(CabinetError::Conflict("person_exists"))
    }
}

/// Unticks a box of a page that was sent.
async fn untick(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    field: &str,
) -> Result<()> {
    let saved = saved(cab, tx, borrower).await?;
    if !saved.steps.contains(&step) {
        return Ok(());
    }
    let page = fields(step, true, cab.lender().questionnaire.email).into_iter();
    let page: Values = page
        .map(|other| {
            let text = saved.values.get(other.name).cloned().unwrap_or_default();
            let text = if other.name == field {
                String::new()
            } else {
                text
            };
            (other.name.to_owned(), text)
        })
        .collect();
    store(tx, cab, borrower, step, &page).await
}

/// Puts values into fields of pages that were not sent yet.
pub(crate) async fn prefill(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    borrower: BorrowerId,
    values: &Values,
) -> Result<()> {
    put_row(tx, cab, borrower, "prefill", values).await
}

/// Writes into the diary what a page changed; the same page again changes nothing.
async fn note(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    before: &Saved,
    after: &Values,
) -> Result<()> {
    let first = !before.steps.contains(&step);
    let old = |field: &str| before.values.get(field).cloned().unwrap_or_default();
    let fields: BTreeMap<String, Change> = after
        .iter()
        .filter(|(field, text)| old(field) != **text)
        .map(|(field, text)| {
            let (before, after) = (old(field), text.clone());
            (field.clone(), Change { before, after })
        })
        .collect();
    if fields.is_empty() && !first {
        return Ok(());
    }
    let what = if first { "filled" } else { "edited" };
    let entry = Entry {
        fields,
        ..Entry::new(Role::Own, what)
    };
    diary::write(tx, cab, borrower, entry).await
}

/// The answers as they are stored, for whoever has to compare them.
pub(crate) async fn answers_in(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Values> {
    saved(cab, conn, borrower).await.map(|saved| saved.values)
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
