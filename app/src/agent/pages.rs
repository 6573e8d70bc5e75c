//! `/agent`: the link and what came of it; `/agent/clients`; `/agent/statements`.

use crate::request::address::query;
use cabinet::agent::{self, AgentStatus, Client, Funnel, Line, LineKind, Money, Stage, Statement};
use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_meta::Title;
use locales::{Words, t};

use super::forms::AgreeForm;
use crate::request::Ask;
use crate::ui::field::{FormError, FormState, TickField};
use crate::ui::format::day_month;
use crate::ui::page::{Narrow, page};
use crate::ui::sums::SumLine;
use crate::ui::table::{CardTable, Cell, Row};
use crate::ui::tabs::{Tab, Tabs};

/// The places of an agent.
const PLACES: [(&str, &str); 4] = [
    ("/agent", "agent-nav-home"),
    ("/agent/clients", "agent-nav-clients"),
    ("/agent/statements", "agent-nav-statements"),
    ("/agent/payouts", "agent-nav-payouts"),
];

/// The agent's places above every page of theirs.
pub(super) fn places(w: Words, here: &str) -> impl IntoView + use<> {
    let tabs = PLACES
        .map(|(href, key)| Tab {
            href: href.to_owned(),
            title: w.t(key),
            current: href == here,
        })
        .to_vec();
    view! { <div class="agent-places"><Tabs label=w.t("agent-nav-label") tabs/></div> }
}

/// What a line of commission is, in words.
pub(super) fn kind_name(w: Words, kind: LineKind) -> String {
    w.t(&format!("agent-line-{}", kind.code()))
}

/// `/agent`: the link, the funnel, this month.
#[component]
pub fn AgentPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let own = agent::agent(&ask.cabinet, borrower).await?;
        let w = ask.words;
        if own.status == AgentStatus::Invited {
            let form = ask.form("agent").await;
            return Ok(invited(w, &own.agreement, form));
        }
        let view = agent::overview(&ask.cabinet, borrower).await?;
        let link = format!("{}/a/{}", ask.public_url, own.code);
        let stopped = (own.status == AgentStatus::Stopped)
            .then(|| view! { <p class="note" id="stopped">{w.t("agent-stopped")}</p> });
        Ok(view! {
            <Title text=w.t("agent-title")/>
            <div class="page">
                <h1>{w.t("agent-title")}</h1>
                {places(w, "/agent")}
                {stopped}
                <div class="pair">
                    <section class="card stack" id="link">
                        <h2>{w.t("agent-link")}</h2>
                        <p><a class="break" href=link.clone() id="agent-link">{link.clone()}</a></p>
                        <p>{t!(w, "agent-code", code = &own.code)}</p>
                        <p class="small">{w.t("agent-link-what")}</p>
                        <details>
                            <summary>{w.t("agent-rules")}</summary>
                            {paragraphs(&own.agreement)}
                        </details>
                    </section>
                    <section class="card stack" id="money">
                        <h2>{w.t("agent-money")}</h2>
                        {money(w, &view.money)}
                        <p><a href="/agent/payouts">{w.t("agent-to-payouts")}</a></p>
                    </section>
                </div>
                <section class="card stack" id="funnel">
                    <h2>{w.t("agent-funnel")}</h2>
                    {funnel(w, view.funnel)}
                </section>
                <section class="card stack" id="month">
                    <h2>{w.t("agent-month")}</h2>
                    {lines(w, &view.month)}
                </section>
            </div>
        }
        .into_any())
    })
}

fn paragraphs(text: &str) -> impl IntoView + use<> {
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| view! { <p>{line.to_owned()}</p> })
        .collect_view()
}

