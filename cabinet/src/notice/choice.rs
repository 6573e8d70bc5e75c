//! What a borrower wants to hear of, where, and at which hours not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Timelike as _, Utc};
use lending::contact::Clocks;
use sea_orm::ConnectionTrait;

use super::kinds::{Channel, Class, Event};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::values::DepartmentCode;
use crate::{Cabinet, access, profile};

/// Hours when nothing rings, on the borrower's own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// The first quiet hour, 0 to 23.
    pub from: u32,
    /// The hour when they end; the same as `from` means that there are none.
    pub until: u32,
    /// Whether answers to what the borrower does wait as well.
    pub answers: bool,
}

impl Default for Quiet {
    fn default() -> Self {
        Self {
            from: 22,
            until: 9,
            answers: false,
        }
    }
}

/// Of the daytime, 9 to 20 every day, so many hours must be left: what the law makes us send has to
/// find one.
pub const LEFT_HOURS: usize = 4;

impl Quiet {
    fn has(self, hour: u32) -> bool {
        if self.from <= self.until {
            (self.from..self.until).contains(&hour)
        } else {
            hour >= self.from || hour < self.until
        }
    }

    /// Whether it is quiet at a moment; in a region of several clocks, on any of them.
    pub(super) fn at(self, at: DateTime<Utc>, clocks: Clocks) -> bool {
        [clocks.west, clocks.east].iter().any(|minutes| {
            let local = at.checked_add_signed(Duration::minutes(i64::from(*minutes)));
            local.is_some_and(|local| self.has(local.hour()))
        })
    }

    /// Read off a form: hours as numbers.
    pub fn read(from: &str, until: &str, answers: bool) -> Result<Self> {
        let hour = |text: &str, field| {
            let hour: Option<u32> = text.trim().parse().ok().filter(|hour| *hour < 24);
            hour.ok_or_else(|| CabinetError::field(field, "choice"))
        };
        let quiet = Self {
            from: hour(from, "quiet_from")?,
            until: hour(until, "quiet_until")?,
            answers,
        };
        if (9..20).filter(|hour| !quiet.has(*hour)).count() < LEFT_HOURS {
            return Err(CabinetError::field("quiet_until", "quiet_whole_day"));
        }
        Ok(quiet)
    }
}

/// Everything a borrower has chosen about notices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    other: BTreeMap<(Event, Channel), bool>,
    /// The quiet hours.
    pub quiet: Quiet,
}

impl Choices {
    /// Whether an event is told by a channel.
    pub fn wants(&self, event: Event, channel: Channel) -> bool {
        if event.bought() {
            return event.usual(channel);
        }
        let chosen = || self.other.get(&(event, channel)).copied();
        event.kept(channel).is_some() || chosen().unwrap_or_else(|| event.usual(channel))
    }

    /// What is on, as a form says it: `sms.due_3`.
    pub fn of_form(on: &[String], quiet: Quiet) -> Result<Self> {
        let mut chosen = BTreeSet::new();
        for pair in on {
            let (channel, event) = pair.split_once('.').unwrap_or_default();
            let pair = Channel::from_code(channel).zip(Event::from_code(event));
            let (channel, event) = pair.ok_or_else(|| CabinetError::field("on", "choice"))?;
            chosen.insert((event, channel));
        }
        let mut other = BTreeMap::new();
        for event in Event::ALL {
            for channel in Channel::ALL {
                let on = chosen.contains(&(event, channel));
                let free = event.kept(channel).is_none() && !event.bought();
                if free && on != event.usual(channel) {
                    other.insert((event, channel), on);
                }
            }
        }
        Ok(Self { other, quiet })
    }

    pub(super) fn holds_back(&self, class: Class, at: DateTime<Utc>, clocks: Clocks) -> bool {
        (class != Class::Answer || self.quiet.answers) && self.quiet.at(at, clocks)
    }
}

/// What a borrower has chosen.
pub async fn choices(cab: &Cabinet, borrower: BorrowerId) -> Result<Choices> {
    of(cab.db().read(), borrower).await
}

