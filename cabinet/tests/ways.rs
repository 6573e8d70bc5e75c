//! Ways of one loan's money: paying early, a promised sum, money on a balance.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::loan::{LoanView, OperationKind};
use cabinet::payment::{self, PayAmount, StartPayment};
use cabinet::ports::PayMethod;
use cabinet::prolongation::{self, ProlongationStatus};
use cabinet::refund::{self, RefundStatus};
use cabinet::{BorrowerId, CabinetError, Lang, LoanId, balance, ledger, loan};
use chrono::{Duration, TimeZone, Utc};
use lending::{Keep, Kopecks, Status};
use support::journey::{PHONE, balance as account, origin, roubles};
use support::{World, on_both};
use uuid::Uuid;

async fn view(world: &World, borrower: BorrowerId, id: LoanId) -> LoanView {
    loan::view(&world.cab, borrower, id, None).await.unwrap()
}

fn kinds(view: &LoanView) -> Vec<OperationKind> {
    view.operations.iter().map(|one| one.kind).collect()
}

#[test]
fn a_promised_sum_closes_the_loan_until_its_last_moment() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        // Late by then, with a penalty, and the day is a Sunday.
        let on = chrono::NaiveDate::from_ymd_opt(2027, 1, 10).unwrap();
        let quote = payment::promise(&world.cab, borrower, id, on)
            .await
            .unwrap();
        let again = payment::promise(&world.cab, borrower, id, on)
            .await
            .unwrap();
        assert_eq!(quote, again);
        let seen = payment::promised(&world.cab, borrower, quote)
            .await
            .unwrap();
        // Midnight in Moscow.
        let until = Utc.with_ymd_and_hms(2027, 1, 10, 21, 0, 0).unwrap();
        assert_eq!((seen.until, seen.lives), (until, true));
        let then = loan::view(&world.cab, borrower, id, Some(on))
            .await
            .unwrap();
        assert!(then.state.penalty.is_positive());
        assert_eq!(seen.amount, then.state.payoff);
        // Confirmed in the last second, taken by the bank five minutes after midnight.
        world.clock.set(until - Duration::seconds(1));
        let started = world.start(borrower, id, PayAmount::Promised(quote)).await;
        world.clock.set(until + Duration::minutes(5));
        let over = payment::promised(&world.cab, borrower, quote)
            .await
            .unwrap();
        assert!(!over.lives);
        world.acquirer.pay(&format!("pay-{}", started.payment));
        let paid = payment::view(&world.cab, borrower, started.payment)
            .await
            .unwrap();
        assert!(paid.closed_loan);
        let closed = view(&world, borrower, id).await;
        assert_eq!(closed.state.closed_on, Some(on));
        assert_eq!(closed.overpaid, Kopecks::ZERO);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(account(&books, "loans"), Kopecks::ZERO);
        let dead = payment::promise(&world.cab, borrower, id, world.cab.today()).await;
        assert!(matches!(dead, Err(CabinetError::Conflict("loan_closed"))));
    });
}

#[test]
fn a_promise_taken_early_closes_and_the_rest_comes_back() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let on = world.cab.today() + Duration::days(20);
        let quote = payment::promise(&world.cab, borrower, id, on)
            .await
            .unwrap();
        world.days(10);
        // Money came in between: the promise is no dearer than what the debt has become.
        world
            .pay(borrower, id, PayAmount::Sum(roubles(5_000)))
            .await;
        let promised = payment::promised(&world.cab, borrower, quote)
            .await
            .unwrap();
        let started = world.start(borrower, id, PayAmount::Promised(quote)).await;
        let paid = payment::view(&world.cab, borrower, started.payment)
            .await
            .unwrap();
        assert!(paid.amount + roubles(5_000) < promised.amount);
        world.acquirer.pay(&format!("pay-{}", started.payment));
        payment::view(&world.cab, borrower, started.payment)
            .await
            .unwrap();
        let closed = view(&world, borrower, id).await;
        assert_eq!(closed.state.status, Status::Closed);
        assert!(closed.overpaid.is_positive());
        let back = refund::view(&world.cab, borrower, id).await.unwrap();
        assert_eq!(back.refundable, closed.overpaid);
    });
}

