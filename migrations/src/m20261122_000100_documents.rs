//! Documents as files, and the words of texts that were agreed to.

use sea_orm_migration::prelude::*;

use crate::{append_only, run};

/// Documents.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        append_only(manager, "legal_text").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        for table in ["document", "legal_text"] {
            conn.execute_unprepared(&format!("DROP TABLE {table}"))
                .await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // The words behind a hash of the table of consents: the lender's next version takes none away.
    "CREATE TABLE legal_text (
        hash TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        version TEXT NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL
    )",
    // object: what it is about, by its kind; a statement is about itself. body: sealed, the canonical
    // text and what is printed around it. text_hash: SHA-256 of that text. token: the public name of
    // a paper that the lender signs. signature: Ed25519, base64. pdf: sealed, the very bytes given
    // out first; pdf_hash: SHA-256 of them, so that a changed byte is found.
    "CREATE TABLE document (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        loan TEXT REFERENCES loan (id),
        kind TEXT NOT NULL,
        object TEXT NOT NULL,
        number TEXT NOT NULL,
        body TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        made_at BIGINT NOT NULL,
        token TEXT UNIQUE,
        signature TEXT,
        pdf TEXT,
        pdf_hash TEXT,
        UNIQUE (kind, object)
    )",
    "CREATE INDEX document_borrower ON document (borrower, made_at)",
    "CREATE INDEX document_loan ON document (loan, kind)",
    "CREATE INDEX document_pdf ON document (pdf_hash) WHERE pdf_hash IS NOT NULL",
    "CREATE INDEX document_text ON document (text_hash)",
];
