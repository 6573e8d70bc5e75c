//! The signature of requests and notifications.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// SHA-256 of the scalar fields of the root and the password, joined in the order of their names.
pub fn of(body: &Map<String, Value>, password: &str) -> String {
    let mut fields: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in body.iter().filter(|(name, _)| *name != "Token") {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        fields.insert(name, text);
    }
    fields.insert("Password", password.to_owned());
    let joined: String = fields.into_values().collect();
    Sha256::digest(joined.as_bytes())
        .iter()
        .fold(String::new(), |mut hex, byte| {
            // Writing to a string does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
