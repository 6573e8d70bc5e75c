//! What the lender knows of a person, and what the person can do about it: answers and their history, consents,
//! papers, another phone, the end of the cabinet.

pub mod api;
#[cfg(feature = "ssr")]
mod closing;
#[cfg(feature = "ssr")]
mod diary;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
mod income;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod papers;
#[cfg(feature = "ssr")]
pub mod phone;

#[cfg(feature = "ssr")]
pub(crate) use papers::{pictures, upload_form, upload_form_once};
#[cfg(feature = "ssr")]
pub use {closing::ClosingPage, diary::DiaryPage, papers::PapersPage};
