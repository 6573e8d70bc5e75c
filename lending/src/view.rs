//! The public picture of a replayed loan: its state, its schedule rows, its next payment.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::calendar::days_since;
use crate::loan::{
    Applied, Claim, Debt, Event, InstalmentStatus, Keep, LoanError, LoanState, ScheduleRow, Status,
    Terms,
};
use crate::money::Kopecks;
use crate::product::{Instalment, Schedule};
use crate::run::{Due, Run};

/// The loan at the end of the day `on`, after the events up to that day; later ones are ignored.
///
/// Closed form: the work grows with the number of events and payment dates, not of days.
/// Errors: a day before the loan began, events out of order or impossible, damaged terms.
pub fn state(terms: &Terms, events: &[Event], on: NaiveDate) -> Result<LoanState, LoanError> {
    Ok(Run::replay(terms, events, on)?.state())
}

/// What is owed at the end of each of `days`, in their order: the sums of [`state`] alone, for a drawing of many days.
///
/// The events are replayed once; a day costs the dates between it and the event before it. Errors: those of [`state`].
pub fn debts(
    terms: &Terms,
    events: &[Event],
    days: &BTreeSet<NaiveDate>,
) -> Result<Vec<(NaiveDate, Debt)>, LoanError> {
    let mut run = Run::new(terms)?;
    if let Some(&on) = days.first().filter(|on| **on < run.at) {
        return Err(LoanError::BeforeStart { on });
    }
    let mut coming = events.iter().enumerate().peekable();
    let mut debts = Vec::with_capacity(days.len());
    for &on in days {
        run.take_until(&mut coming, on)?;
        let then = run.ahead(on);
        let debt = Debt {
            penalty: then.penalty(),
            interest: then.interest(),
            principal: then.principal(),
        };
        debts.push((on, debt));
    }
    Ok(debts)
}

/// What a payment on `on` repays, in the order of claims of that day (art. 5 p. 20 of 353-ФЗ):
/// `sum(parts) + overpaid == amount`.
pub fn apply_payment(
    terms: &Terms,
    events: &[Event],
    on: NaiveDate,
    amount: Kopecks,
) -> Result<Applied, LoanError> {
    apply(terms, events, &Event::Payment { on, amount })
}

/// What money on `on` repays when its owner asks for a new schedule with it (art. 11): as
/// [`apply_payment`], and what the new schedule keeps.
pub fn apply_prepayment(
    terms: &Terms,
    events: &[Event],
    on: NaiveDate,
    amount: Kopecks,
    keep: Keep,
) -> Result<Applied, LoanError> {
    apply(terms, events, &Event::Prepayment { on, amount, keep })
}

/// What giving up interest on `on` takes off it: at most what is unpaid, so `overpaid` is the part of
/// `amount` that found no interest and must go back to where it came from.
pub fn apply_discount(
    terms: &Terms,
    events: &[Event],
    on: NaiveDate,
    amount: Kopecks,
) -> Result<Applied, LoanError> {
    apply(terms, events, &Event::Discount { on, amount })
}

/// What writing debt off on `on` takes away: at most what is owed of each claim, so `overpaid` is the
/// part of `debt` that found none.
///
/// Errors: `Amount` when nothing is to be written off, or less than nothing of a claim.
pub fn apply_write_off(
    terms: &Terms,
    events: &[Event],
    on: NaiveDate,
    debt: Debt,
) -> Result<Applied, LoanError> {
    apply(terms, events, &Event::WriteOff { on, debt })
}

/// What an event repays and the loan after it; no event so far may be later than it.
pub(crate) fn apply(terms: &Terms, events: &[Event], event: &Event) -> Result<Applied, LoanError> {
    let mut run = replay_all(terms, events, event.on())?;
    let (parts, overpaid) = run.act(event)?;
    Ok(Applied {
        parts,
        overpaid,
        after: run.state(),
    })
}

/// The loan on `on` when no event is later; otherwise what is done now would rewrite the past.
pub(crate) fn replay_all<'a>(
    terms: &'a Terms,
    events: &[Event],
    on: NaiveDate,
) -> Result<Run<'a>, LoanError> {
    match events.iter().position(|event| event.on() > on) {
        Some(index) => Err(LoanError::Order { index }),
        None => Run::replay(terms, events, on),
    }
}

