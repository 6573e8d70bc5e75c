//! Test cards: what each number does. The full number is never kept.

use serde::Serialize;

use crate::clock::Moment;
use chrono::Datelike;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    Pays,
    /// Asks for the bank's code first.
    Asks,
    Declines(&'static str),
    /// Pays on the page, declines when charged later without the payer.
    DeclinesLater(&'static str),
    /// Pays, but does not take payouts.
    RefusesPayouts,
}

/// A magic number, what it does, and the line about it in the help.
pub const MAGIC: [(&str, Behaviour, &str); 8] = [
    ("5555555555554444", Behaviour::Pays, "успех без 3-D Secure"),
    (
        "4111111111111111",
        Behaviour::Asks,
        "успех с 3-D Secure, код 123456",
    ),
    (
        "4000000000000002",
        Behaviour::Declines("general_decline"),
        "отказ general_decline",
    ),
    (
        "4000000000009995",
        Behaviour::Declines("insufficient_funds"),
        "отказ insufficient_funds: мало денег",
    ),
    (
        "4000000000000069",
        Behaviour::Declines("card_expired"),
        "отказ card_expired: истёк срок",
    ),
    (
        "4000000000000127",
        Behaviour::Declines("invalid_csc"),
        "отказ invalid_csc: неверный CVC",
    ),
    (
        "4000000000000341",
        Behaviour::DeclinesLater("insufficient_funds"),
        "на странице успех, автоплатёж отклоняется (insufficient_funds)",
    ),
    (
        "2200000900000005",
        Behaviour::RefusesPayouts,
        "оплата и привязка успешны, выплата отклоняется (rejected_by_payee)",
    ),
];

/// A card as the provider remembers it.
#[derive(Debug, Clone, Serialize)]
pub struct Card {
    pub first6: String,
    pub last4: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_year: Option<String>,
    pub card_type: &'static str,
    pub issuer_country: &'static str,
    pub issuer_name: &'static str,
    #[serde(skip)]
    pub behaviour: Behaviour,
}

impl Card {
    /// Reads a number typed with or without spaces.
    pub fn parse(number: &str) -> Option<Self> {
        let number: String = number
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        let right = (13..=19).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
            && luhn(&number);
        if !right {
            return None;
        }
        let known = MAGIC.iter().find(|(magic, ..)| *magic == number);
        let behaviour = match known {
            Some((_, behaviour, _)) => *behaviour,
            None if number.ends_with("0005") => Behaviour::RefusesPayouts,
            None => Behaviour::Pays,
        };
        Some(Self {
            first6: number[..6].to_owned(),
            last4: number[number.len() - 4..].to_owned(),
            expiry_month: None,
            expiry_year: None,
            card_type: brand(&number),
            issuer_country: "RU",
            issuer_name: "Sandbox Bank",
            behaviour,
        })
    }

    pub fn title(&self) -> String {
        format!("Bank card *{}", self.last4)
    }
}

fn brand(number: &str) -> &'static str {
    match number.as_bytes() {
        [b'4', ..] => "Visa",
        [b'2', b'2', b'0', b'0'..=b'4', ..] => "Mir",
        [b'2' | b'5', ..] => "MasterCard",
        _ => "Unknown",
    }
}

fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            match place % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// What is wrong with a typed card, one Russian sentence per field.
#[derive(Debug, Default)]
pub struct Mistakes {
    pub number: Option<&'static str>,
    pub exp: Option<&'static str>,
    pub csc: Option<&'static str>,
}

/// Checks the three fields of the payment page.
pub fn check(number: &str, exp: &str, csc: &str, now: Moment) -> Result<Card, Mistakes> {
    let mut mistakes = Mistakes::default();
    let card = Card::parse(number);
    if number.trim().is_empty() {
        mistakes.number = Some("Введите номер карты.");
    } else if card.is_none() {
        mistakes.number = Some("Номер карты с ошибкой: проверьте цифры.");
    }
    let until = expiry(exp);
    match until {
        None => mistakes.exp = Some("Введите срок как ММ/ГГ, например 12/30."),
        Some((month, year)) if (year, month) < (now.0.year(), now.0.month()) => {
            mistakes.exp = Some("Срок действия карты истёк.");
        }
        Some(_) => {}
    }
    if csc.len() != 3 || !csc.bytes().all(|b| b.is_ascii_digit()) {
        mistakes.csc = Some("Введите три цифры с оборота карты.");
    }
    match (card, until) {
        (Some(mut card), Some((month, year)))
            if mistakes.exp.is_none() && mistakes.csc.is_none() =>
        {
            card.expiry_month = Some(format!("{month:02}"));
            card.expiry_year = Some(year.to_string());
            Ok(card)
        }
        _ => Err(mistakes),
    }
}

/// `MM/YY` (or `MMYY`) into a month and a full year.
fn expiry(text: &str) -> Option<(u32, i32)> {
    let compact: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '/')
        .collect();
    if compact.len() != 4 || !compact.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let month: u32 = compact[..2].parse().ok()?;
    let year: i32 = compact[2..].parse().ok()?;
    (1..=12).contains(&month).then_some((month, 2000 + year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Moment {
        Moment::parse("2026-11-23T09:00:00Z").unwrap()
    }

    #[test]
    fn every_magic_number_passes_the_check_digit() {
        for (number, behaviour, _) in MAGIC {
            assert_eq!(
                Card::parse(number).map(|card| card.behaviour),
                Some(behaviour)
            );
        }
    }

    #[test]
    fn each_wrong_field_gets_its_own_sentence() {
        let mistakes = check("5555 5555 5555 4445", "10/26", "12", now()).unwrap_err();
        assert!(mistakes.number.is_some() && mistakes.exp.is_some() && mistakes.csc.is_some());
        let mistakes = check("5555 5555 5555 4444", "13/30", "123", now()).unwrap_err();
        assert!(mistakes.number.is_none() && mistakes.exp.is_some() && mistakes.csc.is_none());
    }

    #[test]
    fn the_month_on_the_card_is_still_good() {
        let card = check("5555 5555 5555 4444", "11 / 26", "123", now()).unwrap();
        assert_eq!(card.expiry_year.as_deref(), Some("2026"));
        assert_eq!(
            (card.first6.as_str(), card.last4.as_str()),
            ("555555", "4444")
        );
    }
}
