//! Somebody else's payment: a link that shows the lender, the number of the contract and the sum,
//! and nothing about the person. It pays and does nothing else; its owner takes it back at any time.

use chrono::{DateTime, Utc};
use lending::{Kopecks, Status};
use sea_orm::QueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, FieldError, Result};
use crate::idempotency::{self, Claim};
use crate::ids::{BorrowerId, LoanId, PaymentId};
use crate::loan::history;
use crate::loan::stored::{id, moment};
use crate::payment::{
    How, NewRow, PayStatus, Purpose, Started, follow, linked, next_of, open_of, place, repay_by,
    reread,
};
use crate::ports::PayMethod;

/// How long a link works, in milliseconds.
const LIFE: i64 = 30 * 86_400_000;
/// Links of one loan that work at a time.
const MOST: usize = 5;

/// A link as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayLink {
    /// Its name, to take it back.
    pub id: String,
    /// The end of its address, after `/p/`.
    pub token: String,
    /// The sum asked for; none means all that is owed on the day.
    pub amount: Option<Kopecks>,
    /// The last moment it works.
    pub expires_at: DateTime<Utc>,
}

/// All that somebody else may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The number of the contract.
    pub number: String,
    /// What can be paid now; zero when nothing is owed.
    pub amount: Kopecks,
}

/// A payment as the one who made it by a link sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayerView {
    /// The number of the contract.
    pub number: String,
    /// How much.
    pub amount: Kopecks,
    /// With what.
    pub method: PayMethod,
    /// Where it stands.
    pub status: PayStatus,
    /// Where to pay, while it can be paid.
    pub continue_url: Option<String>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
}

struct Row {
    id: String,
    loan: LoanId,
    borrower: BorrowerId,
    amount: Option<Kopecks>,
}

/// Makes a link. No sum: all that is owed on the day of paying.
///
/// Errors: field `amount`; `NotFound`; `Conflict("loan_closed")`, `Conflict("pay_outside")`,
/// `Conflict("too_many_links")`.
pub async fn create(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    amount: Option<Kopecks>,
) -> Result<PayLink> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move { written(tx, &cabinet, borrower, loan, amount).await })
        })
        .await
}

async fn written(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    amount: Option<Kopecks>,
) -> Result<PayLink> {
    let history = history::lock(tx, cab, loan).await?;
    if history.row.borrower != borrower.to_string() {
        return Err(CabinetError::NotFound);
    }
    if !cab.lender().payment.in_cabinet() {
        return Err(CabinetError::Conflict("pay_outside"));
    }
    let state = history.state(cab.today())?;
    if state.status == Status::Closed {
        return Err(CabinetError::Conflict("loan_closed"));
    }
    match amount {
        Some(sum) if !sum.is_positive() => {
            return Err(CabinetError::field("amount", "amount_invalid"));
        }
        Some(sum) if sum > state.payoff => {
            let error = FieldError::new("amount", "amount_above_payoff").with("max", state.payoff);
            return Err(CabinetError::Fields(vec![error]));
        }
        _ => {}
    }
    if working(tx, cab, loan).await?.len() >= MOST {
        return Err(CabinetError::Conflict("too_many_links"));
    }
    let (row, token) = (cab.fresh_id().to_string(), cab.ports().ids.secret());
    let expires = cab.now_ms() + LIFE;
    sql::execute(
        tx,
        "INSERT INTO pay_link (id, token_index, token, loan, borrower, amount, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vec![
            row.clone().into(),
            cab.keys().blind_index("pay_link", &token).into(),
            cab.keys()
                .encrypt("pay_link", "token", &row, &token)?
                .into(),
            loan.to_string().into(),
            borrower.to_string().into(),
            amount.map(Kopecks::get).into(),
            cab.now_ms().into(),
            expires.into(),
        ],
    )
    .await?;
    Ok(PayLink {
        id: row,
        token,
        amount,
        expires_at: moment(expires),
    })
}

async fn working(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    loan: LoanId,
) -> Result<Vec<QueryResult>> {
    sql::all(
        conn,
        "SELECT id, token, amount, expires_at FROM pay_link \
         WHERE loan = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at, id",
        vec![loan.to_string().into(), cab.now_ms().into()],
    )
    .await
}

/// The working links of a borrower's own loan, the oldest first.
///
/// Errors: `NotFound`.
pub async fn list(cab: &Cabinet, borrower: BorrowerId, loan: LoanId) -> Result<Vec<PayLink>> {
    let db = cab.db().read();
    history::load(db, cab, borrower, loan).await?;
    let rows = working(db, cab, loan).await?;
    rows.iter()
        .map(|row| {
            let key: String = sql::get(row, "id")?;
            let sealed: String = sql::get(row, "token")?;
            Ok(PayLink {
                token: cab.keys().decrypt("pay_link", "token", &key, &sealed)?,
                id: key,
                amount: sql::get::<Option<i64>>(row, "amount")?.map(Kopecks::new),
                expires_at: moment(sql::get(row, "expires_at")?),
            })
        })
        .collect()
}

/// Takes a link back at once; a payment already begun by it goes on.
///
/// Errors: `NotFound`.
pub async fn revoke(cab: &Cabinet, borrower: BorrowerId, link: Uuid) -> Result<()> {
    let (now, link) = (cab.now_ms(), link.to_string());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE pay_link SET revoked_at = COALESCE(revoked_at, $1) \
                           WHERE id = $2 AND borrower = $3";
                let values = vec![now.into(), link.into(), borrower.to_string().into()];
                match sql::execute(tx, sql, values).await? {
                    0 => Err(CabinetError::NotFound),
                    _ => Ok(()),
                }
            })
        })
        .await
}

