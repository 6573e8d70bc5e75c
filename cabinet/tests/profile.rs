//! The questionnaire, on SQLite and, when there is one, on Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use std::collections::BTreeMap;

use cabinet::application::{self, Choice};
use cabinet::document::{self, LegalKind};
use cabinet::profile::{self, Step};
use cabinet::{BorrowerId, CabinetError, Lang, access};
use lending::Kopecks;
use world::{DEMO, World, worlds, worlds_of};

const SMALL: Kopecks = Kopecks::from_roubles(15_000);
const LARGE: Kopecks = Kopecks::from_roubles(15_500);

const ANSWERS: &[(Step, &[(&str, &str)])] = &[
    (Step::Agreement, &[("agreement_esign", "on")]),
    (
        Step::Person,
        &[
            ("last_name", "Иванова"),
            ("first_name", "Мария"),
            ("middle_name", "Петровна"),
            ("birth_date", "12.05.1990"),
            ("sex", "female"),
        ],
    ),
    (
        Step::Passport,
        &[
            ("passport", "4510 123456"),
            ("passport_code", "770001"),
            ("passport_issuer", "ОВД района Арбат г. Москвы"),
            ("passport_date", "20.06.2010"),
            ("birth_place", "г. Москва"),
            ("citizenship", "Россия"),
            ("inn", "500100732259"),
            ("public_official", "no"),
        ],
    ),
    (
        Step::Address,
        &[
            ("region", "77"),
            ("city", "Москва"),
            ("street", "ул. Арбат"),
            ("house", "1"),
            ("flat", "2"),
        ],
    ),
    (
        Step::Work,
        &[
            ("employer", "ООО «Ромашка»"),
            ("income", "60 000"),
            ("expenses", "20 000"),
            ("email", ""),
        ],
    ),
    (
        Step::Consents,
        &[("consent_personal_data", "on"), ("consent_bureau", "on")],
    ),
];

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

async fn save(
    world: &World,
    who: BorrowerId,
    step: Step,
    pairs: &[(&str, &str)],
    amount: Kopecks,
) -> Result<Option<Step>, CabinetError> {
    profile::save(&world.cab, who, step, values(pairs), world.origin(), amount).await
}

