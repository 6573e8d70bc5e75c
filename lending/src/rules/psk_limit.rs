//! The highest full cost of a loan (art. 6 p. 11 of 353-ФЗ).

use chrono::NaiveDate;

use super::{Row, day, lines};

/// A category of the Bank of Russia's quarterly table of averages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PskCategory {
    /// Not secured: the ordinary microloan.
    Unsecured,
    /// Secured by something other than a pawn.
    Secured,
}

/// The absolute limit, thousandths of a percent.
pub(super) const ABSOLUTE: &[Row<i64>] = &[
    Row {
        from: day(2019, 7, 1),
        value: 365_000,
        source: "554-ФЗ",
    },
    Row {
        from: day(2023, 7, 1),
        value: 292_000,
        source: "353-ФЗ art. 6 p. 11, edition of 2023",
    },
];

/// The market average of one category in the quarter that begins on the row's date.
pub(super) struct Average {
    category: PskCategory,
    /// The first day of the next quarter: an average says nothing about later ones.
    until: NaiveDate,
    thousandths: i64,
}

/// Averages as published. The Bank of Russia publishes a table each quarter; a category without a
/// row has only the absolute limit.
const MARKET: &[Row<Average>] = &[Row {
    from: day(2026, 1, 1),
    value: Average {
        category: PskCategory::Secured,
        until: day(2026, 4, 1),
        thousandths: 152_451,
    },
    source: "Bank of Russia, averages for the first quarter of 2026",
}];

/// The average and a third, rounded down to the thousandth.
pub(super) fn market_limit(date: NaiveDate, category: PskCategory) -> Option<i64> {
    let row = MARKET
        .iter()
        .find(|row| row.value.category == category && row.from <= date && date < row.value.until)?;
    Some(row.value.thousandths * 4 / 3)
}

pub(super) fn text() -> String {
    let percent = |value: i64| format!("{}.{:03} %", value / 1000, value % 1000);
    let market = |row: &Average| {
        let average = percent(row.thousandths);
        format!(
            "{:?}, before {}: average {average}",
            row.category, row.until
        )
    };
    lines("full cost (ПСК), by contract date", ABSOLUTE, |value| {
        percent(*value)
    }) + &lines(
        "full cost, market averages (the limit is 4/3 of them)",
        MARKET,
        market,
    )
}
