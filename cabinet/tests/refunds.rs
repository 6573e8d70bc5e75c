//! Money back: once, to whom it came from, never more than came, and with four eyes above the
//! lender's limit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::payment::PayAmount;
use cabinet::refund::{self, RefundStatus};
use cabinet::staff::{Role, Staff};
use cabinet::{BorrowerId, CabinetError, LoanId, StaffId, ledger, loan, payment};
use chrono::Duration;
use futures::future::join_all;
use lending::{Kopecks, Status};
use support::journey::{OTHER_PHONE, PHONE, balance, roubles};
use support::{World, on_both};
use uuid::Uuid;

/// A loan that was closed, and then paid once more by a page that had been left open.
async fn overpaid(world: &World, amount: i64) -> (BorrowerId, LoanId, Kopecks) {
    let (borrower, id) = world.lent(PHONE, amount, 30).await;
    world.days(4);
    let first = world.start(borrower, id, PayAmount::Payoff).await;
    payment::not_paid(&world.cab, borrower, first.payment)
        .await
        .unwrap();
    world.pay(borrower, id, PayAmount::Payoff).await;
    world.acquirer.pay(&format!("pay-{}", first.payment));
    world.clock.pass(Duration::minutes(10));
    payment::poll(&world.cab).await.unwrap();
    let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
    assert_eq!(view.state.status, Status::Closed);
    (borrower, id, view.overpaid)
}

async fn ask(
    world: &World,
    borrower: BorrowerId,
    loan: LoanId,
) -> cabinet::Result<cabinet::RefundId> {
    refund::ask(&world.cab, borrower, loan, Uuid::now_v7()).await
}

async fn statuses(world: &World, borrower: BorrowerId, loan: LoanId) -> Vec<RefundStatus> {
    let view = refund::view(&world.cab, borrower, loan).await.unwrap();
    view.list.iter().map(|one| one.status).collect()
}

#[test]
fn money_for_a_closed_loan_goes_back_to_its_card_once() {
    on_both(|world| async move {
        let (borrower, id, surplus) = overpaid(&world, 10_000).await;
        let seen = refund::view(&world.cab, borrower, id).await.unwrap();
        assert_eq!((seen.refundable, seen.by_hand), (surplus, Kopecks::ZERO));
        assert!(!seen.reviewed);
        let key = Uuid::now_v7();
        let first = refund::ask(&world.cab, borrower, id, key).await.unwrap();
        // The form sent again is the same refund, and another tab finds nothing more to ask for.
        assert_eq!(
            refund::ask(&world.cab, borrower, id, key).await.unwrap(),
            first
        );
        let second = ask(&world, borrower, id).await;
        assert!(matches!(
            second,
            Err(CabinetError::Conflict("nothing_to_refund"))
        ));
        world.work().await;
        let seen = refund::view(&world.cab, borrower, id).await.unwrap();
        assert_eq!(seen.refundable, Kopecks::ZERO);
        assert_eq!(
            (seen.list[0].status, seen.list[0].amount),
            (RefundStatus::Done, surplus)
        );
        assert_eq!(seen.list[0].title, "•• 4477");
        assert_eq!(world.acquirer.given_back().len(), 1);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(balance(&books, "borrower_balance"), Kopecks::ZERO);
        let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(view.overpaid, Kopecks::ZERO);
        assert!(world.inbox.texts(PHONE).last().unwrap().contains("вернули"));
        assert!(matches!(
            ask(&world, borrower, id).await,
            Err(CabinetError::Conflict("nothing_to_refund"))
        ));
    });
}

#[test]
fn eight_tabs_ask_and_one_refund_leaves() {
    on_both(|world| async move {
        let (borrower, id, surplus) = overpaid(&world, 10_000).await;
        let asked = join_all((0..8).map(|_| ask(&world, borrower, id))).await;
        assert_eq!(asked.iter().filter(|one| one.is_ok()).count(), 1);
        world.work().await;
        let given = world.acquirer.given_back();
        assert_eq!(given.iter().map(|(_, sum)| *sum).sum::<Kopecks>(), surplus);
    });
}

#[test]
fn a_lost_answer_is_unknown_and_then_found_not_sent_again() {
    on_both(|world| async move {
        let (borrower, id, surplus) = overpaid(&world, 10_000).await;
        world.acquirer.switches.lock().unwrap().lose_create = true;
        ask(&world, borrower, id).await.unwrap();
        cabinet::outbox::run_due(&world.cab).await.unwrap();
        assert_eq!(
            statuses(&world, borrower, id).await,
            [RefundStatus::Unknown]
        );
        assert!(ask(&world, borrower, id).await.is_err());
        // The key has died by now: it is looked for and not created.
        world.days(2);
        world.acquirer.switches.lock().unwrap().lose_create = false;
        payment::poll(&world.cab).await.unwrap();
        assert_eq!(statuses(&world, borrower, id).await, [RefundStatus::Done]);
        let given = world.acquirer.given_back();
        assert_eq!((given.len(), given[0].1), (1, surplus));
    });
}

#[test]
fn a_refused_refund_can_be_asked_for_again() {
    on_both(|world| async move {
        let (borrower, id, surplus) = overpaid(&world, 10_000).await;
        world.acquirer.switches.lock().unwrap().refuse_refunds = true;
        ask(&world, borrower, id).await.unwrap();
        world.work().await;
        assert_eq!(statuses(&world, borrower, id).await, [RefundStatus::Failed]);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(balance(&books, "borrower_balance"), Kopecks::ZERO - surplus);
        world.acquirer.switches.lock().unwrap().refuse_refunds = false;
        ask(&world, borrower, id).await.unwrap();
        world.work().await;
        assert_eq!(
            statuses(&world, borrower, id).await,
            [RefundStatus::Done, RefundStatus::Failed]
        );
    });
}

