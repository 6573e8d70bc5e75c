//! The loan drawn: the debt by days, and how much of the term has gone. Each drawing has a title, a description and the
//! same numbers as a table beside it. Places are percents of the drawing, so that text keeps its size on any screen.

use std::fmt::Write as _;

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
    let there = bends(&there.collect::<Vec<_>>());
    let back = bends(&back.collect::<Vec<_>>());
    points(there.into_iter().chain(back))
}

/// The points where a line bends, with its ends. What a straight line passes within a unit, which nobody sees, is left out. The line goes
/// to one side.
fn bends(line: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let Some((&first, rest)) = line.split_first() else {
        return Vec::new();
    };
    let mut kept = vec![first];
    let (mut seen, mut last) = (Seen::from(first), first);
    for &at in rest {
        if !seen.straight(at) {
            kept.push(last);
            seen = Seen::from(last);
        }
        seen.pass(at);
        last = at;
    }
    if !rest.is_empty() {
        kept.push(last);
    }
    kept
}

/// Where a straight line from a point may go so that it passes each point seen so far within a unit: between two slopes, and over those
/// that stand above or below its beginning.
struct Seen {
    from: (i64, i64),
    /// As rise and width; none before a point to one side was seen.
    slopes: Option<[(i64, i64); 2]>,
    upright: [i64; 2],
}

impl Seen {
    const fn from((x, y): (i64, i64)) -> Self {
        Self {
            from: (x, y),
            slopes: None,
            upright: [y, y],
        }
    }

    /// Whether the line to this point does.
    fn straight(&self, (x, y): (i64, i64)) -> bool {
        let (width, rise) = ((x - self.from.0).abs(), y - self.from.1);
        let [low, high] = self.upright;
        // Two points of one day stand above one another.
        if width == 0 {
            return self.slopes.is_none()
                && self.from.1.min(y) <= low
                && high <= self.from.1.max(y);
        }
        let near = self.from.1 - low <= 1 && high - self.from.1 <= 1;
        near && self.slopes.is_none_or(|[low, high]| {
            low.0 * width <= rise * low.1 && rise * high.1 <= high.0 * width
        })
    }

    fn pass(&mut self, (x, y): (i64, i64)) {
        let (width, rise) = ((x - self.from.0).abs(), y - self.from.1);
        if width == 0 {
            let [low, high] = self.upright;
            self.upright = [low.min(y), high.max(y)];
            return;
        }
        let [mut low, mut high] = [(rise - 1, width), (rise + 1, width)];
        if let Some([lowest, highest]) = self.slopes {
            if lowest.0 * low.1 > low.0 * lowest.1 {
                low = lowest;
            }
            if highest.0 * high.1 < high.0 * highest.1 {
                high = highest;
            }
        }
        self.slopes = Some([low, high]);
    }
}

fn points(places: impl IntoIterator<Item = (i64, i64)>) -> String {
    let mut text = String::new();
    for (x, y) in places {
        let gap = if text.is_empty() { "" } else { " " };
        let _ = write!(text, "{gap}{x},{y}");
    }
    text
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
    let drawn = Drawn {
        mark: "",
        debts: &loan.curve,
        today: loan.today,
        due: loan.state.next_payment.map_or(loan.state.due, |(on, _)| on),
    };
    if loan.curve.len() < 2 {
        return ().into_any();
    }
    view! { <section class="card">{curve(w, &drawn)}</section> }.into_any()
}

/// What the debt's drawing is made of.
#[derive(Debug, Clone, Copy)]
pub struct Drawn<'a> {
    /// Keeps the ids of two drawings on one page apart.
    pub mark: &'a str,
    /// The debt by days, in their order.
    pub debts: &'a [DebtOn],
    /// Which of them is today.
    pub today: NaiveDate,
    /// The date of the next payment.
    pub due: NaiveDate,
}

