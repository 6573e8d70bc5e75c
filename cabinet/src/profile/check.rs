//! What is wrong with a page, field by field. Pure: the same check serves saving, showing and
//! using.

use chrono::NaiveDate;
use lending::{Kopecks, PassportProblem, age, passport_valid};

use super::regions::REGIONS;
use super::{Step, Values};
use crate::error::FieldError;
use crate::lender::{Asked, Questionnaire};
use crate::values::{DepartmentCode, Email, Inn, PassportNumber, PersonName, RuDate};

/// When a field must be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Always.
    Always,
    /// In the full set only.
    Full,
    /// Never.
    Optional,
}

impl Need {
    pub(super) const fn holds(self, full: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Full => full,
            Self::Optional => false,
        }
    }
}

/// Every field of the questionnaire.
pub(super) const FIELDS: &[(Step, &str, Need)] = &[
    (Step::Agreement, "agreement_esign", Need::Always),
    (Step::Person, "last_name", Need::Always),
    (Step::Person, "first_name", Need::Always),
    (Step::Person, "middle_name", Need::Optional),
    (Step::Person, "birth_date", Need::Always),
    (Step::Person, "sex", Need::Always),
    (Step::Passport, "passport", Need::Always),
    (Step::Passport, "passport_code", Need::Always),
    (Step::Passport, "passport_issuer", Need::Always),
    (Step::Passport, "passport_date", Need::Always),
    (Step::Passport, "birth_place", Need::Full),
    (Step::Passport, "citizenship", Need::Full),
    (Step::Passport, "inn", Need::Always),
    (Step::Passport, "public_official", Need::Always),
    (Step::Address, "region", Need::Full),
    (Step::Address, "city", Need::Full),
    (Step::Address, "street", Need::Full),
    (Step::Address, "house", Need::Full),
    (Step::Address, "flat", Need::Optional),
    (Step::Work, "employer", Need::Always),
    (Step::Work, "position", Need::Optional),
    (Step::Work, "education", Need::Optional),
    (Step::Work, "income", Need::Always),
    (Step::Work, "expenses", Need::Always),
    (Step::Work, "obligations", Need::Optional),
    (Step::Work, "email", Need::Optional),
    (Step::Work, "income_proof", Need::Optional),
    (Step::Consents, "consent_personal_data", Need::Always),
    (Step::Consents, "consent_bureau", Need::Always),
    (Step::Consents, "consent_third_parties", Need::Optional),
    (Step::Consents, "consent_marketing", Need::Optional),
];

/// Levels of education, the shortest first.
pub const EDUCATION: &[&str] = &["school", "vocational", "higher", "several"];

/// When a field must be filled at a lender who asks in this way; none: it is not asked.
pub(super) fn need(name: &str, listed: Need, asks: Questionnaire) -> Option<Need> {
    let asked = match name {
        "email" => asks.email,
        "education" => asks.education,
        _ => return Some(listed),
    };
    match asked {
        Asked::Off => None,
        Asked::Optional => Some(Need::Optional),
        Asked::Required | Asked::RequiredVerified => Some(Need::Always),
    }
}

/// More a month is a slip of the finger, ten million roubles.
const MOST_MONEY: Kopecks = Kopecks::from_roubles(10_000_000);

/// Everything wrong with a page on a date.
pub(super) fn problems(
    step: Step,
    values: &Values,
    on: NaiveDate,
    full: bool,
    asks: Questionnaire,
) -> Vec<FieldError> {
    FIELDS
        .iter()
        .filter(|(owner, ..)| *owner == step)
        .filter_map(|(_, name, listed)| {
            let need = need(name, *listed, asks)?;
            let text = values.get(*name).map_or("", |text| text.trim());
            let error = match text {
                "" if need.holds(full) => Some(FieldError::new(name, missing(name))),
                "" => None,
                text => wrong(name, text, values, on),
            };
            // A box that was unticked arrives as nothing or as "no"; a required one must say yes.
            let unticked = need.holds(full) && is_box(name) && !text.is_empty() && !ticked(text);
            error.or_else(|| unticked.then(|| FieldError::new(name, missing(name))))
        })
        .collect()
}

