//! People, codes, answers, consents, and what every use case leans on: journal, outbox, inbox,
//! idempotency keys, limits, drafts, sessions.
//!
//! On both databases: ids are TEXT (a UUID with hyphens), moments are BIGINT unix milliseconds,
//! dates are TEXT ISO, money is BIGINT kopecks, flags are BIGINT 0 or 1. Columns marked "sealed"
//! hold ciphertext.

use sea_orm_migration::prelude::*;

use crate::{append_only, append_only_function, run};

/// The foundation.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        append_only_function(manager).await?;
        run(manager, PEOPLE).await?;
        run(manager, JOURNAL).await?;
        run(manager, MACHINERY).await?;
        for table in ["journal", "journal_line", "consent"] {
            append_only(manager, table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.iter().rev() {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

/// In the order of their references.
const TABLES: &[&str] = &[
    "borrower",
    "person_index",
    "code",
    "answer",
    "consent",
    "journal",
    "journal_line",
    "chain_head",
    "outbox",
    "inbox",
    "idempotency",
    "limit_counter",
    "draft",
    "session",
];

const PEOPLE: &[&str] = &[
    // phone: sealed. phone_index: keyed hash, how a phone is found without being stored readable.
    "CREATE TABLE borrower (
        id TEXT NOT NULL PRIMARY KEY,
        phone TEXT NOT NULL,
        phone_index TEXT NOT NULL UNIQUE,
        lang TEXT NOT NULL CHECK (lang IN ('ru', 'en')),
        created_at BIGINT NOT NULL
    )",
    // Keyed hashes of papers, to find a person or the same paper twice without decrypting anybody.
    "CREATE TABLE person_index (
        borrower TEXT NOT NULL REFERENCES borrower (id),
        kind TEXT NOT NULL,
        value_index TEXT NOT NULL,
        PRIMARY KEY (borrower, kind)
    )",
    "CREATE INDEX person_index_value ON person_index (kind, value_index)",
    // borrower: empty while signing in, for then nobody is known yet. object and object_hash: which
    // document the code signs. digits_hash: keyed, bound to the row. tries_left: taken before
    // comparing.
    // passed_at: the right digits were typed. used_at: the use case they were for is committed.
    // closed_at: another code took its place.
    "CREATE TABLE code (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT REFERENCES borrower (id),
        purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'contract', 'prolongation')),
        object TEXT NOT NULL,
        object_hash TEXT NOT NULL,
        phone TEXT NOT NULL,
        phone_index TEXT NOT NULL,
        lang TEXT NOT NULL CHECK (lang IN ('ru', 'en')),
        digits_hash TEXT NOT NULL,
        tries_left BIGINT NOT NULL CHECK (tries_left >= 0),
        sent_at BIGINT NOT NULL,
        resend_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        passed_at BIGINT,
        used_at BIGINT,
        closed_at BIGINT
    )",
    "CREATE INDEX code_phone ON code (phone_index, purpose, object, sent_at)",
    // body: sealed JSON of everything typed on one page of the questionnaire, right or wrong.
    "CREATE TABLE answer (
        borrower TEXT NOT NULL REFERENCES borrower (id),
        step TEXT NOT NULL,
        body TEXT NOT NULL,
        saved_at BIGINT NOT NULL,
        PRIMARY KEY (borrower, step)
    )",
    // The proof of what was agreed to: which text (version and hash), when, from where. given: 1
    // agreed, 0 took back; the newest row of a kind counts. address and agent: sealed.
    "CREATE TABLE consent (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        kind TEXT NOT NULL,
        given BIGINT NOT NULL CHECK (given IN (0, 1)),
        version TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        lang TEXT NOT NULL,
        at BIGINT NOT NULL,
        number BIGINT NOT NULL,
        address TEXT NOT NULL,
        agent TEXT NOT NULL,
        UNIQUE (borrower, kind, number)
    )",
];

const JOURNAL: &[&str] = &[
    // seq: gapless, given by us under the chain's lock. reference: what this entry is about, so
    // that one event is posted once. hash: SHA-256 of the entry's canonical text and the previous
    // hash.
    "CREATE TABLE journal (
        seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
        kind TEXT NOT NULL,
        loan TEXT,
        reference TEXT NOT NULL UNIQUE,
        business_date TEXT NOT NULL,
        at BIGINT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL UNIQUE
    )",
    "CREATE INDEX journal_loan ON journal (loan)",
    // Two lines a posting. amount: kopecks, above zero; the side says the direction.
    "CREATE TABLE journal_line (
        seq BIGINT NOT NULL REFERENCES journal (seq),
        line BIGINT NOT NULL CHECK (line > 0),
        account TEXT NOT NULL,
        side TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
        amount BIGINT NOT NULL CHECK (amount > 0),
        PRIMARY KEY (seq, line)
    )",
    // One row: the end of the chain. Locking it puts postings in one line on Postgres.
    "CREATE TABLE chain_head (
        id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
        seq BIGINT NOT NULL,
        hash TEXT NOT NULL
    )",
    "INSERT INTO chain_head (id, seq, hash) VALUES (1, 0, '')",
];

const MACHINERY: &[&str] = &[
    // dedupe: a thing is pushed once. payload: sealed, emptied when done. lease_until: a worker has
    // it.
    // not_after: later it is useless (a code's text). dead_at: given up; the reason is in
    // last_error.
    "CREATE TABLE outbox (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        ref_id TEXT NOT NULL,
        dedupe TEXT NOT NULL UNIQUE,
        payload TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        due_at BIGINT NOT NULL,
        not_after BIGINT,
        lease_until BIGINT,
        attempts BIGINT NOT NULL CHECK (attempts >= 0),
        done_at BIGINT,
        dead_at BIGINT,
        last_error TEXT
    )",
    // Only waiting rows: the index stays small however long the history grows.
    "CREATE INDEX outbox_waiting ON outbox (due_at) WHERE done_at IS NULL AND dead_at IS NULL",
    // What others told us, stored before it is acted upon. body: sealed.
    "CREATE TABLE inbox (
        id TEXT NOT NULL PRIMARY KEY,
        provider TEXT NOT NULL,
        event TEXT NOT NULL,
        object_id TEXT NOT NULL,
        status TEXT NOT NULL,
        body TEXT NOT NULL,
        received_at BIGINT NOT NULL,
        UNIQUE (provider, object_id, event)
    )",
    // input_hash: the same key with another input is a mistake, not a repeat.
    "CREATE TABLE idempotency (
        scope TEXT NOT NULL,
        key TEXT NOT NULL,
        input_hash TEXT NOT NULL,
        result_ref TEXT,
        created_at BIGINT NOT NULL,
        PRIMARY KEY (scope, key)
    )",
    // subject: a keyed hash of a phone or an address. started_at: when the present window began.
    "CREATE TABLE limit_counter (
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        started_at BIGINT NOT NULL,
        hits BIGINT NOT NULL,
        PRIMARY KEY (kind, subject)
    )",
    // What was typed into a form that was refused. body: sealed.
    "CREATE TABLE draft (
        owner TEXT NOT NULL,
        form TEXT NOT NULL,
        body TEXT NOT NULL,
        saved_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        PRIMARY KEY (owner, form)
    )",
    "CREATE INDEX draft_expires ON draft (expires_at)",
    // id_index: a keyed hash of the cookie, so that a copy of the table opens nobody's session.
    // body: sealed.
    "CREATE TABLE session (
        id_index TEXT NOT NULL PRIMARY KEY,
        body TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    )",
    "CREATE INDEX session_expires ON session (expires_at)",
];
