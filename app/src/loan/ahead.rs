//! What is ahead: the ways on with their totals, and the schedule.

use cabinet::loan::LoanView;
use lending::{
    InstalmentStatus, Kopecks, LoanState, Path, PathKind, ProlongationRefusal, ScheduleRow,
};
use leptos::prelude::*;
use locales::{Words, t};

use crate::request::Ask;
use crate::ui::format::{day_month, days, long_date};
use crate::ui::table::{CardTable, Cell, Row};

/// The fork: everything that will be paid from today on, by each way; cheapest first, being late last, nothing
/// chosen beforehand.
pub fn fork(ask: &Ask, loan: &LoanView) -> AnyView {
    let w = ask.words;
    if loan.paths.is_empty() {
        return ().into_any();
    }
    let on_due = loan
        .paths
        .iter()
        .find(|path| path.kind == PathKind::PayOnDue)
        .map(|path| path.total);
    let ways = loan
        .paths
        .iter()
        .map(|path| way(w, loan, path, on_due))
        .collect_view();
    let closed = loan
        .prolong
        .as_ref()
        .filter(|prolong| !prolong.can)
        .and_then(|prolong| {
            let reason = refusal(w, prolong.reason.as_ref()?);
            Some(view! { <p class="small" id="no-prolong">{reason}</p> })
        });
    view! {
        <section class="card stack" id="fork">
            <h2>{w.t("fork-title")}</h2>
            <p class="quiet">{w.t("fork-lead")}</p>
            <div class="fork" role="list">{ways}</div>
            {closed}
        </section>
    }
    .into_any()
}

fn way(w: Words, loan: &LoanView, path: &Path, on_due: Option<Kopecks>) -> AnyView {
    let date = day_month(w, path.on);
    let (name, title, why, href) = match path.kind {
        PathKind::PayToday => {
            let saved = on_due.map_or(Kopecks::ZERO, |total| total.less(path.total));
            let why = if saved.is_positive() {
                t!(w, "fork-today-why", saved = saved.to_string())
            } else {
                w.t("fork-today-plain")
            };
            let href = format!("/loans/{}/pay?what=payoff", loan.id);
            ("pay_today", w.t("fork-today"), why, Some(href))
        }
        PathKind::PayPart => {
            let (now, later) = (path.now.to_string(), path.later.to_string());
            let why = t!(w, "fork-part-why", now = now, later = later, date = date);
            let href = format!("/loans/{}/pay?amount={}", loan.id, path.now.plain());
            ("pay_part", w.t("fork-part"), why, Some(href))
        }
        PathKind::PayOnDue => {
            let several = loan.state.schedule.len() > 1;
            let key = if several { "fork-schedule" } else { "fork-due" };
            let title = t!(w, key, date = date);
            ("pay_on_due", title, w.t("fork-due-why"), None)
        }
        PathKind::Prolong { days: added } => {
            let left = loan.prolong.as_ref().map_or(0, |prolong| prolong.left);
            let (now, later) = (path.now.to_string(), path.later.to_string());
            let why = t!(w, "fork-prolong-why", now = now, later = later, left = left);
            let title = t!(w, "fork-prolong", days = days(w, added), date = date);
            let href = format!("/loans/{}/prolong?days={added}", loan.id);
            ("prolong", title, why, Some(href))
        }
        PathKind::Late { days: late } => {
            let why = t!(w, "fork-late-why", penalty = path.penalty.to_string());
            let key = if loan.state.late_since.is_some() {
                "fork-late-more"
            } else {
                "fork-late"
            };
            ("late", t!(w, key, days = days(w, late)), why, None)
        }
    };
    // Only the name is the link: a link around everything would be read out, and underlined, as one.
    let title = match href {
        Some(href) => view! { <a href=href>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    view! {
        <div class="path" role="listitem" data-path=name data-kopecks=path.total.get().to_string()>
            <b>{title}</b>
            <span class="sum">{path.total.to_string()}</span>
            <span class="why">{why}</span>
        </div>
    }
    .into_any()
}

/// Why a loan can't be prolonged now, and when it can.
pub fn refusal(w: Words, reason: &ProlongationRefusal) -> String {
    match reason {
        ProlongationRefusal::Window {
            opens: Some(opens), ..
        } => {
            t!(w, "prolong-no-yet", date = long_date(w, *opens))
        }
        ProlongationRefusal::Window {
            closes: Some(closes),
            ..
        } => {
            t!(w, "prolong-no-longer", date = long_date(w, *closes))
        }
        ProlongationRefusal::Window { .. } => w.t("prolong-no-window"),
        ProlongationRefusal::Count { available_from } => {
            t!(w, "prolong-no-count", date = long_date(w, *available_from))
        }
        ProlongationRefusal::Days { min, max } => t!(w, "prolong-no-days", min = *min, max = *max),
        ProlongationRefusal::Closed => w.t("prolong-no-closed"),
        ProlongationRefusal::InterestUnpaid { owed } => {
            t!(w, "prolong-no-interest", owed = owed.to_string())
        }
        ProlongationRefusal::Kind
        | ProlongationRefusal::InitialTerm { .. }
        | ProlongationRefusal::Loan => w.t("prolong-no-kind"),
    }
}

/// The schedule in force, with what is paid: a table where there is room, cards where there is none.
pub fn schedule(w: Words, state: &LoanState) -> AnyView {
    let rows = state
        .schedule
        .iter()
        .map(|row| instalment(w, row))
        .collect();
    let columns = schedule_columns(w, true);
    view! {
        <section class="card stack tight" id="schedule">
            <h2>{w.t("schedule-title")}</h2>
            <CardTable columns rows/>
        </section>
    }
    .into_any()
}

/// Names of a schedule's columns; an offer has nothing paid or late yet.
pub fn schedule_columns(w: Words, states: bool) -> Vec<String> {
    let columns = [
        "schedule-date",
        "schedule-payment",
        "claim-principal-title",
        "claim-interest-title",
    ];
    let state = states.then_some("schedule-state");
    columns
        .into_iter()
        .chain(state)
        .map(|key| w.t(key))
        .collect()
}

fn instalment(w: Words, row: &ScheduleRow) -> Row {
    let line = &row.instalment;
    let (name, key) = match row.status {
        InstalmentStatus::Paid => ("paid", "schedule-paid"),
        InstalmentStatus::Due => ("due", "schedule-due"),
        InstalmentStatus::Overdue => ("overdue", "schedule-overdue"),
        InstalmentStatus::Ahead => ("ahead", "schedule-ahead"),
    };
    let unfinished = row.paid.is_positive() && row.status != InstalmentStatus::Paid;
    let state = if unfinished {
        t!(w, "schedule-so-far", sum = row.paid.to_string())
    } else {
        w.t(key)
    };
    Row {
        status: Some(name),
        cells: vec![
            Cell::Head(long_date(w, line.due)),
            Cell::Sum(line.payment),
            Cell::Part(line.principal),
            Cell::Part(line.interest),
            Cell::Text(state),
        ],
    }
}
