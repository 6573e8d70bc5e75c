//! Offers: better terms for a while, the same in the calculator, the decision and the contract, and never more of them
//! than the lender's file gives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::application::{self, Choice, ContractStatus, OfferView};
use cabinet::document::LegalKind;
use cabinet::notice::{self, Choices, Event, Quiet};
use cabinet::payment::PayAmount;
use cabinet::profile::{self, Step};
use cabinet::promotion::staff::{self as offers, Give};
use cabinet::promotion::{self, Fate, OfferCard, Offered, Source, State, Use};
use cabinet::staff::Role;
use cabinet::{BorrowerId, CabinetError, ContractId, Lang, Lender};
use chrono::Duration;
use lending::PromoState;
use support::journey::{OTHER_PHONE, PHONE, origin, roubles};
use support::{World, on_both};
use uuid::Uuid;

const DEMO: &str = include_str!("../../lenders/demo.toml");

/// The same world behind a lender whose file differs in one place.
fn edited(world: &World, from: &str, to: &str) -> World {
    assert_eq!(DEMO.matches(from).count(), 1, "{from:?}");
    world.of(Lender::parse(&DEMO.replace(from, to)).unwrap())
}

/// A borrower whose first loan is repaid on time: 10 000 for 15 days, returned after five.
async fn returned(world: &World, phone: &str) -> BorrowerId {
    let (borrower, loan) = world.lent(phone, 10_000, 15).await;
    world.days(5);
    world.pay(borrower, loan, PayAmount::Payoff).await;
    borrower
}

fn choice(amount: i64, term: u32) -> Choice {
    Choice {
        product: "short".into(),
        amount: roubles(amount),
        term,
    }
}

async fn choose(world: &World, borrower: BorrowerId, amount: i64, term: u32) {
    let chosen = application::choose(&world.cab, borrower, choice(amount, term)).await;
    chosen.unwrap();
}

async fn submit(world: &World, borrower: BorrowerId) -> cabinet::Result<()> {
    application::submit(&world.cab, borrower, Uuid::now_v7())
        .await
        .map(drop)
}

/// Chosen, filed and decided.
async fn approved(world: &World, borrower: BorrowerId, amount: i64, term: u32) -> ContractId {
    choose(world, borrower, amount, term).await;
    submit(world, borrower).await.unwrap();
    world.work().await;
    let view = application::latest(&world.cab, borrower).await.unwrap();
    view.unwrap().contract.expect("approved")
}

async fn contract(world: &World, borrower: BorrowerId, id: ContractId) -> OfferView {
    application::offer(&world.cab, borrower, id).await.unwrap()
}

async fn short(world: &World, borrower: BorrowerId) -> Offered {
    let all = promotion::offered(&world.cab, Some(borrower))
        .await
        .unwrap();
    let found = all.into_iter().find(|it| it.product.terms.code == "short");
    found.expect("the short product")
}

async fn card(world: &World, borrower: BorrowerId, code: &str) -> OfferCard {
    let offers = promotion::list(&world.cab, Some(borrower)).await.unwrap();
    let all = [offers.personal, offers.current, offers.future].concat();
    let found = all.into_iter().find(|it| it.code == code);
    found.expect(code)
}

#[test]
fn a_promotion_makes_the_calculator_the_decision_and_the_contract_cheaper_by_the_same() {
    on_both(|world| async move {
        let borrower = returned(&world, PHONE).await;
        let offered = short(&world, borrower).await;
        assert_eq!(offered.rate.expect("an offer").ru, "С возвращением");
        let promo = offered.product.terms.promo.unwrap();
        assert_eq!(promo.daily_rate.percent_text(), "0,4");
        let welcome = card(&world, borrower, "welcome-back").await;
        assert_eq!(welcome.usable, Use::Now);
        let example = welcome.changes[0].example.unwrap();
        assert_eq!((example.amount, example.term), (roubles(5000), 10));

        let id = approved(&world, borrower, 5000, 10).await;
        let offer = contract(&world, borrower, id).await;
        assert_eq!(offer.quote.promo, PromoState::Granted);
        // 5 000 × 0.4 % × 10 days, and twice that without the offer.
        assert_eq!(offer.quote.overpayment.to_string(), "200,00\u{a0}₽");
        assert_eq!(example.pays, offer.quote.total);
        assert_eq!((example.instead - example.pays).get(), 20_000);
        assert_eq!(offer.quote.psk.percent_text(), "146,000");
        let rate = &offer
            .rows
            .iter()
            .find(|row| row.number == "4")
            .unwrap()
            .text;
        assert!(rate.contains("146") && rate.contains("292"), "{rate}");
        assert_eq!(offer.offers.len(), 1);
        assert!(offer.offers[0].holds);
        assert_eq!(
            card(&world, borrower, "welcome-back").await.usable,
            Use::Over
        );

        let signed = world.sign(PHONE, borrower, id).await;
        world.work().await;
        assert_eq!(signed.quote, offer.quote);
        let loan = contract(&world, borrower, id).await.loan.unwrap();
        // After the due date the ordinary rate runs.
        let view = cabinet::loan::view(&world.cab, borrower, loan, None)
            .await
            .unwrap();
        assert_eq!(view.terms.rate.percent_text(), "0,4");
        assert_eq!(view.terms.rate_after_due.percent_text(), "0,8");
        assert_eq!(card(&world, borrower, "welcome-back").await.left, Some(999));
    });
}

