//! What `simulate` is asked, read strictly: every mistake names its key.

use chrono::NaiveDate;
use lending::{
    AnnualRate, DailyRate, Keep, Kopecks, ProductKind, Promo, PromoAfterDue, SpecialPrice,
};
use serde_json::{Map, Value};

use crate::cli::psk::day;
use crate::gateways::wire;

/// The most one loan is: the largest licence's limit.
const LARGEST: Kopecks = Kopecks::from_roubles(1_000_000);
/// The most one payment is. Sums of many such stay within their range.
const LARGEST_PAYMENT: Kopecks = Kopecks::from_roubles(1_000_000_000);
/// The longest term and prolongation: a hundred years. Beyond it dates leave the calendar.
pub const LONGEST_DAYS: u32 = 36_500;
/// The most payments of one loan.
const MOST_PAYMENTS: u32 = 5_200;

/// A loan and what is asked about it.
pub struct Input {
    pub loan: Loan,
    pub events: Vec<Happening>,
    pub on: Vec<NaiveDate>,
}

/// How the loan is repaid.
#[derive(Clone, Copy)]
pub enum Kind {
    Bullet { days: u32 },
    Special { days: u32 },
    EveryNDays { payments: u32, days: u32 },
    Monthly { months: u32 },
}

/// The loan.
pub struct Loan {
    pub kind: Kind,
    pub amount: Kopecks,
    pub issued: NaiveDate,
    pub daily_rate: DailyRate,
    pub annual_rate: Option<AnnualRate>,
    pub special_price: Option<SpecialPrice>,
    pub promo: Option<Promo>,
    pub penalty: AnnualRate,
}

/// Something that happens to it.
pub struct Happening {
    pub on: NaiveDate,
    pub action: Action,
}

/// What happens.
pub enum Action {
    Pay(Kopecks),
    Prolong(u32),
    Prepay(Kopecks, Keep),
}

impl Kind {
    /// The engine's name for it.
    pub fn of_engine(self) -> ProductKind {
        match self {
            Self::Bullet { .. } => ProductKind::Bullet,
            Self::Special { .. } => ProductKind::Special,
            Self::EveryNDays { days, .. } => ProductKind::EveryNDays { days },
            Self::Monthly { .. } => ProductKind::Monthly,
        }
    }
}

impl Loan {
    /// Days for bullet and special, number of payments otherwise.
    pub fn term(&self) -> u32 {
        match self.kind {
            Kind::Bullet { days } | Kind::Special { days } => days,
            Kind::EveryNDays { payments, .. } => payments,
            Kind::Monthly { months } => months,
        }
    }

    fn read(value: Value) -> Result<Self, String> {
        let mut object = Object::of("loan", value)?;
        let kind = object.text("kind")?;
        let kind = match kind.as_str() {
            "bullet" => Kind::Bullet {
                days: object.count("term_days", LONGEST_DAYS)?,
            },
            "special" => Kind::Special {
                days: object.count("term_days", LONGEST_DAYS)?,
            },
            "every_n_days" => Kind::EveryNDays {
                payments: object.count("payments", MOST_PAYMENTS)?,
                days: object.count("every_days", LONGEST_DAYS)?,
            },
            "monthly" => Kind::Monthly {
                months: object.count("months", MOST_PAYMENTS)?,
            },
            _ => {
                let why = "must be bullet, every_n_days, monthly or special";
                return Err(object.wrong("kind", why));
            }
        };
        let amount = object.money("amount")?;
        if amount > LARGEST {
            return Err(object.wrong("amount", "must be at most 1000000.00"));
        }
        let issued = object.date("issued")?;
        let mut loan = Self {
            kind,
            amount,
            issued,
            daily_rate: DailyRate::ZERO,
            annual_rate: None,
            special_price: None,
            promo: None,
            penalty: AnnualRate::from_ppm(0),
        };
        if matches!(kind, Kind::Special { .. }) {
            let amount = object.money("fixed_payment")?;
            loan.special_price = Some(SpecialPrice::Fixed { amount });
        } else {
            loan.rates(&mut object)?;
        }
        object.finish()?;
        Ok(loan)
    }

    fn rates(&mut self, object: &mut Object) -> Result<(), String> {
        match (
            object.has("daily_rate_percent"),
            object.has("annual_rate_percent"),
        ) {
            (true, false) => {
                self.daily_rate = DailyRate::from_ppm(object.percent("daily_rate_percent")?);
            }
            (false, true) => {
                let rate = object.percent("annual_rate_percent")?;
                self.annual_rate = Some(AnnualRate::from_ppm(rate));
            }
            (true, true) => {
                return Err(object.wrong("annual_rate_percent", "only one of the two rates"));
            }
            (false, false) => return Err(object.wrong("daily_rate_percent", "is missing")),
        }
        if object.has("promo") {
            if !matches!(self.kind, Kind::Bullet { .. }) || self.annual_rate.is_some() {
                return Err(object.wrong("promo", "only for a bullet loan with a daily rate"));
            }
            let promo = object.take("promo")?;
            self.promo = Some(read_promo(promo)?);
        }
        self.penalty = AnnualRate::from_ppm(object.percent("penalty_annual_percent")?);
        Ok(())
    }
}

fn read_promo(value: Value) -> Result<Promo, String> {
    let mut object = Object::of("loan.promo", value)?;
    let promo = Promo {
        daily_rate: DailyRate::from_ppm(object.percent("daily_rate_percent")?),
        max_amount: object.money("max_amount")?,
        max_days: object.count("max_days", LONGEST_DAYS)?,
        first_loan_only: false,
        after_due: PromoAfterDue::Ordinary,
    };
    object.finish()?;
    Ok(promo)
}

