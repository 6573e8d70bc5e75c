//! An income that a paper proves: which pictures say so, and what specialists wrote down of them.

use sea_orm_migration::prelude::*;

use crate::run;

/// What proves an income.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        crate::append_only(manager, "income_word").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        for sql in [
            "DROP TABLE income_word",
            "DROP INDEX upload_proves",
            "ALTER TABLE upload DROP COLUMN proves",
        ] {
            conn.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // What a picture of the kind 'evidence' is sent to prove; empty of any other. A column of its own, since the list of
    // kinds is a CHECK of the table and a program of the version before reads only those.
    "ALTER TABLE upload ADD COLUMN proves TEXT CHECK (proves IN ('income'))",
    // The specialists' queue: pictures that wait to be read.
    "CREATE INDEX upload_proves ON upload (proves, borrower, at)",
    // A specialist's word on papers of an income: rows are only added, so what was proved before stays to be read. Of
    // 'proved' and 'withdrawn' the newest counts; 'declined' takes nothing away.
    // picture, paper, amount (kopecks a month), holds_until (the last day, a date of the lender's clock): of 'proved'.
    // why: of the others, sealed, in words for the borrower.
    // seen: pictures that had come until this moment were looked at; later ones go on waiting.
    "CREATE TABLE income_word (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        staff TEXT NOT NULL,
        word TEXT NOT NULL CHECK (word IN ('proved', 'declined', 'withdrawn')),
        picture TEXT REFERENCES upload (id),
        paper TEXT CHECK (paper IN ('certificate', 'fund', 'pension', 'statement', 'tax_return', 'self_employed')),
        amount BIGINT CHECK (amount > 0),
        holds_until TEXT,
        why TEXT,
        seen BIGINT NOT NULL,
        at BIGINT NOT NULL,
        CHECK (word <> 'proved' OR (picture IS NOT NULL AND paper IS NOT NULL AND amount IS NOT NULL AND holds_until IS NOT NULL)),
        CHECK (word = 'proved' OR (why IS NOT NULL AND amount IS NULL))
    )",
    "CREATE INDEX income_word_of ON income_word (borrower, at)",
    "CREATE INDEX income_word_picture ON income_word (picture)",
];
