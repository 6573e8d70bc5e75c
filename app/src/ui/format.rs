//! Money, dates and moments as people read them.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};
use lending::money::Kopecks;
use leptos::prelude::*;
use locales::{Words, t};

/// A telephone number that no line's end breaks in two.
pub fn unbroken(number: &str) -> String {
    number.replace(' ', "\u{a0}")
}

/// «23 декабря».
pub fn day_month(words: Words, date: NaiveDate) -> String {
    t!(
        words,
        "date-short",
        day = date.day(),
        month = words.t(&format!("month-{}", date.month()))
    )
    .replace(' ', "\u{a0}")
}

/// «23 декабря 2026 года».
pub fn long_date(words: Words, date: NaiveDate) -> String {
    let year = date.year().to_string();
    t!(
        words,
        "date-long",
        day = date.day(),
        month = words.t(&format!("month-{}", date.month())),
        year = year
    )
}

/// A version of a text: the date it is in force since, as people write dates.
pub fn version(words: Words, version: &str) -> String {
    match version.parse() {
        Ok(since) => long_date(words, since),
        Err(_) => version.to_owned(),
    }
}

/// «среды, 23 декабря» after «до».
pub fn by_weekday(words: Words, date: NaiveDate) -> String {
    let weekday = words.t(&format!(
        "weekday-by-{}",
        date.weekday().number_from_monday()
    ));
    let month = words.t(&format!("month-{}", date.month()));
    t!(
        words,
        "date-by",
        weekday = weekday,
        day = date.day(),
        month = month
    )
}

/// «23 дек., 10:02» of a moment on the lender's clock.
pub fn moment(words: Words, at: DateTime<Utc>, offset_minutes: i32) -> String {
    let Some(offset) = FixedOffset::east_opt(offset_minutes * 60) else {
        return String::new();
    };
    let local = at.with_timezone(&offset);
    format!(
        "{}, {}",
        day_month(words, local.date_naive()),
        local.format("%H:%M")
    )
}

/// «21 день».
pub fn days(words: Words, count: u32) -> String {
    t!(words, "days", count = count)
}

/// The big figure of a page: roubles large, kopecks smaller.
#[component]
pub fn BigMoney(sum: Kopecks, #[prop(optional, into)] id: Option<&'static str>) -> impl IntoView {
    view! {
        <p class="money" id=id data-kopecks=sum.get().to_string()>
            {sum.roubles_part()}<small>{format!(",{}\u{a0}₽", sum.kopecks_part())}</small>
        </p>
    }
}
