//! An income that a paper proves: it counts while it holds, by a specialist's word, and nobody else's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Debug;

use cabinet::application::{self, AppStatus, Choice};
use cabinet::profile::{self, IncomePaper, IncomeSaid, Step};
use cabinet::staff::{self, ProofTyped, Role, Word, audit};
use cabinet::upload::{self, Kind, Owner};
use cabinet::{ApplicationId, BorrowerId, CabinetError, UploadId, diary, document};
use chrono::{TimeZone, Utc};
use image::{ImageFormat, RgbImage};
use lending::{IncomeBasis, Kopecks, Rule};
use sea_orm::ConnectionTrait;
use support::journey::{OTHER_PHONE, PHONE, origin, roubles};
use support::{World, on_both};
use uuid::Uuid;

fn picture() -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    let image = RgbImage::new(640, 480);
    image.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

async fn sent(world: &World, who: BorrowerId, kind: Kind) -> UploadId {
    let owner = Owner::Borrower(who);
    upload::put(&world.cab, owner, kind, picture())
        .await
        .unwrap()
}

/// What somebody says of their money: the payments on other loans are most of an average income.
async fn says(world: &World, who: BorrowerId, income: &str) {
    let values: BTreeMap<String, String> = [
        ("employer", "Школа 57"),
        ("position", "учитель"),
        ("income", income),
        ("expenses", "30000"),
        ("obligations", "120000"),
        ("email", "maria@example.ru"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    let amount = roubles(10_000);
    profile::save(&world.cab, who, Step::Work, values, origin(), amount)
        .await
        .unwrap();
}

async fn indebted(world: &World) -> BorrowerId {
    let who = world.borrower(PHONE, roubles(10_000)).await;
    says(world, who, "250 000").await;
    who
}

/// Applies and waits for the decision.
async fn applied(world: &World, who: BorrowerId) -> (ApplicationId, AppStatus) {
    let choice = Choice {
        product: "short".into(),
        amount: roubles(10_000),
        term: 15,
    };
    application::choose(&world.cab, who, choice).await.unwrap();
    let id = application::submit(&world.cab, who, Uuid::now_v7())
        .await
        .unwrap();
    world.work().await;
    (id, newest(world, who).await.status)
}

async fn newest(world: &World, who: BorrowerId) -> application::ApplicationView {
    let view = application::latest(&world.cab, who).await.unwrap();
    view.unwrap()
}

fn typed(picture: UploadId, amount: &str, until: &str) -> ProofTyped {
    ProofTyped {
        picture: picture.to_string(),
        paper: IncomePaper::Certificate.code().to_owned(),
        amount: amount.to_owned(),
        until: until.to_owned(),
        // As the page carries it: everything that has come so far.
        seen: i64::MAX.to_string(),
    }
}

fn codes<T: Debug>(done: Result<T, CabinetError>) -> Vec<String> {
    match done.expect_err("refused") {
        CabinetError::Fields(fields) => fields
            .iter()
            .map(|one| format!("{}:{}", one.field, one.code))
            .collect(),
        other => vec![other.code().to_owned()],
    }
}

async fn counted(world: &World, who: BorrowerId) -> Option<Kopecks> {
    let person = profile::complete(&world.cab, who, roubles(10_000)).await;
    person.unwrap().income_proved
}

#[test]
fn a_higher_proved_income_turns_the_next_decision() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, indebted(&world).await);
        let under = world.hired("under", Role::Underwriter).await;

        // What is said alone counts for nothing: the average of the region is too little for these payments.
        let (id, status) = applied(&world, who).await;
        assert_eq!(status, AppStatus::Specialist);
        let case = staff::case(cab, &under, id).await.unwrap();
        assert_eq!(case.case.rules, [Rule::Burden]);
        let before = case.pdn.unwrap();
        assert_eq!(before.basis, IncomeBasis::RegionalAverage);
        assert!(before.percent_tenths > 900, "{before:?}");
        let why = "доход не подтверждён документом";
        staff::resolve(cab, &under, id, Word::Refuse, why)
            .await
            .unwrap();
        let refusal = newest(&world, who).await.refusal;
        assert_eq!(refusal[0].code, "burden");

        let paper = sent(&world, who, Kind::Income).await;
        let waiting = staff::incomes(cab, &under).await.unwrap();
        assert_eq!((waiting.len(), waiting[0].borrower), (1, who));
        let proof = typed(paper, "200 000", "23.03.2027");
        staff::prove_income(cab, &under, who, &proof).await.unwrap();
        assert!(staff::incomes(cab, &under).await.unwrap().is_empty());
        world.work().await;
        let texts = world.inbox.texts(PHONE);
        let told = |text: &&String| text.contains("200") && text.contains("23 марта 2027");
        assert_eq!(texts.iter().filter(told).count(), 1, "{texts:?}");

        let (_, status) = applied(&world, who).await;
        assert_eq!(status, AppStatus::Approved, "the same wish, the same debts");
        let after = newest(&world, who).await.pdn.unwrap();
        assert_eq!(
            (after.income, after.basis, after.payments),
            (roubles(200_000), IncomeBasis::Proved, before.payments)
        );
        assert!(after.percent_tenths < 700, "{after:?}");
    });
}

