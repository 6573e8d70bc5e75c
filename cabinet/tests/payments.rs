//! A borrower's money on its way: news lost, repeated, out of order, late; each kopeck is posted
//! once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::application::ContractStatus;
use cabinet::payment::{PayAmount, PayStatus, StartPayment};
use cabinet::payout::PayoutStatus;
use cabinet::prolongation::ProlongationStatus;
use cabinet::{CabinetError, Lang, application, ledger, loan, payment, prolongation};
use chrono::Duration;
use futures::future::join_all;
use lending::{Kopecks, Status};
use support::journey::{PHONE, balance, origin, roubles};
use support::on_both;
use uuid::Uuid;

#[test]
fn a_lost_webhook_only_makes_it_later() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 10_000, 15).await;
        world.days(5);
        let started = world.start(borrower, id, PayAmount::Payoff).await;
        world.acquirer.pay(&format!("pay-{}", started.payment));
        world.days(2);
        assert!(payment::poll(&world.cab).await.unwrap() > 0);
        let view = payment::view(&world.cab, borrower, started.payment)
            .await
            .unwrap();
        assert_eq!(view.status, PayStatus::Succeeded);
        assert!(view.closed_loan);
        // It counts for the day the money was taken, whenever we hear of it.
        let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(
            view.state.closed_on,
            Some(world.cab.today() - Duration::days(2))
        );
        assert_eq!(view.overpaid, Kopecks::ZERO);
    });
}

#[test]
fn a_crash_between_the_charge_and_the_posting_is_made_good() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(4);
        let started = world.start(borrower, id, PayAmount::Payoff).await;
        let remote = format!("pay-{}", started.payment);
        world.acquirer.pay(&remote);
        // The news comes, and the process dies while it asks the acquirer.
        world.acquirer.switches.lock().unwrap().hang_reads = true;
        let asked = payment::handle_webhook(&world.cab, "payment.succeeded", &remote);
        assert!(
            tokio::time::timeout(std::time::Duration::from_millis(200), asked)
                .await
                .is_err()
        );
        world.acquirer.switches.lock().unwrap().hang_reads = false;
        world.days(1);
        assert_eq!(payment::poll(&world.cab).await.unwrap(), 1);
        let view = payment::view(&world.cab, borrower, started.payment)
            .await
            .unwrap();
        assert!(view.closed_loan);
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(
            (loan.state.payoff, loan.overpaid),
            (Kopecks::ZERO, Kopecks::ZERO)
        );
    });
}

#[test]
fn fifty_webhooks_post_once() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(4);
        let started = world
            .start(borrower, id, PayAmount::Sum(roubles(1_000)))
            .await;
        let remote = format!("pay-{}", started.payment);
        world.acquirer.pay(&remote);
        let calls =
            (0..50).map(|_| payment::handle_webhook(&world.cab, "payment.succeeded", &remote));
        for result in join_all(calls).await {
            result.unwrap();
        }
        let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(view.state.paid_total, roubles(1_000));
        assert_eq!(view.operations.len(), 2);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(
            balance(&books, "acquirer"),
            roubles(1_000) - roubles(20_000)
        );
    });
}

#[test]
fn two_tabs_make_one_payment() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(4);
        let starts = (0..8).map(|_| world.start(borrower, id, PayAmount::Payoff));
        let started = join_all(starts).await;
        let first = started[0].payment;
        assert!(started.iter().all(|one| one.payment == first));
        assert_eq!(world.acquirer.created(), 1);
    });
}

