//! Plain statements that read the same on both databases: `$1`, `$2`… stand for values on either.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryResult,
    Statement, TryGetable, Value,
};

use crate::error::{CabinetError, Result};

/// The target under which the text of every statement is traced, without its values.
pub const STATEMENT: &str = "kopeck_statement";

/// Statements since the program began.
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements this program has run: a test compares the work behind two answers.
pub fn statements() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

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

/// The first row of an entity, if any; `rest` is what stands behind the table's name. Where a page is read: sea-orm's own query
/// takes longer to be written than most of them run.
pub(crate) async fn model<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    rest: &str,
    values: Vec<Value>,
) -> Result<Option<E::Model>> {
    let row = one(conn, &select::<E>("", rest), values).await?;
    let model = row.map(|row| E::Model::from_query_result(&row, ""));
    Ok(model.transpose()?)
}

/// The same with the row itself, in which `more` stands beside the entity's columns.
pub(crate) async fn model_and<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    more: &str,
    rest: &str,
    values: Vec<Value>,
) -> Result<Option<(E::Model, QueryResult)>> {
    let more = format!(", {more}");
    let Some(row) = one(conn, &select::<E>(&more, rest), values).await? else {
        return Ok(None);
    };
    Ok(Some((E::Model::from_query_result(&row, "")?, row)))
}

/// All rows of an entity; `rest` is what stands behind the table's name.
pub(crate) async fn models<E: EntityTrait>(
    conn: &impl ConnectionTrait,
    rest: &str,
    values: Vec<Value>,
) -> Result<Vec<E::Model>> {
    let rows = all(conn, &select::<E>("", rest), values).await?;
    let models = rows.iter().map(|row| E::Model::from_query_result(row, ""));
    Ok(models.collect::<std::result::Result<_, _>>()?)
}

/// The columns by their names: one that a newer program adds beside this one does not change what is read.
fn select<E: EntityTrait>(more: &str, rest: &str) -> String {
    let mut text = String::from("SELECT");
    for (index, column) in E::Column::iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(text, "{comma} \"{}\"", column.as_str());
    }
    let _ = write!(text, "{more} FROM \"{}\" {rest}", E::default().table_name());
    text
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
    STATEMENTS.fetch_add(1, Ordering::Relaxed);
    // For a test that compares which statements stand behind two answers; nobody listens otherwise.
    tracing::trace!(target: STATEMENT, sql);
    Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
}
