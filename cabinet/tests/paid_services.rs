//! Services beside a loan: off until somebody switches one on, dear only as far as the law goes, and off again by one
//! press, with the money back that was not used.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::document::{self, DocumentKind, export};
use cabinet::payment::PayAmount;
use cabinet::refund::{self, RefundStatus};
use cabinet::service::{self, Refused, ServiceStatus, ServiceView};
use cabinet::staff::{Role, Staff};
use cabinet::{BorrowerId, CabinetError, LoanId, PaymentId, ledger, loan, payment};
use chrono::{Duration, NaiveDate};
use lending::Kopecks;
use support::journey::{OTHER_PHONE, PHONE, balance, origin, roubles};
use support::{World, on_both};
use uuid::Uuid;

async fn lent(world: &World, phone: &str) -> (BorrowerId, LoanId) {
    let (borrower, contract) = world.approved_product(phone, "long", 30_000, 8).await;
    world.sign(phone, borrower, contract).await;
    world.work().await;
    let offer = cabinet::application::offer(&world.cab, borrower, contract);
    (borrower, offer.await.unwrap().loan.expect("a loan"))
}

async fn one(world: &World, borrower: BorrowerId, loan: LoanId, code: &str) -> ServiceView {
    let all = service::view(&world.cab, borrower, loan).await.unwrap();
    all.list.into_iter().find(|it| it.code == code).expect(code)
}

async fn status(world: &World, borrower: BorrowerId, loan: LoanId, code: &str) -> ServiceStatus {
    one(world, borrower, loan, code).await.last.unwrap().status
}

async fn switch(world: &World, borrower: BorrowerId, loan: LoanId, code: &str) -> String {
    let on = service::switch_on(&world.cab, borrower, loan, code, origin());
    on.await.unwrap()
}

/// Switches a service on and pays its price; the payment.
async fn buy(world: &World, borrower: BorrowerId, loan: LoanId, code: &str) -> PaymentId {
    switch(world, borrower, loan, code).await;
    let last = one(world, borrower, loan, code).await.last.unwrap();
    assert_eq!(last.status, ServiceStatus::Asked);
    let paid = last.payment.expect("it has a price");
    world.acquirer.pay(&format!("pay-{paid}"));
    payment::view(&world.cab, borrower, paid).await.unwrap();
    assert_eq!(status(world, borrower, loan, code).await, ServiceStatus::On);
    paid
}

async fn off(world: &World, borrower: BorrowerId, loan: LoanId, code: &str) {
    let off = service::switch_off(&world.cab, borrower, loan, code, origin());
    off.await.unwrap();
}

#[test]
fn next_next_next_through_the_whole_journey_activates_nothing() {
    on_both(|world| async move {
        let (borrower, loan) = lent(&world, PHONE).await;
        let services = service::view(&world.cab, borrower, loan).await.unwrap();
        assert_eq!(services.list.len(), 4, "the catalogue is there");
        assert!(services.list.iter().all(|it| it.last.is_none()));
        assert!(
            service::words(&world.cab, borrower)
                .await
                .unwrap()
                .is_empty()
        );
        let taken = export::export(&world.cab, borrower).await.unwrap();
        assert!(taken.services.is_empty());
        let titles: Vec<String> = services.list.iter().map(|it| it.title.ru.clone()).collect();
        for paper in document::list(&world.cab, borrower).await.unwrap() {
            assert!(!matches!(
                paper.kind,
                DocumentKind::Service | DocumentKind::ServiceRefusal
            ));
        }
        for text in world.inbox.texts(PHONE) {
            assert!(
                titles.iter().all(|title| !text.contains(title.as_str())),
                "{text}"
            );
        }
        // To the kopeck what the schedule says: nothing was added to the debt, nothing taken off the money.
        let view = loan::view(&world.cab, borrower, loan, None).await.unwrap();
        assert_eq!(view.terms.amount, roubles(30_000));
        assert_eq!(view.state.services, Kopecks::ZERO);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(balance(&books, "service_income"), Kopecks::ZERO);
    });
}

