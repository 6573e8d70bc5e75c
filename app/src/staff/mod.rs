//! The staff's workplace: pages made on the server alone, with plain forms, nothing of the borrower's bundle and a
//! session of their own.
//!
//! [`routes::PAGES`] lists every page with its forms and who may open it; the server puts them under their addresses.
//! A page asks the use cases of `cabinet` and draws; a form calls one use case and goes on, or its page is drawn again
//! with what was typed and what is wrong with it.

mod adjustments;
mod agents;
mod agreements;
mod appeals;
mod applications;
mod audit;
mod books;
mod chats;
mod commissions;
mod costs;
mod csv;
mod desk;
mod door;
mod draws;
mod friends;
mod home;
mod incomes;
mod money;
mod orders;
pub mod papers;
mod parts;
mod people;
mod promotions;
mod refunds;
mod reports;
mod requests;
pub mod routes;
mod shell;
mod two;

pub(crate) use csv::table;
pub use desk::{Desk, Seat};
pub use shell::{act, file, show};

/// Moves between the rows of a queue by `j` and `k`; everything works without it.
pub const KEYS: &str = include_str!("keys.js");

/// What the workplace wears besides the cabinet's own styles: a borrower does not download it.
pub const STYLE: &str = include_str!("../../../style/staff.css");
