//! What the first step beside an account elsewhere tells a stranger (G14). Alone in its program: statements are counted
//! for all of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use cabinet::access::{self, Arrival, Solved};
use cabinet::ids::{BorrowerId, VisitorId};
use cabinet::ports::{IdentityProfile, IdentityReturn};
use cabinet::{Lang, Origin};
use world::elsewhere::{PHONE, anna, browser, from, says};
use world::{World, worlds};

/// There and back by an account elsewhere, by a stranger or to link it to a cabinet; the statements it took.
async fn journey(
    world: &World,
    visitor: VisitorId,
    borrower: Option<BorrowerId>,
    origin: &Origin,
) -> (String, u64) {
    let before = cabinet::db::sql::statements();
    let url = access::identity_start(&world.cab, "vk_id", visitor, borrower, &from("any"))
        .await
        .expect("a journey");
    let arrival = Arrival {
        visitor,
        borrower,
        state: url.rsplit_once('=').expect("a state").1.to_owned(),
        back: IdentityReturn {
            code: "right".to_owned(),
            ..IdentityReturn::default()
        },
    };
    let arrived = access::identity_arrive(&world.cab, "vk_id", arrival, origin, Lang::Ru).await;
    let told = format!("{:?}", arrived.expect("arrived"));
    (told, cabinet::db::sql::statements() - before)
}

/// The account of `subject`, with this phone in it.
fn account(subject: &str, phone: &str) -> IdentityProfile {
    IdentityProfile {
        subject: subject.into(),
        phone: phone.into(),
        ..anna()
    }
}

/// G14: the steps beside an account are the same for a known and an unknown phone, typed here or named by the provider.
async fn asking_for_the_phone_tells_nothing_of_who_is_a_client() {
    for world in worlds("identity_equal").await {
        let away = from("away");
        world.borrower(PHONE).await;
        world.clock.pass(61);
        let mut work = Vec::new();
        for (n, number) in [(1, PHONE), (2, "+79007654321")] {
            says(&world, account(&format!("stranger {n}"), number));
            let came = journey(&world, browser(n), None, &away).await;
            assert_eq!(came.0, "Phone");
            let before = cabinet::db::sql::statements();
            let (typed, none) = ((number, true), Solved::default());
            let sent =
                access::identity_phone(&world.cab, browser(n), typed, &away, Lang::Ru, &none).await;
            let sent = sent.expect("sent");
            work.push((
                came,
                cabinet::db::sql::statements() - before,
                sent.tries_left,
                sent.expires_at - sent.resend_at,
            ));
        }
        assert_eq!(work[0], work[1]);
    }
}

/// G14: linking an account in the settings says nothing about the phone that the provider names.
async fn linking_an_account_tells_nothing_of_its_phone() {
    for world in worlds("identity_linking").await {
        world.borrower(PHONE).await;
        let mut work = Vec::new();
        for (n, number) in [(11, PHONE), (12, "+79007654321")] {
            let own = world.borrower(&format!("+79004440{n:03}")).await;
            world.work().await;
            says(&world, account(&format!("own {n}"), number));
            let came = journey(&world, browser(n), Some(own), &from("own")).await;
            assert_eq!(came.0, "Linked");
            let told = access::ways(&world.cab, own).await.expect("ways").len();
            work.push((came, told));
        }
        assert_eq!(work[0], work[1]);
    }
}

/// One test: two at once would count each other's statements.
#[tokio::test(flavor = "multi_thread")]
async fn the_steps_beside_an_account_elsewhere_tell_nothing_of_a_phone() {
    asking_for_the_phone_tells_nothing_of_who_is_a_client().await;
    linking_an_account_tells_nothing_of_its_phone().await;
}
