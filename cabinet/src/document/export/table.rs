//! How a table of the database becomes rows of the export: a type whose fields are the columns of one statement.

use schemars::JsonSchema;
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};

use super::rfc;
use crate::Cabinet;
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;

/// A row of the export as it is read.
pub(super) trait Row: Sized {
    /// The table its sealed cells belong to.
    const TABLE: &'static str;
    /// Rows of the borrower `$1`, in order.
    const STATEMENT: &'static str;
    /// Its fields, in order.
    const COLUMNS: &'static [&'static str];

    fn read(cab: &Cabinet, row: &QueryResult) -> Result<Self>;
}

/// Every row of a borrower.
pub(super) async fn rows<T: Row>(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<T>> {
    let found = sql::all(cab.db().read(), T::STATEMENT, vec![borrower.into()]).await?;
    found.iter().map(|row| T::read(cab, row)).collect()
}

/// How a column is read.
pub(super) trait Cell: Sized {
    fn read(cab: &Cabinet, row: &QueryResult, table: &str, column: &str) -> Result<Self>;
}

macro_rules! plain {
    ($($type:ty),+) => {$(
        impl Cell for $type {
            fn read(_: &Cabinet, row: &QueryResult, _: &str, column: &str) -> Result<Self> {
                sql::get(row, column)
            }
        }
    )+};
}

plain!(String, Option<String>, i64, Option<i64>);

/// A moment of the database: RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Moment(pub String);

impl Cell for Moment {
    fn read(_: &Cabinet, row: &QueryResult, _: &str, column: &str) -> Result<Self> {
        Ok(Self(rfc(sql::get(row, column)?)))
    }
}

impl Cell for Option<Moment> {
    fn read(_: &Cabinet, row: &QueryResult, _: &str, column: &str) -> Result<Self> {
        let at: Option<i64> = sql::get(row, column)?;
        Ok(at.map(|at| Moment(rfc(at))))
    }
}

impl Cell for bool {
    fn read(_: &Cabinet, row: &QueryResult, _: &str, column: &str) -> Result<Self> {
        Ok(sql::get::<i64>(row, column)? == 1)
    }
}

impl Cell for serde_json::Value {
    fn read(_: &Cabinet, row: &QueryResult, _: &str, column: &str) -> Result<Self> {
        serde_json::from_str(&sql::get::<String>(row, column)?).map_err(CabinetError::internal)
    }
}

/// A cell that is kept sealed, opened by the row's id; empty when there is nothing in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Opened(pub String);

impl Cell for Opened {
    fn read(cab: &Cabinet, row: &QueryResult, table: &str, column: &str) -> Result<Self> {
        let Some(sealed) = sql::get::<Option<String>>(row, column)? else {
            return Ok(Self(String::new()));
        };
        let id: String = sql::get(row, "id")?;
        cab.keys().decrypt(table, column, &id, &sealed).map(Self)
    }
}

/// A row type: its fields are what the statement selects, and the columns of its CSV.
macro_rules! row {
    ($(#[$doc:meta])* $name:ident of $table:literal, $statement:literal {
        $($(#[$about:meta])* $field:ident: $type:ty,)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize,
            ::schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        #[allow(clippy::struct_field_names, reason = "fields are named as the columns are")]
        pub struct $name {
            $($(#[$about])* pub $field: $type,)+
        }

        impl super::table::Row for $name {
            const TABLE: &'static str = $table;
            const STATEMENT: &'static str = $statement;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

            fn read(
                cab: &crate::Cabinet,
                row: &::sea_orm::QueryResult,
            ) -> crate::error::Result<Self> {
                Ok(Self {
                    $($field: super::table::Cell::read(cab, row, $table, stringify!($field))?,)+
                })
            }
        }
    };
}

/// Lists of rows that stand together in the export; each is a table of its own as CSV.
macro_rules! group {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $row:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize,
            ::schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$about])* pub $field: Vec<$row>,)+
        }

        impl $name {
            pub(super) const TABLES: &'static [&'static str] = &[$(stringify!($field)),+];
            /// The tables of the database that they are read from.
            pub(super) const STORED: &'static [(&'static str, &'static str)] =
                &[$((<$row as super::table::Row>::TABLE, stringify!($field))),+];

            pub(super) async fn of(
                cab: &crate::Cabinet,
                borrower: crate::ids::BorrowerId,
            ) -> crate::error::Result<Self> {
                Ok(Self { $($field: super::table::rows(cab, borrower).await?,)+ })
            }

            pub(super) fn csv(&self, table: &str) -> Option<crate::error::Result<String>> {
                match table {
                    $(stringify!($field) => Some(super::form::csv(
                        &self.$field,
                        <$row as super::table::Row>::COLUMNS,
                    )),)+
                    _ => None,
                }
            }
        }
    };
}

pub(super) use {group, row};
