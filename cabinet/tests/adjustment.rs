//! Debt that is written off and rates that are lowered: by two people, to the kopeck, told to the borrower.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::adjustment::{self, Cause, Change, Effect, Kind, Outcome, Reason};
use cabinet::document::DocumentKind;
use cabinet::loan::{self, LoanView, OperationKind};
use cabinet::payment::{self, PayAmount};
use cabinet::staff::{Role, Staff};
use cabinet::{AdjustmentId, BorrowerId, CabinetError, LoanId, document, ledger, notice, refund};
use chrono::Duration;
use lending::{ClosedBy, Debt, Kopecks, Status};
use sea_orm::ConnectionTrait;
use support::journey::{PHONE, balance, roubles};
use support::{World, on_both};
use uuid::Uuid;

const WHY: &str = "так решили после звонка клиента";

fn holding(n: u128, roles: &[Role]) -> Staff {
    Staff {
        id: Uuid::from_u128(n).into(),
        login: format!("colleague-{n}"),
        name: "Коллега".into(),
        roles: roles.to_vec(),
        must_change: false,
    }
}

fn cashier() -> Staff {
    holding(1, &[Role::Payments])
}

fn chief() -> Staff {
    holding(2, &[Role::Chief])
}

fn reason(cause: Cause) -> Reason {
    Reason {
        cause: Some(cause),
        note: WHY.to_owned(),
        evidence: "Определение № А40-12 от 03.11.2026".to_owned(),
    }
}

fn debt(penalty: i64, interest: i64, principal: i64) -> Debt {
    Debt {
        penalty: roubles(penalty),
        interest: roubles(interest),
        principal: roubles(principal),
    }
}

async fn ask(
    world: &World,
    of: (BorrowerId, LoanId),
    change: Change,
) -> Result<AdjustmentId, CabinetError> {
    adjustment::propose(&world.cab, &cashier(), of, change, reason(Cause::Court)).await
}

async fn agreed(world: &World, of: (BorrowerId, LoanId), change: Change) {
    let id = ask(world, of, change).await.unwrap();
    adjustment::approve(&world.cab, &chief(), id).await.unwrap();
}

async fn seen(world: &World, (borrower, id): (BorrowerId, LoanId)) -> LoanView {
    loan::view(&world.cab, borrower, id, None).await.unwrap()
}

fn conflict<T>(done: Result<T, CabinetError>) -> &'static str {
    match done.err().expect("refused") {
        CabinetError::Conflict(code) | CabinetError::Forbidden(code) => code,
        other => panic!("{other:?}"),
    }
}

fn fields<T>(done: Result<T, CabinetError>) -> Vec<String> {
    match done.err().expect("refused") {
        CabinetError::Fields(fields) => fields.into_iter().map(|field| field.field).collect(),
        other => panic!("{other:?}"),
    }
}

/// 10 000 for 30 days at 0.8 %, ten days late: 2 400 + 800 of interest and a penalty.
async fn late(world: &World) -> (BorrowerId, LoanId) {
    let of = world.lent(PHONE, 10_000, 30).await;
    world.days(40);
    of
}