/// Whether a field is a box to tick.
pub(super) fn is_box(name: &str) -> bool {
    name.starts_with("consent_") || matches!(name, "agreement_esign" | "income_proof")
}

/// Whether a box was ticked, whatever value its form gave it.
pub(super) fn ticked(text: &str) -> bool {
    matches!(text, "yes" | "on" | "true" | "1")
}

fn missing(name: &str) -> &'static str {
    match name {
        "agreement_esign" => "agreement_required",
        _ if is_box(name) => "consent_required",
        "sex" | "public_official" | "region" | "education" => "choice",
        _ => "required",
    }
}

/// What is wrong with a filled field.
fn wrong(name: &str, text: &str, values: &Values, on: NaiveDate) -> Option<FieldError> {
    let error = |code| Some(FieldError::new(name, code));
    let unless = |right: bool, code| if right { None } else { error(code) };
    match name {
        "last_name" | "first_name" | "middle_name" => {
            unless(PersonName::parse(text).is_some(), "name_letters")
        }
        "birth_date" => birth_date(text, on).map(|code| FieldError::new(name, code)),
        "sex" => unless(matches!(text, "male" | "female"), "choice"),
        "passport" => unless(PassportNumber::parse(text).is_some(), "passport_number"),
        "passport_code" => unless(DepartmentCode::parse(text).is_some(), "passport_code"),
        "passport_date" => passport_date(text, values, on),
        "inn" => unless(Inn::parse(text).is_some(), "inn"),
        "public_official" => unless(matches!(text, "yes" | "no"), "choice"),
        "region" => unless(REGIONS.contains(&text), "choice"),
        "education" => unless(EDUCATION.contains(&text), "choice"),
        "income" | "expenses" | "obligations" => {
            money(text).err().map(|code| FieldError::new(name, code))
        }
        "email" => unless(Email::parse(text).is_some(), "email"),
        name if is_box(name) => unless(ticked(text) || text == "no", "choice"),
        name => line(name, text),
    }
}

/// Free text: bounded, of Russian documents, but never markup.
fn line(name: &str, text: &str) -> Option<FieldError> {
    let most: usize = match name {
        "house" | "flat" => 20,
        "citizenship" | "city" => 60,
        _ => 200,
    };
    if text.chars().count() > most {
        return Some(FieldError::new(name, "too_long").with("max", most));
    }
    let strange = |c: char| matches!(c, '<' | '>' | '{' | '}' | '\\' | '\u{200b}'..='\u{200f}');
    let meaningless = !text.chars().any(char::is_alphanumeric);
    (meaningless || text.chars().any(strange)).then(|| FieldError::new(name, "text"))
}

fn birth_date(text: &str, on: NaiveDate) -> Option<&'static str> {
    match RuDate::parse(text) {
        None => Some("date"),
        Some(date) if date.0 > on => Some("date_future"),
        Some(date) if age(date.0, on) < 18 => Some("under_age"),
        Some(date) if age(date.0, on) > 100 => Some("birth_date"),
        Some(_) => None,
    }
}

fn passport_date(text: &str, values: &Values, on: NaiveDate) -> Option<FieldError> {
    let error = |code| Some(FieldError::new("passport_date", code));
    let Some(issued) = RuDate::parse(text) else {
        return error("date");
    };
    if issued.0 > on {
        return error("date_future");
    }
    // Without a birth date the page before says what is wrong.
    let birth = values
        .get("birth_date")
        .and_then(|text| RuDate::parse(text))?;
    match passport_valid(birth.0, issued.0, on) {
        Ok(()) => None,
        Err(PassportProblem::Future) => error("date_future"),
        Err(PassportProblem::TooEarly) => error("passport_too_early"),
        Err(PassportProblem::Expired { since }) => {
            Some(FieldError::new("passport_date", "passport_expired").with("since", since))
        }
    }
}

