//! Agents: whose client somebody is, what that earns and when it is taken back, how it is paid, and what an agent never
//! reads of a client. Each story runs on SQLite and, when `KOPECK_TEST_POSTGRES` names a server, on Postgres.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use std::collections::BTreeMap;

use cabinet::agent::{self, AgentStatus, Asked, Funnel, LineKind, PayoutStatus, Stage};
use cabinet::payment::PayAmount;
use cabinet::profile::{self, Step};
use cabinet::staff::{self, Role, Staff};
use cabinet::{
    AgentId, BorrowerId, Cabinet, CabinetError, Lang, Lender, LoanId, access, application, bonus,
    diary, document, ledger, loan,
};
use lending::Kopecks;
use sea_orm::ConnectionTrait;
use support::journey::{OTHER_PHONE, PHONE, balance, origin, roubles};
use support::{World, on_both};

const AGENT_PHONE: &str = "79005550001";
const SECOND_PHONE: &str = "79005550002";
/// An account and its bank whose key is right.
const ACCOUNT: (&str, &str) = ("40802810900000000007", "044525225");

async fn colleague(cab: &Cabinet, login: &str, role: Role) -> Staff {
    let welcome = staff::add(cab, login, "Коллега", &[role]).await.unwrap();
    Staff {
        id: welcome.id,
        login: welcome.login,
        name: "Коллега".into(),
        roles: vec![role],
        must_change: false,
    }
}

/// Signs somebody in by the code that came.
async fn signed_in(world: &World, phone: &str) -> (BorrowerId, bool) {
    let (nothing, from) = (access::Solved::default(), origin());
    let sent = access::request_code(&world.cab, phone, &from, Lang::Ru, &nothing);
    let sent = sent.await.unwrap();
    let code = world.code(phone).await;
    let verified = access::verify(&world.cab, sent.code, &code, &origin()).await;
    let access::Verified::In(entered) = verified.unwrap() else {
        panic!("not signed in");
    };
    (entered.borrower, entered.fresh)
}

/// An agent whose link works: the cabinet, the agent, the code.
async fn agent_of(world: &World, by: &Staff, phone: &str) -> (BorrowerId, AgentId, String) {
    let cab = &world.cab;
    let why = "договор подписан, просит Петров";
    let id = agent::grant(cab, by, phone, "Магазин на углу", why)
        .await
        .unwrap();
    let (borrower, _) = signed_in(world, phone).await;
    let invited = agent::agent(cab, borrower).await.unwrap();
    assert_eq!(invited.status, AgentStatus::Invited);
    agent::agree(cab, borrower, true, &origin()).await.unwrap();
    let active = agent::agent(cab, borrower).await.unwrap();
    assert_eq!(
        (active.status, &active.agreement),
        (AgentStatus::Active, &invited.agreement)
    );
    (borrower, id, active.code)
}

async fn click(world: &World, code: &str) -> String {
    let cookie = agent::follow(&world.cab, code, None, false).await.unwrap();
    cookie.expect("a cookie")
}

/// A new client who followed the link.
async fn client(world: &World, code: &str, phone: &str) -> BorrowerId {
    let cookie = click(world, code).await;
    let (borrower, fresh) = signed_in(world, phone).await;
    assert!(fresh);
    assert!(
        agent::attribute(&world.cab, borrower, &cookie)
            .await
            .unwrap()
    );
    borrower
}

/// A loan of a client who followed the link.
async fn brought(
    world: &World,
    code: &str,
    phone: &str,
    (product, amount, term): (&str, i64, u32),
) -> (BorrowerId, LoanId) {
    client(world, code, phone).await;
    let (borrower, contract) = world.approved_product(phone, product, amount, term).await;
    world.sign(phone, borrower, contract).await;
    world.work().await;
    let offer = application::offer(&world.cab, borrower, contract);
    (borrower, offer.await.unwrap().loan.expect("a loan"))
}

async fn lines(world: &World, owner: BorrowerId) -> Vec<(LineKind, Kopecks)> {
    let lines = agent::book(&world.cab, owner).await.unwrap();
    lines.iter().map(|line| (line.kind, line.amount)).collect()
}

fn asked(amount: &str) -> Asked {
    Asked {
        amount: amount.into(),
        name: "Смирнова Ольга".into(),
        account: ACCOUNT.0.into(),
        bic: ACCOUNT.1.into(),
    }
}

