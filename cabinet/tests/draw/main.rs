//! Prize draws: promised before, shown after, drawn once, and nobody adds a ticket in between.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod collect;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use cabinet::draw::{self, DrawState, DrawView, MyPrize, PrizeState, PublicDraw, verify};
use cabinet::payment::PayAmount;
use cabinet::staff::Role;
use cabinet::{BorrowerId, CabinetError, Lang, Lender, LoanId, bonus, document, loan, staff};
use chrono::{TimeZone, Utc};
use sea_orm::ConnectionTrait;
use support::journey::{OTHER_PHONE, PHONE, origin, roubles};
use support::{World, on_both};

const DEMO: &str = include_str!("../../../lenders/demo.toml");
const CODE: &str = "good-year";

/// The same world behind a lender whose draw ends soon.
fn soon(world: &World, edits: &[(&str, &str)]) -> World {
    let dates = [
        "until = 2027-08-31\ndraws_on = 2027-09-06",
        "until = 2026-12-20\ndraws_on = 2026-12-25",
    ];
    let mut file = DEMO.to_owned();
    for (from, to) in [(dates[0], dates[1])].iter().chain(edits) {
        assert_eq!(file.matches(from).count(), 1, "{from:?}");
        file = file.replace(from, to);
    }
    world.of(Lender::parse(&file).unwrap())
}

fn at(world: &World, (month, day, hour): (u32, u32, u32)) {
    let year = if month < 11 { 2027 } else { 2026 };
    // Moscow is three hours ahead.
    let moment = Utc.with_ymd_and_hms(year, month, day, hour - 3, 0, 0);
    world.clock.set(moment.unwrap());
}

/// Two processes at once; how many steps they made together.
async fn daily(world: &World) -> usize {
    let (one, other) = tokio::join!(draw::daily(&world.cab), draw::daily(&world.cab));
    one.unwrap() + other.unwrap()
}

async fn seen(world: &World, borrower: BorrowerId) -> DrawView {
    let all = draw::list(&world.cab, Some(borrower), Lang::Ru)
        .await
        .unwrap();
    all.into_iter().find(|it| it.code == CODE).unwrap()
}

async fn public(world: &World) -> PublicDraw {
    let file = draw::public(&world.cab, CODE).await.unwrap();
    assert_eq!(verify(&file), Vec::<String>::new());
    // What is published reads back as it is.
    let text = serde_json::to_string(&file).unwrap();
    assert_eq!(serde_json::from_str::<PublicDraw>(&text).unwrap(), file);
    file
}

async fn join(world: &World, borrower: BorrowerId) -> cabinet::Result<()> {
    let rules = seen(world, borrower).await.rules_hash;
    draw::join(&world.cab, borrower, CODE, &rules, &origin()).await
}

/// Two people with a loan each, repaid after ten days.
async fn two(world: &World) -> [(BorrowerId, LoanId); 2] {
    let both = [
        world.lent(PHONE, 10_000, 15).await,
        world.lent(OTHER_PHONE, 10_000, 15).await,
    ];
    world.days(10);
    for (borrower, loan) in both {
        world.pay(borrower, loan, PayAmount::Payoff).await;
    }
    both
}

async fn prizes(world: &World, borrower: BorrowerId) -> Vec<MyPrize> {
    seen(world, borrower).await.mine.unwrap().prizes
}

