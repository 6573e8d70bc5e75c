//! A product as it is written: amounts in roubles, rates in percent.

use lending::{
    AnnualRate, DailyRate, Kopecks, Product, ProductKind, ProlongationPrice, ProlongationRules,
    ProlongationWindow, Promo, PromoAfterDue, SpecialPrice,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::check::Complaints;
use super::{LenderProduct, Text};

/// How a loan is repaid.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// One payment at the end; terms are days.
    Bullet,
    /// Equal payments every `days` days; terms are payments.
    EveryNDays,
    /// Equal payments on the same day of each month; terms are payments.
    Monthly,
    /// The special product of art. 6.2 of 353-ФЗ: one fixed price, no interest; terms are days.
    Special,
}

/// Who is offered a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody.
    #[default]
    Everybody,
    /// People who never had a loan here.
    New,
    /// People who had.
    Repeat,
}

impl Audience {
    /// Whether somebody belongs to it.
    pub const fn has(self, first_loan: bool) -> bool {
        match self {
            Self::Everybody => true,
            Self::New => first_loan,
            Self::Repeat => !first_loan,
        }
    }
}

/// What is lent. The first product opens the calculator.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductFile {
    /// A stable name of a-z, 0-9 and '-'; loans are kept with it, so it never changes.
    pub(super) code: String,
    /// The name people see.
    title: Text,
    /// Who is offered it.
    #[serde(default)]
    audience: Audience,
    /// How it is repaid.
    kind: Kind,
    /// Days between payments; of `every_n_days` only.
    days: Option<u32>,
    /// The smallest amount.
    min_amount: Roubles,
    /// The largest amount.
    max_amount: Roubles,
    /// Amounts are `min_amount` plus a whole number of these steps.
    amount_step: Roubles,
    /// The shortest term: days, or payments.
    min_term: u32,
    /// The longest term, in the same unit.
    max_term: u32,
    /// The ordinary rate for a day; 0 beside `annual_rate` and for a special product.
    daily_rate: Percent,
    /// A rate by calendar years instead of the daily one.
    annual_rate: Option<Percent>,
    /// The fixed price of a special product, in roubles.
    fixed_price: Option<Roubles>,
    /// The fixed price of a special product, as a share of the amount.
    price_percent: Option<Percent>,
    /// The penalty on overdue principal for a year, at most 20.
    penalty_rate: Percent,
    /// Whether a payment day on a day off moves to the next working day (art. 193 ГК).
    #[serde(default)]
    shift_days_off: bool,
    /// A reduced rate inside limits; without the table there is none.
    promo: Option<PromoFile>,
    /// Whether and how the due date is moved; without the table it is not.
    prolongation: Option<ProlongationFile>,
}

/// A reduced rate, granted for the whole term when amount AND term are inside, else not at all.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PromoFile {
    /// The reduced rate for a day; "0" is a free loan.
    daily_rate: Percent,
    /// The largest amount it is granted for.
    max_amount: Roubles,
    /// The longest term in days it is granted for.
    max_days: u32,
    /// Whether only a borrower's first loan gets it.
    first_loan_only: bool,
    /// The rate from the first day of delay.
    #[serde(default)]
    after_due: AfterDue,
}

/// What outlives a promo.
#[derive(Debug, Deserialize, JsonSchema, Clone, Copy, Default)]
#[serde(rename_all = "snake_case")]
pub(super) enum AfterDue {
    /// The ordinary rate runs from the day after the due date.
    #[default]
    Ordinary,
    /// The reduced rate keeps running.
    Promo,
}

impl From<AfterDue> for PromoAfterDue {
    fn from(said: AfterDue) -> Self {
        match said {
            AfterDue::Ordinary => Self::Ordinary,
            AfterDue::Promo => Self::Promo,
        }
    }
}

/// What a prolongation costs on its day.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PriceName {
    /// All interest to date.
    Interest,
    /// The same and a paid service, `fee` roubles.
    ServiceAndInterest,
    /// The same and `fee` roubles for every day added.
    PerDay,
}

