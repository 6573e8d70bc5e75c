//! The signature: SHA-256 of the root's scalar fields and the password, joined in the order of
//! their names.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::gateways::wire::sha256;

/// The token of a request or a notification. A number is joined as it was written.
pub fn of(body: &Map<String, Value>, password: &str) -> String {
    let mut fields: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in body {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        fields.insert(name, text);
    }
    fields.remove("Token");
    fields.insert("Password", password.to_owned());
    sha256(&fields.into_values().collect::<String>())
}

/// Compared in a time that tells nothing of where they differ.
pub fn same(sent: &str, right: &str) -> bool {
    sent.len() == right.len()
        && sent
            .bytes()
            .zip(right.bytes())
            .fold(0_u8, |differ, (a, b)| differ | (a ^ b))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The example of the acquirer's documentation.
    #[test]
    fn the_documented_example_gives_the_documented_token() {
        let body = json!({
            "TerminalKey": "MerchantTerminalKey", "Amount": 19_200, "OrderId": "21090",
            "Description": "Подарочная карта на 1000 рублей",
            "DATA": { "Phone": "+71234567890", "Email": "a@test.com" },
            "Receipt": { "Email": "a@test.ru", "Taxation": "osn" },
        });
        let Value::Object(body) = body else { panic!() };
        let token = "0024a00af7c350a3a67ca168ce06502aa72772456662e38696d48b56ee9c97d9";
        assert_eq!(of(&body, "usaf8fw8fsw21g"), token);
        assert!(same(token, token) && !same(token, &token.replace('9', "8")) && !same("", token));
    }
}