#[test]
fn a_client_who_followed_the_link_is_counted_step_by_step_and_earns_once() {
    on_both(|world| async move {
        let cab = &world.cab;
        let by = colleague(cab, "market", Role::Marketing).await;
        let (owner, _, code) = agent_of(&world, &by, AGENT_PHONE).await;
        let (borrower, loan) = brought(&world, &code, PHONE, ("short", 10_000, 20)).await;
        assert_eq!(
            lines(&world, owner).await,
            [(LineKind::Issued, roubles(500))]
        );
        let view = agent::overview(cab, owner).await.unwrap();
        let (clicked, applied, approved, issued) = (1, 1, 1, 1);
        let funnel = Funnel {
            clicked,
            applied,
            approved,
            issued,
            repaid: 0,
        };
        assert_eq!(view.funnel, funnel);
        assert_eq!(
            (view.money.held, view.money.available),
            (roubles(500), Kopecks::ZERO)
        );
        // The price of the loan is what it is without an agent, and its owner reads who sees what.
        let state = loan::view(cab, borrower, loan, None).await.unwrap();
        assert_eq!(state.state.principal, roubles(10_000));
        assert!(agent::brought(cab, borrower).await.unwrap().is_some());
        let told = diary::lines(cab, borrower).await.unwrap();
        assert!(told.iter().any(|line| line.what == "agent_attached"));
        // Fifteen days later, a part paid: nothing can be taken back any more.
        world.days(15);
        world
            .pay(borrower, loan, PayAmount::Sum(roubles(1_000)))
            .await;
        let money = agent::overview(cab, owner).await.unwrap().money;
        assert_eq!((money.held, money.available), (Kopecks::ZERO, roubles(500)));
        world.pay(borrower, loan, PayAmount::Payoff).await;
        let clients = agent::clients(cab, owner, 0).await.unwrap();
        assert_eq!(clients.len(), 1);
        assert_eq!(
            (clients[0].stage, clients[0].name.as_str()),
            (Stage::Repaid, "Мария И.")
        );
        assert_eq!((clients[0].number, clients[0].earned), (1, roubles(500)));
        let books = ledger::balances(cab).await.unwrap();
        assert_eq!(balance(&books, "agent_cost"), roubles(500));
        assert_eq!(
            balance(&books, "agent_payable"),
            Kopecks::ZERO - roubles(500)
        );
    });
}

#[test]
fn the_first_agent_wins_and_nobody_is_brought_twice() {
    on_both(|world| async move {
        let cab = &world.cab;
        let by = colleague(cab, "market", Role::Marketing).await;
        let (owner, _, code) = agent_of(&world, &by, AGENT_PHONE).await;
        let (other, _, second) = agent_of(&world, &by, SECOND_PHONE).await;
        let cookie = click(&world, &code).await;
        // A browser is counted once, and a later link changes nothing.
        assert_eq!(
            agent::follow(cab, &code, Some(&cookie), false)
                .await
                .unwrap(),
            None
        );
        assert_eq!(
            agent::follow(cab, &second, Some(&cookie), false)
                .await
                .unwrap(),
            None
        );
        // Nobody's code, a code that is none, somebody who is here already.
        for (code, signed_in) in [("00000000", false), ("../x", false), (code.as_str(), true)] {
            let none = agent::follow(cab, code, None, signed_in).await.unwrap();
            assert_eq!(none, None, "{code}");
        }
        assert!(agent::clicked(cab, Some(&cookie)).await.unwrap());
        let forged = cookie.replace(&code, &second);
        assert!(!agent::clicked(cab, Some(&forged)).await.unwrap());
        assert_eq!(agent::overview(cab, owner).await.unwrap().funnel.clicked, 1);
        // An agent is not their own client, whatever the browser has.
        assert!(!agent::attribute(cab, owner, &cookie).await.unwrap());
        let (early, _) = signed_in(&world, OTHER_PHONE).await;
        world.days(1);
        let late = click(&world, &code).await;
        assert!(
            !agent::attribute(cab, early, &late).await.unwrap(),
            "here before the click"
        );
        let (borrower, _) = signed_in(&world, PHONE).await;
        assert!(!agent::attribute(cab, borrower, &forged).await.unwrap());
        assert!(!agent::attribute(cab, borrower, "").await.unwrap());
        assert!(agent::attribute(cab, borrower, &late).await.unwrap());
        let theirs = click(&world, &second).await;
        assert!(!agent::attribute(cab, borrower, &theirs).await.unwrap());
        // Whom an agent brought is nobody's friend: a newcomer is paid for once.
        let friendly = bonus::invited(cab, early).await.unwrap().code;
        assert!(!bonus::came(cab, borrower, &friendly).await.unwrap());
        assert!(agent::clients(cab, other, 0).await.unwrap().is_empty());
        // A cookie dies with the window of the lender's file.
        let old = click(&world, &code).await;
        world.days(31);
        assert!(!agent::clicked(cab, Some(&old)).await.unwrap());
        let (third, _) = signed_in(&world, "79001112233").await;
        assert!(!agent::attribute(cab, third, &old).await.unwrap());
    });
}

