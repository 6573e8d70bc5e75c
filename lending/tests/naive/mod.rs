//! A second implementation of a loan, written from the text of the rules: a loop over days. Slow
//! and plain on purpose. It takes numbers from a [`Story`] and shares no arithmetic with the
//! library: dates, schedules, accruals, roundings, allocation and the law's figures are its own;
//! only which days are off is looked up in the library's calendar.
#![allow(dead_code, reason = "each test file uses its own part")]

use chrono::{Days, Months, NaiveDate};

pub mod big;
mod dates;
mod events;
pub mod full_cost;
pub mod law;
pub mod story;

use dates::{moved_dates, nominal_dates};
use full_cost::FullCost;
use story::{Kind, Loan, Window};

/// Parts of a kopeck: a millionth of it by a day of a year of 365 or of 366 days.
const PARTS: i64 = 1_000_000 * 365 * 366;

/// Kopecks and the exact rest of one, carried from day to day.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    kopecks: i64,
    parts: i64,
}

impl Sum {
    fn add(&mut self, parts: i64) {
        self.parts += parts;
        self.kopecks += self.parts / PARTS;
        self.parts %= PARTS;
    }

    /// One day at a daily rate.
    fn add_day(&mut self, base: i64, daily: u32) {
        self.add(base * i64::from(daily) * 365 * 366);
    }

    /// One day of the calendar year it falls into at an annual rate.
    fn add_day_of_year(&mut self, base: i64, annual: u32, day: NaiveDate) {
        let others = if day.leap_year() { 365 } else { 366 };
        self.add(base * i64::from(annual) * others);
    }

    fn rounded(self, down: bool) -> i64 {
        self.kopecks + i64::from(!down && 2 * self.parts >= PARTS)
    }
}

/// A payment date with what was planned for it.
#[derive(Debug, Clone)]
pub struct Line {
    pub due: NaiveDate,
    pub principal: i64,
    pub interest: i64,
    prepaid: bool,
    /// All interest that had accrued when the date was over.
    interest_by_then: Option<i64>,
}

/// What a payment repaid, in the order of the tool's answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    pub overdue_interest: i64,
    pub overdue_principal: i64,
    pub interest: i64,
    pub principal: i64,
    pub penalty: i64,
    pub overpaid: i64,
}

/// A loan after some days. Amounts are kopecks.
#[derive(Debug, Clone)]
pub struct Naive {
    loan: Loan,
    pub window: Window,
    pub today: NaiveDate,
    pub lines: Vec<Line>,
    pub cap: Option<i64>,
    /// The rate until the due date that was signed.
    rate: u32,
    signed_due: NaiveDate,
    ended_interest: i64,
    late_interest: i64,
    running: Sum,
    running_interest: i64,
    penalty_sum: Sum,
    penalty_ever: i64,
    stopped: bool,
    pub repaid: i64,
    pub paid_interest: i64,
    paid_penalty: i64,
    pub written_off: i64,
    /// The most that runs since the lender lowered it.
    lowered: Option<u32>,
    pub overpaid: i64,
    pub closed: Option<NaiveDate>,
    prolonged: Vec<(NaiveDate, u32)>,
    interest_this_morning: i64,
    paid_this_morning: i64,
}

/// Whether the law lets the loan be signed: rates, the special product's limits, the full cost,
/// the charges against the cap.
pub fn lawful(loan: &Loan) -> bool {
    let at_signing = Loan {
        issued: loan.contract,
        ..loan.clone()
    };
    let naive = Naive::new(&at_signing, Window::Unchecked);
    if let Kind::Special { days } = loan.kind {
        return law::special_percent(loan.contract).is_none_or(|percent| {
            days <= 15 && loan.amount <= 1_000_000 && loan.fixed <= loan.amount * percent / 100
        });
    }
    let charges: i64 = naive.lines.iter().map(|line| line.interest).sum();
    let within_cap = naive.cap.is_none_or(|cap| charges <= cap);
    let within_rate = law::highest_daily_rate(loan.contract).is_none_or(|highest| {
        let promo = loan.promo.map_or(0, |promo| promo.daily);
        let annual = loan.annual.unwrap_or(0);
        loan.daily <= highest && promo <= highest && annual <= highest * 365
    });
    let reissued = Naive::new(loan, Window::Unchecked);
    let within_cost = |naive: &Naive| {
        let cost = FullCost::of(&naive.flows());
        let highest = law::highest_full_cost(loan.contract);
        // The printed percent is above the limit when the root is half a unit above it or more.
        highest.is_none_or(|limit| cost.at(2 * limit + 1) == std::cmp::Ordering::Less)
    };
    within_rate
        && within_cap
        && loan.penalty <= 200_000
        && within_cost(&naive)
        && within_cost(&reissued)
}

