//! The commands of `kopeck` besides `serve`.

mod books;
mod database;
mod demo;
mod draw;
mod lender;
mod money;
mod outbox;
mod psk;
mod simulate;
mod staff;
mod works;

use std::io::{Read, Write};
use std::process::ExitCode;

use clap::Subcommand;

use books::{BooksArgs, DecideArgs, ReconcileArgs};
use demo::DemoArgs;
use draw::DrawCommand;
use outbox::OutboxCommand;
use staff::StaffCommand;
use works::WorksCommand;

const PSK_EXAMPLE: &str = r#"Example:
  printf '2026-11-23,-15000.00\n2026-12-23,18600.00\n' | kopeck psk
  {"psk_percent":"292.000","psk_roubles":"3600.00","base_period":"30 days"}"#;

const SIMULATE_EXAMPLE: &str = r#"Example of the input:
  {"loan":{"kind":"bullet","amount":"15000.00","issued":"2026-11-23","term_days":30,
           "daily_rate_percent":"0.8","penalty_annual_percent":"20",
           "promo":{"max_amount":"15000.00","max_days":20,"daily_rate_percent":"0"}},
   "events":[{"on":"2026-12-01","pay":"1000.00"},{"on":"2026-12-23","prolong_days":14}],
   "on":["2026-12-23","2027-01-02"]}"#;

/// What can be done without serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring the database to this program's schema.
    ///
    /// Safe to repeat; `serve` does the same when it starts.
    Migrate {
        /// `sqlite://file?mode=rwc` or `postgres://…`.
        #[arg(long, env = "KOPECK_DATABASE", value_name = "URL")]
        database: String,
    },
    /// Check lender files: the format, and the law of the day their terms began.
    ///
    /// Ends with 2 when something is wrong, naming the line, the key, the value and what to write
    /// instead, everything at once.
    Check(Box<lender::CheckArgs>),
    /// Print fresh encryption keys, a TOML file, to standard output.
    ///
    /// Keep the file readable by the server alone and in two safe places: without it the personal
    /// data in the database can't be read by anybody.
    Keys,
    /// Compute the full cost of a loan (ПСК) from dated flows of standard input.
    ///
    /// Lines are `YYYY-MM-DD,amount`. The first amount is negative: money to the borrower. Later
    /// ones are positive: payments. Checks no caps. Ends with 2 and the number of the line when
    /// something is wrong.
    #[command(after_help = PSK_EXAMPLE)]
    Psk {
        /// Blocks of lines separated by blank lines; a JSON line for each.
        #[arg(long)]
        many: bool,
    },
    /// Play a loan: JSON with the loan, its events and dates from standard input, its schedule,
    /// full cost and state on those dates to standard output.
    ///
    /// Kinds: bullet and special (`term_days`), `every_n_days` (`payments`, `every_days`), monthly
    /// (`months`). Events: `pay`, `prolong_days`, or `prepay` with `keep` term or payment. Ends
    /// with 2 and the name of the key when something is wrong.
    #[command(after_help = SIMULATE_EXAMPLE)]
    Simulate,
    /// Check the whole journal: the chain of hashes, and that debits equal credits; and the chain of
    /// the staff's log.
    ///
    /// Ends with 1 when either was changed behind the program's back.
    VerifyLedger(BooksArgs),
    /// Compare our books with the acquirer's register, day by day of the business clock.
    ///
    /// Ends with 1 unless the difference is 0.00 and nothing is missing on either side.
    Reconcile(Box<ReconcileArgs>),
    /// Post money that came past the acquirer: the bank's statement, a register of terminals.
    ///
    /// A file may be imported again and files may overlap: no line is posted twice. Ends with 1 when
    /// lines are left unmatched or can't be used, each with its number and what to do.
    Import(Box<money::ImportArgs>),
    /// Payouts that go by the lender's own bank: orders to write out, and what the bank refused.
    #[command(subcommand)]
    Orders(Box<money::OrdersCommand>),
    /// A specialist's word on an application that waits for one.
    Decide(Box<DecideArgs>),
    /// Fill an empty database with a past: staff, and loans of every state, lived through the real use cases by a clock
    /// of the demo's own, from months ago to now. Prints the staff's logins and first passwords.
    Demo(DemoArgs),
    /// A prize draw, checked by its public file.
    #[command(subcommand)]
    Draw(DrawCommand),
    /// Messages and other work for the outside world that was given up.
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// Who works at the lender.
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Technical works, told to borrowers ahead.
    #[command(subcommand)]
    Works(Box<WorksCommand>),
}

/// Why a command ended badly: the exit code and the text for standard error.
#[derive(Debug, PartialEq, Eq)]
struct Failure {
    code: u8,
    text: String,
}

impl Failure {
    /// Something given is wrong, or the command could not be done.
    fn wrong(text: impl std::fmt::Display) -> Self {
        Self {
            code: 2,
            text: text.to_string(),
        }
    }

    /// The command was done, and what it looked for is not so.
    fn found(text: impl std::fmt::Display) -> Self {
        Self {
            code: 1,
            text: text.to_string(),
        }
    }
}

/// Runs a command. What it has to say goes to standard output, complaints to standard error.
pub async fn run(command: Command) -> ExitCode {
    match perform(command).await.and_then(|text| print(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("kopeck: {}", failure.text);
            ExitCode::from(failure.code)
        }
    }
}

async fn perform(command: Command) -> Result<String, Failure> {
    match command {
        Command::Migrate { database } => database::migrate(&database).await,
        Command::Check(args) => lender::check(&args),
        Command::Keys => Ok(cabinet::keys::Keys::generate_toml()),
        Command::Psk { many } => psk::run(&input()?, many).map_err(Failure::wrong),
        Command::Simulate => simulate::run(&input()?).map_err(Failure::wrong),
        Command::VerifyLedger(args) => books::verify(&args).await,
        Command::Reconcile(args) => books::reconcile(&args).await,
        Command::Import(args) => money::import(&args).await,
        Command::Orders(command) => money::orders(&command).await,
        Command::Decide(args) => books::decide(&args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Draw(command) => draw::run(&command),
        Command::Outbox(command) => outbox::run(command).await,
        Command::Staff(command) => staff::run(command).await,
        Command::Works(command) => works::run(*command).await,
    }
}

/// All of standard input.
fn input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(Failure::wrong)?;
    String::from_utf8(bytes).map_err(|error| {
        let good = error
            .as_bytes()
            .get(..error.utf8_error().valid_up_to())
            .unwrap_or_default();
        let line = good.split(|byte| *byte == b'\n').count();
        Failure::wrong(format!("line {line}: not UTF-8 text"))
    })
}

/// Whole lines to standard output. A reader that went away is not our trouble.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    match out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(end.as_bytes()))
    {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::wrong(error)),
        _ => Ok(()),
    }
}
