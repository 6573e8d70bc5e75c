//! A second implementation of a loan, written from the text of the rules: a loop over days in
//! exact decimals. Slow and plain on purpose; it shares no arithmetic with the library.

use chrono::{Days, Months, NaiveDate};
use lending::{Event, Keep, ProductKind, Terms};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// Sums of a year of 365 days and of one of 366 are kept apart, divided only when rounding.
#[derive(Clone, Copy, Default)]
struct Sum {
    plain: Decimal,
    over_365: Decimal,
    over_366: Decimal,
}

impl Sum {
    fn value(self) -> Decimal {
        let years = self.over_365 / Decimal::from(365) + self.over_366 / Decimal::from(366);
        (self.plain + years) / Decimal::from(1_000_000)
    }

    fn add_year(&mut self, amount: Decimal, day: NaiveDate) {
        if day.leap_year() {
            self.over_366 += amount;
        } else {
            self.over_365 += amount;
        }
    }
}

fn whole(value: Decimal, floor: bool) -> i64 {
    let rounded = if floor {
        value.floor()
    } else {
        value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
    };
    rounded.to_i64().unwrap()
}

/// A payment date with what was planned for it.
#[derive(Clone)]
pub struct Line {
    pub due: NaiveDate,
    pub principal: i64,
    pub interest: i64,
    prepaid: bool,
}

/// A loan after some days. Amounts are kopecks.
#[derive(Clone)]
pub struct Naive<'a> {
    terms: &'a Terms,
    pub today: NaiveDate,
    pub lines: Vec<Line>,
    pub cap: Option<i64>,
    ended_interest: i64,
    late_interest: i64,
    running: Sum,
    running_interest: i64,
    penalty_sum: Sum,
    penalty_ever: i64,
    stopped: bool,
    pub repaid: i64,
    paid_interest: i64,
    paid_penalty: i64,
    pub overpaid: i64,
    pub closed: bool,
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Highest daily rate, millionths: the dates and figures of the regulation's table of switches.
fn highest_rate(contract: NaiveDate) -> Option<u32> {
    if contract >= day(2023, 7, 1) {
        Some(8_000)
    } else if contract >= day(2019, 7, 1) {
        Some(10_000)
    } else if contract >= day(2019, 1, 28) {
        Some(15_000)
    } else {
        None
    }
}

fn cap_percent(contract: NaiveDate) -> Option<i64> {
    let switches = [
        (day(2026, 4, 1), 100),
        (day(2023, 7, 1), 130),
        (day(2020, 1, 1), 150),
        (day(2019, 7, 1), 200),
        (day(2019, 1, 28), 250),
    ];
    switches
        .into_iter()
        .find(|(from, _)| contract >= *from)
        .map(|(_, percent)| percent)
}

impl<'a> Naive<'a> {
    pub fn new(terms: &'a Terms) -> Self {
        let start = terms.schedule.start;
        let special = terms.product.kind == ProductKind::Special;
        let within_a_year = terms.schedule.last_due() <= start + Months::new(12);
        let percent = cap_percent(terms.contract_date).filter(|_| within_a_year && !special);
        let lines = terms.schedule.instalments.iter().map(|line| Line {
            due: line.due,
            principal: line.principal.get(),
            interest: line.interest.get(),
            prepaid: false,
        });
        Self {
            terms,
            today: start,
            lines: lines.collect(),
            cap: percent.map(|percent| terms.amount.get() * percent / 100),
            ended_interest: 0,
            late_interest: 0,
            running: Sum::default(),
            running_interest: if special {
                terms.schedule.interest().get()
            } else {
                0
            },
            penalty_sum: Sum::default(),
            penalty_ever: 0,
            stopped: false,
            repaid: 0,
            paid_interest: 0,
            paid_penalty: 0,
            overpaid: 0,
            closed: false,
        }
    }

    pub fn principal(&self) -> i64 {
        self.terms.amount.get() - self.repaid
    }

    pub fn interest(&self) -> i64 {
        self.ended_interest + self.running_interest - self.paid_interest
    }

