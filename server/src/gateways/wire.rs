//! Numbers as other systems write them, to integers and back. No floating point anywhere.

use std::fmt::Write as _;

use lending::Kopecks;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Roubles on the acquirer's wire: `{"value":"1000.00","currency":"RUB"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Amount", into = "Amount")]
pub struct Rub(pub Kopecks);

#[derive(Serialize, Deserialize)]
struct Amount {
    value: String,
    currency: String,
}

impl From<Rub> for Amount {
    fn from(sum: Rub) -> Self {
        Self {
            value: sum.0.plain(),
            currency: "RUB".into(),
        }
    }
}

impl TryFrom<Amount> for Rub {
    type Error = String;

    fn try_from(amount: Amount) -> Result<Self, String> {
        if amount.currency != "RUB" {
            return Err(format!("the currency is {}", amount.currency));
        }
        kopecks(&amount.value)
            .map(Self)
            .ok_or_else(|| format!("no sum: {}", amount.value))
    }
}

/// `1000.00`, `7.5`, `12`: a sum that is not negative, at most two places. Stricter than what
/// people type: another system's spelling that we don't know is an error, not a guess.
pub fn kopecks(text: &str) -> Option<Kopecks> {
    fixed(text, 2).map(Kopecks::new)
}

/// `292.000`: percent as thousandths; further places, which no bureau sends, are refused.
pub fn thousandths(text: &str) -> Option<i64> {
    fixed(text, 3)
}

/// Digits with at most `places` after the dot, as a whole number of the last place.
pub fn fixed(text: &str, places: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > places {
        return None;
    }
    format!("{whole}{fraction:0<places$}").parse().ok()
}

/// SHA-256 in lower-case hexadecimal: how personal numbers leave the house.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// At most so many characters.
pub fn shortened(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_both_ways() {
        for (text, sum) in [
            ("1000.00", 100_000),
            ("0.05", 5),
            ("7.5", 750),
            ("12", 1200),
        ] {
            assert_eq!(kopecks(text), Some(Kopecks::new(sum)), "{text}");
        }
        // 0.29 * 100 is 28.999… in floating point.
        assert_eq!(kopecks("0.29"), Some(Kopecks::new(29)));
        for wrong in [
            "",
            ".",
            "1.",
            ".5",
            "-1.00",
            "+1",
            "1.005",
            "1e3",
            "1 000.00",
            "1,00",
            "9223372036854775807",
        ] {
            assert_eq!(kopecks(wrong), None, "{wrong}");
        }
        let json = serde_json::to_string(&Rub(Kopecks::new(123_405))).expect("json");
        assert_eq!(json, r#"{"value":"1234.05","currency":"RUB"}"#);
        let back: Rub = serde_json::from_str(&json).expect("back");
        assert_eq!(back.0, Kopecks::new(123_405));
        assert!(serde_json::from_str::<Rub>(r#"{"value":"1.00","currency":"USD"}"#).is_err());
        assert!(serde_json::from_str::<Rub>(r#"{"value":1.00,"currency":"RUB"}"#).is_err());
    }

    #[test]
    fn percents_are_exact() {
        assert_eq!(thousandths("292.000"), Some(292_000));
        assert_eq!(thousandths("100.5"), Some(100_500));
        assert_eq!(thousandths("0"), Some(0));
        assert_eq!(thousandths("292.0001"), None);
    }

    #[test]
    fn hashes_are_the_standard_ones() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256("abc"), abc);
    }

    #[test]
    fn texts_are_cut_by_characters() {
        assert_eq!(shortened("Погашение", 4), "Пога");
    }
}
