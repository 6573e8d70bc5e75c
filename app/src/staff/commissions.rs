//! `/staff/agents/payouts`: what agents asked to be paid, agreed to by one or two people and paid by an order of the bank.

use cabinet::agent::{self, Payout, PayoutStatus};
use cabinet::staff::Action;
use cabinet::{CabinetError, Result};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use locales::t;

use super::Desk;
use super::parts::{Line, agreeing, form_of, named, refusing};
use super::routes::{Done, Made, Sheet};
use super::two::{self, Queue, Waiting};
use crate::ui::field::{FormError, TextField};
use crate::ui::sums::{SumLine, TextLine};

const QUEUE: &str = "/staff/agents/payouts";

fn state(desk: &Desk, one: &Payout) -> String {
    let w = desk.words;
    match (one.status, one.first, one.written) {
        (PayoutStatus::Approved, _, Some(_)) => w.t("staff-agent-payout-written"),
        (PayoutStatus::Approved, ..) => w.t("staff-agent-payout-approved"),
        (_, Some(_), _) => w.t("staff-agent-payout-second"),
        _ => w.t("staff-agent-payout-first"),
    }
}

/// The queue, with the orders for the bank.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let waiting = agent::waiting(&desk.cabinet, by).await?;
    let new = waiting
        .iter()
        .any(|one| one.status == PayoutStatus::Approved && one.written.is_none());
    let mut files: Vec<DateTime<Utc>> = waiting.iter().filter_map(|one| one.written).collect();
    files.sort();
    files.dedup();
    let moves = by.may(Action::MoveMoney);
    let write = (moves && new).then(|| writing(desk));
    let list = files
        .into_iter()
        .map(|at| {
            let href = format!("/staff/agents/orders/{}", at.timestamp_millis());
            let name = t!(w, "staff-orders-file", at = desk.moment(at));
            view! { <li><a href=href download="">{name}</a></li> }
        })
        .collect_view();
    let files = moves.then(|| view! { <ul class="plain" id="files">{list}</ul> });
    let lines = waiting
        .into_iter()
        .map(|one| Line {
            href: format!("{QUEUE}/{}", one.id),
            cells: vec![one.amount.to_string(), state(desk, &one)],
            age: desk.age(one.requested_at),
            late: one.late,
            title: one.label,
        })
        .collect();
    let queue = Queue {
        title: "staff-agent-payouts",
        columns: &[
            "staff-agent-label",
            "staff-column-amount",
            "staff-column-state",
        ],
        more: &[],
        lines,
        above: view! { {write}{files} }.into_any(),
        below: view! { <p><a href="/staff/agents">{w.t("back")}</a></p> }.into_any(),
    };
    Ok(two::queue_of(desk, queue))
}

fn writing(desk: &Desk) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "write");
    view! {
        <form class="card stack" method="post" action=format!("{QUEUE}/write") id="write">
            {named("write")}
            <FormError form/>
            <button class="button" type="submit">{w.t("staff-orders-write-do")}</button>
            <p class="small">{w.t("staff-orders-write-what")}</p>
        </form>
    }
    .into_any()
}

async fn found(desk: &Desk) -> Result<Payout> {
    let id = desk.id("id")?;
    let waiting = agent::waiting(&desk.cabinet, desk.by()?).await?;
    let one = waiting.into_iter().find(|one| one.id == id);
    one.ok_or(CabinetError::NotFound)
}

/// One request.
pub async fn one_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let one = found(desk).await?;
    let requested = one.status == PayoutStatus::Requested;
    let agree = (requested && by.may(Action::PayAgents)).then(|| {
        let own = one.first == Some(by.id);
        two::agreement(desk, "staff-agent-payout-agree", agreeing(desk, own))
    });
    let paid = (!requested && by.may(Action::MoveMoney)).then(|| paying(desk));
    let texts = ("staff-reason", "staff-agent-payout-why");
    let decline = by
        .may(Action::PayAgents)
        .then(|| refusing(desk, "decline", "reason", texts));
    let two_people = one
        .two
        .then(|| view! { <p class="note plain">{w.t("staff-agent-payout-two")}</p> });
    let account = format!("•• {}", one.account_end);
    let to_agent = format!("/staff/agents/{}", one.agent);
    let waiting = Waiting {
        id: "payout",
        status: one.status.code(),
        title: w.t("staff-agent-payout-title"),
        sum: Some(one.amount),
        facts: view! {
            <TextLine label=w.t("staff-agent-label") text=one.label.clone()/>
            <TextLine label=w.t("staff-column-state") text=state(desk, &one)/>
            <TextLine label=w.t("staff-agent-account") text=account/>
            <SumLine label=w.t("staff-agent-payout-alone") sum=alone(desk)/>
        }
        .into_any(),
        first: one.first,
        asked_at: one.requested_at,
        under: view! { {two_people}<p><a href=to_agent>{w.t("staff-agent-to")}</a></p> }.into_any(),
        papers: ().into_any(),
        back: QUEUE,
        acts: view! { {agree}{paid}{decline} }.into_any(),
    };
    two::page_of(desk, waiting).await
}

fn alone(desk: &Desk) -> lending::Kopecks {
    let rules = desk.cabinet.lender().agent.as_ref();
    rules
        .map(cabinet::lender::AgentRules::payout_alone)
        .unwrap_or_default()
}

fn paying(desk: &Desk) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "paid");
    let today = desk.cabinet.today().format("%d.%m.%Y").to_string();
    view! {
        <section class="card stack">
            <h2>{w.t("staff-agent-paid")}</h2>
            <form class="stack" method="post" action=format!("{}/paid", desk.path) id="paid">
                {named("paid")}
                <FormError form=form.clone()/>
                <TextField form=form.clone() name="order" label=w.t("staff-agent-order") mode="numeric"/>
                <TextField form name="on" label=w.t("staff-agent-paid-on") value=today/>
                <button class="button wide" type="submit">{w.t("staff-agent-paid-do")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Agrees, the first or the second.
pub async fn approve(desk: &Desk) -> Result<Done> {
    let goes = agent::approve(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    Ok(two::agreed(goes, QUEUE))
}

/// Says no.
pub async fn decline(desk: &Desk) -> Result<Done> {
    let why = desk.text("reason");
    agent::decline(&desk.cabinet, desk.by()?, desk.id("id")?, why).await?;
    Ok(Done::Go(QUEUE.to_owned(), "staff-done-refused"))
}

/// The bank has sent the money.
pub async fn paid(desk: &Desk) -> Result<Done> {
    let (order, on) = (desk.text("order"), desk.text("on"));
    agent::paid(&desk.cabinet, desk.by()?, desk.id("id")?, order, on).await?;
    Ok(Done::Go(QUEUE.to_owned(), "staff-done-agent-paid"))
}

/// Writes the new orders out; their file is then kept from the page.
pub async fn write(desk: &Desk) -> Result<Done> {
    agent::write_out(&desk.cabinet, desk.by()?).await?;
    Ok(Done::Go(QUEUE.to_owned(), "staff-done-written"))
}

/// The file of what was written out together.
pub async fn file(desk: &Desk) -> Result<Made> {
    let at = DateTime::from_timestamp_millis(desk.id("at")?).ok_or(CabinetError::NotFound)?;
    let orders = agent::orders(&desk.cabinet, desk.by()?, at).await?;
    if orders.count == 0 {
        return Err(CabinetError::NotFound);
    }
    Ok(Made {
        kind: "text/plain; charset=windows-1251",
        name: Some(format!("agents-{}.txt", at.format("%Y%m%d-%H%M%S"))),
        bytes: orders.file,
    })
}