#[test]
fn no_promise_is_about_the_past_or_another_life() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        for days in [-1, 400] {
            let on = world.cab.today() + Duration::days(days);
            let refused = payment::promise(&world.cab, borrower, id, on).await;
            assert!(matches!(refused, Err(CabinetError::Fields(_))), "{days}");
        }
        let quote = payment::promise(&world.cab, borrower, id, world.cab.today())
            .await
            .unwrap();
        world.days(1);
        let wish = StartPayment {
            loan: id,
            amount: PayAmount::Promised(quote),
            key: Uuid::now_v7(),
            method: PayMethod::Card,
        };
        let late = payment::start(&world.cab, borrower, wish).await;
        assert!(matches!(late, Err(CabinetError::Conflict("quote_over"))));
    });
}

#[test]
fn a_part_paid_early_shortens_the_term_as_was_shown() {
    on_both(|world| async move { paid_in_part(&world, Keep::Payment).await });
}

#[test]
fn a_part_paid_early_makes_the_payments_smaller_as_was_shown() {
    on_both(|world| async move { paid_in_part(&world, Keep::Term).await });
}

/// A part is paid early in one of the two ways; what was shown of it is what is in force.
async fn paid_in_part(world: &World, kept: Keep) {
    let (borrower, contract) = world.approved_product(PHONE, "monthly", 30_000, 6).await;
    world.sign(PHONE, borrower, contract).await;
    world.work().await;
    let offer = cabinet::application::offer(&world.cab, borrower, contract)
        .await
        .unwrap();
    let id = offer.loan.unwrap();
    world.days(10);
    let today = world.cab.today();
    let sum = roubles(12_000);
    let shown = |keep| payment::early(&world.cab, borrower, id, today, Some(sum), keep);
    let (shorter, smaller) = (
        shown(Keep::Payment).await.unwrap(),
        shown(Keep::Term).await.unwrap(),
    );
    assert!(shorter.choice && !shorter.closes);
    let lines = |one: &payment::Early| {
        one.prepay
            .new_schedule
            .as_ref()
            .unwrap()
            .instalments
            .clone()
    };
    assert!(lines(&shorter).len() < lines(&smaller).len());
    assert!(shorter.prepay.saved_against_schedule > smaller.prepay.saved_against_schedule);
    world.pay(borrower, id, PayAmount::Early(sum, kept)).await;
    // What was shown is what is in force, to the kopeck.
    let now = view(world, borrower, id).await;
    let ahead: Vec<_> = now
        .state
        .schedule
        .iter()
        .filter(|row| row.instalment.due > today)
        .map(|row| (row.instalment.due, row.instalment.payment))
        .collect();
    let chosen = match kept {
        Keep::Payment => &shorter,
        Keep::Term => &smaller,
    };
    let promised: Vec<_> = lines(chosen)
        .iter()
        .map(|line| (line.due, line.payment))
        .collect();
    assert_eq!(ahead, promised);
    let all = payment::early(&world.cab, borrower, id, today, None, Keep::Term)
        .await
        .unwrap();
    assert!(all.closes);
    assert_eq!(all.amount, now.state.payoff);
}

#[test]
fn money_on_the_balance_waits_and_pays_on_the_due_date() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let world = world.by_balance();
        world.days(10);
        world
            .pay(borrower, id, PayAmount::TopUp(roubles(3_000)))
            .await;
        let seen = view(&world, borrower, id).await;
        let there = seen.balance.unwrap();
        assert_eq!(there.left, roubles(3_000));
        assert!(
            there.idle_saves.is_positive(),
            "it stops no interest, and the page can say how much"
        );
        assert_eq!(seen.state.paid_total, Kopecks::ZERO);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(
            account(&books, "borrower_balance"),
            Kopecks::ZERO - roubles(3_000)
        );
        // The due date comes, and nobody looks until two days later.
        let due = seen.state.due;
        world.days((due - world.cab.today()).num_days() + 2);
        let late = view(&world, borrower, id).await;
        assert_eq!(late.balance.unwrap().left, Kopecks::ZERO);
        assert_eq!(late.state.paid_total, roubles(3_000));
        let debit = late.operations.last().unwrap();
        assert_eq!(
            (debit.kind, debit.on, debit.amount),
            (OperationKind::Debit, due, roubles(3_000))
        );
        // The books follow with the sweep, once.
        assert_eq!(balance::sweep(&world.cab).await.unwrap(), 1);
        assert_eq!(balance::sweep(&world.cab).await.unwrap(), 0);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(account(&books, "borrower_balance"), Kopecks::ZERO);
        assert_eq!(
            account(&books, "loans"),
            view(&world, borrower, id).await.state.principal
        );
        world.work().await;
        let told = world.inbox.texts(PHONE);
        assert!(told.iter().any(|text| text.contains("со счёта")));
    });
}

