//! Bonuses: earned by what really happened, spent once, gone after their day, and never more than there is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::bonus::{self, BonusView, Kind};
use cabinet::payment::PayAmount;
use cabinet::staff::{Role, Staff};
use cabinet::{
    BorrowerId, CabinetError, Lender, LoanId, StaffId, ledger, loan, payment, prolongation, request,
};
use lending::{Kopecks, Status};
use support::journey::{OTHER_PHONE, PHONE, balance, roubles};
use support::{World, on_both};
use uuid::Uuid;

async fn seen(world: &World, borrower: BorrowerId) -> BonusView {
    bonus::view(&world.cab, borrower).await.unwrap()
}

async fn spend(
    world: &World,
    borrower: BorrowerId,
    loan: LoanId,
    amount: Option<Kopecks>,
) -> Result<(), CabinetError> {
    bonus::spend(&world.cab, borrower, loan, amount, Uuid::now_v7()).await
}

fn kinds(view: &BonusView) -> Vec<Kind> {
    view.entries.iter().map(|entry| entry.kind).collect()
}

async fn again(world: &World, phone: &str, borrower: BorrowerId, amount: i64, term: u32) -> LoanId {
    let choice = cabinet::application::Choice {
        product: "short".to_owned(),
        amount: roubles(amount),
        term,
    };
    let cab = &world.cab;
    cabinet::application::choose(cab, borrower, choice)
        .await
        .unwrap();
    cabinet::application::submit(cab, borrower, Uuid::now_v7())
        .await
        .unwrap();
    world.work().await;
    let view = cabinet::application::latest(cab, borrower).await.unwrap();
    let contract = view.unwrap().contract.expect("approved");
    world.sign(phone, borrower, contract).await;
    world.work().await;
    let offer = cabinet::application::offer(cab, borrower, contract).await;
    offer.unwrap().loan.expect("a loan")
}

/// 20 000 for 30 days at 0.8 %: ten days of interest are 1 600, and a tenth of it comes back.
async fn with_bonuses(world: &World) -> (BorrowerId, LoanId) {
    let (borrower, first) = world.lent(PHONE, 20_000, 30).await;
    world.days(10);
    world.pay(borrower, first, PayAmount::Payoff).await;
    let view = seen(world, borrower).await;
    assert_eq!(view.balance, roubles(160 + 200));
    assert_eq!(kinds(&view), [Kind::Loan, Kind::Interest]);
    world.days(7);
    let second = again(world, PHONE, borrower, 20_000, 30).await;
    world.days(10);
    (borrower, second)
}

#[test]
fn bonuses_pay_interest_once_from_two_tabs_and_leave_the_principal_alone() {
    on_both(|world| async move {
        let (borrower, loan) = with_bonuses(&world).await;
        let before = loan::view(&world.cab, borrower, loan, None).await.unwrap();
        assert_eq!(before.state.interest, roubles(1_600));
        let most = seen(&world, borrower).await.loans[0].most;
        assert_eq!(
            most,
            roubles(360),
            "all there is: half the interest is more"
        );

        // Fifty presses of as many tabs: what is there is spent once, to the kopeck.
        let tabs = (0..50).map(|_| {
            let world = world.clone();
            tokio::spawn(
                async move { spend(&world, borrower, loan, Some(Kopecks::new(20_000))).await },
            )
        });
        let mut done = 0;
        for tab in tabs.collect::<Vec<_>>() {
            done += usize::from(tab.await.unwrap().is_ok());
        }
        assert_eq!(done, 1);
        // One form sent twice is one form.
        let key = Uuid::now_v7();
        for _ in 0..2 {
            bonus::spend(&world.cab, borrower, loan, None, key)
                .await
                .unwrap();
        }
        let view = seen(&world, borrower).await;
        assert_eq!(view.balance, Kopecks::ZERO);
        let after = loan::view(&world.cab, borrower, loan, None).await.unwrap();
        assert_eq!(after.state.interest, roubles(1_600 - 360));
        assert_eq!(after.state.principal, before.state.principal);
        assert_eq!(after.state.paid_total, Kopecks::ZERO);
        assert_eq!(after.state.accrued, before.state.accrued);
        let none = spend(&world, borrower, loan, None).await;
        assert!(matches!(none, Err(CabinetError::Conflict("bonus_none"))));

        // What is paid with bonuses earns none; the rest does.
        world.pay(borrower, loan, PayAmount::Payoff).await;
        let closed = loan::view(&world.cab, borrower, loan, None).await.unwrap();
        assert_eq!(closed.state.status, Status::Closed);
        assert_eq!(seen(&world, borrower).await.balance, roubles(124 + 200));
        let books = ledger::balances(&world.cab).await.unwrap();
        assert_eq!(balance(&books, "discounts"), roubles(360));
        assert_eq!(balance(&books, "interest_receivable"), Kopecks::ZERO);
        assert_eq!(balance(&books, "loans"), Kopecks::ZERO);
    });
}

