//! What borrowers write and what becomes of it: the clock, two people, the penalty that stands still.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use cabinet::document::{self, DocumentKind, list as documents};
use cabinet::lender::help::{Evidence, Meanwhile};
use cabinet::loan::OperationKind;
use cabinet::payment::PayAmount;
use cabinet::staff::{self, Role, Staff};
use cabinet::support::{Asked, Cause, Kind, Outsider, State};
use cabinet::upload::{self, Owner};
use cabinet::{
    AppealId, BorrowerId, CabinetError, Lang, LoanId, diary, loan, person, profile, request,
    support as appeals,
};
use chrono::Duration;
use lending::Kopecks;
use support::journey::{OTHER_PHONE, PHONE, origin, roubles};
use support::{World, on_both};

const SITE: &str = "https://kopeck.example";
const WHY: &str = "разбираем обращение";

/// Somebody of the staff, in the table and with roles.
async fn colleague(world: &World, login: &str, role: Role) -> Staff {
    let welcome = staff::add(&world.cab, login, "Коллега", &[role])
        .await
        .unwrap();
    Staff {
        id: welcome.id,
        login: login.to_owned(),
        name: "Коллега".into(),
        roles: vec![role],
        must_change: false,
    }
}

fn asked(loan: Option<LoanId>) -> Asked {
    Asked {
        loan: loan.map_or_else(String::new, |id| id.to_string()),
        text: "Платёж через банк, а в кабинете его нет".into(),
        ..Asked::default()
    }
}

async fn written(world: &World, borrower: BorrowerId, kind: Kind, asked: &Asked) -> AppealId {
    appeals::ask(&world.cab, borrower, kind, asked, Lang::Ru)
        .await
        .unwrap()
}

/// A picture that the upload takes.
fn receipt() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(900, 700, image::Rgb([240, 240, 235]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn attached(world: &World, borrower: BorrowerId, appeal: AppealId) {
    let owner = Owner::Borrower(borrower);
    let picture = upload::put(&world.cab, owner, upload::Kind::Evidence, receipt())
        .await
        .unwrap();
    appeals::attach(&world.cab, borrower, appeal, picture)
        .await
        .unwrap();
}

async fn penalty(world: &World, borrower: BorrowerId, loan: LoanId) -> Kopecks {
    let view = loan::view(&world.cab, borrower, loan, None).await.unwrap();
    view.state.penalty
}

/// A loan five days late, and its borrower says that they paid on the second of them.
async fn claimed(world: &World) -> (BorrowerId, LoanId, AppealId) {
    let (borrower, loan) = world.lent(PHONE, 10_000, 30).await;
    world.days(35);
    let paid_on = (world.cab.today() - Duration::days(3)).format("%d.%m.%Y");
    let typed = Asked {
        amount: "5 000".into(),
        paid_on: paid_on.to_string(),
        ..asked(Some(loan))
    };
    let id = written(world, borrower, Kind::Payment, &typed).await;
    (borrower, loan, id)
}

#[test]
fn a_receipt_stops_the_penalty_from_its_day_and_a_refusal_lets_it_run_from_the_next() {
    on_both(|world| async move {
        let (borrower, loan, id) = claimed(&world).await;
        let before = penalty(&world, borrower, loan).await;
        assert!(before.is_positive());
        let view = appeals::view(&world.cab, borrower, id).await.unwrap();
        assert_eq!((view.paused_from, view.state), (None, State::Open));
        attached(&world, borrower, id).await;
        let then = penalty(&world, borrower, loan).await;
        assert!(then < before, "{then} after {before}");
        world.days(8);
        assert_eq!(penalty(&world, borrower, loan).await, then);

        let by = colleague(&world, "olga", Role::Support).await;
        let early = appeals::refuse(&world.cab, &by, id, "банк платежа не нашёл").await;
        assert!(matches!(early, Err(CabinetError::Conflict("appeal_state"))));
        appeals::take(&world.cab, &by, id).await.unwrap();
        appeals::refuse(
            &world.cab,
            &by,
            id,
            "банк платежа не нашёл, деньги не уходили",
        )
        .await
        .unwrap();
        assert_eq!(penalty(&world, borrower, loan).await, then);
        world.days(1);
        let running = penalty(&world, borrower, loan).await;
        assert!(running > then, "{running}");
        world.work().await;
        assert!(
            world
                .inbox
                .texts(PHONE)
                .last()
                .unwrap()
                .contains("ответили")
        );
        let view = appeals::view(&world.cab, borrower, id).await.unwrap();
        assert_eq!(view.state, State::Refused);
        assert!(view.answer.contains("деньги не уходили"));
        let history = loan::view(&world.cab, borrower, loan, None).await.unwrap();
        let kinds: Vec<_> = history.operations.iter().map(|one| one.kind).collect();
        assert!(kinds.contains(&OperationKind::Pause) && kinds.contains(&OperationKind::Resume));

        // The same again stops nothing: the search has been in vain.
        let paid_on = world.cab.today().format("%d.%m.%Y").to_string();
        let typed = Asked {
            amount: "5000".into(),
            paid_on,
            ..asked(Some(loan))
        };
        let again = written(&world, borrower, Kind::Payment, &typed).await;
        attached(&world, borrower, again).await;
        world.days(1);
        assert!(penalty(&world, borrower, loan).await > running);
        let view = appeals::view(&world.cab, borrower, again).await.unwrap();
        assert_eq!(view.paused_from, None);

        // The letter is one of the borrower's documents.
        let papers = documents(&world.cab, borrower).await.unwrap();
        let letters: Vec<_> = papers
            .iter()
            .filter(|one| one.kind == DocumentKind::Letter)
            .collect();
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].object, id.to_string());
        // Money still goes where the law sends it, and the loan closes to the kopeck.
        world.pay(borrower, loan, PayAmount::Payoff).await;
        assert_eq!(world.payoff(borrower, loan).await, Kopecks::ZERO);
    });
}

