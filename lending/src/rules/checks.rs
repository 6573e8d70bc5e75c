//! Checks before issuing: each is required from its date on.

use super::{Row, day, lines};

pub(super) const SELF_BAN: &[Row<()>] = &[Row {
    from: day(2025, 3, 1),
    value: (),
    source: "353-ФЗ art. 7, self-ban",
}];

pub(super) const FRAUD: &[Row<()>] = &[Row {
    from: day(2025, 9, 1),
    value: (),
    source: "database of the Bank of Russia",
}];

pub(super) const DECLARED_INCOME: &[Row<()>] = &[Row {
    from: day(2026, 1, 1),
    value: (),
    source: "Bank of Russia rules on the debt burden",
}];

pub(super) const BURDEN_WARNING: &[Row<()>] = &[Row {
    from: day(2024, 1, 1),
    value: (),
    source: "353-ФЗ art. 5.1",
}];

pub(super) const BIOMETRICS_MFK: &[Row<()>] = &[Row {
    from: day(2026, 3, 1),
    value: (),
    source: "151-ФЗ, biometric identification",
}];

pub(super) const BIOMETRICS_MKK: &[Row<()>] = &[Row {
    from: day(2027, 3, 1),
    value: (),
    source: "151-ФЗ, biometric identification",
}];

pub(super) fn text() -> String {
    let required = |(): &()| String::from("required");
    [
        lines("self-ban check, by application date", SELF_BAN, required),
        lines("fraud database check, by payout date", FRAUD, required),
        lines(
            "declared income excluded from the debt burden",
            DECLARED_INCOME,
            required,
        ),
        lines(
            "warning of a debt burden above 50 %",
            BURDEN_WARNING,
            required,
        ),
        lines("biometrics, МФК", BIOMETRICS_MFK, required),
        lines("biometrics, МКК", BIOMETRICS_MKK, required),
    ]
    .concat()
}
