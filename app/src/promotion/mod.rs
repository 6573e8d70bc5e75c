//! Offers: promotions, personal ones, and the status of a repeat client.

#[cfg(feature = "ssr")]
mod cards;
#[cfg(feature = "ssr")]
pub mod pages;
