//! How much of a quarter's microloans may go to borrowers with a high debt burden.

use chrono::NaiveDate;

use super::{Row, day, lines};

/// Macroprudential limits: the largest shares of what is lent in a quarter, tenths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurdenLimits {
    /// To borrowers whose debt burden is above 50 and at most 80 %.
    pub above_50: u32,
    /// To those above 80 %.
    pub above_80: u32,
}

const TABLE: &[Row<BurdenLimits>] = &[Row {
    from: day(2025, 7, 1),
    value: BurdenLimits {
        above_50: 150,
        above_80: 30,
    },
    source: "Bank of Russia, decision of the board for the third quarter of 2025",
}];

/// The last published limits for a quarter and the first day of the quarter they were published for.
pub(super) fn published(quarter: NaiveDate) -> Option<(NaiveDate, BurdenLimits)> {
    let known = TABLE.iter().rev().find(|row| row.from <= quarter);
    known.map(|row| (row.from, row.value))
}

pub(super) fn text() -> String {
    lines("shares of a quarter by debt burden", TABLE, |row| {
        let percent = |tenths: u32| format!("{}.{}", tenths / 10, tenths % 10);
        format!(
            "above 50 %: {} %, above 80 %: {} %",
            percent(row.above_50),
            percent(row.above_80)
        )
    })
}
