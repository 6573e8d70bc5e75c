//! Starting a payment: written down and committed first, created at the acquirer right after.

use chrono::Duration;
use lending::{Keep, Kopecks, Status};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::advance::look;
use super::entity::payment;
use super::poll::next_look;
use super::{PayAmount, PayStatus, Purpose, StartPayment, Started, quote};
use crate::balance::keep_name;
use crate::db::Tx;
use crate::error::{CabinetError, FieldError, Result};
use crate::idempotency::{self, Claim};
use crate::ids::{BorrowerId, InstrumentId, LoanId, MandateId, PaymentId, ProlongationId, QuoteId};
use crate::loan::history::{self, History};
use crate::loan::stored::{id, ms};
use crate::outbox::{self, Push};
use crate::ports::PayMethod;
use crate::{Cabinet, payout};

/// Acquirers take no less.
pub(crate) const LEAST: Kopecks = Kopecks::new(100);

/// What a top-up is for: closing the loan, repaying a sum, or nothing yet.
pub(super) const PAYOFF: &str = "payoff";
pub(super) const REPAY: &str = "repay";
pub(super) const HOLD: &str = "hold";

/// How long the worker leaves a new payment to the request that made it.
const BEHIND_SECONDS: i64 = 10;

/// What the transaction of a start ended with.
enum Placed {
    /// A payment to be created at the acquirer.
    New(PaymentId),
    /// The same form sent again.
    Same(PaymentId),
    /// An unfinished payment of this loan stands in the way.
    Unfinished(PaymentId),
}

/// A payment row to be written.
pub(crate) struct NewRow {
    pub payment: PaymentId,
    pub loan: LoanId,
    pub borrower: BorrowerId,
    pub purpose: Purpose,
    pub prolongation: Option<ProlongationId>,
    pub amount: Kopecks,
    pub method: PayMethod,
    /// The link somebody else pays by.
    pub link: Option<String>,
    pub how: How,
}

