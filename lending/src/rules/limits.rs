//! Limits of licences, of the SRO base standard and of identification.

use super::{Licence, Row, day, lines};
use crate::money::Kopecks;

/// 151-ФЗ art. 12: the most one borrower may owe.
const MFK: Kopecks = Kopecks::from_roubles(1_000_000);
const MKK: Kopecks = Kopecks::from_roubles(500_000);

/// 115-ФЗ art. 7 p. 1.11: up to this amount simplified identification is enough.
pub(super) const SIMPLIFIED_IDENTIFICATION: Kopecks = Kopecks::from_roubles(15_000);

/// The base standard speaks of loans for at most thirty days.
pub(super) const SHORT_LOAN_DAYS: u32 = 30;

/// The standard spares short loans up to this amount.
pub(super) const SHORT_LOAN_EXEMPT: Kopecks = Kopecks::from_roubles(3_000);

pub(super) const PROLONGATIONS: &[Row<u32>] = &[Row {
    from: day(2019, 1, 1),
    value: 5,
    source: "SRO base standard art. 13",
}];

pub(super) const SHORT_LOANS: &[Row<u32>] = &[Row {
    from: day(2019, 1, 1),
    value: 9,
    source: "SRO base standard art. 10",
}];

pub(super) const fn licence(licence: Licence) -> Kopecks {
    match licence {
        Licence::Mkk => MKK,
        Licence::Mfk => MFK,
    }
}

pub(super) fn text() -> String {
    let count = |value: &u32| format!("{value} in 365 days");
    [
        format!(
            "debt of one borrower [151-ФЗ art. 12]\n  МКК {}\n",
            MKK.plain()
        ),
        format!("  МФК {}\n", MFK.plain()),
        String::from("simplified identification [115-ФЗ art. 7]\n"),
        format!("  up to {}\n", SIMPLIFIED_IDENTIFICATION.plain()),
        format!(
            "short loans outside the limits: up to {}\n",
            SHORT_LOAN_EXEMPT.plain()
        ),
        lines("prolongations of loans up to 30 days", PROLONGATIONS, count),
        lines("loans up to 30 days", SHORT_LOANS, count),
    ]
    .concat()
}
