//! From the calculator to a filed application, its status, its offer.

pub mod api;
pub mod calculator;
#[cfg(feature = "ssr")]
pub mod calculator_words;
pub mod chosen;
pub mod dial;
#[cfg(feature = "ssr")]
pub mod forms;
pub mod offer;
pub mod packed;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod results;
#[cfg(feature = "ssr")]
pub mod status;
