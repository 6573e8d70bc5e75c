//! Lines of the bank's statements and of registers, and links for somebody else's payment.

use sea_orm_migration::prelude::*;

use crate::run;

/// Money past the acquirer.
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
        for table in ["pay_link", "bank_line"] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // fingerprint: hash of what the line says, so that files that overlap post it once. source:
    // statement or register. status: posted, unmatched, aggregate (a whole register's transfer),
    // outgoing, dismissed. loan, reference: of a posted one; the reference is its operation's.
    // details: the whole line, JSON, sealed: it names people.
    "CREATE TABLE bank_line (
        id TEXT NOT NULL PRIMARY KEY,
        fingerprint TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL CHECK (source IN ('statement', 'register')),
        on_date TEXT NOT NULL,
        amount BIGINT NOT NULL CHECK (amount > 0),
        incoming BIGINT NOT NULL CHECK (incoming IN (0, 1)),
        status TEXT NOT NULL,
        loan TEXT REFERENCES loan (id),
        reference TEXT,
        details TEXT NOT NULL,
        imported_at BIGINT NOT NULL
    )",
    "CREATE INDEX bank_line_day ON bank_line (on_date)",
    "CREATE INDEX bank_line_waiting ON bank_line (status) WHERE status = 'unmatched'",
    // A link by which somebody else pays. token_index: keyed hash, token: sealed, so
    // that its owner can copy the link again. amount: what the borrower asks for; none means all that is owed on the day.
    "CREATE TABLE pay_link (
        id TEXT NOT NULL PRIMARY KEY,
        token_index TEXT NOT NULL UNIQUE,
        token TEXT NOT NULL,
        loan TEXT NOT NULL REFERENCES loan (id),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        amount BIGINT CHECK (amount > 0),
        created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        revoked_at BIGINT
    )",
    "CREATE INDEX pay_link_loan ON pay_link (loan)",
];
