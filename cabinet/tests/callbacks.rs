//! News of payments in every order and number: each payment is posted once, and every order ends the same.
//!
//! `KOPECK_CALLBACKS` payments (a soak takes 200), each told of by fifty copies at once; `KOPECK_CALLBACK_ORDERS` of
//! the 720 orders of six things (a soak takes all).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; sizes, keys and addresses of tests come from the machine"
)]

mod support;

use std::collections::BTreeSet;

use cabinet::loan::OperationKind;
use cabinet::payment::{self, PayAmount, PayStatus};
use cabinet::{BorrowerId, LoanId, PaymentId, inbox, ledger, loan};
use chrono::{DateTime, Duration};
use futures::{StreamExt, stream};
use lending::Kopecks;
use sea_orm::{ConnectionTrait, Statement};
use support::acquirer::Switches;
use support::journey::{PHONE, balance};
use support::{World, on_both};

const COPIES: usize = 50;

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a whole number"))
}

/// A stream of numbers that look like chance and are the same each time.
fn shuffled<T>(mut list: Vec<T>) -> Vec<T> {
    let mut seed = 0x6b6f_7065_636b_u64;
    for place in (1..list.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let other = usize::try_from(seed >> 33).unwrap() % (place + 1);
        list.swap(place, other);
    }
    list
}

/// As the route does it: stored, answered, then acted upon when it was new.
async fn told(world: &World, event: &str, id: &str) {
    let stored = inbox::store(&world.cab, "yookassa", event, id, "", "{}").await;
    if stored.unwrap() == inbox::Stored::New {
        payment::handle_webhook(&world.cab, event, id)
            .await
            .unwrap();
    }
}

/// A payment that waits beside others: its payer said «I did not pay» and has the page open still.
async fn waiting(world: &World, borrower: BorrowerId, id: LoanId, sum: i64) -> PaymentId {
    let amount = PayAmount::Sum(Kopecks::new(sum));
    let started = world.start(borrower, id, amount).await;
    payment::not_paid(&world.cab, borrower, started.payment)
        .await
        .unwrap();
    started.payment
}

async fn posted(world: &World, borrower: BorrowerId, id: LoanId) -> Vec<Kopecks> {
    let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
    let paid = view.operations.into_iter();
    let paid = paid.filter(|one| one.kind == OperationKind::Payment);
    paid.map(|one| one.amount).collect()
}

#[test]
fn fifty_copies_of_the_news_of_each_of_many_payments_post_each_once() {
    on_both(|world| async move {
        let count = number("KOPECK_CALLBACKS", 40);
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let mut payments = Vec::new();
        for place in 0..count {
            let sum = 100 + i64::try_from(place).unwrap();
            payments.push(waiting(&world, borrower, id, sum).await);
        }
        for payment in &payments {
            world.acquirer.pay(&format!("pay-{payment}"));
        }
        // Half of the copies are acted upon without being new: another node had stored them.
        let news = payments.iter().flat_map(|payment| [*payment; COPIES]);
        let news: Vec<_> = news.enumerate().collect();
        stream::iter(shuffled(news))
            .for_each_concurrent(64, |(place, payment)| {
                let world = &world;
                async move {
                    let (event, remote) = (
                        ["payment.waiting_for_capture", "payment.succeeded"][place % 2],
                        format!("pay-{payment}"),
                    );
                    if place % 4 < 2 {
                        told(world, event, &remote).await;
                    } else {
                        let acted = payment::handle_webhook(&world.cab, event, &remote);
                        acted.await.unwrap();
                    }
                }
            })
            .await;
        let mut all = posted(&world, borrower, id).await;
        all.sort();
        let sums = (0..count).map(|place| Kopecks::new(100 + i64::try_from(place).unwrap()));
        assert_eq!(all, sums.collect::<Vec<_>>(), "exactly {count} postings");
        let books = ledger::balances(&world.cab).await.unwrap();
        let taken: Kopecks = all.into_iter().sum();
        assert_eq!(
            balance(&books, "acquirer"),
            taken - Kopecks::from_roubles(20_000)
        );
    });
}

/// What may happen to one payment, in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    /// The payer pays.
    Paid,
    /// News of the sum held, of the sum taken, and of the sum taken again.
    Held,
    Taken,
    TakenAgain,
    /// News of a refusal that never was.
    Refused,
    /// The poller looks.
    Poll,
}

