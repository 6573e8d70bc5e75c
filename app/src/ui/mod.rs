//! Primitives that pages are made of.

pub mod countdown;
#[cfg(feature = "ssr")]
pub mod field;
pub mod form;
#[cfg(feature = "ssr")]
pub mod format;
#[cfg(feature = "ssr")]
pub mod layout;
#[cfg(feature = "ssr")]
pub mod page;
pub mod plural;
#[cfg(feature = "ssr")]
pub mod waiting;
