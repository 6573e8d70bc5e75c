//! `/staff/orders`: payouts to accounts, which the lender's own bank sends by a file of orders.

use cabinet::payout::{self, Awaited, Which};
use cabinet::staff::Action;
use cabinet::{CabinetError, Result};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::Desk;
use super::parts::{form_of, named};
use super::routes::{Done, Made, Sheet};
use crate::ui::field::{FormError, TextField};
use crate::ui::state::{Kind, StateOf};

/// What waits for the bank, and the files that were written.
pub async fn page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let waiting = payout::at_bank(&desk.cabinet, Some(by)).await?;
    let new = waiting.iter().filter(|one| one.written.is_none()).count();
    let mut files: Vec<DateTime<Utc>> = waiting.iter().filter_map(|one| one.written).collect();
    files.sort();
    files.dedup();
    let moves = by.may(Action::MoveMoney);
    let write = (moves && new > 0).then(|| writing(desk));
    let list = files
        .into_iter()
        .map(|at| {
            let href = format!("/staff/orders/{}", at.timestamp_millis());
            let name = locales::t!(w, "staff-orders-file", at = desk.moment(at));
            view! { <li><a href=href download="">{name}</a></li> }
        })
        .collect_view();
    let files = moves.then(|| view! { <ul class="plain" id="files">{list}</ul> });
    let refuse = (moves && !waiting.is_empty()).then(|| refusing(desk));
    let body = view! {
        <div class="page two">
            <section class="stack">
                <h1>{w.t("staff-nav-orders")}</h1>
                <p class="quiet">{w.t("staff-orders-lead")}</p>
                {table(desk, waiting)}
            </section>
            <aside class="stack">{write} {files} {refuse}</aside>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-orders"),
        body: body.into_any(),
    })
}

fn table(desk: &Desk, waiting: Vec<Awaited>) -> AnyView {
    let w = desk.words;
    if waiting.is_empty() {
        return view! {
            <section class="card" id="empty">
                <StateOf kind=Kind::Done title=w.t("staff-queue-empty") text=w.t("staff-queue-empty-what")/>
            </section>
        }
        .into_any();
    }
    let keys = [
        "staff-column-contract",
        "staff-column-amount",
        "staff-column-state",
        "staff-age",
    ];
    let [_, amount, state, age] = keys.map(|key| w.t(key));
    let heads = keys.map(|key| view! { <th scope="col">{w.t(key)}</th> });
    let rows = waiting
        .into_iter()
        .map(|one| {
            let written = match one.written {
                Some(at) => locales::t!(w, "staff-orders-written", at = desk.moment(at)),
                None => w.t("staff-orders-new"),
            };
            let badge = one
                .late
                .then(|| view! { <span class="badge bad">{w.t("staff-late")}</span>" " });
            view! {
                <tr data-status=one.late.then_some("late")>
                    <th scope="row">{one.number}</th>
                    <td data-label=amount.clone()>{one.amount.to_string()}</td>
                    <td data-label=state.clone()>{written}</td>
                    <td data-label=age.clone()><span>{badge}{desk.age(one.since)}</span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card" data-queue="">
            <table class="cards">
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn writing(desk: &Desk) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "write");
    view! {
        <section class="card stack">
            <h2>{w.t("staff-orders-write")}</h2>
            <form class="stack" method="post" action=format!("{}/write", desk.path) id="write">
                {named("write")}
                <FormError form/>
                <button class="button wide" type="submit">{w.t("staff-orders-write-do")}</button>
                <p class="small">{w.t("staff-orders-write-what")}</p>
            </form>
        </section>
    }
    .into_any()
}

fn refusing(desk: &Desk) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "refused");
    view! {
        <section class="card stack">
            <h2>{w.t("staff-orders-refused")}</h2>
            <form class="stack" method="post" action=format!("{}/refused", desk.path) id="refused">
                {named("refused")}
                <FormError form=form.clone()/>
                <TextField form name="number" label=w.t("staff-column-contract") placeholder="2026-000001"
                    hint=w.t("staff-orders-refused-what")/>
                <button class="button second wide" type="submit">{w.t("staff-orders-refused-do")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Writes the new ones out; their file is then kept from the page.
pub async fn write(desk: &Desk) -> Result<Done> {
    payout::orders(&desk.cabinet, Some(desk.by()?), Which::New).await?;
    Ok(Done::Go("/staff/orders".to_owned(), "staff-done-written"))
}

/// The bank did not take one.
pub async fn refused(desk: &Desk) -> Result<Done> {
    let done = payout::refuse(&desk.cabinet, Some(desk.by()?), desk.text("number")).await;
    match done {
        Err(CabinetError::NotFound) => Err(CabinetError::field("number", "orders_no_such")),
        done => {
            done?;
            Ok(Done::Go(
                "/staff/orders".to_owned(),
                "staff-done-orders-refused",
            ))
        }
    }
}

/// The file of what was written out together.
pub async fn file(desk: &Desk) -> Result<Made> {
    let at = DateTime::from_timestamp_millis(desk.id("at")?).ok_or(CabinetError::NotFound)?;
    let by = Some(desk.by()?);
    let orders = payout::orders(&desk.cabinet, by, Which::Written(at)).await?;
    if orders.count == 0 {
        return Err(CabinetError::NotFound);
    }
    Ok(Made {
        kind: "text/plain; charset=windows-1251",
        name: Some(format!("orders-{}.txt", at.format("%Y%m%d-%H%M%S"))),
        bytes: orders.file,
    })
}
