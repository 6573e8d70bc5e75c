//! Another passport than applications were filed with: who may put it in, and how the staff do.

use sea_orm::ConnectionTrait;

use super::stored::{cleaned, note_by, saved, store};
use super::{Step, Values, check, complete, fields};
use crate::db::Tx;
use crate::diary::Role;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, StaffId};
use crate::lender::PassportChange;
use crate::values::{DepartmentCode, PassportNumber, RuDate};
use crate::{Cabinet, person};

/// The fields of the passport that a request changes; the rest of the page stays as it was answered.
const OF_PASSPORT: [&str; 4] = [
    "passport",
    "passport_code",
    "passport_issuer",
    "passport_date",
];

/// The passport's fields of what was typed.
pub(crate) fn passport_typed(typed: &Values) -> Values {
    let field = |name: &&str| {
        let text = typed.get(*name).map_or("", String::as_str);
        ((*name).to_owned(), cleaned(text))
    };
    OF_PASSPORT.iter().map(field).collect()
}

/// Whether this borrower's passport is changed by the staff alone: the lender says so, and an application was filed
/// with it.
pub async fn passport_by_request(cab: &Cabinet, borrower: BorrowerId) -> Result<bool> {
    by_request(cab, cab.db().read(), borrower).await
}

async fn by_request(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<bool> {
    let staff = cab.lender().questionnaire.passport_change == PassportChange::Staff;
    Ok(staff && person::is_firm(conn, borrower).await?)
}

/// Refuses with `Conflict("passport_by_request")` a page that brings another passport, where the staff change it.
pub(super) async fn may_change(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
    before: &Values,
    after: &Values,
) -> Result<()> {
    if same_passport(before, after) || !by_request(cab, conn, borrower).await? {
        return Ok(());
    }
    Err(CabinetError::Conflict("passport_by_request"))
}

/// Whether two pages name one passport, however its number is spaced.
fn same_passport(one: &Values, other: &Values) -> bool {
    let plain = |values: &Values, name: &str| -> String {
        let text = values.get(name).map_or("", String::as_str);
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let same = |name: &&str| plain(one, name) == plain(other, name);
    OF_PASSPORT.iter().all(same)
}

/// What is wrong with a passport by itself; whether it follows the birth date is seen when it is put in.
pub(crate) fn passport_problems(values: &Values) -> Vec<FieldError> {
    let text = |name: &str| values.get(name).map_or("", String::as_str);
    let wrong = [
        (
            "passport",
            PassportNumber::parse(text("passport")).is_none(),
            "passport_number",
        ),
        (
            "passport_code",
            DepartmentCode::parse(text("passport_code")).is_none(),
            "passport_code",
        ),
        (
            "passport_issuer",
            text("passport_issuer").chars().count() < 5,
            "required",
        ),
        (
            "passport_date",
            RuDate::parse(text("passport_date")).is_none(),
            "date",
        ),
    ];
    let errors = wrong.into_iter().filter(|(_, wrong, _)| *wrong);
    errors
        .map(|(field, _, code)| FieldError::new(field, code))
        .collect()
}

/// Puts another passport into the questionnaire, as two of the staff have agreed. Refuses with `Fields` for one
/// that does not follow the birth date, `Conflict("person_exists")` for somebody else's.
pub(crate) async fn replace_passport(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    passport: &Values,
    by: StaffId,
) -> Result<()> {
    let before = saved(cab, tx, borrower).await?;
    let asks = cab.lender().questionnaire;
    let mut page: Values = fields(Step::Passport, true, asks)
        .into_iter()
        .map(|field| {
            let text = before.values.get(field.name).cloned().unwrap_or_default();
            (field.name.to_owned(), text)
        })
        .collect();
    page.extend(passport.clone());
    let mut whole = before.values.clone();
    whole.extend(page.clone());
    let wrong = check::problems(Step::Passport, &whole, cab.today(), false, asks);
    let of_passport = |error: &FieldError| OF_PASSPORT.contains(&&*error.field);
    let wrong: Vec<FieldError> = wrong.into_iter().filter(of_passport).collect();
    if !wrong.is_empty() {
        return Err(CabinetError::Fields(wrong));
    }
    store(tx, cab, borrower, Step::Passport, &page).await?;
    let who = (Role::Staff(by), Step::Passport);
    note_by(tx, cab, borrower, who, &before, &page).await?;
    complete::index(tx, cab, borrower, Step::Passport, &whole).await?;
    if !person::claim(tx, cab, borrower, &whole).await? {
        return Err(CabinetError::Conflict("person_exists"));
    }
    Ok(())
}
