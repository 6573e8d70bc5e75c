//! The legal clock of requests: ten working days more, and when they were added.

use sea_orm_migration::prelude::*;

/// One column.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The first term is counted from the day of the request, so it needs no column of its own.
        let column = "ALTER TABLE change_request ADD COLUMN extended_at BIGINT";
        crate::run(manager, &[column]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = "ALTER TABLE change_request DROP COLUMN extended_at";
        let conn = manager.get_connection();
        conn.execute_unprepared(sql).await.map(drop)
    }
}
