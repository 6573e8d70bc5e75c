//! Every price of a prolongation and every window, from the page's preview to the books.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::payment::{self, PayAmount};
use cabinet::prolongation::{self, ProlongationStatus};
use cabinet::{
    BorrowerId, CabinetError, Lang, Lender, LoanId, PaymentId, ProlongationId, ledger, loan,
};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use lending::{Kopecks, Status};
use support::journey::{PHONE, balance, origin, roubles};
use support::{World, demo, on_both};

/// The demo lender with another price and another window; a fee has no room under the cap at 0.8 %.
fn lender(price: &str, window: &str) -> Lender {
    demo(&[
        ("daily_rate = \"0.8\"", "daily_rate = \"0.7\""),
        ("price = \"interest\"", price),
        ("window = \"through_due\"", window),
    ])
}

const INTEREST: &str = "price = \"interest\"";
const THROUGH_DUE: &str = "window = \"through_due\"";

/// Prices with the fee of 14 days.
const PRICES: [(&str, i64); 3] = [
    (INTEREST, 0),
    ("price = \"service_and_interest\"\nfee = 5", 500),
    ("price = \"per_day\"\nfee = \"0.9\"", 1_260),
];

async fn due_of(world: &World, borrower: BorrowerId, id: LoanId) -> NaiveDate {
    let view = loan::view(&world.cab, borrower, id, None).await.unwrap();
    view.state.due
}

/// Ten days after the money, prolonged by two weeks: what the preview says is what is paid, posted and owed then.
async fn prolonged(world: &World, fee: i64) {
    let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
    world.days(10);
    let cab = &world.cab;
    let quote = prolongation::preview(cab, borrower, id, 14).await.unwrap();
    let fee = Kopecks::new(fee);
    // 20 000 for ten days at 0.7 %.
    assert_eq!((quote.fee, quote.pay_now), (fee, roubles(1_400) + fee));
    // Thirty-four more days of the whole principal: the rest of the term, and what is added.
    assert_eq!(quote.due_then, roubles(20_000 + 140 * 34));
    assert_eq!(quote.total, quote.pay_now + quote.due_then);
    let before = due_of(world, borrower, id).await;
    let (agreed, price) = world.prolong(PHONE, borrower, id, 14).await;
    let asked = payment::view(cab, borrower, price).await.unwrap();
    assert_eq!(asked.amount, quote.pay_now);
    assert_eq!(
        due_of(world, borrower, id).await,
        before,
        "unpaid, nothing moves"
    );
    world.acquirer.pay(&format!("pay-{price}"));
    payment::view(cab, borrower, price).await.unwrap();
    let agreed = prolongation::view(cab, borrower, agreed).await.unwrap();
    assert_eq!(agreed.status, ProlongationStatus::Effective);
    let view = loan::view(cab, borrower, id, None).await.unwrap();
    assert_eq!(view.state.due, before + Duration::days(14));
    assert_eq!(view.state.principal, roubles(20_000));
    let then = loan::view(cab, borrower, id, Some(view.state.due)).await;
    assert_eq!(then.unwrap().state.payoff, quote.due_then);
    let books = ledger::balances(cab).await.unwrap();
    let earned = |account| Kopecks::ZERO - balance(&books, account);
    assert_eq!(earned("service_income"), fee);
    assert_eq!(earned("interest_income"), roubles(1_400));
    assert_eq!(earned("borrower_balance"), Kopecks::ZERO);
    // What was promised for the new date closes the loan on it.
    world.days(34);
    world.pay(borrower, id, PayAmount::Payoff).await;
    let closed = loan::view(cab, borrower, id, None).await.unwrap();
    assert_eq!(closed.state.status, Status::Closed);
    assert_eq!(
        closed.state.paid_total,
        roubles(1_400) + quote.due_then,
        "a service is no part of the debt"
    );
}

#[test]
fn each_price_is_what_was_previewed() {
    on_both(|world| async move { prolonged(&world.of(lender(INTEREST, THROUGH_DUE)), 0).await });
    for (price, fee) in &PRICES[1..] {
        on_both(|world| async move {
            prolonged(&world.of(lender(price, THROUGH_DUE)), *fee).await;
        });
    }
}

/// An agreement about two weeks with its code; what is left to be paid for it.
async fn signed(
    world: &World,
    borrower: BorrowerId,
    id: LoanId,
) -> (ProlongationId, Option<PaymentId>) {
    let (cab, from) = (&world.cab, origin());
    let agreed = prolongation::prepare(cab, borrower, id, 14, &from, Lang::Ru)
        .await
        .unwrap();
    let code = world.code(PHONE).await;
    let signed = prolongation::sign(cab, borrower, agreed, &code, &from).await;
    (agreed, signed.unwrap().payment)
}

