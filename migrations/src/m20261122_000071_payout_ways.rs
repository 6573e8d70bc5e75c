//! Payouts by the lender's own bank.

use sea_orm_migration::prelude::*;

use crate::run;

/// Orders for the bank.
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
        conn.execute_unprepared("ALTER TABLE payout DROP COLUMN ordered_at")
            .await?;
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // When the order for the lender's own bank was written out: it is written out once.
    "ALTER TABLE payout ADD COLUMN ordered_at BIGINT",
];