#[test]
fn a_cancelled_search_lets_the_penalty_run_and_a_stranger_touches_nothing() {
    on_both(|world| async move {
        let (borrower, loan, id) = claimed(&world).await;
        let (other, _) = world.lent(OTHER_PHONE, 5_000, 30).await;
        attached(&world, borrower, id).await;
        let cab = &world.cab;
        assert!(matches!(
            appeals::view(cab, other, id).await,
            Err(CabinetError::NotFound)
        ));
        assert!(matches!(
            appeals::cancel(cab, other, id).await,
            Err(CabinetError::NotFound)
        ));
        let typed = asked(Some(loan));
        let theirs = appeals::ask(cab, other, Kind::Debt, &typed, Lang::Ru).await;
        assert!(matches!(theirs, Err(CabinetError::NotFound)));
        let stood = penalty(&world, borrower, loan).await;
        appeals::cancel(cab, borrower, id).await.unwrap();
        world.days(1);
        assert!(penalty(&world, borrower, loan).await > stood);
        let twice = appeals::cancel(cab, borrower, id).await;
        assert!(matches!(twice, Err(CabinetError::Conflict("appeal_state"))));
    });
}

#[test]
fn the_clock_is_fifteen_and_ten_working_days_and_a_breach_stands_out() {
    on_both(|world| async move {
        let (cab, borrower) = (&world.cab, world.borrower(PHONE, roubles(10_000)).await);
        let typed = Asked {
            cause: "contacts".into(),
            ..asked(None)
        };
        let id = written(&world, borrower, Kind::Complaint, &typed).await;
        let view = appeals::view(cab, borrower, id).await.unwrap();
        // Monday 23 November and fifteen working days.
        assert_eq!(view.due_on.to_string(), "2026-12-14");
        let by = colleague(&world, "olga", Role::Support).await;
        appeals::take(cab, &by, id).await.unwrap();
        appeals::longer(cab, &by, id, "ждём запись разговора от оператора")
            .await
            .unwrap();
        let again = appeals::longer(cab, &by, id, "ждём ещё немного записи").await;
        assert!(matches!(
            again,
            Err(CabinetError::Conflict("appeal_extended"))
        ));
        let view = appeals::view(cab, borrower, id).await.unwrap();
        assert_eq!(view.due_on.to_string(), "2026-12-28");
        assert!(view.longer.unwrap().contains("запись разговора"));
        world.work().await;
        assert!(
            world
                .inbox
                .texts(PHONE)
                .last()
                .unwrap()
                .contains("28 декабря 2026 года")
        );
        let late =
            |list: Vec<appeals::Waiting>| list.iter().map(|one| one.late).collect::<Vec<_>>();
        world.days(35);
        assert_eq!(late(appeals::queue(cab, &by).await.unwrap()), [false]);
        world.days(1);
        assert_eq!(late(appeals::queue(cab, &by).await.unwrap()), [true]);
        let chief = colleague(&world, "pavel", Role::Chief).await;
        let year = cab.now() - Duration::days(365);
        let causes = appeals::by_cause(cab, &chief, year).await.unwrap();
        assert_eq!(causes.len(), Cause::ALL.len());
        let contacts = causes
            .iter()
            .find(|one| one.cause == Cause::Contacts)
            .unwrap();
        assert_eq!((contacts.came, contacts.waiting, contacts.late), (1, 1, 1));
        assert!(causes.iter().filter(|one| one.came > 0).count() == 1);
    });
}

