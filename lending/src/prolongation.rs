//! Moving the due date of a bullet loan: prices, windows, counts.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::calendar::{days_since, plus_days};
use crate::loan::{Event, LoanError, Terms};
use crate::money::Kopecks;
use crate::product::{Instalment, ProductKind, Schedule};
use crate::psk::{Psk, PskError, psk};
use crate::rules::{SHORT_LOAN_DAYS, prolongations_per_year};
use crate::run::Run;
use crate::view::replay_all;

/// What a prolongation costs on the day of the agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProlongationPrice {
    /// All interest to date.
    Interest,
    /// The same and a paid service.
    ServiceAndInterest {
        /// The price of the service.
        service: Kopecks,
    },
    /// The same and a sum for every day added.
    PerDay {
        /// For one day.
        per_day: Kopecks,
    },
}

/// When a prolongation may be agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProlongationWindow {
    /// Any day before the due date, and not on it: a loan due on the 25th is prolonged through
    /// the 24th.
    BeforeDue,
    /// From so many days before the due date through it.
    LastDays {
        /// Days before the due date.
        days: u32,
    },
    /// Any day through the due date.
    ThroughDue,
    /// Any day through so many days after the due date.
    Grace {
        /// Days after the due date.
        days: u32,
    },
    /// Any day, late or not.
    OverdueAllowed,
}

/// A lender's rules of prolonging.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProlongationRules {
    /// What it costs.
    pub price: ProlongationPrice,
    /// When it may be agreed.
    pub window: ProlongationWindow,
    /// The shortest prolongation in days.
    pub min_days: u32,
    /// The longest prolongation in days.
    pub max_days: u32,
    /// Initial terms in days that may be prolonged, both ends included.
    pub initial_term: (u32, u32),
    /// At most so many in 365 days; the base standard's own limit acts besides.
    pub per_year: u32,
}

/// What a prolongation would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProlongationQuote {
    /// The day of the agreement.
    pub on: NaiveDate,
    /// Days added, counted from the old due date.
    pub days: u32,
    /// The due date before.
    pub old_due: NaiveDate,
    /// The due date after.
    pub new_due: NaiveDate,
    /// What must be paid today: debt parts and `fee` together.
    pub pay_now: Kopecks,
    /// The part of `pay_now` that is the price of the service and repays no debt, cut to what the
    /// accrual cap leaves: the [`Event::Payment`] to store is `pay_now - fee`, and none when that
    /// is zero; the fee itself is an [`Event::Service`].
    pub fee: Kopecks,
    /// What closes the loan on the new due date.
    pub due_then: Kopecks,
    /// The penalty inside `due_then`.
    pub penalty: Kopecks,
    /// `pay_now + due_then`.
    pub total: Kopecks,
    /// What closes the loan today instead.
    pub pay_today_total: Kopecks,
    /// `total - pay_today_total`: the price of more time.
    pub extra: Kopecks,
    /// The new full cost, of the flows from today on: what is still owed against what will be
    /// paid for it, the fee included.
    pub psk: Psk,
    /// The new schedule, starting today.
    pub schedule: Schedule,
    /// Prolongations left in the year after this one.
    pub left_this_year: u32,
}

/// Why a loan can't be prolonged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum ProlongationRefusal {
    /// Not on this day.
    #[error("outside the window of prolonging")]
    Window {
        /// The first day it is possible; `None`: any earlier day was.
        opens: Option<NaiveDate>,
        /// The last day it is possible; `None`: no end.
        closes: Option<NaiveDate>,
    },
    /// Too many in a year (SRO base standard, art. 13).
    #[error("too many prolongations in a year")]
    Count {
        /// When the next one is possible.
        available_from: NaiveDate,
    },
    /// This kind of loan is never prolonged.
    #[error("this kind of loan is never prolonged")]
    Kind,
    /// Too few or too many days; also when the new due date would not be after today.
    #[error("too few or too many days")]
    Days {
        /// The shortest.
        min: u32,
        /// The longest.
        max: u32,
    },
    /// The loan is closed.
    #[error("the loan is closed")]
    Closed,
    /// Loans of this initial term are not prolonged.
    #[error("loans of this initial term are not prolonged")]
    InitialTerm {
        /// The shortest initial term in days.
        min: u32,
        /// The longest initial term in days.
        max: u32,
    },
    /// The price has not been paid: see [`accept_prolongation`].
    #[error("the interest is not paid")]
    InterestUnpaid {
        /// What is missing.
        owed: Kopecks,
    },
    /// The events can't be replayed.
    #[error("the loan can't be computed")]
    Loan,
}