#[test]
fn a_free_service_is_one_press_on_and_one_press_off() {
    on_both(|world| async move {
        let (borrower, loan) = lent(&world, PHONE).await;
        let next = switch(&world, borrower, loan, "budget").await;
        assert_eq!(next, format!("/loans/{loan}/services"));
        assert_eq!(
            status(&world, borrower, loan, "budget").await,
            ServiceStatus::On
        );
        // Pressed again by another tab: nothing more.
        switch(&world, borrower, loan, "budget").await;
        off(&world, borrower, loan, "budget").await;
        assert_eq!(
            status(&world, borrower, loan, "budget").await,
            ServiceStatus::Off
        );
        let again = service::switch_off(&world.cab, borrower, loan, "budget", origin()).await;
        assert!(matches!(again, Err(CabinetError::NotFound)));
        let words = service::words(&world.cab, borrower).await.unwrap();
        let given: Vec<bool> = words.iter().map(|word| word.given).collect();
        assert_eq!(given, [true, false]);
        assert!(
            words[0]
                .text
                .contains("Прошу подключить услугу «Разговор о бюджете»")
        );
        assert!(words[0].text.contains("Услуга бесплатная."));
        assert!(words[1].text.contains("Денег к возврату нет."));
    });
}

#[test]
fn a_paid_service_acts_once_paid_repays_no_debt_and_gives_back_what_was_not_used() {
    on_both(|world| async move {
        let (borrower, loan) = lent(&world, PHONE).await;
        let before = world.payoff(borrower, loan).await;
        let offered = one(&world, borrower, loan, "accident").await;
        let cost = offered.cost.expect("it has a price");
        assert!(
            cost.fits && cost.with.thousandths > cost.without.thousandths,
            "{cost:?}"
        );
        buy(&world, borrower, loan, "accident").await;
        assert_eq!(world.payoff(borrower, loan).await, before);
        let state = loan::view(&world.cab, borrower, loan, None)
            .await
            .unwrap()
            .state;
        assert_eq!(
            state.services,
            roubles(300),
            "it counts against the cap of charges"
        );
        let last = one(&world, borrower, loan, "accident").await.last.unwrap();
        assert_eq!(last.last_day, NaiveDate::from_ymd_opt(2026, 12, 23));
        assert_eq!(last.would_return, Some(roubles(300)));
        world.work().await;
        let texts = world.inbox.texts(PHONE);
        assert!(
            texts
                .last()
                .unwrap()
                .contains("услуга «Страхование от несчастного случая» включена")
        );

        // 112 days of the loan, 9 of them used before the day of the refusal: 300 × 9 / 112 = 24.10.
        world.days(10);
        off(&world, borrower, loan, "accident").await;
        let last = one(&world, borrower, loan, "accident").await.last.unwrap();
        let back = last.back.expect("money is owed");
        assert_eq!(
            (back.sum, back.kept),
            (Kopecks::new(27_590), Kopecks::new(2_410))
        );
        // Working days after Thursday 3 December: 4, 7, 8, 9, 10, 11, 14.
        assert_eq!(Some(back.pay_by), NaiveDate::from_ymd_opt(2026, 12, 14));
        assert_eq!(back.status, Some(RefundStatus::Asked));
        assert_eq!(last.status, ServiceStatus::Returning);
        world.work().await;
        assert_eq!(
            status(&world, borrower, loan, "accident").await,
            ServiceStatus::Returned
        );
        let given: Vec<Kopecks> = world
            .acquirer
            .given_back()
            .into_iter()
            .map(|it| it.1)
            .collect();
        assert_eq!(given, [Kopecks::new(27_590)]);
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(balance(&books, "borrower_balance"), Kopecks::ZERO);
        // The money went to its payer; none of it is a surplus of the loan that could be asked for once more.
        let surplus = refund::view(&world.cab, borrower, loan).await.unwrap();
        assert_eq!((surplus.refundable, surplus.list.len()), (Kopecks::ZERO, 0));
        let view = loan::view(&world.cab, borrower, loan, None).await.unwrap();
        assert_eq!(view.overpaid, Kopecks::ZERO);
        // And it can be had again.
        buy(&world, borrower, loan, "accident").await;
    });
}

