//! Ways in: passwords, second proofs, new devices, registration, restoring, sign-ins and their ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use cabinet::access::{
    self, Begun, Entered, Proof, Registration, Solved, Standing, Verified, WayKind,
};
use cabinet::profile::{self, Step};
use cabinet::{CabinetError, CodeId, Lang, Origin};
use lending::Kopecks;
use world::{DEMO, World, worlds_of};

const PHONE: &str = "+79001234567";
const PASSWORD: &str = "восемь сосен";

fn lender(access: &str) -> String {
    DEMO.replace("method = \"phone_code\"", access)
}

fn by_password() -> String {
    lender(
        "method = \"phone_password\"\npassword_from = \"registration\"\npassword_twice = true\n\
         restore = [\"sms\", \"email\"]",
    )
}

fn by_email() -> String {
    lender(
        "method = \"email_password\"\npassword_from = \"approval\"\nrestore = [\"sms\", \"email\"]\n\n[onboarding]\nopens = \"approval\"",
    )
}

fn from(device: &str) -> Origin {
    Origin {
        ip: "192.0.2.7".into(),
        user_agent: "test".into(),
        device: Some(format!("a device of these tests {device}")),
    }
}

fn wrong(error: CabinetError) -> Vec<(String, &'static str)> {
    match error {
        CabinetError::Fields(errors) => errors.into_iter().map(|e| (e.field, e.code)).collect(),
        other => vec![(String::new(), other.code())],
    }
}

async fn code(world: &World, sent: CodeId, origin: &Origin) -> Verified {
    let digits = world.last_digits().await;
    access::verify(&world.cab, sent, &digits, origin)
        .await
        .expect("the right code")
}

fn came(verified: Verified) -> Entered {
    match verified {
        Verified::In(entered) => entered,
        other => panic!("{other:?}"),
    }
}

async fn register(world: &World, email: &str, origin: &Origin) -> Verified {
    let typed = Registration {
        phone: PHONE,
        email,
        password: PASSWORD,
        repeat: PASSWORD,
        consent: true,
        answers: &std::collections::BTreeMap::new(),
    };
    let sent = access::register(&world.cab, typed, origin, Lang::Ru, &Solved::default())
        .await
        .expect("a code");
    code(world, sent.code, origin).await
}

async fn sign_in(world: &World, password: &str, origin: &Origin) -> Result<Begun, CabinetError> {
    let none = Solved::default();
    access::by_password(&world.cab, PHONE, password, origin, Lang::Ru, &none).await
}

async fn passport(world: &World, entered: &Entered) {
    let values = [
        ("passport", "4510 123456"),
        ("passport_code", "770-001"),
        ("passport_issuer", "ОВД района Арбат"),
        ("passport_date", "20.06.2015"),
        ("birth_place", "город Москва"),
        ("citizenship", "Россия"),
        ("public_official", "no"),
    ];
    let values = values.map(|(field, text)| (field.to_owned(), text.to_owned()));
    let origin = from("of the owner");
    let amount = Kopecks::from_roubles(10_000);
    access::prove_by_answers(&world.cab, entered.sign_in)
        .await
        .expect("proved");
    // Wrong or not, what was typed is kept.
    let _ = profile::save(
        &world.cab,
        entered.borrower,
        Step::Passport,
        values.into(),
        origin,
        amount,
    )
    .await;
}

