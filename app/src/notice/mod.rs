//! What a borrower was told, and what they want to be told: the list, the channels, the quiet hours.

pub mod api;
#[cfg(feature = "ssr")]
mod bell;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
mod ledger;
#[cfg(feature = "ssr")]
pub mod pages;

#[cfg(feature = "ssr")]
pub use bell::Bell;
