//! What the lender gives up for good: debt that is written off and a rate that is lowered. Every kopeck has a place,
//! and nothing ever gets dearer by it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{bullet, date, money, product, terms};
use lending::ledger::{post_payment, post_write_off};
use lending::{
    Account, Claim, ClosedBy, DailyRate, Debt, Event, Kopecks, LoanError, ProductKind, Rate,
    Status, Terms, apply_payment, apply_write_off, quote_rate_cut, state,
};
use proptest::prelude::*;

fn debt(penalty: &str, interest: &str, principal: &str) -> Debt {
    Debt {
        penalty: money(penalty),
        interest: money(interest),
        principal: money(principal),
    }
}

fn daily(percent: &str) -> Rate {
    Rate::Daily(DailyRate::from_ppm(common::ppm(percent)))
}

/// 10 000 at 0.8 % a day, ten days late: 2 400 and 800 of interest, 54.79 of penalty.
#[test]
fn each_claim_is_written_off_by_itself_and_no_more_than_there_is() {
    let terms = bullet("10000", 30, "2026-11-23");
    let on = date("2027-01-02");
    let plain = state(&terms, &[], on).unwrap();
    let owed = (plain.penalty, plain.interest, plain.principal);
    assert_eq!(owed, (money("54.79"), money("3200"), money("10000")));

    let some = apply_write_off(&terms, &[], on, debt("54.79", "2500", "1000")).unwrap();
    let claims: Vec<Claim> = some.parts.iter().map(|part| part.claim).collect();
    let late_first = [Claim::Penalty, Claim::OverdueInterest, Claim::Interest];
    assert_eq!(claims[..3], late_first);
    assert_eq!(claims[3..], [Claim::OverduePrincipal]);
    assert_eq!(some.overpaid, Kopecks::ZERO);
    assert_eq!(some.after.payoff, money("9700"));
    assert_eq!(some.after.written_off, money("3554.79"));
    assert_eq!(some.after.paid_total, Kopecks::ZERO, "nobody paid");
    assert_eq!(
        some.after.accrued, plain.accrued,
        "the cap counts what accrued"
    );
    assert_eq!(some.after.status, Status::Overdue);

    let above = apply_write_off(&terms, &[], on, debt("60", "0", "0")).unwrap();
    assert_eq!(above.overpaid, money("5.21"));
    assert_eq!(above.after.overpaid, Kopecks::ZERO, "no money to give back");
    let wrong = |debt| apply_write_off(&terms, &[], on, debt).unwrap_err();
    assert_eq!(wrong(Debt::default()), LoanError::Amount);
    assert_eq!(wrong(debt("-1", "5", "0")), LoanError::Amount);
}

#[test]
fn a_loan_forgiven_whole_is_closed_by_that_and_later_money_is_refundable() {
    let terms = bullet("10000", 30, "2026-11-23");
    let on = date("2027-01-02");
    let whole = debt("54.79", "3200", "10000");
    let events = [Event::WriteOff { on, debt: whole }];
    let closed = state(&terms, &events, date("2027-02-02")).unwrap();
    assert_eq!(closed.status, Status::Closed);
    assert_eq!(closed.closed_on, Some(on));
    assert_eq!(closed.closed_by, Some(ClosedBy::WrittenOff));
    assert_eq!(closed.payoff, Kopecks::ZERO);
    assert_eq!(closed.next_payment, None);
    let later = apply_payment(&terms, &events, date("2027-02-02"), money("500")).unwrap();
    assert_eq!(later.overpaid, money("500"));
    assert_eq!(later.after.closed_by, Some(ClosedBy::WrittenOff));

    let paid = Event::Payment {
        on,
        amount: money("13254.79"),
    };
    let paid = state(&terms, &[paid], on).unwrap();
    assert_eq!(paid.closed_by, Some(ClosedBy::Paid));
}

