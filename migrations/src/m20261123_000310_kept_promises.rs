//! Columns of what is promised beside a loan: text messages that are a service, prizes that wait to be collected, rewards
//! that two of the staff give all the same; and pictures that the staff put beside what they decide on.

use sea_orm_migration::prelude::*;

use crate::run;

/// Columns.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, COLUMNS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        conn.execute_unprepared("DROP TABLE staff_paper").await?;
        for (table, column) in [
            ("service", "kind"),
            ("draw_prize", "collect_by"),
            ("draw_prize", "place"),
            ("invitation", "agreed_by"),
            ("invitation", "asked_by"),
            ("invitation", "asked_why"),
            ("invitation", "asked_at"),
        ] {
            let sql = format!("ALTER TABLE {table} DROP COLUMN {column}");
            conn.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const COLUMNS: &[&str] = &[
    // What a service was when it was switched on, whatever the lender's file says later: messages go while one of the
    // kind 'sms' is on. Empty of services that are older than this column.
    "ALTER TABLE service ADD COLUMN kind TEXT",
    // The last day to collect a prize, and where it waits (sealed): written when the winner is told. A lapsed prize
    // with a last day here was accepted and not collected.
    "ALTER TABLE draw_prize ADD COLUMN collect_by TEXT",
    "ALTER TABLE draw_prize ADD COLUMN place TEXT",
    // Who asks for a refused reward to be paid all the same, why (sealed), when; who has agreed, which is another person.
    "ALTER TABLE invitation ADD COLUMN asked_by TEXT",
    "ALTER TABLE invitation ADD COLUMN asked_why TEXT",
    "ALTER TABLE invitation ADD COLUMN asked_at BIGINT",
    "ALTER TABLE invitation ADD COLUMN agreed_by TEXT CHECK (agreed_by IS NULL OR agreed_by <> asked_by)",
    // A picture that one of the staff put beside something that waits for a decision. object: its id in the table of
    // what it is about. borrower: whose it is; empty of a request without a cabinet. body: sealed, a JPEG of our own.
    "CREATE TABLE staff_paper (
        id TEXT NOT NULL PRIMARY KEY,
        about TEXT NOT NULL CHECK (about IN ('adjustment', 'request', 'appeal')),
        object TEXT NOT NULL,
        borrower TEXT REFERENCES borrower (id),
        staff TEXT NOT NULL,
        width BIGINT NOT NULL,
        height BIGINT NOT NULL,
        size BIGINT NOT NULL,
        body TEXT NOT NULL,
        at BIGINT NOT NULL
    )",
    "CREATE INDEX staff_paper_about ON staff_paper (about, object, at)",
    "CREATE INDEX staff_paper_of ON staff_paper (borrower, at)",
];
