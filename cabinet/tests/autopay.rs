//! Autopay: inside what was allowed, once for a date, never after it was taken back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::autopay::{self, Allowance, MandateStatus, When};
use cabinet::payment::{self, PayAmount, PayStatus};
use cabinet::{BorrowerId, CabinetError, Lender, LoanId, application, balance, loan, payout};
use chrono::{Duration, NaiveDate};
use futures::future::join_all;
use lending::{Kopecks, Status};
use support::journey::{PHONE, roubles};
use support::{World, on_both};

async fn allow(world: &World, borrower: BorrowerId, id: LoanId, cap: i64) {
    allow_on(world, borrower, id, cap, When::Before(0)).await;
}

async fn allow_on(world: &World, borrower: BorrowerId, id: LoanId, cap: i64, when: When) {
    let card = payout::cards(&world.cab, borrower).await.unwrap()[0].id;
    let allowed = Allowance {
        card,
        when,
        hour: 12,
        cap_debit: roubles(cap),
        cap_month: roubles(cap),
        consent: true,
    };
    autopay::agree(&world.cab, borrower, id, allowed)
        .await
        .unwrap();
}

async fn next(world: &World, borrower: BorrowerId, id: LoanId) -> Option<(NaiveDate, Kopecks)> {
    let view = autopay::view(&world.cab, borrower, id).await.unwrap();
    view.unwrap().next
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// The program runs on the day before a day so many days ahead, as it does every hour; then that day comes.
async fn day_of_debit(world: &World, days: i64) {
    world.days(days - 1);
    assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
    world.work().await;
    world.days(1);
}

/// How many texts spoke of a debit to come.
fn told(world: &World) -> usize {
    let texts = world.inbox.texts(PHONE);
    let about = |text: &&String| text.contains("автоплатёж");
    texts.iter().filter(about).count()
}

/// A loan of 20 000 for 30 days on the morning of its due date, told of the day before; a payment of 24 800 is due.
async fn due_today(world: &World, cap: i64) -> (BorrowerId, LoanId) {
    let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
    allow(world, borrower, id, cap).await;
    let due = loan::view(&world.cab, borrower, id, None)
        .await
        .unwrap()
        .state
        .due;
    day_of_debit(world, (due - world.cab.today()).num_days()).await;
    (borrower, id)
}

async fn tries(world: &World, borrower: BorrowerId, id: LoanId) -> Vec<Option<PayStatus>> {
    let view = autopay::view(&world.cab, borrower, id)
        .await
        .unwrap()
        .unwrap();
    view.tries.iter().map(|one| one.status).collect()
}

#[test]
fn a_due_date_is_debited_once_and_told_of_the_day_before() {
    on_both(|world| async move {
        let (borrower, id) = due_today(&world, 30_000).await;
        world.days(-1);
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
        world.work().await;
        assert_eq!(told(&world), 1);
        autopay::run(&world.cab).await.unwrap();
        world.work().await;
        assert_eq!(told(&world), 1, "said once");
        let text = world.inbox.texts(PHONE).last().unwrap().clone();
        assert!(
            text.contains("23 декабря") && text.contains("в 12:00"),
            "{text}"
        );
        let view = autopay::view(&world.cab, borrower, id)
            .await
            .unwrap()
            .unwrap();
        let next = view.next.unwrap();
        assert_eq!(next.0, world.cab.today() + Duration::days(1));
        // The day has come, and the hour has not.
        world.days(1);
        world.clock.pass(Duration::hours(-2));
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
        world.clock.pass(Duration::hours(2));
        let runs = join_all((0..8).map(|_| autopay::run(&world.cab))).await;
        assert_eq!(runs.into_iter().map(Result::unwrap).sum::<usize>(), 1);
        assert_eq!(world.acquirer.created(), 1);
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(
            (loan.state.status, loan.state.paid_total),
            (Status::Closed, next.1)
        );
        assert_eq!(
            tries(&world, borrower, id).await,
            [Some(PayStatus::Succeeded)]
        );
        // Never on a closed loan.
        world.days(1);
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
    });
}

#[test]
fn after_a_revocation_no_debit_begins() {
    on_both(|world| async move {
        let (borrower, id) = due_today(&world, 30_000).await;
        let (begun, revoked) = tokio::join!(
            autopay::run(&world.cab),
            autopay::revoke(&world.cab, borrower, id)
        );
        let (begun, under_way) = (begun.unwrap(), revoked.unwrap());
        let then = world.acquirer.created();
        assert!(then <= begun);
        for _ in 0..3 {
            world.days(1);
            autopay::run(&world.cab).await.unwrap();
            world.work().await;
            payment::poll(&world.cab).await.unwrap();
        }
        assert_eq!(world.acquirer.created(), then, "under way: {under_way}");
        let again = autopay::revoke(&world.cab, borrower, id).await;
        assert!(matches!(again, Err(CabinetError::NotFound)));
    });
}

#[test]
fn a_debit_that_waits_for_its_worker_dies_with_the_permission() {
    on_both(|world| async move {
        let (borrower, id) = due_today(&world, 30_000).await;
        // It is asked for, and the acquirer can't be reached; then it is taken back.
        world.acquirer.switches.lock().unwrap().down = true;
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 1);
        assert!(autopay::revoke(&world.cab, borrower, id).await.unwrap());
        world.acquirer.switches.lock().unwrap().down = false;
        world.clock.pass(Duration::minutes(20));
        world.work().await;
        payment::poll(&world.cab).await.unwrap();
        assert_eq!(world.acquirer.created(), 0);
        // And nothing stands in the way of paying by hand.
        world.pay(borrower, id, PayAmount::Payoff).await;
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(loan.state.status, Status::Closed);
    });
}

