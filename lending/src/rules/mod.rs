//! The dated law. Every rule is a table: from which date, what, and where it is written.
//!
//! Caps and rates follow the date of the contract, the order of claims follows the date of the
//! payment, and checks before issuing follow the date of the application. Before its first row a
//! rule does not act. Source of all rows: `regulation.md`, the sections named in each file.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::loan::Claim;
use crate::money::{AnnualRate, DailyRate, Kopecks};
use crate::psk::Psk;

mod accrual_cap;
mod allocation;
mod burden;
mod checks;
mod contact;
mod cooling;
mod daily_rate;
mod expensive;
mod holiday;
mod income;
mod limits;
mod penalty;
mod psk_limit;
mod services;
mod special;
mod withdrawal;

pub use burden::BurdenLimits;
pub use contact::ContactRule;
pub use cooling::CoolingOff;
pub use expensive::ExpensiveLoanRule;
pub use holiday::HolidayRule;
pub use psk_limit::PskCategory;
pub use services::ServiceRefusalRule;
pub use special::SpecialLimits;

/// The lender's licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// Микрокредитная компания.
    Mkk,
    /// Микрофинансовая компания.
    Mfk,
}

/// One row of a law table.
struct Row<T: 'static> {
    /// The first day it is in force; until the next row of the table.
    from: NaiveDate,
    /// What the law says.
    value: T,
    /// Where it is written.
    source: &'static str,
}

/// A date known while compiling: a wrong one does not compile.
pub(crate) const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => panic!("no such day"),
    }
}

/// The row in force on a date: the last one that has begun. Tables are in date order.
fn in_force<T>(table: &'static [Row<T>], date: NaiveDate) -> Option<&'static T> {
    table
        .iter()
        .rev()
        .find(|row| row.from <= date)
        .map(|row| &row.value)
}

/// The lines of one table in the text of all law.
fn lines<T>(name: &str, table: &[Row<T>], text: impl Fn(&T) -> String) -> String {
    let rows = table.iter().map(|row| {
        format!(
            "  from {}: {} [{}]\n",
            row.from,
            text(&row.value),
            row.source
        )
    });
    std::iter::once(format!("{name}\n")).chain(rows).collect()
}

/// The most that may ever accrue, in percent of the amount lent (art. 5 p. 24 of 353-ФЗ). The
/// caller knows whether the term is within a year; above it no cap acts.
pub fn accrual_cap_percent(contract_date: NaiveDate) -> Option<u32> {
    in_force(accrual_cap::TABLE, contract_date).copied()
}

/// The highest daily rate (art. 5 p. 23 of 353-ФЗ).
pub fn max_daily_rate(contract_date: NaiveDate) -> Option<DailyRate> {
    in_force(daily_rate::TABLE, contract_date).copied()
}

/// The highest full cost of a loan (art. 6 p. 11 of 353-ФЗ): the lower of the absolute limit and
/// the market average of the quarter plus a third, where the average is known. The `roubles` of
/// the answer are 0.00.
pub fn max_psk(contract_date: NaiveDate, category: PskCategory) -> Option<Psk> {
    let absolute = in_force(psk_limit::ABSOLUTE, contract_date).copied();
    let market = psk_limit::market_limit(contract_date, category);
    let thousandths = match (absolute, market) {
        (Some(absolute), Some(market)) => absolute.min(market),
        (one, other) => one.or(other)?,
    };
    Some(Psk {
        thousandths,
        roubles: Kopecks::ZERO,
    })
}

/// In which order a payment that does not cover everything repays (art. 5 p. 20 of 353-ФЗ).
pub fn allocation_order(payment_date: NaiveDate) -> &'static [Claim] {
    allocation::order(payment_date)
}

/// The highest penalty a year while interest keeps running (art. 5 p. 21 of 353-ФЗ).
pub fn max_penalty_annual(contract_date: NaiveDate) -> Option<AnnualRate> {
    in_force(penalty::TABLE, contract_date).copied()
}

/// The limits of the special product (art. 6.2 of 353-ФЗ).
pub fn special_limits(contract_date: NaiveDate) -> Option<SpecialLimits> {
    in_force(special::TABLE, contract_date).copied()
}

/// The special product's daily penalty on the overdue debt (art. 6.2). A loan said to be special
/// before the article existed gets the article's first figure: it has no other penalty.
pub fn special_penalty(contract_date: NaiveDate) -> DailyRate {
    let first = special::TABLE.first().map(|row| row.value);
    special_limits(contract_date)
        .or(first)
        .map_or(DailyRate::ZERO, |limits| limits.penalty)
}

/// How long the money must wait after signing.
pub fn cooling_off(amount: Kopecks, date: NaiveDate) -> CoolingOff {
    cooling::wait(amount, date)
}

