//! Balance mode: money is put on a balance first and counts for the loan only when it is debited.
//!
//! A debit happens on a payment date, on request (repay, prolong), or, when something is late, on
//! the day money arrives: what was missed is an order to pay that still stands. A debit counts with
//! its own date, and no earlier than the day the acquirer took the money, whenever the news of it
//! came. Until then money on the balance stops no interest, and a page must say so:
//! [`Balance::idle_saves`] is what assigning it today would save.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::loan::{Event, Keep, LoanError, LoanState, Part, Terms};
use crate::money::Kopecks;
use crate::prolongation::{ProlongationRefusal, ProlongationRules, quote_prolongation};
use crate::run::Run;

/// Money put on the balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUp {
    /// The business date on which the acquirer took it.
    pub on: NaiveDate,
    /// How much, above zero.
    pub amount: Kopecks,
}

/// What the borrower asked to do with the balance. Stored for years: names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Order {
    /// «Погасить»: debit now, and what is missing as soon as it arrives.
    Repay {
        /// The day of the order.
        on: NaiveDate,
        /// How much; `None` closes the loan.
        amount: Option<Kopecks>,
        /// Asks for a new schedule (art. 11), and what it keeps.
        keep: Option<Keep>,
    },
    /// «Продлить»: debit the price and move the due date, once the money is there.
    Prolong {
        /// The day of the order.
        on: NaiveDate,
        /// Days added to the old due date.
        days: u32,
    },
    /// Send money that is not assigned back to the borrower.
    Return {
        /// The day of the order.
        on: NaiveDate,
        /// How much.
        amount: Kopecks,
    },
}

impl Order {
    /// The day of the order.
    pub const fn on(&self) -> NaiveDate {
        match self {
            Self::Repay { on, .. } | Self::Prolong { on, .. } | Self::Return { on, .. } => *on,
        }
    }
}

/// What moved money on or off the balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Movement {
    /// Money came.
    TopUp,
    /// A payment date, or a missed one, took it.
    Due,
    /// An order took it for the debt.
    Repaid {
        /// The order's place in the list.
        order: usize,
    },
    /// An order bought a paid service.
    Service {
        /// The order's place in the list.
        order: usize,
    },
    /// An order sent it back.
    Returned {
        /// The order's place in the list.
        order: usize,
    },
}

/// A line of the balance's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The day it counts for.
    pub on: NaiveDate,
    /// What it was.
    pub movement: Movement,
    /// How much, above zero.
    pub amount: Kopecks,
    /// The balance after it.
    pub left: Kopecks,
    /// What it repaid, in the legal order of the day.
    pub parts: Vec<Part>,
}

/// Why an order was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum OrderRefusal {
    /// Nothing is owed any more.
    #[error("the loan is closed")]
    Closed,
    /// The balance is smaller than what should be sent back.
    #[error("the balance is smaller")]
    Balance {
        /// What is on it.
        left: Kopecks,
    },
    /// An amount of nothing or less.
    #[error("an amount must be above zero")]
    Amount,
    /// The lender does not prolong this product.
    #[error("this product is not prolonged")]
    NoProlongation,
    /// The prolongation is refused.
    #[error(transparent)]
    Prolongation {
        /// Why.
        why: ProlongationRefusal,
    },
}

/// What a balance is computed from.
#[derive(Debug, Clone, Copy)]
pub struct BalanceInput<'a> {
    /// The loan's frozen terms.
    pub terms: &'a Terms,
    /// What happened to the loan past the balance (a holiday, a payment in cash), in date order.
    pub events: &'a [Event],
    /// Money put on the balance, in any order.
    pub top_ups: &'a [TopUp],
    /// What the borrower asked for, in any order of dates; a day's orders in the list's order.
    pub orders: &'a [Order],
    /// The lender's rules of prolonging this product.
    pub prolongation: Option<&'a ProlongationRules>,
    /// Prolongations of the borrower's other loans, with their days.
    pub past_year: &'a [(NaiveDate, u32)],
}

/// A balance at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The day; its orders and payment date are included.
    pub on: NaiveDate,
    /// Money that no order and no payment date has taken. It stops no interest.
    pub left: Kopecks,
    /// What assigning all of it today would save, against keeping to the schedule.
    pub idle_saves: Kopecks,
    /// Every top-up and every debit.
    pub entries: Vec<Entry>,
    /// The events that the debits are for the loan, in date order, without those given.
    pub events: Vec<Event>,
    /// Orders that wait for money, by their place in the list, and how much is missing today.
    pub waiting: Vec<(usize, Kopecks)>,
    /// Orders that were not carried out, and why.
    pub refused: Vec<(usize, OrderRefusal)>,
    /// The loan after all of it.
    pub loan: LoanState,
}

