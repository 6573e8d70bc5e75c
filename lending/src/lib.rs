//! The arithmetic and the law of a Russian microloan, exact to the kopeck.
//!
//! Everything here is pure: no clock, no input or output, no floating point. A loan is its
//! frozen [`loan::Terms`] and the list of [`loan::Event`]s so far; what is owed on any date is
//! computed from those two in closed form, so nothing depends on a nightly job having run.
//!
//! The law is data: [`rules`] holds tables keyed by date, each row with its source.
#![warn(missing_docs)]
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

pub mod allocation;
pub mod balance;
pub mod calendar;
pub mod contact;
mod decide;
pub mod decision;
mod exact;
pub mod holiday;
pub mod identity;
pub mod ledger;
pub mod loan;
pub mod money;
pub mod paths;
pub mod prepayment;
pub mod product;
pub mod prolongation;
pub mod psk;
mod quote;
mod rate_cut;
pub mod rules;
mod run;
mod schedule;
pub mod service;
mod view;
pub mod words;

pub use allocation::allocate;
pub use balance::{Balance, BalanceInput, Entry, Movement, Order, OrderRefusal, TopUp, balance};
pub use calendar::{WorkCalendar, business_date};
pub use decide::{counted_income, decide};
pub use decision::{
    BureauAnswer, BureauLoan, Decision, DecisionInput, History, IncomeBasis, Pdn, Questionnaire,
    Rule, Verdict,
};
pub use exact::Rate;
pub use holiday::{
    HolidayBasis, HolidayGround, HolidayQuote, HolidayRefusal, HolidayRequest, quote_holiday,
};
pub use identity::{PassportProblem, age, inn_valid, passport_valid};
pub use ledger::{Account, Posting};
pub use loan::{
    AccrualKind, AccrualRow, Applied, Claim, ClosedBy, Debt, Event, InstalmentStatus, Keep,
    LoanError, LoanState, Part, ScheduleRow, Status, Terms,
};
pub use money::{AnnualRate, DailyRate, Kopecks, MoneyParseError};
pub use paths::{Path, PathKind, paths};
pub use prepayment::{Prepay, Withdrawal, quote_prepayment, quote_withdrawal};
pub use product::{
    Instalment, LoanRequest, Product, ProductKind, Promo, PromoAfterDue, PromoState, Quote,
    QuoteError, Schedule, SpecialPrice,
};
pub use prolongation::{
    ProlongationPrice, ProlongationQuote, ProlongationRefusal, ProlongationRules,
    ProlongationWindow, accept_prolongation, quote_prolongation,
};
pub use psk::{BasePeriod, Psk, PskError, PskReport, psk};
pub use quote::{price, quote};
pub use rate_cut::{RateCutQuote, quote_rate_cut, running_rate_on};
pub use rules::Licence;
pub use service::{
    Charge, PaidService, ServiceCost, ServiceKept, ServiceRefund, Use, service_cost,
};
pub use view::{apply_discount, apply_payment, apply_prepayment, apply_write_off, debts, state};
pub use words::{percent_in_words, roubles_in_words};
