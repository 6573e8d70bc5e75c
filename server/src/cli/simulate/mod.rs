//! `kopeck simulate`: a loan played from JSON to JSON, over the engine the cabinet itself uses.

mod input;
mod output;

use chrono::{Datelike, NaiveDate};
use lending::{
    Event, LoanError, LoanRequest, Product, ProlongationPrice, ProlongationRefusal,
    ProlongationRules, ProlongationWindow, Quote, QuoteError, Terms, accept_prolongation,
    apply_payment, price, quote_prepayment, quote_prolongation, state,
};

use input::{Action, Happening, Input, Kind, LONGEST_DAYS, Loan};
use output::{Happened, Output, Stand};

/// The last year that is written with four digits.
const LAST_YEAR: i32 = 9999;

/// Plays the loan of a JSON text. The error names the key that is wrong.
pub fn run(text: &str) -> Result<String, String> {
    let input = Input::read(text)?;
    let product = product(&input.loan);
    let request = LoanRequest {
        amount: input.loan.amount,
        term: input.loan.term(),
        start: input.loan.issued,
        first_loan: true,
    };
    let quote = price(&product, &request).map_err(|error| unlawful(&input.loan, &error))?;
    if quote.due.year() > LAST_YEAR {
        return Err(format!(
            "loan.issued: the loan ends after the year {LAST_YEAR}"
        ));
    }
    let play = Play::new(&product, &quote);
    let (events, happened) = play.all(&input.events)?;
    let states = input.on.iter().enumerate().map(|(index, on)| {
        let state = state(&play.terms, &events, *on).map_err(|e| format!("on[{index}]: {e}"))?;
        Ok(Stand::of(&state))
    });
    let states = states.collect::<Result<Vec<Stand>, String>>()?;
    serde_json::to_string(&Output::new(&quote, happened, states)).map_err(|e| e.to_string())
}

/// A product that lends exactly this.
fn product(loan: &Loan) -> Product {
    Product {
        code: "simulated".into(),
        kind: loan.kind.of_engine(),
        min_amount: loan.amount,
        max_amount: loan.amount,
        amount_step: lending::Kopecks::ZERO,
        min_term: loan.term(),
        max_term: loan.term(),
        daily_rate: loan.daily_rate,
        annual_rate: loan.annual_rate,
        special_price: loan.special_price,
        promo: loan.promo,
        penalty_rate: loan.penalty,
        shift_days_off: false,
    }
}

/// The refusal of the engine, with the key it is about.
fn unlawful(loan: &Loan, error: &QuoteError) -> String {
    let promo_above = matches!(error, QuoteError::RateAboveLimit { limit, .. }
        if loan.daily_rate <= *limit && loan.promo.is_some());
    let rate = if promo_above {
        "promo.daily_rate_percent"
    } else if loan.annual_rate.is_some() {
        "annual_rate_percent"
    } else {
        "daily_rate_percent"
    };
    let term = match loan.kind {
        Kind::Bullet { .. } | Kind::Special { .. } => "term_days",
        Kind::EveryNDays { .. } => "payments",
        Kind::Monthly { .. } => "months",
    };
    let key = match error {
        QuoteError::Amount { .. } => "amount",
        QuoteError::Term { .. } | QuoteError::ChargesAboveCap { .. } | QuoteError::OutOfRange => {
            term
        }
        QuoteError::PskAboveLimit { .. } | QuoteError::RateAboveLimit { .. } => rate,
        QuoteError::PenaltyAboveLimit { .. } => "penalty_annual_percent",
        QuoteError::Special {
            max_amount,
            max_days,
            ..
        } => {
            if loan.amount > *max_amount {
                "amount"
            } else if loan.term() > *max_days {
                term
            } else {
                "fixed_payment"
            }
        }
    };
    format!("loan.{key}: {error}")
}

/// The loan being played.
struct Play {
    terms: Terms,
    rules: ProlongationRules,
}