/// 15 000 for 30 days: 10 days at 0.8 % and 20 days at 0.5 %.
#[test]
fn a_lower_rate_runs_from_the_next_day() {
    let terms = bullet("15000", 30, "2026-11-23");
    let on = date("2026-12-03");
    let quote = quote_rate_cut(&terms, &[], on, daily("0.5")).unwrap();
    assert_eq!((quote.before, quote.after), (daily("0.8"), daily("0.5")));
    assert_eq!(quote.from, date("2026-12-04"));
    assert_eq!(quote.saved, money("900"));
    assert_eq!(quote.schedule.total(), money("17700"));
    let cut = [Event::RateCut {
        on,
        rate: daily("0.5"),
    }];
    let interest = |on: &str| state(&terms, &cut, date(on)).unwrap().interest;
    assert_eq!(interest("2026-12-03"), money("1200"));
    assert_eq!(interest("2026-12-04"), money("1275"));
    assert_eq!(interest("2026-12-23"), money("2700"));
    // After the due date as well, where the contract would charge 0.8 %.
    assert_eq!(interest("2027-01-02"), money("3450"));
    let why = state(&terms, &cut, date("2026-12-23")).unwrap().why;
    let days: Vec<u32> = why.iter().map(|row| row.days).collect();
    assert_eq!(days, [10, 20], "the explanation tells both rates");
}

#[test]
fn a_rate_is_never_raised() {
    let on = date("2026-12-03");
    let bullet = bullet("15000", 30, "2026-11-23");
    let refused = |terms: &Terms, events: &[Event], percent| {
        quote_rate_cut(terms, events, on, daily(percent)).unwrap_err()
    };
    assert_eq!(refused(&bullet, &[], "0.8"), LoanError::Raised);
    assert_eq!(refused(&bullet, &[], "0.81"), LoanError::Raised);
    let rate = daily("0.3");
    let lowered = [Event::RateCut { on, rate }];
    assert_eq!(refused(&bullet, &lowered, "0.5"), LoanError::Raised);
    let annual = Rate::Annual(lending::AnnualRate::from_ppm(10));
    let other = [Event::RateCut { on, rate: annual }];
    assert_eq!(state(&bullet, &other, on).unwrap_err(), LoanError::Kind);
    let closed = [Event::WriteOff {
        on,
        debt: debt("0", "1200", "15000"),
    }];
    assert_eq!(refused(&bullet, &closed, "0.1"), LoanError::Closed);
}

#[test]
fn payments_of_a_schedule_shrink_and_repay_what_they_did() {
    let terms = terms(
        &product(ProductKind::EveryNDays { days: 14 }, "0.8"),
        "20000",
        4,
        "2026-11-23",
    );
    let on = date("2026-12-07");
    let before = state(&terms, &[], on).unwrap();
    let cut = [Event::RateCut {
        on,
        rate: daily("0.2"),
    }];
    let after = state(&terms, &cut, on).unwrap();
    for (old, new) in before.schedule.iter().zip(&after.schedule) {
        let (old, new) = (&old.instalment, &new.instalment);
        assert_eq!((old.due, old.principal), (new.due, new.principal));
        assert_eq!(old.due > on, new.interest < old.interest);
    }
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let kinds = prop_oneof![
        Just((ProductKind::Bullet, 30)),
        Just((ProductKind::EveryNDays { days: 14 }, 6)),
        Just((ProductKind::Monthly, 4)),
    ];
    (kinds, 1_000_i64..30_000, 20_u32..79).prop_map(|((kind, term), amount, rate)| {
        let rate = format!("0.{rate:02}");
        terms(
            &product(kind, &rate),
            &amount.to_string(),
            term,
            "2026-11-23",
        )
    })
}

fn after(days: u64) -> chrono::NaiveDate {
    date("2026-11-23") + chrono::Days::new(days)
}

