//! Tables: whatever separates the columns, and whatever the bank calls them.

use super::entries::{clean, date, sum};
use super::{Entry, Parsed};

/// The columns we know, by their possible headings in small letters.
pub(super) const DATE: &[&str] = &[
    "дата",
    "дата операции",
    "дата проводки",
    "дата зачисления",
    "дата платежа",
    "date",
];
pub(super) const AMOUNT: &[&str] = &[
    "сумма",
    "сумма операции",
    "сумма платежа",
    "сумма по кредиту",
    "кредит",
    "приход",
    "зачисление",
    "credit",
    "amount",
];
const DEBIT: &[&str] = &["сумма по дебету", "дебет", "расход", "списание", "debit"];
const PURPOSE: &[&str] = &[
    "назначение платежа",
    "назначение",
    "описание операции",
    "описание",
    "purpose",
];
const PAYER: &[&str] = &[
    "плательщик",
    "контрагент",
    "наименование контрагента",
    "payer",
];
const INN: &[&str] = &["инн", "инн плательщика", "инн контрагента", "inn"];
const ACCOUNT: &[&str] = &[
    "счет плательщика",
    "счёт плательщика",
    "счет контрагента",
    "account",
];
pub(super) const NUMBER: &[&str] = &[
    "номер",
    "номер документа",
    "№ документа",
    "№",
    "номер операции",
    "код операции",
    "number",
    "operation",
];

/// The rows of a table with the numbers of their lines.
pub(super) fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let delimiter = delimiter(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader
        .records()
        .filter_map(std::result::Result::ok)
        .map(|record| {
            let line = record.position().map_or(0, csv::Position::line);
            let cells = record.iter().map(str::to_owned).collect();
            (usize::try_from(line).unwrap_or(usize::MAX), cells)
        })
        .collect()
}

/// What stands most often in the first lines.
fn delimiter(text: &str) -> u8 {
    let head: String = text.lines().take(20).collect();
    let count = |sign: &u8| head.bytes().filter(|byte| byte == sign).count();
    [b';', b'\t', b',']
        .into_iter()
        .rev()
        .max_by_key(count)
        .unwrap_or(b';')
}

/// Where the known columns are.
pub(super) struct Heading<'a>(&'a [String]);

impl<'a> Heading<'a> {
    pub(super) fn of(row: &'a [String]) -> Self {
        Self(row)
    }

    pub(super) fn place(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let mut cells = self.0.iter();
            cells.position(|cell| cell.to_lowercase() == *name)
        })
    }
}

pub(super) fn cell(row: &[String], place: Option<usize>) -> &str {
    place
        .and_then(|place| row.get(place))
        .map_or("", String::as_str)
}

/// Reads a statement as a table; lines before its heading are the bank's own.
pub(super) fn read(text: &str) -> Parsed {
    let rows = rows(text);
    let heading = rows.iter().position(|(_, row)| {
        let heading = Heading::of(row);
        [DATE, AMOUNT, PURPOSE]
            .iter()
            .all(|names| heading.place(names).is_some())
    });
    let Some(at) = heading else {
        return Parsed::refuse(
            "no heading with a date, a sum and a purpose was found",
            "export the statement as 1С «Клиент-банк», or name the columns «Дата», «Сумма», «Назначение платежа»",
        );
    };
    let mut parsed = Parsed::default();
    let heading = Heading::of(&rows[at].1);
    let [on, credit, debit, purpose, payer, inn, account, number] =
        [DATE, AMOUNT, DEBIT, PURPOSE, PAYER, INN, ACCOUNT, NUMBER]
            .map(|names| heading.place(names));
    for (line, row) in rows.iter().skip(at + 1) {
        if row.iter().all(String::is_empty) || row.len() == 1 {
            continue;
        }
        let Some(date) = date(cell(row, on)) else {
            // «Итого» and the like have no date and no purpose.
            if !cell(row, purpose).is_empty() {
                parsed.complain(*line, "the date can't be read", "write it as 23.11.2026");
            }
            continue;
        };
        let (came, went) = (sum(cell(row, credit)), sum(cell(row, debit)));
        let Some(amount) = came.or(went) else {
            let problem = "the sum is not above zero, or can't be read";
            parsed.complain(*line, problem, "write it as 1234,56");
            continue;
        };
        parsed.entries.push(Entry {
            line: *line,
            on: date,
            amount,
            incoming: came.is_some(),
            number: clean(cell(row, number)),
            payer: clean(cell(row, payer)),
            payer_inn: clean(cell(row, inn)),
            payer_account: clean(cell(row, account)),
            purpose: clean(cell(row, purpose)),
        });
    }
    parsed
}
