//! Money and rights that two people agree to: the page of one that waits, and the queue it is opened from.

use cabinet::Result;
use cabinet::ids::StaffId;
use chrono::{DateTime, Utc};
use lending::Kopecks;
use leptos::prelude::*;

use super::Desk;
use super::parts::{Line, filter, queue};
use super::routes::{Done, Sheet};
use crate::ui::sums::TextLine;

/// A queue: all of it, or what waits for too long; `more` are filters of its own.
pub struct Queue<'a> {
    /// The key of its heading.
    pub title: &'a str,
    /// Keys of the columns.
    pub columns: &'a [&'a str],
    /// Values of `show` that the lines are chosen by already, with their names.
    pub more: &'a [(&'a str, String)],
    /// The lines.
    pub lines: Vec<Line>,
    /// What stands between the heading and the queue.
    pub above: AnyView,
    /// What stands under it.
    pub below: AnyView,
}

/// The page of a queue.
pub fn queue_of(desk: &Desk, of: Queue<'_>) -> Sheet {
    let w = desk.words;
    let late = desk.asked("show") == "late";
    let lines = of.lines.into_iter().filter(|line| !late || line.late);
    let table = queue(w, of.columns, lines.collect());
    let mut shows = vec![
        ("", w.t("staff-show-all")),
        ("late", w.t("staff-show-late")),
    ];
    shows.extend(of.more.iter().cloned());
    let body = view! {
        <div class="page">
            <div class="row"><h1>{w.t(of.title)}</h1>{filter(desk, &shows)}</div>
            {of.above}
            {table}
            {of.below}
        </div>
    };
    Sheet {
        title: w.t(of.title),
        body: body.into_any(),
    }
}

/// Something that waits for one person or for two.
pub struct Waiting {
    /// Names its card.
    pub id: &'static str,
    /// Where it stands, for whoever reads the page by a program.
    pub status: &'static str,
    /// The heading.
    pub title: String,
    /// The sum it is about.
    pub sum: Option<Kopecks>,
    /// What is known of it: lines of a list of sums.
    pub facts: AnyView,
    /// Who was the first.
    pub first: Option<StaffId>,
    /// Since when.
    pub asked_at: DateTime<Utc>,
    /// Under the list: notes and ways on.
    pub under: AnyView,
    /// Pictures of its evidence, a card of their own.
    pub papers: AnyView,
    /// The queue's address.
    pub back: &'static str,
    /// What the person may do with it.
    pub acts: AnyView,
}

/// Its page.
pub async fn page_of(desk: &Desk, one: Waiting) -> Result<Sheet> {
    let w = desk.words;
    let names = desk.names().await?;
    let first = one.first.and_then(|id| names.get(&id).cloned());
    let first = first.map(|name| view! { <TextLine label=w.t("staff-column-first") text=name/> });
    let age = format!("{} · {}", desk.age(one.asked_at), desk.moment(one.asked_at));
    let sum = one.sum.map(|sum| {
        view! { <p class="money" data-kopecks=sum.get().to_string()>{sum.to_string()}</p> }
    });
    let heading = one.title.clone();
    let body = view! {
        <div class="page two">
            <div class="stack">
            <section class="card stack" id=one.id data-status=one.status>
                <h1 class="h2">{heading}</h1>
                {sum}
                <dl class="sums">
                    {one.facts}
                    <TextLine label=w.t("staff-age") text=age/>
                    {first}
                </dl>
                {one.under}
                <p><a href=one.back>{w.t("back")}</a></p>
            </section>
            {one.papers}
            </div>
            <aside class="stack">{one.acts}</aside>
        </div>
    };
    Ok(Sheet {
        title: one.title,
        body: body.into_any(),
    })
}

/// A card with the word of whoever agrees.
pub fn agreement(desk: &Desk, title: &str, inside: AnyView) -> AnyView {
    let title = desk.words.t(title);
    view! { <section class="card stack"><h2>{title}</h2>{inside}</section> }.into_any()
}

/// After somebody agreed: it goes, or it waits for the second.
pub fn agreed(goes: bool, back: &str) -> Done {
    let said = if goes {
        "staff-done-approved"
    } else {
        "staff-done-first"
    };
    Done::Go(back.to_owned(), said)
}
