//! A borrower's permission to debit a saved card by itself, and what was tried under it.

use sea_orm_migration::prelude::*;

use crate::run;

/// Autopay.
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
        for table in ["autopay_try", "mandate"] {
            conn.execute_unprepared(&format!("DROP TABLE {table}"))
                .await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // days_before: how long before each payment date; 0 is the date itself. hour: of the lender's
    // clock, not earlier. cap_debit, cap_month: never more at once, never more in a calendar month.
    // status: active, paused, revoked; a revoked one stays as history.
    "CREATE TABLE mandate (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        loan TEXT NOT NULL REFERENCES loan (id),
        instrument TEXT NOT NULL REFERENCES instrument (id),
        days_before BIGINT NOT NULL CHECK (days_before BETWEEN 0 AND 5),
        hour BIGINT NOT NULL CHECK (hour BETWEEN 0 AND 23),
        cap_debit BIGINT NOT NULL CHECK (cap_debit > 0),
        cap_month BIGINT NOT NULL CHECK (cap_month >= cap_debit),
        status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'revoked')),
        agreed_at BIGINT NOT NULL,
        changed_at BIGINT NOT NULL
    )",
    "CREATE UNIQUE INDEX mandate_one ON mandate (loan) WHERE status <> 'revoked'",
    // due_on: the payment date it is for. number: from 1; two workers can't make one try twice.
    // payment: none when a cap forbade it. on_date: a date is tried once a day.
    "CREATE TABLE autopay_try (
        id TEXT NOT NULL PRIMARY KEY,
        mandate TEXT NOT NULL REFERENCES mandate (id),
        loan TEXT NOT NULL REFERENCES loan (id),
        due_on TEXT NOT NULL,
        number BIGINT NOT NULL CHECK (number > 0),
        on_date TEXT NOT NULL,
        at BIGINT NOT NULL,
        amount BIGINT NOT NULL CHECK (amount > 0),
        payment TEXT REFERENCES payment (id),
        refused TEXT,
        UNIQUE (loan, due_on, number),
        UNIQUE (loan, due_on, on_date)
    )",
];
