//! What makes a loan cheaper or larger than its product says: the tables `[[promotions]]`, `[[personal_offers]]` and
//! `[[statuses]]`. None of them may make anything dearer.

use chrono::NaiveDate;
use lending::{DailyRate, Kopecks, Product, ProductKind, Promo, rules};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::product::{AfterDue, Percent, Roubles};
use super::{Audience, Lender, LenderProduct, Text};

mod check;

pub(super) use check::check;

/// Days a payment date may move by over the longest holidays.
const LONGEST_SHIFT: u32 = 14;

/// Rules of offers that people of the staff give.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferRules {
    /// A personal offer that may cost the lender this much interest or more waits for a second person, and so does the
    /// handing over of a drawn prize that is worth as much.
    second_person_from: Roubles,
}

impl Default for OfferRules {
    fn default() -> Self {
        Self {
            second_person_from: Roubles(Kopecks::from_roubles(3000)),
        }
    }
}

impl OfferRules {
    /// From how much given up interest, or worth of a prize, a second person is asked.
    pub const fn second_person_from(self) -> Kopecks {
        self.second_person_from.0
    }
}

/// Who a promotion is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromotionAudience {
    /// Everybody.
    #[default]
    Everybody,
    /// People who never had a loan here.
    New,
    /// People who had.
    Repeat,
    /// People who repaid a loan in the last `closed_within_days` days.
    Closed,
}

impl PromotionAudience {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::New => "new",
            Self::Repeat => "repeat",
            Self::Closed => "closed",
        }
    }

    /// Whether somebody may belong to both.
    const fn meets(self, other: Self) -> bool {
        !matches!(
            (self, other),
            (Self::New, Self::Repeat | Self::Closed) | (Self::Repeat | Self::Closed, Self::New)
        )
    }

    const fn reaches(self, product: Audience) -> bool {
        !matches!(
            (self, product),
            (Self::New, Audience::Repeat) | (Self::Repeat | Self::Closed, Audience::New)
        )
    }
}

/// A promotion: better terms between two dates for those it is meant for.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promotion {
    /// A stable name of a-z, 0-9 and '-'; what was given is kept with it, so it never changes.
    pub code: String,
    /// The name people see.
    pub title: Text,
    /// What it is, in a sentence or two.
    pub about: Text,
    /// The first day. Promotions that are still to come are listed with it.
    #[serde(deserialize_with = "super::file::date")]
    #[schemars(schema_with = "super::file::date_schema")]
    pub from: NaiveDate,
    /// The last day, on which an application may still be filed with it.
    #[serde(deserialize_with = "super::file::date")]
    #[schemars(schema_with = "super::file::date_schema")]
    pub until: NaiveDate,
    /// Who it is for.
    #[serde(default)]
    pub audience: PromotionAudience,
    /// Of the audience `closed`: how many days after a loan was repaid.
    pub closed_within_days: Option<u32>,
    /// For how many loans it is given in all; without end when left out.
    pub uses: Option<u32>,
    /// How much interest the lender gives up for it in all, in roubles; without end when left out.
    budget: Option<Roubles>,
    /// For how many loans of one person it is given.
    #[serde(default = "once")]
    pub per_person: u32,
    /// What it changes.
    pub terms: OfferTerms,
}

const fn once() -> u32 {
    1
}

impl Promotion {
    /// How much interest is given up in all, when that is bounded.
    pub fn budget(&self) -> Option<Kopecks> {
        self.budget.map(|sum| sum.0)
    }

    /// Whether it runs on a day.
    pub fn runs(&self, on: NaiveDate) -> bool {
        (self.from..=self.until).contains(&on)
    }
}

/// What ends a personal offer besides its last day and its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndsOn {
    /// A payment that is late.
    Late,
    /// A loan taken without it.
    OtherLoan,
}

/// A personal offer that the program gives by itself, once, to whoever has repaid so many loans on time.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonalRule {
    /// A stable name of a-z, 0-9 and '-'; offers are kept with it, so it never changes.
    pub code: String,
    /// The name people see.
    pub title: Text,
    /// What it is, in a sentence or two.
    pub about: Text,
    /// How many loans must have been repaid without a day of delay.
    pub after_loans: u32,
    /// For how many days it may be used.
    pub valid_days: u32,
    /// What else ends it.
    #[serde(default)]
    pub ends_on: Vec<EndsOn>,
    /// What it changes.
    pub terms: OfferTerms,
}

