//! The special product (art. 6.2 of 353-ФЗ): no interest, a fixed payment, a daily penalty.

use super::{Row, day, lines};
use crate::money::{DailyRate, Kopecks};

/// The limits of the special product. They stand in place of the caps on rates and accruals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialLimits {
    /// The longest term in days.
    pub max_days: u32,
    /// The largest amount.
    pub max_amount: Kopecks,
    /// The largest fixed payment, millionths of the amount.
    pub max_payment_ppm: u32,
    /// The only penalty: of the overdue debt, a day.
    pub penalty: DailyRate,
}

const fn limits(max_payment_ppm: u32) -> SpecialLimits {
    SpecialLimits {
        max_days: 15,
        max_amount: Kopecks::from_roubles(10_000),
        max_payment_ppm,
        penalty: DailyRate::from_ppm(1_000),
    }
}

pub(super) const TABLE: &[Row<SpecialLimits>] = &[
    Row {
        from: day(2019, 1, 28),
        value: limits(300_000),
        source: "353-ФЗ art. 6.2",
    },
    Row {
        from: day(2023, 7, 1),
        value: limits(150_000),
        source: "353-ФЗ art. 6.2, 2023",
    },
];

pub(super) fn text() -> String {
    lines("special product, by contract date", TABLE, |row| {
        format!(
            "at most {} days, {} roubles, payment {} ppm of the amount, penalty {} % a day",
            row.max_days,
            row.max_amount.plain(),
            row.max_payment_ppm,
            row.penalty.percent_text(),
        )
    })
}
