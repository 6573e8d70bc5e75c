//! A paper ready to be typeset: the canonical text taken apart, nothing added to its words.

use chrono::{DateTime, Utc};
use lending::Psk;
use locales::{Lang, Words};
use serde::Serialize;

use super::kind::DocumentKind;
use crate::application::psk_lines;

/// A paper as a template reads it.
#[derive(Debug, Clone, Serialize)]
pub struct Paper {
    /// Which template.
    pub template: &'static str,
    /// The language, `ru` or `en`.
    pub lang: &'static str,
    /// The lender, as the head of the paper.
    pub lender: String,
    /// The title.
    pub title: String,
    /// Lines of the head under the title.
    pub lines: Vec<String>,
    /// Named again at the foot of every page.
    pub short: String,
    /// The text, in its own order.
    pub blocks: Vec<Block>,
    /// The two frames of the full cost, percent and money; their lines are then in no block.
    pub frames: Option<[String; 2]>,
    /// Who signed and how.
    pub evidence: Option<Facts>,
    /// What says that nobody has signed this yet.
    pub draft: Option<String>,
    /// The lender's own signature, where it can be checked.
    pub seal: Option<Seal>,
    /// SHA-256 of the canonical text.
    pub hash: Fingerprint,
    /// Words of the layout.
    pub labels: Labels,
    /// The stable name inside the PDF.
    #[serde(skip)]
    pub ident: String,
    /// The moment inside the PDF.
    #[serde(skip)]
    pub made_at: DateTime<Utc>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading.
    Head {
        /// Its words.
        text: String,
    },
    /// A line of text.
    Text {
        /// Its words.
        text: String,
    },
    /// A line the law wants to be seen.
    Notice {
        /// Its words.
        text: String,
    },
    /// A line of totals.
    Total {
        /// Its words.
        text: String,
    },
    /// A row of the law's table.
    Row {
        /// "5.1".
        number: String,
        /// The law's title.
        title: String,
        /// What is agreed.
        text: String,
    },
    /// A table with its head.
    Table {
        /// Titles of columns.
        head: Vec<String>,
        /// Rows of as many cells.
        rows: Vec<Vec<String>>,
        /// Columns of money, by number.
        sums: Vec<usize>,
        /// The column of words, if there is one.
        wide: Option<usize>,
    },
}

/// Names and values under a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The title.
    pub title: String,
    /// Names and values.
    pub rows: Vec<(String, String)>,
}

/// The lender's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seal {
    /// The title.
    pub title: String,
    /// What it is for.
    pub note: String,
    /// The public page that confirms it.
    pub url: String,
    /// Number, moment, key, signature.
    pub rows: Vec<(String, String)>,
}

/// A hash for the eye.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fingerprint {
    /// What it is.
    pub label: String,
    /// Sixteen hexadecimal digits each.
    pub groups: Vec<String>,
}

/// Words of the layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Labels {
    /// «Страница».
    pub page: String,
    /// «из».
    pub of: String,
    /// The head of the law's table.
    pub terms: [String; 3],
}

/// What a text is known by when it is taken apart.
pub(super) struct Marks<'a> {
    pub title: &'a str,
    pub lender: &'a str,
    pub psk: Option<Psk>,
}

/// Headings inside texts, by their messages.
const HEADS: [&str; 8] = [
    "cabinet-document-terms-head",
    "cabinet-document-schedule-title",
    "cabinet-document-parties",
    "cabinet-paper-operations",
    "cabinet-paper-debt-parts",
    "cabinet-paper-where-money-went",
    "cabinet-paper-reasons",
    "cabinet-paper-answers",
];

/// The head's lines and the blocks of a canonical text. Lines of the frames are left out of the
/// blocks: the frames show them.
pub(super) fn apart(text: &str, lang: Lang, marks: &Marks<'_>) -> (Vec<String>, Vec<Block>) {
    let words = Words::new(lang);
    let heads: Vec<String> = HEADS.iter().map(|key| words.t(key)).collect();
    let total = words.t("cabinet-paper-total");
    let notice = words.t("cabinet-terms-penalty-notice");
    let framed = marks.psk.map(psk_lines).unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    let head_end = head_end(&all, marks.title);
    let lines = all[..head_end]
        .iter()
        .filter(|line| !line.is_empty() && **line != marks.title && **line != marks.lender)
        .map(|line| (*line).to_owned())
        .collect();
    let mut blocks = Vec::new();
    let mut rest = &all[head_end..];
    while let Some((line, after)) = rest.split_first() {
        let (block, used) = if let Some(row) = row(line, after.first().copied()) {
            (Some(row), 2)
        } else if let Some((table, used)) = table(rest) {
            (Some(table), used)
        } else {
            (plain(line, &heads, &framed, &total, &notice), 1)
        };
        blocks.extend(block);
        rest = &rest[used..];
    }
    (lines, blocks)
}

/// The head ends with the group of lines that has the title in it.
fn head_end(all: &[&str], title: &str) -> usize {
    let Some(place) = all.iter().position(|line| *line == title) else {
        return 0;
    };
    let group = all[place..].iter().position(|line| line.is_empty());
    group.map_or(all.len(), |length| place + length)
}

fn plain(
    line: &str,
    heads: &[String],
    framed: &[String],
    total: &str,
    notice: &str,
) -> Option<Block> {
    if line.is_empty() || framed.iter().any(|shown| shown == line) {
        return None;
    }
    let text = line.trim().to_owned();
    Some(if heads.iter().any(|head| head == line) {
        Block::Head { text }
    } else if line.starts_with(total) {
        Block::Total { text }
    } else if line.ends_with(notice) {
        Block::Notice { text }
    } else {
        Block::Text { text }
    })
}