#[test]
fn a_client_attributed_by_two_agents_at_once_is_one_agent_s() {
    on_both(|world| async move {
        let cab = world.cab.clone();
        let by = colleague(&cab, "market", Role::Marketing).await;
        let (owner, _, code) = agent_of(&world, &by, AGENT_PHONE).await;
        let (other, _, second) = agent_of(&world, &by, SECOND_PHONE).await;
        let (one, two) = (click(&world, &code).await, click(&world, &second).await);
        let (borrower, _) = signed_in(&world, PHONE).await;
        let mut tries = Vec::new();
        for cookie in [one.clone(), two.clone(), one, two] {
            let cab = cab.clone();
            tries.push(tokio::spawn(async move {
                agent::attribute(&cab, borrower, &cookie).await.unwrap()
            }));
        }
        let mut won = 0;
        for one in tries {
            won += usize::from(one.await.unwrap());
        }
        assert_eq!(won, 1);
        let mut clients = 0;
        for agent in [owner, other] {
            clients += agent::clients(&cab, agent, 0).await.unwrap().len();
        }
        assert_eq!(clients, 1);
    });
}

#[test]
fn each_product_earns_in_its_own_way_and_interest_as_it_is_paid() {
    on_both(|world| async move {
        let cab = &world.cab;
        let by = colleague(cab, "market", Role::Marketing).await;
        let (owner, _, code) = agent_of(&world, &by, AGENT_PHONE).await;
        brought(&world, &code, PHONE, ("long", 30_000, 8)).await;
        assert_eq!(
            lines(&world, owner).await,
            [(LineKind::Issued, roubles(750))]
        );
        let (borrower, loan) = brought(&world, &code, OTHER_PHONE, ("monthly", 30_000, 4)).await;
        assert_eq!(
            lines(&world, owner).await.len(),
            1,
            "nothing before interest is paid"
        );
        world.days(10);
        // Ten days at 0.5 % of 30 000 are 1 500 of interest.
        let due = loan::view(cab, borrower, loan, None)
            .await
            .unwrap()
            .state
            .interest;
        assert_eq!(due, roubles(1_500));
        world
            .pay(borrower, loan, PayAmount::Sum(roubles(1_000)))
            .await;
        let now = lines(&world, owner).await;
        assert_eq!(now[1], (LineKind::Interest, roubles(100)));
        world.pay(borrower, loan, PayAmount::Payoff).await;
        let now = lines(&world, owner).await;
        assert_eq!(now[2..], [(LineKind::Interest, roubles(50))]);
        // Interest was paid: there is nothing to wait for, and nothing is taken back.
        let money = agent::overview(cab, owner).await.unwrap().money;
        assert_eq!(money.available, roubles(150));
        assert_eq!(money.held, roubles(750));
    });
}

#[test]
fn a_loan_given_back_at_once_or_never_paid_takes_its_commission_back_as_a_line() {
    on_both(|world| async move {
        let cab = &world.cab;
        let by = colleague(cab, "market", Role::Marketing).await;
        let (owner, _, code) = agent_of(&world, &by, AGENT_PHONE).await;
        let (borrower, loan) = brought(&world, &code, PHONE, ("short", 10_000, 20)).await;
        world.days(2);
        world.pay(borrower, loan, PayAmount::Payoff).await;
        let back = Kopecks::ZERO - roubles(500);
        let expected = [(LineKind::Issued, roubles(500)), (LineKind::Clawback, back)];
        assert_eq!(lines(&world, owner).await, expected);
        assert_eq!(
            agent::overview(cab, owner).await.unwrap().money.balance,
            Kopecks::ZERO
        );
        brought(&world, &code, OTHER_PHONE, ("short", 10_000, 7)).await;
        world.days(7 + 30);
        agent::sweep(cab).await.unwrap();
        let held = agent::overview(cab, owner).await.unwrap().money;
        assert_eq!(
            (held.balance, held.available),
            (roubles(500), Kopecks::ZERO)
        );
        world.days(1);
        assert_eq!(agent::sweep(cab).await.unwrap(), 1);
        assert_eq!(agent::sweep(cab).await.unwrap(), 0, "once");
        let money = agent::overview(cab, owner).await.unwrap().money;
        assert_eq!((money.balance, money.held), (Kopecks::ZERO, Kopecks::ZERO));
        let books = ledger::balances(cab).await.unwrap();
        assert_eq!(balance(&books, "agent_cost"), Kopecks::ZERO);
    });
}

