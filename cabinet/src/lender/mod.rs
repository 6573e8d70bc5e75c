//! A lender: who lends, on which terms, under which brand. All of it comes from one TOML file.

use std::path::Path;

use chrono::NaiveDate;
use lending::{Kopecks, Licence, ProlongationRules};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use check::Complaints;
use places::Places;

pub mod access;
pub mod agent;
pub mod bonus;
mod brand;
mod check;
mod docs;
pub mod draws;
mod file;
pub mod help;
mod hours;
mod identity;
mod law;
pub mod notices;
pub(crate) mod numbers;
pub mod offers;
pub mod onboarding;
mod payment;
mod payout;
mod places;
mod product;
pub mod services;
mod shape;
mod text;

pub use access::{Access, AccessMethod, ChallengeKind, PasswordFrom, Restore};
pub use agent::{AgentLoans, AgentRules, Commission, CommissionKind};
pub use bonus::{Bonus, Friends};
pub use brand::{Bar, Brand, Corners};
pub use docs::{docs, json_schema};
pub use draws::{Draw, DrawEntry, Prize};
pub use help::Help;
pub use identity::{Identity, IdentityOpens};
pub use notices::Notices;
pub use offers::{
    ClientStatus, Effect, EndsOn, OfferRules, OfferTerms, PersonalRule, Promotion,
    PromotionAudience,
};
pub use onboarding::Onboarding;
pub use payment::{PaymentRules, PaymentWay, Requisites, WayKind};
pub use payout::PayoutRules;
pub use product::Audience;
pub use services::{Service, ServiceKind, ServiceUse};
pub use text::Text;

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
    /// The business clock's distance from UTC in minutes.
    pub clock_offset_minutes: i32,
    /// The day since which these terms are offered; the law of that day is checked on loading.
    pub terms_from: NaiveDate,
    /// Colours and logo.
    pub brand: Brand,
    /// What the sign-in button is called.
    pub wording: Wording,
    /// The first page's own texts.
    pub landing: Landing,
    /// Where people ask.
    pub help: Help,
    /// How people sign in.
    pub access: Access,
    /// How a stranger becomes a client.
    pub onboarding: Onboarding,
    /// What is asked.
    pub questionnaire: Questionnaire,
    /// What is lent; the first one opens the calculator.
    pub products: Vec<LenderProduct>,
    /// How applications are decided.
    pub decision: DecisionRules,
    /// How money is taken.
    pub payment: PaymentRules,
    /// How money is given.
    pub payout: PayoutRules,
    /// The lender's own account.
    pub requisites: Requisites,
    /// Versions of the legal texts.
    pub documents: Documents,
    /// The cabinet as an installed application.
    pub pwa: Pwa,
    /// The lender's own words of notices.
    pub notices: Notices,
    /// What may be switched on beside a loan; for nobody until they do.
    pub services: Vec<Service>,
    /// Rules of offers that people of the staff give.
    pub offers: OfferRules,
    /// Better terms between two dates.
    pub promotions: Vec<Promotion>,
    /// Offers that the program gives by itself.
    pub personal_offers: Vec<PersonalRule>,
    /// Statuses of repeat clients, the lowest first.
    pub statuses: Vec<ClientStatus>,
    /// Draws of prizes.
    pub draws: Vec<Draw>,
    /// What is given for paying well; none where there are no bonuses.
    pub bonus: Option<Bonus>,
    /// Agents, where the lender has them.
    pub agent: Option<AgentRules>,
}

/// The cabinet as an installed application.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pwa {
    /// Whether the cabinet can be installed and offers it; without it there is no manifest.
    pub install_offer: bool,
}

impl Default for Pwa {
    fn default() -> Self {
        Self {
            install_offer: true,
        }
    }
}

/// What things are called.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The button at the top right that lets people in; «Войти» unless given.
    pub sign_in: Option<Text>,
    /// The button that sends the code when somebody signs in; «Получить код» unless given.
    pub send_code: Option<Text>,
}

/// The first page's own texts.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Landing {
    /// The heading; what the calculator can do unless given.
    pub title: Option<Text>,
    /// The line under it.
    pub lead: Option<Text>,
}

/// What is asked of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// Whether an e-mail address is asked for.
    #[serde(default)]
    pub email: Asked,
    /// Whether education is asked for; `off` by default.
    #[serde(default = "not_asked")]
    pub education: Asked,
    /// Who changes a passport that an application was filed with: the borrower by themself, who has confirmed
    /// lately that it is them (`self`, the default); the borrower, and a specialist looks at the next application
    /// (`self_then_review`); the staff, at the borrower's request with pictures of it (`staff`).
    #[serde(default)]
    pub passport_change: PassportChange,
}

/// Who changes a passport that an application was filed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PassportChange {
    /// The borrower, in the questionnaire.
    #[default]
    #[serde(rename = "self")]
    Own,
    /// The borrower, and no application is approved with it before a specialist has looked.
    SelfThenReview,
    /// Two of the staff, at the borrower's request.
    Staff,
}

fn not_asked() -> Asked {
    Asked::Off
}

/// Whether something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Not at all.
    Off,
    /// It may be left out.
    #[default]
    Optional,
    /// It must be given.
    Required,
    /// It must be given, and its owner must have opened the link that came to it before an application is sent;
    /// `email` only.
    RequiredVerified,
}

