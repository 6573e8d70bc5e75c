//! Inviting friends: an honest pair is rewarded once, a ring of cabinets never, and nobody learns who came.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use std::collections::BTreeMap;

use cabinet::bonus::{self, InvitationState, Kind};
use cabinet::payment::PayAmount;
use cabinet::payout::{self, NewTool};
use cabinet::profile::Step;
use cabinet::staff::{Role, Staff};
use cabinet::{
    BorrowerId, Cabinet, CabinetError, Lang, LoanId, Origin, access, application, profile,
};
use lending::Kopecks;
use support::journey::{PAGES, roubles};
use support::{World, on_both};
use uuid::Uuid;

/// Twelve digits with the two right check digits.
fn inn(n: u32) -> String {
    let mut digits: Vec<u32> = format!("770{n:07}")
        .chars()
        .map(|c| c.to_digit(10).unwrap())
        .collect();
    for weights in [
        &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8][..],
        &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
    ] {
        let sum: u32 = weights.iter().zip(&digits).map(|(w, d)| w * d).sum();
        digits.push(sum % 11 % 10);
    }
    digits.iter().map(u32::to_string).collect()
}

fn phone(n: u32) -> String {
    format!("7900{n:07}")
}

/// Somebody new from a device, by a friend's code, with a filled questionnaire.
async fn joined(world: &World, n: u32, device: &str, code: Option<&str>) -> BorrowerId {
    let from = Origin {
        ip: format!("10.{}.{}.1", n / 200, n % 200),
        user_agent: "test".into(),
        device: Some(format!("a device of the friends: {device:>10}")),
    };
    let (cab, nothing) = (&world.cab, access::Solved::default());
    let sent = access::request_code(cab, &phone(n), &from, Lang::Ru, &nothing)
        .await
        .unwrap();
    let digits = world.code(&phone(n)).await;
    let verified = access::verify(cab, sent.code, &digits, &from).await;
    let access::Verified::In(entered) = verified.unwrap() else {
        panic!("not signed in");
    };
    assert!(entered.fresh);
    if let Some(code) = code {
        assert!(bonus::came(cab, entered.borrower, code).await.unwrap());
    }
    for (step, values) in PAGES {
        let mut values: BTreeMap<String, String> = values
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        if step == Step::Passport {
            values.insert("passport".into(), format!("4510{n:06}"));
            values.insert("inn".into(), inn(n));
        }
        profile::save(
            cab,
            entered.borrower,
            step,
            values,
            from.clone(),
            roubles(20_000),
        )
        .await
        .unwrap();
    }
    entered.borrower
}

async fn lent(world: &World, n: u32, borrower: BorrowerId) -> LoanId {
    let choice = application::Choice {
        product: "short".to_owned(),
        amount: roubles(20_000),
        term: 30,
    };
    let cab = &world.cab;
    application::choose(cab, borrower, choice).await.unwrap();
    application::submit(cab, borrower, Uuid::now_v7())
        .await
        .unwrap();
    world.work().await;
    let view = application::latest(cab, borrower).await.unwrap();
    let contract = view.unwrap().contract.expect("approved");
    world.sign(&phone(n), borrower, contract).await;
    world.work().await;
    let offer = application::offer(cab, borrower, contract).await.unwrap();
    offer.loan.expect("a loan")
}

/// What somebody got for friends, as inviter and as friend.
async fn got(world: &World, borrower: BorrowerId) -> Kopecks {
    let view = bonus::view(&world.cab, borrower).await.unwrap();
    let of = view.entries.iter();
    of.filter(|entry| matches!(entry.kind, Kind::Inviter | Kind::Friend))
        .map(|entry| entry.amount)
        .sum()
}

