//! The exchange text of 1С «Клиент-банк»: `Key=Value` lines, a section for each document.

use std::collections::HashMap;

use super::entries::{clean, date, sum};
use super::{Entry, Parsed};

pub(super) const HEAD: &str = "1CClientBankExchange";

/// A document being read.
struct Document<'a> {
    line: usize,
    fields: HashMap<&'a str, &'a str>,
}

impl<'a> Document<'a> {
    /// The first of the names that says something.
    fn get(&self, names: &[&str]) -> &'a str {
        let mut found = names.iter().filter_map(|name| self.fields.get(name));
        found.find(|text| !text.is_empty()).copied().unwrap_or("")
    }

    fn purpose(&self) -> String {
        let whole = self.get(&["НазначениеПлатежа"]);
        if !whole.is_empty() {
            return clean(whole);
        }
        let parts = (1..=6).map(|n| {
            let name = format!("НазначениеПлатежа{n}");
            self.fields.get(name.as_str()).copied().unwrap_or("")
        });
        clean(&parts.collect::<Vec<_>>().join(" "))
    }
}

/// Reads the statement of `account`; another account's is refused whole.
pub(super) fn read(text: &str, account: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut accounts: Vec<&str> = Vec::new();
    let mut document: Option<Document<'_>> = None;
    let mut ended = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim().trim_start_matches('\u{feff}');
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let (key, value) = (key.trim(), value.trim());
        match key {
            "СекцияДокумент" => {
                if let Some(open) = document.replace(Document {
                    line: number,
                    fields: HashMap::new(),
                }) {
                    cut(&mut parsed, open.line);
                }
            }
            "КонецДокумента" => match document.take() {
                Some(whole) => finish(&mut parsed, &whole, account),
                None => parsed.complain(
                    number,
                    "a document ends that has not begun",
                    "export the statement again, the file is damaged",
                ),
            },
            "КонецФайла" => ended = true,
            "РасчСчет" if document.is_none() => accounts.push(value),
            _ => {
                if let Some(open) = &mut document {
                    open.fields.entry(key).or_insert(value);
                }
            }
        }
    }
    if let Some(open) = document {
        cut(&mut parsed, open.line);
    }
    if !ended {
        parsed.complain(
            0,
            "the file has no end («КонецФайла»)",
            "export it again; the lines before the cut were taken",
        );
    }
    if !accounts.is_empty() && !accounts.contains(&account) {
        return Parsed::refuse(
            format!("the statement is of another account than {account}"),
            "export the statement of the account in [requisites] of the lender's file",
        );
    }
    parsed
}

fn cut(parsed: &mut Parsed, line: usize) {
    parsed.complain(
        line,
        "the document has no end («КонецДокумента»)",
        "export the statement again and import it: nothing is posted twice",
    );
}

fn finish(parsed: &mut Parsed, document: &Document<'_>, account: &str) {
    let line = document.line;
    let to = document.get(&["ПолучательСчет", "ПолучательРасчСчет"]);
    let from = document.get(&["ПлательщикСчет", "ПлательщикРасчСчет"]);
    let incoming = to == account;
    if !incoming && from != account {
        let problem = "neither side of the document is our account";
        return parsed.complain(line, problem, "post it by hand if the money is ours");
    }
    let Some(amount) = sum(document.get(&["Сумма"])) else {
        let problem = "«Сумма» is not a sum above zero";
        return parsed.complain(line, problem, "correct it by the bank's own statement");
    };
    // Only an executed document has the day on which the money moved.
    let (name, stated) = if incoming {
        ("ДатаПоступило", document.get(&["ДатаПоступило"]))
    } else {
        ("ДатаСписано", document.get(&["ДатаСписано"]))
    };
    let Some(on) = date(stated) else {
        let problem = format!("«{name}» is not a date: the bank has not moved the money");
        let remedy = "import the statement of the day on which it has";
        return parsed.complain(line, problem, remedy);
    };
    parsed.entries.push(Entry {
        line,
        on,
        amount,
        incoming,
        number: clean(document.get(&["Номер"])),
        payer: clean(document.get(&["Плательщик1", "Плательщик"])),
        payer_inn: clean(document.get(&["ПлательщикИНН"])),
        payer_account: clean(from),
        purpose: document.purpose(),
    });
}
