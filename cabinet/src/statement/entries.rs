//! Dates and sums as banks write them.

use chrono::NaiveDate;
use lending::Kopecks;

/// The longest text of one field that is kept.
const LONGEST: usize = 1000;

/// `23.11.2026`, `23-11-2026`, `2026-11-23`; a time after it is left out.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let day = text.trim().split([' ', 'T']).next()?;
    ["%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(day, form).ok())
        .filter(|date| (2000..2100).contains(&chrono::Datelike::year(date)))
}

/// `1234.56`, `1 234,56`, `1234-56`; nothing that is not above zero.
pub(super) fn sum(text: &str) -> Option<Kopecks> {
    let text = text.trim();
    let dashed = text.rsplit_once('-').filter(|(whole, cents)| {
        cents.len() == 2 && !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit())
    });
    let text = match dashed {
        Some((whole, cents)) => format!("{whole}.{cents}"),
        None => text.to_owned(),
    };
    Kopecks::parse(&text).ok().filter(|sum| sum.is_positive())
}

/// One line of plain text, not longer than anybody needs.
pub(super) fn clean(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
