//! Signing: the text is frozen, a code is sent for its hash, and the code signs exactly that text.

use chrono::{DateTime, Duration, Utc};
use lending::rules::CoolingOff;
use lending::{Kopecks, Product, Quote, Terms};
use locales::Lang;
use sea_orm::entity::prelude::*;
use sea_orm::{QuerySelect, Set};

use super::choose::come_to;
use super::draft_text::{ContractText, contract_text};
use super::entity::{contract, signature};
use super::offer::{current_status, own, quote_today};
use super::terms::{TermsInput, cap_notice, rows};
use super::{AppStatus, ContractStatus};
use crate::access::codes;
use crate::access::{Origin, Purpose};
use crate::db::Tx;
use crate::document::text_hash;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, CodeId, ContractId, InstrumentId, PayoutId};
use crate::loan::stored::{date, id, json, moment, ms, read};
use crate::payout::{CardStatus, CardView};
use crate::{Cabinet, access, payout, profile, promotion};

/// Freezes the text with the borrower's answers and sends a code bound to its hash.
///
/// Errors: fields `assignment` (`choose_one`) and `card` (`card_needed`, `card_not_active`);
/// `Conflict("offer_expired")`, `Conflict("offer_not_open")`.
pub async fn prepare(
    cab: &Cabinet,
    borrower: BorrowerId,
    contract: ContractId,
    assignment: Option<bool>,
    card: Option<InstrumentId>,
    _origin: &Origin,
    lang: Lang,
) -> Result<()> {
    let row = own(cab.db().read(), borrower, contract).await?;
    open(cab, &row)?;
    let (assignment, card) = answers(cab, borrower, assignment, card).await?;
    let product: Product = read(&row.product)?;
    let quote = quote_today(cab, &row, &product)?;
    let (text, name) =
        frozen_text(cab, borrower, &row, &product, &quote, assignment, &card).await?;
    let hash = text_hash(&text);
    if row.text_hash.as_ref() == Some(&hash) && code_lives(cab, &row).await? {
        // The same answers pressed again: the code already sent signs this very text.
        return Ok(());
    }
    let (cabinet, tool) = (cab.clone(), card.id);
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, contract).await?;
                open(&cabinet, &row)?;
                let sent = codes::issue(
                    tx,
                    &cabinet,
                    borrower,
                    Purpose::Contract,
                    &contract.to_string(),
                    &hash,
                    lang,
                )
                .await?;
                let stored = cabinet.keys().encrypt("contract", "text", &row.id, &text)?;
                let name = cabinet.keys().encrypt("contract", "name", &row.id, &name)?;
                let mut update: contract::ActiveModel = row.into();
                update.name = Set(Some(name));
                update.assignment = Set(Some(i64::from(assignment)));
                update.card = Set(Some(tool.to_string()));
                update.quote = Set(Some(json(&quote)?));
                update.text = Set(Some(stored));
                update.text_hash = Set(Some(hash));
                update.code = Set(Some(sent.code.to_string()));
                update.prepared_at = Set(Some(ms(cabinet.now())));
                update.update(tx).await?;
                Ok(())
            })
        })
        .await
}

async fn code_lives(cab: &Cabinet, row: &contract::Model) -> Result<bool> {
    let Some(code) = row.code.as_deref() else {
        return Ok(false);
    };
    Ok(access::code_state(cab, id(code)?).await?.tries_left > 0)
}

/// The borrower's two answers, each of which must be given.
async fn answers(
    cab: &Cabinet,
    borrower: BorrowerId,
    assignment: Option<bool>,
    card: Option<InstrumentId>,
) -> Result<(bool, CardView)> {
    let mut wrong = Vec::new();
    if assignment.is_none() {
        wrong.push(FieldError::new("assignment", "choose_one"));
    }
    let mut chosen = None;
    match card {
        None => wrong.push(FieldError::new("card", "card_needed")),
        Some(card) => {
            let card = payout::led_to(cab.db().read(), borrower, card).await?;
            chosen = payout::cards(cab, borrower)
                .await?
                .into_iter()
                .find(|own| own.id == card && own.status == CardStatus::Active);
            if chosen.is_none() {
                wrong.push(FieldError::new("card", "card_not_active"));
            }
        }
    }
    match (assignment, chosen) {
        (Some(assignment), Some(card)) => Ok((assignment, card)),
        _ => Err(CabinetError::Fields(wrong)),
    }
}