#[test]
fn a_paper_counts_through_its_last_day_in_moscow_and_no_longer() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, indebted(&world).await);
        let under = world.hired("under", Role::Underwriter).await;
        let paper = sent(&world, who, Kind::Income).await;
        let proof = typed(paper, "200000", "2026-12-01");
        staff::prove_income(cab, &under, who, &proof).await.unwrap();
        let at = |hour, minute| Utc.with_ymd_and_hms(2026, 12, 1, hour, minute, 0).unwrap();
        world.clock.set(at(20, 59));
        assert_eq!(counted(&world, who).await, Some(roubles(200_000)));
        let view = profile::income(cab, who).await.unwrap();
        assert_eq!(view.holds.unwrap().amount, roubles(200_000));
        // In Moscow the next day begins.
        world.clock.set(at(21, 0));
        assert_eq!(counted(&world, who).await, None);
        let view = profile::income(cab, who).await.unwrap();
        assert_eq!(view.ran_out.unwrap().to_string(), "2026-12-01");
        assert_eq!(view.holds, None);
        let (_, status) = applied(&world, who).await;
        assert_eq!(status, AppStatus::Specialist);
        let pdn = newest(&world, who).await.pdn.unwrap();
        assert_eq!(pdn.basis, IncomeBasis::RegionalAverage);
    });
}

#[test]
fn an_application_that_waits_is_counted_anew_and_a_smaller_answer_counts() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, indebted(&world).await);
        let under = world.hired("under", Role::Underwriter).await;
        let (id, _) = applied(&world, who).await;
        let region = newest(&world, who).await.pdn.unwrap();
        // A paper that a specialist asked for proves it as well.
        let paper = sent(&world, who, Kind::Evidence).await;
        assert!(staff::incomes(cab, &under).await.unwrap().is_empty());
        let case = staff::case(cab, &under, id).await.unwrap();
        let income = case.income.expect("beside the papers");
        assert_eq!((income.said, income.pictures.len()), (roubles(250_000), 1));
        assert_eq!(income.name, "Иванова Мария Петровна");
        let proof = typed(paper, "300000", "2027-05-23");
        staff::prove_income(cab, &under, who, &proof).await.unwrap();
        let pdn = newest(&world, who).await.pdn.unwrap();
        assert_eq!(
            (pdn.income, pdn.basis),
            (roubles(250_000), IncomeBasis::Proved),
            "no more than is said"
        );
        assert!(pdn.percent_tenths < region.percent_tenths);

        let why = "справка выписана другому человеку";
        staff::withdraw_income(cab, &under, who, why).await.unwrap();
        assert_eq!(newest(&world, who).await.pdn, Some(region));
        let view = profile::income(cab, who).await.unwrap();
        assert_eq!((view.holds, view.refused.as_deref()), (None, Some(why)));
        let again = staff::withdraw_income(cab, &under, who, why).await;
        assert_eq!(codes(again), ["income_none"]);
        staff::prove_income(cab, &under, who, &proof).await.unwrap();
        staff::resolve(cab, &under, id, Word::Approve, "доход подтверждён")
            .await
            .unwrap();
        // What is decided stays as it was decided.
        staff::withdraw_income(cab, &under, who, why).await.unwrap();
        assert_eq!(newest(&world, who).await.pdn, Some(pdn));
    });
}

#[test]
fn other_roles_neither_read_nor_write_incomes() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, indebted(&world).await);
        let (id, _) = applied(&world, who).await;
        let paper = sent(&world, who, Kind::Income).await;
        let proof = typed(paper, "120000", "2027-01-23");
        for role in Role::ALL {
            if *role == Role::Underwriter {
                continue;
            }
            let by = world.hired(role.code(), *role).await;
            let refused = ["staff_role"];
            assert_eq!(codes(staff::incomes(cab, &by).await), refused, "{role:?}");
            assert_eq!(codes(staff::income(cab, &by, who).await), refused);
            let seen = staff::income_picture(cab, &by, who, paper).await;
            assert_eq!(codes(seen), refused);
            let proved = staff::prove_income(cab, &by, who, &proof).await;
            assert_eq!(codes(proved), refused);
            let why = "снимок не читается совсем";
            let said = staff::decline_income(cab, &by, who, why, "0").await;
            assert_eq!(codes(said), refused);
            assert_eq!(
                codes(staff::withdraw_income(cab, &by, who, why).await),
                refused
            );
            if let Ok(case) = staff::case(cab, &by, id).await {
                assert!(case.income.is_none(), "{role:?}");
            }
        }
        assert_eq!(counted(&world, who).await, None);
    });
}

