//! A day's books against the acquirer, the bank's statement and the registers: equal to the kopeck, or every
//! difference by its name.

use cabinet::reconcile::{DayReport, Item};
use cabinet::staff::{self, Action};
use cabinet::{CabinetError, Result};
use chrono::{Days, NaiveDate};
use lending::Kopecks;
use leptos::prelude::*;
use locales::{Words, t};

use super::Desk;
use super::costs::Table;
use super::reports::names;
use crate::ui::format::long_date;
use crate::ui::table::{CardTable, Cell, Row};

/// Of the table of what differs.
const ITEMS: [&str; 5] = [
    "staff-report-item",
    "staff-report-side",
    "staff-column-contract",
    "staff-report-ours",
    "staff-report-theirs",
];

/// The section of the reports; the acquirer's silence spoils no other report.
pub async fn section(desk: &Desk) -> Result<AnyView> {
    let w = desk.words;
    let today = desk.cabinet.today();
    let typed = desk.asked("day").to_owned();
    let asked = asked(desk);
    let wrong = asked.is_none();
    let found = match asked {
        Some(on) => report(desk, on).await?,
        None => ().into_any(),
    };
    let file = asked.map(|on| {
        let name = t!(w, "staff-report-csv", name = w.t("staff-report-books"));
        view! { <a href=format!("/staff/reports/books.csv?day={on}") aria-label=name>{"CSV"}</a> }
    });
    let value = asked.map_or(typed, |on| on.to_string());
    let error = wrong.then(|| {
        view! { <p class="error" id="f-day-error" role="alert">{w.t("staff-report-books-day-wrong")}</p> }
    });
    let view = view! {
        <section class="card stack" id="books">
            <div class="row"><h2>{w.t("staff-report-books")}</h2>{file}</div>
            <form class="stack" method="get" action="/staff/reports#books">
                <div class="field">
                    <label for="f-day">{w.t("staff-column-day")}</label>
                    <input id="f-day" type="date" name="day" value=value max=today.to_string() required
                        aria-invalid=wrong.then_some("true") aria-describedby=wrong.then_some("f-day-error")/>
                    {error}
                </div>
                <button class="button second" type="submit">{w.t("staff-report-books-do")}</button>
            </form>
            {found}
        </section>
    };
    Ok(view.into_any())
}

/// The day that is asked for: yesterday without one. A day that has not come agrees with everything and says nothing.
fn asked(desk: &Desk) -> Option<NaiveDate> {
    let today = desk.cabinet.today();
    match desk.asked("day") {
        "" => Some(today - Days::new(1)),
        typed => typed.parse().ok().filter(|on| *on <= today),
    }
}

/// The day's books as a file: each side's whole, then what differs. `NotFound` of a day that has not come.
pub async fn table(desk: &Desk) -> Result<Table> {
    let w = desk.words;
    let on = asked(desk).ok_or(CabinetError::NotFound)?;
    let report = staff::reconciled(&desk.cabinet, desk.by()?, on).await?;
    let plain = |sum: Option<Kopecks>| sum.map(Kopecks::plain).unwrap_or_default();
    let sides = report.sides.iter().map(|side| {
        let whole = [side.ours, side.theirs, side.difference].map(Kopecks::plain);
        let [ours, theirs, difference] = whole;
        let (name, none) = (side_name(w, &side.name), String::new());
        vec![
            w.t("staff-report-total"),
            name,
            none,
            ours,
            theirs,
            difference,
        ]
    });
    let items = report.items.iter().map(|item| {
        let zero = Kopecks::ZERO;
        let difference = item.theirs.unwrap_or(zero) - item.ours.unwrap_or(zero);
        vec![
            item_name(w, item),
            side_name(w, &item.side),
            item.loan.clone().unwrap_or_default(),
            plain(item.ours),
            plain(item.theirs),
            difference.plain(),
        ]
    });
    let mut columns = names(w, &ITEMS);
    columns.push(w.t("staff-report-difference"));
    Ok((columns, sides.chain(items).collect()))
}