/// What prolonging by `days` on the day `on` would mean. `past_year` lists all prolongations of
/// this borrower with their days. The price is paid first, then [`Event::Prolongation`] follows.
///
/// The price repays claims in the legal order, so a penalty, which comes after principal, is not
/// part of it and stays owed.
pub fn quote_prolongation(
    rules: &ProlongationRules,
    terms: &Terms,
    events: &[Event],
    past_year: &[(NaiveDate, u32)],
    on: NaiveDate,
    days: u32,
) -> Result<ProlongationQuote, ProlongationRefusal> {
    let refuse = |_: LoanError| ProlongationRefusal::Loan;
    let before = replay_all(terms, events, on).map_err(refuse)?;
    let new_due = allowed(rules, &before, days)?;
    let limit = yearly_limit(rules, terms, on);
    let used = used_by(past_year, on);
    let left_this_year = left_after(&used, limit, days, on)?;
    let debt = unpaid_interest(terms, events, &before).map_err(refuse)?;
    let fee = match rules.price {
        ProlongationPrice::Interest => Kopecks::ZERO,
        ProlongationPrice::ServiceAndInterest { service } => service,
        ProlongationPrice::PerDay { per_day } => {
            Kopecks::new(per_day.get().saturating_mul(i64::from(days)))
        }
    };
    // The fee counts against the accrual cap (art. 5 p. 24): no more of it than still fits.
    let fee = fee.min(before.cap.map_or(fee, |cap| cap.less(before.accrued())));
    let mut after = before.clone();
    if debt.is_positive() {
        after
            .act(&Event::Payment { on, amount: debt })
            .map_err(refuse)?;
    }
    if fee.is_positive() {
        after
            .act(&Event::Service { on, amount: fee })
            .map_err(refuse)?;
    }
    after
        .act(&Event::Prolongation { on, days })
        .map_err(refuse)?;
    let then = after.ahead(new_due);
    let owed = after.principal() + after.interest();
    // A penalty is no part of the full cost (art. 6 p. 5), so it is left out on both sides.
    let repaid = then.principal() + then.interest();
    let mut flows = vec![(on, Kopecks::ZERO - owed)];
    if fee.is_positive() {
        flows.push((on, fee));
    }
    flows.push((new_due, repaid));
    let report = psk(&flows).map_err(|_: PskError| ProlongationRefusal::Loan)?;
    let (pay_now, due_then) = (debt + fee, then.payoff());
    let total = pay_now + due_then;
    let line = Instalment {
        number: 1,
        due: new_due,
        payment: repaid,
        principal: then.principal(),
        interest: then.interest(),
        principal_left: Kopecks::ZERO,
    };
    Ok(ProlongationQuote {
        on,
        days,
        old_due: before.due(),
        new_due,
        pay_now,
        fee,
        due_then,
        penalty: then.penalty(),
        total,
        pay_today_total: before.payoff(),
        extra: total - before.payoff(),
        psk: report.psk,
        schedule: Schedule {
            start: on,
            instalments: vec![line],
        },
        left_this_year,
    })
}

/// Whether [`Event::Prolongation`] may be stored now: all the checks of the quote, and the
/// interest of that day paid by its earlier events. Answers the new due date.
pub fn accept_prolongation(
    rules: &ProlongationRules,
    terms: &Terms,
    events: &[Event],
    past_year: &[(NaiveDate, u32)],
    on: NaiveDate,
    days: u32,
) -> Result<NaiveDate, ProlongationRefusal> {
    let refuse = |_: LoanError| ProlongationRefusal::Loan;
    let run = replay_all(terms, events, on).map_err(refuse)?;
    let new_due = allowed(rules, &run, days)?;
    left_after(
        &used_by(past_year, on),
        yearly_limit(rules, terms, on),
        days,
        on,
    )?;
    let owed = unpaid_interest(terms, events, &run).map_err(refuse)?;
    if owed.is_positive() {
        return Err(ProlongationRefusal::InterestUnpaid { owed });
    }
    Ok(new_due)
}

