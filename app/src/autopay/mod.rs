//! Autopay: the centre of what a saved card may be debited for.

pub mod api;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod pages;