#[test]
fn what_changes_a_debt_or_a_person_needs_two_and_nobody_approves_their_own() {
    on_both(|world| async move {
        let (borrower, loan) = world.lent(PHONE, 10_000, 30).await;
        let cab = &world.cab;
        let first = colleague(&world, "olga", Role::Support).await;
        let second = colleague(&world, "pavel", Role::Chief).await;
        let passport = [
            ("passport", "4512 654321"),
            ("passport_code", "770-002"),
            ("passport_issuer", "ГУ МВД России по г. Москве"),
            ("passport_date", "20.06.2020"),
        ];
        let typed = Asked {
            passport: passport
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
            ..Asked::default()
        };
        let changed = written(&world, borrower, Kind::Passport, &typed).await;
        let debt = written(&world, borrower, Kind::Debt, &asked(Some(loan))).await;
        let twice = appeals::ask(cab, borrower, Kind::Debt, &asked(Some(loan)), Lang::Ru).await;
        assert!(matches!(twice, Err(CabinetError::Conflict("appeal_open"))));
        for id in [changed, debt] {
            // A chief has the last word and leads nothing.
            let refused = appeals::take(cab, &second, id).await;
            assert!(matches!(
                refused,
                Err(CabinetError::Forbidden("staff_role"))
            ));
            appeals::take(cab, &first, id).await.unwrap();
        }
        let bare = appeals::answer(cab, &first, changed, "паспорт сверен", &[]).await;
        assert!(matches!(bare, Err(CabinetError::Fields(_))));
        for id in [changed, debt] {
            let compared = [Evidence::Passport, Evidence::VideoCall];
            appeals::answer(cab, &first, id, "проверили и исправили", &compared)
                .await
                .unwrap();
            let own = appeals::approve(cab, &first, id).await;
            assert!(matches!(own, Err(CabinetError::Forbidden("second_person"))));
        }
        let before = profile::load(cab, borrower, roubles(10_000)).await.unwrap();
        assert_eq!(before.values["passport"], "4510123456");
        appeals::send_back(cab, &second, debt, "приложите расчёт долга")
            .await
            .unwrap();
        assert_eq!(
            appeals::one(cab, &second, debt).await.unwrap().state,
            State::Taken
        );
        // Its owner was told at once, and has a day to object.
        world.work().await;
        let texts = world.inbox.texts(PHONE);
        let told = texts.iter().filter(|text| text.contains("сменить паспорт"));
        assert_eq!(told.count(), 1);
        assert_eq!(
            person::hold(cab, borrower).await.unwrap(),
            person::Hold::ReadAndPay
        );
        let early = appeals::approve(cab, &second, changed).await;
        assert!(matches!(early, Err(CabinetError::Conflict("appeal_wait"))));
        let waiting = appeals::one(cab, &second, changed).await.unwrap();
        assert_eq!(
            waiting.not_before.unwrap(),
            waiting.at + Duration::hours(24)
        );
        world.days(1);
        appeals::approve(cab, &second, changed).await.unwrap();
        assert_eq!(
            person::hold(cab, borrower).await.unwrap(),
            person::Hold::Free
        );
        let after = profile::load(cab, borrower, roubles(10_000)).await.unwrap();
        assert_eq!(after.values["passport"], "4512 654321");
        assert_eq!(after.values["inn"], before.values["inn"]);
        let lines = diary::lines(cab, borrower).await.unwrap();
        let edited = lines.iter().find(|line| line.what == "edited").unwrap();
        assert_eq!(edited.role, diary::Role::Staff(second.id));
        assert!(edited.fields.contains_key("passport"));
    });
}