#[test]
fn every_field_is_checked_and_only_ones_own_pictures_prove() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, indebted(&world).await);
        let under = world.hired("under", Role::Underwriter).await;
        let paper = sent(&world, who, Kind::Income).await;
        let (good, day) = ("90 000", "2027-05-23");
        for (amount, until, code) in [
            ("", day, "amount:required"),
            ("сто тысяч", day, "amount:money"),
            ("0", day, "amount:money_none"),
            ("-5", day, "amount:money"),
            ("10 000 000,01", day, "amount:money_large"),
            (good, "", "until:required"),
            (good, "31.02.2027", "until:date"),
            (good, "22.11.2026", "until:date_past"),
            (good, "24.05.2027", "until:date_far"),
        ] {
            let proof = typed(paper, amount, until);
            let done = staff::prove_income(cab, &under, who, &proof).await;
            assert_eq!(codes(done), [code], "{amount} {until}");
        }
        let nothing = ProofTyped::default();
        let done = staff::prove_income(cab, &under, who, &nothing).await;
        let all = [
            "picture:choice",
            "paper:choice",
            "amount:required",
            "until:required",
        ];
        assert_eq!(codes(done), all);

        let passport = sent(&world, who, Kind::PassportMain).await;
        let gone = sent(&world, who, Kind::Income).await;
        upload::remove(cab, Owner::Borrower(who), gone)
            .await
            .unwrap();
        let other = world.borrower(OTHER_PHONE, roubles(10_000)).await;
        let foreign = sent(&world, other, Kind::Income).await;
        for picture in [passport, gone, foreign, Uuid::nil().into()] {
            let proof = typed(picture, good, day);
            let done = staff::prove_income(cab, &under, who, &proof).await;
            assert_eq!(codes(done), ["picture:choice"]);
            let seen = staff::income_picture(cab, &under, who, picture).await;
            assert_eq!(codes(seen), ["not_found"]);
        }
        assert_eq!(counted(&world, who).await, None);
        // The first and the last day that may be written.
        for until in ["23.11.2026", "23.05.2027"] {
            let proof = typed(paper, good, until);
            staff::prove_income(cab, &under, who, &proof).await.unwrap();
        }
    });
}

#[test]
fn a_changed_sum_keeps_its_history_and_everybody_reads_of_it() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, indebted(&world).await);
        let under = world.hired("under", Role::Underwriter).await;
        let auditor = world.hired("auditor", Role::Auditor).await;
        let owner = Owner::Borrower(who);
        let first = sent(&world, who, Kind::Income).await;
        let proof = typed(first, "80000", "2027-02-23");
        // Sent twice, it is one word.
        for _ in 0..2 {
            staff::prove_income(cab, &under, who, &proof).await.unwrap();
        }
        world.days(1);
        let second = sent(&world, who, Kind::Income).await;
        assert!(profile::income(cab, who).await.unwrap().waits);
        let proof = typed(second, "95 000", "2027-04-23");
        staff::prove_income(cab, &under, who, &proof).await.unwrap();
        world.days(1);
        let third = sent(&world, who, Kind::Income).await;
        let why = "на снимке не видно даты";
        let seen = i64::MAX.to_string();
        staff::decline_income(cab, &under, who, why, &seen)
            .await
            .unwrap();
        let again = staff::decline_income(cab, &under, who, why, &seen).await;
        assert_eq!(codes(again), ["income_read"]);
        assert_eq!(counted(&world, who).await, Some(roubles(95_000)));

        let case = staff::income(cab, &under, who).await.unwrap();
        let said: Vec<_> = case.words.iter().map(|word| &word.said).collect();
        assert!(
            matches!(said[..], [
                IncomeSaid::Declined(reason),
                IncomeSaid::Proved(new),
                IncomeSaid::Proved(old)
            ] if reason == why && new.amount == roubles(95_000) && old.amount == roubles(80_000)),
            "{said:?}"
        );
        let change = "UPDATE income_word SET amount = 1";
        let changed = cab.db().read().execute_unprepared(change).await;
        assert!(changed.is_err(), "rows are only added");

        // What a decision may have counted with is kept; what proves nothing goes.
        let kept = upload::remove(cab, owner, first).await;
        assert_eq!(codes(kept), ["upload_proves"]);
        upload::remove(cab, owner, third).await.unwrap();
        let left = upload::list(cab, owner).await.unwrap();
        assert!(left.iter().all(|picture| picture.proves), "{left:?}");

        let lines = diary::lines(cab, who).await.unwrap();
        let count = |what: &str| lines.iter().filter(|line| line.what == what).count();
        assert_eq!(
            ["income_proved", "income_declined", "income_seen"].map(count),
            [2, 1, 1]
        );
        let log = audit::read(cab, &auditor, &audit::Filter::default(), 100).await;
        let log = log.unwrap();
        let proving = log.iter().filter(|line| line.action == "prove_income");
        assert_eq!(proving.count(), 3);
        let taken = document::export::export(cab, who).await.unwrap();
        let mine = &taken.money.incomes;
        let words: Vec<_> = mine.iter().map(|row| row.word.as_str()).collect();
        assert_eq!(words, ["proved", "proved", "declined"]);
        assert_eq!(
            (mine[1].amount, mine[2].why.0.as_str()),
            (Some(9_500_000), why)
        );
        world.work().await;
        let texts = world.inbox.texts(PHONE);
        let told = |text: &&String| text.contains("подтвердить доход не получилось");
        assert_eq!(texts.iter().filter(told).count(), 1, "{texts:?}");
    });
}
