//! `/staff/reports`: the portfolio, the money by days, the debt burden against its limits, a day's books
//! against what the outside says.

use cabinet::staff::{self, Bucket, Burden, Day, Quarter};
use cabinet::support::{self, Causes};
use cabinet::{CabinetError, Result};
use chrono::TimeDelta;
use lending::Kopecks;
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::routes::{Made, Sheet};
use super::{books, costs, csv};
use crate::support::appeals::cause_name;
use crate::ui::format::{day_month, long_date};
use crate::ui::table::{CardTable, Cell, Row};

/// The page.
pub async fn page(desk: &Desk) -> Result<Sheet> {
    let w = desk.words;
    let reports = staff::reports(&desk.cabinet, desk.by()?).await?;
    let books = books::section(desk).await?;
    let title = w.t("staff-nav-reports");
    let heading = title.clone();
    let body = view! {
        <div class="page">
            <h1>{heading}</h1>
            <section class="card stack" id="portfolio">
                {headed(w, "staff-report-portfolio", "portfolio")}
                {portfolio(w, &reports.portfolio)}
            </section>
            <section class="card stack" id="days">
                {headed(w, "staff-report-days", "days")}
                {drawing(w, &reports.days)}
                {days(w, &reports.days)}
            </section>
            <section class="card stack" id="burden">
                {headed(w, "staff-report-burden", "burden")}
                {burden(w, &reports.quarter)}
            </section>
            <section class="card stack" id="causes">
                {headed(w, "staff-report-causes", "causes")}
                {causes(w, &causes_of(desk).await?)}
            </section>
            {costs::promotions_section(desk).await?}
            {costs::agent_section(desk).await?}
            {books}
        </div>
    };
    Ok(Sheet {
        title,
        body: body.into_any(),
    })
}

pub(super) fn headed(w: Words, key: &str, file: &str) -> AnyView {
    let name = t!(w, "staff-report-csv", name = w.t(key));
    view! {
        <div class="row">
            <h2>{w.t(key)}</h2>
            <a href=format!("/staff/reports/{file}.csv") aria-label=name>{"CSV"}</a>
        </div>
    }
    .into_any()
}

fn bucket_name(w: Words, code: &str) -> String {
    match code {
        "0" => w.t("staff-bucket-none"),
        _ => t!(w, "staff-bucket-days", days = code.replace('-', "–")),
    }
}

pub(super) fn names(w: Words, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| w.t(key)).collect()
}

const PORTFOLIO: [&str; 4] = [
    "staff-column-late",
    "staff-column-loans",
    "staff-loan-principal",
    "staff-column-debt",
];

fn portfolio(w: Words, buckets: &[Bucket]) -> AnyView {
    let cells = |name: String, loans: u32, principal: Kopecks, debt: Kopecks| Row {
        status: None,
        cells: vec![
            Cell::Head(name),
            Cell::Text(loans.to_string()),
            Cell::Part(principal),
            Cell::Sum(debt),
        ],
    };
    let rows = buckets
        .iter()
        .map(|one| cells(bucket_name(w, one.code), one.loans, one.principal, one.debt))
        .collect();
    let total = cells(
        w.t("staff-report-total"),
        buckets.iter().map(|one| one.loans).sum(),
        buckets.iter().map(|one| one.principal).sum(),
        buckets.iter().map(|one| one.debt).sum(),
    );
    view! { <CardTable columns=names(w, &PORTFOLIO) rows total/> }.into_any()
}

const DAYS: [&str; 4] = [
    "staff-column-day",
    "staff-column-loans",
    "staff-report-issued",
    "staff-report-repaid",
];

/// Days on which something happened: the drawing has all of them.
fn days(w: Words, days: &[Day]) -> AnyView {
    let busy = |day: &&Day| day.loans > 0 || day.repaid.is_positive();
    if !days.iter().any(|day| busy(&day)) {
        return view! { <p class="quiet">{w.t("staff-report-days-none")}</p> }.into_any();
    }
    let rows = days
        .iter()
        .rev()
        .filter(busy)
        .map(|day| Row {
            status: None,
            cells: vec![
                Cell::Head(day_month(w, day.on)),
                Cell::Text(day.loans.to_string()),
                Cell::Part(day.issued),
                Cell::Sum(day.repaid),
            ],
        })
        .collect();
    view! { <CardTable columns=names(w, &DAYS) rows/> }.into_any()
}

/// Two bars a day, to one scale; the table below has the numbers.
fn drawing(w: Words, days: &[Day]) -> AnyView {
    let most = days
        .iter()
        .flat_map(|day| [day.issued.get(), day.repaid.get()])
        .max()
        .unwrap_or(0);
    if most == 0 {
        return ().into_any();
    }
    let height = |sum: Kopecks| sum.get() * 100 / most;
    let bars = days
        .iter()
        .enumerate()
        .map(|(n, day)| {
            let (issued, repaid) = (height(day.issued), height(day.repaid));
            let x = n * 10;
            view! {
                <rect class="issued" x=(x + 1).to_string() y=(100 - issued).to_string() width="4"
                    height=issued.to_string()></rect>
                <rect class="repaid" x=(x + 5).to_string() y=(100 - repaid).to_string() width="4"
                    height=repaid.to_string()></rect>
            }
        })
        .collect_view();
    let width = days.len() * 10;
    let said = t!(
        w,
        "staff-report-drawing",
        most = Kopecks::new(most).to_string()
    );
    view! {
        <figure class="bars">
            <svg role="img" aria-label=said viewBox=format!("0 0 {width} 100") preserveAspectRatio="none">{bars}</svg>
            <figcaption class="small">
                <span class="issued">{w.t("staff-report-issued")}</span>" "
                <span class="repaid">{w.t("staff-report-repaid")}</span>
            </figcaption>
        </figure>
    }
    .into_any()
}

