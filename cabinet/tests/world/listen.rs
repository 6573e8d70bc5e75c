//! Hears which statements run, so that two answers can be compared by the work behind them.

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Statements;

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == cabinet::db::sql::STATEMENT
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Heard);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Heard;

impl Visit for Heard {
    fn record_str(&mut self, _: &Field, text: &str) {
        let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

/// Begins to listen, for the whole program.
pub fn listen() {
    tracing::subscriber::set_global_default(Statements).expect("nobody listens yet");
}

/// The statements since the last time, in their order.
pub fn heard() -> Vec<String> {
    std::mem::take(&mut HEARD.lock().unwrap_or_else(PoisonError::into_inner))
}
