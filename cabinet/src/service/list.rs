//! The catalogue for a loan, and the ledger of consents.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use lending::{Kopecks, ServiceCost, Status, service_cost};
use sea_orm::QueryResult;
use sea_orm::entity::prelude::*;

use super::stored::{self, Row};
use super::switch::open;
use super::{Back, Last, Refused, ServiceStatus, ServiceView, Services};
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId};
use crate::lender::{Service, ServiceKind};
use crate::loan::history::{self, History};
use crate::loan::stored::{id, moment};
use crate::refund::RefundStatus;
use crate::refund::entity::refund;
use crate::{Cabinet, notice};

/// What may be switched on with a borrower's own loan, and how each stands.
pub async fn view(cab: &Cabinet, borrower: BorrowerId, loan: LoanId) -> Result<Services> {
    let db = cab.db().read();
    let history = history::load(db, cab, borrower, loan).await?;
    let rows = stored::of_loan(db, loan).await?;
    let today = cab.today();
    let mut list = Vec::new();
    for service in &cab.lender().services {
        let before = rows.iter().find(|row| row.code == service.code);
        if before.is_none() && !service.goes_with(&history.terms.product.code, history.terms.amount)
        {
            continue;
        }
        list.push(ServiceView {
            code: service.code.clone(),
            kind: service.kind,
            title: service.title.clone(),
            about: service.about.clone(),
            by: service.by.clone(),
            price: service.price(),
            cost: cost_of(&history, service)?,
            refused: refusal(cab, &history, service, today)?,
            last: match before {
                Some(row) => Some(last_of(db, row, today).await?),
                None => None,
            },
        });
    }
    Ok(Services {
        number: history.row.number,
        list,
    })
}

async fn last_of(db: &impl ConnectionTrait, row: &Row, today: NaiveDate) -> Result<Last> {
    let paid = row.paid();
    let on = row.status == ServiceStatus::On;
    let back = match (row.refund_sum, row.kept, row.pay_by) {
        (Some(sum), Some(kept), Some(pay_by)) => Some(Back {
            sum: Kopecks::new(sum),
            kept: Kopecks::new(kept),
            pay_by,
            status: status_of(db, row.refund.as_deref()).await?,
        }),
        _ => None,
    };
    Ok(Last {
        status: row.status,
        price: row.price,
        payment: row.payment.as_deref().map(id).transpose()?,
        on: row.on,
        last_day: paid.filter(|_| on).and_then(|paid| paid.last_day()),
        would_return: paid
            .filter(|_| on)
            .and_then(|paid| paid.refund(today).ok())
            .map(|refund| refund.amount),
        back,
        off_at: row.off_at.map(moment),
    })
}

async fn status_of(
    db: &impl ConnectionTrait,
    refund: Option<&str>,
) -> Result<Option<RefundStatus>> {
    let Some(refund) = refund else {
        return Ok(None);
    };
    let row = refund::Entity::find_by_id(refund).one(db).await?;
    Ok(row.map(|row| row.status))
}

/// What the price of a service does to the full cost of a loan; none of a free one.
pub(super) fn cost_of(history: &History, service: &Service) -> Result<Option<ServiceCost>> {
    let price = service.price();
    if !price.is_positive() {
        return Ok(None);
    }
    let cost = service_cost(&history.terms, price).map_err(CabinetError::internal)?;
    Ok(Some(cost))
}

/// Why a service can't be switched on today.
pub(super) fn refusal(
    cab: &Cabinet,
    history: &History,
    service: &Service,
    today: NaiveDate,
) -> Result<Option<Refused>> {
    let Some((status, due)) = open(history, today)? else {
        return Ok(Some(Refused::Closed));
    };
    // The last message goes a week before the last date: on that day nothing is left to be sent.
    if service.kind == ServiceKind::Sms && today + Duration::days(notice::FURTHEST_DAYS) >= due {
        return Ok(Some(Refused::Late));
    }
    let Some(cost) = cost_of(history, service)? else {
        return Ok(None);
    };
    if status == Status::Overdue || today >= due {
        return Ok(Some(Refused::Late));
    }
    if !cost.fits {
        return Ok(Some(Refused::FullCost));
    }
    if !cab.lender().payment.in_cabinet() {
        return Ok(Some(Refused::Outside));
    }
    let state = history.state(today.max(history.terms.schedule.start))?;
    let room = state.cap.map(|cap| cap.less(state.accrued));
    let above = room.is_some_and(|room| service.price() > room);
    Ok(above.then_some(Refused::Accrual))
}

/// A line of the ledger of consents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its id: the object of the document.
    pub id: String,
    /// The loan.
    pub loan: LoanId,
    /// The contract's number.
    pub number: String,
    /// The service's stable name.
    pub code: String,
    /// Its title on that day.
    pub title: String,
    /// What it cost.
    pub price: Kopecks,
    /// Switched on, or off.
    pub given: bool,
    /// The words.
    pub text: String,
    /// SHA-256 of the words.
    pub hash: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The network address it came from.
    pub address: String,
    /// The browser.
    pub agent: String,
}

const WORDS: &str = "SELECT word.id, word.given, word.text, word.text_hash, word.at, word.address, word.agent, \
                     service.loan, service.code, service.title, service.price, loan.number \
                     FROM service_word AS word JOIN service ON service.id = word.service \
                     JOIN loan ON loan.id = service.loan WHERE word.borrower = $1";

/// Every word of a borrower about services, the oldest first.
pub async fn words(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Word>> {
    let statement = format!("{WORDS} ORDER BY word.at, word.number");
    let rows = sql::all(cab.db().read(), &statement, vec![borrower.into()]).await?;
    rows.iter().map(|row| opened(cab, row)).collect()
}

/// One of them; somebody else's is `NotFound`.
pub(crate) async fn word(cab: &Cabinet, borrower: BorrowerId, word: &str) -> Result<Word> {
    let statement = format!("{WORDS} AND word.id = $2");
    let row = sql::one(
        cab.db().read(),
        &statement,
        vec![borrower.into(), word.into()],
    )
    .await?;
    opened(cab, &row.ok_or(CabinetError::NotFound)?)
}

fn opened(cab: &Cabinet, row: &QueryResult) -> Result<Word> {
    let text = |column| sql::get::<String>(row, column);
    let word = text("id")?;
    let open =
        |column: &str, sealed: String| cab.keys().decrypt("service_word", column, &word, &sealed);
    Ok(Word {
        loan: id(&text("loan")?)?,
        number: text("number")?,
        code: text("code")?,
        title: text("title")?,
        price: Kopecks::new(sql::get(row, "price")?),
        given: sql::get::<i64>(row, "given")? == 1,
        text: open("text", text("text")?)?,
        hash: text("text_hash")?,
        at: moment(sql::get(row, "at")?),
        address: open("address", text("address")?)?,
        agent: open("agent", text("agent")?)?,
        id: word,
    })
}
