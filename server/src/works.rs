//! Technical works: what is announced is put before every page, and in a window nothing is changed.

use std::sync::Arc;
use std::time::Duration;

use app::error::{ApiError, Code};
use app::request::Ask;
use app::works::{Announced, closed_until};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cabinet::Cabinet;
use cabinet::works::{self, Window};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::router::{self, Parts};

/// How long what was read is believed: every node closes within so long of the word.
const BELIEVED: Duration = Duration::from_secs(2);

/// What may be sent all the same: leaving, how pages look, and questions whose answers change nothing.
const OPEN: [&str; 4] = [
    "/api/v1/access/sign-out",
    "/api/v1/look/choose",
    "/suggest",
    "/verify/file",
];

type Read = Option<(Instant, Vec<Window>)>;

/// The announced windows, read now and then.
#[derive(Clone, Default)]
pub struct Board(Arc<Mutex<Read>>);

impl Board {
    /// The nearest window that is not over. While the database can't be asked, what was last known.
    async fn nearest(&self, cabinet: &Cabinet) -> Option<Window> {
        let mut kept = self.0.lock().await;
        let fresh = kept.as_ref().is_some_and(|(at, _)| at.elapsed() < BELIEVED);
        if !fresh {
            match works::ahead(cabinet).await {
                Ok(windows) => *kept = Some((Instant::now(), windows)),
                Err(error) => tracing::error!(%error, "announced works"),
            }
        }
        let now = cabinet.now();
        let windows = kept.as_ref().map_or(&[][..], |(_, windows)| windows);
        windows.iter().find(|window| now < window.until).cloned()
    }
}

/// Tells pages of the nearest window, and keeps what changes anything out of one that holds.
pub async fn announced(
    State(parts): State<Arc<Parts>>,
    mut request: Request,
    next: Next,
) -> Response {
    let cabinet = &parts.cabinet;
    let Some(window) = parts.works.nearest(cabinet).await else {
        return next.run(request).await;
    };
    let now = cabinet.now();
    request.extensions_mut().insert(Announced(window.clone()));
    let path = request.uri().path();
    let changes = request.method() == Method::POST && !OPEN.contains(&path);
    if !changes || !window.holds(now) {
        return next.run(request).await;
    }
    let seconds = window.seconds_left(now);
    let mut response = if path.starts_with("/api/") && !wants_page(&request) {
        told(&parts, request, &window, seconds)
    } else {
        page(&parts, request).await
    };
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn wants_page(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT);
    accept
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

/// For scripts: the error that the form shows where it stands, so that nothing typed is lost.
fn told(parts: &Parts, request: Request, window: &Window, seconds: u64) -> Response {
    let mut error = ApiError::new(Code::Unavailable, "works");
    error.retry_after = Some(seconds);
    let (request, _) = request.into_parts();
    if let Ok(ask) = Ask::of(parts.context.clone(), &request) {
        error.text = closed_until(&ask, window);
    }
    let mut response = axum::Json(error).into_response();
    response
        .headers_mut()
        .insert("serverfnerror", HeaderValue::from_static("true"));
    response
}

/// For a form of a page: the page of the works in place of the answer.
async fn page(parts: &Parts, request: Request) -> Response {
    let (mut request, _) = request.into_parts();
    request.method = Method::GET;
    request.uri = Uri::from_static("/works");
    request.headers.remove(header::CONTENT_TYPE);
    request.headers.remove(header::CONTENT_LENGTH);
    router::works(parts, Request::from_parts(request, Body::empty())).await
}
