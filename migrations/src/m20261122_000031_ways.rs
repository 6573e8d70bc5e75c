//! Paying early, a sum that closes a loan by a moment, and money on a balance.

use sea_orm_migration::prelude::*;

use crate::run;

/// Ways of one loan's money.
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
        for statement in [
            "DROP TABLE balance_order",
            "DROP TABLE payoff_quote",
            "ALTER TABLE operation DROP COLUMN keep",
            "ALTER TABLE payment DROP COLUMN mandate",
            "ALTER TABLE payment DROP COLUMN instrument",
            "ALTER TABLE payment DROP COLUMN assign_sum",
            "ALTER TABLE payment DROP COLUMN assign",
            "ALTER TABLE payment DROP COLUMN quote",
            "ALTER TABLE payment DROP COLUMN keep",
        ] {
            conn.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // term or payment: what a payment that asks for a new schedule keeps (art. 11).
    "ALTER TABLE payment ADD COLUMN keep TEXT",
    // The quote it was started under: a capture minutes after midnight still closes the loan.
    "ALTER TABLE payment ADD COLUMN quote TEXT",
    // What money of a top-up is for: payoff, repay, or hold until the due date.
    "ALTER TABLE payment ADD COLUMN assign TEXT",
    // How much of the balance to repay with, when assign is repay.
    "ALTER TABLE payment ADD COLUMN assign_sum BIGINT",
    // The saved card that is charged without a page.
    "ALTER TABLE payment ADD COLUMN instrument TEXT",
    // The permission under which it is charged without its owner.
    "ALTER TABLE payment ADD COLUMN mandate TEXT",
    "ALTER TABLE operation ADD COLUMN keep TEXT",
    // A promise: this sum, taken by the end of that day, closes the loan.
    "CREATE TABLE payoff_quote (
        id TEXT NOT NULL PRIMARY KEY,
        loan TEXT NOT NULL REFERENCES loan (id),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        on_date TEXT NOT NULL,
        amount BIGINT NOT NULL CHECK (amount > 0),
        expires_at BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        UNIQUE (loan, on_date, amount)
    )",
    // What the borrower asked to do with the balance: repay, prolong, return. seq: the order of a
    // day's orders. rules, past: of a prolongation, frozen, JSON. refund: of a return. An order
    // whose refund failed is cancelled, and its money is on the balance again.
    "CREATE TABLE balance_order (
        id TEXT NOT NULL PRIMARY KEY,
        loan TEXT NOT NULL REFERENCES loan (id),
        seq BIGINT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('repay', 'prolong', 'return')),
        on_date TEXT NOT NULL,
        at BIGINT NOT NULL,
        amount BIGINT CHECK (amount > 0),
        keep TEXT,
        days BIGINT,
        rules TEXT,
        past TEXT,
        prolongation TEXT,
        refund TEXT,
        cancelled_at BIGINT,
        UNIQUE (loan, seq)
    )",
];
