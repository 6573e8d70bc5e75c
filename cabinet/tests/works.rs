//! Windows of technical works. On SQLite and, when there is one, on Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use cabinet::{CabinetError, works};
use chrono::TimeDelta;
use world::worlds;

fn field(error: CabinetError) -> &'static str {
    match error {
        CabinetError::Fields(errors) => errors[0].code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_are_announced_hold_and_end() {
    for world in worlds("works").await {
        let (cab, now) = (&world.cab, world.cab.now());
        let after = |minutes| now + TimeDelta::minutes(minutes);
        assert_eq!(works::ahead(cab).await.expect("read"), []);

        let later = works::announce(cab, after(600), after(660)).await;
        let later = later.expect("announced");
        let soon = works::announce(cab, after(60), after(90)).await;
        let soon = soon.expect("announced");
        let both = [soon.clone(), later.clone()];
        assert_eq!(works::ahead(cab).await.expect("read"), both);
        for (from, until, code) in [
            (after(60), after(60), "works_order"),
            (after(-20), after(-10), "works_past"),
            (after(700), after(700 + 24 * 60 + 1), "works_long"),
        ] {
            let refused = works::announce(cab, from, until).await;
            assert_eq!(field(refused.expect_err("refused")), code);
        }
        let overlap = works::announce(cab, after(89), after(120)).await;
        assert_eq!(overlap.expect_err("refused").code(), "works_overlap");
        // One may follow another at once.
        let third = works::announce(cab, after(90), after(120)).await;
        let third = third.expect("announced");

        assert!(!soon.holds(now));
        world.clock.pass(60 * 60);
        assert!(soon.holds(cab.now()) && !third.holds(cab.now()));
        assert_eq!(soon.seconds_left(cab.now()), 30 * 60);
        // Done sooner than was thought.
        works::call_off(cab, &soon.id).await.expect("ended");
        assert_eq!(
            works::ahead(cab).await.expect("read"),
            [third, later.clone()]
        );
        for gone in [soon.id.as_str(), "nothing"] {
            let again = works::call_off(cab, gone).await;
            assert_eq!(again.expect_err("gone").code(), "not_found");
        }
        world.clock.pass(10 * 3600);
        assert_eq!(works::ahead(cab).await.expect("read"), []);
        let over = works::call_off(cab, &later.id).await;
        assert_eq!(over.expect_err("over").code(), "not_found");
    }
}
