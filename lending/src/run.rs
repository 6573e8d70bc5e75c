//! Replaying a loan: from one event to the next in closed form, never day by day.

use std::iter::Peekable;

use chrono::NaiveDate;

use crate::allocation::allocate;
use crate::calendar::{days_since, plus_days};
use crate::exact::{Exact, Rate, Rounding};
use crate::loan::{AccrualKind, AccrualRow, Claim, ClosedBy, Event, LoanError, Part, Terms};
use crate::money::{DailyRate, Kopecks};
use crate::product::ProductKind;
use crate::quote::{cap, running_rate};
use crate::rules;
use crate::schedule::{fixed_payment, rounding};

mod adjust;
mod change;
mod hold;
mod owed;

/// One payment date of the schedule in force.
#[derive(Debug, Clone)]
pub(crate) struct Due {
    pub(crate) date: NaiveDate,
    pub(crate) principal: Kopecks,
    pub(crate) interest: Kopecks,
    /// A prepayment's own line: it ends no interest period.
    pub(crate) prepaid: bool,
    /// Interest ever accrued when this date had passed.
    pub(crate) interest_by_then: Option<Kopecks>,
}

/// What delay costs.
#[derive(Debug, Clone, Copy)]
enum Penalty {
    /// On overdue principal (art. 5 p. 21).
    Principal,
    /// On the whole overdue debt: the special product (art. 6.2).
    Debt(DailyRate),
}

/// Days on which payments are suspended: after `on`, through `until`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hold {
    on: NaiveDate,
    pub(crate) until: NaiveDate,
    months: u32,
}

/// A loan at the end of the day `at`.
#[derive(Debug, Clone)]
pub(crate) struct Run<'a> {
    pub(crate) terms: &'a Terms,
    pub(crate) at: NaiveDate,
    pub(crate) cap: Option<Kopecks>,
    penalty_rule: Penalty,
    pub(crate) plan: Vec<Due>,
    /// Interest of the payment periods that have ended, each rounded once.
    closed_interest: Kopecks,
    /// The part of it that is due: a prolongation agreed late gives the old period new time.
    ended_interest: Kopecks,
    /// Interest of the running period: its exact sum and what that rounds to.
    period_exact: Exact,
    period_interest: Kopecks,
    penalty_exact: Exact,
    penalty_accrued: Kopecks,
    /// Paid services of the lender: they count against the cap.
    pub(crate) services: Kopecks,
    /// Credit holidays so far, the last one perhaps running.
    pub(crate) holds: Vec<Hold>,
    /// Searches for a payment that are under way: no penalty grows meanwhile.
    pauses: u32,
    /// The last day of the rate that was signed; the rate of delay runs after it.
    rate_until: NaiveDate,
    /// The cap is reached: nothing accrues any more.
    full: bool,
    pub(crate) repaid: Kopecks,
    /// Interest paid or given up.
    paid_interest: Kopecks,
    /// The part of it that the lender gave up.
    pub(crate) forgiven: Kopecks,
    /// Penalty paid or written off.
    paid_penalty: Kopecks,
    /// What was written off of `repaid`, `paid_interest` and `paid_penalty`.
    pub(crate) written_off: Kopecks,
    /// The most that interest runs at since the rate was lowered.
    pub(crate) lowered: Option<Rate>,
    pub(crate) overpaid: Kopecks,
    pub(crate) closed_on: Option<NaiveDate>,
    pub(crate) closed_by: Option<ClosedBy>,
    pub(crate) rows: Vec<AccrualRow>,
    /// Rows that the next days may still extend.
    interest_row: Option<usize>,
    penalty_row: Option<usize>,
}

/// A stretch of days in which nothing changes but the date.
struct Stretch {
    rate: Rate,
    rounding: Rounding,
    base: Kopecks,
    penalty_rate: Rate,
    penalty_base: Kopecks,
}

