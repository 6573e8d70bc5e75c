//! The loan drawn: the debt by days, and how much of the term has gone. Each drawing has a title, a description and the
//! same numbers as a table beside it. Places are percents of the drawing, so that text keeps its size on any screen.

use cabinet::loan::{DebtOn, LoanView, OperationKind};
use chrono::NaiveDate;
use lending::{Kopecks, Status};
use leptos::prelude::*;
use locales::{Words, t};

use crate::ui::format::{day_month, days};
use crate::ui::table::{CardTable, Cell, Row};

/// The inner drawing is so many units wide and high; it is stretched over the outer one.
const SIDE: i64 = 1000;

/// Part of a whole, in units of [`SIDE`].
fn part(of: i64, whole: i64) -> i64 {
    i64::try_from(i128::from(of) * i128::from(SIDE) / i128::from(whole.max(1))).unwrap_or(SIDE)
}

/// Where the days of the drawing are.
struct Span {
    from: NaiveDate,
    length: i64,
}

impl Span {
    fn new(from: NaiveDate, to: NaiveDate) -> Self {
        let length = (to - from).num_days().max(1);
        Self { from, length }
    }

    fn x(&self, on: NaiveDate) -> i64 {
        part(
            (on - self.from).num_days().clamp(0, self.length),
            self.length,
        )
    }

    /// `43.2%`, for attributes.
    fn percent(&self, on: NaiveDate) -> String {
        let x = self.x(on);
        format!("{}.{}%", x / 10, x % 10)
    }
}

/// A text near an edge must not stick out of it.
fn anchor(x: i64) -> &'static str {
    match x {
        ..=180 => "start",
        820.. => "end",
        _ => "middle",
    }
}

/// A band between two lines over the days, as the points of a polygon.
fn band(span: &Span, debts: &[DebtOn], top: i64, edges: [fn(&DebtOn) -> Kopecks; 2]) -> String {
    let y = |sum: Kopecks| SIDE - part(sum.get(), top);
    let [low, high] = edges;
    let there = debts.iter().map(|debt| (span.x(debt.on), y(high(debt))));
    let back = debts
        .iter()
        .rev()
        .map(|debt| (span.x(debt.on), y(low(debt))));
    points(there.chain(back))
}

fn points(places: impl Iterator<Item = (i64, i64)>) -> String {
    let texts: Vec<String> = places.map(|(x, y)| format!("{x},{y}")).collect();
    texts.join(" ")
}

