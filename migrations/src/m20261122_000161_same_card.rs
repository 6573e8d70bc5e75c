//! One card of one person is kept once.

use sea_orm_migration::prelude::*;

use crate::run;

/// What tells a card from another.
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
        conn.execute_unprepared("DROP INDEX instrument_once")
            .await?;
        for column in ["confirmed_at", "same_as", "expiry"] {
            conn.execute_unprepared(&format!("ALTER TABLE instrument DROP COLUMN {column}"))
                .await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // The last month of a card, 2030-12; none when the acquirer does not tell it.
    "ALTER TABLE instrument ADD COLUMN expiry TEXT",
    // Of a binding that turned out to be of a card bound before: that card.
    "ALTER TABLE instrument ADD COLUMN same_as TEXT REFERENCES instrument (id)",
    // When its owner last confirmed the card: by binding it, or by a code before a repeat loan.
    "ALTER TABLE instrument ADD COLUMN confirmed_at BIGINT",
    // Two bindings of one card that end at once: the second ends again, as the same.
    "CREATE UNIQUE INDEX instrument_once ON instrument (borrower, first6, last4, expiry) \
     WHERE status = 'active' AND kind = 'card'",
];
