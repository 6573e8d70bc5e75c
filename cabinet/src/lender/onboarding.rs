//! How a stranger becomes a client: the section `[onboarding]` of a lender's file.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Lender;
use super::PasswordFrom;
use super::check::Complaints;

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// The sum and the term: registering is a part of applying.
    #[default]
    ApplicationFirst,
    /// The questionnaire: it is asked for right after the first sign-in, for whatever may be lent later.
    RegistrationFirst,
}

/// When the whole cabinet opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    /// Once the phone is confirmed.
    #[default]
    Registration,
    /// With the first approval; before it there are the draft, the status and a refusal's reason.
    Approval,
}

/// What is asked for beside the phone, before the code that makes a cabinet.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum BeforeCode {
    /// Name, birth date, sex.
    Person,
    /// Series and number of the passport: a second registration of the same person ends right there.
    Passport,
}

/// What one person, and so one cabinet, is known by.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DedupeKey {
    /// Surname, name, birth date and passport, all together; old passports and names count as well.
    Person,
    /// The taxpayer number.
    Inn,
}

/// A page of the questionnaire.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// The agreement on the simple electronic signature.
    Agreement,
    /// Name, birth, sex.
    Person,
    /// The passport and the taxpayer number.
    Passport,
    /// The registered address; larger sums only.
    Address,
    /// Work and money.
    Work,
    /// Consents.
    Consents,
}

/// How a stranger becomes a client.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Onboarding {
    /// What comes first: `application_first` (default) or `registration_first`.
    #[serde(default)]
    pub flow: Flow,
    /// When the whole cabinet opens: at `registration` (default) or with the first `approval`.
    #[serde(default)]
    pub opens: Opens,
    /// What the form of registration asks for beside the phone: any of `person` and `passport`.
    #[serde(default)]
    pub before_code: Vec<BeforeCode>,
    /// Whether a card is linked, with the acquirer's test transaction, before an application is filed; `false` by
    /// default: a card is then linked when there is an offer to sign. Before a repeat loan the linked card is confirmed by a
    /// code.
    #[serde(default)]
    pub card_first: bool,
    /// What a second cabinet of the same person is found by: any of `person` and `inn`, both by default.
    #[serde(default = "default_dedupe")]
    pub dedupe_keys: Vec<DedupeKey>,
    /// The pages of the questionnaire in their order, each once. What was typed at registration is not asked again.
    #[serde(default = "default_pages")]
    pub pages: Vec<Page>,
}

impl Default for Onboarding {
    fn default() -> Self {
        Self {
            flow: Flow::default(),
            opens: Opens::default(),
            before_code: Vec::new(),
            card_first: false,
            dedupe_keys: default_dedupe(),
            pages: default_pages(),
        }
    }
}

fn default_dedupe() -> Vec<DedupeKey> {
    vec![DedupeKey::Person, DedupeKey::Inn]
}

fn default_pages() -> Vec<Page> {
    vec![
        Page::Agreement,
        Page::Person,
        Page::Passport,
        Page::Address,
        Page::Work,
        Page::Consents,
    ]
}

/// Whether the section agrees with itself and with how people sign in.
pub(super) fn check(lender: &Lender, say: &mut Complaints) {
    let rules = &lender.onboarding;
    let table = "onboarding";
    let pages: BTreeSet<Page> = rules.pages.iter().copied().collect();
    let all = pages.len() == default_pages().len() && rules.pages.len() == pages.len();
    let order = "write \"agreement\", \"person\", \"passport\", \"address\", \"work\", \"consents\" in an order of yours";
    say.must(all, table, "pages", "does not name every page once", order);
    let place = |page| rules.pages.iter().position(|it| *it == page);
    let problem = "asks for the passport before the birth date it is checked by";
    let instead = "put \"person\" before \"passport\"";
    let right = place(Page::Person) < place(Page::Passport);
    say.must(right, table, "pages", problem, instead);
    let problem = "asks for signatures before the agreement that makes a tick one";
    let instead = "put \"agreement\" before \"consents\"";
    let right = place(Page::Agreement) < place(Page::Consents);
    say.must(right, table, "pages", problem, instead);
    let before: BTreeSet<BeforeCode> = rules.before_code.iter().copied().collect();
    let problem = "names one thing twice";
    say.must(
        before.len() == rules.before_code.len(),
        table,
        "before_code",
        problem,
        "leave one of them out",
    );
    dedupe(&rules.dedupe_keys, say);
    let problem = "asks for a passport without its person";
    let right = !before.contains(&BeforeCode::Passport) || before.contains(&BeforeCode::Person);
    let instead = "write before_code = [\"person\", \"passport\"]";
    say.must(right, table, "before_code", problem, instead);
    let problem = "registers people into a cabinet that only an application opens";
    let instead = "write opens = \"registration\", or flow = \"application_first\"";
    let right = rules.flow == Flow::ApplicationFirst || rules.opens == Opens::Registration;
    say.must(right, table, "opens", problem, instead);
}

/// One person has one cabinet: something must tell that it is the same one.
fn dedupe(keys: &[DedupeKey], say: &mut Complaints) {
    let (table, key) = ("onboarding", "dedupe_keys");
    let problem = "lets one person have several cabinets";
    let instead = "write [\"person\", \"inn\"], or one of them";
    say.must(!keys.is_empty(), table, key, problem, instead);
    let different: BTreeSet<DedupeKey> = keys.iter().copied().collect();
    let once = different.len() == keys.len();
    let instead = "leave one of them out";
    say.must(once, table, key, "names one thing twice", instead);
}

impl Lender {
    /// Whether strangers register by a form of their own, besides asking for a code.
    pub fn has_registration(&self) -> bool {
        self.access.password_from == Some(PasswordFrom::Registration)
            || !self.onboarding.before_code.is_empty()
    }

    /// Whether that form asks for a password.
    pub fn registers_with_password(&self) -> bool {
        self.access.password_from == Some(PasswordFrom::Registration)
    }

    /// Whether that form must have an e-mail address.
    pub fn registers_with_email(&self) -> bool {
        self.questionnaire.email.is_required()
    }
}
