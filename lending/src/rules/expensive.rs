//! Limits on open expensive loans.

use super::{Row, day, lines};

/// When a new expensive loan may not be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpensiveLoanRule {
    /// A loan is expensive above this full cost, thousandths of a percent.
    pub threshold_psk_thousandths: i64,
    /// With so many expensive loans open, no other.
    pub max_open: u32,
    /// Full days that must pass between repaying an expensive loan and taking the next: with 3
    /// the first possible day is the day of repayment plus 4, the safe reading of the law.
    pub pause_days: u32,
}

pub(super) const TABLE: &[Row<ExpensiveLoanRule>] = &[
    Row {
        from: day(2026, 10, 1),
        value: ExpensiveLoanRule {
            threshold_psk_thousandths: 200_000,
            max_open: 2,
            pause_days: 0,
        },
        source: "law of December 2025, first stage",
    },
    Row {
        from: day(2027, 4, 1),
        value: ExpensiveLoanRule {
            threshold_psk_thousandths: 100_000,
            max_open: 1,
            pause_days: 3,
        },
        source: "law of December 2025, second stage",
    },
];

pub(super) fn text() -> String {
    lines("expensive loans, by application date", TABLE, |row| {
        format!(
            "above {} % at most {} open, then {} days of pause",
            row.threshold_psk_thousandths / 1000,
            row.max_open,
            row.pause_days,
        )
    })
}