fn conflict(refused: &cabinet::Result<()>) -> &'static str {
    match refused {
        Err(CabinetError::Conflict(code)) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_draw_is_promised_closed_drawn_once_and_its_prizes_reach_their_owners() {
    on_both(|world| async move {
        let world = soon(&world, &[]);
        let cab = &world.cab;
        assert_eq!(daily(&world).await, 1);
        assert_eq!(daily(&world).await, 0);
        let promised = public(&world).await;
        assert_eq!(
            (promised.state.as_str(), promised.tickets.len()),
            ("open", 0)
        );
        assert_eq!(promised.seed, None);

        let [(one, _), (other, _)] = two(&world).await;
        let before = seen(&world, one).await;
        let mine = before.mine.unwrap();
        assert!(before.joinable && !mine.joined, "off until they press");
        assert_eq!(mine.tickets.len(), 1);
        let wrong = draw::join(cab, one, CODE, &"0".repeat(64), &origin()).await;
        assert_eq!(conflict(&wrong), "draw_rules");
        for borrower in [one, one, other] {
            join(&world, borrower).await.unwrap();
        }
        draw::leave(cab, other, CODE, &origin()).await.unwrap();
        assert!(!seen(&world, other).await.mine.unwrap().joined);
        join(&world, other).await.unwrap();

        // The list closes for good: by the use cases, and in the tables.
        at(&world, (12, 21, 9));
        assert_eq!(conflict(&join(&world, one).await), "draw_over");
        assert_eq!(daily(&world).await, 1);
        let late = draw::leave(cab, one, CODE, &origin()).await;
        assert_eq!(conflict(&late), "draw_over");
        let closed = public(&world).await;
        assert_eq!((closed.state.as_str(), closed.tickets.len()), ("closed", 2));
        assert_eq!(closed.commitment, promised.commitment);
        nobody_forges(&world, one).await;
        assert_eq!(public(&world).await, closed);

        assert_eq!(daily(&world).await, 0, "not before its hour");
        at(&world, (12, 25, 12));
        assert_eq!(daily(&world).await, 1);
        assert_eq!(daily(&world).await, 0);
        let drawn = public(&world).await;
        assert_eq!(drawn.tickets, closed.tickets);
        assert_eq!(drawn.list_hash, closed.list_hash);
        let winners: Vec<usize> = drawn.results.iter().map(|win| win.prize).collect();
        assert_eq!(
            winners,
            [0, 1],
            "one prize a person, the first prizes first"
        );

        // Whoever won which, both know it, and take their prizes.
        let first = prizes(&world, one).await.remove(0);
        let (grand, small) = if first.prize.bonuses {
            (other, one)
        } else {
            (one, other)
        };
        let (grand_win, small_win) = (
            prizes(&world, grand).await.remove(0),
            prizes(&world, small).await.remove(0),
        );
        for borrower in [one, other] {
            let told = cabinet::notice::list(cab, borrower).await.unwrap();
            assert!(
                told.iter()
                    .any(|line| line.text.contains("вы выиграли приз")),
                "{told:?}"
            );
        }
        let another = draw::answer(cab, small, &grand_win.id, true).await;
        assert!(matches!(another, Err(CabinetError::NotFound)));
        let had = bonus::view(cab, small).await.unwrap().balance;
        for (borrower, win) in [(grand, &grand_win), (small, &small_win)] {
            draw::answer(cab, borrower, &win.id, true).await.unwrap();
            draw::answer(cab, borrower, &win.id, true).await.unwrap();
            let refused = draw::answer(cab, borrower, &win.id, false).await;
            assert_eq!(conflict(&refused), "prize_over");
        }
        let has = bonus::view(cab, small).await.unwrap().balance;
        assert_eq!(has, had + roubles(1000), "bonuses at once, and once");
        assert_eq!(prizes(&world, small).await[0].state, PrizeState::Handed);
        handed(&world, &grand_win.id).await;
        assert_eq!(prizes(&world, grand).await[0].state, PrizeState::Handed);
        assert!(verify(&public(&world).await).is_empty());
        kept(&world, grand).await;
    });
}

/// What is closed stays as it is, whatever program writes to the tables.
async fn nobody_forges(world: &World, one: BorrowerId) {
    let forged = format!(
        "INSERT INTO draw_ticket (draw, ticket, borrower, source) VALUES ('{CODE}', 'ff-1', '{one}', '')"
    );
    let attempts = [
        forged.as_str(),
        "DELETE FROM draw_ticket",
        "UPDATE draw_ticket SET ticket = 'ff-1'",
        "DELETE FROM draw",
        "UPDATE draw SET list_hash = NULL, closed_at = NULL, state = 'open'",
        "UPDATE draw SET commitment = 'ff'",
        "DELETE FROM draw_part",
    ];
    for attempt in attempts {
        let done = world.cab.db().read().execute_unprepared(attempt).await;
        assert!(done.is_err(), "{attempt}");
    }
}

/// A prize of 15 000 needs two people, and neither sees who the winner is.
async fn handed(world: &World, win: &str) {
    let cab = &world.cab;
    let [marketing, chief, auditor, support] = [
        world.hired("marketing", Role::Marketing).await,
        world.hired("chief", Role::Chief).await,
        world.hired("auditor", Role::Auditor).await,
        world.hired("support", Role::Support).await,
    ];
    assert!(draw::staff::draws(cab, &support).await.is_err());
    let work = draw::staff::draws(cab, &auditor).await.unwrap().remove(0);
    assert_eq!(
        (work.state, work.takers, work.tickets),
        (DrawState::Drawn, 2, 2)
    );
    let waiting: Vec<_> = work.prizes.iter().filter(|it| it.waits()).collect();
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].contract.starts_with("2026-"));
    let note = "Курьер передал, акт № 7";
    for by in [&chief, &auditor] {
        let refused = draw::staff::hand(cab, by, win, note).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_role"))
        ));
    }
    let short = draw::staff::hand(cab, &marketing, win, "да").await;
    assert!(matches!(short, Err(CabinetError::Fields(_))));
    assert!(!draw::staff::hand(cab, &marketing, win, note).await.unwrap());
    let again = draw::staff::hand(cab, &marketing, win, note).await;
    assert!(matches!(
        again,
        Err(CabinetError::Conflict("prize_not_accepted"))
    ));
    // In no pair of roles is one person both people.
    for one in Role::ALL {
        for two in Role::ALL {
            let mut both = marketing.clone();
            both.roles = vec![*one, *two];
            for word in [true, false] {
                let own = draw::staff::agree(cab, &both, win, word).await;
                assert!(
                    matches!(own, Err(CabinetError::Forbidden(_))),
                    "{one:?} {two:?}"
                );
            }
        }
    }
    draw::staff::agree(cab, &chief, win, false).await.unwrap();
    assert!(!draw::staff::hand(cab, &marketing, win, note).await.unwrap());
    draw::staff::agree(cab, &chief, win, true).await.unwrap();
    let work = draw::staff::draws(cab, &chief).await.unwrap().remove(0);
    assert!(work.prizes.iter().all(|prize| !prize.waits()));
    let log = staff::audit::read(cab, &auditor, &staff::audit::Filter::default(), 100).await;
    let deeds = log.unwrap();
    assert!(deeds.iter().filter(|line| line.object == win).count() >= 4);
}