/// What else there is to say of a payment.
#[derive(Debug, Clone, Default)]
pub(crate) struct How {
    /// What a new schedule keeps.
    pub keep: Option<Keep>,
    /// The promise it keeps.
    pub quote: Option<QuoteId>,
    /// What it is for once it is on the balance, and how much of it.
    pub assign: Option<(&'static str, Option<Kopecks>)>,
    /// The saved card it is charged from.
    pub card: Option<InstrumentId>,
    /// The permission it is charged under.
    pub mandate: Option<MandateId>,
}

/// Starts paying. The same key with the same wish answers with the same payment; while one payment
/// of the loan is unfinished no second one is made, and the answer is the unfinished one's page.
///
/// Errors: field `amount`; `Conflict("pay_outside")`, `Conflict("loan_closed")`, `Conflict("key_reused")`; `NotFound`.
pub async fn start(cab: &Cabinet, borrower: BorrowerId, wish: StartPayment) -> Result<Started> {
    begin(cab, borrower, wish, None).await
}

/// The same by a saved card, without the acquirer's page.
///
/// Errors: as [`start`], and field `card`.
pub async fn start_saved(
    cab: &Cabinet,
    borrower: BorrowerId,
    wish: StartPayment,
    card: InstrumentId,
) -> Result<Started> {
    begin(cab, borrower, wish, Some(card)).await
}

async fn begin(
    cab: &Cabinet,
    borrower: BorrowerId,
    wish: StartPayment,
    card: Option<InstrumentId>,
) -> Result<Started> {
    let cabinet = cab.clone();
    let fresh = PaymentId(cab.fresh_id());
    let placed = cab
        .db()
        .write(move |tx| {
            Box::pin(async move { place_debt(tx, &cabinet, borrower, wish, card, fresh).await })
        })
        .await?;
    match placed {
        Placed::New(payment) => follow(cab, payment).await,
        Placed::Same(payment) => next_of(cab, payment).await,
        Placed::Unfinished(payment) => Ok(our_page(payment)),
    }
}

/// Creates a payment at the acquirer right after its commit and tells where to go. The outbox row
/// stays behind it for the case that this very call never happens.
pub(crate) async fn follow(cab: &Cabinet, payment: PaymentId) -> Result<Started> {
    if let Err(error) = look(cab, payment).await {
        // The payment is written down and will be driven on; the borrower sees its page, not our
        // fault.
        tracing::error!(%payment, %error, "payment could not be created now");
        return Ok(our_page(payment));
    }
    next_of(cab, payment).await
}

pub(crate) async fn next_of(cab: &Cabinet, payment: PaymentId) -> Result<Started> {
    let row = payment::Entity::find_by_id(payment.to_string())
        .one(cab.db().read())
        .await?
        .ok_or(CabinetError::NotFound)?;
    match row.confirmation_url {
        // The link of the fast payment system is for a phone: our page draws it for other screens.
        Some(next) if row.status == PayStatus::Waiting && row.method != PayMethod::Sbp => {
            Ok(Started { payment, next })
        }
        _ => Ok(our_page(payment)),
    }
}

pub(crate) fn our_page(payment: PaymentId) -> Started {
    Started {
        payment,
        next: format!("/payments/{payment}"),
    }
}

async fn place_debt(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    wish: StartPayment,
    card: Option<InstrumentId>,
    fresh: PaymentId,
) -> Result<Placed> {
    let history = history::lock(tx, cab, wish.loan).await?;
    if history.row.borrower != borrower.to_string() {
        return Err(CabinetError::NotFound);
    }
    let methods = cab.lender().payment.methods();
    if methods.is_empty() {
        return Err(CabinetError::Conflict("pay_outside"));
    }
    if !methods.contains(&wish.method) {
        return Err(CabinetError::field("method", "choose_one"));
    }
    let scope = format!("payment:{borrower}");
    let asked = match wish.amount {
        PayAmount::Payoff => "payoff".to_owned(),
        PayAmount::Sum(sum) => sum.plain(),
        PayAmount::Early(sum, keep) => format!("{}:{}", sum.plain(), keep_name(keep)),
        PayAmount::Promised(quote) => quote.to_string(),
        PayAmount::TopUp(sum) => format!("top-up:{}", sum.plain()),
    };
    let by = card.map_or_else(String::new, |card| card.to_string());
    let hash = idempotency::input_hash(&[&wish.loan.to_string(), &asked, wish.method.code(), &by]);
    let open = open_of(tx, wish.loan, Purpose::Debt).await?;
    let leads_to = open
        .as_ref()
        .map_or(fresh.to_string(), |row| row.id.clone());
    let claim = idempotency::claim_for(tx, cab, &scope, wish.key, &hash, &leads_to).await?;
    if let Claim::Same(reference) = claim {
        return Ok(Placed::Same(id(&reference)?));
    }
    if let Some(row) = open {
        return Ok(Placed::Unfinished(id(&row.id)?));
    }
    let state = history.state(cab.today())?;
    if state.status == Status::Closed || !state.payoff.is_positive() {
        return Err(CabinetError::Conflict("loan_closed"));
    }
    let card = match card {
        Some(card) => Some(payout::chargeable(tx, borrower, card).await?),
        None => None,
    };
    let (amount, mut how) = if cab.lender().payment.by_balance() {
        onto_balance(tx, cab, &history, wish.amount, state.payoff).await?
    } else {
        directly(tx, cab, &history, wish.amount, state.payoff).await?
    };
    how.card = card;
    let row = NewRow {
        payment: fresh,
        loan: wish.loan,
        borrower,
        purpose: Purpose::Debt,
        prolongation: None,
        amount,
        method: wish.method,
        link: None,
        how,
    };
    place(tx, cab, row).await?;
    Ok(Placed::New(fresh))
}

/// What is paid when money repays at once.
async fn directly(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    wish: PayAmount,
    payoff: Kopecks,
) -> Result<(Kopecks, How)> {
    let mut how = How::default();
    let amount = match wish {
        // What is beyond a debt of some kopecks comes back as any surplus.
        PayAmount::Payoff => payoff.max(LEAST),
        PayAmount::Promised(quote) => {
            how.quote = Some(quote);
            quote::kept(tx, cab, history, quote).await?.max(LEAST)
        }
        PayAmount::Sum(sum) => typed(sum, payoff)?,
        PayAmount::Early(sum, keep) => {
            how.keep = Some(keep);
            typed(sum, payoff)?
        }
        PayAmount::TopUp(_) => return Err(CabinetError::Conflict("no_balance")),
    };
    if how.quote.is_none() && amount >= payoff {
        // Confirmed before midnight and taken after it, it closes the loan all the same.
        how.keep = None;
        how.quote = Some(quote::make(tx, cab, history, cab.today()).await?);
    }
    Ok((amount, how))
}

/// What is topped up, and what it is for.
async fn onto_balance(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    wish: PayAmount,
    payoff: Kopecks,
) -> Result<(Kopecks, How)> {
    let missing = payoff.less(history.left());
    let mut how = How::default();
    let enough = || CabinetError::Conflict("balance_enough");
    let needed = |sum: Kopecks| sum.is_positive().then_some(sum.max(LEAST));
    let amount = match wish {
        PayAmount::Payoff => {
            how.assign = Some((PAYOFF, None));
            how.quote = Some(quote::make(tx, cab, history, cab.today()).await?);
            needed(missing).ok_or_else(enough)?
        }
        PayAmount::Promised(quote) => {
            how.assign = Some((PAYOFF, None));
            how.quote = Some(quote);
            let sum = quote::kept(tx, cab, history, quote).await?;
            needed(sum.less(history.left())).ok_or_else(enough)?
        }
        PayAmount::Sum(sum) => {
            how.assign = Some((REPAY, Some(sum)));
            typed(sum, payoff)?
        }
        PayAmount::Early(sum, keep) => {
            how.assign = Some((REPAY, Some(sum)));
            how.keep = Some(keep);
            typed(sum, payoff)?
        }
        PayAmount::TopUp(sum) => {
            how.assign = Some((HOLD, None));
            let most = needed(missing).ok_or_else(enough)?;
            if sum > most {
                let error = FieldError::new("amount", "amount_above_payoff").with("max", most);
                return Err(CabinetError::Fields(vec![error]));
            }
            if sum < LEAST {
                let error = FieldError::new("amount", "amount_below_least").with("least", LEAST);
                return Err(CabinetError::Fields(vec![error]));
            }
            sum
        }
    };
    Ok((amount, how))
}

/// A typed sum that can be paid and leaves nothing that could not be.
pub(super) fn typed(sum: Kopecks, payoff: Kopecks) -> Result<Kopecks> {
    let refuse = |error| Err(CabinetError::Fields(vec![error]));
    if !sum.is_positive() {
        return Err(CabinetError::field("amount", "amount_invalid"));
    }
    if sum > payoff.max(LEAST) {
        return refuse(FieldError::new("amount", "amount_above_payoff").with("max", payoff));
    }
    if sum < LEAST {
        return refuse(FieldError::new("amount", "amount_below_least").with("least", LEAST));
    }
    let tail = payoff.less(sum);
    if tail.is_positive() && tail < LEAST {
        let error = FieldError::new("amount", "amount_leaves_tail");
        return refuse(error.with("tail", tail).with("all", payoff));
    }
    Ok(sum)
}

/// What a sum is for once it is on the balance: all that is owed, or this much of it.
pub(crate) fn repay_by(amount: Kopecks, payoff: Kopecks) -> (&'static str, Option<Kopecks>) {
    if amount < payoff {
        (REPAY, Some(amount))
    } else {
        (PAYOFF, None)
    }
}

/// The unfinished payment of a loan for a purpose, if any.
pub(crate) async fn open_of(
    db: &impl ConnectionTrait,
    loan: LoanId,
    purpose: Purpose,
) -> Result<Option<payment::Model>> {
    Ok(payment::Entity::find()
        .filter(payment::Column::Loan.eq(loan.to_string()))
        .filter(payment::Column::Purpose.eq(purpose))
        .filter(payment::Column::Status.is_in([
            PayStatus::Created,
            PayStatus::Waiting,
            PayStatus::Unknown,
        ]))
        .one(db)
        .await?)
}

/// Writes a payment down with its outbox row. The partial unique index stands behind the look
/// before it.
pub(crate) async fn place(tx: &Tx, cab: &Cabinet, new: NewRow) -> Result<()> {
    let now = cab.now();
    let how = new.how;
    payment::ActiveModel {
        id: Set(new.payment.to_string()),
        loan: Set(new.loan.to_string()),
        borrower: Set(new.borrower.to_string()),
        purpose: Set(new.purpose),
        prolongation: Set(new.prolongation.map(|id| id.to_string())),
        amount: Set(new.amount.get()),
        status: Set(PayStatus::Created),
        remote_id: Set(None),
        confirmation_url: Set(None),
        reason: Set(None),
        card_title: Set(None),
        created_at: Set(ms(now)),
        changed_at: Set(ms(now)),
        taken_at: Set(None),
        poll_at: Set(Some(next_look(now, 0))),
        polls: Set(0),
        method: Set(new.method),
        link: Set(new.link),
        keep: Set(how.keep.map(|keep| keep_name(keep).to_owned())),
        quote: Set(how.quote.map(|quote| quote.to_string())),
        assign: Set(how.assign.map(|(what, _)| what.to_owned())),
        assign_sum: Set(how.assign.and_then(|(_, sum)| sum).map(Kopecks::get)),
        instrument: Set(how.card.map(|card| card.to_string())),
        mandate: Set(how.mandate.map(|mandate| mandate.to_string())),
    }
    .insert(tx)
    .await?;
    let ref_id = new.payment.to_string();
    // Behind the call that follows the commit, for the case that it never happens.
    let due_at = Some(now + Duration::seconds(BEHIND_SECONDS));
    let payload = serde_json::json!({});
    let kind = "payment_create";
    outbox::push_at(
        tx,
        cab,
        Push {
            kind,
            ref_id: &ref_id,
            payload,
            due_at,
            not_after: None,
        },
    )
    .await
}
