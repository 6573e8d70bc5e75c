//! Documents: one list of all of them, each exactly as it was signed, statements and certificates on request, papers for
//! everybody, and the page that confirms a paper to whoever holds it.

pub mod api;
pub mod islands;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod public;

#[cfg(feature = "ssr")]
pub use {
    list::DocumentsPage,
    public::{PublicPage, VerifyPage, VerifyTokenPage},
};