#[test]
fn bonuses_pay_no_more_than_their_share_of_the_interest() {
    on_both(|world| async move {
        let (borrower, loan) = with_bonuses(&world).await;
        // A day old loan of 20 000 has 160 of interest: half of it is 80.
        world.pay(borrower, loan, PayAmount::Payoff).await;
        world.days(7);
        let third = again(&world, PHONE, borrower, 20_000, 30).await;
        let none = spend(&world, borrower, third, None).await;
        assert!(matches!(
            none,
            Err(CabinetError::Conflict("bonus_no_interest"))
        ));
        world.days(1);
        let offered = seen(&world, borrower).await.loans.remove(0);
        assert_eq!(
            (offered.interest, offered.most),
            (roubles(160), roubles(80))
        );
        let above = spend(&world, borrower, third, Some(roubles(81))).await;
        assert!(
            matches!(above, Err(CabinetError::Fields(fields)) if fields[0].code == "amount_above_bonus")
        );
        spend(&world, borrower, third, None).await.unwrap();
        let more = spend(&world, borrower, third, None).await;
        assert!(matches!(more, Err(CabinetError::Conflict("bonus_share"))));
        // The share grows with the interest.
        world.days(1);
        assert_eq!(seen(&world, borrower).await.loans[0].most, roubles(80));
    });
}

#[test]
fn a_prolongation_costs_less_after_bonuses() {
    on_both(|world| async move {
        let (borrower, loan) = with_bonuses(&world).await;
        let preview = |days| prolongation::preview(&world.cab, borrower, loan, days);
        let dear = preview(14).await.unwrap();
        spend(&world, borrower, loan, None).await.unwrap();
        let cheap = preview(14).await.unwrap();
        assert_eq!(dear.pay_now - cheap.pay_now, roubles(360));
        assert_eq!(dear.due_then, cheap.due_then);
        let (_, price) = world.prolong(PHONE, borrower, loan, 14).await;
        // Its price is promised to the acquirer: bonuses wait until it is paid.
        let meanwhile = seen(&world, borrower).await;
        assert_eq!(meanwhile.loans[0].refused, Some("payment_open"));
        world.acquirer.pay(&format!("pay-{price}"));
        payment::view(&world.cab, borrower, price).await.unwrap();
        let view = loan::view(&world.cab, borrower, loan, None).await.unwrap();
        assert_eq!(view.state.due, cheap.new_due);
        assert_eq!(view.state.interest, Kopecks::ZERO);
    });
}

#[test]
fn bonuses_that_found_no_interest_come_back_when_older_money_arrives() {
    on_both(|world| async move {
        let (borrower, loan) = with_bonuses(&world).await;
        let first = world
            .start(borrower, loan, PayAmount::Sum(roubles(20_000)))
            .await;
        payment::not_paid(&world.cab, borrower, first.payment)
            .await
            .unwrap();
        // It was paid all the same, and the news of it does not come.
        world.acquirer.pay(&format!("pay-{}", first.payment));
        world.days(2);
        spend(&world, borrower, loan, None).await.unwrap();
        assert_eq!(seen(&world, borrower).await.balance, Kopecks::ZERO);
        payment::poll(&world.cab).await.unwrap();
        // 20 000 repaid 1 600 of interest and 18 400; of 1 600 two days are 25.60, and bonuses paid that.
        let view = loan::view(&world.cab, borrower, loan, None).await.unwrap();
        assert_eq!(view.state.interest, Kopecks::ZERO);
        assert_eq!(view.state.forgiven, Kopecks::new(2_560));
        assert_eq!(view.state.payoff, roubles(1_600));
        let bonuses = seen(&world, borrower).await;
        assert_eq!(kinds(&bonuses)[..2], [Kind::Interest, Kind::Returned]);
        // And a tenth of the interest that money paid.
        assert_eq!(bonuses.balance, Kopecks::new(36_000 - 2_560 + 16_000));
    });
}

