//! What a specialist asks of a borrower before deciding.

use sea_orm_migration::prelude::*;

/// Papers asked for.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "DROP TABLE paper_asked";
        manager.get_connection().execute_unprepared(table).await?;
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // A paper that a specialist asked for before deciding. what: sealed, in the specialist's words.
    "CREATE TABLE paper_asked (
        id TEXT NOT NULL PRIMARY KEY,
        application TEXT NOT NULL REFERENCES application (id),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        staff TEXT NOT NULL,
        what TEXT NOT NULL,
        at BIGINT NOT NULL
    )",
    "CREATE INDEX paper_asked_application ON paper_asked (application, at)",
];
