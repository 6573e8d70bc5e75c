//! `/staff/audit`: what the staff did and looked at, and who could have seen a person.

use cabinet::ids::BorrowerId;
use cabinet::staff::audit::{self, Filter, Line, Witness};
use cabinet::staff::{self};
use cabinet::{CabinetError, Result};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use leptos::prelude::*;
use locales::t;

use super::Desk;
use super::csv;
use super::routes::{Made, Sheet};

/// Lines on the page; an export has more.
const SHOWN: u64 = 200;
const EXPORTED: u64 = 100_000;

/// What was asked for, and what could not be read of it.
struct Asked {
    filter: Filter,
    window: Option<(DateTime<Utc>, DateTime<Utc>)>,
    wrong: Option<String>,
}

fn day(desk: &Desk, name: &str, end: bool) -> std::result::Result<Option<DateTime<Utc>>, ()> {
    let text = desk.asked(name);
    if text.is_empty() {
        return Ok(None);
    }
    let date: NaiveDate = text.parse().map_err(|_| ())?;
    let date = if end {
        date.succ_opt().ok_or(())?
    } else {
        date
    };
    let minutes = i64::from(desk.cabinet.lender().clock_offset_minutes);
    let begins = date.and_time(NaiveTime::MIN).and_utc() - TimeDelta::minutes(minutes);
    Ok(Some(begins))
}

fn asked(desk: &Desk) -> Asked {
    let w = desk.words;
    let (from, until) = (day(desk, "from", false), day(desk, "until", true));
    let wrong = (from.is_err() || until.is_err()).then(|| w.t("staff-audit-dates"));
    let person = desk.asked("person");
    let borrower: Option<BorrowerId> = person.parse().ok();
    let wrong = if !person.is_empty() && borrower.is_none() {
        Some(w.t("staff-audit-person"))
    } else {
        wrong
    };
    let (from, until) = (from.ok().flatten(), until.ok().flatten());
    Asked {
        filter: Filter {
            borrower,
            staff: desk.asked("staff").parse().ok(),
            from,
            until,
        },
        window: borrower.map(|_| {
            (
                from.unwrap_or(DateTime::UNIX_EPOCH),
                until.unwrap_or(
                    DateTime::<Utc>::MAX_UTC.min(desk.cabinet.now() + TimeDelta::days(1)),
                ),
            )
        }),
        wrong,
    }
}

/// What a row of the log says in words.
fn action_name(desk: &Desk, code: &str) -> String {
    let key = format!("staff-action-{}", code.replace('_', "-"));
    if desk.words.has(&key) {
        desk.words.t(&key)
    } else {
        code.to_owned()
    }
}

/// The page.
pub async fn page(desk: &Desk) -> Result<Sheet> {
    let (w, by) = (desk.words, desk.by()?);
    let asked = asked(desk);
    let names = desk.names().await?;
    let lines = audit::read(&desk.cabinet, by, &asked.filter, SHOWN).await?;
    let seen = match (asked.filter.borrower, asked.window) {
        (Some(borrower), Some(window)) => {
            audit::witnesses(&desk.cabinet, by, borrower, window).await?
        }
        _ => Vec::new(),
    };
    let who = |id: Option<cabinet::StaffId>| match id {
        Some(id) => names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        None => w.t("staff-console"),
    };
    let rows = lines
        .iter()
        .map(|line| row(desk, line, who(line.staff)))
        .collect_view();
    let wrong = asked
        .wrong
        .clone()
        .map(|text| view! { <p class="note bad" role="alert">{text}</p> });
    let title = w.t("staff-nav-audit");
    let heading = title.clone();
    let witnesses = asked.filter.borrower.map(|_| saw(desk, &seen));
    let body = view! {
        <div class="page">
            <div class="stack tight">
                <h1>{heading}</h1>
                <p class="quiet">{w.t("staff-audit-lead")}</p>
            </div>
            <section class="card stack">{wrong}{asking(desk, &names)}</section>
            {witnesses}
            <section class="card stack" id="log">
                <div class="row">
                    <h2>{w.t("staff-audit-lines")}</h2>
                    <a href=export_address(desk) id="export">{w.t("staff-audit-export")}</a>
                </div>
                <div class="scroll" tabindex="0" role="region" aria-label=w.t("staff-audit-lines")>
                    <table class="log">
                        <thead><tr>
                            <th scope="col">"№"</th>
                            <th scope="col">{w.t("staff-column-when")}</th>
                            <th scope="col">{w.t("staff-column-who")}</th>
                            <th scope="col">{w.t("staff-column-what")}</th>
                            <th scope="col">{w.t("staff-column-why-said")}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        </div>
    };
    Ok(Sheet {
        title,
        body: body.into_any(),
    })
}

fn export_address(desk: &Desk) -> String {
    let pairs: Vec<String> = ["person", "staff", "from", "until"]
        .iter()
        .filter(|name| !desk.asked(name).is_empty())
        .map(|name| format!("{name}={}", crate::ui::page::in_query(desk.asked(name))))
        .collect();
    format!("/staff/audit.csv?{}", pairs.join("&"))
}