/// An agent with this many roubles that nothing takes back.
async fn earned(world: &World, by: &Staff, amount: i64) -> (BorrowerId, AgentId) {
    let (owner, id, code) = agent_of(world, by, AGENT_PHONE).await;
    // The long product earns 2.5 %.
    let (borrower, loan) = brought(world, &code, PHONE, ("long", amount * 40, 8)).await;
    world.days(15);
    world
        .pay(borrower, loan, PayAmount::Sum(roubles(1_000)))
        .await;
    (owner, id)
}

#[test]
fn a_payout_is_asked_for_agreed_to_by_two_and_paid_by_an_order() {
    on_both(|world| async move {
        let cab = &world.cab;
        let market = colleague(cab, "market", Role::Marketing).await;
        let chief = colleague(cab, "chief", Role::Chief).await;
        let payer = colleague(cab, "payer", Role::Payments).await;
        let (owner, _) = earned(&world, &market, 1_000).await;
        for (amount, code) in [
            ("299", "agent_payout_least"),
            ("1000,01", "agent_payout_most"),
            ("", "agent_payout_least"),
        ] {
            match agent::ask(cab, owner, asked(amount)).await {
                Err(CabinetError::Fields(wrong)) => assert_eq!(wrong[0].code, code),
                other => panic!("{amount}: {other:?}"),
            }
        }
        let id = agent::ask(cab, owner, asked("1000")).await.unwrap();
        let again = agent::ask(cab, owner, asked("300")).await;
        assert!(matches!(
            again,
            Err(CabinetError::Conflict("agent_payout_waits"))
        ));
        // One is enough up to the limit of the file; marketing pays nobody.
        let refused = agent::approve(cab, &market, id).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_role"))
        ));
        let early = agent::paid(cab, &payer, id, "17", "23.11.2026").await;
        assert!(matches!(
            early,
            Err(CabinetError::Conflict("agent_payout_moved"))
        ));
        assert!(agent::approve(cab, &payer, id).await.unwrap());
        let written = agent::write_out(cab, &payer).await.unwrap();
        let file = agent::orders(cab, &payer, written).await.unwrap();
        let text = encoding_rs::WINDOWS_1251.decode(&file.file).0.into_owned();
        assert!(
            text.contains("Сумма=1000.00") && text.contains(ACCOUNT.0),
            "{text}"
        );
        let day = cab.today().format("%d.%m.%Y").to_string();
        let ahead = agent::paid(cab, &payer, id, "17", "01.01.2030").await;
        assert!(matches!(ahead, Err(CabinetError::Fields(_))));
        agent::paid(cab, &payer, id, "17", &day).await.unwrap();
        let twice = agent::paid(cab, &payer, id, "17", &day).await;
        assert!(matches!(
            twice,
            Err(CabinetError::Conflict("agent_payout_moved"))
        ));
        let one = agent::payouts(cab, owner).await.unwrap().remove(0);
        assert_eq!(
            (one.status, one.account_end.as_str()),
            (PayoutStatus::Paid, "0007")
        );
        assert_eq!(
            agent::overview(cab, owner).await.unwrap().money.balance,
            Kopecks::ZERO
        );
        let books = ledger::balances(cab).await.unwrap();
        assert_eq!(balance(&books, "agent_payable"), Kopecks::ZERO);
        assert_eq!(balance(&books, "bank"), Kopecks::ZERO - roubles(1_000));
        let cost = agent::costs(
            cab,
            &chief,
            cab.today() - chrono::Days::new(30),
            cab.today(),
        );
        let cost = cost.await.unwrap();
        assert_eq!(
            (cost[0].loans, cost[0].earned, cost[0].paid),
            (1, roubles(1_000), roubles(1_000))
        );
    });
}

