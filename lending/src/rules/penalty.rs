//! The highest penalty a year while interest keeps running (art. 5 p. 21 of 353-ФЗ).

use super::{Row, day, lines};
use crate::money::AnnualRate;

pub(super) const TABLE: &[Row<AnnualRate>] = &[Row {
    from: day(2014, 7, 1),
    value: AnnualRate::from_ppm(200_000),
    source: "353-ФЗ art. 5 p. 21",
}];

pub(super) fn text() -> String {
    lines("penalty a year, by contract date", TABLE, |rate| {
        format!("{} %", rate.percent_text())
    })
}
