//! The offer: the law's table, the answers only the borrower can give, the signature, the way of the money.

pub mod api;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod payout;
#[cfg(feature = "ssr")]
pub(crate) mod signing;
#[cfg(feature = "ssr")]
pub(crate) mod terms;
