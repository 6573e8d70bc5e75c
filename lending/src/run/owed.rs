//! What is owed at the end of the day a replay has reached.

use chrono::NaiveDate;

use super::{Due, Run};
use crate::loan::Claim;
use crate::money::Kopecks;

impl Run<'_> {
    pub(crate) fn due(&self) -> NaiveDate {
        self.plan.last().map_or(self.at, |due| due.date)
    }

    pub(crate) fn principal(&self) -> Kopecks {
        self.terms.amount - self.repaid
    }

    pub(crate) fn accrued_interest(&self) -> Kopecks {
        self.closed_interest + self.period_interest
    }

    pub(crate) fn accrued(&self) -> Kopecks {
        self.accrued_interest() + self.penalty_accrued + self.services
    }

    /// The last day of the credit holiday that runs.
    pub(crate) fn holiday_until(&self) -> Option<NaiveDate> {
        let running = self.holds.last().map(|hold| hold.until);
        running.filter(|until| self.at <= *until && self.closed_on.is_none())
    }

    /// What was missed before a holiday and waits for its end without a penalty.
    pub(crate) fn held(&self) -> Kopecks {
        self.overdue_principal() + self.overdue_interest()
    }

    pub(crate) fn paid_interest(&self) -> Kopecks {
        self.paid_interest
    }

    /// What no longer is owed, paid or given up.
    pub(crate) fn settled_total(&self) -> Kopecks {
        self.repaid + self.paid_interest + self.paid_penalty
    }

    /// What was paid with money.
    pub(crate) fn paid_total(&self) -> Kopecks {
        self.settled_total() - self.forgiven - self.written_off
    }

    pub(crate) fn interest(&self) -> Kopecks {
        self.accrued_interest() - self.paid_interest
    }

    /// Unpaid interest of the periods whose due date has passed.
    pub(crate) fn overdue_interest(&self) -> Kopecks {
        self.ended_interest.less(self.paid_interest)
    }

    pub(crate) fn penalty(&self) -> Kopecks {
        self.penalty_accrued - self.paid_penalty
    }

    pub(crate) fn payoff(&self) -> Kopecks {
        self.principal() + self.interest() + self.penalty()
    }

    /// Principal scheduled on dates that satisfy the condition and not repaid.
    fn short_of(&self, counted: impl Fn(&Due) -> bool) -> Kopecks {
        let scheduled = self
            .plan
            .iter()
            .filter(|due| counted(due))
            .map(|due| due.principal);
        scheduled.sum::<Kopecks>().less(self.repaid)
    }

    pub(crate) fn overdue_principal(&self) -> Kopecks {
        self.short_of(|due| due.date < self.at)
    }

    /// What tomorrow's penalty is computed on: today's due date is missed when today is over.
    pub(super) fn overdue_principal_tomorrow(&self) -> Kopecks {
        self.short_of(|due| due.date <= self.at)
    }

    /// Principal to repay so that nothing is late after `date`.
    pub(crate) fn principal_to_pay_by(&self, date: NaiveDate) -> Kopecks {
        self.short_of(|due| due.date <= date)
    }

    pub(super) fn owed(&self, claim: Claim) -> Kopecks {
        match claim {
            Claim::OverdueInterest => self.overdue_interest(),
            Claim::OverduePrincipal => self.overdue_principal(),
            Claim::Interest => self.interest() - self.overdue_interest(),
            Claim::Principal => self.principal() - self.overdue_principal(),
            Claim::Penalty => self.penalty(),
            Claim::Other => Kopecks::ZERO,
        }
    }
}
