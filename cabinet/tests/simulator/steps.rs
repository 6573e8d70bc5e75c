//! What people, networks and clocks do to a loan.

use cabinet::autopay::{self, Allowance, When};
use cabinet::payment::{PayAmount, StartPayment};
use cabinet::ports::PayMethod;
use cabinet::{
    Lang, application, inbox, loan, notice, outbox, payment, payout, prolongation, refund,
};
use chrono::{Duration, TimeZone, Utc};
use futures::future::join_all;
use lending::Kopecks;
use uuid::Builder;

use crate::chance::Chance;
use crate::history::History;
use crate::support::journey::{PHONE, origin};

/// One thing that happens. A new way of money in or out gets its line here and in [`take`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The pay form is sent; sometimes the same form a second time.
    Start,
    /// Two tabs send it at once.
    TwoTabs,
    /// The payer pays on the acquirer's page; its news may be lost.
    Pay,
    /// The payer's bank says no.
    Decline,
    /// The payer comes back to the payment's page.
    Look,
    /// The payer says that nothing was paid.
    NotPaid,
    /// News arrive: any of those on their way, once or several times at once.
    News,
    /// News that nobody sent.
    Forged,
    /// The worker, the poller, the calendar.
    Work,
    Poll,
    Daily,
    /// Time passes; a midnight in Moscow is met within a second.
    Pass,
    Midnight,
    YearEnd,
    /// A prolongation is prepared, or the prepared one signed.
    Prepare,
    Sign,
    /// The loan's page on another day.
    Page,
    /// The borrower finds the loan, or gives another card when the money could not be sent.
    FindLoan,
    /// The surplus is asked back, twice at once, or a member of staff agrees.
    Refund,
    /// Autopay is allowed, paused, resumed or taken back.
    Allow,
    /// The calendar debits under what is allowed.
    Autopay,
    /// Payouts under way arrive, or the bank of the payee begins to refuse them.
    Payouts,
}

/// An act with its luck.
#[derive(Debug, Clone)]
pub struct Step {
    pub act: Act,
    pub luck: u64,
    /// So many calls of a hundred go wrong.
    pub trouble: u64,
    /// The process dies after so many points.
    pub crash: Option<u64>,
}

const ACTS: [(u64, Act); 22] = [
    (14, Act::Start),
    (5, Act::TwoTabs),
    (13, Act::Pay),
    (2, Act::Decline),
    (7, Act::Look),
    (4, Act::NotPaid),
    (8, Act::News),
    (3, Act::Forged),
    (8, Act::Work),
    (8, Act::Poll),
    (2, Act::Daily),
    (12, Act::Pass),
    (3, Act::Midnight),
    (1, Act::YearEnd),
    (5, Act::Prepare),
    (5, Act::Sign),
    (3, Act::Page),
    (3, Act::FindLoan),
    (4, Act::Refund),
    (4, Act::Allow),
    (5, Act::Autopay),
    (3, Act::Payouts),
];

