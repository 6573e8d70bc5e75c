//! The chat with a specialist: order, nothing twice, the queue, the promise, who reads it, notices to whoever is away.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::document::export;
use cabinet::staff::{self, Role, Staff};
use cabinet::support::chat::{self, Author, Note, State};
use cabinet::upload::{self, Owner};
use cabinet::{BorrowerId, CabinetError, ChatId, diary, notice};
use chrono::{Duration, TimeZone as _, Utc};
use futures::future::join_all;
use support::journey::{OTHER_PHONE, PHONE, roubles};
use support::{World, on_both};
use uuid::Uuid;

async fn colleague(world: &World, login: &str, role: Role) -> Staff {
    let welcome = staff::add(&world.cab, login, &format!("{login} Коллега"), &[role])
        .await
        .unwrap();
    Staff {
        id: welcome.id,
        login: login.to_owned(),
        name: format!("{login} Коллега"),
        roles: vec![role],
        must_change: false,
    }
}

async fn says(world: &World, who: BorrowerId, text: &str) -> i64 {
    chat::say(&world.cab, who, Uuid::now_v7(), text)
        .await
        .unwrap()
}

async fn chat_of(world: &World, by: &Staff, who: BorrowerId) -> ChatId {
    let queue = chat::queue(&world.cab, by).await.unwrap();
    queue.iter().find(|one| one.borrower == who).unwrap().id
}

/// A picture that the upload takes.
fn photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(900, 700, image::Rgb([240, 240, 235]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn a_form_sent_again_is_one_line_and_lines_keep_their_order() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, world.borrower(PHONE, roubles(10_000)).await);
        let key = Uuid::now_v7();
        // The same form by several hands at once: the answer got lost and somebody pressed again.
        let sent = (0..6).map(|_| chat::say(cab, who, key, "Где мой платёж?"));
        for seq in join_all(sent).await {
            assert_eq!(seq.unwrap(), 1);
        }
        let reused = chat::say(cab, who, key, "Другое сообщение").await;
        assert!(matches!(reused, Err(CabinetError::Conflict("key_reused"))));
        let many = (0..20).map(|n| {
            let text = format!("строка {n}");
            async move { chat::say(cab, who, Uuid::now_v7(), &text).await.unwrap() }
        });
        let mut numbers = join_all(many).await;
        numbers.sort_unstable();
        assert_eq!(
            numbers,
            (2..=21).collect::<Vec<_>>(),
            "no gap, nothing twice"
        );
        let (lines, now) = chat::hear(cab, who, 0).await.unwrap();
        assert_eq!((lines.len(), now.last), (21, 21));
        assert!(lines.windows(2).all(|two| two[0].seq + 1 == two[1].seq));
        // A connection that begins anew asks for what came after its last line.
        let (rest, _) = chat::hear(cab, who, 19).await.unwrap();
        assert_eq!(
            rest.iter().map(|line| line.seq).collect::<Vec<_>>(),
            [20, 21]
        );
        for text in ["", " \n ", &"я".repeat(2_001)] {
            let empty = chat::say(cab, who, Uuid::now_v7(), text).await;
            assert!(matches!(empty, Err(CabinetError::Fields(_))), "{text:?}");
        }
    });
}

