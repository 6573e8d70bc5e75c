//! What providers say of a person, in the writing of the questionnaire.

use std::collections::BTreeMap;

use cabinet::ports::IdentityProfile;
use chrono::NaiveDate;
use serde::Deserialize;

/// Claims of OpenID Connect with those of a gateway to Gosuslugi: docs/operations.md lists them.
#[derive(Deserialize)]
pub(super) struct Claims {
    pub(super) sub: String,
    #[serde(default, alias = "trusted")]
    verified: Option<bool>,
    family_name: Option<String>,
    given_name: Option<String>,
    middle_name: Option<String>,
    birthdate: Option<String>,
    gender: Option<String>,
    phone_number: Option<String>,
    email: Option<String>,
    inn: Option<String>,
    birth_place: Option<String>,
    citizenship: Option<String>,
    passport: Option<Passport>,
}

/// A passport in the claims.
#[derive(Deserialize)]
struct Passport {
    series: Option<String>,
    number: Option<String>,
    issue_date: Option<String>,
    issuer: Option<String>,
    issuer_code: Option<String>,
}

impl Claims {
    pub(super) fn profile(self) -> IdentityProfile {
        let mut answers = Answers::default();
        answers.put("last_name", self.family_name);
        answers.put("first_name", self.given_name);
        answers.put("middle_name", self.middle_name);
        answers.date("birth_date", self.birthdate);
        answers.sex(self.gender.as_deref());
        answers.put("email", self.email);
        answers.put("inn", self.inn);
        answers.put("birth_place", self.birth_place);
        answers.put("citizenship", self.citizenship);
        if let Some(passport) = self.passport {
            let whole = passport.series.unwrap_or_default() + &passport.number.unwrap_or_default();
            answers.passport(&whole);
            answers.date("passport_date", passport.issue_date);
            answers.put("passport_issuer", passport.issuer);
            answers.code(passport.issuer_code);
        }
        IdentityProfile {
            subject: self.sub,
            verified: self.verified == Some(true),
            phone: self.phone_number.unwrap_or_default(),
            answers: answers.0,
        }
    }
}

/// The user of VK ID. Its `verified` is a mark of fame, not of a document.
#[derive(Deserialize)]
pub(super) struct VkUser {
    pub(super) user_id: String,
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    birthday: Option<String>,
    sex: Option<u8>,
}

impl VkUser {
    pub(super) fn profile(self) -> IdentityProfile {
        let mut answers = Answers::default();
        answers.put("last_name", self.last_name);
        answers.put("first_name", self.first_name);
        answers.date("birth_date", self.birthday);
        answers.sex(match self.sex {
            Some(1) => Some("female"),
            Some(2) => Some("male"),
            _ => None,
        });
        answers.put("email", self.email);
        IdentityProfile {
            subject: self.user_id,
            verified: false,
            phone: self.phone.unwrap_or_default(),
            answers: answers.0,
        }
    }
}

/// A passport as T-ID's documents have it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TPassport {
    serial_number: Option<String>,
    issue_date: Option<String>,
    unit_name: Option<String>,
    unit_code: Option<String>,
    birth_place: Option<String>,
    citizenship: Option<String>,
}

/// The taxpayer number of T-ID's documents.
#[derive(Deserialize)]
pub(super) struct TInn {
    inn: Option<String>,
}

/// Whether the bank has seen the person.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TStatus {
    is_identified: bool,
}

/// Adds T-ID's documents to its profile.
pub(super) fn with_documents(
    profile: &mut IdentityProfile,
    status: Option<TStatus>,
    passport: Option<TPassport>,
    inn: Option<TInn>,
) {
    if let Some(status) = status {
        profile.verified = status.is_identified;
    }
    let mut answers = Answers(std::mem::take(&mut profile.answers));
    answers.put("inn", inn.and_then(|inn| inn.inn));
    if let Some(passport) = passport {
        answers.passport(&passport.serial_number.unwrap_or_default());
        answers.date("passport_date", passport.issue_date);
        answers.put("passport_issuer", passport.unit_name);
        answers.code(passport.unit_code);
        answers.put("birth_place", passport.birth_place);
        answers.put("citizenship", passport.citizenship);
    }
    profile.answers = answers.0;
}

