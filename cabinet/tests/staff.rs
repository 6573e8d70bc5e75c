//! The lender's staff: coming in, roles, two people for what needs two, and that everything leaves a trace. Each
//! story runs on SQLite and, when `KOPECK_TEST_POSTGRES` names a server, on Postgres.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use std::collections::BTreeSet;
use std::pin::Pin;

use cabinet::adjustment::{self, Cause, Change, Reason};
use cabinet::application::{self, AppStatus, Choice};
use cabinet::staff::{
    self, Action, Field, Kind, Role, Sight, Staff, Typed, Welcome, Word, audit, roles,
};
use cabinet::support::chat;
use cabinet::{
    ApplicationId, BorrowerId, Cabinet, CabinetError, Lang, agent, bonus, diary, refund, request,
    upload,
};
use chrono::DateTime;
use sea_orm::ConnectionTrait;
use support::journey::{PHONE, roubles};
use support::{World, on_both};
use totp_rs::TOTP;
use uuid::Uuid;

const NOON: i64 = 1_795_424_400;
const PASSWORD: &str = "восемь сосен у реки";

fn digits(welcome: &Welcome, now: i64) -> String {
    let totp = TOTP::from_url(&welcome.authenticator).unwrap();
    totp.generate(u64::try_from(now).unwrap())
}

fn typed(welcome: &Welcome, password: &str, now: i64) -> Typed {
    Typed {
        login: welcome.login.clone(),
        password: password.into(),
        code: digits(welcome, now),
    }
}

/// Somebody who works here, their first password replaced.
async fn member(cab: &Cabinet, login: &str, given: &[Role]) -> Staff {
    let welcome = staff::add(cab, login, "Коллега", given).await.unwrap();
    let first = typed(&welcome, &welcome.password, NOON);
    let token = staff::enter(cab, first, "10.0.0.1", NOON).await.unwrap();
    let by = staff::session(cab, &token, NOON).await.unwrap().unwrap();
    let password = welcome.password.clone();
    staff::change_password(cab, &by, &token, password, PASSWORD.into(), NOON)
        .await
        .unwrap();
    staff::session(cab, &token, NOON).await.unwrap().unwrap()
}

async fn break_row(cab: &Cabinet, statement: &str) {
    let conn = cab.db().read();
    conn.execute_unprepared(statement).await.unwrap();
}

/// An application that the program leaves to a person.
async fn waiting(world: &World) -> (BorrowerId, ApplicationId) {
    let cab = &world.cab;
    *world.bureau.score.lock().unwrap() = 350;
    let borrower = world.borrower(PHONE, roubles(10_000)).await;
    let choice = Choice {
        product: "short".into(),
        amount: roubles(10_000),
        term: 15,
    };
    application::choose(cab, borrower, choice).await.unwrap();
    let id = application::submit(cab, borrower, Uuid::now_v7())
        .await
        .unwrap();
    world.work().await;
    let view = application::latest(cab, borrower).await.unwrap().unwrap();
    assert_eq!(view.status, AppStatus::Specialist);
    (borrower, id)
}

#[test]
fn the_first_password_opens_nothing_but_its_change_and_a_code_counts_once() {
    on_both(|world| async move {
        let cab = &world.cab;
        let welcome = staff::add(cab, "Anna.K", "Анна", &[Role::Chief])
            .await
            .unwrap();
        assert_eq!(welcome.login, "anna.k");
        assert!(welcome.authenticator.starts_with("otpauth://totp/"));
        let first = typed(&welcome, &welcome.password, NOON);
        let token = staff::enter(cab, first.clone(), "10.0.0.1", NOON)
            .await
            .unwrap();
        let by = staff::session(cab, &token, NOON).await.unwrap().unwrap();
        assert!(by.must_change && !by.may(Action::ReadStaff));
        let refused = staff::colleagues(cab, &by).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_password_needed"))
        ));
        // The same six digits again, and those of the step before.
        for code in [first, typed(&welcome, &welcome.password, NOON - 30)] {
            let again = staff::enter(cab, code, "10.0.0.1", NOON).await;
            assert!(matches!(
                again,
                Err(CabinetError::Forbidden("staff_refused"))
            ));
        }
        for bad in ["", "short", "anna.k anna.k"] {
            let refused = staff::change_password(
                cab,
                &by,
                &token,
                welcome.password.clone(),
                bad.into(),
                NOON,
            )
            .await;
            assert!(matches!(refused, Err(CabinetError::Fields(_))), "{bad}");
        }
        let set = staff::change_password(
            cab,
            &by,
            &token,
            welcome.password.clone(),
            PASSWORD.into(),
            NOON,
        )
        .await;
        assert!(set.is_ok());
        let by = staff::session(cab, &token, NOON).await.unwrap().unwrap();
        assert_eq!(staff::colleagues(cab, &by).await.unwrap().len(), 1);
    });
}