/// The interest that the price must still cover. Through the due date it is what is unpaid.
/// After it the legal order puts overdue principal before the newest interest, so no payment
/// short of the whole debt could clear that; what counts then is that as much was paid that day
/// as interest was owed when it began.
fn unpaid_interest(terms: &Terms, events: &[Event], run: &Run<'_>) -> Result<Kopecks, LoanError> {
    if run.at <= run.due() {
        return Ok(run.interest());
    }
    let earlier = events
        .iter()
        .position(|event| event.on() == run.at)
        .unwrap_or(events.len());
    let morning = Run::replay(terms, &events[..earlier], run.at)?;
    let paid_today = run.settled_total() - morning.settled_total();
    Ok(morning
        .interest()
        .less(paid_today)
        .max(run.overdue_interest()))
}

/// The checks that do not count: kind, state, initial term, days and window.
fn allowed(
    rules: &ProlongationRules,
    run: &Run<'_>,
    days: u32,
) -> Result<NaiveDate, ProlongationRefusal> {
    if run.terms.product.kind != ProductKind::Bullet {
        return Err(ProlongationRefusal::Kind);
    }
    if run.closed_on.is_some() {
        return Err(ProlongationRefusal::Closed);
    }
    let (min, max) = rules.initial_term;
    if run.terms.term < min || run.terms.term > max {
        return Err(ProlongationRefusal::InitialTerm { min, max });
    }
    within_window(rules.window, run.due(), run.at)?;
    let (min, max) = (rules.min_days.max(1), rules.max_days);
    let refused = ProlongationRefusal::Days { min, max };
    if days < min || days > max {
        return Err(refused);
    }
    run.prolonged_due(days).ok_or(refused)
}

impl ProlongationWindow {
    /// The first and the last day it is open for a loan due on a date; `None`: no end that way.
    pub fn days(self, due: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
        match self {
            Self::BeforeDue => (None, due.pred_opt()),
            Self::LastDays { days } => {
                (due.checked_sub_days(Days::new(u64::from(days))), Some(due))
            }
            Self::ThroughDue => (None, Some(due)),
            Self::Grace { days } => (None, plus_days(due, days)),
            Self::OverdueAllowed => (None, None),
        }
    }
}

fn within_window(
    window: ProlongationWindow,
    due: NaiveDate,
    on: NaiveDate,
) -> Result<(), ProlongationRefusal> {
    let (opens, closes) = window.days(due);
    let early = opens.is_some_and(|opens| on < opens);
    let late = closes.is_some_and(|closes| on > closes);
    if early || late {
        return Err(ProlongationRefusal::Window { opens, closes });
    }
    Ok(())
}

/// Prolongations of one or two days do not count (SRO base standard, art. 13).
const UNCOUNTED_DAYS: u32 = 2;

/// The lender's limit, and for short loans the standard's as well.
fn yearly_limit(rules: &ProlongationRules, terms: &Terms, on: NaiveDate) -> u32 {
    if terms.term <= SHORT_LOAN_DAYS {
        rules.per_year.min(prolongations_per_year(on))
    } else {
        rules.per_year
    }
}

/// The dates of the counted prolongations of the 365 days through `on`, earliest first.
fn used_by(past_year: &[(NaiveDate, u32)], on: NaiveDate) -> Vec<NaiveDate> {
    let counted = past_year.iter().filter(|(date, days)| {
        *days > UNCOUNTED_DAYS && *date <= on && days_since(*date, on) < 365
    });
    let mut dates: Vec<NaiveDate> = counted.map(|(date, _)| *date).collect();
    dates.sort_unstable();
    dates
}

/// How many are left after one more of `days`.
fn left_after(
    used: &[NaiveDate],
    limit: u32,
    days: u32,
    on: NaiveDate,
) -> Result<u32, ProlongationRefusal> {
    let count = u32::try_from(used.len()).unwrap_or(u32::MAX);
    let left = limit.saturating_sub(count);
    if days <= UNCOUNTED_DAYS {
        return Ok(left);
    }
    if left > 0 {
        return Ok(left - 1);
    }
    // The next one is possible when enough of the earliest have left the year.
    let leaving = usize::try_from(count - limit).unwrap_or(usize::MAX);
    let earliest = used.get(leaving).copied().unwrap_or(on);
    let available_from = plus_days(earliest, 365).unwrap_or(on);
    Err(ProlongationRefusal::Count { available_from })
}
