//! Writing down what the balance paid: operations with their journal entries.

use chrono::NaiveDate;
use lending::ledger::post_balance;
use lending::{Entry, Kopecks, Movement, Posting};
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;

use crate::Cabinet;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::LoanId;
use crate::ledger::{self, JournalEntry};
use crate::loan::OperationKind;
use crate::loan::entity::{loan, operation};
use crate::loan::history::{self, History};
use crate::loan::stored::{date, id, read};
use crate::payment;

/// Brings what is stored of a loan's debits to what its balance computes. News that came out of
/// order may have changed earlier ones: the journal keeps the old entry and gets its reversal.
pub(crate) async fn sync(tx: &Tx, cab: &Cabinet, history: &mut History) -> Result<()> {
    let (gone, computed) = history.unsaved();
    for row in gone {
        reverse(tx, cab, &row, "reversal")?;
        operation::Entity::delete_by_id(&row.id).exec(tx).await?;
    }
    for (old, mut row) in computed {
        if let Some(old) = old {
            reverse(tx, cab, &old, "reallocation")?;
            operation::Entity::delete_by_id(&old.id).exec(tx).await?;
        }
        row.id = cab.fresh_id().to_string();
        let on = date(&row.on_date)?;
        let active = operation::ActiveModel::from(row.clone()).reset_all();
        active.insert(tx).await?;
        journal(tx, cab, &row, "debit", on, postings(&row)?)?;
    }
    history.saved(tx).await
}

fn reverse(tx: &Tx, cab: &Cabinet, row: &operation::Model, kind: &str) -> Result<()> {
    let back = postings(row)?.into_iter().map(|posting| Posting {
        debit: posting.credit,
        credit: posting.debit,
        ..posting
    });
    journal(tx, cab, row, kind, date(&row.on_date)?, back.collect())
}

/// A debit as the journal has it; a moved date moves no money.
fn postings(row: &operation::Model) -> Result<Vec<Posting>> {
    if row.kind != OperationKind::Debit {
        return Ok(Vec::new());
    }
    let service = row.fee > 0;
    Ok(post_balance(&Entry {
        on: date(&row.on_date)?,
        movement: if service {
            Movement::Service { order: 0 }
        } else {
            Movement::Due
        },
        amount: Kopecks::new(row.amount),
        left: Kopecks::ZERO,
        parts: read(&row.parts)?,
    }))
}

fn journal(
    tx: &Tx,
    cab: &Cabinet,
    row: &operation::Model,
    kind: &str,
    business_date: NaiveDate,
    postings: Vec<Posting>,
) -> Result<()> {
    if postings.is_empty() {
        return Ok(());
    }
    let entry = JournalEntry {
        kind: kind.to_owned(),
        loan: Some(id(&row.loan)?),
        reference: format!("{kind}:{}", row.id),
        business_date,
        postings,
    };
    ledger::post(tx, cab, entry)
}

/// Writes down the debits of payment dates that have come. Answers how many loans had one. Run as
/// often as liked: pages compute the same debits without it.
pub async fn sweep(cab: &Cabinet) -> Result<usize> {
    let topped: Vec<String> = operation::Entity::find()
        .select_only()
        .column(operation::Column::Loan)
        .distinct()
        .filter(operation::Column::Kind.eq(OperationKind::TopUp))
        .into_tuple()
        .all(cab.db().read())
        .await?;
    let open = loan::Entity::find()
        .filter(loan::Column::ClosedOn.is_null())
        .filter(loan::Column::Id.is_in(topped))
        .all(cab.db().read())
        .await?;
    let mut found = 0;
    for row in open {
        let loan: LoanId = id(&row.id)?;
        let known = history::of(cab.db().read(), cab, row).await?;
        if known.unsaved().1.is_empty() {
            continue;
        }
        found += 1;
        let cabinet = cab.clone();
        cab.db()
            .write(move |tx| {
                Box::pin(async move {
                    let mut history = history::lock(tx, &cabinet, loan).await?;
                    debit_due(tx, &cabinet, &mut history).await
                })
            })
            .await?;
    }
    Ok(found)
}

async fn debit_due(tx: &Tx, cab: &Cabinet, history: &mut History) -> Result<()> {
    let (_, new) = history.unsaved();
    let Some((_, last)) = new.last() else {
        return Ok(());
    };
    let (on, reference) = (date(&last.on_date)?, last.reference.clone());
    let sum: Kopecks = new.iter().map(|(_, row)| Kopecks::new(row.amount)).sum();
    sync(tx, cab, history).await?;
    let today = cab.today().max(history.terms.schedule.start);
    let mut before = history.state(today)?;
    before.closed_on = history.row.closed_on.as_deref().map(date).transpose()?;
    let after = history.state(today)?;
    let occasion = format!("{reference}:{on}");
    payment::debited(tx, cab, history, sum, &occasion, &before, &after).await
}