#[test]
fn a_card_without_money_is_tried_on_three_days_and_left_alone() {
    on_both(|world| async move {
        let (borrower, id) = due_today(&world, 60_000).await;
        world.acquirer.switches.lock().unwrap().empty_cards = true;
        for _ in 0..6 {
            for _ in 0..3 {
                autopay::run(&world.cab).await.unwrap();
                world.clock.pass(Duration::hours(1));
            }
            world.clock.pass(Duration::hours(21));
        }
        let failed = Some(PayStatus::Failed);
        assert_eq!(tries(&world, borrower, id).await, [failed, failed, failed]);
        assert_eq!(world.acquirer.created(), 3);
    });
}

#[test]
fn a_lost_answer_is_not_debited_again() {
    on_both(|world| async move {
        let (borrower, id) = due_today(&world, 60_000).await;
        world.acquirer.switches.lock().unwrap().lose_create = true;
        autopay::run(&world.cab).await.unwrap();
        for _ in 0..3 {
            world.days(1);
            autopay::run(&world.cab).await.unwrap();
        }
        assert_eq!(
            tries(&world, borrower, id).await,
            [Some(PayStatus::Unknown)]
        );
        world.acquirer.switches.lock().unwrap().lose_create = false;
        payment::poll(&world.cab).await.unwrap();
        assert_eq!(
            tries(&world, borrower, id).await,
            [Some(PayStatus::Succeeded)]
        );
        assert_eq!(world.acquirer.created(), 1);
    });
}