/// «5.1. Title» with what is agreed in the next line, four spaces in.
fn row(line: &str, next: Option<&str>) -> Option<Block> {
    let (number, title) = line.split_once(". ")?;
    let text = next?.strip_prefix("    ")?;
    let numbered = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    numbered.then(|| Block::Row {
        number: number.to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
    })
}

/// Two or more lines of as many cells, three at least; with the number of lines.
fn table(lines: &[&str]) -> Option<(Block, usize)> {
    let cells = |line: &str| -> Vec<String> {
        line.split(" | ")
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    let head = cells(lines.first()?);
    let rows: Vec<Vec<String>> = lines[1..]
        .iter()
        .map(|line| cells(line))
        .take_while(|row| row.len() == head.len())
        .collect();
    if head.len() < 3 || rows.is_empty() {
        return None;
    }
    let of = |column: usize| rows.iter().filter_map(move |row| row.get(column));
    let sums: Vec<usize> = (0..head.len())
        .filter(|column| of(*column).all(|cell| is_sum(cell)))
        .collect();
    let wide = (0..head.len())
        .filter(|column| !sums.contains(column))
        .max_by_key(|column| of(*column).map(|cell| cell.chars().count()).max())
        .filter(|column| of(*column).any(|cell| cell.chars().count() > 12));
    let used = rows.len() + 1;
    let table = Block::Table {
        head,
        rows,
        sums,
        wide,
    };
    Some((table, used))
}

/// «1 234,50 ₽», or the dash of an empty cell.
fn is_sum(cell: &str) -> bool {
    cell == "—" || cell.ends_with('₽')
}

/// A hash in groups.
pub(super) fn fingerprint(words: Words, hash: &str) -> Fingerprint {
    let groups = hash.as_bytes().chunks(16);
    Fingerprint {
        label: words.t("cabinet-paper-hash"),
        groups: groups
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect(),
    }
}

/// The words of the layout in a language.
pub(super) fn labels(words: Words) -> Labels {
    Labels {
        page: words.t("cabinet-paper-page"),
        of: words.t("cabinet-paper-of"),
        terms: [
            words.t("cabinet-paper-terms-number"),
            words.t("cabinet-paper-terms-title"),
            words.t("cabinet-paper-terms-text"),
        ],
    }
}

/// The template of a kind of document.
pub(super) const fn template(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Application => "application",
        DocumentKind::Consent => "consent",
        DocumentKind::Agreement => "agreement",
        DocumentKind::Contract => "contract",
        // A schedule without the frames of the full cost: that was agreed to once.
        DocumentKind::Schedule | DocumentKind::RateCut => "schedule",
        DocumentKind::Prolongation => "prolongation",
        DocumentKind::Receipt => "receipt",
        DocumentKind::Statement => "statement",
        DocumentKind::Debt => "debt",
        DocumentKind::Certificate => "certificate",
        DocumentKind::Refusal => "refusal",
        DocumentKind::Refund => "refund",
        DocumentKind::Service => "service",
        DocumentKind::ServiceRefusal => "service-refusal",
        DocumentKind::Letter => "letter",
    }
}

#[cfg(test)]
mod tests {
    use lending::Kopecks;

    use super::*;

    const TEXT: &str = "ООО «Кредит»\nСправка № 1\nДата: сегодня\n\nАбзац с | чертой.\n\n1. Сумма\n    10 000,00 ₽\n5.1. Ставка\n    Отсутствует\n\nГрафик платежей\n№ | Дата | Платёж\n1 | 01.02.2027 | 10,00\u{a0}₽\n2 | 01.03.2027 | 12,00\u{a0}₽\nИтого: 22,00\n";

    #[test]
    fn a_text_comes_apart_without_losing_a_word() {
        let marks = Marks {
            title: "Справка № 1",
            lender: "ООО «Кредит»",
            psk: None,
        };
        let (lines, blocks) = apart(TEXT, Lang::Ru, &marks);
        assert_eq!(lines, ["Дата: сегодня"]);
        let row = |number: &str, title: &str, text: &str| Block::Row {
            number: number.into(),
            title: title.into(),
            text: text.into(),
        };
        let cells = |line: &[&str]| {
            line.iter()
                .map(|cell| (*cell).to_owned())
                .collect::<Vec<_>>()
        };
        let expected = [
            Block::Text {
                text: "Абзац с | чертой.".into(),
            },
            row("1", "Сумма", "10 000,00 ₽"),
            row("5.1", "Ставка", "Отсутствует"),
            Block::Head {
                text: "График платежей".into(),
            },
            Block::Table {
                head: cells(&["№", "Дата", "Платёж"]),
                rows: vec![
                    cells(&["1", "01.02.2027", "10,00\u{a0}₽"]),
                    cells(&["2", "01.03.2027", "12,00\u{a0}₽"]),
                ],
                sums: vec![2],
                wide: None,
            },
            Block::Total {
                text: "Итого: 22,00".into(),
            },
        ];
        assert_eq!(blocks, expected);
    }

    #[test]
    fn what_stands_in_the_frames_stands_in_no_block() {
        let psk = Psk {
            thousandths: 292_000,
            roubles: Kopecks::from_roubles(3600),
        };
        let framed = psk_lines(psk);
        let text = format!("A\nB\n\n{}\n{}\n\nДальше.\n", framed[0], framed[1]);
        let marks = Marks {
            title: "B",
            lender: "A",
            psk: Some(psk),
        };
        let (_, blocks) = apart(&text, Lang::Ru, &marks);
        assert_eq!(
            blocks,
            [Block::Text {
                text: "Дальше.".into()
            }]
        );
    }
}
