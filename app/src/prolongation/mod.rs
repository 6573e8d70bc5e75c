//! A later due date: what it costs, the agreement, its signature.

pub mod api;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod signing;
