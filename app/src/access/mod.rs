//! Signing in: codes, passwords, second proofs, sign-ins and their ends.

pub mod api;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod identity;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod passkey;
#[cfg(feature = "ssr")]
pub mod password_pages;
#[cfg(feature = "ssr")]
pub mod security;
pub mod ways_api;
