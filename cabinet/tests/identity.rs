//! Accounts elsewhere: the journey, the first time, linking and unlinking, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use cabinet::access::{
    self, Arrival, Arrived, Entered, Proof, Solved, Standing, Verified, WayKind,
};
use cabinet::ids::VisitorId;
use cabinet::ports::IdentityReturn;
use cabinet::profile::{self, Step};
use cabinet::{BorrowerId, CabinetError, CodeId, Lang, Origin};
use lending::Kopecks;
use world::elsewhere::{PHONE, anna, browser, from, says};
use world::{DEMO, World, worlds, worlds_of};

/// Begins a journey; answers its state.
async fn start(
    world: &World,
    provider: &str,
    visitor: VisitorId,
    who: Option<BorrowerId>,
) -> String {
    let url = access::identity_start(&world.cab, provider, visitor, who, &from("any"))
        .await
        .expect("a journey");
    url.rsplit_once('=').expect("a state").1.to_owned()
}

async fn arrive(
    world: &World,
    provider: &str,
    (visitor, borrower): (VisitorId, Option<BorrowerId>),
    (state, code): (&str, &str),
    origin: &Origin,
) -> Result<Arrived, CabinetError> {
    let arrival = Arrival {
        visitor,
        borrower,
        state: state.to_owned(),
        back: IdentityReturn {
            code: code.to_owned(),
            ..IdentityReturn::default()
        },
    };
    access::identity_arrive(&world.cab, provider, arrival, origin, Lang::Ru).await
}

/// There and back.
async fn journey(
    world: &World,
    provider: &str,
    visitor: VisitorId,
    borrower: Option<BorrowerId>,
    origin: &Origin,
) -> Result<Arrived, CabinetError> {
    let state = start(world, provider, visitor, borrower).await;
    arrive(
        world,
        provider,
        (visitor, borrower),
        (&state, "right"),
        origin,
    )
    .await
}

fn code<T: std::fmt::Debug>(result: Result<T, CabinetError>) -> &'static str {
    result.expect_err("a refusal").code()
}

async fn digits(world: &World, sent: CodeId, origin: &Origin) -> Result<Verified, CabinetError> {
    let digits = world.last_digits().await;
    access::verify(&world.cab, sent, &digits, origin).await
}

fn came(verified: Result<Verified, CabinetError>) -> Entered {
    match verified {
        Ok(Verified::In(entered)) => entered,
        other => panic!("{other:?}"),
    }
}

/// The phone beside the account and its code.
async fn phone(
    world: &World,
    visitor: VisitorId,
    phone: &str,
    origin: &Origin,
) -> Result<Verified, CabinetError> {
    let typed = (phone, true);
    let none = Solved::default();
    let sent = access::identity_phone(&world.cab, visitor, typed, origin, Lang::Ru, &none).await?;
    digits(world, sent.code, origin).await
}

async fn standing(world: &World, entered: &Entered) -> Standing {
    access::standing(&world.cab, entered.borrower, entered.sign_in)
        .await
        .expect("a standing")
}

