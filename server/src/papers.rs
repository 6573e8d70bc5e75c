//! Files: documents as PDF, everything about a person as JSON and CSV, and a paper brought back to be compared. No server
//! functions: their answers are no pages.

use std::sync::Arc;

use app::request::{AppContext, Ask};
use axum::Router;
use axum::extract::{
    DefaultBodyLimit, Extension, FromRequest as _, FromRequestParts as _, Multipart, Path, Request,
};
use axum::http::header::{self, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use cabinet::RequestId;
use cabinet::document::export::{self, Export};
use cabinet::document::{self, DocumentKind, PublicKind};

/// A paper of ours is some tens of kilobytes; what is larger is none.
const BODY: usize = 2 * 1024 * 1024;
/// The form's parts: where to go back, the file, and one that ends it.
const PARTS: usize = 3;

/// The routes; the layers of sessions are put around them by the caller.
pub fn router<S: Clone + Send + Sync + 'static>(context: AppContext) -> Router<S> {
    Router::new()
        .route("/files/public/{code}", get(public))
        .route("/files/{kind}/{object}", get(file))
        .route("/letters/{request}/{key}", get(letter))
        .route("/export/schema.json", get(schema))
        .route("/export/{name}", get(everything))
        .route("/verify/file", post(compare))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(Extension(context))
}

struct Asked<T> {
    ask: Ask,
    site: Arc<str>,
    path: T,
}

async fn asked<T>(request: Request) -> Option<Asked<T>>
where
    T: serde::de::DeserializeOwned + Send,
{
    let (mut parts, _) = request.into_parts();
    let Path(path) = Path::<T>::from_request_parts(&mut parts, &()).await.ok()?;
    let (ask, site) = ask_of(&parts)?;
    Some(Asked { ask, site, path })
}

fn ask_of(parts: &Parts) -> Option<(Ask, Arc<str>)> {
    let context = parts.extensions.get::<AppContext>()?.clone();
    let site = context.public_url.clone();
    Some((Ask::of(context, parts).ok()?, site))
}

fn missing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

/// To the page of signing in, and back to the list.
fn strangers() -> Response {
    Redirect::to("/login?next=/documents").into_response()
}

async fn file(request: Request) -> Response {
    let Some(asked) = asked::<(String, String)>(request).await else {
        return missing();
    };
    let (kind, object) = asked.path;
    let Some(kind) = DocumentKind::from_code(&kind) else {
        return missing();
    };
    let Ok(borrower) = asked.ask.borrower() else {
        return strangers();
    };
    let cabinet = &asked.ask.cabinet;
    match document::file(cabinet, borrower, kind, &object, &asked.site).await {
        Ok(file) => saved("application/pdf", &file.name, file.bytes),
        Err(error) => refused(&asked.ask, error),
    }
}

/// The letter about a cabinet that is closed, for whoever has its address.
async fn letter(request: Request) -> Response {
    let Some(asked) = asked::<(RequestId, String)>(request).await else {
        return missing();
    };
    let ((id, key), cabinet) = (asked.path, &asked.ask.cabinet);
    let (kind, object) = (DocumentKind::Letter, id.to_string());
    let made = match cabinet::request::letter_owner(cabinet, id, &key).await {
        Ok(owner) => document::file(cabinet, owner, kind, &object, &asked.site).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(file) => saved("application/pdf", &file.name, file.bytes),
        Err(error) => refused(&asked.ask, error),
    }
}

async fn public(request: Request) -> Response {
    let Some(asked) = asked::<String>(request).await else {
        return missing();
    };
    let Some(kind) = PublicKind::from_code(&asked.path) else {
        return missing();
    };
    let ask = asked.ask;
    match document::public(&ask.cabinet, kind, ask.words.lang).await {
        Ok(file) => saved("application/pdf", &file.name, file.bytes),
        Err(error) => refused(&ask, error),
    }
}

async fn schema() -> Response {
    let text = format!("{:#}\n", export::schema());
    ([(header::CONTENT_TYPE, "application/schema+json")], text).into_response()
}

async fn everything(request: Request) -> Response {
    let Some(asked) = asked::<String>(request).await else {
        return missing();
    };
    let table = asked.path.strip_suffix(".csv");
    if asked.path != "all.json" && !table.is_some_and(|table| Export::tables().contains(&table)) {
        return missing();
    }
    let Ok(borrower) = asked.ask.borrower() else {
        return strangers();
    };
    let all = match export::export(&asked.ask.cabinet, borrower).await {
        Ok(all) => all,
        Err(error) => return refused(&asked.ask, error),
    };
    match table {
        Some(table) => match all.csv(table) {
            Ok(text) => saved("text/csv; charset=utf-8", &asked.path, text.into_bytes()),
            Err(error) => refused(&asked.ask, error),
        },
        None => match serde_json::to_vec_pretty(&all) {
            Ok(bytes) => saved("application/json", "kopeck-export.json", bytes),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
    }
}

/// A file to be saved, that no shared memory keeps and no browser takes for something else.
pub(crate) fn saved(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    response
}

/// The refusal as its status, for what is no page.
pub(crate) fn refused(ask: &Ask, error: cabinet::CabinetError) -> Response {
    let error = ask.error(error);
    StatusCode::from_u16(error.status())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        .into_response()
}

/// A paper brought back: only its fingerprint is taken, the file itself is not kept.
async fn compare(request: Request) -> Response {
    let Ok(mut form) = Multipart::from_request(request, &()).await else {
        return Redirect::to("/verify").into_response();
    };
    let (mut back, mut hash) = (String::new(), None);
    for _ in 0..PARTS {
        let part = match form.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(error) => return error.status().into_response(),
        };
        match part.name() {
            Some("back") => back = part.text().await.unwrap_or_default(),
            Some("file") => match part.bytes().await {
                Ok(bytes) => hash = Some(document::bytes_hash(&bytes)),
                Err(error) => return error.status().into_response(),
            },
            _ => {}
        }
    }
    let page = page_to(&back);
    match hash {
        Some(hash) => Redirect::to(&format!("{page}?hash={hash}")).into_response(),
        None => Redirect::to(&page).into_response(),
    }
}

/// The page of one paper, or of all of them: nowhere else.
fn page_to(back: &str) -> String {
    let token = back.strip_prefix("/verify/").unwrap_or_default();
    let named = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if named {
        return format!("/verify/{token}");
    }
    "/verify".to_owned()
}

#[cfg(test)]
mod tests {
    use super::page_to;

    #[test]
    fn a_form_leads_back_to_our_own_page_only() {
        assert_eq!(page_to("/verify/123"), "/verify/123");
        for other in [
            "",
            "/verify",
            "/verify/",
            "//evil.example",
            "/verify/../x",
            "/verify/1?x=2",
        ] {
            assert_eq!(page_to(other), "/verify", "{other}");
        }
    }
}
