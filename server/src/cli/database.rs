//! `kopeck migrate`.

use cabinet::db::Db;
use sea_orm_migration::MigratorTrait;

use super::Failure;

/// Runs what has not been run yet.
pub async fn migrate(url: &str) -> Result<String, Failure> {
    let db = Db::connect(url, 2).await.map_err(Failure::wrong)?;
    let waiting = migrations::Migrator::get_pending_migrations(db.pool())
        .await
        .map_err(Failure::wrong)?;
    migrations::Migrator::up(db.pool(), None)
        .await
        .map_err(Failure::wrong)?;
    Ok(match waiting.len() {
        0 => "the database is up to date".into(),
        count => format!("the database is up to date, migrations run: {count}"),
    })
}
