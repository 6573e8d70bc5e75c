//! Credit holidays (art. 6.1-2 of 353-ФЗ).

use super::{Row, day, lines};
use crate::money::Kopecks;

/// When a borrower may suspend payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HolidayRule {
    /// The largest amount lent, of loans without a pledged vehicle and without a credit limit:
    /// the Government's maximum.
    pub max_amount: Kopecks,
    /// The longest holiday in calendar months.
    pub max_months: u32,
    /// The average income of two months must be lower than that of twelve by more than this.
    pub income_drop_percent: u32,
    /// The lender answers within so many working days.
    pub answer_working_days: u32,
    /// With no answer after so many days the holiday is given.
    pub silence_days: u32,
}

pub(super) const TABLE: &[Row<HolidayRule>] = &[Row {
    from: day(2024, 1, 1),
    value: HolidayRule {
        max_amount: Kopecks::from_roubles(450_000),
        max_months: 6,
        income_drop_percent: 30,
        answer_working_days: 5,
        silence_days: 10,
    },
    source: "353-ФЗ art. 6.1-2, 2023",
}];

pub(super) fn text() -> String {
    lines("credit holidays, by request date", TABLE, |row| {
        format!(
            "amount up to {}, {} months, income lower by more than {} %, answer in {} working days, \
             silence of {} days is consent",
            row.max_amount.plain(),
            row.max_months,
            row.income_drop_percent,
            row.answer_working_days,
            row.silence_days,
        )
    })
}
