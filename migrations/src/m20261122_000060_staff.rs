//! The lender's staff: who works here, their sessions, what two people have to agree on, what was done.

use sea_orm_migration::prelude::*;

/// The staff.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::run(manager, TABLES).await?;
        crate::append_only(manager, "audit").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "audit",
            "audit_head",
            "agreement",
            "staff_session",
            "staff_role",
            "staff",
        ] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        let column = "ALTER TABLE application DROP COLUMN checks";
        manager.get_connection().execute_unprepared(column).await?;
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // Every rule that was in force at the decision and whether it was passed, JSON: a specialist reads it.
    "ALTER TABLE application ADD COLUMN checks TEXT",
    // Somebody who works at the lender. name: sealed. password: sealed Argon2id string. totp: sealed
    // secret of RFC 6238 in base32. totp_step: the last step a code was taken of, so that none is taken
    // twice. must_change: 1 until the password given at the beginning is replaced. left_at: works here no more.
    "CREATE TABLE staff (
        id TEXT NOT NULL PRIMARY KEY,
        login TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        password TEXT NOT NULL,
        totp TEXT NOT NULL,
        totp_step BIGINT NOT NULL,
        must_change BIGINT NOT NULL CHECK (must_change IN (0, 1)),
        created_at BIGINT NOT NULL,
        left_at BIGINT
    )",
    // A role somebody holds. agreement: the two people's word; empty for the first ones, made at the
    // console of the server.
    "CREATE TABLE staff_role (
        staff TEXT NOT NULL REFERENCES staff (id),
        role TEXT NOT NULL CHECK (role IN \
            ('support', 'underwriter', 'payments', 'marketing', 'chief', 'auditor')),
        agreement TEXT NOT NULL,
        since BIGINT NOT NULL,
        PRIMARY KEY (staff, role)
    )",
    // token_index: keyed hash of the cookie. Moments are of the real clock.
    "CREATE TABLE staff_session (
        token_index TEXT NOT NULL PRIMARY KEY,
        staff TEXT NOT NULL REFERENCES staff (id),
        at BIGINT NOT NULL,
        used_at BIGINT NOT NULL,
        ended_at BIGINT
    )",
    // What needs two people. body: JSON without personal data. subject: whom of the staff it is about,
    // empty otherwise: they decide on nothing of their own either.
    "CREATE TABLE agreement (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        object TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        reason TEXT NOT NULL,
        asked_by TEXT NOT NULL REFERENCES staff (id),
        asked_at BIGINT NOT NULL,
        decided_by TEXT REFERENCES staff (id),
        decided_at BIGINT,
        outcome TEXT CHECK (outcome IN ('approved', 'refused', 'withdrawn')),
        CHECK ((decided_by IS NULL) = (outcome IS NULL)),
        CHECK (outcome = 'withdrawn' OR decided_by IS NULL \
            OR (decided_by <> asked_by AND decided_by <> subject))
    )",
    "CREATE INDEX agreement_waiting ON agreement (asked_at) WHERE outcome IS NULL",
    "CREATE UNIQUE INDEX agreement_one ON agreement (kind, object) WHERE outcome IS NULL",
    // Everything the staff did or looked at, chained by hashes. staff: empty for the console of the
    // server. roles: those held at that moment. borrower: whose data; empty otherwise. detail: sealed.
    "CREATE TABLE audit (
        seq BIGINT NOT NULL PRIMARY KEY,
        at BIGINT NOT NULL,
        staff TEXT NOT NULL,
        roles TEXT NOT NULL,
        action TEXT NOT NULL,
        object TEXT NOT NULL,
        borrower TEXT NOT NULL,
        detail TEXT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
    )",
    "CREATE INDEX audit_borrower ON audit (borrower, at)",
    "CREATE INDEX audit_staff ON audit (staff, at)",
    "CREATE TABLE audit_head (
        id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
        seq BIGINT NOT NULL,
        hash TEXT NOT NULL
    )",
    "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')",
];
