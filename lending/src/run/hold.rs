//! Credit holidays (art. 6.1-2 of 353-ФЗ): payments are suspended, the dates ahead move.

use chrono::NaiveDate;

use super::{Hold, Run};
use crate::calendar::{WorkCalendar, days_since, plus_days, plus_months};
use crate::loan::LoanError;
use crate::money::Kopecks;
use crate::product::ProductKind;
use crate::quote::running_rate;
use crate::schedule::rounding;

impl Run<'_> {
    /// Suspends payments for so many months after today. Every line still ahead moves by as much;
    /// what each line repays stays, so the first one pays for the interest of the holiday. What
    /// was missed before stays missed, and waits without a penalty.
    pub(super) fn hold(&mut self, months: u32) -> Result<(), LoanError> {
        if self.terms.product.kind == ProductKind::Special {
            return Err(LoanError::Kind);
        }
        if self.closed_on.is_some() {
            return Err(LoanError::Closed);
        }
        if months == 0 || self.holiday_until().is_some() {
            return Err(LoanError::Holiday);
        }
        let until = plus_months(self.at, months).ok_or(LoanError::Terms)?;
        let first = self.first_unpaid_line();
        self.holds.push(Hold {
            on: self.at,
            until,
            months,
        });
        let Some(first) = first else {
            return Ok(());
        };
        let old_due = self.due();
        self.move_lines(first).ok_or(LoanError::Terms)?;
        if self.rate_until == old_due {
            self.rate_until = self.due();
        } else if self.rate_until >= self.at {
            let days = days_since(self.at, until);
            self.rate_until = plus_days(self.rate_until, days).ok_or(LoanError::Terms)?;
        }
        self.price_lines(first);
        Ok(())
    }

    /// The first line that is not over: a later one, or today's when something of it is unpaid.
    fn first_unpaid_line(&self) -> Option<usize> {
        let unpaid = self.interest() + self.principal_to_pay_by(self.at);
        self.plan.iter().position(|due| {
            let today = due.date == self.at && unpaid.is_positive();
            !due.prepaid && (due.date > self.at || today)
        })
    }

    fn move_lines(&mut self, first: usize) -> Option<()> {
        let shift = self.terms.product.shift_days_off;
        let mut previous = self.at.pred_opt()?;
        let mut number = 0;
        for index in 0..self.plan.len() {
            if self.plan[index].prepaid {
                continue;
            }
            number += 1;
            if index < first {
                previous = previous.max(self.plan[index].date);
                continue;
            }
            let mut date = self.held_date(number, self.plan[index].date)?;
            if shift {
                let earliest = date.max(previous.succ_opt()?);
                date = WorkCalendar::russia().next_working_day(earliest);
            }
            self.plan[index].date = date;
            previous = date;
        }
        Some(())
    }

    /// Where payment `number` (from 1) stands after all holidays so far. Instalments are counted
    /// from the issue, so that a date once moved off a day off, or cut to a month's end, does not
    /// carry on.
    fn held_date(&self, number: u32, date: NaiveDate) -> Option<NaiveDate> {
        let start = self.terms.schedule.start;
        let days = |hold: &Hold| days_since(hold.on, hold.until);
        match self.terms.product.kind {
            ProductKind::EveryNDays { days: every } => {
                let held: u32 = self.holds.iter().map(days).sum();
                plus_days(start, every.checked_mul(number)?.checked_add(held)?)
            }
            ProductKind::Monthly => {
                let held: u32 = self.holds.iter().map(|hold| hold.months).sum();
                plus_months(start, number.checked_add(held)?)
            }
            ProductKind::Bullet | ProductKind::Special => {
                plus_days(date, self.holds.last().map_or(0, days))
            }
        }
    }

    /// Plans the interest of the lines from `first` on by their new dates.
    pub(super) fn price_lines(&mut self, first: usize) {
        let of_period = self.plan[..first].iter().rev();
        let prepaid = of_period.take_while(|due| due.prepaid);
        let prepaid: Kopecks = prepaid.map(|due| due.interest).sum();
        let then = self.ahead(self.plan[first].date);
        self.plan[first].interest = then.period_interest.less(prepaid);
        let signed = running_rate(&self.terms.product, self.terms.rate);
        let rounding = rounding(signed, self.terms.contract_date);
        let rate = signed.at_most(self.lowered);
        for index in first + 1..self.plan.len() {
            let (before, date) = (&self.plan[..index], self.plan[index].date);
            let repaid: Kopecks = before.iter().map(|due| due.principal).sum();
            let left = self.terms.amount.less(repaid);
            let interest = rate.earned(left, self.plan[index - 1].date, date);
            self.plan[index].interest = interest.round(rounding);
        }
    }

    /// Days of holidays between a missed date and today: they are no delay.
    pub(crate) fn held_days_since(&self, missed: NaiveDate) -> u32 {
        let later = self.holds.iter().filter(|hold| hold.on >= missed);
        later.map(|hold| days_since(hold.on, hold.until)).sum()
    }
}
