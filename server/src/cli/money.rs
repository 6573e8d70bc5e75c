//! Commands about money past the acquirer: `import`, `orders`, and the report of a day.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use cabinet::payout::{self, Which};
use cabinet::reconcile::DayReport;
use cabinet::statement::{self, ImportReport, Leave, Source};
use clap::{Args, Subcommand};

use super::Failure;
use super::books::BooksArgs;
use crate::gateways::{self, GatewayConfig};

/// What to import, or what to do with a line that could not be matched.
#[derive(Debug, Args)]
pub struct ImportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The bank's statement: 1С «Клиент-банк» exchange text (windows-1251, DOS or UTF-8) or CSV.
    Statement(FileArgs),
    /// A register of terminals and bank applications: CSV, or Sberbank's twelve columns.
    Register(FileArgs),
    /// Lines that nobody could match, one a line: name, date, sum, document, purpose.
    Unmatched(CommonArgs),
    /// Post a line that could not be matched to the loan of a contract's number.
    Assign {
        /// The line's name, as `unmatched` prints it.
        line: String,
        /// The number of the contract: 2026-000001.
        #[arg(long)]
        loan: String,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Take a line off the list: it is not about a loan, or the bank sends it back.
    Dismiss {
        /// The line's name, as `unmatched` prints it.
        line: String,
        /// The bank is told to send it back to who paid it.
        #[arg(long)]
        sent_back: bool,
        /// Why, in at least ten characters; the audit log keeps it.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        common: CommonArgs,
    },
}