/// When a prolongation may be agreed.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum WindowName {
    /// Any day before the due date, and not on it.
    BeforeDue,
    /// From `window_days` days before the due date through it.
    LastDays,
    /// Any day through the due date.
    ThroughDue,
    /// Any day through `window_days` days after the due date.
    Grace,
    /// Any day, late or not.
    OverdueAllowed,
}

/// How the due date of a bullet loan is moved.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProlongationFile {
    /// What it costs.
    price: PriceName,
    /// Roubles: of the service, or for a day. It is part of the full cost, whose cap leaves room for one
    /// only where the daily rate is below 0.8.
    fee: Option<Roubles>,
    /// When it may be agreed.
    window: WindowName,
    /// Of `last_days` and `grace`.
    window_days: Option<u32>,
    /// The shortest prolongation in days.
    min_days: u32,
    /// The longest prolongation in days.
    max_days: u32,
    /// The initial terms in days that may be prolonged: the shortest and the longest.
    initial_term: [u32; 2],
    /// At most so many in 365 days; the base standard allows five for loans up to 30 days.
    per_year: u32,
}

/// Whole roubles, or text with kopecks: `1000`, `"99.50"`.
#[derive(Debug, Deserialize, Clone, Copy)]
#[serde(try_from = "NumberOrText")]
pub(super) struct Roubles(pub(super) Kopecks);

/// Percent as text, exact: `"0.8"`. A number with a point would be a float, so it is refused.
#[derive(Debug, Deserialize, Clone, Copy)]
#[serde(try_from = "NumberOrText")]
pub(super) struct Percent(pub(super) u32);

impl JsonSchema for Roubles {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Roubles".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"], "format": "roubles" })
    }
}

impl JsonSchema for Percent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"], "format": "percent" })
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a whole number, or text such as \"0.8\"")]
pub(super) enum NumberOrText {
    Number(u32),
    Text(String),
}

impl TryFrom<NumberOrText> for Roubles {
    type Error = String;

    fn try_from(value: NumberOrText) -> Result<Self, String> {
        match value {
            NumberOrText::Number(roubles) => Ok(Self(Kopecks::from_roubles(roubles.into()))),
            NumberOrText::Text(text) => Kopecks::parse(&text)
                .map(Self)
                .map_err(|error| format!("{error}: write roubles such as 1000 or \"99.50\"")),
        }
    }
}

impl TryFrom<NumberOrText> for Percent {
    type Error = String;

    fn try_from(value: NumberOrText) -> Result<Self, String> {
        let refused = || "write a percent such as \"0.8\", at most four places".to_owned();
        let text = match value {
            NumberOrText::Number(percent) => percent.to_string(),
            NumberOrText::Text(text) => text.trim().replace(',', "."),
        };
        let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(places) || places.len() > 4 {
            return Err(refused());
        }
        // One percent is ten thousand millionths: four places are exact.
        let ppm = format!("{whole}{places:0<4}")
            .parse()
            .map_err(|_| refused())?;
        Ok(Self(ppm))
    }
}

/// A product, or what contradicts itself in it.
pub(super) fn product(file: ProductFile, say: &mut Complaints) -> Option<LenderProduct> {
    let table = format!("products.{}", file.code);
    let kind = kind(&table, &file, say)?;
    let special_price = special_price(&table, &file, say)?;
    let prolongation = match file.prolongation {
        Some(rules) => Some(prolongation(&table, rules, say)?),
        None => None,
    };
    let terms = Product {
        code: file.code,
        kind,
        min_amount: file.min_amount.0,
        max_amount: file.max_amount.0,
        amount_step: file.amount_step.0,
        min_term: file.min_term,
        max_term: file.max_term,
        daily_rate: DailyRate::from_ppm(file.daily_rate.0),
        annual_rate: file.annual_rate.map(|rate| AnnualRate::from_ppm(rate.0)),
        special_price,
        promo: file.promo.map(|promo| Promo {
            daily_rate: DailyRate::from_ppm(promo.daily_rate.0),
            max_amount: promo.max_amount.0,
            max_days: promo.max_days,
            first_loan_only: promo.first_loan_only,
            after_due: promo.after_due.into(),
        }),
        penalty_rate: AnnualRate::from_ppm(file.penalty_rate.0),
        shift_days_off: file.shift_days_off,
    };
    Some(LenderProduct {
        terms,
        title: file.title,
        audience: file.audience,
        prolongation,
    })
}

