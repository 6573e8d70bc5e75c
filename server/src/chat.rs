//! Live connections of chats: server-sent events for a borrower's page and for a specialist's, and their script.
//!
//! A connection looks into the database when something was written in this process, and every two seconds: another
//! process may have written. It ends with the sign-in, and after some minutes anyway: the browser opens the next by
//! itself and says which line it has had.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use app::request::{AppContext, Ask, language};
use app::support::chat::{SCRIPT, SCRIPT_PATH, Side, line_html, standing_html, waiting_html};
use app::ui::look::cookie;
use axum::Router;
use axum::extract::{Extension, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cabinet::access::{self, Standing as Signed};
use cabinet::ids::{BorrowerId, ChatId, SignInId};
use cabinet::support::chat::{self, Line, Standing, Waiting};
use cabinet::{Cabinet, CabinetError, staff};
use futures::future::BoxFuture;
use futures::stream::{self, Stream, StreamExt as _};
use locales::Words;
use serde::Deserialize;
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use crate::session;

/// The database is looked at so often even when nobody rings.
const LOOK: Duration = Duration::from_secs(2);
/// A connection ends after so long, and the browser opens the next.
const LASTS: Duration = Duration::from_mins(10);
/// A word so often keeps proxies from cutting a quiet connection.
const ALIVE: Duration = Duration::from_secs(15);
/// The browser waits so long before the next connection.
const RETRY: Duration = Duration::from_secs(1);
/// Connections of one sign-in at once, and of the whole process.
const OF_ONE: usize = 4;
const OF_ALL: usize = 5_000;

/// Turns true when the program is asked to stop.
#[derive(Clone)]
pub struct Stopping(pub watch::Receiver<bool>);

/// The borrower's connection; the layers of sessions are put around it by the caller.
pub fn router<S: Clone + Send + Sync + 'static>(
    context: AppContext,
    stopping: Stopping,
) -> Router<S> {
    Router::new()
        .route("/chat/stream", get(borrower))
        .layer(middleware::from_fn_with_state(
            context.clone(),
            session::looked_up,
        ))
        .layer(Extension(context))
        .layer(Extension(stopping))
}

/// The specialist's connection, and the script of both.
pub fn staff_router<S: Clone + Send + Sync + 'static>(
    context: AppContext,
    stopping: Stopping,
) -> Router<S> {
    Router::new()
        .route("/staff/chats/{id}/stream", get(specialist))
        .route(SCRIPT_PATH, get(script))
        .layer(Extension(context))
        .layer(Extension(stopping))
}

async fn script() -> Response {
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    let kept = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    ([kind, kept], SCRIPT).into_response()
}

/// How many connections each sign-in has.
static OPEN: LazyLock<Mutex<HashMap<String, usize>>> = LazyLock::new(Mutex::default);

/// A place among the connections; given back when it is dropped.
struct Place(String);

impl Place {
    fn take(whose: String) -> Option<Self> {
        let mut open = OPEN.lock().ok()?;
        let all: usize = open.values().sum();
        let of_one = open.get(&whose).copied().unwrap_or(0);
        if of_one >= OF_ONE || all >= OF_ALL {
            return None;
        }
        open.insert(whose.clone(), of_one + 1);
        Some(Self(whose))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Ok(mut open) = OPEN.lock() else { return };
        match open.get(&self.0).copied().unwrap_or(0) {
            0 | 1 => open.remove(&self.0),
            many => open.insert(self.0.clone(), many - 1),
        };
    }
}

/// From which line on: what the browser has had, by its header when it comes again, by the page at first.
#[derive(Deserialize)]
struct From {
    #[serde(default)]
    after: i64,
}

fn after(parts: &Parts) -> i64 {
    let had = parts.headers.get("last-event-id");
    let had = had.and_then(|id| id.to_str().ok()?.parse::<i64>().ok());
    let asked = Query::<From>::try_from_uri(&parts.uri).map_or(0, |from| from.0.after);
    had.unwrap_or(asked).max(0)
}

/// What a look found: events to send, or that there is nothing more to see here.
enum Found {
    Events(Vec<Event>),
    Over,
}

type Look = Box<dyn FnMut() -> BoxFuture<'static, Result<Found, CabinetError>> + Send>;

/// A connection: looks, sends, waits to be woken.
struct Live {
    look: Look,
    woken: broadcast::Receiver<BorrowerId>,
    whose: BorrowerId,
    stopping: watch::Receiver<bool>,
    until: Instant,
    first: bool,
    _place: Place,
}

impl Live {
    /// What to send next; none ends the connection.
    async fn next(mut self) -> Option<(Vec<Event>, Option<Self>)> {
        loop {
            if !self.first && !self.wait().await {
                return None;
            }
            self.first = false;
            match (self.look)().await {
                Ok(Found::Events(events)) if events.is_empty() => {}
                Ok(Found::Events(events)) => return Some((events, Some(self))),
                Ok(Found::Over) => {
                    return Some((vec![Event::default().event("over").data("over")], None));
                }
                Err(error) => {
                    // The browser comes again in a moment and asks for what it has not had.
                    tracing::warn!(%error, "a live chat");
                    return None;
                }
            }
        }
    }

    /// Until there may be something new; false when the connection is over.
    async fn wait(&mut self) -> bool {
        let look = tokio::time::sleep(LOOK);
        tokio::pin!(look);
        loop {
            tokio::select! {
                () = &mut look => return Instant::now() < self.until,
                heard = self.woken.recv() => match heard {
                    Ok(borrower) if borrower != self.whose => {}
                    // Whoever lags behind looks.
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return true,
                    Err(broadcast::error::RecvError::Closed) => return false,
                },
                _ = self.stopping.wait_for(|stop| *stop) => return false,
            }
        }
    }

