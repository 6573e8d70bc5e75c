//! Commands about a running lender's books: `verify-ledger`, `reconcile`, `decide`.

use std::fmt::Write as _;
use std::path::PathBuf;

use cabinet::ids::ApplicationId;
use cabinet::keys::Keys;
use cabinet::lender::Lender;
use cabinet::ports::Ports;
use cabinet::{Cabinet, application, db::Db, ledger, payment, staff};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use clap::Args;

use super::Failure;
use crate::gateways::{self, GatewayConfig};

/// Whose books.
#[derive(Debug, Args)]
pub struct BooksArgs {
    /// `sqlite://file` or `postgres://…`.
    #[arg(long, env = "KOPECK_DATABASE", value_name = "URL")]
    database: String,
    /// The file of encryption keys.
    #[arg(
        long,
        env = "KOPECK_KEYS",
        default_value = "keys.toml",
        value_name = "FILE"
    )]
    keys: PathBuf,
    /// The lender's file.
    #[arg(
        long,
        env = "KOPECK_LENDER",
        default_value = "lenders/demo.toml",
        value_name = "FILE"
    )]
    lender: PathBuf,
}

/// Which days to compare, and how to reach the acquirer.
#[derive(Debug, Args)]
pub struct ReconcileArgs {
    #[command(flatten)]
    books: BooksArgs,
    /// One day, against the bank's statement and the registers as well, each difference named.
    #[arg(long, value_name = "YYYY-MM-DD", conflicts_with_all = ["from", "to"])]
    date: Option<NaiveDate>,
    /// The first day; today when left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<NaiveDate>,
    /// The last day, included; the first one when left out.
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<NaiveDate>,
    #[command(flatten)]
    gateways: GatewayConfig,
}

/// Which application, and the word.
#[derive(Debug, Args)]
pub struct DecideArgs {
    /// The application's id.
    application: ApplicationId,
    #[command(flatten)]
    word: Word,
    #[command(flatten)]
    books: BooksArgs,
    #[command(flatten)]
    gateways: GatewayConfig,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Word {
    /// The loan may be given.
    #[arg(long)]
    approve: bool,
    /// It may not, and why: kept with the application.
    #[arg(long, value_name = "REASON")]
    refuse: Option<String>,
}

impl BooksArgs {
    fn lender(&self) -> Result<Lender, Failure> {
        Lender::load(&self.lender)
            .map_err(|error| Failure::wrong(format!("{}: {error}", self.lender.display())))
    }

    pub(super) async fn open(&self, ports: Ports) -> Result<Cabinet, Failure> {
        self.open_as(ports, |_| {}).await
    }

