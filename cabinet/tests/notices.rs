//! What a borrower is told, where and when; what holds a message back; what is given up. On SQLite and, when
//! `KOPECK_TEST_POSTGRES` names a server, on Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cabinet::notice::{self, Channel, Choices, DebitAhead, Event, Quiet};
use cabinet::ports::{Clock, DeliveryError, Sms, SmsReceipt};
use cabinet::values::Phone;
use cabinet::{BorrowerId, CabinetError, Lender, LoanId, access, outbox, sweep};
use chrono::{DateTime, Duration, TimeZone as _, Utc};
use lending::Kopecks;
use sea_orm::ConnectionTrait as _;
use support::journey::{OTHER_PHONE, PHONE};
use support::{World, on_both};
use uuid::Uuid;

/// So many hours and minutes of a day of November or December 2026 in Moscow.
fn moscow(month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, month, day, hour, minute, 0)
        .unwrap()
        - Duration::hours(3)
}

async fn sweep_at(world: &World, at: DateTime<Utc>) {
    world.clock.set(at);
    notice::daily(&world.cab).await.unwrap();
    world.work().await;
}

/// What became of the messages about an event, newest first: channel, end, what they wait for.
async fn ledger(world: &World, who: BorrowerId, event: Event) -> Vec<(Channel, String, String)> {
    let lines = notice::ledger(&world.cab, who, 100).await.unwrap();
    lines
        .into_iter()
        .filter(|line| line.event == event)
        .map(|line| {
            let told = |text: Option<String>| text.unwrap_or_default();
            (line.channel, told(line.ended), told(line.waits))
        })
        .collect()
}

fn choices(off: &[&str], quiet: Quiet) -> Choices {
    let mut on = Vec::new();
    for event in Event::ALL {
        for channel in Channel::ALL {
            let name = format!("{channel}.{}", event.code());
            if !off.contains(&name.as_str()) {
                on.push(name);
            }
        }
    }
    Choices::of_form(&on, quiet).unwrap()
}

async fn count(world: &World, of: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS n FROM {of}");
    let statement = sea_orm::Statement::from_string(world.cab.db().backend(), sql);
    let row = world.cab.db().read().query_one_raw(statement).await;
    row.unwrap().unwrap().try_get("", "n").unwrap()
}

#[test]
fn each_event_goes_where_its_borrower_wants_it_and_once() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 10).await;
        let cab = &world.cab;
        let before = world.inbox.texts(PHONE).len();
        let wanted = choices(
            &["sms.due_3", "inapp.due_1", "sms.overdue"],
            Quiet::default(),
        );
        notice::choose(cab, borrower, wanted.clone()).await.unwrap();
        let kept = notice::choices(cab, borrower).await.unwrap();
        assert_eq!(kept, wanted, "what was chosen is kept");
        assert!(kept.wants(Event::Overdue, Channel::Sms), "the law wants it");
        let unread = notice::unread(cab, borrower).await.unwrap();
        // 30 November: three days ahead. By no message, in the list.
        for _ in 0..3 {
            sweep_at(&world, moscow(11, 30, 12, 0)).await;
        }
        assert_eq!(world.inbox.texts(PHONE).len(), before);
        assert_eq!(notice::unread(cab, borrower).await.unwrap(), unread + 1);
        let list = notice::list(cab, borrower).await.unwrap();
        assert_eq!((list[0].event, list[0].read), (Event::Due3, false));
        assert!(list[0].text.contains("3 декабря"), "{}", list[0].text);
        assert!(list[0].loan.is_some());
        // What comes after the page was shown stays unread.
        let shown = list[0].at;
        sweep_at(&world, moscow(12, 2, 12, 0)).await;
        sweep_at(&world, moscow(12, 3, 12, 0)).await;
        notice::read(cab, borrower, shown).await.unwrap();
        assert_eq!(notice::unread(cab, borrower).await.unwrap(), 1, "today's");
        assert_eq!(
            world.inbox.texts(PHONE).len(),
            before + 2,
            "tomorrow, today"
        );
        // Somebody else reads nothing of it.
        let other = world
            .borrower(OTHER_PHONE, Kopecks::from_roubles(5_000))
            .await;
        assert_eq!(notice::unread(cab, other).await.unwrap(), 0);
        assert!(notice::list(cab, other).await.unwrap().is_empty());
        notice::read(cab, other, moscow(12, 30, 0, 0))
            .await
            .unwrap();
        assert_eq!(notice::unread(cab, borrower).await.unwrap(), 1);
        sweep_at(&world, moscow(12, 4, 12, 0)).await;
        let texts = world.inbox.texts(PHONE);
        assert!(texts.last().unwrap().contains("не пришёл"));
        assert!(texts.last().unwrap().contains(&cab.lender().hotline));
    });
}