#[test]
fn outside_its_limits_the_ordinary_price_holds_and_nothing_of_the_offer_is_used() {
    on_both(|world| async move {
        let borrower = returned(&world, PHONE).await;
        let id = approved(&world, borrower, 5500, 10).await;
        let offer = contract(&world, borrower, id).await;
        assert_eq!(offer.quote.overpayment, roubles(440));
        assert!(offer.offers.is_empty());
        let welcome = card(&world, borrower, "welcome-back").await;
        assert_eq!((welcome.usable, welcome.left), (Use::Now, Some(1000)));
        // Somebody who never had a loan is not meant.
        let stranger = world.borrower(OTHER_PHONE, roubles(5000)).await;
        assert_eq!(
            card(&world, stranger, "welcome-back").await.usable,
            Use::Not
        );
        assert!(short(&world, stranger).await.rate.is_none());
    });
}

#[test]
fn an_offer_that_ended_between_is_said_before_anything_is_filed() {
    on_both(|world| async move {
        let borrower = returned(&world, PHONE).await;
        choose(&world, borrower, 5000, 10).await;
        let seen = application::drafted(&world.cab, borrower)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(seen.quote.unwrap().overpayment, roubles(200));
        // The promotion runs sixty days after the loan was repaid.
        world.days(61);
        let now = application::drafted(&world.cab, borrower)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(now.gone.len(), 1);
        assert_eq!(now.gone[0].ru, "С возвращением");
        assert_eq!(now.quote.unwrap().overpayment, roubles(400));
        let refused = submit(&world, borrower).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Conflict("special_ended"))
        ));
        // Having read it, the borrower may file on the ordinary terms.
        submit(&world, borrower).await.unwrap();
        world.work().await;
        let view = application::latest(&world.cab, borrower)
            .await
            .unwrap()
            .unwrap();
        let offer = contract(&world, borrower, view.contract.unwrap()).await;
        assert_eq!(offer.quote.overpayment, roubles(400));
    });
}

#[test]
fn the_last_loan_of_a_promotion_goes_to_one_of_two_who_file_at_once() {
    on_both(|world| async move {
        let world = edited(&world, "uses = 1000\n", "uses = 1\n");
        let one = returned(&world, PHONE).await;
        let other = returned(&world, OTHER_PHONE).await;
        choose(&world, one, 5000, 10).await;
        choose(&world, other, 5000, 10).await;
        let (a, b) = tokio::join!(submit(&world, one), submit(&world, other));
        let granted = usize::from(a.is_ok()) + usize::from(b.is_ok());
        assert_eq!(granted, 1, "{a:?} {b:?}");
        let loser = if a.is_ok() { other } else { one };
        assert_eq!(card(&world, loser, "welcome-back").await.usable, Use::Gone);
        submit(&world, loser).await.unwrap();
        world.work().await;
        let view = application::latest(&world.cab, loser)
            .await
            .unwrap()
            .unwrap();
        let offer = contract(&world, loser, view.contract.unwrap()).await;
        assert_eq!(offer.quote.overpayment, roubles(400));
    });
}

