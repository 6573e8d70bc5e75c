//! One story on both sides, compared after every event and on every day that is looked at.

use std::fmt::Debug;

use chrono::NaiveDate;
use lending::{
    AnnualRate, Claim, DailyRate, Debt, Event, Keep, Kopecks, LoanError, LoanState, Part,
    ProlongationRefusal, Rate, Schedule, Status, Terms, accept_prolongation, apply_payment,
    apply_write_off, quote_prepayment, quote_prolongation, state,
};

use crate::naive::full_cost::FullCost;
use crate::naive::story::{Action, Kind, Story};
use crate::naive::{Naive, Taken, lawful};

type Flows = Vec<(NaiveDate, i64)>;

/// What an event did: what it repaid, and the new flows; beside them the engine's printed full cost,
/// or the day loop's interest that is owed already and so is part of what counts as lent.
#[derive(Default)]
struct Done {
    taken: Taken,
    renewed: Option<(Flows, Option<i64>)>,
}

/// The engine's side.
struct Engine<'a> {
    story: &'a Story,
    terms: Terms,
    events: Vec<Event>,
}

/// Plays the story; answers what was seen on the way.
pub fn play(story: &Story) -> Result<Vec<String>, String> {
    let signed = story.loan.signed();
    equal("the law allows it", &signed.is_ok(), &lawful(&story.loan))?;
    let Ok((terms, thousandths)) = signed else {
        return Ok(vec![String::from("unlawful")]);
    };
    let naive = Naive::new(&story.loan, story.window);
    equal("the schedule", &flows(&terms.schedule), &naive.flows())?;
    full_cost(&naive.flows(), 0, Some(thousandths))?;
    let mut engine = Engine {
        story,
        terms,
        events: Vec::new(),
    };
    let mut seen = features(story);
    seen.extend(play_events(&mut engine, naive.clone())?);
    seen.extend(look(&engine, naive)?);
    Ok(seen)
}

/// Event after event: the same outcome and the same loan after it.
fn play_events(engine: &mut Engine<'_>, mut naive: Naive) -> Result<Vec<String>, String> {
    let mut seen = Vec::new();
    for (on, action) in &engine.story.events {
        naive = naive.after_days(*on);
        let due = naive.lines.iter().any(|line| line.due == *on);
        let what = match (engine.take(*on, *action), take(&mut naive, *action)) {
            (Ok(ours), Ok(theirs)) => {
                same_outcome(*on, &ours, &theirs)?;
                name(*action, &theirs)
            }
            (Err(ours), Err(theirs)) if ours == theirs => ours,
            (ours, theirs) => {
                let (ours, theirs) = (ours.err(), theirs.err());
                return Err(format!(
                    "{on} {action:?}: refused by the engine as {ours:?}, by the day loop as {theirs:?}"
                ));
            }
        };
        seen.push(String::from(if due { "on a due date" } else { what }));
        seen.push(what.to_owned());
        compare(engine, &naive)?;
    }
    Ok(seen)
}

/// The days looked at, from the end: later events are known and must not matter.
fn look(engine: &Engine<'_>, mut naive: Naive) -> Result<Vec<String>, String> {
    let mut seen = Vec::new();
    let mut coming = engine.story.events.iter().peekable();
    for on in &engine.story.on {
        while let Some((day, action)) = coming.next_if(|(day, _)| day <= on) {
            naive = naive.after_days(*day);
            // A refusal changes nothing.
            let _ = naive.take(*action);
        }
        naive = naive.after_days(*on);
        seen.push(compare(engine, &naive)?.to_owned());
    }
    if naive.cap == Some(naive.accrued()) {
        seen.push(String::from("cap reached"));
    }
    Ok(seen)
}

fn features(story: &Story) -> Vec<String> {
    let loan = &story.loan;
    let kind = match loan.kind {
        Kind::Bullet { .. } => "bullet",
        Kind::Special { .. } => "special",
        Kind::EveryNDays { .. } => "every_n_days",
        Kind::Monthly { .. } => "monthly",
    };
    let several = story.events.windows(2).any(|pair| pair[0].0 == pair[1].0);
    let features = [
        (true, kind),
        (loan.promo.is_some(), "promo"),
        (loan.annual.is_some(), "annual"),
        (loan.shift, "moved dates"),
        (loan.contract != loan.issued, "signed earlier"),
        (Naive::new(loan, story.window).cap.is_none(), "no cap"),
        (several, "several a day"),
    ];
    let present = features.iter().filter(|feature| feature.0);
    present.map(|feature| feature.1.to_owned()).collect()
}

