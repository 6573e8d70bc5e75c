//! A day's money, both sides of it: the acquirer's register, the bank's statement and the registers
//! of terminals against what was posted. The difference is 0.00, or every kopeck of it is named.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use lending::Kopecks;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Cabinet;
use crate::error::Result;
use crate::loan::OperationKind;
use crate::loan::entity::{loan, operation};
use crate::payment::{Book, differing, posted, register};
use crate::statement::{Source, lines_of_day};

/// One side of the world against us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// `acquirer`, `statement` or `register`.
    pub name: String,
    /// Taken minus given, as we posted it.
    pub ours: Kopecks,
    /// Taken minus given, as they say.
    pub theirs: Kopecks,
    /// Theirs minus ours.
    pub difference: Kopecks,
}

/// Money that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The side it is about.
    pub side: String,
    /// The reference, or the number of the bank's document.
    pub reference: String,
    /// The number of the bank's document, of a line that nobody has posted yet.
    pub document: Option<String>,
    /// The contract, when it is known.
    pub loan: Option<String>,
    /// What we posted.
    pub ours: Option<Kopecks>,
    /// What they say.
    pub theirs: Option<Kopecks>,
}

/// A day compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReport {
    /// The business date.
    pub on: NaiveDate,
    /// The acquirer, the statement, the register.
    pub sides: Vec<Side>,
    /// Theirs minus ours of all sides.
    pub difference: Kopecks,
    /// What differs, every piece of it.
    pub items: Vec<Item>,
}

impl DayReport {
    /// Whether both sides are the same, line by line and not only in sum.
    pub fn agrees(&self) -> bool {
        self.difference.is_zero() && self.items.is_empty()
    }
}

/// Compares a business date.
///
/// Errors: `Unavailable("acquirer")`.
pub async fn day(cab: &Cabinet, on: NaiveDate) -> Result<DayReport> {
    let (from, to) = (midnight(cab, on), midnight(cab, on + Days::new(1)));
    let mut report = DayReport {
        on,
        sides: Vec::new(),
        difference: Kopecks::ZERO,
        items: Vec::new(),
    };
    let (ours, theirs) = (posted(cab, from, to).await?, register(cab, from, to).await?);
    add(
        cab,
        &mut report,
        "acquirer",
        [&ours, &theirs],
        &BTreeMap::new(),
    )
    .await?;
    let lines = lines_of_day(cab, on).await?;
    for source in [Source::Statement, Source::Register] {
        let ours = of_source(cab, source, from, to).await?;
        let (mut theirs, mut documents) = (Book::new(), BTreeMap::new());
        for line in lines.iter().filter(|line| line.source == source) {
            // A line that waits has no reference yet: its own name stands for it.
            let name = line.reference.clone().unwrap_or_else(|| {
                let name = format!("{} ({}, {})", line.number, line.status, line.id);
                documents.insert(name.clone(), line.number.clone());
                name
            });
            // What a person has found not to be about loans, or to go back, is agreed upon.
            if !matches!(line.status.as_str(), "dismissed" | "returned") {
                theirs.insert(name, line.amount);
            }
        }
        add(
            cab,
            &mut report,
            source.code(),
            [&ours, &theirs],
            &documents,
        )
        .await?;
    }
    Ok(report)
}

async fn add(
    cab: &Cabinet,
    report: &mut DayReport,
    name: &str,
    [ours, theirs]: [&Book; 2],
    documents: &BTreeMap<String, String>,
) -> Result<()> {
    let total = |book: &Book| book.values().copied().sum::<Kopecks>();
    let (total_ours, total_theirs) = (total(ours), total(theirs));
    let difference = total_theirs - total_ours;
    report.difference += difference;
    report.sides.push(Side {
        name: name.to_owned(),
        ours: total_ours,
        theirs: total_theirs,
        difference,
    });
    for reference in differing(ours, theirs) {
        report.items.push(Item {
            side: name.to_owned(),
            loan: number_of(cab, &reference).await?,
            ours: ours.get(&reference).copied(),
            theirs: theirs.get(&reference).copied(),
            document: documents.get(&reference).cloned(),
            reference,
        });
    }
    Ok(())
}

/// What was posted from a statement or a register.
async fn of_source(
    cab: &Cabinet,
    source: Source,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Book> {
    let rows = operation::Entity::find()
        .filter(operation::Column::At.gte(from.timestamp_millis()))
        .filter(operation::Column::At.lt(to.timestamp_millis()))
        .filter(operation::Column::Kind.is_in([
            OperationKind::Payment,
            OperationKind::TopUp,
            OperationKind::Disbursement,
        ]))
        .filter(operation::Column::Reference.starts_with(format!("{}:", source.code())))
        .all(cab.db().read())
        .await?;
    let signed = |row: operation::Model| {
        let amount = Kopecks::new(row.amount);
        let given = row.kind == OperationKind::Disbursement;
        (
            row.reference,
            if given {
                Kopecks::ZERO - amount
            } else {
                amount
            },
        )
    };
    Ok(rows.into_iter().map(signed).collect())
}

async fn number_of(cab: &Cabinet, reference: &str) -> Result<Option<String>> {
    let db = cab.db().read();
    let row = operation::Entity::find()
        .filter(operation::Column::Reference.eq(reference))
        .one(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let loan = loan::Entity::find_by_id(row.loan).one(db).await?;
    Ok(loan.map(|loan| loan.number))
}

/// The first moment of a business date.
fn midnight(cab: &Cabinet, date: NaiveDate) -> DateTime<Utc> {
    let offset = TimeDelta::minutes(i64::from(cab.lender().clock_offset_minutes));
    date.and_time(NaiveTime::MIN).and_utc() - offset
}
