//! What borrowers are told in the lender's own words: the section `[notices]`.

use std::collections::BTreeSet;

use locales::Lang;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Text;
use super::check::Complaints;
use crate::notice::{Event, KINDS};

/// The lender's own words of notices. A notice without a text here has the program's.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notices {
    /// Texts, each of one notice.
    #[serde(default)]
    texts: Vec<Own>,
}

/// A text of the lender's own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Own {
    /// Which notice: `due_3`, `due_1`, `due_0`, `debit`, `overdue`, `approved`, `refused`, `specialist`, `issued`,
    /// `payout_failed`, `payment`, `payment_surplus`, `prolonged`, `prolonged_free`, `topped_up`, `debited`, `refunded`,
    /// `refund_failed`, `closed`, `autopay_above`.
    kind: String,
    /// The words, the same for every channel. `{lender}` and `{hotline}` stand for the lender's name and phone, `{amount}`,
    /// `{date}` and others for what the notice is about; an unknown one is an error that names those there are.
    text: Text,
}

/// A text with places for values.
pub struct Template<'a>(&'a str);

impl Template<'_> {
    /// The text with each `{name}` replaced; what has no value stays as it is.
    pub fn filled(&self, values: &[(&str, &str)]) -> String {
        let mut text = String::with_capacity(self.0.len() + 32);
        for piece in Pieces(self.0) {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Name(name) => {
                    let value = values.iter().find(|(known, _)| *known == name);
                    text.push_str(value.map_or("", |(_, value)| value));
                }
                Piece::Open => text.push('{'),
            }
        }
        text
    }
}

enum Piece<'a> {
    Plain(&'a str),
    Name(&'a str),
    /// A brace that is never closed.
    Open,
}

struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let text = self.0;
        let (piece, rest) = match text.find('{') {
            _ if text.is_empty() => return None,
            None => (Piece::Plain(text), ""),
            Some(0) => {
                let inside = text.get(1..).unwrap_or_default();
                match inside.split_once('}') {
                    Some((name, rest)) => (Piece::Name(name), rest),
                    None => (Piece::Open, inside),
                }
            }
            Some(at) => {
                let (plain, rest) = text.split_at(at);
                (Piece::Plain(plain), rest)
            }
        };
        self.0 = rest;
        Some(piece)
    }
}

impl Notices {
    /// The lender's own text of a notice, when there is one.
    pub fn text(&self, kind: &str, lang: Lang) -> Option<Template<'_>> {
        let own = self.texts.iter().find(|own| own.kind == kind)?;
        Some(Template(own.text.of(lang)))
    }
}

/// A message of this many letters is seven parts; longer ones are nobody's reading.
const LONGEST: usize = 470;

pub(super) fn check(notices: &Notices, say: &mut Complaints) {
    let mut seen = BTreeSet::new();
    for (number, own) in notices.texts.iter().enumerate() {
        let table = format!("notices.texts.{number}");
        let Some(kind) = KINDS.iter().find(|kind| kind.code == own.kind) else {
            let all: Vec<&str> = KINDS.iter().map(|kind| kind.code).collect();
            let instead = format!("write one of {}", all.join(", "));
            say.say(&table, "kind", "is no notice", &instead);
            continue;
        };
        let once = seen.insert(kind.code);
        let instead = "keep one of the two";
        say.must(once, &table, "kind", "is written twice", instead);
        own.text.check(&table, "text", say);
        for lang in [Lang::Ru, Lang::En] {
            let text = own.text.of(lang);
            names(text, kind.values, &table, say);
            let short = text.chars().count() <= LONGEST;
            let instead = format!("write at most {LONGEST} letters");
            say.must(short, &table, "text", "is too long", &instead);
            // 230-ФЗ art. 7 p. 7: whose message it is, and where to call.
            let named = text.contains("{lender}") && text.contains("{hotline}");
            let named = named || kind.event != Event::Overdue;
            let problem =
                "does not say whose message it is and where to call, as 230-ФЗ art. 7 wants";
            let instead = "name {lender} and {hotline} in both languages";
            say.must(named, &table, "text", problem, instead);
        }
    }
}

fn names(text: &str, values: &[&str], table: &str, say: &mut Complaints) {
    let known: Vec<&str> = ["lender", "hotline"]
        .iter()
        .chain(values)
        .copied()
        .collect();
    let list: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
    let instead = format!("write any of {}", list.join(", "));
    for piece in Pieces(text) {
        match piece {
            Piece::Name(name) if !known.contains(&name) => {
                let problem = format!("names {{{name}}}, which this notice does not know");
                say.say(table, "text", &problem, &instead);
            }
            Piece::Open => {
                say.say(table, "text", "has a brace that is never closed", &instead);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_places() {
        let values = [("amount", "1 000,00 ₽"), ("lender", "Копейка")];
        let filled = |text| Template(text).filled(&values);
        assert_eq!(filled("{lender}: {amount}."), "Копейка: 1 000,00 ₽.");
        assert_eq!(filled("без мест"), "без мест");
        assert_eq!(filled("{amount"), "{amount");
        // A value is never read as a text again.
        let twice = Template("{lender}").filled(&[("lender", "{amount}"), ("amount", "1")]);
        assert_eq!(twice, "{amount}");
    }
}
