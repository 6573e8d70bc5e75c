//! The price of more time, and the agreement to be signed.

use chrono::NaiveDate;
use lending::{Event, ProlongationQuote, ProlongationRefusal, ProlongationRules, Status};
use locales::Lang;
use sea_orm::entity::prelude::*;
use sea_orm::{QuerySelect, Set};

use super::entity::prolongation;
use super::text::agreement;
use super::{ProlongationStatus, ProlongationView};
use crate::access::codes;
use crate::access::{Origin, Purpose};
use crate::db::sql;
use crate::document::text_hash;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, CodeId, LoanId, ProlongationId};
use crate::loan::Availability;
use crate::loan::history::{self, History};
use crate::loan::stored::{count, date, id, json, ms, read};
use crate::{Cabinet, access};

/// What prolonging today by so many days would cost and change.
///
/// Errors: field `days` (`days_range`); `Conflict` with the reason's code; `NotFound`.
pub async fn preview(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    days: u32,
) -> Result<ProlongationQuote> {
    let db = cab.db().read();
    let history = history::load(db, cab, borrower, loan).await?;
    quote(db, cab, &history, borrower, days).await
}

pub(super) async fn quote(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    history: &History,
    borrower: BorrowerId,
    days: u32,
) -> Result<ProlongationQuote> {
    let rules = rules_of(cab, history).ok_or(CabinetError::Conflict("no_prolongation"))?;
    let past = past_year(db, borrower).await?;
    let events = history.events()?;
    lending::quote_prolongation(&rules, &history.terms, &events, &past, cab.today(), days)
        .map_err(refusal)
}

/// The rules of the loan's product, if it can be prolonged at all.
pub(crate) fn rules_of(cab: &Cabinet, history: &History) -> Option<ProlongationRules> {
    cab.lender()
        .product(&history.row.product)?
        .prolongation
        .clone()
}

pub(crate) fn refusal(refusal: ProlongationRefusal) -> CabinetError {
    match refusal {
        ProlongationRefusal::Days { min, max } => CabinetError::Fields(vec![
            FieldError::new("days", "days_range")
                .with("min", min)
                .with("max", max),
        ]),
        ProlongationRefusal::Window { .. } => CabinetError::Conflict("prolongation_window"),
        ProlongationRefusal::Count { .. } => CabinetError::Conflict("prolongation_count"),
        ProlongationRefusal::Kind => CabinetError::Conflict("prolongation_kind"),
        ProlongationRefusal::Closed => CabinetError::Conflict("prolongation_closed"),
        ProlongationRefusal::InitialTerm { .. } => CabinetError::Conflict("prolongation_term"),
        ProlongationRefusal::InterestUnpaid { .. } => CabinetError::Conflict("prolongation_stale"),
        ProlongationRefusal::Loan => CabinetError::internal("prolongation: loan can't be computed"),
    }
}