/// Everything that is kept of it is the person's to take along.
async fn kept(world: &World, borrower: BorrowerId) {
    let all = document::export::export(&world.cab, borrower)
        .await
        .unwrap();
    let kinds = all.draws.iter().map(|line| line.kind.as_str());
    // Whoever has won may be the one who left in between.
    let kinds: BTreeSet<&str> = kinds.filter(|kind| *kind != "left").collect();
    assert_eq!(kinds, BTreeSet::from(["joined", "prize", "ticket"]));
    let csv = all.csv("draws").unwrap();
    assert!(csv.contains(CODE) && csv.contains("handed"), "{csv}");
    let diary = cabinet::diary::lines(&world.cab, borrower).await.unwrap();
    for what in ["draw_joined", "prize_handed"] {
        assert!(diary.iter().any(|line| line.what == what), "{what}");
    }
}

#[test]
fn what_nobody_takes_goes_to_the_next_ticket_in_the_same_order() {
    on_both(|world| async move {
        let bonuses = "count = 5\nvalue = 1000\nbonuses = true";
        let world = soon(
            &world,
            &[
                (bonuses, "value = 2000"),
                ("max_tickets = 12", "max_tickets = 1"),
            ],
        );
        let cab = &world.cab;
        daily(&world).await;
        let [(one, _), (other, _)] = two(&world).await;
        join(&world, one).await.unwrap();
        join(&world, other).await.unwrap();
        at(&world, (12, 25, 12));
        assert_eq!(daily(&world).await, 2, "closed and drawn at last");
        let winner = |index: usize| {
            let world = world.clone();
            async move {
                let mine = prizes(&world, one).await;
                let own = mine
                    .iter()
                    .any(|win| win.prize.value == roubles([15_000, 2_000][index]));
                if own { one } else { other }
            }
        };
        // Both have won one, so a declined prize has no next owner.
        let (grand, small) = (winner(0).await, winner(1).await);
        assert_ne!(grand, small);
        let win = prizes(&world, grand).await.remove(0);
        draw::answer(cab, grand, &win.id, false).await.unwrap();
        draw::answer(cab, grand, &win.id, false).await.unwrap();
        let gone = draw::answer(cab, grand, &win.id, true).await;
        assert_eq!(conflict(&gone), "prize_over");
        let told = public(&world).await;
        assert_eq!(told.results.len(), 2);
        assert!(told.results[0].lapsed);
        // Silence is an answer after twenty-one days, not before.
        at(&world, (1, 15, 12));
        assert_eq!(daily(&world).await, 0);
        at(&world, (1, 16, 12));
        assert_eq!(daily(&world).await, 1);
        let silent = prizes(&world, small).await.remove(0);
        assert_eq!(silent.state, PrizeState::Lapsed);
        assert_eq!(silent.why.as_deref(), Some("silent"));
        let late = draw::answer(cab, small, &silent.id, true).await;
        assert_eq!(conflict(&late), "prize_over");
        assert!(public(&world).await.results.iter().all(|win| win.lapsed));
    });
}

