//! docs/lenders.md, made of the types that read a lender's file.

use std::fmt::Write as _;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file;
use super::places::Places;
use super::shape::{kind, names, present};

const HEAD: &str = "# Lender files

A lender is one TOML file in `lenders/`. `kopeck check lenders/mine.toml` reads it and names everything that is wrong
with it: the line, the key, the value and what to write instead. `kopeck serve` makes the same check when it starts.
Keys that are not listed here are errors. Texts of the lender's own are in both languages: `{ ru = \"…\", en = \"…\" }`.

This page is made of the types in `cabinet/src/lender` and of the files in `lenders/`, where the examples come from; a
test compares it with them. After a change: `KOPECK_WRITE_DOCS=1 cargo test -p cabinet --lib lender`.

An editor that knows TOML (Taplo, Even Better TOML) completes keys and underlines wrong ones by the same types: write the schema beside
the files with `kopeck check --schema > lenders/schema.json` and put `#:schema ./schema.json` on the first line of yours.
";

/// The page; `files` are texts of lender files, from which examples are taken: the first that has the key.
pub fn docs(files: &[&str]) -> String {
    let read: Vec<Places<'_>> = files
        .iter()
        .filter_map(|text| Places::of(text).ok())
        .collect();
    let found: Vec<Found<'_, '_>> = read.iter().map(|file| (file, &file.root)).collect();
    let mut page = HEAD.to_owned();
    table(&mut page, "", &file::schema(), &found);
    page
}

/// The JSON Schema (draft 2020-12) of a lender's file, whole in itself: what editors complete by. Dates are texts in it,
/// as TOML's tools take them.
pub fn json_schema() -> String {
    let mut schema = file::schema();
    schema["title"] = "A lender of Kopeck".into();
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}

/// A table of this path in one of the files.
type Found<'p, 't> = (&'p Places<'t>, &'p DeTable<'t>);

/// The keys of a table, then the tables inside it.
fn table(page: &mut String, path: &str, schema: &Value, found: &[Found<'_, '_>]) {
    let none = serde_json::Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&none);
    let mut keys: Vec<(&String, &Value)> = properties.iter().collect();
    // As people meet them: in the order of the example, whatever order the types are kept in.
    keys.sort_by_key(|(key, _)| (place(key, found), (*key).clone()));
    let leaves: Vec<_> = keys
        .iter()
        .filter(|(_, it)| table_of(it).is_none())
        .collect();
    if !leaves.is_empty() {
        page.push_str("\n| key | type | default | meaning | example |\n|---|---|---|---|---|\n");
    }
    for (key, value) in leaves {
        let needed = needed(schema, key);
        let cells = [
            format!("`{key}`"),
            type_name(value),
            default(value, needed),
            meaning(value),
            example(key, found),
        ];
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
    for (key, value) in keys {
        let Some((inner, list)) = table_of(value) else {
            continue;
        };
        let dot = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{dot}{key}");
        let level = "#".repeat(2 + path.matches('.').count());
        let name = if list {
            format!("[[{path}]]")
        } else {
            format!("[{path}]")
        };
        let may = if needed(schema, key) {
            ""
        } else {
            " (may be left out)"
        };
        let _ = writeln!(page, "\n{level} `{name}`{may}\n");
        let told = if value["description"].is_string() {
            value
        } else {
            inner
        };
        let _ = writeln!(page, "{}", meaning(told));
        table(page, &path, inner, &inside(key, found));
    }
}

fn needed(schema: &Value, key: &str) -> bool {
    let required = schema["required"].as_array().into_iter().flatten();
    required.into_iter().any(|name| name == key)
}

/// The schema of a table, or of each table of a list; none of what is written in one line.
fn table_of(value: &Value) -> Option<(&Value, bool)> {
    let value = present(value);
    let (inner, list) = match kind(value).as_str() {
        "list" => (present(&value["items"]), true),
        _ => (value, false),
    };
    (kind(inner) == "table" && !bilingual(inner)).then_some((inner, list))
}

/// Whether it is a text in both languages.
fn bilingual(schema: &Value) -> bool {
    let properties = schema["properties"].as_object();
    properties.is_some_and(|keys| keys.len() == 2 && keys.contains_key("ru"))
}