#[test]
fn a_sum_above_a_cap_is_not_debited_in_slices() {
    on_both(|world| async move {
        let (borrower, id) = due_today(&world, 10_000).await;
        autopay::run(&world.cab).await.unwrap();
        world.work().await;
        let view = autopay::view(&world.cab, borrower, id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(view.tries[0].reason.as_deref(), Some("above_debit"));
        assert_eq!(world.acquirer.created(), 0);
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(loan.state.paid_total, Kopecks::ZERO);
        assert!(world.inbox.texts(PHONE).last().unwrap().contains("предел"));
    });
}

#[test]
fn a_paused_one_waits_and_a_careless_one_is_not_given() {
    on_both(|world| async move {
        let (borrower, id) = due_today(&world, 60_000).await;
        autopay::pause(&world.cab, borrower, id).await.unwrap();
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
        let view = autopay::view(&world.cab, borrower, id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((view.status, view.next), (MandateStatus::Paused, None));
        autopay::resume(&world.cab, borrower, id).await.unwrap();
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 1);
        let careless = Allowance {
            consent: false,
            when: When::MonthDay(32),
            hour: 24,
            cap_debit: roubles(5),
            cap_month: roubles(4),
            ..view.allowance
        };
        let refused = autopay::agree(&world.cab, borrower, id, careless).await;
        let Err(CabinetError::Fields(fields)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(fields.len(), 4);
    });
}

#[test]
fn a_chosen_day_of_the_month_is_debited_once_and_told_of_with_its_hour() {
    on_both(|world| async move {
        // Lent on 23 November for 30 days.
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        allow_on(&world, borrower, id, 30_000, When::MonthDay(20)).await;
        let (on, sum) = next(&world, borrower, id).await.unwrap();
        assert_eq!(on, day(12, 20));
        world.days((on - world.cab.today()).num_days() - 1);
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
        world.work().await;
        let text = world.inbox.texts(PHONE).last().unwrap().clone();
        assert!(
            text.contains("20 декабря") && text.contains("в 12:00"),
            "{text}"
        );
        assert!(text.contains(&sum.to_string()), "{text}, {sum}");
        world.days(1);
        let runs = join_all((0..4).map(|_| autopay::run(&world.cab))).await;
        assert_eq!(runs.into_iter().map(Result::unwrap).sum::<usize>(), 1);
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(
            (loan.state.status, loan.state.paid_total),
            (Status::Closed, sum)
        );
        for _ in 0..4 {
            world.days(1);
            assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
        }
        assert_eq!(world.acquirer.created(), 1);
    });
}

#[test]
fn a_chosen_day_that_is_over_gives_way_to_the_payment_date_and_a_refusal_to_the_next_day() {
    on_both(|world| async move {
        // Ten days hold no 20th.
        let (borrower, id) = world.lent(PHONE, 20_000, 10).await;
        allow_on(&world, borrower, id, 60_000, When::MonthDay(20)).await;
        let due = loan::view(&world.cab, borrower, id, None)
            .await
            .unwrap()
            .state
            .due;
        assert_eq!(due, day(12, 3));
        assert_eq!(next(&world, borrower, id).await.unwrap().0, due);
        world.acquirer.switches.lock().unwrap().empty_cards = true;
        day_of_debit(&world, 10).await;
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 1);
        world.work().await;
        payment::poll(&world.cab).await.unwrap();
        // The next attempt is seen with the sum of its own day, and told of before.
        let (on, sum) = next(&world, borrower, id).await.unwrap();
        let then = loan::view(&world.cab, borrower, id, Some(on))
            .await
            .unwrap();
        assert_eq!((on, sum), (day(12, 4), then.state.payoff));
        autopay::run(&world.cab).await.unwrap();
        world.work().await;
        let text = world.inbox.texts(PHONE).last().unwrap().clone();
        assert!(text.contains(&sum.to_string()), "{text}, {sum}");
        world.acquirer.switches.lock().unwrap().empty_cards = false;
        world.days(1);
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 1);
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(loan.state.status, Status::Closed);
        assert_eq!(next(&world, borrower, id).await, None);
    });
}

#[test]
fn money_debited_to_a_balance_ahead_is_the_whole_sum_of_the_date() {
    on_both(|world| async move {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../lenders/demo.toml");
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.replacen("[payment]\n", "[payment]\nmode = \"balance\"\n", 1);
        let world = world.of(Lender::parse(&text).unwrap());
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        allow_on(&world, borrower, id, 60_000, When::Before(3)).await;
        let due = loan::view(&world.cab, borrower, id, None)
            .await
            .unwrap()
            .state;
        let (on, sum) = next(&world, borrower, id).await.unwrap();
        assert_eq!(Some((due.due, sum)), due.next_payment);
        assert_eq!(on, due.due - Duration::days(3));
        day_of_debit(&world, 27).await;
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 1);
        world.work().await;
        payment::poll(&world.cab).await.unwrap();
        for _ in 0..4 {
            world.days(1);
            assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
            balance::sweep(&world.cab).await.unwrap();
        }
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(
            (
                loan.state.status,
                loan.state.closed_on,
                loan.state.paid_total
            ),
            (Status::Closed, Some(due.due), sum)
        );
    });
}

#[test]
fn what_leaves_interest_to_pay_is_not_debited_ahead() {
    on_both(|world| async move {
        let (borrower, contract) = world.approved_product(PHONE, "monthly", 30_000, 6).await;
        world.sign(PHONE, borrower, contract).await;
        world.work().await;
        let offer = application::offer(&world.cab, borrower, contract)
            .await
            .unwrap();
        let id = offer.loan.unwrap();
        let first = loan::view(&world.cab, borrower, id, None).await.unwrap();
        let first = first.state.next_payment.unwrap();
        for when in [When::Before(5), When::MonthDay(10)] {
            allow_on(&world, borrower, id, 60_000, when).await;
            assert_eq!(next(&world, borrower, id).await, Some(first), "{when:?}");
        }
        day_of_debit(&world, (first.0 - world.cab.today()).num_days()).await;
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 1);
        world.work().await;
        let after = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(after.state.paid_total, first.1);
        world.days(1);
        let after = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(after.state.late_since, None, "the date is paid whole");
    });
}