impl Naive {
    /// The loan at the end of the day the money left.
    pub fn new(loan: &Loan, window: Window) -> Self {
        let rate = match (loan.promo, loan.kind) {
            (Some(promo), Kind::Bullet { days })
                if loan.amount <= promo.max_amount && days <= promo.max_days =>
            {
                promo.daily
            }
            _ => loan.daily,
        };
        let special = matches!(loan.kind, Kind::Special { .. });
        let dates = nominal_dates(loan);
        let within_a_year = dates.last() <= Some(&(loan.issued + Months::new(12)));
        let percent = law::cap_percent(loan.contract).filter(|_| within_a_year && !special);
        let mut naive = Self {
            loan: loan.clone(),
            window,
            today: loan.issued,
            lines: Vec::new(),
            cap: percent.map(|percent| loan.amount * percent / 100),
            rate,
            signed_due: loan.issued,
            ended_interest: 0,
            late_interest: 0,
            running: Sum::default(),
            running_interest: 0,
            penalty_sum: Sum::default(),
            penalty_ever: 0,
            stopped: false,
            repaid: 0,
            paid_interest: 0,
            paid_penalty: 0,
            written_off: 0,
            lowered: None,
            overpaid: 0,
            closed: None,
            prolonged: Vec::new(),
            interest_this_morning: loan.fixed,
            paid_this_morning: 0,
        };
        let dates = moved_dates(loan, &dates);
        let payment = naive.equal_payment(loan.amount, &dates);
        naive.write_lines(loan.amount, &dates, payment, true);
        if special {
            naive.lines[0].interest = loan.fixed;
            naive.running_interest = loan.fixed;
        }
        naive.signed_due = naive.due();
        naive
    }

    /// Money out, then what is planned for each date from today on while anything is left.
    pub fn flows(&self) -> Vec<(NaiveDate, i64)> {
        let mut left = self.principal() - self.behind(self.today);
        let mut flows = vec![(self.today, -left)];
        for line in self.lines.iter().filter(|line| line.due > self.today) {
            if left > 0 {
                let principal = line.principal.min(left);
                // A planned payment of nothing is no flow.
                if principal + line.interest > 0 {
                    flows.push((line.due, principal + line.interest));
                }
                left -= principal;
            }
        }
        flows
    }

    /// Interest of the days gone that the next planned payment asks for: it is owed already, not a
    /// price of what is to come. A fixed payment is the price of the whole term.
    pub fn owed_already(&self) -> i64 {
        let ends_today = |line: &Line| line.due == self.today && !line.prepaid;
        if self.loan.fixed > 0 || self.lines.iter().any(ends_today) {
            return 0;
        }
        self.interest() - self.overdue_interest()
    }

    pub fn principal(&self) -> i64 {
        self.loan.amount - self.repaid
    }

    pub fn interest(&self) -> i64 {
        self.ended_interest + self.running_interest - self.paid_interest
    }

    pub fn overdue_interest(&self) -> i64 {
        (self.late_interest - self.paid_interest).max(0)
    }

    /// Principal scheduled through a date and not repaid.
    fn behind(&self, through: NaiveDate) -> i64 {
        let scheduled = self.lines.iter().filter(|line| line.due <= through);
        (scheduled.map(|line| line.principal).sum::<i64>() - self.repaid).max(0)
    }

    pub fn overdue_principal(&self) -> i64 {
        self.behind(self.today.pred_opt().unwrap())
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

    pub fn paid(&self) -> i64 {
        self.repaid + self.paid_interest + self.paid_penalty
    }

    pub fn due(&self) -> NaiveDate {
        self.lines.last().unwrap().due
    }

    /// Something is late, be it interest or a penalty alone.
    fn late(&self) -> bool {
        let late = self.overdue_principal() + self.overdue_interest() > 0;
        self.closed.is_none() && (late || (self.today > self.due() && self.payoff() > 0))
    }

    /// `closed`, `overdue` (scheduled principal to date exceeds principal repaid) or `active`.
    pub fn status(&self) -> &'static str {
        if self.closed.is_some() {
            "closed"
        } else if self.overdue_principal() > 0 {
            "overdue"
        } else {
            "active"
        }
    }