/// The tables inside a key, of every file.
fn inside<'p, 't>(key: &str, found: &[Found<'p, 't>]) -> Vec<Found<'p, 't>> {
    let of = |(file, table): &Found<'p, 't>| {
        let tables = match table.get(key).map(Spanned::get_ref) {
            Some(DeValue::Table(inner)) => vec![inner],
            Some(DeValue::Array(list)) => list
                .iter()
                .filter_map(|item| item.get_ref().as_table())
                .collect(),
            _ => Vec::new(),
        };
        let file = *file;
        tables
            .into_iter()
            .map(move |inner| (file, inner))
            .collect::<Vec<_>>()
    };
    found.iter().flat_map(of).collect()
}

/// Where a key first stands in the examples.
fn place(key: &str, found: &[Found<'_, '_>]) -> (usize, usize) {
    let at = |(number, (_, table)): (usize, &Found<'_, '_>)| {
        let (key, _) = table
            .iter()
            .find(|(name, _)| name.get_ref().as_ref() == key)?;
        Some((number, key.span().start))
    };
    let mut places = found.iter().enumerate().filter_map(at);
    places.next().unwrap_or((usize::MAX, 0))
}

fn example(key: &str, found: &[Found<'_, '_>]) -> String {
    let written = found
        .iter()
        .find_map(|(file, table)| file.source(table.get(key)?));
    written.map_or_else(String::new, |text| format!("`{}`", cell(&text)))
}

fn meaning(schema: &Value) -> String {
    let mut text = schema["description"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let told = words(schema);
    for (name, meaning) in told {
        let _ = write!(text, "<br>`{name}`: {meaning}");
    }
    cell(&text)
}

/// The words of a choice, with what each means.
fn words(schema: &Value) -> Vec<(String, String)> {
    let schema = present(schema);
    let schema = if kind(schema) == "list" {
        &schema["items"]
    } else {
        schema
    };
    let ways = schema["oneOf"].as_array().into_iter().flatten();
    ways.filter_map(|way| {
        let name = way["const"].as_str()?;
        let meaning = way["description"].as_str()?;
        Some((name.to_owned(), meaning.to_owned()))
    })
    .collect()
}

/// One line that does not break the table around it.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

fn type_name(schema: &Value) -> String {
    let schema = present(schema);
    if bilingual(schema) {
        return "text in both languages".to_owned();
    }
    let choice = names(schema);
    match (kind(schema).as_str(), schema["format"].as_str()) {
        ("list", _) => format!("list of {}", type_name(&schema["items"])),
        ("truth", _) => "true or false".to_owned(),
        ("number", _) => "whole number".to_owned(),
        (_, Some("roubles")) => "roubles".to_owned(),
        (_, Some("percent")) => "percent".to_owned(),
        (_, Some("date")) => "date".to_owned(),
        (_, Some("time")) => "time of day".to_owned(),
        _ if !choice.is_empty() => {
            let names: Vec<String> = choice.iter().map(|name| format!("`\"{name}\"`")).collect();
            names.join(", ")
        }
        _ => "text".to_owned(),
    }
}

fn default(schema: &Value, needed: bool) -> String {
    match &schema["default"] {
        _ if needed => "must be given".to_owned(),
        Value::Null => "nothing".to_owned(),
        Value::Array(list) if list.is_empty() => "nothing".to_owned(),
        other => format!("`{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An editor knows no key that the program refuses, and needs no other file.
    #[test]
    fn the_schema_for_editors_is_whole_and_closed() {
        fn walk(path: &str, schema: &Value, open: &mut Vec<String>) {
            for (key, value) in schema["properties"].as_object().into_iter().flatten() {
                let path = format!("{path}.{key}");
                for inner in [present(value), present(&present(value)["items"])] {
                    if kind(inner) == "table" && inner["additionalProperties"] != false {
                        open.push(path.clone());
                    }
                    walk(&path, inner, open);
                }
            }
        }
        let text = json_schema();
        assert!(!text.contains("$ref"));
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert_eq!(schema["additionalProperties"], false);
        assert!(needed(&schema, "code") && !needed(&schema, "pwa"));
        let mut open = Vec::new();
        walk("", &schema, &mut open);
        assert_eq!(open, Vec::<String>::new());
    }
}
