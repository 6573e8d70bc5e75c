//! What the first step beside an account elsewhere tells a stranger (G14). Alone in its program: statements are counted
//! for all of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use cabinet::access::{self, Arrival, Solved};
use cabinet::ids::VisitorId;
use cabinet::ports::IdentityReturn;
use cabinet::{Lang, Origin};
use world::elsewhere::{PHONE, anna, browser, from, says};
use world::{World, worlds};

/// There and back by an account elsewhere.
async fn journey(world: &World, visitor: VisitorId, origin: &Origin) {
    let url = access::identity_start(&world.cab, "vk_id", visitor, None, &from("any"))
        .await
        .expect("a journey");
    let arrival = Arrival {
        visitor,
        borrower: None,
        state: url.rsplit_once('=').expect("a state").1.to_owned(),
        back: IdentityReturn {
            code: "right".to_owned(),
            ..IdentityReturn::default()
        },
    };
    access::identity_arrive(&world.cab, "vk_id", arrival, origin, Lang::Ru)
        .await
        .expect("arrived");
}

/// G14: the first step beside an account is the same for a known and an unknown phone.
#[tokio::test(flavor = "multi_thread")]
async fn asking_for_the_phone_tells_nothing_of_who_is_a_client() {
    for world in worlds("identity_equal").await {
        let away = from("away");
        world.borrower(PHONE).await;
        world.clock.pass(61);
        let mut work = Vec::new();
        for (n, number) in [(1, PHONE), (2, "+79007654321")] {
            says(&world, anna());
            journey(&world, browser(n), &away).await;
            let before = cabinet::db::sql::statements();
            let (typed, none) = ((number, true), Solved::default());
            let sent =
                access::identity_phone(&world.cab, browser(n), typed, &away, Lang::Ru, &none).await;
            let sent = sent.expect("sent");
            work.push((
                cabinet::db::sql::statements() - before,
                sent.tries_left,
                sent.expires_at - sent.resend_at,
            ));
        }
        assert_eq!(work[0], work[1]);
    }
}