fn name(action: Action, done: &Done) -> &'static str {
    match action {
        Action::Prolong(_) => "prolonged",
        Action::WriteOff(..) => "written off",
        Action::LowerRate(_) => "rate lowered",
        _ if done.taken.overpaid > 0 => "overpaid",
        _ if done.taken.penalty > 0 => "penalty taken",
        Action::Pay(_) => "paid",
        _ => "prepaid",
    }
}

fn equal<T: PartialEq + Debug>(what: &str, ours: &T, theirs: &T) -> Result<(), String> {
    if ours == theirs {
        return Ok(());
    }
    Err(format!(
        "{what}: the engine says {ours:?}, the day loop {theirs:?}"
    ))
}

fn flows(schedule: &Schedule) -> Flows {
    let flows = schedule.flows().into_iter();
    flows.map(|(date, amount)| (date, amount.get())).collect()
}

/// The printed percent is proved; there is none when something planned is nothing.
fn full_cost(flows: &Flows, owed: i64, printed: Option<i64>) -> Result<(), String> {
    let mut flows = flows.clone();
    flows[0].1 -= owed;
    let flows = &flows;
    let payable = flows.len() > 1 && flows[0].1 < 0 && flows[1..].iter().all(|flow| flow.1 > 0);
    match printed {
        Some(printed) if payable && FullCost::of(flows).rounds_to(printed) => Ok(()),
        None if !payable => Ok(()),
        _ => Err(format!("the full cost of {flows:?} is not {printed:?}")),
    }
}

fn same_outcome(on: NaiveDate, ours: &Done, theirs: &Done) -> Result<(), String> {
    equal(&format!("{on}: what is repaid"), &ours.taken, &theirs.taken)?;
    if let (Some((ours, printed)), Some((theirs, owed))) = (&ours.renewed, &theirs.renewed) {
        equal(&format!("{on}: the new schedule"), ours, theirs)?;
        full_cost(theirs, owed.unwrap_or(0), *printed)?;
    }
    equal(
        &format!("{on}: there is a new schedule"),
        &ours.renewed.is_some(),
        &theirs.renewed.is_some(),
    )
}

/// The naive side of an event.
fn take(naive: &mut Naive, action: Action) -> Result<Done, &'static str> {
    let taken = naive.take(action)?;
    let owed = matches!(
        action,
        Action::PrepayKeepingTerm(_) | Action::PrepayKeepingPayment(_)
    );
    let owed = owed.then(|| naive.owed_already());
    let renewed = match action {
        _ if !naive.window.checks() => None,
        Action::Pay(_) | Action::WriteOff(..) | Action::LowerRate(_) => None,
        Action::Prolong(_) => {
            let then = naive.after_days(naive.due());
            let owed = |loan: &Naive| loan.principal() + loan.interest();
            Some(vec![(naive.today, -owed(naive)), (then.today, owed(&then))])
        }
        _ => Some(naive.flows()).filter(|flows| flows.len() > 1 && naive.closed.is_none()),
    };
    Ok(Done {
        taken,
        renewed: renewed.map(|flows| (flows, owed)),
    })
}

fn taken(parts: &[Part], overpaid: Kopecks) -> Taken {
    let of = |claim| {
        let parts = parts.iter().filter(|part| part.claim == claim);
        parts.map(|part| part.amount.get()).sum()
    };
    Taken {
        overdue_interest: of(Claim::OverdueInterest),
        overdue_principal: of(Claim::OverduePrincipal),
        interest: of(Claim::Interest),
        principal: of(Claim::Principal),
        penalty: of(Claim::Penalty),
        overpaid: overpaid.get(),
    }
}