/// What closes the loan, day by day: gone by up to today, ahead if nothing is paid.
pub fn curve(w: Words, drawn: &Drawn<'_>) -> AnyView {
    let (debts, due) = (drawn.debts, drawn.due);
    let (Some(first), Some(last)) = (debts.first(), debts.last()) else {
        return ().into_any();
    };
    let span = Span::new(first.on, last.on);
    let top = debts.iter().map(|debt| debt.payoff.get()).max();
    let top = top.unwrap_or(1).max(1);
    let today = drawn.today.max(first.on);
    let of = |wanted: fn(NaiveDate, NaiveDate) -> bool| -> Vec<DebtOn> {
        let chosen = debts.iter().filter(|debt| wanted(debt.on, today));
        chosen.copied().collect()
    };
    let (past, ahead) = (of(|on, today| on <= today), of(|on, today| on >= today));
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
        let line = debts
            .iter()
            .map(|debt| (span.x(debt.on), SIDE - part(debt.payoff.get(), top)));
        points(bends(&line.collect::<Vec<_>>()))
    };
    let now = debts.iter().find(|debt| debt.on == today).copied();
    let now = now.unwrap_or(*first);
    // The plot is 62 of 100 high and begins at 20.
    let dot = 200 + 620 * (SIDE - part(now.payoff.get(), top)) / SIDE;
    let dot = format!("{}.{}%", dot / 10, dot % 10);
    let here = span.x(today);
    // Words that would stand on one another are left to the table.
    let far = (span.x(due) - here).abs() > 420;
    let due_text = far.then(|| {
        view! {
            <text x=span.percent(due) y="96%" text-anchor=anchor(span.x(due))>
                {t!(w, "chart-until", date = day_month(w, due))}
            </text>
        }
    });
    let start_text = (here > 380 && span.x(due) > 380).then(|| {
        view! { <text x="0%" y="96%" text-anchor="start">{day_month(w, first.on)}</text> }
    });
    let desc = describe(w, drawn, now);
    let id = |name: &str| format!("chart{name}{}", drawn.mark);
    view! {
        <figure class="chart" id=id("")>
            <figcaption><h2>{w.t("chart-title")}</h2></figcaption>
            <svg class="plot" role="img" aria-labelledby=format!("{} {}", id("-title"), id("-desc"))>
                <title id=id("-title")>{w.t("chart-title")}</title>
                <desc id=id("-desc")>{desc.clone()}</desc>
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
            {numbers(w, drawn)}
        </figure>
    }
    .into_any()
}