#[test]
fn who_waits_longest_is_first_and_a_broken_promise_stands_out() {
    on_both(|world| async move {
        let cab = &world.cab;
        let one = world.borrower(PHONE, roubles(10_000)).await;
        let two = world.borrower(OTHER_PHONE, roubles(5_000)).await;
        let by = colleague(&world, "olga", Role::Support).await;
        says(&world, one, "Первый вопрос").await;
        world.clock.pass(Duration::minutes(1));
        says(&world, two, "Второй вопрос").await;
        // Writing more does not lose the place, nor win another.
        world.clock.pass(Duration::minutes(1));
        says(&world, one, "И ещё").await;
        let place = |who| async move { chat::standing(cab, who).await.unwrap().ahead };
        assert_eq!((place(one).await, place(two).await), (0, 1));
        let queue = chat::queue(cab, &by).await.unwrap();
        assert_eq!(
            queue.iter().map(|row| row.borrower).collect::<Vec<_>>(),
            [one, two]
        );
        assert!(queue.iter().all(|row| !row.late));
        world.clock.pass(Duration::minutes(9));
        let late: Vec<_> = chat::queue(cab, &by)
            .await
            .unwrap()
            .iter()
            .map(|row| row.late)
            .collect();
        assert_eq!(late, [true, false], "ten minutes were promised to each");
        assert!(chat::standing(cab, one).await.unwrap().late);
        let id = chat_of(&world, &by, one).await;
        chat::take(cab, &by, id).await.unwrap();
        assert_eq!(place(two).await, 0);
        let standing = chat::standing(cab, one).await.unwrap();
        assert_eq!(standing.specialist.as_deref(), Some("olga Коллега"));
        chat::answer(cab, &by, id, Uuid::now_v7(), "Проверяю")
            .await
            .unwrap();
        let queue = chat::queue(cab, &by).await.unwrap();
        assert_eq!(
            queue.iter().map(|row| row.borrower).collect::<Vec<_>>(),
            [two, one]
        );
        assert!(queue[1].since.is_none() && !queue[1].late);
    });
}

#[test]
fn at_night_the_answer_is_promised_for_the_morning() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, world.borrower(PHONE, roubles(10_000)).await);
        // 23:30 in Moscow; the demo lender answers from 8:00 to 22:00.
        world
            .clock
            .set(Utc.with_ymd_and_hms(2026, 11, 23, 20, 30, 0).unwrap());
        says(&world, who, "Пишу ночью").await;
        let now = chat::standing(cab, who).await.unwrap();
        assert!(!now.open);
        assert_eq!(
            now.opens,
            Utc.with_ymd_and_hms(2026, 11, 24, 5, 0, 0).unwrap()
        );
        let by = Utc.with_ymd_and_hms(2026, 11, 24, 5, 10, 0).unwrap();
        assert_eq!(now.answer_by, Some(by));
        world.clock.set(by);
        assert!(!chat::standing(cab, who).await.unwrap().late);
        world.clock.pass(Duration::seconds(1));
        assert!(chat::standing(cab, who).await.unwrap().late);
    });
}