#[test]
fn a_budget_is_never_passed_and_what_is_not_signed_goes_back_into_it() {
    on_both(|world| async move {
        // One loan of the largest size costs 200 roubles of interest.
        let world = edited(&world, "budget = 300000\n", "budget = 399\n");
        let one = returned(&world, PHONE).await;
        let other = returned(&world, OTHER_PHONE).await;
        let id = approved(&world, one, 5000, 10).await;
        assert_eq!(contract(&world, one, id).await.offers.len(), 1);
        // What is reserved leaves no room for another loan of this size.
        assert_eq!(card(&world, other, "welcome-back").await.usable, Use::Gone);
        assert!(short(&world, other).await.rate.is_none());
        application::cancel(&world.cab, one, id).await.unwrap();
        assert_eq!(card(&world, one, "welcome-back").await.usable, Use::Now);
        let id = approved(&world, other, 5000, 10).await;
        world.sign(OTHER_PHONE, other, id).await;
        let offer = contract(&world, other, id).await;
        assert_eq!(offer.quote.overpayment, roubles(200));
        assert_ne!(offer.status, ContractStatus::Offered);
    });
}

#[test]
fn a_status_and_a_rule_come_with_loans_repaid_on_time() {
    on_both(|world| async move {
        let world = edited(
            &world,
            "after_loans = 3\nvalid_days",
            "after_loans = 2\nvalid_days",
        );
        let borrower = returned(&world, PHONE).await;
        let view = promotion::status(&world.cab, borrower)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (view.repaid_on_time, view.held, view.missing),
            (1, Some(0), Some(1))
        );
        let id = approved(&world, borrower, 6000, 10).await;
        world.sign(PHONE, borrower, id).await;
        world.work().await;
        let loan = contract(&world, borrower, id).await.loan.unwrap();
        world.days(3);
        world.pay(borrower, loan, PayAmount::Payoff).await;
        let view = promotion::status(&world.cab, borrower)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((view.repaid_on_time, view.held), (2, Some(1)));
        let offered = short(&world, borrower).await;
        assert_eq!(offered.limit.expect("a status").ru, "Серебряный клиент");
        assert_eq!(offered.product.terms.max_amount, roubles(40_000));
        // The rule's own offer is cheaper than the promotion: it is the one that counts.
        assert_eq!(offered.rate.expect("an offer").ru, "Займ без процентов");
        assert_eq!(
            card(&world, borrower, "welcome-back").await.usable,
            Use::Outweighed
        );
        let own = promotion::list(&world.cab, Some(borrower))
            .await
            .unwrap()
            .personal;
        assert_eq!(own.len(), 1);
        // A larger loan than everybody's, and then the free one within its limits.
        let id = approved(&world, borrower, 40_000, 10).await;
        assert_eq!(
            contract(&world, borrower, id).await.offers[0].title.ru,
            "Серебряный клиент"
        );
        application::cancel(&world.cab, borrower, id).await.unwrap();
        let id = approved(&world, borrower, 10_000, 15).await;
        let offer = contract(&world, borrower, id).await;
        assert!(offer.quote.overpayment.is_zero());
        assert_eq!(offer.quote.psk.percent_text(), "0,000");
        world.sign(PHONE, borrower, id).await;
        let own = promotion::list(&world.cab, Some(borrower))
            .await
            .unwrap()
            .personal;
        assert!(own.is_empty(), "{own:?}");
    });
}

/// An offer of so much for the borrower's first contract.
async fn typed(world: &World, borrower: BorrowerId, rate: &str, most: (&str, &str)) -> Give {
    let all = cabinet::loan::list(&world.cab, borrower).await.unwrap();
    Give {
        contract: all[0].number.clone(),
        title: "Для вас".into(),
        product: "short".into(),
        daily_rate: rate.into(),
        max_amount: most.0.into(),
        max_days: most.1.into(),
        valid_days: "30".into(),
        ends_late: true,
        reason: "Долго ждал ответа на жалобу".into(),
        ..Give::default()
    }
}

