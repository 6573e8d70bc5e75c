//! Registers of terminals and bank applications: a table with a heading, or the twelve columns that
//! Sberbank and those after it send without one, with the totals in the last line.

use lending::Kopecks;

use super::entries::{clean, date, sum};
use super::table::{AMOUNT, DATE, Heading, NUMBER, cell, rows};
use super::{Entry, Parsed};

/// Headings of the column with the number of the contract.
const REFERENCE: &[&str] = &[
    "номер договора",
    "договор",
    "лицевой счет",
    "лицевой счёт",
    "идентификатор",
    "reference",
];
/// Date, time, branch, desk, operation, reference, name, address, period, then three sums.
const COLUMNS: usize = 12;

/// Reads a register. A last line `=count;sum…` that does not agree refuses the whole file: a cut
/// register must not be taken for a whole one.
pub(super) fn read(text: &str) -> Parsed {
    let rows = rows(text);
    let heading = rows.iter().position(|(_, row)| {
        let heading = Heading::of(row);
        [DATE, AMOUNT, REFERENCE]
            .iter()
            .all(|names| heading.place(names).is_some())
    });
    let mut parsed = Parsed::default();
    let places = heading.map(|at| {
        let heading = Heading::of(&rows[at].1);
        [DATE, AMOUNT, REFERENCE, NUMBER].map(|names| heading.place(names))
    });
    let mut totals = None;
    for (line, row) in rows.iter().skip(heading.map_or(0, |at| at + 1)) {
        let first = row.first().map_or("", String::as_str);
        if row.iter().all(String::is_empty) {
            continue;
        }
        if let Some(count) = first.strip_prefix('=') {
            totals = Some((
                *line,
                count.trim().to_owned(),
                cell(row, Some(1)).to_owned(),
            ));
            continue;
        }
        let [on, amount, reference, number] = match places {
            Some(places) => places,
            None if row.len() >= COLUMNS => [Some(0), Some(row.len() - 3), Some(5), Some(4)],
            None => {
                let remedy = "twelve columns by Sberbank's form, or a heading «Дата», «Номер договора», «Сумма»";
                parsed.complain(*line, format!("{} columns", row.len()), remedy);
                continue;
            }
        };
        let read = (date(cell(row, on)), sum(cell(row, amount)));
        let (Some(on), Some(amount)) = read else {
            let problem = "the date or the sum can't be read";
            parsed.complain(*line, problem, "write 23.11.2026 and 1234,56");
            continue;
        };
        parsed.entries.push(Entry {
            line: *line,
            on,
            amount,
            incoming: true,
            number: clean(cell(row, number)),
            payer: String::new(),
            payer_inn: String::new(),
            payer_account: String::new(),
            purpose: clean(cell(row, reference)),
        });
    }
    if let Some((line, count, total)) = totals {
        let ours: Kopecks = parsed.entries.iter().map(|entry| entry.amount).sum();
        let read = parsed.entries.len();
        if count.parse() != Ok(read) || sum(&total) != Some(ours) {
            let problem = format!(
                "line {line} says {count} payments of {total}, the file has {read} of {}",
                ours.plain()
            );
            parsed.entries.clear();
            parsed.complain(0, problem, "ask for the register again: nothing was posted");
        }
    }
    if parsed.entries.is_empty() && parsed.bad.is_empty() {
        return Parsed::refuse("no payments were found", "check that this is the register");
    }
    parsed
}