/// A status of repeat clients: held by whoever has repaid so many loans on time, while no payment is late.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientStatus {
    /// A stable name of a-z, 0-9 and '-'; what was given is kept with it, so it never changes.
    pub code: String,
    /// The name people see.
    pub title: Text,
    /// What it gives, in a sentence or two.
    pub about: Text,
    /// How many loans must have been repaid without a day of delay.
    pub after_loans: u32,
    /// What it changes; nothing in the terms of loans when left out.
    pub terms: Option<OfferTerms>,
}

/// What an offer changes: a reduced rate inside limits, a raised limit, or both.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferTerms {
    /// Loans of these products have it.
    products: Vec<String>,
    /// The reduced rate for a day; "0" is a free loan. Granted for the whole term when amount AND term are inside.
    daily_rate: Option<Percent>,
    /// The largest amount of the reduced rate.
    max_amount: Option<Roubles>,
    /// The longest term in days of the reduced rate.
    max_days: Option<u32>,
    /// The rate from the first day of delay.
    #[serde(default)]
    after_due: AfterDue,
    /// The largest amount that is lent with it, above the product's own.
    raised_limit: Option<Roubles>,
}

impl OfferTerms {
    /// The same as the arithmetic takes it.
    pub fn effect(&self) -> Effect {
        let rate = self.daily_rate.map(|rate| Promo {
            daily_rate: DailyRate::from_ppm(rate.0),
            max_amount: self.max_amount.map_or(Kopecks::ZERO, |most| most.0),
            max_days: self.max_days.unwrap_or_default(),
            first_loan_only: false,
            after_due: self.after_due.into(),
        });
        Effect {
            products: self.products.clone(),
            rate,
            raised_limit: self.raised_limit.map(|limit| limit.0),
        }
    }
}

/// What an offer makes of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Codes of the products.
    pub products: Vec<String>,
    /// A reduced rate inside limits.
    pub rate: Option<Promo>,
    /// The largest amount, above the product's own.
    pub raised_limit: Option<Kopecks>,
}

/// What is wrong with an effect: the key, what is wrong, what to write instead.
pub type Fault = (&'static str, String, String);

impl Effect {
    /// The product with all of it.
    pub fn on(&self, product: &Product) -> Product {
        let mut changed = product.clone();
        if let Some(rate) = self.rate {
            changed.promo = Some(rate);
        }
        if let Some(limit) = self.raised_limit {
            changed.max_amount = changed.max_amount.max(limit);
        }
        changed
    }

    /// The most interest that one loan can cost the lender by it; zero where only a limit is raised.
    pub fn most(&self, lender: &Lender) -> Kopecks {
        let Some(rate) = self.rate else {
            return Kopecks::ZERO;
        };
        let products = self.products.iter();
        let costs = products
            .filter_map(|code| lender.product(code))
            .map(|it| given_up_at_most(&it.terms, rate.daily_rate, rate.max_amount, rate.max_days));
        costs.max().unwrap_or_default()
    }

    /// Everything that contradicts a product or the law; empty when it can be offered.
    pub fn faults(&self, lender: &Lender) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.rate.is_none() && self.raised_limit.is_none() {
            let problem = "and raised_limit are missing: nothing changes".to_owned();
            faults.push(("daily_rate", problem, "write one of them".to_owned()));
        }
        if self.products.is_empty() {
            let instead = "write codes of [[products]]".to_owned();
            faults.push(("products", "is empty".to_owned(), instead));
        }
        for code in &self.products {
            if let Some(product) = lender.product(code) {
                self.against(lender, product, &mut faults);
            } else {
                let instead = "write codes of [[products]]".to_owned();
                faults.push(("products", format!("names no product: {code}"), instead));
            }
        }
        faults
    }

    fn against(&self, lender: &Lender, product: &LenderProduct, faults: &mut Vec<Fault>) {
        let terms = &product.terms;
        if let Some(rate) = &self.rate {
            reduced(rate, self.raised_limit, terms, faults);
        }
        if let Some(limit) = self.raised_limit {
            raised(limit, lender, terms, faults);
        }
    }
}

