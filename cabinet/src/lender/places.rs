//! Where in a lender's file a key stands, so that a complaint can name its line and its value.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A lender's file with the place of everything in it.
pub(super) struct Places<'t> {
    text: &'t str,
    pub(super) root: DeTable<'t>,
}

/// A key's line, from 1, and its value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) value: Option<String>,
}

/// Longer values are cut: a complaint is a line.
const SHOWN: usize = 60;

impl<'t> Places<'t> {
    /// Reads the text. The error is TOML's own: a bracket, a quote, a key written twice.
    pub(super) fn of(text: &'t str) -> Result<Self, toml::de::Error> {
        let root = DeTable::parse(text)?.into_inner();
        Ok(Self { text, root })
    }

    /// The place of `table.key`; `products.short.promo` is the promo of the product whose code is `short`,
    /// `help.questions.0` the first question. A key that is missing is at its table's line.
    pub(super) fn find(&self, table: &str, key: &str) -> Place {
        let path = table
            .split('.')
            .chain([key])
            .filter(|part| !part.is_empty());
        let (mut line, mut value) = (1, None);
        let mut here = Here::Table(&self.root);
        for part in path {
            value = None;
            let Some((next, at, written)) = self.step(&here, part) else {
                break;
            };
            (here, line, value) = (next, at, written);
        }
        Place { line, value }
    }

    /// A value as an example: in one line, as it is written; none of a table under its own header.
    pub(super) fn source(&self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = self.text.get(value.span())?.trim();
        let header = value.get_ref().is_table() && !text.starts_with('{');
        (!header && !text.is_empty()).then(|| text.to_owned())
    }

    fn step<'p>(
        &self,
        here: &Here<'p, 't>,
        part: &str,
    ) -> Option<(Here<'p, 't>, usize, Option<String>)> {
        match here {
            Here::Table(table) => {
                let (key, value) = table
                    .iter()
                    .find(|(key, _)| key.get_ref().as_ref() == part)?;
                let line = self.line(key.span().start);
                Some((Here::of(value.get_ref()), line, self.written(value)))
            }
            Here::List(list) => {
                let coded = |item: &&&Spanned<DeValue<'t>>| {
                    let code = item.get_ref().get("code");
                    code.and_then(|code| code.get_ref().as_str()) == Some(part)
                };
                let item = list
                    .iter()
                    .find(coded)
                    .or_else(|| part.parse().ok().and_then(|n: usize| list.get(n)))?;
                let line = self.line(item.span().start);
                Some((Here::of(item.get_ref()), line, None))
            }
            Here::Other => None,
        }
    }

    /// The line of a byte.
    pub(super) fn line(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        before.matches('\n').count() + 1
    }

    /// A value as it is written; none of a table.
    pub(super) fn written(&self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        if value.get_ref().is_table() {
            return None;
        }
        let text = self.text.get(value.span())?.trim();
        let short = text.chars().count() <= SHOWN && !text.contains('\n');
        let cut = || format!("{}…", text.chars().take(SHOWN).collect::<String>().trim());
        Some(if short {
            text.to_owned()
        } else {
            cut().replace('\n', " ")
        })
    }
}

enum Here<'p, 't> {
    Table(&'p DeTable<'t>),
    List(Vec<&'p Spanned<DeValue<'t>>>),
    Other,
}

impl<'p, 't> Here<'p, 't> {
    fn of(value: &'p DeValue<'t>) -> Self {
        match value {
            DeValue::Table(table) => Self::Table(table),
            DeValue::Array(list) => Self::List(list.iter().collect()),
            _ => Self::Other,
        }
    }
}
