//! The cabinet as an application: installed, kept for times without a connection, updated, reminding.
//!
//! What runs in the browser is two plain scripts, `page.js` and `worker.js`: they have to work where WebAssembly is
//! not loaded, and a worker has no place for it.

pub mod api;
#[cfg(feature = "ssr")]
mod cards;
#[cfg(feature = "ssr")]
mod offline;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod parts;

#[cfg(feature = "ssr")]
pub use cards::{cards, specimens};
#[cfg(feature = "ssr")]
pub use offline::document as offline_document;
#[cfg(feature = "ssr")]
pub use parts::{Announcer, head, manifest_address};

/// The script of every page.
#[cfg(feature = "ssr")]
pub const PAGE_SCRIPT: &str = include_str!("page.js");

/// The service worker; `__BUILD__` stands for its version and the files it keeps.
#[cfg(feature = "ssr")]
pub const WORKER_SCRIPT: &str = include_str!("worker.js");

/// What the pages of one build say of themselves.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// Names the build by its content; empty while files have no hashes and nothing may be kept.
    pub version: String,
    /// The address of [`PAGE_SCRIPT`].
    pub script: String,
    /// The brand's colour, `#186d4d`.
    pub colour: String,
    /// Whether the cabinet can be installed: the lender's word.
    pub installable: bool,
    /// The public key of notices, when the server has one.
    pub push_key: Option<String>,
}