    /// Days since the first date by which less principal was repaid than had to be.
    pub fn days_overdue(&self) -> i64 {
        if self.status() != "overdue" {
            return 0;
        }
        let mut principal = 0;
        for line in self.lines.iter().filter(|line| line.due < self.today) {
            principal += line.principal;
            if principal > self.repaid {
                return (self.today - line.due).num_days();
            }
        }
        (self.today - self.due()).num_days()
    }

    /// The same loan on a later day if nothing happens until then.
    pub fn after_days(&self, on: NaiveDate) -> Self {
        let mut later = self.clone();
        while later.today < on {
            later.next_day();
        }
        later
    }

    /// The next date and what to pay then when nothing is paid before.
    pub fn next_payment(&self) -> Option<(NaiveDate, i64)> {
        match self.status() {
            "closed" => None,
            _ if self.late() && self.today > self.due() => Some((self.today, self.payoff())),
            _ if self.late() => Some((
                self.today,
                self.overdue_interest() + self.overdue_principal(),
            )),
            _ => {
                let mut later = self.clone();
                while later.today < later.due() {
                    let planned = later.lines.iter().any(|line| line.due == later.today);
                    let amount = later.interest() + later.behind(later.today);
                    if planned && amount > 0 {
                        return Some((later.today, amount));
                    }
                    later.next_day();
                }
                Some((later.today, later.payoff())).filter(|(_, amount)| *amount > 0)
            }
        }
    }

    /// The interest of each line: what accrued in the periods that have ended, what will have by
    /// the end of the running one, what is planned for later ones.
    pub fn interest_of_lines(&self) -> Vec<i64> {
        let running = self
            .lines
            .iter()
            .position(|line| !line.prepaid && line.due >= self.today);
        let mut counted = 0;
        let mut shown = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let interest = if line.prepaid {
                line.interest
            } else if let Some(by_then) = line.interest_by_then {
                (by_then - counted).max(0)
            } else if running == Some(index) {
                let then = self.after_days(line.due);
                (then.ended_interest + then.running_interest - counted).max(0)
            } else if self.principal() == 0 {
                0
            } else {
                line.interest
            };
            counted += interest;
            shown.push(interest);
        }
        shown
    }

    /// One day passes.
    pub fn next_day(&mut self) {
        let yesterday = self.today;
        self.today = yesterday + Days::new(1);
        let so_far = self.ended_interest + self.running_interest;
        let mut ended = false;
        for line in &mut self.lines {
            if line.due == yesterday && !line.prepaid {
                line.interest_by_then = Some(so_far);
                ended = true;
            }
        }
        if ended {
            self.ended_interest = so_far;
            self.late_interest = so_far;
            self.running_interest = 0;
            self.running = Sum::default();
        }
        if !self.stopped && self.closed.is_none() {
            self.accrue();
        }
        self.interest_this_morning = self.interest();
        self.paid_this_morning = self.paid();
    }

    fn accrue(&mut self) {
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

    fn at_most(&self, rate: u32) -> u32 {
        self.lowered.map_or(rate, |lowered| rate.min(lowered))
    }

    /// Whether interest at a daily rate of the contract is rounded down.
    fn down(&self, daily: u32) -> bool {
        let highest = law::highest_daily_rate(self.loan.contract);
        self.loan.annual.is_none() && highest == Some(daily)
    }

    fn interest_of_today(&mut self) -> i64 {
        let base = self.principal();
        let daily = if self.today > self.signed_due {
            self.loan.daily
        } else {
            self.rate
        };
        match self.loan.annual {
            Some(annual) => self
                .running
                .add_day_of_year(base, self.at_most(annual), self.today),
            None => self.running.add_day(base, self.at_most(daily)),
        }
        (self.running.rounded(self.down(daily)) - self.running_interest).max(0)
    }

    fn penalty_of_today(&mut self) -> i64 {
        let principal = self.overdue_principal();
        if matches!(self.loan.kind, Kind::Special { .. }) {
            let debt = principal + self.overdue_interest();
            self.penalty_sum.add_day(debt, 1_000);
        } else {
            let annual = self.loan.penalty;
            self.penalty_sum
                .add_day_of_year(principal, annual, self.today);
        }
        self.penalty_sum.rounded(false) - self.penalty_ever
    }
}