#[test]
fn an_honest_pair_is_rewarded_once_after_the_first_paid_interest() {
    on_both(|world| async move {
        let (cab, one) = (&world.cab, joined(&world, 1, "one", None).await);
        let code = bonus::invited(cab, one).await.unwrap().code;
        assert_eq!(bonus::invited(cab, one).await.unwrap().code, code);
        let kept = bonus::keep_code(cab, &code).await.unwrap().expect("known");
        assert_eq!(bonus::kept_code(cab, &kept).as_deref(), Some(code.as_str()));
        let forged = format!("{code}.0000");
        assert_eq!(bonus::kept_code(cab, &forged), None, "it is signed");
        assert_eq!(bonus::keep_code(cab, "nobodys").await.unwrap(), None);

        let friend = joined(&world, 2, "two", Some(&code)).await;
        assert!(!bonus::came(cab, friend, &code).await.unwrap(), "once");
        assert!(!bonus::came(cab, one, &code).await.unwrap(), "not oneself");
        let loan = lent(&world, 2, friend).await;
        world.days(10);
        assert_eq!(got(&world, one).await, Kopecks::ZERO, "nothing is paid yet");
        for _ in 0..2 {
            world
                .pay(friend, loan, PayAmount::Sum(roubles(1_600)))
                .await;
            assert_eq!(got(&world, one).await, roubles(500));
            assert_eq!(got(&world, friend).await, roubles(300));
        }
        let seen = bonus::invited(cab, one).await.unwrap();
        let states: Vec<_> = seen.friends.iter().map(|(_, state)| *state).collect();
        assert_eq!(states, [InvitationState::Rewarded]);
        let told = cabinet::notice::list(cab, one).await.unwrap();
        assert!(told.iter().any(|line| line.text.contains("500,00")));
    });
}

fn auditor() -> Staff {
    Staff {
        id: Uuid::nil().into(),
        login: "auditor".into(),
        name: "Аудитор".into(),
        roles: vec![Role::Auditor],
        must_change: false,
    }
}

#[test]
fn one_account_of_two_cabinets_brings_nothing_and_one_wallet_is_refused() {
    on_both(|world| async move {
        let cab = &world.cab;
        let wallet = || NewTool::Wallet {
            number: "410011758831136".into(),
        };
        let account = || NewTool::Account {
            account: "40817810500000000007".into(),
            bic: "044525225".into(),
        };
        let one = joined(&world, 20, "20", None).await;
        let code = bonus::invited(cab, one).await.unwrap().code;
        let friend = joined(&world, 21, "21", Some(&code)).await;
        payout::add_tool(cab, one, wallet()).await.unwrap();
        let taken = payout::add_tool(cab, friend, wallet()).await.unwrap_err();
        let CabinetError::Fields(taken) = taken else {
            panic!("{taken}")
        };
        assert_eq!(taken[0].code, "wallet_taken");
        for who in [one, friend] {
            payout::add_tool(cab, who, account()).await.unwrap();
        }
        let loan = lent(&world, 21, friend).await;
        world.days(3);
        world.pay(friend, loan, PayAmount::Payoff).await;
        assert_eq!(got(&world, one).await, Kopecks::ZERO);
        let refused = bonus::refusals(cab, &auditor()).await.unwrap();
        let found = refused.iter().find(|it| it.friend == friend).unwrap();
        assert_eq!(found.reason, "purse");
        assert!(found.friend_contract.is_some() && found.inviter_contract.is_none());
        let mut support = auditor();
        support.roles = vec![Role::Support];
        let none = bonus::refusals(cab, &support).await;
        assert!(matches!(none, Err(CabinetError::Forbidden("staff_role"))));
    });
}

/// Neighbours of a ring share one thing; who is further apart shares nothing.
#[test]
fn rings_of_two_to_ten_cabinets_are_paid_nothing() {
    on_both(|world| async move {
        let mut n = 100;
        for (size, shares) in [
            (2, "device"),
            (2, "card"),
            (3, "mixed"),
            (3, "bent"),
            (4, "device"),
            (6, "mixed"),
            (10, "card"),
            (10, "mixed"),
        ] {
            let mut ring = Vec::new();
            let mut code: Option<String> = None;
            for at in 0..size {
                n += 1;
                let device = match shares {
                    "device" => format!("{size}"),
                    // The first shares nothing with the second, whom it invites, but with the third.
                    "bent" => format!("{size}-{}", at == 1),
                    // First and second, third and fourth… have one device.
                    "mixed" => format!("{size}-{}", at / 2),
                    _ => format!("{n}"),
                };
                let borrower = joined(&world, n, &device, code.as_deref()).await;
                // Second and third, fourth and fifth… have one card.
                let one_card = shares == "card" || (shares != "device" && at > 0);
                world.acquirer.switches.lock().unwrap().same_card = one_card;
                let loan = lent(&world, n, borrower).await;
                world.acquirer.switches.lock().unwrap().same_card = false;
                code = Some(bonus::invited(&world.cab, borrower).await.unwrap().code);
                ring.push((borrower, loan));
            }
            world.days(10);
            for (borrower, loan) in &ring {
                world.pay(*borrower, *loan, PayAmount::Payoff).await;
            }
            for (borrower, _) in &ring {
                assert_eq!(
                    got(&world, *borrower).await,
                    Kopecks::ZERO,
                    "{size} {shares}"
                );
            }
            let refused = bonus::refusals(&world.cab, &auditor()).await.unwrap();
            let of_ring = refused
                .iter()
                .filter(|one| ring.iter().any(|(borrower, _)| *borrower == one.friend));
            assert_eq!(of_ring.count(), usize::try_from(size - 1).unwrap());
        }
    });
}

