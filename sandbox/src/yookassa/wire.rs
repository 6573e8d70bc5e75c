//! What travels: errors, sums, identifiers, checks of incoming fields.

use std::fmt;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::clock::Moment;

/// A refusal in the provider's own shape.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    description: String,
    parameter: Option<String>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, description: impl Into<String>) -> Self {
        Self {
            status,
            code,
            description: description.into(),
            parameter: None,
        }
    }

    /// 400 about one field.
    pub fn invalid(parameter: &str, description: impl Into<String>) -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, "invalid_request", description);
        Self {
            parameter: Some(parameter.to_owned()),
            ..error
        }
    }

    /// 400 about the request as a whole.
    pub fn refused(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    pub fn credentials() -> Self {
        let description = "Error in shopId or secret key. Check their validity.";
        let error = Self::new(StatusCode::UNAUTHORIZED, "invalid_credentials", description);
        Self {
            parameter: Some("Authorization".into()),
            ..error
        }
    }

    pub fn forbidden(description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", description)
    }

    pub fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("{what} doesn't exist"),
        )
    }

    pub fn method_not_allowed() -> Self {
        let description = "Method is not allowed for this resource";
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "invalid_request",
            description,
        )
    }

    pub fn media_type() -> Self {
        let description = "Content-Type must be application/json";
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "invalid_request",
            description,
        )
    }

    pub fn too_many() -> Self {
        let description = "Too many requests";
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            description,
        )
    }

    pub fn internal() -> Self {
        let description = "Internal server error, the result is unknown";
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_server_error",
            description,
        )
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": "error",
            "id": new_id(),
            "code": self.code,
            "description": self.description,
        });
        if let Some(parameter) = self.parameter {
            body["parameter"] = parameter.into();
        }
        (self.status, Json(body)).into_response()
    }
}

/// Roubles in kopecks; on the wire an object with a decimal string.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rub(pub i64);

impl Rub {
    pub const fn whole(roubles: i64) -> Self {
        Self(roubles * 100)
    }

    /// Reads `"1000.00"`; up to two digits after the dot, no sign, no exponent.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if whole.len() > 12 || fraction.len() > 2 || !digits(whole) || !digits(fraction) {
            return None;
        }
        let cents: i64 = fraction.parse().ok()?;
        let cents = if fraction.len() == 1 {
            cents * 10
        } else {
            cents
        };
        Some(Self(whole.parse::<i64>().ok()? * 100 + cents))
    }

    /// The positive rouble sum of a request field such as `amount`.
    pub fn required(body: &Value, field: &str) -> Result<Self, ApiError> {
        let amount = &body[field];
        if !amount.is_object() {
            return Err(ApiError::invalid(
                field,
                "Required parameter is missing or not an object",
            ));
        }
        if amount["currency"] != "RUB" {
            let path = format!("{field}.currency");
            return Err(ApiError::invalid(&path, "Only RUB is supported"));
        }
        let path = format!("{field}.value");
        amount["value"]
            .as_str()
            .and_then(Self::parse)
            .filter(|sum| sum.0 > 0)
            .ok_or_else(|| ApiError::invalid(&path, "Must be a positive decimal string"))
    }
}

impl fmt::Display for Rub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let kopecks = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", kopecks / 100, kopecks % 100)
    }
}

impl Serialize for Rub {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({ "value": self.to_string(), "currency": "RUB" }).serialize(serializer)
    }
}

/// Who called a thing off and why.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Cancellation {
    pub party: &'static str,
    pub reason: &'static str,
}

/// The only source of chance in the sandbox: it stands outside the tested system.
#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox plays the outside world"
)]
fn chance() -> u64 {
    rand::random()
}

/// An identifier in the provider's style.
pub fn new_id() -> String {
    let (head, tail) = (chance() >> 32, chance() >> 16);
    format!("{head:08x}-000f-5000-8000-{tail:012x}")
}

/// `n` random decimal digits, up to 40.
pub fn digits(n: usize) -> String {
    let pool = format!("{:020}{:020}", chance(), chance());
    pool.chars().rev().take(n).collect()
}

/// Checks the length of an optional text field and returns it.
pub fn text(body: &Value, field: &str, longest: usize) -> Result<Option<String>, ApiError> {
    match &body[field] {
        Value::Null => Ok(None),
        Value::String(text) if text.chars().count() <= longest => Ok(Some(text.clone())),
        _ => Err(ApiError::invalid(
            field,
            format!("Must be a string of at most {longest}"),
        )),
    }
}

