//! Passkeys against an authenticator in software: adding, signing in, proving, confirming, and what is
//! refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use cabinet::access::{self, Ceremony, Standing, WayKind};
use cabinet::{CabinetError, Origin};
use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use passkey::types::{Passkey, webauthn};
use world::{World, worlds};

const OWN: &str = "https://cabinet.example";
const PHONE: &str = "+79001234567";

/// A person who touches the key and shows their finger.
struct Willing;

#[async_trait::async_trait]
impl UserValidationMethod for Willing {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        _: bool,
        _: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck {
            presence: true,
            verification: true,
        })
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }
}

/// A device with a browser and room for one key, whose counter goes up.
#[derive(Clone, Default)]
struct Device(Option<Passkey>);

fn options(ceremony: &Ceremony) -> serde_json::Value {
    serde_json::from_str(&ceremony.options).expect("options")
}

impl Device {
    async fn make(&mut self, at: &str, options: serde_json::Value) -> String {
        let mut keeper = Authenticator::new(Aaguid::new_empty(), None, Willing, RustCryptoBackend);
        keeper.set_make_credentials_with_signature_counter(true);
        let mut client = Client::new(keeper);
        let request: CredentialCreationOptions = serde_json::from_value(options).expect("request");
        let origin = at.parse::<webauthn_rs::prelude::Url>().expect("an origin");
        let made: webauthn::CreatedPublicKeyCredential = client
            .register(&origin, request, DefaultClientData)
            .await
            .expect("a passkey");
        self.0.clone_from(client.authenticator().store());
        serde_json::to_string(&made).expect("a credential")
    }

    async fn answer(&mut self, at: &str, ceremony: &Ceremony) -> String {
        let keeper = Authenticator::new(
            Aaguid::new_empty(),
            self.0.clone(),
            Willing,
            RustCryptoBackend,
        );
        let mut client = Client::new(keeper);
        let asked: CredentialRequestOptions =
            serde_json::from_value(options(ceremony)).expect("request");
        let origin = at.parse::<webauthn_rs::prelude::Url>().expect("an origin");
        let answer = client
            .authenticate(&origin, asked, DefaultClientData)
            .await
            .expect("an assertion");
        self.0.clone_from(client.authenticator().store());
        serde_json::to_string(&answer).expect("a credential")
    }
}

fn from(device: &str) -> Origin {
    Origin {
        ip: "192.0.2.7".into(),
        user_agent: "test".into(),
        device: Some(format!("a device of these tests {device}")),
    }
}

/// Somebody with a cabinet and a passkey.
async fn keyed(world: &World) -> (access::Entered, Device) {
    let entered = world.entered(PHONE, &from("home")).await;
    let ceremony = access::passkey_new(&world.cab, entered.borrower)
        .await
        .expect("a ceremony");
    let mut device = Device::default();
    let made = device.make(OWN, options(&ceremony)).await;
    access::passkey_add(
        &world.cab,
        entered.borrower,
        &ceremony.token,
        &made,
        " Мой  телефон ",
    )
    .await
    .expect("added");
    (entered, device)
}

fn code<T: std::fmt::Debug>(result: Result<T, CabinetError>) -> &'static str {
    result.expect_err("a refusal").code()
}