#[test]
fn a_letter_goes_to_a_confirmed_address_only() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 10).await;
        let all = choices(&[], Quiet::default());
        notice::choose(&world.cab, borrower, all).await.unwrap();
        let reachable = notice::reachable(&world.cab, borrower, Channel::Mail).await;
        assert!(!reachable.unwrap());
        sweep_at(&world, moscow(11, 30, 12, 0)).await;
        let told = ledger(&world, borrower, Event::Due3).await;
        assert_eq!(told, [(Channel::Sms, "sent".into(), String::new())]);
        // The address of the questionnaire: nobody has opened the link that was sent to it.
        let ways = access::ways(&world.cab, borrower).await.unwrap();
        assert_eq!(ways.len(), 1);
        assert!(ways.iter().all(|way| !way.confirmed));
    });
}

#[test]
fn a_reminder_waits_for_the_morning_and_falls_away_when_its_day_is_over() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 10).await;
        let before = world.inbox.texts(PHONE).len();
        sweep_at(&world, moscow(12, 3, 0, 5)).await;
        let told = ledger(&world, borrower, Event::Due0).await;
        assert_eq!(told, [(Channel::Sms, String::new(), "quiet".into())]);
        assert_eq!(world.inbox.texts(PHONE).len(), before);
        let list = notice::list(&world.cab, borrower).await.unwrap();
        assert_eq!(list[0].event, Event::Due0, "the list wakes nobody");
        world.clock.set(moscow(12, 3, 8, 59));
        world.work().await;
        assert_eq!(world.inbox.texts(PHONE).len(), before, "quiet until nine");
        world.clock.set(moscow(12, 3, 9, 0));
        world.work().await;
        world.work().await;
        assert_eq!(world.inbox.texts(PHONE).len(), before + 1);
        let told = ledger(&world, borrower, Event::Due0).await;
        assert_eq!(told, [(Channel::Sms, "sent".into(), String::new())]);

        // Somebody whose evening begins at five: nothing of the day is left for today's reminder.
        let (late, _) = world.lent(OTHER_PHONE, 20_000, 10).await;
        let quiet = Quiet {
            from: 17,
            until: 12,
            answers: false,
        };
        notice::choose(&world.cab, late, choices(&[], quiet))
            .await
            .unwrap();
        let before = world.inbox.texts(OTHER_PHONE).len();
        sweep_at(&world, moscow(12, 13, 18, 0)).await;
        let told = ledger(&world, late, Event::Due0).await;
        assert_eq!(told, [(Channel::Sms, "stale".into(), "quiet".into())]);
        world.clock.set(moscow(12, 14, 12, 0));
        world.work().await;
        assert_eq!(world.inbox.texts(OTHER_PHONE).len(), before);
    });
}

#[test]
fn what_waits_is_not_sent_once_its_borrower_switched_it_off() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 10).await;
        let before = world.inbox.texts(PHONE).len();
        sweep_at(&world, moscow(12, 3, 0, 5)).await;
        let off = choices(&["sms.due_0"], Quiet::default());
        notice::choose(&world.cab, borrower, off).await.unwrap();
        world.clock.set(moscow(12, 3, 12, 0));
        world.work().await;
        assert_eq!(world.inbox.texts(PHONE).len(), before);
        let told = ledger(&world, borrower, Event::Due0).await;
        assert_eq!(told[0].1, "off");
    });
}

async fn debit(world: &World, who: BorrowerId, loan: LoanId, at: DateTime<Utc>) {
    let ahead = DebitAhead {
        borrower: who,
        loan,
        amount: Kopecks::from_roubles(1_000),
        at,
    };
    notice::debit_ahead(&world.cab, ahead).await.unwrap();
    world.work().await;
}

