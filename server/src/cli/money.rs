//! Commands about money past the acquirer: `import`, and the report of a day.

use std::fmt::Write as _;
use std::path::PathBuf;

use cabinet::reconcile::DayReport;
use cabinet::statement::{self, ImportReport, Source};
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
    /// Take a line off the list: it is not about a loan.
    Dismiss {
        /// The line's name, as `unmatched` prints it.
        line: String,
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
struct CommonArgs {
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

/// Does one of them.
pub async fn import(args: &ImportArgs) -> Result<String, Failure> {
    match &args.what {
        What::Statement(args) => file(args, Source::Statement).await,
        What::Register(args) => file(args, Source::Register).await,
        What::Unmatched(args) => unmatched(args).await,
        What::Assign { line, loan, common } => {
            let cabinet = common.open().await?;
            let done = statement::assign(&cabinet, line, loan).await;
            done.map_err(Failure::wrong)?;
            Ok(format!("line {line}: posted to {loan}"))
        }
        What::Dismiss { line, common } => {
            let cabinet = common.open().await?;
            let done = statement::dismiss(&cabinet, line).await;
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
        "posted: {} ({})\nknown already: {}\ntransfers of whole registers: {}\noutgoing: {}\n\
         unmatched: {}",
        report.posted,
        report.posted_sum.plain(),
        report.known,
        report.aggregates,
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
    let waiting = statement::unmatched(&cabinet).await;
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