#[test]
fn paying_off_through_the_balance_tops_up_and_debits_in_one_go() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let world = world.by_balance();
        world.days(4);
        world
            .pay(borrower, id, PayAmount::TopUp(roubles(1_000)))
            .await;
        world.days(2);
        let payoff = world.payoff(borrower, id).await;
        let started = world.start(borrower, id, PayAmount::Payoff).await;
        world.acquirer.pay(&format!("pay-{}", started.payment));
        let paid = payment::view(&world.cab, borrower, started.payment)
            .await
            .unwrap();
        // What stood on the balance already is not asked for again.
        assert_eq!(paid.amount, payoff - roubles(1_000));
        assert!(paid.topped_up && paid.closed_loan);
        let seen = view(&world, borrower, id).await;
        assert_eq!(
            kinds(&seen),
            [
                OperationKind::Disbursement,
                OperationKind::TopUp,
                OperationKind::TopUp,
                OperationKind::Debit
            ]
        );
        assert_eq!(
            (seen.state.status, seen.overpaid),
            (Status::Closed, Kopecks::ZERO)
        );
    });
}

#[test]
fn repaying_from_the_balance_happens_once_and_never_beyond_it() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let world = world.by_balance();
        world.days(4);
        let empty = balance::repay(&world.cab, borrower, id, None, Uuid::now_v7()).await;
        assert!(matches!(
            empty,
            Err(CabinetError::Conflict("balance_empty"))
        ));
        world
            .pay(borrower, id, PayAmount::TopUp(roubles(2_000)))
            .await;
        let above = balance::repay(
            &world.cab,
            borrower,
            id,
            Some(roubles(2_001)),
            Uuid::now_v7(),
        );
        assert!(matches!(above.await, Err(CabinetError::Fields(_))));
        let key = Uuid::now_v7();
        let tabs =
            (0..6).map(|_| balance::repay(&world.cab, borrower, id, Some(roubles(1_500)), key));
        for result in futures::future::join_all(tabs).await {
            result.unwrap();
        }
        let seen = view(&world, borrower, id).await;
        assert_eq!(seen.state.paid_total, roubles(1_500));
        assert_eq!(seen.balance.unwrap().left, roubles(500));
        // 20 000 for 4 days at 0.8 % is 640.00; the rest of 1 500 went to the principal.
        assert_eq!(
            seen.state.principal,
            Kopecks::new(2_000_000 - 150_000 + 64_000)
        );
    });
}

#[test]
fn unused_money_goes_back_and_no_due_date_takes_it_meanwhile() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let world = world.by_balance();
        world.days(4);
        world
            .pay(borrower, id, PayAmount::TopUp(roubles(2_000)))
            .await;
        world.acquirer.switches.lock().unwrap().slow_refunds = true;
        refund::ask(&world.cab, borrower, id, Uuid::now_v7())
            .await
            .unwrap();
        world.work().await;
        let seen = view(&world, borrower, id).await;
        assert_eq!(seen.balance.unwrap().left, Kopecks::ZERO);
        world.days(30);
        assert_eq!(
            view(&world, borrower, id).await.state.paid_total,
            Kopecks::ZERO
        );
        world.acquirer.give_back();
        payment::poll(&world.cab).await.unwrap();
        let back = refund::view(&world.cab, borrower, id).await.unwrap();
        assert_eq!(back.list[0].status, RefundStatus::Done);
        assert_eq!(back.refundable, Kopecks::ZERO);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(account(&books, "borrower_balance"), Kopecks::ZERO);
    });
}

#[test]
fn a_refund_that_failed_is_on_the_balance_again() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let world = world.by_balance();
        world
            .pay(borrower, id, PayAmount::TopUp(roubles(2_000)))
            .await;
        world.acquirer.switches.lock().unwrap().refuse_refunds = true;
        refund::ask(&world.cab, borrower, id, Uuid::now_v7())
            .await
            .unwrap();
        world.work().await;
        let seen = view(&world, borrower, id).await;
        assert_eq!(seen.balance.unwrap().left, roubles(2_000));
    });
}

