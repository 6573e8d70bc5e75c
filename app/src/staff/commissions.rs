//! `/staff/agents/payouts`: what agents asked to be paid, agreed to by one or two people and paid by an order of the bank.

use cabinet::agent::{self, Payout, PayoutStatus};
use cabinet::staff::Action;
use cabinet::{CabinetError, Result};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use locales::t;

use super::Desk;
use super::parts::{Line, agreeing, filter, form_of, named, queue, refusing};
use super::routes::{Done, Made, Sheet};
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
    let late = desk.asked("show") == "late";
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
        .filter(|one| !late || one.late)
        .map(|one| Line {
            href: format!("{QUEUE}/{}", one.id),
            cells: vec![one.amount.to_string(), state(desk, &one)],
            age: desk.age(one.requested_at),
            late: one.late,
            title: one.label,
        })
        .collect();
    let columns = [
        "staff-agent-label",
        "staff-column-amount",
        "staff-column-state",
    ];
    let body = view! {
        <div class="page">
            <div class="row">
                <h1>{w.t("staff-agent-payouts")}</h1>
                {filter(desk, &[("", w.t("staff-show-all")), ("late", w.t("staff-show-late"))])}
            </div>
            {write}
            {files}
            {queue(w, &columns, lines)}
            <p><a href="/staff/agents">{w.t("back")}</a></p>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-agent-payouts"),
        body: body.into_any(),
    })
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
    let names = desk.names().await?;
    let first = one.first.and_then(|id| names.get(&id).cloned());
    let first = first.map(|name| view! { <TextLine label=w.t("staff-column-first") text=name/> });
    let requested = one.status == PayoutStatus::Requested;
    let agree = (requested && by.may(Action::PayAgents)).then(|| {
        let own = one.first == Some(by.id);
        view! { <section class="card stack"><h2>{w.t("staff-agent-payout-agree")}</h2>{agreeing(desk, own)}</section> }
    });
    let paid = (!requested && by.may(Action::MoveMoney)).then(|| paying(desk));
    let texts = ("staff-reason", "staff-agent-payout-why");
    let decline = by
        .may(Action::PayAgents)
        .then(|| refusing(desk, "decline", "reason", texts));
    let two = one
        .two
        .then(|| view! { <p class="note plain">{w.t("staff-agent-payout-two")}</p> });
    let age = format!(
        "{} · {}",
        desk.age(one.requested_at),
        desk.moment(one.requested_at)
    );
    let account = format!("•• {}", one.account_end);
    let label = one.label.clone();
    let body = view! {
        <div class="page two">
            <section class="card stack" id="payout" data-status=one.status.code()>
                <h1 class="h2">{w.t("staff-agent-payout-title")}</h1>
                <p class="money" data-kopecks=one.amount.get().to_string()>{one.amount.to_string()}</p>
                <dl class="sums">
                    <TextLine label=w.t("staff-agent-label") text=label/>
                    <TextLine label=w.t("staff-column-state") text=state(desk, &one)/>
                    <TextLine label=w.t("staff-agent-account") text=account/>
                    <TextLine label=w.t("staff-age") text=age/>
                    <SumLine label=w.t("staff-agent-payout-alone") sum=alone(desk)/>
                    {first}
                </dl>
                {two}
                <p><a href=format!("/staff/agents/{}", one.agent)>{w.t("staff-agent-to")}</a></p>
                <p><a href=QUEUE>{w.t("back")}</a></p>
            </section>
            <aside class="stack">{agree}{paid}{decline}</aside>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-agent-payout-title"),
        body: body.into_any(),
    })
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
    let said = if goes {
        "staff-done-approved"
    } else {
        "staff-done-first"
    };
    Ok(Done::Go(QUEUE.to_owned(), said))
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