#[test]
fn every_press_stands_in_the_export_and_among_the_documents() {
    on_both(|world| async move {
        let (borrower, loan) = lent(&world, PHONE).await;
        buy(&world, borrower, loan, "lawyer").await;
        world.days(3);
        off(&world, borrower, loan, "lawyer").await;
        world.work().await;
        let taken = export::export(&world.cab, borrower).await.unwrap();
        let lines: Vec<(&str, bool, i64)> = taken
            .services
            .iter()
            .map(|it| (it.code.as_str(), it.given, it.price))
            .collect();
        assert_eq!(lines, [("lawyer", true, 49_000), ("lawyer", false, 49_000)]);
        let [asked, refused] = &taken.services[..] else {
            panic!("two lines");
        };
        assert!(asked.text.contains("490,00"), "{}", asked.text);
        assert!(asked.text.contains("Полная стоимость займа без услуги"));
        // Nothing of it was used: all of it goes back.
        assert!(refused.text.contains("Вернуть 490,00"), "{}", refused.text);
        assert_eq!(asked.address, "192.0.2.1");
        assert_eq!(asked.text_hash.len(), 64);
        let kinds: Vec<DocumentKind> = document::list(&world.cab, borrower)
            .await
            .unwrap()
            .into_iter()
            .filter(|paper| paper.loan == Some(loan))
            .map(|paper| paper.kind)
            .collect();
        for kind in [
            DocumentKind::Service,
            DocumentKind::ServiceRefusal,
            DocumentKind::Refund,
        ] {
            assert!(kinds.contains(&kind), "{kind:?} of {kinds:?}");
        }
    });
}

