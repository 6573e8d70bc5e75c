//! A document before it is typeset: its canonical text, and what is shown around the text.

use chrono::{DateTime, FixedOffset, Utc};
use lending::Psk;
use locales::{Lang, Words};
use serde::{Deserialize, Serialize};

use super::kind::DocumentKind;
use super::paper::{self, Facts, Marks, Paper, Seal};
use super::text_hash;
use crate::Cabinet;
use crate::loan::stored::moment;

/// What a document is made of. Kept sealed beside the PDF: the same draft makes the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// The stable name of its kind.
    pub kind: String,
    /// What it is about, by the kind.
    pub object: String,
    /// The loan it belongs to.
    pub loan: Option<String>,
    /// Its number, as printed.
    pub number: String,
    /// The language of its words.
    pub lang: String,
    /// The line of the text that is its title.
    pub title: String,
    /// The canonical text: UTF-8, LF.
    pub text: String,
    /// The full cost, for the frames.
    pub psk: Option<Psk>,
    /// Who signed it and how: names and values.
    pub evidence: Vec<(String, String)>,
    /// Unix milliseconds: when it was signed or made.
    pub made_at: i64,
    /// Not signed yet.
    pub unsigned: bool,
}

/// The lender's signature under a draft.
pub(super) struct Signed {
    pub key: String,
    pub signature: String,
    pub url: String,
}

impl Draft {
    /// A document in Russian about something, with nothing around its text yet.
    pub(super) fn new(kind: DocumentKind, object: &str, title: String, text: String) -> Self {
        Self {
            kind: kind.code().to_owned(),
            object: object.to_owned(),
            loan: None,
            number: String::new(),
            lang: Lang::Ru.code().to_owned(),
            title,
            text,
            psk: None,
            evidence: Vec::new(),
            made_at: 0,
            unsigned: false,
        }
    }

    pub(super) fn hash(&self) -> String {
        text_hash(&self.text)
    }

    fn lang(&self) -> Lang {
        Lang::from_code(&self.lang)
    }

    /// The paper; `template` by the kind, unless it is a public one.
    pub(super) fn paper(
        &self,
        cab: &Cabinet,
        template: &'static str,
        signed: Option<&Signed>,
    ) -> Paper {
        let lang = self.lang();
        let words = Words::new(lang);
        let lender = &cab.lender().legal_name;
        let marks = Marks {
            title: &self.title,
            lender,
            psk: self.psk,
        };
        let (lines, blocks) = paper::apart(&self.text, lang, &marks);
        let evidence = (!self.evidence.is_empty()).then(|| Facts {
            title: words.t(self.evidence_title()),
            rows: self.evidence.clone(),
        });
        Paper {
            template,
            lang: lang.code(),
            lender: lender.clone(),
            title: self.title.clone(),
            lines,
            short: self.title.clone(),
            blocks,
            frames: self.psk.map(crate::application::psk_lines),
            evidence,
            draft: self.unsigned.then(|| words.t("cabinet-paper-unsigned")),
            seal: signed.map(|signed| self.seal(cab, words, signed)),
            hash: paper::fingerprint(words, &self.hash()),
            labels: paper::labels(words),
            ident: format!("{}/{}/{}", cab.lender().code, self.kind, self.object),
            made_at: moment(self.made_at),
        }
    }

    /// A consent is ticked and a service's application pressed: neither is signed by a code.
    fn evidence_title(&self) -> &'static str {
        match DocumentKind::from_code(&self.kind) {
            Some(DocumentKind::Consent) => "cabinet-paper-evidence-consent",
            Some(DocumentKind::Agreement) => "cabinet-paper-evidence-agreement",
            Some(DocumentKind::Service | DocumentKind::ServiceRefusal) => {
                "cabinet-paper-evidence-service"
            }
            _ => "cabinet-paper-evidence",
        }
    }

    fn seal(&self, cab: &Cabinet, words: Words, signed: &Signed) -> Seal {
        let fact = |key: &str, value: String| (words.t(key), value);
        Seal {
            title: words.t("cabinet-paper-seal"),
            note: words.t("cabinet-paper-seal-note"),
            url: signed.url.clone(),
            rows: vec![
                fact("cabinet-paper-seal-number", self.number.clone()),
                fact("cabinet-paper-seal-at", stamp(cab, moment(self.made_at))),
                fact("cabinet-paper-seal-key", signed.key.clone()),
                fact("cabinet-paper-seal-signature", signed.signature.clone()),
            ],
        }
    }

    /// The bytes that the lender's signature is under: a reader builds them from what the paper prints.
    pub(super) fn message(&self) -> String {
        message(&self.kind, &self.number, moment(self.made_at), &self.hash())
    }
}

/// What the lender signs: four lines after the name of the form.
pub(super) fn message(kind: &str, number: &str, at: DateTime<Utc>, hash: &str) -> String {
    let at = at.format("%Y-%m-%dT%H:%M:%SZ");
    format!("kopeck document 1\n{kind}\n{number}\n{at}\n{hash}\n")
}

/// «23.11.2026 12:00:05 (UTC+03:00)», where the lender is.
pub(super) fn stamp(cab: &Cabinet, at: DateTime<Utc>) -> String {
    let minutes = cab.lender().clock_offset_minutes;
    let Some(offset) = FixedOffset::east_opt(minutes * 60) else {
        return at.format("%d.%m.%Y %H:%M:%S (UTC)").to_string();
    };
    at.with_timezone(&offset)
        .format("%d.%m.%Y %H:%M:%S (UTC%:z)")
        .to_string()
}
