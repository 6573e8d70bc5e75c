//! Whose an e-mail address is: of whoever opened the letter, and of nobody before. On SQLite and, when there
//! is one, on Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use cabinet::access::{self, Entered, WayKind};
use cabinet::profile::{self, Step};
use cabinet::{CabinetError, Lang, Origin};
use lending::Kopecks;
use world::{DEMO, World, worlds_of};

const ADDRESS: &str = "maria@example.ru";

fn from(device: &str) -> Origin {
    Origin {
        ip: "192.0.2.9".into(),
        user_agent: "test".into(),
        device: Some(format!("a device of these tests {device}")),
    }
}

/// Somebody who has typed the address on the page about work.
async fn typed(world: &World, n: u32) -> Entered {
    let origin = from(&format!("of {n}"));
    let who = world.entered(&format!("+7900123000{n}"), &origin).await;
    type_in(world, &who, ADDRESS).await;
    who
}

async fn type_in(world: &World, who: &Entered, email: &str) {
    let values = [
        ("employer", "ООО «Ромашка»"),
        ("income", "80 000"),
        ("expenses", "30 000"),
        ("email", email),
    ];
    let values = values.map(|(field, text)| (field.to_owned(), text.to_owned()));
    let (origin, amount) = (from("any"), Kopecks::from_roubles(10_000));
    profile::save(
        &world.cab,
        who.borrower,
        Step::Work,
        values.into(),
        origin,
        amount,
    )
    .await
    .expect("a right page");
}

/// The newest letter to the address.
async fn letter(world: &World) -> String {
    world.work().await;
    let sent = world.messages.sent.lock().expect("sent");
    let mut letters = sent.iter().filter(|(to, _)| to == ADDRESS);
    letters.next_back().expect("a letter").1.clone()
}

/// The newest link that came to the address.
async fn link(world: &World) -> String {
    world.work().await;
    let sent = world.messages.sent.lock().expect("sent");
    let mut links = sent
        .iter()
        .rev()
        .filter(|(to, text)| to == ADDRESS && text.contains("token="));
    token(&links.next().expect("a link").1)
}

fn token(letter: &str) -> String {
    let (_, rest) = letter.split_once("token=").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

async fn addresses(world: &World, who: &Entered) -> Vec<(String, bool)> {
    let ways = access::ways(&world.cab, who.borrower).await.expect("ways");
    let emails = ways.into_iter().filter(|way| way.kind == WayKind::Email);
    emails.map(|way| (way.subject, way.confirmed)).collect()
}

async fn email_way(world: &World, who: &Entered) -> String {
    let ways = access::ways(&world.cab, who.borrower).await.expect("ways");
    let email = ways.into_iter().find(|way| way.kind == WayKind::Email);
    email.expect("an address").id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_somebody_else_typed_is_still_its_owners() {
    for world in worlds_of("whose", DEMO).await {
        let cab = &world.cab;
        let stranger = typed(&world, 1).await;
        let early = link(&world).await;
        // The owner of the mail box comes later and opens the letter that is theirs.
        let owner = typed(&world, 2).await;
        let own = link(&world).await;
        access::confirm_email(cab, &own).await.expect("confirmed");
        let waits = (ADDRESS.to_owned(), false);
        assert_eq!(
            addresses(&world, &owner).await,
            [(ADDRESS.to_owned(), true)]
        );
        assert_eq!(
            addresses(&world, &stranger).await,
            std::slice::from_ref(&waits)
        );
        // Whatever was sent for the stranger confirms nothing any more, nor does a new letter.
        let late = access::confirm_email(cab, &early).await;
        assert!(matches!(late, Err(CabinetError::NotFound)));
        access::email_again(cab, stranger.borrower, Lang::Ru)
            .await
            .expect("sent");
        let said = letter(&world).await;
        assert!(
            said.contains("другому кабинету") && !said.contains("token="),
            "{said}"
        );
        // A third one sees what anybody sees, and the owner's address stays where it was.
        let third = typed(&world, 3).await;
        assert!(letter(&world).await.contains("другому кабинету"));
        assert_eq!(addresses(&world, &third).await, [waits]);
        assert_eq!(
            addresses(&world, &owner).await,
            [(ADDRESS.to_owned(), true)]
        );
        // The owner lets it go: now it is whose letter is opened next.
        let way = email_way(&world, &owner).await;
        access::remove_way(cab, owner.borrower, &way)
            .await
            .expect("removed");
        access::email_again(cab, third.borrower, Lang::Ru)
            .await
            .expect("sent");
        let free = link(&world).await;
        access::confirm_email(cab, &free).await.expect("confirmed");
        assert_eq!(
            addresses(&world, &third).await,
            [(ADDRESS.to_owned(), true)]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_clicks_at_once_one_has_the_address() {
    for world in worlds_of("clicks", DEMO).await {
        let cab = &world.cab;
        let mut all = Vec::new();
        for n in 1..=6 {
            let who = typed(&world, n).await;
            all.push((who, link(&world).await));
        }
        let clicks = all
            .iter()
            .map(|(_, token)| access::confirm_email(cab, token));
        let clicked = futures::future::join_all(clicks).await;
        let (won, lost): (Vec<_>, Vec<_>) = clicked.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        for late in lost {
            assert!(matches!(late, Err(CabinetError::NotFound)), "{late:?}");
        }
        let mut confirmed = 0;
        for (who, _) in &all {
            let own = addresses(&world, who).await;
            confirmed += own.iter().filter(|(_, confirmed)| *confirmed).count();
            assert_eq!(own.len(), 1, "those who were late still wait");
        }
        assert_eq!(confirmed, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_removed_does_not_come_back() {
    for world in worlds_of("let_go", DEMO).await {
        let who = typed(&world, 1).await;
        access::confirm_email(&world.cab, &link(&world).await)
            .await
            .expect("confirmed");
        let way = email_way(&world, &who).await;
        access::remove_way(&world.cab, who.borrower, &way)
            .await
            .expect("removed");
        let amount = Kopecks::from_roubles(10_000);
        let view = profile::load(&world.cab, who.borrower, amount)
            .await
            .expect("a view");
        assert_eq!(view.values.get("email").map(String::as_str), Some(""));
        assert!(
            view.steps.contains(&(Step::Work, true)),
            "the page is still right"
        );
        assert_eq!(addresses(&world, &who).await, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_an_address_is_needed_the_confirmed_one_is_replaced_and_not_removed() {
    let file = DEMO.replace("email = \"optional\"", "email = \"required_verified\"");
    for world in worlds_of("needed", &file).await {
        let who = typed(&world, 1).await;
        // A slip of the finger may go, after its letter.
        link(&world).await;
        let slip = email_way(&world, &who).await;
        access::remove_way(&world.cab, who.borrower, &slip)
            .await
            .expect("removed");
        assert_eq!(addresses(&world, &who).await, []);
        type_in(&world, &who, ADDRESS).await;
        let link = link(&world).await;
        access::confirm_email(&world.cab, &link)
            .await
            .expect("confirmed");
        let way = email_way(&world, &who).await;
        let refused = access::remove_way(&world.cab, who.borrower, &way).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Conflict("email_needed"))
        ));
        assert_eq!(addresses(&world, &who).await, [(ADDRESS.to_owned(), true)]);
    }
}