async fn passport(world: &World, entered: &Entered, number: &str) {
    let values = [
        ("passport", number),
        ("passport_code", "770-001"),
        ("passport_issuer", "ОВД района Арбат"),
        ("passport_date", "20.06.2015"),
        ("inn", "770123000131"),
        ("birth_place", "город Москва"),
        ("citizenship", "Россия"),
        ("public_official", "no"),
    ];
    let values: BTreeMap<_, _> = values
        .map(|(field, text)| (field.to_owned(), text.to_owned()))
        .into();
    let amount = Kopecks::from_roubles(10_000);
    access::prove_by_answers(&world.cab, entered.sign_in)
        .await
        .expect("proved");
    let saved = profile::save(
        &world.cab,
        entered.borrower,
        Step::Passport,
        values,
        from("home"),
        amount,
    );
    // Wrong or not, what was typed is kept.
    let _ = saved.await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verified_account_opens_a_cabinet_once_the_phone_is_confirmed() {
    for world in worlds("identity").await {
        says(&world, anna());
        let (cab, home, visitor) = (&world.cab, from("home"), browser(1));
        let arrived = journey(&world, "gosuslugi", visitor, None, &home).await;
        assert_eq!(arrived.expect("arrived"), Arrived::Phone);
        assert_eq!(
            world.count("borrower").await,
            0,
            "a claimed phone opens nothing"
        );
        let claim = access::claim(cab, visitor)
            .await
            .expect("a read")
            .expect("a claim");
        assert_eq!(claim.phone.expect("a phone").digits(), "79001234567");
        assert!(
            access::claim(cab, browser(2))
                .await
                .expect("a read")
                .is_none()
        );
        for row in world.rows("SELECT body FROM identity_claim").await {
            let body: String = row.try_get("", "body").expect("a body");
            assert!(!body.contains("Анна") && !body.contains("4510"));
        }
        let typed = ("12", false);
        let none = Solved::default();
        let wrong = access::identity_phone(cab, visitor, typed, &home, Lang::Ru, &none).await;
        let Err(CabinetError::Fields(errors)) = wrong else {
            panic!("{wrong:?}");
        };
        let codes: Vec<_> = errors.iter().map(|error| error.code).collect();
        assert_eq!(codes, ["phone", "consent_required"]);
        let entered = came(phone(&world, visitor, PHONE, &home).await);
        assert!(entered.fresh);
        assert_eq!(standing(&world, &entered).await, Standing::Full);
        let consents = "consent WHERE kind = 'personal_data' AND given = 1";
        assert_eq!(world.count(consents).await, 1);
        let (provider, answers) = access::identity_answers(cab, entered.borrower)
            .await
            .expect("a read")
            .expect("answers");
        assert_eq!(
            (&*provider, &*answers["passport"]),
            ("gosuslugi", "4510 230001")
        );
        assert!(access::claim(cab, visitor).await.expect("a read").is_none());

        // Next time: one press on this device, a code on another.
        let again = journey(&world, "gosuslugi", browser(3), None, &home).await;
        assert!(matches!(again, Ok(Arrived::In(_))));
        world.clock.pass(61);
        let away = from("away");
        let Ok(Arrived::Code(sent)) = journey(&world, "gosuslugi", browser(4), None, &away).await
        else {
            panic!("a new device gets a code");
        };
        let entered = came(digits(&world, sent.code, &away).await);
        assert_eq!(standing(&world, &entered).await, Standing::Full);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_claims_a_phone_takes_nobody_s_cabinet() {
    for world in worlds("identity_takeover").await {
        let (cab, home) = (&world.cab, from("home"));
        let owner = world.entered(PHONE, &home).await;
        passport(&world, &owner, "4510 230001").await;
        world.clock.pass(61);
        // Somebody with an account that claims the owner's phone, and even with the owner's SIM card.
        says(&world, anna());
        let (thief, visitor) = (from("thief"), browser(1));
        journey(&world, "gosuslugi", visitor, None, &thief)
            .await
            .expect("arrived");
        let entered = came(phone(&world, visitor, PHONE, &thief).await);
        assert_eq!(entered.borrower, owner.borrower);
        assert_eq!(standing(&world, &entered).await, Standing::NeedsProof);
        assert_eq!(
            world.count("way WHERE kind = 'identity'").await,
            0,
            "nothing is linked"
        );
        // The owner gives the proof and says so.
        access::prove(cab, owner.borrower, entered.sign_in, Proof::Tail("0001"))
            .await
            .expect("proved");
        assert_eq!(standing(&world, &entered).await, Standing::Full);
        let stranger = world.borrower("+79007654321").await;
        assert_eq!(
            code(access::identity_link(cab, stranger, visitor).await),
            "not_found"
        );
        assert_eq!(
            code(access::identity_link(cab, owner.borrower, browser(2)).await),
            "not_found"
        );
        access::identity_link(cab, owner.borrower, visitor)
            .await
            .expect("linked");
        let ways = access::ways(cab, owner.borrower).await.expect("ways");
        assert_eq!(
            (ways[0].kind, &*ways[0].subject),
            (WayKind::Identity, "Анна Т.")
        );
        world.work().await;
        let sent = world.messages.sent.lock().expect("sent").clone();
        assert!(
            sent.iter()
                .any(|(_, text)| text.contains("войти через Госуслуги"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_comes_back_once_to_the_browser_that_asked() {
    for world in worlds("identity_state").await {
        says(&world, anna());
        let home = from("home");
        let asked = || world.providers.asked.load(Ordering::SeqCst);
        let (mine, other) = ((browser(1), None), (browser(2), None));
        let state = start(&world, "gosuslugi", browser(1), None).await;
        for (provider, who, state) in [
            ("gosuslugi", other, &*state),
            ("t_id", mine, &*state),
            ("gosuslugi", mine, "made up"),
        ] {
            let late = arrive(&world, provider, who, (state, "right"), &home).await;
            assert_eq!(code(late), "identity_late");
        }
        assert_eq!(asked(), 0, "no provider is asked for a stranger");
        let first = arrive(&world, "gosuslugi", mine, (&state, "right"), &home).await;
        assert_eq!(first.expect("arrived"), Arrived::Phone);
        let again = arrive(&world, "gosuslugi", mine, (&state, "right"), &home).await;
        assert_eq!(code(again), "identity_late");
        let state = start(&world, "gosuslugi", browser(1), None).await;
        world.clock.pass(15 * 60 + 1);
        let late = arrive(&world, "gosuslugi", mine, (&state, "right"), &home).await;
        assert_eq!(code(late), "identity_late");
        // A journey begun in a cabinet ends in the same one.
        let owner = world.borrower(PHONE).await;
        let state = start(&world, "gosuslugi", browser(1), Some(owner)).await;
        let out = arrive(&world, "gosuslugi", mine, (&state, "right"), &home).await;
        assert_eq!(code(out), "identity_late");
        let state = start(&world, "gosuslugi", browser(1), None).await;
        let wrong = arrive(&world, "gosuslugi", mine, (&state, "wrong"), &home).await;
        assert_eq!(code(wrong), "identity_refused");
        // Each of these counts among the failures that shut unknown devices out.
        let failures = "limit_counter WHERE kind = 'failures_total_hour' AND hits = 6";
        assert_eq!(world.count(failures).await, 1);
        for unknown in ["unknown", "sber_id", ""] {
            let started =
                access::identity_start(&world.cab, unknown, browser(1), None, &home).await;
            assert_eq!(code(started), "not_found");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unverified_profile_comes_in_nowhere_that_asks_for_a_verified_one() {
    for world in worlds("identity_unverified").await {
        let home = from("home");
        let mut unverified = anna();
        unverified.verified = false;
        says(&world, unverified);
        let refused = journey(&world, "gosuslugi", browser(1), None, &home).await;
        assert_eq!(code(refused), "identity_unverified");
        assert_eq!(world.count("identity_claim").await, 0);
        let taken = journey(&world, "vk_id", browser(1), None, &home).await;
        assert_eq!(taken.expect("arrived"), Arrived::Phone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_proves_nothing_leaves_the_second_proof_owed() {
    for world in worlds("identity_proof").await {
        says(&world, anna());
        let home = from("home");
        journey(&world, "vk_id", browser(1), None, &home)
            .await
            .expect("arrived");
        let owner = came(phone(&world, browser(1), PHONE, &home).await);
        passport(&world, &owner, "4510 230001").await;
        world.clock.pass(61);
        let away = from("away");
        let arrived = journey(&world, "vk_id", browser(2), None, &away).await;
        let Ok(Arrived::Code(sent)) = arrived else {
            panic!("a code");
        };
        let entered = came(digits(&world, sent.code, &away).await);
        assert_eq!(standing(&world, &entered).await, Standing::NeedsProof);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_has_one_cabinet() {
    for world in worlds("identity_one").await {
        let owner = world.entered(PHONE, &from("home")).await;
        passport(&world, &owner, "4510 230001").await;
        says(&world, anna());
        let away = from("away");
        journey(&world, "gosuslugi", browser(1), None, &away)
            .await
            .expect("arrived");
        let second = phone(&world, browser(1), "+79007654321", &away).await;
        assert_eq!(code(second), "identity_has_cabinet");
        assert_eq!(world.count("borrower").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn linking_in_the_cabinet_and_what_stands_against_it() {
    for world in worlds("identity_link").await {
        says(&world, anna());
        let (cab, home) = (&world.cab, from("home"));
        let owner = world.entered(PHONE, &home).await;
        let linked = journey(&world, "vk_id", browser(1), Some(owner.borrower), &home).await;
        assert_eq!(linked.expect("arrived"), Arrived::Linked);
        let again = journey(&world, "vk_id", browser(1), Some(owner.borrower), &home).await;
        assert_eq!(again.expect("arrived"), Arrived::Linked);
        assert_eq!(world.count("way WHERE kind = 'identity'").await, 1);
        let mut second = anna();
        second.subject = "anna's other account".into();
        says(&world, second.clone());
        let refused = journey(&world, "vk_id", browser(1), Some(owner.borrower), &home).await;
        assert_eq!(code(refused), "identity_second");
        says(&world, anna());
        let stranger = world.borrower("+79007654321").await;
        let taken = journey(&world, "vk_id", browser(2), Some(stranger), &home).await;
        assert_eq!(code(taken), "identity_taken");

        // Another person's papers.
        passport(&world, &owner, "4510 230001").await;
        second.answers.insert("inn".into(), "500100732259".into());
        says(&world, second);
        let other = journey(&world, "t_id", browser(1), Some(owner.borrower), &home).await;
        assert_eq!(code(other), "identity_other_person");

        // Unlinked, it opens nothing and what it said is forgotten.
        let ways = access::ways(cab, owner.borrower).await.expect("ways");
        access::remove_way(cab, owner.borrower, &ways[0].id)
            .await
            .expect("unlinked");
        assert_eq!(
            world
                .count("identity_claim WHERE borrower IS NOT NULL")
                .await,
            0
        );
        says(&world, anna());
        let free = journey(&world, "vk_id", browser(3), None, &home).await;
        assert_eq!(free.expect("arrived"), Arrived::Phone);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_way_in_stays() {
    let by_password = DEMO.replace(
        "method = \"phone_code\"",
        "method = \"phone_password\"\npassword_from = \"registration\"\nrestore = [\"sms\"]",
    );
    for world in worlds_of("identity_last", &by_password).await {
        says(&world, anna());
        let (cab, home) = (&world.cab, from("home"));
        journey(&world, "gosuslugi", browser(1), None, &home)
            .await
            .expect("arrived");
        let owner = came(phone(&world, browser(1), PHONE, &home).await).borrower;
        let linked = journey(&world, "t_id", browser(1), Some(owner), &home).await;
        assert_eq!(linked.expect("arrived"), Arrived::Linked);
        let ways = access::ways(cab, owner).await.expect("ways");
        assert_eq!(ways.len(), 2);
        access::remove_way(cab, owner, &ways[0].id)
            .await
            .expect("one of two");
        assert_eq!(
            code(access::remove_way(cab, owner, &ways[1].id).await),
            "last_way"
        );
        assert_eq!(access::ways(cab, owner).await.expect("ways").len(), 1);
        // Two at once: each would see the other's way still there.
        says(&world, anna());
        journey(&world, "gosuslugi", browser(1), Some(owner), &home)
            .await
            .expect("linked again");
        let ways = access::ways(cab, owner).await.expect("ways");
        let (one, other) = tokio::join!(
            access::remove_way(cab, owner, &ways[0].id),
            access::remove_way(cab, owner, &ways[1].id)
        );
        assert_eq!(i32::from(one.is_ok()) + i32::from(other.is_ok()), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_linked_accounts_come_in_where_the_lender_says_so() {
    let lender = include_str!("../../lenders/credit911.toml");
    for world in worlds_of("identity_linked", lender).await {
        says(&world, anna());
        let home = from("home");
        let refused = journey(&world, "vk_id", browser(1), None, &home).await;
        assert_eq!(code(refused), "identity_not_linked");
        let owner = world.entered(PHONE, &home).await.borrower;
        journey(&world, "vk_id", browser(1), Some(owner), &home)
            .await
            .expect("linked");
        let known = journey(&world, "vk_id", browser(2), None, &home).await;
        assert!(matches!(known, Ok(Arrived::In(entered)) if entered.borrower == owner));
    }
}