#[test]
fn bonuses_end_the_oldest_first_and_their_owner_is_told_before() {
    on_both(|world| async move {
        let (borrower, loan) = with_bonuses(&world).await;
        // Given on the tenth day for 180; now is the 27th.
        let view = seen(&world, borrower).await;
        let (last, ending) = view.ends.expect("they end");
        assert_eq!(ending, roubles(360));
        world.pay(borrower, loan, PayAmount::Payoff).await;
        let both = seen(&world, borrower).await;
        assert_eq!(both.balance, roubles(360 + 160 + 200));
        let left = (last - world.cab.today()).num_days();
        world.days(left - 14);
        assert_eq!(bonus::daily(&world.cab).await.unwrap(), 1);
        assert_eq!(bonus::daily(&world.cab).await.unwrap(), 0, "told once");
        let told = cabinet::notice::list(&world.cab, borrower).await.unwrap();
        let told = told.iter().filter(|line| line.text.contains("360,00"));
        assert_eq!(told.filter(|line| line.text.contains("сгорят")).count(), 1);
        // On the last day they are there, on the next they are not, swept or not.
        world.days(14);
        assert_eq!(seen(&world, borrower).await.balance, roubles(720));
        world.days(1);
        assert_eq!(seen(&world, borrower).await.balance, roubles(360));
        bonus::daily(&world.cab).await.unwrap();
        bonus::daily(&world.cab).await.unwrap();
        let after = seen(&world, borrower).await;
        assert_eq!(after.balance, roubles(360));
        assert_eq!(kinds(&after)[..2], [Kind::Expired, Kind::Expired]);
        let books = bonus::books(&world.cab).await.unwrap();
        assert_eq!(books.of("expired"), roubles(360));
    });
}

#[test]
fn a_late_loan_and_one_of_a_day_earn_no_bonus_for_being_repaid() {
    on_both(|world| async move {
        let (borrower, late) = world.lent(PHONE, 20_000, 30).await;
        world.days(32);
        world.pay(borrower, late, PayAmount::Payoff).await;
        assert_eq!(kinds(&seen(&world, borrower).await), [Kind::Interest]);
        let (other, short) = world.lent(OTHER_PHONE, 20_000, 30).await;
        world.days(1);
        world.pay(other, short, PayAmount::Payoff).await;
        assert_eq!(kinds(&seen(&world, other).await), [Kind::Interest]);
    });
}

#[test]
fn somebody_elses_loan_and_a_lender_without_bonuses_are_not_found() {
    on_both(|world| async move {
        let (_, loan) = with_bonuses(&world).await;
        let (other, _) = world.lent(OTHER_PHONE, 5_000, 10).await;
        let theirs = spend(&world, other, loan, None).await;
        assert!(matches!(theirs, Err(CabinetError::NotFound)));
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../lenders/usoseda.toml");
        let without = world.of(Lender::load(path.as_ref()).unwrap());
        let seen = bonus::view(&without.cab, other).await;
        assert!(matches!(seen, Err(CabinetError::NotFound)));
    });
}

