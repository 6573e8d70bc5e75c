//! Ways of money besides the acquirer's page, and what the lender gives up.

use cabinet::adjustment::{self, Cause, Change, Reason};
use cabinet::autopay::{self, Allowance, When};
use cabinet::payment::{PayAmount, StartPayment};
use cabinet::ports::PayMethod;
use cabinet::staff::{Role, Staff};
use cabinet::statement::{self, Source};
use cabinet::{StaffId, balance, loan, payment, payout, refund};
use chrono::{Days, Duration, NaiveTime};
use lending::{Debt, Kopecks};
use uuid::{Builder, Uuid};

use crate::chance::Chance;
use crate::history::History;
use crate::steps::acknowledged;
use crate::support::bank;

fn drawn(luck: &mut Chance) -> Uuid {
    Builder::from_random_bytes(u128::from(luck.next()).to_be_bytes()).into_uuid()
}

fn colleague(id: u128, role: Role) -> Staff {
    Staff {
        id: StaffId(Uuid::from_u128(id)),
        login: role.code().into(),
        name: "Коллега".into(),
        roles: vec![role],
        must_change: false,
    }
}

fn some_sum(luck: &mut Chance) -> Kopecks {
    let sums = [1, 100, 9_999, 50_000, 123_456, 160_000, 500_000, 7_777_777];
    Kopecks::new(luck.of(&sums).unwrap_or(100))
}

/// Sends a wish from one tab, or the same form twice.
fn wished(history: &mut History, luck: &mut Chance, amount: PayAmount, saved: bool) -> Done {
    let (Some(loan), borrower) = (history.loan, history.borrower) else {
        return Ok(());
    };
    let wish = StartPayment {
        loan,
        amount,
        method: PayMethod::Card,
        key: drawn(luck),
    };
    let tabs = 1 + luck.below(2);
    let told = history.go(|world| async move {
        let cards = payout::cards(&world.cab, borrower).await?;
        let card = cards.first().filter(|_| saved).map(|card| card.id);
        let cab = &world.cab;
        let sent = (0..tabs).map(|_| {
            let wish = wish.clone();
            async move {
                let started = match card {
                    Some(card) => payment::start_saved(cab, borrower, wish, card).await?,
                    None => payment::start(cab, borrower, wish).await?,
                };
                let view = payment::view(cab, borrower, started.payment).await?;
                Ok((started, view.amount))
            }
        });
        Ok(futures::future::join_all(sent).await)
    });
    match told {
        None => Ok(()),
        Some(Err(error)) => acknowledged(history, Err(error)),
        Some(Ok(answers)) => answers
            .into_iter()
            .try_for_each(|answer| acknowledged(history, answer)),
    }
}

type Done = Result<(), String>;

pub fn due(history: &mut History) -> Done {
    let (Some(loan), borrower) = (history.loan, history.borrower) else {
        return Ok(());
    };
    let state = history.asked(|world| async move {
        let view = loan::view(&world.cab, borrower, loan, None).await?;
        Ok(view.state.next_payment)
    })?;
    if let Some(Some((date, _))) = state {
        let clock = &history.outside.clock;
        let hour = cabinet::ports::Clock::now(&**clock) + Duration::hours(1);
        // Eleven in Moscow.
        let morning = date.and_time(NaiveTime::MIN).and_utc() + Duration::hours(8);
        clock.set(hour.max(morning));
    }
    Ok(())
}

pub fn saved(history: &mut History, luck: &mut Chance) -> Done {
    {
        let mut switches = history.outside.acquirer.switches.lock().unwrap();
        switches.empty_cards = luck.one_in(4);
        switches.slow_charges = luck.one_in(4);
    }
    let before = history.acknowledged.len();
    let amount = if luck.one_in(6) {
        PayAmount::Payoff
    } else {
        PayAmount::Sum(some_sum(luck))
    };
    let done = wished(history, luck, amount, true);
    if history.acknowledged.len() > before {
        history.tally.saw("saved card");
    }
    done
}

pub fn top_up(history: &mut History, luck: &mut Chance) -> Done {
    let amount = PayAmount::TopUp(some_sum(luck));
    wished(history, luck, amount, false)
}

pub fn repay(history: &mut History, luck: &mut Chance) -> Done {
    let (Some(loan), borrower) = (history.loan, history.borrower) else {
        return Ok(());
    };
    let amount = (!luck.one_in(3)).then(|| some_sum(luck));
    let key = drawn(luck);
    let repaid = history.asked(|world| async move {
        let tab = || balance::repay(&world.cab, borrower, loan, amount, key);
        let (first, second) = futures::future::join(tab(), tab()).await;
        first.and(second)
    })?;
    if repaid.is_some() {
        history.tally.saw("repaid from the balance");
    }
    Ok(())
}

pub fn promise(history: &mut History, luck: &mut Chance) -> Done {
    let (Some(loan), borrower) = (history.loan, history.borrower) else {
        return Ok(());
    };
    let ahead = Days::new(luck.of(&[0, 0, 1, 5, 20, 60]).unwrap_or(0));
    let quote = history.asked(|world| async move {
        payment::promise(&world.cab, borrower, loan, world.cab.today() + ahead).await
    })?;
    if let Some(quote) = quote {
        history.tally.saw("promised");
        history.promised.push(("payoff_quote", quote.to_string()));
        history.quotes.push(quote);
    }
    Ok(())
}

