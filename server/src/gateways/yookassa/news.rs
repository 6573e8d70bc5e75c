//! Notifications. Anybody can send one: only its form is checked, for nothing in it is believed.

use cabinet::ports::News;
use serde::Deserialize;

/// `{"type":"notification","event":"payment.succeeded","object":{…}}`.
#[derive(Debug, Deserialize)]
struct Notification {
    event: String,
    object: Object,
}

#[derive(Debug, Deserialize)]
struct Object {
    id: String,
    status: Option<String>,
}

/// A notification whose names are short and plain, or nothing.
pub fn read(body: &[u8]) -> Option<News> {
    let notification: Notification = serde_json::from_slice(body).ok()?;
    let plain = |text: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        (1..=64).contains(&text.len()) && text.chars().all(known)
    };
    let status = notification.object.status.as_deref().is_none_or(plain);
    let right = plain(&notification.event) && plain(&notification.object.id) && status;
    right.then(|| News {
        event: notification.event,
        object: notification.object.id,
        status: notification.object.status.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notifications_are_read_and_nonsense_is_not() {
        let body = br#"{"type":"notification","event":"payment.succeeded",
            "object":{"id":"22e12f66-000f-5000-8000-18db351245c7","status":"succeeded"}}"#;
        assert_eq!(
            read(body).map(|found| found.event).as_deref(),
            Some("payment.succeeded")
        );
        for wrong in [
            b"".as_slice(),
            b"[]",
            b"{}",
            br#"{"event":"payment.succeeded","object":{}}"#,
            br#"{"event":"payment.succeeded","object":{"id":"../../me"}}"#,
            br#"{"event":"payment succeeded","object":{"id":"1"}}"#,
            br#"{"event":"payment.succeeded","object":{"id":"1"}"#,
        ] {
            assert_eq!(read(wrong), None);
        }
    }
}
