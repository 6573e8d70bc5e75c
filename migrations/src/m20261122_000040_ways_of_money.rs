//! With what a payment is paid, by whom, and where a payout goes.

use sea_orm_migration::prelude::*;

use crate::run;

/// Ways of money.
#[derive(DeriveMigrationName)]
pub struct Migration;

// The trait declares the hidden lifetime this way, and an implementation has to match it.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, COLUMNS).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("payment", "method"),
            ("payment", "link"),
            ("instrument", "kind"),
            ("instrument", "details"),
        ] {
            let sql = format!("ALTER TABLE {table} DROP COLUMN {column}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const COLUMNS: &[&str] = &[
    // card, sbp or wallet: the acquirer is asked for this one, and the page shows a link or a QR.
    "ALTER TABLE payment ADD COLUMN method TEXT NOT NULL DEFAULT 'card'",
    // The link somebody else paid by; none of a borrower's own payment.
    "ALTER TABLE payment ADD COLUMN link TEXT",
    // card, sbp, account or wallet: where money can be received.
    "ALTER TABLE instrument ADD COLUMN kind TEXT NOT NULL DEFAULT 'card'",
    // Where exactly, JSON, encrypted: of everything but a card, which has a token of the acquirer.
    "ALTER TABLE instrument ADD COLUMN details TEXT",
];
