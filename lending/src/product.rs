//! What is lent and on which terms: products, requests, schedules and quotes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::money::{AnnualRate, DailyRate, Kopecks};
use crate::psk::Psk;

/// How a loan is repaid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProductKind {
    /// One payment at the end.
    Bullet,
    /// Equal payments every so many days.
    EveryNDays {
        /// Days between payments.
        days: u32,
    },
    /// Equal payments on the day of month of the issue, or the month's end.
    Monthly,
    /// The special product of art. 6.2 of 353-ФЗ: a fixed payment and no interest.
    Special,
}

/// The fixed payment of the special product (art. 6.2 of 353-ФЗ).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SpecialPrice {
    /// The same amount whatever is lent.
    Fixed {
        /// The fixed payment.
        amount: Kopecks,
    },
    /// A share of what is lent, rounded down to the kopeck.
    Share {
        /// Millionths of the amount lent: 15 % is 150 000.
        ppm: u32,
    },
}

/// What becomes of a reduced rate when the loan is not repaid by its due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromoAfterDue {
    /// The ordinary rate runs from the day after the due date.
    #[default]
    Ordinary,
    /// The reduced rate keeps running.
    Promo,
}

/// A reduced rate inside limits. It is granted for the whole term or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promo {
    /// The reduced rate.
    pub daily_rate: DailyRate,
    /// The largest amount it is granted for.
    pub max_amount: Kopecks,
    /// The longest term in days it is granted for.
    pub max_days: u32,
    /// Whether only a borrower's first loan gets it.
    pub first_loan_only: bool,
    /// What runs from the first day of delay. There is no choice that reaches back before it: the
    /// full cost that was signed must stay true for the days already lived.
    #[serde(default)]
    pub after_due: PromoAfterDue,
}

/// A lender's product, as its file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// A stable name inside the lender.
    pub code: String,
    /// How it is repaid.
    pub kind: ProductKind,
    /// The smallest amount.
    pub min_amount: Kopecks,
    /// The largest amount.
    pub max_amount: Kopecks,
    /// Amounts are `min_amount` plus a whole number of these steps; zero means any kopeck.
    pub amount_step: Kopecks,
    /// The shortest term: days for bullet and special, payments otherwise.
    pub min_term: u32,
    /// The longest term, in the same unit.
    pub max_term: u32,
    /// The ordinary rate. Zero for the special product and when `annual_rate` is set.
    pub daily_rate: DailyRate,
    /// A rate by calendar years instead of the daily one: actual days over 365 or 366.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annual_rate: Option<AnnualRate>,
    /// The fixed payment; only the special product has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special_price: Option<SpecialPrice>,
    /// A reduced rate, bullet loans only.
    pub promo: Option<Promo>,
    /// The penalty on overdue principal, at most 20 % a year (art. 5 p. 21 of 353-ФЗ).
    pub penalty_rate: AnnualRate,
    /// Whether a payment date on a day off moves to the next working day (art. 193 ГК).
    pub shift_days_off: bool,
}

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanRequest {
    /// Money to be lent.
    pub amount: Kopecks,
    /// Days for bullet and special, number of payments otherwise.
    pub term: u32,
    /// The day the money leaves.
    pub start: NaiveDate,
    /// Whether this borrower never had a loan here.
    pub first_loan: bool,
}

/// One line of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// From 1.
    pub number: u32,
    /// The last day to pay without being late.
    pub due: NaiveDate,
    /// `principal + interest`.
    pub payment: Kopecks,
    /// The part that repays what was lent.
    pub principal: Kopecks,
    /// The part that pays for the use of it.
    pub interest: Kopecks,
    /// Principal left after this payment.
    pub principal_left: Kopecks,
}

/// The payments of a loan, in date order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The day the money is lent; interest runs from the next one.
    pub start: NaiveDate,
    /// At least one line.
    pub instalments: Vec<Instalment>,
}

impl Schedule {
    /// The sum of all payments.
    pub fn total(&self) -> Kopecks {
        self.instalments.iter().map(|line| line.payment).sum()
    }

    /// The sum of interest.
    pub fn interest(&self) -> Kopecks {
        self.instalments.iter().map(|line| line.interest).sum()
    }

    /// The sum of principal: what is lent.
    pub fn principal(&self) -> Kopecks {
        self.instalments.iter().map(|line| line.principal).sum()
    }