#[test]
fn above_the_limit_two_different_people_agree() {
    on_both(|world| async move {
        let file = include_str!("../../lenders/demo.toml");
        let file = file.replace("payout_alone = 5000", "payout_alone = 500");
        let world = world.of(Lender::parse(&file).unwrap());
        let cab = &world.cab;
        let market = colleague(cab, "market", Role::Marketing).await;
        let chief = colleague(cab, "chief", Role::Chief).await;
        let payer = colleague(cab, "payer", Role::Payments).await;
        let (owner, _) = earned(&world, &market, 1_000).await;
        let id = agent::ask(cab, owner, asked("600")).await.unwrap();
        assert!(!agent::approve(cab, &payer, id).await.unwrap());
        for role in Role::ALL {
            let mut same = payer.clone();
            same.roles = vec![*role, Role::Payments];
            let own = agent::approve(cab, &same, id).await;
            assert!(
                matches!(own, Err(CabinetError::Forbidden("second_person"))),
                "{role:?}"
            );
        }
        assert!(agent::approve(cab, &chief, id).await.unwrap());
        let why = "счёт закрыт, банк вернул деньги";
        agent::decline(cab, &chief, id, why).await.unwrap();
        let one = agent::payouts(cab, owner).await.unwrap().remove(0);
        assert_eq!(
            (one.status, one.reason.as_deref()),
            (PayoutStatus::Declined, Some(why))
        );
        // The money is there again.
        assert_eq!(
            agent::overview(cab, owner).await.unwrap().money.available,
            roubles(1_000)
        );
        let requests: Vec<_> = (0..3)
            .map(|_| agent::ask(cab, owner, asked("700")))
            .collect();
        let done = futures::future::join_all(requests).await;
        assert_eq!(
            done.iter().filter(|one| one.is_ok()).count(),
            1,
            "asked three times at once"
        );
    });
}

#[test]
fn a_month_that_is_over_is_a_statement_nobody_changes() {
    on_both(|world| async move {
        let cab = &world.cab;
        let by = colleague(cab, "market", Role::Marketing).await;
        let (owner, _, code) = agent_of(&world, &by, AGENT_PHONE).await;
        let (borrower, loan) = brought(&world, &code, PHONE, ("short", 10_000, 20)).await;
        assert!(agent::statements(cab, owner).await.unwrap().is_empty());
        world.days(10);
        world.pay(borrower, loan, PayAmount::Payoff).await;
        agent::sweep(cab).await.unwrap();
        world.days(30);
        let list = agent::statements(cab, owner).await.unwrap();
        let months: Vec<&str> = list.iter().map(|one| one.month.as_str()).collect();
        assert_eq!(months, ["2026-12", "2026-11"]);
        assert!(list.iter().all(|one| one.whole));
        let (december, november) = (&list[0], &list[1]);
        assert_eq!(
            (november.opening, november.earned, november.closing),
            (Kopecks::ZERO, roubles(500), roubles(500))
        );
        assert_eq!(
            (december.taken_back, december.closing),
            (roubles(500), Kopecks::ZERO)
        );
        assert_eq!(agent::statements(cab, owner).await.unwrap(), list);
        let conn = cab.db().read();
        for table in ["agent_line", "agent_statement"] {
            let changed = conn
                .execute_unprepared(&format!("UPDATE {table} SET at = 1"))
                .await;
            assert!(changed.is_err(), "{table}");
            let removed = conn
                .execute_unprepared(&format!("DELETE FROM {table}"))
                .await;
            assert!(removed.is_err(), "{table}");
        }
        let none = agent::statement(cab, owner, "2026-10").await;
        assert!(matches!(none, Err(CabinetError::NotFound)));
    });
}

