//! The legal texts a person agrees to, with the lender's details put in.
//!
//! A text is its locale messages `legal-{kind}-title`, `legal-{kind}-1`, `legal-{kind}-2`… What was
//! agreed to is proved by the hash of the very words that were shown.

use locales::{Arg, Words};

use crate::idempotency::input_hash;
use crate::{Cabinet, Lang};

/// Which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LegalKind {
    /// The agreement on the simple electronic signature (63-ФЗ art. 9).
    EsignAgreement,
    /// The consent to the processing of personal data (152-ФЗ art. 9).
    PersonalData,
    /// The consent to asking for a credit history (218-ФЗ art. 6).
    Bureau,
    /// The consent to interaction with third persons (230-ФЗ art. 4).
    ThirdParties,
    /// The consent to advertising (38-ФЗ art. 18).
    Marketing,
    /// The general terms of loans (353-ФЗ art. 5).
    GeneralTerms,
    /// The policy of personal data, for everybody (152-ФЗ art. 18.1).
    Privacy,
}

impl LegalKind {
    /// All texts.
    pub const ALL: [Self; 7] = [
        Self::EsignAgreement,
        Self::PersonalData,
        Self::Bureau,
        Self::ThirdParties,
        Self::Marketing,
        Self::GeneralTerms,
        Self::Privacy,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::EsignAgreement => "esign_agreement",
            Self::PersonalData => "personal_data",
            Self::Bureau => "bureau",
            Self::ThirdParties => "third_parties",
            Self::Marketing => "marketing",
            Self::GeneralTerms => "general_terms",
            Self::Privacy => "privacy",
        }
    }

    /// The text of a stable name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    fn key(self, part: &str) -> String {
        format!("legal-{}-{part}", self.code().replace('_', "-"))
    }
}

/// A legal text, ready to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalText {
    /// Which one.
    pub kind: LegalKind,
    /// The version: the date it is in force since.
    pub version: String,
    /// The title.
    pub title: String,
    /// The paragraphs.
    pub body: Vec<String>,
    /// SHA-256 of version, title and paragraphs.
    pub hash: String,
}

/// A legal text of this lender in a language.
pub fn legal(cab: &Cabinet, kind: LegalKind, lang: Lang) -> LegalText {
    let lender = cab.lender();
    let version = lender.documents.version.to_string();
    let offer_days = i64::from(lender.documents.offer_days);
    let args = [
        ("lender", Arg::from(&lender.legal_name)),
        ("name", Arg::from(&lender.name)),
        ("inn", Arg::from(&lender.inn)),
        ("ogrn", Arg::from(&lender.ogrn)),
        ("registry", Arg::from(&lender.registry_number)),
        ("sro", Arg::from(&lender.sro)),
        ("address", Arg::from(&lender.address)),
        ("site", Arg::from(lender.host())),
        ("hotline", Arg::from(&lender.hotline)),
        ("email", Arg::from(&lender.email)),
        (
            "date",
            Arg::from(lender.documents.version.format("%d.%m.%Y").to_string()),
        ),
        ("offer", Arg::from(offer_days)),
    ];
    let words = Words::new(lang);
    let title = words.args(&kind.key("title"), &args);
    let body: Vec<String> = (1..100_u32)
        .map(|number| kind.key(&number.to_string()))
        .take_while(|key| words.has(key))
        .map(|key| words.args(&key, &args))
        .collect();
    // Where there are agents, what one of them may learn is a part of what is agreed to.
    let seen = kind.key("agent");
    let mut body = body;
    if lender.agent.is_some() && words.has(&seen) {
        body.push(words.args(&seen, &args));
    }
    let mut parts = vec![version.as_str(), title.as_str()];
    parts.extend(body.iter().map(String::as_str));
    let hash = input_hash(&parts);
    LegalText {
        kind,
        version,
        title,
        body,
        hash,
    }
}
