//! The times an agent was stopped: a loan issued within one of them never earns, also after the agent goes on.

use sea_orm_migration::prelude::*;

use crate::run;

/// Stops of agents.
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
        let conn = manager.get_connection();
        conn.execute_unprepared("DROP TABLE agent_stop")
            .await
            .map(drop)
    }
}

const TABLES: &[&str] = &[
    // until_at: when the agent went on; none while it stands.
    "CREATE TABLE agent_stop (
        agent TEXT NOT NULL REFERENCES agent (id),
        from_at BIGINT NOT NULL,
        until_at BIGINT CHECK (until_at >= from_at),
        PRIMARY KEY (agent, from_at)
    )",
    // Who is stopped now stays so.
    "INSERT INTO agent_stop (agent, from_at)
        SELECT id, stopped_at FROM agent WHERE stopped_at IS NOT NULL",
];