#[test]
fn a_debtor_who_is_late_hears_twice_a_day_four_times_a_week_and_by_day() {
    on_both(|world| async move {
        let (borrower, loan) = world.lent(PHONE, 20_000, 10).await;
        // Friday, 4 December: the first day late. At 0:05 nothing goes.
        sweep_at(&world, moscow(12, 4, 0, 5)).await;
        let before = world.inbox.texts(PHONE).len();
        sweep_at(&world, moscow(12, 4, 9, 0)).await;
        let sent = || world.inbox.texts(PHONE).len() - before;
        assert_eq!(sent(), 1, "the overdue notice");
        // Words of debits are about the same debt now: one more today, no third.
        debit(&world, borrower, loan, moscow(12, 4, 18, 0)).await;
        let text = world.inbox.texts(PHONE).last().unwrap().clone();
        assert!(text.contains("18:00"), "{text}");
        debit(&world, borrower, loan, moscow(12, 4, 18, 0)).await;
        assert_eq!(sent(), 2, "once for a moment");
        world.clock.set(moscow(12, 4, 11, 0));
        debit(&world, borrower, loan, moscow(12, 5, 12, 0)).await;
        assert_eq!(sent(), 2);
        let told = ledger(&world, borrower, Event::Debit).await;
        assert_eq!(told[0], (Channel::Sms, String::new(), "day".into()));
        world.clock.set(moscow(12, 5, 8, 59));
        world.work().await;
        assert_eq!(sent(), 2);
        world.clock.set(moscow(12, 5, 9, 0));
        world.work().await;
        assert_eq!(sent(), 3, "24 hours after the first");
        // Saturday until eight in the evening; the fourth of the week goes on Sunday, the fifth falls away.
        world.clock.set(moscow(12, 5, 20, 0));
        debit(&world, borrower, loan, moscow(12, 6, 12, 0)).await;
        assert_eq!(sent(), 3);
        world.clock.set(moscow(12, 6, 9, 0));
        world.work().await;
        assert_eq!(sent(), 4);
        world.clock.set(moscow(12, 7, 12, 0));
        debit(&world, borrower, loan, moscow(12, 8, 12, 0)).await;
        let told = ledger(&world, borrower, Event::Debit).await;
        assert_eq!(told[0], (Channel::Sms, "stale".into(), "week".into()));
        // An answer is not about the debt: it goes at any hour and counts nothing.
        let lines = notice::ledger(&world.cab, borrower, 100).await.unwrap();
        let limited = lines.iter().filter(|line| line.limited).count();
        assert_eq!(limited, 4);
        let answers = lines.iter().filter(|line| line.event == Event::Payout);
        assert!(answers.clone().count() > 0 && answers.into_iter().all(|line| !line.limited));
    });
}

#[test]
fn hours_are_those_where_the_borrower_lives() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 10).await;
        // Kamchatka is nine hours ahead of Moscow.
        let page = [
            ("region", "41"),
            ("city", "Петропавловск-Камчатский"),
            ("street", "Ленинская"),
            ("house", "1"),
        ];
        let values = page.map(|(name, value)| (name.to_owned(), value.to_owned()));
        cabinet::profile::save(
            &world.cab,
            borrower,
            cabinet::profile::Step::Address,
            values.into_iter().collect(),
            support::journey::origin(),
            Kopecks::from_roubles(20_000),
        )
        .await
        .unwrap();
        let clocks = notice::clocks_of(&world.cab, borrower).await.unwrap();
        assert_eq!((clocks.west, clocks.east), (720, 720));
        let before = world.inbox.texts(PHONE).len();
        // One in Moscow is ten in the evening there.
        sweep_at(&world, moscow(12, 3, 13, 0)).await;
        assert_eq!(world.inbox.texts(PHONE).len(), before);
        let told = ledger(&world, borrower, Event::Due0).await;
        assert_eq!(told[0].2, "quiet");
    });
}

#[test]
fn a_message_has_arrived_when_its_last_part_has() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 10).await;
        sweep_at(&world, moscow(11, 30, 12, 0)).await;
        let sql = "SELECT gateway_id FROM sms_part JOIN notice ON notice.id = sms_part.notice \
                   WHERE notice.kind = 'due_3' ORDER BY gateway_id";
        let statement = sea_orm::Statement::from_string(world.cab.db().backend(), sql.to_owned());
        let rows = world
            .cab
            .db()
            .read()
            .query_all_raw(statement)
            .await
            .unwrap();
        let parts: Vec<String> = rows
            .iter()
            .map(|row| row.try_get("", "gateway_id").unwrap())
            .collect();
        assert_eq!(parts.len(), 2);
        let receipt = |gateway_id: &str, arrived| SmsReceipt {
            gateway_id: gateway_id.to_owned(),
            arrived,
        };
        let stranger = receipt("of nobody", true);
        let came = vec![receipt(&parts[0], true), stranger.clone()];
        let unknown = notice::receipts(&world.cab, came).await.unwrap();
        assert_eq!(unknown, [stranger]);
        let state = || async { ledger(&world, borrower, Event::Due3).await[0].1.clone() };
        assert_eq!(state().await, "sent", "a half");
        let came = vec![receipt(&parts[1], true)];
        notice::receipts(&world.cab, came).await.unwrap();
        assert_eq!(state().await, "delivered");
        let came = vec![receipt(&parts[1], false)];
        notice::receipts(&world.cab, came).await.unwrap();
        assert_eq!(state().await, "undelivered");
    });
}

