//! `kopeck`: the borrower's cabinet of a microlender.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use server::config::ServeConfig;
use server::{cli, serve};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The borrower's cabinet of a microlender, exact to the kopeck.
#[derive(Debug, Parser)]
#[command(name = "kopeck", version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the cabinet.
    Serve(Box<ServeConfig>),
    #[command(flatten)]
    Other(cli::Command),
}

#[tokio::main]
async fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Serve(config) => match serve::run(*config).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("kopeck: {error}");
                ExitCode::from(2)
            }
        },
        Command::Other(command) => cli::run(command).await,
    }
}
