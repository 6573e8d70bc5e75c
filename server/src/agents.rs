//! An agent's link, and an agent's statement as a file. No pages: one leaves a cookie and goes on, the other is saved.

use app::agent::file::csv;
use app::agent::note;
use app::request::{AppContext, Ask};
use axum::Router;
use axum::extract::{Extension, FromRequestParts as _, Path, Request};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use cabinet::agent;

use crate::papers::{refused, saved};

/// The routes; the layers of sessions are put around them by the caller.
pub fn router<S: Clone + Send + Sync + 'static>(context: AppContext) -> Router<S> {
    Router::new()
        .route("/a/{code}", get(follow))
        .route("/agent/statements/{file}", get(statement))
        .layer(Extension(context))
}

async fn asked(request: Request) -> Option<(Ask, String)> {
    let (mut parts, _): (Parts, _) = request.into_parts();
    let Path(name) = Path::<String>::from_request_parts(&mut parts, &())
        .await
        .ok()?;
    let context = parts.extensions.get::<AppContext>()?.clone();
    Some((Ask::of(context, &parts).ok()?, name))
}

/// To the calculator, whoever's code it is and whether or not it is somebody's.
async fn follow(request: Request) -> Response {
    let Some((ask, code)) = asked(request).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let signed_in = ask.member().is_ok();
    let mut response = Redirect::to("/").into_response();
    match agent::follow(&ask.cabinet, &code, ask.agent_click(), signed_in).await {
        Ok(cookie) => {
            if let Some(cookie) = cookie
                && let Some(rules) = &ask.cabinet.lender().agent
                && let Ok(value) = HeaderValue::from_str(&note::cookie(&cookie, rules.window_days))
            {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
            response
        }
        Err(error) => refused(&ask, error),
    }
}

async fn statement(request: Request) -> Response {
    let Some((ask, file)) = asked(request).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(month) = file.strip_suffix(".csv") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(borrower) = ask.borrower() else {
        return Redirect::to("/login?next=/agent/statements").into_response();
    };
    let made = match agent::statement(&ask.cabinet, borrower, month).await {
        Ok(statement) => csv(ask.words, &statement),
        Err(error) => Err(error),
    };
    match made {
        // The name is one of ours by now: a month that has a statement.
        Ok(bytes) => saved(
            "text/csv; charset=utf-8",
            &format!("agent-{month}.csv"),
            bytes,
        ),
        Err(error) => refused(&ask, error),
    }
}
