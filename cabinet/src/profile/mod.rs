//! The questionnaire: pages, what was typed on them, what is wrong with it, and the finished
//! person.
//!
//! Everything typed is kept at once, right or wrong, sealed: a person may leave and come back on
//! another device. What counts is checked again whenever it is used.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lending::Kopecks;
use sea_orm::ConnectionTrait;

use crate::access::{self, Origin};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::BorrowerId;
use crate::lender::onboarding::Page;
use crate::lender::{Lender, Questionnaire};
use crate::{Cabinet, Lang, person};

mod before;
mod check;
mod complete;
mod consents;
mod income;
mod passport;
mod regions;
mod stored;

pub use before::before_code;
pub(crate) use before::{before_code_kept, before_code_problems, begin_with};
pub use check::EDUCATION;
pub(crate) use complete::passport_known;
pub use complete::{Address, CompleteProfile, Sex};
pub use consents::{Consent, Given, consents, given, revoke};
pub(crate) use consents::{advertising, put as put_consent};
pub use income::{IncomePaper, IncomeProof, IncomeSaid, IncomeView, IncomeWord, income};
pub(crate) use income::{
    UNSEEN as INCOME_UNSEEN, income_holding, income_said, income_waits, income_words,
};
pub use passport::passport_by_request;
pub(crate) use passport::{passport_problems, passport_typed, replace_passport};
pub use regions::REGIONS;
pub(crate) use stored::forget_email;
use stored::{Saved, cleaned, note, saved, store};

/// Values of a form, by field.
pub type Values = BTreeMap<String, String>;

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

/// The fields of a page, in order, at a lender who asks in this way.
pub fn fields(step: Step, full: bool, asks: Questionnaire) -> Vec<Field> {
    check::FIELDS
        .iter()
        .filter(|(owner, ..)| *owner == step)
        .filter_map(|(_, name, need)| {
            let need = check::need(name, *need, asks)?;
            Some(Field {
                name,
                required: need.holds(full),
            })
        })
        .collect()
}

/// Every field there is, whatever a lender asks for.
#[cfg(test)]
pub(crate) fn every_field() -> impl Iterator<Item = &'static str> {
    check::FIELDS.iter().map(|(_, name, _)| *name)
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
    /// What else this lender asks.
    pub asks: Questionnaire,
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
        asks: cab.lender().questionnaire,
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
    let kept: Values = fields(step, true, cab.lender().questionnaire)
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
    let unsent = !values.contains_key(consents::AT_REGISTRATION);
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
                if step == Step::Passport {
                    passport::may_change(tx, &cabinet, borrower, &before.values, &kept).await?;
                }
                if step == Step::Consents
                    && unsent
                    && consents::agreed(tx, &cabinet, borrower, lang).await?
                {
                    kept.insert(consents::AT_REGISTRATION.to_owned(), "yes".to_owned());
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
                let asks = cabinet.lender().questionnaire;
                let errors = check::problems(step, &saved.values, cabinet.today(), full, asks);
                if errors.is_empty() {
                    consents::record(tx, &cabinet, borrower, step, &kept, &origin, lang).await?;
                    complete::index(tx, &cabinet, borrower, step, &saved.values).await?;
                    if let (Step::Work, Some(text)) = (step, saved.values.get("email"))
                        && let Some(email) = crate::values::Email::parse(text)
                    {
                        access::offer_email(tx, &cabinet, borrower, &email, lang).await?;
                    }
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

/// Fields of a page that are left out for somebody: a text agreed to at registration, in these very words, is
/// not asked for again. Saving the page without them keeps the consent.
pub async fn left_out(
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    lang: Lang,
) -> Result<Option<&'static str>> {
    let agreed =
        step == Step::Consents && consents::agreed(cab.db().read(), cab, borrower, lang).await?;
    Ok(agreed.then_some(consents::AT_REGISTRATION))
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
        cab.lender().questionnaire,
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
    let mut complete = CompleteProfile::build(&saved.values, consents, full)
        .ok_or(CabinetError::Conflict("profile_incomplete"))?;
    let words = income_words(cab, cab.db().read(), borrower).await?;
    complete.income_proved = income_holding(&words, cab.today()).map(|proof| proof.amount);
    Ok(complete)
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

/// The pages asked, and whether each was sent and is right as of today.
fn judged(cab: &Cabinet, saved: &Saved, full: bool) -> Vec<(Step, bool)> {
    let asks = cab.lender().questionnaire;
    let done = |step: Step| {
        saved.steps.contains(&step)
            && !(saved.double && step == Step::Passport)
            && check::problems(step, &saved.values, cab.today(), full, asks).is_empty()
    };
    steps(cab.lender(), full)
        .map(|step| (step, done(step)))
        .collect()
}

/// The answers as they are stored, for whoever has to compare them.
pub(crate) async fn answers_in(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Values> {
    saved(cab, conn, borrower).await.map(|saved| saved.values)
}
