//! A loan with what happened to it, ready for the arithmetic.

use chrono::NaiveDate;
use lending::{
    AnnualRate, Balance, DailyRate, Debt, Event, HolidayBasis, Keep, Kopecks, LoanError, LoanState,
    Movement, Part, Rate, Status, Terms,
};
use sea_orm::entity::prelude::*;

use super::OperationKind;
use super::entity::{loan, operation};
use super::stored::{count, date, read};
use crate::balance::entity::order;
use crate::balance::{self, Ledger};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};

mod load;

pub(crate) use load::{all, load, lock, of, open};

/// A loan's row, its frozen terms and its operations in the order of posting; of one with a balance,
/// also what the balance has paid by today, written down already or not.
pub(crate) struct History {
    pub row: loan::Model,
    pub terms: Terms,
    pub operations: Vec<operation::Model>,
    balance: Option<OnBalance>,
    today: NaiveDate,
}

/// The balance's side of a history.
struct OnBalance {
    /// Operations that do not follow from the balance.
    given: Vec<operation::Model>,
    /// Debits as they are stored.
    stored: Vec<operation::Model>,
    orders: Vec<order::Model>,
    ledger: Ledger,
    book: Balance,
}

/// Debt that the lender gave up: the operation, its event and all events before it.
pub(crate) struct GivenUp<'a> {
    pub(crate) row: &'a operation::Model,
    pub(crate) event: Event,
    pub(crate) earlier: Vec<Event>,
}

