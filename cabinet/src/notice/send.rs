//! One thing said once: a row under a unique key and, in the same transaction, the message in the
//! outbox.

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use locales::{Arg, Words};
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, QueryOrder, Set};

use super::entity::notice;
use super::push;
use crate::error::Result;
use crate::ids::{BorrowerId, LoanId};
use crate::loan::stored::{moment, ms};
use crate::{Cabinet, access, outbox};

/// A word to a borrower by SMS.
pub(crate) struct Notice {
    pub borrower: BorrowerId,
    /// The id of the loan, contract or application it is about.
    pub object: String,
    /// The text is `cabinet-notice-{kind}`, underscores as hyphens.
    pub kind: &'static str,
    /// A due date or an operation: with the object and the kind it makes the notice unique.
    pub occasion: String,
    /// Values of the text.
    pub args: Vec<(&'static str, String)>,
}

/// A fact for the credit bureau.
pub(crate) struct Report {
    pub borrower: BorrowerId,
    pub loan: LoanId,
    pub kind: &'static str,
    pub occasion: String,
    pub on: NaiveDate,
    pub amount: Kopecks,
    pub debt: Kopecks,
}

/// The borrower's words.
pub(crate) async fn words_of(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Words> {
    Ok(Words::new(access::contact(cab, db, borrower).await?.lang))
}

/// Says it by SMS, unless it has been said. Answers nothing: who calls does not care which.
pub(crate) async fn tell(tx: &DatabaseTransaction, cab: &Cabinet, notice: Notice) -> Result<()> {
    let Some(id) = once(tx, cab, &notice, "sms").await? else {
        return Ok(());
    };
    let contact = access::contact(cab, tx, notice.borrower).await?;
    let mut args: Vec<(&str, Arg<'_>)> = notice
        .args
        .iter()
        .map(|(name, value)| (*name, value.into()))
        .collect();
    args.push(("lender", (&cab.lender().name).into()));
    let key = format!("cabinet-notice-{}", notice.kind.replace('_', "-"));
    let text = Words::new(contact.lang).args(&key, &args);
    push::queue(tx, cab, notice.borrower, &id, &text).await?;
    outbox::sms(tx, cab, &id, &contact.phone, &text, None).await
}

/// Reports to the credit bureau, unless it has been reported.
pub(crate) async fn report(tx: &DatabaseTransaction, cab: &Cabinet, report: Report) -> Result<()> {
    let notice = Notice {
        borrower: report.borrower,
        object: report.loan.to_string(),
        kind: report.kind,
        occasion: report.occasion,
        args: Vec::new(),
    };
    let Some(id) = once(tx, cab, &notice, "bureau").await? else {
        return Ok(());
    };
    let payload = serde_json::json!({
        "kind": report.kind,
        "borrower": report.borrower.to_string(),
        "loan": report.loan.to_string(),
        "on": report.on.to_string(),
        "amount": report.amount.get(),
        "debt": report.debt.get(),
    });
    outbox::push(tx, cab, "bureau_event", &id, payload).await
}

/// What was reported about a loan, oldest first.
pub(crate) async fn reported(
    db: &impl ConnectionTrait,
    loan: &str,
) -> Result<Vec<(String, DateTime<Utc>)>> {
    let mut rows = notice::Entity::find()
        .filter(notice::Column::Object.eq(loan))
        .filter(notice::Column::Channel.eq("bureau"))
        .order_by_asc(notice::Column::At)
        .order_by_asc(notice::Column::Id)
        .all(db)
        .await?;
    // A payment and the end it brings are reported in one moment, and ids are not in order within it.
    rows.sort_by_key(|row| (row.at, row.kind == "closed"));
    Ok(rows
        .into_iter()
        .map(|row| (row.kind, moment(row.at)))
        .collect())
}

/// Writes the notice down; none when it is there already. Looking first keeps the transaction clean
/// on Postgres, where a failed insert would end it; the unique key stands behind for two sweeps at
/// once.
async fn once(
    tx: &DatabaseTransaction,
    cab: &Cabinet,
    notice: &Notice,
    channel: &str,
) -> Result<Option<String>> {
    let said = notice::Entity::find()
        .filter(notice::Column::Object.eq(&notice.object))
        .filter(notice::Column::Kind.eq(notice.kind))
        .filter(notice::Column::Occasion.eq(&notice.occasion))
        .filter(notice::Column::Channel.eq(channel))
        .one(tx)
        .await?;
    if said.is_some() {
        return Ok(None);
    }
    let id = cab.fresh_id().to_string();
    notice::ActiveModel {
        id: Set(id.clone()),
        borrower: Set(notice.borrower.to_string()),
        object: Set(notice.object.clone()),
        kind: Set(notice.kind.to_owned()),
        occasion: Set(notice.occasion.clone()),
        channel: Set(channel.to_owned()),
        at: Set(ms(cab.now())),
    }
    .insert(tx)
    .await?;
    Ok(Some(id))
}
