//! Suggestions while somebody types: asked by `public/suggest.js`. No server function: it changes nothing, and what is
//! typed must stand in no address, so it is no page either.

use app::request::{AppContext, Ask};
use axum::Router;
use axum::extract::{Extension, Form, FromRequest as _, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use cabinet::suggest::{self, Wanted};
use serde::Deserialize;

#[derive(Deserialize)]
struct Typed {
    field: String,
    text: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    city: String,
}

/// The route; the layers of sessions are put around it by the caller.
pub fn router<S: Clone + Send + Sync + 'static>(context: AppContext) -> Router<S> {
    Router::new()
        .route("/suggest", post(answer))
        .layer(Extension(context))
}

async fn answer(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let ask = parts.extensions.get::<AppContext>().cloned();
    let Some(ask) = ask.and_then(|context| Ask::of(context, &parts).ok()) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // Whoever is not signed in has our own list in the page.
    let Ok(borrower) = ask.borrower() else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Ok(Form(typed)) = Form::<Typed>::from_request(Request::from_parts(parts, body), &()).await
    else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(wanted) = Wanted::of(&typed.field, &typed.region, &typed.city) else {
        return Json(Vec::<String>::new()).into_response();
    };
    match suggest::suggest(&ask.cabinet, borrower, wanted, &typed.text).await {
        Ok(found) => ([(header::CACHE_CONTROL, "no-store")], Json(found)).into_response(),
        Err(cabinet::CabinetError::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Err(error) => {
            tracing::error!(%error, "suggestions");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
