//! `kopeck-typeset`: one paper in on standard input as JSON, its PDF out on standard output; what is wrong goes to standard
//! error. A process of its own, so that nothing a paper does to the typesetter can reach the cabinet.

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use documents::{Job, Typesetter};
use serde_json::Value;

/// What comes in.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    /// The template's name.
    template: String,
    /// The paper's stable name.
    ident: String,
    /// Unix seconds.
    made_at: i64,
    /// What the template prints.
    data: Value,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let order: Order = serde_json::from_str(&text)?;
    let made_at =
        DateTime::<Utc>::from_timestamp(order.made_at, 0).ok_or("made_at is no moment")?;
    let pdf = Typesetter::new().pdf(Job {
        template: &order.template,
        data: &order.data,
        ident: &order.ident,
        made_at,
    })?;
    io::stdout().write_all(&pdf)?;
    Ok(())
}
