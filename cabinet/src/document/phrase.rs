//! Dates and counts as people say them.

use chrono::{Datelike, NaiveDate};
use lending::Rate;
use locales::Words;

/// «23 декабря».
pub(crate) fn day(words: Words, date: NaiveDate) -> String {
    let month = words.t(&format!("month-{}", date.month()));
    words.args(
        "date-short",
        &[
            ("day", date.day().to_string().into()),
            ("month", month.into()),
        ],
    )
}

/// «23 декабря 2026 года».
pub(crate) fn full_day(words: Words, date: NaiveDate) -> String {
    let month = words.t(&format!("month-{}", date.month()));
    words.args(
        "date-long",
        &[
            ("day", date.day().to_string().into()),
            ("month", month.into()),
            // As text: a number would be grouped as «2 026».
            ("year", date.year().to_string().into()),
        ],
    )
}

/// «0,5 % в день», «16,8 % годовых».
pub(crate) fn rate(words: Words, rate: Rate) -> String {
    let key = match rate {
        Rate::Daily(_) => "cabinet-rate-daily",
        Rate::Annual(_) => "cabinet-rate-annual",
    };
    words.args(key, &[("rate", rate.percent_text().into())])
}

/// «23.12.2026».
pub(crate) fn digits(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}