/// All prolongations of a borrower that took effect, with their days.
pub(crate) async fn past_year(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Vec<(NaiveDate, u32)>> {
    let rest = "WHERE borrower = $1 AND status = $2";
    let values = vec![borrower.into(), ProlongationStatus::Effective.into()];
    let rows = sql::models::<prolongation::Entity>(db, rest, values).await?;
    let mut past = Vec::with_capacity(rows.len());
    for row in rows {
        let on = row.effective_on.as_deref().unwrap_or(&row.on_date);
        past.push((date(on)?, count(row.days)?));
    }
    past.sort_unstable();
    Ok(past)
}

/// Whether a loan can be prolonged on a date; none when its product has no prolongation.
pub(crate) fn availability(
    rules: Option<&ProlongationRules>,
    history: &History,
    events: &[Event],
    past: &[(NaiveDate, u32)],
    on: NaiveDate,
) -> Option<Availability> {
    let rules = rules?;
    let asked = |days| lending::quote_prolongation(rules, &history.terms, events, past, on, days);
    // Late in a grace window the shortest may not reach beyond today, while the longest still does.
    let quote = asked(rules.min_days).or_else(|first| asked(rules.max_days).map_err(|_| first));
    let (can, reason, left) = match quote {
        Ok(quote) => (true, None, quote.left_this_year.saturating_add(1)),
        Err(reason) => (false, Some(reason), 0),
    };
    let due = history.state(on).ok().map(|state| state.due);
    Some(Availability {
        can,
        reason,
        min_days: rules.min_days,
        max_days: rules.max_days,
        left,
        until: due.and_then(|due| rules.window.days(due).1),
    })
}

/// Freezes the agreement's text and sends a code bound to its hash.
///
/// Errors: as [`preview`].
pub async fn prepare(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    days: u32,
    _origin: &Origin,
    lang: Lang,
) -> Result<ProlongationId> {
    let db = cab.db().read();
    let history = history::load(db, cab, borrower, loan).await?;
    if history.state(cab.today())?.status == Status::Closed {
        return Err(CabinetError::Conflict("prolongation_closed"));
    }
    let quote = quote(db, cab, &history, borrower, days).await?;
    let text = agreement(cab, &history, &quote).await?;
    let hash = text_hash(&text);
    let fresh = ProlongationId(cab.fresh_id());
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let object = fresh.to_string();
                let sent = codes::issue(
                    tx,
                    &cabinet,
                    borrower,
                    Purpose::Prolongation,
                    &object,
                    &hash,
                    lang,
                )
                .await?;
                let stored = cabinet
                    .keys()
                    .encrypt("prolongation", "text", &object, &text)?;
                prolongation::ActiveModel {
                    id: Set(object),
                    loan: Set(loan.to_string()),
                    borrower: Set(borrower.to_string()),
                    days: Set(i64::from(days)),
                    on_date: Set(quote.on.to_string()),
                    quote: Set(json(&quote)?),
                    text: Set(stored),
                    text_hash: Set(hash),
                    code: Set(sent.code.to_string()),
                    status: Set(ProlongationStatus::Prepared),
                    payment: Set(None),
                    prepared_at: Set(ms(cabinet.now())),
                    signed_at: Set(None),
                    effective_on: Set(None),
                }
                .insert(tx)
                .await?;
                Ok(fresh)
            })
        })
        .await
}

/// A borrower's own prolongation; one prepared on another day and not signed is expired.
pub async fn view(
    cab: &Cabinet,
    borrower: BorrowerId,
    prolongation: ProlongationId,
) -> Result<ProlongationView> {
    let row = own(cab.db().read(), borrower, prolongation).await?;
    let code: CodeId = id(&row.code)?;
    let late = row.status == ProlongationStatus::Prepared && date(&row.on_date)? != cab.today();
    Ok(ProlongationView {
        id: prolongation,
        loan: id(&row.loan)?,
        quote: read(&row.quote)?,
        text: cab
            .keys()
            .decrypt("prolongation", "text", &row.id, &row.text)?,
        hash: row.text_hash.clone(),
        code: access::code_state(cab, code).await?,
        status: if late {
            ProlongationStatus::Expired
        } else {
            row.status
        },
        payment: row.payment.as_deref().map(id).transpose()?,
    })
}

/// Sends the code again for the same text.
pub async fn resend_code(
    cab: &Cabinet,
    borrower: BorrowerId,
    prolongation: ProlongationId,
    origin: &Origin,
    lang: Lang,
) -> Result<()> {
    let row = own(cab.db().read(), borrower, prolongation).await?;
    if row.status != ProlongationStatus::Prepared || date(&row.on_date)? != cab.today() {
        return Err(CabinetError::Conflict("prolongation_stale"));
    }
    let sent = access::resend(cab, id(&row.code)?, origin, lang).await?;
    let now = ms(cab.now());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, prolongation).await?;
                let mut update: prolongation::ActiveModel = row.into();
                update.code = Set(sent.code.to_string());
                update.prepared_at = Set(now);
                update.update(tx).await?;
                Ok(())
            })
        })
        .await
}

pub(crate) async fn own(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    prolongation: ProlongationId,
) -> Result<prolongation::Model> {
    prolongation::Entity::find_by_id(prolongation.to_string())
        .filter(prolongation::Column::Borrower.eq(borrower.to_string()))
        .one(db)
        .await?
        .ok_or(CabinetError::NotFound)
}

/// How many days an agreement adds.
pub(crate) async fn days_of(db: &impl ConnectionTrait, prolongation: &str) -> Result<Option<u32>> {
    let row = prolongation::Entity::find_by_id(prolongation)
        .one(db)
        .await?;
    row.map(|row| count(row.days)).transpose()
}

pub(crate) async fn locked(
    tx: &crate::db::Tx,
    prolongation: ProlongationId,
) -> Result<prolongation::Model> {
    prolongation::Entity::find_by_id(prolongation.to_string())
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(CabinetError::NotFound)
}

/// The price and the dates that are agreed.
pub(super) fn agreed(row: &prolongation::Model) -> Result<ProlongationQuote> {
    read(&row.quote)
}
