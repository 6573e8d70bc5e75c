//! One loan lived through the public functions, and the ways it may go wrong. Each story runs on
//! SQLite and, when `KOPECK_TEST_POSTGRES` names a server, on Postgres; after each the ledger
//! verifies and the acquirer's register and the journal differ by 0.00.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::application::{AppStatus, Choice, ContractStatus};
use cabinet::payment::{PayAmount, PayStatus, StartPayment};
use cabinet::payout::PayoutStatus;
use cabinet::prolongation::ProlongationStatus;
use cabinet::{
    BorrowerId, CabinetError, Lang, LoanId, application, document, ledger, loan, notice, payment,
    payout, prolongation,
};
use chrono::Duration;
use lending::{Claim, Kopecks, Status};
use support::journey::{OTHER_PHONE, PHONE, balance, origin, roubles};
use support::{World, on_both};
use uuid::Uuid;

/// Nothing is owed, the papers are there and say no locale keys, the bureau knows.
async fn closed_and_papered(world: &World, borrower: BorrowerId, id: LoanId) {
    let cab = &world.cab;
    let view = loan::view(cab, borrower, id, None).await.unwrap();
    assert_eq!(view.state.status, Status::Closed);
    assert_eq!(
        (view.state.payoff, view.overpaid),
        (Kopecks::ZERO, Kopecks::ZERO)
    );
    assert!(
        view.timeline
            .iter()
            .any(|step| step.code == "closed" && step.done)
    );
    // The bureau was told when the money left, and last of all of the end.
    let codes: Vec<&str> = view.timeline.iter().map(|step| step.code).collect();
    assert!(codes.contains(&"reported"), "{codes:?}");
    assert_eq!(codes.last(), Some(&"reported_closed"));
    let reported: Vec<&str> = view
        .reported
        .iter()
        .map(|(kind, _)| kind.as_str())
        .collect();
    assert_eq!(reported.first(), Some(&"loan_issued"));
    assert_eq!(reported.last(), Some(&"closed"));
    assert_eq!(world.bureau.events.lock().unwrap().len(), reported.len());
    let certificate = document::certificate(cab, borrower, id).await.unwrap();
    assert_eq!(certificate.name, "Иванова Мария Петровна");
    assert_eq!(certificate.paid_total, view.state.paid_total);
    let contract = document::view(cab, borrower, id, "contract").await.unwrap();
    assert_eq!(document::text_hash(&contract.text), contract.hash);
    assert!(contract.text.contains("292,000") && !contract.text.contains("cabinet-"));
    let agreement = document::view(cab, borrower, id, "prolongation-1")
        .await
        .unwrap();
    assert!(!agreement.text.contains("cabinet-"), "{}", agreement.text);
    let books = ledger::balances(cab).await.unwrap();
    assert_eq!(balance(&books, "loans"), Kopecks::ZERO);
    assert_eq!(balance(&books, "borrower_balance"), Kopecks::ZERO);
    assert!(
        world
            .inbox
            .texts(PHONE)
            .iter()
            .all(|text| !text.contains("cabinet-"))
    );
}

#[test]
fn a_whole_loan_closes_at_zero() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 20_000, 30).await;
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.number, "2026-000001");
        assert_eq!(offer.rows.len(), 18);
        assert!(
            offer
                .rows
                .iter()
                .all(|row| !row.text.is_empty() && !row.text.starts_with("cabinet-"))
        );
        assert_eq!(offer.quote.psk.percent_plain(), "292.000");
        let signed = world.sign(PHONE, borrower, contract).await;
        assert_eq!(signed.status, ContractStatus::PayingOut);
        world.work().await;
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        let id = offer.loan.unwrap();

        world.days(10);
        let view = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(view.state.payoff, roubles(21_600));
        world
            .pay(borrower, id, PayAmount::Sum(roubles(2_600)))
            .await;
        let view = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(view.state.payoff, roubles(19_000));
        let parts = &view.operations.last().unwrap().parts;
        assert_eq!(
            parts.iter().map(|part| part.claim).collect::<Vec<_>>(),
            [Claim::Interest, Claim::Principal]
        );

        world.days(5);
        let (prolonged, price) = world.prolong(PHONE, borrower, id, 14).await;
        world.acquirer.pay(&format!("pay-{price}"));
        let paid = payment::view(cab, borrower, price).await.unwrap();
        assert_eq!(paid.status, PayStatus::Succeeded);
        let agreement = prolongation::view(cab, borrower, prolonged).await.unwrap();
        assert_eq!(agreement.status, ProlongationStatus::Effective);
        let view = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(view.state.due, agreement.quote.new_due);
        assert!(
            view.documents
                .iter()
                .any(|link| link.code == "prolongation-1")
        );

        world.days(3);
        world.pay(borrower, id, PayAmount::Payoff).await;
        world.work().await;
        closed_and_papered(&world, borrower, id).await;
    });
}

