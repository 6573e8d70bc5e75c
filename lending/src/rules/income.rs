//! Average monthly income by region, for the debt burden of borrowers without proved income.

use chrono::NaiveDate;

use super::{Row, day, lines};
use crate::money::Kopecks;

struct Income {
    /// Two digits; empty for the whole country.
    region: &'static str,
    roubles: i64,
}

// Average money income per head as Rosstat publishes it each quarter, rounded. Placeholders of a
// plausible size: the lender replaces them with the figures in force before real use.
const SOURCE: &str = "Rosstat, to be replaced by the lender with the figures in force";

const TABLE: &[Row<Income>] = &[
    Row {
        from: day(2026, 1, 1),
        value: Income {
            region: "",
            roubles: 67_000,
        },
        source: SOURCE,
    },
    Row {
        from: day(2026, 1, 1),
        value: Income {
            region: "50",
            roubles: 80_000,
        },
        source: SOURCE,
    },
    Row {
        from: day(2026, 1, 1),
        value: Income {
            region: "77",
            roubles: 141_000,
        },
        source: SOURCE,
    },
    Row {
        from: day(2026, 1, 1),
        value: Income {
            region: "78",
            roubles: 92_000,
        },
        source: SOURCE,
    },
];

pub(super) fn regional(region: &str, date: NaiveDate) -> Kopecks {
    let find = |code: &str| {
        TABLE
            .iter()
            .rev()
            .find(|row| row.value.region == code && row.from <= date)
    };
    let row = find(region).or_else(|| find(""));
    row.map_or(Kopecks::ZERO, |row| {
        Kopecks::from_roubles(row.value.roubles)
    })
}

pub(super) fn text() -> String {
    lines("average monthly income", TABLE, |row| {
        let region = if row.region.is_empty() {
            "the country"
        } else {
            row.region
        };
        format!("{region}: {} roubles", row.roubles)
    })
}
