//! Random stories: every kind of loan, dates on both sides of every dated row of the law, sums
//! near every boundary that matters.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::common::Numbers;
use crate::naive::story::{Action, Discount, Kind, Loan, Story, Window};
use crate::naive::{Naive, law, lawful};

/// The story of a seed.
pub fn story(seed: u64) -> Story {
    let mut numbers = Numbers(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
    let loan = loan(&mut numbers);
    let window = match numbers.between(0, 9) {
        0..=5 => Window::ThroughDue,
        6 => Window::LastDays(numbers.days(0, 10)),
        7 => Window::Grace(numbers.days(0, 10)),
        8 => Window::Always,
        _ => Window::Unchecked,
    };
    let mut story = Story {
        loan,
        window,
        events: Vec::new(),
        on: Vec::new(),
    };
    if lawful(&story.loan) {
        live(&mut numbers, &mut story);
    }
    story
}

/// One of several, the first ones more often the more often they are named.
fn pick<T: Copy>(numbers: &mut Numbers, from: &[T]) -> T {
    let last = u64::try_from(from.len() - 1).unwrap();
    from[usize::try_from(numbers.between(0, last)).unwrap()]
}

fn loan(numbers: &mut Numbers) -> Loan {
    let issued = issue_date(numbers);
    let earlier = if numbers.percent(8) {
        numbers.between(1, 5)
    } else {
        0
    };
    let contract = issued - Days::new(earlier);
    let kind = kind(numbers);
    let amount = amount(numbers, kind);
    let mut loan = Loan {
        kind,
        amount,
        contract,
        issued,
        daily: 0,
        annual: None,
        fixed: 0,
        promo: None,
        penalty: pick(numbers, &[200_000, 200_000, 200_000, 36_500, 0, 200_001]),
        shift: numbers.percent(12),
    };
    if matches!(kind, Kind::Special { .. }) {
        let share = numbers.between(0, 155_000);
        loan.fixed = amount * i64::try_from(share).unwrap() / 1_000_000;
        return loan;
    }
    let bullet = matches!(kind, Kind::Bullet { .. });
    if numbers.percent(if bullet { 10 } else { 40 }) {
        let any = numbers.days(0, 2_920_001);
        loan.annual = Some(pick(numbers, &[any, any, 168_000, 2_000_000, 2_920_000]));
        return loan;
    }
    loan.daily = daily_rate(numbers, contract);
    if bullet && numbers.percent(25) {
        loan.promo = Some(Discount {
            daily: numbers.days(0, 4_000).min(loan.daily),
            max_amount: pick(numbers, &[amount - 1, amount, 1_500_000]).max(1),
            max_days: pick(numbers, &[kind.term() - 1, kind.term(), 20]).max(1),
        });
    }
    loan
}

fn issue_date(numbers: &mut Numbers) -> NaiveDate {
    let anywhere = law::day(2018, 6, 1) + Days::new(numbers.between(0, 3800));
    match numbers.between(0, 9) {
        // The very days around a change of law.
        0..=1 => pick(numbers, &law::SWITCHES) - Days::new(1) + Days::new(numbers.between(0, 2)),
        // Lives that cross the change of the order of claims.
        2 => law::day(2024, 7, 1) - Days::new(numbers.between(0, 90)),
        // Ends of months, years and the leap day.
        3 => anywhere.with_day(1).unwrap() + Months::new(1) - Days::new(numbers.between(1, 3)),
        4 => law::day(anywhere.year(), 12, 1) + Days::new(numbers.between(0, 62)),
        _ => anywhere,
    }
}

fn kind(numbers: &mut Numbers) -> Kind {
    match numbers.between(0, 11) {
        0..=5 if numbers.percent(6) => Kind::Bullet {
            days: numbers.days(91, 450),
        },
        0..=5 => Kind::Bullet {
            days: numbers.days(1, 90),
        },
        6..=7 => {
            let any = numbers.days(1, 31);
            Kind::EveryNDays {
                payments: numbers.days(1, 16),
                days: pick(numbers, &[7, 14, 14, any, any]),
            }
        }
        8..=9 => Kind::Monthly {
            months: numbers.days(1, 14),
        },
        _ => Kind::Special {
            days: numbers.days(1, 16),
        },
    }
}

fn amount(numbers: &mut Numbers, kind: Kind) -> i64 {
    if matches!(kind, Kind::Special { .. }) {
        return numbers.kopecks(10_000, 1_010_000).get();
    }
    match numbers.between(0, 5) {
        0..=1 => numbers.kopecks(1, 100).get() * 50_000,
        2 => numbers.kopecks(1, 400).get() * 8_250,
        3 => numbers.kopecks(10_000, 100_000_000).get(),
        _ => numbers.kopecks(100_000, 3_000_000).get(),
    }
}

fn daily_rate(numbers: &mut Numbers, contract: NaiveDate) -> u32 {
    let highest = law::highest_daily_rate(contract).unwrap_or(15_000);
    let any = numbers.days(0, highest);
    let rates = [
        highest,
        highest,
        highest,
        highest,
        8_000,
        10_000,
        7_840,
        7_600,
        5_000,
        1_234,
        0,
        any,
        any,
        highest + 1,
    ];
    pick(numbers, &rates)
}

/// Lets the days pass and things happen; the naive loan tells which sums matter.
fn live(numbers: &mut Numbers, story: &mut Story) {
    let mut naive = Naive::new(&story.loan, story.window);
    let days = (naive.due() - naive.today).num_days();
    let horizon = u64::try_from(days).unwrap() + numbers.between(0, 250);
    let chance = numbers.between(0, 6);
    let tidy = numbers.percent(40);
    for _ in 0..=horizon {
        let due = naive.lines.iter().any(|line| line.due == naive.today);
        if due && tidy {
            on_the_due_date(numbers, story, &mut naive);
        }
        let mut chance = if due { 35 } else { chance };
        while numbers.percent(chance) {
            let action = action(numbers, &naive);
            happen(story, &mut naive, action);
            chance = 25;
        }
        if numbers.percent(3) {
            story.on.push(naive.today);
        }
        if naive.closed.is_some() && numbers.percent(30) {
            break;
        }
        naive.next_day();
    }
    story.on.push(naive.today);
}

fn happen(story: &mut Story, naive: &mut Naive, action: Action) {
    story.events.push((naive.today, action));
    // A refusal is part of the story too.
    let _ = naive.take(action);
}

/// Somebody who keeps to the schedule, or pays the interest and asks for more time.
fn on_the_due_date(numbers: &mut Numbers, story: &mut Story, naive: &mut Naive) {
    let prolongs = matches!(story.loan.kind, Kind::Bullet { .. }) && numbers.percent(60);
    let planned: i64 = naive
        .lines
        .iter()
        .map_while(|line| (line.due <= naive.today).then_some(line.principal))
        .sum();
    let principal = if prolongs {
        0
    } else {
        (planned - naive.repaid).max(0)
    };
    let amount = naive.interest() + principal;
    if amount > 0 {
        happen(story, naive, Action::Pay(amount));
    }
    if prolongs {
        let days = numbers.days(1, 20);
        happen(story, naive, Action::Prolong(days));
    }
}

fn action(numbers: &mut Numbers, naive: &Naive) -> Action {
    let amount = match numbers.between(0, 7) {
        0 => naive.payoff(),
        1 => naive.interest() + numbers.kopecks(0, 1).get(),
        2 => naive.overdue_interest() + naive.overdue_principal(),
        3 => naive.payoff() + 1,
        4 => naive.payoff() - 1,
        5 => naive.payoff() * numbers.kopecks(1, 99).get() / 100,
        _ => numbers.kopecks(1, 700_000).get(),
    };
    let amount = amount.max(1);
    match numbers.between(0, 11) {
        10 => write_off(numbers, naive),
        11 => Action::LowerRate(numbers.days(0, 9_000)),
        0..=4 => Action::Pay(amount),
        5..=6 => Action::Prolong(numbers.days(1, 30)),
        7 => Action::PrepayKeepingTerm(amount),
        _ => Action::PrepayKeepingPayment(amount),
    }
}

/// Nothing, a share, all or more than all of each kind of debt, and never nothing in all.
fn write_off(numbers: &mut Numbers, naive: &Naive) -> Action {
    let mut some = |owed: i64| match numbers.between(0, 4) {
        0..=1 => owed,
        2 => owed * numbers.kopecks(1, 99).get() / 100,
        3 => owed + 1,
        _ => 0,
    };
    let (penalty, interest) = (some(naive.penalty()), some(naive.interest()));
    let principal = some(naive.principal());
    if penalty + interest + principal == 0 {
        return Action::WriteOff(1, 1, 1);
    }
    Action::WriteOff(penalty, interest, principal)
}