/// A cabinet is given back when the last request that holds it ends, called off or not.
#[test]
fn a_passport_holds_the_cabinet_until_it_is_called_off_and_a_closed_one_as_the_file_says() {
    on_both(|world| async move {
        let mut lender = world.cab.lender().clone();
        lender.help.phone_change.meanwhile = Meanwhile::Closed;
        let world = world.of(lender);
        let (cab, who) = (&world.cab, world.borrower(PHONE, roubles(10_000)).await);
        let passport = [
            ("passport", "4512 654321"),
            ("passport_code", "770-002"),
            ("passport_issuer", "ГУ МВД России по г. Москве"),
            ("passport_date", "20.06.2020"),
        ];
        let typed = Asked {
            passport: passport
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
            ..Asked::default()
        };
        let id = written(&world, who, Kind::Passport, &typed).await;
        assert_eq!(person::hold(cab, who).await.unwrap(), person::Hold::Closed);
        appeals::cancel(cab, who, id).await.unwrap();
        assert_eq!(person::hold(cab, who).await.unwrap(), person::Hold::Free);
    });
}

/// Beside the day that the lender promises: fifteen working days and ten more, once, and a letter.
#[test]
fn a_request_has_the_laws_clock_and_ends_with_a_letter() {
    on_both(|world| async move {
        let (cab, who) = (&world.cab, world.borrower(PHONE, roubles(10_000)).await);
        let first = colleague(&world, "olga", Role::Support).await;
        let chief = colleague(&world, "pavel", Role::Chief).await;
        let id = request::ask_closing(cab, who, true, Lang::Ru).await;
        let Ok(id) = id else {
            // An application is in the way: it is called off by its time.
            panic!("{id:?}");
        };
        let due = |view: request::RequestView| view.answer_by.to_string();
        assert_eq!(due(request::view(cab, id).await.unwrap()), "2026-12-14");
        assert!(!request::one(cab, &first, id).await.unwrap().late);
        request::longer(cab, &first, id, "ждём бумаги из архива")
            .await
            .unwrap();
        let twice = request::longer(cab, &first, id, "и ещё немного").await;
        assert!(matches!(
            twice,
            Err(CabinetError::Conflict("appeal_extended"))
        ));
        let view = request::view(cab, id).await.unwrap();
        assert_eq!(view.longer.as_deref(), Some("ждём бумаги из архива"));
        assert_eq!(due(view), "2026-12-28");
        world.work().await;
        let texts = world.inbox.texts(PHONE);
        assert!(
            texts
                .iter()
                .any(|text| text.contains("28 декабря 2026 года"))
        );
        assert_eq!(request::one(cab, &first, id).await.unwrap().days_left, 25);
        world.days(2);
        assert!(
            request::one(cab, &first, id).await.unwrap().late,
            "a day was promised"
        );
        let letter = DocumentKind::Letter;
        let early = document::file(cab, who, letter, &id.to_string(), SITE).await;
        assert!(matches!(early, Err(CabinetError::NotFound)));
        request::refuse(cab, &chief, id, "есть спор о займе, закроем после него")
            .await
            .unwrap();
        let listed = documents(cab, who).await.unwrap();
        assert!(
            listed
                .iter()
                .any(|one| one.kind == letter && one.object == id.to_string())
        );
        let file = document::file(cab, who, letter, &id.to_string(), SITE)
            .await
            .unwrap();
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        assert!(
            text.contains("Закрытие кабинета") && text.contains("спор о займе"),
            "{text}"
        );
    });
}

