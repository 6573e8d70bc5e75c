//! Codes by SMS: for signing in and for signing documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod world;

use cabinet::access::{Purpose, Solved, Verified, codes};
use cabinet::{BorrowerId, CabinetError, Lang, access};
use futures::future::join_all;
use world::{World, worlds};

/// Nobody was asked whether they are a robot.
static NOTHING: Solved = Solved {
    token: String::new(),
    proof: String::new(),
    answer: String::new(),
};

#[tokio::test(flavor = "multi_thread")]
async fn three_tries_under_fifty_parallel_guesses() {
    for world in worlds("tries").await {
        let sent = access::request_code(
            &world.cab,
            "8 900 123-45-67",
            &world.origin(),
            Lang::Ru,
            &NOTHING,
        )
        .await
        .expect("a code");
        assert_eq!(
            (sent.tries_left, sent.phone_masked.as_str()),
            (3, "+7 ··· ···-45-67")
        );
        let right = world.last_digits().await;
        let origin = world.origin();
        let guesses: Vec<String> = (0..50_u32).map(|n| format!("{n:06}")).collect();
        let guesses = guesses.iter().filter(|guess| **guess != right);
        let results =
            join_all(guesses.map(|guess| access::verify(&world.cab, sent.code, guess, &origin)))
                .await;
        let code = |result: &Result<Verified, CabinetError>| match result {
            Err(CabinetError::Fields(errors)) => errors.first().map(|e| (e.code, e.args.len())),
            _ => None,
        };
        let compared = results
            .iter()
            .filter(|r| code(r).is_some_and(|(_, args)| args == 1))
            .count();
        assert_eq!(compared, 3, "only three guesses were compared");
        assert_eq!(
            results.iter().filter(|r| code(r).is_some()).count(),
            results.len()
        );
        // Even the right digits come too late.
        let late = access::verify(&world.cab, sent.code, &right, &origin).await;
        assert_eq!(code(&late).map(|(code, _)| code), Some("code_used_up"));
        assert_eq!(
            access::code_state(&world.cab, sent.code)
                .await
                .expect("a state")
                .tries_left,
            0
        );
        assert_eq!(world.count("borrower").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_codes_a_day_and_one_a_minute() {
    for world in worlds("daily").await {
        let origin = world.origin();
        let ask = || access::request_code(&world.cab, "+79001234567", &origin, Lang::Ru, &NOTHING);
        let mut first = None;
        for n in 0..5 {
            let sent = ask().await.expect("a code");
            first = first.or(Some(sent.code));
            let early = ask().await.expect_err("too early");
            let met = if n < 4 {
                "code_resend"
            } else {
                "code_phone_day"
            };
            assert_eq!(early.code(), met);
            world.clock.pass(60);
        }
        let sixth = ask().await;
        let Err(CabinetError::TooMany {
            code: "code_phone_day",
            retry_after_seconds,
        }) = sixth
        else {
            panic!("{sixth:?}");
        };
        assert_eq!(retry_after_seconds, 86_400 - 300);
        // A resend is a code like any other.
        let origin = world.origin();
        let again = access::resend(&world.cab, first.expect("a code"), &origin, Lang::Ru).await;
        assert!(matches!(
            again,
            Err(CabinetError::TooMany {
                code: "code_phone_day",
                ..
            })
        ));
        world.clock.pass(86_400);
        ask().await.expect("a new day");
        world.work().await;
        // Texts of codes that had expired before the worker came were not sent.
        assert_eq!(world.messages.sent.lock().expect("sent").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_makes_one_cabinet() {
    for world in worlds("signin").await {
        let first = world.borrower("8 (900) 123-45-67").await;
        world.clock.pass(61);
        assert_eq!(world.borrower("+7 900 123 45 67").await, first);
        world.clock.pass(61);
        let sent = access::request_code(
            &world.cab,
            "9001234567",
            &world.origin(),
            Lang::Ru,
            &NOTHING,
        )
        .await
        .expect("a code");
        let digits = world.last_digits().await;
        let origin = world.origin();
        let both =
            join_all((0..10).map(|_| access::verify(&world.cab, sent.code, &digits, &origin)))
                .await;
        assert_eq!(
            both.iter().filter(|result| result.is_ok()).count(),
            1,
            "a code works once"
        );
        let view = access::borrower(&world.cab, first)
            .await
            .expect("a borrower");
        assert_eq!(
            (view.phone_masked.as_str(), view.name),
            ("+7 ··· ···-45-67", None)
        );
        let (_, text) = world
            .messages
            .sent
            .lock()
            .expect("sent")
            .last()
            .cloned()
            .expect("a text");
        assert_eq!(
            text.lines().last(),
            Some(format!("@kopeck.example #{digits}").as_str())
        );
        let phones = world
            .rows("SELECT phone FROM borrower UNION ALL SELECT phone FROM code")
            .await;
        for row in phones {
            assert!(
                !row.try_get::<String>("", "phone")
                    .expect("a phone")
                    .contains("900")
            );
        }
    }
}

async fn issue(world: &World, borrower: BorrowerId, hash: &'static str) -> access::CodeSent {
    let cab = world.cab.clone();
    let issued = world.cab.db().write(move |tx| {
        Box::pin(async move {
            codes::issue(
                tx,
                &cab,
                borrower,
                Purpose::Contract,
                "contract-1",
                hash,
                Lang::Ru,
            )
            .await
        })
    });
    issued.await.expect("a code")
}

async fn consume(
    world: &World,
    code: cabinet::CodeId,
    who: BorrowerId,
    digits: &str,
) -> Result<(), CabinetError> {
    let (cab, digits) = (world.cab.clone(), digits.to_owned());
    let write = world.cab.db().write(move |tx| {
        Box::pin(async move {
            codes::consume(
                tx,
                &cab,
                code,
                who,
                Purpose::Contract,
                "contract-1",
                "h1",
                &digits,
            )
            .await
        })
    });
    write.await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_s_code_signs_one_text_once() {
    for world in worlds("document").await {
        let (owner, other) = (
            world.borrower("9001234567").await,
            world.borrower("9007654321").await,
        );
        let sent = issue(&world, owner, "h1").await;
        let digits = world.last_digits().await;
        let attempt = async |who, hash: &str, typed: &str| {
            codes::attempt(
                &world.cab,
                sent.code,
                who,
                Purpose::Contract,
                "contract-1",
                hash,
                typed,
            )
            .await
        };
        assert!(matches!(
            attempt(other, "h1", &digits).await,
            Err(CabinetError::NotFound)
        ));
        let changed = attempt(owner, "h2", &digits).await;
        assert!(matches!(
            changed,
            Err(CabinetError::Conflict("code_other_text"))
        ));
        assert!(
            consume(&world, sent.code, owner, &digits).await.is_err(),
            "an untried code"
        );
        let wrong = if digits == "000000" {
            "000001"
        } else {
            "000000"
        };
        assert!(matches!(
            attempt(owner, "h1", wrong).await,
            Err(CabinetError::Fields(_))
        ));
        let state = access::code_state(&world.cab, sent.code)
            .await
            .expect("a state");
        assert_eq!(
            state.tries_left, 2,
            "a wrong try is counted though the use case is refused"
        );
        attempt(owner, "h1", &digits)
            .await
            .expect("the right digits");
        consume(&world, sent.code, owner, &digits)
            .await
            .expect("signed");
        let twice = consume(&world, sent.code, owner, &digits).await;
        assert!(
            matches!(twice, Err(CabinetError::Fields(_))),
            "one code, one document"
        );
    }
}
