//! The draft of an application and its filing.

use std::collections::BTreeSet;

use lending::{Kopecks, QuoteError};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use super::entity::{application, application_event, contract};
use super::sign::expire_offers;
use super::{AppStatus, ApplicationView, Choice, Drafted, Refusal};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, FieldError, Result};
use crate::idempotency::{self, Claim};
use crate::ids::{ApplicationId, BorrowerId, LoanId};
use crate::lender::Asked;
use crate::loan::entity::loan;
use crate::loan::stored::{count, date, id, moment, ms, read};
use crate::payout::{self, CardStatus, CardView};
use crate::promotion::{self, Priced};
use crate::{Cabinet, access, document, outbox, person, profile};

/// Writes down what was chosen in the calculator: one draft per borrower, chosen anew as often as
/// liked.
///
/// Errors: fields `amount` and `term`; `NotFound` for a product this lender does not have.
pub async fn choose(cab: &Cabinet, borrower: BorrowerId, choice: Choice) -> Result<ApplicationId> {
    let priced = price(cab, borrower, &choice).await?;
    let now = ms(cab.now());
    let fresh = ApplicationId(cab.ports().ids.uuid());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if let Some(row) = draft_of(tx, borrower).await? {
                    let kept = id(&row.id)?;
                    let mut row: application::ActiveModel = row.into();
                    row.product = Set(choice.product);
                    row.amount = Set(choice.amount.get());
                    row.term = Set(i64::from(choice.term));
                    row.updated_at = Set(now);
                    row.update(tx).await?;
                    promotion::see(tx, kept, &priced).await?;
                    return Ok(kept);
                }
                application::ActiveModel {
                    id: Set(fresh.to_string()),
                    borrower: Set(borrower.to_string()),
                    product: Set(choice.product),
                    amount: Set(choice.amount.get()),
                    term: Set(i64::from(choice.term)),
                    status: Set(AppStatus::Draft),
                    is_open: Set(0),
                    pdn: Set(None),
                    rules: Set(None),
                    checks: Set(None),
                    available_from: Set(None),
                    resolution: Set(None),
                    created_at: Set(now),
                    updated_at: Set(now),
                }
                .insert(tx)
                .await?;
                promotion::see(tx, fresh, &priced).await?;
                Ok(fresh)
            })
        })
        .await
}