#[test]
fn a_failed_payout_goes_to_another_card() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 10_000, 15).await;
        world.acquirer.switches.lock().unwrap().refuse_payouts = true;
        world.sign(PHONE, borrower, contract).await;
        world.work().await;
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.status, ContractStatus::PayoutFailed);
        assert_eq!(offer.loan, None);
        world.acquirer.switches.lock().unwrap().refuse_payouts = false;
        let other = world.card(borrower).await;
        payout::use_card(cab, borrower, contract, other)
            .await
            .unwrap();
        world.work().await;
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.status, ContractStatus::Issued);
        let books = ledger::balances(cab).await.unwrap();
        assert_eq!(balance(&books, "loans"), roubles(10_000));
    });
}

#[test]
fn money_that_arrives_another_day_moves_the_schedule() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 20_000, 30).await;
        world.acquirer.switches.lock().unwrap().slow_payouts = true;
        let signed = world.sign(PHONE, borrower, contract).await;
        world.work().await;
        world.days(2);
        world.acquirer.arrive();
        payment::poll(cab).await.unwrap();
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.status, ContractStatus::Issued);
        let view = loan::view(cab, borrower, offer.loan.unwrap(), None)
            .await
            .unwrap();
        assert_eq!(view.terms.schedule.start, cab.today());
        assert!(view.state.due > signed.quote.due);
        let schedule = document::view(cab, borrower, view.id, "schedule")
            .await
            .unwrap();
        assert_eq!(document::text_hash(&schedule.text), schedule.hash);
    });
}

#[test]
fn a_payout_with_a_lost_answer_leaves_once() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 10_000, 15).await;
        world.sign(PHONE, borrower, contract).await;
        world.acquirer.switches.lock().unwrap().lose_create = true;
        world.work().await;
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.payout.unwrap().status, PayoutStatus::Unknown);
        let other = world.card(borrower).await;
        let moved = payout::use_card(cab, borrower, contract, other).await;
        assert!(matches!(
            moved,
            Err(CabinetError::Conflict("payout_not_failed"))
        ));
        world.acquirer.switches.lock().unwrap().lose_create = false;
        world.clock.pass(Duration::minutes(10));
        payment::poll(cab).await.unwrap();
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.status, ContractStatus::Issued);
    });
}

#[test]
fn cooling_off_holds_the_money_and_cancels_free() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved_product(PHONE, "long", 60_000, 6).await;
        let offer = world.sign(PHONE, borrower, contract).await;
        assert_eq!(offer.status, ContractStatus::Cooling);
        let until = offer.cooling_until.unwrap();
        assert_eq!(until, cab.now() + Duration::hours(4));
        world.clock.pass(Duration::hours(3));
        payment::poll(cab).await.unwrap();
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.payout.unwrap().status, PayoutStatus::Held);
        application::cancel(cab, borrower, contract).await.unwrap();
        world.clock.pass(Duration::hours(3));
        payment::poll(cab).await.unwrap();
        let latest = application::latest(cab, borrower).await.unwrap().unwrap();
        assert_eq!((latest.status, latest.loan), (AppStatus::Cancelled, None));
        // The way is free for another application, and this time the hours pass.
        let choice = Choice {
            product: "long".into(),
            amount: roubles(50_000),
            term: 6,
        };
        application::choose(cab, borrower, choice).await.unwrap();
        application::submit(cab, borrower, Uuid::now_v7())
            .await
            .unwrap();
        world.work().await;
        let latest = application::latest(cab, borrower).await.unwrap().unwrap();
        let contract = latest.contract.unwrap();
        let offer = world.sign(PHONE, borrower, contract).await;
        assert_eq!(
            (offer.number.as_str(), offer.status),
            ("2026-000002", ContractStatus::Cooling)
        );
        world.clock.pass(Duration::hours(4));
        let late = application::cancel(cab, borrower, contract).await;
        assert!(matches!(late, Err(CabinetError::Conflict("cooling_over"))));
        payment::poll(cab).await.unwrap();
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.status, ContractStatus::Issued);
    });
}