impl Play {
    fn new(product: &Product, quote: &Quote) -> Self {
        Self {
            terms: Terms::from_quote(product, quote, quote.start),
            // Through the due date for the interest owed, and only the law's own limit of times.
            rules: ProlongationRules {
                price: ProlongationPrice::Interest,
                window: ProlongationWindow::ThroughDue,
                min_days: 1,
                max_days: LONGEST_DAYS,
                initial_term: (1, u32::MAX),
                per_year: u32::MAX,
            },
        }
    }

    /// Every event in turn; the accepted ones, and what became of each.
    fn all(&self, happenings: &[Happening]) -> Result<(Vec<Event>, Vec<Happened>), String> {
        let mut events = Vec::new();
        let mut happened = Vec::with_capacity(happenings.len());
        for (index, happening) in happenings.iter().enumerate() {
            let on = happening.on;
            let outcome = match happening.action {
                Action::Pay(amount) => self.pay(&events, on, amount),
                Action::Prolong(days) => self.prolong(&events, on, days),
                Action::Prepay(amount, keep) => self.prepay(&events, on, amount, keep),
            };
            match outcome {
                Ok((event, accepted)) => {
                    events.push(event);
                    happened.push(accepted);
                }
                Err(Refusal::Reason(reason)) => happened.push(Happened::refused(on, reason)),
                Err(Refusal::Wrong(key, text)) => {
                    return Err(format!("events[{index}].{key}: {text}"));
                }
            }
        }
        Ok((events, happened))
    }

    fn pay(&self, events: &[Event], on: NaiveDate, amount: lending::Kopecks) -> Outcome {
        let applied = apply_payment(&self.terms, events, on, amount)?;
        let accepted = Happened::paid(on, &applied.parts, applied.overpaid);
        Ok((Event::Payment { on, amount }, accepted))
    }

    fn prolong(&self, events: &[Event], on: NaiveDate, days: u32) -> Outcome {
        let past: Vec<(NaiveDate, u32)> = events
            .iter()
            .filter_map(|event| match event {
                Event::Prolongation { on, days } => Some((*on, *days)),
                _ => None,
            })
            .collect();
        accept_prolongation(&self.rules, &self.terms, events, &past, on, days)?;
        let quote = quote_prolongation(&self.rules, &self.terms, events, &past, on, days)?;
        Ok((
            Event::Prolongation { on, days },
            Happened::prolonged(on, &quote),
        ))
    }

    fn prepay(
        &self,
        events: &[Event],
        on: NaiveDate,
        amount: lending::Kopecks,
        keep: lending::Keep,
    ) -> Outcome {
        let prepay = quote_prepayment(&self.terms, events, on, amount, keep)?;
        Ok((
            Event::Prepayment { on, amount, keep },
            Happened::prepaid(on, &prepay),
        ))
    }
}

type Outcome = Result<(Event, Happened), Refusal>;

/// Why an event did not happen.
enum Refusal {
    /// The rules do not allow it; the loan goes on.
    Reason(&'static str),
    /// The input is wrong: the key and the words.
    Wrong(&'static str, String),
}

impl From<LoanError> for Refusal {
    fn from(error: LoanError) -> Self {
        match error {
            LoanError::Closed => Self::Reason("closed"),
            LoanError::Kind => Self::Reason("kind"),
            other => Self::Wrong("on", other.to_string()),
        }
    }
}

impl From<ProlongationRefusal> for Refusal {
    fn from(refusal: ProlongationRefusal) -> Self {
        match refusal {
            ProlongationRefusal::Window { .. } => Self::Reason("window"),
            ProlongationRefusal::Count { .. } => Self::Reason("count"),
            ProlongationRefusal::Kind => Self::Reason("kind"),
            ProlongationRefusal::Closed => Self::Reason("closed"),
            ProlongationRefusal::InterestUnpaid { .. } => Self::Reason("interest_unpaid"),
            other => Self::Wrong("prolong_days", other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