/// What stands in the draft, if there is one.
pub async fn choice(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<Choice>> {
    draft_of(cab.db().read(), borrower)
        .await?
        .as_ref()
        .map(choice_of)
        .transpose()
}

/// Files the draft. The same key again answers with the same application.
///
/// Errors: fields of an unfinished questionnaire; `Conflict("application_open")`,
/// `Conflict("loan_open")`, `Conflict("card_first")`, `Conflict("card_code")`; `NotFound` without a
/// draft.
pub async fn submit(cab: &Cabinet, borrower: BorrowerId, key: Uuid) -> Result<ApplicationId> {
    let draft = draft_of(cab.db().read(), borrower).await?;
    if let Some(row) = &draft {
        let choice = choice_of(row)?;
        // Typed answers must be whole before anything is written; the law names different sets by
        // amount.
        profile::complete(cab, borrower, choice.amount).await?;
        price(cab, borrower, &choice).await?;
        if email_to_confirm(cab, borrower).await? {
            return Err(CabinetError::Conflict("email_first"));
        }
        if !card_there(cab, borrower).await? {
            return Err(CabinetError::Conflict("card_first"));
        }
        if card_to_confirm(cab, borrower).await?.is_some() {
            return Err(CabinetError::Conflict("card_code"));
        }
    }
    // An offer that ran out must not stand in the way until the daily sweep.
    expire_offers(cab).await?;
    let cabinet = cab.clone();
    let filed = cab
        .db()
        .write(move |tx| Box::pin(async move { file(tx, &cabinet, borrower, key).await }))
        .await;
    if let (Err(CabinetError::Conflict("special_ended")), Some(row)) = (&filed, &draft) {
        // The borrower reads now what has changed, and may file on these terms.
        look_again(cab, borrower, row).await?;
    }
    let filed = filed?;
    // The paper is made of what is answered now. Left out here, it is made when it is first looked at.
    if let Err(error) = document::keep_application(cab, borrower, filed).await {
        tracing::warn!(%error, "an application's paper was not kept");
    }
    Ok(filed)
}

/// The draft with the terms of now.
async fn look_again(cab: &Cabinet, borrower: BorrowerId, draft: &application::Model) -> Result<()> {
    let priced = price(cab, borrower, &choice_of(draft)?).await?;
    let draft = id(&draft.id)?;
    cab.db()
        .write(move |tx| Box::pin(async move { promotion::see(tx, draft, &priced).await }))
        .await
}

/// A draft as its borrower gets it today: the product with what is open to them, the price, and the names of offers that
/// the draft was shown with and that are over. None without a draft.
pub async fn drafted(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<Drafted>> {
    let db = cab.db().read();
    let Some(row) = draft_of(db, borrower).await? else {
        return Ok(None);
    };
    let choice = choice_of(&row)?;
    let priced = promotion::priced(db, cab, borrower, &choice, &BTreeSet::new()).await?;
    let gone = promotion::gone(db, id(&row.id)?, &priced).await?;
    Ok(Some(Drafted {
        product: priced.product,
        quote: priced.quote.ok(),
        gone,
    }))
}

/// Whether this lender waits for the click that confirms the e-mail address before an application is sent.
pub async fn email_to_confirm(cab: &Cabinet, borrower: BorrowerId) -> Result<bool> {
    if cab.lender().questionnaire.email != Asked::RequiredVerified {
        return Ok(false);
    }
    let confirmed = access::confirmed_email(cab.db().read(), cab, borrower).await?;
    Ok(confirmed.is_none())
}

/// Whether the card that this lender wants before an application is linked; true where none is wanted.
pub async fn card_there(cab: &Cabinet, borrower: BorrowerId) -> Result<bool> {
    if !cab.lender().onboarding.card_first {
        return Ok(true);
    }
    let cards = payout::cards(cab, borrower).await?;
    Ok(cards.iter().any(|card| card.status == CardStatus::Active))
}

/// The linked card that a repeat loan waits for: where a card is linked before the application, the
/// linked one is confirmed by a code for every application after the first loan.
pub async fn card_to_confirm(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<CardView>> {
    let db = cab.db().read();
    let Some(draft) = draft_of(db, borrower).await? else {
        return Ok(None);
    };
    if !cab.lender().onboarding.card_first || first_loan(db, borrower).await? {
        return Ok(None);
    }
    payout::unconfirmed(db, borrower, draft.created_at).await
}

async fn file(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, key: Uuid) -> Result<ApplicationId> {
    let scope = format!("application:{borrower}");
    if let Claim::Same(reference) = idempotency::claim(tx, cab, &scope, key, "submit").await? {
        return id(&reference);
    }
    // Two tabs may file at once: the second waits here, and then finds no draft but an open application.
    let draft = application::Entity::find()
        .filter(application::Column::Borrower.eq(borrower.to_string()))
        .filter(application::Column::Status.eq(AppStatus::Draft))
        .lock_exclusive()
        .one(tx)
        .await?;
    let open = application::Entity::find()
        .filter(application::Column::Borrower.eq(borrower.to_string()))
        .filter(application::Column::IsOpen.eq(1))
        .one(tx)
        .await?;
    if open.is_some() {
        return Err(CabinetError::Conflict("application_open"));
    }
    let draft = draft.ok_or(CabinetError::NotFound)?;
    let same = loan::Entity::find()
        .filter(loan::Column::Borrower.eq(borrower.to_string()))
        .filter(loan::Column::Product.eq(&draft.product))
        .filter(loan::Column::ClosedOn.is_null())
        .one(tx)
        .await?;
    if same.is_some() {
        return Err(CabinetError::Conflict("loan_open"));
    }
    let filed: ApplicationId = id(&draft.id)?;
    let choice = choice_of(&draft)?;
    promotion::reserve(tx, cab, borrower, filed, &choice).await?;
    let mut row: application::ActiveModel = draft.into();
    row.is_open = Set(1);
    row.update(tx).await?;
    come_to(tx, filed, AppStatus::Filed, ms(cab.now())).await?;
    claim(tx, cab, borrower).await?;
    outbox::push(tx, cab, "decide", &filed.to_string(), serde_json::json!({})).await?;
    idempotency::store(tx, &scope, key, &filed.to_string()).await?;
    Ok(filed)
}

/// The person is this cabinet's from here on: of answers saved before persons were claimed, too.
async fn claim(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
    let answers = profile::answers_in(cab, tx, borrower).await?;
    if !person::claim(tx, cab, borrower, &answers).await? {
        return Err(CabinetError::Conflict("person_exists"));
    }
    person::hold_firm(tx, cab, borrower).await
}

/// The borrower's last application, with everything that became of it.
pub async fn latest(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<ApplicationView>> {
    let db = cab.db().read();
    let Some(row) = application::Entity::find()
        .filter(application::Column::Borrower.eq(borrower.to_string()))
        .order_by_desc(application::Column::UpdatedAt)
        .order_by_desc(application::Column::Id)
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let events = events_of(db, &row.id).await?;
    let contract = contract::Entity::find()
        .filter(contract::Column::Application.eq(&row.id))
        .one(db)
        .await?;
    let loan = match &contract {
        Some(contract) => {
            loan::Entity::find()
                .filter(loan::Column::Contract.eq(&contract.id))
                .one(db)
                .await?
        }
        None => None,
    };
    let title = match &contract {
        Some(contract) => contract.product_title.clone(),
        None => cab
            .lender()
            .product(&row.product)
            .map_or_else(String::new, |p| p.title.ru.clone()),
    };
    let rules: Vec<lending::Rule> = row
        .rules
        .as_deref()
        .map(read)
        .transpose()?
        .unwrap_or_default();
    let refused = row.status == AppStatus::Refused;
    Ok(Some(ApplicationView {
        id: id(&row.id)?,
        product: row.product.clone(),
        product_title: title,
        amount: Kopecks::new(row.amount),
        term: count(row.term)?,
        status: row.status,
        events,
        refusal: rules.into_iter().filter(|_| refused).map(refusal).collect(),
        available_from: row.available_from.as_deref().map(date).transpose()?,
        pdn: row.pdn.as_deref().map(read).transpose()?,
        contract: contract.map(|row| id(&row.id)).transpose()?,
        loan: loan.map(|row| id(&row.id)).transpose()?,
    }))
}

pub(crate) fn refusal(rule: lending::Rule) -> Refusal {
    Refusal {
        code: rule.code().to_owned(),
        reference: rule.reference().to_owned(),
    }
}

/// Every status of an application with its moment.
pub(crate) async fn events_of(
    db: &impl ConnectionTrait,
    application: &str,
) -> Result<Vec<(AppStatus, chrono::DateTime<chrono::Utc>)>> {
    let rows = application_event::Entity::find()
        .filter(application_event::Column::Application.eq(application))
        .order_by_asc(application_event::Column::Seq)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.status, moment(row.at)))
        .collect())
}

/// The same of the application that a loan was asked for with.
pub(crate) async fn way_to(
    db: &impl ConnectionTrait,
    loan: LoanId,
) -> Result<Vec<(AppStatus, chrono::DateTime<chrono::Utc>)>> {
    let statement = "SELECT e.status, e.at FROM loan l JOIN contract c ON c.id = l.contract \
                     JOIN application_event e ON e.application = c.application WHERE l.id = $1 ORDER BY e.seq";
    let rows = sql::all(db, statement, vec![loan.into()]).await?;
    rows.iter()
        .map(|row| Ok((sql::get(row, "status")?, moment(sql::get(row, "at")?))))
        .collect()
}

/// Moves an application to a status and writes the event. Whoever may do so has been asked before.
pub(crate) async fn come_to(
    tx: &Tx,
    application: ApplicationId,
    status: AppStatus,
    now: i64,
) -> Result<()> {
    let known = application_event::Entity::find()
        .filter(application_event::Column::Application.eq(application.to_string()))
        .count(tx)
        .await?;
    application_event::ActiveModel {
        application: Set(application.to_string()),
        seq: Set(i64::try_from(known).unwrap_or(i64::MAX)),
        status: Set(status),
        at: Set(now),
    }
    .insert(tx)
    .await?;
    let over = matches!(
        status,
        AppStatus::Refused | AppStatus::Expired | AppStatus::Cancelled
    );
    let mut update = application::Entity::update_many()
        .col_expr(application::Column::Status, Expr::value(status.to_value()))
        .col_expr(application::Column::UpdatedAt, Expr::value(now));
    if over {
        update = update.col_expr(application::Column::IsOpen, Expr::value(0_i64));
        promotion::release(tx, application, now).await?;
    }
    update
        .filter(application::Column::Id.eq(application.to_string()))
        .exec(tx)
        .await?;
    Ok(())
}

async fn draft_of(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Option<application::Model>> {
    Ok(application::Entity::find()
        .filter(application::Column::Borrower.eq(borrower.to_string()))
        .filter(application::Column::Status.eq(AppStatus::Draft))
        .one(db)
        .await?)
}

fn choice_of(row: &application::Model) -> Result<Choice> {
    Ok(Choice {
        product: row.product.clone(),
        amount: Kopecks::new(row.amount),
        term: count(row.term)?,
    })
}

/// Whether the borrower never had a loan here.
pub(crate) async fn first_loan(db: &impl ConnectionTrait, borrower: BorrowerId) -> Result<bool> {
    let had = loan::Entity::find()
        .filter(loan::Column::Borrower.eq(borrower.to_string()))
        .one(db)
        .await?;
    Ok(had.is_none())
}

/// The price of a choice for this borrower today.
async fn price(cab: &Cabinet, borrower: BorrowerId, choice: &Choice) -> Result<Priced> {
    let db = cab.db().read();
    let priced = promotion::priced(db, cab, borrower, choice, &BTreeSet::new()).await?;
    match priced.quote {
        Ok(_) => Ok(priced),
        Err(error) => Err(quote_refusal(error)),
    }
}

/// A quote's refusal as field errors where the borrower can do something about it.
pub(crate) fn quote_refusal(error: QuoteError) -> CabinetError {
    match error {
        QuoteError::Amount { min, max, step } => CabinetError::Fields(vec![
            FieldError::new("amount", "amount_range")
                .with("min", min)
                .with("max", max)
                .with("step", step),
        ]),
        QuoteError::Term { min, max } => CabinetError::Fields(vec![
            FieldError::new("term", "term_range")
                .with("min", min)
                .with("max", max),
        ]),
        QuoteError::RateAboveLimit { .. } => CabinetError::Conflict("rate_above_limit"),
        QuoteError::PskAboveLimit { .. } => CabinetError::Conflict("psk_above_limit"),
        other => CabinetError::internal(format!("quote: {other}")),
    }
}
