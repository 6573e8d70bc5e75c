//! `/staff/agents`: who brings clients, how far those came, what it earned. Nothing of a client is shown.

use cabinet::Result;
use cabinet::agent::{self, AgentStatus, Known};
use cabinet::staff::Action;
use leptos::prelude::*;

use super::Desk;
use super::parts::{ReasonField, form_of, named};
use super::routes::{Done, Sheet};
use crate::ui::field::{FormError, TextField};
use crate::ui::sums::{SumLine, TextLine};
use crate::ui::table::{CardTable, Cell, Row};

fn status_name(desk: &Desk, status: AgentStatus) -> String {
    desk.words.t(&format!("staff-agent-{}", status.code()))
}

/// The list, with the form that makes an agent.
pub async fn list_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let list = agent::known(&desk.cabinet, by).await?;
    let grant = by.may(Action::ManagePromotions).then(|| granting(desk));
    let none = list
        .is_empty()
        .then(|| view! { <p class="quiet">{w.t("staff-agents-none")}</p> });
    let body = view! {
        <div class="page two">
            <section class="stack">
                <div class="row">
                    <h1>{w.t("staff-nav-agents")}</h1>
                    <a href="/staff/agents/payouts" id="to-payouts">{w.t("staff-agent-payouts")}</a>
                </div>
                <section class="card stack" id="agents">{none}{table(desk, &list)}</section>
            </section>
            <aside class="stack">{grant}</aside>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-nav-agents"),
        body: body.into_any(),
    })
}

fn table(desk: &Desk, list: &[Known]) -> AnyView {
    let w = desk.words;
    if list.is_empty() {
        return ().into_any();
    }
    let head = w.t("staff-agent-label");
    let others = [
        "staff-column-state",
        "agent-stage-clicked",
        "agent-stage-applied",
        "agent-stage-issued",
        "staff-agent-balance",
    ]
    .map(|key| w.t(key));
    let heads = std::iter::once(head)
        .chain(others.clone())
        .map(|name| view! { <th scope="col">{name}</th> })
        .collect_view();
    let [state, clicked, applied, issued, balance] = others;
    let rows = list
        .iter()
        .map(|one| {
            view! {
                <tr data-status=one.status.code()>
                    <th scope="row"><a href=format!("/staff/agents/{}", one.id)>{one.label.clone()}</a></th>
                    <td data-label=state.clone()>{status_name(desk, one.status)}</td>
                    <td class="num" data-label=clicked.clone()>{one.funnel.clicked.to_string()}</td>
                    <td class="num" data-label=applied.clone()>{one.funnel.applied.to_string()}</td>
                    <td class="num" data-label=issued.clone()>{one.funnel.issued.to_string()}</td>
                    <td class="num" data-label=balance.clone()>{one.money.balance.to_string()}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <table class="cards"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table> }
        .into_any()
}

fn granting(desk: &Desk) -> AnyView {
    let w = desk.words;
    let form = form_of(desk, "grant");
    view! {
        <section class="card stack">
            <h2>{w.t("staff-agent-grant")}</h2>
            <form class="stack" method="post" action="/staff/agents/grant" id="grant">
                {named("grant")}
                <FormError form=form.clone()/>
                <TextField form=form.clone() name="phone" label=w.t("staff-agent-phone") kind="tel" mode="tel"
                    hint=w.t("staff-agent-phone-hint")/>
                <TextField form=form.clone() name="label" label=w.t("staff-agent-label") hint=w.t("staff-agent-label-hint")/>
                <ReasonField form name="reason" label=w.t("staff-reason") hint=w.t("staff-agent-reason-hint")/>
                <button class="button wide" type="submit">{w.t("staff-agent-grant-do")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// One of them.
pub async fn one_page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let one = agent::one(&desk.cabinet, by, desk.id("id")?).await?;
    let change = by
        .may(Action::ManagePromotions)
        .then(|| changing(desk, one.status));
    let funnel = [
        ("clicked", one.funnel.clicked),
        ("applied", one.funnel.applied),
        ("approved", one.funnel.approved),
        ("issued", one.funnel.issued),
        ("repaid", one.funnel.repaid),
    ];
    let rows = funnel
        .map(|(code, count)| Row {
            status: None,
            cells: vec![
                Cell::Head(w.t(&format!("agent-stage-{code}"))),
                Cell::Text(count.to_string()),
            ],
        })
        .to_vec();
    let columns = vec![w.t("agent-column-stage"), w.t("staff-agent-count")];
    let heading = one.label.clone();
    let body = view! {
        <div class="page two">
            <section class="card stack" id="agent" data-status=one.status.code()>
                <h1 class="h2">{heading}</h1>
                <dl class="sums">
                    <TextLine label=w.t("staff-column-state") text=status_name(desk, one.status)/>
                    <TextLine label=w.t("staff-agent-code") text=one.code.clone()/>
                    <TextLine label=w.t("staff-agent-since") text=desk.moment(one.granted_at)/>
                    <SumLine label=w.t("staff-agent-balance") sum=one.money.balance/>
                    <SumLine label=w.t("agent-held") sum=one.money.held/>
                    <SumLine label=w.t("agent-available") sum=one.money.available/>
                </dl>
                <CardTable columns rows/>
                <p><a href="/staff/agents">{w.t("back")}</a></p>
            </section>
            <aside class="stack">{change}</aside>
        </div>
    };
    Ok(Sheet {
        title: one.label,
        body: body.into_any(),
    })
}

fn changing(desk: &Desk, status: AgentStatus) -> AnyView {
    let w = desk.words;
    let (name, key, class) = if status == AgentStatus::Stopped {
        ("resume", "staff-agent-resume", "button wide")
    } else {
        ("stop", "staff-agent-stop", "button danger wide")
    };
    let form = form_of(desk, name);
    let what = w.t(&format!("{key}-what"));
    view! {
        <section class="card stack">
            <h2>{w.t(key)}</h2>
            <p class="small">{what}</p>
            <form class="stack" method="post" action=format!("{}/{name}", desk.path) id=name>
                {named(name)}
                <FormError form=form.clone()/>
                <ReasonField form name="reason" label=w.t("staff-reason") hint=w.t("staff-agent-reason-hint")/>
                <button class=class type="submit">{w.t(key)}</button>
            </form>
        </section>
    }
    .into_any()
}

/// Makes an agent.
pub async fn grant(desk: &Desk) -> Result<Done> {
    let (phone, label, why) = (desk.text("phone"), desk.text("label"), desk.text("reason"));
    let id = agent::grant(&desk.cabinet, desk.by()?, phone, label, why).await?;
    Ok(Done::Go(format!("/staff/agents/{id}"), "staff-done-agent"))
}

/// Stops one.
pub async fn stop(desk: &Desk) -> Result<Done> {
    agent::stop(
        &desk.cabinet,
        desk.by()?,
        desk.id("id")?,
        desk.text("reason"),
    )
    .await?;
    Ok(Done::Go(desk.path.clone(), "staff-done-agent-stopped"))
}

/// Lets one go on.
pub async fn resume(desk: &Desk) -> Result<Done> {
    agent::resume(
        &desk.cabinet,
        desk.by()?,
        desk.id("id")?,
        desk.text("reason"),
    )
    .await?;
    Ok(Done::Go(desk.path.clone(), "staff-done-agent-resumed"))
}
