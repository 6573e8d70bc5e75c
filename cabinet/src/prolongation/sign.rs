//! Signing a prolongation: the code signs the text, and its price becomes a payment.

use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::entity::prolongation;
use super::prepare::{agreed, locked, own, quote};
use super::{ProlongationStatus, SignedProlongation};
use crate::Cabinet;
use crate::access::codes;
use crate::access::{Origin, Purpose};
use crate::application::{Document, write_signature};
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, CodeId, LoanId, PaymentId, ProlongationId};
use crate::loan::history::{self, History};
use crate::loan::stored::{count, date, id, moment, ms};
use crate::payment::{self, NewRow, Purpose as PayPurpose, Started};
use crate::ports::PayMethod;

/// Signs and starts the payment of the price. Signed twice, it answers with the payment of the
/// first time.
///
/// Errors: field `code`; `Conflict("prolongation_stale")` on another day than it was prepared, or
/// when something was posted since and the text tells another price or date;
/// `Conflict("payment_unfinished")` while the payment of an earlier prolongation is not over.
pub async fn sign(
    cab: &Cabinet,
    borrower: BorrowerId,
    prolongation: ProlongationId,
    typed: &str,
    origin: &Origin,
) -> Result<SignedProlongation> {
    let row = own(cab.db().read(), borrower, prolongation).await?;
    let loan: LoanId = id(&row.loan)?;
    if let Some(known) = &row.payment {
        return payment::next_of(cab, id(known)?).await.map(paying);
    }
    ready(cab, &row)?;
    let (code, hash): (CodeId, String) = (id(&row.code)?, row.text_hash.clone());
    let object = prolongation.to_string();
    // A wrong try is counted by a commit of its own, though the signing is refused.
    codes::attempt(
        cab,
        code,
        borrower,
        Purpose::Prolongation,
        &object,
        &hash,
        typed,
    )
    .await?;
    let payment = PaymentId(cab.fresh_id());
    let (cabinet, typed, ip) = (cab.clone(), typed.to_owned(), origin.ip.clone());
    let to_pay = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                // The loan first, as everywhere: locks taken in one order never wait in a ring.
                let history = history::lock(tx, &cabinet, loan).await?;
                let row = locked(tx, prolongation).await?;
                ready(&cabinet, &row)?;
                codes::consume(
                    tx,
                    &cabinet,
                    code,
                    borrower,
                    Purpose::Prolongation,
                    &object,
                    &hash,
                    &typed,
                )
                .await?;
                let sent = moment(row.prepared_at);
                let document = Document {
                    kind: "prolongation",
                    object,
                    hash,
                    code,
                };
                write_signature(tx, &cabinet, borrower, document, sent, ip).await?;
                conclude(tx, &cabinet, borrower, history, row, payment).await
            })
        })
        .await?;
    if to_pay {
        return payment::follow(cab, payment).await.map(paying);
    }
    Ok(SignedProlongation {
        payment: None,
        next: format!("/loans/{loan}"),
    })
}

fn paying(started: Started) -> SignedProlongation {
    SignedProlongation {
        payment: Some(started.payment),
        next: started.next,
    }
}

fn ready(cab: &Cabinet, row: &prolongation::Model) -> Result<()> {
    let today = date(&row.on_date)? == cab.today();
    if row.status == ProlongationStatus::Prepared && today {
        return Ok(());
    }
    Err(CabinetError::Conflict("prolongation_stale"))
}

/// Answers whether there is something to pay.
async fn conclude(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    history: History,
    row: prolongation::Model,
    payment: PaymentId,
) -> Result<bool> {
    let (loan, of): (LoanId, ProlongationId) = (id(&row.loan)?, id(&row.id)?);
    if payment::open_of(tx, loan, PayPurpose::Prolongation)
        .await?
        .is_some()
    {
        return Err(CabinetError::Conflict("payment_unfinished"));
    }
    let (price, days) = (agreed(&row)?, count(row.days)?);
    match quote(tx, cab, &history, borrower, days).await {
        Ok(now) if now == price => {}
        Ok(_) | Err(CabinetError::Conflict(_) | CabinetError::Fields(_)) => {
            return Err(CabinetError::Conflict("prolongation_stale"));
        }
        Err(error) => return Err(error),
    }
    // What is on the balance already pays first.
    let left = history.left();
    let there = left.is_positive() && left >= price.pay_now;
    let amount = price.pay_now.less(left).max(payment::LEAST);
    let free = price.pay_now.is_zero() || there;
    let mut update: prolongation::ActiveModel = row.into();
    update.status = Set(ProlongationStatus::Signed);
    update.signed_at = Set(Some(ms(cab.now())));
    update.payment = Set((!free).then(|| payment.to_string()));
    update.update(tx).await?;
    if free && history.on_balance() {
        payment::prolong_from_balance(tx, cab, history, of, days).await?;
        return Ok(false);
    }
    if free {
        payment::prolong_free(tx, cab, history, of, days).await?;
        return Ok(false);
    }
    let new = NewRow {
        payment,
        loan,
        borrower,
        purpose: PayPurpose::Prolongation,
        prolongation: Some(of),
        amount,
        method: PayMethod::Card,
        link: None,
        how: payment::How::default(),
    };
    payment::place(tx, cab, new).await?;
    Ok(true)
}