#[test]
fn debt_is_written_off_by_two_people_and_every_figure_follows() {
    on_both(|world| async move {
        let cab = &world.cab;
        let of = late(&world).await;
        let before = seen(&world, of).await.state;
        assert_eq!(before.interest, roubles(3_200));
        let id = ask(&world, of, Change::Debt(debt(50, 1_200, 0)))
            .await
            .unwrap();
        assert_eq!(
            seen(&world, of).await.state.payoff,
            before.payoff,
            "nothing yet"
        );
        let waiting = adjustment::waiting(cab, &chief(), Some(Kind::WriteOff))
            .await
            .unwrap();
        assert_eq!(waiting.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
        let none = adjustment::waiting(cab, &chief(), Some(Kind::RateCut))
            .await
            .unwrap();
        assert!(none.is_empty());
        assert_eq!(
            conflict(ask(&world, of, Change::WholeDebt).await),
            "adjustment_waits"
        );
        let shown = adjustment::one(cab, &chief(), id).await.unwrap();
        assert_eq!(shown.adjustment.note, WHY);
        let Some(Effect::Debt { after, .. }) = shown.effect else {
            panic!("{:?}", shown.effect);
        };
        adjustment::approve(cab, &chief(), id).await.unwrap();

        let view = seen(&world, of).await;
        assert_eq!(view.state, *after, "what was promised to whoever agreed");
        assert_eq!(view.state.payoff, before.payoff - roubles(1_250));
        assert_eq!(view.state.written_off, roubles(1_250));
        assert_eq!(view.state.paid_total, Kopecks::ZERO);
        assert_eq!(view.state.accrued, before.accrued);
        let last = view.operations.last().unwrap();
        assert_eq!(
            (last.kind, last.amount),
            (OperationKind::WriteOff, roubles(1_250))
        );
        let books = ledger::balances(cab).await.unwrap();
        assert_eq!(balance(&books, "written_off"), roubles(1_250));
        assert_eq!(balance(&books, "interest_receivable"), Kopecks::ZERO);
        assert_eq!(balance(&books, "penalty_receivable"), Kopecks::ZERO);
        world.work().await;
        let told = notice::list(cab, of.0).await.unwrap();
        assert!(
            told[0].text.contains("может считаться доходом"),
            "{}",
            told[0].text
        );
        assert_eq!(
            conflict(adjustment::approve(cab, &chief(), id).await),
            "adjustment_over"
        );

        // A quote is of the smaller debt, and paying it closes the loan.
        world.pay(of.0, of.1, PayAmount::Payoff).await;
        let closed = seen(&world, of).await.state;
        assert_eq!(closed.closed_by, Some(ClosedBy::Paid));
        assert_eq!(closed.paid_total, before.payoff - roubles(1_250));
        let paper = document::certificate(cab, of.0, of.1).await.unwrap();
        assert!(paper.text.contains("простил долг"), "{}", paper.text);
        world.check_books().await;
    });
}

#[test]
fn a_loan_written_off_whole_is_closed_and_later_money_goes_back() {
    on_both(|world| async move {
        let cab = &world.cab;
        let of = late(&world).await;
        let id = ask(&world, of, Change::WholeDebt).await.unwrap();
        // Two days later more is owed: all of it goes, not what was owed when it was asked for.
        world.days(2);
        let owed = seen(&world, of).await.state;
        let started = world.start(of.0, of.1, PayAmount::Payoff).await;
        adjustment::approve(cab, &chief(), id).await.unwrap();
        let closed = seen(&world, of).await.state;
        assert_eq!(closed.status, Status::Closed);
        assert_eq!(closed.closed_by, Some(ClosedBy::WrittenOff));
        assert_eq!(closed.written_off, owed.payoff);
        assert_eq!(
            conflict(ask(&world, of, Change::WholeDebt).await),
            "loan_closed"
        );
        let paper = document::certificate(cab, of.0, of.1).await.unwrap();
        assert!(
            !paper.text.contains("возвращён полностью"),
            "{}",
            paper.text
        );
        let told = notice::list(cab, of.0).await.unwrap();
        assert!(told[0].text.contains("займ закрыт"), "{}", told[0].text);

        // A payment that was under way arrives after it: all of it is the borrower's.
        world.acquirer.pay(&format!("pay-{}", started.payment));
        world.clock.pass(Duration::minutes(10));
        payment::poll(cab).await.unwrap();
        world.work().await;
        let after = seen(&world, of).await;
        assert_eq!(after.overpaid, owed.payoff);
        assert_eq!(after.state.paid_total, Kopecks::ZERO);
        assert_eq!(after.state.payoff, Kopecks::ZERO);
        refund::ask(cab, of.0, of.1, Uuid::now_v7()).await.unwrap();
        world.check_books().await;
    });
}

/// Money of an earlier day, told of later, pays what was written off since: less is written off then.
#[test]
fn news_that_came_late_leave_less_to_write_off() {
    on_both(|world| async move {
        let cab = &world.cab;
        let of = late(&world).await;
        let owed = seen(&world, of).await.state;
        let started = world
            .start(of.0, of.1, PayAmount::Sum(roubles(5_000)))
            .await;
        world.acquirer.pay(&format!("pay-{}", started.payment));
        world.days(1);
        let whole = seen(&world, of).await.state.payoff;
        agreed(&world, of, Change::WholeDebt).await;
        payment::poll(cab).await.unwrap();
        world.work().await;
        let view = seen(&world, of).await;
        assert!(view.state.paid_total == roubles(5_000), "{:?}", view.state);
        assert!(view.state.written_off < whole - roubles(5_000) + roubles(1));
        assert_eq!(view.state.payoff, Kopecks::ZERO);
        assert!(owed.payoff < whole);
        let of_books = ledger::balances(cab).await.unwrap();
        assert_eq!(balance(&of_books, "written_off"), view.state.written_off);
        assert_eq!(balance(&of_books, "loans"), Kopecks::ZERO);
        let posted = view
            .operations
            .iter()
            .find(|one| one.kind == OperationKind::WriteOff);
        assert_eq!(posted.unwrap().amount, view.state.written_off);
        world.check_books().await;
    });
}

#[test]
fn a_rate_goes_down_from_the_next_day_and_never_up() {
    on_both(|world| async move {
        let cab = &world.cab;
        let of = world.lent(PHONE, 10_000, 30).await;
        world.days(10);
        for rate in [8_000, 8_001, 20_000] {
            assert_eq!(fields(ask(&world, of, Change::Rate(rate)).await), ["rate"]);
        }
        let id = ask(&world, of, Change::Rate(5_000)).await.unwrap();
        adjustment::approve(cab, &chief(), id).await.unwrap();
        let view = seen(&world, of).await;
        assert_eq!(view.state.interest, roubles(800), "the days gone stay");
        assert_eq!(view.operations.last().unwrap().title, "0,5\u{a0}% в день");
        world.work().await;
        let told = notice::list(cab, of.0).await.unwrap();
        assert!(
            told[0]
                .text
                .contains("0,5\u{a0}% в день вместо 0,8\u{a0}% в день"),
            "{}",
            told[0].text
        );
        assert!(
            told[0].text.contains(&roubles(600).to_string()),
            "{}",
            told[0].text
        );
        // Of the day it is due: ten days at 0.8 % and twenty at 0.5 %.
        assert_eq!(
            view.state.next_payment.unwrap().1,
            roubles(10_000 + 800 + 1_000)
        );
        assert_eq!(fields(ask(&world, of, Change::Rate(6_000)).await), ["rate"]);
        new_schedule(&world, of).await;
        world.days(20);
        world.pay(of.0, of.1, PayAmount::Payoff).await;
        assert_eq!(seen(&world, of).await.state.paid_total, roubles(11_800));
        world.check_books().await;
    });
}

/// The payments that are left stand in a paper of their own, kept on the day of the word.
async fn new_schedule(world: &World, (borrower, loan): (BorrowerId, LoanId)) {
    let list = document::list(&world.cab, borrower).await.unwrap();
    let papers: Vec<_> = list
        .iter()
        .filter(|one| one.kind == DocumentKind::RateCut)
        .collect();
    assert_eq!(papers.len(), 1);
    assert_eq!(papers[0].loan, Some(loan));
    let object = papers[0].object.as_str();
    let (kind, site) = (DocumentKind::RateCut, "https://cabinet.example");
    let file = document::file(&world.cab, borrower, kind, object, site).await;
    let text = String::from_utf8(file.unwrap().bytes).unwrap();
    for part in [
        "0,5\u{a0}% в день вместо 0,8\u{a0}% в день",
        "11\u{a0}800,00",
        "600,00",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let nobody = Uuid::nil().into();
    let foreign = document::file(&world.cab, nobody, kind, object, site).await;
    assert!(matches!(foreign, Err(CabinetError::NotFound)));
    let contract = list
        .iter()
        .find(|one| one.kind == DocumentKind::Contract)
        .unwrap();
    let other = document::file(&world.cab, borrower, kind, &contract.object, site).await;
    assert!(matches!(other, Err(CabinetError::NotFound)));
}

#[test]
fn what_is_wrong_is_told_at_once_and_nothing_above_the_debt_goes() {
    on_both(|world| async move {
        let cab = &world.cab;
        let of = late(&world).await;
        let empty = Reason {
            cause: Some(Cause::Death),
            note: "мало".into(),
            evidence: String::new(),
        };
        let by = cashier();
        let wrong = adjustment::propose(cab, &by, of, Change::Debt(debt(900, 9_000, 1)), empty);
        assert_eq!(
            fields(wrong.await),
            ["note", "evidence", "penalty", "interest"]
        );
        assert_eq!(
            fields(ask(&world, of, Change::Debt(debt(0, 0, 0))).await),
            ["penalty"]
        );
        let wrong = Reason {
            cause: Some(Cause::Death),
            ..reason(Cause::Court)
        };
        let wrong = adjustment::propose(cab, &by, of, Change::Rate(1_000), wrong);
        assert_eq!(fields(wrong.await), ["cause"]);
        let nobody = (Uuid::nil().into(), of.1);
        let foreign = ask(&world, nobody, Change::WholeDebt).await;
        assert!(matches!(foreign, Err(CabinetError::NotFound)));

        // Between the request and the word the borrower paid: what is left is less than was to go.
        let id = ask(&world, of, Change::Debt(debt(0, 3_000, 0)))
            .await
            .unwrap();
        world.pay(of.0, of.1, PayAmount::Sum(roubles(13_000))).await;
        assert_eq!(
            conflict(adjustment::approve(cab, &chief(), id).await),
            "adjustment_above_debt"
        );
        let shown = adjustment::one(cab, &chief(), id).await.unwrap();
        assert_eq!(shown.effect, Some(Effect::Refused("adjustment_above_debt")));
        adjustment::refuse(cab, &chief(), id, WHY).await.unwrap();
        let shown = adjustment::one(cab, &chief(), id).await.unwrap().adjustment;
        assert_eq!(
            (shown.outcome, shown.answer.as_str()),
            (Some(Outcome::Refused), WHY)
        );
        let id = ask(&world, of, Change::WholeDebt).await.unwrap();
        let somebody = holding(3, &[Role::Payments]);
        let foreign = adjustment::withdraw(cab, &somebody, id).await;
        assert!(matches!(foreign, Err(CabinetError::NotFound)));
        adjustment::withdraw(cab, &cashier(), id).await.unwrap();
        assert_eq!(
            conflict(adjustment::approve(cab, &chief(), id).await),
            "adjustment_over"
        );
        let kept = document::export::export(cab, of.0)
            .await
            .unwrap()
            .adjustments;
        let ends: Vec<&str> = kept.iter().map(|one| one.outcome.as_str()).collect();
        assert_eq!(ends, ["refused", "withdrawn"]);
        world.check_books().await;
    });
}

#[test]
fn a_role_asks_for_no_more_than_its_sum_and_a_chief_for_any() {
    on_both(|world| async move {
        let cab = &world.cab;
        let of = world.lent(PHONE, 29_000, 30).await;
        world.days(40);
        let whole = seen(&world, of).await.state.payoff;
        assert!(whole > roubles(30_000));
        let of_role = |by: Staff, change| async move {
            adjustment::propose(cab, &by, of, change, reason(Cause::Court)).await
        };
        let most = Change::Debt(debt(0, 5_000, 25_001));
        assert_eq!(conflict(of_role(cashier(), most).await), "staff_sum");
        let whole = of_role(cashier(), Change::WholeDebt).await;
        assert_eq!(conflict(whole), "staff_sum");
        let within = Change::Debt(debt(0, 5_000, 25_000));
        let id = of_role(cashier(), within).await.unwrap();
        adjustment::withdraw(cab, &cashier(), id).await.unwrap();
        let other = holding(7, &[Role::Chief]);
        let id = of_role(other, Change::WholeDebt).await.unwrap();
        adjustment::approve(cab, &chief(), id).await.unwrap();
        assert_eq!(seen(&world, of).await.state.status, Status::Closed);
        world.check_books().await;
    });
}

/// In no pair of roles can one person be both people, and the table refuses it too.
#[test]
fn nobody_agrees_to_what_they_asked_for_in_any_pair_of_roles() {
    on_both(|world| async move {
        let cab = &world.cab;
        let of = late(&world).await;
        let mut tried = 0;
        for (n, one) in (10_u128..).zip(Role::ALL) {
            for (m, two) in (0_u128..).zip(Role::ALL) {
                let by = holding(n * 10 + m, &[*one, *two]);
                for change in [Change::Debt(debt(0, 1, 0)), Change::Rate(7_000)] {
                    let asked =
                        adjustment::propose(cab, &by, of, change, reason(Cause::Court)).await;
                    assert_eq!(asked.is_ok(), adjustment::may_ask(&by), "{one:?} {two:?}");
                    let Ok(id) = asked else { continue };
                    tried += 1;
                    for own in [
                        adjustment::approve(cab, &by, id).await,
                        adjustment::refuse(cab, &by, id, WHY).await,
                    ] {
                        assert!(
                            matches!(own, Err(CabinetError::Forbidden(_))),
                            "{one:?} {two:?}"
                        );
                    }
                    adjustment::refuse(cab, &chief(), id, WHY).await.unwrap();
                }
            }
        }
        assert_eq!(
            tried, 40,
            "two roles may ask, alone and with each other one"
        );
        let id = ask(&world, of, Change::WholeDebt).await.unwrap();
        let forged = format!(
            "UPDATE adjustment SET decided_by = asked_by, decided_at = 1, outcome = 'approved', operation = 'x' \
             WHERE id = '{id}'"
        );
        assert!(cab.db().read().execute_unprepared(&forged).await.is_err());
        assert_eq!(seen(&world, of).await.state.written_off, Kopecks::ZERO);
    });
}

/// Two presses of two chiefs at once: it happens once.
#[test]
fn two_chiefs_at_once_write_off_once() {
    on_both(|world| async move {
        let of = late(&world).await;
        let id = ask(&world, of, Change::Debt(debt(0, 100, 0)))
            .await
            .unwrap();
        let words = (20..24).map(|n| {
            let world = world.clone();
            tokio::spawn(async move {
                adjustment::approve(&world.cab, &holding(n, &[Role::Chief]), id).await
            })
        });
        let mut done = 0;
        for word in words.collect::<Vec<_>>() {
            done += usize::from(word.await.unwrap().is_ok());
        }
        assert_eq!(done, 1);
        assert_eq!(seen(&world, of).await.state.written_off, roubles(100));
        world.check_books().await;
    });
}
