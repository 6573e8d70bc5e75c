//! `/staff/refunds`: money back above the limit, by two people.

use cabinet::ids::RefundId;
use cabinet::refund::{self, Review};
use cabinet::staff::Action;
use cabinet::{CabinetError, Result};
use leptos::prelude::*;

use super::Desk;
use super::parts::{Line, agreeing, filter, person_link, queue, refusing};
use super::routes::{Done, Sheet};
use crate::ui::sums::{SumLine, TextLine};

/// The queue.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let names = desk.names().await?;
    let late = desk.asked("show") == "late";
    let lines = refund::waiting(&desk.cabinet, desk.by()?)
        .await?
        .into_iter()
        .filter(|one| !late || one.late)
        .map(|one| Line {
            href: format!("/staff/refunds/{}", one.id),
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
    let columns = [
        "staff-column-contract",
        "staff-column-amount",
        "staff-column-first",
    ];
    let body = view! {
        <div class="page">
            <div class="row">
                <h1>{w.t("staff-nav-refunds")}</h1>
                {filter(desk, &[("", w.t("staff-show-all")), ("late", w.t("staff-show-late"))])}
            </div>
            {queue(w, &columns, lines)}
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-refunds"),
        body: body.into_any(),
    })
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
    let names = desk.names().await?;
    let first = one.first.and_then(|id| names.get(&id).cloned());
    let first = first.map(|name| view! { <TextLine label=w.t("staff-column-first") text=name/> });
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
    let may_open = by.may(Action::OpenPerson).then_some(one.borrower);
    let age = format!("{} · {}", desk.age(one.asked_at), desk.moment(one.asked_at));
    let body = view! {
        <div class="page two">
            <section class="card stack" id="refund">
                <h1 class="h2">{w.t("staff-refund-title")}</h1>
                <p class="money" data-kopecks=one.amount.get().to_string()>{one.amount.to_string()}</p>
                <dl class="sums">
                    <TextLine label=w.t("staff-column-contract") text=one.number.clone()/>
                    <TextLine label=w.t("staff-age") text=age/>
                    <SumLine label=w.t("staff-refund-limit") sum=desk.cabinet.lender().payment.refund_alone_up_to()/>
                    {first}
                </dl>
                {person_link(w, may_open)}
                <p><a href="/staff/refunds">{w.t("back")}</a></p>
            </section>
            <aside class="stack">
                <section class="card stack"><h2>{w.t("staff-refund-agree")}</h2>{agree}</section>
                {decline}
            </aside>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-refund-title"),
        body: body.into_any(),
    })
}

/// Agrees, the first or the second.
pub async fn approve(desk: &Desk) -> Result<Done> {
    let goes = refund::approve(&desk.cabinet, desk.by()?, desk.id("id")?).await?;
    let said = if goes {
        "staff-done-approved"
    } else {
        "staff-done-first"
    };
    Ok(Done::Go("/staff/refunds".to_owned(), said))
}

/// Says no.
pub async fn decline(desk: &Desk) -> Result<Done> {
    refund::decline(
        &desk.cabinet,
        desk.by()?,
        desk.id("id")?,
        desk.text("reason"),
    )
    .await?;
    Ok(Done::Go("/staff/refunds".to_owned(), "staff-done-refused"))
}