    pub fn overdue_interest(&self) -> i64 {
        (self.late_interest - self.paid_interest).max(0)
    }

    pub fn overdue_principal(&self) -> i64 {
        let scheduled = self.lines.iter().filter(|line| line.due < self.today);
        (scheduled.map(|line| line.principal).sum::<i64>() - self.repaid).max(0)
    }

    pub fn penalty(&self) -> i64 {
        self.penalty_ever - self.paid_penalty
    }

    pub fn accrued(&self) -> i64 {
        self.ended_interest + self.running_interest + self.penalty_ever
    }

    pub fn payoff(&self) -> i64 {
        self.principal() + self.interest() + self.penalty()
    }

    pub fn due(&self) -> NaiveDate {
        self.lines.last().unwrap().due
    }

    /// One day passes.
    pub fn next_day(&mut self) {
        let yesterday = self.today;
        self.today = yesterday + Days::new(1);
        if self
            .lines
            .iter()
            .any(|line| line.due == yesterday && !line.prepaid)
        {
            self.ended_interest += self.running_interest;
            self.late_interest = self.ended_interest;
            self.running_interest = 0;
            self.running = Sum::default();
        }
        if self.stopped || self.closed {
            return;
        }
        let (interest, penalty) = (self.interest_of_today(), self.penalty_of_today());
        match self.cap {
            Some(cap) if self.accrued() + interest + penalty >= cap => {
                let room = cap - self.accrued();
                let interest = interest.min(room);
                self.running_interest += interest;
                self.penalty_ever += penalty.min(room - interest);
                self.stopped = true;
            }
            _ => {
                self.running_interest += interest;
                self.penalty_ever += penalty;
            }
        }
    }

    fn interest_of_today(&mut self) -> i64 {
        let base = Decimal::from(self.principal());
        let signed_due = self.terms.schedule.last_due();
        let after_due = self.today > signed_due;
        let daily = if after_due {
            self.terms.rate_after_due
        } else {
            self.terms.rate
        };
        let mut floor = false;
        if let Some(annual) = self.terms.product.annual_rate {
            self.running
                .add_year(base * Decimal::from(annual.ppm()), self.today);
        } else {
            self.running.plain += base * Decimal::from(daily.ppm());
            floor = highest_rate(self.terms.contract_date) == Some(daily.ppm());
        }
        (whole(self.running.value(), floor) - self.running_interest).max(0)
    }

    fn penalty_of_today(&mut self) -> i64 {
        if self.terms.product.kind == ProductKind::Special {
            let debt = self.overdue_principal() + self.overdue_interest();
            self.penalty_sum.plain += Decimal::from(debt) * Decimal::from(1_000);
        } else {
            let rate = Decimal::from(self.terms.product.penalty_rate.ppm());
            let base = Decimal::from(self.overdue_principal());
            self.penalty_sum.add_year(base * rate, self.today);
        }
        whole(self.penalty_sum.value(), false) - self.penalty_ever
    }

    /// An event of today; whether the rules allow it.
    pub fn take(&mut self, event: &Event) -> bool {
        match *event {
            Event::Payment { amount, .. } => {
                self.pay(amount.get());
                true
            }
            Event::Prolongation { days, .. } => self.prolong(days),
            Event::Prepayment { amount, keep, .. } => {
                let of_this_period = self.pay(amount.get());
                self.respread(keep, of_this_period);
                true
            }
        }
    }

    /// Pays in the legal order; answers how much went to interest that was not overdue.
    fn pay(&mut self, amount: i64) -> i64 {
        let mut left = amount;
        let mut take = |owed: i64| {
            let part = owed.min(left);
            left -= part;
            part
        };
        let late_interest = take(self.overdue_interest());
        let late_principal = take(self.overdue_principal());
        let new_law = self.today >= day(2024, 7, 1);
        let mut penalty = if new_law { 0 } else { take(self.penalty()) };
        let interest = take(self.interest() - self.overdue_interest());
        let principal = take(self.principal() - self.overdue_principal());
        if new_law {
            penalty = take(self.penalty());
        }
        self.paid_interest += late_interest + interest;
        self.repaid += late_principal + principal;
        self.paid_penalty += penalty;
        self.overpaid += left;
        self.closed |= self.payoff() == 0;
        interest
    }

