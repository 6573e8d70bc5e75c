//! One thing said once by each channel: a row under a unique key and, in the same transaction, the
//! message in the outbox.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use lending::Kopecks;
use locales::Words;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::entity::notice;
use super::kinds::{Channel, Class, Event, event_of};
use super::{choice, contact, push, text};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId};
use crate::loan::stored::{moment, ms};
use crate::{Cabinet, access, outbox, profile};

/// A word to a borrower.
pub(crate) struct Notice {
    pub borrower: BorrowerId,
    /// The id of the loan, contract or application it is about.
    pub object: String,
    /// One of [`super::KINDS`]; the text is `cabinet-notice-{kind}`, underscores as hyphens.
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

/// Says it by every channel that its borrower has chosen, unless it has been said there. Answers
/// nothing: who calls does not care which.
pub(crate) async fn tell(tx: &Tx, cab: &Cabinet, notice: Notice) -> Result<()> {
    let lasts = lasts(event_of(notice.kind).class());
    tell_until(tx, cab, notice, cab.now() + lasts).await
}

/// How long a text that names no day of its own is still worth sending. An overdue notice is owed
/// within seven days of the delay's start (353-ФЗ art. 10 p. 4).
fn lasts(class: Class) -> Duration {
    match class {
        Class::Answer => Duration::days(3),
        Class::Reminder => Duration::days(1),
        Class::Overdue => Duration::days(7),
    }
}

/// The same; after the moment it is of no use to anybody.
pub(crate) async fn tell_until(
    tx: &Tx,
    cab: &Cabinet,
    notice: Notice,
    not_after: DateTime<Utc>,
) -> Result<()> {
    let event = event_of(notice.kind);
    let said = said(tx, &notice).await?;
    let choices = choice::of(tx, notice.borrower).await?;
    let may_ring = may_ring(tx, event, notice.borrower).await?;
    let mut channels = Vec::new();
    for channel in Channel::ALL {
        let fresh = !said.iter().any(|code| code == channel.code());
        let allowed = channel == Channel::InApp || may_ring;
        let wanted = fresh && allowed && choices.wants(event, channel);
        if wanted && reaches(tx, cab, notice.borrower, channel).await? {
            channels.push(channel);
        }
    }
    if channels.is_empty() {
        return Ok(());
    }
    let lang = access::contact(cab, tx, notice.borrower).await?.lang;
    let text = text::of(cab, lang, &notice);
    for channel in channels {
        let id = write(tx, cab, &notice, channel.code()).await?;
        if channel == Channel::InApp {
            keep(tx, cab, &id, &text).await?;
            continue;
        }
        contact::ask(tx, cab, &id, notice.borrower, not_after).await?;
        let message = contact::Message {
            text: text.clone(),
            subject: text::subject(cab, lang, event),
        };
        let payload = serde_json::to_value(message).map_err(CabinetError::internal)?;
        outbox::push(tx, cab, "notice", &id, payload).await?;
    }
    Ok(())
}

/// Whether an event may be sent to somebody at all: advertising needs the consent to it.
pub(super) async fn may_ring(
    conn: &impl ConnectionTrait,
    event: Event,
    borrower: BorrowerId,
) -> Result<bool> {
    Ok(!event.advertising() || profile::advertising(conn, borrower).await?)
}

/// Whether there is anybody at the other end.
async fn reaches(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, channel: Channel) -> Result<bool> {
    match channel {
        Channel::Sms | Channel::InApp => Ok(true),
        Channel::Mail => Ok(access::confirmed_email(tx, cab, borrower).await?.is_some()),
        Channel::Push => push::any(tx, borrower).await,
    }
}

async fn keep(tx: &Tx, cab: &Cabinet, id: &str, text: &str) -> Result<()> {
    let sealed = cab.keys().encrypt("notice", "body", id, text)?;
    let statement = "UPDATE notice SET body = $1 WHERE id = $2";
    sql::execute(tx, statement, vec![sealed.into(), id.into()])
        .await
        .map(drop)
}

/// Reports to the credit bureau, unless it has been reported.
pub(crate) async fn report(tx: &Tx, cab: &Cabinet, report: Report) -> Result<()> {
    let notice = Notice {
        borrower: report.borrower,
        object: report.loan.to_string(),
        kind: report.kind,
        occasion: report.occasion,
        args: Vec::new(),
    };
    if said(tx, &notice).await?.iter().any(|code| code == "bureau") {
        return Ok(());
    }
    let id = write(tx, cab, &notice, "bureau").await?;
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
    let statement =
        "SELECT kind, at FROM notice WHERE object = $1 AND channel = 'bureau' ORDER BY at, id";
    let rows = sql::all(db, statement, vec![loan.into()]).await?;
    let mut reported = Vec::with_capacity(rows.len());
    for row in &rows {
        let (kind, at): (String, i64) = (sql::get(row, "kind")?, sql::get(row, "at")?);
        reported.push((kind, moment(at)));
    }
    // A payment and the end it brings are reported in one moment, and ids are not in order within it.
    reported.sort_by_key(|(kind, at)| (*at, kind == "closed"));
    Ok(reported)
}

/// By which channels it has been said. Looking first keeps the transaction clean on Postgres, where
/// a failed insert would end it; the unique key stands behind for two sweeps at once.
async fn said(tx: &Tx, notice: &Notice) -> Result<Vec<String>> {
    let rows = notice::Entity::find()
        .filter(notice::Column::Object.eq(&notice.object))
        .filter(notice::Column::Kind.eq(notice.kind))
        .filter(notice::Column::Occasion.eq(&notice.occasion))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| row.channel).collect())
}

/// Writes it down for one channel; answers the row's id.
async fn write(tx: &Tx, cab: &Cabinet, notice: &Notice, channel: &str) -> Result<String> {
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
    Ok(id)
}
