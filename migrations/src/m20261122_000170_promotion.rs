//! Promotions and personal offers: what was given, to whom, what it cost, and what ended it.

use sea_orm_migration::prelude::*;

use crate::{append_only, run};

/// Offers.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, TABLES).await?;
        append_only(manager, "personal_offer_event").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let conn = manager.get_connection();
        for table in [
            "offer_seen",
            "offer_use",
            "personal_offer_event",
            "personal_offer",
            "promotion_count",
        ] {
            conn.execute_unprepared(&format!("DROP TABLE {table}"))
                .await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    // What a promotion of the lender's file has used up: loans, and kopecks of interest given up, both with what
    // is only reserved. One row for each, changed by conditional updates alone: that is what bounds its budget.
    "CREATE TABLE promotion_count (
        code TEXT NOT NULL PRIMARY KEY,
        uses BIGINT NOT NULL CHECK (uses >= 0),
        given_up BIGINT NOT NULL CHECK (given_up >= 0)
    )",
    // An offer to one borrower. rule: the rule of the lender's file that gave it; none when somebody of the staff did
    // (given_by, with a reason). effect: what it changes, as JSON. most: the most interest it can cost.
    // state: waiting (for a second person), open, reserved (by an application), used, ended, refused.
    "CREATE TABLE personal_offer (
        id TEXT NOT NULL PRIMARY KEY,
        borrower TEXT NOT NULL REFERENCES borrower (id),
        rule TEXT,
        title_ru TEXT NOT NULL,
        title_en TEXT NOT NULL,
        effect TEXT NOT NULL,
        until TEXT NOT NULL,
        ends_late BIGINT NOT NULL CHECK (ends_late IN (0, 1)),
        ends_other BIGINT NOT NULL CHECK (ends_other IN (0, 1)),
        most BIGINT NOT NULL CHECK (most >= 0),
        state TEXT NOT NULL
            CHECK (state IN ('waiting', 'open', 'reserved', 'used', 'ended', 'refused')),
        given_by TEXT,
        reason TEXT,
        given_at BIGINT NOT NULL,
        given_on TEXT NOT NULL,
        CHECK ((rule IS NULL) = (given_by IS NOT NULL))
    )",
    "CREATE UNIQUE INDEX personal_offer_rule ON personal_offer (borrower, rule)
        WHERE rule IS NOT NULL",
    "CREATE INDEX personal_offer_borrower ON personal_offer (borrower, state)",
    // Every state an offer came to, and why. Never changed.
    "CREATE TABLE personal_offer_event (
        offer TEXT NOT NULL REFERENCES personal_offer (id),
        seq BIGINT NOT NULL,
        state TEXT NOT NULL,
        why TEXT NOT NULL,
        staff TEXT,
        at BIGINT NOT NULL,
        PRIMARY KEY (offer, seq)
    )",
    // An offer that changes an application's terms: a promotion or a status of the lender's file by its code, or a
    // personal offer. title, effect: as they were. reserved: the most interest that may be given up; given_up:
    // what was, by the signed contract. ended: it came to its end before the decision.
    "CREATE TABLE offer_use (
        id TEXT NOT NULL PRIMARY KEY,
        application TEXT NOT NULL REFERENCES application (id),
        borrower TEXT NOT NULL REFERENCES borrower (id),
        source TEXT NOT NULL CHECK (source IN ('promotion', 'personal', 'status')),
        code TEXT,
        personal TEXT REFERENCES personal_offer (id),
        part TEXT NOT NULL CHECK (part IN ('rate', 'limit', 'both')),
        title_ru TEXT NOT NULL,
        title_en TEXT NOT NULL,
        effect TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('reserved', 'used', 'released', 'ended')),
        why TEXT,
        reserved BIGINT NOT NULL CHECK (reserved >= 0),
        given_up BIGINT CHECK (given_up >= 0 AND given_up <= reserved),
        reserved_at BIGINT NOT NULL,
        done_at BIGINT,
        CHECK ((personal IS NULL) = (code IS NOT NULL))
    )",
    // The offers, by titles, that were shown with a draft: what ended since is said, never left out silently.
    "CREATE TABLE offer_seen (
        application TEXT NOT NULL PRIMARY KEY REFERENCES application (id),
        offers TEXT NOT NULL
    )",
    "CREATE INDEX offer_use_application ON offer_use (application)",
    "CREATE INDEX offer_use_borrower ON offer_use (borrower, code)",
];
