//! `kopeck works`: windows of technical works, told to borrowers ahead.

use std::fmt::Write as _;

use cabinet::works::{self, Window};
use cabinet::{Cabinet, CabinetError};
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};

use super::Failure;
use super::books::BooksArgs;
use crate::gateways::{self, GatewayConfig};

/// How moments are typed and printed: by the lender's clock.
const FORMAT: &str = "%Y-%m-%dT%H:%M";

/// What can be done about technical works.
#[derive(Debug, Subcommand)]
pub enum WorksCommand {
    /// Announce a window: from now on every page tells of it; while it lasts the cabinet is read and
    /// not changed, and its page shows the debt, the due date and how to pay without the cabinet.
    ///
    /// Running servers take it up within seconds.
    Announce(AnnounceArgs),
    /// List the windows that are not over, the nearest first.
    List(PlaceArgs),
    /// Call a window off, or end the one under way.
    Cancel(CancelArgs),
}

/// Whose cabinet, and by which clock.
#[derive(Debug, Args)]
pub struct PlaceArgs {
    #[command(flatten)]
    books: BooksArgs,
    #[command(flatten)]
    gateways: GatewayConfig,
}

/// From when until when.
#[derive(Debug, Args)]
pub struct AnnounceArgs {
    /// The first minute, by the lender's clock; at once when left out.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM", value_parser = minute)]
    from: Option<NaiveDateTime>,
    /// The end, by the lender's clock; not more than a day after the beginning.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM", value_parser = minute)]
    until: NaiveDateTime,
    #[command(flatten)]
    place: PlaceArgs,
}

/// Which window.
#[derive(Debug, Args)]
pub struct CancelArgs {
    /// Its id, as `kopeck works list` prints it.
    id: String,
    #[command(flatten)]
    place: PlaceArgs,
}

fn minute(text: &str) -> Result<NaiveDateTime, String> {
    NaiveDateTime::parse_from_str(text, FORMAT)
        .map_err(|_| "write the day and the minute as 2026-12-01T02:00".to_owned())
}

/// Does it.
pub async fn run(command: WorksCommand) -> Result<String, Failure> {
    match command {
        WorksCommand::Announce(args) => {
            let cabinet = open(&args.place).await?;
            let offset = TimeDelta::minutes(i64::from(cabinet.lender().clock_offset_minutes));
            let utc = |local: NaiveDateTime| (local - offset).and_utc();
            let from = args.from.map_or_else(|| cabinet.now(), utc);
            let window = works::announce(&cabinet, from, utc(args.until))
                .await
                .map_err(|refusal| Failure::wrong(explained(&refusal)))?;
            Ok(line(&cabinet, &window))
        }
        WorksCommand::List(place) => {
            let cabinet = open(&place).await?;
            let windows = works::ahead(&cabinet).await.map_err(Failure::wrong)?;
            if windows.is_empty() {
                return Ok("no works are announced".into());
            }
            let mut text = String::new();
            for window in &windows {
                let _ = writeln!(text, "{}", line(&cabinet, window));
            }
            Ok(text)
        }
        WorksCommand::Cancel(args) => {
            let cabinet = open(&args.place).await?;
            works::call_off(&cabinet, &args.id)
                .await
                .map_err(|refusal| Failure::wrong(explained(&refusal)))?;
            Ok(format!("{} is called off", args.id))
        }
    }
}

async fn open(place: &PlaceArgs) -> Result<Cabinet, Failure> {
    let (ports, clock) = gateways::offline(&place.gateways).map_err(Failure::wrong)?;
    if let Some(clock) = clock {
        clock.refresh().await;
    }
    place.books.open(ports).await
}

fn line(cabinet: &Cabinet, window: &Window) -> String {
    let minutes = cabinet.lender().clock_offset_minutes;
    let local = |at: DateTime<Utc>| {
        let offset = FixedOffset::east_opt(minutes * 60);
        offset.map_or_else(String::new, |offset| {
            at.with_timezone(&offset).format(FORMAT).to_string()
        })
    };
    let now = if window.holds(cabinet.now()) {
        " (under way)"
    } else {
        ""
    };
    format!(
        "{} from {} until {}{now}",
        window.id,
        local(window.from),
        local(window.until)
    )
}

fn explained(refusal: &CabinetError) -> String {
    let field = match refusal {
        CabinetError::Fields(errors) => errors.first().map(|error| error.code),
        _ => None,
    };
    match (field, refusal) {
        (Some("works_order"), _) => "--until is not after --from".into(),
        (Some("works_past"), _) => "--until has passed already".into(),
        (Some("works_long"), _) => {
            "a window lasts a day at most: announce the next one when it is known".into()
        }
        (_, CabinetError::Conflict("works_overlap")) => {
            "it overlaps another window: see `kopeck works list`, cancel that one first".into()
        }
        (_, CabinetError::NotFound) => {
            "no such window, or it is over; `kopeck works list` lists those there are".into()
        }
        (_, other) => other.to_string(),
    }
}
