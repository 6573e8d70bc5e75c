//! The file as it is written: amounts in roubles, rates in percent, every key known.

use chrono::NaiveDate;
use lending::{
    AnnualRate, DailyRate, Kopecks, Licence, Product, ProductKind, ProlongationPrice,
    ProlongationRules, ProlongationWindow, Promo, PromoAfterDue, SpecialPrice,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::check::Complaint;
use super::{
    Access, Brand, DecisionRules, Documents, Lender, LenderError, LenderProduct, PaymentRules, Pwa,
    Requisites,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: String,
    name: String,
    legal_name: String,
    licence: Licence,
    registry_number: String,
    sro: String,
    inn: String,
    ogrn: String,
    address: String,
    site: String,
    hotline: String,
    email: String,
    support_hours: String,
    #[serde(default = "moscow")]
    clock_offset_minutes: i32,
    #[serde(deserialize_with = "date")]
    terms_from: NaiveDate,
    brand: Brand,
    access: Access,
    products: Vec<ProductFile>,
    decision: DecisionRules,
    payment: PaymentRules,
    requisites: Requisites,
    documents: Documents,
    #[serde(default)]
    pwa: Pwa,
}

fn moscow() -> i32 {
    180
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

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Bullet,
    EveryNDays,
    Monthly,
    Special,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductFile {
    code: String,
    title: String,
    title_en: String,
    kind: Kind,
    /// Only of `every_n_days`.
    days: Option<u32>,
    min_amount: Roubles,
    max_amount: Roubles,
    amount_step: Roubles,
    min_term: u32,
    max_term: u32,
    daily_rate: Percent,
    annual_rate: Option<Percent>,
    fixed_price: Option<Roubles>,
    price_percent: Option<Percent>,
    penalty_rate: Percent,
    #[serde(default)]
    shift_days_off: bool,
    promo: Option<PromoFile>,
    prolongation: Option<ProlongationFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromoFile {
    daily_rate: Percent,
    max_amount: Roubles,
    max_days: u32,
    first_loan_only: bool,
    /// The rate from the first day of delay: `ordinary` (when not said) or `promo`.
    #[serde(default)]
    after_due: PromoAfterDue,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum PriceName {
    Interest,
    ServiceAndInterest,
    PerDay,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WindowName {
    BeforeDue,
    UntilBeforeDue,
    ThroughDue,
    Grace,
    OverdueAllowed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProlongationFile {
    price: PriceName,
    /// Roubles: of the service, or for a day.
    fee: Option<Roubles>,
    window: WindowName,
    /// Of `before_due`, `until_before_due` and `grace`.
    window_days: Option<u32>,
    min_days: u32,
    max_days: u32,
    initial_term: [u32; 2],
    per_year: u32,
}

/// Whole roubles, or text with kopecks: `1000`, `"99.50"`.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "NumberOrText")]
struct Roubles(Kopecks);

/// Percent as text, exact: `"0.8"`. A number with a point would be a float, so it is refused.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "NumberOrText")]
struct Percent(u32);

#[derive(Deserialize)]
#[serde(untagged, expecting = "a whole number, or text such as \"0.8\"")]
enum NumberOrText {
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

/// Reads the file; shapes and keys only, the sense is checked after.
pub(super) fn read(text: &str) -> Result<Lender, LenderError> {
    let file: File = toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or_default();
        let line = text
            .lines()
            .nth(before.matches('\n').count())
            .unwrap_or_default();
        let key = line.split_once('=').map_or(line, |(key, _)| key).trim();
        LenderError {
            line: before.matches('\n').count() + 1,
            key: if key.is_empty() {
                "file".into()
            } else {
                key.into()
            },
            problem: error.message().lines().collect::<Vec<_>>().join(" "),
            instead: "compare with lenders/demo.toml".into(),
        }
    })?;
    lender(file).map_err(|complaint| complaint.at(text))
}

fn lender(file: File) -> Result<Lender, Complaint> {
    let products = file
        .products
        .into_iter()
        .map(product)
        .collect::<Result<_, _>>()?;
    Ok(Lender {
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
        support_hours: file.support_hours,
        clock_offset_minutes: file.clock_offset_minutes,
        terms_from: file.terms_from,
        brand: file.brand,
        access: file.access,
        products,
        decision: file.decision,
        payment: file.payment,
        requisites: file.requisites,
        documents: file.documents,
        pwa: file.pwa,
    })
}

fn product(file: ProductFile) -> Result<LenderProduct, Complaint> {
    let table = format!("products.{}", file.code);
    let kind = match (&file.kind, file.days) {
        (Kind::EveryNDays, Some(days)) if days > 0 => ProductKind::EveryNDays { days },
        (Kind::EveryNDays, _) => {
            return Err(Complaint::new(
                &table,
                "days",
                "is needed",
                "write days = 14",
            ));
        }
        (_, Some(_)) => {
            let instead = "remove it, or write kind = \"every_n_days\"";
            return Err(Complaint::new(
                &table,
                "days",
                "belongs to every_n_days only",
                instead,
            ));
        }
        (Kind::Bullet, None) => ProductKind::Bullet,
        (Kind::Monthly, None) => ProductKind::Monthly,
        (Kind::Special, None) => ProductKind::Special,
    };
    let prolongation = file
        .prolongation
        .map(|rules| prolongation(&table, rules))
        .transpose()?;
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
        special_price: special_price(&table, file.fixed_price, file.price_percent)?,
        promo: file.promo.map(|promo| Promo {
            daily_rate: DailyRate::from_ppm(promo.daily_rate.0),
            max_amount: promo.max_amount.0,
            max_days: promo.max_days,
            first_loan_only: promo.first_loan_only,
            after_due: promo.after_due,
        }),
        penalty_rate: AnnualRate::from_ppm(file.penalty_rate.0),
        shift_days_off: file.shift_days_off,
    };
    Ok(LenderProduct {
        terms,
        title: file.title,
        title_en: file.title_en,
        prolongation,
    })
}

fn special_price(
    table: &str,
    fixed: Option<Roubles>,
    share: Option<Percent>,
) -> Result<Option<SpecialPrice>, Complaint> {
    match (fixed, share) {
        (None, None) => Ok(None),
        (Some(fixed), None) => Ok(Some(SpecialPrice::Fixed { amount: fixed.0 })),
        (None, Some(share)) => Ok(Some(SpecialPrice::Share { ppm: share.0 })),
        (Some(_), Some(_)) => {
            let problem = "stands beside fixed_price";
            Err(Complaint::new(
                table,
                "price_percent",
                problem,
                "keep one of the two",
            ))
        }
    }
}

fn prolongation(table: &str, file: ProlongationFile) -> Result<ProlongationRules, Complaint> {
    let table = format!("{table}.prolongation");
    let fee = |name: &str| {
        file.fee
            .map(|fee| fee.0)
            .filter(|fee| fee.is_positive())
            .ok_or_else(|| {
                Complaint::new(
                    &table,
                    "fee",
                    &format!("is needed for price = \"{name}\""),
                    "write fee = 99",
                )
            })
    };
    let price = match file.price {
        PriceName::ServiceAndInterest => ProlongationPrice::ServiceAndInterest {
            service: fee("service_and_interest")?,
        },
        PriceName::PerDay => ProlongationPrice::PerDay {
            per_day: fee("per_day")?,
        },
        PriceName::Interest if file.fee.is_some() => {
            let instead = "remove it, or write price = \"service_and_interest\"";
            return Err(Complaint::new(&table, "fee", "nobody pays it", instead));
        }
        PriceName::Interest => ProlongationPrice::Interest,
    };
    let days = |name: &str| {
        file.window_days.ok_or_else(|| {
            let problem = format!("is needed for window = \"{name}\"");
            Complaint::new(&table, "window_days", &problem, "write window_days = 5")
        })
    };
    let window = match file.window {
        WindowName::BeforeDue => ProlongationWindow::BeforeDue {
            days: days("before_due")?,
        },
        WindowName::UntilBeforeDue => ProlongationWindow::UntilBeforeDue {
            days: days("until_before_due")?,
        },
        WindowName::Grace => ProlongationWindow::Grace {
            days: days("grace")?,
        },
        WindowName::ThroughDue => ProlongationWindow::ThroughDue,
        WindowName::OverdueAllowed => ProlongationWindow::OverdueAllowed,
    };
    let [shortest, longest] = file.initial_term;
    Ok(ProlongationRules {
        price,
        window,
        min_days: file.min_days,
        max_days: file.max_days,
        initial_term: (shortest, longest),
        per_year: file.per_year,
    })
}
