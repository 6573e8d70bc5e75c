//! Money that comes outside the cabinet: lines of the bank's statement and of the registers of
//! terminals and bank applications, matched to loans by the number in them.
//!
//! A file may be imported again and files may overlap: a line is known by what it says, and is
//! posted once. What can't be matched is kept for people.

mod clientbank;
mod decode;
mod desk;
mod entries;
mod matching;
mod register;
mod store;
mod table;

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use serde::{Deserialize, Serialize};

pub use desk::{assign, dismiss, unmatched};
pub use store::import;
pub(crate) use store::lines_of_day;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The bank's statement: 1С «Клиент-банк» exchange text, or a table with a heading.
    Statement,
    /// A register of payments at terminals and in bank applications: a table.
    Register,
}

impl Source {
    /// A stable latin name; operations of this source have it in their reference.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Statement => "statement",
            Self::Register => "register",
        }
    }
}

/// Whether an operation's reference is of money that came past the acquirer.
pub(crate) fn outside(reference: &str) -> bool {
    let source = reference.split_once(':').map_or("", |(source, _)| source);
    [Source::Statement, Source::Register]
        .iter()
        .any(|known| known.code() == source)
}

/// A line of a file that can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The number of its line, from 1.
    pub line: usize,
    /// The date the bank or the terminal states.
    pub on: NaiveDate,
    /// Above zero.
    pub amount: Kopecks,
    /// Whether the money came to us.
    pub incoming: bool,
    /// The document's or the operation's number.
    pub number: String,
    /// Who paid.
    pub payer: String,
    /// The payer's taxpayer number.
    pub payer_inn: String,
    /// The payer's account.
    pub payer_account: String,
    /// The purpose; of a register, the reference alone.
    pub purpose: String,
}

/// A line that can't be used, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadLine {
    /// Its number, from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub entries: Vec<Entry>,
    pub bad: Vec<BadLine>,
}

impl Parsed {
    fn refuse(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        let mut parsed = Self::default();
        parsed.complain(0, problem, remedy);
        parsed
    }

    fn complain(&mut self, line: usize, problem: impl Into<String>, remedy: impl Into<String>) {
        self.bad.push(BadLine {
            line,
            problem: problem.into(),
            remedy: remedy.into(),
        });
    }
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Lines posted to loans now, and their sum.
    pub posted: usize,
    /// The sum of what was posted now.
    pub posted_sum: Kopecks,
    /// Lines that an earlier import has already taken.
    pub known: usize,
    /// Lines kept for people: their numbers.
    pub unmatched: Vec<usize>,
    /// Transfers of a whole register or of an acquirer, which repay no loan by themselves.
    pub aggregates: usize,
    /// Lines of money that went out.
    pub outgoing: usize,
    /// Our own orders to pay borrowers, which the bank has now done.
    pub paid: usize,
    /// Lines that can't be used.
    pub bad: Vec<BadLine>,
}

/// A line that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its name for [`assign`] and [`dismiss`].
    pub id: String,
    /// Where it came from.
    pub source: Source,
    /// What it says.
    pub entry: Entry,
    /// When it was imported.
    pub since: DateTime<Utc>,
    /// It waits for more than a day.
    pub late: bool,
}

/// How a line that repays no loan leaves the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// It is not about a loan.
    NotOurs,
    /// The bank is told to send it back to who paid it.
    Return,
}

#[cfg(test)]
mod tests;