#[test]
fn a_talk_is_taken_answered_handed_over_and_closed_by_whoever_has_it() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, world.borrower(PHONE, roubles(10_000)).await);
        let olga = colleague(&world, "olga", Role::Support).await;
        let ivan = colleague(&world, "ivan", Role::Support).await;
        let chief = colleague(&world, "chief", Role::Chief).await;
        says(&world, who, "Здравствуйте").await;
        let id = chat_of(&world, &olga, who).await;
        let early = chat::answer(cab, &olga, id, Uuid::now_v7(), "Да?").await;
        assert!(matches!(early, Err(CabinetError::Conflict("chat_state"))));
        // Nobody reads what they have neither taken nor opened with a reason.
        assert!(chat::opened(cab, &olga, id).await.unwrap().is_none());
        chat::take(cab, &olga, id).await.unwrap();
        let key = Uuid::now_v7();
        let first = chat::answer(cab, &olga, id, key, "Слушаю вас")
            .await
            .unwrap();
        assert_eq!(
            chat::answer(cab, &olga, id, key, "Слушаю вас")
                .await
                .unwrap(),
            first
        );
        let other = chat::answer(cab, &ivan, id, Uuid::now_v7(), "И я").await;
        assert!(matches!(other, Err(CabinetError::Conflict("chat_owner"))));
        assert!(chat::opened(cab, &ivan, id).await.unwrap().is_none());
        let nobody = chat::transfer(cab, &olga, id, Some(chief.id)).await;
        assert!(
            matches!(nobody, Err(CabinetError::Fields(_))),
            "a chief answers no chats"
        );
        chat::transfer(cab, &olga, id, Some(ivan.id)).await.unwrap();
        assert!(chat::opened(cab, &olga, id).await.unwrap().is_none());
        assert!(chat::close(cab, &olga, id).await.is_err());
        chat::answer(cab, &ivan, id, Uuid::now_v7(), "Теперь я")
            .await
            .unwrap();
        chat::transfer(cab, &ivan, id, None).await.unwrap();
        assert_eq!(
            chat::one(cab, &ivan, id).await.unwrap().state,
            State::Waiting
        );
        chat::take(cab, &ivan, id).await.unwrap();
        chat::close(cab, &ivan, id).await.unwrap();
        assert!(chat::queue(cab, &ivan).await.unwrap().is_empty());
        assert!(chat::take(cab, &olga, id).await.is_err(), "it is closed");
        let (lines, now) = chat::hear(cab, who, 0).await.unwrap();
        assert_eq!(now.state, Some(State::Closed));
        let notes: Vec<_> = lines.iter().filter_map(|line| line.note).collect();
        let expected = [
            Note::Taken,
            Note::Transferred,
            Note::Queued,
            Note::Taken,
            Note::Closed,
        ];
        assert_eq!(notes, expected);
        let answers = lines.iter().filter(|line| line.author == Author::Staff);
        assert_eq!(answers.count(), 2);
        // The same chat waits again with the next line.
        says(&world, who, "Ещё вопрос").await;
        assert_eq!(chat_of(&world, &olga, who).await, id);
        // A chief looks with a reason, for a quarter of an hour, and the diary shows it.
        assert!(chat::open(cab, &chief, "так", id).await.is_err());
        chat::open(cab, &chief, "проверка жалобы", id)
            .await
            .unwrap();
        assert_eq!(
            chat::opened(cab, &chief, id).await.unwrap().unwrap().len(),
            lines.len() + 1
        );
        world.clock.pass(Duration::minutes(16));
        assert!(chat::opened(cab, &chief, id).await.unwrap().is_none());
        let diary = diary::lines(cab, who).await.unwrap();
        let seen = diary.iter().find(|line| line.what == "chat_seen").unwrap();
        assert_eq!(
            (seen.role, seen.why.as_str()),
            (diary::Role::Staff(chief.id), "проверка жалобы")
        );
        assert_eq!(
            diary
                .iter()
                .filter(|line| line.what == "chat_taken")
                .count(),
            2
        );
    });
}

#[test]
fn a_picture_is_a_line_once_and_staff_see_it_with_the_talk() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, world.borrower(PHONE, roubles(10_000)).await);
        let other = world.borrower(OTHER_PHONE, roubles(5_000)).await;
        let by = colleague(&world, "olga", Role::Support).await;
        let picture = upload::put(cab, Owner::Borrower(who), upload::Kind::Evidence, photo())
            .await
            .unwrap();
        let theirs = chat::attach(cab, other, Uuid::now_v7(), picture).await;
        assert!(matches!(theirs, Err(CabinetError::NotFound)));
        let key = Uuid::now_v7();
        assert!(!chat::attached(cab, who, key).await.unwrap());
        for _ in 0..2 {
            assert_eq!(chat::attach(cab, who, key, picture).await.unwrap(), 1);
        }
        assert!(chat::attached(cab, who, key).await.unwrap());
        assert!(
            !chat::attached(cab, other, key).await.unwrap(),
            "keys of two people are apart"
        );
        let id = chat_of(&world, &by, who).await;
        assert!(chat::picture(cab, &by, id, picture).await.is_err());
        chat::take(cab, &by, id).await.unwrap();
        assert!(
            chat::picture(cab, &by, id, picture)
                .await
                .unwrap()
                .starts_with(&[0xFF, 0xD8])
        );
        // It is all in what a person takes along.
        let taken = export::export(cab, who).await.unwrap();
        let authors: Vec<_> = taken.chat.iter().map(|line| line.author.as_str()).collect();
        assert_eq!(authors, ["borrower", "note"]);
        assert_eq!(taken.chat[0].picture, Some(picture.to_string()));
        assert_eq!(taken.csv("chat").unwrap().lines().count(), 3);
        // Pictures of the chat and papers are counted apart: a full shelf of papers leaves the chat open.
        assert!(
            upload::list(cab, Owner::Borrower(who))
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(upload::list(cab, Owner::Chat(who)).await.unwrap().len(), 1);
        for _ in 0..12 {
            let paper = upload::put(cab, Owner::Borrower(who), upload::Kind::Evidence, photo());
            paper.await.unwrap();
        }
        let full = upload::put(cab, Owner::Borrower(who), upload::Kind::Evidence, photo()).await;
        assert!(matches!(full, Err(CabinetError::Conflict("upload_many"))));
        let more = upload::put(cab, Owner::Chat(who), upload::Kind::Evidence, photo()).await;
        chat::attach(cab, who, Uuid::now_v7(), more.unwrap())
            .await
            .unwrap();
        upload::remove(cab, Owner::Borrower(who), picture)
            .await
            .unwrap();
        let (lines, _) = chat::hear(cab, who, 0).await.unwrap();
        assert_eq!(lines[0].picture, None);
        assert!(chat::picture(cab, &by, id, picture).await.is_err());
    });
}

