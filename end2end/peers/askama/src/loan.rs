//! `/loans/{id}`: the session and the loan by their keys, the debt counted from its terms and operations, every sum
//! printed into a page of the same size.

use std::cell::RefCell;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Html;
use chrono::NaiveDate;
use lending::{Event, Kopecks, LoanState, Terms};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use sha2::{Digest, Sha256};

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

#[derive(Template)]
#[template(path = "loan.html")]
struct Loan {
    figures: Vec<Kopecks>,
    debt: Kopecks,
}

pub async fn page(
    State(database): State<Arc<str>>,
    Path(loan): Path<String>,
    headers: HeaderMap,
) -> Result<Html<String>, StatusCode> {
    let cookies = headers.get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let session = cookies.split("; ").find_map(|pair| pair.strip_prefix("__Host-session="));
    let session = session.ok_or(StatusCode::UNAUTHORIZED)?;
    let found = CONNECTION.with_borrow_mut(|connection| {
        let connection = connection.get_or_insert_with(|| open(&database));
        read(connection, session, &loan).expect("the seeded database")
    });
    let (figures, state) = found.ok_or(StatusCode::NOT_FOUND)?;
    let page = Loan { figures, debt: state.payoff };
    Ok(Html(page.render().expect("a template without filters that fail")))
}

fn open(database: &str) -> Connection {
    Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the seeded database")
}

type Found = Option<(Vec<Kopecks>, LoanState)>;

fn read(connection: &Connection, session: &str, loan: &str) -> rusqlite::Result<Found> {
    let hash = Sha256::digest(session.as_bytes());
    let mut query = connection.prepare_cached("SELECT borrower FROM session WHERE id = ?1 AND expires > unixepoch()")?;
    let Some(borrower) = query.query_row([hash.as_slice()], |row| row.get::<_, i64>(0)).optional()? else {
        return Ok(None);
    };
    let mut query = connection.prepare_cached("SELECT terms, today FROM loan WHERE id = ?1 AND borrower = ?2")?;
    let row = query.query_row(params![loan, borrower], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
    let Some((terms, today)) = row.optional()? else {
        return Ok(None);
    };
    let terms: Terms = serde_json::from_str(&terms).expect("terms");
    let today: NaiveDate = today.parse().expect("a date");
    let mut query = connection.prepare_cached("SELECT event FROM operation WHERE loan = ?1 ORDER BY number")?;
    let events = query.query_map([loan], |row| row.get::<_, String>(0))?;
    let events: Vec<Event> =
        events.map(|event| Ok(serde_json::from_str(&event?).expect("an event"))).collect::<rusqlite::Result<_>>()?;
    let state = lending::state(&terms, &events, today).expect("a state");
    let mut query = connection.prepare_cached("SELECT kopecks FROM figure WHERE loan = ?1 ORDER BY place")?;
    let figures = query.query_map([loan], |row| row.get(0).map(Kopecks::new))?;
    Ok(Some((figures.collect::<rusqlite::Result<_>>()?, state)))
}