#[test]
fn credit_holidays_are_quoted_given_by_two_and_by_silence() {
    on_both(|world| async move {
        let (borrower, loan) = world.lent(PHONE, 10_000, 30).await;
        let cab = &world.cab;
        world.days(5);
        let holidays = |ground: &str, two: &str, twelve: &str| Asked {
            months: "2".into(),
            ground: ground.into(),
            two_months: two.into(),
            twelve_months: twelve.into(),
            ..asked(Some(loan))
        };
        let little = holidays("income_drop", "160000", "960000");
        let refused = appeals::ask(cab, borrower, Kind::Holidays, &little, Lang::Ru).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Conflict("holiday_income"))
        ));
        let fallen = holidays("income_drop", "80000", "960000");
        let id = written(&world, borrower, Kind::Holidays, &fallen).await;
        let first = colleague(&world, "olga", Role::Support).await;
        let second = colleague(&world, "pavel", Role::Chief).await;
        appeals::open(cab, &first, WHY, id).await.unwrap();
        let details = appeals::opened(cab, &first, id).await.unwrap().unwrap();
        let quote = details.holiday.unwrap().unwrap();
        assert_eq!(quote.answer_by, details.waiting.due_on);
        appeals::take(cab, &first, id).await.unwrap();
        let told = appeals::answer(cab, &first, id, "даём каникулы на два месяца", &[]).await;
        told.unwrap();
        appeals::approve(cab, &second, id).await.unwrap();
        let view = loan::view(cab, borrower, loan, None).await.unwrap();
        assert_eq!(view.state.due, quote.new_due);
        assert_eq!(view.state.holiday_until, Some(quote.until));
        // Another reason after it is over; nobody answers, and the law gives it.
        world.clock.pass(Duration::days(70));
        let silent = written(
            &world,
            borrower,
            Kind::Holidays,
            &holidays("emergency", "", ""),
        )
        .await;
        assert_eq!(appeals::silent(cab).await.unwrap(), 0);
        world.days(11);
        assert_eq!(appeals::silent(cab).await.unwrap(), 1);
        assert_eq!(appeals::silent(cab).await.unwrap(), 0);
        let view = appeals::view(cab, borrower, silent).await.unwrap();
        assert_eq!(view.state, State::Answered);
        let view = loan::view(cab, borrower, loan, None).await.unwrap();
        assert!(view.state.holiday_until.is_some());
    });
}

#[test]
fn a_question_from_outside_has_a_place_in_the_queue_and_is_answered_to_its_contact() {
    on_both(|world| async move {
        let cab = &world.cab;
        let ask = |contact: &str| Outsider {
            name: "Мария".into(),
            contact: contact.into(),
            text: "Можно ли взять займ без прописки?".into(),
        };
        let wrong = appeals::ask_outside(cab, &ask("12"), &origin(), Lang::Ru).await;
        let Err(CabinetError::Fields(fields)) = wrong else {
            panic!("a contact nobody can answer to");
        };
        assert_eq!(fields[0].code, "appeal_contact");
        let phone = "79005550011";
        let mut written = Vec::new();
        for contact in ["maria@example.org", phone] {
            let id = appeals::ask_outside(cab, &ask(contact), &origin(), Lang::Ru)
                .await
                .unwrap();
            written.push(id);
            world.clock.pass(Duration::seconds(1));
        }
        let places = |one: &appeals::AppealView| one.ahead;
        for (place, id) in written.iter().enumerate() {
            let one = appeals::view_outside(cab, *id).await.unwrap();
            assert_eq!(places(&one), i64::try_from(place).unwrap());
        }
        let by = colleague(&world, "olga", Role::Support).await;
        appeals::take(cab, &by, written[0]).await.unwrap();
        let one = appeals::view_outside(cab, written[1]).await.unwrap();
        assert_eq!(places(&one), 0);
        appeals::take(cab, &by, written[1]).await.unwrap();
        appeals::answer(cab, &by, written[1], "Да, нужен только паспорт.", &[])
            .await
            .unwrap();
        world.work().await;
        let text = world.inbox.texts(phone).pop().unwrap();
        assert!(text.contains("нужен только паспорт"), "{text}");
        // Nobody floods the queue.
        for _ in 0..3 {
            appeals::ask_outside(cab, &ask(phone), &origin(), Lang::Ru)
                .await
                .unwrap();
        }
        let many = appeals::ask_outside(cab, &ask(phone), &origin(), Lang::Ru).await;
        assert!(matches!(
            many,
            Err(CabinetError::TooMany {
                code: "appeal_day",
                ..
            })
        ));
    });
}
