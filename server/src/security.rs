//! Headers, statuses and limits that every answer has, whoever made it.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use leptos::nonce::Nonce;
use locales::Words;

use app::error::{ApiError, Code};

use crate::pwa;

/// The largest body of a form, bytes. The longest honest form is under 4 KB.
pub const FORM_LIMIT: usize = 64 * 1024;

/// The policy's part that depends on the configuration.
#[derive(Debug, Clone)]
pub struct Policy {
    form_action: Arc<str>,
    captcha: Option<Arc<str>>,
    hsts: bool,
}

impl Policy {
    /// `origins`: where forms may lead (the acquirer's pages, identity providers). `captcha`: where a
    /// foreign captcha comes from.
    pub fn new(origins: &[String], captcha: Option<String>, hsts: bool) -> Self {
        let mut form_action = "'self'".to_owned();
        for origin in origins {
            form_action.push(' ');
            form_action.push_str(origin);
        }
        Self {
            form_action: form_action.into(),
            captcha: captcha.map(Into::into),
            hsts,
        }
    }

    fn csp(&self, nonce: &Nonce) -> String {
        let captcha = self.captcha.as_ref();
        let more = captcha.map_or_else(String::new, |origin| format!(" {origin}"));
        let frames = captcha.map_or_else(String::new, |origin| format!(" frame-src {origin};"));
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'{more}; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'{more}; manifest-src 'self'; \
             worker-src 'self';{frames} form-action {}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
            self.form_action
        )
    }
}

/// Mints the nonce and sets the security headers of the answer.
pub async fn headers(State(policy): State<Policy>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let private = request.headers().get(header::COOKIE).is_some();
    let is_file = is_file(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("content-security-policy", &policy.csp(&nonce));
    set("x-content-type-options", "nosniff");
    // Not `no-referrer`: a form without JavaScript comes back to its page by the Referer.
    set("referrer-policy", "same-origin");
    set(
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=()",
    );
    set("cross-origin-opener-policy", "same-origin");
    if policy.hsts {
        set(
            "strict-transport-security",
            "max-age=31536000; includeSubDomains",
        );
    }
    if !is_file {
        set(
            "cache-control",
            if private { "no-store" } else { "no-cache" },
        );
    }
    response
}

fn is_file(path: &str) -> bool {
    ["/pkg/", "/fonts/", "/icons/", "/pwa/"]
        .iter()
        .any(|folder| path.starts_with(folder))
        || [
            "/manners.js",
            "/islands.js",
            "/access.js",
            "/chat.js",
            "/staff/keys.js",
            "/staff/style.css",
        ]
        .contains(&path)
        || pwa::NAMED.contains(&path)
}

/// Gives the answers of server functions their status and text, and keeps errors out of addresses.
pub async fn api_answers(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    if request.method() == Method::POST && !is_form(&request) {
        return json(
            &ApiError::new(Code::BadRequest, "content_type"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        );
    }
    let response = next.run(request).await;
    if response.status().is_redirection() {
        return without_error_in_address(response);
    }
    if response.status().is_success() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, FORM_LIMIT).await.unwrap_or_default();
    let (mut error, status) = match serde_json::from_slice::<ApiError>(&bytes) {
        Ok(error) => {
            let status = StatusCode::from_u16(error.status());
            (error, status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
        // Not a function's own answer: its status is right, its text is for nobody.
        Err(_) => (unread(parts.status), parts.status),
    };
    if error.text.is_empty() {
        let key = format!("error-{}", error.reason.replace('_', "-"));
        let words = Words::default();
        error.text = if words.has(&key) {
            words.t(&key)
        } else {
            words.t("error-internal")
        };
    }
    let mut answer = json(&error, status);
    if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
        answer
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    answer
}

fn unread(status: StatusCode) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => ApiError::new(Code::NotFound, "not_found"),
        _ if status.is_client_error() => ApiError::new(Code::BadRequest, "unreadable"),
        _ => ApiError::new(Code::Internal, "internal"),
    }
}

fn is_form(request: &Request) -> bool {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

fn json(error: &ApiError, status: StatusCode) -> Response {
    let mut response = (status, axum::Json(error)).into_response();
    response
        .headers_mut()
        .insert("serverfnerror", HeaderValue::from_static("true"));
    if let Some(seconds) = error.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Without JavaScript the library puts the error into the address of the page; ours waits in a draft.
fn without_error_in_address(mut response: Response) -> Response {
    let Some(location) = response
        .headers()
        .get(header::LOCATION)
        .and_then(|v| v.to_str().ok())
    else {
        return response;
    };
    let Some((path, query)) = location.split_once('?') else {
        return response;
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("__err=") && !pair.starts_with("__path="))
        .collect();
    let clean = if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    };
    if let Ok(value) = HeaderValue::from_str(&clean) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// The answer to a panic: honest, and nothing internal.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    let body = Words::default().t("error-internal");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}