proptest! {
    /// Whatever is written off and paid: lent + accrued = paid + written off + still owed, and the books agree.
    #[test]
    fn every_kopeck_has_a_place(
        terms in any_terms(), day in 1_u64..150, later in 0_u64..40,
        shares in (0_i64..130, 0_i64..130, 0_i64..130), paid in 1_i64..5_000_000,
    ) {
        let (first, second) = (after(day), after(day + later));
        let owed = state(&terms, &[], first).unwrap();
        let share = |sum: Kopecks, percent: i64| Kopecks::new(sum.get() * percent / 100);
        let asked = Debt {
            penalty: share(owed.penalty, shares.0),
            interest: share(owed.interest, shares.1),
            principal: share(owed.principal, shares.2),
        };
        prop_assume!(asked.total().is_positive());
        let off = apply_write_off(&terms, &[], first, asked).unwrap();
        let taken = Debt::of(&off.parts);
        prop_assert_eq!(taken.total() + off.overpaid, asked.total());
        prop_assert_eq!(taken.penalty, asked.penalty.min(owed.penalty));
        prop_assert_eq!(taken.interest, asked.interest.min(owed.interest));
        prop_assert_eq!(taken.principal, asked.principal.min(owed.principal));
        prop_assert_eq!(off.after.payoff, owed.payoff - taken.total());
        let events = [Event::WriteOff { on: first, debt: asked }];
        let applied = apply_payment(&terms, &events, second, Kopecks::new(paid)).unwrap();
        let now = &applied.after;
        prop_assert_eq!(
            terms.amount + now.accrued,
            now.paid_total + now.written_off + now.payoff
        );
        prop_assert_eq!(now.paid_total + now.overpaid, Kopecks::new(paid));
        for sum in [now.penalty, now.interest, now.principal, now.overdue_principal] {
            prop_assert!(sum >= Kopecks::ZERO);
        }
        if now.status == Status::Closed {
            prop_assert!(now.closed_by.is_some());
        }
        let of = |account: Account| -> i64 {
            post_write_off(&off).into_iter().chain(post_payment(&applied)).map(|posting| {
                let sum = posting.amount.get();
                i64::from(posting.debit == account) * sum - i64::from(posting.credit == account) * sum
            }).sum()
        };
        prop_assert_eq!(of(Account::WrittenOff), now.written_off.get());
        prop_assert_eq!(of(Account::InterestReceivable), 0);
        prop_assert_eq!(of(Account::PenaltyReceivable), 0);
        prop_assert_eq!(of(Account::Loans), now.principal.get() - terms.amount.get());
    }

    /// With the same payments a lower rate leaves no day dearer, and the more it is lowered the less is owed.
    #[test]
    fn a_lower_rate_never_costs_more(
        terms in any_terms(), day in 0_u64..60, cut in 1_u32..7_000, deeper in 0_u32..3_000,
        payments in proptest::collection::vec((0_u64..90, 1_i64..400_000), 0..4), look in 0_u64..200,
    ) {
        let on = after(day);
        let rate = |ppm: u32| Rate::Daily(DailyRate::from_ppm(ppm));
        let story = |ppm: Option<u32>| {
            let mut events: Vec<Event> = payments.iter().map(|(day, amount)| Event::Payment {
                on: after(*day),
                amount: Kopecks::new(*amount),
            }).collect();
            events.extend(ppm.map(|ppm| Event::RateCut { on, rate: rate(ppm) }));
            events.sort_by_key(Event::on);
            state(&terms, &events, after(look)).unwrap()
        };
        let (plain, lower) = (story(None), story(Some(cut)));
        let lowest = story(Some(cut.saturating_sub(deeper)));
        for (dear, cheap) in [(&plain, &lower), (&lower, &lowest)] {
            prop_assert!(cheap.payoff <= dear.payoff, "{} > {}", cheap.payoff, dear.payoff);
            prop_assert!(cheap.accrued <= dear.accrued);
            // Where the cap was reached, less interest leaves room for a penalty that was cut off.
            if dear.cap > Some(dear.accrued) {
                prop_assert!(cheap.penalty <= dear.penalty);
            }
            prop_assert!(cheap.overpaid >= dear.overpaid);
        }
        if let Ok(quote) = quote_rate_cut(&terms, &[], on, rate(cut)) {
            let ahead = state(&terms, &[], on).unwrap().next_payment.unwrap();
            prop_assert!(quote.schedule.instalments[0].payment <= ahead.1);
            prop_assert!(quote.after.ppm() < quote.before.ppm());
        }
    }
}