/// The text and the full name in it.
async fn frozen_text(
    cab: &Cabinet,
    borrower: BorrowerId,
    row: &contract::Model,
    product: &Product,
    quote: &Quote,
    assignment: bool,
    card: &CardView,
) -> Result<(String, String)> {
    let person = profile::complete(cab, borrower, Kopecks::new(row.amount)).await?;
    let contact = access::contact(cab, cab.db().read(), borrower).await?;
    let input = TermsInput {
        lender: cab.lender(),
        product,
        quote,
        assignment: Some(assignment),
    };
    let text = contract_text(&ContractText {
        lender: cab.lender(),
        number: &row.number,
        date: quote.start,
        quote,
        rows: &rows(&input),
        cap_notice: &cap_notice(quote, quote.start),
        borrower: &person,
        phone: &contact.phone,
        card,
    });
    Ok((text, person.full_name()))
}

/// Sends the code again for the same text.
pub async fn resend_code(
    cab: &Cabinet,
    borrower: BorrowerId,
    contract: ContractId,
    origin: &Origin,
    lang: Lang,
) -> Result<()> {
    let row = own(cab.db().read(), borrower, contract).await?;
    open(cab, &row)?;
    let code: CodeId = id(row
        .code
        .as_deref()
        .ok_or(CabinetError::Conflict("not_prepared"))?)?;
    let sent = access::resend(cab, code, origin, lang).await?;
    let now = ms(cab.now());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, contract).await?;
                let mut update: contract::ActiveModel = row.into();
                update.code = Set(Some(sent.code.to_string()));
                update.prepared_at = Set(Some(now));
                update.update(tx).await?;
                Ok(())
            })
        })
        .await
}

/// Signs the frozen text by the code. The price and its legal limits are checked again: a text
/// frozen yesterday is not signed today.
///
/// Errors: field `code`; `Conflict("offer_expired")`, `Conflict("not_prepared")`,
/// `Conflict("offer_changed")`.
pub async fn sign(
    cab: &Cabinet,
    borrower: BorrowerId,
    contract: ContractId,
    typed: &str,
    origin: &Origin,
) -> Result<()> {
    let row = own(cab.db().read(), borrower, contract).await?;
    let (code, hash) = ready(cab, &row)?;
    let object = contract.to_string();
    // A wrong try is counted by a commit of its own, though the signing is refused.
    codes::attempt(
        cab,
        code,
        borrower,
        Purpose::Contract,
        &object,
        &hash,
        typed,
    )
    .await?;
    let (cabinet, typed, ip) = (cab.clone(), typed.to_owned(), origin.ip.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, contract).await?;
                if ready(&cabinet, &row)? != (code, hash.clone()) {
                    return Err(CabinetError::Conflict("offer_changed"));
                }
                codes::consume(
                    tx,
                    &cabinet,
                    code,
                    borrower,
                    Purpose::Contract,
                    &object,
                    &hash,
                    &typed,
                )
                .await?;
                let document = Document {
                    kind: "contract",
                    object,
                    hash,
                    code,
                };
                let sent = moment(row.prepared_at.unwrap_or_default());
                write_signature(tx, &cabinet, borrower, document, sent, ip).await?;
                conclude(tx, &cabinet, borrower, row).await
            })
        })
        .await
}

/// The code and hash to sign with, if the contract can be signed now at the frozen price.
fn ready(cab: &Cabinet, row: &contract::Model) -> Result<(CodeId, String)> {
    open(cab, row)?;
    let (Some(code), Some(hash), Some(quote)) = (&row.code, &row.text_hash, &row.quote) else {
        return Err(CabinetError::Conflict("not_prepared"));
    };
    let frozen: Quote = read(quote)?;
    let product: Product = read(&row.product)?;
    if quote_today(cab, row, &product)? != frozen {
        return Err(CabinetError::Conflict("offer_changed"));
    }
    Ok((id(code)?, hash.clone()))
}

fn open(cab: &Cabinet, row: &contract::Model) -> Result<()> {
    match current_status(cab, row)? {
        ContractStatus::Offered => Ok(()),
        ContractStatus::Expired => Err(CabinetError::Conflict("offer_expired")),
        _ => Err(CabinetError::Conflict("offer_not_open")),
    }
}

/// What a signature is put under.
pub(crate) struct Document {
    pub kind: &'static str,
    pub object: String,
    pub hash: String,
    pub code: CodeId,
}

/// Keeps who signed which bytes, by which code, sent and entered when, and from where (63-ФЗ, art.
/// 9).
pub(crate) async fn write_signature(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    document: Document,
    sent: DateTime<Utc>,
    ip: String,
) -> Result<()> {
    let contact = access::contact(cab, tx, borrower).await?;
    let row_id = cab.fresh_id().to_string();
    let phone = cab
        .keys()
        .encrypt("signature", "phone", &row_id, contact.phone.digits())?;
    signature::ActiveModel {
        id: Set(row_id),
        borrower: Set(borrower.to_string()),
        document: Set(document.kind.to_owned()),
        object: Set(document.object),
        hash: Set(document.hash),
        code: Set(document.code.to_string()),
        phone: Set(phone),
        sent_at: Set(ms(sent)),
        entered_at: Set(ms(cab.now())),
        ip: Set(ip),
    }
    .insert(tx)
    .await?;
    Ok(())
}

