//! The cooling-off period: how long the money waits after signing.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Row, day, in_force, lines};
use crate::money::Kopecks;

/// How long the money waits; the borrower may cancel free of charge meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "hours", rename_all = "snake_case")]
pub enum CoolingOff {
    /// It may leave at once.
    None,
    /// So many hours.
    Hours(u32),
}

struct Waits {
    /// Exactly this amount waits too: the sources are vague, so the safe reading.
    short_from: Kopecks,
    short_hours: u32,
    /// More than this waits longer.
    long_above: Kopecks,
    long_hours: u32,
}

const TABLE: &[Row<Waits>] = &[Row {
    from: day(2025, 9, 1),
    value: Waits {
        short_from: Kopecks::from_roubles(50_000),
        short_hours: 4,
        long_above: Kopecks::from_roubles(200_000),
        long_hours: 48,
    },
    source: "353-ФЗ art. 7, law of February 2025",
}];

pub(super) fn wait(amount: Kopecks, date: NaiveDate) -> CoolingOff {
    match in_force(TABLE, date) {
        Some(row) if amount > row.long_above => CoolingOff::Hours(row.long_hours),
        Some(row) if amount >= row.short_from => CoolingOff::Hours(row.short_hours),
        _ => CoolingOff::None,
    }
}

pub(super) fn text() -> String {
    lines("cooling-off, by signing date", TABLE, |row| {
        format!(
            "from {} {} hours, above {} {} hours",
            row.short_from.plain(),
            row.short_hours,
            row.long_above.plain(),
            row.long_hours,
        )
    })
}