fn asking(desk: &Desk, names: &std::collections::BTreeMap<cabinet::StaffId, String>) -> AnyView {
    let w = desk.words;
    let chosen = desk.asked("staff").to_owned();
    let options = names
        .iter()
        .map(|(id, name)| {
            let value = id.to_string();
            let selected = value == chosen;
            view! { <option value=value selected=selected>{name.clone()}</option> }
        })
        .collect_view();
    let date = |name: &'static str, key: &str| {
        let value = desk.asked(name).to_owned();
        view! {
            <div class="field">
                <label for=format!("f-{name}")>{w.t(key)}</label>
                <input id=format!("f-{name}") type="date" name=name value=value/>
            </div>
        }
    };
    view! {
        <form class="stack" method="get" action="/staff/audit" data-filter="">
            <div class="pair">
                <div class="field">
                    <label for="f-person">{w.t("staff-audit-whose")}</label>
                    <input id="f-person" name="person" type="text" autocomplete="off" maxlength="36"
                        value=desk.asked("person").to_owned() aria-describedby="f-person-hint"/>
                    <p class="hint" id="f-person-hint">{w.t("staff-audit-whose-hint")}</p>
                </div>
                <div class="field">
                    <label for="f-staff">{w.t("staff-column-who")}</label>
                    <select id="f-staff" name="staff">
                        <option value="">{w.t("staff-audit-anybody")}</option>
                        {options}
                    </select>
                </div>
                {date("from", "staff-audit-from")}
                {date("until", "staff-audit-until")}
            </div>
            <button class="button second" type="submit">{w.t("staff-filter-apply")}</button>
        </form>
    }
    .into_any()
}

fn saw(desk: &Desk, seen: &[Witness]) -> AnyView {
    let w = desk.words;
    let rows = seen
        .iter()
        .map(|one| {
            let looks = if one.looks > 0 {
                t!(w, "staff-audit-looks", count = one.looks)
            } else {
                w.t("staff-audit-could")
            };
            let last = one.last.map(|at| desk.moment(at)).unwrap_or_default();
            let roles: Vec<String> = one
                .roles
                .split(',')
                .filter(|code| !code.is_empty())
                .map(|code| w.t(&format!("staff-role-{code}")))
                .collect();
            view! {
                <tr data-looks=one.looks.to_string()>
                    <th scope="row">{one.name.clone()}</th>
                    <td data-label=w.t("staff-column-roles")>{roles.join(", ")}</td>
                    <td data-label=w.t("staff-column-looks")>{looks}</td>
                    <td data-label=w.t("staff-column-last")>{last}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" id="witnesses">
            <h2>{w.t("staff-audit-saw")}</h2>
            <table class="cards">
                <thead><tr>
                    <th scope="col">{w.t("staff-column-who")}</th>
                    <th scope="col">{w.t("staff-column-roles")}</th>
                    <th scope="col">{w.t("staff-column-looks")}</th>
                    <th scope="col">{w.t("staff-column-last")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(desk: &Desk, line: &Line, who: String) -> impl IntoView + use<> {
    let person = line.borrower.map(|id| {
        let href = format!("/staff/audit?person={id}");
        view! { " "<a href=href class="small">{desk.words.t("staff-audit-about")}</a> }
    });
    view! {
        <tr data-action=line.action.clone()>
            <td class="num">{line.seq.to_string()}</td>
            <td class="num">{desk.moment(line.at)}</td>
            <td>{who}</td>
            <td>{action_name(desk, &line.action)}{person}</td>
            <td>{line.detail.clone()}</td>
        </tr>
    }
}

/// The same rows as a file, with their numbers, moments in UTC and ids.
pub async fn export(desk: &Desk) -> Result<Made> {
    let asked = asked(desk);
    if asked.wrong.is_some() {
        return Err(CabinetError::field("from", "date"));
    }
    let names = staff::names(&desk.cabinet).await?;
    let lines = audit::read(&desk.cabinet, desk.by()?, &asked.filter, EXPORTED).await?;
    let columns = [
        "seq", "at", "staff", "name", "roles", "action", "object", "borrower", "detail",
    ];
    let columns: Vec<String> = columns.map(str::to_owned).to_vec();
    let rows: Vec<Vec<String>> = lines
        .into_iter()
        .map(|line| {
            let staff = line.staff.map(|id| id.to_string()).unwrap_or_default();
            let name = line.staff.and_then(|id| names.get(&id).cloned());
            vec![
                line.seq.to_string(),
                line.at.to_rfc3339(),
                staff,
                name.unwrap_or_default(),
                line.roles,
                line.action,
                line.object,
                line.borrower.map(|id| id.to_string()).unwrap_or_default(),
                line.detail,
            ]
        })
        .collect();
    Ok(Made {
        kind: "text/csv; charset=utf-8",
        name: Some("audit.csv".to_owned()),
        bytes: csv::table(&columns, &rows)?,
    })
}