#[tokio::test(flavor = "multi_thread")]
async fn page_by_page_to_a_finished_person() {
    for world in worlds("pages").await {
        let who = world.borrower("9001234567").await;
        let early = profile::complete(&world.cab, who, LARGE)
            .await
            .err()
            .expect("refused");
        assert_eq!(early.code(), "profile_incomplete");
        let mut next = Some(Step::Agreement);
        for (step, pairs) in ANSWERS {
            assert_eq!(next, Some(*step));
            next = save(&world, who, *step, pairs, LARGE).await.expect("right");
        }
        assert_eq!(next, None);
        let person = profile::complete(&world.cab, who, LARGE)
            .await
            .expect("whole");
        assert_eq!(person.full_name(), "Иванова Мария Петровна");
        assert_eq!(
            person.address_line().as_deref(),
            Some("Москва, ул. Арбат, д. 1, кв. 2")
        );
        assert_eq!(
            (person.region.as_str(), person.income),
            ("77", Kopecks::from_roubles(60_000))
        );
        let kinds: Vec<LegalKind> = person.consents.iter().map(|consent| consent.kind).collect();
        assert_eq!(
            kinds,
            [
                LegalKind::Bureau,
                LegalKind::EsignAgreement,
                LegalKind::PersonalData
            ]
        );
        let text = document::legal(&world.cab, LegalKind::Bureau, Lang::Ru);
        assert_eq!(
            person.consents.first().map(|consent| &consent.hash),
            Some(&text.hash)
        );
        let view = cabinet::access::borrower(&world.cab, who)
            .await
            .expect("a borrower");
        assert_eq!(view.name.as_deref(), Some("Мария Петровна"));
        // Nothing of the person lies readable in the table.
        for row in world.rows("SELECT body FROM answer").await {
            let body: String = row.try_get("", "body").expect("a body");
            assert!(body.starts_with("k1:") && !body.contains("4510"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_stays_even_when_wrong() {
    for world in worlds("kept").await {
        let who = world.borrower("9001234567").await;
        let typed = [
            ("last_name", "Ivanova"),
            ("first_name", "Мария"),
            ("strange", "x"),
        ];
        let Err(CabinetError::Fields(errors)) =
            save(&world, who, Step::Person, &typed, SMALL).await
        else {
            panic!("a wrong page passed");
        };
        let again = profile::problems(&world.cab, who, Step::Person, SMALL)
            .await
            .expect("checked");
        assert_eq!(errors, again);
        assert_eq!(errors.first().map(|error| error.code), Some("name_letters"));
        for error in &errors {
            assert!(!error.text(Lang::Ru).starts_with("field-") && error.text(Lang::En).is_ascii());
        }
        let view = profile::load(&world.cab, who, SMALL).await.expect("loaded");
        assert_eq!(
            view.values.get("last_name").map(String::as_str),
            Some("Ivanova")
        );
        assert!(!view.values.contains_key("strange"));
        assert!(!view.full && view.steps.iter().all(|(step, _)| *step != Step::Address));
        let untouched = profile::problems(&world.cab, who, Step::Work, SMALL).await;
        assert_eq!(untouched.expect("checked"), vec![]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_larger_amount_asks_for_more() {
    for world in worlds("larger").await {
        let who = world.borrower("9001234567").await;
        for (step, pairs) in ANSWERS.iter().filter(|(step, _)| *step != Step::Address) {
            save(&world, who, *step, pairs, SMALL).await.expect("right");
        }
        let person = profile::complete(&world.cab, who, SMALL)
            .await
            .expect("whole");
        assert!(person.address.is_none() && person.region.is_empty());
        let view = profile::load(&world.cab, who, LARGE).await.expect("loaded");
        assert_eq!((view.full, view.next), (true, Some(Step::Address)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn consents_are_only_added() {
    for world in worlds("consents").await {
        let who = world.borrower("9001234567").await;
        let needed = [("consent_personal_data", "on"), ("consent_bureau", "on")];
        let with = [&needed[..], &[("consent_marketing", "on")]].concat();
        let early = save(&world, who, Step::Consents, &with, SMALL).await;
        assert!(matches!(
            early,
            Err(CabinetError::Conflict("agreement_first"))
        ));
        assert_eq!(
            world.count("consent").await,
            0,
            "nothing is signed by a tick alone"
        );
        save(
            &world,
            who,
            Step::Agreement,
            &[("agreement_esign", "on")],
            SMALL,
        )
        .await
        .expect("right");
        save(&world, who, Step::Consents, &with, SMALL)
            .await
            .expect("right");
        save(&world, who, Step::Consents, &with, SMALL)
            .await
            .expect("right");
        assert_eq!(
            world.count("consent").await,
            4,
            "the same boxes again add nothing"
        );
        world.clock.pass(60);
        save(&world, who, Step::Consents, &needed, SMALL)
            .await
            .expect("right");
        assert_eq!(
            world.count("consent").await,
            5,
            "taking a consent back is a row"
        );
        let consents = profile::consents(&world.cab, who).await.expect("consents");
        assert!(
            consents
                .iter()
                .all(|consent| consent.kind != LegalKind::Marketing)
        );
        assert!(
            world.sql("DELETE FROM consent").await.is_err(),
            "proof can't be removed"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_legal_text_is_a_text_in_both_languages() {
    let world = worlds("legal").await.remove(0);
    for kind in LegalKind::ALL {
        let (ru, en) = (
            document::legal(&world.cab, kind, Lang::Ru),
            document::legal(&world.cab, kind, Lang::En),
        );
        assert_eq!(ru.body.len(), en.body.len());
        assert!(ru.body.len() >= 5 && ru.version == "2026-11-01" && ru.hash != en.hash);
        for line in ru.body.iter().chain(&en.body).chain([&ru.title, &en.title]) {
            assert!(
                !line.contains(['{', '}', '$']) && !line.starts_with("legal-"),
                "{line}"
            );
        }
        assert!(ru.body.iter().any(|line| line.contains("Копейка")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lender_who_wants_a_confirmed_address_waits_for_the_click() {
    let file = DEMO.replace("email = \"optional\"", "email = \"required_verified\"");
    for world in worlds_of("verified", &file).await {
        let (cab, who) = (&world.cab, world.borrower("9001234567").await);
        let choice = Choice {
            product: "short".to_owned(),
            amount: Kopecks::from_roubles(10_000),
            term: 15,
        };
        application::choose(cab, who, choice).await.expect("chosen");
        for (step, pairs) in ANSWERS {
            let mut pairs = pairs.to_vec();
            if *step == Step::Work {
                let without = save(&world, who, *step, &pairs, SMALL).await;
                assert_eq!(without.expect_err("no address").code(), "fields");
                pairs.retain(|(field, _)| *field != "email");
                pairs.push(("email", "maria@example.ru"));
            }
            save(&world, who, *step, &pairs, SMALL)
                .await
                .expect("right");
        }
        let waits = application::submit(cab, who, cab.ports().ids.uuid()).await;
        assert_eq!(waits.expect_err("not confirmed").code(), "email_first");
        // Everything stands, and the letter comes once more.
        assert!(profile::complete(cab, who, SMALL).await.is_ok());
        access::email_again(cab, who, Lang::Ru).await.expect("sent");
        world.work().await;
        let letter = world.messages.sent.lock().expect("sent").pop();
        let (to, text) = letter.expect("a letter");
        assert_eq!(to, "maria@example.ru");
        let (_, rest) = text.split_once("token=").expect("a link");
        let token = rest.split_whitespace().next().expect("a token");
        access::confirm_email(cab, token).await.expect("confirmed");
        assert!(
            !application::email_to_confirm(cab, who)
                .await
                .expect("known")
        );
        application::submit(cab, who, cab.ports().ids.uuid())
            .await
            .expect("filed");
    }
}
