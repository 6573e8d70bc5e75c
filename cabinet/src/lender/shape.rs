//! Whether a file has the shape that the types ask for: every unknown, missing or mistyped key at once, which a
//! deserializer, stopping at its first trouble, can't tell.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::check::Complaints;
use super::help::minutes;
use super::product::{NumberOrText, Percent, Roubles};

/// Complains about everything in a table that its schema does not allow.
pub(super) fn table(schema: &Value, table: &DeTable<'_>, path: &str, say: &mut Complaints) {
    let none = serde_json::Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&none);
    for (key, value) in table {
        let key = key.get_ref().as_ref();
        match properties.get(key) {
            Some(schema) => one(schema, value, path, key, say),
            None => say.say(
                path,
                key,
                "is not a key of this file",
                &unknown(key, properties),
            ),
        }
    }
    let required = schema["required"].as_array().into_iter().flatten();
    for key in required.filter_map(Value::as_str) {
        if !table.contains_key(key) {
            let instead = properties.get(key).map(example).unwrap_or_default();
            say.say(path, key, "is missing", &format!("write {key}{instead}"));
        }
    }
}

fn unknown(key: &str, properties: &serde_json::Map<String, Value>) -> String {
    let near = nearest(key, properties.keys().map(String::as_str));
    near.map_or_else(
        || "remove it; docs/lenders.md lists them all".to_owned(),
        |near| format!("did you mean {near}?"),
    )
}

/// The known word that somebody may have meant.
fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// What may stand where a key is missing.
fn example(schema: &Value) -> String {
    let schema = present(schema);
    match (kind(schema).as_str(), schema["format"].as_str()) {
        ("table", _) => ", the table of this name".to_owned(),
        ("list", _) => " = […]".to_owned(),
        (_, Some("date")) => " = 2026-11-01".to_owned(),
        (_, Some("percent")) => " = \"0.8\"".to_owned(),
        (_, Some("roubles")) => " = 1000".to_owned(),
        (_, Some("time")) => " = \"8:00\"".to_owned(),
        ("truth", _) => " = true".to_owned(),
        ("number", _) => " = 1".to_owned(),
        _ => {
            let names = names(schema);
            let first = names.first().map_or("…", String::as_str);
            format!(" = \"{first}\"")
        }
    }
}

/// One value against its schema.
fn one(schema: &Value, value: &Spanned<DeValue<'_>>, path: &str, key: &str, say: &mut Complaints) {
    let schema = present(schema);
    let inner = || {
        let dot = if path.is_empty() { "" } else { "." };
        format!("{path}{dot}{key}")
    };
    let expected = kind(schema);
    match (expected.as_str(), value.get_ref()) {
        ("table", DeValue::Table(found)) => table(schema, found, &inner(), say),
        ("list", DeValue::Array(list)) => {
            for (number, item) in list.iter().enumerate() {
                let code = item
                    .get_ref()
                    .get("code")
                    .and_then(|code| code.get_ref().as_str());
                let name = code.map_or_else(|| number.to_string(), str::to_owned);
                match item.get_ref() {
                    DeValue::Table(found) => {
                        table(&schema["items"], found, &format!("{}.{name}", inner()), say);
                    }
                    _ => one(&schema["items"], item, path, key, say),
                }
            }
        }
        ("truth", DeValue::Boolean(_)) => {}
        ("number", DeValue::Integer(number)) => {
            let small = number.as_str().replace('_', "").parse::<u32>().is_ok();
            let instead = "write a whole number, 0 or more";
            say.must(small, path, key, "is out of range", instead);
        }
        ("text", found) => text(schema, found, path, key, say),
        (expected, found) => {
            let problem = format!("is {}, {} is expected", found.type_str(), article(expected));
            let instead = format!("write {key}{}", example(schema));
            say.say(path, key, &problem, &instead);
        }
    }
}