/// The most interest that a lower rate gives up on whatever day the loan is signed, rounded up to the kopeck.
pub(crate) fn given_up_at_most(
    terms: &Product,
    rate: DailyRate,
    amount: Kopecks,
    days: u32,
) -> Kopecks {
    let shift = if terms.shift_days_off {
        LONGEST_SHIFT
    } else {
        0
    };
    let days = i128::from(days) + i128::from(shift);
    let less = i128::from(terms.daily_rate.ppm().saturating_sub(rate.ppm()));
    let exact = i128::from(amount.get()) * less * days;
    let kopecks = (exact + 999_999) / 1_000_000;
    Kopecks::new(i64::try_from(kopecks).unwrap_or(i64::MAX))
}

fn reduced(rate: &Promo, raised: Option<Kopecks>, terms: &Product, faults: &mut Vec<Fault>) {
    let code = &terms.code;
    if terms.kind != ProductKind::Bullet {
        let problem = format!("is promised on `{code}`, which is not repaid by one payment");
        let instead = "leave the product out of products, or write raised_limit only";
        faults.push(("daily_rate", problem, instead.to_owned()));
        return;
    }
    if rate.daily_rate >= terms.daily_rate {
        let problem = format!("is not below the ordinary rate of `{code}`");
        let instead = format!("write less than \"{}\"", terms.daily_rate.percent_text());
        faults.push(("daily_rate", problem, instead));
    }
    let most = raised.map_or(terms.max_amount, |limit| limit.max(terms.max_amount));
    if !(terms.min_amount..=most).contains(&rate.max_amount) {
        let problem = format!("is outside the product `{code}`, or missing beside daily_rate");
        let (least, most) = (roubles(terms.min_amount), roubles(most));
        faults.push(("max_amount", problem, format!("write {least} to {most}")));
    }
    if !(terms.min_term..=terms.max_term).contains(&rate.max_days) {
        let problem = format!("is outside the term of `{code}`, or missing beside daily_rate");
        let instead = format!("write {} to {}", terms.min_term, terms.max_term);
        faults.push(("max_days", problem, instead));
    }
}

fn raised(limit: Kopecks, lender: &Lender, terms: &Product, faults: &mut Vec<Fault>) {
    let code = &terms.code;
    if terms.kind == ProductKind::Special {
        let problem = format!("is promised on `{code}`, whose largest amount is the law's");
        let instead = "leave the special product out of products".to_owned();
        faults.push(("raised_limit", problem, instead));
        return;
    }
    let most = rules::licence_limit(lender.licence);
    if limit > most {
        let problem = "is above the licence's limit".to_owned();
        let instead = format!("write at most {}", roubles(most));
        faults.push(("raised_limit", problem, instead));
    }
    if limit <= terms.max_amount {
        let problem = format!("is not above what `{code}` lends to everybody");
        let instead = format!("write more than {}", roubles(terms.max_amount));
        faults.push(("raised_limit", problem, instead));
    }
    let step = terms.amount_step.get();
    if step > 0 && (limit.get() - terms.min_amount.get()) % step != 0 {
        let problem = format!("is not reached by the steps of `{code}`");
        let (least, step) = (roubles(terms.min_amount), roubles(terms.amount_step));
        let instead = format!("write {least} and a whole number of steps of {step}");
        faults.push(("raised_limit", problem, instead));
    }
}

/// A sum as the file writes it.
fn roubles(sum: Kopecks) -> String {
    let plain = sum.plain();
    plain.strip_suffix(".00").unwrap_or(&plain).to_owned()
}

impl Lender {
    /// Whether there is anything to offer at all.
    pub fn has_offers(&self) -> bool {
        let promo = |it: &LenderProduct| it.terms.promo.is_some();
        !(self.promotions.is_empty() && self.personal_offers.is_empty() && self.statuses.is_empty())
            || self.products.iter().any(promo)
    }

    /// A promotion by its code.
    pub fn promotion(&self, code: &str) -> Option<&Promotion> {
        self.promotions.iter().find(|it| it.code == code)
    }

    /// The highest status of whoever has repaid so many loans on time.
    pub fn status_after(&self, repaid_on_time: u32) -> Option<&ClientStatus> {
        let reached = |it: &&ClientStatus| it.after_loans <= repaid_on_time;
        self.statuses.iter().rfind(reached)
    }
}
