//! Paying: how much, then the truth about what came of it.

pub mod api;
#[cfg(feature = "ssr")]
pub mod balance;
#[cfg(feature = "ssr")]
pub mod early;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod link;
pub mod link_api;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod qr;
#[cfg(feature = "ssr")]
pub mod transfer;
#[cfg(feature = "ssr")]
pub mod truth;
