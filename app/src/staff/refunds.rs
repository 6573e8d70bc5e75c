//! `/staff/refunds`: money back above the limit, by two people.

use cabinet::ids::RefundId;
use cabinet::refund::{self, Review};
use cabinet::staff::Action;
use cabinet::{CabinetError, Result};
use leptos::prelude::*;

use super::Desk;
use super::parts::{Line, agreeing, person_link, refusing};
use super::routes::{Done, Sheet};
use super::two::{self, Queue, Waiting};
use crate::ui::sums::{SumLine, TextLine};

const QUEUE: &str = "/staff/refunds";

/// The queue.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let names = desk.names().await?;
    let lines = refund::waiting(&desk.cabinet, desk.by()?)
        .await?
        .into_iter()
        .map(|one| Line {
            href: format!("{QUEUE}/{}", one.id),
            title: one.number,
            cells: vec![
                one.amount.to_string(),
                one.first
                    .and_then(|id| names.get(&id).cloned())
                    .unwrap_or_default(),
            ],
            age: desk.age(one.asked_at),
            late: one.late,
        })
        .collect();
    let queue = Queue {
        title: "staff-nav-refunds",
        columns: &[
            "staff-column-contract",
            "staff-column-amount",
            "staff-column-first",
        ],
        more: &[],
        lines,
        above: ().into_any(),
        below: ().into_any(),
    };
    Ok(two::queue_of(desk, queue))
}

async fn found(desk: &Desk) -> Result<Review> {
    let id: RefundId = desk.id("id")?;
    let waiting = refund::waiting(&desk.cabinet, desk.by()?).await?;
    let one = waiting.into_iter().find(|one| one.id == id);
    one.ok_or(CabinetError::NotFound)
}

/// One refund.
pub async fn one_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let one = found(desk).await?;
    let own = one.first == Some(by.id);
    // The first has to be of those who move money; whoever is the second may be a chief.
    let may = by.may(Action::ApproveMoney) && (one.first.is_some() || by.may(Action::MoveMoney));
    let agree = if own || may {
        agreeing(desk, own)
    } else {
        view! { <p class="quiet">{w.t("staff-refund-first")}</p> }.into_any()
    };
    let texts = ("staff-reason", "staff-refund-reason-hint");
    let decline = by
        .may(Action::ApproveMoney)
        .then(|| refusing(desk, "decline", "reason", texts));
    let agree = two::agreement(desk, "staff-refund-agree", agree);
    let limit = desk.cabinet.lender().payment.refund_alone_up_to();
    let may_open = by.may(Action::OpenPerson).then_some(one.borrower);
    let waiting = Waiting {
        id: "refund",
        status: "review",
        title: w.t("staff-refund-title"),
        sum: Some(one.amount),
        facts: view! {
            <TextLine label=w.t("staff-column-contract") text=one.number/>
            <SumLine label=w.t("staff-refund-limit") sum=limit/>
        }
        .into_any(),
        first: one.first,
        asked_at: one.asked_at,
        under: person_link(w, may_open),
        papers: ().into_any(),
        back: QUEUE,
        acts: view! { {agree}{decline} }.into_any(),
    };
    two::page_of(desk, waiting).await
}

/// Agrees, the first or the second.
pub async fn approve(desk: &Desk) -> Result<Done> {
    let goes = refund::approve(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    Ok(two::agreed(goes, QUEUE))
}

/// Says no.
pub async fn decline(desk: &Desk) -> Result<Done> {
    let why = desk.text("reason");
    refund::decline(&desk.cabinet, desk.by()?, desk.id("id")?, why).await?;
    Ok(Done::Go(QUEUE.to_owned(), "staff-done-refused"))
}