#[test]
fn each_price_is_taken_from_a_balance() {
    for (price, fee) in &PRICES[1..] {
        on_both(|world| async move {
            let with_balance = [
                ("[payment]\n", "[payment]\nmode = \"balance\"\n"),
                ("daily_rate = \"0.8\"", "daily_rate = \"0.7\""),
                (INTEREST, *price),
            ];
            let world = world.of(demo(&with_balance));
            let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
            world.days(10);
            world
                .pay(borrower, id, PayAmount::TopUp(roubles(2_000)))
                .await;
            let cab = &world.cab;
            let before = due_of(&world, borrower, id).await;
            let (agreed, payment) = signed(&world, borrower, id).await;
            assert_eq!(payment, None, "all of it is there");
            let agreed = prolongation::view(cab, borrower, agreed).await.unwrap();
            assert_eq!(agreed.status, ProlongationStatus::Effective);
            let view = loan::view(cab, borrower, id, None).await.unwrap();
            assert_eq!(view.state.due, before + Duration::days(14));
            let left = roubles(600) - Kopecks::new(*fee);
            assert_eq!(view.balance.unwrap().left, left);
            let books = ledger::balances(cab).await.unwrap();
            assert_eq!(balance(&books, "borrower_balance"), Kopecks::ZERO - left);
            let earned = Kopecks::ZERO - balance(&books, "service_income");
            assert_eq!(earned, Kopecks::new(*fee));
        });
    }
}

#[test]
fn what_a_balance_has_paid_on_the_payment_date_stays_paid_when_the_date_is_moved() {
    for (price, fee) in &PRICES {
        on_both(|world| async move {
            let with_balance = [
                ("[payment]\n", "[payment]\nmode = \"balance\"\n"),
                ("daily_rate = \"0.8\"", "daily_rate = \"0.7\""),
                (INTEREST, *price),
            ];
            let world = world.of(demo(&with_balance));
            let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
            world
                .pay(borrower, id, PayAmount::TopUp(roubles(5_000)))
                .await;
            world.days(30);
            // Thirty days of 140 roubles, and 800 of the principal, are paid by the date itself.
            let cab = &world.cab;
            let before = loan::view(cab, borrower, id, None).await.unwrap();
            assert_eq!(before.state.principal, roubles(19_200));
            let quote = prolongation::preview(cab, borrower, id, 14).await.unwrap();
            assert_eq!(quote.pay_now, Kopecks::new(*fee));
            let (agreed, payment) = signed(&world, borrower, id).await;
            if let Some(payment) = payment {
                world.acquirer.pay(&format!("pay-{payment}"));
                payment::view(cab, borrower, payment).await.unwrap();
            }
            let agreed = prolongation::view(cab, borrower, agreed).await.unwrap();
            assert_eq!(agreed.status, ProlongationStatus::Effective);
            let view = loan::view(cab, borrower, id, None).await.unwrap();
            assert_eq!(view.state.due, before.state.due + Duration::days(14));
            assert_eq!(view.state.principal, roubles(19_200));
            let books = ledger::balances(cab).await.unwrap();
            assert_eq!(balance(&books, "loans"), roubles(19_200));
            let then = loan::view(cab, borrower, id, Some(view.state.due)).await;
            let paid_then = view.balance.unwrap().left;
            assert_eq!(
                then.unwrap().state.payoff + paid_then,
                quote.due_then,
                "as signed"
            );
        });
    }
}

/// Windows, the first and the last day they are open, counted from the due date; none: from the first day, for ever.
const WINDOWS: [(&str, Option<i64>, Option<i64>); 5] = [
    ("window = \"before_due\"", None, Some(-1)),
    ("window = \"last_days\"\nwindow_days = 5", Some(-5), Some(0)),
    (THROUGH_DUE, None, Some(0)),
    ("window = \"grace\"\nwindow_days = 3", None, Some(3)),
    ("window = \"overdue_allowed\"", None, None),
];

/// Moscow's midnight at the beginning of a day.
fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() - Duration::hours(3)
}