#[test]
fn a_loan_issued_while_its_agent_was_stopped_never_earns_and_an_earlier_one_goes_on() {
    on_both(|world| async move {
        let cab = &world.cab;
        let by = colleague(cab, "market", Role::Marketing).await;
        let (owner, id, code) = agent_of(&world, &by, AGENT_PHONE).await;
        let (before, earlier) = brought(&world, &code, PHONE, ("monthly", 30_000, 4)).await;
        client(&world, &code, OTHER_PHONE).await;
        world.days(1);
        agent::stop(cab, &by, id, "проверяем жалобу клиента")
            .await
            .unwrap();
        world.days(1);
        let (during, contract) = world
            .approved_product(OTHER_PHONE, "monthly", 30_000, 4)
            .await;
        world.sign(OTHER_PHONE, during, contract).await;
        world.work().await;
        let offer = application::offer(cab, during, contract).await.unwrap();
        let later = offer.loan.expect("a loan");
        world.days(1);
        agent::resume(cab, &by, id, "жалоба не подтвердилась")
            .await
            .unwrap();
        world.days(8);
        for _ in 0..2 {
            world.pay(during, later, PayAmount::Sum(roubles(600))).await;
        }
        assert_eq!(
            lines(&world, owner).await,
            [],
            "issued while the agent was stopped"
        );
        world
            .pay(before, earlier, PayAmount::Sum(roubles(1_000)))
            .await;
        let now = lines(&world, owner).await;
        assert_eq!(now, [(LineKind::Interest, roubles(100))]);
        // A second stop changes nothing of the first, nor of what was issued between them.
        agent::stop(cab, &by, id, "прекратил работу с нами")
            .await
            .unwrap();
        world.days(1);
        world
            .pay(before, earlier, PayAmount::Sum(roubles(500)))
            .await;
        assert_eq!(lines(&world, owner).await.len(), 2);
        let taken = document::export::export(cab, owner).await.unwrap();
        assert_eq!(taken.agency.agent_stops.len(), 2);
        assert!(taken.agency.agent_stops[0].until_at.is_some());
    });
}

#[test]
fn staff_grant_and_stop_and_a_stopped_agent_earns_nothing_new() {
    on_both(|world| async move {
        let cab = &world.cab;
        let market = colleague(cab, "market", Role::Marketing).await;
        let auditor = colleague(cab, "auditor", Role::Auditor).await;
        let support = colleague(cab, "support", Role::Support).await;
        let why = "договор подписан, просит Петров";
        let refused = agent::grant(cab, &auditor, AGENT_PHONE, "Магазин", why).await;
        assert!(matches!(
            refused,
            Err(CabinetError::Forbidden("staff_role"))
        ));
        let (owner, id, code) = agent_of(&world, &market, AGENT_PHONE).await;
        let twice = agent::grant(cab, &market, AGENT_PHONE, "Магазин", why).await;
        assert!(matches!(twice, Err(CabinetError::Conflict("agent_known"))));
        let told = world.inbox.texts(AGENT_PHONE);
        assert!(told.iter().any(|text| text.contains("агентом")));
        client(&world, &code, PHONE).await;
        agent::stop(cab, &market, id, "прекратил работу с нами")
            .await
            .unwrap();
        assert_eq!(agent::follow(cab, &code, None, false).await.unwrap(), None);
        let (borrower, contract) = world.approved(PHONE, 10_000, 20).await;
        world.sign(PHONE, borrower, contract).await;
        world.work().await;
        assert!(lines(&world, owner).await.is_empty());
        agent::resume(cab, &market, id, "снова работает с нами")
            .await
            .unwrap();
        assert!(
            agent::follow(cab, &code, None, false)
                .await
                .unwrap()
                .is_some()
        );
        assert_eq!(
            agent::known(cab, &auditor).await.unwrap()[0].funnel.issued,
            1
        );
        assert!(matches!(
            agent::known(cab, &support).await,
            Err(CabinetError::Forbidden("staff_role"))
        ));
        // Nobody else's cabinet is an agent's.
        assert!(!agent::is_agent(cab, borrower).await.unwrap());
        assert!(matches!(
            agent::overview(cab, borrower).await,
            Err(CabinetError::NotFound)
        ));
        assert!(matches!(
            agent::clients(cab, borrower, 0).await,
            Err(CabinetError::NotFound)
        ));
        assert!(matches!(
            agent::ask(cab, borrower, asked("500")).await,
            Err(CabinetError::NotFound)
        ));
    });
}