#[test]
fn one_key_is_one_payment_and_a_refusal_does_not_spend_it() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let key = Uuid::now_v7();
        let wish = |sum| StartPayment {
            loan: id,
            amount: PayAmount::Sum(sum),
            method: cabinet::ports::PayMethod::Card,
            key,
        };
        let refused = payment::start(&world.cab, borrower, wish(roubles(90_000))).await;
        assert!(matches!(refused, Err(CabinetError::Fields(_))));
        let first = payment::start(&world.cab, borrower, wish(roubles(500)))
            .await
            .unwrap();
        let second = payment::start(&world.cab, borrower, wish(roubles(500)))
            .await
            .unwrap();
        assert_eq!(first, second);
        let other = payment::start(&world.cab, borrower, wish(roubles(600))).await;
        assert!(matches!(other, Err(CabinetError::Conflict("key_reused"))));
    });
}

#[test]
fn a_lost_answer_is_unknown_and_then_found() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(4);
        world.acquirer.switches.lock().unwrap().lose_create = true;
        let started = world.start(borrower, id, PayAmount::Payoff).await;
        assert_eq!(started.next, format!("/payments/{}", started.payment));
        let view = payment::view(&world.cab, borrower, started.payment)
            .await
            .unwrap();
        assert_eq!(view.status, PayStatus::Unknown);
        // While it is unknown nobody is invited to pay again.
        assert!(
            payment::not_paid(&world.cab, borrower, started.payment)
                .await
                .is_err()
        );
        let again = world.start(borrower, id, PayAmount::Payoff).await;
        assert_eq!(again.payment, started.payment);
        world.acquirer.switches.lock().unwrap().lose_create = false;
        world.acquirer.pay(&format!("pay-{}", started.payment));
        world.clock.pass(Duration::minutes(10));
        payment::poll(&world.cab).await.unwrap();
        let view = payment::view(&world.cab, borrower, started.payment)
            .await
            .unwrap();
        assert_eq!(view.status, PayStatus::Succeeded);
        assert_eq!(world.acquirer.created(), 1);
    });
}

#[test]
fn a_late_success_after_not_paid_is_a_surplus() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(4);
        let first = world.start(borrower, id, PayAmount::Payoff).await;
        let view = payment::not_paid(&world.cab, borrower, first.payment)
            .await
            .unwrap();
        assert_eq!(view.status, PayStatus::Abandoned);
        world.pay(borrower, id, PayAmount::Payoff).await;
        world.days(1);
        world.acquirer.pay(&format!("pay-{}", first.payment));
        payment::poll(&world.cab).await.unwrap();
        let view = payment::view(&world.cab, borrower, first.payment)
            .await
            .unwrap();
        assert_eq!(view.status, PayStatus::Succeeded);
        assert_eq!((view.parts.len(), view.overpaid), (0, view.amount));
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(loan.state.status, Status::Closed);
        assert_eq!(loan.overpaid, view.amount);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(balance(&books, "loans"), Kopecks::ZERO);
    });
}

#[test]
fn news_out_of_order_is_posted_by_date() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(4);
        let first = world
            .start(borrower, id, PayAmount::Sum(roubles(5_000)))
            .await;
        payment::not_paid(&world.cab, borrower, first.payment)
            .await
            .unwrap();
        world.acquirer.pay(&format!("pay-{}", first.payment));
        world.days(6);
        // The second payment's news comes first.
        world
            .pay(borrower, id, PayAmount::Sum(roubles(3_000)))
            .await;
        payment::poll(&world.cab).await.unwrap();
        let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
        // 20 000 for 4 days: 640.00; 4 360.00 of the first go to the principal. 15 640 for 6 days:
        // 750.72.
        assert_eq!(
            view.state.payoff,
            Kopecks::new(1_564_000 + 75_072 - 300_000)
        );
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(balance(&books, "loans"), view.state.principal);
    });
}

#[test]
fn a_prolongation_paid_a_day_late_is_stale() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(10);
        let before = loan::view(&world.cab, borrower, id, None)
            .await
            .unwrap()
            .state
            .due;
        let (agreed, price) = world.prolong(PHONE, borrower, id, 14).await;
        world.days(1);
        let remote = format!("pay-{price}");
        world.acquirer.pay(&remote);
        payment::handle_webhook(&world.cab, "payment.succeeded", &remote)
            .await
            .unwrap();
        let view = prolongation::view(&world.cab, borrower, agreed)
            .await
            .unwrap();
        assert_eq!(view.status, ProlongationStatus::Stale);
        let loan = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(loan.state.due, before);
        // The money is not lost: it paid what it could.
        assert_eq!(loan.state.paid_total, roubles(1_600));
    });
}