fn kind(table: &str, file: &ProductFile, say: &mut Complaints) -> Option<ProductKind> {
    match (&file.kind, file.days) {
        (Kind::EveryNDays, Some(days)) if days > 0 => Some(ProductKind::EveryNDays { days }),
        (Kind::EveryNDays, _) => {
            say.say(table, "days", "is needed", "write days = 14");
            None
        }
        (_, Some(_)) => {
            let instead = "remove it, or write kind = \"every_n_days\"";
            say.say(table, "days", "belongs to every_n_days only", instead);
            None
        }
        (Kind::Bullet, None) => Some(ProductKind::Bullet),
        (Kind::Monthly, None) => Some(ProductKind::Monthly),
        (Kind::Special, None) => Some(ProductKind::Special),
    }
}

#[allow(clippy::option_option)] // The outer one: whether it makes sense at all.
fn special_price(
    table: &str,
    file: &ProductFile,
    say: &mut Complaints,
) -> Option<Option<SpecialPrice>> {
    match (file.fixed_price, file.price_percent) {
        (None, None) => Some(None),
        (Some(fixed), None) => Some(Some(SpecialPrice::Fixed { amount: fixed.0 })),
        (None, Some(share)) => Some(Some(SpecialPrice::Share { ppm: share.0 })),
        (Some(_), Some(_)) => {
            let problem = "stands beside fixed_price";
            say.say(table, "price_percent", problem, "keep one of the two");
            None
        }
    }
}

fn prolongation(
    table: &str,
    file: ProlongationFile,
    say: &mut Complaints,
) -> Option<ProlongationRules> {
    let table = format!("{table}.prolongation");
    let price = price(&table, &file, say);
    let window = window(&table, &file, say);
    let [shortest, longest] = file.initial_term;
    Some(ProlongationRules {
        price: price?,
        window: window?,
        min_days: file.min_days,
        max_days: file.max_days,
        initial_term: (shortest, longest),
        per_year: file.per_year,
    })
}

fn price(table: &str, file: &ProlongationFile, say: &mut Complaints) -> Option<ProlongationPrice> {
    let fee = file.fee.map(|fee| fee.0).filter(|fee| fee.is_positive());
    let price = match (&file.price, fee) {
        (PriceName::ServiceAndInterest, Some(service)) => {
            ProlongationPrice::ServiceAndInterest { service }
        }
        (PriceName::PerDay, Some(per_day)) => ProlongationPrice::PerDay { per_day },
        (PriceName::Interest, _) if file.fee.is_some() => {
            let instead = "remove it, or write price = \"service_and_interest\"";
            say.say(table, "fee", "is paid by nobody", instead);
            return None;
        }
        (PriceName::Interest, _) => ProlongationPrice::Interest,
        (PriceName::ServiceAndInterest | PriceName::PerDay, None) => {
            let instead = "write what it costs in roubles, such as fee = 14";
            say.say(table, "fee", "is needed for this price", instead);
            return None;
        }
    };
    Some(price)
}

fn window(
    table: &str,
    file: &ProlongationFile,
    say: &mut Complaints,
) -> Option<ProlongationWindow> {
    match (&file.window, file.window_days) {
        (WindowName::LastDays, Some(days)) => Some(ProlongationWindow::LastDays { days }),
        (WindowName::Grace, Some(days)) => Some(ProlongationWindow::Grace { days }),
        (WindowName::LastDays | WindowName::Grace, None) => {
            let problem = "is needed for this window";
            say.say(table, "window_days", problem, "write window_days = 5");
            None
        }
        (_, Some(_)) => {
            let problem = "belongs to the windows last_days and grace only";
            say.say(table, "window_days", problem, "remove it");
            None
        }
        (WindowName::BeforeDue, None) => Some(ProlongationWindow::BeforeDue),
        (WindowName::ThroughDue, None) => Some(ProlongationWindow::ThroughDue),
        (WindowName::OverdueAllowed, None) => Some(ProlongationWindow::OverdueAllowed),
    }
}