/// Principal, interest and penalty one on another: the class, and the lower and upper edge of each band.
type Band = (&'static str, [fn(&DebtOn) -> Kopecks; 2]);

const BANDS: [Band; 3] = [
    ("p", [|_| Kopecks::ZERO, |debt| debt.principal]),
    (
        "i",
        [|debt| debt.principal, |debt| debt.principal + debt.interest],
    ),
    (
        "n",
        [
            |debt| debt.principal + debt.interest,
            |debt| debt.principal + debt.interest + debt.penalty,
        ],
    ),
];

/// The drawing in its card; nothing when there is nothing to draw.
pub fn card(w: Words, loan: &LoanView) -> AnyView {
    if loan.curve.len() < 2 {
        return ().into_any();
    }
    view! { <section class="card">{curve(w, loan)}</section> }.into_any()
}

/// What closes the loan, day by day: gone by up to today, ahead if nothing is paid.
fn curve(w: Words, loan: &LoanView) -> AnyView {
    let (Some(first), Some(last)) = (loan.curve.first(), loan.curve.last()) else {
        return ().into_any();
    };
    let span = Span::new(first.on, last.on);
    let top = loan.curve.iter().map(|debt| debt.payoff.get()).max();
    let top = top.unwrap_or(1).max(1);
    let today = loan.today.max(first.on);
    let (past, ahead): (Vec<DebtOn>, Vec<DebtOn>) = (
        loan.curve
            .iter()
            .filter(|debt| debt.on <= today)
            .copied()
            .collect(),
        loan.curve
            .iter()
            .filter(|debt| debt.on >= today)
            .copied()
            .collect(),
    );
    let areas = |debts: &[DebtOn], when: &str| {
        BANDS
            .iter()
            .map(|(class, edges)| {
                let class = format!("area {class} {when}");
                view! { <polygon class=class points=band(&span, debts, top, *edges)></polygon> }
            })
            .collect_view()
    };
    let edge = |debts: &[DebtOn]| {
        points(
            debts
                .iter()
                .map(|debt| (span.x(debt.on), SIDE - part(debt.payoff.get(), top))),
        )
    };
    let now = loan
        .curve
        .iter()
        .find(|debt| debt.on == today)
        .copied()
        .unwrap_or(*first);
    // The plot is 62 of 100 high and begins at 20.
    let dot = 200 + 620 * (SIDE - part(now.payoff.get(), top)) / SIDE;
    let dot = format!("{}.{}%", dot / 10, dot % 10);
    let here = span.x(today);
    let due = loan.state.next_payment.map_or(loan.state.due, |(on, _)| on);
    // Words that would stand on one another are left to the table.
    let far = (span.x(due) - here).abs() > 300;
    let due_text = far.then(|| {
        view! {
            <text x=span.percent(due) y="96%" text-anchor=anchor(span.x(due))>
                {t!(w, "chart-until", date = day_month(w, due))}
            </text>
        }
    });
    let start_text = (here > 300 && span.x(due) > 300).then(|| {
        view! { <text x="0%" y="96%" text-anchor="start">{day_month(w, first.on)}</text> }
    });
    let desc = describe(w, loan, now, due);
    view! {
        <figure class="chart" id="chart">
            <figcaption><h2>{w.t("chart-title")}</h2></figcaption>
            <svg class="plot" role="img" aria-labelledby="chart-title chart-desc">
                <title id="chart-title">{w.t("chart-title")}</title>
                <desc id="chart-desc">{desc.clone()}</desc>
                <svg x="0" y="20%" width="100%" height="62%" viewBox="0 0 1000 1000" preserveAspectRatio="none">
                    {areas(&ahead, "ahead")}
                    {areas(&past, "")}
                    <polyline class="edge ahead" points=edge(&ahead) vector-effect="non-scaling-stroke"></polyline>
                    <polyline class="edge" points=edge(&past) vector-effect="non-scaling-stroke"></polyline>
                </svg>
                <line class="axis" x1="0" x2="100%" y1="82%" y2="82%"></line>
                <line class="due" x1=span.percent(due) x2=span.percent(due) y1="14%" y2="86%"></line>
                <line class="today" x1=span.percent(today) x2=span.percent(today) y1="14%" y2="86%"></line>
                <circle class="dot" cx=span.percent(today) cy=dot r="5"></circle>
                <text class="strong" x=span.percent(today) y="9%" text-anchor=anchor(here)>{now.payoff.to_string()}</text>
                <text x=span.percent(today) y="96%" text-anchor=anchor(here)>{w.t("chart-today")}</text>
                {start_text}
                {due_text}
            </svg>
            <p class="small">{desc}</p>
            {numbers(w, loan, due)}
        </figure>
    }
    .into_any()
}

/// The same in words: today, on the last day, a week after it.
fn describe(w: Words, loan: &LoanView, now: DebtOn, due: NaiveDate) -> String {
    let on = |date: NaiveDate| loan.curve.iter().find(|debt| debt.on == date);
    let mut texts = vec![t!(w, "chart-now", sum = now.payoff.to_string())];
    if let Some(then) = on(due).filter(|_| due > now.on) {
        texts.push(t!(
            w,
            "chart-then",
            date = day_month(w, due),
            sum = then.payoff.to_string()
        ));
    }
    if let Some(last) = loan.curve.last() {
        texts.push(t!(
            w,
            "chart-late",
            date = day_month(w, last.on),
            sum = last.payoff.to_string()
        ));
    }
    texts.join(" ")
}

/// The days that matter, as a table: every week, today, the date of the payment and the end.
fn numbers(w: Words, loan: &LoanView, due: NaiveDate) -> AnyView {
    let first = loan.curve.first().map_or(due, |debt| debt.on);
    let matters = |debt: &&DebtOn| {
        let day = (debt.on - first).num_days();
        let last = loan.curve.last().is_some_and(|last| last.on == debt.on);
        day % 7 == 0 || debt.on == loan.today || debt.on == due || last
    };
    let rows = loan
        .curve
        .iter()
        .filter(matters)
        .map(|debt| Row {
            status: (debt.on == loan.today).then_some("today"),
            cells: vec![
                Cell::Head(day_month(w, debt.on)),
                Cell::Part(debt.principal),
                Cell::Part(debt.interest),
                Cell::Part(debt.penalty),
                Cell::Sum(debt.payoff),
            ],
        })
        .collect();
    let columns = [
        "chart-day",
        "claim-principal-title",
        "claim-interest-title",
        "claim-penalty-title",
        "chart-payoff",
    ];
    let columns = columns.map(|key| w.t(key)).to_vec();
    view! {
        <details id="chart-numbers">
            <summary>{w.t("chart-numbers")}</summary>
            <CardTable columns rows/>
        </details>
    }
    .into_any()
}

/// How much of the term has gone, with the payments made on the way.
pub fn term(w: Words, loan: &LoanView) -> AnyView {
    if loan.state.status == Status::Closed {
        return ().into_any();
    }
    let (start, due) = (loan.terms.schedule.start, loan.state.due);
    let today = loan.today.max(start);
    let span = Span::new(start, due.max(today));
    let count = |from: NaiveDate, to: NaiveDate| u32::try_from((to - from).num_days()).unwrap_or(0);
    let text = if today > due {
        t!(w, "term-late", days = days(w, count(due, today)))
    } else {
        t!(
            w,
            "term-gone",
            gone = days(w, count(start, today)),
            all = days(w, count(start, due))
        )
    };
    let paid = loan
        .operations
        .iter()
        .filter(|operation| {
            matches!(
                operation.kind,
                OperationKind::Payment | OperationKind::Debit
            )
        })
        .map(|operation| {
            view! { <circle class="paid" cx=span.percent(operation.on) cy="50%" r="4"></circle> }
        })
        .collect_view();
    let late = (today > due).then(|| {
        let width = SIDE - span.x(due);
        let width = format!("{}.{}%", width / 10, width % 10);
        view! { <rect class="late" x=span.percent(due) y="7" width=width height="6" rx="3"></rect> }
    });
    view! {
        <figure class="term" id="term">
            <figcaption>{text.clone()}</figcaption>
            <svg role="img" aria-labelledby="term-title">
                <title id="term-title">{text.clone()}</title>
                <rect class="track" x="0" y="7" width="100%" height="6" rx="3"></rect>
                <rect class="gone" x="0" y="7" width=span.percent(today.min(due)) height="6" rx="3"></rect>
                {late}
                {paid}
                <circle class="here" cx=span.percent(today) cy="50%" r="7"></circle>
            </svg>
            <p class="row small" aria-hidden="true">
                <span>{day_month(w, start)}</span>
                <span>{day_month(w, due)}</span>
            </p>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, day).expect("a date")
    }

    #[test]
    fn places_are_parts_of_the_span() {
        let span = Span::new(day(1), day(21));
        assert_eq!(
            [span.x(day(1)), span.x(day(6)), span.x(day(21))],
            [0, 250, 1000]
        );
        assert_eq!(span.percent(day(6)), "25.0%");
        // What is outside stands at the edge.
        assert_eq!(span.x(day(31)), 1000);
        assert_eq!(
            [anchor(0), anchor(500), anchor(1000)],
            ["start", "middle", "end"]
        );
    }

    #[test]
    fn bands_stand_on_one_another() {
        let sum = Kopecks::new;
        let debt = |on, interest| DebtOn {
            on,
            principal: sum(60),
            interest: sum(interest),
            penalty: sum(0),
            payoff: sum(60 + interest),
        };
        let debts = [debt(day(1), 0), debt(day(11), 40)];
        let span = Span::new(day(1), day(11));
        let (_, principal) = BANDS[0];
        let (_, interest) = BANDS[1];
        assert_eq!(
            band(&span, &debts, 100, principal),
            "0,400 1000,400 1000,1000 0,1000"
        );
        assert_eq!(
            band(&span, &debts, 100, interest),
            "0,400 1000,0 1000,400 0,400"
        );
    }
}
