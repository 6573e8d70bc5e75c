//! A lender: who lends, on which terms, under which brand. All of it comes from one TOML file.

use std::path::Path;

use chrono::NaiveDate;
use lending::{Kopecks, Licence, ProlongationRules};
use serde::Deserialize;

pub mod access;
mod check;
mod file;
mod law;
mod locate;

pub use access::{Access, AccessMethod, ChallengeKind, PasswordFrom, Restore};

/// A lender, read and checked.
#[derive(Debug, Clone)]
pub struct Lender {
    /// A stable latin name, the same as the file's.
    pub code: String,
    /// The name people know.
    pub name: String,
    /// The company's full name.
    pub legal_name: String,
    /// Microcredit or microfinance company.
    pub licence: Licence,
    /// The number in the state register of microfinance organisations.
    pub registry_number: String,
    /// The self-regulatory organisation.
    pub sro: String,
    /// The company's taxpayer number, ten digits.
    pub inn: String,
    /// The company's state registration number, thirteen digits.
    pub ogrn: String,
    /// The registered address.
    pub address: String,
    /// The site, `https://…`.
    pub site: String,
    /// The free phone.
    pub hotline: String,
    /// The mail box for borrowers.
    pub email: String,
    /// When people answer.
    pub support_hours: String,
    /// The business clock's distance from UTC in minutes.
    pub clock_offset_minutes: i32,
    /// The day since which these terms are offered; the law of that day is checked on loading.
    pub terms_from: NaiveDate,
    /// Colours and logo.
    pub brand: Brand,
    /// How people sign in.
    pub access: Access,
    /// What is lent; the first one opens the calculator.
    pub products: Vec<LenderProduct>,
    /// How applications are decided.
    pub decision: DecisionRules,
    /// How money is taken.
    pub payment: PaymentRules,
    /// The lender's own account.
    pub requisites: Requisites,
    /// Versions of the legal texts.
    pub documents: Documents,
}

/// Colours and logo.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// Hue, 0–359 degrees.
    pub h: u16,
    /// Saturation, percent.
    pub s: u8,
    /// Lightness, percent; at most 45, so that white text on it reads.
    pub l: u8,
    /// The logo's plain part.
    pub logo_main: String,
    /// The logo's coloured part.
    pub logo_accent: String,
}

/// How applications are decided.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionRules {
    /// Below this score the answer is no.
    pub score_cutoff: u32,
    /// Below this score, and not below the other, a specialist decides.
    pub specialist_cutoff: u32,
    /// Whether biometrics are asked even where the law does not ask yet.
    pub biometrics: bool,
}

/// How money is taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRules {
    /// The borrower's commission in millionths of the sum; borrowers here pay none.
    pub commission_ppm: u32,
    /// The adapter.
    pub acquirer: String,
}

/// The lender's own account, for transfers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requisites {
    /// Twenty digits.
    pub account: String,
    /// The bank.
    pub bank: String,
    /// Nine digits.
    pub bic: String,
    /// The bank's correspondent account, twenty digits.
    pub corr: String,
}

/// Versions of the legal texts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// The version of every legal text, a date: consents are stored with it.
    #[serde(deserialize_with = "file::date")]
    pub version: NaiveDate,
    /// Working days an offer stays open.
    pub offer_days: u32,
}

/// A product with what surrounds its terms.
#[derive(Debug, Clone)]
pub struct LenderProduct {
    /// The terms themselves.
    pub terms: lending::Product,
    /// The name in Russian.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// Whether and how loans are prolonged.
    pub prolongation: Option<ProlongationRules>,
}

/// What is wrong with a lender's file, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {key}: {problem}; {instead}")]
pub struct LenderError {
    /// The line, from 1; 0 when the file could not be read at all.
    pub line: usize,
    /// The key, with its table: `products.short.promo.max_days`.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub instead: String,
}

impl Lender {
    /// Reads and checks a lender's file.
    pub fn load(path: &Path) -> Result<Self, LenderError> {
        let text = std::fs::read_to_string(path).map_err(|error| LenderError {
            line: 0,
            key: path.display().to_string(),
            problem: format!("can't be read: {error}"),
            instead: "give the path of a lender's TOML file".into(),
        })?;
        Self::parse(&text)
    }

    /// Reads and checks the text of a lender's file.
    pub fn parse(text: &str) -> Result<Self, LenderError> {
        let lender = file::read(text)?;
        check::whole(&lender)
            .and_then(|()| law::check(&lender, lender.terms_from))
            .map_err(|complaint| complaint.at(text))?;
        Ok(lender)
    }

    /// Whether every product is lawful on a date: rates, full cost, caps, prolongation fees.
    /// Loading checks the day the terms began; a server asks again for the day it starts.
    pub fn validate(&self, on: NaiveDate) -> Result<(), LenderError> {
        law::check(self, on).map_err(check::Complaint::anywhere)
    }

    /// A product by its code.
    pub fn product(&self, code: &str) -> Option<&LenderProduct> {
        self.products
            .iter()
            .find(|product| product.terms.code == code)
    }

    /// The host of the site, for WebOTP lines and letters.
    pub fn host(&self) -> &str {
        let rest = self
            .site
            .split_once("://")
            .map_or(self.site.as_str(), |(_, rest)| rest);
        rest.split(['/', ':']).next().unwrap_or(rest)
    }

    /// The most any product lends.
    pub fn largest_amount(&self) -> Kopecks {
        self.products
            .iter()
            .map(|product| product.terms.max_amount)
            .max()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
