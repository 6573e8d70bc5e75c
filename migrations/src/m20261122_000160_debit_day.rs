//! Debits on a day of the month.

use sea_orm_migration::prelude::*;

use crate::run;

/// The day that a permission names.
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
        conn.execute_unprepared("ALTER TABLE mandate DROP COLUMN month_day")
            .await?;
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // The day of the month on which to debit, in place of days_before; none when it goes by the
    // payment date.
    "ALTER TABLE mandate ADD COLUMN month_day BIGINT CHECK (month_day BETWEEN 1 AND 31)",
];
