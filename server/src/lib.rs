//! The composition root: configuration, router, middleware, webhooks, jobs and the adapters of the ports.
// The one place where the real clock, random ids and the environment are read and handed on.
#![allow(clippy::disallowed_methods)]

mod agents;
mod brand;
mod chat;
pub mod cli;
pub mod config;
mod draws;
pub mod gateways;
pub mod jobs;
mod packed;
mod papers;
pub mod pwa;
pub mod router;
pub mod security;
pub mod serve;
pub mod session;
pub mod staff;
mod suggest;
pub mod telemetry;
mod unread;
mod uploads;
pub mod webhooks;
mod works;
