//! A table that becomes cards where there is no room for its columns.

use lending::Kopecks;
use leptos::either::EitherOf4;
use leptos::prelude::*;

/// A cell.
#[derive(Debug, Clone)]
pub enum Cell {
    /// What the row is about: the heading of its card.
    Head(String),
    /// Text.
    Text(String),
    /// The sum the row is for.
    Sum(Kopecks),
    /// A sum it is made of.
    Part(Kopecks),
}

/// A row with the stable name of its state, if it has one.
#[derive(Debug, Clone)]
pub struct Row {
    /// `data-status`.
    pub status: Option<&'static str>,
    /// As many cells as there are columns.
    pub cells: Vec<Cell>,
}

/// The table. In a card each cell says its column's name itself.
#[component]
pub fn CardTable(
    /// Names of the columns.
    columns: Vec<String>,
    rows: Vec<Row>,
    /// The last row, of totals.
    #[prop(optional)]
    total: Option<Row>,
) -> impl IntoView {
    let heads = columns
        .iter()
        .map(|name| view! { <th scope="col">{name.clone()}</th> })
        .collect_view();
    let body = rows
        .into_iter()
        .map(|line| row(&columns, line))
        .collect_view();
    let foot = total.map(|line| view! { <tfoot>{row(&columns, line)}</tfoot> });
    view! {
        <table class="cards">
            <thead><tr>{heads}</tr></thead>
            <tbody>{body}</tbody>
            {foot}
        </table>
    }
}

fn row(columns: &[String], line: Row) -> AnyView {
    let cells = columns
        .iter()
        .zip(line.cells)
        .map(|(name, cell)| {
            let name = name.clone();
            match cell {
                Cell::Head(text) => EitherOf4::A(view! { <th scope="row">{text}</th> }),
                Cell::Text(text) => EitherOf4::B(view! { <td data-label=name>{text}</td> }),
                Cell::Sum(sum) => EitherOf4::C(view! {
                    <td class="num sum" data-label=name data-kopecks=sum.get().to_string()>{sum.to_string()}</td>
                }),
                Cell::Part(sum) => {
                    EitherOf4::D(view! { <td class="num" data-label=name>{sum.to_string()}</td> })
                }
            }
        })
        .collect_view();
    view! { <tr data-status=line.status>{cells}</tr> }.into_any()
}
