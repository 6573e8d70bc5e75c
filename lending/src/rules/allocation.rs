//! The order of claims (art. 5 p. 20 of 353-ФЗ).

use chrono::NaiveDate;

use super::{Row, day, in_force, lines};
use crate::loan::Claim;

const BEFORE: &[Claim] = &[
    Claim::OverdueInterest,
    Claim::OverduePrincipal,
    Claim::Penalty,
    Claim::Interest,
    Claim::Principal,
    Claim::Other,
];

const NOW: &[Claim] = &[
    Claim::OverdueInterest,
    Claim::OverduePrincipal,
    Claim::Interest,
    Claim::Principal,
    Claim::Penalty,
    Claim::Other,
];

const TABLE: &[Row<&[Claim]>] = &[
    Row {
        from: day(2014, 7, 1),
        value: BEFORE,
        source: "353-ФЗ art. 5 p. 20",
    },
    Row {
        from: day(2024, 7, 1),
        value: NOW,
        source: "353-ФЗ art. 5 p. 20, edition of 2024",
    },
];

/// A payment is always allocated somehow: before the law the first known order is used.
pub(super) fn order(date: NaiveDate) -> &'static [Claim] {
    in_force(TABLE, date).copied().unwrap_or(BEFORE)
}

pub(super) fn text() -> String {
    lines("order of claims, by payment date", TABLE, |claims| {
        let names: Vec<String> = claims.iter().map(|claim| format!("{claim:?}")).collect();
        names.join(", ")
    })
}