fn invited(w: Words, agreement: &str, form: FormState) -> AnyView {
    let rules = paragraphs(agreement);
    view! {
        <Narrow title=w.t("agent-invited-title") lead=w.t("agent-invited-lead")>
            <div class="document inset" tabindex="0" role="region" aria-label=w.t("agent-rules")>{rules}</div>
            <AgreeForm class="stack">
                <FormError form=form.clone()/>
                <TickField form name="agree">{w.t("agent-agree")}</TickField>
                <button class="button wide" type="submit">{w.t("agent-agree-do")}</button>
            </AgreeForm>
        </Narrow>
    }
    .into_any()
}

/// The balance and what of it can be paid now.
pub(super) fn money(w: Words, money: &Money) -> AnyView {
    let held = money
        .held
        .is_positive()
        .then(|| view! { <SumLine label=w.t("agent-held") sum=money.held id="held"/> });
    let asked = money
        .asked
        .is_positive()
        .then(|| view! { <SumLine label=w.t("agent-asked") sum=money.asked id="asked"/> });
    view! {
        <dl class="sums">
            <SumLine label=w.t("agent-balance") sum=money.balance id="balance"/>
            {held}
            {asked}
            <SumLine label=w.t("agent-available") sum=money.available id="available"/>
        </dl>
    }
    .into_any()
}

fn funnel(w: Words, funnel: Funnel) -> AnyView {
    let steps = [
        ("clicked", funnel.clicked),
        ("applied", funnel.applied),
        ("approved", funnel.approved),
        ("issued", funnel.issued),
        ("repaid", funnel.repaid),
    ];
    let most = steps
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(0)
        .max(1);
    let rows = steps
        .map(|(code, count)| {
            let name = w.t(&format!("agent-stage-{code}"));
            let width = format!("{}%", count * 100 / most);
            view! {
                <div data-stage=code data-count=count.to_string()>
                    <dt>{name}</dt>
                    <dd>
                        <svg width="100%" height="10" aria-hidden="true">
                            <rect width="100%" height="10" rx="5" class="track"></rect>
                            <rect width=width height="10" rx="5" class="fill"></rect>
                        </svg>
                        <b class="num">{count.to_string()}</b>
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="funnel">{rows}</dl> }.into_any()
}

/// Lines of commission; a sentence when there are none.
fn lines(w: Words, lines: &[Line]) -> AnyView {
    if lines.is_empty() {
        return view! { <p class="quiet">{w.t("agent-no-lines")}</p> }.into_any();
    }
    let columns = [
        "agent-column-what",
        "agent-column-day",
        "agent-column-client",
        "agent-column-sum",
    ]
    .map(|key| w.t(key))
    .to_vec();
    let rows = lines
        .iter()
        .map(|line| Row {
            status: Some(line.kind.code()),
            cells: vec![
                Cell::Head(kind_name(w, line.kind)),
                Cell::Text(day_month(w, line.on)),
                Cell::Text(
                    line.client
                        .map_or_else(|| "—".to_owned(), |number| format!("№\u{a0}{number}")),
                ),
                Cell::Sum(line.amount),
            ],
        })
        .collect();
    view! { <CardTable columns rows/> }.into_any()
}

/// `/agent/clients`: a row for each.
#[component]
pub fn ClientsPage() -> impl IntoView {
    let asked = query().get("page");
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let at: u32 = asked
            .and_then(|page| page.parse().ok())
            .unwrap_or(1)
            .clamp(1, 10_000);
        let clients = agent::clients(&ask.cabinet, borrower, at - 1).await?;
        let w = ask.words;
        let more = i64::try_from(clients.len()).unwrap_or_default() == agent::PAGE;
        let earlier = (at > 1).then(|| {
            let href = format!("/agent/clients?page={}", at - 1);
            view! { <a href=href>{w.t("agent-newer")}</a> }
        });
        let later = more.then(|| {
            let href = format!("/agent/clients?page={}", at + 1);
            view! { <a href=href>{w.t("agent-older")}</a> }
        });
        let list = if clients.is_empty() {
            view! { <p class="quiet">{w.t("agent-no-clients")}</p> }.into_any()
        } else {
            table(w, &clients)
        };
        Ok(view! {
            <Title text=w.t("agent-nav-clients")/>
            <div class="page">
                <h1>{w.t("agent-nav-clients")}</h1>
                {places(w, "/agent/clients")}
                <section class="card stack" id="clients">
                    <p class="small">{w.t("agent-clients-what")}</p>
                    {list}
                    <p class="row">{earlier}{later}</p>
                </section>
            </div>
        }
        .into_any())
    })
}