#[test]
fn a_penalty_left_alone_is_late_in_the_list_too() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(40);
        let owed = loan::view(&world.cab, borrower, id, None)
            .await
            .unwrap()
            .state;
        assert!(owed.penalty.is_positive());
        let but_penalty = owed.payoff - owed.penalty;
        world.pay(borrower, id, PayAmount::Sum(but_penalty)).await;
        let card = loan::list(&world.cab, borrower).await.unwrap().remove(0);
        assert_eq!(card.payoff, owed.penalty);
        // No principal is late any more, and the penalty still is.
        assert_eq!((card.status, card.late), (Status::Active, true));
    });
}

#[test]
fn a_declined_prolongation_payment_ends_it() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(10);
        let (agreed, price) = world.prolong(PHONE, borrower, id, 14).await;
        world.acquirer.decline(&format!("pay-{price}"));
        let view = payment::view(&world.cab, borrower, price).await.unwrap();
        assert_eq!(view.status, PayStatus::Failed);
        let view = prolongation::view(&world.cab, borrower, agreed)
            .await
            .unwrap();
        assert_eq!(view.status, ProlongationStatus::Expired);
    });
}

#[test]
fn a_free_prolongation_takes_effect_with_its_signature() {
    on_both(|world| async move {
        // A first loan at 0 %: nothing has accrued, so there is nothing to pay.
        let (borrower, id) = world.lent(PHONE, 10_000, 15).await;
        world.days(5);
        let (cab, from) = (&world.cab, origin());
        let agreed = prolongation::prepare(cab, borrower, id, 10, &from, Lang::Ru)
            .await
            .unwrap();
        let code = world.code(PHONE).await;
        let signed = prolongation::sign(cab, borrower, agreed, &code, &from)
            .await
            .unwrap();
        assert_eq!(
            (signed.payment, signed.next),
            (None, format!("/loans/{id}"))
        );
        let view = prolongation::view(cab, borrower, agreed).await.unwrap();
        assert_eq!(view.status, ProlongationStatus::Effective);
        let loan = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(loan.state.due, view.quote.new_due);
    });
}

#[test]
fn a_payment_is_not_created_again_under_a_dead_key() {
    on_both(|world| async move {
        let (cab, acquirer) = (&world.cab, &world.acquirer);
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        acquirer.switches.lock().unwrap().lose_create = true;
        acquirer.switches.lock().unwrap().no_search = true;
        let started = world.start(borrower, id, PayAmount::Payoff).await;
        world.days(2);
        payment::poll(cab).await.unwrap();
        let status = async || {
            let view = payment::view(cab, borrower, started.payment).await;
            view.unwrap().status
        };
        assert_eq!(
            (status().await, acquirer.created()),
            (PayStatus::Unknown, 1)
        );
        // Found by what it carries, it goes on as if nothing had been lost.
        acquirer.switches.lock().unwrap().no_search = false;
        assert_eq!(
            (status().await, acquirer.created()),
            (PayStatus::Waiting, 1)
        );
        acquirer.pay(&format!("pay-{}", started.payment));
        assert_eq!(status().await, PayStatus::Succeeded);
    });
}

#[test]
fn a_payment_that_never_came_stands_in_nobodys_way() {
    on_both(|world| async move {
        let (cab, acquirer) = (&world.cab, &world.acquirer);
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        acquirer.switches.lock().unwrap().down = true;
        let first = world.start(borrower, id, PayAmount::Payoff).await;
        world.days(2);
        acquirer.switches.lock().unwrap().down = false;
        payment::poll(cab).await.unwrap();
        let view = payment::view(cab, borrower, first.payment).await.unwrap();
        assert_eq!(view.status, PayStatus::Abandoned);
        assert_eq!(acquirer.created(), 0);
        world.pay(borrower, id, PayAmount::Payoff).await;
        assert_eq!(world.payoff(borrower, id).await, Kopecks::ZERO);
    });
}

