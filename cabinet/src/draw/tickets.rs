//! What brought a borrower tickets, and what their tickets are called.

use chrono::{Duration, NaiveDate};
use sea_orm::ConnectionTrait;

use super::Terms;
use crate::Cabinet;
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::lender::DrawEntry;
use crate::loan::history::{self, History};
use crate::loan::stored::date;

/// How many hexadecimal digits name a holder: 64 bits, so that no two people share them.
const HOLDER: usize = 16;

/// A ticket: its name, and what brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its public name, which tells nothing of its owner.
    pub name: String,
    /// The number of the contract that brought it.
    pub contract: String,
    /// The day of the payment or of the repayment.
    pub on: NaiveDate,
}

impl Ticket {
    pub(super) fn source(&self) -> String {
        format!("{} {}", self.on, self.contract)
    }

    pub(super) fn read(name: String, source: &str) -> Result<Self> {
        let (on, contract) = source.split_once(' ').unwrap_or((source, ""));
        Ok(Self {
            name,
            contract: contract.to_owned(),
            on: date(on)?,
        })
    }
}

/// The tickets a borrower's loans have brought so far, the oldest first: as many as the rules allow.
pub(super) async fn counted(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    code: &str,
    terms: &Terms,
    borrower: BorrowerId,
) -> Result<Vec<Ticket>> {
    let mut sources: Vec<(NaiveDate, String)> = Vec::new();
    for loan in history::all(db, cab, borrower).await? {
        let days = days(cab, terms, &loan)?;
        let number = &loan.row.number;
        sources.extend(days.into_iter().map(|day| (day, number.clone())));
    }
    sources.sort();
    sources.truncate(usize::try_from(terms.max_tickets).unwrap_or(usize::MAX));
    let holder = holder(cab, code, borrower);
    let tickets = sources
        .into_iter()
        .zip(1..)
        .map(|((on, contract), n)| Ticket {
            name: format!("{holder}-{n}"),
            contract,
            on,
        });
    Ok(tickets.collect())
}

/// One name for a person in a draw, another in the next: keyed, so nobody can try out phones or names.
fn holder(cab: &Cabinet, code: &str, borrower: BorrowerId) -> String {
    let mut name = cab
        .keys()
        .blind_index("draw", &format!("{code}:{borrower}"));
    name.truncate(HOLDER);
    name
}

/// The days of a loan that bring a ticket each.
fn days(cab: &Cabinet, terms: &Terms, loan: &History) -> Result<Vec<NaiveDate>> {
    let period = terms.from..=terms.until;
    let closed = loan.row.closed_on.as_deref().map(date).transpose()?;
    let opened = date(&loan.row.opened_on)?;
    let repaid = closed.filter(|on| {
        let lasted = (*on - opened).num_days() >= i64::from(terms.loan_days);
        period.contains(on) && lasted && loan.row.max_days_overdue == 0
    });
    if terms.entry == DrawEntry::LoanRepaid {
        return Ok(repaid.into_iter().collect());
    }
    let mut days = Vec::new();
    for payment in &loan.terms.schedule.instalments {
        let next = payment.due + Duration::days(1);
        // The day after tells whether it was late; a loan that was repaid earlier had no payment that day.
        let over = next <= cab.today() && closed.is_none_or(|on| payment.due < on);
        if over && period.contains(&payment.due) && loan.state(next)?.days_overdue == 0 {
            days.push(payment.due);
        }
    }
    days.extend(repaid);
    days.sort_unstable();
    days.dedup();
    Ok(days)
}