async fn standing(world: &World, entered: &Entered) -> Standing {
    access::standing(&world.cab, entered.borrower, entered.sign_in)
        .await
        .expect("a standing")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_with_a_password_and_signing_in_by_it() {
    for world in worlds_of("password", &by_password()).await {
        let home = from("home");
        let bad = Registration {
            phone: "12",
            email: "nobody",
            password: "qwertyui",
            repeat: "qwertyuI",
            consent: false,
            answers: &std::collections::BTreeMap::new(),
        };
        let none = Solved::default();
        let refused = access::register(&world.cab, bad, &home, Lang::Ru, &none).await;
        let refused = wrong(refused.expect_err("five mistakes"));
        assert_eq!(
            refused
                .iter()
                .map(|(f, c)| (f.as_str(), *c))
                .collect::<Vec<_>>(),
            [
                ("phone", "phone"),
                ("email", "email"),
                ("password", "password_common"),
                ("repeat", "password_differs"),
                ("consent", "consent_required")
            ]
        );
        let entered = came(register(&world, "maria@example.ru", &home).await);
        assert!(entered.fresh);
        assert_eq!(standing(&world, &entered).await, Standing::Full);
        assert_eq!(
            world
                .count("consent WHERE kind = 'personal_data' AND given = 1")
                .await,
            1
        );
        // The password is nowhere to be read.
        for row in world
            .rows("SELECT secret FROM way UNION ALL SELECT secret FROM registration")
            .await
        {
            let secret: String = row.try_get("", "secret").expect("a secret");
            assert!(!secret.contains("argon2") && !secret.contains(PASSWORD));
        }
        let again = sign_in(&world, PASSWORD, &home).await.expect("in");
        assert!(
            matches!(again, Begun::In(_)),
            "a known device needs no code"
        );

        world.clock.pass(61);
        let away = from("away");
        let Begun::Code(sent) = sign_in(&world, PASSWORD, &away).await.expect("begun") else {
            panic!("a new device gets a code");
        };
        let entered = came(code(&world, sent.code, &away).await);
        assert_eq!(standing(&world, &entered).await, Standing::Full);
        assert!(matches!(
            sign_in(&world, PASSWORD, &away).await,
            Ok(Begun::In(_))
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_in_use_is_said_to_its_owner_only() {
    for world in worlds_of("in_use", &by_password()).await {
        let owner = came(register(&world, "", &from("home")).await);
        world.clock.pass(61);
        let stranger = register(&world, "", &from("away")).await;
        assert_eq!(stranger, Verified::InUse);
        let sent = world.messages.sent.lock().expect("sent").clone();
        let (_, text) = sent.last().expect("a message");
        assert!(text.contains("уже используется"), "{text}");
        assert_eq!(world.count("borrower").await, 1);
        assert_eq!(
            access::sign_ins(&world.cab, owner.borrower)
                .await
                .expect("a list")
                .len(),
            1
        );
        // The stranger's password opens nothing.
        assert_eq!(world.count("way WHERE kind = 'password'").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_wrong_passwords_a_day_never_lock_the_owner_s_device() {
    for world in worlds_of("guesses", &by_password()).await {
        let home = from("home");
        came(register(&world, "", &home).await);
        let mut asked = 0;
        for n in 0..30_u32 {
            // Each from a network of its own.
            let thief = Origin {
                ip: format!("198.51.100.{n}"),
                ..from("thief")
            };
            let refused = sign_in(&world, &format!("девять сосен {n}"), &thief).await;
            match wrong(refused.expect_err("a wrong password")).remove(0) {
                (field, "login_wrong") if field == "password" => asked += 1,
                (_, "challenge" | "password_day") => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(asked, 3, "then it is asked whether it is a robot");
        assert!(matches!(
            sign_in(&world, PASSWORD, &home).await,
            Ok(Begun::In(_))
        ));
        // Robots that compute are bounded too: the number of a day is counted whoever asks.
        world.clock.pass(3601);
        for hour in 0..6 {
            for n in 0..3 {
                let thief = Origin {
                    ip: format!("203.0.113.{}", hour * 3 + n),
                    ..from("thief")
                };
                let refused = sign_in(&world, "десять сосен", &thief).await;
                if wrong(refused.expect_err("wrong")).remove(0).1 == "login_wrong" {
                    asked += 1;
                }
            }
            world.clock.pass(3601);
        }
        assert_eq!(asked, access::PASSWORD_FAILURES_A_DAY);
        assert!(matches!(
            sign_in(&world, PASSWORD, &home).await,
            Ok(Begun::In(_))
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_device_shows_nothing_until_a_second_proof() {
    for world in worlds_of("proof", DEMO).await {
        let owner = world.entered(PHONE, &from("of the owner")).await;
        assert_eq!(standing(&world, &owner).await, Standing::Full);
        passport(&world, &owner).await;
        assert_eq!(
            standing(&world, &owner).await,
            Standing::Full,
            "who types it knows it"
        );

        world.clock.pass(61);
        let thief = world.entered(PHONE, &from("of a thief")).await;
        assert_eq!(standing(&world, &thief).await, Standing::NeedsProof);
        let prove = async |entered: &Entered, tail| {
            let proof = Proof::Tail(tail);
            access::prove(&world.cab, entered.borrower, entered.sign_in, proof).await
        };
        for (tail, said) in [
            ("12", "tail_format"),
            ("", "required"),
            ("1111", "proof_wrong"),
            ("2222", "proof_wrong"),
            ("3333", "proof_wrong"),
        ] {
            let refused = wrong(prove(&thief, tail).await.expect_err("wrong"));
            assert_eq!(refused, [("tail".to_owned(), said)]);
        }
        // The right one comes too late today.
        let late = prove(&thief, "3456").await.expect_err("too late");
        assert_eq!(late.code(), "proof_day");
        assert_eq!(standing(&world, &thief).await, Standing::NeedsProof);
        let no_password = Proof::Password("восемь сосен");
        let none = access::prove(&world.cab, thief.borrower, thief.sign_in, no_password).await;
        assert_eq!(
            wrong(none.expect_err("there is none")).remove(0).1,
            "password_wrong"
        );

        world.clock.pass(86_400);
        prove(&thief, "34 56").await.expect("the right tail");
        assert_eq!(standing(&world, &thief).await, Standing::Full);
        // The device is known from now on.
        world.clock.pass(61);
        let again = world.entered(PHONE, &from("of a thief")).await;
        assert_eq!(standing(&world, &again).await, Standing::Full);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_confirmed_then_the_password_each_time() {
    let file = lender(
        "method = \"phone_then_password\"\npassword_from = \"registration\"\nrestore = [\"sms\"]",
    );
    for world in worlds_of("then", &file).await {
        let home = from("of the owner");
        // A first code makes the cabinet, and a password is asked for before anything else.
        let first = world.entered(PHONE, &home).await;
        assert_eq!(standing(&world, &first).await, Standing::NeedsPassword);
        access::set_password(
            &world.cab,
            first.borrower,
            first.sign_in,
            "",
            PASSWORD,
            PASSWORD,
        )
        .await
        .expect("a password");
        assert_eq!(standing(&world, &first).await, Standing::Full);
        world.clock.pass(61);
        let second = world.entered(PHONE, &home).await;
        assert_eq!(
            standing(&world, &second).await,
            Standing::NeedsProof,
            "a known device too"
        );
        let proof = Proof::Password(PASSWORD);
        access::prove(&world.cab, second.borrower, second.sign_in, proof)
            .await
            .expect("proved");
        assert_eq!(standing(&world, &second).await, Standing::Full);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_restored_by_sms_and_the_owner_is_told() {
    for world in worlds_of("restore", &by_password()).await {
        let owner = came(register(&world, "", &from("of the owner")).await);
        passport(&world, &owner).await;
        world.clock.pass(61);
        let away = from("away");
        let none = Solved::default();
        let sent = access::restore(&world.cab, PHONE, &away, Lang::Ru, &none).await;
        let sent = sent.expect("restored by SMS").expect("a code");
        let entered = came(code(&world, sent.code, &away).await);
        assert_eq!(
            standing(&world, &entered).await,
            Standing::NeedsProof,
            "a SIM is not enough"
        );
        let proof = Proof::Tail("3456");
        access::prove(&world.cab, entered.borrower, entered.sign_in, proof)
            .await
            .expect("proved");
        assert_eq!(standing(&world, &entered).await, Standing::NeedsPassword);
        let renew = async |password: &str, repeat: &str| {
            let (who, which) = (entered.borrower, entered.sign_in);
            access::set_password(&world.cab, who, which, "", password, repeat).await
        };
        let short = wrong(renew("семь", "семь").await.expect_err("short"));
        assert_eq!(short, [("password".to_owned(), "password_short")]);
        renew("девять сосен", "девять сосен").await.expect("set");
        assert_eq!(standing(&world, &entered).await, Standing::Full);
        assert_eq!(
            standing(&world, &owner).await,
            Standing::Ended,
            "every other sign-in ends"
        );
        world.work().await;
        let told = world.messages.sent.lock().expect("sent").last().cloned();
        assert!(
            told.expect("a message")
                .1
                .contains("пароль личного кабинета изменён")
        );
        let old = sign_in(&world, PASSWORD, &away).await;
        assert_eq!(
            wrong(old.expect_err("the old one")).remove(0).1,
            "login_wrong"
        );
        assert!(matches!(
            sign_in(&world, "девять сосен", &away).await,
            Ok(Begun::In(_))
        ));
        // Once more from inside: the present password is asked for.
        let change = async |current: &str| {
            let (who, which, new) = (entered.borrower, entered.sign_in, "десять сосен");
            access::set_password(&world.cab, who, which, current, new, new).await
        };
        let refused = wrong(change("").await.expect_err("nothing typed"));
        assert_eq!(refused, [("current".to_owned(), "required")]);
        let refused = wrong(change(PASSWORD).await.expect_err("the old one"));
        assert_eq!(refused, [("current".to_owned(), "password_wrong")]);
        change("девять сосен").await.expect("changed");

        // Without a passport there is nothing but the code to ask for, and nothing to protect.
        let young = "+79005550001";
        let typed = Registration {
            phone: young,
            email: "",
            password: PASSWORD,
            repeat: PASSWORD,
            consent: true,
            answers: &std::collections::BTreeMap::new(),
        };
        let sent = access::register(&world.cab, typed, &away, Lang::Ru, &none).await;
        code(&world, sent.expect("a code").code, &away).await;
        world.clock.pass(61);
        let new_device = from("another");
        let sent = access::restore(&world.cab, young, &new_device, Lang::Ru, &none).await;
        let sent = sent.expect("restored by SMS").expect("a code");
        let entered = came(code(&world, sent.code, &new_device).await);
        assert_eq!(standing(&world, &entered).await, Standing::NeedsPassword);

        // A number without a cabinet gets a code as well, and hears of it after the code.
        let nobody = access::restore(&world.cab, "+79007654321", &away, Lang::Ru, &none).await;
        let nobody = nobody.expect("the same answer").expect("a code");
        assert_eq!(code(&world, nobody.code, &away).await, Verified::NoCabinet);
    }
}

fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("token=").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_confirms_an_address_and_restores_a_password() {
    for world in worlds_of("letter", &by_password()).await {
        let owner = came(register(&world, "Maria@example.ru", &from("of the owner")).await);
        passport(&world, &owner).await;
        world.work().await;
        let letters = || world.messages.sent.lock().expect("sent").clone();
        let link = token_in(&letters().last().expect("a letter").1);
        let ways = access::ways(&world.cab, owner.borrower)
            .await
            .expect("ways");
        let email = ways
            .iter()
            .find(|way| way.kind == WayKind::Email)
            .expect("an address");
        assert!(!email.confirmed);
        access::confirm_email(&world.cab, &link)
            .await
            .expect("confirmed");
        assert!(
            access::confirm_email(&world.cab, &link).await.is_err(),
            "a link works once"
        );

        let (away, none) = (from("away"), Solved::default());
        let asked = access::restore(&world.cab, "maria@EXAMPLE.ru", &away, Lang::Ru, &none).await;
        assert_eq!(asked.expect("a letter"), None);
        world.work().await;
        let link = token_in(&letters().last().expect("a letter").1);
        let state = access::link_state(&world.cab, &link)
            .await
            .expect("it works");
        assert!(
            state.tail,
            "a mail box alone is not enough where the passport is known"
        );
        let new = "девять сосен";
        let guessed = access::use_link(&world.cab, &link, "0000", new, new).await;
        assert_eq!(
            wrong(guessed.expect_err("wrong")).remove(0).1,
            "proof_wrong"
        );
        access::use_link(&world.cab, &link, "3456", new, new)
            .await
            .expect("set");
        assert_eq!(standing(&world, &owner).await, Standing::Ended);
        assert!(
            access::use_link(&world.cab, &link, "3456", new, new)
                .await
                .is_err()
        );
        world.work().await;
        let told = letters();
        assert!(
            told.iter()
                .any(|(to, text)| to == "79001234567" && text.contains("изменён"))
        );
        assert!(
            told.iter()
                .any(|(to, text)| to.contains('@') && text.contains("изменён"))
        );

        // An address that nobody has gets a letter too, without a link.
        let asked = access::restore(&world.cab, "other@example.ru", &away, Lang::Ru, &none).await;
        assert_eq!(asked.expect("the same answer"), None);
        world.work().await;
        assert!(!letters().last().expect("a letter").1.contains("token="));
        // A link lives half an hour.
        let asked = access::restore(&world.cab, "maria@example.ru", &away, Lang::Ru, &none).await;
        asked.expect("a letter");
        world.work().await;
        let link = token_in(&letters().last().expect("a letter").1);
        world.clock.pass(1801);
        assert!(matches!(
            access::link_state(&world.cab, &link).await,
            Err(CabinetError::NotFound)
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_of_an_approval_is_changed_at_its_first_use() {
    for world in worlds_of("approval", &by_email()).await {
        let home = from("of the owner");
        let owner = world.entered(PHONE, &home).await;
        assert_eq!(
            standing(&world, &owner).await,
            Standing::Full,
            "no password is asked for yet"
        );
        access::first_password(&world.cab, owner.borrower)
            .await
            .expect("made");
        access::first_password(&world.cab, owner.borrower)
            .await
            .expect("once");
        world.work().await;
        let sent = world.messages.sent.lock().expect("sent").clone();
        let texts: Vec<_> = sent
            .iter()
            .filter(|(_, text)| text.contains("Пароль"))
            .collect();
        assert_eq!(texts.len(), 1);
        let (_, rest) = texts[0].1.split_once("входа ").expect("a password");
        let password: String = rest
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        assert_eq!(password.len(), 10);
        // On a new device the code is followed by the password, which is changed at once.
        world.clock.pass(61);
        let away = world.entered(PHONE, &from("away")).await;
        assert_eq!(standing(&world, &away).await, Standing::NeedsProof);
        let proof = Proof::Password(&password);
        access::prove(&world.cab, away.borrower, away.sign_in, proof)
            .await
            .expect("proved");
        assert_eq!(standing(&world, &away).await, Standing::NeedsPassword);
        let renew = async |new: &str| {
            let (who, which) = (away.borrower, away.sign_in);
            access::set_password(&world.cab, who, which, "", new, new).await
        };
        let same = wrong(renew(&password).await.expect_err("the same"));
        assert_eq!(same, [("password".to_owned(), "password_same")]);
        renew(PASSWORD).await.expect("set");
        assert_eq!(standing(&world, &away).await, Standing::Full);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_are_listed_and_ended_one_by_one_or_all() {
    for world in worlds_of("visits", DEMO).await {
        let mut all = Vec::new();
        for device in ["of the owner", "two", "three"] {
            all.push(world.entered(PHONE, &from(device)).await);
            world.clock.pass(61);
        }
        let [own, second, third] = all.as_slice() else {
            panic!("three")
        };
        let listed = access::sign_ins(&world.cab, own.borrower)
            .await
            .expect("a list");
        assert_eq!(
            listed.iter().map(|s| s.id).collect::<Vec<_>>(),
            [third.sign_in, second.sign_in, own.sign_in]
        );
        assert!(
            listed
                .iter()
                .all(|s| s.agent == "test" && s.place.is_none())
        );
        // Of another person there is nothing to end.
        let other = world.entered("+79007654321", &from("other")).await;
        let foreign = access::end_sign_in(&world.cab, other.borrower, own.sign_in).await;
        assert!(matches!(foreign, Err(CabinetError::NotFound)));
        assert_eq!(standing(&world, own).await, Standing::Full);
        access::end_sign_in(&world.cab, own.borrower, second.sign_in)
            .await
            .expect("ended");
        assert_eq!(standing(&world, second).await, Standing::Ended);
        access::end_others(&world.cab, own.borrower, own.sign_in)
            .await
            .expect("ended");
        assert_eq!(standing(&world, third).await, Standing::Ended);
        assert_eq!(standing(&world, own).await, Standing::Full);
        assert_eq!(standing(&world, &other).await, Standing::Full);
        assert_eq!(world.count("device WHERE trusted_at IS NOT NULL").await, 2);
        // Use is noted once in ten minutes.
        world.clock.pass(601);
        standing(&world, own).await;
        let listed = access::sign_ins(&world.cab, own.borrower)
            .await
            .expect("a list");
        assert_eq!(listed[0].used_at, world.cab.now());
        access::leave(&world.cab, own.borrower, own.sign_in)
            .await
            .expect("left");
        assert_eq!(standing(&world, own).await, Standing::Ended);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signed_in_for_long_confirms_by_a_code_or_the_password() {
    for world in worlds_of("confirm", DEMO).await {
        let own = world.entered(PHONE, &from("of the owner")).await;
        world.clock.pass(61);
        let sent = access::ask_confirmation(&world.cab, own.borrower, Lang::Ru)
            .await
            .expect("a code");
        let digits = world.last_digits().await;
        // It opens no door: it confirms somebody who is inside.
        let door = access::verify(&world.cab, sent.code, &digits, &from("of a thief")).await;
        assert!(matches!(door, Err(CabinetError::NotFound)));
        let confirm = async |who, typed: &str| {
            access::confirm(&world.cab, who, Some(sent.code), Proof::Tail(typed)).await
        };
        let other = world.entered("+79007654321", &from("other")).await;
        assert!(matches!(
            confirm(other.borrower, &digits).await,
            Err(CabinetError::NotFound)
        ));
        let bad = if digits == "000000" {
            "000001"
        } else {
            "000000"
        };
        assert_eq!(
            wrong(confirm(own.borrower, bad).await.expect_err("wrong"))
                .remove(0)
                .1,
            "code_wrong"
        );
        confirm(own.borrower, &digits).await.expect("confirmed");
        assert!(confirm(own.borrower, &digits).await.is_err(), "once");
    }
}

fn addressees(said: &[(String, String)]) -> Vec<&str> {
    let mut to: Vec<&str> = said.iter().map(|(to, _)| to.as_str()).collect();
    to.sort_unstable();
    to
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_password_is_told_to_every_contact() {
    for world in worlds_of("password_gone", &by_email()).await {
        let own = world.entered(PHONE, &from("of the owner")).await;
        work_page(&world, &own, "maria@example.ru").await;
        access::first_password(&world.cab, own.borrower)
            .await
            .expect("a password");
        world.work().await;
        let told = || world.messages.sent.lock().expect("sent").clone();
        let before = told().len();
        let ways = access::ways(&world.cab, own.borrower).await.expect("ways");
        let password = ways.iter().find(|way| way.kind == WayKind::Password);
        let id = &password.expect("a password").id;
        access::remove_way(&world.cab, own.borrower, id)
            .await
            .expect("the code opens the cabinet still");
        world.work().await;
        let said = told().split_off(before);
        assert_eq!(addressees(&said), ["79001234567", "maria@example.ru"]);
        assert!(
            said.iter()
                .all(|(_, text)| text.contains("по паролю отключён"))
        );
    }
}

async fn work_page(world: &World, owner: &Entered, email: &str) {
    let values = [
        ("employer", "ООО «Ромашка»"),
        ("income", "80 000"),
        ("expenses", "30 000"),
        ("email", email),
    ];
    let values = values.map(|(field, text)| (field.to_owned(), text.to_owned()));
    let (origin, amount) = (from("of the owner"), Kopecks::from_roubles(10_000));
    profile::save(
        &world.cab,
        owner.borrower,
        Step::Work,
        values.into(),
        origin,
        amount,
    )
    .await
    .expect("a right page");
}

async fn addresses(world: &World, owner: &Entered) -> Vec<(String, bool)> {
    let ways = access::ways(&world.cab, owner.borrower)
        .await
        .expect("ways");
    let emails = ways.into_iter().filter(|way| way.kind == WayKind::Email);
    emails.map(|way| (way.subject, way.confirmed)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_counts_after_the_click_only_and_the_old_one_hears_of_it() {
    for world in worlds_of("other_address", DEMO).await {
        let cab = &world.cab;
        let owner = world.entered(PHONE, &from("of the owner")).await;
        let told = || world.messages.sent.lock().expect("sent").clone();
        let is_other = async |typed: &str| {
            access::is_other_email(cab, owner.borrower, typed, false)
                .await
                .expect("an answer")
        };
        assert!(
            !is_other("first@example.ru").await,
            "the first is nobody's change"
        );
        work_page(&world, &owner, "first@example.ru").await;
        world.work().await;
        let (to, letter) = told().pop().expect("a letter");
        assert_eq!(to, "first@example.ru");
        let first = token_in(&letter);
        // The same page again, whatever the letters' case: no second letter.
        let before = told().len();
        work_page(&world, &owner, "First@example.ru").await;
        world.work().await;
        assert_eq!(told().len(), before);
        access::confirm_email(cab, &first).await.expect("confirmed");
        world.work().await;
        assert_eq!(
            told().len(),
            before,
            "nobody is told of their first address"
        );
        assert!(is_other("second@example.ru").await);
        assert!(!is_other("FIRST@example.ru").await);

        work_page(&world, &owner, "slip@example.ru").await;
        world.work().await;
        let slip = token_in(&told().pop().expect("a letter").1);
        work_page(&world, &owner, "second@example.ru").await;
        world.work().await;
        let second = token_in(&told().pop().expect("a letter").1);
        let (one, two) = (
            "first@example.ru".to_owned(),
            "second@example.ru".to_owned(),
        );
        assert_eq!(
            addresses(&world, &owner).await,
            [(one, true), (two.clone(), false)]
        );
        let late = access::confirm_email(cab, &slip).await;
        assert!(
            matches!(late, Err(CabinetError::NotFound)),
            "a link confirms its own address"
        );

        let before = told().len();
        access::confirm_email(cab, &second)
            .await
            .expect("confirmed");
        world.work().await;
        assert_eq!(addresses(&world, &owner).await, [(two, true)]);
        let said = told().split_off(before);
        assert_eq!(addressees(&said), ["79001234567", "first@example.ru"]);
        assert!(
            said.iter()
                .all(|(_, text)| text.contains("адрес почты в кабинете изменён"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_types_the_address_or_agrees_a_second_time() {
    for world in worlds_of("once", &by_password()).await {
        let cab = &world.cab;
        let owner = came(register(&world, "maria@example.ru", &from("of the owner")).await);
        let amount = Kopecks::from_roubles(10_000);
        let view = profile::load(cab, owner.borrower, amount)
            .await
            .expect("a view");
        assert_eq!(
            view.values.get("email").map(String::as_str),
            Some("maria@example.ru")
        );
        let left_out = async |lang| {
            profile::left_out(cab, owner.borrower, Step::Consents, lang)
                .await
                .expect("an answer")
        };
        assert_eq!(left_out(Lang::Ru).await, Some("consent_personal_data"));
        assert_eq!(left_out(Lang::En).await, None, "that text was not read");
        let save = async |step, pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            let values = pairs.map(|(field, text)| ((*field).to_owned(), (*text).to_owned()));
            let origin = from("of the owner");
            profile::save(cab, owner.borrower, step, values.collect(), origin, amount).await
        };
        save(Step::Agreement, &[("agreement_esign", "on")])
            .await
            .expect("agreed");
        save(Step::Consents, &[("consent_bureau", "on")])
            .await
            .expect("the other box was ticked at registration");
        let given = world.count("consent WHERE kind = 'personal_data'").await;
        assert_eq!(
            given, 1,
            "the consent of the registration stands, and no second one"
        );
        let revoked = cabinet::document::LegalKind::PersonalData;
        profile::revoke(cab, owner.borrower, revoked, from("of the owner"), Lang::Ru)
            .await
            .expect("taken back");
        assert_eq!(left_out(Lang::Ru).await, None);
        let missing = save(Step::Consents, &[("consent_bureau", "on")]).await;
        let missing = wrong(missing.expect_err("it is asked for again"));
        assert_eq!(
            missing,
            [("consent_personal_data".to_owned(), "consent_required")]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_is_sent_again_a_few_times_a_day_and_no_more() {
    for world in worlds_of("again", DEMO).await {
        let cab = &world.cab;
        let owner = world.entered(PHONE, &from("of the owner")).await;
        let none = access::email_again(cab, owner.borrower, Lang::Ru).await;
        assert!(matches!(none, Err(CabinetError::NotFound)));
        work_page(&world, &owner, "maria@example.ru").await;
        for _ in 1..access::EMAIL_LETTERS_A_DAY {
            access::email_again(cab, owner.borrower, Lang::Ru)
                .await
                .expect("sent");
        }
        let more = access::email_again(cab, owner.borrower, Lang::Ru).await;
        assert_eq!(more.expect_err("too many").code(), "email_letters");
        // Typing other addresses is no way around; what was typed is kept, and waits.
        work_page(&world, &owner, "other@example.ru").await;
        world.work().await;
        let told = world.messages.sent.lock().expect("sent").clone();
        let letters = told.iter().filter(|(to, _)| to.contains('@')).count();
        assert_eq!(letters, access::EMAIL_LETTERS_A_DAY as usize);
        let waits = ("other@example.ru".to_owned(), false);
        assert_eq!(addresses(&world, &owner).await, [waits]);
        world.clock.pass(86_401);
        access::email_again(cab, owner.borrower, Lang::Ru)
            .await
            .expect("sent");
        world.work().await;
        let (to, letter) = world
            .messages
            .sent
            .lock()
            .expect("sent")
            .pop()
            .expect("one");
        assert_eq!(to, "other@example.ru");
        access::confirm_email(cab, &token_in(&letter))
            .await
            .expect("confirmed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_way_in_can_t_be_removed() {
    for world in worlds_of("last", &by_password()).await {
        let own = came(register(&world, "maria@example.ru", &from("of the owner")).await);
        let ways = access::ways(&world.cab, own.borrower).await.expect("ways");
        let of = |kind| {
            ways.iter()
                .find(|way| way.kind == kind)
                .expect("a way")
                .id
                .clone()
        };
        let last = access::remove_way(&world.cab, own.borrower, &of(WayKind::Password)).await;
        assert!(matches!(last, Err(CabinetError::Conflict("last_way"))));
        world.work().await;
        let told = || world.messages.sent.lock().expect("sent").clone();
        let before = told().len();
        access::remove_way(&world.cab, own.borrower, &of(WayKind::Email))
            .await
            .expect("removed");
        world.work().await;
        let said = told().split_off(before);
        assert_eq!(addressees(&said), ["79001234567", "maria@example.ru"]);
        assert!(
            said.iter()
                .all(|(_, text)| text.contains("адрес почты удалён"))
        );
        let gone = access::remove_way(&world.cab, own.borrower, &of(WayKind::Email)).await;
        assert!(matches!(gone, Err(CabinetError::NotFound)));
    }
}