const THINGS: [Thing; 6] = [
    Thing::Paid,
    Thing::Held,
    Thing::Taken,
    Thing::TakenAgain,
    Thing::Refused,
    Thing::Poll,
];

/// The orders of a list, by their numbers from 0 to 719 of six things.
fn order(number: usize) -> Vec<Thing> {
    let (mut left, mut number, mut order) = (THINGS.to_vec(), number, Vec::new());
    for size in (1..=THINGS.len()).rev() {
        order.push(left.remove(number % size));
        number /= size;
    }
    order
}

async fn happens(world: &World, thing: Thing, remote: &str) {
    match thing {
        Thing::Paid => world.acquirer.pay(remote),
        Thing::Held => told(world, "payment.waiting_for_capture", remote).await,
        Thing::Taken | Thing::TakenAgain => {
            let acted = payment::handle_webhook(&world.cab, "payment.succeeded", remote);
            acted.await.unwrap();
        }
        Thing::Refused => told(world, "payment.canceled", remote).await,
        Thing::Poll => {
            payment::poll(&world.cab).await.unwrap();
        }
    }
}

#[test]
fn every_order_of_six_things_about_a_payment_ends_the_same() {
    let orders: BTreeSet<String> = (0..720).map(|one| format!("{:?}", order(one))).collect();
    assert_eq!(orders.len(), 720, "all orders");
    on_both(|world| async move {
        let count = number("KOPECK_CALLBACK_ORDERS", 120);
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        for place in 0..count {
            // Evenly over all of them.
            let order = order(place * 720 / count);
            let started = world
                .start(borrower, id, PayAmount::Sum(Kopecks::new(100)))
                .await;
            let remote = format!("pay-{}", started.payment);
            for thing in &order {
                happens(&world, *thing, &remote).await;
            }
            world.clock.pass(Duration::hours(2));
            payment::poll(&world.cab).await.unwrap();
            let view = payment::view(&world.cab, borrower, started.payment).await;
            let view = view.unwrap();
            assert_eq!(view.status, PayStatus::Succeeded, "{order:?}");
        }
        assert_eq!(
            posted(&world, borrower, id).await,
            vec![Kopecks::new(100); count]
        );
    });
}

/// When the poller looks at the payment next, in milliseconds of the clock.
async fn next_look(world: &World, payment: PaymentId) -> Option<i64> {
    let db = world.cab.db().read();
    let sql = format!("SELECT poll_at FROM payment WHERE id = '{payment}'");
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get("", "poll_at").unwrap()
}

/// Looks at a payment as often as the poller does, for three days; answers how far apart, in seconds.
async fn looks(world: &World, payment: PaymentId) -> Vec<i64> {
    let begun = world.cab.now();
    let mut apart = Vec::new();
    while world.cab.now() - begun < Duration::hours(72) {
        let now = world.cab.now().timestamp_millis();
        let next = next_look(world, payment).await.expect("it is watched");
        apart.push((next - now) / 1_000);
        world
            .clock
            .set(DateTime::from_timestamp_millis(next).unwrap());
        payment::poll(&world.cab).await.unwrap();
    }
    apart
}

#[test]
fn a_payment_nobody_tells_of_is_looked_at_more_and_more_seldom_for_three_days() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        for reachable in [true, false] {
            world.acquirer.switches.lock().unwrap().down = !reachable;
            let amount = PayAmount::Sum(Kopecks::new(50_000));
            let started = world.start(borrower, id, amount).await;
            let apart = looks(&world, started.payment).await;
            assert!(apart[0] <= 5, "the first look comes at once: {apart:?}");
            assert!(apart.is_sorted(), "never sooner than before: {apart:?}");
            assert_eq!(apart.last(), Some(&3_600), "an hour at the most");
            assert!((80..120).contains(&apart.len()), "{} looks", apart.len());
            // However late the word comes, the money is found by the next look.
            *world.acquirer.switches.lock().unwrap() = Switches::default();
            if reachable {
                world.acquirer.pay(&format!("pay-{}", started.payment));
            }
            let next = next_look(&world, started.payment).await.unwrap();
            world
                .clock
                .set(DateTime::from_timestamp_millis(next).unwrap());
            payment::poll(&world.cab).await.unwrap();
            let view = payment::view(&world.cab, borrower, started.payment).await;
            // What never came to the acquirer is not created after days, and stands in nobody's way.
            let ends = [PayStatus::Abandoned, PayStatus::Succeeded][usize::from(reachable)];
            assert_eq!(view.unwrap().status, ends);
        }
    });
}
