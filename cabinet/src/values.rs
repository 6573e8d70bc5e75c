//! What people type, parsed at the door. A value that exists is valid; personal ones hide
//! themselves from debug output and logs.

use std::fmt;

use chrono::NaiveDate;

macro_rules! hidden {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

hidden!(Phone, PassportNumber, Inn, Email, PersonName);

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether the text has only digits and the punctuation people put between them.
fn only_digits_and(text: &str, allowed: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || allowed.contains(c))
}

/// A Russian mobile number: `79` and nine more digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Any spelling: `8 (900) 123-45-67`, `+7 900 1234567`, `9001234567`. `None` when it is not a
    /// Russian mobile number: codes are sent nowhere else, which also bounds what a pumped SMS
    /// costs.
    pub fn parse(text: &str) -> Option<Self> {
        if text.chars().count() > 40 || !only_digits_and(text.trim(), "+()-–—‑.\u{202a}\u{202c}")
        {
            return None;
        }
        let digits = digits(text);
        let national = match (digits.len(), digits.as_bytes().first()) {
            (11, Some(b'7' | b'8')) => digits.get(1..)?,
            (10, _) => digits.as_str(),
            _ => return None,
        };
        national
            .starts_with('9')
            .then(|| Self(format!("7{national}")))
    }

    /// E.164 digits without the plus: `79001234567`.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// What the page shows: `+7 ··· ···-45-67`.
    pub fn masked(&self) -> String {
        let tail = self.0.get(7..).unwrap_or_default();
        let (first, last) = tail.split_at(tail.len() / 2);
        format!("+7 ··· ···-{first}-{last}")
    }
}

impl Phone {
    /// The whole number as people write it: `+7 900 123-45-67`. Only for whoever may see it; `Display` never tells it.
    pub fn whole(&self) -> String {
        let part = |range: std::ops::Range<usize>| self.0.get(range).unwrap_or_default();
        format!(
            "+{} {} {}-{}-{}",
            part(0..1),
            part(1..4),
            part(4..7),
            part(7..9),
            part(9..11)
        )
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Series and number of a Russian passport: ten digits.
#[derive(Clone, PartialEq, Eq)]
pub struct PassportNumber(String);

impl PassportNumber {
    /// `4510 123456`, `45 10 № 123456` and the like.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = digits(text);
        (digits.len() == 10 && only_digits_and(text, "№N-")).then_some(Self(digits))
    }

    /// The ten digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// As printed in documents: `4510 123456`.
    pub fn spaced(&self) -> String {
        let (series, number) = self.0.split_at(4);
        format!("{series} {number}")
    }
}

/// The code of the department that issued a passport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentCode(String);

impl DepartmentCode {
    /// `770-001`, `770001`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = digits(text);
        let valid = digits.len() == 6 && only_digits_and(text, "-–—‑");
        let (region, office) = digits.split_at_checked(3)?;
        valid.then(|| Self(format!("{region}-{office}")))
    }

    /// `770-001`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person's taxpayer number: twelve digits with a checksum.
#[derive(Clone, PartialEq, Eq)]
pub struct Inn(String);

impl Inn {
    /// Twelve digits whose checksum agrees.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = digits(text);
        (only_digits_and(text, "-") && lending::inn_valid(&digits)).then_some(Self(digits))
    }