impl<'a> Run<'a> {
    /// The loan at the end of the day the money was lent.
    pub(crate) fn new(terms: &'a Terms) -> Result<Self, LoanError> {
        let start = terms.schedule.start;
        let mut previous = start;
        let mut plan = Vec::with_capacity(terms.schedule.instalments.len());
        for line in &terms.schedule.instalments {
            if line.due <= previous {
                return Err(LoanError::Terms);
            }
            previous = line.due;
            plan.push(Due {
                date: line.due,
                principal: line.principal,
                interest: line.interest,
                prepaid: false,
                interest_by_then: None,
            });
        }
        if plan.is_empty() || terms.schedule.principal() != terms.amount {
            return Err(LoanError::Terms);
        }
        let penalty_rule = if terms.product.kind == ProductKind::Special {
            Penalty::Debt(rules::special_penalty(terms.contract_date))
        } else {
            Penalty::Principal
        };
        let mut run = Self {
            terms,
            at: start,
            cap: cap(
                &terms.product,
                terms.amount,
                terms.term,
                start,
                terms.contract_date,
            ),
            penalty_rule,
            plan,
            closed_interest: Kopecks::ZERO,
            ended_interest: Kopecks::ZERO,
            period_exact: Exact::default(),
            period_interest: Kopecks::ZERO,
            penalty_exact: Exact::default(),
            penalty_accrued: Kopecks::ZERO,
            services: Kopecks::ZERO,
            holds: Vec::new(),
            pauses: 0,
            rate_until: terms.schedule.last_due(),
            full: false,
            repaid: Kopecks::ZERO,
            paid_interest: Kopecks::ZERO,
            forgiven: Kopecks::ZERO,
            paid_penalty: Kopecks::ZERO,
            written_off: Kopecks::ZERO,
            lowered: None,
            overpaid: Kopecks::ZERO,
            closed_on: None,
            closed_by: None,
            rows: Vec::new(),
            interest_row: None,
            penalty_row: None,
        };
        run.owe_fixed_payment();
        Ok(run)
    }

    /// The special product's only price is owed from the first day, whenever it is repaid.
    fn owe_fixed_payment(&mut self) {
        let fixed = fixed_payment(&self.terms.product, self.terms.amount);
        self.period_interest = fixed;
        if fixed.is_positive() {
            self.rows.push(AccrualRow {
                from: self.at,
                to: self.at,
                days: 1,
                base: self.terms.amount,
                kind: AccrualKind::FixedPayment,
                amount: fixed,
            });
        }
    }

    /// The loan at the end of `on`, with the events up to that day.
    pub(crate) fn replay(
        terms: &'a Terms,
        events: &[Event],
        on: NaiveDate,
    ) -> Result<Self, LoanError> {
        let mut run = Self::new(terms)?;
        if on < run.at {
            return Err(LoanError::BeforeStart { on });
        }
        run.take_until(&mut events.iter().enumerate().peekable(), on)?;
        run.advance(on);
        Ok(run)
    }

    /// Takes the coming events up to the end of `on`; the loan stands at the end of the last one's day.
    pub(crate) fn take_until<'e>(
        &mut self,
        coming: &mut Peekable<impl Iterator<Item = (usize, &'e Event)>>,
        on: NaiveDate,
    ) -> Result<(), LoanError> {
        while let Some(&(index, event)) = coming.peek() {
            if event.on() < self.at {
                return Err(LoanError::Order { index });
            }
            if event.on() > on {
                break;
            }
            coming.next();
            self.advance(event.on());
            self.act(event)?;
        }
        Ok(())
    }

    /// Takes an event of the day `at`; answers what it repaid.
    pub(crate) fn act(&mut self, event: &Event) -> Result<(Vec<Part>, Kopecks), LoanError> {
        match *event {
            Event::Payment { amount, .. } => self.pay(amount),
            Event::Prolongation { days, .. } => {
                self.prolong(days)?;
                Ok((Vec::new(), Kopecks::ZERO))
            }
            Event::Prepayment { amount, keep, .. } => {
                let (parts, overpaid) = self.pay(amount)?;
                self.remake(keep, &parts);
                Ok((parts, overpaid))
            }
            Event::Holiday { months, .. } => {
                self.hold(months)?;
                Ok((Vec::new(), Kopecks::ZERO))
            }
            Event::Service { amount, .. } => {
                self.services += amount;
                self.full |= self.cap.is_some_and(|cap| self.accrued() >= cap);
                Ok((Vec::new(), Kopecks::ZERO))
            }
            Event::Pause { .. } => {
                self.pauses = self.pauses.saturating_add(1);
                Ok((Vec::new(), Kopecks::ZERO))
            }
            Event::Resume { .. } => {
                self.pauses = self.pauses.saturating_sub(1);
                Ok((Vec::new(), Kopecks::ZERO))
            }
            Event::Discount { amount, .. } => self.forgive(amount),
            Event::WriteOff { debt, .. } => self.write_off(debt),
            Event::RateCut { rate, .. } => {
                self.lower(rate)?;
                Ok((Vec::new(), Kopecks::ZERO))
            }
        }
    }