#[test]
fn a_session_ends_by_idling_by_the_day_and_by_leaving() {
    on_both(|world| async move {
        let cab = &world.cab;
        let welcome = staff::add(cab, "anna", "Анна", &[Role::Chief])
            .await
            .unwrap();
        let open = |at: i64| {
            let typed = typed(&welcome, &welcome.password, at);
            async move { staff::enter(cab, typed, "10.0.0.1", at).await.unwrap() }
        };
        let token = open(NOON).await;
        assert!(
            staff::session(cab, &token, NOON + 1_200)
                .await
                .unwrap()
                .is_some()
        );
        assert!(
            staff::session(cab, &token, NOON + 2_401)
                .await
                .unwrap()
                .is_none()
        );
        let token = open(NOON + 3_000).await;
        for minute in 1..600 {
            let at = NOON + 3_000 + minute * 60;
            assert!(staff::session(cab, &token, at).await.unwrap().is_some());
        }
        let next_day = NOON + 3_000 + 36_001;
        assert!(
            staff::session(cab, &token, next_day)
                .await
                .unwrap()
                .is_none()
        );
        let token = open(NOON + 90_000).await;
        staff::leave(cab, &token, NOON + 90_001).await.unwrap();
        assert!(
            staff::session(cab, &token, NOON + 90_002)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            staff::session(cab, "guessed", NOON)
                .await
                .unwrap()
                .is_none()
        );
    });
}

#[test]
fn guessing_is_refused_the_same_way_whoever_is_guessed_and_then_stops() {
    on_both(|world| async move {
        let cab = &world.cab;
        let welcome = staff::add(cab, "anna", "Анна", &[Role::Chief])
            .await
            .unwrap();
        let wrong = |login: &str, at: i64| Typed {
            login: login.into(),
            password: "not the password".into(),
            code: digits(&welcome, at),
        };
        let hashes = cab.hasher().hashes();
        for login in ["anna", "nobody"] {
            let refused = staff::enter(cab, wrong(login, NOON), "10.0.0.2", NOON).await;
            assert!(matches!(
                refused,
                Err(CabinetError::Forbidden("staff_refused"))
            ));
        }
        assert_eq!(
            cab.hasher().hashes() - hashes,
            2,
            "the same work for nobody"
        );
        for _ in 0..9 {
            let _ = staff::enter(cab, wrong("anna", NOON), "10.0.0.2", NOON).await;
        }
        // Even with the right password: the hour has to pass.
        let right = typed(&welcome, &welcome.password, NOON + 60);
        let refused = staff::enter(cab, right, "10.0.0.2", NOON + 60).await;
        assert!(matches!(
            refused,
            Err(CabinetError::TooMany {
                code: "staff_tries",
                ..
            })
        ));
        world.clock.pass(chrono::Duration::minutes(61));
        let right = typed(&welcome, &welcome.password, NOON + 3_700);
        assert!(
            staff::enter(cab, right, "10.0.0.2", NOON + 3_700)
                .await
                .is_ok()
        );
    });
}

#[test]
fn a_specialist_reads_the_trail_decides_with_a_reason_and_once() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = waiting(&world).await;
        let under = member(cab, "under", &[Role::Underwriter]).await;
        let chief = member(cab, "chief", &[Role::Chief]).await;
        let queue = staff::queue(cab, &under).await.unwrap();
        assert_eq!(queue.len(), 1);
        assert!(!queue[0].late);
        world.clock.pass(chrono::Duration::hours(25));
        assert!(staff::queue(cab, &under).await.unwrap()[0].late);
        let case = staff::case(cab, &under, id).await.unwrap();
        assert!(case.waits && case.pdn.is_some() && case.checks.len() > 5);
        assert!(
            case.checks
                .iter()
                .any(|(rule, _)| *rule == lending::Rule::SelfBan)
        );
        // A chief reads but does not decide; nobody decides without a reason.
        let refused =
            staff::resolve(cab, &chief, id, Word::Approve, "всё в порядке, звонили").await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_role"))
        ));
        let refused = staff::resolve(cab, &under, id, Word::Approve, "ок").await;
        assert!(matches!(refused, Err(CabinetError::Fields(_))));
        let reason = "справка о доходах проверена";
        staff::resolve(cab, &under, id, Word::Approve, reason)
            .await
            .unwrap();
        let again = staff::resolve(cab, &under, id, Word::Refuse, reason).await;
        assert!(matches!(
            again,
            Err(CabinetError::Conflict("specialist_only"))
        ));
        let view = application::latest(cab, borrower).await.unwrap().unwrap();
        assert_eq!(view.status, AppStatus::Approved);
        assert!(staff::queue(cab, &under).await.unwrap().is_empty());
        let filter = audit::Filter {
            borrower: Some(borrower),
            ..audit::Filter::default()
        };
        let lines = audit::read(cab, &chief, &filter, 50).await.unwrap();
        let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
        // Asking who looked is itself a look.
        for action in ["read_audit", "decide_application", "read_applications"] {
            assert!(actions.contains(&action), "{action}: {actions:?}");
        }
        assert!(lines.iter().any(|line| line.detail.contains(reason)));
    });
}