async fn report(desk: &Desk, on: NaiveDate) -> Result<AnyView> {
    let (w, by) = (desk.words, desk.by()?);
    let report = match staff::reconciled(&desk.cabinet, by, on).await {
        Ok(report) => report,
        Err(CabinetError::Unavailable(_)) => {
            return Ok(view! { <p class="note">{w.t("staff-report-books-silent")}</p> }.into_any());
        }
        Err(other) => return Err(other),
    };
    let agrees = report.agrees();
    let day = long_date(w, report.on);
    let said = if agrees {
        t!(w, "staff-report-books-equal", day = day)
    } else {
        let count = report.items.len().to_string();
        let sum = report.difference.to_string();
        t!(
            w,
            "staff-report-books-differ",
            day = day,
            count = count,
            sum = sum
        )
    };
    let differ = (!agrees).then(|| items(w, &report, by.may(Action::ReadMoney)));
    let class = if agrees { "note good" } else { "note bad" };
    Ok(view! {
        <p class=class id="reconciled" data-agrees=agrees.to_string()
            data-kopecks=report.difference.get().to_string()>{said}</p>
        {sides(w, &report)}
        {differ}
    }
    .into_any())
}

fn side_name(w: Words, code: &str) -> String {
    match code {
        "statement" => w.t("staff-report-side-statement"),
        "register" => w.t("staff-report-side-register"),
        _ => w.t("staff-report-side-acquirer"),
    }
}

fn sides(w: Words, report: &DayReport) -> AnyView {
    let row = |name: String, sums: [Kopecks; 3]| Row {
        status: None,
        cells: [Cell::Head(name)]
            .into_iter()
            .chain(sums.map(Cell::Part))
            .collect(),
    };
    let rows = report
        .sides
        .iter()
        .map(|side| {
            let name = side_name(w, &side.name);
            row(name, [side.ours, side.theirs, side.difference])
        })
        .collect();
    let total = row(
        w.t("staff-report-total"),
        [
            report.sides.iter().map(|side| side.ours).sum(),
            report.sides.iter().map(|side| side.theirs).sum(),
            report.difference,
        ],
    );
    let columns = [
        "staff-report-side",
        "staff-report-ours",
        "staff-report-theirs",
        "staff-report-difference",
    ]
    .map(|key| w.t(key));
    view! { <div id="sides"><CardTable columns=columns.to_vec() rows total/></div> }.into_any()
}

fn items(w: Words, report: &DayReport, sees_money: bool) -> AnyView {
    let rows = report.items.iter().map(|item| named(w, item)).collect();
    let waits = report.items.iter().any(|item| item.document.is_some());
    let link = (waits && sees_money).then(|| {
        view! { <p><a href="/staff/money">{w.t("staff-report-books-waiting")}</a></p> }
    });
    view! {
        <h3>{w.t("staff-report-items")}</h3>
        <div id="items"><CardTable columns=names(w, &ITEMS) rows/></div>
        {link}
    }
    .into_any()
}

fn item_name(w: Words, item: &Item) -> String {
    match &item.document {
        Some(number) => t!(w, "staff-report-document", number = number.clone()),
        None => item.reference.clone(),
    }
}

fn named(w: Words, item: &Item) -> Row {
    let name = item_name(w, item);
    let sum = |sum: Option<Kopecks>| {
        let text = sum.map_or_else(|| w.t("staff-report-none"), |sum| sum.to_string());
        Cell::Text(text)
    };
    Row {
        status: None,
        cells: vec![
            Cell::Head(name),
            Cell::Text(side_name(w, &item.side)),
            Cell::Text(item.loan.clone().unwrap_or_else(|| "—".to_owned())),
            sum(item.ours),
            sum(item.theirs),
        ],
    }
}
