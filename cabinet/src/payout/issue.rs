//! The money arrived: the contract becomes a loan. The term counts from the day the money left.

use chrono::{DateTime, Utc};
use lending::ledger::{post_disbursement, post_payout};
use lending::{Kopecks, QuoteError, Schedule, Terms};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::entity::{instrument, payout};
use crate::Cabinet;
use crate::agent;
use crate::application::entity::{application as filed, contract};
use crate::application::{self, ContractStatus};
use crate::db::Tx;
use crate::document::{phrase, text_hash};
use crate::error::Result;
use crate::ids::{ContractId, LoanId};
use crate::ledger::{self, JournalEntry};
use crate::loan::OperationKind;
use crate::loan::entity::{loan, operation};
use crate::loan::history::broken;
use crate::loan::stored::{id, json, ms, read};
use crate::notice::{self, Notice, Report};
use crate::payment::on_account;

/// Makes the loan of a payout that succeeded, once: row, first operation, journal, notices. Answers
/// false, having written nothing, when the signed terms can't begin on the day the money arrived:
/// the same answer would come for ever, so it is a person's to repair.
pub(crate) async fn issue(
    tx: &Tx,
    cab: &Cabinet,
    payout: &payout::Model,
    remote_id: &str,
    at: DateTime<Utc>,
) -> Result<bool> {
    let contract: ContractId = id(&payout.contract)?;
    let row = application::locked(tx, contract).await?;
    let known = loan::Entity::find()
        .filter(loan::Column::Contract.eq(&row.id))
        .one(tx)
        .await?;
    if known.is_some() {
        return Ok(true);
    }
    let signed: Terms = read(row.terms.as_deref().unwrap_or_default())?;
    let start = cab.business_date(at);
    let (terms, shifted) = if signed.schedule.start == start {
        (signed, None)
    } else {
        let (terms, psk) = match signed.reissued(start) {
            Ok(reissued) => reissued,
            Err(error) => {
                not_reissued(&row.number, &error);
                return Ok(false);
            }
        };
        let text =
            application::schedule_text(cab.lender(), &row.number, start, &terms.schedule, psk);
        (terms, Some(text))
    };
    let loan = LoanId(cab.fresh_id());
    insert_loan(tx, cab, loan, &row, &terms, shifted).await?;
    let card = instrument::Entity::find_by_id(&payout.instrument)
        .one(tx)
        .await?;
    let last4 = card.and_then(|card| card.last4).unwrap_or_default();
    operation::ActiveModel {
        id: Set(cab.fresh_id().to_string()),
        loan: Set(loan.to_string()),
        seq: Set(0),
        kind: Set(OperationKind::Disbursement),
        on_date: Set(start.to_string()),
        at: Set(ms(at)),
        amount: Set(payout.amount),
        fee: Set(0),
        days: Set(None),
        parts: Set("[]".to_owned()),
        overpaid: Set(0),
        title: Set(format!("•• {last4}")),
        reference: Set(remote_id.to_owned()),
        keep: Set(None),
        rate: Set(None),
    }
    .insert(tx)
    .await?;
    let amount = Kopecks::new(payout.amount);
    let mut postings = post_disbursement(amount);
    postings.extend(post_payout(amount));
    let postings = on_account(postings, remote_id);
    ledger::post(
        tx,
        cab,
        JournalEntry {
            kind: "disbursement".to_owned(),
            loan: Some(loan),
            reference: format!("payout:{remote_id}"),
            business_date: start,
            postings,
        },
    )?;
    finish_contract(tx, row.clone()).await?;
    agent::issued(tx, cab, &row.borrower, loan, &terms).await?;
    announce(tx, cab, &row, loan, &terms, remote_id).await?;
    Ok(true)
}

/// The law of the signing day allowed these terms, and on the later dates it does not: money that
/// is gone has no loan. An operator has to look, so this is loud, and said once.
fn not_reissued(number: &str, error: &QuoteError) {
    metrics::counter!("kopeck_loans_not_issued_total").increment(1);
    tracing::error!(contract = number, %error, "the money left, and its terms can't be issued again");
}

async fn insert_loan(
    tx: &Tx,
    cab: &Cabinet,
    loan: LoanId,
    row: &contract::Model,
    terms: &Terms,
    shifted: Option<String>,
) -> Result<()> {
    let start = terms.schedule.start;
    let state = lending::state(terms, &[], start).map_err(broken)?;
    let key = loan.to_string();
    let hash = shifted.as_deref().map(text_hash);
    let text = shifted
        .map(|text| cab.keys().encrypt("loan", "schedule_text", &key, &text))
        .transpose()?;
    loan::ActiveModel {
        id: Set(key),
        contract: Set(row.id.clone()),
        borrower: Set(row.borrower.clone()),
        number: Set(row.number.clone()),
        product: Set(terms.product.code.clone()),
        product_title: Set(row.product_title.clone()),
        terms: Set(json(terms)?),
        version: Set(1),
        status: Set("active".to_owned()),
        as_of: Set(start.to_string()),
        principal: Set(state.principal.get()),
        interest: Set(state.interest.get()),
        penalty: Set(state.penalty.get()),
        paid_total: Set(0),
        overpaid: Set(0),
        max_days_overdue: Set(0),
        next_due: Set(state.next_payment.map(|(on, _)| on.to_string())),
        due: Set(state.due.to_string()),
        opened_on: Set(start.to_string()),
        closed_on: Set(None),
        schedule_text: Set(text),
        schedule_hash: Set(hash),
        created_at: Set(cab.now_ms()),
        closed_at: Set(None),
    }
    .insert(tx)
    .await?;
    Ok(())
}

async fn finish_contract(tx: &Tx, row: contract::Model) -> Result<()> {
    filed::Entity::update_many()
        .col_expr(filed::Column::IsOpen, Expr::value(0_i64))
        .filter(filed::Column::Id.eq(&row.application))
        .exec(tx)
        .await?;
    let mut update: contract::ActiveModel = row.into();
    update.status = Set(ContractStatus::Issued);
    update.update(tx).await?;
    Ok(())
}

async fn announce(
    tx: &Tx,
    cab: &Cabinet,
    row: &contract::Model,
    loan: LoanId,
    terms: &Terms,
    remote_id: &str,
) -> Result<()> {
    let borrower = id(&row.borrower)?;
    let first = first_payment(&terms.schedule);
    notice::report(
        tx,
        cab,
        Report {
            borrower,
            loan,
            kind: "loan_issued",
            occasion: remote_id.to_owned(),
            on: terms.schedule.start,
            amount: terms.amount,
            debt: terms.amount,
        },
    )
    .await?;
    let words = notice::words_of(tx, cab, borrower).await?;
    notice::tell(
        tx,
        cab,
        Notice {
            borrower,
            object: loan.to_string(),
            kind: "issued",
            occasion: String::new(),
            args: vec![
                ("amount", terms.amount.to_string()),
                ("payment", first.1.to_string()),
                ("date", phrase::day(words, first.0)),
            ],
        },
    )
    .await
}

fn first_payment(schedule: &Schedule) -> (chrono::NaiveDate, Kopecks) {
    schedule
        .instalments
        .first()
        .map_or((schedule.start, Kopecks::ZERO), |line| {
            (line.due, line.payment)
        })
}
