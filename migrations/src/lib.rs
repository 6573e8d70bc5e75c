//! The schema, one set of migrations for SQLite and Postgres. Expand and contract only: a column or
//! table is added in one release and removed in a later one, so that old and new programs work side
//! by side.

pub use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

mod m20261101_000001_foundation;
mod m20261101_000002_lending;
mod m20261122_000001_push;
mod m20261122_000003_access;
mod m20261122_000010_identity;
mod m20261122_000020_known;
mod m20261122_000030_refund;
mod m20261122_000031_ways;
mod m20261122_000040_ways_of_money;
mod m20261122_000041_statement;
mod m20261122_000060_staff;
mod m20261122_000070_autopay;
mod m20261122_000071_payout_ways;
mod m20261122_000090_workplace;
mod m20261122_000100_documents;
mod m20261122_000110_notice;
mod m20261122_000120_service;
mod m20261122_000120_support;
mod m20261122_000120_works;
mod m20261122_000160_debit_day;
mod m20261122_000161_same_card;
mod m20261122_000170_agent;
mod m20261122_000170_bonus;
mod m20261122_000170_promotion;
mod m20261122_000171_invitation;
mod m20261122_000200_chat;
mod m20261122_000201_request_clock;
mod m20261122_000210_draw;
mod m20261122_000220_adjustment;
mod m20261122_000230_agent_stop;
mod m20261122_000231_purse;
mod m20261122_000240_chain;
mod m20261122_000250_waiting_email;
mod m20261123_000310_kept_promises;
mod m20261123_000320_income;

/// All migrations in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_foundation::Migration),
            Box::new(m20261101_000002_lending::Migration),
            Box::new(m20261122_000001_push::Migration),
            Box::new(m20261122_000003_access::Migration),
            Box::new(m20261122_000010_identity::Migration),
            Box::new(m20261122_000020_known::Migration),
            Box::new(m20261122_000030_refund::Migration),
            Box::new(m20261122_000031_ways::Migration),
            Box::new(m20261122_000040_ways_of_money::Migration),
            Box::new(m20261122_000041_statement::Migration),
            Box::new(m20261122_000060_staff::Migration),
            Box::new(m20261122_000070_autopay::Migration),
            Box::new(m20261122_000071_payout_ways::Migration),
            Box::new(m20261122_000090_workplace::Migration),
            Box::new(m20261122_000100_documents::Migration),
            Box::new(m20261122_000110_notice::Migration),
            Box::new(m20261122_000120_works::Migration),
            Box::new(m20261122_000160_debit_day::Migration),
            Box::new(m20261122_000161_same_card::Migration),
            Box::new(m20261122_000120_service::Migration),
            Box::new(m20261122_000120_support::Migration),
            Box::new(m20261122_000170_bonus::Migration),
            Box::new(m20261122_000171_invitation::Migration),
            Box::new(m20261122_000200_chat::Migration),
            Box::new(m20261122_000170_promotion::Migration),
            Box::new(m20261122_000201_request_clock::Migration),
            Box::new(m20261122_000240_chain::Migration),
            Box::new(m20261122_000220_adjustment::Migration),
            Box::new(m20261122_000170_agent::Migration),
            Box::new(m20261122_000230_agent_stop::Migration),
            Box::new(m20261122_000231_purse::Migration),
            Box::new(m20261122_000210_draw::Migration),
            Box::new(m20261123_000310_kept_promises::Migration),
            Box::new(m20261122_000250_waiting_email::Migration),
            Box::new(m20261123_000320_income::Migration),
        ]
    }
}

/// Runs statements written once for both databases. They use `BIGINT` and `TEXT` only. On SQLite a
/// table becomes STRICT, so that a text can never settle in a column of money.
pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    for statement in statements {
        let mut sql = (*statement).trim().to_owned();
        if sqlite {
            sql = sql.replace("BIGINT", "INTEGER");
            if sql.starts_with("CREATE TABLE") {
                sql.push_str(" STRICT");
            }
        }
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Triggers that refuse to change or remove a row: history is only ever added to.
pub(crate) async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let conn = manager.get_connection();
    for verb in ["update", "delete"] {
        let sql = if manager.get_database_backend() == DbBackend::Sqlite {
            format!(
                "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} \
                 BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        } else {
            format!(
                "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} \
                 FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
            )
        };
        conn.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// The function behind the triggers of [`append_only`] on Postgres.
pub(crate) async fn append_only_function(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    let sql = "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS \
               $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$";
    manager.get_connection().execute_unprepared(sql).await?;
    Ok(())
}
