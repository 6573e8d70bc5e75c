//! Paid services sold with a loan (art. 6 and 7 of 353-ФЗ).

use super::{Row, day, lines};

/// How long a service may be refused, and how soon the money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceRefusalRule {
    /// Calendar days after the purchase.
    pub days: u32,
    /// The refund is paid within so many working days after the application.
    pub refund_working_days: u32,
}

const fn rule(days: u32) -> ServiceRefusalRule {
    ServiceRefusalRule {
        days,
        refund_working_days: 7,
    }
}

/// By the day of the purchase.
pub(super) const REFUSAL: &[Row<ServiceRefusalRule>] = &[
    Row {
        from: day(2021, 12, 30),
        value: rule(14),
        source: "353-ФЗ art. 7, law of 2021",
    },
    Row {
        from: day(2024, 1, 21),
        value: rule(30),
        source: "353-ФЗ art. 7, 359-ФЗ",
    },
];

/// Since this day other paid services sold with the loan are part of its full cost.
pub(super) const IN_FULL_COST: &[Row<()>] = &[Row {
    from: day(2024, 1, 21),
    value: (),
    source: "353-ФЗ art. 6, 359-ФЗ",
}];

pub(super) fn text() -> String {
    let refusal = |row: &ServiceRefusalRule| {
        format!(
            "within {} days, money back in {} working days",
            row.days, row.refund_working_days
        )
    };
    [
        lines(
            "refusing a paid service, by purchase date",
            REFUSAL,
            refusal,
        ),
        lines(
            "services sold with the loan in its full cost, by contract date",
            IN_FULL_COST,
            |(): &()| String::from("counted"),
        ),
    ]
    .concat()
}
