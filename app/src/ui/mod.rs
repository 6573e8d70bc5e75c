//! Primitives that pages are made of.

#[cfg(feature = "ssr")]
pub mod choice;
#[cfg(feature = "ssr")]
pub mod control;
pub mod countdown;
#[cfg(feature = "ssr")]
pub mod dialog;
#[cfg(feature = "ssr")]
pub mod field;
pub mod form;
#[cfg(feature = "ssr")]
pub mod format;
#[cfg(feature = "ssr")]
pub mod layout;
pub mod look;
#[cfg(feature = "ssr")]
pub mod money;
#[cfg(feature = "ssr")]
pub mod page;
pub mod plural;
#[cfg(feature = "ssr")]
pub mod specimens;
#[cfg(feature = "ssr")]
pub mod state;
#[cfg(feature = "ssr")]
pub mod stepper;
#[cfg(feature = "ssr")]
pub mod sums;
#[cfg(feature = "ssr")]
pub mod switch;
#[cfg(feature = "ssr")]
pub mod table;
#[cfg(feature = "ssr")]
pub mod tabs;
#[cfg(feature = "ssr")]
pub mod timeline;
#[cfg(feature = "ssr")]
pub mod toast;
#[cfg(feature = "ssr")]
pub mod waiting;

/// What pages do better with scripts and do without them as well: progress between pages, typing that outlives a
/// reload, thousands set apart, the theme put on at once.
#[cfg(feature = "ssr")]
pub const MANNERS: &str = include_str!("manners.js");
