//! How entries get into the journal: kept by the transaction until its use case ends, and written with its commit. From
//! the first of them the end of the chain is locked for everybody else, so nothing else may come in between.

use std::fmt::Write as _;

use sea_orm::sea_query::ArrayType;
use sea_orm::{DbBackend, DbErr, SqlErr, Statement, Value};
use sha2::{Digest as _, Sha256};

use super::{Tx, chain, sql};
use crate::error::{CabinetError, Result};
use crate::keys::hex;

/// How an entry is hashed.
const VERSION: &str = "kopeck-journal-1";

const INTO_JOURNAL: &str =
    "INSERT INTO journal (kind, loan, reference, business_date, at, seq, previous_hash, hash)";

const INTO_LINES: &str = "INSERT INTO journal_line (seq, line, account, side, amount)";

/// Prepared on each of Postgres' writing connections: one entry, whose first step locks and moves the end of the chain.
/// It hashes as [`Entry::hash`] does. There is no `ON CONFLICT`: a reference that is taken must not leave a number without
/// its entry. A chain without a head is a division by zero.
const PREPARE: &str = "PREPARE kopeck_entry \
     (TEXT, TEXT, TEXT, TEXT, BIGINT, TEXT, TEXT, TEXT[], TEXT[], BIGINT[]) AS \
     WITH head AS (UPDATE chain_head SET seq = seq + 1, previous = hash, \
        hash = encode(sha256(convert_to(concat_ws(E'\\n', $6, hash, seq + 1, $7), 'UTF8')), 'hex') \
        WHERE id = 1 RETURNING seq, previous, hash), \
     entry AS (INSERT INTO journal (kind, loan, reference, business_date, at, seq, previous_hash, hash) \
        SELECT $1, $2, $3, $4, $5, seq, previous, hash FROM head RETURNING seq), \
     lines AS (INSERT INTO journal_line (seq, line, account, side, amount) \
        SELECT entry.seq, own.line, own.account, own.side, own.amount \
        FROM entry, unnest($8, $9, $10) WITH ORDINALITY AS own (account, side, amount, line)) \
     SELECT 1 / count(*) FROM entry";

const EXECUTE: &str = "EXECUTE kopeck_entry ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10); ";

/// One side of a posting as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub account: String,
    pub side: String,
    pub amount: i64,
}

/// An entry as it is hashed. Without a loan that text is empty.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub kind: String,
    pub loan: String,
    pub reference: String,
    pub business_date: String,
    pub at: i64,
    pub lines: Vec<Line>,
}

impl Entry {
    /// SHA-256 of the previous hash and the canonical text. Texts carry their length in bytes
    /// before them, so no two entries have one text; changing this breaks every stored chain.
    /// [`PREPARE`] says the same in Postgres' words.
    pub(crate) fn hash(&self, previous: &str, seq: i64) -> String {
        let text = format!("{VERSION}\n{previous}\n{seq}\n{}", self.text());
        hex(&Sha256::digest(text.as_bytes()))
    }

    /// What is hashed after the previous hash and the number.
    fn text(&self) -> String {
        let mut text = format!("{}\n", self.at);
        let parts = [&self.kind, &self.loan, &self.reference, &self.business_date];
        for part in parts {
            // Writing to a string never fails.
            let _ = writeln!(text, "{}:{part}", part.len());
        }
        for line in &self.lines {
            let _ = writeln!(text, "{} {} {}", line.side, line.account, line.amount);
        }
        text
    }

    /// The columns of its own.
    fn values(&self) -> Vec<Value> {
        let loan = Some(&self.loan).filter(|loan| !loan.is_empty()).cloned();
        vec![
            self.kind.clone().into(),
            loan.into(),
            self.reference.clone().into(),
            self.business_date.clone().into(),
            self.at.into(),
        ]
    }
}

/// Writes what the use case has entered, at its end. On Postgres it is only said: the answer are the words to do it in the
/// same message as the commit, so that the chain is locked for no way to the server and back.
///
/// Errors: `Conflict("already_posted")` for a reference that is taken; on Postgres that is known at the commit alone, by
/// [`taken`].
pub(super) async fn settle(tx: &Tx) -> Result<String> {
    let mut words = String::new();
    for entry in tx.entered() {
        if tx.backend() == DbBackend::Postgres {
            tx.prepared(PREPARE).await?;
            words.push_str(&execute(&entry));
        } else {
            in_file(tx, &entry).await?;
        }
    }
    Ok(words)
}

/// Whether a commit failed for a reference that is taken.
pub(super) fn taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(what)) if what.contains("journal_reference"))
}

/// Postgres takes no values beside several statements: they stand in the words, quoted by sea-query.
fn execute(entry: &Entry) -> String {
    let texts = |part: fn(&Line) -> &String| {
        let all = entry.lines.iter().map(|line| part(line).clone().into());
        Value::Array(ArrayType::String, Some(Box::new(all.collect())))
    };
    let amounts = entry.lines.iter().map(|line| line.amount.into()).collect();
    let mut values = entry.values();
    values.extend([
        VERSION.into(),
        entry.text().into(),
        texts(|line| &line.account),
        texts(|line| &line.side),
        Value::Array(ArrayType::BigInt, Some(Box::new(amounts))),
    ]);
    Statement::from_sql_and_values(DbBackend::Postgres, EXECUTE, values).to_string()
}

/// SQLite: both statements on one way to its thread; the writer keeps the end of the chain.
async fn in_file(tx: &Tx, entry: &Entry) -> Result<()> {
    let (last, previous) = chain::end(tx).await?;
    let (seq, hash) = (last + 1, entry.hash(&previous, last + 1));
    let mut values = entry.values();
    values.extend([seq.into(), previous.into(), hash.clone().into()]);
    let lines = list(&entry.lines, &mut values);
    let statement = format!(
        "{INTO_JOURNAL} VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (reference) DO NOTHING; \
         {INTO_LINES} SELECT entry.seq, own.column1, own.column2, own.column3, own.column4 \
         FROM journal AS entry, {lines} WHERE entry.seq = $6 AND entry.reference = $3"
    );
    if sql::execute(tx, &statement, values).await? == 0 {
        return Err(CabinetError::Conflict("already_posted"));
    }
    chain::forward(tx, (seq, hash)).await
}

/// The lines as a list in SQL, their values added to the others.
fn list(lines: &[Line], values: &mut Vec<Value>) -> String {
    let mut list = String::from("(VALUES ");
    for (number, line) in (1_i64..).zip(lines) {
        let (comma, at) = (if number == 1 { "" } else { ", " }, values.len() + 1);
        // Writing to a string never fails.
        let _ = write!(list, "{comma}({number}, ${at}, ${}, ${})", at + 1, at + 2);
        values.extend([
            line.account.clone().into(),
            line.side.clone().into(),
            line.amount.into(),
        ]);
    }
    list.push_str(") AS own");
    list
}
