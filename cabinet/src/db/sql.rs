//! Plain statements that read the same on both databases: `$1`, `$2`… stand for values on either.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TryGetable, Value};

use crate::error::{CabinetError, Result};

/// Runs a statement; answers how many rows it touched.
pub(crate) async fn execute(
    conn: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<u64> {
    let done = conn.execute_raw(statement(conn, sql, values)).await?;
    Ok(done.rows_affected())
}

/// The first row, if any.
pub(crate) async fn one(
    conn: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<QueryResult>> {
    Ok(conn.query_one_raw(statement(conn, sql, values)).await?)
}

/// All rows.
pub(crate) async fn all(
    conn: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>> {
    Ok(conn.query_all_raw(statement(conn, sql, values)).await?)
}

/// The end of a `SELECT` that locks its rows until the commit. SQLite has one writer and no such
/// words.
pub(crate) fn for_update(conn: &impl ConnectionTrait) -> &'static str {
    match conn.get_database_backend() {
        DbBackend::Postgres => " FOR UPDATE",
        _ => "",
    }
}

/// A column of a row.
pub(crate) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T> {
    row.try_get("", column).map_err(CabinetError::from)
}

fn statement(conn: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
}
