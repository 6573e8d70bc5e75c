//! `/staff/money`: payments that name no loan, each given to one or sent away with a reason.

use cabinet::staff::Action;
use cabinet::statement::{self, Leave, Source, Waiting};
use cabinet::{CabinetError, Result};
use leptos::prelude::*;

use super::Desk;
use super::parts::{Line, ReasonField, filter, form_of, named, queue};
use super::routes::{Done, Sheet};
use crate::ui::field::{FormError, TextField};
use crate::ui::format::long_date;
use crate::ui::sums::TextLine;

/// The queue.
pub async fn queue_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let late = desk.asked("show") == "late";
    let lines = statement::unmatched(&desk.cabinet, Some(desk.by()?))
        .await?
        .into_iter()
        .filter(|one| !late || one.late)
        .map(|one| Line {
            href: format!("/staff/money/{}", one.id),
            title: one.entry.amount.to_string(),
            cells: vec![
                one.entry.payer,
                one.entry.purpose,
                long_date(w, one.entry.on),
            ],
            age: desk.age(one.since),
            late: one.late,
        })
        .collect();
    let columns = [
        "staff-column-amount",
        "staff-column-payer",
        "staff-column-purpose",
        "staff-column-day",
    ];
    let body = view! {
        <div class="page">
            <div class="row">
                <h1>{w.t("staff-nav-money")}</h1>
                {filter(desk, &[("", w.t("staff-show-all")), ("late", w.t("staff-show-late"))])}
            </div>
            {queue(w, &columns, lines)}
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-money"),
        body: body.into_any(),
    })
}

async fn found(desk: &Desk) -> Result<Waiting> {
    let line: String = desk.id("id")?;
    let waiting = statement::unmatched(&desk.cabinet, Some(desk.by()?)).await?;
    let one = waiting.into_iter().find(|one| one.id == line);
    one.ok_or(CabinetError::NotFound)
}

/// One payment.
pub async fn one_page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let one = found(desk).await?;
    let source = match one.source {
        Source::Statement => w.t("staff-money-statement"),
        Source::Register => w.t("staff-money-register"),
    };
    let forms = if desk.by()?.may(Action::MoveMoney) {
        view! { {assigning(desk)} {dismissing(desk)} }.into_any()
    } else {
        view! { <p class="quiet">{w.t("staff-money-reads")}</p> }.into_any()
    };
    let age = format!("{} · {}", desk.age(one.since), desk.moment(one.since));
    let entry = one.entry;
    let told = |key: &str, text: String| {
        let label = w.t(key);
        (!text.is_empty()).then(|| view! { <TextLine label=label text=text/> })
    };
    let body = view! {
        <div class="page two">
            <section class="card stack" id="money">
                <h1 class="h2">{w.t("staff-money-title")}</h1>
                <p class="money" data-kopecks=entry.amount.get().to_string()>{entry.amount.to_string()}</p>
                <dl class="sums">
                    <TextLine label=w.t("staff-column-day") text=long_date(w, entry.on)/>
                    <TextLine label=w.t("staff-money-source") text=source/>
                    {told("staff-column-payer", entry.payer)}
                    {told("staff-money-inn", entry.payer_inn)}
                    {told("staff-money-account", entry.payer_account)}
                    {told("staff-money-document", entry.number)}
                    {told("staff-column-purpose", entry.purpose)}
                    <TextLine label=w.t("staff-age") text=age/>
                </dl>
                <p><a href="/staff/money">{w.t("back")}</a></p>
            </section>
            <aside class="stack">{forms}</aside>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-money-title"),
        body: body.into_any(),
    })
}

fn assigning(desk: &Desk) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "assign");
    view! {
        <section class="card stack">
            <h2>{w.t("staff-money-assign")}</h2>
            <form class="stack" method="post" action=format!("{}/assign", desk.path) id="assign">
                {named("assign")}
                <FormError form=form.clone()/>
                <TextField form name="number" label=w.t("staff-column-contract") placeholder="2026-000001"
                    hint=w.t("staff-money-number-hint")/>
                <button class="button wide" type="submit">{w.t("staff-money-assign-do")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Sent back by the bank, or not about a loan: one reason, two buttons.
fn dismissing(desk: &Desk) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "dismiss");
    view! {
        <section class="card stack">
            <h2>{w.t("staff-money-leave")}</h2>
            <form class="stack" method="post" action=format!("{}/dismiss", desk.path) id="dismiss">
                {named("dismiss")}
                <FormError form=form.clone()/>
                <ReasonField form name="reason" label=w.t("staff-reason") hint=w.t("staff-refund-reason-hint")/>
                <button class="button second wide" type="submit" name="how" value="return">
                    {w.t("staff-money-return")}
                </button>
                <button class="button second wide" type="submit" name="how" value="not_ours">
                    {w.t("staff-money-not-ours")}
                </button>
                <p class="small">{w.t("staff-money-return-what")}</p>
            </form>
        </section>
    }
    .into_any()
}

/// Gives it to a loan.
pub async fn assign(desk: &Desk) -> Result<Done> {
    let line: String = desk.id("id")?;
    let by = desk.by()?;
    statement::assign(&desk.cabinet, Some(by), &line, desk.text("number")).await?;
    Ok(Done::Go("/staff/money".to_owned(), "staff-done-assigned"))
}

/// Takes it off the list.
pub async fn dismiss(desk: &Desk) -> Result<Done> {
    let line: String = desk.id("id")?;
    let how = if desk.pressed("how", "return", "not_ours")? {
        Leave::Return
    } else {
        Leave::NotOurs
    };
    let (by, reason) = (desk.by()?, desk.text("reason"));
    statement::dismiss(&desk.cabinet, Some(by), &line, how, reason).await?;
    Ok(Done::Go("/staff/money".to_owned(), "staff-done-left"))
}