#[test]
fn a_field_is_masked_until_it_is_opened_with_a_reason_and_closes_again() {
    on_both(|world| async move {
        let cab = &world.cab;
        let borrower = world.borrower(PHONE, roubles(10_000)).await;
        let support = member(cab, "support", &[Role::Support]).await;
        let pays = member(cab, "pays", &[Role::Payments]).await;
        let chief = member(cab, "chief", &[Role::Chief]).await;
        let found = staff::find_person(cab, &support, PHONE).await.unwrap();
        assert_eq!(found.borrower, borrower);
        for nobody in ["+7 900 000-00-00", "2026-999999"] {
            let missing = staff::find_person(cab, &support, nobody).await;
            assert!(matches!(missing, Err(CabinetError::NotFound)));
        }
        let text = |view: &staff::PersonView, field: Field| {
            let seen = view.fields.iter().find(|seen| seen.field == field);
            seen.and_then(|seen| seen.text.clone())
        };
        let before = staff::person(cab, &support, borrower).await.unwrap();
        let masked = text(&before, Field::Passport).unwrap();
        assert!(masked.starts_with("***"), "{masked}");
        assert_eq!(
            text(&before, Field::Income),
            None,
            "support has no business with incomes"
        );
        for short in ["", "нужно"] {
            let refused = staff::open_field(cab, &support, borrower, Field::Passport, short).await;
            assert!(matches!(refused, Err(CabinetError::Fields(_))));
        }
        let why = "звонит клиент, сверяем паспорт";
        let refused = staff::open_field(cab, &pays, borrower, Field::Passport, why).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_role"))
        ));
        staff::open_field(cab, &support, borrower, Field::Passport, why)
            .await
            .unwrap();
        let open = staff::person(cab, &support, borrower).await.unwrap();
        let passport = text(&open, Field::Passport).unwrap();
        assert!(!passport.contains('*') && passport.len() >= 10);
        // Opened by one, masked for the others; after a quarter of an hour for all.
        let other = staff::person(cab, &chief, borrower).await.unwrap();
        assert_eq!(
            text(&other, Field::Passport).as_deref(),
            Some(masked.as_str())
        );
        world.clock.pass(chrono::Duration::minutes(16));
        let later = staff::person(cab, &support, borrower).await.unwrap();
        assert_eq!(
            text(&later, Field::Passport).as_deref(),
            Some(masked.as_str())
        );
        let filter = audit::Filter {
            borrower: Some(borrower),
            ..audit::Filter::default()
        };
        let lines = audit::read(cab, &chief, &filter, 100).await.unwrap();
        let looks = lines
            .iter()
            .filter(|line| line.action == "open_person")
            .count();
        assert_eq!(looks, 4, "each look left a row");
        let read = diary::lines(cab, borrower).await.unwrap();
        let by_staff: Vec<&diary::Line> = read
            .iter()
            .filter(|line| matches!(line.role, diary::Role::Staff(_)))
            .collect();
        let seen = by_staff.iter().filter(|line| line.what == "person_seen");
        assert_eq!(seen.count(), 4, "and a line that the person reads");
        let told = by_staff.iter().find(|line| line.what == "field_opened");
        let told = told.unwrap();
        assert_eq!(
            (told.role, told.why.as_str()),
            (diary::Role::Staff(support.id), why)
        );
        let opened = lines
            .iter()
            .find(|line| line.action == "open_field")
            .unwrap();
        assert_eq!(
            (opened.staff, opened.detail.as_str()),
            (Some(support.id), why)
        );
    });
}

