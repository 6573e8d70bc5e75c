//! How an entry gets into its tables in as few ways to the database and back as can be: while it is on
//! its way, the end of the chain is locked for everybody else.

use std::fmt::Write as _;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};

use super::{Entry, Line, VERSION};
use crate::db::{chain, sql};
use crate::error::Result;

const INTO_JOURNAL: &str =
    "INSERT INTO journal (kind, loan, reference, business_date, at, seq, previous_hash, hash)";

/// [`Entry::hash`] in Postgres' words: of the end of the chain and of the number after it.
const HASH: &str = "encode(sha256(convert_to(\
     concat_ws(E'\\n', CAST($6 AS TEXT), hash, seq + 1, CAST($7 AS TEXT)), 'UTF8')), 'hex')";

const INTO_LINES: &str = "INSERT INTO journal_line (seq, line, account, side, amount) \
     SELECT entry.seq, own.column1, own.column2, own.column3, own.column4";

/// Writes an entry after the end of the chain, which is locked until the commit; answers its number.
/// None when the reference is taken: then nothing was written.
pub(super) async fn entry(tx: &DatabaseTransaction, entry: &Entry<'_>) -> Result<Option<i64>> {
    let loan = Some(entry.loan.to_owned()).filter(|loan| !loan.is_empty());
    let values = vec![
        entry.kind.into(),
        loan.into(),
        entry.reference.into(),
        entry.business_date.into(),
        entry.at.into(),
    ];
    if tx.get_database_backend() == DbBackend::Postgres {
        at_once(tx, entry, values).await
    } else {
        in_file(tx, entry, values).await
    }
}

/// SQLite: both statements on one way to its thread; the writer keeps the end of the chain.
async fn in_file(
    tx: &DatabaseTransaction,
    entry: &Entry<'_>,
    mut values: Vec<Value>,
) -> Result<Option<i64>> {
    let (last, previous) = chain::end(tx).await?;
    let (seq, hash) = (last + 1, entry.hash(&previous, last + 1));
    values.extend([seq.into(), previous.into(), hash.clone().into()]);
    let lines = list(entry.lines, &mut values);
    let statement = format!(
        "{INTO_JOURNAL} VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (reference) DO NOTHING; \
         {INTO_LINES} FROM journal AS entry, {lines} \
         WHERE entry.seq = $6 AND entry.reference = $3"
    );
    if sql::execute(tx, &statement, values).await? == 0 {
        return Ok(None);
    }
    chain::forward(tx, (seq, hash)).await?;
    Ok(Some(seq))
}

/// Postgres: everything in one statement, whose first step locks and moves the end of the chain.
async fn at_once(
    tx: &DatabaseTransaction,
    entry: &Entry<'_>,
    mut values: Vec<Value>,
) -> Result<Option<i64>> {
    values.extend([VERSION.into(), entry.text().into()]);
    let lines = list(entry.lines, &mut values);
    // No `ON CONFLICT`: two with one reference at the same moment must not leave a number without its entry.
    let statement = format!(
        "WITH head AS (UPDATE chain_head SET seq = seq + 1, previous = hash, hash = {HASH} \
            WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM journal WHERE reference = $3) \
            RETURNING seq, previous, hash), \
         entry AS ({INTO_JOURNAL} SELECT $1, $2, $3, $4, $5, seq, previous, hash FROM head RETURNING seq), \
         lines AS ({INTO_LINES} FROM entry, {lines}) \
         SELECT seq FROM entry"
    );
    let row = sql::one_unless_taken(tx, &statement, values, "reference").await?;
    row.map(|row| sql::get(&row, "seq")).transpose()
}

/// The lines as a list in SQL, their values added to the others.
fn list(lines: &[Line], values: &mut Vec<Value>) -> String {
    let mut list = String::from("(VALUES ");
    for (number, line) in (1_i64..).zip(lines) {
        let (comma, at) = (if number == 1 { "" } else { ", " }, values.len() + 1);
        // Postgres takes a bare value of a list for a text. Writing to a string never fails.
        let _ = write!(
            list,
            "{comma}({number}, ${at}, ${}, CAST(${} AS BIGINT))",
            at + 1,
            at + 2
        );
        values.extend([
            line.account.clone().into(),
            line.side.clone().into(),
            line.amount.into(),
        ]);
    }
    list.push_str(") AS own");
    list
}
