//! `kopeck outbox`: what was given up, and another try of it.

use std::fmt::Write as _;

use cabinet::{CabinetError, outbox};
use clap::{Args, Subcommand};

use super::Failure;
use super::books::BooksArgs;
use crate::gateways::{self, GatewayConfig};

/// As many are listed.
const LISTED: u32 = 200;

/// What can be done about work for the outside world.
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// List what was given up, the newest first, with the reason.
    ///
    /// Ends with 1 when there is anything.
    Dead(BooksArgs),
    /// Try one again: the running server takes it up at once.
    Retry(RetryArgs),
}

/// Which row.
#[derive(Debug, Args)]
pub struct RetryArgs {
    /// Its id, as `kopeck outbox dead` prints it.
    id: String,
    #[command(flatten)]
    books: BooksArgs,
}

/// Does it.
pub async fn run(command: OutboxCommand) -> Result<String, Failure> {
    let (ports, _) = gateways::offline(&GatewayConfig::default()).map_err(Failure::wrong)?;
    match command {
        OutboxCommand::Dead(books) => {
            let cabinet = books.open(ports).await?;
            let rows = outbox::dead(&cabinet, LISTED)
                .await
                .map_err(Failure::wrong)?;
            if rows.is_empty() {
                return Ok("nothing was given up".into());
            }
            let mut text = String::new();
            for row in rows {
                let again = if row.whole { "" } else { " (erased)" };
                let _ = writeln!(
                    text,
                    "{} {} {} about {}, tries: {}{again}: {}",
                    row.id,
                    row.at.format("%Y-%m-%d %H:%M"),
                    row.kind,
                    row.ref_id,
                    row.attempts,
                    row.error
                );
            }
            Err(Failure::found(text.trim_end()))
        }
        OutboxCommand::Retry(args) => {
            let cabinet = args.books.open(ports).await?;
            outbox::retry(&cabinet, &args.id)
                .await
                .map_err(|refusal| Failure::wrong(explained(&refusal)))?;
            Ok(format!("{} will be tried again", args.id))
        }
    }
}

fn explained(refusal: &CabinetError) -> String {
    match refusal {
        CabinetError::NotFound => "no such row; `kopeck outbox dead` lists those there are".into(),
        CabinetError::Conflict("not_dead") => "it was not given up: it is done, or waits".into(),
        CabinetError::Conflict("too_late") => {
            "what it carried is erased: it had its time, such as a code, or was given up long ago"
                .into()
        }
        other => other.to_string(),
    }
}
