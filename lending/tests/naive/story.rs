//! A loan and what happens to it, in plain numbers: the one input of the naive loan, of the
//! engine and, as JSON, of `kopeck simulate`.

use chrono::NaiveDate;
use lending::{
    AnnualRate, DailyRate, Kopecks, LoanRequest, Product, ProductKind, ProlongationPrice,
    ProlongationRules, ProlongationWindow, Promo, SpecialPrice, Terms, quote,
};
use serde_json::{Value, json};

/// How it is repaid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Bullet { days: u32 },
    Special { days: u32 },
    EveryNDays { payments: u32, days: u32 },
    Monthly { months: u32 },
}

/// A promo: a daily rate in millionths, the largest amount, the longest term.
#[derive(Debug, Clone, Copy)]
pub struct Discount {
    pub daily: u32,
    pub max_amount: i64,
    pub max_days: u32,
}

/// The terms. Amounts are kopecks, rates are millionths.
#[derive(Debug, Clone)]
pub struct Loan {
    pub kind: Kind,
    pub amount: i64,
    pub contract: NaiveDate,
    pub issued: NaiveDate,
    pub daily: u32,
    pub annual: Option<u32>,
    /// The special product's only price.
    pub fixed: i64,
    pub promo: Option<Discount>,
    pub penalty: u32,
    /// Payment dates leave days off.
    pub shift: bool,
}

/// What happens.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    Pay(i64),
    Prolong(u32),
    PrepayKeepingTerm(i64),
    PrepayKeepingPayment(i64),
    /// Penalty, interest, principal that the lender forgives.
    WriteOff(i64, i64, i64),
    /// The rate from tomorrow on, in millionths of a day or, of an annual product, of a year.
    LowerRate(u32),
}

/// When a prolongation may be agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Through the due date: what `kopeck simulate` does.
    ThroughDue,
    LastDays(u32),
    Grace(u32),
    Always,
    /// Nobody asks for the price, as when stored events are read back.
    Unchecked,
}

/// The whole story: events in date order, days to look at.
#[derive(Debug, Clone)]
pub struct Story {
    pub loan: Loan,
    pub window: Window,
    pub events: Vec<(NaiveDate, Action)>,
    pub on: Vec<NaiveDate>,
}

impl Window {
    /// Whether the price of an event is asked before it is stored.
    pub fn checks(self) -> bool {
        self != Self::Unchecked
    }
}

impl Kind {
    /// Days, or how many payments.
    pub fn term(self) -> u32 {
        match self {
            Self::Bullet { days } | Self::Special { days } => days,
            Self::EveryNDays { payments, .. } => payments,
            Self::Monthly { months } => months,
        }
    }
}

impl Loan {
    fn product(&self) -> Product {
        Product {
            code: String::from("story"),
            kind: match self.kind {
                Kind::Bullet { .. } => ProductKind::Bullet,
                Kind::Special { .. } => ProductKind::Special,
                Kind::EveryNDays { days, .. } => ProductKind::EveryNDays { days },
                Kind::Monthly { .. } => ProductKind::Monthly,
            },
            min_amount: Kopecks::new(1),
            max_amount: Kopecks::from_roubles(1_000_000),
            amount_step: Kopecks::ZERO,
            min_term: 1,
            max_term: 1_000,
            daily_rate: DailyRate::from_ppm(self.daily),
            annual_rate: self.annual.map(AnnualRate::from_ppm),
            special_price: Some(SpecialPrice::Fixed {
                amount: Kopecks::new(self.fixed),
            })
            .filter(|_| matches!(self.kind, Kind::Special { .. })),
            promo: self.promo.map(|promo| Promo {
                daily_rate: DailyRate::from_ppm(promo.daily),
                max_amount: Kopecks::new(promo.max_amount),
                max_days: promo.max_days,
                first_loan_only: false,
                after_due: lending::PromoAfterDue::Ordinary,
            }),
            penalty_rate: AnnualRate::from_ppm(self.penalty),
            shift_days_off: self.shift,
        }
    }