pub fn keep(history: &mut History, luck: &mut Chance) -> Done {
    let Some(quote) = luck.of(&history.quotes) else {
        return promise(history, luck);
    };
    let saved = luck.one_in(3);
    wished(history, luck, PayAmount::Promised(quote), saved)
}

/// Every sum is another one, so that a line is known by its sum.
pub fn statement(history: &mut History, luck: &mut Chance) -> Done {
    let (Some(loan), borrower) = (history.loan, history.borrower) else {
        return Ok(());
    };
    let mut lines = Vec::new();
    for _ in 0..=luck.below(3) {
        history.documents += 1;
        let tens = luck.of(&[1, 30, 700, 25_000]).unwrap_or(1);
        let kopecks = tens * 1_000 + history.documents;
        let (back, named) = (luck.below(4), luck.below(4) > 0);
        lines.push((history.documents, kopecks, back, named));
    }
    // Days overlap: the last line of an earlier file comes again.
    let again = history.statement.clone().filter(|_| luck.one_in(2));
    let (sent, one_more) = (lines.clone(), luck.one_in(2));
    let imported = history.asked(|world| async move {
        let view = loan::view(&world.cab, borrower, loan, None).await?;
        let today = world.cab.today();
        let documents = sent.iter().map(|(number, kopecks, back, named)| {
            let day = (today - Days::new(*back)).format("%d.%m.%Y").to_string();
            let sum = Kopecks::new(i64::try_from(*kopecks).unwrap()).plain();
            let purpose = if *named {
                format!("Погашение по договору {}", view.number)
            } else {
                "Возврат долга".to_owned()
            };
            bank::document(*number, &day, &sum, &purpose)
        });
        let mut documents: Vec<String> = documents.collect();
        let last = documents.last().cloned();
        documents.extend(again);
        let bytes = bank::file(&documents);
        let import = || statement::import(&world.cab, Source::Statement, &bytes);
        let mut report = import().await?;
        if one_more {
            report = import().await?;
        }
        Ok((report.bad.is_empty(), last))
    })?;
    let Some((taken, last)) = imported else {
        return Ok(());
    };
    history.tally.saw("statement");
    history.statement = last;
    for (_, kopecks, ..) in lines.into_iter().filter(|_| taken) {
        history.promised.push(("bank_line", kopecks.to_string()));
    }
    Ok(())
}

pub fn assign(history: &mut History) -> Done {
    let (Some(loan), borrower) = (history.loan, history.borrower) else {
        return Ok(());
    };
    let assigned = history.asked(|world| async move {
        let number = loan::view(&world.cab, borrower, loan, None).await?.number;
        let by = colleague(3, Role::Payments);
        let waiting = statement::unmatched(&world.cab, Some(&by)).await?;
        let Some(line) = waiting.first() else {
            return Ok(false);
        };
        // Two of the staff press at once.
        let press = || statement::assign(&world.cab, Some(&by), &line.id, &number);
        let (first, second) = futures::future::join(press(), press()).await;
        first.or(second).map(|()| true)
    })?;
    if assigned == Some(true) {
        history.tally.saw("assigned");
    }
    Ok(())
}

pub fn give_up(history: &mut History, luck: &mut Chance) -> Done {
    let (Some(loan), borrower) = (history.loan, history.borrower) else {
        return Ok(());
    };
    let (what, part) = (luck.below(8), luck.below(5));
    let rate = luck.of(&[1_000, 4_000, 7_900, 8_000]).unwrap_or(4_000);
    history
        .asked(|world| async move {
            let state = loan::view(&world.cab, borrower, loan, None).await?.state;
            let share = |of: Kopecks| Kopecks::new(of.get() * i64::try_from(part).unwrap() / 5);
            let change = match what {
                0 => Change::WholeDebt,
                1..5 => Change::Debt(Debt {
                    penalty: share(state.penalty),
                    interest: share(state.interest),
                    principal: share(state.principal),
                }),
                _ => Change::Rate(rate),
            };
            let reason = Reason {
                cause: Some(Cause::OurError),
                note: "посчитали неверно, исправляем".to_owned(),
                evidence: String::new(),
            };
            let by = colleague(1, Role::Payments);
            adjustment::propose(&world.cab, &by, (borrower, loan), change, reason).await
        })
        .map(drop)
}

pub fn agree(history: &mut History) -> Done {
    let agreed = history.asked(|world| async move {
        let by = colleague(2, Role::Chief);
        let waiting = adjustment::waiting(&world.cab, &by, None).await?;
        let Some(one) = waiting.first() else {
            return Ok(false);
        };
        match adjustment::approve(&world.cab, &by, one.id).await {
            // What was asked for can't be done any more: it leaves the queue.
            Err(cabinet::CabinetError::Conflict(_)) => {
                let why = "долг стал меньше, чем просили списать";
                adjustment::refuse(&world.cab, &by, one.id, why).await?;
                Ok(false)
            }
            done => done.map(|()| true),
        }
    })?;
    if agreed == Some(true) {
        history.tally.saw("given up");
    }
    Ok(())
}

pub fn give_back(history: &mut History, luck: &mut Chance) -> Result<(), String> {
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
pub fn debits(history: &mut History) -> Result<(), String> {
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

pub fn allow(history: &mut History, luck: &mut Chance) -> Result<(), String> {
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

pub fn payouts(history: &mut History, luck: &mut Chance) {
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