/// Whatever two roles two people have, nobody approves their own, and a third may.
#[test]
fn nobody_agrees_with_themselves_in_any_pair_of_roles() {
    on_both(|world| async move {
        let cab = &world.cab;
        let chief = member(cab, "chief", &[Role::Chief]).await;
        let second = member(cab, "second", &[Role::Chief]).await;
        for (n, one) in Role::ALL.iter().enumerate() {
            for (m, two) in Role::ALL.iter().enumerate() {
                let by = member(cab, &format!("by-{n}-{m}"), &[*one, *two]).await;
                let whom = member(cab, &format!("whom-{n}-{m}"), &[*two]).await;
                let free = Role::ALL.iter().find(|role| *role != two).unwrap();
                let why = "замещает коллегу в отпуске";
                let asked =
                    staff::propose_role(cab, &by, Kind::GiveRole, whom.id, Some(*free), why).await;
                let allowed = roles::may(&[*one, *two], Action::ProposeStaff);
                assert_eq!(asked.is_ok(), allowed, "{one:?} {two:?}");
                let Ok(id) = asked else { continue };
                for own in [&by, &whom] {
                    let refused = staff::decide(cab, own, id, true).await;
                    assert!(
                        matches!(refused, Err(CabinetError::Forbidden(_))),
                        "{one:?} {two:?}"
                    );
                }
                staff::decide(cab, &chief, id, true).await.unwrap();
                let twice = staff::decide(cab, &second, id, true).await;
                assert!(matches!(twice, Err(CabinetError::NotFound)));
            }
        }
        // The database itself refuses it, whatever the program says.
        let whom = member(cab, "last", &[Role::Support]).await;
        let why = "переходит в другой отдел";
        let id = staff::propose_role(
            cab,
            &chief,
            Kind::TakeRole,
            whom.id,
            Some(Role::Support),
            why,
        )
        .await
        .unwrap();
        let forged = format!(
            "UPDATE agreement SET decided_by = asked_by, decided_at = 1, outcome = 'approved' \
             WHERE id = '{id}'"
        );
        assert!(cab.db().read().execute_unprepared(&forged).await.is_err());
        staff::withdraw(cab, &chief, id).await.unwrap();
    });
}

#[test]
fn a_role_taken_away_and_a_colleague_who_left_open_nothing() {
    on_both(|world| async move {
        let cab = &world.cab;
        let chief = member(cab, "chief", &[Role::Chief]).await;
        let second = member(cab, "second", &[Role::Chief]).await;
        let welcome = staff::add(cab, "anna", "Анна", &[Role::Underwriter])
            .await
            .unwrap();
        let first = typed(&welcome, &welcome.password, NOON);
        let token = staff::enter(cab, first, "10.0.0.1", NOON).await.unwrap();
        let why = "уходит из компании";
        let leave = staff::propose_role(cab, &chief, Kind::Leave, welcome.id, None, why)
            .await
            .unwrap();
        let twice = staff::propose_role(cab, &second, Kind::Leave, welcome.id, None, why).await;
        assert!(matches!(
            twice,
            Err(CabinetError::Conflict("agreement_waits"))
        ));
        assert_eq!(
            staff::agreements(cab, &second).await.unwrap()[0].reason,
            why
        );
        staff::decide(cab, &second, leave, true).await.unwrap();
        assert!(
            staff::session(cab, &token, NOON + 1)
                .await
                .unwrap()
                .is_none()
        );
        let again = typed(&welcome, &welcome.password, NOON + 60);
        let refused = staff::enter(cab, again, "10.0.0.1", NOON + 60).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_refused"))
        ));
        // Two are needed to agree on anything, so the last two stay.
        let third = member(cab, "third", &[Role::Chief]).await;
        let leave = staff::propose_role(cab, &chief, Kind::Leave, third.id, None, why)
            .await
            .unwrap();
        staff::decide(cab, &second, leave, true).await.unwrap();
        let take = staff::propose_role(
            cab,
            &chief,
            Kind::TakeRole,
            chief.id,
            Some(Role::Chief),
            why,
        )
        .await
        .unwrap();
        let refused = staff::decide(cab, &second, take, true).await;
        assert!(matches!(refused, Err(CabinetError::Conflict("last_chief"))));
    });
}

