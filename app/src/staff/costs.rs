//! What it costs to be chosen: promotions, personal offers and bonuses; agents. Sections of `/staff/reports`.

use cabinet::agent::{self, Cost};
use cabinet::promotion::staff as promotions;
use cabinet::{CabinetError, Result, bonus};
use chrono::{NaiveDate, TimeDelta};
use lending::Kopecks;
use leptos::prelude::*;
use locales::Words;

use super::Desk;
use super::reports::{headed, names};
use crate::ui::table::{CardTable, Cell, Row};

/// Columns and rows of a file.
pub type Table = (Vec<String>, Vec<Vec<String>>);

const AGENTS: [&str; 5] = [
    "staff-agent-label",
    "staff-column-loans",
    "agent-earned",
    "agent-taken-back",
    "agent-paid",
];

/// What agents cost in the last year; none where there are no agents.
async fn agent_costs(desk: &Desk) -> Result<Option<Vec<Cost>>> {
    if desk.cabinet.lender().agent.is_none() {
        return Ok(None);
    }
    let to = desk.cabinet.today();
    let from = to - TimeDelta::days(365);
    let list = agent::costs(&desk.cabinet, desk.by()?, from, to).await?;
    Ok(Some(list))
}

pub async fn agent_section(desk: &Desk) -> Result<Option<AnyView>> {
    let w = desk.words;
    let Some(list) = agent_costs(desk).await? else {
        return Ok(None);
    };
    let row = |name: String, loans: i64, sums: [Kopecks; 3]| Row {
        status: None,
        cells: [Cell::Head(name), Cell::Text(loans.to_string())]
            .into_iter()
            .chain(sums.map(Cell::Part))
            .collect(),
    };
    let rows = list
        .iter()
        .map(|one| {
            row(
                one.label.clone(),
                one.loans,
                [one.earned, one.taken_back, one.paid],
            )
        })
        .collect();
    let total = row(
        w.t("staff-report-total"),
        list.iter().map(|one| one.loans).sum(),
        [
            list.iter().map(|one| one.earned).sum(),
            list.iter().map(|one| one.taken_back).sum(),
            list.iter().map(|one| one.paid).sum(),
        ],
    );
    let view = view! {
        <section class="card stack" id="agents">
            {headed(w, "staff-report-agents", "agents")}
            <CardTable columns=names(w, &AGENTS) rows total/>
        </section>
    };
    Ok(Some(view.into_any()))
}

/// The same as a file.
pub async fn agents_table(desk: &Desk) -> Result<Table> {
    let list = agent_costs(desk).await?.ok_or(CabinetError::NotFound)?;
    let rows = list.iter().map(|one| {
        vec![
            one.label.clone(),
            one.loans.to_string(),
            one.earned.plain(),
            one.taken_back.plain(),
            one.paid.plain(),
        ]
    });
    Ok((names(desk.words, &AGENTS), rows.collect()))
}

const PROMOTIONS: [&str; 3] = [
    "staff-report-what",
    "staff-report-times",
    "staff-report-given-up",
];

/// The last year.
fn year(desk: &Desk) -> (NaiveDate, NaiveDate) {
    let to = desk.cabinet.today();
    (to - TimeDelta::days(365), to)
}

/// What was given up: each promotion since it began, personal offers that were used, bonuses of the last year.
async fn given_up(desk: &Desk) -> Result<Vec<(String, i64, Kopecks)>> {
    let (w, cab, by) = (desk.words, &desk.cabinet, desk.by()?);
    let mut lines = Vec::new();
    for one in promotions::promotions(cab, by).await? {
        lines.push((one.title.of(w.lang).to_owned(), one.uses, one.given_up));
    }
    let (used, given_up) = promotions::personal_costs(cab, by).await?;
    if used > 0 {
        lines.push((w.t("staff-report-special"), used, given_up));
    }
    let (from, to) = year(desk);
    for (kind, count, sum) in bonus::costs(cab, by, from, to).await? {
        let name = w.t(&format!("staff-report-bonus-{}", kind.code()));
        lines.push((name, count, sum));
    }
    Ok(lines)
}

/// The section of promotions.
pub async fn promotions_section(desk: &Desk) -> Result<AnyView> {
    let w: Words = desk.words;
    let lines = given_up(desk).await?;
    let row = |name: String, count: i64, sum: Kopecks| Row {
        status: None,
        cells: vec![
            Cell::Head(name),
            Cell::Text(count.to_string()),
            Cell::Part(sum),
        ],
    };
    let total = row(
        w.t("staff-report-total"),
        lines.iter().map(|(_, count, _)| count).sum(),
        lines.iter().map(|(.., sum)| *sum).sum(),
    );
    let rows = lines
        .into_iter()
        .map(|(name, count, sum)| row(name, count, sum))
        .collect();
    let view = view! {
        <section class="card stack" id="promotion-costs">
            {headed(w, "staff-report-promotions", "promotions")}
            <p class="quiet">{w.t("staff-report-promotions-lead")}</p>
            <CardTable columns=names(w, &PROMOTIONS) rows total/>
        </section>
    };
    Ok(view.into_any())
}

/// The same as a file.
pub async fn promotions_table(desk: &Desk) -> Result<Table> {
    let rows = given_up(desk).await?.into_iter();
    let rows = rows.map(|(name, count, sum)| vec![name, count.to_string(), sum.plain()]);
    Ok((names(desk.words, &PROMOTIONS), rows.collect()))
}
