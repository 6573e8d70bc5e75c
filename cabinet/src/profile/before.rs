//! What a form of registration asks of the person, before there is a cabinet.

use super::stored::{cleaned, note, prefill, saved, store};
use super::{Field, Step, Values, check, fields};
use crate::db::Tx;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::BorrowerId;
use crate::lender::onboarding::BeforeCode;
use crate::lender::{Asked, Lender};
use crate::values::Email;
use crate::{Cabinet, person};

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
    let asks = cab.lender().questionnaire;
    [Step::Person, Step::Passport]
        .into_iter()
        .flat_map(|step| check::problems(step, values, cab.today(), true, asks))
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

/// Fills a new cabinet's questionnaire with what was typed before its code, the address too: whole pages are done, the
/// rest stands in its fields. Refuses with `Conflict("person_exists")`, which undoes the cabinet.
pub(crate) async fn begin_with(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    values: &Values,
    email: Option<&Email>,
) -> Result<()> {
    let mut known = values.clone();
    if let Some(email) = email
        && cab.lender().questionnaire.email != Asked::Off
    {
        known.insert("email".to_owned(), email.as_str().to_owned());
    }
    if known.is_empty() {
        return Ok(());
    }
    let asks = cab.lender().questionnaire;
    let person = check::problems(Step::Person, values, cab.today(), true, asks);
    if person.is_empty() {
        let page = fields(Step::Person, true, asks).into_iter();
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
    prefill(tx, cab, borrower, &known).await?;
    if person::claim(tx, cab, borrower, values).await? {
        Ok(())
    } else {
        Err(CabinetError::Conflict("person_exists"))
    }
}