fn percent(tenths: u32) -> String {
    format!("{},{}\u{a0}%", tenths / 10, tenths % 10)
}

fn burden_name(code: &str) -> String {
    match code {
        "80+" => "> 80\u{a0}%".to_owned(),
        _ => format!("{}\u{a0}%", code.replace('-', "–")),
    }
}

fn over(one: &Burden) -> bool {
    one.limit_tenths
        .is_some_and(|limit| one.share_tenths > limit)
}

fn burden(w: Words, quarter: &Quarter) -> AnyView {
    let rows = quarter
        .burdens
        .iter()
        .map(|one| {
            let class = if over(one) { "badge bad" } else { "badge" };
            let limit = one.limit_tenths.map_or_else(|| "—".to_owned(), percent);
            view! {
                <tr data-over=over(one).to_string()>
                    <th scope="row">{burden_name(one.code)}</th>
                    <td data-label=w.t("staff-column-loans")>{one.loans.to_string()}</td>
                    <td class="num" data-label=w.t("staff-report-issued")>{one.issued.to_string()}</td>
                    <td data-label=w.t("staff-report-share")><span class=class>{percent(one.share_tenths)}</span></td>
                    <td data-label=w.t("staff-report-limit")>{limit}</td>
                </tr>
            }
        })
        .collect_view();
    let lead = t!(
        w,
        "staff-report-burden-lead",
        from = long_date(w, quarter.from),
        limits = quarter
            .limits_of
            .map_or_else(|| "—".to_owned(), |of| long_date(w, of))
    );
    view! {
        <p class="quiet">{lead}</p>
        <table class="cards">
            <thead><tr>
                <th scope="col">{w.t("staff-case-burden")}</th>
                <th scope="col">{w.t("staff-column-loans")}</th>
                <th scope="col">{w.t("staff-report-issued")}</th>
                <th scope="col">{w.t("staff-report-share")}</th>
                <th scope="col">{w.t("staff-report-limit")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

const CAUSES: [&str; 5] = [
    "staff-column-cause",
    "staff-column-came",
    "staff-column-waiting",
    "staff-column-late",
    "staff-column-satisfied",
];

/// Complaints of the last year.
async fn causes_of(desk: &Desk) -> Result<Vec<Causes>> {
    let since = desk.cabinet.now() - TimeDelta::days(365);
    support::by_cause(&desk.cabinet, desk.by()?, since).await
}

fn cause_cells(w: Words, one: &Causes) -> Vec<String> {
    let counts = [one.came, one.waiting, one.late, one.satisfied];
    let counts = counts.into_iter().map(|count| count.to_string());
    std::iter::once(cause_name(w, one.cause))
        .chain(counts)
        .collect()
}

fn causes(w: Words, list: &[Causes]) -> AnyView {
    let rows = list
        .iter()
        .map(|one| {
            let mut cells = cause_cells(w, one).into_iter();
            let head = cells.next().map(Cell::Head);
            Row {
                status: Some(one.cause.code()),
                cells: head.into_iter().chain(cells.map(Cell::Text)).collect(),
            }
        })
        .collect();
    view! { <CardTable columns=names(w, &CAUSES) rows/> }.into_any()
}

/// A report as a file; sums in roubles with kopecks after a point.
pub async fn export(desk: &Desk) -> Result<Made> {
    let w = desk.words;
    let reports = staff::reports(&desk.cabinet, desk.by()?).await?;
    let which = desk.params.get("report").map_or("", String::as_str);
    let (columns, rows): (Vec<String>, Vec<Vec<String>>) = match which {
        "portfolio.csv" => {
            let rows = reports.portfolio.iter().map(|one| {
                vec![
                    bucket_name(w, one.code),
                    one.loans.to_string(),
                    one.principal.plain(),
                    one.debt.plain(),
                ]
            });
            (names(w, &PORTFOLIO), rows.collect())
        }
        "days.csv" => {
            let rows = reports.days.iter().map(|day| {
                vec![
                    day.on.to_string(),
                    day.loans.to_string(),
                    day.issued.plain(),
                    day.repaid.plain(),
                ]
            });
            (names(w, &DAYS), rows.collect())
        }
        "burden.csv" => {
            let keys = [
                "staff-case-burden",
                "staff-column-loans",
                "staff-report-issued",
                "staff-report-share",
                "staff-report-limit",
            ];
            let rows = reports.quarter.burdens.iter().map(|one| {
                vec![
                    burden_name(one.code),
                    one.loans.to_string(),
                    one.issued.plain(),
                    percent(one.share_tenths),
                    one.limit_tenths.map(percent).unwrap_or_default(),
                ]
            });
            (names(w, &keys), rows.collect())
        }
        "causes.csv" => {
            let list = causes_of(desk).await?;
            let rows = list.iter().map(|one| cause_cells(w, one));
            (names(w, &CAUSES), rows.collect())
        }
        "agents.csv" => costs::agents_table(desk).await?,
        "books.csv" => books::table(desk).await?,
        "promotions.csv" => costs::promotions_table(desk).await?,
        _ => return Err(CabinetError::NotFound),
    };
    Ok(Made {
        kind: "text/csv; charset=utf-8",
        name: Some(which.to_owned()),
        bytes: csv::table(&columns, &rows)?,
    })
}
