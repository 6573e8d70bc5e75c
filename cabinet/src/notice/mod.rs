//! Words to the borrower at the right moment, each exactly once, and reports to the credit bureau.

mod daily;
pub(crate) mod entity;
pub mod push;
mod send;

pub use daily::daily;
pub(crate) use send::{Notice, Report, report, reported, tell, words_of};