    /// The engine's terms, or why the law refuses them; the full cost they carry.
    pub fn signed(&self) -> Result<(Terms, i64), String> {
        let product = self.product();
        let request = LoanRequest {
            amount: Kopecks::new(self.amount),
            term: self.kind.term(),
            start: self.contract,
            first_loan: true,
        };
        let quote = quote(&product, &request).map_err(|error| error.to_string())?;
        let terms = Terms::from_quote(&product, &quote, self.contract);
        if self.issued == self.contract {
            return Ok((terms, quote.psk.thousandths));
        }
        let (terms, psk) = terms
            .reissued(self.issued)
            .map_err(|error| error.to_string())?;
        Ok((terms, psk.thousandths))
    }

    fn json(&self) -> Value {
        let mut loan = json!({"amount": plain(self.amount), "issued": self.issued});
        match self.kind {
            Kind::Bullet { days } => {
                loan["kind"] = json!("bullet");
                loan["term_days"] = json!(days);
            }
            Kind::Special { days } => {
                loan["kind"] = json!("special");
                loan["term_days"] = json!(days);
                loan["fixed_payment"] = json!(plain(self.fixed));
                return loan;
            }
            Kind::EveryNDays { payments, days } => {
                loan["kind"] = json!("every_n_days");
                loan["payments"] = json!(payments);
                loan["every_days"] = json!(days);
            }
            Kind::Monthly { months } => {
                loan["kind"] = json!("monthly");
                loan["months"] = json!(months);
            }
        }
        match self.annual {
            Some(annual) => loan["annual_rate_percent"] = json!(percent(annual)),
            None => loan["daily_rate_percent"] = json!(percent(self.daily)),
        }
        if let Some(promo) = self.promo {
            loan["promo"] = json!({
                "max_amount": plain(promo.max_amount),
                "max_days": promo.max_days,
                "daily_rate_percent": percent(promo.daily),
            });
        }
        loan["penalty_annual_percent"] = json!(percent(self.penalty));
        loan
    }
}

impl Story {
    /// The input of `kopeck simulate`.
    pub fn json(&self) -> Value {
        let event = |(on, action): &(NaiveDate, Action)| match action {
            Action::Pay(amount) => json!({"on": on, "pay": plain(*amount)}),
            Action::Prolong(days) => json!({"on": on, "prolong_days": days}),
            Action::PrepayKeepingTerm(amount) => {
                json!({"on": on, "prepay": plain(*amount), "keep": "term"})
            }
            Action::PrepayKeepingPayment(amount) => {
                json!({"on": on, "prepay": plain(*amount), "keep": "payment"})
            }
            Action::WriteOff(..) | Action::LowerRate(_) => {
                json!({"on": on, "beyond": format!("{action:?}")})
            }
        };
        let events: Vec<Value> = self.events.iter().map(event).collect();
        json!({"loan": self.loan.json(), "events": events, "on": self.on})
    }

    /// What of the story the tool has no words for.
    pub fn beyond_the_tool(&self) -> Vec<String> {
        let loan = &self.loan;
        let mut notes = Vec::new();
        if loan.shift {
            notes.push(String::from("payment dates leave days off"));
        }
        if loan.contract != loan.issued {
            notes.push(format!("signed on {}", loan.contract));
        }
        if self.window != Window::ThroughDue {
            notes.push(format!("prolongations: {:?}", self.window));
        }
        let adjusts =
            |action: &Action| matches!(action, Action::WriteOff(..) | Action::LowerRate(_));
        if self.events.iter().any(|(_, action)| adjusts(action)) {
            notes.push(String::from("what the lender gives up"));
        }
        notes
    }

    pub fn rules(&self) -> ProlongationRules {
        ProlongationRules {
            price: ProlongationPrice::Interest,
            window: match self.window {
                Window::ThroughDue => ProlongationWindow::ThroughDue,
                Window::LastDays(days) => ProlongationWindow::LastDays { days },
                Window::Grace(days) => ProlongationWindow::Grace { days },
                Window::Always | Window::Unchecked => ProlongationWindow::OverdueAllowed,
            },
            min_days: 1,
            max_days: 36_500,
            initial_term: (1, u32::MAX),
            per_year: u32::MAX,
        }
    }
}

fn plain(kopecks: i64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

fn percent(ppm: u32) -> String {
    format!("{}.{:04}", ppm / 10_000, ppm % 10_000)
}
