//! The offer as the borrower reads it.

use lending::{Kopecks, LoanRequest, Product, Quote};
use sea_orm::entity::prelude::*;

use super::choose::quote_refusal;
use super::entity::{application, contract};
use super::terms::{TermsInput, cap_notice, rows};
use super::{ContractStatus, OfferView, Prepared};
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, CodeId, ContractId, LoanId};
use crate::loan::entity::loan;
use crate::loan::stored::{count, date, id, moment, read, yes};
use crate::{Cabinet, Lang, access, payout, promotion};

/// What a loan's page asks of its contract and of who signed it, in one reading. The contract's text, which is long,
/// is not read for it.
#[derive(Debug)]
pub(crate) struct Signing {
    /// The language of the borrower.
    pub(crate) lang: Lang,
    /// SHA-256 of the signed text.
    pub(crate) text_hash: Option<String>,
    /// Unix milliseconds.
    pub(crate) signed_at: Option<i64>,
    /// When the cooling-off hours ended, of a contract that had them. Unix milliseconds.
    pub(crate) cooled_at: Option<i64>,
}

/// The signing of a loan's contract.
pub(crate) async fn signing_of(conn: &impl ConnectionTrait, loan: LoanId) -> Result<Signing> {
    let statement = "SELECT b.lang, c.text_hash, c.signed_at, c.payout_after FROM loan l \
                     JOIN contract c ON c.id = l.contract JOIN borrower b ON b.id = c.borrower WHERE l.id = $1";
    let row = sql::one(conn, statement, vec![loan.into()]).await?;
    let row = row.ok_or(CabinetError::NotFound)?;
    Ok(Signing {
        lang: Lang::from_code(&sql::get::<String>(&row, "lang")?),
        text_hash: sql::get(&row, "text_hash")?,
        signed_at: sql::get(&row, "signed_at")?,
        cooled_at: sql::get(&row, "payout_after")?,
    })
}

/// A borrower's own contract with everything the offer page shows; somebody else's is `NotFound`.
pub async fn offer(cab: &Cabinet, borrower: BorrowerId, contract: ContractId) -> Result<OfferView> {
    let db = cab.db().read();
    let row = own(db, borrower, contract).await?;
    let product: Product = read(&row.product)?;
    let quote = quote_of(cab, &row, &product)?;
    let input = TermsInput {
        lender: cab.lender(),
        product: &product,
        quote: &quote,
        assignment: row.assignment.map(yes),
    };
    let rows = rows(&input);
    let application = application::Entity::find_by_id(&row.application)
        .one(db)
        .await?
        .ok_or(CabinetError::NotFound)?;
    let loan = loan::Entity::find()
        .filter(loan::Column::Contract.eq(&row.id))
        .one(db)
        .await?;
    let cooling = row
        .payout_after
        .filter(|_| row.status == ContractStatus::Cooling)
        .map(moment);
    Ok(OfferView {
        id: contract,
        number: row.number.clone(),
        status: current_status(cab, &row)?,
        psk_words: lending::percent_in_words(quote.psk.thousandths),
        roubles_words: lending::roubles_in_words(quote.psk.roubles),
        cap_notice: cap_notice(&quote, quote.start),
        rows,
        quote,
        expires_on: date(&row.expires_on)?,
        product_title: row.product_title.clone(),
        cards: payout::cards(cab, borrower).await?,
        chosen_card: row.card.as_deref().map(id).transpose()?,
        assignment: row.assignment.map(yes),
        pdn: application.pdn.as_deref().map(read).transpose()?,
        prepared: prepared(cab, &row).await?,
        cooling_until: cooling,
        payout: payout::last_view(db, &row.id).await?,
        loan: loan.map(|row| id(&row.id)).transpose()?,
        signed_at: row.signed_at.map(moment),
        offers: promotion::told(db, id(&row.application)?).await?,
    })
}

/// An offer whose last day has passed is expired even before a sweep writes it down.
pub(crate) fn current_status(cab: &Cabinet, row: &contract::Model) -> Result<ContractStatus> {
    let late = row.status == ContractStatus::Offered && cab.today() > date(&row.expires_on)?;
    Ok(if late {
        ContractStatus::Expired
    } else {
        row.status
    })
}

/// The price: as signed, or for signing today.
pub(crate) fn quote_of(cab: &Cabinet, row: &contract::Model, product: &Product) -> Result<Quote> {
    match (&row.quote, row.signed_at) {
        (Some(frozen), Some(_)) => read(frozen),
        _ => quote_today(cab, row, product),
    }
}

/// The offer priced for signing today; the rate and ПСК limits of this day are checked anew.
pub(crate) fn quote_today(
    cab: &Cabinet,
    row: &contract::Model,
    product: &Product,
) -> Result<Quote> {
    let start = match current_status(cab, row)? {
        // An offer that is over is still shown, at the price of its last day.
        ContractStatus::Expired | ContractStatus::Cancelled => {
            cab.today().min(date(&row.expires_on)?)
        }
        _ => cab.today(),
    };
    let request = LoanRequest {
        amount: Kopecks::new(row.amount),
        term: count(row.term)?,
        start,
        first_loan: yes(row.first_loan),
    };
    lending::quote(product, &request).map_err(quote_refusal)
}

async fn prepared(cab: &Cabinet, row: &contract::Model) -> Result<Option<Prepared>> {
    let (Some(text), Some(hash), Some(code)) = (&row.text, &row.text_hash, &row.code) else {
        return Ok(None);
    };
    if row.signed_at.is_some() {
        return Ok(None);
    }
    let code: CodeId = id(code)?;
    Ok(Some(Prepared {
        hash: hash.clone(),
        text: cab.keys().decrypt("contract", "text", &row.id, text)?,
        code: access::code_state(cab, code).await?,
    }))
}

/// A borrower's own contract row.
pub(crate) async fn own(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    contract: ContractId,
) -> Result<contract::Model> {
    contract::Entity::find_by_id(contract.to_string())
        .filter(contract::Column::Borrower.eq(borrower.to_string()))
        .one(db)
        .await?
        .ok_or(CabinetError::NotFound)
}
