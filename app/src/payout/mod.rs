//! Money to the borrower: cards to receive it.

pub mod api;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