#[test]
fn a_permission_given_on_the_payment_date_is_told_of_at_once_and_debits_at_the_next_full_hour() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(30);
        allow(&world, borrower, id, 60_000).await;
        let (on, sum) = next(&world, borrower, id).await.unwrap();
        assert_eq!(on, world.cab.today());
        world.work().await;
        let text = world.inbox.texts(PHONE).last().unwrap().clone();
        assert!(
            text.contains("автоплатёж") && text.contains(&sum.to_string()),
            "{text}"
        );
        assert_eq!(
            autopay::run(&world.cab).await.unwrap(),
            0,
            "there is time to say no"
        );
        world.clock.pass(Duration::hours(1));
        let runs = join_all((0..4).map(|_| autopay::run(&world.cab))).await;
        assert_eq!(runs.into_iter().map(Result::unwrap).sum::<usize>(), 1);
        world.work().await;
        assert_eq!(told(&world), 1, "said once");
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        let closed = (loan.state.status, loan.state.closed_on);
        assert_eq!(closed, (Status::Closed, Some(on)), "nobody is late by it");
    });
}

#[test]
fn after_a_day_in_which_nothing_ran_the_notice_still_comes_before_the_debit() {
    on_both(|world| async move {
        // On the date itself a day's wait would be a delay: told first, debited the same day.
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        allow(&world, borrower, id, 60_000).await;
        let (due, _) = next(&world, borrower, id).await.unwrap();
        world.days((due - world.cab.today()).num_days());
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
        world.work().await;
        assert_eq!((told(&world), world.acquirer.created()), (1, 0));
        world.clock.pass(Duration::hours(1));
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 1);
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(loan.state.closed_on, Some(due));
    });
}

#[test]
fn ahead_of_the_date_an_untold_debit_waits_for_the_next_day() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        allow_on(&world, borrower, id, 60_000, When::Before(3)).await;
        let (on, _) = next(&world, borrower, id).await.unwrap();
        world.days((on - world.cab.today()).num_days());
        let (moved, sum) = next(&world, borrower, id).await.unwrap();
        assert_eq!(moved, on + Duration::days(1));
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
        world.work().await;
        let text = world.inbox.texts(PHONE).last().unwrap().clone();
        assert!(text.contains(&sum.to_string()), "{text}, {sum}");
        world.days(1);
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 1);
        assert_eq!((told(&world), world.acquirer.created()), (1, 1));
    });
}

#[test]
fn two_debits_of_a_month_stay_within_its_cap() {
    on_both(|world| async move {
        let (borrower, contract) = world.approved_product(PHONE, "monthly", 30_000, 6).await;
        world.sign(PHONE, borrower, contract).await;
        world.work().await;
        let offer = application::offer(&world.cab, borrower, contract).await;
        let id = offer.unwrap().loan.unwrap();
        let seen = || loan::view(&world.cab, borrower, id, None);
        // The first date is missed, and the permission comes in the month of the second.
        let first = seen().await.unwrap().state.next_payment.unwrap().0;
        world.days((first - world.cab.today()).num_days() + 14);
        allow(&world, borrower, id, 60_000).await;
        let (_, missed) = next(&world, borrower, id).await.unwrap();
        world.clock.pass(Duration::hours(1));
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 1);
        assert_eq!(seen().await.unwrap().state.paid_total, missed);
        let (second, sum) = next(&world, borrower, id).await.unwrap();
        let month = |date: NaiveDate| date.format("%Y-%m").to_string();
        assert_eq!(month(second), month(world.cab.today()));
        // Either alone is allowed, both together are a kopeck too much; a new permission forgets no debit.
        let view = autopay::view(&world.cab, borrower, id).await.unwrap();
        let allowed = Allowance {
            cap_debit: missed.max(sum),
            cap_month: missed + sum - Kopecks::new(1),
            ..view.unwrap().allowance
        };
        autopay::agree(&world.cab, borrower, id, allowed)
            .await
            .unwrap();
        day_of_debit(&world, (second - world.cab.today()).num_days()).await;
        assert_eq!(autopay::run(&world.cab).await.unwrap(), 0);
        world.work().await;
        let view = autopay::view(&world.cab, borrower, id).await.unwrap();
        let reason = view.unwrap().tries[0].reason.clone();
        assert_eq!(reason.as_deref(), Some("above_month"));
        let paid = seen().await.unwrap().state.paid_total;
        assert_eq!((world.acquirer.created(), paid), (1, missed));
        assert!(world.inbox.texts(PHONE).last().unwrap().contains("предел"));
    });
}