fn staff_of(number: u128, role: Role) -> Staff {
    Staff {
        id: Uuid::from_u128(number).into(),
        roles: vec![role],
        ..auditor()
    }
}

/// In no pair of roles is one person both people.
async fn nobody_is_both(cab: &Cabinet, friend: BorrowerId, why: &str) {
    let chief = staff_of(99, Role::Chief);
    let mut asked = 0;
    for (n, one) in (100_u128..).zip(Role::ALL) {
        for (m, two) in (0_u128..).zip(Role::ALL) {
            let mut by = staff_of(n * 10 + m, *one);
            by.roles.push(*two);
            if bonus::ask_anyway(cab, &by, friend, why).await.is_err() {
                continue;
            }
            asked += 1;
            for word in [true, false] {
                let own = bonus::decide_anyway(cab, &by, friend, word).await;
                assert!(
                    matches!(own, Err(CabinetError::Forbidden(_))),
                    "{one:?} {two:?}"
                );
            }
            bonus::decide_anyway(cab, &chief, friend, false)
                .await
                .unwrap();
        }
    }
    assert_eq!(asked, 11, "one role asks, alone and with each other one");
}

#[test]
fn a_caught_pair_is_paid_all_the_same_by_the_word_of_two_people_and_one_passport_never() {
    on_both(|world| async move {
        let cab = &world.cab;
        let one = joined(&world, 60, "home", None).await;
        let code = bonus::invited(cab, one).await.unwrap().code;
        let friend = joined(&world, 61, "home", Some(&code)).await;
        let loan = lent(&world, 61, friend).await;
        world.days(3);
        world.pay(friend, loan, PayAmount::Payoff).await;
        assert_eq!(got(&world, one).await, Kopecks::ZERO);
        let why = "Мать и сын, паспорта разные, пришли вместе";
        let (marketing, chief) = (staff_of(1, Role::Marketing), staff_of(2, Role::Chief));
        let short = bonus::ask_anyway(cab, &marketing, friend, "родня").await;
        assert!(matches!(short, Err(CabinetError::Fields(_))));
        let wrong = bonus::ask_anyway(cab, &chief, friend, why).await;
        assert!(matches!(wrong, Err(CabinetError::Forbidden("staff_role"))));
        let nothing = bonus::decide_anyway(cab, &chief, friend, true).await;
        assert!(matches!(nothing, Err(CabinetError::NotFound)));
        bonus::ask_anyway(cab, &marketing, friend, why)
            .await
            .unwrap();
        let twice = bonus::ask_anyway(cab, &marketing, friend, why).await;
        assert!(matches!(twice, Err(CabinetError::Conflict("reward_waits"))));
        let listed = bonus::refusals(cab, &auditor()).await.unwrap();
        let asked = listed[0].asked.clone().map(|(by, why, _)| (by, why));
        assert_eq!(asked, Some((marketing.id, why.to_owned())));
        let mut both = marketing.clone();
        both.roles.push(Role::Chief);
        let own = bonus::decide_anyway(cab, &both, friend, true).await;
        assert!(matches!(own, Err(CabinetError::Forbidden("second_person"))));
        bonus::decide_anyway(cab, &chief, friend, false)
            .await
            .unwrap();
        nobody_is_both(cab, friend, why).await;
        bonus::ask_anyway(cab, &marketing, friend, why)
            .await
            .unwrap();
        // Refused it can be asked for anew; agreed to it is paid once.
        bonus::decide_anyway(cab, &chief, friend, false)
            .await
            .unwrap();
        assert_eq!(got(&world, one).await, Kopecks::ZERO);
        bonus::ask_anyway(cab, &marketing, friend, why)
            .await
            .unwrap();
        bonus::decide_anyway(cab, &chief, friend, true)
            .await
            .unwrap();
        let again = bonus::decide_anyway(cab, &chief, friend, true).await;
        assert!(matches!(again, Err(CabinetError::NotFound)));
        assert_eq!(got(&world, one).await, roubles(500));
        assert_eq!(got(&world, friend).await, roubles(300));
        assert!(bonus::refusals(cab, &auditor()).await.unwrap().is_empty());
        assert!(!bonus::may_be_two("passport") && !bonus::may_be_two("ring:passport"));
        world.check_books().await;
    });
}
