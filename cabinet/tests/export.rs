//! The export of a person's data holds everything that is stored about them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that can't go on stops; keys and addresses of tests come from the machine"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use cabinet::application::{self, Choice};
use cabinet::bonus;
use cabinet::document::export::{self, Export};
use cabinet::payment::PayAmount;
use cabinet::promotion::staff::{self as offers, Give};
use cabinet::staff::{self, Role, Staff};
use locales::{Lang, Words};
use sea_orm::{ConnectionTrait, Statement};
use support::journey::{OTHER_PHONE, PHONE, roubles};
use support::{World, on_both};
use uuid::Uuid;

/// Names of columns that hold a person or a loan, also where the database is not told so.
const PERSONS: [&str; 7] = [
    "borrower", "friend", "inviter", "client", "owner", "subject", "loan",
];

async fn rows(world: &World, sql: &str) -> Vec<(String, String)> {
    let db = world.cab.db();
    let statement = Statement::from_string(db.backend(), sql);
    let rows = db.read().query_all_raw(statement).await.unwrap();
    let text = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<String>(at).unwrap();
    rows.iter()
        .map(|row| (text(row, 0), text(row, 1)))
        .collect()
}

/// Tables that know a person: by a column, or through a table that does.
async fn of_persons(world: &World) -> BTreeSet<String> {
    let (columns, references) = match world.cab.db().backend() {
        sea_orm::DbBackend::Postgres => (
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema()",
            "SELECT DISTINCT one.conrelid::regclass::text, one.confrelid::regclass::text \
             FROM pg_constraint one WHERE one.contype = 'f'",
        ),
        _ => (
            "SELECT tables.name, columns.name FROM sqlite_master tables, \
             pragma_table_info(tables.name) columns WHERE tables.type = 'table'",
            "SELECT DISTINCT tables.name, keys.\"table\" FROM sqlite_master tables, \
             pragma_foreign_key_list(tables.name) keys WHERE tables.type = 'table'",
        ),
    };
    let mut known: BTreeSet<String> = rows(world, columns)
        .await
        .into_iter()
        .filter(|(_, column)| PERSONS.contains(&column.as_str()))
        .map(|(table, _)| table)
        .collect();
    known.insert("borrower".to_owned());
    let references = rows(world, references).await;
    loop {
        let before = known.len();
        for (from, to) in &references {
            if known.contains(to) {
                known.insert(from.clone());
            }
        }
        if known.len() == before {
            return known;
        }
    }
}

#[test]
fn every_table_that_knows_a_person_is_exported_or_has_a_reason_not_to_be() {
    on_both(|world| async move {
        let known = of_persons(&world).await;
        assert!(known.len() > 60, "the walk finds tables: {known:?}");
        let exported: BTreeMap<_, _> = export::exported().into_iter().collect();
        let left_out: BTreeMap<_, _> = export::LEFT_OUT.iter().copied().collect();
        for table in &known {
            let (held, left) = (
                exported.contains_key(table.as_str()),
                left_out.contains_key(table.as_str()),
            );
            assert!(
                held != left,
                "{table}: write it into the export (cabinet/src/document/export), or into LEFT_OUT of \
                 stored.rs with the reason, and not into both"
            );
        }
        for table in exported.keys().chain(left_out.keys()) {
            assert!(
                known.contains(*table),
                "{table} is no table of a person any more"
            );
        }
        assert!(left_out.values().all(|why| why.len() > 8));
        // What is said to be there is a part of the published form, and has its name on the page.
        let schema = export::schema().to_string();
        for (table, part) in exported {
            assert!(schema.contains(&format!("\"{part}\"")), "{table}: {part}");
        }
        for table in Export::tables() {
            let title = format!("docs-table-{}", table.replace('_', "-"));
            assert!(Words::new(Lang::Ru).has(&title), "{title}");
        }
    });
}

async fn marketing(world: &World) -> Staff {
    let welcome = staff::add(&world.cab, "vera", "Вера", &[Role::Marketing]);
    Staff {
        id: welcome.await.unwrap().id,
        login: "vera".into(),
        name: "Вера".into(),
        roles: vec![Role::Marketing],
        must_change: false,
    }
}

/// Gives an offer of 0 % and answers its id.
async fn given(world: &World, by: &Staff, contract: &str) -> String {
    let typed = Give {
        contract: contract.to_owned(),
        title: "Только для вас".into(),
        product: "short".into(),
        daily_rate: "0".into(),
        max_amount: "5 000".into(),
        max_days: "10".into(),
        valid_days: "20".into(),
        reason: "Просила о ставке ниже".into(),
        ..Give::default()
    };
    assert!(offers::give(&world.cab, by, &typed).await.unwrap());
    let all = offers::given(&world.cab, by).await.unwrap();
    let open = all
        .into_iter()
        .find(|it| it.state == cabinet::promotion::State::Open);
    open.unwrap().id
}

#[test]
fn offers_and_friends_are_in_the_export_of_each_of_the_two() {
    on_both(|world| async move {
        let cab = &world.cab;
        let (inviter, loan) = world.lent(PHONE, 10_000, 15).await;
        let code = bonus::invited(cab, inviter).await.unwrap().code;
        let friend = world.borrower(OTHER_PHONE, roubles(5_000)).await;
        assert!(bonus::came(cab, friend, &code).await.unwrap());
        world.days(5);
        world.pay(inviter, loan, PayAmount::Payoff).await;
        let by = marketing(&world).await;
        let contract = cabinet::loan::view(cab, inviter, loan, None)
            .await
            .unwrap()
            .number;
        let back = given(&world, &by, &contract).await;
        offers::withdraw(cab, &by, &back, "Дана по ошибке")
            .await
            .unwrap();
        given(&world, &by, &contract).await;
        let choice = Choice {
            product: "short".into(),
            amount: roubles(5_000),
            term: 10,
        };
        application::choose(cab, inviter, choice).await.unwrap();
        application::submit(cab, inviter, Uuid::now_v7())
            .await
            .unwrap();
        world.work().await;

        let all = export::export(cab, inviter).await.unwrap();
        let states: Vec<_> = all
            .offers
            .personal_offers
            .iter()
            .map(|it| &*it.state)
            .collect();
        assert!(
            states.contains(&"ended") && states.contains(&"reserved"),
            "{states:?}"
        );
        let events = all.csv("personal_offer_events").unwrap();
        assert!(
            events.contains("withdrawn") && events.contains("reserved"),
            "{events}"
        );
        assert_eq!(all.offers.offers_used[0].title, "Только для вас");
        assert_eq!(all.offers.offers_used[0].state, "reserved");
        assert_eq!(all.offers.invitation_codes[0].code, code);
        assert_eq!(all.offers.invitations[0].way, "sent");
        let seen = all
            .messages
            .iter()
            .filter_map(|it| it.text.as_ref())
            .count();
        assert!(seen > 0, "the words of notices are there");
        assert!(all.access.cabinet[0].closed_at.is_none());
        let theirs = export::export(cab, friend).await.unwrap();
        assert_eq!(theirs.offers.invitations[0].way, "received");
        let text = serde_json::to_string(&theirs).unwrap();
        assert!(
            !text.contains(&inviter.to_string()),
            "nothing of the other one"
        );
        let back: Export = serde_json::from_str(&text).unwrap();
        assert_eq!(back, theirs);
        // Every table can be had, with its columns, be it empty.
        for table in Export::tables() {
            let csv = all.csv(table).unwrap();
            assert!(csv.lines().next().unwrap().contains(','), "{table}: {csv}");
        }
    });
}