impl Engine<'_> {
    fn take(&mut self, on: NaiveDate, action: Action) -> Result<Done, &'static str> {
        let event = match action {
            Action::Prolong(days) => Event::Prolongation { on, days },
            Action::Pay(amount) => Event::Payment {
                on,
                amount: Kopecks::new(amount),
            },
            Action::PrepayKeepingTerm(amount) => Event::Prepayment {
                on,
                amount: Kopecks::new(amount),
                keep: Keep::Term,
            },
            Action::PrepayKeepingPayment(amount) => Event::Prepayment {
                on,
                amount: Kopecks::new(amount),
                keep: Keep::Payment,
            },
            Action::WriteOff(penalty, interest, principal) => Event::WriteOff {
                on,
                debt: Debt {
                    penalty: Kopecks::new(penalty),
                    interest: Kopecks::new(interest),
                    principal: Kopecks::new(principal),
                },
            },
            Action::LowerRate(ppm) => Event::RateCut {
                on,
                rate: self.rate(ppm),
            },
        };
        let done = match action {
            Action::Pay(amount) => self.pay(on, Kopecks::new(amount)),
            Action::WriteOff(..) => self.write_off(event),
            Action::LowerRate(_) => self.lower(event),
            _ if !self.story.window.checks() => self.store(event),
            Action::Prolong(days) => self.prolong(on, days),
            Action::PrepayKeepingTerm(amount) => self.prepay(on, amount, Keep::Term),
            Action::PrepayKeepingPayment(amount) => self.prepay(on, amount, Keep::Payment),
        }?;
        self.events.push(event);
        Ok(done)
    }

    fn rate(&self, ppm: u32) -> Rate {
        match self.terms.product.annual_rate {
            Some(_) => Rate::Annual(AnnualRate::from_ppm(ppm)),
            None => Rate::Daily(DailyRate::from_ppm(ppm)),
        }
    }

    fn write_off(&self, event: Event) -> Result<Done, &'static str> {
        let Event::WriteOff { on, debt } = event else {
            return Err("error");
        };
        let applied = apply_write_off(&self.terms, &self.events, on, debt).map_err(loan_error)?;
        if applied.overpaid + Debt::of(&applied.parts).total() != debt.total() {
            return Err("kopecks lost");
        }
        Ok(Done {
            taken: taken(&applied.parts, Kopecks::ZERO),
            renewed: None,
        })
    }

    fn lower(&self, event: Event) -> Result<Done, &'static str> {
        let events = [&self.events[..], &[event]].concat();
        state(&self.terms, &events, event.on()).map_err(loan_error)?;
        Ok(Done::default())
    }

    fn pay(&self, on: NaiveDate, amount: Kopecks) -> Result<Done, &'static str> {
        let applied = apply_payment(&self.terms, &self.events, on, amount).map_err(loan_error)?;
        Ok(Done {
            taken: taken(&applied.parts, applied.overpaid),
            renewed: None,
        })
    }

    /// An event as it is read back: nothing is asked, its parts are what it changed.
    fn store(&self, event: Event) -> Result<Done, &'static str> {
        let read = |events: &[Event]| state(&self.terms, events, event.on());
        let before = read(&self.events).map_err(loan_error)?;
        let after = read(&[&self.events[..], &[event]].concat()).map_err(loan_error)?;
        let paid = |state: &LoanState| state.paid_total + state.overpaid;
        let same = matches!(event, Event::Prolongation { .. }) && paid(&before) == paid(&after);
        if let Event::Prepayment { on, amount, .. } = event {
            return self.pay(on, amount);
        }
        if same {
            Ok(Done::default())
        } else {
            Err("money moved")
        }
    }

    fn prolong(&self, on: NaiveDate, days: u32) -> Result<Done, &'static str> {
        let past = self.events.iter().filter_map(|event| match event {
            Event::Prolongation { on, days } => Some((*on, *days)),
            _ => None,
        });
        let past: Vec<(NaiveDate, u32)> = past.collect();
        let (rules, terms, events) = (self.story.rules(), &self.terms, &self.events);
        let due = accept_prolongation(&rules, terms, events, &past, on, days).map_err(refusal)?;
        let quote = quote_prolongation(&rules, terms, events, &past, on, days).map_err(refusal)?;
        let before = state(terms, events, on).map_err(loan_error)?;
        let owed = before.principal + before.interest;
        let repaid = quote.schedule.total();
        if due != quote.new_due || quote.due_then != repaid + quote.penalty {
            return Err("the quote contradicts itself");
        }
        let flows = vec![(on, -owed.get()), (due, repaid.get())];
        Ok(Done {
            taken: Taken::default(),
            renewed: Some((flows, Some(quote.psk.thousandths))),
        })
    }

    fn prepay(&self, on: NaiveDate, amount: i64, keep: Keep) -> Result<Done, &'static str> {
        let amount = Kopecks::new(amount);
        let quote = quote_prepayment(&self.terms, &self.events, on, amount, keep);
        let quote = quote.map_err(loan_error)?;
        let printed = quote.new_psk.map(|psk| psk.thousandths);
        let renewed = quote
            .new_schedule
            .map(|schedule| (flows(&schedule), printed));
        Ok(Done {
            taken: taken(&quote.parts, quote.overpaid),
            renewed,
        })
    }
}

