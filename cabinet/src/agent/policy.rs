//! What an agent reads of a client, field by field. The table is the whole of it: a field without a row is not shown, and
//! a test compares the rows with everything that is kept of a person.

use crate::profile::Values;

/// How an agent sees a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Not at all.
    Nothing,
    /// Its first letter.
    Initial,
    /// As it is.
    Whole,
}

/// Fields of the questionnaire, then what the lender knows besides.
pub const FIELDS: &[(&str, Seen)] = &[
    ("agreement_esign", Seen::Nothing),
    ("last_name", Seen::Initial),
    ("first_name", Seen::Whole),
    ("middle_name", Seen::Nothing),
    ("birth_date", Seen::Nothing),
    ("sex", Seen::Nothing),
    ("passport", Seen::Nothing),
    ("passport_code", Seen::Nothing),
    ("passport_issuer", Seen::Nothing),
    ("passport_date", Seen::Nothing),
    ("birth_place", Seen::Nothing),
    ("citizenship", Seen::Nothing),
    ("public_official", Seen::Nothing),
    ("inn", Seen::Nothing),
    ("region", Seen::Nothing),
    ("city", Seen::Nothing),
    ("street", Seen::Nothing),
    ("house", Seen::Nothing),
    ("flat", Seen::Nothing),
    ("employer", Seen::Nothing),
    ("position", Seen::Nothing),
    ("education", Seen::Nothing),
    ("income", Seen::Nothing),
    ("income_proof", Seen::Nothing),
    ("expenses", Seen::Nothing),
    ("obligations", Seen::Nothing),
    ("email", Seen::Nothing),
    ("consent_personal_data", Seen::Nothing),
    ("consent_bureau", Seen::Nothing),
    ("consent_marketing", Seen::Nothing),
    ("consent_third_parties", Seen::Nothing),
    // Beside the questionnaire.
    ("phone", Seen::Nothing),
    ("borrower_id", Seen::Nothing),
    ("contract_number", Seen::Nothing),
    ("amount", Seen::Nothing),
    ("debt", Seen::Nothing),
    ("overdue", Seen::Nothing),
    ("refusal", Seen::Nothing),
    ("card", Seen::Nothing),
    ("account", Seen::Nothing),
    ("address_of_network", Seen::Nothing),
    ("device", Seen::Nothing),
    // Of their own doing: how far the client came, when, and what it earned.
    ("number", Seen::Whole),
    ("stage", Seen::Whole),
    ("stage_dates", Seen::Whole),
    ("commission", Seen::Whole),
];

/// How an agent sees a field; one without a row is not shown.
pub fn seen(field: &str) -> Seen {
    let row = FIELDS.iter().find(|(name, _)| *name == field);
    row.map_or(Seen::Nothing, |(_, seen)| *seen)
}

/// A field as an agent reads it; empty when it is not shown.
pub fn shown(field: &str, text: &str) -> String {
    let text = text.trim();
    match seen(field) {
        Seen::Nothing => String::new(),
        Seen::Whole => text.to_owned(),
        Seen::Initial => text
            .chars()
            .next()
            .map(|first| format!("{}.", first.to_uppercase()))
            .unwrap_or_default(),
    }
}

/// «Мария И.»: all that an agent reads of who a client is. Of a whole answer's first word only: people write their surname
/// into any field.
pub(super) fn client_name(values: &Values) -> String {
    let text = |field: &str| values.get(field).map_or("", String::as_str).trim();
    let first = text("first_name").split_whitespace().next().unwrap_or("");
    let parts = [
        shown("first_name", first),
        shown("last_name", text("last_name")),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::profile;

    /// Every field of the questionnaire, whatever a lender asks for, has exactly one row.
    #[test]
    fn the_table_is_whole() {
        let named: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        let once: BTreeSet<&str> = named.iter().copied().collect();
        assert_eq!(named.len(), once.len(), "a field has two rows");
        for field in profile::every_field() {
            assert!(once.contains(field), "{field} has no row");
        }
    }

    /// Generated from the table: each field alone is given a value that can be found again.
    #[test]
    fn a_value_is_shown_as_its_row_says_and_no_more() {
        for (field, seen) in FIELDS {
            let canary = format!("Щука{field}Щука");
            let shown = shown(field, &canary);
            match seen {
                Seen::Nothing => assert_eq!(shown, "", "{field}"),
                Seen::Initial => assert_eq!(shown, "Щ.", "{field}"),
                Seen::Whole => assert_eq!(shown, canary, "{field}"),
            }
        }
        assert_eq!(shown("a field of next year", "Щука"), "");
    }

    #[test]
    fn of_a_name_the_first_word_and_a_letter_are_left() {
        let of = |first: &str, last: &str| {
            client_name(&BTreeMap::from([
                ("first_name".to_owned(), first.to_owned()),
                ("last_name".to_owned(), last.to_owned()),
                ("middle_name".to_owned(), "Петровна".to_owned()),
            ]))
        };
        assert_eq!(of("Мария", "Иванова"), "Мария И.");
        assert_eq!(of(" Мария Иванова ", "иванова"), "Мария И.");
        assert_eq!(of("", "Иванова"), "И.");
        assert_eq!(client_name(&Values::new()), "");
    }
}
