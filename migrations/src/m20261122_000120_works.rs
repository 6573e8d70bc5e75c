//! Technical works announced ahead.

use sea_orm_migration::prelude::*;

use crate::run;

/// Windows of technical works.
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
        conn.execute_unprepared("DROP TABLE works").await?;
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // In the database and not in a file: every node must close and open at the same moment.
    "CREATE TABLE works (
        id TEXT PRIMARY KEY,
        starts_at BIGINT NOT NULL,
        ends_at BIGINT NOT NULL CHECK (ends_at > starts_at),
        announced_at BIGINT NOT NULL,
        -- Called off, or ended before its time; the row stays to tell what people were shown.
        called_off_at BIGINT
    )",
    "CREATE INDEX works_ends_at ON works (ends_at)",
];