impl Run<'_> {
    /// Something is late: scheduled principal or the interest of a period that has ended, or
    /// anything at all after the final date.
    pub(crate) fn is_overdue(&self) -> bool {
        if self.holiday_until().is_some() {
            return false;
        }
        let scheduled = self.overdue_principal() + self.overdue_interest();
        scheduled.is_positive() || (self.at > self.due() && self.payoff().is_positive())
    }

    /// A loan is overdue when scheduled principal to date exceeds principal repaid: from then on
    /// a penalty runs. Late interest alone bears none and makes no delay.
    pub(crate) fn status(&self) -> Status {
        if self.closed_on.is_some() {
            Status::Closed
        } else if self.is_overdue() && self.overdue_principal().is_positive() {
            Status::Overdue
        } else {
            Status::Active
        }
    }

    pub(crate) fn state(&self) -> LoanState {
        LoanState {
            on: self.at,
            status: self.status(),
            principal: self.principal(),
            overdue_principal: self.overdue_principal(),
            interest: self.interest(),
            overdue_interest: self.overdue_interest(),
            penalty: self.penalty(),
            payoff: self.payoff(),
            accrued: self.accrued(),
            services: self.services,
            cap: self.cap,
            overpaid: self.overpaid,
            days_overdue: self.days_overdue(),
            late_since: self.late_since(),
            holiday_until: self.holiday_until(),
            due: self.due(),
            next_payment: self.next_payment(),
            paid_total: self.paid_total(),
            forgiven: self.forgiven,
            written_off: self.written_off,
            lowered: self.lowered,
            closed_on: self.closed_on,
            closed_by: self.closed_by,
            why: self.rows.clone(),
            schedule: self.schedule_rows(),
        }
    }

    /// Days since the earliest date by which less principal was repaid than had to be, without
    /// the days on which a holiday suspended it.
    fn days_overdue(&self) -> u32 {
        if self.status() != Status::Overdue {
            return 0;
        }
        let missed = self.first_missed(|principal, _| principal > self.repaid);
        missed.map_or(0, |missed| self.days_late(missed))
    }

    fn days_late(&self, missed: NaiveDate) -> u32 {
        days_since(missed, self.at).saturating_sub(self.held_days_since(missed))
    }

    fn late_since(&self) -> Option<NaiveDate> {
        if self.closed_on.is_some() || !self.is_overdue() {
            return None;
        }
        let missed = self.first_missed(|principal, interest| {
            principal > self.repaid || interest > self.paid_interest()
        });
        missed.or(Some(self.due()))
    }

    /// The earliest date gone by whose sums, those of all dates up to it, are `short`.
    fn first_missed(&self, short: impl Fn(Kopecks, Kopecks) -> bool) -> Option<NaiveDate> {
        let mut scheduled = Kopecks::ZERO;
        let mut gone = self.plan.iter().filter(|due| due.date < self.at);
        let missed = gone.find(|due| {
            scheduled += due.principal;
            short(scheduled, due.interest_by_then.unwrap_or_default())
        });
        missed.map(|due| due.date)
    }

    /// The next date and what to pay then when nothing else is paid before. When something is
    /// late: today and what ends the delay.
    pub(crate) fn next_payment(&self) -> Option<(NaiveDate, Kopecks)> {
        if self.closed_on.is_some() {
            return None;
        }
        if let Some(until) = self.holiday_until().filter(|_| self.held().is_positive()) {
            return Some((until, self.to_pay_after_holiday(until)));
        }
        if self.at > self.due() {
            return Some((self.at, self.payoff()));
        }
        if self.is_overdue() {
            return Some((self.at, self.overdue_principal() + self.overdue_interest()));
        }
        let dates = self
            .plan
            .iter()
            .map(|due| due.date)
            .filter(|date| *date >= self.at);
        dates
            .map(|date| (date, self.to_pay_on(date)))
            .find(|(_, amount)| amount.is_positive())
    }

    /// What must be paid on a coming due date; on the final one everything.
    fn to_pay_on(&self, date: NaiveDate) -> Kopecks {
        let then = self.ahead(date);
        if date >= self.due() {
            return then.payoff();
        }
        then.interest() + then.principal_to_pay_by(date)
    }

    /// What was missed before the holiday and must be paid when it ends.
    fn to_pay_after_holiday(&self, until: NaiveDate) -> Kopecks {
        let on_schedule = self.plan.iter().any(|due| due.date == until);
        if on_schedule || until >= self.due() {
            return self.to_pay_on(until);
        }
        self.held()
    }

    /// What keeping to the schedule from today on repays, payment by payment. A penalty already
    /// charged is left out: it is no part of the full cost (art. 6 p. 5).
    pub(crate) fn payments_ahead(&self) -> Schedule {
        let mut run = self.clone();
        let mut instalments = Vec::new();
        for (number, (date, amount)) in (1_u32..).zip(self.follow()) {
            run.advance(date);
            let Ok((parts, _)) = run.act(&Event::Payment { on: date, amount }) else {
                break;
            };
            let sum = |claims: [Claim; 2]| -> Kopecks {
                let counted = parts.iter().filter(|part| claims.contains(&part.claim));
                counted.map(|part| part.amount).sum()
            };
            let principal = sum([Claim::OverduePrincipal, Claim::Principal]);
            let interest = sum([Claim::OverdueInterest, Claim::Interest]);
            instalments.push(Instalment {
                number,
                due: date,
                payment: principal + interest,
                principal,
                interest,
                principal_left: run.principal(),
            });
        }
        Schedule {
            start: self.at,
            instalments,
        }
    }

    /// The payments of keeping to the schedule from today on, the first of them what is late.
    pub(crate) fn follow(&self) -> Vec<(NaiveDate, Kopecks)> {
        let mut run = self.clone();
        let mut flows = Vec::new();
        // Each payment settles a date, so there are never more of them than dates and two.
        for _ in 0..self.plan.len() + 2 {
            let Some((date, amount)) = run.next_payment() else {
                break;
            };
            run.advance(date);
            if run.act(&Event::Payment { on: date, amount }).is_err() {
                break;
            }
            flows.push((date, amount));
        }
        flows
    }

    /// The coming lines of the schedule in force, numbered anew.
    pub(crate) fn schedule_ahead(&self) -> Schedule {
        let mut left = self.principal() - self.principal_to_pay_by(self.at);
        let mut instalments = Vec::new();
        let coming = self.plan.iter().filter(|due| due.date > self.at);
        for (number, due) in (1_u32..).zip(coming) {
            // Without principal nothing is earned any more, whatever was planned.
            if left.is_zero() {
                break;
            }
            let principal = due.principal.min(left);
            left -= principal;
            instalments.push(Instalment {
                number,
                due: due.date,
                payment: principal + due.interest,
                principal,
                interest: due.interest,
                principal_left: left,
            });
        }
        Schedule {
            start: self.at,
            instalments,
        }
    }

    /// The schedule in force with what is paid. A line of a period that has ended shows the
    /// interest that really accrued in it, the line of the running period what will have accrued
    /// by its date, later lines what was planned.
    fn schedule_rows(&self) -> Vec<ScheduleRow> {
        let interest = self.interest_by_line();
        let mut paid_interest = self.paid_interest();
        let mut repaid = self.repaid;
        let mut left = self.terms.amount;
        let mut next_found = false;
        let mut rows = Vec::with_capacity(self.plan.len());
        for ((number, due), interest) in (1_u32..).zip(&self.plan).zip(interest) {
            let principal_part = due.principal.min(repaid);
            let interest_part = interest.min(paid_interest);
            repaid -= principal_part;
            paid_interest -= interest_part;
            left -= due.principal;
            let paid = principal_part + interest_part;
            let instalment = Instalment {
                number,
                due: due.date,
                payment: due.principal + interest,
                principal: due.principal,
                interest,
                principal_left: left,
            };
            let status = self.line_status(due, paid == instalment.payment, &mut next_found);
            rows.push(ScheduleRow {
                instalment,
                paid,
                status,
            });
        }
        rows
    }

    fn line_status(&self, due: &Due, paid: bool, next_found: &mut bool) -> InstalmentStatus {
        if self.closed_on.is_some() || due.prepaid || (paid && due.date <= self.at) {
            InstalmentStatus::Paid
        } else if due.date < self.at && self.holiday_until().is_none() {
            InstalmentStatus::Overdue
        } else if *next_found {
            InstalmentStatus::Ahead
        } else {
            *next_found = true;
            InstalmentStatus::Due
        }
    }

    /// The interest of each line of the plan.
    fn interest_by_line(&self) -> Vec<Kopecks> {
        let running = self
            .plan
            .iter()
            .position(|due| !due.prepaid && due.date >= self.at);
        let by_running = running.and_then(|index| self.plan.get(index)).map(|due| {
            let then = self.ahead(due.date);
            then.accrued_interest()
        });
        let nothing_more = self.principal().is_zero();
        let mut counted = Kopecks::ZERO;
        let mut lines = Vec::with_capacity(self.plan.len());
        for (index, due) in self.plan.iter().enumerate() {
            let interest = match due.interest_by_then {
                _ if due.prepaid => due.interest,
                Some(by_then) => by_then.less(counted),
                None if running == Some(index) => by_running.unwrap_or_default().less(counted),
                None if nothing_more => Kopecks::ZERO,
                None => due.interest,
            };
            counted += interest;
            lines.push(interest);
        }
        lines
    }
}