#[test]
fn a_service_that_would_break_the_cap_of_the_full_cost_is_refused() {
    on_both(|world| async move {
        let mut lender = world.cab.lender().clone();
        for service in &mut lender.services {
            service.products.clear();
        }
        let world = world.of(lender);
        // 0.8 % a day is 292 % already: any price would pass the limit.
        let (borrower, loan) = world.lent(PHONE, 20_000, 30).await;
        let shown = one(&world, borrower, loan, "accident").await;
        assert_eq!(shown.refused, Some(Refused::FullCost));
        let cost = shown.cost.unwrap();
        assert_eq!(cost.without.thousandths, 292_000);
        assert!(!cost.fits && cost.with.thousandths > 292_000);
        let on = service::switch_on(&world.cab, borrower, loan, "accident", origin()).await;
        assert!(
            matches!(on, Err(CabinetError::Conflict("service_full_cost"))),
            "{on:?}"
        );
        assert!(
            service::words(&world.cab, borrower)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(world.acquirer.unpaid().is_empty());
        // What costs nothing breaks nothing.
        switch(&world, borrower, loan, "budget").await;
    });
}

#[test]
fn a_refusal_after_thirty_days_ends_the_service_and_brings_no_money() {
    on_both(|world| async move {
        let (borrower, loan) = lent(&world, PHONE).await;
        buy(&world, borrower, loan, "lawyer").await;
        world.days(31);
        let last = one(&world, borrower, loan, "lawyer").await.last.unwrap();
        assert_eq!(last.would_return, None);
        off(&world, borrower, loan, "lawyer").await;
        world.work().await;
        assert_eq!(
            status(&world, borrower, loan, "lawyer").await,
            ServiceStatus::Ended
        );
        assert!(world.acquirer.given_back().is_empty());
    });
}

#[test]
fn money_that_comes_for_a_service_refused_meanwhile_goes_back_whole() {
    on_both(|world| async move {
        let (borrower, loan) = lent(&world, PHONE).await;
        switch(&world, borrower, loan, "accident").await;
        let paid = one(&world, borrower, loan, "accident")
            .await
            .last
            .unwrap()
            .payment
            .unwrap();
        off(&world, borrower, loan, "accident").await;
        assert_eq!(
            status(&world, borrower, loan, "accident").await,
            ServiceStatus::Off
        );
        world.acquirer.pay(&format!("pay-{paid}"));
        world.clock.pass(Duration::minutes(10));
        payment::poll(&world.cab).await.unwrap();
        world.work().await;
        assert_eq!(
            status(&world, borrower, loan, "accident").await,
            ServiceStatus::Returned
        );
        let given: Vec<Kopecks> = world
            .acquirer
            .given_back()
            .into_iter()
            .map(|it| it.1)
            .collect();
        assert_eq!(given, [roubles(300)]);
    });
}

#[test]
fn somebody_elses_services_and_services_of_other_loans_are_not_found() {
    on_both(|world| async move {
        let (borrower, loan) = lent(&world, PHONE).await;
        let (stranger, short) = world.lent(OTHER_PHONE, 20_000, 30).await;
        let seen = service::view(&world.cab, stranger, loan).await;
        assert!(matches!(seen, Err(CabinetError::NotFound)));
        let on = service::switch_on(&world.cab, stranger, loan, "budget", origin()).await;
        assert!(matches!(on, Err(CabinetError::NotFound)));
        switch(&world, borrower, loan, "budget").await;
        let off = service::switch_off(&world.cab, stranger, loan, "budget", origin()).await;
        assert!(matches!(off, Err(CabinetError::NotFound)));
        // The catalogue keeps insurance to loans whose full cost has room for it.
        for code in ["accident", "nothing"] {
            let on = service::switch_on(&world.cab, stranger, short, code, origin()).await;
            assert!(matches!(on, Err(CabinetError::NotFound)), "{code}");
        }
        world.pay(stranger, short, PayAmount::Payoff).await;
        let closed = service::switch_on(&world.cab, stranger, short, "budget", origin()).await;
        assert!(
            matches!(closed, Err(CabinetError::Conflict("loan_closed"))),
            "{closed:?}"
        );
    });
}

fn colleague(n: u128, role: Role) -> Staff {
    Staff {
        id: Uuid::from_u128(n).into(),
        login: format!("colleague-{n}"),
        name: "Коллега".into(),
        roles: vec![role],
        must_change: false,
    }
}

#[test]
fn a_refund_the_acquirer_refuses_waits_for_two_of_the_staff_and_is_sent_again() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, loan) = lent(&world, PHONE).await;
        buy(&world, borrower, loan, "accident").await;
        world.days(10);
        world.acquirer.switches.lock().unwrap().refuse_refunds = true;
        off(&world, borrower, loan, "accident").await;
        let back = one(&world, borrower, loan, "accident").await.last.unwrap();
        let owed = back.back.expect("money is owed").sum;
        world.work().await;
        let last = one(&world, borrower, loan, "accident").await.last.unwrap();
        assert_eq!(last.status, ServiceStatus::Returning, "it is owed still");
        assert_eq!(last.back.unwrap().status, Some(RefundStatus::Review));
        let (payer, chief) = (colleague(1, Role::Payments), colleague(2, Role::Chief));
        let waiting = refund::waiting(cab, &payer).await.unwrap();
        let [found] = &waiting[..] else {
            panic!("one waits: {waiting:?}");
        };
        assert_eq!((found.borrower, found.amount), (borrower, owed));
        // What the law gives back can't be declined.
        let declined = refund::decline(cab, &chief, found.id, "банк отказал в переводе").await;
        assert!(matches!(
            declined,
            Err(CabinetError::Conflict("refund_owed"))
        ));
        world.acquirer.switches.lock().unwrap().refuse_refunds = false;
        assert!(!refund::approve(cab, &payer, found.id).await.unwrap());
        assert!(refund::approve(cab, &chief, found.id).await.unwrap());
        world.work().await;
        let now = status(&world, borrower, loan, "accident").await;
        assert_eq!(now, ServiceStatus::Returned);
        let sums: Vec<_> = world
            .acquirer
            .given_back()
            .into_iter()
            .map(|it| it.1)
            .collect();
        assert_eq!(sums, [owed], "sent once");
        assert!(refund::waiting(cab, &payer).await.unwrap().is_empty());
    });
}