#[test]
fn an_answer_to_somebody_away_is_told_once_until_they_look() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, world.borrower(PHONE, roubles(10_000)).await);
        let by = colleague(&world, "olga", Role::Support).await;
        says(&world, who, "Вопрос").await;
        let id = chat_of(&world, &by, who).await;
        chat::take(cab, &by, id).await.unwrap();
        // A note that somebody has taken it is no answer.
        world.clock.pass(Duration::minutes(2));
        assert_eq!(chat::tell_unseen(cab).await.unwrap(), 0);
        chat::answer(cab, &by, id, Uuid::now_v7(), "Ответ")
            .await
            .unwrap();
        assert_eq!(chat::unread(cab, who).await.unwrap(), 1);
        assert_eq!(
            chat::tell_unseen(cab).await.unwrap(),
            0,
            "they may be reading"
        );
        world.clock.pass(Duration::minutes(2));
        assert_eq!(chat::tell_unseen(cab).await.unwrap(), 1);
        assert_eq!(chat::tell_unseen(cab).await.unwrap(), 0);
        chat::answer(cab, &by, id, Uuid::now_v7(), "И ещё")
            .await
            .unwrap();
        world.clock.pass(Duration::minutes(2));
        assert_eq!(
            chat::tell_unseen(cab).await.unwrap(),
            0,
            "once until they look"
        );
        world.work().await;
        let texts = world.inbox.texts(PHONE);
        assert_eq!(
            texts
                .iter()
                .filter(|text| text.contains("ответил вам в чате"))
                .count(),
            1
        );
        let told = notice::list(cab, who).await.unwrap();
        assert!(told.iter().any(|line| line.event == notice::Event::Chat));
        let last = chat::standing(cab, who).await.unwrap().last;
        chat::seen(cab, who, last + 5).await.unwrap();
        assert_eq!(
            chat::unread(cab, who).await.unwrap(),
            2,
            "what is not there was not seen"
        );
        chat::seen(cab, who, last).await.unwrap();
        assert_eq!(chat::unread(cab, who).await.unwrap(), 0);
        chat::answer(cab, &by, id, Uuid::now_v7(), "Другой ответ")
            .await
            .unwrap();
        world.clock.pass(Duration::minutes(2));
        assert_eq!(chat::tell_unseen(cab).await.unwrap(), 1);
        // Whoever has read it meanwhile is not told.
        chat::answer(cab, &by, id, Uuid::now_v7(), "Последний")
            .await
            .unwrap();
        chat::seen(cab, who, last + 2).await.unwrap();
        world.clock.pass(Duration::minutes(2));
        assert_eq!(chat::tell_unseen(cab).await.unwrap(), 0);
    });
}

#[test]
fn a_lender_without_a_chat_has_none() {
    on_both(|world| async move {
        let who = world.borrower(PHONE, roubles(10_000)).await;
        let mut lender = world.cab.lender().clone();
        lender.help.chat = None;
        let world = world.of(lender);
        let said = chat::say(&world.cab, who, Uuid::now_v7(), "Есть кто?").await;
        assert!(matches!(said, Err(CabinetError::NotFound)));
        assert!(chat::hear(&world.cab, who, 0).await.is_err());
        assert_eq!(chat::unread(&world.cab, who).await.unwrap(), 0);
    });
}
