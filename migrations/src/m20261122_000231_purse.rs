//! Accounts, phones and wallets that receive money, so that two cabinets with one of them are found.

use sea_orm_migration::prelude::*;

use crate::run;

/// Purses.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        conn.execute_unprepared("DROP TABLE purse").await.map(drop)
    }
}

const TABLES: &[&str] = &[
    // value_index: keyed hash of the number; the number itself is sealed in the instrument. Rows of instruments that
    // are older than this table are written by the daily sweep.
    "CREATE TABLE purse (
        instrument TEXT NOT NULL PRIMARY KEY REFERENCES instrument (id),
        value_index TEXT NOT NULL
    )",
    "CREATE INDEX purse_value ON purse (value_index)",
];