#[test]
fn a_slow_refund_is_sent_and_then_done() {
    on_both(|world| async move {
        let (borrower, id, _) = overpaid(&world, 10_000).await;
        world.acquirer.switches.lock().unwrap().slow_refunds = true;
        ask(&world, borrower, id).await.unwrap();
        world.work().await;
        assert_eq!(statuses(&world, borrower, id).await, [RefundStatus::Sent]);
        world.acquirer.give_back();
        world.days(3);
        payment::poll(&world.cab).await.unwrap();
        assert_eq!(statuses(&world, borrower, id).await, [RefundStatus::Done]);
        // It counts for the day it left.
        let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
        let last = view.operations.last().unwrap();
        assert_eq!(last.on, world.cab.today() - Duration::days(3));
    });
}

/// Somebody of the staff with one role.
fn colleague(role: Role) -> Staff {
    Staff {
        id: StaffId(Uuid::now_v7()),
        login: "colleague".into(),
        name: "Коллега".into(),
        roles: vec![role],
        must_change: false,
    }
}

#[test]
fn above_the_limit_two_different_people_agree_first() {
    on_both(|world| async move {
        let (borrower, id, surplus) = overpaid(&world, 20_000).await;
        assert!(surplus > world.cab.lender().payment.refund_alone_up_to());
        assert!(
            refund::view(&world.cab, borrower, id)
                .await
                .unwrap()
                .reviewed
        );
        let asked = ask(&world, borrower, id).await.unwrap();
        world.work().await;
        world.days(1);
        payment::poll(&world.cab).await.unwrap();
        assert_eq!(statuses(&world, borrower, id).await, [RefundStatus::Review]);
        assert_eq!(world.acquirer.given_back(), []);
        let (anna, boris) = (colleague(Role::Payments), colleague(Role::Chief));
        // A chief is the second person of money, never the first.
        let early = refund::approve(&world.cab, &boris, asked).await;
        assert!(matches!(early, Err(CabinetError::Forbidden("staff_role"))));
        assert!(!refund::approve(&world.cab, &anna, asked).await.unwrap());
        let same = refund::approve(&world.cab, &anna, asked).await;
        assert!(matches!(
            same,
            Err(CabinetError::Forbidden("second_person"))
        ));
        let waits = refund::waiting(&world.cab, &boris).await.unwrap();
        assert_eq!(
            (waits[0].first, waits[0].borrower),
            (Some(anna.id), borrower)
        );
        assert!(refund::approve(&world.cab, &boris, asked).await.unwrap());
        let third = refund::approve(&world.cab, &boris, asked).await;
        assert!(matches!(
            third,
            Err(CabinetError::Conflict("refund_not_waiting"))
        ));
        world.work().await;
        assert_eq!(statuses(&world, borrower, id).await, [RefundStatus::Done]);
        assert_eq!(world.acquirer.given_back().len(), 1);
    });
}

/// In no pair of roles can one person be both people of a refund.
#[test]
fn nobody_is_both_people_of_a_refund_in_any_pair_of_roles() {
    on_both(|world| async move {
        let (borrower, id, _) = overpaid(&world, 20_000).await;
        let mut agreed = 0;
        for one in Role::ALL {
            for two in Role::ALL {
                let asked = ask(&world, borrower, id).await.unwrap();
                let mut by = colleague(*one);
                by.roles.push(*two);
                let first = refund::approve(&world.cab, &by, asked).await;
                let moves = by.may(cabinet::staff::Action::MoveMoney);
                assert_eq!(first.is_ok(), moves, "{one:?} {two:?}");
                let second = refund::approve(&world.cab, &by, asked).await;
                if moves {
                    agreed += 1;
                    assert!(
                        matches!(second, Err(CabinetError::Forbidden("second_person"))),
                        "{one:?} {two:?}"
                    );
                }
                assert!(second.is_err());
                let chief = colleague(Role::Chief);
                refund::decline(&world.cab, &chief, asked, "проверка двух человек")
                    .await
                    .unwrap();
            }
        }
        assert_eq!(agreed, 11);
        world.work().await;
        assert_eq!(world.acquirer.given_back(), []);
    });
}

#[test]
fn a_declined_one_goes_nowhere() {
    on_both(|world| async move {
        let (borrower, id, surplus) = overpaid(&world, 20_000).await;
        let asked = ask(&world, borrower, id).await.unwrap();
        let staff = colleague(Role::Chief);
        assert!(
            refund::decline(&world.cab, &staff, asked, " ")
                .await
                .is_err()
        );
        refund::decline(&world.cab, &staff, asked, "спор по платежу")
            .await
            .unwrap();
        world.work().await;
        assert_eq!(world.acquirer.given_back(), []);
        let seen = refund::view(&world.cab, borrower, id).await.unwrap();
        assert_eq!(
            (seen.list[0].status, seen.refundable),
            (RefundStatus::Declined, surplus)
        );
    });
}

#[test]
fn somebody_elses_loan_gives_nothing_back() {
    on_both(|world| async move {
        let (_, id, _) = overpaid(&world, 10_000).await;
        let other = world.borrower(OTHER_PHONE, roubles(5_000)).await;
        assert!(matches!(
            ask(&world, other, id).await,
            Err(CabinetError::NotFound)
        ));
        let seen = refund::view(&world.cab, other, id).await;
        assert!(matches!(seen, Err(CabinetError::NotFound)));
    });
}
