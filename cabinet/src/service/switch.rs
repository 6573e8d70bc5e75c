//! Switching on and off: one press each way.

use chrono::{DateTime, NaiveDate, Utc};
use lending::{Kopecks, Status};
use sea_orm::entity::prelude::*;

use super::list::{cost_of, refusal};
use super::stored::{self, Row};
use super::{ServiceStatus, back, text};
use crate::Cabinet;
use crate::access::Origin;
use crate::application::signed_name;
use crate::db::{Tx, sql};
use crate::document::text_hash;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId, PaymentId};
use crate::lender::ServiceUse;
use crate::loan::history::{self, History};
use crate::loan::stored::id;
use crate::notice::{self, Notice};
use crate::payment::entity::payment;
use crate::payment::{How, NewRow, PayStatus, Purpose, follow, next_of, open_of, place};
use crate::ports::PayMethod;

/// What a press of «switch on» came to.
enum Done {
    /// The service is on.
    On,
    /// Its price is to be paid.
    Pay(PaymentId),
    /// Its price is being paid already.
    Paying(PaymentId),
}

/// Switches a service on: a free one at once, for a paid one the answer is where its price is paid. A second press
/// changes nothing.
///
/// Errors: `Conflict` with a code of [`super::Refused`], `Conflict("payment_unfinished")` while the price of another
/// service is being paid; `NotFound` for a service that this loan does not have.
pub async fn switch_on(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    code: &str,
    origin: Origin,
) -> Result<String> {
    let (cabinet, code) = (cab.clone(), code.to_owned());
    let done = cab
        .db()
        .write(move |tx| {
            Box::pin(async move { ask(tx, &cabinet, borrower, loan, &code, &origin).await })
        })
        .await?;
    Ok(match done {
        Done::On => format!("/loans/{loan}/services"),
        Done::Pay(payment) => follow(cab, payment).await?.next,
        Done::Paying(payment) => next_of(cab, payment).await?.next,
    })
}

async fn own(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, loan: LoanId) -> Result<History> {
    let history = history::lock(tx, cab, loan).await?;
    if history.row.borrower != borrower.to_string() {
        return Err(CabinetError::NotFound);
    }
    Ok(history)
}

async fn ask(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    code: &str,
    origin: &Origin,
) -> Result<Done> {
    let history = own(tx, cab, borrower, loan).await?;
    let service = cab.lender().service(code).ok_or(CabinetError::NotFound)?;
    if !service.goes_with(&history.terms.product.code, history.terms.amount) {
        return Err(CabinetError::NotFound);
    }
    if let Some(row) = live(tx, loan, code).await? {
        match going_on(tx, &row).await? {
            Some(done) => return Ok(done),
            // Its payment came to nothing: this press is a new application.
            None => end(tx, cab, &row.id, ServiceStatus::Off).await?,
        }
    }
    let today = cab.today();
    if let Some(refused) = refusal(cab, &history, service, today)? {
        return Err(CabinetError::Conflict(refused.code()));
    }
    let price = service.price();
    let payment = price.is_positive().then(|| PaymentId(cab.fresh_id()));
    if let Some(payment) = payment {
        pay(tx, cab, &history, payment, price).await?;
    }
    let service_id = cab.fresh_id().to_string();
    let free = payment.is_none();
    let status = if free {
        ServiceStatus::On
    } else {
        ServiceStatus::Asked
    };
    sql::execute(
        tx,
        "INSERT INTO service (id, loan, borrower, code, title, price, used, status, payment, asked_at, on_date, kind) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vec![
            service_id.clone().into(),
            loan.into(),
            borrower.into(),
            code.into(),
            service.title.ru.clone().into(),
            price.get().into(),
            service.used.code().into(),
            status.code().into(),
            payment.map(|payment| payment.to_string()).into(),
            cab.now_ms().into(),
            free.then(|| today.to_string()).into(),
            service.kind.code().into(),
        ],
    )
    .await?;
    let cost = cost_of(&history, service)?;
    let name = signed_name(tx, cab, &history.row.contract).await?;
    let words = text::asked(
        cab.lender(),
        &history.row.number,
        today,
        &name,
        service,
        cost.as_ref(),
    );
    say(tx, cab, (&service_id, borrower), true, &words, origin).await?;
    if let Some(payment) = payment {
        return Ok(Done::Pay(payment));
    }
    tell(
        tx,
        cab,
        &history,
        "service_on",
        &service_id,
        &service.title.ru,
    )
    .await?;
    Ok(Done::On)
}

/// What stands behind a service that is on or asked for; nothing when its payment came to nothing.
async fn going_on(tx: &Tx, row: &Row) -> Result<Option<Done>> {
    let Some(paid_by) = row
        .payment
        .as_ref()
        .filter(|_| row.status == ServiceStatus::Asked)
    else {
        return Ok(Some(Done::On));
    };
    let payment = payment::Entity::find_by_id(paid_by).one(tx).await?;
    let over =
        payment.is_none_or(|row| matches!(row.status, PayStatus::Failed | PayStatus::Abandoned));
    if over {
        return Ok(None);
    }
    Ok(Some(Done::Paying(id(paid_by)?)))
}

async fn pay(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    payment: PaymentId,
    price: Kopecks,
) -> Result<()> {
    let loan: LoanId = id(&history.row.id)?;
    if open_of(tx, loan, Purpose::Service).await?.is_some() {
        return Err(CabinetError::Conflict("payment_unfinished"));
    }
    let new = NewRow {
        payment,
        loan,
        borrower: id(&history.row.borrower)?,
        purpose: Purpose::Service,
        prolongation: None,
        amount: price,
        method: PayMethod::Card,
        link: None,
        how: How::default(),
    };
    place(tx, cab, new).await
}

