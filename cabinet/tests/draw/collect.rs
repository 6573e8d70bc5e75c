//! A prize that was accepted and is not collected.

use cabinet::CabinetError;
use cabinet::draw::{self, PrizeState};
use cabinet::staff::Role;
use chrono::NaiveDate;

use super::support::journey::roubles;
use super::support::on_both;
use super::{at, conflict, daily, join, prizes, public, seen, soon, two};

#[test]
fn an_accepted_prize_that_nobody_collects_goes_to_the_next_ticket_after_its_term() {
    on_both(|world| async move {
        let bonuses = "\n[[draws.prizes]]\ntitle = { ru = \"1 000 бонусов\", en = \"1,000 bonuses\" }\ncount = 5\nvalue = 1000\nbonuses = true\n";
        let world = soon(
            &world,
            &[
                (bonuses, ""),
                ("accept_days = 21", "accept_days = 21\ncollect_days = 14"),
            ],
        );
        let cab = &world.cab;
        daily(&world).await;
        let both = two(&world).await;
        for (borrower, _) in both {
            join(&world, borrower).await.unwrap();
        }
        assert!(
            seen(&world, both[0].0)
                .await
                .rules
                .contains("На это есть 14 дней")
        );
        at(&world, (12, 25, 12));
        daily(&world).await;
        let first = prizes(&world, both[0].0).await;
        let (winner, next) = if first.is_empty() {
            (both[1].0, both[0].0)
        } else {
            (both[0].0, both[1].0)
        };
        let win = prizes(&world, winner).await.remove(0);
        let marketing = world.hired("lapse", Role::Marketing).await;
        let place = "Офис на Арбате, с 9 до 18";
        let early = draw::staff::ready(cab, &marketing, &win.id, place).await;
        assert_eq!(conflict(&early), "prize_not_accepted");
        draw::answer(cab, winner, &win.id, true).await.unwrap();

        // Nobody has told the winner anything: whoever waits for the lender loses nothing.
        at(&world, (3, 1, 12));
        assert_eq!(daily(&world).await, 0);
        assert_eq!(prizes(&world, winner).await[0].state, PrizeState::Accepted);
        let auditor = world.hired("lapse-auditor", Role::Auditor).await;
        let refused = draw::staff::ready(cab, &auditor, &win.id, place).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_role"))
        ));
        draw::staff::ready(cab, &marketing, &win.id, place)
            .await
            .unwrap();
        let mine = prizes(&world, winner).await.remove(0);
        let last_day = NaiveDate::from_ymd_opt(2027, 3, 15);
        assert_eq!(mine.waits, last_day.map(|day| (place.to_owned(), day)));

        let told = |word: &'static str| {
            let world = world.clone();
            async move {
                let list = cabinet::notice::list(&world.cab, winner).await.unwrap();
                list.iter().filter(|line| line.text.contains(word)).count()
            }
        };
        assert_eq!(told("вас ждёт, забрать").await, 1);
        at(&world, (3, 11, 12));
        daily(&world).await;
        assert_eq!(told("потом перейдёт дальше").await, 0);
        for hour in [12, 15] {
            at(&world, (3, 12, hour));
            daily(&world).await;
        }
        assert_eq!(
            told("потом перейдёт дальше").await,
            1,
            "three days ahead, once"
        );
        at(&world, (3, 15, 12));
        assert_eq!(daily(&world).await, 0, "the last day is whole");
        at(&world, (3, 16, 12));
        assert_eq!(daily(&world).await, 1);
        let gone = prizes(&world, winner).await.remove(0);
        assert_eq!(gone.state, PrizeState::Lapsed);
        assert_eq!(told("приз перешёл дальше").await, 1);
        let won = prizes(&world, next).await.remove(0);
        assert_eq!(
            (won.state, won.prize.value),
            (PrizeState::Won, roubles(15_000))
        );
        let late = draw::staff::hand(cab, &marketing, &win.id, "Передан лично, акт № 9").await;
        assert!(matches!(
            late,
            Err(CabinetError::Conflict("prize_not_accepted"))
        ));
        let results = public(&world).await.results;
        assert_eq!((results.len(), results[0].lapsed), (2, true));
        let work = draw::staff::draws(cab, &marketing).await.unwrap().remove(0);
        assert!(
            work.prizes.iter().all(|prize| !prize.waits()),
            "the staff have nothing to hand over"
        );
    });
}