/// The balance at the end of the day `on`; what is later is ignored.
///
/// Errors: a day before the loan began, given events out of order or impossible, a top-up of
/// nothing.
pub fn balance(input: &BalanceInput<'_>, on: NaiveDate) -> Result<Balance, LoanError> {
    let mut book = Book::new(input)?;
    if on < book.run.at {
        return Err(LoanError::BeforeStart { on });
    }
    if input
        .top_ups
        .iter()
        .any(|top_up| !top_up.amount.is_positive())
    {
        return Err(LoanError::Amount);
    }
    let mut known = known_dates(input);
    while let Some(day) = book.next_day(&mut known).filter(|day| *day <= on) {
        book.run.advance(day);
        book.live(day)?;
    }
    book.run.advance(on);
    Ok(book.finish(on))
}

/// The days on which something is known to happen, whatever the due dates will be.
fn known_dates(input: &BalanceInput<'_>) -> BTreeSet<NaiveDate> {
    let start = input.terms.schedule.start;
    let events = input.events.iter().map(Event::on);
    let top_ups = input.top_ups.iter().map(|top_up| top_up.on.max(start));
    let orders = input.orders.iter().map(|order| order.on().max(start));
    events.chain(top_ups).chain(orders).collect()
}

/// An order that is not carried out in full yet.
#[derive(Clone, Copy)]
struct Open {
    place: usize,
    order: Order,
    /// What [`Order::Repay`] still has to debit.
    rest: Option<Kopecks>,
}

/// The balance and the loan, day by day of those on which something happens.
struct Book<'a> {
    input: &'a BalanceInput<'a>,
    run: Run<'a>,
    /// The last day that was lived.
    lived: Option<NaiveDate>,
    given: usize,
    all: Vec<Event>,
    made: Vec<Event>,
    left: Kopecks,
    entries: Vec<Entry>,
    open: Vec<Open>,
    refused: Vec<(usize, OrderRefusal)>,
}

impl<'a> Book<'a> {
    fn new(input: &'a BalanceInput<'a>) -> Result<Self, LoanError> {
        Ok(Self {
            input,
            run: Run::new(input.terms)?,
            lived: None,
            given: 0,
            all: Vec::new(),
            made: Vec::new(),
            left: Kopecks::ZERO,
            entries: Vec::new(),
            open: Vec::new(),
            refused: Vec::new(),
        })
    }

    /// The next day with something to do: a known one, or a payment date when there is money.
    fn next_day(&self, known: &mut BTreeSet<NaiveDate>) -> Option<NaiveDate> {
        if let Some(lived) = self.lived {
            known.retain(|day| *day > lived);
        }
        let due = self.run.next_payment().map(|(day, _)| day);
        let due = due.filter(|day| self.left.is_positive() && Some(*day) > self.lived);
        known.first().copied().into_iter().chain(due).min()
    }

    /// A day: what happened to the loan, money that came, orders, and the payment date.
    fn live(&mut self, day: NaiveDate) -> Result<(), LoanError> {
        self.lived = Some(day);
        while let Some(event) = self.input.events.get(self.given) {
            if event.on() < self.run.at {
                return Err(LoanError::Order { index: self.given });
            }
            if event.on() > day {
                break;
            }
            self.given += 1;
            self.run.act(event)?;
            self.all.push(*event);
        }
        let start = self.input.terms.schedule.start;
        for top_up in self.input.top_ups {
            if top_up.on.max(start) == day {
                self.left += top_up.amount;
                self.write(Movement::TopUp, top_up.amount, Vec::new());
            }
        }
        for (place, order) in self.input.orders.iter().enumerate() {
            if order.on().max(start) == day {
                let rest = match order {
                    Order::Repay { amount, .. } => *amount,
                    Order::Prolong { .. } | Order::Return { .. } => None,
                };
                let order = *order;
                self.open.push(Open { place, order, rest });
            }
        }
        for open in std::mem::take(&mut self.open) {
            if let Some(waiting) = self.carry_out(open)? {
                self.open.push(waiting);
            }
        }
        self.pay_what_is_due()
    }

    /// Does what the money reaches for; answers the order when it must wait for more.
    fn carry_out(&mut self, open: Open) -> Result<Option<Open>, LoanError> {
        let refusal = match open.order {
            Order::Return { amount, .. } => self.send_back(open.place, amount),
            _ if self.run.closed_on.is_some() => Some(OrderRefusal::Closed),
            Order::Repay { keep, .. } => return self.repay(open, keep),
            Order::Prolong { days, .. } => match self.prolong(open.place, days)? {
                Ok(true) => None,
                Ok(false) => return Ok(Some(open)),
                Err(refusal) => Some(refusal),
            },
        };
        self.refused.extend(refusal.map(|why| (open.place, why)));
        Ok(None)
    }

