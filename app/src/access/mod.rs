//! Signing in: a phone and a one-time code.

pub mod api;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
