//! Documents exactly as they were signed, and the closing certificate.

pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;
