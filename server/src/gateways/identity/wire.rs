//! Requests of the protocol libraries, sent by our own client: no redirects, short time-outs.

use axum::http::Response;
use openidconnect::{HttpRequest, HttpResponse};
use reqwest::Client;

use crate::gateways::http;

/// A letter longer than this is no answer of a provider.
const LONGEST: usize = 512 * 1024;

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Trouble(String);

pub(super) async fn send(http: Client, request: HttpRequest) -> Result<HttpResponse, Trouble> {
    let (parts, body) = request.into_parts();
    let answer = http
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await
        .map_err(|error| Trouble(http::trouble(error)))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer
        .bytes()
        .await
        .map_err(|error| Trouble(http::trouble(error)))?;
    if body.len() > LONGEST {
        return Err(Trouble("the answer is too long".into()));
    }
    let mut response = Response::new(body.to_vec());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}
