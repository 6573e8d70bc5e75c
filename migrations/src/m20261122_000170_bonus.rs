//! Bonuses: their own double-entry journal, the lots they expire by, and what each borrower has.

use sea_orm_migration::prelude::*;

use crate::{append_only, run};

/// Bonuses.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        append_only(manager, "bonus_entry").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["bonus_lot", "bonus_entry", "bonus_account"] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // One row a borrower: the lock that everything about their bonuses takes first, and the sum that can never be
    // less than nothing. seq: the number of the last entry.
    "CREATE TABLE bonus_account (
        borrower TEXT NOT NULL PRIMARY KEY REFERENCES borrower (id),
        balance BIGINT NOT NULL CHECK (balance >= 0),
        seq BIGINT NOT NULL CHECK (seq >= 0)
    )",
    // The journal: an entry is a debit and a credit of one amount, so the books always balance. One of the two
    // accounts is the borrower's own: its balance is what is credited less what is debited. reference: what
    // exactly was booked, so that one event is booked once. Amounts in kopecks: one bonus is one rouble.
    "CREATE TABLE bonus_entry (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES bonus_account (borrower),
        seq BIGINT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('loan', 'interest', 'inviter', 'friend', 'prize',
            'spent', 'returned', 'expired', 'forfeited')),
        debit TEXT NOT NULL CHECK (debit IN ('borrower', 'programme', 'spent')),
        credit TEXT NOT NULL CHECK (credit IN ('borrower', 'spent', 'expired', 'forfeited')),
        amount BIGINT NOT NULL CHECK (amount > 0),
        reference TEXT NOT NULL UNIQUE,
        loan TEXT REFERENCES loan (id),
        on_date TEXT NOT NULL,
        at BIGINT NOT NULL,
        CHECK (debit <> credit AND (debit = 'borrower' OR credit = 'borrower')),
        UNIQUE (borrower, seq)
    )",
    // What of an entry that gave bonuses is left, and the last day it can be spent. told_at: its owner was told
    // that it ends soon.
    "CREATE TABLE bonus_lot (
        entry TEXT NOT NULL PRIMARY KEY REFERENCES bonus_entry (id),
        borrower TEXT NOT NULL REFERENCES bonus_account (borrower),
        amount_left BIGINT NOT NULL CHECK (amount_left >= 0),
        last_day TEXT NOT NULL,
        told_at BIGINT
    )",
    "CREATE INDEX bonus_lot_ends ON bonus_lot (last_day) WHERE amount_left > 0",
    "CREATE INDEX bonus_lot_borrower ON bonus_lot (borrower, last_day) WHERE amount_left > 0",
];