#[test]
fn late_news_of_a_top_up_moves_the_debits_to_their_days() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let world = world.by_balance();
        let first = world
            .start(borrower, id, PayAmount::TopUp(roubles(4_000)))
            .await;
        payment::not_paid(&world.cab, borrower, first.payment)
            .await
            .unwrap();
        world.days(29);
        world.acquirer.pay(&format!("pay-{}", first.payment));
        world.days(5);
        // Late by four days: the next money is taken at once.
        world
            .pay(borrower, id, PayAmount::TopUp(roubles(3_000)))
            .await;
        let due = view(&world, borrower, id).await.terms.schedule.instalments[0].due;
        assert_eq!(
            view(&world, borrower, id).await.state.paid_total,
            roubles(3_000)
        );
        // Only now is the first one heard of: it was there on the due date, and counts for it.
        payment::poll(&world.cab).await.unwrap();
        let seen = view(&world, borrower, id).await;
        assert_eq!(seen.state.paid_total, roubles(7_000));
        let debits: Vec<_> = seen
            .operations
            .iter()
            .filter(|one| one.kind == OperationKind::Debit)
            .map(|one| (one.on, one.amount))
            .collect();
        assert_eq!(
            debits,
            [(due, roubles(4_000)), (world.cab.today(), roubles(3_000))]
        );
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(account(&books, "loans"), seen.state.principal);
        assert_eq!(account(&books, "borrower_balance"), Kopecks::ZERO);
    });
}

#[test]
fn a_prolongation_is_paid_from_the_balance_and_what_is_missing_is_topped_up() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let world = world.by_balance();
        world.days(10);
        world
            .pay(borrower, id, PayAmount::TopUp(roubles(1_000)))
            .await;
        let before = view(&world, borrower, id).await.state.due;
        // 20 000 for 10 days is 1 600.00, and 1 000 of it is there.
        let (agreed, price) = world.prolong(PHONE, borrower, id, 14).await;
        let paid = payment::view(&world.cab, borrower, price).await.unwrap();
        assert_eq!(paid.amount, roubles(600));
        world.acquirer.pay(&format!("pay-{price}"));
        payment::view(&world.cab, borrower, price).await.unwrap();
        let state = prolongation::view(&world.cab, borrower, agreed)
            .await
            .unwrap()
            .status;
        assert_eq!(state, ProlongationStatus::Effective);
        let seen = view(&world, borrower, id).await;
        assert_eq!(seen.state.due, before + Duration::days(14));
        assert_eq!(seen.balance.unwrap().left, Kopecks::ZERO);
        // The next one is paid by what is there alone.
        world.days(5);
        world
            .pay(borrower, id, PayAmount::TopUp(roubles(2_000)))
            .await;
        let (cab, from) = (&world.cab, origin());
        let agreed = prolongation::prepare(cab, borrower, id, 7, &from, Lang::Ru)
            .await
            .unwrap();
        let code = world.code(PHONE).await;
        let signed = prolongation::sign(cab, borrower, agreed, &code, &from)
            .await
            .unwrap();
        assert_eq!(signed.payment, None);
        let seen = view(&world, borrower, id).await;
        assert_eq!(seen.state.due, before + Duration::days(21));
        assert_eq!(seen.balance.unwrap().left, roubles(1_200));
        let books = ledger::balances(cab).await.unwrap();
        assert_eq!(
            account(&books, "borrower_balance"),
            Kopecks::ZERO - roubles(1_200)
        );
    });
}

#[test]
fn a_saved_card_pays_without_a_page_and_only_its_owners_debt() {
    on_both(|world| async move {
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(4);
        let card = cabinet::payout::cards(&world.cab, borrower).await.unwrap()[0].id;
        let wish = |key| StartPayment {
            loan: id,
            amount: PayAmount::Sum(roubles(1_000)),
            key,
            method: PayMethod::Card,
        };
        let key = Uuid::now_v7();
        let stranger = Uuid::now_v7().into();
        let refused = payment::start_saved(&world.cab, borrower, wish(key), stranger).await;
        assert!(matches!(refused, Err(CabinetError::NotFound)));
        let started = payment::start_saved(&world.cab, borrower, wish(key), card)
            .await
            .unwrap();
        let again = payment::start_saved(&world.cab, borrower, wish(key), card)
            .await
            .unwrap();
        assert_eq!(started.payment, again.payment);
        assert_eq!(world.acquirer.created(), 1);
        assert_eq!(
            view(&world, borrower, id).await.state.paid_total,
            roubles(1_000)
        );
    });
}
