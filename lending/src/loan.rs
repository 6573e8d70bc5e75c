//! A loan on a date: what is owed, computed from its frozen terms and the events so far.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::exact::Rate;
use crate::holiday::HolidayBasis;
use crate::money::{AnnualRate, DailyRate, Kopecks};
use crate::product::{Instalment, Product, Schedule};

/// The terms a loan was signed on. Stored for its whole life: names are stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The product as it was on the day of signing.
    pub product: Product,
    /// Money lent.
    pub amount: Kopecks,
    /// Days for bullet and special, number of payments otherwise; before any prolongation.
    pub term: u32,
    /// Picks the law: rates and caps follow the day of the contract.
    pub contract_date: NaiveDate,
    /// The rate that runs to the due date: ordinary or promo.
    pub rate: DailyRate,
    /// The rate that runs after the original due date: the ordinary one.
    pub rate_after_due: DailyRate,
    /// The schedule as signed.
    pub schedule: Schedule,
}

/// What a prepayment keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The dates stay and the payments get smaller.
    Term,
    /// The payment stays and the loan gets shorter.
    Payment,
}

/// Something that happened to a loan. Stored for years: names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// Money received, allocated in the legal order of that day.
    Payment {
        /// The day it arrived.
        on: NaiveDate,
        /// How much.
        amount: Kopecks,
    },
    /// The due date moved, its price already paid.
    Prolongation {
        /// The day of the agreement.
        on: NaiveDate,
        /// Days counted from the old due date.
        days: u32,
    },
    /// Money received with a request to re-make the schedule (art. 11 of 353-ФЗ).
    Prepayment {
        /// The day it arrived.
        on: NaiveDate,
        /// How much.
        amount: Kopecks,
        /// What the new schedule keeps.
        keep: Keep,
    },
    /// A credit holiday began (art. 6.1-2 of 353-ФЗ): payments are suspended from the next day.
    Holiday {
        /// The day of the request; the holiday is the days after it.
        on: NaiveDate,
        /// How many calendar months it lasts.
        months: u32,
        /// Why it was given.
        basis: HolidayBasis,
    },
    /// A paid service of the lender was bought. It repays no debt and counts against the accrual
    /// cap (art. 5 p. 24).
    Service {
        /// The day it was bought.
        on: NaiveDate,
        /// Its price.
        amount: Kopecks,
    },
    /// The lender looks for a payment that the borrower made and nobody finds: no penalty for the
    /// days after this one, until a [`Event::Resume`]. Interest runs on.
    Pause {
        /// The day of the payment that is looked for.
        on: NaiveDate,
    },
    /// The search is over: the penalty runs again from the next day. What was not charged
    /// meanwhile stays so.
    Resume {
        /// The day of the answer.
        on: NaiveDate,
    },
    /// The lender gives up interest already earned (art. 415 of the Civil Code): it repays unpaid
    /// interest only, past periods first, and no more than there is. It is no payment, so the order
    /// of claims does not ask about it, and what accrued still counts against the cap.
    Discount {
        /// The day it was given up.
        on: NaiveDate,
        /// How much.
        amount: Kopecks,
    },
    /// The lender forgives debt (art. 415 of the Civil Code), claim by claim and no more of each than
    /// there is. It is no payment, so the order of claims does not ask about it, and what accrued
    /// still counts against the cap. Principal comes off the earliest lines that are not repaid.
    WriteOff {
        /// The day it was forgiven.
        on: NaiveDate,
        /// What of each claim.
        debt: Debt,
    },
    /// The lender lowers the rate, which it may do alone (art. 5 p. 16 of 353-ФЗ): from the next day
    /// no more than this runs. What each line of the schedule repays stays, its interest shrinks.
    RateCut {
        /// The day it was agreed; the last one of the former rate.
        on: NaiveDate,
        /// Of the product's own kind, a day or a year.
        rate: Rate,
    },
}