impl Input {
    /// Reads the JSON text.
    pub fn read(text: &str) -> Result<Self, String> {
        if text.starts_with('\u{feff}') {
            return Err("not JSON: a byte order mark stands before it".into());
        }
        let value: Value =
            serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
        let mut object = Object::of("", value)?;
        let loan = Loan::read(object.take("loan")?)?;
        let events = happenings(object.list("events")?, loan.issued)?;
        let on = object
            .list("on")?
            .into_iter()
            .enumerate()
            .map(|(index, value)| {
                let name = format!("on[{index}]");
                let date = value.as_str().and_then(day);
                let date = date.ok_or_else(|| format!("{name}: must be a date \"YYYY-MM-DD\""))?;
                if date < loan.issued {
                    return Err(format!("{name}: is before loan.issued"));
                }
                Ok(date)
            });
        let on = on.collect::<Result<Vec<NaiveDate>, String>>()?;
        object.finish()?;
        Ok(Self { loan, events, on })
    }
}

/// Events in date order, none before the loan.
fn happenings(values: Vec<Value>, issued: NaiveDate) -> Result<Vec<Happening>, String> {
    let mut events: Vec<Happening> = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        let mut object = Object::of(&format!("events[{index}]"), value)?;
        let on = object.date("on")?;
        if on < issued {
            return Err(object.wrong("on", "is before loan.issued"));
        }
        if events.last().is_some_and(|before| on < before.on) {
            return Err(object.wrong("on", "is before the event above it"));
        }
        let action = action(&mut object)?;
        object.finish()?;
        events.push(Happening { on, action });
    }
    Ok(events)
}

/// Exactly one of the three; the other keys are left over and so refused as unknown.
fn action(object: &mut Object) -> Result<Action, String> {
    if object.has("pay") {
        return Ok(Action::Pay(object.payment("pay")?));
    }
    if object.has("prolong_days") {
        return Ok(Action::Prolong(object.count("prolong_days", LONGEST_DAYS)?));
    }
    if !object.has("prepay") {
        return Err(object.wrong("pay", "is missing (or prolong_days, or prepay)"));
    }
    let amount = object.payment("prepay")?;
    let keep = match object.text("keep")?.as_str() {
        "term" => Keep::Term,
        "payment" => Keep::Payment,
        _ => return Err(object.wrong("keep", "must be term or payment")),
    };
    Ok(Action::Prepay(amount, keep))
}

/// A JSON object whose keys are taken one by one: what is left in the end is unknown.
struct Object {
    path: String,
    map: Map<String, Value>,
}

impl Object {
    fn of(path: &str, value: Value) -> Result<Self, String> {
        match value {
            Value::Object(map) => Ok(Self {
                path: path.to_owned(),
                map,
            }),
            _ if path.is_empty() => Err("the input must be one JSON object".into()),
            _ => Err(format!("{path}: must be an object")),
        }
    }

    fn wrong(&self, key: &str, why: &str) -> String {
        let dot = if self.path.is_empty() { "" } else { "." };
        format!("{}{dot}{key}: {why}", self.path)
    }

    fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    fn take(&mut self, key: &str) -> Result<Value, String> {
        self.map
            .remove(key)
            .ok_or_else(|| self.wrong(key, "is missing"))
    }

    fn text(&mut self, key: &str) -> Result<String, String> {
        match self.take(key)? {
            Value::String(text) => Ok(text),
            _ => Err(self.wrong(key, "must be a string")),
        }
    }

    fn list(&mut self, key: &str) -> Result<Vec<Value>, String> {
        match self.take(key)? {
            Value::Array(list) => Ok(list),
            _ => Err(self.wrong(key, "must be an array")),
        }
    }

    fn date(&mut self, key: &str) -> Result<NaiveDate, String> {
        let text = self.text(key)?;
        day(&text).ok_or_else(|| self.wrong(key, "must be a date \"YYYY-MM-DD\""))
    }

    /// More than zero, at most two places.
    fn money(&mut self, key: &str) -> Result<Kopecks, String> {
        let text = self.text(key)?;
        let sum = wire::kopecks(&text).filter(|sum| sum.is_positive());
        sum.ok_or_else(|| self.wrong(key, "must be a positive amount such as \"15000.00\""))
    }

    fn payment(&mut self, key: &str) -> Result<Kopecks, String> {
        let sum = self.money(key)?;
        if sum > LARGEST_PAYMENT {
            return Err(self.wrong(key, "must be at most 1000000000.00"));
        }
        Ok(sum)
    }

    /// A percentage as millionths: at most four places.
    fn percent(&mut self, key: &str) -> Result<u32, String> {
        let text = self.text(key)?;
        let ppm = wire::fixed(&text, 4).and_then(|ppm| u32::try_from(ppm).ok());
        ppm.ok_or_else(|| {
            self.wrong(
                key,
                "must be a percentage such as \"0.8\", at most 4 places",
            )
        })
    }

    /// A whole number from 1.
    fn count(&mut self, key: &str, most: u32) -> Result<u32, String> {
        let number = self
            .take(key)?
            .as_u64()
            .and_then(|number| u32::try_from(number).ok());
        number
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| self.wrong(key, &format!("must be a whole number from 1 to {most}")))
    }

    fn finish(self) -> Result<(), String> {
        match self.map.keys().next() {
            Some(key) => Err(self.wrong(key, "is unknown here")),
            None => Ok(()),
        }
    }
}
