//! Money on its way back to whom it came from.

use sea_orm_migration::prelude::*;

use crate::run;

/// Refunds.
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
        conn.execute_unprepared("DROP TABLE refund").await?;
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // A surplus going back by the payment it came with. id: also the acquirer's idempotence key,
    // so sent again it leaves once. first_staff, second_staff: two different people who agreed,
    // above the lender's limit. status: review, asked, sent, unknown, done, failed, declined.
    // reason: the acquirer's, or the member of staff's who declined.
    "CREATE TABLE refund (
        id TEXT NOT NULL PRIMARY KEY,
        loan TEXT NOT NULL REFERENCES loan (id),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        payment TEXT NOT NULL REFERENCES payment (id),
        amount BIGINT NOT NULL CHECK (amount > 0),
        status TEXT NOT NULL,
        first_staff TEXT,
        second_staff TEXT CHECK (second_staff <> first_staff),
        remote_id TEXT UNIQUE,
        reason TEXT,
        created_at BIGINT NOT NULL,
        sent_at BIGINT,
        changed_at BIGINT NOT NULL,
        done_at BIGINT,
        poll_at BIGINT,
        polls BIGINT NOT NULL
    )",
    "CREATE INDEX refund_loan ON refund (loan, created_at)",
    "CREATE INDEX refund_poll ON refund (poll_at) WHERE poll_at IS NOT NULL",
    // Two tabs, or two members of staff, make one of a payment.
    "CREATE UNIQUE INDEX refund_one_live ON refund (payment)
     WHERE status IN ('review', 'asked', 'sent', 'unknown')",
];