#[test]
fn one_altered_row_of_the_log_is_named() {
    on_both(|world| async move {
        let cab = &world.cab;
        let chief = member(cab, "chief", &[Role::Chief]).await;
        for _ in 0..5 {
            audit::read(cab, &chief, &audit::Filter::default(), 10)
                .await
                .unwrap();
        }
        let whole = audit::verify(cab).await.unwrap();
        assert!(whole.first_bad.is_none() && whole.rows >= 8);
        let alter = "UPDATE audit SET action = 'nothing' WHERE seq = 4";
        assert!(
            cab.db().read().execute_unprepared(alter).await.is_err(),
            "rows are only added"
        );
        let sqlite = cab.db().backend() == sea_orm::DbBackend::Sqlite;
        break_row(
            cab,
            if sqlite {
                "DROP TRIGGER audit_no_update"
            } else {
                "DROP TRIGGER audit_no_update ON audit"
            },
        )
        .await;
        break_row(cab, alter).await;
        assert_eq!(audit::verify(cab).await.unwrap().first_bad, Some(4));
    });
}

type Tried<'a> = Pin<Box<dyn Future<Output = Result<(), CabinetError>> + Send + 'a>>;
type Try = for<'a> fn(&'a Cabinet, &'a Staff, BorrowerId) -> Tried<'a>;

macro_rules! tries {
    ($($action:ident: |$cab:ident, $by:ident, $who:ident| $call:expr;)+) => {
        &[$((Action::$action, stringify!($call), |$cab, $by, $who| {
            let _ = &$who;
            Box::pin(async move { $call.await.map(drop) })
        })),+]
    };
}

const WHY: &str = "проверка по обращению";