    /// The same loan at the end of a later day if nothing happens until then.
    pub(crate) fn ahead(&self, on: NaiveDate) -> Self {
        let mut later = self.clone();
        later.advance(on);
        later
    }

    /// Lets days pass, through the end of `to`.
    pub(crate) fn advance(&mut self, to: NaiveDate) {
        while self.at < to {
            self.close_period();
            let holds = self.holds.last().map(|hold| hold.until);
            let dates = self.plan.iter().map(|due| due.date);
            let dates = dates.chain([self.rate_until]).chain(holds);
            let next = dates.filter(|date| *date > self.at).min();
            self.pass(next.map_or(to, |next| next.min(to)));
        }
    }

    /// Once a due date is over, its period's interest is late and a new period begins. Not before
    /// the next day: a prolongation on the due date still moves the period's end.
    fn close_period(&mut self) {
        let accrued = self.closed_interest + self.period_interest;
        let mut ended = false;
        for due in self
            .plan
            .iter_mut()
            .filter(|due| due.date == self.at && !due.prepaid)
        {
            due.interest_by_then = Some(accrued);
            ended = true;
        }
        if ended {
            self.closed_interest = accrued;
            self.ended_interest = accrued;
            self.period_exact = Exact::default();
            self.period_interest = Kopecks::ZERO;
            self.interest_row = None;
        }
    }

    /// Accrues the days `(at, to]`; no due date lies strictly inside.
    fn pass(&mut self, to: NaiveDate) {
        if self.full || self.closed_on.is_some() {
            self.at = to;
            return;
        }
        let stretch = self.stretch();
        let reached = self.day_of_cap(&stretch, to);
        let end = reached.unwrap_or(to);
        let (mut interest, mut penalty) = self.accrued_by(&stretch, end);
        if let (Some(cap), Some(day)) = (self.cap, reached) {
            // The last day is cut to what is left: interest first, the penalty gets the rest.
            let before = self.accrued_by(&stretch, day.pred_opt().unwrap_or(day));
            let room = cap.less(self.closed_interest + self.services + before.0 + before.1);
            let more_interest = interest.less(before.0).min(room);
            let more_penalty = penalty.less(before.1).min(room - more_interest);
            (interest, penalty) = (before.0 + more_interest, before.1 + more_penalty);
            self.full = true;
        }
        self.write_rows(&stretch, end, interest, penalty);
        self.period_exact += stretch.rate.earned(stretch.base, self.at, end);
        self.penalty_exact += stretch
            .penalty_rate
            .earned(stretch.penalty_base, self.at, end);
        self.period_interest = interest;
        self.penalty_accrued = penalty;
        self.at = to;
    }

    fn stretch(&self) -> Stretch {
        let signed = self.signed_rate();
        let rate = signed.at_most(self.lowered);
        // Nothing is penalised on the days of a holiday, nor while a payment is looked for.
        let held = self.holds.last().is_some_and(|hold| self.at < hold.until);
        let (penalty_rate, overdue) = match self.penalty_rule {
            Penalty::Principal => (
                Rate::Annual(self.terms.product.penalty_rate),
                self.overdue_principal_tomorrow(),
            ),
            Penalty::Debt(rate) => (
                Rate::Daily(rate),
                self.overdue_principal_tomorrow() + self.overdue_interest(),
            ),
        };
        let penalty_base = if held || self.pauses > 0 {
            Kopecks::ZERO
        } else {
            overdue
        };
        // Rounding follows the rate that was signed: a lower one never rounds to more.
        let rounding = rounding(signed, self.terms.contract_date);
        Stretch {
            rate,
            rounding,
            base: self.principal(),
            penalty_rate,
            penalty_base,
        }
    }

    /// Interest of the running period and all penalty at the end of `on`, without the cap. Never
    /// less than before: where the promo's half-up meets the ordinary rate's floor, a kopeck
    /// already accrued stays accrued.
    fn accrued_by(&self, stretch: &Stretch, on: NaiveDate) -> (Kopecks, Kopecks) {
        let interest = self.period_exact + stretch.rate.earned(stretch.base, self.at, on);
        let late = stretch
            .penalty_rate
            .earned(stretch.penalty_base, self.at, on);
        let penalty = self.penalty_exact + late;
        (
            interest.round(stretch.rounding).max(self.period_interest),
            penalty.round(Rounding::HalfUp).max(self.penalty_accrued),
        )
    }