async fn found(conn: &impl ConnectionTrait, cab: &Cabinet, token: &str) -> Result<Row> {
    let row = sql::one(
        conn,
        "SELECT id, loan, borrower, amount FROM pay_link \
         WHERE token_index = $1 AND revoked_at IS NULL AND expires_at > $2",
        vec![
            cab.keys().blind_index("pay_link", token).into(),
            cab.now_ms().into(),
        ],
    )
    .await?
    .ok_or(CabinetError::NotFound)?;
    Ok(Row {
        id: sql::get(&row, "id")?,
        loan: id(&sql::get::<String>(&row, "loan")?)?,
        borrower: id(&sql::get::<String>(&row, "borrower")?)?,
        amount: sql::get::<Option<i64>>(&row, "amount")?.map(Kopecks::new),
    })
}

/// What a link shows to anybody who has it.
///
/// Errors: `NotFound` for one that never was, was taken back or has expired: they are the same.
pub async fn open(cab: &Cabinet, token: &str) -> Result<Shown> {
    let db = cab.db().read();
    let link = found(db, cab, token).await?;
    let history = history::load(db, cab, link.borrower, link.loan).await?;
    let payoff = history.state(cab.today())?.payoff;
    Ok(Shown {
        number: history.row.number.clone(),
        amount: link.amount.map_or(payoff, |sum| sum.min(payoff)),
    })
}

/// What the transaction of a start ended with.
enum Placed {
    New(PaymentId),
    Known(PaymentId),
}

/// Starts somebody else's payment of exactly the sum that was shown.
///
/// Errors: `NotFound`; field `method`; `Conflict("loan_closed")`, `Conflict("payment_open")` while
/// another payment of the loan is under way, `Conflict("sum_changed")` when what was shown is no
/// longer what is asked for.
pub async fn start(
    cab: &Cabinet,
    token: &str,
    key: Uuid,
    method: PayMethod,
    shown: Kopecks,
) -> Result<Started> {
    if !cab.lender().payment.methods().contains(&method) {
        return Err(CabinetError::field("method", "choose_one"));
    }
    let (cabinet, token) = (cab.clone(), token.to_owned());
    let fresh = PaymentId(cab.fresh_id());
    let placed = cab
        .db()
        .write(move |tx| {
            Box::pin(async move { begun(tx, &cabinet, &token, key, (method, shown), fresh).await })
        })
        .await?;
    let started = match placed {
        Placed::New(payment) => follow(cab, payment).await?,
        Placed::Known(payment) => next_of(cab, payment).await?,
    };
    // The borrower's own page of a payment is not for others.
    let own = started.next == format!("/payments/{}", started.payment);
    Ok(Started {
        next: if own {
            format!("/payer/{}", started.payment)
        } else {
            started.next
        },
        payment: started.payment,
    })
}

async fn begun(
    tx: &Tx,
    cab: &Cabinet,
    token: &str,
    key: Uuid,
    (method, shown): (PayMethod, Kopecks),
    fresh: PaymentId,
) -> Result<Placed> {
    let link = found(tx, cab, token).await?;
    let history = history::lock(tx, cab, link.loan).await?;
    let scope = format!("pay_link:{}", link.id);
    let hash = idempotency::input_hash(&[method.code(), &shown.plain()]);
    if let Claim::Same(reference) = idempotency::claim(tx, cab, &scope, key, &hash).await? {
        return Ok(Placed::Known(id(&reference)?));
    }
    if let Some(row) = open_of(tx, link.loan, Purpose::Debt).await? {
        if row.link.as_deref() != Some(&link.id) {
            return Err(CabinetError::Conflict("payment_open"));
        }
        idempotency::store(tx, &scope, key, &row.id).await?;
        return Ok(Placed::Known(id(&row.id)?));
    }
    let state = history.state(cab.today())?;
    if state.status == Status::Closed || !state.payoff.is_positive() {
        return Err(CabinetError::Conflict("loan_closed"));
    }
    let amount = link
        .amount
        .map_or(state.payoff, |sum| sum.min(state.payoff));
    if amount != shown {
        return Err(CabinetError::Conflict("sum_changed"));
    }
    let row = NewRow {
        payment: fresh,
        loan: link.loan,
        borrower: link.borrower,
        purpose: Purpose::Debt,
        prolongation: None,
        amount,
        method,
        link: Some(link.id),
        // On a balance it repays: whoever pays by a link says what it is for.
        how: How {
            assign: cab
                .lender()
                .payment
                .by_balance()
                .then(|| repay_by(amount, state.payoff)),
            ..How::default()
        },
    };
    place(tx, cab, row).await?;
    idempotency::store(tx, &scope, key, &fresh.to_string()).await?;
    Ok(Placed::New(fresh))
}

/// A payment made by a link, read again at the acquirer while it is not finished. A borrower's own
/// payment is `NotFound` here.
pub async fn payer(cab: &Cabinet, payment: PaymentId) -> Result<PayerView> {
    linked(cab, payment).await?;
    reread(cab, payment).await;
    let row = linked(cab, payment).await?;
    let history = history::load(cab.db().read(), cab, id(&row.borrower)?, id(&row.loan)?).await?;
    Ok(PayerView {
        number: history.row.number,
        amount: Kopecks::new(row.amount),
        method: row.method,
        status: row.status,
        continue_url: row
            .confirmation_url
            .filter(|_| row.status == PayStatus::Waiting),
        created_at: moment(row.created_at),
    })
}