#[test]
fn a_personal_offer_that_costs_much_waits_for_a_second_person_and_a_withdrawn_one_is_told() {
    on_both(|world| async move {
        let marketing = world.hired("marketing", Role::Marketing).await;
        let chief = world.hired("chief", Role::Chief).await;
        let borrower = returned(&world, PHONE).await;
        // 20 000 × 0.8 % × 20 days = 3 200 of interest: above the lender's limit for one person.
        let give = typed(&world, borrower, "0", ("20000", "20")).await;
        assert!(!offers::give(&world.cab, &marketing, &give).await.unwrap());
        let again = offers::give(&world.cab, &marketing, &give).await;
        assert!(matches!(
            again,
            Err(CabinetError::Conflict("special_there"))
        ));
        let name = short(&world, borrower).await.rate.expect("a promotion");
        assert_eq!(name.ru, "С возвращением");
        let waiting = offers::given(&world.cab, &chief).await.unwrap().remove(0);
        assert_eq!(waiting.state, State::Waiting);
        let alone = offers::agree(&world.cab, &marketing, &waiting.id, true).await;
        assert!(matches!(alone, Err(CabinetError::Forbidden(_))));
        let agreed = offers::agree(&world.cab, &chief, &waiting.id, true).await;
        agreed.unwrap();
        let name = short(&world, borrower).await.rate.expect("an offer");
        assert_eq!(name.ru, "Для вас");

        // Filed with it; taken back before the decision: the ordinary terms, and a word about it.
        choose(&world, borrower, 20_000, 20).await;
        submit(&world, borrower).await.unwrap();
        let own = card(&world, borrower, &waiting.id).await;
        assert_eq!(own.usable, Use::Reserved);
        let why = "Дано не тому клиенту";
        let back = offers::withdraw(&world.cab, &marketing, &waiting.id, why).await;
        back.unwrap();
        world.work().await;
        let view = application::latest(&world.cab, borrower).await.unwrap();
        let offer = contract(&world, borrower, view.unwrap().contract.unwrap()).await;
        assert_eq!(offer.quote.overpayment, roubles(3200));
        assert!(!offer.offers[0].holds);
        assert_eq!(offer.offers[0].why.as_deref(), Some("withdrawn"));
        let steps = offers::history(&world.cab, &chief, &waiting.id).await;
        let steps: Vec<&str> = steps.unwrap().iter().map(|step| step.0.code()).collect();
        assert_eq!(steps, ["waiting", "open", "reserved", "ended"]);

        // What contradicts the product is refused field by field.
        let wrong = typed(&world, borrower, "0,9", ("20000", "90")).await;
        let refused = offers::give(&world.cab, &marketing, &wrong).await;
        let Err(CabinetError::Fields(fields)) = refused else {
            panic!("{refused:?}");
        };
        let names: Vec<&str> = fields.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(names, ["daily_rate", "max_days"]);
    });
}

#[test]
fn a_late_payment_ends_a_personal_offer_and_given_terms_are_not_taken_back() {
    on_both(|world| async move {
        let marketing = world.hired("marketing", Role::Marketing).await;
        let borrower = returned(&world, PHONE).await;
        let give = typed(&world, borrower, "0,1", ("6000", "10")).await;
        assert!(offers::give(&world.cab, &marketing, &give).await.unwrap());
        let offer = offers::given(&world.cab, &marketing)
            .await
            .unwrap()
            .remove(0);
        let id = approved(&world, borrower, 6000, 10).await;
        let terms = contract(&world, borrower, id).await;
        assert_eq!(terms.quote.overpayment, roubles(60));
        let why = "Передумали, было дорого";
        let back = offers::withdraw(&world.cab, &marketing, &offer.id, why).await;
        assert!(matches!(
            back,
            Err(CabinetError::Conflict("special_decided"))
        ));
        world.sign(PHONE, borrower, id).await;
        let after = offers::given(&world.cab, &marketing)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(after.state, State::Used);
        let (used, given_up) = offers::personal_costs(&world.cab, &marketing)
            .await
            .unwrap();
        assert_eq!(used, 1);
        assert!(given_up.is_positive() && given_up <= after.most);
        // Another one, which a payment that is late ends.
        world.work().await;
        assert!(offers::give(&world.cab, &marketing, &give).await.unwrap());
        let name = short(&world, borrower).await.rate.expect("an offer");
        assert_eq!(name.ru, "Для вас");
        world.days(12);
        let name = short(&world, borrower).await.rate;
        assert!(name.is_none_or(|it| it.ru != "Для вас"));
        assert_eq!(promotion::daily(&world.cab).await.unwrap(), 1);
        let all = offers::given(&world.cab, &marketing).await.unwrap();
        assert!(all.iter().any(|it| it.state == State::Ended));
        // Both are behind now, the newest first, each with what became of it and the day.
        let behind = promotion::past(&world.cab, borrower).await.unwrap();
        let fates: Vec<_> = behind.iter().map(|it| it.fate.clone()).collect();
        let number = terms.number;
        assert_eq!(fates, [Fate::Late, Fate::Used { contract: number }]);
        assert_eq!(behind[0].on, world.cab.today());
        assert!(behind.iter().all(|it| it.source == Source::Personal));
        let stranger = world.borrower(OTHER_PHONE, roubles(5_000)).await;
        assert!(
            promotion::past(&world.cab, stranger)
                .await
                .unwrap()
                .is_empty()
        );
    });
}