impl History {
    /// What was given up by bonuses or written off, in its order.
    pub(crate) fn given_up(&self, kind: OperationKind) -> Result<Vec<GivenUp<'_>>> {
        let mut rows = Vec::new();
        for row in &self.operations {
            if row.kind == kind && row.amount > 0 {
                rows.push((date(&row.on_date)?, row.seq, row));
            }
        }
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        rows.sort_by_key(|(on, seq, _)| (*on, *seq));
        let events = self.events()?;
        let places = events.iter().enumerate().filter(|(_, event)| match kind {
            OperationKind::Discount => matches!(event, Event::Discount { .. }),
            OperationKind::WriteOff => matches!(event, Event::WriteOff { .. }),
            _ => false,
        });
        let given = places.zip(rows).map(|((at, event), (_, _, row))| GivenUp {
            row,
            event: *event,
            earlier: events.iter().take(at).copied().collect(),
        });
        Ok(given.collect())
    }

    /// The events of the arithmetic, by date and then by order of posting.
    pub(crate) fn events(&self) -> Result<Vec<Event>> {
        if let Some(balance) = &self.balance {
            return Ok(balance.ledger.events(&balance.book));
        }
        let mut dated: Vec<(NaiveDate, i64, Event)> = Vec::new();
        for row in &self.operations {
            for event in events_of(row)? {
                dated.push((event.on(), row.seq, event));
            }
        }
        dated.sort_by_key(|(on, seq, _)| (*on, *seq));
        Ok(dated.into_iter().map(|(_, _, event)| event).collect())
    }

    /// The debt at the end of a day; on a later one, after the payment dates that the balance will
    /// have paid.
    pub(crate) fn state(&self, on: NaiveDate) -> Result<LoanState> {
        if let Some(balance) = &self.balance {
            return Ok(balance.ledger.on(&self.terms, on)?.loan);
        }
        lending::state(&self.terms, &self.events()?, on).map_err(broken)
    }

    /// Whether anything was ever put on the balance.
    pub(crate) const fn on_balance(&self) -> bool {
        self.balance.is_some()
    }

    /// Money on the balance that nothing has taken.
    pub(crate) fn left(&self) -> Kopecks {
        self.balance
            .as_ref()
            .map_or(Kopecks::ZERO, |balance| balance.book.left)
    }

    /// The same at the end of another day.
    pub(crate) fn left_on(&self, on: NaiveDate) -> Result<Kopecks> {
        match &self.balance {
            Some(balance) => Ok(balance.ledger.on(&self.terms, on)?.left),
            None => Ok(Kopecks::ZERO),
        }
    }

    /// The balance today.
    pub(crate) fn book(&self) -> Option<&Balance> {
        self.balance.as_ref().map(|balance| &balance.book)
    }

    /// What is beyond the debt and was not sent back: a surplus, and of a closed loan its balance.
    pub(crate) fn surplus(&self, now: &LoanState) -> Kopecks {
        let over = now.overpaid.less(self.refunded().less(self.returned()));
        if now.status == Status::Closed {
            return over + self.left();
        }
        over
    }

    /// What orders took off the balance to send it back.
    pub(crate) fn returned(&self) -> Kopecks {
        let Some(balance) = &self.balance else {
            return Kopecks::ZERO;
        };
        let returns = |entry: &&lending::Entry| matches!(entry.movement, Movement::Returned { .. });
        let all = balance.book.entries.iter().filter(returns);
        all.map(|entry| entry.amount).sum()
    }

    /// What has been sent back of the surplus; what went back for services is not of it.
    pub(crate) fn refunded(&self) -> Kopecks {
        self.operations
            .iter()
            .filter(|row| row.kind == OperationKind::Refund)
            .map(|row| Kopecks::new(row.amount).less(Kopecks::new(row.fee)))
            .sum()
    }

    /// The number of the next operation.
    pub(crate) fn next_seq(&self) -> i64 {
        let stored = self.balance.iter().flat_map(|balance| &balance.stored);
        self.operations
            .iter()
            .chain(stored)
            .map(|row| row.seq)
            .max()
            .map_or(0, |last| last.saturating_add(1))
    }

    /// Whether an operation with this reference is posted already.
    pub(crate) fn posted(&self, reference: &str) -> bool {
        self.operations.iter().any(|row| row.reference == reference)
    }

    /// Takes a posted operation in.
    pub(crate) fn push(&mut self, row: operation::Model) -> Result<()> {
        let (mut given, stored, orders) = match self.balance.take() {
            Some(balance) => (balance.given, balance.stored, balance.orders),
            None => (std::mem::take(&mut self.operations), Vec::new(), Vec::new()),
        };
        given.push(row);
        self.compute(given, stored, orders)
    }

    /// Takes an order of the balance in.
    pub(crate) fn order(&mut self, row: order::Model) -> Result<()> {
        self.change_orders(|orders| orders.push(row))
    }

    /// Forgets a cancelled order.
    pub(crate) fn without_order(&mut self, id: &str) -> Result<()> {
        self.change_orders(|orders| orders.retain(|row| row.id != id))
    }

    fn change_orders(&mut self, change: impl FnOnce(&mut Vec<order::Model>)) -> Result<()> {
        let Some(balance) = self.balance.take() else {
            return Ok(());
        };
        let mut orders = balance.orders;
        change(&mut orders);
        self.compute(balance.given, balance.stored, orders)
    }

    /// Debits that are stored and no longer follow, and those that are not stored as they follow,
    /// with what is stored of them.
    #[allow(clippy::type_complexity)] // Two lists of rows, the second with their old selves.
    pub(crate) fn unsaved(
        &self,
    ) -> (
        Vec<operation::Model>,
        Vec<(Option<operation::Model>, operation::Model)>,
    ) {
        let Some(balance) = &self.balance else {
            return (Vec::new(), Vec::new());
        };
        let known = |rows: &[operation::Model], reference: &str| {
            rows.iter().find(|row| row.reference == reference).cloned()
        };
        let computed = self
            .operations
            .iter()
            .filter(|row| known(&balance.given, &row.reference).is_none());
        let new = computed
            .map(|row| (known(&balance.stored, &row.reference), row.clone()))
            .filter(|(old, row)| old.as_ref() != Some(row))
            .collect();
        let gone = balance
            .stored
            .iter()
            .filter(|row| !self.posted(&row.reference));
        (gone.cloned().collect(), new)
    }

    /// Reads anew what is stored.
    pub(crate) async fn saved(&mut self, tx: &Tx) -> Result<()> {
        if let Some(balance) = self.balance.take() {
            let all = operations_of(tx, &self.row.id).await?;
            let (stored, given) = apart(all, &balance.orders);
            self.compute(given, stored, balance.orders)?;
        }
        Ok(())
    }

    fn compute(
        &mut self,
        given: Vec<operation::Model>,
        stored: Vec<operation::Model>,
        orders: Vec<order::Model>,
    ) -> Result<()> {
        let Some(ledger) = balance::ledger(&given, &orders)? else {
            self.operations = given;
            return Ok(());
        };
        let last = given.iter().map(|row| date(&row.on_date));
        let mut on = self.today.max(self.terms.schedule.start);
        for day in last {
            on = on.max(day?);
        }
        let book = ledger.on(&self.terms, on)?;
        let all = given.iter().chain(&stored).map(|row| row.seq);
        let next = all.max().map_or(0, |last| last.saturating_add(1));
        let debits = balance::debits(&self.row.id, &book, &orders, &stored, next)?;
        self.operations = given.iter().cloned().chain(debits).collect();
        self.balance = Some(OnBalance {
            given,
            stored,
            orders,
            ledger,
            book,
        });
        Ok(())
    }
}

