//! The accrual cap (art. 5 p. 24 of 353-ФЗ): interest, penalties and the lender's own services
//! together, in percent of the amount lent, for terms within a year.

use super::{Row, day, lines};

pub(super) const TABLE: &[Row<u32>] = &[
    Row {
        from: day(2019, 1, 28),
        value: 250,
        source: "554-ФЗ",
    },
    Row {
        from: day(2019, 7, 1),
        value: 200,
        source: "554-ФЗ",
    },
    Row {
        from: day(2020, 1, 1),
        value: 150,
        source: "554-ФЗ",
    },
    Row {
        from: day(2023, 7, 1),
        value: 130,
        source: "353-ФЗ art. 5 p. 24, edition of 2023",
    },
    Row {
        from: day(2026, 4, 1),
        value: 100,
        source: "353-ФЗ art. 5 p. 24, law of December 2025",
    },
];

pub(super) fn text() -> String {
    lines("accrual cap, by contract date", TABLE, |percent| {
        format!("{percent} % of the amount")
    })
}