    fn prolong(&mut self, days: u32) -> bool {
        let new_due = self.due() + Days::new(u64::from(days));
        let bullet = self.terms.product.kind == ProductKind::Bullet;
        if !bullet || self.closed || days == 0 || new_due <= self.today {
            return false;
        }
        self.lines.last_mut().unwrap().due = new_due;
        self.late_interest = 0;
        true
    }

    /// The later lines again, for what is left after a prepayment.
    fn respread(&mut self, keep: Keep, interest_paid: i64) {
        let (past, future): (Vec<Line>, Vec<Line>) = self
            .lines
            .clone()
            .into_iter()
            .partition(|line| line.due <= self.today);
        let scheduled: i64 = past.iter().map(|line| line.principal).sum();
        let balance = self.terms.amount.get() - scheduled.max(self.repaid);
        if future.is_empty() || balance == 0 {
            return;
        }
        let due_today = past
            .iter()
            .any(|line| line.due == self.today && !line.prepaid);
        self.lines = past;
        if self.repaid > scheduled {
            let principal = self.repaid - scheduled;
            let interest = interest_paid;
            self.lines.push(Line {
                due: self.today,
                principal,
                interest,
                prepaid: true,
            });
        }
        let old = future[0].principal + future[0].interest;
        let dates: Vec<NaiveDate> = future.iter().map(|line| line.due).collect();
        let payment = match keep {
            Keep::Payment => old,
            Keep::Term => self.equal_payment(balance, &dates),
        };
        self.write_lines(balance, &dates, payment, due_today);
    }

    fn write_lines(&mut self, balance: i64, dates: &[NaiveDate], payment: i64, fresh: bool) {
        let mut left = balance;
        let mut from = self.today;
        let mut carried = if fresh { Sum::default() } else { self.running };
        let current_unpaid = self.interest() - self.overdue_interest();
        let mut paid = if fresh {
            0
        } else {
            self.running_interest - current_unpaid
        };
        for (index, due) in dates.iter().enumerate() {
            let mut day = from;
            while day < *due {
                day = day + Days::new(1);
                let base = Decimal::from(left);
                match self.terms.product.annual_rate {
                    Some(rate) => carried.add_year(base * Decimal::from(rate.ppm()), day),
                    None => carried.plain += base * Decimal::from(self.terms.rate.ppm()),
                }
            }
            let highest = highest_rate(self.terms.contract_date);
            let floor =
                self.terms.product.annual_rate.is_none() && highest == Some(self.terms.rate.ppm());
            let interest = (whole(carried.value(), floor) - paid).max(0);
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
            });
            if left == 0 {
                break;
            }
            (from, carried, paid) = (*due, Sum::default(), 0);
        }
    }

    /// The payment that brings the balance to zero: the balance grown to the end over the sum of
    /// what a payment of one kopeck on each date would have grown to.
    fn equal_payment(&self, balance: i64, dates: &[NaiveDate]) -> i64 {
        let mut grown = Decimal::from(balance);
        let mut paid = Decimal::ZERO;
        let mut from = self.today;
        for due in dates {
            let days = Decimal::from((*due - from).num_days());
            let growth = match (self.terms.product.annual_rate, self.terms.product.kind) {
                (Some(rate), ProductKind::EveryNDays { days }) => {
                    Decimal::from(rate.ppm()) * Decimal::from(days) / Decimal::from(365_000_000)
                }
                (Some(rate), _) => Decimal::from(rate.ppm()) / Decimal::from(12_000_000),
                (None, _) => days * Decimal::from(self.terms.rate.ppm()) / Decimal::from(1_000_000),
            };
            grown *= Decimal::ONE + growth;
            paid = paid * (Decimal::ONE + growth) + Decimal::ONE;
            from = *due;
        }
        whole(grown / paid, false)
    }
}
