//! The service of text messages: they come to those who switched it on, before each payment, and to nobody else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::notice::{self, Channel, Choices, Event, Quiet};
use cabinet::payment::PayAmount;
use cabinet::service::{self, Refused};
use cabinet::{BorrowerId, CabinetError, Lender, LoanId, loan, payment};
use chrono::{Duration, NaiveDate};
use support::journey::{OTHER_PHONE, PHONE, origin};
use support::{World, on_both};

const CODE: &str = "reminders";
const DEMO: &str = include_str!("../../lenders/demo.toml");

async fn paid_next(world: &World, borrower: BorrowerId, loan: LoanId) {
    let view = loan::view(&world.cab, borrower, loan, None).await.unwrap();
    let (_, sum) = view.state.next_payment.expect("something is due");
    world.pay(borrower, loan, PayAmount::Sum(sum)).await;
}

async fn lent(world: &World, phone: &str, product: &str, term: u32) -> (BorrowerId, LoanId) {
    let (borrower, contract) = world.approved_product(phone, product, 30_000, term).await;
    world.sign(phone, borrower, contract).await;
    world.work().await;
    let offer = cabinet::application::offer(&world.cab, borrower, contract);
    (borrower, offer.await.unwrap().loan.expect("a loan"))
}

async fn bought(world: &World, borrower: BorrowerId, loan: LoanId) {
    service::switch_on(&world.cab, borrower, loan, CODE, origin())
        .await
        .unwrap();
    let all = service::view(&world.cab, borrower, loan).await.unwrap();
    let one = all.list.into_iter().find(|it| it.code == CODE).unwrap();
    let paid = one.last.unwrap().payment.expect("it has a price");
    world.acquirer.pay(&format!("pay-{paid}"));
    payment::view(&world.cab, borrower, paid).await.unwrap();
}

async fn off(world: &World, borrower: BorrowerId, loan: LoanId) {
    service::switch_off(&world.cab, borrower, loan, CODE, origin())
        .await
        .unwrap();
}

/// The daily work of the next days, each at noon of Moscow.
async fn lived(world: &World, days: i64) {
    for _ in 0..days {
        world.days(1);
        notice::daily(&world.cab).await.unwrap();
        world.work().await;
    }
}

fn week_ahead(world: &World, phone: &str) -> Vec<String> {
    let texts = world.inbox.texts(phone).into_iter();
    texts
        .filter(|text| text.contains("до него неделя"))
        .collect()
}

/// The days of the payments ahead.
async fn dates(world: &World, borrower: BorrowerId, loan: LoanId) -> Vec<NaiveDate> {
    let view = loan::view(&world.cab, borrower, loan, None).await.unwrap();
    let lines = view.terms.schedule.instalments.iter();
    lines.map(|line| line.due).collect()
}

#[test]
fn the_message_of_a_week_ahead_comes_before_each_payment_to_whoever_switched_it_on_and_to_nobody_else()
 {
    on_both(|world| async move {
        let (one, loan) = lent(&world, PHONE, "long", 8).await;
        let (_, _) = lent(&world, OTHER_PHONE, "long", 8).await;
        bought(&world, one, loan).await;
        let due = dates(&world, one, loan).await[0];
        let ahead = (due - world.cab.today()).num_days() - 7;
        lived(&world, ahead - 1).await;
        assert_eq!(week_ahead(&world, PHONE), Vec::<String>::new());
        lived(&world, 1).await;
        let came = week_ahead(&world, PHONE);
        assert_eq!(came.len(), 1, "{came:?}");
        let view = loan::view(&world.cab, one, loan, None).await.unwrap();
        let (_, sum) = view.state.next_payment.unwrap();
        for part in [sum, view.state.payoff] {
            assert!(came[0].contains(&part.to_string()), "{came:?}");
        }
        // The daily work runs every hour: it is said once.
        notice::daily(&world.cab).await.unwrap();
        world.work().await;
        assert_eq!(week_ahead(&world, PHONE).len(), 1);

        // The second payment has its own message.
        lived(&world, 6).await;
        world.days(1);
        paid_next(&world, one, loan).await;
        world.work().await;
        lived(&world, 7).await;
        assert_eq!(week_ahead(&world, PHONE).len(), 2);
        assert_eq!(
            week_ahead(&world, OTHER_PHONE),
            Vec::<String>::new(),
            "off until somebody switches it on"
        );
        let told = notice::ledger(&world.cab, one, 100).await.unwrap();
        let lines = told.iter().filter(|line| line.event == Event::Due7);
        let lines: Vec<_> = lines
            .map(|line| (line.channel, line.ended.as_deref()))
            .collect();
        assert_eq!(
            lines,
            [(Channel::Sms, Some("sent")); 2],
            "they stand in the ledger of contacts"
        );
    });
}