/// Refuses, is silent, or takes a message and hangs until it is let go.
#[derive(Default)]
struct Moody {
    refuses: Mutex<bool>,
    hangs: Mutex<bool>,
    took: AtomicUsize,
    go: tokio::sync::Notify,
}

#[async_trait]
impl Sms for Moody {
    async fn send(&self, _: &Phone, _: &str, _: Uuid) -> Result<(), DeliveryError> {
        self.took.fetch_add(1, Ordering::SeqCst);
        if *self.hangs.lock().unwrap() {
            self.go.notified().await;
            return Ok(());
        }
        if *self.refuses.lock().unwrap() {
            return Err(DeliveryError::Permanent("no such number".into()));
        }
        Err(DeliveryError::Temporary("no answer".into()))
    }
}

#[test]
fn what_is_given_up_is_listed_and_can_be_tried_again() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 10).await;
        let gateway = Arc::new(Moody::default());
        *gateway.refuses.lock().unwrap() = true;
        let mut ports = world.cab.ports().clone();
        ports.sms = Arc::clone(&gateway) as Arc<dyn Sms>;
        let broken = world.behind(ports);
        sweep_at(&broken, moscow(11, 30, 12, 0)).await;
        let dead = outbox::dead(&broken.cab, 10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert!(
            dead[0].kind == "notice" && dead[0].whole && dead[0].error.contains("undeliverable")
        );
        assert_eq!(ledger(&world, borrower, Event::Due3).await[0].1, "refused");
        let waiting = outbox::measure(&world.cab).await.unwrap();
        let notices = waiting.iter().find(|one| one.kind == "notice").unwrap();
        assert_eq!((notices.waiting, notices.dead), (0, 1));
        // The number works again: somebody says so, and the message goes once.
        let before = world.inbox.texts(PHONE).len();
        outbox::retry(&world.cab, &dead[0].id).await.unwrap();
        world.work().await;
        assert_eq!(world.inbox.texts(PHONE).len(), before + 1);
        assert_eq!(ledger(&world, borrower, Event::Due3).await[0].1, "sent");
        assert!(outbox::dead(&world.cab, 10).await.unwrap().is_empty());
        let again = outbox::retry(&world.cab, &dead[0].id).await;
        assert!(matches!(again, Err(CabinetError::Conflict("not_dead"))));
        let nobody = outbox::retry(&world.cab, "nothing").await;
        assert!(matches!(nobody, Err(CabinetError::NotFound)));
    });
}

#[test]
fn a_gateway_that_stays_silent_is_given_up_in_the_ledger_too() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 10).await;
        let mut ports = world.cab.ports().clone();
        ports.sms = Arc::new(Moody::default());
        let silent = world.behind(ports);
        sweep_at(&silent, moscow(11, 30, 9, 0)).await;
        for _ in 0..60 {
            silent.clock.pass(Duration::minutes(10));
            silent.work().await;
        }
        let told = ledger(&world, borrower, Event::Due3).await;
        assert_eq!(told[0].1, "", "still tried");
        for _ in 0..60 {
            silent.clock.pass(Duration::hours(1));
            silent.work().await;
        }
        let ended = ledger(&world, borrower, Event::Due3).await[0].1.clone();
        assert!(ended == "failed" || ended == "stale", "{ended}");
    });
}

/// A business clock that is moved beside a machine's that is not.
struct Moved(Arc<support::TestClock>, DateTime<Utc>);

impl Clock for Moved {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    fn machine(&self) -> DateTime<Utc> {
        self.1
    }
}