#[test]
fn an_offer_expires_after_five_working_days() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 10_000, 15).await;
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        assert_eq!(offer.expires_on.to_string(), "2026-11-30");
        let card = world.card(borrower).await;
        world.days(8);
        let late = application::prepare(
            cab,
            borrower,
            contract,
            Some(true),
            Some(card),
            &origin(),
            Lang::Ru,
        )
        .await;
        assert!(matches!(late, Err(CabinetError::Conflict("offer_expired"))));
        notice::daily(cab).await.unwrap();
        let latest = application::latest(cab, borrower).await.unwrap().unwrap();
        assert_eq!(latest.status, AppStatus::Expired);
    });
}

#[test]
fn a_text_frozen_yesterday_is_not_signed_today() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 10_000, 15).await;
        let card = world.card(borrower).await;
        world.clock.pass(Duration::minutes(60 * 12 - 1));
        application::prepare(
            cab,
            borrower,
            contract,
            Some(true),
            Some(card),
            &origin(),
            Lang::Ru,
        )
        .await
        .unwrap();
        let code = world.code(PHONE).await;
        world.clock.pass(Duration::minutes(2));
        let late = application::sign(cab, borrower, contract, &code, &origin()).await;
        assert!(matches!(late, Err(CabinetError::Conflict("offer_changed"))));
    });
}

#[test]
fn assignment_and_card_have_no_default() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, contract) = world.approved(PHONE, 10_000, 15).await;
        let refused =
            application::prepare(cab, borrower, contract, None, None, &origin(), Lang::Ru).await;
        let Err(CabinetError::Fields(errors)) = refused else {
            panic!("{refused:?}")
        };
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["assignment", "card"]);
    });
}

#[test]
fn somebody_elses_things_are_not_found() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (owner, id) = world.lent(PHONE, 20_000, 30).await;
        world.days(3);
        let contract = loan::view(cab, owner, id, None).await.unwrap().contract;
        let payment = world.start(owner, id, PayAmount::Payoff).await.payment;
        let card = world.card(owner).await;
        let (agreed, _) = world.prolong(PHONE, owner, id, 10).await;
        let thief = world.borrower(OTHER_PHONE, roubles(20_000)).await;
        let (from, lang, key) = (origin(), Lang::Ru, Uuid::now_v7());
        let wish = StartPayment {
            loan: id,
            amount: PayAmount::Payoff,
            method: cabinet::ports::PayMethod::Card,
            key,
        };
        let codes = [
            loan::view(cab, thief, id, None).await.err(),
            application::offer(cab, thief, contract).await.err(),
            application::prepare(cab, thief, contract, Some(true), Some(card), &from, lang)
                .await
                .err(),
            application::sign(cab, thief, contract, "123456", &from)
                .await
                .err(),
            application::cancel(cab, thief, contract).await.err(),
            application::resend_code(cab, thief, contract, &from, lang)
                .await
                .err(),
            payment::start(cab, thief, wish).await.err(),
            payment::view(cab, thief, payment).await.err(),
            payment::not_paid(cab, thief, payment).await.err(),
            payout::finish_binding(cab, thief, card).await.err(),
            payout::use_card(cab, thief, contract, card).await.err(),
            prolongation::preview(cab, thief, id, 10).await.err(),
            prolongation::prepare(cab, thief, id, 10, &from, lang)
                .await
                .err(),
            prolongation::view(cab, thief, agreed).await.err(),
            prolongation::sign(cab, thief, agreed, "123456", &from)
                .await
                .err(),
            prolongation::resend_code(cab, thief, agreed, &from, lang)
                .await
                .err(),
            document::view(cab, thief, id, "contract").await.err(),
            document::view(cab, thief, contract, "contract").await.err(),
            document::certificate(cab, thief, id).await.err(),
        ];
        for (index, error) in codes.into_iter().enumerate() {
            assert!(
                matches!(error, Some(CabinetError::NotFound)),
                "call {index}: {error:?}"
            );
        }
    });
}

#[test]
fn notices_are_said_once() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = world.lent(PHONE, 20_000, 10).await;
        let mut said = Vec::new();
        for _ in 0..14 {
            world.days(1);
            for _ in 0..3 {
                notice::daily(cab).await.unwrap();
            }
            let before: usize = said.iter().sum();
            world.work().await;
            let now = world.inbox.texts(PHONE).len();
            said.push(now - before);
        }
        // Day 7, 9, 10 (the due date) and 11 (the first day late); the earlier texts are of the
        // first day.
        let first = said[0];
        assert_eq!(
            said[1..],
            [0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0],
            "{first}"
        );
        let view = loan::view(cab, borrower, id, None).await.unwrap();
        assert_eq!(view.state.status, Status::Overdue);
        assert!(view.state.penalty.is_positive());
        assert_eq!(
            view.reported
                .iter()
                .filter(|(kind, _)| kind == "overdue")
                .count(),
            1
        );
    });
}
