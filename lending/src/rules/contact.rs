//! How often and when a debtor may be written to (230-ФЗ art. 7).

use super::{Row, day, lines};

/// The most messages about an overdue debt, and the hours for them on the debtor's own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactRule {
    /// Messages a day.
    pub a_day: usize,
    /// Messages a week.
    pub a_week: usize,
    /// Messages a month.
    pub a_month: usize,
    /// Working days: from this hour on, and before that one.
    pub working: (u32, u32),
    /// Days off.
    pub days_off: (u32, u32),
}

pub(super) const TABLE: &[Row<ContactRule>] = &[Row {
    from: day(2017, 1, 1),
    value: ContactRule {
        a_day: 2,
        a_week: 4,
        a_month: 16,
        working: (8, 22),
        days_off: (9, 20),
    },
    source: "230-ФЗ art. 7 p. 5",
}];

pub(super) fn text() -> String {
    lines("messages about an overdue debt", TABLE, |row| {
        format!(
            "{} a day, {} a week, {} a month, {} to {} on working days, {} to {} on days off",
            row.a_day,
            row.a_week,
            row.a_month,
            row.working.0,
            row.working.1,
            row.days_off.0,
            row.days_off.1,
        )
    })
}