pub fn draw(chance: &mut Chance) -> Step {
    let all: u64 = ACTS.iter().map(|(weight, _)| weight).sum();
    let mut place = chance.below(all);
    let mut act = Act::Start;
    for (weight, one) in ACTS {
        if place < weight {
            act = one;
            break;
        }
        place -= weight;
    }
    Step {
        act,
        luck: chance.next(),
        trouble: *[0, 0, 10, 40, 90].get(index(chance.below(5))).unwrap(),
        crash: chance.one_in(6).then(|| chance.below(12)),
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

pub fn take(history: &mut History, step: &Step) -> Result<(), String> {
    let mut luck = Chance::new(step.luck);
    match step.act {
        Act::Start => start(history, &mut luck, false),
        Act::TwoTabs => start(history, &mut luck, true),
        Act::Pay | Act::Decline => {
            pay(history, &mut luck, step.act == Act::Pay);
            Ok(())
        }
        Act::Look | Act::NotPaid => page_of_payment(history, &mut luck, step.act == Act::NotPaid),
        Act::News => news(history, &mut luck),
        Act::Forged => forged(history, &mut luck),
        Act::Work => history
            .asked(|world| async move { outbox::run_due(&world.cab).await })
            .map(drop),
        Act::Poll => history
            .asked(|world| async move { payment::poll(&world.cab).await })
            .map(drop),
        Act::Daily => history
            .asked(|world| async move { notice::daily(&world.cab).await })
            .map(drop),
        Act::Pass | Act::Midnight | Act::YearEnd => {
            time(history, &mut luck, step.act);
            Ok(())
        }
        Act::Allow => allow(history, &mut luck),
        Act::Autopay => debits(history),
        Act::Prepare => prepare(history, &mut luck),
        Act::Sign => sign(history, &mut luck),
        Act::Page => page_of_loan(history, &mut luck),
        Act::FindLoan => find_loan(history),
        Act::Refund => give_back(history, &mut luck),
        Act::Payouts => {
            payouts(history, &mut luck);
            Ok(())
        }
    }
}

fn start(history: &mut History, luck: &mut Chance, twice: bool) -> Result<(), String> {
    let Some(loan) = history.loan else {
        return Ok(());
    };
    let sums = [
        1, 100, 9_999, 50_000, 123_456, 160_000, 500_000, 7_777_777, 0,
    ];
    let amount = match luck.of(&sums) {
        // Closed too early, a loan has little more to tell.
        Some(sum) if !luck.one_in(5) => PayAmount::Sum(Kopecks::new(sum)),
        _ => PayAmount::Payoff,
    };
    let key = Builder::from_random_bytes(u128::from(luck.next()).to_be_bytes()).into_uuid();
    let method = PayMethod::Card;
    let mut wish = StartPayment {
        loan,
        amount,
        method,
        key,
    };
    if let (Some(before), true) = (&history.wish, luck.one_in(3)) {
        // The back button: the same form, perhaps with another sum typed.
        wish.key = before.key;
        if luck.one_in(2) {
            wish = before.clone();
        }
    }
    history.wish = Some(wish.clone());
    let mut second = wish.clone();
    if luck.one_in(2) {
        second.key = Builder::from_random_bytes(u128::from(luck.next()).to_be_bytes()).into_uuid();
    }
    let borrower = history.borrower;
    let wishes = if twice {
        vec![wish, second]
    } else {
        vec![wish]
    };
    let told = history.go(|world| async move {
        let tabs = wishes.into_iter().map(|wish| {
            let world = world.clone();
            async move {
                let started = payment::start(&world.cab, borrower, wish).await?;
                // What the answer says is true when it is said.
                let view = payment::view(&world.cab, borrower, started.payment).await?;
                Ok((started, view.amount))
            }
        });
        join_all(tabs).await
    });
    for answer in told.into_iter().flatten() {
        match answer {
            Ok((started, amount)) => {
                history.tally.saw("started");
                history.acknowledged.insert(started.payment, amount);
            }
            Err(cabinet::CabinetError::Internal(text)) => {
                return Err(format!("a fault of ours: {text}"));
            }
            Err(refusal) => history.tally.saw(refusal.code()),
        }
    }
    Ok(())
}

fn pay(history: &mut History, luck: &mut Chance, taken: bool) {
    let Some(id) = luck.of(&history.outside.acquirer.unpaid()) else {
        return;
    };
    let event = if taken {
        history.outside.acquirer.pay(&id);
        history.tally.saw("paid");
        "payment.succeeded"
    } else {
        history.outside.acquirer.decline(&id);
        "payment.canceled"
    };
    // A third of the news is lost for good.
    if !luck.one_in(3) {
        history
            .news
            .push(("payment.waiting_for_capture".into(), id.clone()));
        history.news.push((event.into(), id));
    }
}

fn page_of_payment(history: &mut History, luck: &mut Chance, not: bool) -> Result<(), String> {
    let known: Vec<_> = history.acknowledged.keys().copied().collect();
    let Some(id) = luck.of(&known) else {
        return Ok(());
    };
    let borrower = history.borrower;
    let seen = history.asked(|world| async move {
        if not {
            payment::not_paid(&world.cab, borrower, id).await
        } else {
            payment::view(&world.cab, borrower, id).await
        }
    })?;
    if seen.is_some_and(|view| view.overpaid.is_positive()) {
        history.tally.saw("surplus");
    }
    Ok(())
}

/// As the route of the webhook does: stored, answered, then acted upon when it was new.
fn arrive(history: &mut History, event: &str, id: &str, copies: u64) -> Result<(), String> {
    let (stored_event, stored_id) = (event.to_owned(), id.to_owned());
    let stored = history.asked(|world| async move {
        let store = || inbox::store(&world.cab, "yookassa", &stored_event, &stored_id, "", "{}");
        let all = join_all((0..copies).map(|_| store())).await;
        all.into_iter().collect::<cabinet::Result<Vec<_>>>()
    })?;
    let Some(stored) = stored else {
        return Ok(());
    };
    history.promised.push(("inbox", format!("{event} {id}")));
    let fresh = stored
        .iter()
        .filter(|one| **one == inbox::Stored::New)
        .count();
    if fresh > 1 {
        return Err(format!("the same news were new {fresh} times"));
    }
    if fresh == 0 {
        return Ok(());
    }
    let (event, id) = (event.to_owned(), id.to_owned());
    // Of a process that died here the poller takes over; several nodes may act at once.
    let acted = history.asked(|world| async move {
        let act = || payment::handle_webhook(&world.cab, &event, &id);
        let all = join_all((0..copies).map(|_| act())).await;
        all.into_iter().collect::<cabinet::Result<()>>()
    });
    acted.map(drop)
}

fn news(history: &mut History, luck: &mut Chance) -> Result<(), String> {
    let Some((event, id)) = luck.of(&history.news) else {
        return Ok(());
    };
    let copies = 1 + luck.below(5);
    if luck.one_in(2) {
        history
            .news
            .retain(|one| *one != (event.clone(), id.clone()));
    }
    history.tally.saw("news");
    arrive(history, &event, &id, copies)
}

fn forged(history: &mut History, luck: &mut Chance) -> Result<(), String> {
    let mut objects: Vec<String> = history.outside.acquirer.payments();
    objects.push("pay-00000000-0000-4000-8000-000000000000".to_owned());
    objects.push(format!("out-{}", luck.next()));
    let events = [
        "payment.succeeded",
        "payment.canceled",
        "refund.succeeded",
        "payout.succeeded",
        "deal.closed",
    ];
    let (Some(id), Some(event)) = (luck.of(&objects), luck.of(&events)) else {
        return Ok(());
    };
    arrive(history, event, &id, 1)
}

fn time(history: &mut History, luck: &mut Chance, act: Act) {
    let clock = &history.outside.clock;
    let now = cabinet::ports::Clock::now(&**clock);
    let spans = [3, 15, 90, 700, 7_200, 40_000, 86_400, 259_200, 864_000];
    let passed = Duration::seconds(luck.of(&spans).unwrap_or(3));
    match act {
        Act::Pass => clock.pass(passed),
        Act::Midnight => {
            // Moscow's midnight is at 21:00 by UTC.
            let today = (now + Duration::hours(3)).date_naive();
            let next = today.succ_opt().unwrap().and_hms_opt(0, 0, 0).unwrap();
            let midnight = Utc.from_utc_datetime(&next) - Duration::hours(3);
            let beside = Duration::milliseconds(luck.of(&[-1_000, -1, 0, 1, 1_000]).unwrap_or(0));
            clock.set((midnight + beside).max(now));
        }
        _ => {
            let last = Utc.with_ymd_and_hms(2026, 12, 31, 20, 59, 59).unwrap();
            clock.set(last.max(now));
        }
    }
}

fn prepare(history: &mut History, luck: &mut Chance) -> Result<(), String> {
    let Some(loan) = history.loan else {
        return Ok(());
    };
    let (borrower, days) = (history.borrower, luck.of(&[6, 7, 14, 30, 31]).unwrap_or(7));
    let prepared = history.asked(|world| async move {
        prolongation::prepare(&world.cab, borrower, loan, days, &origin(), Lang::Ru).await
    })?;
    if let Some(agreement) = prepared {
        history.tally.saw("prepared");
        history.agreement = Some(agreement);
        let row = ("prolongation", agreement.to_string());
        history.promised.push(row);
    }
    Ok(())
}

fn sign(history: &mut History, luck: &mut Chance) -> Result<(), String> {
    if luck.one_in(2) {
        prepare(history, luck)?;
    }
    let Some(agreement) = history.agreement else {
        return Ok(());
    };
    // The message is on its way through the outbox.
    history.asked(|world| async move { outbox::run_due(&world.cab).await })?;
    let texts = history.outside.inbox.texts(PHONE);
    let digits = texts.iter().rev().find_map(|text| {
        text.split(|c: char| !c.is_ascii_digit())
            .rfind(|word| word.len() == 6)
    });
    let typed = match digits {
        Some(digits) if !luck.one_in(6) => digits.to_owned(),
        _ => "000001".to_owned(),
    };
    let borrower = history.borrower;
    let signed = history.asked(|world| async move {
        let from = origin();
        let signed = prolongation::sign(&world.cab, borrower, agreement, &typed, &from).await?;
        let Some(payment) = signed.payment else {
            return Ok(None);
        };
        let view = payment::view(&world.cab, borrower, payment).await?;
        Ok(Some((payment, view.amount)))
    })?;
    if let Some(signed) = signed {
        history.tally.saw("signed");
        history.acknowledged.extend(signed);
    }
    Ok(())
}

fn page_of_loan(history: &mut History, luck: &mut Chance) -> Result<(), String> {
    let Some(id) = history.loan else {
        return Ok(());
    };
    let borrower = history.borrower;
    let ahead = Duration::days(luck.of(&[-10, -1, 0, 1, 30, 400]).unwrap_or(0));
    history
        .asked(|world| async move {
            let on = world.cab.today() + ahead;
            loan::view(&world.cab, borrower, id, Some(on)).await
        })
        .map(drop)
}

fn find_loan(history: &mut History) -> Result<(), String> {
    let (borrower, contract) = (history.borrower, history.contract);
    if history.loan.is_some() {
        return Ok(());
    }
    let offer = history
        .asked(|world| async move { application::offer(&world.cab, borrower, contract).await })?;
    let Some(offer) = offer else {
        return Ok(());
    };
    history.loan = offer.loan;
    if offer.status == application::ContractStatus::PayoutFailed {
        history.tally.saw("payout refused");
        history.asked(|world| async move {
            let cards = payout::cards(&world.cab, borrower).await?;
            let Some(card) = cards.first() else {
                return Ok(());
            };
            payout::use_card(&world.cab, borrower, contract, card.id).await
        })?;
    }
    Ok(())
}

fn give_back(history: &mut History, luck: &mut Chance) -> Result<(), String> {
    let Some(loan) = history.loan else {
        return Ok(());
    };
    let borrower = history.borrower;
    let [first, second, staff] = [(); 3]
        .map(|()| Builder::from_random_bytes(u128::from(luck.next()).to_be_bytes()).into_uuid());
    let second = if luck.one_in(2) { first } else { second };
    let asked = history.go(|world| async move {
        let tab = |key| refund::ask(&world.cab, borrower, loan, key);
        futures::future::join(tab(first), tab(second)).await
    });
    for answer in asked.map_or_else(Vec::new, |(one, two)| vec![one, two]) {
        match answer {
            Ok(id) => {
                history.tally.saw("refund asked");
                history.promised.push(("refund", id.to_string()));
            }
            Err(cabinet::CabinetError::Internal(text)) => {
                return Err(format!("a fault of ours: {text}"));
            }
            Err(refusal) => history.tally.saw(refusal.code()),
        }
    }
    history
        .asked(|world| async move {
            let staff = cabinet::staff::Staff {
                id: cabinet::StaffId(staff),
                login: "payments".into(),
                name: "Коллега".into(),
                roles: vec![cabinet::staff::Role::Payments],
                must_change: false,
            };
            for review in refund::waiting(&world.cab, &staff).await? {
                refund::approve(&world.cab, &staff, review.id).await?;
            }
            Ok(())
        })
        .map(drop)
}

/// The program debits under what is allowed; whether a card has paid by it is seen on the page.
fn debits(history: &mut History) -> Result<(), String> {
    let (borrower, loan) = (history.borrower, history.loan);
    let seen = history.asked(|world| async move {
        autopay::run(&world.cab).await?;
        match loan {
            Some(loan) => autopay::view(&world.cab, borrower, loan).await,
            None => Ok(None),
        }
    })?;
    let paid = |one: &autopay::TryView| one.status == Some(payment::PayStatus::Succeeded);
    if seen
        .flatten()
        .is_some_and(|view| view.tries.iter().any(paid))
    {
        history.tally.saw("autopay debited");
    }
    Ok(())
}

fn allow(history: &mut History, luck: &mut Chance) -> Result<(), String> {
    let Some(loan) = history.loan else {
        return Ok(());
    };
    let (borrower, what) = (history.borrower, luck.below(6));
    let cap = Kopecks::new(i64::try_from(luck.below(3_000_000)).unwrap_or_default() + 1);
    let hour = u32::try_from(luck.below(24)).unwrap_or_default();
    let day = u32::try_from(luck.below(37)).unwrap_or_default();
    // Up to five days before the date, or a day of the month.
    let when = match day {
        0..6 => When::Before(day),
        _ => When::MonthDay(day - 5),
    };
    let done = history.asked(|world| async move {
        let cab = &world.cab;
        match what {
            0 => autopay::pause(cab, borrower, loan).await,
            1 => autopay::resume(cab, borrower, loan).await,
            2 => autopay::revoke(cab, borrower, loan).await.map(drop),
            _ => {
                let cards = payout::cards(cab, borrower).await?;
                let Some(card) = cards.first() else {
                    return Ok(());
                };
                let allowed = Allowance {
                    card: card.id,
                    when,
                    hour,
                    cap_debit: cap,
                    cap_month: cap + cap,
                    consent: true,
                };
                autopay::agree(cab, borrower, loan, allowed).await.map(drop)
            }
        }
    })?;
    if done.is_some() {
        history.tally.saw(match what {
            2 => "autopay taken back",
            0 | 1 => "autopay paused or resumed",
            _ => "autopay allowed",
        });
    }
    Ok(())
}

fn payouts(history: &mut History, luck: &mut Chance) {
    {
        let mut switches = history.outside.acquirer.switches.lock().unwrap();
        switches.slow_payouts = luck.one_in(2);
        switches.refuse_payouts = luck.one_in(4);
    }
    // What moves between the steps depends on nothing but the luck of the step.
    if luck.one_in(2) {
        history.outside.acquirer.arrive();
    }
}
