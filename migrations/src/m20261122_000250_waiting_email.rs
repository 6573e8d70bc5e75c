//! An e-mail address that waits for its click is nobody's yet, so it keeps nobody out.

use sea_orm_migration::prelude::*;

use crate::run;

/// Addresses that wait.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, ROWS).await
    }

    // The program before this one only looks for confirmed addresses: those that wait go, and are typed again.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        let statement = "UPDATE way SET removed_at = created_at WHERE kind = 'email' \
                         AND confirmed_at IS NULL AND removed_at IS NULL";
        conn.execute_unprepared(statement).await.map(drop)
    }
}

const ROWS: &[&str] = &[
    // The unique index of ways counts whatever is not removed. An address that waits therefore stands under its hash
    // and its cabinet together, and only a click gives it the hash alone, which one cabinet may have. No index
    // changes, so a program that runs beside this one goes on working.
    "UPDATE way SET subject_index = subject_index || ':' || borrower \
     WHERE kind = 'email' AND confirmed_at IS NULL AND removed_at IS NULL",
];
