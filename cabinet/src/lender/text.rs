//! A text of a lender's own, in both languages.

use locales::Lang;
use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Complaints;

/// A text in both languages: `{ ru = "…", en = "…" }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl Text {
    /// The text in a language.
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }

    pub(super) fn check(&self, table: &str, key: &str, say: &mut Complaints) {
        let written = !self.ru.trim().is_empty() && !self.en.trim().is_empty();
        let instead = "write it in both languages: { ru = \"…\", en = \"…\" }";
        say.must(written, table, key, "is empty in a language", instead);
    }
}
