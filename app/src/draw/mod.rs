//! Prize draws: taking part, tickets, prizes, and how to check the result.

pub mod api;
#[cfg(feature = "ssr")]
mod check;
#[cfg(feature = "ssr")]
mod mine;
#[cfg(feature = "ssr")]
pub mod pages;