    /// The twelve digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// An e-mail address.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// A plain ASCII address of at most 254 characters: what every mail host accepts.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, host) = text.rsplit_once('@')?;
        let name_char = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
        let name_valid = !name.is_empty()
            && name.len() <= 64
            && name.chars().all(name_char)
            && !name.starts_with('.')
            && !name.ends_with('.')
            && !name.contains("..");
        (text.len() <= 254 && name_valid && host_valid(host))
            .then(|| Self(format!("{name}@{}", host.to_ascii_lowercase())))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn host_valid(host: &str) -> bool {
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let top_valid = last.len() >= 2 && last.chars().any(|c| c.is_ascii_alphabetic());
    host.contains('.') && host.split('.').all(label) && top_valid
}

/// A part of a person's name as the passport writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// Cyrillic letters with single spaces, hyphens or apostrophes between them, 1 to 60
    /// characters.
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let name = words
            .join(" ")
            .replace(['–', '—', '‑'], "-")
            .replace('’', "'");
        let letter = |c: char| matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё');
        let valid = (1..=60).contains(&name.chars().count())
            && name.chars().all(|c| letter(c) || " -'.".contains(c))
            && name.starts_with(letter)
            && name.ends_with(|c: char| letter(c) || c == '.');
        valid.then_some(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A date as people here write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuDate(pub NaiveDate);

impl RuDate {
    /// `12.05.2019`, `12/05/2019`, `12 05 2019`, `12052019` or the browser's `2019-05-12`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let parts: Vec<&str> = text.split(['.', '/', '-', ' ', ',']).collect();
        let (year, month, day) = match parts.as_slice() {
            [year, month, day] if year.len() == 4 => (*year, *month, *day),
            [day, month, year] if year.len() == 4 => (*year, *month, *day),
            [all] if all.len() == 8 => (all.get(4..)?, all.get(2..4)?, all.get(..2)?),
            _ => return None,
        };
        let all_digits = [year, month, day]
            .iter()
            .all(|p| p.bytes().all(|b| b.is_ascii_digit()));
        if !all_digits || day.len() > 2 || month.len() > 2 {
            return None;
        }
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
            .map(Self)
    }

    /// `12.05.2019`.
    pub fn text(self) -> String {
        self.0.format("%d.%m.%Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_in_any_spelling() {
        for text in [
            "8 (900) 123-45-67",
            "+7 900 123 45 67",
            "9001234567",
            "79001234567",
            "+7(900)1234567",
        ] {
            assert_eq!(
                Phone::parse(text).map(|p| p.0),
                Some("79001234567".to_owned()),
                "{text}"
            );
        }
        for text in [
            "",
            "8 495 123-45-67",
            "+380 90 012 34 56",
            "900123456",
            "890012345678",
            "9OO1234567",
        ] {
            assert!(Phone::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_phone_hides_itself() {
        let phone = Phone::parse("89001234567").expect("valid");
        assert_eq!(phone.masked(), "+7 ··· ···-45-67");
        assert_eq!(format!("{phone}{phone:?}").matches("900").count(), 0);
    }

    #[test]
    fn names_as_in_a_passport() {
        for text in [
            "Иванов",
            " Салтыков-Щедрин ",
            "Мамед оглы",
            "Фёдор",
            "Д'Артаньян",
        ] {
            assert!(PersonName::parse(text).is_some(), "{text}");
        }
        for text in ["", "Ivanov", "-Иванов", "Иванов1", "Иванов<b>", "😀"] {
            assert!(PersonName::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn dates_as_written() {
        let day = NaiveDate::from_ymd_opt(2019, 5, 12).map(RuDate);
        for text in [
            "12.05.2019",
            "12/5/2019",
            "2019-05-12",
            "12052019",
            " 12.05.2019 ",
        ] {
            assert_eq!(RuDate::parse(text), day, "{text}");
        }
        for text in ["31.02.2019", "12.05.19", "вчера", "1-2", "+1.05.2019"] {
            assert_eq!(RuDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn mail_addresses() {
        assert_eq!(
            Email::parse(" a.b+c@Example.RU ").map(|e| e.0),
            Some("a.b+c@example.ru".to_owned())
        );
        for text in [
            "a@b", "a b@c.ru", "@c.ru", "a@.ru", "a@c.r", "a@-c.ru", "a\n@c.ru", "я@c.ru",
        ] {
            assert!(Email::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn passports_and_departments() {
        assert_eq!(
            PassportNumber::parse("45 10 № 123456").map(|p| p.spaced()),
            Some("4510 123456".into())
        );
        assert!(PassportNumber::parse("4510 12345").is_none());
        assert_eq!(
            DepartmentCode::parse("770001").map(|c| c.0),
            Some("770-001".into())
        );
        assert!(DepartmentCode::parse("77-001").is_none());
        assert!(DepartmentCode::parse("").is_none());
    }
}