    /// The final date; the start of an empty schedule.
    pub fn last_due(&self) -> NaiveDate {
        self.instalments.last().map_or(self.start, |line| line.due)
    }

    /// The dated flows seen by the borrower's money: first the amount out (negative), then the
    /// payments. The input of [`crate::psk::psk`].
    pub fn flows(&self) -> Vec<(NaiveDate, Kopecks)> {
        let lent = Kopecks::ZERO - self.principal();
        let payments = self.instalments.iter().map(|line| (line.due, line.payment));
        // A few kopecks over many dates leave lines of 0.00, and those are no flows.
        let payments = payments.filter(|(_, sum)| sum.is_positive());
        std::iter::once((self.start, lent))
            .chain(payments)
            .collect()
    }
}

/// Whether the reduced rate is granted, and if not, which limit was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PromoState {
    /// The product has no promo.
    None,
    /// Granted for the whole term.
    Granted,
    /// Only first loans get it.
    NotFirstLoan,
    /// The amount is above the promo's limit.
    AmountAbove {
        /// The limit.
        max: Kopecks,
    },
    /// The term is above the promo's limit.
    TermAbove {
        /// The limit in days.
        max: u32,
    },
}

/// Everything a borrower must see before signing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Money lent.
    pub amount: Kopecks,
    /// Days for bullet and special, number of payments otherwise.
    pub term: u32,
    /// The day the money leaves.
    pub start: NaiveDate,
    /// The final payment date.
    pub due: NaiveDate,
    /// The rate that runs: ordinary or promo. Zero for annual-rate and special products.
    pub rate: DailyRate,
    /// All payments.
    pub schedule: Schedule,
    /// The sum of all payments.
    pub total: Kopecks,
    /// `total - amount`.
    pub overpayment: Kopecks,
    /// The full cost of the loan (полная стоимость кредита, art. 6 of 353-ФЗ).
    pub psk: Psk,
    /// Whether the reduced rate is granted.
    pub promo: PromoState,
    /// The most that may ever accrue (art. 5 p. 24); 0.00 when no cap acts, see `has_cap`.
    pub cap: Kopecks,
    /// Whether an accrual cap acts: not for the special product nor for terms over a year.
    pub has_cap: bool,
    /// Interest of the first day.
    pub daily_cost: Kopecks,
}

/// Why there is no quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum QuoteError {
    /// The amount is outside the product or between its steps.
    #[error("the amount is outside the product")]
    Amount {
        /// The smallest amount.
        min: Kopecks,
        /// The largest amount.
        max: Kopecks,
        /// The step between amounts.
        step: Kopecks,
    },
    /// The term is outside the product.
    #[error("the term is outside the product")]
    Term {
        /// The shortest term.
        min: u32,
        /// The longest term.
        max: u32,
    },
    /// The full cost is above the legal limit of that day (art. 6 p. 11).
    #[error("the full cost of the loan is above the legal limit")]
    PskAboveLimit {
        /// The loan's ПСК in thousandths of a percent.
        psk_thousandths: i64,
        /// The limit in thousandths of a percent.
        limit_thousandths: i64,
    },
    /// The daily rate is above the legal limit of that day (art. 5 p. 23).
    #[error("the daily rate is above the legal limit")]
    RateAboveLimit {
        /// The rate asked.
        rate: DailyRate,
        /// The limit.
        limit: DailyRate,
    },
    /// The scheduled charges alone would pass the accrual cap (art. 5 p. 24).
    #[error("the charges are above the accrual cap")]
    ChargesAboveCap {
        /// Scheduled charges.
        charges: Kopecks,
        /// The cap.
        cap: Kopecks,
    },
    /// The penalty is above the legal limit (art. 5 p. 21).
    #[error("the penalty rate is above the legal limit")]
    PenaltyAboveLimit {
        /// The limit.
        limit: AnnualRate,
    },
    /// The special product leaves its own limits (art. 6.2), or has no fixed payment.
    #[error("the special product is outside its limits")]
    Special {
        /// The largest amount.
        max_amount: Kopecks,
        /// The longest term in days.
        max_days: u32,
        /// The largest fixed payment for this amount.
        max_payment: Kopecks,
    },
    /// The dates leave the calendar or the sums leave the 64-bit range.
    #[error("the numbers are out of range")]
    OutOfRange,
}
