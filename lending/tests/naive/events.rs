//! What happens to a loan: it is paid, prolonged, prepaid and spread anew.

use chrono::{Days, NaiveDate};

use super::big::Big;
use super::dates::working_day;
use super::story::{Action, Kind, Window};
use super::{Line, Naive, Sum, Taken, law};

impl Naive {
    /// An event of today: what it repaid, or why it is refused.
    pub fn take(&mut self, action: Action) -> Result<Taken, &'static str> {
        match action {
            Action::Pay(amount) => Ok(self.pay(amount)),
            Action::Prolong(days) => self.prolong(days).map(|()| Taken::default()),
            Action::PrepayKeepingTerm(amount) => self.prepay(amount, false),
            Action::PrepayKeepingPayment(amount) => self.prepay(amount, true),
            Action::WriteOff(penalty, interest, principal) => {
                Ok(self.write_off(penalty, interest, principal))
            }
            Action::LowerRate(rate) => self.lower(rate).map(|()| Taken::default()),
        }
    }

    /// Takes debt off, what is late of each kind first; what is not owed is not counted.
    fn write_off(&mut self, penalty: i64, interest: i64, principal: i64) -> Taken {
        let interest = interest.min(self.interest());
        let principal = principal.min(self.principal());
        let overdue_interest = interest.min(self.overdue_interest());
        let overdue_principal = principal.min(self.overdue_principal());
        let taken = Taken {
            overdue_interest,
            overdue_principal,
            interest: interest - overdue_interest,
            principal: principal - overdue_principal,
            penalty: penalty.min(self.penalty()),
            overpaid: 0,
        };
        self.paid_interest += interest;
        self.repaid += principal;
        self.paid_penalty += taken.penalty;
        self.written_off += interest + principal + taken.penalty;
        if self.payoff() == 0 && self.closed.is_none() {
            self.closed = Some(self.today);
        }
        taken
    }

    /// A lower rate runs from tomorrow; later lines repay what they did, for less interest.
    fn lower(&mut self, rate: u32) -> Result<(), &'static str> {
        if matches!(self.loan.kind, Kind::Special { .. }) {
            return Err("kind");
        }
        self.lowered = Some(self.at_most(rate));
        if self.closed.is_some() {
            return Ok(());
        }
        let coming = |line: &Line| !line.prepaid && line.due > self.today;
        let Some(first) = self.lines.iter().position(coming) else {
            return Ok(());
        };
        let down = self.down(self.rate);
        for index in first..self.lines.len() {
            let line = self.lines[index].clone();
            let interest = if index == first {
                // What the whole period will have earned, without what prepayments have paid of it.
                let before = self.lines[..first].iter().rev();
                let prepaid = before
                    .take_while(|line| line.prepaid)
                    .map(|line| line.interest);
                let then = self.after_days(line.due);
                (then.running_interest - prepaid.sum::<i64>()).max(0)
            } else {
                let before = self.lines[..index].iter().map(|line| line.principal);
                let left = (self.loan.amount - before.sum::<i64>()).max(0);
                let (mut day, mut earned) = (self.lines[index - 1].due, Sum::default());
                while day < line.due {
                    day = day + Days::new(1);
                    match self.loan.annual {
                        Some(annual) => earned.add_day_of_year(left, self.at_most(annual), day),
                        None => earned.add_day(left, self.at_most(self.rate)),
                    }
                }
                earned.rounded(down)
            };
            self.lines[index].interest = interest;
        }
        Ok(())
    }

    /// Pays in the legal order.
    fn pay(&mut self, amount: i64) -> Taken {
        let mut left = amount;
        let mut take = |owed: i64| {
            let part = owed.min(left);
            left -= part;
            part
        };
        let penalty_is_last = law::penalty_is_last(self.today);
        let mut taken = Taken {
            overdue_interest: take(self.overdue_interest()),
            overdue_principal: take(self.overdue_principal()),
            ..Taken::default()
        };
        if !penalty_is_last {
            taken.penalty = take(self.penalty());
        }
        taken.interest = take(self.interest() - self.overdue_interest());
        taken.principal = take(self.principal() - self.overdue_principal());
        if penalty_is_last {
            taken.penalty = take(self.penalty());
        }
        taken.overpaid = left;
        self.paid_interest += taken.overdue_interest + taken.interest;
        self.repaid += taken.overdue_principal + taken.principal;
        self.paid_penalty += taken.penalty;
        self.overpaid += taken.overpaid;
        if self.payoff() == 0 && self.closed.is_none() {
            self.closed = Some(self.today);
        }
        taken
    }

    fn prolong(&mut self, days: u32) -> Result<(), &'static str> {
        if !matches!(self.loan.kind, Kind::Bullet { .. }) {
            return Err("kind");
        }
        if self.closed.is_some() {
            return Err("closed");
        }
        let mut new_due = self.due() + Days::new(u64::from(days));
        if self.loan.shift {
            new_due = working_day(new_due);
        }
        let open = self.window_is_open();
        if !open {
            return Err("window");
        }
        if new_due <= self.today {
            return Err("days");
        }
        if self.window.checks() {
            self.may_prolong(days)?;
        }
        self.prolonged.push((self.today, days));
        let line = self.lines.last_mut().unwrap();
        (line.due, line.interest_by_then) = (new_due, None);
        self.late_interest = 0;
        let then = self.after_days(new_due);
        let prepaid = self.lines.iter().filter(|line| line.prepaid);
        let prepaid: i64 = prepaid.map(|line| line.interest).sum();
        let interest = then.ended_interest + then.running_interest - prepaid;
        self.lines.last_mut().unwrap().interest = interest.max(0);
        Ok(())
    }

    fn window_is_open(&self) -> bool {
        let days_left = (self.due() - self.today).num_days();
        match self.window {
            Window::ThroughDue => days_left >= 0,
            Window::LastDays(days) => (0..=i64::from(days)).contains(&days_left),
            Window::Grace(days) => days_left >= -i64::from(days),
            Window::Always | Window::Unchecked => true,
        }
    }

    /// At most five a year for short loans, and the interest paid.
    fn may_prolong(&self, days: u32) -> Result<(), &'static str> {
        let recent = |(on, days): &&(NaiveDate, u32)| {
            *days > 2 && *on > self.today.checked_sub_days(Days::new(365)).unwrap()
        };
        let short = self.loan.kind.term() <= 30;
        let used = self.prolonged.iter().filter(recent).count();
        if short && days > 2 && used >= law::most_prolongations(self.today) {
            return Err("count");
        }
        let owed = if self.today <= self.due() {
            self.interest()
        } else {
            // Late: as much must have been paid today as interest was owed this morning.
            let paid_today = self.paid() - self.paid_this_morning;
            (self.interest_this_morning - paid_today).max(self.overdue_interest())
        };
        if owed > 0 {
            return Err("interest_unpaid");
        }
        // Nothing but a penalty is left: there is no full cost of that.
        if self.principal() + self.interest() == 0 {
            return Err("loan");
        }
        Ok(())
    }

    fn prepay(&mut self, amount: i64, keep_payment: bool) -> Result<Taken, &'static str> {
        if self.closed.is_some() && self.window.checks() {
            return Err("closed");
        }
        let taken = self.pay(amount);
        self.respread(keep_payment, taken.interest);
        Ok(taken)
    }

    /// The later lines again, for what is left after a prepayment.
    fn respread(&mut self, keep_payment: bool, interest_paid: i64) {
        let (past, future): (Vec<Line>, Vec<Line>) = self
            .lines
            .clone()
            .into_iter()
            .partition(|line| line.due <= self.today);
        let scheduled: i64 = past.iter().map(|line| line.principal).sum();
        let balance = self.loan.amount - scheduled.max(self.repaid);
        if future.is_empty() || balance == 0 {
            return;
        }
        let due_today = past
            .iter()
            .any(|line| line.due == self.today && !line.prepaid);
        self.lines = past;
        if self.repaid > scheduled {
            self.lines.push(Line {
                due: self.today,
                principal: self.repaid - scheduled,
                interest: interest_paid,
                prepaid: true,
                interest_by_then: None,
            });
        }
        let old = future[0].principal + future[0].interest;
        let dates: Vec<NaiveDate> = future.iter().map(|line| line.due).collect();
        let payment = if keep_payment {
            old
        } else {
            self.equal_payment(balance, &dates)
        };
        self.write_lines(balance, &dates, payment, due_today);
        if matches!(self.loan.kind, Kind::Special { .. } | Kind::Bullet { .. }) {
            // One payment: what will be owed by then. The fixed payment is owed whatever is
            // repaid; a promo may end before a prolonged date; the cap may be reached.
            let then = self.after_days(self.due()).interest();
            self.lines.last_mut().unwrap().interest = then;
        }
    }

    /// Lines of a debt: interest of each period rounded once, the last line absorbs.
    pub(super) fn write_lines(
        &mut self,
        balance: i64,
        dates: &[NaiveDate],
        payment: i64,
        fresh: bool,
    ) {
        let mut left = balance;
        let mut from = self.today;
        let mut earned = if fresh { Sum::default() } else { self.running };
        let current_unpaid = self.interest() - self.overdue_interest();
        let mut paid = if fresh {
            0
        } else {
            self.running_interest - current_unpaid
        };
        for (index, due) in dates.iter().enumerate() {
            while from < *due {
                from = from + Days::new(1);
                match self.loan.annual {
                    Some(annual) => earned.add_day_of_year(left, self.at_most(annual), from),
                    None => earned.add_day(left, self.at_most(self.rate)),
                }
            }
            let interest = (earned.rounded(self.down(self.rate)) - paid).max(0);
            let last = index + 1 == dates.len();
            let principal = if last {
                left
            } else {
                (payment - interest).max(0).min(left)
            };
            left -= principal;
            self.lines.push(Line {
                due: *due,
                principal,
                interest,
                prepaid: false,
                interest_by_then: None,
            });
            if left == 0 {
                break;
            }
            (earned, paid) = (Sum::default(), 0);
        }
    }

    /// The payment that brings the balance to zero, half-up, from one exact fraction: the balance
    /// grown to the end over what a payment of one kopeck on each date would have grown to.
    pub(super) fn equal_payment(&self, balance: i64, dates: &[NaiveDate]) -> i64 {
        // Growth of a period is `rate / whole`.
        let whole: u64 = match (self.loan.annual, self.loan.kind) {
            (None, _) => 1_000_000,
            (Some(_), Kind::EveryNDays { .. }) => 365_000_000,
            (Some(_), _) => 12_000_000,
        };
        let mut grown = Big::new(u64::try_from(balance).unwrap());
        let (mut paid, mut scale) = (Big::new(0), Big::new(1));
        let mut from = self.today;
        for due in dates {
            let days = u64::try_from((*due - from).num_days()).unwrap();
            let rate = match (self.loan.annual, self.loan.kind) {
                (None, _) => u64::from(self.at_most(self.rate)) * days,
                (Some(annual), Kind::EveryNDays { days, .. }) => {
                    u64::from(self.at_most(annual)) * u64::from(days)
                }
                (Some(annual), _) => u64::from(self.at_most(annual)),
            };
            grown = grown.times(whole + rate);
            scale = scale.times(whole);
            paid = paid.times(whole + rate).plus(&scale);
            from = *due;
        }
        i64::try_from(grown.divided(&paid)).unwrap()
    }
}