#[test]
fn a_moved_business_clock_takes_a_row_from_nobody() {
    on_both(|world| async move {
        world.lent(PHONE, 20_000, 10).await;
        let gateway = Arc::new(Moody::default());
        *gateway.hangs.lock().unwrap() = true;
        let mut ports = world.cab.ports().clone();
        ports.sms = Arc::clone(&gateway) as Arc<dyn Sms>;
        ports.clock = Arc::new(Moved(Arc::clone(&world.clock), world.clock.now()));
        let moved = world.behind(ports);
        world.clock.set(moscow(11, 30, 12, 0));
        notice::daily(&moved.cab).await.unwrap();
        let first = tokio::spawn({
            let cab = moved.cab.clone();
            async move { outbox::run_due(&cab).await.unwrap() }
        });
        while gateway.took.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        // The sandbox's people move the clock by a day while the message is on its way.
        world.clock.pass(Duration::days(1));
        assert_eq!(outbox::run_due(&moved.cab).await.unwrap(), 0);
        gateway.go.notify_one();
        assert_eq!(first.await.unwrap(), 1);
        assert_eq!(gateway.took.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn old_rows_go_and_proofs_stay() {
    on_both(|world| async move {
        let (borrower, _) = world.lent(PHONE, 20_000, 10).await;
        cabinet::inbox::store(&world.cab, "test", "event", "1", "", "{}")
            .await
            .unwrap();
        let start = world.clock.now();
        let all = count(&world, "outbox").await;
        assert!(all > 3);
        assert_eq!(
            sweep::old_rows(&world.cab).await.unwrap(),
            0,
            "nothing is old"
        );
        world.clock.set(start + Duration::days(31));
        sweep::old_rows(&world.cab).await.unwrap();
        let messages = "outbox WHERE kind IN ('sms', 'mail', 'push', 'notice')";
        assert_eq!(count(&world, messages).await, 0);
        assert!(count(&world, "outbox").await > 0, "a payout is kept longer");
        assert_eq!(count(&world, "idempotency").await, 0);
        assert_eq!(count(&world, "code WHERE purpose = 'sign_in'").await, 0);
        assert!(
            count(&world, "code WHERE purpose = 'contract'").await > 0,
            "a signature"
        );
        assert_eq!(count(&world, "sms_part").await, 0);
        assert_eq!(count(&world, "inbox").await, 1);
        world.clock.set(start + Duration::days(181));
        sweep::old_rows(&world.cab).await.unwrap();
        assert_eq!(count(&world, "outbox").await, 0);
        assert_eq!(count(&world, "inbox").await, 0);
        assert!(!notice::list(&world.cab, borrower).await.unwrap().is_empty());
        assert!(
            !notice::ledger(&world.cab, borrower, 9)
                .await
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn a_lender_has_words_of_its_own() {
    on_both(|world| async move {
        let file =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../lenders/demo.toml"))
                .unwrap();
        let own = "\n[[notices.texts]]\nkind = \"due_3\"\n\
                   text = { ru = \"{lender} напоминает: {amount} до {date}.\", en = \"{amount} by {date}\" }\n";
        let lender = Lender::parse(&format!("{file}{own}")).unwrap();
        let world = world.of(lender);
        world.lent(PHONE, 20_000, 10).await;
        sweep_at(&world, moscow(11, 30, 12, 0)).await;
        let text = world.inbox.texts(PHONE).last().unwrap().clone();
        let name = &world.cab.lender().name;
        assert!(text.starts_with(&format!("{name} напоминает: ")), "{text}");
        assert!(text.ends_with("до 3 декабря."), "{text}");
        for (text, complaint) in [
            ("{ru}", "names {ru}, which this notice does not know"),
            ("{amount", "has a brace that is never closed"),
            ("", "is empty in a language"),
        ] {
            let wrong = format!(
                "{file}\n[[notices.texts]]\nkind = \"due_3\"\ntext = {{ ru = \"{text}\", en = \"a\" }}\n"
            );
            let errors = Lender::parse(&wrong).unwrap_err().to_string();
            assert!(errors.contains(complaint), "{errors}");
        }
        let wrong = format!(
            "{file}\n[[notices.texts]]\nkind = \"due_4\"\ntext = {{ ru = \"а\", en = \"a\" }}\n"
        );
        let errors = Lender::parse(&wrong).unwrap_err().to_string();
        assert!(
            errors.contains("is no notice") && errors.contains("due_3"),
            "{errors}"
        );
        let silent = format!(
            "{file}\n[[notices.texts]]\nkind = \"overdue\"\ntext = {{ ru = \"{{lender}}\", en = \"{{lender}}\" }}\n"
        );
        let errors = Lender::parse(&silent).unwrap_err().to_string();
        assert!(errors.contains("230-ФЗ"), "{errors}");
    });
}
