//! Services beside a loan: what a borrower switched on, and every word about it.

use sea_orm_migration::prelude::*;

use crate::{append_only, run};

/// Services.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        append_only(manager, "service_word").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        for table in ["service_word", "service"] {
            conn.execute_unprepared(&format!("DROP TABLE {table}"))
                .await?;
        }
        conn.execute_unprepared("ALTER TABLE refund DROP COLUMN service")
            .await
            .map(drop)
    }
}

const TABLES: &[&str] = &[
    // A row for each time a service is switched on. title, price, used: as they were on that day, whatever the
    // lender's file says later. status: asked (the price is not paid yet), on, off (nothing to give back), returning
    // (refused in time: refund_sum is owed by pay_by), returned, ended (refused too late, or used up).
    // from_on, to_on: the days of a service that is used up evenly.
    "CREATE TABLE service (
        id TEXT NOT NULL PRIMARY KEY,
        loan TEXT NOT NULL REFERENCES loan (id),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        code TEXT NOT NULL,
        title TEXT NOT NULL,
        price BIGINT NOT NULL CHECK (price >= 0),
        used TEXT NOT NULL CHECK (used IN ('term', 'once')),
        status TEXT NOT NULL
            CHECK (status IN ('asked', 'on', 'off', 'returning', 'returned', 'ended')),
        payment TEXT REFERENCES payment (id),
        asked_at BIGINT NOT NULL,
        on_date TEXT,
        from_on TEXT,
        to_on TEXT,
        off_at BIGINT,
        refund TEXT REFERENCES refund (id),
        refund_sum BIGINT CHECK (refund_sum > 0),
        kept BIGINT CHECK (kept >= 0),
        pay_by TEXT,
        done_at BIGINT
    )",
    "CREATE UNIQUE INDEX service_one ON service (loan, code) WHERE status IN ('asked', 'on')",
    "CREATE INDEX service_payment ON service (payment)",
    // The ledger of consents: an application for a service, or against it, in its own words (sealed), with their
    // hash and where they came from. Never changed.
    "CREATE TABLE service_word (
        id TEXT NOT NULL PRIMARY KEY,
        number BIGINT NOT NULL,
        service TEXT NOT NULL REFERENCES service (id),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        given BIGINT NOT NULL CHECK (given IN (0, 1)),
        text TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        at BIGINT NOT NULL,
        address TEXT NOT NULL,
        agent TEXT NOT NULL,
        UNIQUE (service, number)
    )",
    // The service whose price goes back; none of a surplus.
    "ALTER TABLE refund ADD COLUMN service TEXT",
];
