//! Interest that the lender gives up: it takes interest off and nothing else, and every sum still adds up.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{bullet, date, money};
use lending::ledger::{post_discount, post_payment};
use lending::{Account, Claim, Event, Kopecks, Status, apply_discount, apply_payment, state};
use proptest::prelude::*;

fn discount(on: &str, sum: &str) -> Event {
    Event::Discount {
        on: date(on),
        amount: money(sum),
    }
}

/// 10 000 at 0.8 % a day from 23 November: 800 of interest on the tenth day.
#[test]
fn it_takes_off_interest_only_and_no_more_than_there_is() {
    let terms = bullet("10000", 30, "2026-11-23");
    let on = date("2026-12-03");
    let plain = state(&terms, &[], on).unwrap();
    assert_eq!(plain.interest, money("800"));

    let part = apply_discount(&terms, &[], on, money("300")).unwrap();
    assert_eq!(part.overpaid, Kopecks::ZERO);
    assert_eq!(part.after.interest, money("500"));
    assert_eq!(part.after.principal, plain.principal);
    assert_eq!(part.after.paid_total, Kopecks::ZERO, "nobody paid");
    assert_eq!(part.after.forgiven, money("300"));
    assert_eq!(
        part.after.accrued, plain.accrued,
        "the cap counts what accrued"
    );

    let all = apply_discount(&terms, &[], on, money("900")).unwrap();
    assert_eq!(all.overpaid, money("100"));
    assert_eq!(all.after.interest, Kopecks::ZERO);
    assert_eq!(
        all.after.overpaid,
        Kopecks::ZERO,
        "it is no money to give back"
    );
    assert_eq!(all.after.payoff, plain.principal);
    assert!(apply_discount(&terms, &[], on, Kopecks::ZERO).is_err());
}

#[test]
fn late_interest_goes_first_and_the_penalty_stays() {
    let terms = bullet("10000", 30, "2026-11-23");
    let on = date("2027-01-02");
    let plain = state(&terms, &[], on).unwrap();
    let given = apply_discount(&terms, &[], on, money("2500")).unwrap();
    let claims: Vec<Claim> = given.parts.iter().map(|part| part.claim).collect();
    assert_eq!(claims, [Claim::OverdueInterest, Claim::Interest]);
    assert_eq!(given.after.penalty, plain.penalty);
    assert_eq!(given.after.overdue_principal, plain.overdue_principal);
    assert_eq!(given.after.status, Status::Overdue);
}

#[test]
fn the_last_interest_given_up_closes_the_loan() {
    let terms = bullet("10000", 30, "2026-11-23");
    let paid = Event::Payment {
        on: date("2026-12-03"),
        amount: money("10500"),
    };
    let events = [discount("2026-12-03", "300"), paid];
    let closed = state(&terms, &events, date("2026-12-10")).unwrap();
    assert_eq!(closed.closed_on, Some(date("2026-12-03")));
    assert_eq!(closed.paid_total, money("10500"));
    assert_eq!(closed.forgiven, money("300"));
}

proptest! {
    /// Whatever is given up and paid: lent + accrued = paid + given up + still owed, and the books agree.
    #[test]
    fn every_kopeck_has_a_place(
        amount in 1_000_i64..30_000, day in 1_u64..50, later in 0_u64..30,
        given in 1_i64..2_000_000, paid in 1_i64..5_000_000,
    ) {
        let terms = bullet(&amount.to_string(), 30, "2026-11-23");
        let start = date("2026-11-23");
        let first = start + chrono::Days::new(day);
        let second = first + chrono::Days::new(later);
        let (given, paid) = (Kopecks::new(given), Kopecks::new(paid));
        let off = apply_discount(&terms, &[], first, given).unwrap();
        let events = [Event::Discount { on: first, amount: given }];
        let applied = apply_payment(&terms, &events, second, paid).unwrap();
        let now = &applied.after;
        prop_assert_eq!(off.overpaid + now.forgiven, given);
        prop_assert_eq!(
            terms.amount + now.accrued,
            now.paid_total + now.forgiven + now.payoff
        );
        prop_assert_eq!(now.paid_total + now.overpaid, paid);
        prop_assert!(now.interest >= Kopecks::ZERO);
        let of = |account: Account| -> i64 {
            post_discount(&off).into_iter().chain(post_payment(&applied)).map(|posting| {
                let sum = posting.amount.get();
                i64::from(posting.debit == account) * sum - i64::from(posting.credit == account) * sum
            }).sum()
        };
        prop_assert_eq!(of(Account::Discounts), now.forgiven.get());
        prop_assert_eq!(of(Account::InterestReceivable), 0);
    }
}
