//! Posting the lines of a file, each once and each in its own transaction.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use lending::Kopecks;
use sea_orm::QueryResult;
use sea_orm::entity::prelude::*;

use super::decode::LARGEST;
use super::matching::{aggregate, numbers};
use super::{Entry, ImportReport, Parsed, Source, clientbank, decode, register, table};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::idempotency::input_hash;
use crate::ids::PayoutId;
use crate::loan::entity::loan;
use crate::loan::stored::{date, id, json, read};
use crate::payment::{Outside, receive};
use crate::payout;

/// What is done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Posted,
    Unmatched,
    Aggregate,
    /// Our own order to pay a borrower.
    Paid,
    Outgoing,
    Dismissed,
    /// The bank sends it back to who paid it.
    Returned,
}

impl Fate {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Unmatched => "unmatched",
            Self::Aggregate => "aggregate",
            Self::Paid => "paid",
            Self::Outgoing => "outgoing",
            Self::Dismissed => "dismissed",
            Self::Returned => "returned",
        }
    }
}

/// What the transaction of one line ended with; `None` when the line was there already.
type Done = Option<Fate>;

/// Imports a file: every line that names one loan is posted to it on the date the bank states.
///
/// Errors: a fault of ours only; whatever is wrong with the file stands in the report.
pub async fn import(cab: &Cabinet, source: Source, bytes: &[u8]) -> Result<ImportReport> {
    let mut parsed = parse(cab, source, bytes);
    let today = cab.today();
    let mut report = ImportReport::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for entry in std::mem::take(&mut parsed.entries) {
        if entry.on > today {
            let problem = format!("the date {} has not come yet", entry.on);
            parsed.complain(
                entry.line,
                problem,
                "correct it by the bank's own statement",
            );
            continue;
        }
        // Two lines that say the same in one file are two payments.
        let same = fingerprint(source, &entry, 0);
        let nth = seen.entry(same).and_modify(|nth| *nth += 1).or_insert(0);
        let key = fingerprint(source, &entry, *nth);
        let (line, amount) = (entry.line, entry.amount);
        match place(cab, source, entry, key).await {
            Ok(None) => report.known += 1,
            Ok(Some(Fate::Posted)) => {
                report.posted += 1;
                report.posted_sum += amount;
            }
            Ok(Some(Fate::Aggregate)) => report.aggregates += 1,
            Ok(Some(Fate::Paid)) => report.paid += 1,
            Ok(Some(Fate::Outgoing)) => report.outgoing += 1,
            Ok(Some(Fate::Unmatched | Fate::Dismissed | Fate::Returned)) => {
                report.unmatched.push(line);
            }
            Err(error) => {
                tracing::error!(line, %error, "a line was not posted");
                let remedy = "import the file again: what is posted is not posted twice";
                parsed.complain(line, "it could not be posted now", remedy);
            }
        }
    }
    report.bad = parsed.bad;
    report.bad.sort_by_key(|bad| bad.line);
    Ok(report)
}

fn parse(cab: &Cabinet, source: Source, bytes: &[u8]) -> Parsed {
    if bytes.len() > LARGEST {
        return Parsed::refuse("the file is larger than 32 MB", "export it day by day");
    }
    let text = decode::text(bytes);
    match source {
        Source::Register => register::read(&text),
        Source::Statement
            if text
                .trim_start_matches('\u{feff}')
                .trim_start()
                .starts_with(clientbank::HEAD) =>
        {
            clientbank::read(&text, &cab.lender().requisites.account)
        }
        Source::Statement => table::read(&text),
    }
}

/// A line is what it says, whichever file it stands in.
fn fingerprint(source: Source, entry: &Entry, nth: usize) -> String {
    input_hash(&[
        source.code(),
        &entry.on.to_string(),
        &entry.amount.plain(),
        if entry.incoming { "in" } else { "out" },
        &entry.number,
        &entry.payer_account,
        &entry.purpose,
        &nth.to_string(),
    ])
}

async fn place(cab: &Cabinet, source: Source, entry: Entry, key: String) -> Result<Done> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let loan = target(tx, &entry).await?;
                let paid = paid(tx, &entry).await?;
                let fate = match &loan {
                    _ if paid.is_some() => Fate::Paid,
                    _ if !entry.incoming => Fate::Outgoing,
                    Some(_) => Fate::Posted,
                    None if numbers(&entry.purpose).is_empty()
                        && aggregate(&entry.purpose, &entry.payer_inn) =>
                    {
                        Fate::Aggregate
                    }
                    None => Fate::Unmatched,
                };
                if !insert(tx, &cabinet, source, &entry, &key, fate).await? {
                    return Ok(None);
                }
                if let Some(payout) = paid {
                    let (at, name) = (noon(&cabinet, entry.on), reference(source, &key));
                    payout::left(tx, &cabinet, payout, &name, at).await?;
                    settle(tx, &key, &name, Fate::Paid, None).await?;
                }
                if let (Fate::Posted, Some(loan)) = (fate, loan) {
                    post(tx, &cabinet, source, &entry, &key, &loan).await?;
                }
                Ok(Some(fate))
            })
        })
        .await
}

