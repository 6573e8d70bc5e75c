//! The cabinet as a person sees it: pages rendered on the server, islands that live in the browser, and the
//! typed server functions between them.
//!
//! A capability has up to three files: `api.rs` (server functions; compiled for both sides), `islands.rs` (what is
//! interactive; both sides) and `pages.rs` (server only: it reads the use cases of `cabinet` directly).
#![recursion_limit = "512"]
// The `island` and `server` macros write code that these lints dislike.
#![allow(clippy::must_use_candidate, clippy::unused_async, clippy::empty_docs)]

pub mod access;
pub mod agent;
pub mod application;
pub mod autopay;
pub mod bonus;
pub mod document;
pub mod draw;
pub mod error;
pub mod loan;
pub mod notice;
pub mod payment;
pub mod payout;
pub mod person;
pub mod profile;
pub mod prolongation;
pub mod promotion;
pub mod pwa;
pub mod refund;
pub mod service;
pub mod support;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod lender;
#[cfg(feature = "ssr")]
pub mod request;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod staff;
#[cfg(feature = "ssr")]
pub mod works;
