//! Services beside a loan.

pub mod api;
#[cfg(feature = "ssr")]
pub mod pages;
