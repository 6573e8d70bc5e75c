//! Agents: who they are, whom they brought, what they earned of it, what was paid to them.

use sea_orm_migration::prelude::*;

use crate::{append_only, run};

/// Agents.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        append_only(manager, "agent_line").await?;
        append_only(manager, "agent_statement").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "agent_statement",
            "agent_line",
            "agent_payout",
            "agent_client",
            "agent_click",
            "agent",
        ];
        for table in tables {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // An agent is a cabinet: it signs in as any other. label: what the staff call it, no name of a person.
    // agreement: the words that were agreed to, with their hash and where the agreement came from; empty while
    // status is invited. requisites: sealed, where commissions are paid to.
    "CREATE TABLE agent (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL UNIQUE REFERENCES borrower (id),
        code TEXT NOT NULL UNIQUE,
        label TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('invited', 'active', 'stopped')),
        granted_by TEXT NOT NULL REFERENCES staff (id),
        granted_at BIGINT NOT NULL,
        agreement TEXT,
        agreement_hash TEXT,
        agreed_at BIGINT,
        agreed_from TEXT,
        stopped_at BIGINT,
        requisites TEXT
    )",
    // How many browsers came by a link on a day. Of whom nothing is known.
    "CREATE TABLE agent_click (
        agent TEXT NOT NULL REFERENCES agent (id),
        day TEXT NOT NULL,
        clicks BIGINT NOT NULL CHECK (clicks > 0),
        PRIMARY KEY (agent, day)
    )",
    // Who brought whom: one agent for good, by the key. number: the agent's own count of clients, which is all that
    // an agent's pages name a client by.
    "CREATE TABLE agent_client (
        borrower TEXT NOT NULL PRIMARY KEY REFERENCES borrower (id),
        agent TEXT NOT NULL REFERENCES agent (id),
        number BIGINT NOT NULL CHECK (number > 0),
        clicked_at BIGINT NOT NULL,
        at BIGINT NOT NULL,
        UNIQUE (agent, number)
    )",
    // A payout an agent asked for. requisites: sealed, as they were then. first_by and second_by: above the lender's
    // limit two people agree. written_at: its order was written out for the bank.
    "CREATE TABLE agent_payout (
        id TEXT NOT NULL PRIMARY KEY,
        agent TEXT NOT NULL REFERENCES agent (id),
        number BIGINT NOT NULL,
        amount BIGINT NOT NULL CHECK (amount > 0),
        status TEXT NOT NULL CHECK (status IN ('requested', 'approved', 'paid', 'declined')),
        requisites TEXT NOT NULL,
        requested_at BIGINT NOT NULL,
        first_by TEXT REFERENCES staff (id),
        second_by TEXT REFERENCES staff (id),
        decided_at BIGINT,
        reason TEXT,
        written_at BIGINT,
        paid_by TEXT REFERENCES staff (id),
        paid_at BIGINT,
        paid_on TEXT,
        order_number TEXT,
        CHECK (second_by IS NULL OR second_by <> first_by),
        UNIQUE (agent, number)
    )",
    "CREATE UNIQUE INDEX agent_payout_one ON agent_payout (agent) \
        WHERE status IN ('requested', 'approved')",
    // What was earned (issued, interest), set right (correction), taken back (clawback), paid out (payout). The journal
    // has an entry of the same reference. month is on_date's: a month that has a statement gets no more lines.
    "CREATE TABLE agent_line (
        agent TEXT NOT NULL REFERENCES agent (id),
        seq BIGINT NOT NULL CHECK (seq > 0),
        kind TEXT NOT NULL CHECK (kind IN \
            ('issued', 'interest', 'correction', 'clawback', 'payout')),
        client BIGINT,
        loan TEXT REFERENCES loan (id),
        payout TEXT REFERENCES agent_payout (id),
        amount BIGINT NOT NULL CHECK (amount <> 0),
        on_date TEXT NOT NULL,
        month TEXT NOT NULL,
        at BIGINT NOT NULL,
        reference TEXT NOT NULL UNIQUE,
        PRIMARY KEY (agent, seq)
    )",
    "CREATE INDEX agent_line_loan ON agent_line (loan)",
    // A month that is over, for good: each statement carries the hash of the one before.
    "CREATE TABLE agent_statement (
        agent TEXT NOT NULL REFERENCES agent (id),
        month TEXT NOT NULL,
        opening BIGINT NOT NULL,
        earned BIGINT NOT NULL,
        taken_back BIGINT NOT NULL,
        paid BIGINT NOT NULL,
        closing BIGINT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (agent, month)
    )",
];