/// The same in words: today, on the last day, a week after it.
fn describe(w: Words, drawn: &Drawn<'_>, now: DebtOn) -> String {
    let due = drawn.due;
    let on = |date: NaiveDate| drawn.debts.iter().find(|debt| debt.on == date);
    let mut texts = vec![t!(w, "chart-now", sum = now.payoff.to_string())];
    if let Some(then) = on(due).filter(|_| due > now.on) {
        texts.push(t!(
            w,
            "chart-then",
            date = day_month(w, due),
            sum = then.payoff.to_string()
        ));
    }
    if let Some(last) = drawn.debts.last() {
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
fn numbers(w: Words, drawn: &Drawn<'_>) -> AnyView {
    let (debts, due) = (drawn.debts, drawn.due);
    let first = debts.first().map_or(due, |debt| debt.on);
    let matters = |debt: &&DebtOn| {
        let day = (debt.on - first).num_days();
        let last = debts.last().is_some_and(|last| last.on == debt.on);
        day % 7 == 0 || debt.on == drawn.today || debt.on == due || last
    };
    let rows = debts
        .iter()
        .filter(matters)
        .map(|debt| Row {
            status: (debt.on == drawn.today).then_some("today"),
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
        <details id=format!("chart-numbers{}", drawn.mark)>
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
    let money = |kind| matches!(kind, OperationKind::Payment | OperationKind::Debit);
    let paid = loan.operations.iter().filter(|one| money(one.kind));
    let paid: Vec<NaiveDate> = paid.map(|operation| operation.on).collect();
    let gone = Gone {
        mark: "",
        start: loan.terms.schedule.start,
        due: loan.state.due,
        today: loan.today,
        paid: &paid,
    };
    way(w, &gone)
}

/// What the term's drawing is made of.
#[derive(Debug, Clone, Copy)]
pub struct Gone<'a> {
    /// Keeps the ids of two drawings on one page apart.
    pub mark: &'a str,
    /// When the money came.
    pub start: NaiveDate,
    /// When it is to be back.
    pub due: NaiveDate,
    /// Where the person is between them, or past them.
    pub today: NaiveDate,
    /// Days of payments.
    pub paid: &'a [NaiveDate],
}

/// The drawing of a term.
pub fn way(w: Words, gone: &Gone<'_>) -> AnyView {
    let (start, due) = (gone.start, gone.due);
    let today = gone.today.max(start);
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
    let paid = gone.paid.iter().map(|on| {
        view! { <circle class="paid" cx=span.percent(*on) cy="50%" r="4"></circle> }
    });
    let paid = paid.collect_view();
    let late = (today > due).then(|| {
        let width = SIDE - span.x(due);
        let width = format!("{}.{}%", width / 10, width % 10);
        view! { <rect class="late" x=span.percent(due) y="7" width=width height="6" rx="3"></rect> }
    });
    let titled = format!("term-title{}", gone.mark);
    view! {
        <figure class="term" id=format!("term{}", gone.mark)>
            <figcaption>{text.clone()}</figcaption>
            <svg role="img" aria-labelledby=titled.clone()>
                <title id=titled.clone()>{text.clone()}</title>
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

    /// Each line asked of each point it passes.
    fn bends_one_by_one(line: &[(i64, i64)]) -> Vec<(i64, i64)> {
        let beside = |(x1, y1): (i64, i64), (x2, y2): (i64, i64), (x, y): (i64, i64)| {
            let width: i64 = (x2 - x1).abs();
            let apart: i64 = (y - y1) * (x2 - x1) - (y2 - y1) * (x - x1);
            if width == 0 {
                apart == 0 && (y1.min(y2)..=y1.max(y2)).contains(&y)
            } else {
                apart.abs() <= width
            }
        };
        let mut kept: Vec<(i64, i64)> = line.first().copied().into_iter().collect();
        let mut from = 0;
        for to in 2..line.len() {
            let passed = &line[from + 1..to];
            if !passed.iter().all(|at| beside(line[from], line[to], *at)) {
                from = to - 1;
                kept.push(line[from]);
            }
        }
        if line.len() > 1 {
            kept.extend(line.last());
        }
        kept
    }

    #[test]
    fn bends_are_where_a_line_leaves_a_point_it_passes() {
        let mut seed = 7_u64;
        let mut below = |top: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            i64::try_from((seed >> 33) % top).unwrap()
        };
        for round in 0..5_000 {
            // Some lines are nearly straight, some stand upright for a while, some go back.
            let (steep, wide) = (1 + below(40).unsigned_abs(), 1 + below(30).unsigned_abs());
            let side = if round % 2 == 0 { 1 } else { -1 };
            let (mut x, mut y) = (below(1000), below(1000));
            let line: Vec<_> = (0..below(40))
                .map(|_| {
                    x += side * below(wide);
                    y += below(steep) - 3;
                    (x, y)
                })
                .collect();
            assert_eq!(bends(&line), bends_one_by_one(&line), "{line:?}");
        }
    }

    #[test]
    fn a_straight_line_is_its_ends() {
        let straight: Vec<_> = (0..=20).map(|x| (x * 50, 1000 - x * 7)).collect();
        assert_eq!(bends(&straight), [(0, 1000), (1000, 860)]);
        // Rounding to whole units is no bend.
        let rounded: Vec<_> = (0..=20).map(|x| (x * 50, 1000 - x * 10 / 3)).collect();
        assert_eq!(bends(&rounded), [(0, 1000), (1000, 934)]);
    }

    #[test]
    fn a_bend_stays_where_it_is() {
        let paid = [
            (0, 500),
            (100, 490),
            (200, 480),
            (200, 700),
            (300, 690),
            (400, 680),
        ];
        let seen = [(0, 500), (200, 480), (200, 700), (400, 680)];
        assert_eq!(bends(&paid), seen);
        assert_eq!(bends(&seen), seen);
        assert_eq!(bends(&[(0, 1), (9, 9)]), [(0, 1), (9, 9)]);
        assert_eq!(bends(&[(4, 2)]), [(4, 2)]);
        assert!(bends(&[]).is_empty());
    }
}
