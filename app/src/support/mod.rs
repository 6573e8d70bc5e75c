//! Help: where people ask, what can be asked there, how things are done outside the cabinet.

#[cfg(feature = "ssr")]
pub mod accessibility;
pub mod api;
#[cfg(feature = "ssr")]
pub mod appeals;
#[cfg(feature = "ssr")]
pub mod chat;
#[cfg(feature = "ssr")]
pub mod feedback;
#[cfg(feature = "ssr")]
pub mod pages;