/// Everything the staff can do, with the line of the table that opens it.
const USES: &[(Action, &str, Try)] = tries! {
    FindPerson: |cab, by, _who| staff::find_person(cab, by, PHONE);
    OpenPerson: |cab, by, who| staff::person(cab, by, who);
    OpenPerson: |cab, by, who| staff::loan(cab, by, who, Uuid::nil().into());
    OpenPerson: |cab, by, _who| upload::read_by_staff(cab, by, WHY, Uuid::nil().into());
    ReadApplications: |cab, by, _who| staff::queue(cab, by);
    ReadApplications: |cab, by, _who| staff::case(cab, by, Uuid::nil().into());
    ReadApplications: |cab, by, _who| staff::case_picture(cab, by, Uuid::nil().into(), Uuid::nil().into());
    DecideApplication: |cab, by, _who| staff::resolve(cab, by, Uuid::nil().into(), Word::Refuse, WHY);
    DecideApplication: |cab, by, _who| staff::ask_paper(cab, by, Uuid::nil().into(), WHY);
    ProveIncome: |cab, by, _who| staff::incomes(cab, by);
    ProveIncome: |cab, by, who| staff::income(cab, by, who);
    ProveIncome: |cab, by, who| staff::income_picture(cab, by, who, Uuid::nil().into());
    ProveIncome: |cab, by, who| staff::prove_income(cab, by, who, &staff::ProofTyped::default());
    ProveIncome: |cab, by, who| staff::decline_income(cab, by, who, WHY, "");
    ProveIncome: |cab, by, who| staff::withdraw_income(cab, by, who, WHY);
    ReadRequests: |cab, by, _who| request::queue(cab, by);
    ReadRequests: |cab, by, _who| request::one(cab, by, Uuid::nil().into());
    ReadRequests: |cab, by, _who| request::open(cab, by, WHY, Uuid::nil().into());
    ReadRequests: |cab, by, _who| request::opened(cab, by, Uuid::nil().into());
    ReadRequests: |cab, by, _who| request::picture(cab, by, Uuid::nil().into(), Uuid::nil().into());
    LeadRequest: |cab, by, _who| request::check(cab, by, Uuid::nil().into(), None, &[]);
    LeadRequest: |cab, by, _who| request::longer(cab, by, Uuid::nil().into(), WHY);
    ApproveRequest: |cab, by, _who| request::approve(cab, by, Uuid::nil().into());
    ApproveRequest: |cab, by, _who| request::refuse(cab, by, Uuid::nil().into(), WHY);
    ReadChats: |cab, by, _who| chat::queue(cab, by);
    ReadChats: |cab, by, _who| chat::one(cab, by, Uuid::nil().into());
    ReadChats: |cab, by, _who| chat::open(cab, by, WHY, Uuid::nil().into());
    ReadChats: |cab, by, _who| chat::opened(cab, by, Uuid::nil().into());
    ReadChats: |cab, by, _who| chat::since(cab, by, Uuid::nil().into(), 0);
    ReadChats: |cab, by, _who| chat::picture(cab, by, Uuid::nil().into(), Uuid::nil().into());
    AnswerChat: |cab, by, _who| chat::take(cab, by, Uuid::nil().into());
    AnswerChat: |cab, by, _who| chat::answer(cab, by, Uuid::nil().into(), Uuid::nil(), WHY);
    AnswerChat: |cab, by, _who| chat::colleagues(cab, by);
    AnswerChat: |cab, by, _who| chat::transfer(cab, by, Uuid::nil().into(), None);
    AnswerChat: |cab, by, _who| chat::close(cab, by, Uuid::nil().into());
    ReadMoney: |cab, by, _who| refund::waiting(cab, by);
    ApproveMoney: |cab, by, _who| refund::approve(cab, by, Uuid::nil().into());
    ApproveMoney: |cab, by, _who| refund::decline(cab, by, Uuid::nil().into(), WHY);
    MoveMoney: |cab, by, _who| agent::write_out(cab, by);
    MoveMoney: |cab, by, _who| agent::orders(cab, by, cab.now());
    MoveMoney: |cab, by, _who| agent::paid(cab, by, Uuid::nil().into(), "1", "23.11.2026");
    ReadMoney: |cab, by, _who| adjustment::waiting(cab, by, None);
    ReadMoney: |cab, by, _who| adjustment::one(cab, by, Uuid::nil().into());
    ProposeAdjustment: |cab, by, who| adjustment::propose(cab, by, (who, Uuid::nil().into()), Change::WholeDebt, reason());
    ProposeAdjustment: |cab, by, _who| adjustment::withdraw(cab, by, Uuid::nil().into());
    ApproveAdjustment: |cab, by, _who| adjustment::approve(cab, by, Uuid::nil().into());
    ApproveAdjustment: |cab, by, _who| adjustment::refuse(cab, by, Uuid::nil().into(), WHY);
    ManagePromotions: |cab, by, _who| agent::grant(cab, by, "", "", WHY);
    ManagePromotions: |cab, by, _who| agent::stop(cab, by, Uuid::nil().into(), WHY);
    ManagePromotions: |cab, by, _who| agent::resume(cab, by, Uuid::nil().into(), WHY);
    ReadAgents: |cab, by, _who| agent::known(cab, by);
    ReadAgents: |cab, by, _who| agent::one(cab, by, Uuid::nil().into());
    ReadAgents: |cab, by, _who| agent::waiting(cab, by);
    PayAgents: |cab, by, _who| agent::approve(cab, by, Uuid::nil().into());
    PayAgents: |cab, by, _who| agent::decline(cab, by, Uuid::nil().into(), WHY);
    ReadReports: |cab, by, _who| agent::costs(cab, by, cab.today(), cab.today());
    ReadReports: |cab, by, _who| staff::reports(cab, by);
    ReadReports: |cab, by, _who| bonus::refusals(cab, by);
    ReadReports: |cab, by, _who| staff::reconciled(cab, by, cab.today());
    ReadAudit: |cab, by, _who| audit::read(cab, by, &audit::Filter::default(), 1);
    ReadAudit: |cab, by, who| audit::witnesses(cab, by, who, (DateTime::UNIX_EPOCH, cab.now()));
    ReadStaff: |cab, by, _who| staff::colleagues(cab, by);
    ReadStaff: |cab, by, _who| staff::agreements(cab, by);
    ProposeStaff: |cab, by, _who| staff::propose_role(cab, by, Kind::Leave, Uuid::nil().into(), None, WHY);
    ProposeStaff: |cab, by, _who| staff::withdraw(cab, by, Uuid::nil().into());
    ApproveStaff: |cab, by, _who| staff::decide(cab, by, Uuid::nil().into(), true);
};

fn reason() -> Reason {
    Reason {
        cause: Some(Cause::Goodwill),
        note: WHY.to_owned(),
        evidence: String::new(),
    }
}

/// Somebody with these roles, as a session would know them.
fn holding(n: u128, roles: &[Role]) -> Staff {
    Staff {
        id: Uuid::from_u128(n).into(),
        login: format!("colleague-{n}"),
        name: "Коллега".into(),
        roles: roles.to_vec(),
        must_change: false,
    }
}

