//! Where notices to a borrower's devices go.

use sea_orm_migration::prelude::*;

use crate::run;

/// Subscriptions of web push.
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
        let sql = "DROP TABLE push_subscription";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // endpoint_index: keyed hash; a device has one owner, the last who asked. body: sealed JSON of
    // the address and the keys, since whoever has them can write to the device.
    "CREATE TABLE push_subscription (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        endpoint_index TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )",
    "CREATE INDEX push_subscription_borrower ON push_subscription (borrower, created_at)",
];