/// A sum a month.
pub(super) fn money(text: &str) -> Result<Kopecks, &'static str> {
    match Kopecks::parse(text) {
        Err(_) => Err("money"),
        Ok(sum) if sum > MOST_MONEY => Err("money_large"),
        Ok(sum) => Ok(sum),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date")
    }

    fn codes(step: Step, pairs: &[(&str, &str)], full: bool) -> Vec<(String, &'static str)> {
        let own = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let values: Values = pairs.iter().map(own).collect();
        problems(step, &values, on(), full, Questionnaire::default())
            .into_iter()
            .map(|e| (e.field, e.code))
            .collect()
    }

    const PERSON: [(&str, &str); 4] = [
        ("last_name", "Иванова"),
        ("first_name", "Мария"),
        ("birth_date", "12.05.1990"),
        ("sex", "female"),
    ];

    fn with<'a>(
        base: &[(&'a str, &'a str)],
        more: &[(&'a str, &'a str)],
    ) -> Vec<(&'a str, &'a str)> {
        base.iter().chain(more).copied().collect()
    }

    #[test]
    fn a_person_page() {
        assert_eq!(codes(Step::Person, &PERSON, true), vec![]);
        let young = with(
            &PERSON,
            &[("birth_date", "23.11.2008"), ("first_name", "Masha")],
        );
        let expected = vec![
            ("first_name".into(), "name_letters"),
            ("birth_date".into(), "under_age"),
        ];
        assert_eq!(codes(Step::Person, &young, true), expected);
        let eighteen = with(&PERSON, &[("birth_date", "22.11.2008")]);
        assert_eq!(codes(Step::Person, &eighteen, true), vec![]);
        assert_eq!(codes(Step::Person, &[], true).len(), 4);
    }

    #[test]
    fn a_passport_follows_the_birth_date() {
        let base = with(
            &PERSON,
            &[
                ("passport", "4510 123456"),
                ("passport_code", "770-001"),
                ("passport_issuer", "ОВД района Арбат г. Москвы"),
                ("passport_date", "20.06.2010"),
                ("inn", "500100732259"),
                ("public_official", "no"),
            ],
        );
        assert_eq!(codes(Step::Passport, &base, false), vec![]);
        let names: Vec<String> = codes(Step::Passport, &base, true)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["birth_place", "citizenship"]);
        let old = with(
            &base,
            &[("passport_date", "20.06.2005"), ("inn", "500100732258")],
        );
        let expected = vec![
            ("passport_date".into(), "passport_expired"),
            ("inn".into(), "inn"),
        ];
        assert_eq!(codes(Step::Passport, &old, false), expected);
    }

    #[test]
    fn boxes_must_be_ticked_where_the_law_needs_them() {
        let untouched = codes(Step::Consents, &[], true);
        assert!(
            untouched
                .iter()
                .all(|(_, code)| *code == "consent_required")
        );
        assert_eq!(untouched.len(), 2);
        let no = [("consent_personal_data", "no"), ("consent_bureau", "on")];
        assert_eq!(codes(Step::Consents, &no, true).len(), 1);
        assert_eq!(
            codes(Step::Agreement, &[("agreement_esign", "on")], true),
            vec![]
        );
    }

    #[test]
    fn work_and_address() {
        let work = [
            ("employer", "ООО «Ромашка»"),
            ("income", "60 000"),
            ("expenses", "20000,50"),
            ("email", "a@b"),
            ("position", "<script>"),
        ];
        let expected = vec![("position".into(), "text"), ("email".into(), "email")];
        assert_eq!(codes(Step::Work, &work, true), expected);
        assert_eq!(codes(Step::Address, &[], false), vec![]);
        let address = [
            ("region", "00"),
            ("city", "Москва"),
            ("street", "Арбат"),
            ("house", "1"),
        ];
        assert_eq!(
            codes(Step::Address, &address, true),
            vec![("region".into(), "choice")]
        );
    }
}
