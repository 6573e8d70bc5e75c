//! `/staff`: what waits for whom.

use cabinet::promotion::State;
use cabinet::promotion::staff::GivenOffer;
use cabinet::staff::{self, Action, Staff};
use cabinet::{
    Cabinet, Result, adjustment, agent, bonus, draw, payout, promotion, refund, request, statement,
    support,
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::routes::Sheet;
use super::shell::role_names;

/// A queue on the first page.
struct Waiting {
    href: &'static str,
    key: &'static str,
    count: usize,
    late: usize,
}

async fn waiting(cab: &Cabinet, by: &Staff) -> Result<Vec<Waiting>> {
    let mut queues = Vec::new();
    if by.may(Action::ReadApplications) {
        let list = staff::queue(cab, by).await?;
        queues.push(Waiting {
            href: "/staff/applications",
            key: "staff-nav-applications",
            count: list.len(),
            late: list.iter().filter(|case| case.late).count(),
        });
    }
    if by.may(Action::ProveIncome) {
        let list = staff::incomes(cab, by).await?;
        queues.push(Waiting {
            href: "/staff/incomes",
            key: "staff-nav-incomes",
            count: list.len(),
            late: list.iter().filter(|one| one.late).count(),
        });
    }
    if by.may(Action::ReadRequests) {
        let list = request::queue(cab, by).await?;
        queues.push(Waiting {
            href: "/staff/requests",
            key: "staff-nav-requests",
            count: list.len(),
            late: list.iter().filter(|one| one.late).count(),
        });
    }
    if by.may(Action::ReadRequests) {
        let list = support::queue(cab, by).await?;
        queues.push(Waiting {
            href: "/staff/appeals",
            key: "staff-nav-appeals",
            count: list.len(),
            late: list.iter().filter(|one| one.late).count(),
        });
    }
    if by.may(Action::ReadChats) && cab.lender().help.chat.is_some() {
        let list = support::chat::queue(cab, by).await?;
        queues.push(Waiting {
            href: "/staff/chats",
            key: "staff-nav-chats",
            count: list.iter().filter(|one| one.since.is_some()).count(),
            late: list.iter().filter(|one| one.late).count(),
        });
    }
    if by.may(Action::ReadMoney) {
        queues.extend(money(cab, by).await?);
    }
    if by.may(Action::ReadAgents) && cab.lender().agent.is_some() {
        let list = agent::waiting(cab, by).await?;
        queues.push(Waiting {
            href: "/staff/agents/payouts",
            key: "staff-agent-payouts",
            count: list.len(),
            late: list.iter().filter(|one| one.late).count(),
        });
    }
    if by.may(Action::ReadStaff) {
        let list = staff::agreements(cab, by).await?;
        queues.push(Waiting {
            href: "/staff/agreements",
            key: "staff-nav-agreements",
            count: list.len(),
            late: late(cab, list.iter().map(|one| one.asked_at)),
        });
    }
    if by.may(Action::ReadReports) {
        queues.extend(promotions(cab, by).await?);
    }
    Ok(queues)
}

/// Those of promotions, friends and draws.
async fn promotions(cab: &Cabinet, by: &Staff) -> Result<Vec<Waiting>> {
    let mut queues = Vec::new();
    let list = promotion::staff::given(cab, by).await?;
    let waits = |one: &&GivenOffer| one.state == State::Waiting;
    let since = list.iter().filter(waits).map(|one| one.given_at);
    let refused = bonus::refusals(cab, by).await?.into_iter();
    let asked: Vec<_> = refused
        .filter_map(|one| one.asked.map(|(.., at)| at))
        .collect();
    queues.push(Waiting {
        href: "/staff/promotions",
        key: "staff-nav-promotions",
        count: list.iter().filter(waits).count() + asked.len(),
        late: late(cab, since) + late(cab, asked.into_iter()),
    });
    let draws = draw::staff::draws(cab, by).await?;
    let prizes = draws.iter().flat_map(|draw| &draw.prizes);
    queues.push(Waiting {
        href: "/staff/draws",
        key: "staff-nav-draws",
        count: prizes.clone().filter(|prize| prize.waits()).count(),
        late: prizes.filter(|prize| prize.late).count(),
    });
    Ok(queues)
}

/// How many of these have waited for a second person too long.
fn late(cab: &Cabinet, since: impl Iterator<Item = DateTime<Utc>>) -> usize {
    since.filter(|at| staff::waits_long(cab, *at)).count()
}

/// Those of money that waits for somebody.
async fn money(cab: &Cabinet, by: &Staff) -> Result<Vec<Waiting>> {
    let mut queues = Vec::new();
    let list = refund::waiting(cab, by).await?;
    queues.push(Waiting {
        href: "/staff/refunds",
        key: "staff-nav-refunds",
        count: list.len(),
        late: list.iter().filter(|one| one.late).count(),
    });
    let list = adjustment::waiting(cab, by, None).await?;
    queues.push(Waiting {
        href: "/staff/adjustments",
        key: "staff-nav-adjustments",
        count: list.len(),
        late: list.iter().filter(|one| one.late).count(),
    });
    let list = statement::unmatched(cab, Some(by)).await?;
    queues.push(Waiting {
        href: "/staff/money",
        key: "staff-nav-money",
        count: list.len(),
        late: list.iter().filter(|one| one.late).count(),
    });
    let list = payout::at_bank(cab, Some(by)).await?;
    queues.push(Waiting {
        href: "/staff/orders",
        key: "staff-nav-orders",
        count: list.len(),
        late: list.iter().filter(|one| one.late).count(),
    });
    Ok(queues)
}

/// The first page.
pub async fn page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    if by.must_change {
        return Err(cabinet::CabinetError::Forbidden("staff_password_needed"));
    }
    let cards = waiting(&desk.cabinet, by)
        .await?
        .into_iter()
        .map(|queue| card(w, &queue))
        .collect_view();
    let lead = t!(
        w,
        "staff-home-lead",
        name = &by.name,
        roles = role_names(w, &by.roles)
    );
    let body = view! {
        <div class="page">
            <div class="stack tight">
                <h1>{w.t("staff-home-title")}</h1>
                <p class="quiet">{lead}</p>
            </div>
            <div class="trio" id="queues">{cards}</div>
            <p><a href="/staff/password">{w.t("staff-password-title")}</a></p>
        </div>
    };
    Ok(Sheet {
        title: w.t("staff-home-title"),
        body: body.into_any(),
    })
}

fn card(w: Words, queue: &Waiting) -> impl IntoView + use<> {
    let late = (queue.late > 0).then(|| {
        let count = i64::try_from(queue.late).unwrap_or(i64::MAX);
        view! { <p><span class="badge bad">{t!(w, "staff-late-count", count = count)}</span></p> }
    });
    view! {
        <a class="card stack tight" href=queue.href data-count=queue.count.to_string()>
            <h2>{w.t(queue.key)}</h2>
            <p class="money">{queue.count.to_string()}</p>
            {late}
        </a>
    }
}
