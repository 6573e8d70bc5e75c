//! The public file of a draw: everything that is needed to compute its winners again, and nothing of who they are.

use app::request::AppContext;
use axum::Router;
use axum::extract::{Extension, Path};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cabinet::{CabinetError, draw};

/// The route.
pub fn router<S: Clone + Send + Sync + 'static>(context: AppContext) -> Router<S> {
    Router::new()
        .route("/draws/{file}", get(file))
        .layer(Extension(context))
}

async fn file(Extension(context): Extension<AppContext>, Path(file): Path<String>) -> Response {
    let Some(code) = file.strip_suffix(".json") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let text = match draw::public(&context.cabinet, code).await {
        Ok(draw) => serde_json::to_string_pretty(&draw),
        Err(CabinetError::NotFound) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a draw can't be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    match text {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text + "\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "a draw can't be written");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