#[test]
fn a_refusal_beside_a_creation_on_its_way_loses_nothing() {
    on_both(|world| async move {
        let (cab, acquirer) = (&world.cab, &world.acquirer);
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        acquirer.switches.lock().unwrap().late_create = true;
        let sum = PayAmount::Sum(roubles(500));
        let first = world.start(borrower, id, sum).await;
        let status = async || {
            let view = payment::view(cab, borrower, first.payment).await;
            view.unwrap().status
        };
        *acquirer.switches.lock().unwrap() = support::acquirer::Switches {
            refuse_create: true,
            ..Default::default()
        };
        // The second try is refused and nothing is found: it failed, and stands in nobody's way.
        assert_eq!(status().await, PayStatus::Failed);
        acquirer.let_through().await;
        world.pay(borrower, id, PayAmount::Sum(roubles(300))).await;
        // The first try was there all the time, and its money is taken.
        acquirer.pay(&format!("pay-{}", first.payment));
        world.clock.pass(Duration::minutes(10));
        payment::poll(cab).await.unwrap();
        assert_eq!(status().await, PayStatus::Succeeded);
    });
}

#[test]
fn a_payout_is_not_sent_again_under_a_dead_key() {
    on_both(|world| async move {
        let (cab, acquirer) = (&world.cab, &world.acquirer);
        let (borrower, contract) = world.approved(PHONE, 10_000, 15).await;
        world.sign(PHONE, borrower, contract).await;
        acquirer.switches.lock().unwrap().lose_create = true;
        acquirer.switches.lock().unwrap().no_search = true;
        world.work().await;
        world.days(2);
        payment::poll(cab).await.unwrap();
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        let status = offer.payout.unwrap().status;
        assert_eq!((status, acquirer.sent()), (PayoutStatus::Unknown, 1));
        acquirer.switches.lock().unwrap().no_search = false;
        world.days(1);
        payment::poll(cab).await.unwrap();
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!((offer.status, acquirer.sent()), (ContractStatus::Issued, 1));
    });
}

#[test]
fn a_refused_question_does_not_fail_a_payout() {
    on_both(|world| async move {
        let (cab, acquirer) = (&world.cab, &world.acquirer);
        let (borrower, contract) = world.approved(PHONE, 10_000, 15).await;
        world.sign(PHONE, borrower, contract).await;
        let asked_again = async |status| {
            world.clock.pass(Duration::minutes(10));
            payment::poll(cab).await.unwrap();
            let offer = application::offer(cab, borrower, contract).await.unwrap();
            assert_eq!(offer.status, ContractStatus::PayingOut);
            assert_eq!(offer.payout.unwrap().status, status);
        };
        acquirer.switches.lock().unwrap().slow_payouts = true;
        acquirer.switches.lock().unwrap().lose_create = true;
        world.work().await;
        // The money is on its way, and our credentials are withdrawn before we have learned of it.
        acquirer.switches.lock().unwrap().locked_out = true;
        asked_again(PayoutStatus::Unknown).await;
        acquirer.switches.lock().unwrap().lose_create = false;
        acquirer.switches.lock().unwrap().locked_out = false;
        asked_again(PayoutStatus::Waiting).await;
        acquirer.switches.lock().unwrap().locked_out = true;
        asked_again(PayoutStatus::Waiting).await;
        acquirer.switches.lock().unwrap().locked_out = false;
        acquirer.arrive();
        world.days(1);
        payment::poll(cab).await.unwrap();
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!((offer.status, acquirer.sent()), (ContractStatus::Issued, 1));
    });
}