impl Asked {
    /// Whether it must be given.
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::RequiredVerified)
    }
}

/// How applications are decided.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRules {
    /// Below this score the answer is no.
    pub score_cutoff: u32,
    /// Below this score, and not below the other, a specialist decides.
    pub specialist_cutoff: u32,
    /// Above this debt burden (ПДН), in percent, a specialist decides; without it nobody waits for that reason. A proved
    /// income makes the burden lighter.
    pub specialist_burden: Option<u32>,
    /// How many months a paper of an income may count at most.
    #[serde(default = "income_months")]
    pub income_months: u32,
    /// Whether biometrics are asked even where the law does not ask yet.
    pub biometrics: bool,
}

const fn income_months() -> u32 {
    6
}

/// Versions of the legal texts.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// The version of every legal text, a date: consents are stored with it.
    #[serde(deserialize_with = "file::date")]
    #[schemars(schema_with = "file::date_schema")]
    pub version: NaiveDate,
    /// Working days an offer stays open.
    pub offer_days: u32,
}

/// A product with what surrounds its terms.
#[derive(Debug, Clone)]
pub struct LenderProduct {
    /// The terms themselves.
    pub terms: lending::Product,
    /// The name people see.
    pub title: Text,
    /// Who is offered it.
    pub audience: Audience,
    /// Whether and how loans are prolonged.
    pub prolongation: Option<ProlongationRules>,
}

/// What is wrong with a lender's file, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}{}: {problem}; {instead}", self.equals())]
pub struct LenderError {
    /// The line, from 1; 0 when no line is to blame.
    pub line: usize,
    /// The key, with its table: `products.short.promo.max_days`.
    pub key: String,
    /// The value as it is written; none of a table or of a key that is missing.
    pub value: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub instead: String,
}

impl LenderError {
    fn equals(&self) -> String {
        let value = self.value.as_ref();
        value.map_or_else(String::new, |value| format!(" = {value}"))
    }
}

/// Everything that is wrong with a lender's file, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LenderErrors {
    /// The file, as it was named; empty for a text.
    pub file: String,
    /// At least one.
    pub errors: Vec<LenderError>,
}

impl std::error::Error for LenderErrors {}

impl std::fmt::Display for LenderErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (number, error) in self.errors.iter().enumerate() {
            let end = if number == 0 { "" } else { "\n" };
            match (self.file.as_str(), error.line) {
                (file, 0) => write!(f, "{end}{file}: {error}")?,
                ("", line) => write!(f, "{end}line {line}: {error}")?,
                (file, line) => write!(f, "{end}{file}:{line}: {error}")?,
            }
        }
        Ok(())
    }
}

impl Lender {
    /// Reads and checks a lender's file.
    pub fn load(path: &Path) -> Result<Self, LenderErrors> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| LenderErrors {
            file: file.clone(),
            errors: vec![LenderError {
                line: 0,
                key: "the file".into(),
                value: None,
                problem: format!("can't be read: {error}"),
                instead: "give the path of a lender's TOML file".into(),
            }],
        })?;
        Self::parse(&text).map_err(|wrong| LenderErrors { file, ..wrong })
    }

    /// Reads and checks the text of a lender's file.
    pub fn parse(text: &str) -> Result<Self, LenderErrors> {
        let places = Places::of(text).map_err(|error| broken(text, &error))?;
        let told = |say: Complaints| say.at(&places);
        let mut say = Complaints::default();
        shape::table(&file::schema(), &places.root, "", &mut say);
        if !say.is_empty() {
            return Err(told(say));
        }
        let file = toml::from_str(text).map_err(|error| broken(text, &error))?;
        let lender = file::lender(file).map_err(told)?;
        check::whole(&lender, &mut say);
        // What does not make sense can't be asked about the law.
        if say.is_empty() {
            law::check(&lender, lender.terms_from, &mut say);
        }
        if say.is_empty() {
            Ok(lender)
        } else {
            Err(say.at(&places))
        }
    }

    /// Whether every product is lawful on a date: rates, full cost, caps, prolongation fees.
    /// Loading checks the day the terms began; a server asks again for the day it starts.
    pub fn validate(&self, on: NaiveDate) -> Result<(), LenderErrors> {
        let mut say = Complaints::default();
        law::check(self, on, &mut say);
        if say.is_empty() {
            Ok(())
        } else {
            Err(say.anywhere())
        }
    }

    /// A product by its code.
    pub fn product(&self, code: &str) -> Option<&LenderProduct> {
        self.products
            .iter()
            .find(|product| product.terms.code == code)
    }

    /// A service by its code.
    pub fn service(&self, code: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.code == code)
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

/// TOML's own refusal: a bracket, a quote, a key written twice.
fn broken(text: &str, error: &toml::de::Error) -> LenderErrors {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let row = before.matches('\n').count();
    let line = text.lines().nth(row).unwrap_or_default();
    let key = line.split_once('=').map_or(line, |(key, _)| key).trim();
    LenderErrors {
        file: String::new(),
        errors: vec![LenderError {
            line: row + 1,
            key: if key.is_empty() { "the file" } else { key }.into(),
            value: None,
            problem: error.message().lines().collect::<Vec<_>>().join(" "),
            instead: "compare with lenders/demo.toml".into(),
        }],
    }
}

#[cfg(test)]
mod tests;
