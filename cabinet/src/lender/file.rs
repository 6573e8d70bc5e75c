//! The file as it is written, key by key. docs/lenders.md is made of these types and their comments.

use chrono::NaiveDate;
use lending::Licence;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::check::Complaints;
use super::help::Zone;
use super::product::{self, ProductFile};
use super::{
    Access, AgentRules, Bonus, Brand, ClientStatus, DecisionRules, Documents, Draw, Help, Landing,
    Lender, Notices, OfferRules, Onboarding, PaymentRules, PayoutRules, PersonalRule, Promotion,
    Pwa, Questionnaire, Requisites, Service, Wording,
};

/// Who lends.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// A stable name of a-z, 0-9 and '-', the same as the file's.
    code: String,
    /// The name people know.
    name: String,
    /// The company's full name.
    legal_name: String,
    /// `"mkk"`, a microcredit company, or `"mfk"`, a microfinance company: limits and checks follow from it.
    #[schemars(schema_with = "licence")]
    licence: Licence,
    /// The number in the state register of microfinance organisations.
    registry_number: String,
    /// The self-regulatory organisation.
    sro: String,
    /// The company's taxpayer number, ten digits; the last one is checked.
    inn: String,
    /// The company's state registration number, thirteen digits; the last one is checked.
    ogrn: String,
    /// The registered address.
    address: String,
    /// The site, `https://…`.
    site: String,
    /// The free phone.
    hotline: String,
    /// The mail box for borrowers.
    email: String,
    /// The business clock: days begin and end by it, everywhere.
    #[serde(default)]
    time_zone: Zone,
    /// The day since which these terms are offered: they must be lawful on that day. Where the law of a later day
    /// forbids them, the program says so in its log when it starts, and lends nothing on them.
    #[serde(deserialize_with = "date")]
    #[schemars(schema_with = "date_schema")]
    terms_from: NaiveDate,
    brand: Brand,
    #[serde(default)]
    wording: Wording,
    #[serde(default)]
    landing: Landing,
    help: Help,
    access: Access,
    #[serde(default)]
    onboarding: Onboarding,
    #[serde(default)]
    questionnaire: Questionnaire,
    decision: DecisionRules,
    payment: PaymentRules,
    #[serde(default)]
    payout: PayoutRules,
    requisites: Requisites,
    documents: Documents,
    #[serde(default)]
    pwa: Pwa,
    #[serde(default)]
    notices: Notices,
    products: Vec<ProductFile>,
    #[serde(default)]
    services: Vec<Service>,
    #[serde(default)]
    offers: OfferRules,
    #[serde(default)]
    promotions: Vec<Promotion>,
    #[serde(default)]
    personal_offers: Vec<PersonalRule>,
    #[serde(default)]
    statuses: Vec<ClientStatus>,
    #[serde(default)]
    draws: Vec<Draw>,
    bonus: Option<Bonus>,
    agent: Option<AgentRules>,
}

/// A date, quoted or not.
pub(super) fn date<'de, D: Deserializer<'de>>(input: D) -> Result<NaiveDate, D::Error> {
    let text = match toml::Value::deserialize(input)? {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    text.parse()
        .map_err(|_| D::Error::custom("a date is expected, such as 2026-11-01"))
}

pub(super) fn date_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "format": "date" })
}

fn licence(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "enum": ["mkk", "mfk"] })
}

/// The schema of a lender's file, without references.
pub(super) fn schema() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().with(|it| it.inline_subschemas = true);
    settings
        .into_generator()
        .into_root_schema_for::<File>()
        .to_value()
}

/// A lender of the file, or what contradicts itself in its products.
pub(super) fn lender(file: File) -> Result<Lender, Complaints> {
    let mut say = Complaints::default();
    let products = file
        .products
        .into_iter()
        .filter_map(|file| product::product(file, &mut say))
        .collect();
    let lender = Lender {
        code: file.code,
        name: file.name,
        legal_name: file.legal_name,
        licence: file.licence,
        registry_number: file.registry_number,
        sro: file.sro,
        inn: file.inn,
        ogrn: file.ogrn,
        address: file.address,
        site: file.site,
        hotline: file.hotline,
        email: file.email,
        clock_offset_minutes: file.time_zone.offset_minutes(),
        terms_from: file.terms_from,
        brand: file.brand,
        wording: file.wording,
        landing: file.landing,
        help: file.help,
        access: file.access,
        onboarding: file.onboarding,
        questionnaire: file.questionnaire,
        products,
        decision: file.decision,
        payment: file.payment,
        payout: file.payout,
        requisites: file.requisites,
        documents: file.documents,
        pwa: file.pwa,
        notices: file.notices,
        services: file.services,
        offers: file.offers,
        promotions: file.promotions,
        personal_offers: file.personal_offers,
        statuses: file.statuses,
        draws: file.draws,
        bonus: file.bonus,
        agent: file.agent,
    };
    if say.is_empty() { Ok(lender) } else { Err(say) }
}
