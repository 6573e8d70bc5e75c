//! The SMS gateway, in the wire format of smsc.ru.

use axum::body::Bytes;
use axum::extract::{RawQuery, State as AxumState};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::faults::{self, Kind};
use crate::inbox::{Channel, address};
use crate::{App, State};

const LOGIN: &str = "kopeck";
const PASSWORD: &str = "sandbox";

#[derive(Deserialize)]
struct Send {
    #[serde(default)]
    login: String,
    #[serde(default)]
    psw: String,
    #[serde(default)]
    phones: String,
    #[serde(default)]
    mes: String,
    #[serde(default)]
    fmt: String,
    #[serde(default)]
    charset: String,
    #[serde(default)]
    id: Option<u64>,
}

struct Refusal(&'static str, u8);

pub fn router() -> Router<App> {
    Router::new().route("/sys/send.php", get(send).post(send))
}

async fn send(
    AxumState(app): AxumState<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let mut fields = query.unwrap_or_default().into_bytes();
    if form {
        fields.push(b'&');
        fields.extend_from_slice(&body);
    }
    faults::around(&app, "sms.send", |fault| {
        let Some(order) = read(&fields) else {
            return Json(json!({ "error": "parameters error", "error_code": 1 })).into_response();
        };
        let lost = fault.is_some_and(|fault| fault.kind == Kind::Lost);
        let result = accept(&mut app.lock(), &order, lost);
        answer(&order, &result)
    })
    .await
}

/// Query and form fields together; `None` when they cannot be read.
fn read(fields: &[u8]) -> Option<Send> {
    let uri = format!("/?{}", std::str::from_utf8(fields).ok()?.trim_matches('&'));
    let uri: axum::http::Uri = uri.parse().ok()?;
    axum::extract::Query::<Send>::try_from_uri(&uri)
        .ok()
        .map(|query| query.0)
}

/// Stores the message for each phone; the id and the number of parts sent.
fn accept(state: &mut State, order: &Send, lost: bool) -> Result<(u64, usize), Refusal> {
    if order.login != LOGIN || order.psw != PASSWORD {
        return Err(Refusal("authorise error", 2));
    }
    let phones: Vec<String> = order
        .phones
        .split([',', ';'])
        .filter(|phone| !phone.trim().is_empty())
        .map(address)
        .collect();
    if phones.is_empty() || order.mes.is_empty() {
        return Err(Refusal("parameters error", 1));
    }
    // Without it the real gateway reads the bytes as windows-1251 and the text is spoilt.
    if !order.mes.is_ascii() && !order.charset.eq_ignore_ascii_case("utf-8") {
        return Err(Refusal("parameters error: charset=utf-8 is required", 1));
    }
    if phones
        .iter()
        .any(|phone| phone.len() != 11 || !phone.starts_with('7'))
    {
        return Err(Refusal("invalid number", 7));
    }
    let now = state.clock.now();
    let count = phones.len() * parts(&order.mes);
    let mut id = order.id.unwrap_or_default();
    for phone in phones {
        if lost {
            id = id.max(1);
            continue;
        }
        let added = state
            .inbox
            .add(Channel::Sms, phone, None, order.mes.clone(), now);
        id = order.id.unwrap_or(added);
    }
    Ok((id, count))
}

fn answer(order: &Send, result: &Result<(u64, usize), Refusal>) -> Response {
    match (order.fmt.as_str(), result) {
        ("3", Ok((id, count))) => Json(json!({ "id": id, "cnt": count })).into_response(),
        ("3", Err(Refusal(error, code))) => {
            Json(json!({ "error": error, "error_code": code })).into_response()
        }
        (_, Ok((id, count))) => format!("OK - {count} SMS, ID - {id}").into_response(),
        (_, Err(Refusal(error, code))) => format!("ERROR = {code} ({error})").into_response(),
    }
}

/// How many messages the text takes: 160/153 Latin characters, 70/67 otherwise.
fn parts(text: &str) -> usize {
    let (length, single, joined) = if text.is_ascii() {
        (text.len(), 160, 153)
    } else {
        (text.encode_utf16().count(), 70, 67)
    };
    if length <= single {
        1
    } else {
        length.div_ceil(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn parts_follow_the_alphabet() {
        assert_eq!(parts(&"a".repeat(160)), 1);
        assert_eq!(parts(&"a".repeat(161)), 2);
        assert_eq!(parts(&"я".repeat(70)), 1);
        assert_eq!(parts(&"я".repeat(71)), 2);
        assert_eq!(parts(&"я".repeat(135)), 3);
    }
}
