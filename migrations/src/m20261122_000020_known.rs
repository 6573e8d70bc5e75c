//! Being known: who is who, what was changed by whom, pictures of papers, requests that take time.

use sea_orm_migration::prelude::*;

use crate::{append_only, run};

/// Being known.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        append_only(manager, "diary").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in [
            "DROP TABLE upload",
            "DROP TABLE change_request",
            "DROP TABLE diary",
            "DROP TABLE registration_answer",
            "DROP TABLE person_double",
            "DROP TABLE person_claim",
            "ALTER TABLE borrower DROP COLUMN closed_at",
            "ALTER TABLE borrower DROP COLUMN hold",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // hold: what a request under way leaves of the cabinet; empty, everything. closed_at: the
    // cabinet was closed at its owner's request; the records stay, as the law wants.
    "ALTER TABLE borrower ADD COLUMN hold TEXT CHECK (hold IN ('read_and_pay', 'closed'))",
    "ALTER TABLE borrower ADD COLUMN closed_at BIGINT",
    // A person has one cabinet. kind: 'person', keyed hash over name, birth date and passport; 'inn',
    // keyed hash of the taxpayer number. The key makes two registrations at once one. firm_at: an
    // application was filed with it; from then on it stays for ever, so that a person is found by an
    // old passport too. Before that a slip of the finger may be corrected.
    "CREATE TABLE person_claim (
        kind TEXT NOT NULL CHECK (kind IN ('person', 'inn')),
        value_index TEXT NOT NULL,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        at BIGINT NOT NULL,
        firm_at BIGINT,
        PRIMARY KEY (kind, value_index)
    )",
    "CREATE INDEX person_claim_borrower ON person_claim (borrower, kind)",
    // A cabinet whose data are those of another cabinet: nothing can be applied for until they differ.
    "CREATE TABLE person_double (
        borrower TEXT NOT NULL PRIMARY KEY REFERENCES borrower (id),
        at BIGINT NOT NULL
    )",
    // What was typed before the code that makes a cabinet. body: sealed JSON.
    "CREATE TABLE registration_answer (
        code TEXT NOT NULL PRIMARY KEY REFERENCES code (id),
        body TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    )",
    // Who saw or changed a person's data. role: in whose place; actor: which of the staff, empty
    // otherwise. what: a stable code. body: sealed JSON of the fields before and after, and of the reason.
    "CREATE TABLE diary (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        at BIGINT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('own', 'staff', 'program', 'bureau')),
        actor TEXT NOT NULL,
        what TEXT NOT NULL,
        body TEXT NOT NULL
    )",
    "CREATE INDEX diary_borrower ON diary (borrower, at)",
    // Something that takes time or people. borrower: empty until the person behind it is found.
    // code: the code whose digits begin it. body: sealed JSON of what was typed. new_phone_index:
    // keyed hash. due_at: when it happens by itself. first_by, second_by: two different of the staff.
    "CREATE TABLE change_request (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('phone', 'closing')),
        state TEXT NOT NULL CHECK (state IN ('typed', 'waiting', 'open', 'checked', 'done', 'refused', 'cancelled')),
        borrower TEXT REFERENCES borrower (id),
        code TEXT UNIQUE,
        new_phone_index TEXT NOT NULL,
        body TEXT NOT NULL,
        lang TEXT NOT NULL CHECK (lang IN ('ru', 'en')),
        at BIGINT NOT NULL,
        due_at BIGINT,
        first_by TEXT,
        first_at BIGINT,
        second_by TEXT,
        closed_at BIGINT,
        CHECK (first_by IS NULL OR second_by IS NULL OR first_by <> second_by)
    )",
    "CREATE INDEX change_request_borrower ON change_request (borrower, at)",
    "CREATE INDEX change_request_open ON change_request (at) WHERE state IN ('open', 'checked')",
    // A borrower has one request of a kind under way.
    "CREATE UNIQUE INDEX change_request_one ON change_request (borrower, kind) \
     WHERE borrower IS NOT NULL AND state IN ('waiting', 'open', 'checked')",
    // A picture of a paper, made anew by us. body: sealed. It belongs to a borrower, or to a request of
    // somebody not found yet.
    "CREATE TABLE upload (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT REFERENCES borrower (id),
        request TEXT REFERENCES change_request (id),
        kind TEXT NOT NULL CHECK (kind IN ('passport_main', 'passport_address', 'evidence')),
        width BIGINT NOT NULL,
        height BIGINT NOT NULL,
        size BIGINT NOT NULL,
        body TEXT NOT NULL,
        at BIGINT NOT NULL,
        removed_at BIGINT,
        CHECK (borrower IS NOT NULL OR request IS NOT NULL)
    )",
    "CREATE INDEX upload_borrower ON upload (borrower, at)",
    "CREATE INDEX upload_request ON upload (request, at)",
];
