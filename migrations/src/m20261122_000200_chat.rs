//! Borrowers' talks with specialists.

use sea_orm_migration::prelude::*;

/// Chats and their lines.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, TABLES).await?;
        crate::append_only(manager, "chat_line").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["chat_line", "chat"] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // One for each borrower, for good: lines are numbered through it, so that whoever lost the connection asks for
    // what came after the last number. waiting_since, answer_by: of the first line nobody has answered. seen: the
    // last line its borrower has had on the screen. told: the last one a notice went out for. answered_at: of the
    // last line of a specialist.
    "CREATE TABLE chat (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL UNIQUE REFERENCES borrower (id),
        state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'closed')),
        owner TEXT REFERENCES staff (id),
        last BIGINT NOT NULL,
        seen BIGINT NOT NULL,
        told BIGINT NOT NULL,
        waiting_since BIGINT,
        answer_by BIGINT,
        answered_at BIGINT,
        CHECK ((owner IS NOT NULL) = (state = 'taken'))
    )",
    "CREATE INDEX chat_waiting ON chat (waiting_since) WHERE waiting_since IS NOT NULL",
    // body: sealed; of a note, the name of what happened. staff: who answered or did it. upload: a picture.
    "CREATE TABLE chat_line (
        chat TEXT NOT NULL REFERENCES chat (id),
        seq BIGINT NOT NULL,
        at BIGINT NOT NULL,
        author TEXT NOT NULL CHECK (author IN ('borrower', 'staff', 'note')),
        staff TEXT REFERENCES staff (id),
        body TEXT NOT NULL,
        upload TEXT REFERENCES upload (id),
        PRIMARY KEY (chat, seq),
        CHECK (author <> 'staff' OR staff IS NOT NULL)
    )",
];