/// Checks the `metadata` of a request: at most 16 keys of 32 characters, values of 512.
pub fn metadata(body: &Value) -> Result<Map<String, Value>, ApiError> {
    let wrong = |why| ApiError::invalid("metadata", why);
    let map = match &body["metadata"] {
        Value::Null => return Ok(Map::new()),
        Value::Object(map) => map,
        _ => return Err(wrong("Must be an object")),
    };
    if map.len() > 16 {
        return Err(wrong("Too many keys, at most 16"));
    }
    for (key, value) in map {
        let short = value
            .as_str()
            .is_some_and(|text| text.chars().count() <= 512);
        if key.chars().count() > 32 || !short {
            return Err(wrong(
                "Keys up to 32 characters, values are strings up to 512",
            ));
        }
    }
    Ok(map.clone())
}

/// The address the payer comes back to.
pub fn return_url(confirmation: &Value) -> Result<String, ApiError> {
    let parameter = "confirmation.return_url";
    let url = confirmation["return_url"].as_str().unwrap_or_default();
    if url.is_empty() || url.len() > 2048 {
        return Err(ApiError::invalid(
            parameter,
            "Required, at most 2048 characters",
        ));
    }
    match reqwest::Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(url.to_owned()),
        _ => Err(ApiError::invalid(
            parameter,
            "Must be an absolute http(s) address",
        )),
    }
}

/// One listing: filters, order, paging. The newest come first.
pub struct Query<'a> {
    pub pairs: &'a [(String, String)],
}

impl Query<'_> {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    fn moment(&self, name: &str) -> Result<Option<Moment>, ApiError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        // A plus sign of a zone arrives as a space when it was not escaped.
        let parsed = Moment::parse(&text.replace(' ', "+"));
        parsed
            .map(Some)
            .ok_or_else(|| ApiError::invalid(name, "Must be an ISO 8601 time"))
    }

    /// A predicate from `{field}.gte|gt|lte|lt`.
    pub fn range(&self, field: &str) -> Result<impl Fn(Option<Moment>) -> bool, ApiError> {
        let gte = self.moment(&format!("{field}.gte"))?;
        let gt = self.moment(&format!("{field}.gt"))?;
        let lte = self.moment(&format!("{field}.lte"))?;
        let lt = self.moment(&format!("{field}.lt"))?;
        let free = [gte, gt, lte, lt].iter().all(Option::is_none);
        Ok(move |at: Option<Moment>| match at {
            None => free,
            Some(at) => {
                gte.is_none_or(|bound| at >= bound)
                    && gt.is_none_or(|bound| at > bound)
                    && lte.is_none_or(|bound| at <= bound)
                    && lt.is_none_or(|bound| at < bound)
            }
        })
    }

    /// Cuts the page named by `limit` and `cursor` out of matching objects (oldest first).
    pub fn page<T: Serialize>(
        &self,
        found: &[&T],
        id: impl Fn(&T) -> &str,
    ) -> Result<Value, ApiError> {
        let limit = match self.get("limit") {
            None => 10,
            Some(text) => text
                .parse::<usize>()
                .ok()
                .filter(|n| (1..=100).contains(n))
                .ok_or_else(|| ApiError::invalid("limit", "Must be from 1 to 100"))?,
        };
        let newest: Vec<&&T> = found.iter().rev().collect();
        let start = match self.get("cursor") {
            None => 0,
            Some(cursor) => newest
                .iter()
                .position(|item| id(item) == cursor)
                .ok_or_else(|| ApiError::invalid("cursor", "Unknown cursor"))?,
        };
        let end = newest.len().min(start + limit);
        let mut body = json!({ "type": "list", "items": &newest[start..end] });
        if let Some(next) = newest.get(end) {
            body["next_cursor"] = id(next).into();
        }
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::Rub;

    #[test]
    fn sums_are_read_exactly() {
        assert_eq!(Rub::parse("1000.00"), Some(Rub(100_000)));
        assert_eq!(Rub::parse("0.05"), Some(Rub(5)));
        assert_eq!(Rub::parse("7.5"), Some(Rub(750)));
        assert_eq!(Rub::parse("12"), Some(Rub(1200)));
        for wrong in [
            "", ".", "1.", ".5", "-1.00", "+1", "1.005", "1e3", "1 000.00", "1,00",
        ] {
            assert_eq!(Rub::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sums_are_written_with_two_digits() {
        assert_eq!(Rub(5).to_string(), "0.05");
        assert_eq!(Rub(-105).to_string(), "-1.05");
        assert_eq!(Rub(123_456).to_string(), "1234.56");
    }
}
