//! What a borrower's own loans say about which offers are for them.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::Cabinet;
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::lender::{Promotion, PromotionAudience};
use crate::loan::entity::loan;
use crate::loan::history;
use crate::loan::stored::date;

/// A borrower by their loans here.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Person {
    /// Had a loan here.
    pub had_loan: bool,
    /// Loans repaid without a day of delay.
    pub repaid_on_time: u32,
    /// A payment is late today.
    pub late: bool,
    /// When the last loan was repaid.
    pub last_closed: Option<NaiveDate>,
}

impl Person {
    /// Whether a promotion is meant for them.
    pub(crate) fn meets(&self, one: &Promotion, on: NaiveDate) -> bool {
        match one.audience {
            PromotionAudience::Everybody => true,
            PromotionAudience::New => !self.had_loan,
            PromotionAudience::Repeat => self.had_loan,
            PromotionAudience::Closed => {
                let within = i64::from(one.closed_within_days.unwrap_or_default());
                self.last_closed
                    .is_some_and(|closed| (on - closed).num_days() <= within)
            }
        }
    }
}

/// Reads it; whoever has no cabinet is a newcomer.
pub(crate) async fn person(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: Option<BorrowerId>,
) -> Result<Person> {
    let mut person = Person::default();
    let Some(borrower) = borrower else {
        return Ok(person);
    };
    let rows = loan::Entity::find()
        .filter(loan::Column::Borrower.eq(borrower.to_string()))
        .all(db)
        .await?;
    for row in rows {
        person.had_loan = true;
        if let Some(closed) = row.closed_on.as_deref().map(date).transpose()? {
            person.last_closed = person.last_closed.max(Some(closed));
            person.repaid_on_time += u32::from(row.max_days_overdue == 0);
        } else {
            let loan = history::of(db, cab, row).await?;
            let on = cab.today().max(loan.terms.schedule.start);
            person.late |= loan.state(on)?.days_overdue > 0;
        }
    }
    Ok(person)
}
