//! Words to the borrower at the right moment, each once by each channel, and reports to the credit
//! bureau.
//!
//! [`send`] writes a notice for every channel its borrower has chosen, [`contact`] lets each go when
//! the law and the borrower's quiet hours allow it and keeps the ledger of what went, [`list`] is
//! what is read in the cabinet.

mod choice;
mod contact;
mod daily;
mod debit;
pub(crate) mod entity;
mod kinds;
mod list;
pub mod push;
mod send;
mod text;

pub use choice::{Choices, LEFT_HOURS, Quiet, choices, choose, clocks_of, reachable};
pub use contact::{Contact, ledger, receipts};
pub(crate) use contact::{deliver, gave_up, revive};
pub use daily::daily;
pub(crate) use daily::{FURTHEST_DAYS, end_of};
pub use debit::{DebitAhead, debit_ahead};
pub(crate) use debit::{tell_of_debit, told_of_debits};
pub use kinds::{Channel, Event, KINDS, Kept, Kind};
pub(crate) use list::unread_in;
pub use list::{Told, list, read, unread};
pub(crate) use send::{Notice, Report, report, reported, tell, tell_until, words_of};
