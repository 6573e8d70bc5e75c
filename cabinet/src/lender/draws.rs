//! Prize draws: the tables `[[draws]]`. Taking part is free and a press of the borrower's own; nothing here can change
//! what a loan costs.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use lending::Kopecks;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::Complaints;
use super::help::minutes;
use super::product::Roubles;
use super::{Lender, Text};

/// What brings a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DrawEntry {
    /// Each loan that was repaid between the two dates without a day of delay.
    LoanRepaid,
    /// Each payment date between the two that passed without a delay, and the repayment of a loan before its date.
    PaymentOnTime,
}

/// A draw of prizes among those who pressed «Take part», each by so many tickets as their loans brought.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// A stable name of a-z, 0-9 and '-'; tickets are kept with it, so it never changes.
    pub code: String,
    /// The name people see.
    pub title: Text,
    /// What it is, in a sentence or two. The rules themselves are written by the program from these keys.
    pub about: Text,
    /// The first day: of taking part, and of what brings tickets. On it the promise of the seed is published.
    #[serde(deserialize_with = "super::file::date")]
    #[schemars(schema_with = "super::file::date_schema")]
    pub from: NaiveDate,
    /// The last day of both. After it the list of tickets is closed for good.
    #[serde(deserialize_with = "super::file::date")]
    #[schemars(schema_with = "super::file::date_schema")]
    pub until: NaiveDate,
    /// The day the prizes are drawn, later than `until`.
    #[serde(deserialize_with = "super::file::date")]
    #[schemars(schema_with = "super::file::date_schema")]
    pub draws_on: NaiveDate,
    /// The time of that day by the lender's clock.
    #[serde(default = "noon")]
    #[schemars(extend("format" = "time"))]
    draws_at: String,
    /// What brings a ticket.
    pub entry: DrawEntry,
    /// Of a repaid loan: it lasted at least so many days, so that nobody borrows for a ticket alone.
    #[serde(default = "loan_days")]
    pub loan_days: u32,
    /// The most tickets of one person.
    #[serde(default = "max_tickets")]
    pub max_tickets: u32,
    /// One person wins one prize at most.
    #[serde(default = "yes")]
    pub one_prize: bool,
    /// A winner accepts within so many days; then the prize goes to the next ticket.
    #[serde(default = "accept_days")]
    pub accept_days: u32,
    /// A winner who was told where the prize waits collects it within so many days; then it goes to the next ticket too.
    #[serde(default = "collect_days")]
    pub collect_days: u32,
    /// What is drawn, the first prize first.
    pub prizes: Vec<Prize>,
}

/// A prize, or several alike.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prize {
    /// What it is.
    pub title: Text,
    /// How many of it.
    #[serde(default = "one")]
    pub count: u32,
    /// What one is worth, in roubles. The rules say what the tax law says of prizes above 4 000 ₽ a year.
    value: Roubles,
    /// It is bonuses: they are given at the moment the winner accepts.
    #[serde(default)]
    pub bonuses: bool,
}

fn noon() -> String {
    "12:00".to_owned()
}

const fn loan_days() -> u32 {
    7
}

const fn max_tickets() -> u32 {
    10
}

const fn accept_days() -> u32 {
    14
}

const fn collect_days() -> u32 {
    30
}

const fn yes() -> bool {
    true
}

const fn one() -> u32 {
    1
}

impl Draw {
    /// The moment of the drawing.
    pub fn draws_at(&self, offset_minutes: i32) -> DateTime<Utc> {
        let minute = minutes(&self.draws_at).unwrap_or_default();
        let local =
            self.draws_on.and_time(chrono::NaiveTime::MIN) + Duration::minutes(minute.into());
        (local - Duration::minutes(offset_minutes.into())).and_utc()
    }
}

impl Prize {
    /// What one is worth.
    pub const fn value(&self) -> Kopecks {
        self.value.0
    }
}

/// Whether the draws make sense on any date.
pub(super) fn check(lender: &Lender, say: &mut Complaints) {
    let mut seen: Vec<&str> = Vec::new();
    for one in &lender.draws {
        let table = format!("draws.{}", one.code);
        let fresh = super::check::slug(&one.code) && !seen.contains(&one.code.as_str());
        let instead = "use a-z, 0-9 and '-', another for each draw";
        say.must(fresh, &table, "code", "is not a name of its own", instead);
        seen.push(&one.code);
        one.title.check(&table, "title", say);
        one.about.check(&table, "about", say);
        dates(&table, one, say);
        counts(&table, one, say);
        for (number, prize) in one.prizes.iter().enumerate() {
            prize_of(&format!("{table}.prizes.{number}"), lender, prize, say);
        }
    }
}

fn dates(table: &str, one: &Draw, say: &mut Complaints) {
    let ordered = one.from <= one.until;
    let instead = format!("write {} or later", one.from);
    say.must(ordered, table, "until", "is before from", &instead);
    let later = one.until < one.draws_on;
    let problem = "is not after until: the list of tickets is not closed yet";
    let day = one.until.succ_opt().unwrap_or(one.until);
    let instead = format!("write {day} or later");
    say.must(later, table, "draws_on", problem, &instead);
    let time = minutes(&one.draws_at).is_some_and(|minute| minute < 24 * 60);
    let problem = "is not a time of day";
    say.must(time, table, "draws_at", problem, "write \"12:00\"");
}

fn counts(table: &str, one: &Draw, say: &mut Complaints) {
    let some = (1..=100).contains(&one.max_tickets);
    let problem = "is not between 1 and 100";
    say.must(some, table, "max_tickets", problem, "write 10");
    let some = (3..=90).contains(&one.accept_days);
    let problem = "is not between 3 and 90: a winner must have time to answer";
    say.must(some, table, "accept_days", problem, "write 14");
    let some = (7..=180).contains(&one.collect_days);
    let problem = "is not between 7 and 180: a winner must have time to come";
    say.must(some, table, "collect_days", problem, "write 30");
    let some = !one.prizes.is_empty();
    let instead = "write at least one [[draws.prizes]]";
    say.must(some, table, "prizes", "are missing", instead);
    let all: u64 = one.prizes.iter().map(|prize| u64::from(prize.count)).sum();
    let problem = "are more than 1000";
    say.must(all <= 1000, table, "prizes", problem, "draw fewer");
}

fn prize_of(table: &str, lender: &Lender, prize: &Prize, say: &mut Complaints) {
    prize.title.check(table, "title", say);
    let some = prize.count > 0;
    say.must(some, table, "count", "is zero", "write 1 or more");
    let worth = prize.value().is_positive();
    let problem = "is nothing: the rules and the tax need what a prize is worth";
    say.must(
        worth,
        table,
        "value",
        problem,
        "write roubles, such as 3000",
    );
    let given = !prize.bonuses || lender.bonus.is_some();
    let problem = "are given as a prize, but there is no [bonus]";
    let instead = "write [bonus], or bonuses = false";
    say.must(given, table, "bonuses", problem, instead);
}