    /// The same with a lender that is not quite that of the file.
    pub(super) async fn open_as(
        &self,
        ports: Ports,
        change: impl FnOnce(&mut Lender),
    ) -> Result<Cabinet, Failure> {
        let file = |path: &PathBuf, error: &dyn std::fmt::Display| {
            Failure::wrong(format!("{}: {error}", path.display()))
        };
        let mut lender = self.lender()?;
        change(&mut lender);
        let keys = std::fs::read_to_string(&self.keys).map_err(|error| file(&self.keys, &error))?;
        let keys = Keys::from_toml(&keys).map_err(|error| file(&self.keys, &error))?;
        let db = Db::connect(&self.database, 2)
            .await
            .map_err(Failure::wrong)?;
        Ok(Cabinet::new(db, lender, ports, keys))
    }
}

/// Checks the file of the database, the chain of the journal, the equality of its sides, and the chain of the
/// staff's log.
pub async fn verify(args: &BooksArgs) -> Result<String, Failure> {
    let (ports, _) = gateways::offline(&GatewayConfig::default()).map_err(Failure::wrong)?;
    let cabinet = args.open(ports).await?;
    let verified = ledger::verify(&cabinet).await.map_err(Failure::wrong)?;
    let log = staff::audit::verify(&cabinet)
        .await
        .map_err(Failure::wrong)?;
    let text = format!(
        "entries: {}\ndebit: {}\ncredit: {}\nlast hash: {}\nrows of the staff's log: {}",
        verified.rows,
        verified.debit.plain(),
        verified.credit.plain(),
        verified.last_hash,
        log.rows,
    );
    let damage = cabinet.db().damage().await.map_err(Failure::wrong)?;
    if let Some(first) = damage.first() {
        return Err(Failure::found(format!(
            "{text}\nthe database file is damaged: {first}"
        )));
    }
    if let Some(row) = log.first_bad {
        return Err(Failure::found(format!(
            "{text}\nrow {row} of the staff's log is not what was written: it was changed from there on"
        )));
    }
    match verified.first_bad {
        Some(entry) => Err(Failure::found(format!(
            "{text}\nentry {entry} is not what was written: the journal was changed from there on"
        ))),
        None if verified.debit != verified.credit => Err(Failure::found(format!(
            "{text}\ndebits are not equal to credits"
        ))),
        None => Ok(format!("{text}\nthe journal is whole")),
    }
}

/// Compares our journal with the acquirer's register.
pub async fn reconcile(args: &ReconcileArgs) -> Result<String, Failure> {
    // Nobody is sent anywhere from here, so our own address does not matter.
    let acquirer = args.books.lender()?.payment.acquirer;
    let (ports, clock) =
        gateways::ports(&args.gateways, "http://localhost", &acquirer).map_err(Failure::wrong)?;
    if let Some(clock) = clock {
        clock.refresh().await;
    }
    let cabinet = args.books.open(ports).await?;
    if let Some(date) = args.date {
        let report = cabinet::reconcile::day(&cabinet, date).await;
        return super::money::day(&report.map_err(Failure::wrong)?);
    }
    let from = args.from.unwrap_or_else(|| cabinet.today());
    let to = args.to.unwrap_or(from);
    if to < from {
        return Err(Failure::wrong("--to is earlier than --from"));
    }
    let after = to.checked_add_days(Days::new(1)).unwrap_or(to);
    let result = payment::reconcile(
        &cabinet,
        midnight(&cabinet, from),
        midnight(&cabinet, after),
    )
    .await
    .map_err(Failure::wrong)?;
    let mut text = format!(
        "days: {from} to {to}\nours: {}\ntheirs: {}\ndifference: {}",
        result.ours.plain(),
        result.theirs.plain(),
        result.difference.plain(),
    );
    for id in &result.missing {
        // Writing to a string does not fail.
        let _ = write!(text, "\nnot the same on both sides: {id}");
    }
    if result.difference.is_zero() && result.missing.is_empty() {
        Ok(text)
    } else {
        Err(Failure::found(text))
    }
}

/// The first moment of a business date.
fn midnight(cabinet: &Cabinet, date: NaiveDate) -> DateTime<Utc> {
    let offset = TimeDelta::minutes(i64::from(cabinet.lender().clock_offset_minutes));
    date.and_time(NaiveTime::MIN).and_utc() - offset
}

/// A specialist's word.
pub async fn decide(args: &DecideArgs) -> Result<String, Failure> {
    let (ports, clock) = gateways::offline(&args.gateways).map_err(Failure::wrong)?;
    if let Some(clock) = clock {
        clock.refresh().await;
    }
    let cabinet = args.books.open(ports).await?;
    let reason = args.word.refuse.as_deref().unwrap_or_default();
    if args.word.refuse.is_some() && reason.trim().is_empty() {
        return Err(Failure::wrong("--refuse needs a reason"));
    }
    application::resolve(
        &cabinet,
        args.application,
        args.word.approve,
        reason.to_owned(),
    )
    .await
    .map_err(Failure::wrong)?;
    let word = if args.word.approve {
        "approved"
    } else {
        "refused"
    };
    Ok(format!("application {}: {word}", args.application))
}