#[derive(Debug, Args)]
struct FileArgs {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
pub struct CommonArgs {
    #[command(flatten)]
    books: BooksArgs,
    #[command(flatten)]
    gateways: GatewayConfig,
}

impl CommonArgs {
    /// The books; nobody outside is asked.
    async fn open(&self) -> Result<cabinet::Cabinet, Failure> {
        let (ports, clock) = gateways::offline(&self.gateways).map_err(Failure::wrong)?;
        if let Some(clock) = clock {
            clock.refresh().await;
        }
        self.books.open(ports).await
    }
}

/// What to do with payouts to accounts.
#[derive(Debug, Subcommand)]
pub enum OrdersCommand {
    /// Write a file of payment orders for the bank (1С «Клиент-банк» text, windows-1251): those that were not
    /// written out before. The bank's statement then tells that the money has left.
    Write {
        /// The file to write; it must not exist.
        file: PathBuf,
        /// Write those that were written out before and whose money has not left: the earlier file was lost. Loading
        /// both files into the bank would pay twice.
        #[arg(long)]
        again: bool,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// The bank refused an order or returned its money: the borrower chooses another way.
    Refuse {
        /// The number of the contract: 2026-000001.
        number: String,
        #[command(flatten)]
        common: CommonArgs,
    },
}

/// Does one of them.
pub async fn orders(command: &OrdersCommand) -> Result<String, Failure> {
    match command {
        OrdersCommand::Write {
            file,
            again,
            common,
        } => {
            // Opened before anything is marked as written out.
            let made = OpenOptions::new().write(true).create_new(true).open(file);
            let told = |error| Failure::wrong(format!("{}: {error}", file.display()));
            let mut out = made.map_err(told)?;
            let cabinet = common.open().await?;
            let which = if *again { Which::Again } else { Which::New };
            let orders = payout::orders(&cabinet, None, which).await;
            let orders = orders.map_err(Failure::wrong)?;
            let kept = out.write_all(&orders.file).and_then(|()| out.sync_all());
            kept.map_err(|error| {
                let remedy = "write the orders again with --again into another file";
                Failure::wrong(format!("{}: {error}; {remedy}", file.display()))
            })?;
            let (count, sum) = (orders.count, orders.sum.plain());
            Ok(format!("orders: {count} ({sum})"))
        }
        OrdersCommand::Refuse { number, common } => {
            let cabinet = common.open().await?;
            let done = payout::refuse(&cabinet, None, number).await;
            done.map_err(Failure::wrong)?;
            Ok(format!("contract {number}: waits for another way"))
        }
    }
}

/// Does one of them.
pub async fn import(args: &ImportArgs) -> Result<String, Failure> {
    match &args.what {
        What::Statement(args) => file(args, Source::Statement).await,
        What::Register(args) => file(args, Source::Register).await,
        What::Unmatched(args) => unmatched(args).await,
        What::Assign { line, loan, common } => {
            let cabinet = common.open().await?;
            let done = statement::assign(&cabinet, None, line, loan).await;
            done.map_err(Failure::wrong)?;
            Ok(format!("line {line}: posted to {loan}"))
        }
        What::Dismiss {
            line,
            sent_back,
            reason,
            common,
        } => {
            let how = if *sent_back {
                Leave::Return
            } else {
                Leave::NotOurs
            };
            let cabinet = common.open().await?;
            let done = statement::dismiss(&cabinet, None, line, how, reason).await;
            done.map_err(Failure::wrong)?;
            Ok(format!("line {line}: dismissed"))
        }
    }
}

async fn file(args: &FileArgs, source: Source) -> Result<String, Failure> {
    let bytes = std::fs::read(&args.file)
        .map_err(|error| Failure::wrong(format!("{}: {error}", args.file.display())))?;
    let cabinet = args.common.open().await?;
    let report = statement::import(&cabinet, source, &bytes).await;
    let report = report.map_err(Failure::wrong)?;
    let text = told(&report);
    if report.bad.is_empty() && report.unmatched.is_empty() {
        Ok(text)
    } else {
        Err(Failure::found(text))
    }
}

fn told(report: &ImportReport) -> String {
    let mut text = format!(
        "posted: {} ({})\nknown already: {}\ntransfers of whole registers: {}\npaid out: {}\n\
         outgoing: {}\nunmatched: {}",
        report.posted,
        report.posted_sum.plain(),
        report.known,
        report.aggregates,
        report.paid,
        report.outgoing,
        report.unmatched.len(),
    );
    // Writing to a string does not fail.
    for line in &report.unmatched {
        let _ = write!(
            text,
            "\nline {line}: names no loan; see `kopeck import unmatched`"
        );
    }
    for bad in &report.bad {
        let place = match bad.line {
            0 => "the file".to_owned(),
            line => format!("line {line}"),
        };
        let _ = write!(text, "\n{place}: {}; {}", bad.problem, bad.remedy);
    }
    text
}

async fn unmatched(args: &CommonArgs) -> Result<String, Failure> {
    let cabinet = args.open().await?;
    let waiting = statement::unmatched(&cabinet, None).await;
    let mut text = String::new();
    for line in waiting.map_err(Failure::wrong)? {
        let entry = line.entry;
        let _ = writeln!(
            text,
            "{}\t{}\t{}\t{}\t{}",
            line.id,
            entry.on,
            entry.amount.plain(),
            entry.number,
            entry.purpose
        );
    }
    Ok(text)
}

/// A day's report as text; the failure carries the same text when something differs.
pub fn day(report: &DayReport) -> Result<String, Failure> {
    let mut text = format!("day: {}", report.on);
    for side in &report.sides {
        let _ = write!(
            text,
            "\n{}: ours {}, theirs {}, difference {}",
            side.name,
            side.ours.plain(),
            side.theirs.plain(),
            side.difference.plain(),
        );
    }
    let _ = write!(text, "\ndifference: {}", report.difference.plain());
    let sum = |sum: Option<lending::Kopecks>| {
        sum.map_or_else(|| "none".to_owned(), lending::Kopecks::plain)
    };
    for item in &report.items {
        let _ = write!(
            text,
            "\nnot the same on both sides: {} {}, contract {}, ours {}, theirs {}",
            item.side,
            item.reference,
            item.loan.as_deref().unwrap_or("not known"),
            sum(item.ours),
            sum(item.theirs),
        );
    }
    if report.agrees() {
        Ok(text)
    } else {
        Err(Failure::found(text))
    }
}