    fn answer(self) -> Response {
        let events = stream::unfold(Some(self), |live| async move { live?.next().await });
        let events = events.flat_map(|events| stream::iter(events.into_iter().map(Ok)));
        answer(events)
    }
}

fn answer(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let kept = KeepAlive::new().interval(ALIVE);
    let mut response = Sse::new(events).keep_alive(kept).into_response();
    // A proxy that gathers an answer before passing it on would hold every line back.
    let unbuffered = header::HeaderName::from_static("x-accel-buffering");
    response
        .headers_mut()
        .insert(unbuffered, header::HeaderValue::from_static("no"));
    response
}

fn line_event(seq: i64, html: String) -> Event {
    Event::default()
        .event("line")
        .id(seq.to_string())
        .retry(RETRY)
        .data(html)
}

async fn borrower(
    Extension(context): Extension<AppContext>,
    Extension(stopping): Extension<Stopping>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let Ok(ask) = Ask::of(context, &parts) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (Ok(whose), Ok((_, sign_in))) = (ask.borrower(), ask.member()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    if ask.cabinet.lender().help.chat.is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(place) = Place::take(sign_in.to_string()) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let heard = Arc::new(Mutex::new((after(&parts), None)));
    let (cabinet, words) = (ask.cabinet.clone(), ask.words);
    let live = Live {
        woken: cabinet.listen(),
        look: Box::new(move || {
            let (cabinet, heard) = (cabinet.clone(), Arc::clone(&heard));
            Box::pin(async move { mine(&cabinet, words, (whose, sign_in), &heard).await })
        }),
        whose,
        stopping: stopping.0,
        until: Instant::now() + LASTS,
        first: true,
        _place: place,
    };
    live.answer()
}

type Heard<T> = Mutex<(i64, Option<T>)>;

/// A borrower's look: still signed in, then what is new.
async fn mine(
    cabinet: &Cabinet,
    words: Words,
    (whose, sign_in): (BorrowerId, SignInId),
    heard: &Heard<Standing>,
) -> Result<Found, CabinetError> {
    if access::standing(cabinet, whose, sign_in).await? != Signed::Full {
        return Ok(Found::Over);
    }
    let before = held(heard);
    let (lines, now) = chat::hear(cabinet, whose, before.0).await?;
    let html = |line: &Line| line_html(words, cabinet.lender(), Side::Borrower, line);
    let mut events = written(&lines, html);
    if before.1.as_ref() != Some(&now) {
        events.push(
            Event::default()
                .event("standing")
                .data(standing_html(words, cabinet, &now)),
        );
    }
    let last = lines.last().map_or(before.0, |line| line.seq);
    if last > before.0 {
        // The page is open and looked at: the script hangs up otherwise.
        chat::seen(cabinet, whose, last).await?;
    }
    hold(heard, (last, Some(now)));
    Ok(Found::Events(events))
}

fn written(lines: &[Line], html: impl Fn(&Line) -> String) -> Vec<Event> {
    lines
        .iter()
        .map(|line| line_event(line.seq, html(line)))
        .collect()
}

fn held<T: Clone>(heard: &Heard<T>) -> (i64, Option<T>) {
    heard.lock().map_or((i64::MAX, None), |held| held.clone())
}

fn hold<T>(heard: &Heard<T>, now: (i64, Option<T>)) {
    if let Ok(mut held) = heard.lock() {
        *held = now;
    }
}

async fn specialist(
    Extension(context): Extension<AppContext>,
    Extension(stopping): Extension<Stopping>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let Ok(id) = id.parse::<ChatId>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let token = cookie(&parts, "__Host-staff").unwrap_or_default();
    let (cabinet, words) = (context.cabinet.clone(), Words::new(language(&parts)));
    let Ok(Some(by)) = staff::watching(&cabinet, &token, (context.real_seconds)()).await else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let whose = match chat::since(&cabinet, &by, id, i64::MAX).await {
        Ok(Some((_, one))) => one.borrower,
        Ok(None) | Err(CabinetError::Forbidden(_)) => return StatusCode::FORBIDDEN.into_response(),
        Err(_) => return StatusCode::NOT_FOUND.into_response(),
    };
    let Some(place) = Place::take(by.id.to_string()) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let heard = Arc::new(Mutex::new((after(&parts), None)));
    let live = Live {
        woken: cabinet.listen(),
        look: Box::new(move || {
            let (context, token) = (context.clone(), token.clone());
            let heard = Arc::clone(&heard);
            Box::pin(async move { theirs(&context, words, (&token, id), &heard).await })
        }),
        whose,
        stopping: stopping.0,
        until: Instant::now() + LASTS,
        first: true,
        _place: place,
    };
    live.answer()
}

/// A specialist's look: still at work and still with this chat, then what is new.
async fn theirs(
    context: &AppContext,
    words: Words,
    (token, id): (&str, ChatId),
    heard: &Heard<Waiting>,
) -> Result<Found, CabinetError> {
    let cabinet = &context.cabinet;
    let Some(by) = staff::watching(cabinet, token, (context.real_seconds)()).await? else {
        return Ok(Found::Over);
    };
    let before = held(heard);
    let Some((lines, now)) = chat::since(cabinet, &by, id, before.0).await? else {
        return Ok(Found::Over);
    };
    let page = format!("/staff/chats/{id}");
    let html = |line: &Line| line_html(words, cabinet.lender(), Side::Staff(&page), line);
    let mut events = written(&lines, html);
    if before.1.as_ref() != Some(&now) {
        events.push(
            Event::default()
                .event("standing")
                .data(waiting_html(words, cabinet, &now)),
        );
    }
    let last = lines.last().map_or(before.0, |line| line.seq);
    hold(heard, (last, Some(now)));
    Ok(Found::Events(events))
}
