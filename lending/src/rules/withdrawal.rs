//! The right to give the money back (art. 11 p. 2 of 353-ФЗ).

use super::{Row, day, lines};

/// Calendar days after getting the money, of loans without a stated purpose.
pub(super) const TABLE: &[Row<u32>] = &[Row {
    from: day(2014, 7, 1),
    value: 14,
    source: "353-ФЗ art. 11 p. 2",
}];

pub(super) fn text() -> String {
    lines("giving the money back, by contract date", TABLE, |days| {
        format!("within {days} days, without notice, interest for the actual days")
    })
}
