//! `/agent/payouts`: asking to be paid, and what became of it.

use cabinet::agent::{self, Money, Payout, PayoutStatus};
use leptos::prelude::*;
use leptos_meta::Title;
use locales::t;

use super::forms::PayoutForm;
use super::pages::{money, places};
use crate::request::Ask;
use crate::ui::field::{FormError, TextField};
use crate::ui::format::{day_month, moment};
use crate::ui::page::{Stop, page};
use crate::ui::table::{CardTable, Cell, Row};

/// The page.
#[component]
pub fn PayoutsPage() -> impl IntoView {
    page(move |ask: Ask| async move {
        let borrower = ask.borrower()?;
        let w = ask.words;
        let list = agent::payouts(&ask.cabinet, borrower).await?;
        let own = agent::overview(&ask.cabinet, borrower).await?.money;
        let form = asking(&ask, &own).await?;
        Ok(view! {
            <Title text=w.t("agent-nav-payouts")/>
            <div class="page">
                <h1>{w.t("agent-nav-payouts")}</h1>
                {places(w, "/agent/payouts")}
                <div class="pair">
                    <section class="card stack" id="money">
                        <h2>{w.t("agent-money")}</h2>
                        {money(w, &own)}
                        <p class="small">{w.t("agent-held-what")}</p>
                    </section>
                    {form}
                </div>
                <section class="card stack" id="payouts">
                    <h2>{w.t("agent-payouts-list")}</h2>
                    {history(&ask, &list)}
                </section>
            </div>
        }
        .into_any())
    })
}

/// The form; why there is none, when there is none.
async fn asking(ask: &Ask, own: &Money) -> Result<AnyView, Stop> {
    let w = ask.words;
    let rules = ask.cabinet.lender().agent.as_ref();
    let least = rules
        .map(cabinet::lender::AgentRules::payout_from)
        .unwrap_or_default();
    let title = w.t("agent-payout-title");
    let stands = if own.asked.is_positive() {
        Some(w.t("agent-payout-waits"))
    } else if own.available < least {
        Some(t!(w, "agent-payout-from", sum = least.to_string()))
    } else {
        None
    };
    if let Some(why) = stands {
        return Ok(view! {
            <section class="card stack" id="ask"><h2>{title}</h2><p>{why}</p></section>
        }
        .into_any());
    }
    let form = ask.form("agent-payout").await;
    let all = own.available.plain();
    let kept = agent::requisites(&ask.cabinet, ask.borrower()?).await?;
    let hint = t!(w, "agent-payout-most", sum = own.available.to_string());
    Ok(view! {
        <section class="card stack" id="ask">
            <h2>{title}</h2>
            <PayoutForm class="stack">
                <FormError form=form.clone()/>
                <TextField form=form.clone() name="amount" label=w.t("agent-payout-sum") mode="decimal"
                    value=all hint/>
                <TextField form=form.clone() name="name" label=w.t("agent-payout-name") complete="name" value=kept.name/>
                <TextField form=form.clone() name="account" label=w.t("tool-account-number") mode="numeric" value=kept.account/>
                <TextField form name="bic" label=w.t("tool-bic") mode="numeric" value=kept.bic/>
                <button class="button wide" type="submit">{w.t("agent-payout-do")}</button>
            </PayoutForm>
        </section>
    }
    .into_any())
}

fn history(ask: &Ask, list: &[Payout]) -> AnyView {
    let w = ask.words;
    if list.is_empty() {
        return view! { <p class="quiet">{w.t("agent-no-payouts")}</p> }.into_any();
    }
    let offset = ask.cabinet.lender().clock_offset_minutes;
    let columns = [
        "agent-column-request",
        "agent-column-asked",
        "agent-column-state",
        "agent-column-sum",
    ]
    .map(|key| w.t(key))
    .to_vec();
    let rows = list
        .iter()
        .map(|one| Row {
            status: Some(one.status.code()),
            cells: vec![
                Cell::Head(format!("№\u{a0}{}", one.number)),
                Cell::Text(moment(w, one.requested_at, offset)),
                Cell::Text(state(ask, one)),
                Cell::Sum(one.amount),
            ],
        })
        .collect();
    view! { <CardTable columns rows/> }.into_any()
}

fn state(ask: &Ask, one: &Payout) -> String {
    let w = ask.words;
    match (one.status, &one.order, &one.reason) {
        (PayoutStatus::Paid, Some((number, on)), _) => {
            let date = day_month(w, *on);
            t!(
                w,
                "agent-payout-paid",
                number = number,
                date = date,
                end = &one.account_end
            )
        }
        (PayoutStatus::Declined, _, Some(reason)) => {
            t!(w, "agent-payout-declined", reason = reason)
        }
        (PayoutStatus::Approved, ..) => w.t("agent-payout-approved"),
        _ => w.t("agent-payout-requested"),
    }
}
