//! What the lender gives up of a loan by the word of two people: debt that is written off, a rate that is lowered.

use sea_orm_migration::prelude::*;

/// Requests of the staff and the rate of an operation.
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
        for sql in [
            "DROP TABLE adjustment",
            "ALTER TABLE operation DROP COLUMN rate",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // What a rate was lowered to, in millionths of what its days say: 1 for a daily rate, 365 for an annual one.
    "ALTER TABLE operation ADD COLUMN rate BIGINT",
    // whole: all that is owed on the day it is agreed to, so the three sums are empty until then; otherwise they are
    // what was asked for. cause: from a fixed list. note, evidence, answer: sealed. operation: what it became.
    "CREATE TABLE adjustment (
        id TEXT NOT NULL PRIMARY KEY,
        loan TEXT NOT NULL REFERENCES loan (id),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        kind TEXT NOT NULL CHECK (kind IN ('write_off', 'rate_cut')),
        whole BIGINT NOT NULL,
        penalty BIGINT NOT NULL CHECK (penalty >= 0),
        interest BIGINT NOT NULL CHECK (interest >= 0),
        principal BIGINT NOT NULL CHECK (principal >= 0),
        rate BIGINT,
        cause TEXT NOT NULL,
        note TEXT NOT NULL,
        evidence TEXT NOT NULL,
        asked_by TEXT NOT NULL,
        asked_at BIGINT NOT NULL,
        decided_by TEXT,
        decided_at BIGINT,
        outcome TEXT CHECK (outcome IN ('approved', 'refused', 'withdrawn')),
        answer TEXT NOT NULL,
        operation TEXT,
        CHECK ((rate IS NOT NULL) = (kind = 'rate_cut')),
        CHECK ((decided_by IS NULL) = (outcome IS NULL)),
        CHECK ((operation IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'approved')),
        CHECK (outcome IS NULL OR outcome = 'withdrawn' OR decided_by <> asked_by)
    )",
    // The same is asked for once at a time.
    "CREATE UNIQUE INDEX adjustment_waiting ON adjustment (loan, kind) WHERE outcome IS NULL",
    "CREATE INDEX adjustment_of ON adjustment (borrower)",
];