#[test]
fn a_declined_prize_is_won_by_somebody_else() {
    on_both(|world| async move {
        let bonuses = "\n[[draws.prizes]]\ntitle = { ru = \"1 000 бонусов\", en = \"1,000 bonuses\" }\ncount = 5\nvalue = 1000\nbonuses = true\n";
        let world = soon(&world, &[(bonuses, "")]);
        daily(&world).await;
        let both = two(&world).await;
        for (borrower, _) in both {
            join(&world, borrower).await.unwrap();
        }
        at(&world, (12, 25, 12));
        daily(&world).await;
        let mut owners = Vec::new();
        for (borrower, _) in both {
            owners.extend(
                prizes(&world, borrower)
                    .await
                    .into_iter()
                    .map(|win| (borrower, win)),
            );
        }
        let [(winner, win)] = &owners[..] else {
            panic!("{owners:?}");
        };
        draw::answer(&world.cab, *winner, &win.id, false)
            .await
            .unwrap();
        let (next, _) = both.into_iter().find(|(it, _)| it != winner).unwrap();
        let won = prizes(&world, next).await.remove(0);
        assert_eq!(
            (won.state, won.prize.value),
            (PrizeState::Won, roubles(15_000))
        );
        let told = public(&world).await;
        assert_eq!(told.results.len(), 2);
        assert_eq!(told.results[1].ticket, won.ticket);
    });
}

#[test]
fn who_did_not_press_was_late_or_works_for_the_lender_has_no_ticket() {
    on_both(|world| async move {
        let world = soon(&world, &[("max_tickets = 12", "max_tickets = 3")]);
        let cab = &world.cab;
        daily(&world).await;
        let (one, first) = world.lent(PHONE, 10_000, 15).await;
        let (other, second) = world.lent(OTHER_PHONE, 10_000, 15).await;
        world.days(10);
        world.pay(other, second, PayAmount::Payoff).await;
        world.days(7);
        world.pay(one, first, PayAmount::Payoff).await;
        // Two days late: nothing for the date, nothing for the repayment.
        assert!(seen(&world, one).await.mine.unwrap().tickets.is_empty());
        join(&world, one).await.unwrap();
        join(&world, other).await.unwrap();

        let marketing = world.hired("marketing", Role::Marketing).await;
        let number = loan::list(cab, other).await.unwrap().remove(0).number;
        let why = "Кабинет сотрудника офиса";
        let nobody = draw::staff::bar(cab, &marketing, "2020-000001", why, true).await;
        assert!(matches!(nobody, Err(CabinetError::Fields(_))));
        for _ in 0..2 {
            draw::staff::bar(cab, &marketing, &number, why, true)
                .await
                .unwrap();
        }
        let barred = draw::staff::barred(cab, &marketing).await.unwrap();
        assert_eq!((barred.len(), barred[0].reason.as_str()), (1, why));
        assert!(seen(&world, other).await.mine.unwrap().barred);
        draw::leave(cab, other, CODE, &origin()).await.unwrap();
        assert_eq!(conflict(&join(&world, other).await), "draw_barred");
        draw::staff::bar(cab, &marketing, &number, why, false)
            .await
            .unwrap();
        join(&world, other).await.unwrap();
        draw::staff::bar(cab, &marketing, &number, why, true)
            .await
            .unwrap();

        at(&world, (12, 25, 12));
        assert_eq!(daily(&world).await, 2);
        let drawn = public(&world).await;
        assert_eq!(drawn.state, "drawn");
        assert!(drawn.tickets.is_empty() && drawn.results.is_empty());
        // Another file changes nothing that was promised.
        let changed = soon(&world, &[("value = 15000", "value = 1")]);
        assert_eq!(daily(&changed).await, 0);
        assert_eq!(public(&changed).await, drawn);
    });
}