fn table(w: Words, clients: &[Client]) -> AnyView {
    let columns = [
        "agent-column-client",
        "agent-column-stage",
        "agent-column-days",
        "agent-column-earned",
    ]
    .map(|key| w.t(key))
    .to_vec();
    let rows = clients
        .iter()
        .map(|client| {
            let name = match client.name.as_str() {
                "" => format!("№\u{a0}{}", client.number),
                name => format!("№\u{a0}{} · {name}", client.number),
            };
            Row {
                status: Some(client.stage.code()),
                cells: vec![
                    Cell::Head(name),
                    Cell::Text(stage_name(w, client.stage)),
                    Cell::Text(days(w, &client.dates)),
                    Cell::Sum(client.earned),
                ],
            }
        })
        .collect();
    view! { <CardTable columns rows/> }.into_any()
}

fn stage_name(w: Words, stage: Stage) -> String {
    w.t(&format!("agent-stage-{}", stage.code()))
}

/// «заявка 3 декабря, одобрено 3 декабря».
fn days(w: Words, dates: &[(Stage, NaiveDate)]) -> String {
    let days: Vec<String> = dates
        .iter()
        .map(|(stage, on)| {
            let key = format!("agent-day-{}", stage.code());
            w.args(&key, &[("date", day_month(w, *on).into())])
        })
        .collect();
    days.join(", ")
}

/// `/agent/statements`: months that are over.
#[component]
pub fn StatementsPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let list = agent::statements(&ask.cabinet, borrower).await?;
        let w = ask.words;
        let none = list
            .is_empty()
            .then(|| view! { <section class="card"><p class="quiet">{w.t("agent-no-statements")}</p></section> });
        let months = list.iter().map(|one| month(w, one)).collect_view();
        Ok(view! {
            <Title text=w.t("agent-nav-statements")/>
            <div class="page">
                <h1>{w.t("agent-nav-statements")}</h1>
                {places(w, "/agent/statements")}
                {none}
                {months}
            </div>
        }
        .into_any())
    })
}

/// «ноябрь 2026».
fn month_name(w: Words, month: &str) -> String {
    let (year, number) = month.split_once('-').unwrap_or((month, "1"));
    let number: u32 = number.parse().unwrap_or(1);
    format!("{} {year}", w.t(&format!("agent-month-{number}")))
}

fn month(w: Words, one: &Statement) -> AnyView {
    let name = month_name(w, &one.month);
    let file = format!("/agent/statements/{}.csv", one.month);
    let label = t!(w, "agent-csv", month = &name);
    let broken = (!one.whole).then(|| view! { <p class="note bad">{w.t("agent-broken")}</p> });
    view! {
        <section class="card stack" data-month=one.month.clone()>
            <div class="row">
                <h2>{name}</h2>
                <a href=file download="" aria-label=label>{"CSV"}</a>
            </div>
            {broken}
            <dl class="sums">
                <SumLine label=w.t("agent-opening") sum=one.opening/>
                <SumLine label=w.t("agent-earned") sum=one.earned/>
                <SumLine label=w.t("agent-taken-back") sum=one.taken_back/>
                <SumLine label=w.t("agent-paid") sum=one.paid/>
                <SumLine label=w.t("agent-closing") sum=one.closing/>
            </dl>
            {lines(w, &one.lines)}
            <p class="hash">{w.t("agent-hash")}" "{one.hash.clone()}</p>
        </section>
    }
    .into_any()
}