async fn told(world: &World, what: &str) -> bool {
    world.work().await;
    let sent = world.messages.sent.lock().expect("sent");
    sent.iter().any(|(_, text)| text.contains(what))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_added_named_listed_used_and_removed() {
    for world in worlds("passkey").await {
        let (owner, mut device) = keyed(&world).await;
        let cab = &world.cab;
        assert!(told(&world, "добавлен ключ входа").await);
        let ways = access::ways(cab, owner.borrower).await.expect("ways");
        assert_eq!(ways.len(), 1);
        assert_eq!(
            (ways[0].kind, &*ways[0].subject),
            (WayKind::Passkey, "Мой телефон")
        );
        // What is stored opens nothing and says nothing.
        for row in world
            .rows("SELECT subject, secret, subject_index FROM way")
            .await
        {
            for column in ["subject", "secret", "subject_index"] {
                let text: String = row.try_get("", column).expect("a column");
                assert!(
                    !text.contains("телефон") && !text.contains("cred"),
                    "{text}"
                );
            }
        }
        // A new device: neither a code nor another proof.
        let ceremony = access::passkey_asked(cab).expect("a ceremony");
        assert_eq!(
            world.count("spent_challenge").await,
            1,
            "asking stores nothing"
        );
        let answer = device.answer(OWN, &ceremony).await;
        let away = from("away");
        let entered = access::passkey_sign_in(cab, &ceremony.token, &answer, &away)
            .await
            .expect("in");
        assert_eq!(entered.borrower, owner.borrower);
        let standing = access::standing(cab, entered.borrower, entered.sign_in).await;
        assert_eq!(standing.expect("a standing"), Standing::Full);

        access::passkey_rename(cab, owner.borrower, &ways[0].id, "Синий ключ")
            .await
            .expect("renamed");
        let stranger = world.borrower("+79007654321").await;
        let id = &ways[0].id;
        assert_eq!(
            code(access::passkey_rename(cab, stranger, id, "Мой").await),
            "not_found"
        );
        assert_eq!(
            code(access::remove_way(cab, stranger, id).await),
            "not_found"
        );
        let renamed = access::ways(cab, owner.borrower).await.expect("ways");
        assert_eq!(renamed[0].subject, "Синий ключ");
        access::remove_way(cab, owner.borrower, id)
            .await
            .expect("removed");
        assert!(told(&world, "ключ входа удалён").await);
        let ceremony = access::passkey_asked(cab).expect("a ceremony");
        let answer = device.answer(OWN, &ceremony).await;
        let gone = access::passkey_sign_in(cab, &ceremony.token, &answer, &away).await;
        assert_eq!(code(gone), "passkey_unknown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_once_in_time_and_for_what_it_was_asked() {
    for world in worlds("passkey_replay").await {
        let (owner, mut device) = keyed(&world).await;
        let (cab, away) = (&world.cab, from("away"));
        let ceremony = access::passkey_asked(cab).expect("a ceremony");
        let answer = device.answer(OWN, &ceremony).await;
        access::passkey_sign_in(cab, &ceremony.token, &answer, &away)
            .await
            .expect("in");
        let again = access::passkey_sign_in(cab, &ceremony.token, &answer, &away).await;
        assert_eq!(code(again), "passkey_late");
        // The old answer under a new challenge.
        let other = access::passkey_asked(cab).expect("a ceremony");
        let mixed = access::passkey_sign_in(cab, &other.token, &answer, &away).await;
        assert_eq!(code(mixed), "passkey_wrong");
        // A token of another ceremony, a token of nobody's.
        let adding = access::passkey_new(cab, owner.borrower)
            .await
            .expect("a ceremony");
        let foreign = access::passkey_sign_in(cab, &adding.token, &answer, &away).await;
        assert_eq!(code(foreign), "passkey_late");
        assert_eq!(
            code(access::passkey_sign_in(cab, "k1:a.b", &answer, &away).await),
            "passkey_late"
        );
        // Too late.
        let ceremony = access::passkey_asked(cab).expect("a ceremony");
        let answer = device.answer(OWN, &ceremony).await;
        world.clock.pass(301);
        let late = access::passkey_sign_in(cab, &ceremony.token, &answer, &away).await;
        assert_eq!(code(late), "passkey_late");
        assert_eq!(
            access::passkey_sign_in(cab, "", "{}", &away)
                .await
                .expect_err("no")
                .code(),
            "passkey_late"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_key_is_noticed_by_its_counter_and_told_to_the_owner() {
    for world in worlds("passkey_copy").await {
        let (_, mut device) = keyed(&world).await;
        let (cab, away) = (&world.cab, from("away"));
        let mut copy = device.clone();
        for _ in 0..2 {
            let ceremony = access::passkey_asked(cab).expect("a ceremony");
            let answer = device.answer(OWN, &ceremony).await;
            access::passkey_sign_in(cab, &ceremony.token, &answer, &away)
                .await
                .expect("in");
        }
        let ceremony = access::passkey_asked(cab).expect("a ceremony");
        let answer = copy.answer(OWN, &ceremony).await;
        let refused = access::passkey_sign_in(cab, &ceremony.token, &answer, &away).await;
        assert_eq!(code(refused), "passkey_copied");
        assert!(told(&world, "похоже, есть его копия").await);
        assert_eq!(world.count("sign_in").await, 3);
        assert_eq!(
            world
                .count("limit_counter WHERE kind = 'failures_total_hour'")
                .await,
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_can_neither_make_nor_use_a_key_of_ours() {
    for world in worlds("passkey_site").await {
        let (owner, mut device) = keyed(&world).await;
        let (cab, away) = (&world.cab, from("away"));
        // A look-alike has its own name: the key it makes for our challenge is refused.
        let ceremony = access::passkey_new(cab, owner.borrower)
            .await
            .expect("a ceremony");
        let mut asked = options(&ceremony);
        asked["publicKey"]["rp"]["id"] = "evil.example".into();
        asked["publicKey"]["excludeCredentials"] = serde_json::json!([]);
        let made = Device::default().make("https://evil.example", asked).await;
        let added = access::passkey_add(cab, owner.borrower, &ceremony.token, &made, "Чужой").await;
        assert_eq!(code(added), "passkey_wrong");
        // A subdomain may ask browsers for our keys; we don't take its answers.
        let ceremony = access::passkey_asked(cab).expect("a ceremony");
        let answer = device
            .answer("https://old.cabinet.example", &ceremony)
            .await;
        let refused = access::passkey_sign_in(cab, &ceremony.token, &answer, &away).await;
        assert_eq!(code(refused), "passkey_wrong");
        // Somebody else's ceremony adds nothing here.
        let stranger = world.borrower("+79007654321").await;
        let ceremony = access::passkey_new(cab, owner.borrower)
            .await
            .expect("a ceremony");
        let mut asked = options(&ceremony);
        asked["publicKey"]["excludeCredentials"] = serde_json::json!([]);
        let made = Device::default().make(OWN, asked).await;
        let added = access::passkey_add(cab, stranger, &ceremony.token, &made, "Чужой").await;
        assert_eq!(code(added), "passkey_late");
        assert_eq!(world.count("way WHERE kind = 'passkey'").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_proves_and_confirms_only_its_owner() {
    for world in worlds("passkey_proof").await {
        let (owner, mut device) = keyed(&world).await;
        let cab = &world.cab;
        assert!(
            access::proofs(cab, owner.borrower)
                .await
                .expect("proofs")
                .passkey
        );
        world.clock.pass(61);
        let thief = world.entered(PHONE, &from("thief")).await;
        world.clock.pass(61);
        let stranger = world.entered("+79007654321", &from("stranger")).await;
        let origin = from("away");
        let ceremony = access::passkey_asked(cab).expect("a ceremony");
        let answer = device.answer(OWN, &ceremony).await;
        let who = (stranger.borrower, stranger.sign_in);
        let refused = access::passkey_prove(cab, who, &ceremony.token, &answer, &origin).await;
        assert_eq!(code(refused), "passkey_unknown");
        let ceremony = access::passkey_asked(cab).expect("a ceremony");
        let answer = device.answer(OWN, &ceremony).await;
        let who = (thief.borrower, thief.sign_in);
        access::passkey_prove(cab, who, &ceremony.token, &answer, &origin)
            .await
            .expect("proved");
        let proved = "sign_in WHERE proved_at IS NOT NULL";
        assert_eq!(world.count(proved).await, 3);
        let ceremony = access::passkey_asked(cab).expect("a ceremony");
        let answer = device.answer(OWN, &ceremony).await;
        access::passkey_confirm(cab, owner.borrower, &ceremony.token, &answer, &origin)
            .await
            .expect("confirmed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_short_and_keys_are_few() {
    for world in worlds("passkey_names").await {
        let (owner, _) = keyed(&world).await;
        let cab = &world.cab;
        let long = "я".repeat(41);
        for (name, expected) in [("  ", "required"), (&*long, "passkey_name")] {
            let refused = access::passkey_add(cab, owner.borrower, "", "", name).await;
            let Err(CabinetError::Fields(errors)) = refused else {
                panic!("{refused:?}");
            };
            assert_eq!(errors[0].code, expected);
        }
        for n in 0..9 {
            let ceremony = access::passkey_new(cab, owner.borrower)
                .await
                .expect("a ceremony");
            let mut asked = options(&ceremony);
            asked["publicKey"]["excludeCredentials"] = serde_json::json!([]);
            let made = Device::default().make(OWN, asked).await;
            let name = format!("Ключ {n}");
            access::passkey_add(cab, owner.borrower, &ceremony.token, &made, &name)
                .await
                .expect("added");
        }
        assert_eq!(
            code(access::passkey_new(cab, owner.borrower).await),
            "passkeys_many"
        );
    }
}