/// A debt by what it consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Debt {
    /// Penalty.
    pub penalty: Kopecks,
    /// Interest.
    pub interest: Kopecks,
    /// Principal.
    pub principal: Kopecks,
}

impl Debt {
    /// All of it.
    pub fn total(&self) -> Kopecks {
        self.penalty + self.interest + self.principal
    }

    /// What shares of these claims come to.
    pub fn of(parts: &[Part]) -> Self {
        let mut debt = Self::default();
        for part in parts {
            match part.claim {
                Claim::OverdueInterest | Claim::Interest => debt.interest += part.amount,
                Claim::OverduePrincipal | Claim::Principal => debt.principal += part.amount,
                Claim::Penalty => debt.penalty += part.amount,
                Claim::Other => {}
            }
        }
        debt
    }
}

impl Event {
    /// The day it happened.
    pub const fn on(&self) -> NaiveDate {
        match self {
            Self::Payment { on, .. }
            | Self::Prolongation { on, .. }
            | Self::Prepayment { on, .. }
            | Self::Holiday { on, .. }
            | Self::Service { on, .. }
            | Self::Pause { on }
            | Self::Resume { on }
            | Self::Discount { on, .. }
            | Self::WriteOff { on, .. }
            | Self::RateCut { on, .. } => *on,
        }
    }
}

/// Where a loan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// No principal is late.
    Active,
    /// Principal is late.
    Overdue,
    /// Everything is paid.
    Closed,
}

/// What took the last of the debt off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// It was paid; bonuses count.
    Paid,
    /// The lender forgave the rest.
    WrittenOff,
}

/// What a payment may repay; the order among them is the law's (art. 5 p. 20 of 353-ФЗ).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// Interest of payment periods already past their due date.
    OverdueInterest,
    /// Principal that should have been repaid.
    OverduePrincipal,
    /// Interest of the current period.
    Interest,
    /// Principal not due yet.
    Principal,
    /// Penalty for delay.
    Penalty,
    /// Anything else the contract names.
    Other,
}

/// A share of a payment and what it repaid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it repaid.
    pub claim: Claim,
    /// How much, always above zero.
    pub amount: Kopecks,
}

/// What an accrual row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AccrualKind {
    /// Interest at a daily rate.
    Interest {
        /// Of the principal, a day.
        rate: DailyRate,
    },
    /// Penalty at an annual rate over the days of each calendar year.
    Penalty {
        /// Of the overdue principal, a year.
        rate: AnnualRate,
    },
    /// Interest at an annual rate over the days of each calendar year.
    AnnualInterest {
        /// Of the principal, a year.
        rate: AnnualRate,
    },
    /// The fixed payment of the special product.
    FixedPayment,
    /// The special product's penalty, of the whole overdue debt a day (art. 6.2).
    DailyPenalty {
        /// Of the overdue debt, a day.
        rate: DailyRate,
    },
}

/// One line of the explanation of a debt. All rows together, and the lender's paid services, sum
/// exactly to what accrued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccrualRow {
    /// The first day charged.
    pub from: NaiveDate,
    /// The last day charged, inclusive.
    pub to: NaiveDate,
    /// `to - from + 1`.
    pub days: u32,
    /// What the rate was applied to.
    pub base: Kopecks,
    /// At which rate.
    pub kind: AccrualKind,
    /// What these days added.
    pub amount: Kopecks,
}

/// How one line of the schedule stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstalmentStatus {
    /// Nothing is owed on it.
    Paid,
    /// The next one to pay.
    Due,
    /// Late.
    Overdue,
    /// After the next one.
    Ahead,
}

/// A line of the schedule with what has been paid on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleRow {
    /// The line.
    pub instalment: Instalment,
    /// How much of it is paid.
    pub paid: Kopecks,
    /// How it stands.
    pub status: InstalmentStatus,
}

