//! Ways in besides the phone, devices, sign-ins, registrations that wait for a code, one-time links,
//! spent challenges.

use sea_orm_migration::prelude::*;

use crate::run;

/// Getting in.
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
        for table in [
            "spent_challenge",
            "access_link",
            "registration",
            "sign_in",
            "device",
            "way",
        ] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // How a person gets in besides the phone, which is the borrower's own row. provider: of an
    // identity, such as a bank's; empty otherwise. subject_index: keyed hash the way is found by
    // (an e-mail, the provider's name of the person, a passkey's id; a password has none, so the
    // borrower's id stands there). subject: sealed. secret: sealed; a password's Argon2id string,
    // a passkey's public part. temporary: 1 when it must be changed at its first use. expires_at:
    // of a temporary one. confirmed_at: the owner has shown that it is theirs. A removed way stays
    // as history.
    "CREATE TABLE way (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        kind TEXT NOT NULL CHECK (kind IN ('password', 'email', 'identity', 'passkey')),
        provider TEXT NOT NULL,
        subject_index TEXT NOT NULL,
        subject TEXT NOT NULL,
        secret TEXT NOT NULL,
        temporary BIGINT NOT NULL CHECK (temporary IN (0, 1)),
        created_at BIGINT NOT NULL,
        expires_at BIGINT,
        confirmed_at BIGINT,
        used_at BIGINT,
        removed_at BIGINT
    )",
    "CREATE UNIQUE INDEX way_subject ON way (kind, provider, subject_index) \
     WHERE removed_at IS NULL",
    "CREATE INDEX way_borrower ON way (borrower) WHERE removed_at IS NULL",
    // A browser that a person has signed in from. device_index: keyed hash of its cookie.
    // trusted_at: a second proof was given there, or the cabinet was opened there first.
    "CREATE TABLE device (
        device_index TEXT NOT NULL,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        first_at BIGINT NOT NULL,
        last_at BIGINT NOT NULL,
        trusted_at BIGINT,
        PRIMARY KEY (device_index, borrower)
    )",
    // A sign-in from its beginning to its end; the session in the browser names it, so that it can
    // be ended from elsewhere. agent, place: sealed. proved_at: a second proof was given, or none
    // was needed. must_change: 1 until a new password is set.
    "CREATE TABLE sign_in (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        device_index TEXT NOT NULL,
        agent TEXT NOT NULL,
        place TEXT NOT NULL,
        at BIGINT NOT NULL,
        used_at BIGINT NOT NULL,
        proved_at BIGINT,
        must_change BIGINT NOT NULL CHECK (must_change IN (0, 1)),
        ended_at BIGINT
    )",
    "CREATE INDEX sign_in_borrower ON sign_in (borrower, used_at) WHERE ended_at IS NULL",
    // A registration that waits for its code; removed with it. email, secret: sealed.
    "CREATE TABLE registration (
        code TEXT NOT NULL PRIMARY KEY REFERENCES code (id),
        email TEXT NOT NULL,
        secret TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    )",
    // A link in a letter. token_index: keyed hash. borrower: empty for an address nobody has, so
    // that asking costs the same whoever is asked about.
    "CREATE TABLE access_link (
        token_index TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        borrower TEXT REFERENCES borrower (id),
        expires_at BIGINT NOT NULL,
        used_at BIGINT
    )",
    // A solved challenge counts once.
    "CREATE TABLE spent_challenge (
        token_index TEXT NOT NULL PRIMARY KEY,
        expires_at BIGINT NOT NULL
    )",
];
