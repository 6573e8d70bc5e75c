//! What people, networks and clocks do to a loan.

use cabinet::payment::{PayAmount, StartPayment};
use cabinet::ports::PayMethod;
use cabinet::{
    Lang, application, balance, inbox, loan, notice, outbox, payment, payout, prolongation,
};
use chrono::{Duration, TimeZone, Utc};
use futures::future::join_all;
use lending::Kopecks;
use uuid::Builder;

use crate::chance::Chance;
use crate::history::History;
use crate::support::journey::{PHONE, origin};
use crate::ways;

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
    /// The payment date comes, or another hour of it.
    Due,
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
    /// A saved card pays without a page.
    Saved,
    /// Money is put on the balance, where there is one.
    TopUp,
    /// «Repay» with what is on the balance.
    Repay,
    /// The sum that closes the loan on a day is promised, or paid.
    Promise,
    Keep,
    /// The bank's statement is imported: transfers that name the loan and others, old lines among them.
    Statement,
    /// Somebody of the staff finds whose a transfer is.
    Assign,
    /// One of the staff asks to write debt off or to lower the rate; another one agrees.
    GiveUp,
    Agree,
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

const ACTS: [(u64, Act); 32] = [
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
    (2, Act::Due),
    (5, Act::Prepare),
    (5, Act::Sign),
    (3, Act::Page),
    (3, Act::FindLoan),
    (4, Act::Refund),
    (4, Act::Allow),
    (5, Act::Autopay),
    (3, Act::Payouts),
    (4, Act::Saved),
    (4, Act::TopUp),
    (3, Act::Repay),
    (3, Act::Promise),
    (4, Act::Keep),
    (4, Act::Statement),
    (2, Act::Assign),
    (2, Act::GiveUp),
    (2, Act::Agree),
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
            .asked(|world| async move {
                balance::sweep(&world.cab).await?;
                notice::daily(&world.cab).await
            })
            .map(drop),
        Act::Pass | Act::Midnight | Act::YearEnd => {
            time(history, &mut luck, step.act);
            Ok(())
        }
        Act::Due => ways::due(history),
        Act::Allow => ways::allow(history, &mut luck),
        Act::Autopay => ways::debits(history),
        Act::Prepare => prepare(history, &mut luck),
        Act::Sign => sign(history, &mut luck),
        Act::Page => page_of_loan(history, &mut luck),
        Act::FindLoan => find_loan(history),
        Act::Refund => ways::give_back(history, &mut luck),
        Act::Payouts => {
            ways::payouts(history, &mut luck);
            Ok(())
        }
        Act::Saved => ways::saved(history, &mut luck),
        Act::TopUp => ways::top_up(history, &mut luck),
        Act::Repay => ways::repay(history, &mut luck),
        Act::Promise => ways::promise(history, &mut luck),
        Act::Keep => ways::keep(history, &mut luck),
        Act::Statement => ways::statement(history, &mut luck),
        Act::Assign => ways::assign(history),
        Act::GiveUp => ways::give_up(history, &mut luck),
        Act::Agree => ways::agree(history),
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
    told.into_iter()
        .flatten()
        .try_for_each(|answer| acknowledged(history, answer))
}

/// What somebody was told about a payment is kept in mind; a refusal is an answer too.
pub fn acknowledged(
    history: &mut History,
    answer: cabinet::Result<(payment::Started, Kopecks)>,
) -> Result<(), String> {
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