/// The written table is what the program does: each role and each pair of roles tries everything there is, sees every
/// field as the table says, and opens those it says.
#[test]
fn every_role_does_what_its_column_says_and_nothing_else() {
    on_both(|world| async move {
        let cab = &world.cab;
        let who = world.borrower(PHONE, roubles(10_000)).await;
        let covered: BTreeSet<Action> = USES.iter().map(|use_case| use_case.0).collect();
        for action in Action::ALL {
            assert!(covered.contains(action), "{action:?}");
        }
        let mut sets: Vec<Vec<Role>> = vec![Vec::new()];
        for (n, one) in Role::ALL.iter().enumerate() {
            sets.extend(Role::ALL[n..].iter().map(|two| vec![*one, *two]));
        }
        for (n, set) in (100_u128..).zip(&sets) {
            let by = holding(n, set);
            for (action, name, attempt) in USES {
                let forbidden = matches!(
                    attempt(cab, &by, who).await,
                    Err(CabinetError::Forbidden("staff_role"))
                );
                // A picture of a passport wants more than the card: its field's own column.
                let papers = !name.contains("read_by_staff")
                    || roles::sight(set, Field::Passport) >= Sight::OnReason;
                let allowed = roles::may(set, *action) && papers;
                assert_eq!(!forbidden, allowed, "{set:?} {name}");
            }
            let mut waiting = by.clone();
            waiting.must_change = true;
            for (_, name, attempt) in USES {
                let refused = attempt(cab, &waiting, who).await;
                assert!(
                    matches!(
                        refused,
                        Err(CabinetError::Forbidden("staff_password_needed"))
                    ),
                    "{set:?} {name}"
                );
            }
            fields_are_seen(cab, &by, who).await;
        }
    });
}

async fn fields_are_seen(cab: &Cabinet, by: &Staff, who: BorrowerId) {
    if !by.may(Action::OpenPerson) {
        return;
    }
    let view = staff::person(cab, by, who).await.unwrap();
    for field in Field::ALL.iter().filter(|field| **field != Field::Loans) {
        let seen = view.fields.iter().find(|seen| seen.field == *field);
        let sight = roles::sight(&by.roles, *field);
        assert_eq!(seen.is_some(), sight != Sight::Hidden, "{by:?} {field:?}");
        let can = seen.is_some_and(|seen| seen.can_open);
        let told = seen.is_some_and(|seen| seen.text.is_some());
        assert_eq!(can, told && sight == Sight::OnReason, "{by:?} {field:?}");
        let opened = staff::open_field(cab, by, who, *field, WHY).await;
        assert_eq!(opened.is_ok(), sight == Sight::OnReason, "{by:?} {field:?}");
    }
    let again = staff::person(cab, by, who).await.unwrap();
    for seen in again.fields {
        let text = seen.text.unwrap_or_default();
        let whole = roles::sight(&by.roles, seen.field) >= Sight::OnReason;
        let starred = text.contains('*') || text.contains('·');
        let hidden = if seen.field == Field::Name {
            !text.contains("Мария")
        } else {
            starred
        };
        assert!(
            text.is_empty() || hidden != whole,
            "{by:?} {:?} {text}",
            seen.field
        );
    }
}

/// In no pair of roles can one person be both people of a request.
#[test]
fn nobody_is_both_people_of_a_request_in_any_pair_of_roles() {
    on_both(|world| async move {
        let cab = &world.cab;
        let who = world.borrower(PHONE, roubles(10_000)).await;
        let chief = holding(1, &[Role::Chief]);
        let mut tried = 0;
        for (n, one) in (10_u128..).zip(Role::ALL) {
            for (m, two) in (0_u128..).zip(Role::ALL) {
                let by = holding(n * 10 + m, &[*one, *two]);
                let id = request::ask_closing(cab, who, true, Lang::Ru)
                    .await
                    .unwrap();
                let checked = request::check(cab, &by, id, None, &[]).await;
                assert_eq!(
                    checked.is_ok(),
                    by.may(Action::LeadRequest),
                    "{one:?} {two:?}"
                );
                let own = request::approve(cab, &by, id).await;
                if checked.is_ok() {
                    tried += 1;
                    assert!(
                        matches!(own, Err(CabinetError::Forbidden("second_person"))),
                        "{one:?} {two:?}"
                    );
                }
                assert!(own.is_err());
                request::refuse(cab, &chief, id, "проверка двух человек")
                    .await
                    .unwrap();
            }
        }
        assert_eq!(
            tried, 11,
            "support alone, and with each of the others on either side"
        );
        let id = request::ask_closing(cab, who, true, Lang::Ru)
            .await
            .unwrap();
        let support = holding(2, &[Role::Support]);
        request::check(cab, &support, id, None, &[]).await.unwrap();
        request::approve(cab, &chief, id).await.unwrap();
    });
}

