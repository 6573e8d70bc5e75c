//! The snapshot of the law must be whole: what is dated and not in `golden/law.txt` could change
//! without anybody reading a diff.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;

/// Every row of every table of `src/rules` has its line in the text, under its own date.
#[test]
fn every_dated_row_is_in_the_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut rows: Vec<String> = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let code = fs::read_to_string(file.unwrap().path()).unwrap();
        let dated = code.lines().filter_map(|line| {
            let date = line.trim().strip_prefix("from: day(")?.strip_suffix("),")?;
            let parts: Vec<u32> = date.split(", ").map(|part| part.parse().unwrap()).collect();
            Some(format!("{}-{:02}-{:02}", parts[0], parts[1], parts[2]))
        });
        rows.extend(dated);
    }
    let text = include_str!("golden/law.txt");
    let shown = text.lines().filter_map(|line| {
        let (date, _) = line.strip_prefix("  from ")?.split_once(':')?;
        Some(date.to_owned())
    });
    let mut shown: Vec<String> = shown.collect();
    rows.sort();
    shown.sort();
    assert!(!rows.is_empty());
    assert_eq!(rows, shown);
}

/// Every module of the law writes into the text.
#[test]
fn every_module_of_the_law_is_in_the_snapshot() {
    let code = include_str!("../src/rules/mod.rs");
    let declared = code.lines().filter_map(|line| {
        let name = line.strip_prefix("mod ")?.strip_suffix(';')?;
        Some(name.to_owned())
    });
    let missing: Vec<String> = declared
        .filter(|name| !code.contains(&format!("        {name}::text(),")))
        .collect();
    assert!(missing.is_empty(), "not in law_table_text: {missing:?}");
}
