//! The staff's workplace under its addresses. Its pages know nothing of the borrower's session, and a borrower's page
//! nothing of theirs.

use std::collections::BTreeMap;

use app::request::{AppContext, ClientAddress, language};
use app::shell::SiteFiles;
use app::staff::routes::{FILES, FilePage, Form, PAGES, Page};
use app::staff::{self, Desk, KEYS, STYLE, Seat, papers};
use app::ui::look::cookie;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, RawPathParams, Request};
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use cabinet::CabinetError;
use cabinet::staff::Half;
use locales::Words;

use crate::security::FORM_LIMIT;
use crate::uploads::unread;

/// Every page, form and file of the table, and the script of keys.
pub fn router<S: Clone + Send + Sync + 'static>(
    context: &AppContext,
    files: &SiteFiles,
) -> Router<S> {
    let house = House {
        context: context.clone(),
        files: files.clone(),
    };
    let mut router = Router::new()
        .route(
            "/staff/keys.js",
            get(|| async { kept("text/javascript; charset=utf-8", KEYS) }),
        )
        .route(
            "/staff/style.css",
            get(|| async { kept("text/css; charset=utf-8", STYLE) }),
        );
    for page in PAGES {
        let at = house.clone();
        let show = move |params: RawPathParams, request: Request| async move {
            at.page(page, &params, request).await
        };
        router = router.route(page.path, get(show));
        for form in page.forms {
            let at = house.clone();
            let act = move |params: RawPathParams, request: Request| async move {
                at.form(page, form, &params, request).await
            };
            router = router.route(&format!("{}/{}", page.path, form.name), post(act));
        }
    }
    let at = house.clone();
    let add = move |params: RawPathParams, request: Request| async move {
        at.picture(&params, request).await
    };
    let add = post(add).layer(DefaultBodyLimit::max(papers::BODY));
    router = router.route("/staff/papers/{about}/{object}", add);
    for file in FILES {
        let at = house.clone();
        let make = move |params: RawPathParams, request: Request| async move {
            at.file(file, &params, request).await
        };
        router = router.route(file.path, get(make));
    }
    router
}

/// A file that is a part of the program; its address changes with it.
fn kept(kind: &'static str, text: &'static str) -> Response {
    let kind = (header::CONTENT_TYPE, kind);
    let kept = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    ([kind, kept], text).into_response()
}

#[derive(Clone)]
struct House {
    context: AppContext,
    files: SiteFiles,
}

impl House {
    async fn page(self, page: &'static Page, params: &RawPathParams, request: Request) -> Response {
        let (parts, _) = request.into_parts();
        match self.desk(&parts, params).await {
            Ok(desk) => staff::show(desk, page, &parts, &self.files).await,
            Err(status) => status.into_response(),
        }
    }

    async fn form(
        self,
        page: &'static Page,
        form: &'static Form,
        params: &RawPathParams,
        request: Request,
    ) -> Response {
        let (parts, body) = request.into_parts();
        let mut desk = match self.desk(&parts, params).await {
            Ok(desk) => desk,
            Err(status) => return status.into_response(),
        };
        let Ok(bytes) = to_bytes(body, FORM_LIMIT).await else {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        };
        desk.typed = pairs(&bytes);
        // The form's address is its page's with the form's name at the end.
        let end = desk.path.len() - form.name.len() - 1;
        desk.path.truncate(end);
        staff::act(desk, page, form, &parts, &self.files).await
    }

    /// A picture that one of the staff puts beside something: a plain form with a file.
    async fn picture(self, params: &RawPathParams, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let desk = match self.desk(&parts, params).await {
            Ok(desk) => desk,
            Err(status) => return status.into_response(),
        };
        // Nobody's body is read.
        if desk.staff.as_ref().is_none_or(|staff| staff.must_change) {
            return Redirect::to("/staff/enter").into_response();
        }
        let form = Multipart::from_request(Request::from_parts(parts, body), &()).await;
        let file = match form {
            Ok(form) => file_of(form).await,
            Err(_) => Err("upload_broken"),
        };
        match papers::add(&desk, file).await {
            Ok(page) => Redirect::to(&page).into_response(),
            Err(CabinetError::NotFound) => StatusCode::NOT_FOUND.into_response(),
            Err(CabinetError::Unauthenticated) => Redirect::to("/staff/enter").into_response(),
            Err(error) => {
                tracing::error!(%error, "a picture of the staff was not kept");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    async fn file(
        self,
        file: &'static FilePage,
        params: &RawPathParams,
        request: Request,
    ) -> Response {
        let (parts, _) = request.into_parts();
        match self.desk(&parts, params).await {
            Ok(desk) => staff::file(desk, file, &parts, &self.files).await,
            Err(status) => status.into_response(),
        }
    }

    async fn desk(&self, parts: &Parts, params: &RawPathParams) -> Result<Desk, StatusCode> {
        let address = parts.extensions.get::<ClientAddress>();
        let seat = Seat {
            token: cookie(parts, "__Host-staff").unwrap_or_default(),
            half: cookie(parts, "__Host-staff-half").map(Half),
            ip: address.map(|address| address.0.clone()).unwrap_or_default(),
        };
        let words = Words::new(language(parts));
        let desk = Desk::of(&self.context, words, seat).await;
        let mut desk = desk.map_err(|error| {
            tracing::error!(%error, "a session of the staff can't be read");
            StatusCode::SERVICE_UNAVAILABLE
        })?;
        parts.uri.path().clone_into(&mut desk.path);
        desk.query = pairs(parts.uri.query().unwrap_or_default().as_bytes());
        desk.params = params
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<BTreeMap<_, _>>();
        Ok(desk)
    }
}

/// The file of a form; whatever is wrong with it is said of the file.
async fn file_of(mut form: Multipart) -> Result<Vec<u8>, &'static str> {
    let part = form.next_field().await.map_err(unread)?;
    let part = part.filter(|part| part.name() == Some("file"));
    let bytes = part.ok_or("upload_empty")?.bytes().await;
    Ok(bytes.map_err(unread)?.to_vec())
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}