pub(super) async fn of(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Choices> {
    let mut choices = Choices::default();
    let statement = "SELECT event, channel, chosen FROM notice_choice WHERE borrower = $1";
    for row in sql::all(conn, statement, vec![borrower.into()]).await? {
        let event = Event::from_code(&sql::get::<String>(&row, "event")?);
        let channel = Channel::from_code(&sql::get::<String>(&row, "channel")?);
        if let Some(pair) = event.zip(channel) {
            let chosen: i64 = sql::get(&row, "chosen")?;
            choices.other.insert(pair, chosen == 1);
        }
    }
    let statement = "SELECT quiet_from, quiet_until, answers FROM notice_hours WHERE borrower = $1";
    if let Some(row) = sql::one(conn, statement, vec![borrower.into()]).await? {
        let hour = |column| Ok::<_, CabinetError>(sql::get::<i64>(&row, column)?.unsigned_abs());
        choices.quiet = Quiet {
            from: u32::try_from(hour("quiet_from")?).unwrap_or_default(),
            until: u32::try_from(hour("quiet_until")?).unwrap_or_default(),
            answers: sql::get::<i64>(&row, "answers")? == 1,
        };
    }
    Ok(choices)
}

/// From now on it is so. What waits to be sent obeys it too.
pub async fn choose(cab: &Cabinet, borrower: BorrowerId, choices: Choices) -> Result<()> {
    cab.db()
        .write(move |tx| Box::pin(async move { keep(tx, borrower, &choices).await }))
        .await
}

async fn keep(tx: &Tx, borrower: BorrowerId, choices: &Choices) -> Result<()> {
    let statement = "DELETE FROM notice_choice WHERE borrower = $1";
    sql::execute(tx, statement, vec![borrower.into()]).await?;
    for ((event, channel), chosen) in &choices.other {
        let statement =
            "INSERT INTO notice_choice (borrower, event, channel, chosen) VALUES ($1, $2, $3, $4)";
        let values = vec![
            borrower.into(),
            event.code().into(),
            channel.code().into(),
            i64::from(*chosen).into(),
        ];
        sql::execute(tx, statement, values).await?;
    }
    let statement = "INSERT INTO notice_hours (borrower, quiet_from, quiet_until, answers) \
                     VALUES ($1, $2, $3, $4) ON CONFLICT (borrower) DO UPDATE SET \
                     quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, \
                     answers = excluded.answers";
    let quiet = choices.quiet;
    let values = vec![
        borrower.into(),
        i64::from(quiet.from).into(),
        i64::from(quiet.until).into(),
        i64::from(quiet.answers).into(),
    ];
    sql::execute(tx, statement, values).await.map(drop)
}

/// The clocks where a borrower lives, as far as we know: of the registered address, else of the
/// place that gave the passport, else of the lender.
pub(super) async fn clocks(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Clocks> {
    let answers = profile::answers_in(cab, conn, borrower).await?;
    let lives = answers.get("region").and_then(|it| Clocks::of_region(it));
    let came_from = || {
        let code = DepartmentCode::parse(answers.get("passport_code")?)?;
        Clocks::of_region(code.as_str().get(..2)?)
    };
    Ok(lives
        .or_else(came_from)
        .unwrap_or(Clocks::one(cab.lender().clock_offset_minutes)))
}

/// The clocks where a borrower lives, for the page.
pub async fn clocks_of(cab: &Cabinet, borrower: BorrowerId) -> Result<Clocks> {
    clocks(cab, cab.db().read(), borrower).await
}

/// Whether a borrower can be told by a channel at all: an address that is confirmed, a device that
/// asked.
pub async fn reachable(cab: &Cabinet, borrower: BorrowerId, channel: Channel) -> Result<bool> {
    let conn = cab.db().read();
    match channel {
        Channel::Sms | Channel::InApp => Ok(true),
        Channel::Mail => Ok(access::confirmed_email(conn, cab, borrower)
            .await?
            .is_some()),
        Channel::Push => super::push::any(conn, borrower).await,
    }
}
