//! The fork on the loan page: pay today, a part of it, on the due date, prolong, or be late.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::plus_days;
use crate::loan::{Event, LoanError, Terms};
use crate::money::Kopecks;
use crate::prolongation::{ProlongationRules, quote_prolongation};
use crate::run::Run;
use crate::view::replay_all;

/// What a borrower may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PathKind {
    /// Close the loan today.
    PayToday,
    /// Pay [`Path::now`], about a half, today and the rest by the schedule.
    PayPart,
    /// Keep to the schedule.
    PayOnDue,
    /// Prolong today and close on the new due date.
    Prolong {
        /// Days added.
        days: u32,
    },
    /// Close so many days after the due date (or after today, when already late).
    Late {
        /// Days late.
        days: u32,
    },
}

/// One way out of the debt and its cost from today on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Path {
    /// Which way.
    pub kind: PathKind,
    /// The day the loan closes.
    pub on: NaiveDate,
    /// Paid today.
    pub now: Kopecks,
    /// Paid later.
    pub later: Kopecks,
    /// `now + later`.
    pub total: Kopecks,
    /// The penalty inside `total`.
    pub penalty: Kopecks,
}

/// The ways out of the debt, cheapest first and being late last. Ways that are not open are left
/// out; a closed loan has none.
pub fn paths(
    terms: &Terms,
    events: &[Event],
    rules: Option<&ProlongationRules>,
    past_year: &[(NaiveDate, u32)],
    on: NaiveDate,
    prolong_days: u32,
    late_days: u32,
) -> Result<Vec<Path>, LoanError> {
    let run = replay_all(terms, events, on)?;
    if run.closed_on.is_some() {
        return Ok(Vec::new());
    }
    let payoff = run.payoff();
    let path = |kind, on, now: Kopecks, later: Kopecks, penalty| Path {
        kind,
        on,
        now,
        later,
        total: now + later,
        penalty,
    };
    let mut paths = vec![path(
        PathKind::PayToday,
        on,
        payoff,
        Kopecks::ZERO,
        run.penalty(),
    )];
    if run.due() > on && !run.is_overdue() {
        paths.push(keeping_to_schedule(&run));
        if let Some(amount) = half(payoff) {
            paths.push(paying_part(terms, events, on, amount)?);
        }
    }
    if let Some(rules) = rules {
        let asked = quote_prolongation(rules, terms, events, past_year, on, prolong_days);
        if let Ok(quote) = asked {
            let kind = PathKind::Prolong { days: prolong_days };
            let penalty = quote.penalty;
            paths.push(path(
                kind,
                quote.new_due,
                quote.pay_now,
                quote.due_then,
                penalty,
            ));
        }
    }
    paths.sort_by_key(|path| path.total);
    let base = on.max(run.due());
    let late_on = plus_days(base, late_days).ok_or(LoanError::Terms)?;
    let late = run.ahead(late_on);
    let kind = PathKind::Late { days: late_days };
    paths.push(path(
        kind,
        late_on,
        Kopecks::ZERO,
        late.payoff(),
        late.penalty(),
    ));
    Ok(paths)
}

/// About a half of what is owed, in hundreds of roubles; none of a debt too small to be parted.
fn half(payoff: Kopecks) -> Option<Kopecks> {
    let step = Kopecks::from_roubles(100).get();
    let half = Kopecks::new(payoff.get() / 2 / step * step);
    half.is_positive().then_some(half)
}

/// A sum today, and the planned payments of what is then left.
fn paying_part(
    terms: &Terms,
    events: &[Event],
    on: NaiveDate,
    amount: Kopecks,
) -> Result<Path, LoanError> {
    let mut then = events.to_vec();
    then.push(Event::Payment { on, amount });
    let rest = keeping_to_schedule(&replay_all(terms, &then, on)?);
    Ok(Path {
        kind: PathKind::PayPart,
        now: rest.now + amount,
        total: rest.total + amount,
        ..rest
    })
}

/// The planned payments, one after another.
fn keeping_to_schedule(run: &Run<'_>) -> Path {
    let flows = run.follow();
    let sum = |today: bool| {
        let counted = flows.iter().filter(|(date, _)| (*date == run.at) == today);
        counted.map(|(_, amount)| *amount).sum::<Kopecks>()
    };
    let (now, later) = (sum(true), sum(false));
    Path {
        kind: PathKind::PayOnDue,
        on: flows.last().map_or(run.at, |(date, _)| *date),
        now,
        later,
        total: now + later,
        penalty: run.penalty(),
    }
}