/// Text, also a number or a date where the format allows one.
fn text(schema: &Value, found: &DeValue<'_>, path: &str, key: &str, say: &mut Complaints) {
    let format = schema["format"].as_str().unwrap_or_default();
    let written = match found {
        DeValue::String(text) => Some(NumberOrText::Text(text.to_string())),
        DeValue::Integer(number) => number.as_str().parse().ok().map(NumberOrText::Number),
        DeValue::Datetime(date) => Some(NumberOrText::Text(date.to_string())),
        _ => None,
    };
    let instead = format!("write {key}{}", example(schema));
    let Some(written) = written else {
        let problem = format!("is {}, {} is expected", found.type_str(), formatted(format));
        return say.say(path, key, &problem, &instead);
    };
    let quoted = matches!(found, DeValue::String(_));
    let wrong = match (format, written) {
        ("roubles", written) => Roubles::try_from(written).err(),
        ("percent", written) => Percent::try_from(written).err(),
        ("date", NumberOrText::Text(text)) => {
            let wrong = text.parse::<chrono::NaiveDate>().is_err();
            wrong.then(|| instead.clone())
        }
        ("time", NumberOrText::Text(text)) => minutes(&text).is_none().then(|| instead.clone()),
        (_, NumberOrText::Text(text)) if quoted => return choice(schema, &text, path, key, say),
        _ => Some(instead.clone()),
    };
    if let Some(instead) = wrong {
        let problem = format!("is not {}", formatted(format));
        say.say(path, key, &problem, &instead);
    }
}

/// One word of a list.
fn choice(schema: &Value, text: &str, path: &str, key: &str, say: &mut Complaints) {
    let names = names(schema);
    if names.is_empty() || names.iter().any(|name| name == text) {
        return;
    }
    let all = names
        .iter()
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>()
        .join(", ");
    let instead = match nearest(text, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean \"{near}\"? There are {all}"),
        None => format!("write one of {all}"),
    };
    say.say(path, key, "is unknown", &instead);
}

/// The schema of a value that may be left out, once it is there.
pub(super) fn present(schema: &Value) -> &Value {
    let ways = schema["anyOf"].as_array().into_iter().flatten();
    let mut ways = ways.filter(|way| way["type"] != "null");
    ways.next().unwrap_or(schema)
}

/// The kind of a value: table, list, truth, number or text.
pub(super) fn kind(schema: &Value) -> String {
    let of = |name: &str| match name {
        "object" => "table",
        "array" => "list",
        "boolean" => "truth",
        "integer" | "number" => "number",
        _ => "text",
    };
    let name = match &schema["type"] {
        Value::String(name) => of(name),
        Value::Array(names) if names.iter().any(|name| name == "string") => "text",
        Value::Array(names) => names.first().and_then(Value::as_str).map_or("text", of),
        _ => "text",
    };
    name.to_owned()
}

/// The words of a choice.
pub(super) fn names(schema: &Value) -> Vec<String> {
    let plain = schema["enum"].as_array().into_iter().flatten();
    let plain = plain.filter_map(Value::as_str).map(str::to_owned);
    let told = schema["oneOf"].as_array().into_iter().flatten();
    let told = told.flat_map(|way| match way["const"].as_str() {
        Some(name) => vec![name.to_owned()],
        None => names(way),
    });
    plain.chain(told).collect()
}

fn article(kind: &str) -> &'static str {
    match kind {
        "table" => "a table",
        "list" => "a list",
        "truth" => "true or false",
        "number" => "a whole number",
        _ => "text",
    }
}

fn formatted(format: &str) -> &'static str {
    match format {
        "roubles" => "a sum in roubles: 1000 or \"99.50\"",
        "percent" => "a percent in quotes, which keep it exact: \"0.8\"",
        "date" => "a date, such as 2026-11-01",
        "time" => "a time of day, such as \"8:00\"",
        _ => "text in quotes",
    }
}