fn loan_error(error: LoanError) -> &'static str {
    match error {
        LoanError::Kind => "kind",
        LoanError::Closed => "closed",
        LoanError::Days => "days",
        _ => "error",
    }
}

fn refusal(refusal: ProlongationRefusal) -> &'static str {
    match refusal {
        ProlongationRefusal::Window { .. } => "window",
        ProlongationRefusal::Count { .. } => "count",
        ProlongationRefusal::Kind => "kind",
        ProlongationRefusal::Days { .. } => "days",
        ProlongationRefusal::Closed => "closed",
        ProlongationRefusal::InterestUnpaid { .. } => "interest_unpaid",
        ProlongationRefusal::InitialTerm { .. } => "initial_term",
        ProlongationRefusal::Loan => "loan",
    }
}

/// Both loans at the end of the naive one's day; answers how the loan stands.
fn compare(engine: &Engine<'_>, naive: &Naive) -> Result<&'static str, String> {
    let on = naive.today;
    let state = state(&engine.terms, &engine.events, on).map_err(|error| error.to_string())?;
    let sums = [
        ("principal", state.principal, naive.principal()),
        (
            "overdue principal",
            state.overdue_principal,
            naive.overdue_principal(),
        ),
        ("interest", state.interest, naive.interest()),
        (
            "overdue interest",
            state.overdue_interest,
            naive.overdue_interest(),
        ),
        ("penalty", state.penalty, naive.penalty()),
        ("accrued", state.accrued, naive.accrued()),
        ("overpaid", state.overpaid, naive.overpaid),
        ("payoff", state.payoff, naive.payoff()),
        ("paid", state.paid_total, naive.paid() - naive.written_off),
        ("written off", state.written_off, naive.written_off),
    ];
    for (what, ours, theirs) in sums {
        equal(&format!("{on} {what}"), &ours.get(), &theirs)?;
    }
    let status = match state.status {
        Status::Active => "active",
        Status::Overdue => "overdue",
        Status::Closed => "closed",
    };
    equal(&format!("{on} status"), &status, &naive.status())?;
    equal(
        &format!("{on} cap"),
        &state.cap.map(Kopecks::get),
        &naive.cap,
    )?;
    equal(&format!("{on} due"), &state.due, &naive.due())?;
    equal(&format!("{on} closed on"), &state.closed_on, &naive.closed)?;
    let late = i64::from(state.days_overdue);
    equal(&format!("{on} days overdue"), &late, &naive.days_overdue())?;
    let next = state
        .next_payment
        .map(|(date, amount)| (date, amount.get()));
    equal(&format!("{on} next payment"), &next, &naive.next_payment())?;
    schedule(&state, naive)?;
    explained(&state)?;
    Ok(if status == "closed" { "repaid" } else { status })
}

/// The schedule in force, line by line.
fn schedule(state: &LoanState, naive: &Naive) -> Result<(), String> {
    let ours = state.schedule.iter().map(|row| {
        let line = &row.instalment;
        (line.due, line.principal.get(), line.interest.get())
    });
    let interest = naive.interest_of_lines();
    let theirs = naive.lines.iter().zip(interest);
    let theirs = theirs.map(|(line, interest)| (line.due, line.principal, interest));
    let (ours, theirs): (Vec<_>, Vec<_>) = (ours.collect(), theirs.collect());
    equal(&format!("{} schedule", state.on), &ours, &theirs)?;
    let paid: Kopecks = state.schedule.iter().map(|row| row.paid).sum();
    let over = state
        .schedule
        .iter()
        .any(|row| row.paid > row.instalment.payment);
    if over || paid > state.paid_total + state.written_off {
        return Err(format!("{}: more shown as paid than was", state.on));
    }
    Ok(())
}

/// The rows that explain a debt sum to it and tell days that have passed.
fn explained(state: &LoanState) -> Result<(), String> {
    let rows: Kopecks = state.why.iter().map(|row| row.amount).sum();
    equal(
        &format!("{} rows", state.on),
        &rows.get(),
        &state.accrued.get(),
    )?;
    let sound = state.why.iter().all(|row| {
        let days = (row.to - row.from).num_days() + 1;
        row.from <= row.to && row.to <= state.on && i64::from(row.days) == days
    });
    let within = state.cap.is_none_or(|cap| state.accrued <= cap);
    if sound && within {
        return Ok(());
    }
    Err(format!("{}: unsound rows {:?}", state.on, state.why))
}
