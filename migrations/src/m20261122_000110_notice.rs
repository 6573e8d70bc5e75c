//! Notices: what each said, who read it, who wants to hear of what and where, and the ledger of contacts.

use sea_orm_migration::prelude::*;

use crate::run;

/// Choices, quiet hours, the ledger of contacts.
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
        for sql in [
            "DROP TABLE sms_part",
            "DROP TABLE contact",
            "DROP TABLE notice_hours",
            "DROP TABLE notice_choice",
            "DROP INDEX notice_list",
            "ALTER TABLE notice DROP COLUMN read_at",
            "ALTER TABLE notice DROP COLUMN body",
        ] {
            conn.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // Sealed text of what is read in the cabinet; empty of other channels.
    "ALTER TABLE notice ADD COLUMN body TEXT",
    "ALTER TABLE notice ADD COLUMN read_at BIGINT",
    "CREATE INDEX notice_list ON notice (borrower, channel, at)",
    // What a borrower has chosen otherwise than it is by default.
    "CREATE TABLE notice_choice (
        borrower TEXT NOT NULL REFERENCES borrower (id),
        event TEXT NOT NULL,
        channel TEXT NOT NULL CHECK (channel IN ('sms', 'mail', 'push', 'inapp')),
        chosen BIGINT NOT NULL CHECK (chosen IN (0, 1)),
        PRIMARY KEY (borrower, event, channel)
    )",
    // Quiet hours on the borrower's own clock, from and until; the same twice: none. answers: 1 when they hold
    // for answers to what the borrower does as well.
    "CREATE TABLE notice_hours (
        borrower TEXT NOT NULL PRIMARY KEY REFERENCES borrower (id),
        quiet_from BIGINT NOT NULL CHECK (quiet_from BETWEEN 0 AND 23),
        quiet_until BIGINT NOT NULL CHECK (quiet_until BETWEEN 0 AND 23),
        answers BIGINT NOT NULL CHECK (answers IN (0, 1))
    )",
    // The ledger of contacts: one row for each message that was to go out, whatever became of it. limited: 1
    // when it counts against the law's limits (230-ФЗ art. 7). sent_at: the last time it was given to the
    // gateway. waits: why it waits, till waits_until. ended: sent, delivered, undelivered, refused (by the
    // gateway), failed (given up), stale (its time passed; waits says what it waited for), off (the borrower
    // wants it no more).
    "CREATE TABLE contact (
        notice TEXT NOT NULL PRIMARY KEY REFERENCES notice (id),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        asked_at BIGINT NOT NULL,
        not_after BIGINT NOT NULL,
        limited BIGINT NOT NULL CHECK (limited IN (0, 1)),
        sent_at BIGINT,
        waits TEXT,
        waits_until BIGINT,
        ended TEXT CHECK (ended IN \
            ('sent', 'delivered', 'undelivered', 'refused', 'failed', 'stale', 'off')),
        ended_at BIGINT
    )",
    "CREATE INDEX contact_borrower ON contact (borrower, asked_at)",
    // What an operator calls the parts of a message, to know them again in its delivery receipts. arrived: 1
    // came, 0 will not come, empty until the receipt.
    "CREATE TABLE sms_part (
        gateway_id TEXT NOT NULL PRIMARY KEY,
        notice TEXT NOT NULL REFERENCES notice (id),
        at BIGINT NOT NULL,
        arrived BIGINT CHECK (arrived IN (0, 1))
    )",
    "CREATE INDEX sms_part_notice ON sms_part (notice)",
];
