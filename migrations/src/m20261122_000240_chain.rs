//! The end of the journal's chain remembers the hash before it.

use sea_orm_migration::prelude::*;

use crate::run;

/// So that one statement moves the end and tells what the new entry follows.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Written and read in one statement on Postgres; SQLite's writer keeps the end in memory.
        run(
            manager,
            &["ALTER TABLE chain_head ADD COLUMN previous TEXT NOT NULL DEFAULT ''"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        conn.execute_unprepared("ALTER TABLE chain_head DROP COLUMN previous")
            .await
            .map(drop)
    }
}
