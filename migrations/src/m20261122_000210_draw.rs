//! Prize draws: the promise of the seed, who takes part, tickets that nobody can add or remove once the list is
//! closed, and the prizes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::{append_only, run};

/// Draws.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        append_only(manager, "draw_part").await?;
        append_only(manager, "draw_ticket").await?;
        let guards = match manager.get_database_backend() {
            DbBackend::Sqlite => SQLITE_GUARDS,
            _ => POSTGRES_GUARDS,
        };
        for statement in guards {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "draw_prize",
            "draw_ticket",
            "draw_part",
            "draw_barred",
            "draw",
        ] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        if manager.get_database_backend() != DbBackend::Sqlite {
            let sql = "DROP FUNCTION draw_is_open(); DROP FUNCTION draw_is_kept()";
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // A draw that has begun, with its rules as they were on that day: a later change of the lender's file does not touch
    // it. terms: JSON. commitment: SHA-256 of the seed, published at once. seed_sealed: the seed until the drawing;
    // seed: after it. list_hash: SHA-256 of the tickets, once no more of them can come.
    "CREATE TABLE draw (
        code TEXT NOT NULL PRIMARY KEY,
        terms TEXT NOT NULL,
        rules_ru TEXT NOT NULL,
        rules_en TEXT NOT NULL,
        rules_hash TEXT NOT NULL,
        commitment TEXT NOT NULL,
        seed_sealed TEXT NOT NULL,
        seed TEXT,
        list_hash TEXT,
        state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'drawn')),
        opened_at BIGINT NOT NULL,
        closed_at BIGINT,
        drawn_at BIGINT,
        CHECK ((state = 'open') = (list_hash IS NULL)),
        CHECK ((state = 'open') = (closed_at IS NULL)),
        CHECK ((state = 'drawn') = (seed IS NOT NULL)),
        CHECK ((state = 'drawn') = (drawn_at IS NOT NULL))
    )",
    // Words about taking part, the last one counts. text_hash: SHA-256 of the rules that were read. address, agent:
    // where it came from, sealed. Never changed.
    "CREATE TABLE draw_part (
        id TEXT NOT NULL PRIMARY KEY,
        draw TEXT NOT NULL REFERENCES draw (code),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        number BIGINT NOT NULL,
        given BIGINT NOT NULL CHECK (given IN (0, 1)),
        text_hash TEXT NOT NULL,
        lang TEXT NOT NULL,
        at BIGINT NOT NULL,
        address TEXT NOT NULL,
        agent TEXT NOT NULL,
        UNIQUE (draw, borrower, number)
    )",
    // The closed list. ticket: a name that tells nothing of its owner. source: what brought it.
    "CREATE TABLE draw_ticket (
        draw TEXT NOT NULL REFERENCES draw (code),
        ticket TEXT NOT NULL,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        source TEXT NOT NULL,
        PRIMARY KEY (draw, ticket)
    )",
    "CREATE INDEX draw_ticket_owner ON draw_ticket (borrower, draw)",
    // Who won what. seq: the order of drawing, those drawn again last. prize: its index, from 0. state: won (waits for
    // the winner's word until the end of answer_by), accepted, handing (waits for the second person), handed, lapsed.
    // why: of a lapsed one. note: how it was handed over, sealed.
    "CREATE TABLE draw_prize (
        id TEXT NOT NULL PRIMARY KEY,
        draw TEXT NOT NULL REFERENCES draw (code),
        seq BIGINT NOT NULL,
        prize BIGINT NOT NULL CHECK (prize >= 0),
        ticket TEXT NOT NULL,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        value BIGINT NOT NULL CHECK (value > 0),
        state TEXT NOT NULL CHECK (state IN ('won', 'accepted', 'handing', 'handed', 'lapsed')),
        why TEXT CHECK (why IN ('declined', 'silent')),
        answer_by TEXT NOT NULL,
        won_at BIGINT NOT NULL,
        answered_at BIGINT,
        handed_by TEXT,
        note TEXT,
        handed_at BIGINT,
        UNIQUE (draw, seq),
        UNIQUE (draw, ticket),
        CHECK ((state = 'lapsed') = (why IS NOT NULL)),
        FOREIGN KEY (draw, ticket) REFERENCES draw_ticket (draw, ticket)
    )",
    // A prize belongs to one ticket at a time.
    "CREATE UNIQUE INDEX draw_prize_one ON draw_prize (draw, prize) WHERE state <> 'lapsed'",
    "CREATE INDEX draw_prize_owner ON draw_prize (borrower, draw)",
    // Cabinets of the lender's own people: they never take part. reason: sealed.
    "CREATE TABLE draw_barred (
        borrower TEXT NOT NULL PRIMARY KEY REFERENCES borrower (id),
        staff TEXT NOT NULL,
        reason TEXT NOT NULL,
        at BIGINT NOT NULL
    )",
];

/// Words and tickets come while the list is open and not a moment later, whatever program writes them; what was promised
/// stays as it was.
const SQLITE_GUARDS: &[&str] = &[
    "CREATE TRIGGER draw_part_in_time BEFORE INSERT ON draw_part
     WHEN (SELECT state FROM draw WHERE code = NEW.draw) <> 'open'
     BEGIN SELECT RAISE(ABORT, 'the draw is closed'); END",
    "CREATE TRIGGER draw_ticket_in_time BEFORE INSERT ON draw_ticket
     WHEN (SELECT state FROM draw WHERE code = NEW.draw) <> 'open'
     BEGIN SELECT RAISE(ABORT, 'the draw is closed'); END",
    "CREATE TRIGGER draw_kept BEFORE UPDATE ON draw
     WHEN NEW.commitment <> OLD.commitment OR NEW.rules_hash <> OLD.rules_hash
         OR NEW.terms <> OLD.terms OR NEW.code <> OLD.code
         OR (OLD.list_hash IS NOT NULL AND NEW.list_hash IS NOT OLD.list_hash)
         OR OLD.seed IS NOT NULL
     BEGIN SELECT RAISE(ABORT, 'what was promised stays'); END",
    "CREATE TRIGGER draw_no_delete BEFORE DELETE ON draw
     BEGIN SELECT RAISE(ABORT, 'what was promised stays'); END",
];

const POSTGRES_GUARDS: &[&str] = &[
    "CREATE FUNCTION draw_is_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF (SELECT state FROM draw WHERE code = NEW.draw) <> 'open' THEN
             RAISE EXCEPTION 'the draw is closed';
         END IF;
         RETURN NEW;
     END $$",
    "CREATE TRIGGER draw_part_in_time BEFORE INSERT ON draw_part
     FOR EACH ROW EXECUTE FUNCTION draw_is_open()",
    "CREATE TRIGGER draw_ticket_in_time BEFORE INSERT ON draw_ticket
     FOR EACH ROW EXECUTE FUNCTION draw_is_open()",
    "CREATE FUNCTION draw_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF TG_OP = 'DELETE' OR NEW.commitment <> OLD.commitment OR NEW.rules_hash <> OLD.rules_hash
             OR NEW.terms <> OLD.terms OR NEW.code <> OLD.code
             OR (OLD.list_hash IS NOT NULL AND NEW.list_hash IS DISTINCT FROM OLD.list_hash)
             OR OLD.seed IS NOT NULL THEN
             RAISE EXCEPTION 'what was promised stays';
         END IF;
         RETURN NEW;
     END $$",
    "CREATE TRIGGER draw_kept BEFORE UPDATE OR DELETE ON draw
     FOR EACH ROW EXECUTE FUNCTION draw_is_kept()",
];