/// A loan at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanState {
    /// The day; its events are included.
    pub on: NaiveDate,
    /// Where the loan stands.
    pub status: Status,
    /// All principal not repaid.
    pub principal: Kopecks,
    /// The part of `principal` whose date has passed. A holiday makes it wait without a penalty.
    pub overdue_principal: Kopecks,
    /// All unpaid interest.
    pub interest: Kopecks,
    /// The part of `interest` that belongs to periods past their due date.
    pub overdue_interest: Kopecks,
    /// Unpaid penalty.
    pub penalty: Kopecks,
    /// What closes the loan that day.
    pub payoff: Kopecks,
    /// Interest, penalty and the lender's paid services ever charged, paid or not: the counter of
    /// the cap.
    pub accrued: Kopecks,
    /// The paid services inside `accrued`.
    #[serde(default)]
    pub services: Kopecks,
    /// The most that may ever accrue; `None` when no cap acts.
    pub cap: Option<Kopecks>,
    /// Money received beyond the debt: refundable.
    pub overpaid: Kopecks,
    /// Days since the earliest date by which less principal was repaid than had to be, without
    /// the days of holidays.
    pub days_overdue: u32,
    /// The earliest date missed, be it by interest or penalty alone; `None` when nothing is late.
    #[serde(default)]
    pub late_since: Option<NaiveDate>,
    /// The last day of the credit holiday that runs.
    #[serde(default)]
    pub holiday_until: Option<NaiveDate>,
    /// The final payment date.
    pub due: NaiveDate,
    /// The next date and what to pay then, if nothing else is paid before; when late, this day
    /// and what ends the delay. `None` when closed.
    pub next_payment: Option<(NaiveDate, Kopecks)>,
    /// Money received and taken for the debt, without `overpaid`.
    pub paid_total: Kopecks,
    /// Interest that the lender gave up: nobody paid it and nobody owes it.
    #[serde(default)]
    pub forgiven: Kopecks,
    /// Debt that the lender wrote off: nobody paid it and nobody owes it.
    #[serde(default)]
    pub written_off: Kopecks,
    /// The most that interest may run at since the lender lowered the rate; `None` before that.
    #[serde(default)]
    pub lowered: Option<Rate>,
    /// The day the last of the debt was paid, or forgiven.
    pub closed_on: Option<NaiveDate>,
    /// Which of the two; `None` of a loan that is open.
    #[serde(default)]
    pub closed_by: Option<ClosedBy>,
    /// Why this much accrued.
    pub why: Vec<AccrualRow>,
    /// The schedule in force.
    pub schedule: Vec<ScheduleRow>,
}

/// Why a state can't be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum LoanError {
    /// A date before the loan began.
    #[error("the date {on} is before the loan began")]
    BeforeStart {
        /// That date.
        on: NaiveDate,
    },
    /// Events out of date order, or an action before the last of them.
    #[error("event {index} is earlier than the one before")]
    Order {
        /// From 0.
        index: usize,
    },
    /// A payment of nothing or less.
    #[error("a payment must be above zero")]
    Amount,
    /// A rate may only be lowered (art. 5 p. 16 of 353-ФЗ).
    #[error("a rate may only be lowered")]
    Raised,
    /// A closed loan can't be changed.
    #[error("the loan is closed")]
    Closed,
    /// This kind of loan can't be prolonged.
    #[error("this kind of loan can't be prolonged")]
    Kind,
    /// The new due date would not be after the day of the agreement.
    #[error("the prolongation ends before it begins")]
    Days,
    /// A holiday of no months, or while another one runs.
    #[error("the holiday is empty, or another one runs")]
    Holiday,
    /// The schedule of the terms is empty or out of order, or dates leave the calendar.
    #[error("the terms are damaged")]
    Terms,
}

/// A payment taken apart in the legal order of its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// In the order of the law; only the claims that got something.
    pub parts: Vec<Part>,
    /// What was left when nothing was owed any more.
    pub overpaid: Kopecks,
    /// The loan after it.
    pub after: LoanState,
}