/// Money of this lender waits on a balance; bonuses work beside it.
#[test]
fn bonuses_and_a_balance_pay_one_loan() {
    on_both(|world| async move {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../lenders/creditplus.toml");
        let (borrower, _) = with_bonuses(&world).await;
        let plus = world.of(Lender::load(path.as_ref()).unwrap());
        let loan = seen(&plus, borrower).await.loans[0].loan;
        spend(&plus, borrower, loan, Some(roubles(100)))
            .await
            .unwrap();
        plus.pay(borrower, loan, PayAmount::Sum(roubles(500))).await;
        spend(&plus, borrower, loan, Some(roubles(50)))
            .await
            .unwrap();
        plus.pay(borrower, loan, PayAmount::Payoff).await;
        let view = loan::view(&plus.cab, borrower, loan, None).await.unwrap();
        assert_eq!(view.state.status, Status::Closed);
        assert_eq!(view.state.forgiven, roubles(150));
        assert_eq!(view.state.paid_total, roubles(20_000 + 1_600 - 150));
        let books = ledger::balances(&plus.cab).await.unwrap();
        assert_eq!(balance(&books, "interest_receivable"), Kopecks::ZERO);
    });
}

#[test]
fn what_is_left_is_lost_with_the_cabinet_and_said_before() {
    on_both(|world| async move {
        let (borrower, loan) = with_bonuses(&world).await;
        world.pay(borrower, loan, PayAmount::Payoff).await;
        let stake = bonus::at_stake(&world.cab, borrower).await.unwrap();
        assert_eq!(stake, roubles(360 + 160 + 200));
        let (cab, lang) = (&world.cab, cabinet::Lang::Ru);
        let asked = request::ask_closing(cab, borrower, true, lang).await;
        let id = asked.unwrap();
        // Asking costs nothing yet: the request can be called off.
        assert_eq!(seen(&world, borrower).await.balance, stake);
        let colleague = |n: u128, role| Staff {
            id: StaffId(Uuid::from_u128(n)),
            login: format!("colleague{n}"),
            name: "Коллега".into(),
            roles: vec![role],
            must_change: false,
        };
        let support = colleague(1, Role::Support);
        request::check(cab, &support, id, None, &[]).await.unwrap();
        request::approve(cab, &colleague(2, Role::Chief), id)
            .await
            .unwrap();
        let after = seen(&world, borrower).await;
        assert_eq!(after.balance, Kopecks::ZERO);
        assert_eq!(kinds(&after)[0], Kind::Forfeited);
        assert_eq!(after.entries[0].amount, stake);
        let books = bonus::books(cab).await.unwrap();
        assert_eq!(books.of("forfeited"), stake);
    });
}

/// Any order of payments, spending and days: what was earned is what is there and what is gone, and the loan agrees.
/// Every story ends with [`World::check_books`].
#[test]
fn whatever_happens_the_books_of_bonuses_balance() {
    for seed in 1..=4_u64 {
        on_both(|world| async move {
            let mut chance = seed;
            let mut any = move |below: u64| {
                // Knuth's MMIX generator: the same story for the same seed.
                chance = chance
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (chance >> 33) % below
            };
            let (borrower, loan) = world.lent(PHONE, 20_000, 30).await;
            let mut spent = Kopecks::ZERO;
            for _ in 0..25 {
                world.days(i64::try_from(any(4)).unwrap());
                let state = loan::view(&world.cab, borrower, loan, None).await.unwrap();
                if state.state.status == Status::Closed {
                    break;
                }
                match any(3) {
                    0 => {
                        let sum = Kopecks::new(i64::try_from(any(90_000)).unwrap() + 100);
                        let sum = sum.min(state.state.payoff - roubles(5));
                        world.pay(borrower, loan, PayAmount::Sum(sum)).await;
                    }
                    1 => {
                        let sum = Kopecks::new(i64::try_from(any(20_000)).unwrap() + 1);
                        if spend(&world, borrower, loan, Some(sum)).await.is_ok() {
                            spent += sum;
                        }
                    }
                    _ => drop(bonus::daily(&world.cab).await.unwrap()),
                }
            }
            let state = loan::view(&world.cab, borrower, loan, None).await.unwrap();
            let now = state.state;
            assert_eq!(now.forgiven, spent);
            let lent = state.terms.amount + now.accrued;
            assert_eq!(lent, now.paid_total + now.forgiven + now.payoff);
            let books = bonus::books(&world.cab).await.unwrap();
            let view = seen(&world, borrower).await;
            assert_eq!(books.of("borrower"), view.balance);
            let earned = Kopecks::ZERO - books.of("programme");
            assert_eq!(earned, view.balance + spent + books.of("expired"));
        });
    }
}
