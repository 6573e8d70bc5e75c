//! `kopeck demo`: a lender with a past. People come, borrow, repay or don't, all through the use cases that serve real
//! ones, while a clock of the demo's own runs from months ago to now.

mod around;
mod draws;
mod life;
mod world;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cabinet::lender::Lender;
use cabinet::staff::{self, Role, Staff};
use cabinet::{Cabinet, CabinetError, agent, balance, bonus, draw, notice, payment};
use chrono::{TimeDelta, Utc};
use clap::Args;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use sea_orm::{ConnectionTrait as _, Statement};
use sea_orm_migration::MigratorTrait as _;

use super::Failure;
use super::books::BooksArgs;
use around::Around;
use life::{everybody, rest};
use world::Outside;

/// Days from the first loan to now.
const SPAN: u32 = 120;

/// How much of a past.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// How many loans have been given.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=5000))]
    loans: u32,
    /// The same number tells the same story.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    #[command(flatten)]
    books: BooksArgs,
}

/// The staff of a demo: login, name, roles.
const STAFF: [(&str, &str, &[Role]); 9] = [
    ("chief1", "Павел", &[Role::Chief]),
    ("chief2", "Вера", &[Role::Chief]),
    ("support1", "Ольга", &[Role::Support]),
    ("support2", "Игорь", &[Role::Support]),
    ("underwriter", "Антон", &[Role::Underwriter]),
    ("payments1", "Ирина", &[Role::Payments]),
    ("payments2", "Денис", &[Role::Payments]),
    ("marketing", "Лариса", &[Role::Marketing]),
    ("auditor", "Нина", &[Role::Auditor]),
];

/// Lives the demo.
pub async fn run(args: DemoArgs) -> Result<String, Failure> {
    let now = Utc::now();
    let first_day = now - TimeDelta::days(i64::from(SPAN));
    let world = Outside::at(first_day);
    let with_past = |lender: &mut Lender| draws::drawn_lately(lender, first_day.date_naive());
    let cabinet = args.books.open_as(world.ports(), with_past).await?;
    migrations::Migrator::up(cabinet.db().pool(), None)
        .await
        .map_err(Failure::wrong)?;
    empty(&cabinet).await?;
    let (mut text, staff) = hired(&cabinet).await.map_err(wrong)?;
    let mut around = Around::begin(&cabinet, &world, staff)
        .await
        .map_err(wrong)?;
    around.sign_ins(&mut text);
    let mut chance = StdRng::seed_from_u64(args.seed);
    let mut people = everybody(args.loans, SPAN - 1, &mut chance);
    for left in (0..SPAN).rev() {
        world.move_to(now - TimeDelta::days(i64::from(left)));
        for person in &mut people {
            if person.begins < left {
                continue;
            }
            // Nobody comes at the same second: codes are limited by the hour.
            world.pass(TimeDelta::seconds(20));
            if person.begins == left {
                let begun = person.begin(&cabinet, &world, &mut around).await;
                begun.map_err(wrong)?;
            } else {
                let day = person.begins - left;
                person.live(day, &cabinet, &world).await.map_err(wrong)?;
            }
        }
        let also = around.day(&cabinet, &world, left, &people).await;
        also.map_err(wrong)?;
        day_ends(&cabinet).await.map_err(wrong)?;
    }
    let mut states: BTreeMap<&str, u32> = BTreeMap::new();
    for person in &people {
        *states
            .entry(person.state(&cabinet).await.map_err(wrong)?)
            .or_default() += 1;
    }
    for (state, count) in states {
        // Writing to a string never fails.
        let _ = writeln!(text, "{state}: {count}");
    }
    Ok(text)
}

fn wrong(refusal: CabinetError) -> Failure {
    Failure::wrong(refusal)
}

/// A demo is made up: it never stands beside real people.
async fn empty(cabinet: &Cabinet) -> Result<(), Failure> {
    let conn = cabinet.db().read();
    let count = "SELECT COUNT(*) AS n FROM borrower";
    let statement = Statement::from_string(conn.get_database_backend(), count);
    let row = conn
        .query_one_raw(statement)
        .await
        .map_err(Failure::wrong)?;
    let people: i64 = row
        .map_or(Ok(0), |row| row.try_get("", "n"))
        .map_err(Failure::wrong)?;
    if people > 0 {
        return Err(Failure::wrong(
            "this database has borrowers already: name an empty one with --database",
        ));
    }
    Ok(())
}

async fn hired(cabinet: &Cabinet) -> cabinet::Result<(String, Vec<Staff>)> {
    let (mut text, mut all) = (String::new(), Vec::new());
    for (login, name, roles) in STAFF {
        let welcome = staff::add(cabinet, login, name, roles).await?;
        let _ = writeln!(
            text,
            "login: {} password: {}",
            welcome.login, welcome.password
        );
        all.push(Staff {
            id: welcome.id,
            login: welcome.login,
            name: name.to_owned(),
            roles: roles.to_vec(),
            must_change: false,
        });
    }
    Ok((text, all))
}

async fn day_ends(cabinet: &Cabinet) -> cabinet::Result<()> {
    balance::sweep(cabinet).await?;
    agent::sweep(cabinet).await?;
    bonus::daily(cabinet).await?;
    draw::daily(cabinet).await?;
    notice::daily(cabinet).await?;
    payment::poll(cabinet).await?;
    rest(cabinet).await
}
