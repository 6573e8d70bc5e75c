//! Journeys to identity providers, and what they say of people.

use sea_orm_migration::prelude::*;

use crate::run;

/// Accounts elsewhere.
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
        for table in ["identity_claim", "identity_round"] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // A browser that has gone to a provider and may come back once. state_index: keyed hash of what it
    // carries there and back. visitor_index: keyed hash of its session's visitor, so that nobody else's
    // browser can bring the answer. borrower: who links the account; empty when somebody signs in.
    // secrets: sealed; state, nonce and the verifier of PKCE.
    "CREATE TABLE identity_round (
        state_index TEXT NOT NULL PRIMARY KEY,
        visitor_index TEXT NOT NULL,
        provider TEXT NOT NULL,
        borrower TEXT REFERENCES borrower (id),
        secrets TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    )",
    // What a provider said of a person. While it waits for the phone's code and the proof of the
    // cabinet it belongs to a visitor and ends by itself; linked, it fills the questionnaire of its
    // borrower. subject_index: keyed hash of the provider's name of the person. code: the code that
    // is on its way. candidate: the cabinet that has the confirmed phone. body: sealed. consented_at: the consent to the processing was ticked.
    "CREATE TABLE identity_claim (
        id TEXT NOT NULL PRIMARY KEY,
        provider TEXT NOT NULL,
        subject_index TEXT NOT NULL,
        visitor_index TEXT,
        borrower TEXT REFERENCES borrower (id),
        code TEXT REFERENCES code (id),
        candidate TEXT REFERENCES borrower (id),
        body TEXT NOT NULL,
        at BIGINT NOT NULL,
        consented_at BIGINT,
        expires_at BIGINT
    )",
    "CREATE INDEX identity_claim_visitor ON identity_claim (visitor_index) \
     WHERE visitor_index IS NOT NULL",
    "CREATE INDEX identity_claim_code ON identity_claim (code) WHERE code IS NOT NULL",
    "CREATE UNIQUE INDEX identity_claim_borrower ON identity_claim (borrower, provider) \
     WHERE borrower IS NOT NULL",
];