/// Switches a service off, at once. What was not used of its price goes back while the law's time runs.
///
/// Errors: `NotFound` when it is not on.
pub async fn switch_off(
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    code: &str,
    origin: Origin,
) -> Result<()> {
    let (cabinet, code) = (cab.clone(), code.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move { refuse(tx, &cabinet, borrower, loan, &code, &origin).await })
        })
        .await
}

async fn refuse(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    loan: LoanId,
    code: &str,
    origin: &Origin,
) -> Result<()> {
    let history = own(tx, cab, borrower, loan).await?;
    let row = live(tx, loan, code).await?.ok_or(CabinetError::NotFound)?;
    let today = cab.today();
    let owed = row.paid().and_then(|paid| paid.refund(today).ok());
    let name = signed_name(tx, cab, &history.row.contract).await?;
    let words = text::refused(
        cab.lender(),
        &history.row.number,
        today,
        &name,
        &row.title,
        owed.as_ref(),
    );
    say(tx, cab, (&row.id, borrower), false, &words, origin).await?;
    match owed {
        Some(owed) => back::owe(tx, cab, &history, &row, &owed).await?,
        // A price that is still being paid comes back when it comes: see `bought`.
        None if row.paid().is_none() => end(tx, cab, &row.id, ServiceStatus::Off).await?,
        None => end(tx, cab, &row.id, ServiceStatus::Ended).await?,
    }
    tell(tx, cab, &history, "service_off", &row.id, &row.title).await
}

/// The service of a loan that is on or asked for.
async fn live(tx: &Tx, loan: LoanId, code: &str) -> Result<Option<Row>> {
    let rows = stored::of_loan(tx, loan).await?;
    Ok(rows.into_iter().find(|row| {
        row.code == code && matches!(row.status, ServiceStatus::Asked | ServiceStatus::On)
    }))
}

pub(super) async fn end(
    tx: &Tx,
    cab: &Cabinet,
    service: &str,
    status: ServiceStatus,
) -> Result<()> {
    let statement = "UPDATE service SET status = $1, off_at = $2 WHERE id = $3";
    let values = vec![status.code().into(), cab.now_ms().into(), service.into()];
    sql::execute(tx, statement, values).await.map(drop)
}

/// A line of the ledger of consents.
async fn say(
    tx: &Tx,
    cab: &Cabinet,
    (service, borrower): (&str, BorrowerId),
    given: bool,
    words: &str,
    origin: &Origin,
) -> Result<()> {
    let word = cab.fresh_id().to_string();
    let seal = |column: &str, value: &str| cab.keys().encrypt("service_word", column, &word, value);
    sql::execute(
        tx,
        "INSERT INTO service_word (id, number, service, borrower, given, text, text_hash, at, address, agent) \
         VALUES ($1, (SELECT COUNT(*) + 1 FROM service_word WHERE service = $2), $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            word.clone().into(),
            service.into(),
            borrower.into(),
            i64::from(given).into(),
            seal("text", words)?.into(),
            text_hash(words).into(),
            cab.now_ms().into(),
            seal("address", &origin.ip)?.into(),
            seal("agent", &origin.user_agent)?.into(),
        ],
    )
    .await
    .map(drop)
}

/// Whether a payment is a service's price.
pub(crate) fn pays(row: &payment::Model) -> bool {
    row.purpose == Purpose::Service
}

/// The price came: the service acts from the next day. Money for one that was refused meanwhile goes back whole.
pub(crate) async fn bought(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    payment: &payment::Model,
    on: NaiveDate,
    at: DateTime<Utc>,
) -> Result<()> {
    let row = stored::by(tx, "payment", &payment.id).await?;
    let row = row.ok_or_else(|| CabinetError::internal("the price of no service"))?;
    let to = history.state(on)?.due;
    let from = on
        .succ_opt()
        .filter(|from| *from <= to && row.used == ServiceUse::Term.code());
    let statement = "UPDATE service SET on_date = $1, from_on = $2, to_on = $3 WHERE id = $4";
    let values = vec![
        on.to_string().into(),
        from.map(|day| day.to_string()).into(),
        from.map(|_| to.to_string()).into(),
        row.id.clone().into(),
    ];
    sql::execute(tx, statement, values).await?;
    if row.status != ServiceStatus::Asked {
        let paid = stored::by(tx, "id", &row.id)
            .await?
            .and_then(|row| row.paid());
        let whole = paid.and_then(|paid| paid.refund(on).ok());
        let whole = whole.ok_or_else(|| CabinetError::internal("a price that can't go back"))?;
        return back::owe(tx, cab, history, &row, &whole).await;
    }
    tracing::info!(service = %row.id, %at, "a service is on");
    let values = vec![row.id.clone().into()];
    sql::execute(tx, "UPDATE service SET status = 'on' WHERE id = $1", values).await?;
    tell(tx, cab, history, "service_on", &row.id, &row.title).await
}

async fn tell(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    kind: &'static str,
    occasion: &str,
    title: &str,
) -> Result<()> {
    let borrower: BorrowerId = id(&history.row.borrower)?;
    let notice = Notice {
        borrower,
        object: history.row.id.clone(),
        kind,
        occasion: occasion.to_owned(),
        args: vec![("service", title.to_owned())],
    };
    notice::tell(tx, cab, notice).await
}

/// Whether anything can still be bought with a loan.
pub(super) fn open(history: &History, today: NaiveDate) -> Result<Option<(Status, NaiveDate)>> {
    let state = history.state(today.max(history.terms.schedule.start))?;
    Ok((state.status != Status::Closed).then_some((state.status, state.due)))
}
