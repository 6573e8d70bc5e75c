//! The finished person, as the application needs them.

use chrono::NaiveDate;
use lending::Kopecks;
use locales::Words;
use sea_orm::ConnectionTrait;

use super::check::{money, ticked};
use super::consents::Consent;
use super::{Step, Values};
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::values::{DepartmentCode, Email, Inn, PassportNumber, PersonName, RuDate};
use crate::{Cabinet, Lang};

/// As written in the passport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Мужской.
    Male,
    /// Женский.
    Female,
}

/// Where a person is registered.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// The region's two-digit code.
    pub region: String,
    /// The town or village.
    pub city: String,
    /// The street.
    pub street: String,
    /// The house with its building.
    pub house: String,
    /// The flat, when there is one.
    pub flat: Option<String>,
}

/// A person whose questionnaire is filled and right. Has no debug output: it is all personal.
#[derive(Clone)]
pub struct CompleteProfile {
    /// Surname.
    pub last_name: PersonName,
    /// Name.
    pub first_name: PersonName,
    /// Patronymic, when there is one.
    pub middle_name: Option<PersonName>,
    /// Birth date.
    pub birth: NaiveDate,
    /// Sex.
    pub sex: Sex,
    /// Series and number of the passport.
    pub passport: PassportNumber,
    /// The code of the department that issued it.
    pub passport_code: DepartmentCode,
    /// The department that issued it.
    pub passport_issuer: String,
    /// When it was issued.
    pub passport_issued: NaiveDate,
    /// Birth place, of the full set.
    pub birth_place: Option<String>,
    /// Citizenship, of the full set.
    pub citizenship: Option<String>,
    /// The taxpayer number.
    pub inn: Inn,
    /// Whether the person, or a relative, is a public official (115-ФЗ art. 7.3).
    pub public_official: bool,
    /// The registration, of the full set.
    pub address: Option<Address>,
    /// The region's two-digit code; empty when it was not asked.
    pub region: String,
    /// The employer.
    pub employer: String,
    /// The position.
    pub position: Option<String>,
    /// Income a month, as typed.
    pub income: Kopecks,
    /// Income a month that a paper proves today, by a specialist's word. A typed figure proves nothing.
    pub income_proved: Option<Kopecks>,
    /// Whether the person is ready to prove it.
    pub offers_income_proof: bool,
    /// Expenses a month, as typed.
    pub expenses: Kopecks,
    /// Payments a month on other loans, as typed; the bureau knows better.
    pub obligations: Kopecks,
    /// The mail box.
    pub email: Option<Email>,
    /// What was agreed to.
    pub consents: Vec<Consent>,
    /// Whether the full set was asked.
    pub full: bool,
}

impl CompleteProfile {
    /// From checked values; `None` when one of them does not parse after all.
    pub(super) fn build(values: &Values, consents: Vec<Consent>, full: bool) -> Option<Self> {
        let text = |field: &str| {
            values
                .get(field)
                .map(|text| text.trim())
                .unwrap_or_default()
        };
        let some = |field: &str| Some(text(field).to_owned()).filter(|text| !text.is_empty());
        let sum = |field: &str| match text(field) {
            "" => Some(Kopecks::ZERO),
            typed => money(typed).ok(),
        };
        let middle_name = match text("middle_name") {
            "" => None,
            typed => Some(PersonName::parse(typed)?),
        };
        let address = address(values);
        Some(Self {
            last_name: PersonName::parse(text("last_name"))?,
            first_name: PersonName::parse(text("first_name"))?,
            middle_name,
            birth: RuDate::parse(text("birth_date"))?.0,
            sex: if text("sex") == "male" {
                Sex::Male
            } else {
                Sex::Female
            },
            passport: PassportNumber::parse(text("passport"))?,
            passport_code: DepartmentCode::parse(text("passport_code"))?,
            passport_issuer: some("passport_issuer")?,
            passport_issued: RuDate::parse(text("passport_date"))?.0,
            birth_place: some("birth_place"),
            citizenship: some("citizenship"),
            inn: Inn::parse(text("inn"))?,
            public_official: text("public_official") == "yes",
            region: address
                .as_ref()
                .map(|address| address.region.clone())
                .unwrap_or_default(),
            address,
            employer: some("employer")?,
            position: some("position"),
            income: sum("income")?,
            income_proved: None,
            offers_income_proof: ticked(text("income_proof")),
            expenses: sum("expenses")?,
            obligations: sum("obligations")?,
            email: Email::parse(text("email")),
            consents,
            full,
        })
    }

    /// Surname, name and patronymic.
    pub fn full_name(&self) -> String {
        let parts = [
            Some(&self.last_name),
            Some(&self.first_name),
            self.middle_name.as_ref(),
        ];
        let parts: Vec<&str> = parts
            .into_iter()
            .flatten()
            .map(PersonName::as_str)
            .collect();
        parts.join(" ")
    }

    /// The registration in one line, in Russian: documents are.
    pub fn address_line(&self) -> Option<String> {
        let address = self.address.as_ref()?;
        let words = Words::new(Lang::Ru);
        let region = words.t(&format!("cabinet-region-{}", address.region));
        let mut parts = Vec::new();
        // Moscow is a region and a town of one name.
        if region != address.city {
            parts.push(region);
        }
        parts.extend([address.city.clone(), address.street.clone()]);
        parts.push(words.args(
            "cabinet-address-house",
            &[("house", (&address.house).into())],
        ));
        if let Some(flat) = &address.flat {
            parts.push(words.args("cabinet-address-flat", &[("flat", flat.into())]));
        }
        Some(parts.join(", "))
    }
}

pub(super) fn address(values: &Values) -> Option<Address> {
    let text = |field: &str| {
        values
            .get(field)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    Some(Address {
        region: text("region")?,
        city: text("city")?,
        street: text("street")?,
        house: text("house")?,
        flat: text("flat"),
    })
}

/// Keyed hashes of the papers just saved, so that the same paper of another person can be found.
pub(super) async fn index(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    step: Step,
    values: &Values,
) -> Result<()> {
    if step != Step::Passport {
        return Ok(());
    }
    let text = |field: &str| values.get(field).map_or("", String::as_str);
    let passport = PassportNumber::parse(text("passport")).map(|p| p.digits().to_owned());
    let inn = Inn::parse(text("inn")).map(|inn| inn.digits().to_owned());
    for (kind, value) in [("passport", passport), ("inn", inn)] {
        let Some(value) = value else { continue };
        sql::execute(
            tx,
            "INSERT INTO person_index (borrower, kind, value_index) VALUES ($1, $2, $3) \
             ON CONFLICT (borrower, kind) DO UPDATE SET value_index = excluded.value_index",
            vec![
                borrower.into(),
                kind.into(),
                cab.keys().blind_index(kind, &value).into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// Whether anybody's questionnaire has the passport of these answers, however its owner's name is spelt.
pub(crate) async fn passport_known(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    answers: &Values,
) -> Result<bool> {
    let passport = answers.get("passport");
    let Some(passport) = passport.and_then(|text| PassportNumber::parse(text)) else {
        return Ok(false);
    };
    let index = cab.keys().blind_index("passport", passport.digits());
    let statement =
        "SELECT borrower FROM person_index WHERE kind = 'passport' AND value_index = $1";
    let row = sql::one(conn, statement, vec![index.into()]).await?;
    Ok(row.is_some())
}