/// The first sign-in shows what the app has to be told, and no later one does; a half is good for minutes.
#[test]
fn the_key_of_the_app_is_shown_until_its_first_code() {
    on_both(|world| async move {
        let cab = &world.cab;
        let welcome = staff::add(cab, "anna", "Анна", &[Role::Support])
            .await
            .unwrap();
        let ip = "10.0.0.1";
        let half = staff::password(cab, "anna", &welcome.password, ip, NOON)
            .await
            .unwrap();
        let told = staff::enrolment(cab, &half, NOON).await.unwrap().unwrap();
        assert_eq!(told.link, welcome.authenticator);
        assert!(told.link.contains(&told.secret));
        let late = staff::code(cab, &half, &digits(&welcome, NOON + 301), ip, NOON + 301).await;
        assert!(matches!(late, Err(CabinetError::Forbidden("staff_half"))));
        let forged = staff::Half("k1:AAAA".into());
        let refused = staff::enrolment(cab, &forged, NOON).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_half"))
        ));
        let wrong = staff::code(cab, &half, "000000", ip, NOON).await;
        assert!(matches!(wrong, Err(CabinetError::Fields(_))));
        staff::code(cab, &half, &digits(&welcome, NOON), ip, NOON)
            .await
            .unwrap();
        let again = staff::password(cab, "anna", &welcome.password, ip, NOON + 60)
            .await
            .unwrap();
        assert_eq!(
            staff::enrolment(cab, &again, NOON + 60).await.unwrap(),
            None
        );
        for _ in 0..10 {
            let _ = staff::code(cab, &again, "000000", ip, NOON + 60).await;
        }
        let right = digits(&welcome, NOON + 60);
        let stopped = staff::code(cab, &again, &right, ip, NOON + 60).await;
        assert!(matches!(
            stopped,
            Err(CabinetError::TooMany {
                code: "staff_codes",
                ..
            })
        ));
    });
}

/// A paper is asked for with words that the borrower reads, and only while the application waits.
#[test]
fn a_specialist_asks_for_a_paper_and_the_borrower_reads_which() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (borrower, id) = waiting(&world).await;
        let under = holding(1, &[Role::Underwriter]);
        let what = "справка о доходах за полгода";
        staff::ask_paper(cab, &under, id, what).await.unwrap();
        world.work().await;
        let asked = application::papers_asked(cab, id).await.unwrap();
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].what, what);
        let texts = world.inbox.texts(PHONE);
        assert!(
            texts.last().unwrap().contains("нужен документ"),
            "{texts:?}"
        );
        let lines = diary::lines(cab, borrower).await.unwrap();
        assert!(
            lines
                .iter()
                .any(|line| line.what == "paper_asked" && line.why == what)
        );
        staff::resolve(cab, &under, id, Word::Refuse, WHY)
            .await
            .unwrap();
        let late = staff::ask_paper(cab, &under, id, what).await;
        assert!(matches!(
            late,
            Err(CabinetError::Conflict("specialist_only"))
        ));
    });
}

/// Who looked, and who could have: asking it is a look of its own.
#[test]
fn who_could_have_seen_a_person_between_two_moments() {
    on_both(|world| async move {
        let cab = &world.cab;
        let who = world.borrower(PHONE, roubles(10_000)).await;
        let support = member(cab, "support", &[Role::Support]).await;
        member(cab, "under", &[Role::Underwriter]).await;
        member(cab, "market", &[Role::Marketing]).await;
        let auditor = member(cab, "auditor", &[Role::Auditor]).await;
        let begun = cab.now();
        staff::person(cab, &support, who).await.unwrap();
        world.clock.pass(chrono::Duration::minutes(1));
        let ended = cab.now();
        world.clock.pass(chrono::Duration::minutes(1));
        staff::person(cab, &support, who).await.unwrap();
        let seen = audit::witnesses(cab, &auditor, who, (begun, ended))
            .await
            .unwrap();
        let looks: Vec<(&str, i64)> = seen
            .iter()
            .map(|one| (one.roles.as_str(), one.looks))
            .collect();
        assert_eq!(looks[0], ("support", 1), "the second look came later");
        assert!(looks.contains(&("underwriter", 0)) && looks.contains(&("auditor", 0)));
        assert!(
            !looks.iter().any(|(roles, _)| *roles == "marketing"),
            "{looks:?}"
        );
        let lines = diary::lines(cab, who).await.unwrap();
        assert!(lines.iter().any(|line| line.what == "log_read"));
    });
}