/// The payout that an outgoing line is of.
async fn paid(tx: &Tx, entry: &Entry) -> Result<Option<PayoutId>> {
    if entry.incoming {
        return Ok(None);
    }
    payout::awaited(tx, numbers(&entry.purpose), entry.amount).await
}

/// The one loan a line names, if the money can be its: not of a time before it was given.
async fn target(tx: &Tx, entry: &Entry) -> Result<Option<loan::Model>> {
    let named = numbers(&entry.purpose);
    if !entry.incoming || named.is_empty() {
        return Ok(None);
    }
    let mut found = loan::Entity::find()
        .filter(loan::Column::Number.is_in(named))
        .all(tx)
        .await?;
    let Some(loan) = found.pop().filter(|_| found.is_empty()) else {
        return Ok(None);
    };
    Ok((entry.on >= date(&loan.opened_on)?).then_some(loan))
}

async fn insert(
    tx: &Tx,
    cab: &Cabinet,
    source: Source,
    entry: &Entry,
    key: &str,
    fate: Fate,
) -> Result<bool> {
    let row = cab.fresh_id().to_string();
    let sealed = cab
        .keys()
        .encrypt("bank_line", "details", &row, &json(entry)?)?;
    let added = sql::execute(
        tx,
        "INSERT INTO bank_line (id, fingerprint, source, on_date, amount, incoming, status, \
         details, imported_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (fingerprint) DO NOTHING",
        vec![
            row.into(),
            key.into(),
            source.code().into(),
            entry.on.to_string().into(),
            entry.amount.get().into(),
            i64::from(entry.incoming).into(),
            fate.code().into(),
            sealed.into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    Ok(added == 1)
}

pub(super) async fn post(
    tx: &Tx,
    cab: &Cabinet,
    source: Source,
    entry: &Entry,
    key: &str,
    loan: &loan::Model,
) -> Result<()> {
    let reference = reference(source, key);
    let outside = Outside {
        loan: id(&loan.id)?,
        on: entry.on,
        at: noon(cab, entry.on),
        amount: entry.amount,
        reference: reference.clone(),
        title: String::new(),
    };
    receive(tx, cab, outside).await?;
    settle(tx, key, &reference, Fate::Posted, Some(loan.id.clone())).await
}

/// The reference of a line's operation.
fn reference(source: Source, key: &str) -> String {
    format!("{}:{key}", source.code())
}

/// The bank states a date only: its noon by the business clock stands for it.
fn noon(cab: &Cabinet, on: NaiveDate) -> DateTime<Utc> {
    let noon = on.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(12);
    noon - TimeDelta::minutes(i64::from(cab.lender().clock_offset_minutes))
}

async fn settle(
    tx: &Tx,
    key: &str,
    reference: &str,
    fate: Fate,
    loan: Option<String>,
) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE bank_line SET loan = $1, reference = $2, status = $3 WHERE fingerprint = $4",
        vec![
            loan.into(),
            reference.into(),
            fate.code().into(),
            key.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(super) fn source_of(row: &QueryResult) -> Result<Source> {
    let code: String = sql::get(row, "source")?;
    Ok(if code == Source::Register.code() {
        Source::Register
    } else {
        Source::Statement
    })
}

pub(super) fn entry_of(cab: &Cabinet, row: &QueryResult) -> Result<Entry> {
    let key: String = sql::get(row, "id")?;
    let sealed: String = sql::get(row, "details")?;
    read(&cab.keys().decrypt("bank_line", "details", &key, &sealed)?)
}

/// A line of a day, for the reconciliation.
pub(crate) struct DayLine {
    pub id: String,
    pub source: Source,
    pub status: String,
    pub reference: Option<String>,
    pub amount: Kopecks,
    pub number: String,
}

/// Lines of a day that are about loans, of both sources: money in above zero, money out below. Transfers of whole
/// registers are left out.
pub(crate) async fn lines_of_day(cab: &Cabinet, on: NaiveDate) -> Result<Vec<DayLine>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT id, source, details, status, reference, incoming, amount FROM bank_line \
         WHERE on_date = $1 AND (incoming = 1 OR status = 'paid') AND status <> 'aggregate' \
         ORDER BY id",
        vec![on.to_string().into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let amount = Kopecks::new(sql::get(row, "amount")?);
            Ok(DayLine {
                id: sql::get(row, "id")?,
                source: source_of(row)?,
                status: sql::get(row, "status")?,
                reference: sql::get(row, "reference")?,
                amount: if sql::get::<i64>(row, "incoming")? == 1 {
                    amount
                } else {
                    Kopecks::ZERO - amount
                },
                number: entry_of(cab, row)?.number,
            })
        })
        .collect()
}
