//! Invited friends: whose code brought whom, and what became of the reward.

use sea_orm_migration::prelude::*;

use crate::run;

/// Invitations.
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
        for table in ["invitation", "invitation_code"] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // Somebody's code, made when they first look for it. phone_index: keyed hash of the phone they had then: a
    // later cabinet under that number is theirs.
    "CREATE TABLE invitation_code (
        borrower TEXT NOT NULL PRIMARY KEY REFERENCES borrower (id),
        code TEXT NOT NULL UNIQUE,
        phone_index TEXT NOT NULL,
        at BIGINT NOT NULL
    )",
    // Written when the friend's cabinet was made; a person is invited once. reason: why the reward was refused, a
    // stable code.
    "CREATE TABLE invitation (
        friend TEXT NOT NULL PRIMARY KEY REFERENCES borrower (id),
        inviter TEXT NOT NULL REFERENCES borrower (id),
        phone_index TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'rewarded', 'refused')),
        reason TEXT,
        at BIGINT NOT NULL,
        decided_at BIGINT,
        CHECK (friend <> inviter),
        CHECK ((state = 'refused') = (reason IS NOT NULL))
    )",
    "CREATE INDEX invitation_inviter ON invitation (inviter, at)",
];