    fn repay(&mut self, mut open: Open, keep: Option<Keep>) -> Result<Option<Open>, LoanError> {
        if open.rest.is_some_and(|rest| !rest.is_positive()) {
            self.refused.push((open.place, OrderRefusal::Amount));
            return Ok(None);
        }
        let payoff = self.run.payoff();
        let amount = open.rest.unwrap_or(payoff).min(payoff).min(self.left);
        let on = self.run.at;
        let event = match keep {
            Some(keep) => Event::Prepayment { on, amount, keep },
            None => Event::Payment { on, amount },
        };
        let order = open.place;
        self.debit(Movement::Repaid { order }, amount, event)?;
        open.rest = open.rest.map(|rest| rest.less(amount));
        let done = open.rest.is_some_and(Kopecks::is_zero) || self.run.closed_on.is_some();
        Ok((!done).then_some(open))
    }

    /// Whether it was prolonged; `false` waits for money.
    fn prolong(
        &mut self,
        order: usize,
        days: u32,
    ) -> Result<Result<bool, OrderRefusal>, LoanError> {
        let Some(rules) = self.input.prolongation else {
            return Ok(Err(OrderRefusal::NoProlongation));
        };
        let (terms, on) = (self.input.terms, self.run.at);
        let mut past = self.input.past_year.to_vec();
        past.extend(self.all.iter().filter_map(|event| match event {
            Event::Prolongation { on, days } => Some((*on, *days)),
            _ => None,
        }));
        let quote = match quote_prolongation(rules, terms, &self.all, &past, on, days) {
            Ok(quote) => quote,
            Err(why) => return Ok(Err(OrderRefusal::Prolongation { why })),
        };
        if quote.pay_now > self.left {
            return Ok(Ok(false));
        }
        let debt = quote.pay_now - quote.fee;
        let payment = Event::Payment { on, amount: debt };
        self.debit(Movement::Repaid { order }, debt, payment)?;
        let service = Event::Service {
            on,
            amount: quote.fee,
        };
        self.debit(Movement::Service { order }, quote.fee, service)?;
        self.happen(Event::Prolongation { on, days })?;
        Ok(Ok(true))
    }

    fn send_back(&mut self, order: usize, amount: Kopecks) -> Option<OrderRefusal> {
        if !amount.is_positive() {
            return Some(OrderRefusal::Amount);
        }
        if amount > self.left {
            return Some(OrderRefusal::Balance { left: self.left });
        }
        self.left -= amount;
        self.write(Movement::Returned { order }, amount, Vec::new());
        None
    }

    /// On a payment date, and on any day while something is late, the balance pays for it.
    fn pay_what_is_due(&mut self) -> Result<(), LoanError> {
        match self.run.next_payment() {
            Some((on, amount)) if on == self.run.at => {
                let amount = amount.min(self.left);
                self.debit(Movement::Due, amount, Event::Payment { on, amount })
            }
            _ => Ok(()),
        }
    }

    /// Money off the balance for what the event is; nothing for a zero amount.
    fn debit(
        &mut self,
        movement: Movement,
        amount: Kopecks,
        event: Event,
    ) -> Result<(), LoanError> {
        if amount.is_positive() {
            let parts = self.happen(event)?;
            self.left -= amount;
            self.write(movement, amount, parts);
        }
        Ok(())
    }

    fn happen(&mut self, event: Event) -> Result<Vec<Part>, LoanError> {
        let (parts, _) = self.run.act(&event)?;
        self.all.push(event);
        self.made.push(event);
        Ok(parts)
    }

    fn write(&mut self, movement: Movement, amount: Kopecks, parts: Vec<Part>) {
        self.entries.push(Entry {
            on: self.run.at,
            movement,
            amount,
            left: self.left,
            parts,
        });
    }

    fn finish(self, on: NaiveDate) -> Balance {
        let waiting = self
            .open
            .iter()
            .map(|open| (open.place, self.missing(open)));
        Balance {
            on,
            left: self.left,
            idle_saves: self.idle_saves(),
            waiting: waiting.collect(),
            loan: self.run.state(),
            entries: self.entries,
            events: self.made,
            refused: self.refused,
        }
    }

    /// How much more an order needs on the day reached.
    fn missing(&self, open: &Open) -> Kopecks {
        let needed = match (open.order, self.input.prolongation) {
            (Order::Prolong { days, .. }, Some(rules)) => {
                let past = self.input.past_year;
                let (terms, on) = (self.input.terms, self.run.at);
                quote_prolongation(rules, terms, &self.all, past, on, days)
                    .map_or(Kopecks::ZERO, |quote| quote.pay_now)
            }
            _ => open.rest.unwrap_or_else(|| self.run.payoff()),
        };
        needed.less(self.left)
    }

    fn idle_saves(&self) -> Kopecks {
        let amount = self.left.min(self.run.payoff());
        if !amount.is_positive() {
            return Kopecks::ZERO;
        }
        let total = |run: &Run<'_>| run.follow().into_iter().map(|(_, paid)| paid).sum();
        let (mut assigned, on) = (self.run.clone(), self.run.at);
        let kept: Kopecks = total(&self.run);
        match assigned.act(&Event::Payment { on, amount }) {
            Ok(_) => kept.less(amount + total(&assigned)),
            Err(_) => Kopecks::ZERO,
        }
    }
}
