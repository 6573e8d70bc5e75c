//! What an answer tells a stranger (G14). Alone in its program: statements are heard of all of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use cabinet::access::{self, Registration, Solved};
use cabinet::request::{self, Asked};
use cabinet::{CabinetError, Lang, Origin};
use world::listen::{heard, listen};
use world::{DEMO, World, worlds_of};

static NOTHING: Solved = Solved {
    token: String::new(),
    proof: String::new(),
    answer: String::new(),
};

fn from(ip: String, device: &str) -> Origin {
    Origin {
        ip,
        user_agent: "test".into(),
        device: Some(format!("a device of these tests {device}")),
    }
}

/// G14. For a known and an unknown login the answer is the same, and so is the work: the very statements, in their order,
/// and the hashes. How long that takes is `timing.rs`.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_learns_nothing_about_a_number() {
    let file = DEMO.replace(
        "method = \"phone_code\"",
        "method = \"phone_password\"\npassword_from = \"registration\"\nrestore = [\"sms\", \"email\"]",
    );
    listen();
    for world in worlds_of("stranger", &file).await {
        let register = async |phone: &str, email: &str, origin: &Origin| {
            let typed = Registration {
                phone,
                email,
                password: "восемь сосен",
                repeat: "",
                consent: true,
                answers: &std::collections::BTreeMap::new(),
            };
            access::register(&world.cab, typed, origin, Lang::Ru, &NOTHING).await
        };
        let home = world.origin();
        let sent = register("+79001234567", "maria@example.ru", &home)
            .await
            .expect("a code");
        let digits = world.last_digits().await;
        access::verify(&world.cab, sent.code, &digits, &home)
            .await
            .expect("in");
        world.work().await;
        let letters = world.messages.sent.lock().expect("sent").clone();
        let link = letters
            .iter()
            .find_map(|(_, text)| text.split_once("token="));
        let link = link
            .expect("a link")
            .1
            .split_whitespace()
            .next()
            .expect("a token");
        access::confirm_email(&world.cab, link)
            .await
            .expect("confirmed");
        world.clock.pass(3601);

        let known = work(
            &world,
            "+79001234567",
            "maria@example.ru",
            "192.0.2.101",
            &register,
        )
        .await;
        let unknown = work(
            &world,
            "+79007654321",
            "nobody@example.ru",
            "192.0.2.102",
            &register,
        )
        .await;
        assert_eq!(known, unknown);
        assert!(
            known
                .iter()
                .all(|(_, statements, _)| !statements.is_empty())
        );
        assert!(known.iter().any(|(_, _, hashes)| *hashes > 0));
        let changing = &known[known.len() - 2..];
        assert!(changing.iter().all(|(answer, ..)| answer.starts_with("Ok")));
    }
}

/// What each door answers, and the statements and hashes behind it.
async fn work(
    world: &World,
    phone: &str,
    email: &str,
    ip: &str,
    register: &impl AsyncFn(&str, &str, &Origin) -> Result<access::CodeSent, CabinetError>,
) -> Vec<(String, Vec<String>, u64)> {
    let stranger = from(ip.into(), ip);
    let mut seen = Vec::new();
    let mut before;
    let counts = || {
        heard();
        world.cab.hasher().hashes()
    };
    let mut note = |answer: String, before: u64| {
        let hashes = world.cab.hasher().hashes() - before;
        // Names of codes and the last digits of the number are the asker's own.
        let plain: String = answer
            .chars()
            .filter(|c| !c.is_ascii_hexdigit() && *c != '-')
            .collect();
        seen.push((plain, heard(), hashes));
    };
    let (cab, nothing) = (&world.cab, &NOTHING);
    for _ in 0..2 {
        before = counts();
        let answer =
            access::by_password(cab, phone, "девять сосен", &stranger, Lang::Ru, nothing).await;
        note(format!("{answer:?}"), before);
    }
    before = counts();
    note(
        format!(
            "{:?}",
            access::restore(cab, phone, &stranger, Lang::Ru, nothing).await
        ),
        before,
    );
    before = counts();
    note(
        format!(
            "{:?}",
            access::restore(cab, email, &stranger, Lang::Ru, nothing).await
        ),
        before,
    );
    before = counts();
    note(
        format!(
            "{:?}",
            access::request_code(cab, phone, &stranger, Lang::Ru, nothing).await
        ),
        before,
    );
    before = counts();
    note(
        format!("{:?}", register(phone, email, &stranger).await),
        before,
    );
    world.clock.pass(61);
    before = counts();
    note(
        format!(
            "{:?}",
            access::request_code(cab, phone, &stranger, Lang::Ru, nothing).await
        ),
        before,
    );
    // «My number has changed», told of this number to one of the stranger's own.
    let own = if ip.ends_with('1') { "1" } else { "2" };
    let new_phone = format!("+7900555000{own}");
    let asked = Asked {
        old_phone: phone,
        new_phone: &new_phone,
        passport: "4510 123456",
        birth_date: "12.05.1990",
    };
    before = counts();
    note(
        format!(
            "{:?}",
            request::ask(cab, asked, &stranger, Lang::Ru, nothing).await
        ),
        before,
    );
    // Somebody inside who takes this number for their own. Whatever was told before is delivered first: their code is
    // then the last message.
    world.work().await;
    let inside = world.borrower(&format!("+7900444000{own}")).await;
    // The known number has had one code more, at its registration: another day, so that neither is at the day's end of codes.
    world.clock.pass(86_401);
    before = counts();
    note(
        format!(
            "{:?}",
            request::ask_own(cab, inside, phone, &stranger, Lang::Ru, nothing).await
        ),
        before,
    );
    seen
}
