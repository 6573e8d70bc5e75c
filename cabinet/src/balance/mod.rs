//! Balance mode: money is topped up first, and debited on the due date or when its owner says so.
//!
//! Top-ups and orders are what is stored and believed. Debits follow from them by
//! [`lending::balance()`], so a page never waits for a job: a history computes them when it is
//! read, and [`sync`] writes the same rows and their journal entries with the next change, or from
//! the hourly sweep.

mod book;
pub(crate) mod entity;
mod orders;
mod sync;

use lending::Kopecks;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use chrono::NaiveDate;

pub(crate) use book::{Ledger, debits, keep_name, ledger, orders_of};
pub use orders::repay;
pub(crate) use orders::{Wish, cancel_return, keep_due, place};
pub use sync::sweep;
pub(crate) use sync::sync;

/// What an order does with the balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// Repays the debt with it.
    Repay,
    /// Pays a prolongation with it.
    Prolong,
    /// Sends it back to its owner.
    Return,
}

/// A loan's balance as its owner sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceView {
    /// Money that neither an order nor a payment date has taken. It stops no interest.
    pub left: Kopecks,
    /// What repaying with all of it today would save against keeping to the schedule.
    pub idle_saves: Kopecks,
    /// The next date on which it pays by itself, and how much; none when closed.
    pub next_debit: Option<(NaiveDate, Kopecks)>,
}
