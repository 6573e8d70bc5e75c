//! The journal: append-only, double-entry, in kopecks, each entry chained to the one before by its
//! hash.

use chrono::NaiveDate;
use lending::{Kopecks, Posting};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use crate::Cabinet;
use crate::db::journal::{Entry, Line};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::LoanId;

/// Entries read at once when the whole journal is walked.
const PAGE: i64 = 500;

/// An entry to be posted.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    /// What happened: `disbursement`, `payment`, `refund`…
    pub kind: String,
    /// The loan it belongs to.
    pub loan: Option<LoanId>,
    /// What exactly is posted, such as `payment:{id}`; posting the same reference again is refused
    /// with `Conflict("already_posted")`.
    pub reference: String,
    /// The business date it counts for.
    pub business_date: NaiveDate,
    /// At least one movement, each above zero.
    pub postings: Vec<Posting>,
}

/// What a walk over the journal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Entries walked.
    pub rows: u64,
    /// The hash of the last one; empty for an empty journal.
    pub last_hash: String,
    /// The sum of all debits.
    pub debit: Kopecks,
    /// The sum of all credits.
    pub credit: Kopecks,
    /// The first entry that is not what was written; `None` when the journal is whole.
    pub first_bad: Option<i64>,
}

/// Appends an entry when the use case ends. Numbers have no gaps.
///
/// Errors: `Internal` for an entry without money. The use case is refused with `Conflict("already_posted")` when the
/// reference is taken.
pub fn post(tx: &Tx, cab: &Cabinet, entry: JournalEntry) -> Result<()> {
    tx.enter(Entry {
        lines: lines(&entry.postings)?,
        loan: entry.loan.map(|loan| loan.to_string()).unwrap_or_default(),
        kind: entry.kind,
        reference: entry.reference,
        business_date: entry.business_date.to_string(),
        at: cab.now_ms(),
    });
    Ok(())
}

/// Two lines a posting: equal by construction.
fn lines(postings: &[Posting]) -> Result<Vec<Line>> {
    if postings.is_empty() || postings.iter().any(|posting| !posting.amount.is_positive()) {
        return Err(CabinetError::internal("an entry without money"));
    }
    let line = |account: lending::Account, side: &str, amount: Kopecks| Line {
        account: account.code().to_owned(),
        side: side.to_owned(),
        amount: amount.get(),
    };
    Ok(postings
        .iter()
        .flat_map(|p| {
            [
                line(p.debit, "debit", p.amount),
                line(p.credit, "credit", p.amount),
            ]
        })
        .collect())
}

/// Walks the whole journal: numbers, hashes, sides, and that it ends where its head says.
pub async fn verify(cab: &Cabinet) -> Result<Verified> {
    let conn = cab.db().read();
    let mut found = Verified {
        rows: 0,
        last_hash: String::new(),
        debit: Kopecks::ZERO,
        credit: Kopecks::ZERO,
        first_bad: None,
    };
    // The head is read first: entries added during the walk are beyond it and not judged.
    let head = sql::one(
        conn,
        "SELECT seq, hash FROM chain_head WHERE id = 1",
        vec![],
    )
    .await?;
    let (end, end_hash): (i64, String) = match head {
        Some(row) => (sql::get(&row, "seq")?, sql::get(&row, "hash")?),
        None => (0, String::new()),
    };
    let mut expected = 1;
    loop {
        let rows = sql::all(
            conn,
            "SELECT seq, kind, loan, reference, business_date, at, previous_hash, hash \
             FROM journal WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT $3",
            vec![expected.into(), end.into(), PAGE.into()],
        )
        .await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            break;
        };
        let range = (sql::get(first, "seq")?, sql::get(last, "seq")?);
        let mut lines = page_lines(conn, range).await?.into_iter().peekable();
        for row in &rows {
            let seq: i64 = sql::get(row, "seq")?;
            let mut own = Vec::new();
            while let Some((_, line)) = lines.next_if(|(owner, _)| *owner == seq) {
                own.push(line);
            }
            if !walk(&mut found, row, expected, &own)? {
                found.first_bad.get_or_insert(expected);
            }
            expected = seq + 1;
        }
    }
    if found.last_hash != end_hash || expected != end + 1 {
        found.first_bad.get_or_insert(expected);
    }
    Ok(found)
}

/// Adds one entry to the walk; answers whether it is what was written.
fn walk(found: &mut Verified, row: &QueryResult, expected: i64, lines: &[Line]) -> Result<bool> {
    let text = |column: &str| sql::get::<String>(row, column);
    let loan = sql::get::<Option<String>>(row, "loan")?.unwrap_or_default();
    let stored = text("hash")?;
    let seq: i64 = sql::get(row, "seq")?;
    let hash = Entry {
        kind: text("kind")?,
        loan,
        reference: text("reference")?,
        business_date: text("business_date")?,
        at: sql::get(row, "at")?,
        lines: lines.to_vec(),
    }
    .hash(&found.last_hash, seq);
    let side = |side: &str| -> i64 {
        lines
            .iter()
            .filter(|line| line.side == side)
            .map(|line| line.amount)
            .sum()
    };
    let (debit, credit) = (side("debit"), side("credit"));
    let whole = seq == expected
        && text("previous_hash")? == found.last_hash
        && hash == stored
        && debit == credit;
    found.rows += 1;
    found.debit += Kopecks::new(debit);
    found.credit += Kopecks::new(credit);
    // The walk goes on from the stored hash, so that one altered entry is named and not all after
    // it.
    found.last_hash = stored;
    Ok(whole)
}

async fn page_lines(conn: &impl ConnectionTrait, range: (i64, i64)) -> Result<Vec<(i64, Line)>> {
    let rows = sql::all(
        conn,
        "SELECT seq, account, side, amount FROM journal_line WHERE seq >= $1 AND seq <= $2 \
         ORDER BY seq, line",
        vec![range.0.into(), range.1.into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let line = Line {
                account: sql::get(row, "account")?,
                side: sql::get(row, "side")?,
                amount: sql::get(row, "amount")?,
            };
            Ok((sql::get(row, "seq")?, line))
        })
        .collect()
}

/// The balance of every account that ever moved: debits less credits, by the account's name.
pub async fn balances(cab: &Cabinet) -> Result<Vec<(String, Kopecks)>> {
    sums(cab, "", vec![]).await
}

/// The balances of one loan.
pub async fn balances_of(cab: &Cabinet, loan: LoanId) -> Result<Vec<(String, Kopecks)>> {
    let only = "WHERE seq IN (SELECT seq FROM journal WHERE loan = $1)";
    sums(cab, only, vec![loan.into()]).await
}

async fn sums(cab: &Cabinet, only: &str, values: Vec<Value>) -> Result<Vec<(String, Kopecks)>> {
    // Postgres sums BIGINT into NUMERIC; the cast brings it back and fails loudly if it can't.
    let statement = format!(
        "SELECT account, CAST(SUM(CASE WHEN side = 'debit' THEN amount ELSE -amount END) \
         AS BIGINT) AS balance FROM journal_line {only} GROUP BY account ORDER BY account"
    );
    let rows = sql::all(cab.db().read(), &statement, values).await?;
    rows.iter()
        .map(|row| {
            Ok((
                sql::get(row, "account")?,
                Kopecks::new(sql::get(row, "balance")?),
            ))
        })
        .collect()
}