#[test]
fn every_window_opens_and_closes_at_midnight_by_the_business_clock() {
    on_both(|world| async move {
        let worlds = WINDOWS.map(|(window, from, until)| {
            let there = world.of(lender(INTEREST, window));
            (there, window, from, until)
        });
        let (borrower, id) = worlds[0].0.lent(PHONE, 20_000, 30).await;
        let due = due_of(&worlds[0].0, borrower, id).await;
        for day in [-20, -6, -5, -1, 0, 1, 3, 4, 40] {
            let begins = morning(due + Duration::days(day));
            let last = begins + Duration::days(1) - Duration::milliseconds(1);
            for at in [begins, last] {
                world.clock.set(at);
                for (there, window, from, until) in &worlds {
                    let open = from.is_none_or(|from| day >= from)
                        && until.is_none_or(|until| day <= until);
                    let view = loan::view(&there.cab, borrower, id, None).await.unwrap();
                    let shown = view.prolong.unwrap();
                    // Thirty days after the due date, the most there are, are over on the fortieth.
                    let ahead = day < 30;
                    assert_eq!(shown.can, open && ahead, "{window} on day {day}");
                    assert_eq!(shown.until, until.map(|until| due + Duration::days(until)));
                    let quote = prolongation::preview(&there.cab, borrower, id, 30).await;
                    match (open && ahead, quote) {
                        (true, Ok(quote)) => assert!(quote.new_due > view.today),
                        (false, Err(CabinetError::Conflict("prolongation_window"))) => {
                            assert!(!open);
                        }
                        (false, Err(CabinetError::Fields(_))) => assert!(open && !ahead),
                        (_, other) => panic!("{window} on day {day}: {other:?}"),
                    }
                }
            }
        }
    });
}

/// Late by some days, prolonged: the interest is paid, the penalty stays and grows no more.
async fn prolonged_late(world: &World, late: i64, days: u32) {
    let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
    world.days(30 + late);
    let cab = &world.cab;
    let owed = loan::view(cab, borrower, id, None).await.unwrap().state;
    assert!(owed.penalty.is_positive() && owed.status == Status::Overdue);
    let (_, price) = world.prolong(PHONE, borrower, id, days).await;
    world.acquirer.pay(&format!("pay-{price}"));
    let paid = payment::view(cab, borrower, price).await.unwrap();
    assert_eq!(paid.amount, owed.interest);
    let view = loan::view(cab, borrower, id, None).await.unwrap();
    assert_eq!(view.state.status, Status::Active);
    assert_eq!(view.state.due, owed.due + Duration::days(i64::from(days)));
    assert_eq!(view.state.penalty, owed.penalty);
    // The law's order spreads the price over what is late; no kopeck of it is anything but debt.
    assert_eq!(view.state.payoff, owed.payoff - owed.interest);
    world.days(1);
    let later = loan::view(cab, borrower, id, None).await.unwrap().state;
    assert_eq!(later.penalty, owed.penalty);
    let day = (view.state.principal.get() * 7 + 500) / 1_000;
    let grown = later.interest - view.state.interest;
    assert!((grown.get() - day).abs() <= 1, "{grown} in a day");
}

#[test]
fn within_days_of_grace_a_late_loan_is_prolonged_and_is_late_no_more() {
    on_both(|world| async move {
        let world = world.of(lender(INTEREST, "window = \"grace\"\nwindow_days = 3"));
        prolonged_late(&world, 3, 14).await;
    });
}

#[test]
fn where_late_loans_are_prolonged_one_is_after_three_weeks() {
    on_both(|world| async move {
        let world = world.of(lender(INTEREST, "window = \"overdue_allowed\""));
        prolonged_late(&world, 21, 30).await;
    });
}

#[test]
fn a_price_by_the_day_in_the_last_days_is_paid_and_moves_the_date() {
    on_both(|world| async move {
        let last_days = "window = \"last_days\"\nwindow_days = 5";
        let world = world.of(lender("price = \"per_day\"\nfee = \"0.9\"", last_days));
        let (borrower, id) = world.lent(PHONE, 20_000, 30).await;
        let due = due_of(&world, borrower, id).await;
        world.days(20);
        let (cab, from) = (&world.cab, origin());
        let early = prolongation::prepare(cab, borrower, id, 14, &from, Lang::Ru).await;
        assert!(matches!(
            early,
            Err(CabinetError::Conflict("prolongation_window"))
        ));
        world.days(5);
        let (_, price) = world.prolong(PHONE, borrower, id, 14).await;
        world.acquirer.pay(&format!("pay-{price}"));
        let paid = payment::view(cab, borrower, price).await.unwrap();
        assert_eq!(paid.amount, Kopecks::new(14_000 * 25 + 1_260));
        assert_eq!(due_of(&world, borrower, id).await, due + Duration::days(14));
    });
}
