//! Pictures of papers: taken from a plain form, shown to their owner. No server function: those read a whole body
//! before they know what it is.

use app::request::{AppContext, Ask};
use axum::Router;
use axum::extract::multipart::MultipartError;
use axum::extract::{
    DefaultBodyLimit, Extension, FromRequest as _, FromRequestParts as _, Multipart, Path, Request,
};
use axum::http::header::{self, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use cabinet::ids::{AppealId, BorrowerId, UploadId};
use cabinet::support;
use cabinet::upload::{self, Kind, MOST_BYTES, Owner};
use cabinet::{Cabinet, CabinetError};
use uuid::Uuid;

/// The picture and what the form says besides.
const BODY: usize = MOST_BYTES + 16 * 1024;
/// The form's parts: where to go back, the key, the kind, the file, and one that ends it.
const PARTS: usize = 5;
/// Pages a form may come from.
const BACK: [&str; 4] = ["/papers", "/application", "/phone-change/status", CHAT];
/// The page whose pictures are lines of the chat.
const CHAT: &str = "/chat";

/// The routes; the layers of sessions are put around them by the caller.
pub fn router<S: Clone + Send + Sync + 'static>(context: AppContext) -> Router<S> {
    Router::new()
        .route("/uploads", post(take))
        .route("/uploads/{id}", get(show))
        .route("/uploads/{id}/remove", post(remove))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(Extension(context))
}

/// Whose pictures the asker's are: a borrower's, or those of a request begun without a cabinet.
fn owner(ask: &Ask) -> Option<Owner> {
    if let Ok(borrower) = ask.borrower() {
        return Some(Owner::Borrower(borrower));
    }
    ask.who()?.request.map(Owner::Request)
}

fn ask_of(parts: &Parts) -> Option<Ask> {
    let context = parts.extensions.get::<AppContext>()?.clone();
    Ask::of(context, parts).ok()
}

/// What a form of a picture holds.
#[derive(Default)]
struct Typed {
    back: String,
    key: Option<Uuid>,
    kind: Option<Kind>,
    file: Vec<u8>,
}

async fn take(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(mut ask) = ask_of(&parts) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // Nobody's body is read.
    let Some(owner) = owner(&ask) else {
        return Redirect::to("/login").into_response();
    };
    let mut typed = Typed::default();
    let read = match Multipart::from_request(Request::from_parts(parts, body), &()).await {
        Ok(form) => read(form, &mut typed).await,
        Err(_) => Err("upload_broken"),
    };
    let fallback = match owner {
        Owner::Borrower(_) | Owner::Chat(_) => "/papers",
        Owner::Request(_) => "/phone-change/status",
    };
    let appeal = appeal_of(&typed.back);
    let back = BACK.into_iter().find(|page| *page == typed.back);
    let back = back.map(str::to_owned);
    let back = back.or(appeal.map(|appeal| format!("/appeals/{appeal}")));
    let kind = typed.kind.unwrap_or(Kind::Evidence);
    let put = match (read, owner) {
        (Ok(()), Owner::Borrower(borrower)) if typed.back == CHAT => {
            in_chat(&ask.cabinet, borrower, kind, typed).await
        }
        (Ok(()), _) => keep(&ask.cabinet, owner, kind, typed.file, appeal).await,
        (Err(code), _) => Err(CabinetError::field("file", code)),
    };
    // Refused or not, the page says how it went.
    if let Err(error) = ask.settle("upload", &[("kind", kind.code())], put).await {
        tracing::debug!(reason = %error.reason, "a picture was refused");
    }
    Redirect::to(back.as_deref().unwrap_or(fallback)).into_response()
}

/// Keeps a picture; of the page of an appeal, with it.
async fn keep(
    cabinet: &Cabinet,
    owner: Owner,
    kind: Kind,
    file: Vec<u8>,
    appeal: Option<AppealId>,
) -> cabinet::Result<()> {
    let picture = upload::put(cabinet, owner, kind, file).await?;
    match (appeal, owner) {
        (Some(appeal), Owner::Borrower(borrower)) => {
            support::attach(cabinet, borrower, appeal, picture).await
        }
        _ => Ok(()),
    }
}

/// Keeps a picture as a line of the chat, once for each form.
async fn in_chat(
    cabinet: &Cabinet,
    borrower: BorrowerId,
    kind: Kind,
    typed: Typed,
) -> cabinet::Result<()> {
    let key = typed.key.ok_or(CabinetError::NotFound)?;
    if support::chat::attached(cabinet, borrower, key).await? {
        return Ok(());
    }
    let picture = upload::put(cabinet, Owner::Chat(borrower), kind, typed.file).await?;
    support::chat::attach(cabinet, borrower, key, picture)
        .await
        .map(drop)
}

/// The appeal whose page the form came from.
fn appeal_of(back: &str) -> Option<AppealId> {
    back.strip_prefix("/appeals/")?.parse().ok()
}

/// Why a body could not be read, as the code of a field's text.
pub fn unread(error: MultipartError) -> &'static str {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => "upload_large",
        _ => "upload_broken",
    }
}

/// Reads the form, part by part; whatever is wrong with it is said of the file.
async fn read(mut form: Multipart, typed: &mut Typed) -> Result<(), &'static str> {
    for _ in 0..PARTS {
        let Some(part) = form.next_field().await.map_err(unread)? else {
            return Ok(());
        };
        match part.name() {
            Some("file") => typed.file = part.bytes().await.map_err(unread)?.to_vec(),
            Some("kind") => typed.kind = Kind::from_code(&part.text().await.map_err(unread)?),
            Some("key") => typed.key = part.text().await.map_err(unread)?.parse().ok(),
            Some("back") => typed.back = part.text().await.map_err(unread)?,
            _ => {}
        }
    }
    Ok(())
}

async fn show(request: Request) -> Response {
    let Some((ask, id)) = asked(request).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(owner) = owner(&ask) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match upload::read(&ask.cabinet, owner, id).await {
        Ok(jpeg) => picture(jpeg),
        Err(error) => refused(&ask, error),
    }
}

/// A picture of our own making, and nothing that a browser may take for something else.
fn picture(jpeg: Vec<u8>) -> Response {
    let mut response = jpeg.into_response();
    let own = HeaderName::from_static("cross-origin-resource-policy");
    for (name, value) in [
        (header::CONTENT_TYPE, "image/jpeg"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"document.jpg\"",
        ),
        (own, "same-origin"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn remove(request: Request) -> Response {
    let Some((ask, id)) = asked(request).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(borrower) = ask.borrower() else {
        return Redirect::to("/login").into_response();
    };
    match upload::remove(&ask.cabinet, Owner::Borrower(borrower), id).await {
        Ok(()) => Redirect::to("/papers").into_response(),
        Err(error) => refused(&ask, error),
    }
}

async fn asked(request: Request) -> Option<(Ask, UploadId)> {
    let (mut parts, _) = request.into_parts();
    let Path(id) = Path::<String>::from_request_parts(&mut parts, &())
        .await
        .ok()?;
    Some((ask_of(&parts)?, id.parse().ok()?))
}

fn refused(ask: &Ask, error: CabinetError) -> Response {
    let error = ask.error(error);
    StatusCode::from_u16(error.status())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        .into_response()
}
