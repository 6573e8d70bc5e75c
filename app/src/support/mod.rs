//! Help: where people ask, what can be asked there, how things are done outside the cabinet.

#[cfg(feature = "ssr")]
pub mod accessibility;
#[cfg(feature = "ssr")]
pub mod pages;