/// The signed contract's next step: the cooling-off hours, or the payout at once.
async fn conclude(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    row: contract::Model,
) -> Result<()> {
    let now = cab.now();
    let product: Product = read(&row.product)?;
    let quote: Quote = read(row.quote.as_deref().unwrap_or_default())?;
    let terms = Terms::from_quote(&product, &quote, cab.today());
    let hours = match lending::rules::cooling_off(Kopecks::new(row.amount), cab.today()) {
        CoolingOff::None => 0,
        CoolingOff::Hours(hours) => hours,
    };
    let after = now + Duration::hours(i64::from(hours));
    let application = id(&row.application)?;
    promotion::used(tx, cab, borrower, application, &product, &quote).await?;
    let contract: ContractId = id(&row.id)?;
    let card: InstrumentId = id(row.card.as_deref().unwrap_or_default())?;
    let amount = Kopecks::new(row.amount);
    let mut update: contract::ActiveModel = row.into();
    update.status = Set(if hours > 0 {
        ContractStatus::Cooling
    } else {
        ContractStatus::PayingOut
    });
    update.signed_at = Set(Some(ms(now)));
    update.payout_after = Set((hours > 0).then(|| ms(after)));
    update.terms = Set(Some(json(&terms)?));
    update.update(tx).await?;
    let payout = PayoutId(cab.fresh_id());
    payout::order(
        tx,
        cab,
        payout::Order {
            payout,
            contract,
            borrower,
            card,
            amount,
            after,
        },
    )
    .await
}

/// Gives the contract up: before signing, within the cooling-off hours, or after a failed payout.
/// Free.
///
/// Errors: `Conflict("cooling_over")` once the money may be on its way.
pub async fn cancel(cab: &Cabinet, borrower: BorrowerId, contract: ContractId) -> Result<()> {
    own(cab.db().read(), borrower, contract).await?;
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = locked(tx, contract).await?;
                match row.status {
                    ContractStatus::Cancelled => return Ok(()),
                    ContractStatus::Offered | ContractStatus::PayoutFailed => {}
                    ContractStatus::Cooling
                        if ms(cabinet.now()) < row.payout_after.unwrap_or_default() =>
                    {
                        payout::cancel_held(tx, &cabinet, contract).await?;
                    }
                    _ => return Err(CabinetError::Conflict("cooling_over")),
                }
                end(
                    tx,
                    &cabinet,
                    row,
                    ContractStatus::Cancelled,
                    AppStatus::Cancelled,
                )
                .await
            })
        })
        .await
}

/// Writes down offers whose last day has passed. Called by the daily sweep.
pub(crate) async fn expire_offers(cab: &Cabinet) -> Result<usize> {
    let today = cab.today();
    let rows = contract::Entity::find()
        .filter(contract::Column::Status.eq(ContractStatus::Offered))
        .filter(contract::Column::ExpiresOn.lt(today.to_string()))
        .all(cab.db().read())
        .await?;
    let mut expired = 0;
    for row in rows {
        let (cabinet, contract) = (cab.clone(), id::<ContractId>(&row.id)?);
        expired += cab
            .db()
            .write(move |tx| {
                Box::pin(async move {
                    let row = locked(tx, contract).await?;
                    if row.status != ContractStatus::Offered || date(&row.expires_on)? >= today {
                        return Ok(0);
                    }
                    end(
                        tx,
                        &cabinet,
                        row,
                        ContractStatus::Expired,
                        AppStatus::Expired,
                    )
                    .await?;
                    Ok(1)
                })
            })
            .await?;
    }
    Ok(expired)
}

async fn end(
    tx: &Tx,
    cab: &Cabinet,
    row: contract::Model,
    status: ContractStatus,
    application: AppStatus,
) -> Result<()> {
    let of = id(&row.application)?;
    let mut update: contract::ActiveModel = row.into();
    update.status = Set(status);
    update.update(tx).await?;
    come_to(tx, of, application, ms(cab.now())).await
}

pub(crate) async fn locked(tx: &Tx, contract: ContractId) -> Result<contract::Model> {
    contract::Entity::find_by_id(contract.to_string())
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(CabinetError::NotFound)
}

/// The borrower's full name as the contract has it.
pub(crate) async fn signed_name(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    contract: &str,
) -> Result<String> {
    let row = contract::Entity::find_by_id(contract)
        .one(db)
        .await?
        .ok_or(CabinetError::NotFound)?;
    let name = row.name.ok_or(CabinetError::NotFound)?;
    cab.keys().decrypt("contract", "name", &row.id, &name)
}