#[test]
fn a_prolongation_of_a_debt_that_changed_is_not_signed() {
    on_both(|world| async move {
        let (cab, from) = (&world.cab, origin());
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(10);
        let agreed = prolongation::prepare(cab, borrower, id, 14, &from, Lang::Ru)
            .await
            .unwrap();
        let code = world.code(PHONE).await;
        world.pay(borrower, id, PayAmount::Payoff).await;
        let signed = prolongation::sign(cab, borrower, agreed, &code, &from).await;
        assert!(matches!(
            signed,
            Err(CabinetError::Conflict("prolongation_stale"))
        ));
        assert_eq!(world.acquirer.created(), 1);
    });
}

#[test]
fn two_paid_agreements_move_the_due_date_once() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(10);
        let (first, first_price) = world.prolong(PHONE, borrower, id, 14).await;
        payment::not_paid(cab, borrower, first_price).await.unwrap();
        world.clock.pass(Duration::minutes(10));
        let (second, second_price) = world.prolong(PHONE, borrower, id, 14).await;
        for price in [second_price, first_price] {
            world.acquirer.pay(&format!("pay-{price}"));
            payment::view(cab, borrower, price).await.unwrap();
        }
        let first = prolongation::view(cab, borrower, first).await.unwrap();
        let second = prolongation::view(cab, borrower, second).await.unwrap();
        assert_eq!(first.status, ProlongationStatus::Stale);
        assert_eq!(second.status, ProlongationStatus::Effective);
        let view = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(view.state.due, second.quote.new_due);
    });
}

#[test]
fn no_tail_is_left_that_a_card_could_not_pay() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(4);
        let payoff = world.payoff(borrower, id).await;
        let start = |sum| {
            let wish = StartPayment {
                loan: id,
                amount: PayAmount::Sum(sum),
                key: Uuid::now_v7(),
                method: cabinet::ports::PayMethod::Card,
            };
            payment::start(&world.cab, borrower, wish)
        };
        for sum in [
            Kopecks::new(99),
            payoff - Kopecks::new(99),
            payoff - Kopecks::new(1),
        ] {
            let refused = start(sum).await;
            assert!(matches!(refused, Err(CabinetError::Fields(_))), "{sum}");
        }
        world
            .pay(borrower, id, PayAmount::Sum(payoff - roubles(1)))
            .await;
        world.pay(borrower, id, PayAmount::Payoff).await;
        let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
        assert_eq!(
            (view.state.status, view.overpaid),
            (Status::Closed, Kopecks::ZERO)
        );
    });
}

#[test]
fn a_payment_the_acquirer_forgot_stands_in_nobodys_way() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let first = world.start(borrower, id, PayAmount::Payoff).await;
        world.acquirer.forget(&format!("pay-{}", first.payment));
        // The payer may still be on its page.
        world.clock.pass(Duration::minutes(30));
        payment::poll(&world.cab).await.unwrap();
        let again = world.start(borrower, id, PayAmount::Payoff).await;
        assert_eq!(again.payment, first.payment);
        world.clock.pass(Duration::hours(3));
        payment::poll(&world.cab).await.unwrap();
        let again = world.start(borrower, id, PayAmount::Payoff).await;
        assert_ne!(again.payment, first.payment);
    });
}

#[test]
fn a_card_whose_binding_died_with_the_process_is_given_up() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 30).await;
        world.acquirer.switches.lock().unwrap().hang_bindings = true;
        let started = cabinet::payout::start_binding(&world.cab, borrower, "/cabinet");
        let patience = std::time::Duration::from_millis(200);
        assert!(tokio::time::timeout(patience, started).await.is_err());
        let pending = || async {
            let cards = cabinet::payout::cards(&world.cab, borrower).await.unwrap();
            cards.len()
        };
        assert_eq!(pending().await, 2);
        world.clock.pass(Duration::minutes(6));
        payment::poll(&world.cab).await.unwrap();
        assert_eq!(pending().await, 1);
    });
}