/// Whether an online loan needs biometric identification.
pub fn biometrics_required(licence: Licence, date: NaiveDate) -> bool {
    let table = match licence {
        Licence::Mfk => checks::BIOMETRICS_MFK,
        Licence::Mkk => checks::BIOMETRICS_MKK,
    };
    in_force(table, date).is_some()
}

/// The limit on expensive loans in force.
pub fn expensive_loan_rule(date: NaiveDate) -> Option<ExpensiveLoanRule> {
    in_force(expensive::TABLE, date).copied()
}

/// The conditions of a credit holiday (art. 6.1-2 of 353-ФЗ), by the day of the request.
pub fn holiday_rule(request_date: NaiveDate) -> Option<HolidayRule> {
    in_force(holiday::TABLE, request_date).copied()
}

/// How a paid service may be refused (art. 7 of 353-ФЗ), by the day it was bought.
pub fn service_refusal_rule(bought_on: NaiveDate) -> Option<ServiceRefusalRule> {
    in_force(services::REFUSAL, bought_on).copied()
}

/// Whether any paid service sold with the loan is part of its full cost (art. 6 of 353-ФЗ).
pub fn services_in_full_cost(contract_date: NaiveDate) -> bool {
    in_force(services::IN_FULL_COST, contract_date).is_some()
}

/// How many days after getting the money it may be given back without notice (art. 11 p. 2).
pub fn withdrawal_days(contract_date: NaiveDate) -> Option<u32> {
    in_force(withdrawal::TABLE, contract_date).copied()
}

/// How often and when a debtor may be written to about an overdue debt; none before the law.
pub fn contact_rule(date: NaiveDate) -> Option<ContactRule> {
    in_force(contact::TABLE, date).copied()
}

/// Macroprudential limits of a quarter: the last that were published by its first day, with the quarter they were
/// published for; none before the first of them.
pub fn burden_limits(quarter: NaiveDate) -> Option<(NaiveDate, BurdenLimits)> {
    burden::published(quarter)
}

/// Whether the self-ban must be checked before the contract.
pub fn self_ban_required(date: NaiveDate) -> bool {
    in_force(checks::SELF_BAN, date).is_some()
}

/// Whether the payee must be looked up in the database of fraud cases.
pub fn fraud_check_required(date: NaiveDate) -> bool {
    in_force(checks::FRAUD, date).is_some()
}

/// Whether a merely declared income no longer counts for the debt burden.
pub fn declared_income_excluded(date: NaiveDate) -> bool {
    in_force(checks::DECLARED_INCOME, date).is_some()
}

/// Whether the borrower must be warned in writing of a debt burden above 50 % (art. 5.1).
pub fn burden_warning_required(date: NaiveDate) -> bool {
    in_force(checks::BURDEN_WARNING, date).is_some()
}

/// The most one borrower may owe a lender of this licence.
pub fn licence_limit(licence: Licence) -> Kopecks {
    limits::licence(licence)
}

/// Prolongations one borrower may have in 365 days on loans of at most 30 days; prolongations of
/// one or two days do not count. `u32::MAX` before the standard.
pub fn prolongations_per_year(date: NaiveDate) -> u32 {
    in_force(limits::PROLONGATIONS, date)
        .copied()
        .unwrap_or(u32::MAX)
}

/// Loans of at most 30 days one borrower may take from one lender in 365 days; `u32::MAX` before
/// the standard.
pub fn yearly_short_loans(date: NaiveDate) -> u32 {
    in_force(limits::SHORT_LOANS, date)
        .copied()
        .unwrap_or(u32::MAX)
}

/// The term in days up to which a loan is a short one for the two limits above.
pub const SHORT_LOAN_DAYS: u32 = limits::SHORT_LOAN_DAYS;

/// Loans up to this amount are outside the standard's limits on short loans.
pub fn short_loan_exempt_amount() -> Kopecks {
    limits::SHORT_LOAN_EXEMPT
}

/// Up to which amount simplified identification is enough (115-ФЗ).
pub fn simplified_identification_limit() -> Kopecks {
    limits::SIMPLIFIED_IDENTIFICATION
}

/// The average monthly income of a region by its two-digit code; the country's average for a
/// region that has no row. 0.00 before the first row.
pub fn regional_average_income(region: &str, date: NaiveDate) -> Kopecks {
    income::regional(region, date)
}

/// Every row of every table as text, in a stable order: a change of law is a diff of this text.
pub fn law_table_text() -> String {
    [
        accrual_cap::text(),
        daily_rate::text(),
        psk_limit::text(),
        allocation::text(),
        penalty::text(),
        special::text(),
        cooling::text(),
        checks::text(),
        contact::text(),
        expensive::text(),
        holiday::text(),
        limits::text(),
        services::text(),
        withdrawal::text(),
        income::text(),
        burden::text(),
    ]
    .join("\n")
}
