//! The loan: home, the debt on any date and why it is so, the ways on, what has happened.

#[cfg(feature = "ssr")]
pub mod ahead;
#[cfg(feature = "ssr")]
pub mod debt;
#[cfg(feature = "ssr")]
pub mod drawing;
#[cfg(feature = "ssr")]
pub mod home;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod past;
#[cfg(feature = "ssr")]
pub mod relief;
#[cfg(feature = "ssr")]
mod why;
