//! `kopeck draw`: checking a draw by its public file, as anybody can.

use std::path::{Path, PathBuf};

use cabinet::draw::{PublicDraw, verify};
use clap::Subcommand;

use super::Failure;

/// What can be done with a draw's public file.
#[derive(Debug, Subcommand)]
pub enum DrawCommand {
    /// Compute a draw again from its public file, `/draws/{code}.json`: the promise of the seed, the list of tickets,
    /// the winners. Needs no database and no keys; docs/draws.md says how to do it without this program.
    ///
    /// Ends with 1 when something differs, naming it, and with 2 when the file can't be read.
    Verify {
        /// The file.
        file: PathBuf,
    },
}

/// Runs the command.
pub fn run(command: &DrawCommand) -> Result<String, Failure> {
    let DrawCommand::Verify { file } = command;
    let name = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::wrong(format!("{name}: {error}")))?;
    let draw: PublicDraw = serde_json::from_str(&text).map_err(|error| {
        Failure::wrong(format!("{name}: not the public file of a draw: {error}"))
    })?;
    let wrong = verify(&draw);
    if wrong.is_empty() {
        return Ok(told(file, &draw));
    }
    Err(Failure::found(format!(
        "{name}: differs\n{}",
        wrong.join("\n")
    )))
}

fn told(file: &Path, draw: &PublicDraw) -> String {
    let (tickets, won) = (draw.tickets.len(), draw.results.len());
    let what = match draw.state.as_str() {
        "open" => "the seed is promised, the list is open".to_owned(),
        "closed" => format!("{tickets} tickets, not drawn yet"),
        _ => {
            format!("{tickets} tickets, the seed is the promised one, {won} winners follow from it")
        }
    };
    format!("{}: OK, {}: {what}", file.display(), draw.code)
}