/// An operation as events; money that moved without repaying anything is none, and debits follow
/// from the balance.
pub(crate) fn events_of(row: &operation::Model) -> Result<Vec<Event>> {
    let on = date(&row.on_date)?;
    match row.kind {
        OperationKind::Payment => money_events(row, on),
        OperationKind::Prolongation => Ok(vec![Event::Prolongation {
            on,
            days: count(row.days.unwrap_or_default())?,
        }]),
        OperationKind::Pause => Ok(vec![Event::Pause { on }]),
        OperationKind::Resume => Ok(vec![Event::Resume { on }]),
        OperationKind::Holiday => Ok(vec![Event::Holiday {
            on,
            months: count(row.days.unwrap_or_default())?,
            basis: basis_of(&row.title)?,
        }]),
        // One that came to nothing, because money of an earlier day had paid the interest, is no event.
        OperationKind::Discount if row.amount > 0 => Ok(vec![Event::Discount {
            on,
            amount: Kopecks::new(row.amount),
        }]),
        OperationKind::WriteOff if row.amount > 0 => Ok(vec![Event::WriteOff {
            on,
            debt: Debt::of(&read::<Vec<Part>>(&row.parts)?),
        }]),
        OperationKind::RateCut => Ok(vec![Event::RateCut {
            on,
            rate: rate_of(row)?,
        }]),
        OperationKind::Discount
        | OperationKind::WriteOff
        | OperationKind::Disbursement
        | OperationKind::Refund
        | OperationKind::TopUp
        | OperationKind::Debit => Ok(Vec::new()),
    }
}

/// Days of a year, as the column says that a rate is of one.
pub(crate) const YEAR: i64 = 365;

/// What a rate was lowered to: of a day, or of a year.
pub(crate) fn rate_of(row: &operation::Model) -> Result<Rate> {
    let ppm = count(row.rate.unwrap_or_default())?;
    Ok(match row.days {
        Some(YEAR) => Rate::Annual(AnnualRate::from_ppm(ppm)),
        _ => Rate::Daily(DailyRate::from_ppm(ppm)),
    })
}

/// A receipt's part for the debt, and its part for a service, which counts against the cap.
pub(crate) fn money_events(row: &operation::Model, on: NaiveDate) -> Result<Vec<Event>> {
    let fee = Kopecks::new(row.fee);
    let amount = Kopecks::new(row.amount).less(fee);
    let payment = match keep_of(row.keep.as_deref())? {
        Some(keep) => Event::Prepayment { on, amount, keep },
        None => Event::Payment { on, amount },
    };
    let service = Event::Service { on, amount: fee };
    let paid = amount.is_positive().then_some(payment);
    let bought = fee.is_positive().then_some(service);
    Ok(paid.into_iter().chain(bought).collect())
}

/// Why a holiday was given, from the operation's title.
fn basis_of(stored: &str) -> Result<HolidayBasis> {
    match stored {
        "income_drop" => Ok(HolidayBasis::IncomeDrop),
        "emergency" => Ok(HolidayBasis::Emergency),
        other => Err(CabinetError::internal(format!("stored basis {other:?}"))),
    }
}

/// What a payment keeps of the schedule, from its column.
pub(crate) fn keep_of(stored: Option<&str>) -> Result<Option<Keep>> {
    match stored {
        None => Ok(None),
        Some("term") => Ok(Some(Keep::Term)),
        Some("payment") => Ok(Some(Keep::Payment)),
        Some(other) => Err(CabinetError::internal(format!("stored keep {other:?}"))),
    }
}

async fn operations_of(db: &impl ConnectionTrait, loan: &str) -> Result<Vec<operation::Model>> {
    let rest = "WHERE loan = $1 ORDER BY seq";
    sql::models::<operation::Entity>(db, rest, vec![loan.into()]).await
}

/// What follows from the balance, and what does not.
fn apart(
    all: Vec<operation::Model>,
    orders: &[order::Model],
) -> (Vec<operation::Model>, Vec<operation::Model>) {
    let ordered = |row: &operation::Model| {
        let agreed = orders
            .iter()
            .filter_map(|order| order.prolongation.as_ref());
        let mut names = agreed.map(|id| format!("prolongation:{id}"));
        row.kind == OperationKind::Prolongation && names.any(|name| name == row.reference)
    };
    all.into_iter()
        .partition(|row| row.kind == OperationKind::Debit || ordered(row))
}

/// The stored loan does not compute: ours to repair.
pub(crate) fn broken(error: LoanError) -> CabinetError {
    CabinetError::internal(format!("loan: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(amount: i64, fee: i64) -> operation::Model {
        operation::Model {
            id: "1".to_owned(),
            loan: "2".to_owned(),
            seq: 1,
            kind: OperationKind::Payment,
            on_date: "2026-12-23".to_owned(),
            at: 0,
            amount,
            fee,
            days: None,
            parts: "[]".to_owned(),
            overpaid: 0,
            title: String::new(),
            reference: "r".to_owned(),
            keep: None,
            rate: None,
        }
    }

    /// The price of a service repays nothing and counts against the accrual cap.
    #[test]
    fn a_receipt_is_its_debt_and_its_service() {
        let on = NaiveDate::from_ymd_opt(2026, 12, 23).expect("a date");
        let payment = |amount| Event::Payment {
            on,
            amount: Kopecks::new(amount),
        };
        let service = |amount| Event::Service {
            on,
            amount: Kopecks::new(amount),
        };
        let events = |amount, fee| events_of(&receipt(amount, fee)).expect("events");
        assert_eq!(events(500, 0), [payment(500)]);
        assert_eq!(events(500, 200), [payment(300), service(200)]);
        assert_eq!(events(200, 200), [service(200)]);
    }
}