    /// The first day in `(at, to]` on which the cap is reached, by halving the stretch.
    fn day_of_cap(&self, stretch: &Stretch, to: NaiveDate) -> Option<NaiveDate> {
        let cap = self.cap?;
        let reached = |on: NaiveDate| {
            let (interest, penalty) = self.accrued_by(stretch, on);
            self.closed_interest + self.services + interest + penalty >= cap
        };
        if !reached(to) {
            return None;
        }
        let (mut low, mut high) = (0, days_since(self.at, to));
        while high - low > 1 {
            let middle = low.midpoint(high);
            if reached(plus_days(self.at, middle)?) {
                high = middle;
            } else {
                low = middle;
            }
        }
        plus_days(self.at, high)
    }

    fn write_rows(
        &mut self,
        stretch: &Stretch,
        to: NaiveDate,
        interest: Kopecks,
        penalty: Kopecks,
    ) {
        let Some(from) = self.at.succ_opt() else {
            return;
        };
        let days = days_since(self.at, to);
        let row = |base, kind, amount| AccrualRow {
            from,
            to,
            days,
            base,
            kind,
            amount,
        };
        let interest_kind = match stretch.rate {
            Rate::Daily(rate) => AccrualKind::Interest { rate },
            Rate::Annual(rate) => AccrualKind::AnnualInterest { rate },
        };
        let penalty_kind = match stretch.penalty_rate {
            Rate::Daily(rate) => AccrualKind::DailyPenalty { rate },
            Rate::Annual(rate) => AccrualKind::Penalty { rate },
        };
        if stretch.base.is_positive() && self.terms.product.kind != ProductKind::Special {
            let row = row(stretch.base, interest_kind, interest - self.period_interest);
            self.interest_row = Some(extend(&mut self.rows, self.interest_row, row));
        }
        if stretch.penalty_base.is_positive() {
            let row = row(
                stretch.penalty_base,
                penalty_kind,
                penalty - self.penalty_accrued,
            );
            self.penalty_row = Some(extend(&mut self.rows, self.penalty_row, row));
        }
    }

    /// Repays claims in the order in force on the day; the rest is refundable.
    fn pay(&mut self, amount: Kopecks) -> Result<(Vec<Part>, Kopecks), LoanError> {
        if !amount.is_positive() {
            return Err(LoanError::Amount);
        }
        let order = rules::allocation_order(self.at);
        let (parts, left) = allocate(order, |claim| self.owed(claim), amount);
        for Part { claim, amount } in &parts {
            match claim {
                Claim::OverdueInterest | Claim::Interest => self.paid_interest += *amount,
                Claim::OverduePrincipal | Claim::Principal => self.repaid += *amount,
                Claim::Penalty => self.paid_penalty += *amount,
                Claim::Other => {}
            }
        }
        self.overpaid += left;
        self.close_if_settled(ClosedBy::Paid);
        Ok((parts, left))
    }

    /// Gives up interest, past periods first; what is beyond it is nobody's money and is dropped.
    fn forgive(&mut self, amount: Kopecks) -> Result<(Vec<Part>, Kopecks), LoanError> {
        if !amount.is_positive() {
            return Err(LoanError::Amount);
        }
        let order = [Claim::OverdueInterest, Claim::Interest];
        let (parts, left) = allocate(&order, |claim| self.owed(claim), amount);
        self.paid_interest += amount - left;
        self.forgiven += amount - left;
        self.close_if_settled(ClosedBy::Paid);
        Ok((parts, left))
    }

    fn close_if_settled(&mut self, by: ClosedBy) {
        if self.payoff().is_zero() && self.closed_on.is_none() {
            self.closed_on = Some(self.at);
            self.closed_by = Some(by);
        }
    }
}

/// Lengthens the open row when the new days continue it, otherwise adds a row; answers its place.
fn extend(rows: &mut Vec<AccrualRow>, open: Option<usize>, row: AccrualRow) -> usize {
    if let Some((place, last)) = open.and_then(|place| Some((place, rows.get_mut(place)?))) {
        let continues = last.to.succ_opt() == Some(row.from);
        if continues && last.base == row.base && last.kind == row.kind {
            last.to = row.to;
            last.days += row.days;
            last.amount += row.amount;
            return place;
        }
    }
    rows.push(row);
    rows.len() - 1
}
