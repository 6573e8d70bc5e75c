//! The two events that re-make the plan: a prolongation and a prepayment.

use chrono::NaiveDate;

use super::{Due, Run};
use crate::calendar::{WorkCalendar, plus_days};
use crate::exact::Exact;
use crate::loan::{Claim, Keep, LoanError, Part};
use crate::money::Kopecks;
use crate::product::ProductKind;
use crate::quote::running_rate;
use crate::schedule::{Spread, rounding};

impl Run<'_> {
    /// Moves the final date; only a loan with one payment can be prolonged.
    pub(super) fn prolong(&mut self, days: u32) -> Result<(), LoanError> {
        if self.terms.product.kind != ProductKind::Bullet {
            return Err(LoanError::Kind);
        }
        if self.closed_on.is_some() {
            return Err(LoanError::Closed);
        }
        let new_due = self.prolonged_due(days).ok_or(LoanError::Days)?;
        if let Some(last) = self.plan.last_mut() {
            // Its planned interest is read nowhere: the running line shows what will have accrued.
            last.date = new_due;
            last.interest_by_then = None;
        }
        self.ended_interest = Kopecks::ZERO;
        Ok(())
    }

    /// The due date `days` after the present one, when that is after today.
    pub(crate) fn prolonged_due(&self, days: u32) -> Option<NaiveDate> {
        let mut due = plus_days(self.due(), days)?;
        if self.terms.product.shift_days_off {
            due = WorkCalendar::russia().next_working_day(due);
        }
        (due > self.at && due > self.due()).then_some(due)
    }

    /// A new schedule after a prepayment: dates up to today stay, the prepaid principal becomes a
    /// line of its own, and what is left is spread over the later dates.
    pub(super) fn remake(&mut self, keep: Keep, parts: &[Part]) {
        let later = self.plan.iter().position(|due| due.date > self.at);
        let scheduled = self.principal_to_pay_by(self.at) + self.repaid;
        let balance = self.terms.amount - scheduled;
        let Some(first) = later.filter(|_| balance.is_positive()) else {
            return;
        };
        let level = self.plan[first].principal + self.plan[first].interest;
        let dates: Vec<NaiveDate> = self.plan[first..].iter().map(|due| due.date).collect();
        self.plan.truncate(first);
        let planned: Kopecks = self.plan.iter().map(|due| due.principal).sum();
        let part = |claim| parts.iter().filter(move |part| part.claim == claim);
        let prepaid = self.repaid.less(planned);
        if prepaid.is_positive() {
            self.plan.push(Due {
                date: self.at,
                principal: prepaid,
                interest: part(Claim::Interest).map(|part| part.amount).sum(),
                prepaid: true,
                interest_by_then: None,
            });
        }
        let signed = running_rate(&self.terms.product, self.terms.rate);
        let ended = self.period_ends_today();
        let spread = Spread {
            balance,
            from: self.at,
            dates: &dates,
            kind: self.terms.product.kind,
            rate: signed.at_most(self.lowered),
            rounding: rounding(signed, self.terms.contract_date),
            carried: if ended {
                Exact::default()
            } else {
                self.period_exact
            },
            already: if ended {
                Kopecks::ZERO
            } else {
                self.period_interest - self.carried_interest()
            },
        };
        let level = match keep {
            Keep::Payment => Some(level),
            Keep::Term => spread.level(),
        };
        let mut lines = spread.lines(level.unwrap_or_default());
        if let (ProductKind::Bullet | ProductKind::Special, [line]) =
            (self.terms.product.kind, lines.as_mut_slice())
        {
            // A promo may end on the way, and the fixed payment is owed from the first day.
            line.interest = self.ahead(line.due).interest();
        }
        for line in lines {
            self.plan.push(Due {
                date: line.due,
                principal: line.principal,
                interest: line.interest,
                prepaid: false,
                interest_by_then: None,
            });
        }
    }

    fn period_ends_today(&self) -> bool {
        let mut dates = self.plan.iter().filter(|due| !due.prepaid);
        dates.any(|due| due.date == self.at)
    }

    /// Unpaid interest of the running period, which the next line of the schedule asks for. On a
    /// due date that period is over: what it earned is not carried into the next.
    pub(crate) fn carried_interest(&self) -> Kopecks {
        if self.period_ends_today() {
            return Kopecks::ZERO;
        }
        self.interest().less(self.overdue_interest())
    }
}
