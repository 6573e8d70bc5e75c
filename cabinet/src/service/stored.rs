//! Rows of services; the why of each column stands in the migration.

use chrono::NaiveDate;
use lending::{Kopecks, PaidService, Use};
use sea_orm::{ConnectionTrait, QueryResult};

use super::ServiceStatus;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::LoanId;
use crate::loan::stored::date;

/// A service that was switched on.
pub(super) struct Row {
    pub id: String,
    pub loan: String,
    pub borrower: String,
    pub code: String,
    pub title: String,
    pub price: Kopecks,
    pub used: String,
    pub status: ServiceStatus,
    pub payment: Option<String>,
    pub on: Option<NaiveDate>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub off_at: Option<i64>,
    pub refund: Option<String>,
    pub refund_sum: Option<i64>,
    pub kept: Option<i64>,
    pub pay_by: Option<NaiveDate>,
}

const SELECT: &str = "SELECT id, loan, borrower, code, title, price, used, status, payment, on_date, from_on, to_on, \
                      off_at, refund, refund_sum, kept, pay_by FROM service";

impl Row {
    fn read(row: &QueryResult) -> Result<Self> {
        let text = |column| sql::get::<String>(row, column);
        let maybe = |column| sql::get::<Option<String>>(row, column);
        let day = |column| -> Result<Option<NaiveDate>> {
            maybe(column)?.map(|text| date(&text)).transpose()
        };
        let status = text("status")?;
        Ok(Self {
            id: text("id")?,
            loan: text("loan")?,
            borrower: text("borrower")?,
            code: text("code")?,
            title: text("title")?,
            price: Kopecks::new(sql::get(row, "price")?),
            used: text("used")?,
            status: ServiceStatus::from_code(&status)
                .ok_or_else(|| CabinetError::internal(format!("stored service {status:?}")))?,
            payment: maybe("payment")?,
            on: day("on_date")?,
            from: day("from_on")?,
            to: day("to_on")?,
            off_at: sql::get(row, "off_at")?,
            refund: maybe("refund")?,
            refund_sum: sql::get(row, "refund_sum")?,
            kept: sql::get(row, "kept")?,
            pay_by: day("pay_by")?,
        })
    }

    /// What was bought, as the law's clock of refusing sees it; nothing while it does not act or costs nothing.
    pub(super) fn paid(&self) -> Option<PaidService> {
        let bought_on = self.on?;
        let used = match (self.used.as_str(), self.from, self.to) {
            ("term", Some(from), Some(to)) => Use::Daily { from, to },
            _ => Use::Once { done_on: None },
        };
        self.price.is_positive().then_some(PaidService {
            bought_on,
            price: self.price,
            used,
        })
    }
}

/// Services of a loan, the newest first.
pub(super) async fn of_loan(conn: &impl ConnectionTrait, loan: LoanId) -> Result<Vec<Row>> {
    let statement = format!("{SELECT} WHERE loan = $1 ORDER BY asked_at DESC, id DESC");
    let rows = sql::all(conn, &statement, vec![loan.into()]).await?;
    rows.iter().map(Row::read).collect()
}

/// The service that a payment pays for, or that a refund gives money back for.
pub(super) async fn by(
    conn: &impl ConnectionTrait,
    column: &'static str,
    value: &str,
) -> Result<Option<Row>> {
    let statement = format!("{SELECT} WHERE {column} = $1");
    let row = sql::one(conn, &statement, vec![value.into()]).await?;
    row.as_ref().map(Row::read).transpose()
}

/// Whether a loan has the service of text messages, switched on.
pub(crate) async fn informs(conn: &impl ConnectionTrait, loan: &str) -> Result<bool> {
    let statement =
        "SELECT id FROM service WHERE loan = $1 AND kind = 'sms' AND status = 'on' LIMIT 1";
    Ok(sql::one(conn, statement, vec![loan.into()])
        .await?
        .is_some())
}