/// Answers being written; what can't be read is left for the person to write.
#[derive(Default)]
struct Answers(BTreeMap<String, String>);

impl Answers {
    fn put(&mut self, field: &str, text: Option<String>) {
        let text: String = text.unwrap_or_default().trim().chars().take(200).collect();
        if !text.is_empty() {
            self.0.insert(field.to_owned(), text);
        }
    }

    /// `1990-05-12` of OpenID Connect or `12.05.1990` of VK ID.
    fn date(&mut self, field: &str, text: Option<String>) {
        let text = text.unwrap_or_default();
        let day = text.get(..10).unwrap_or_default();
        let read = |format| NaiveDate::parse_from_str(day, format).ok();
        let date = read("%Y-%m-%d").or_else(|| read("%d.%m.%Y"));
        self.put(field, date.map(|date| date.format("%d.%m.%Y").to_string()));
    }

    fn sex(&mut self, gender: Option<&str>) {
        let sex = gender.and_then(|gender| match gender.to_lowercase().as_str() {
            "female" | "f" => Some("female"),
            "male" | "m" => Some("male"),
            _ => None,
        });
        self.put("sex", sex.map(str::to_owned));
    }

    fn passport(&mut self, text: &str) {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.len() == 10 {
            let (series, number) = digits.split_at(4);
            self.put("passport", Some(format!("{series} {number}")));
        }
    }

    /// `770-001`, also from `770001`.
    fn code(&mut self, text: Option<String>) {
        let text = text.unwrap_or_default();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.len() == 6 {
            let (left, right) = digits.split_at(3);
            self.put("passport_code", Some(format!("{left}-{right}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(profile: &IdentityProfile) -> Vec<(&str, &str)> {
        let answers = profile.answers.iter();
        answers.map(|(field, text)| (&**field, &**text)).collect()
    }

    #[test]
    fn a_gateway_s_claims_become_answers() {
        let claims: Claims = serde_json::from_str(
            r#"{"sub": "1000", "trusted": true, "family_name": "Тестова", "given_name": "Анна",
                "birthdate": "1990-05-12", "gender": "female", "phone_number": "+79001230001",
                "passport": {"series": "4510", "number": "230001", "issue_date": "2015-06-20",
                "issuer": "ОВД «Арбат»", "issuer_code": "770001"}, "picture": "unknown"}"#,
        )
        .expect("claims");
        let profile = claims.profile();
        assert!(profile.verified && profile.phone == "+79001230001");
        assert_eq!(
            shown(&profile),
            [
                ("birth_date", "12.05.1990"),
                ("first_name", "Анна"),
                ("last_name", "Тестова"),
                ("passport", "4510 230001"),
                ("passport_code", "770-001"),
                ("passport_date", "20.06.2015"),
                ("passport_issuer", "ОВД «Арбат»"),
                ("sex", "female"),
            ]
        );
    }

    #[test]
    fn what_can_t_be_read_is_left_to_the_person() {
        let claims: Claims = serde_json::from_str(
            r#"{"sub": "1", "birthdate": "1990", "gender": "other", "passport": {"series": "45"}}"#,
        )
        .expect("claims");
        let profile = claims.profile();
        assert!(!profile.verified && profile.answers.is_empty());
    }

    #[test]
    fn vk_s_mark_of_fame_verifies_nobody() {
        let user: VkUser = serde_json::from_str(
            r#"{"user_id": "7", "first_name": "Анна", "sex": 1, "birthday": "12.05.1990", "verified": true}"#,
        )
        .expect("a user");
        let profile = user.profile();
        assert!(!profile.verified);
        assert_eq!(profile.answers["birth_date"], "12.05.1990");
        assert_eq!(profile.answers["sex"], "female");
    }
}
