//! The highest daily rate (art. 5 p. 23 of 353-ФЗ).

use super::{Row, day, lines};
use crate::money::DailyRate;

pub(super) const TABLE: &[Row<DailyRate>] = &[
    Row {
        from: day(2019, 1, 28),
        value: DailyRate::from_ppm(15_000),
        source: "554-ФЗ",
    },
    Row {
        from: day(2019, 7, 1),
        value: DailyRate::from_ppm(10_000),
        source: "554-ФЗ",
    },
    Row {
        from: day(2023, 7, 1),
        value: DailyRate::from_ppm(8_000),
        source: "353-ФЗ art. 5 p. 23, edition of 2023",
    },
];

pub(super) fn text() -> String {
    lines("daily rate, by contract date", TABLE, |rate| {
        format!("{} %", rate.percent_text())
    })
}
