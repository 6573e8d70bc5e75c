//! Reading the staff's rows.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::{Colleague, Joined, Role, Staff};
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::StaffId;
use crate::{Cabinet, moment};

const COLUMNS: &str = "id, login, name, password, totp, totp_step, must_change, created_at";

pub(super) async fn by_login(cab: &Cabinet, login: &str) -> Result<Option<Joined>> {
    one(cab, "login = $1", login.into()).await
}

pub(super) async fn by_id(cab: &Cabinet, id: StaffId) -> Result<Option<Joined>> {
    one(cab, "id = $1", id.into()).await
}

/// Everybody still here.
pub(super) async fn all(cab: &Cabinet) -> Result<Vec<Colleague>> {
    let conn = cab.db().read();
    let statement = format!("SELECT {COLUMNS} FROM staff WHERE left_at IS NULL ORDER BY login");
    let rows = sql::all(conn, &statement, vec![]).await?;
    let mut roles = roles_of(conn, "", vec![]).await?;
    rows.iter()
        .map(|row| {
            let id: String = sql::get(row, "id")?;
            let joined = joined(cab, row, roles.remove(&id).unwrap_or_default())?;
            Ok(Colleague {
                staff: joined.staff,
                since: moment(sql::get(row, "created_at")?)?,
            })
        })
        .collect()
}

/// Names by id, of those who left too: rows of the past speak of them.
pub(super) async fn names(cab: &Cabinet) -> Result<BTreeMap<StaffId, String>> {
    let rows = sql::all(cab.db().read(), "SELECT id, name FROM staff", vec![]).await?;
    rows.iter()
        .map(|row| {
            let (id, name): (String, String) = (sql::get(row, "id")?, sql::get(row, "name")?);
            let name = cab.keys().decrypt("staff", "name", &id, &name)?;
            Ok((id.parse().map_err(CabinetError::internal)?, name))
        })
        .collect()
}

async fn one(cab: &Cabinet, condition: &str, value: Value) -> Result<Option<Joined>> {
    let conn = cab.db().read();
    let statement = format!("SELECT {COLUMNS} FROM staff WHERE {condition} AND left_at IS NULL");
    let Some(row) = sql::one(conn, &statement, vec![value]).await? else {
        return Ok(None);
    };
    let id: String = sql::get(&row, "id")?;
    let mut roles = roles_of(conn, "WHERE staff = $1", vec![id.clone().into()]).await?;
    joined(cab, &row, roles.remove(&id).unwrap_or_default()).map(Some)
}

async fn roles_of(
    conn: &impl ConnectionTrait,
    condition: &str,
    values: Vec<Value>,
) -> Result<BTreeMap<String, Vec<Role>>> {
    let statement = format!("SELECT staff, role FROM staff_role {condition} ORDER BY staff, role");
    let mut roles: BTreeMap<String, Vec<Role>> = BTreeMap::new();
    for row in sql::all(conn, &statement, values).await? {
        let role: String = sql::get(&row, "role")?;
        let role = Role::from_code(&role)
            .ok_or_else(|| CabinetError::internal("an unknown role of the staff"))?;
        roles
            .entry(sql::get(&row, "staff")?)
            .or_default()
            .push(role);
    }
    Ok(roles)
}

fn joined(cab: &Cabinet, row: &QueryResult, mut roles: Vec<Role>) -> Result<Joined> {
    roles.sort_unstable();
    let id: String = sql::get(row, "id")?;
    let open = |column: &str| {
        let sealed: String = sql::get(row, column)?;
        cab.keys().decrypt("staff", column, &id, &sealed)
    };
    Ok(Joined {
        staff: Staff {
            id: id.parse().map_err(CabinetError::internal)?,
            login: sql::get(row, "login")?,
            name: open("name")?,
            roles,
            must_change: sql::get::<i64>(row, "must_change")? == 1,
        },
        password: open("password")?,
        totp: open("totp")?,
        totp_step: sql::get(row, "totp_step")?,
    })
}