async fn agree_to_advertising(world: &World, borrower: BorrowerId) {
    let boxes = [
        "consent_personal_data",
        "consent_bureau",
        "consent_marketing",
    ];
    let values = boxes.map(|name| (name.to_owned(), "yes".to_owned())).into();
    let sum = roubles(10_000);
    profile::save(&world.cab, borrower, Step::Consents, values, origin(), sum)
        .await
        .unwrap();
}

/// What was said of offers: texts of the list in the cabinet, and how messages by SMS ended.
async fn said(world: &World, borrower: BorrowerId) -> (Vec<String>, Vec<Option<String>>) {
    let list = notice::list(&world.cab, borrower).await.unwrap();
    let ledger = notice::ledger(&world.cab, borrower, 100).await.unwrap();
    let offers = list.into_iter().filter(|line| line.event == Event::Offer);
    let sent = ledger.into_iter().filter(|line| line.event == Event::Offer);
    (
        offers.map(|line| line.text).collect(),
        sent.map(|line| line.ended).collect(),
    )
}

#[test]
fn a_personal_offer_is_announced_and_its_end_too_by_message_only_with_the_consent_to_advertising() {
    on_both(|world| async move {
        let cab = &world.cab;
        let marketing = world.hired("marketing", Role::Marketing).await;
        let chief = world.hired("chief", Role::Chief).await;
        let borrower = returned(&world, PHONE).await;
        let every: Vec<String> = Event::ALL
            .iter()
            .map(|event| format!("sms.{}", event.code()))
            .chain(["inapp.offer".to_owned()])
            .collect();
        let wants = Choices::of_form(&every, Quiet::default()).unwrap();
        notice::choose(cab, borrower, wants).await.unwrap();
        // One that waits for a second person is no offer yet, and is not announced.
        let give = typed(&world, borrower, "0", ("20000", "20")).await;
        assert!(!offers::give(cab, &marketing, &give).await.unwrap());
        let waiting = offers::given(cab, &chief).await.unwrap().remove(0).id;
        assert!(said(&world, borrower).await.0.is_empty());
        offers::agree(cab, &chief, &waiting, true).await.unwrap();
        world.work().await;
        let (list, sent) = said(&world, borrower).await;
        assert_eq!(list.len(), 1);
        assert!(
            list[0].contains("Для вас") && list[0].contains("28 декабря"),
            "{list:?}"
        );
        assert!(sent.is_empty(), "no advertising was agreed to");

        agree_to_advertising(&world, borrower).await;
        offers::withdraw(cab, &marketing, &waiting, "Дана по ошибке, проверка")
            .await
            .unwrap();
        let give = Give {
            valid_days: "5".into(),
            ..typed(&world, borrower, "0,1", ("6000", "10")).await
        };
        // At night it waits for the morning, and a consent taken back meanwhile stops it.
        world.clock.pass(Duration::hours(12));
        assert!(offers::give(cab, &marketing, &give).await.unwrap());
        world.work().await;
        assert_eq!(said(&world, borrower).await.1, [None]);
        profile::revoke(cab, borrower, LegalKind::Marketing, origin(), Lang::Ru)
            .await
            .unwrap();
        world.clock.pass(Duration::hours(12));
        world.work().await;
        assert_eq!(said(&world, borrower).await.1, [Some("off".to_owned())]);

        // Three days before its last day it is said again, once, however often the sweep runs.
        agree_to_advertising(&world, borrower).await;
        world.days(2);
        for _ in 0..2 {
            notice::daily(cab).await.unwrap();
            world.work().await;
        }
        let (list, sent) = said(&world, borrower).await;
        assert_eq!(list.len(), 3, "{list:?}");
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].as_deref(), Some("sent"));
        let text = world.inbox.texts(PHONE).pop().unwrap();
        assert!(text.contains("«Для вас» действует до"), "{text}");
        // What was given for less than that says its end at once, and is not said twice.
        let offer = offers::given(cab, &marketing).await.unwrap();
        let open = offer.iter().find(|it| it.state == State::Open).unwrap();
        offers::withdraw(cab, &marketing, &open.id, "Дана по ошибке, проверка")
            .await
            .unwrap();
        let brief = Give {
            valid_days: "2".into(),
            ..give
        };
        assert!(offers::give(cab, &marketing, &brief).await.unwrap());
        notice::daily(cab).await.unwrap();
        assert_eq!(said(&world, borrower).await.0.len(), 4);
    });
}
