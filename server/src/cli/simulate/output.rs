//! What `simulate` answers. The order of fields is the order on paper.

use chrono::NaiveDate;
use lending::{
    Claim, Kopecks, LoanState, Part, Prepay, ProlongationQuote, Quote, Schedule, Status,
};
use serde::Serialize;

/// The whole answer.
#[derive(Serialize)]
pub struct Output {
    psk_percent: String,
    psk_roubles: String,
    cap: Option<String>,
    schedule: Vec<Row>,
    events: Vec<Happened>,
    states: Vec<Stand>,
}

#[derive(Serialize)]
struct Row {
    due: NaiveDate,
    payment: String,
    principal: String,
    interest: String,
}

/// What became of an event.
#[derive(Serialize)]
pub struct Happened {
    on: NaiveDate,
    accepted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(flatten)]
    paid: Option<Paid>,
    #[serde(flatten)]
    renewed: Option<Renewed>,
}

/// Where the money went.
#[derive(Serialize)]
struct Paid {
    overdue_interest: String,
    overdue_principal: String,
    interest: String,
    principal: String,
    penalty: String,
    overpaid: String,
}

/// The loan's new shape; nulls and an empty schedule when it is closed.
#[derive(Serialize)]
struct Renewed {
    new_due: Option<NaiveDate>,
    psk_percent: Option<String>,
    schedule: Vec<Row>,
}

/// The loan at the end of a day.
#[derive(Serialize)]
pub struct Stand {
    on: NaiveDate,
    status: Status,
    principal: String,
    interest: String,
    penalty: String,
    total: String,
    accrued: String,
    days_overdue: u32,
}

fn rows(schedule: &Schedule) -> Vec<Row> {
    let row = |line: &lending::Instalment| Row {
        due: line.due,
        payment: line.payment.plain(),
        principal: line.principal.plain(),
        interest: line.interest.plain(),
    };
    schedule.instalments.iter().map(row).collect()
}

impl Output {
    /// The answer of a quote and what followed.
    pub fn new(quote: &Quote, events: Vec<Happened>, states: Vec<Stand>) -> Self {
        Self {
            psk_percent: quote.psk.percent_plain(),
            psk_roubles: quote.psk.roubles.plain(),
            cap: quote.has_cap.then(|| quote.cap.plain()),
            schedule: rows(&quote.schedule),
            events,
            states,
        }
    }
}

impl Paid {
    fn new(parts: &[Part], overpaid: Kopecks) -> Self {
        let of = |claim: Claim| {
            let parts = parts.iter().filter(|part| part.claim == claim);
            parts.map(|part| part.amount).sum::<Kopecks>().plain()
        };
        Self {
            overdue_interest: of(Claim::OverdueInterest),
            overdue_principal: of(Claim::OverduePrincipal),
            interest: of(Claim::Interest),
            principal: of(Claim::Principal),
            penalty: of(Claim::Penalty),
            overpaid: overpaid.plain(),
        }
    }
}

impl Happened {
    fn accepted(on: NaiveDate) -> Self {
        Self {
            on,
            accepted: true,
            reason: None,
            paid: None,
            renewed: None,
        }
    }

    /// It did not happen.
    pub fn refused(on: NaiveDate, reason: &'static str) -> Self {
        Self {
            accepted: false,
            reason: Some(reason),
            ..Self::accepted(on)
        }
    }

    /// A payment.
    pub fn paid(on: NaiveDate, parts: &[Part], overpaid: Kopecks) -> Self {
        Self {
            paid: Some(Paid::new(parts, overpaid)),
            ..Self::accepted(on)
        }
    }

    /// A moved due date.
    pub fn prolonged(on: NaiveDate, quote: &ProlongationQuote) -> Self {
        let renewed = Renewed {
            new_due: Some(quote.new_due),
            psk_percent: Some(quote.psk.percent_plain()),
            schedule: rows(&quote.schedule),
        };
        Self {
            renewed: Some(renewed),
            ..Self::accepted(on)
        }
    }

    /// A payment that re-made the schedule.
    pub fn prepaid(on: NaiveDate, prepay: &Prepay) -> Self {
        let renewed = Renewed {
            new_due: prepay.new_schedule.as_ref().map(Schedule::last_due),
            psk_percent: prepay.new_psk.map(lending::Psk::percent_plain),
            schedule: prepay.new_schedule.as_ref().map(rows).unwrap_or_default(),
        };
        Self {
            renewed: Some(renewed),
            ..Self::paid(on, &prepay.parts, prepay.overpaid)
        }
    }
}

impl Stand {
    /// How a state is told.
    pub fn of(state: &LoanState) -> Self {
        Self {
            on: state.on,
            status: state.status,
            principal: state.principal.plain(),
            interest: state.interest.plain(),
            penalty: state.penalty.plain(),
            total: state.payoff.plain(),
            accrued: state.accrued.plain(),
            days_overdue: state.days_overdue,
        }
    }
}
