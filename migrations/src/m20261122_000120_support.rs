//! What borrowers write: complaints, payments nobody finds, corrections of a debt, credit holidays, another
//! passport, questions.

use sea_orm_migration::prelude::*;

/// Appeals.
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
        for table in ["appeal_paper", "appeal"] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // cause: of a complaint, counted in a report. borrower: empty for somebody without a cabinet. body:
    // sealed: what was written, the figures, the contact, the answer. due_on: the last day of an answer.
    // extended_at: ten working days were added. owner: who answers. second_by: who let an outcome happen that
    // one person alone may not decide. paused_from: no penalty grows for the days after this one; resumed_on:
    // until this one.
    "CREATE TABLE appeal (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN \
            ('passport', 'debt', 'payment', 'holidays', 'complaint', 'question')),
        cause TEXT,
        state TEXT NOT NULL CHECK (state IN \
            ('open', 'taken', 'proposed', 'answered', 'refused', 'cancelled')),
        borrower TEXT REFERENCES borrower (id),
        loan TEXT REFERENCES loan (id),
        body TEXT NOT NULL,
        lang TEXT NOT NULL,
        at BIGINT NOT NULL,
        due_on TEXT NOT NULL,
        extended_at BIGINT,
        owner TEXT REFERENCES staff (id),
        second_by TEXT REFERENCES staff (id),
        closed_at BIGINT,
        paused_from TEXT,
        resumed_on TEXT,
        CHECK (second_by IS NULL OR second_by <> owner)
    )",
    "CREATE INDEX appeal_borrower ON appeal (borrower, at)",
    "CREATE INDEX appeal_waiting ON appeal (due_on) WHERE closed_at IS NULL",
    // The same thing is not asked twice at once.
    "CREATE UNIQUE INDEX appeal_one ON appeal (borrower, kind, loan) \
        WHERE closed_at IS NULL AND loan IS NOT NULL",
    // A picture that belongs to an appeal.
    "CREATE TABLE appeal_paper (
        appeal TEXT NOT NULL REFERENCES appeal (id),
        upload TEXT NOT NULL REFERENCES upload (id),
        PRIMARY KEY (appeal, upload)
    )",
];