/// What a client types, each value unlike any other.
const CANARIES: [(Step, &[(&str, &str)]); 6] = [
    (Step::Agreement, &[("agreement_esign", "yes")]),
    (
        Step::Person,
        &[
            ("last_name", "Щукозаврова"),
            ("first_name", "Глафира"),
            ("middle_name", "Фердинандовна"),
            ("birth_date", "17.09.1987"),
            ("sex", "female"),
        ],
    ),
    (
        Step::Passport,
        &[
            ("passport", "4519737373"),
            ("passport_code", "770-973"),
            ("passport_issuer", "ОВД Кукуйской слободы"),
            ("passport_date", "21.07.2011"),
            ("birth_place", "деревня Гадюкино"),
            ("citizenship", "Россия"),
            ("public_official", "no"),
            ("inn", "772016190450"),
        ],
    ),
    (
        Step::Address,
        &[
            ("region", "77"),
            ("city", "Незнамогорск"),
            ("street", "Кривоколенная"),
            ("house", "973"),
            ("flat", "379"),
        ],
    ),
    (
        Step::Work,
        &[
            ("employer", "Артель Напрасный труд"),
            ("position", "канареевод"),
            ("income", "97310"),
            ("expenses", "30000"),
            ("obligations", "0"),
            ("email", "kanareika@example.ru"),
        ],
    ),
    (
        Step::Consents,
        &[("consent_personal_data", "yes"), ("consent_bureau", "yes")],
    ),
];

/// Everything an agent can read is made of these types; nothing of a client is in them but a name, a letter, stages and sums.
#[test]
fn no_canary_of_a_client_gets_to_an_agent() {
    on_both(|world| async move {
        let cab = &world.cab;
        let by = colleague(cab, "market", Role::Marketing).await;
        let (owner, id, code) = agent_of(&world, &by, AGENT_PHONE).await;
        let borrower = client(&world, &code, PHONE).await;
        assert_eq!(
            agent::clients(cab, owner, 0).await.unwrap()[0].name,
            "",
            "before they apply"
        );
        for (step, values) in CANARIES {
            let values: BTreeMap<String, String> = values
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect();
            let saved = profile::save(cab, borrower, step, values, origin(), roubles(10_000));
            saved.await.unwrap();
        }
        let choice = application::Choice {
            product: "short".into(),
            amount: roubles(10_000),
            term: 20,
        };
        application::choose(cab, borrower, choice).await.unwrap();
        let key = uuid::Uuid::now_v7();
        application::submit(cab, borrower, key).await.unwrap();
        let mut seen = vec![everything(cab, owner, &by, id).await];
        world.work().await;
        let contract = application::latest(cab, borrower).await.unwrap().unwrap();
        let contract = contract.contract.expect("approved");
        seen.push(everything(cab, owner, &by, id).await);
        world.sign(PHONE, borrower, contract).await;
        world.work().await;
        let offer = application::offer(cab, borrower, contract).await.unwrap();
        let loan = offer.loan.expect("a loan");
        seen.push(everything(cab, owner, &by, id).await);
        world.days(20);
        world
            .pay(borrower, loan, PayAmount::Sum(roubles(500)))
            .await;
        seen.push(everything(cab, owner, &by, id).await);
        world.pay(borrower, loan, PayAmount::Payoff).await;
        world.days(31);
        seen.push(everything(cab, owner, &by, id).await);
        let number = loan::view(cab, borrower, loan, None).await.unwrap().number;
        let mut hidden: Vec<String> = vec![
            PHONE.into(),
            PHONE[1..].into(),
            number,
            borrower.to_string(),
            loan.to_string(),
            contract.to_string(),
        ];
        for (name, text) in CANARIES.iter().flat_map(|(_, values)| *values) {
            // What an agent may read, or too short to tell from anything else.
            let long = text.chars().count() > 5 && !matches!(*text, "female" | "Россия");
            if long && *name != "first_name" {
                hidden.push((*text).to_owned());
            }
        }
        assert!(hidden.len() > 18, "{}", hidden.len());
        assert!(seen.last().unwrap().contains("Глафира Щ."));
        for (at, text) in seen.iter().enumerate() {
            for canary in &hidden {
                assert!(
                    !text.contains(canary.as_str()),
                    "{canary} at step {at}: {text}"
                );
            }
        }
    });
}

/// Every answer of the use cases behind an agent's pages and behind the staff's pages of agents.
async fn everything(cab: &Cabinet, owner: BorrowerId, by: &Staff, id: AgentId) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        agent::agent(cab, owner).await.unwrap(),
        agent::overview(cab, owner).await.unwrap(),
        agent::clients(cab, owner, 0).await.unwrap(),
        agent::statements(cab, owner).await.unwrap(),
        agent::payouts(cab, owner).await.unwrap(),
        agent::requisites(cab, owner).await.unwrap(),
        agent::known(cab, by).await.unwrap(),
        agent::one(cab, by, id).await.unwrap(),
        document::export::export(cab, owner).await.unwrap(),
    )
}