#[test]
fn switched_off_it_stops_even_what_waits_for_the_morning() {
    on_both(|world| async move {
        let (one, loan) = lent(&world, PHONE, "long", 8).await;
        bought(&world, one, loan).await;
        // Quiet at noon: the message waits.
        let quiet = Quiet {
            from: 10,
            until: 15,
            answers: false,
        };
        let all = Choices::of_form(&[], quiet).unwrap();
        assert!(all.wants(Event::Due7, Channel::Sms), "it was ordered");
        assert!(!all.wants(Event::Due7, Channel::Push));
        notice::choose(&world.cab, one, all).await.unwrap();
        let due = dates(&world, one, loan).await[0];
        lived(&world, (due - world.cab.today()).num_days() - 7).await;
        let line = |told: Vec<notice::Contact>| {
            let mut told = told.into_iter();
            told.find(|line| line.event == Event::Due7)
                .expect("asked for")
        };
        let waits = line(notice::ledger(&world.cab, one, 100).await.unwrap());
        assert_eq!(waits.waits.as_deref(), Some("quiet"), "{waits:?}");
        off(&world, one, loan).await;
        world.clock.pass(Duration::hours(6));
        world.work().await;
        assert_eq!(week_ahead(&world, PHONE), Vec::<String>::new());
        let over = line(notice::ledger(&world.cab, one, 100).await.unwrap());
        assert_eq!(over.ended.as_deref(), Some("off"));
        world.days(1);
        paid_next(&world, one, loan).await;
        lived(&world, 14).await;
        assert_eq!(week_ahead(&world, PHONE), Vec::<String>::new());
    });
}

#[test]
fn it_is_not_sold_when_no_message_would_come_any_more() {
    on_both(|world| async move {
        let file = DEMO.replace(
            "price = 90\nproducts = [\"monthly\", \"long\"]",
            "products = [\"short\"]",
        );
        let world = world.of(Lender::parse(&file).unwrap());
        let (one, loan) = world.lent(PHONE, 10_000, 20).await;
        let refused = async || {
            let all = service::view(&world.cab, one, loan).await.unwrap();
            let seen = all.list.into_iter().find(|it| it.code == CODE).unwrap();
            seen.refused
        };
        world.days(12);
        assert_eq!(refused().await, None, "one message would still come");
        world.days(1);
        assert_eq!(refused().await, Some(Refused::Late));
        let late = service::switch_on(&world.cab, one, loan, CODE, origin()).await;
        assert!(matches!(late, Err(CabinetError::Conflict("service_late"))));
    });
}

#[test]
fn a_late_debtor_gets_it_within_the_limits_of_the_law() {
    on_both(|world| async move {
        let file = DEMO.replace(
            "price = 90\nproducts = [\"monthly\", \"long\"]",
            "products = [\"short\", \"long\"]",
        );
        let world = world.of(Lender::parse(&file).unwrap());
        let (one, loan) = lent(&world, PHONE, "long", 8).await;
        service::switch_on(&world.cab, one, loan, CODE, origin())
            .await
            .unwrap();
        // The first payment is missed: what is told of the next one counts among the messages about a debt.
        let due = dates(&world, one, loan).await[0];
        lived(&world, (due - world.cab.today()).num_days() + 8).await;
        let told = notice::ledger(&world.cab, one, 100).await.unwrap();
        let late = told.iter().filter(|line| line.limited).count();
        assert!(late >= 1, "{told:?}");
        for line in told.iter().filter(|line| line.event == Event::Due7) {
            let after = line.asked_at.date_naive() > due;
            assert!(!after || line.limited || line.sent_at.is_none(), "{line:?}");
        }
    });
}
